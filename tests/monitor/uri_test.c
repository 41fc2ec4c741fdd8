/* SPDX-License-Identifier: MIT */
#include "fake.h"
#include "fake_device.h"
#include "uri.h"

#include <string.h>

static struct kinds kinds;

static int set_up(void **state)
{
    const struct platen_backend *const backends[] = {&device_backend, NULL};
    (void)state;
    return (int)kinds_create(&kinds, backends);
}

static int tear_down(void **state)
{
    (void)state;
    kinds_destroy(&kinds);
    return 0;
}

static uint32_t parse(const char *text, struct uri *uri, char complaint[100])
{
    const struct kind *kind;
    assert_int_equal(uri_kind(&kinds, text, &kind), 0);
    assert_non_null(kind);
    complaint[0] = '\0';
    return uri_parse(kind, text, "T1:", uri, complaint, 100);
}

static void what_has_a_scheme(void **state)
{
    const char *const none[] = {"",     "9600,n,8,1", "C:\\out.prn", "LPT1:", "/tmp/x:y",
                                "test", ":x",         "te st:x",     "Test:x"};
    const struct kind *kind;
    (void)state;
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        assert_int_equal(uri_kind(&kinds, none[i], &kind), 0);
        assert_null(kind);
    }
    assert_int_equal(uri_kind(&kinds, "testing://host", &kind), PLATEN_NOT_SUPPORTED);
    assert_null(kind);
    assert_int_equal(uri_kind(&kinds, "test:", &kind), 0);
    assert_non_null(kind);
}

static void target_and_options(void **state)
{
    struct uri uri;
    char complaint[100];
    (void)state;
    assert_int_equal(parse("test:/a%20b%3f?speed=7&loud=on&note=x%26y=z", &uri, complaint), 0);
    assert_string_equal(uri.target, "/a b?");
    assert_string_equal(uri.values[0], "7");
    assert_string_equal(uri.values[1], "1");
    assert_string_equal(uri.values[2], "x&y=z");
    uri_free(&uri);
    assert_int_equal(parse("test:?", &uri, complaint), 0);
    assert_string_equal(uri.target, "");
    assert_string_equal(uri.values[0], "100");
    assert_string_equal(uri.values[1], "0");
    uri_free(&uri);
}

static void a_name_is_a_target(void **state)
{
    struct uri uri;
    char complaint[100];
    (void)state;
    assert_int_equal(uri_parse(&kinds.table[0], NULL, "T%31:?x", &uri, complaint, 100), 0);
    assert_string_equal(uri.target, "T%31:?x");
    uri_free(&uri);
}

static void what_is_wrong_is_named(void **state)
{
    static const struct {
        const char *text;
        const char *named;
    } bad[] = {
        {"test:x?spede=1", "spede"},
        {"test:x?speed=0", "speed"},
        {"test:x?speed=1001", "speed"},
        {"test:x?speed=", "speed"},
        {"test:x?speed=-", "speed"},
        {"test:x?speed=1a", "speed"},
        {"test:x?speed= 1", "speed"},
        {"test:x?speed=99999999999999999999", "speed"},
        {"test:x?loud=maybe", "loud"},
        {"test:x?loud", "loud"},
        {"test:x?speed=1&&loud=1", "val"},
        {"test:x?speed=1&speed=1", "speed"},
        {"test:x%zz", "x%zz"},
        {"test:x%0", "x%0"},
        {"test:x%00y", "x%00"},
        {"test:x?note=%", "note"},
    };
    struct uri uri;
    char complaint[100];
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(parse(bad[i].text, &uri, complaint), PLATEN_INVALID_PARAMETER);
        assert_non_null(strstr(complaint, bad[i].named));
        assert_null(uri.block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_a_scheme),
        cmocka_unit_test(target_and_options),
        cmocka_unit_test(a_name_is_a_target),
        cmocka_unit_test(what_is_wrong_is_named),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
