/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "chance_inside.h"

#include <stdio.h>
#include <string.h>

static bool name_of(void *context, enum platen_kind kind, uint64_t value, char *to, size_t size)
{
    (void)context;
    if (value >> 8 != 5) {
        return false;
    }
    snprintf(to, size, "$%s%u", platen_kind_text(kind), (unsigned)(value & 0xff));
    return true;
}

static bool tell(void *context, const struct platen_call *call, const struct platen_arg_info *arg,
                 const void *bytes, size_t length, char *to, size_t size)
{
    uintptr_t at = (uintptr_t)bytes, begin = (uintptr_t)chance_stream;
    (void)context;
    (void)call;
    (void)arg;
    if (at < begin || at + length > begin + CHANCE_STREAM) {
        return false;
    }
    snprintf(to, size, "@s[%u+%u]", (unsigned)(at - begin), (unsigned)length);
    return true;
}

static size_t readable(void *context, const void *at)
{
    const struct chance *chance = context;
    uintptr_t place = (uintptr_t)at, begin = (uintptr_t)chance_stream;
    if (place >= begin && place < begin + CHANCE_STREAM) {
        return begin + CHANCE_STREAM - place;
    }
    return call_arena_reach(&chance->arena, at);
}

void chance_form(struct chance *chance, struct platen_call_form *form)
{
    *form = (struct platen_call_form){
        .name = name_of, .context = chance, .inline_bytes = 1000, .readable = readable};
    if (chance_below(chance, 3) == 0) {
        form->data = tell;
    }
    /* Data from the chance_stream may be told as such whenever it is not empty; other data is in
     * line. */
    form->timed = chance_below(chance, 2) == 0;
}

static bool handle_of(void *context, enum platen_kind kind, const char *name, size_t length,
                      uint64_t *bits)
{
    const char *text_ = platen_kind_text(kind);
    size_t prefix = strlen(text_);
    (void)context;
    if (length != prefix + 1 || memcmp(name, text_, prefix) != 0) {
        return false;
    }
    *bits = 0x500u + (unsigned)(name[prefix] - '0');
    return true;
}

static bool bytes_of(void *context, const char *name, size_t length, uint64_t offset,
                     uint64_t *count, const void **bytes)
{
    (void)context;
    if (length != 1 || *name != 's' || offset > CHANCE_STREAM) {
        return false;
    }
    *count = *count < CHANCE_STREAM - offset ? *count : CHANCE_STREAM - offset;
    *bytes = chance_stream + offset;
    return true;
}

static const MONITOR2 *table_of(void *context, uint64_t monitor)
{
    (void)context;
    (void)monitor;
    return &chance_table;
}

const struct platen_names chance_names = {
    .handle = handle_of, .stream = bytes_of, .table = table_of};
