/* SPDX-License-Identifier: MIT
 *
 * IEEE 1284 ids, good, odd and hostile.
 */
#include "trial.h"

#include <stdlib.h>
#include <string.h>

#include "bidi/deviceid.h"

static void values(void **state)
{
    static const struct {
        const char *id, *keys, *value;
    } cases[] = {
        {"MFG:Acme;MDL:Jet 5;CMD:PJL,PCL;", "MFG|MANUFACTURER", "Acme"},
        {"MFG:Acme;MDL:Jet 5;CMD:PJL,PCL;", "MDL|MODEL", "Jet 5"},
        {"MANUFACTURER:Acme;MODEL:Jet", "MFG|MANUFACTURER", "Acme"},
        {"MANUFACTURER:Acme;MODEL:Jet", "MDL|MODEL", "Jet"}, /* the last ';' may be missing */
        {" mfg : Acme Inc ;", "MFG", "Acme Inc"},
        {"MFG:a;MFG:b;", "MFG", "a"},
        {"MFG:a;MANUFACTURER:b;", "MANUFACTURER|MFG", "a"},
        {"URL:http://h:80/;", "URL", "http://h:80/"},
        {"XMFG:a;MFGX:b;MF:c;", "MFG", ""},
        {"MFG;MFG:a;", "MFG", "a"},
        {"MFG:;", "MFG", ""},
        {"MFG:", "MFG", ""},
        {"MFG", "MFG", ""},
        {"", "MFG", ""},
        {";;;:;:;", "MFG", ""},
        {":value;", "MFG|", "value"}, /* a key that is empty is one too, if somebody wants it */
    };
    char value[64];
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool there = device_id_value(cases[i].id, cases[i].keys, value, sizeof(value));
        assert_string_equal(value, cases[i].value);
        assert_int_equal(there, *cases[i].value != '\0');
    }
}

static void values_are_cut(void **state)
{
    char *value = malloc(4);
    (void)state;
    assert_true(device_id_value("MFG:Acme;", "MFG", value, 4));
    assert_string_equal(value, "Acm");
    assert_false(device_id_value("MFG:Acme;", "MFG", value, 1));
    assert_string_equal(value, "");
    free(value);
}

static void languages(void **state)
{
    static const struct {
        const char *id, *language;
        bool speaks;
    } cases[] = {
        {"CMD:PJL,PCL;", "PJL", true},
        {"CMD:PCL, pjl ;", "PJL", true},
        {"COMMAND SET:PCL PJL;", "PJL", true},
        {"CMD:PJL;", "pjl", true},
        {"CMD:XPJL,PJLX;", "PJL", false},
        {"CMD:PCL;", "PJL", false},
        {"MDL:PJL;", "PJL", false},
        {"CMD:;", "PJL", false},
        {"", "PJL", false},
        {"CMD:,,,;", "PJL", false},
        {"CMD:PCL;COMMAND SET:PJL;", "PJL", false}, /* the first counts */
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(device_id_speaks(cases[i].id, cases[i].language), cases[i].speaks);
}

static void cleaning(void **state)
{
    static const struct {
        const char *raw;
        size_t length;
        const char *clean;
    } cases[] = {
        {"MFG:A;", 6, "MFG:A;"},
        {"MFG:A;\r\n", 8, "MFG:A;"},
        {" \tMFG:A; ", 9, "MFG:A;"},
        {"MFG:A;\0\0\0", 9, "MFG:A;"},
        {"MFG:\x1b[1m;", 9, "MFG:?[1m;"},
        {"MFG:\xc3\xa4;", 7, "MFG:??;"},
        {"\0MFG", 4, ""},
        {"", 0, ""},
        {"  ", 2, ""},
        {"A\x7f\x80\xff", 4, "A???"},
        {"a\nb", 3, "a?b"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *id = malloc(cases[i].length + 1); /* no byte more than is promised */
        memcpy(id, cases[i].raw, cases[i].length);
        id[cases[i].length] = 'x';
        assert_int_equal(device_id_clean(id, cases[i].length), strlen(cases[i].clean));
        assert_string_equal(id, cases[i].clean);
        free(id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(values_are_cut),
        cmocka_unit_test(languages),
        cmocka_unit_test(cleaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
