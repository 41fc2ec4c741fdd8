/* SPDX-License-Identifier: MIT
 *
 * The string functions and constants of <platen/winsplp.h> are those of Windows: this program runs
 * on both sides.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <platen/tcpxcv.h>
#include <platen/winsplp.h>

static void length(void **state)
{
    (void)state;
    assert_int_equal(lstrlenW(TEXT("")), 0);
    assert_int_equal(lstrlenW(TEXT("LPT1:")), 5);
    assert_int_equal(lstrlenW(NULL), 0);
    assert_int_equal(lstrlenW((WCHAR[]){0xD800, 0x0041, 0}), 2);
}

static void compare(void **state)
{
    (void)state;
    assert_int_equal(lstrcmpW(TEXT("FILE:"), TEXT("FILE:")), 0);
    assert_int_not_equal(lstrcmpW(TEXT("FILE:"), TEXT("FILE")), 0);
    assert_int_not_equal(lstrcmpW(TEXT("FILE:"), TEXT("file:")), 0);
    assert_true(lstrcmpW(TEXT("a"), TEXT("b")) < 0);
    assert_true(lstrcmpW(TEXT("b"), TEXT("a")) > 0);
    assert_true(lstrcmpW(TEXT(""), TEXT("a")) < 0);
    assert_true(lstrcmpW(NULL, TEXT("a")) < 0);
    assert_true(lstrcmpW(TEXT("a"), NULL) > 0);
}

static void compare_without_case(void **state)
{
    (void)state;
    assert_int_equal(lstrcmpiW(TEXT("FILE:"), TEXT("file:")), 0);
    assert_int_equal(lstrcmpiW(TEXT("azAZ"), TEXT("AZaz")), 0);
    assert_int_equal(lstrcmpiW((WCHAR[]){0xE4, 0xFE, 0}, (WCHAR[]){0xC4, 0xDE, 0}), 0);
    assert_int_not_equal(lstrcmpiW((WCHAR[]){0xF7, 0}, (WCHAR[]){0xD7, 0}), 0);
    assert_int_not_equal(lstrcmpiW(TEXT("@"), TEXT("`")), 0);
    assert_int_not_equal(lstrcmpiW(TEXT("["), TEXT("{")), 0);
    assert_true(lstrcmpiW(TEXT("lpt1:"), TEXT("LPT2:")) < 0);
    assert_true(lstrcmpiW(TEXT("LPT1:"), TEXT("lpt1")) > 0);
}

static void copy(void **state)
{
    WCHAR room[4] = {1, 1, 1, 1};

    (void)state;
    assert_ptr_equal(lstrcpynW(room, TEXT("abcdef"), 3), room);
    assert_int_equal(lstrcmpW(room, TEXT("ab")), 0);
    assert_int_equal(room[3], 1);
    assert_ptr_equal(lstrcpynW(room, TEXT("a"), 4), room);
    assert_int_equal(lstrcmpW(room, TEXT("a")), 0);
    assert_ptr_equal(lstrcpynW(room, TEXT("a"), 1), room);
    assert_int_equal(room[0], 0);
}

static void last_error(void **state)
{
    (void)state;
    SetLastError(0xDEADBEEF);
    assert_int_equal(GetLastError(), 0xDEADBEEF);
    SetLastError(0);
    assert_int_equal(GetLastError(), 0);
}

/* In C, u"" is WCHAR text on both sides. */
static void literals(void **state)
{
    const WCHAR *both[] = {u"NUL:", TEXT("NUL:")};

    (void)state;
    assert_int_equal(lstrcmpW(both[0], both[1]), 0);
    assert_int_equal(lstrlenW(BIDI_ACTION_GET_WITH_ARGUMENT), 15);
    assert_int_equal(lstrlenW(BIDI_ACTION_ENUM_SCHEMA), 10);
}

static void errors(void **state)
{
    static const struct {
        DWORD header;
        DWORD table;
        const char *name;
    } all[] = {
#define ERROR_HOST_NOT_FOUND            11001 /* WSAHOST_NOT_FOUND, of another header */
#define PLATEN_ERROR(name, value, text) {(DWORD)ERROR_##name, value, #name},
#include <platen/errors.def>
#undef PLATEN_ERROR
    };

    (void)state;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (all[i].header != all[i].table)
            fail_msg("ERROR_%s is %lu", all[i].name, (unsigned long)all[i].header);
}

static void generations(void **state)
{
    const size_t word = sizeof(void *);

    (void)state;
    assert_int_equal(PLATEN_MONITOR2_WIN2K, word * 19);
    assert_int_equal(PLATEN_MONITOR2_WINXP, word * 20);
    assert_int_equal(PLATEN_MONITOR2_WIN7, word * 22);
    assert_int_equal(PLATEN_MONITOR2_WIN8, word * 23);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(length),     cmocka_unit_test(compare),
        cmocka_unit_test(copy),       cmocka_unit_test(compare_without_case),
        cmocka_unit_test(last_error), cmocka_unit_test(literals),
        cmocka_unit_test(errors),     cmocka_unit_test(generations),
    };

    return cmocka_run_group_tests_name("strings", tests, NULL, NULL);
}
