/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "printed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CANARY 0xc5

struct platen_lane lane = {.name = "LPT1:"};
bool printed_kinds[PLATEN_KINDS];

LPWSTR w(const char16_t *text)
{
    union {
        const char16_t *in;
        LPWSTR out;
    } cast = {text};
    return cast.out;
}

LPBYTE bytes(const void *data)
{
    union {
        const void *in;
        LPBYTE out;
    } cast = {data};
    return cast.out;
}

HANDLE handle(uintptr_t bits)
{
    return (HANDLE)bits;
}

/* "$port1" for 0x501 and so on; others have no name. */
static bool name_handle(void *context, enum platen_kind kind, uint64_t value, char *to, size_t size)
{
    assert_ptr_equal(context, &lane);
    if (value >> 8 != 5) {
        return false;
    }
    snprintf(to, size, "$%s%u", platen_kind_text(kind), (unsigned)(value & 0xff));
    return true;
}

const struct platen_call_form named = {.name = name_handle, .context = &lane, .inline_bytes = 32};

void prints_as(const struct platen_call *call, const struct platen_call_form *form,
               const char *expected)
{
    size_t length = strlen(expected);
    unsigned char *to = malloc(length + 10);
    assert_non_null(to);
    for (size_t size = length + 8; size != SIZE_MAX; size--) {
        memset(to, CANARY, length + 10);
        size_t part = size == 0 ? 0 : size - 1 < length ? size - 1 : length;
        size_t needed = platen_call_print(call, form, (char *)to, size);
        if (size > length) {
            assert_string_equal((char *)to, expected);
        }
        assert_int_equal(needed, length);
        assert_memory_equal(to, expected, part);
        assert_int_equal(to[part], size == 0 ? CANARY : 0);
        for (size_t i = size; i < length + 10; i++) {
            assert_int_equal(to[i], CANARY);
        }
    }
    free(to);
    struct platen_slot_info info = platen_slot_info(call->slot);
    for (unsigned i = 0; i < info.arg_count; i++) {
        printed_kinds[info.args[i].kind] = true;
    }
}
