/* SPDX-License-Identifier: MIT
 *
 * The functions of <platen/winsplp.h> in a program whose import table nobody filled, and in one
 * whose bidi allocators somebody did.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <platen/winsplp.h>

#include <stdlib.h>
#include <string.h>

static void winspool_fails_with_120(void **state)
{
    WCHAR name[] = u"Printer";
    HANDLE printer = NULL;
    DWORD needed, returned;

#define ANSWERS_120(call)                                                                          \
    SetLastError(0);                                                                               \
    assert_false(call);                                                                            \
    assert_int_equal(GetLastError(), ERROR_CALL_NOT_IMPLEMENTED)

    (void)state;
    ANSWERS_120(OpenPrinter(name, &printer, NULL));
    ANSWERS_120(ClosePrinter(printer));
    ANSWERS_120(SetJob(printer, 1, 0, NULL, JOB_CONTROL_DELETE));
    ANSWERS_120(GetJob(printer, 1, 1, NULL, 0, &needed));
    ANSWERS_120(SetPort(NULL, name, 3, NULL));
    ANSWERS_120(EnumPorts(NULL, 1, NULL, 0, &needed, &returned));
    ANSWERS_120(ImpersonatePrinterClient(NULL));
#undef ANSWERS_120
}

/* NULL means that nobody is impersonated; it is no failure (D9). */
static void revert_has_nothing_to_revert(void **state)
{
    (void)state;
    SetLastError(77);
    assert_null(RevertToPrinterSelf());
    assert_int_equal(GetLastError(), 77);
}

static PBIDI_RESPONSE_CONTAINER make_tree(void)
{
    static const DWORD types[] = {BIDI_STRING, BIDI_TEXT, BIDI_ENUM,
                                  BIDI_BLOB,   BIDI_INT,  BIDI_NULL};
    const DWORD n = sizeof(types) / sizeof(types[0]);
    PBIDI_RESPONSE_CONTAINER tree = RouterAllocBidiResponseContainer(n);

    assert_non_null(tree);
    tree->Version = 1;
    tree->Count = n;
    for (DWORD i = 0; i < n; i++) {
        BIDI_RESPONSE_DATA *entry = &tree->aData[i];

        assert_null(entry->pSchema);
        entry->data.dwBidiType = types[i];
        if (types[i] == BIDI_BLOB)
            entry->data.u.biData.pData = RouterAllocBidiMem(entry->data.u.biData.cbBuf = 8);
        else if (types[i] == BIDI_INT)
            entry->data.u.iData = -1;
        else if (types[i] != BIDI_NULL)
            entry->data.u.sData = RouterAllocBidiMem(16);
        entry->pSchema = i % 2 ? RouterAllocBidiMem(32) : NULL;
    }
    return tree;
}

/* Nothing is lost and nothing freed twice: the sanitizers and valgrind watch. */
static void unfilled_allocators_are_the_c_librarys(void **state)
{
    (void)state;
    assert_int_equal(RouterFreeBidiResponseContainer(make_tree()), ERROR_SUCCESS);
    assert_int_equal(RouterFreeBidiResponseContainer(NULL), ERROR_SUCCESS);
    assert_int_equal(RouterFreeBidiResponseContainer(RouterAllocBidiResponseContainer(0)), 0);
    RouterFreeBidiMem(RouterAllocBidiMem(0));
    RouterFreeBidiMem(NULL);
}

static BIDI_RESPONSE_CONTAINER *given;
static int calls;

static PBIDI_RESPONSE_CONTAINER WINAPI give_container(DWORD entries)
{
    calls++;
    return entries == 1 ? given : NULL;
}

static DWORD WINAPI take_container(PBIDI_RESPONSE_CONTAINER container)
{
    calls++;
    return container == given ? ERROR_SUCCESS : ERROR_INVALID_DATA;
}

static LPVOID WINAPI give_memory(size_t bytes)
{
    calls++;
    return bytes == 24 ? given : NULL;
}

static VOID WINAPI take_memory(LPVOID memory)
{
    calls += memory == given;
}

static void filled_allocators_are_used(void **state)
{
    (void)state;
    given = calloc(1, sizeof(*given));
    assert_non_null(given);
    platen_module_imports.RouterAllocBidiResponseContainer = give_container;
    platen_module_imports.RouterFreeBidiResponseContainer = take_container;
    platen_module_imports.RouterAllocBidiMem = give_memory;
    platen_module_imports.RouterFreeBidiMem = take_memory;
    assert_ptr_equal(RouterAllocBidiResponseContainer(1), given);
    assert_int_equal(RouterFreeBidiResponseContainer(given), ERROR_SUCCESS);
    assert_ptr_equal(RouterAllocBidiMem(24), given);
    RouterFreeBidiMem(given);
    assert_int_equal(calls, 4);
    memset((char *)&platen_module_imports + sizeof(void *), 0,
           sizeof(platen_module_imports) - sizeof(void *));
    free(given);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(winspool_fails_with_120),
        cmocka_unit_test(revert_has_nothing_to_revert),
        cmocka_unit_test(unfilled_allocators_are_the_c_librarys),
        cmocka_unit_test(filled_allocators_are_used),
    };

    return cmocka_run_group_tests_name("empty", tests, NULL, NULL);
}
