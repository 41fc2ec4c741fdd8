/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "chance_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/served.h"
#include "call/structs.h"
#include "random.h"

bool chance_kinds[PLATEN_KINDS];
unsigned char chance_stream[CHANCE_STREAM];
MONITOR2 chance_table;

struct chance *chance_new(uint64_t seed)
{
    struct chance *chance = calloc(1, sizeof *chance);
    assert_non_null(chance);
    chance->random = seed;
    memset(&chance_table, 0x5a, sizeof chance_table);
    chance_table.cbSize = sizeof chance_table;
    for (size_t i = 0; i < CHANCE_STREAM; i++) {
        chance_stream[i] = (unsigned char)test_random(&chance->random);
    }
    return chance;
}

void chance_free(struct chance *chance)
{
    call_arena_free(&chance->arena);
    free(chance);
}

uint32_t chance_below(struct chance *chance, uint32_t below)
{
    return test_random(&chance->random) % below;
}

/* Zeroed. */
static void *take(struct chance *chance, size_t size)
{
    void *at = call_arena_take(&chance->arena, size);
    assert_non_null(at);
    memset(at, 0, size);
    return at;
}

/* ---- values ---------------------------------------------------------------------------------- */

static uint32_t number(struct chance *chance)
{
    static const uint32_t edges[] = {0, 1, 2, 3, 255, 1460, 0x7fffffff, 0x80000000, 0xffffffff};
    return chance_below(chance, 2) == 0 ? edges[chance_below(chance, 9)]
                                        : test_random(&chance->random);
}

static uint64_t handle(struct chance *chance)
{
    switch (chance_below(chance, 4)) {
    case 0:
        return 0;
    case 1:
        return 1 + chance_below(chance, 0x400);
    default:
        return 0x501 + chance_below(chance, 9);
    }
}

static char16_t unit(struct chance *chance)
{
    static const char16_t odd[] = {u'"',   u'\\',  u'\n',  u'\r',  u'\t',  0x1b,   0x7f,
                                   0x80,   0x9f,   0xa0,   0xd800, 0xdbff, 0xdc00, 0xdfff,
                                   0x202e, 0x2028, 0xfeff, 0xffff, u'#',   u'{',   u'}',
                                   u'!',   u'|',   u'$',   u'@',   u' ',   u'-',   u'>'};
    switch (chance_below(chance, 4)) {
    case 0:
        return odd[chance_below(chance, sizeof odd / sizeof *odd)];
    case 1:
        return (char16_t)(1 + chance_below(chance, 0xfffe));
    default:
        return (char16_t)(u'a' + chance_below(chance, 26));
    }
}

static LPWSTR text_of(struct chance *chance, size_t length)
{
    size_t size = (length + 1) * sizeof(WCHAR);
    LPWSTR text;
    if (chance->region != NULL) {
        if (chance->region_used + size > REGION_SIZE) {
            return NULL;
        }
        text = (LPWSTR)(void *)(chance->region + chance->region_used);
        chance->region_used += size;
    } else {
        text = take(chance, size);
    }
    for (size_t i = 0; i < length; i++) {
        text[i] = (WCHAR)unit(chance);
    }
    text[length] = 0;
    return text;
}

static LPWSTR text(struct chance *chance)
{
    return chance_below(chance, 5) == 0 ? NULL : text_of(chance, chance_below(chance, 12));
}

static void store_number(unsigned char *to, uint32_t value)
{
    DWORD narrow = value;
    memcpy(to, &narrow, sizeof narrow);
}

static void store_pointer(unsigned char *to, const void *pointer)
{
    memcpy(to, &pointer, sizeof pointer);
}

static void fill(struct chance *chance, unsigned char *to, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        to[i] = (unsigned char)test_random(&chance->random);
    }
}

/* Bytes of their own, or a part of the chance_stream. */
static LPBYTE data(struct chance *chance, size_t *size)
{
    *size = chance_below(chance, 40);
    if (chance_below(chance, 4) == 0) {
        return chance_stream + chance_below(chance, CHANCE_STREAM - 40);
    }
    LPBYTE bytes = take(chance, *size + 1);
    fill(chance, bytes, *size);
    return bytes;
}

/* ---- structures ------------------------------------------------------------------------------ */

static void fill_struct(struct chance *chance, const struct call_struct *shape, unsigned char *to);

static void fill_value(struct chance *chance, unsigned char *to)
{
    BIDI_DATA value;
    size_t size;
    memset(&value, 0, sizeof value);
    value.dwBidiType = chance_below(chance, 9);
    switch (value.dwBidiType) {
    case BIDI_INT:
    case BIDI_BOOL:
    case BIDI_FLOAT: { /* any bits: no number, endless, tiny */
        uint32_t bits = number(chance);
        memcpy(&value.u, &bits, sizeof bits);
        break;
    }
    case BIDI_STRING:
    case BIDI_TEXT:
    case BIDI_ENUM:
        value.u.sData = text(chance);
        break;
    case BIDI_BLOB:
        value.u.biData.pData = data(chance, &size);
        value.u.biData.cbBuf = (DWORD)size;
        break;
    default:
        break;
    }
    memcpy(to, &value, sizeof value);
}

static void fill_date(struct chance *chance, unsigned char *to)
{
    SYSTEMTIME time = {.wYear = (WORD)test_random(&chance->random),
                       .wMonth = (WORD)chance_below(chance, 14),
                       .wDayOfWeek = (WORD)chance_below(chance, 7),
                       .wDay = (WORD)chance_below(chance, 32),
                       .wHour = (WORD)chance_below(chance, 24),
                       .wMinute = (WORD)chance_below(chance, 100),
                       .wSecond = (WORD)chance_below(chance, 60),
                       .wMilliseconds = (WORD)chance_below(chance, 2000)};
    memcpy(to, &time, sizeof time);
}

static void fill_field(struct chance *chance, const struct call_struct *shape,
                       const struct call_field *field, unsigned char *to)
{
    uint32_t count = 0;
    switch (field->form) {
    case CALL_FIELD_NUMBER:
    case CALL_FIELD_FLAGS:
        store_number(to, number(chance));
        break;
    case CALL_FIELD_TEXT:
        store_pointer(to, text(chance));
        break;
    case CALL_FIELD_HANDLE:
    case CALL_FIELD_POINTER:
        store_pointer(to, (const void *)(uintptr_t)handle(chance));
        break;
    case CALL_FIELD_DATE:
        fill_date(chance, to);
        break;
    case CALL_FIELD_REGISTRY:
        store_pointer(to, chance_below(chance, 4) == 0 ? NULL : &platen_served_registry);
        break;
    case CALL_FIELD_VALUE:
        fill_value(chance, to);
        break;
    case CALL_FIELD_GUID:
        fill(chance, to, sizeof(GUID));
        break;
    case CALL_FIELD_ENTRIES:
        count = chance_below(chance, 4);
        store_number(to - field->offset + offsetof(BIDI_REQUEST_CONTAINER, Count), count);
        for (uint32_t i = 0; i < count; i++) {
            const struct call_struct *entry = call_struct_entry(shape->kind);
            fill_struct(chance, entry, to + (size_t)i * entry->size);
        }
        break;
    case CALL_FIELD_DATA:
        count = chance_below(chance, 16);
        store_number(to - sizeof(DWORD), count);
        fill(chance, to, count);
        break;
    }
}

static void fill_struct(struct chance *chance, const struct call_struct *shape, unsigned char *to)
{
    for (unsigned i = 0; i < shape->count; i++) {
        fill_field(chance, shape, &shape->fields[i], to + shape->fields[i].offset);
    }
}

static const struct call_struct *any_shape(struct chance *chance, enum platen_kind kind)
{
    const struct call_struct *shape = call_struct_next(kind, NULL), *next;
    while (chance_below(chance, 2) == 0 && (next = call_struct_next(kind, shape)) != NULL) {
        shape = next;
    }
    return shape;
}

/* ---- arguments ------------------------------------------------------------------------------- */

static void set(struct chance *chance, const struct platen_arg_info *arg, uint64_t value)
{
    unsigned char *to = (unsigned char *)&chance->call->args + arg->offset;
    chance->fixed |= 1ull << arg->offset / 4;
    if (arg->width == sizeof(uint32_t)) {
        store_number(to, (uint32_t)value);
    } else {
        uintptr_t wide = (uintptr_t)value;
        memcpy(to, &wide, sizeof wide);
    }
}

static void set_pointer(struct chance *chance, const struct platen_arg_info *arg,
                        const void *pointer)
{
    set(chance, arg, (uint64_t)(uintptr_t)pointer);
}

static const struct platen_arg_info *argument_at(const struct chance *chance, uint16_t offset)
{
    const struct platen_arg_info *arg = chance->slot->args;
    while (arg->offset != offset) {
        arg++;
    }
    return arg;
}

static void set_level(struct chance *chance, uint32_t level)
{
    for (unsigned i = 0; i < chance->slot->arg_count; i++) {
        const struct platen_arg_info *arg = &chance->slot->args[i];
        if (strcmp(arg->name, "Level") == 0 || strcmp(arg->name, "dwLevel") == 0) {
            set(chance, arg, level);
        }
    }
}

static void list(struct chance *chance, const struct platen_arg_info *arg)
{
    uint32_t count = chance_below(chance, 5);
    unsigned char *to = take(chance, (count + 1) * sizeof(void *));
    for (uint32_t i = 0; i < count; i++) {
        store_pointer(to + i * sizeof(void *), text(chance));
    }
    set(chance, argument_at(chance, arg->size_at), count);
    set_pointer(chance, arg, to);
}

static void table(struct chance *chance, const struct platen_arg_info *arg)
{
    MONITOR2 *copy = take(chance, sizeof *copy);
    *copy = chance_table;
    if (chance_below(chance, 2) == 0) {
        copy->cbSize = PLATEN_MONITOR2_WIN2K;
        copy->pfnReadPort = NULL;
    }
    set_pointer(chance, arg, copy);
}

static void structure(struct chance *chance, const struct platen_arg_info *arg)
{
    if (arg->kind == PLATEN_KIND_TEXT_LIST) {
        list(chance, arg);
    } else if (arg->kind == PLATEN_KIND_TABLE) {
        table(chance, arg);
    } else {
        const struct call_struct *shape = any_shape(chance, arg->kind);
        unsigned char *to = take(chance, shape->size + 512u);
        fill_struct(chance, shape, to);
        set_level(chance, shape->level);
        set_pointer(chance, arg, to);
    }
}

/* Memory that was filled: rows, or one structure, with their texts behind them. */
static void region(struct chance *chance, const struct platen_arg_info *arg)
{
    const struct call_struct *shape = any_shape(chance, arg->kind);
    uint32_t rows = arg->kind == PLATEN_KIND_PORT_INFO ? chance_below(chance, 4) : 1;
    chance->region = take(chance, REGION_SIZE);
    chance->region_used = rows * shape->size;
    for (uint32_t i = 0; i < rows; i++) {
        fill_struct(chance, shape, chance->region + (size_t)i * shape->size);
    }
    set_level(chance, shape->level);
    set_pointer(chance, arg, chance->region);
    set(chance, argument_at(chance, arg->size_at), REGION_SIZE);
    const struct platen_arg_info *count = argument_at(chance, arg->count_at);
    DWORD *counted = take(chance, sizeof *counted);
    *counted = rows;
    set_pointer(chance, count, counted);
    chance->region = NULL;
}

/* Memory of the size that its argument says, and filled as far as the other one says. */
static void memory(struct chance *chance, const struct platen_arg_info *arg)
{
    const struct platen_arg_info *size = argument_at(chance, arg->size_at);
    const struct platen_arg_info *count = argument_at(chance, arg->count_at);
    bool wide = arg->kind == PLATEN_KIND_NAME_OUT;
    uint32_t room = chance_below(chance, 50);
    unsigned char *at = take(chance, 2 * (room + 1));
    fill(chance, at, wide ? 2 * room : room);
    if (size->direction == PLATEN_IN) {
        set(chance, size, room);
    }
    DWORD *counted = take(chance, sizeof *counted);
    *counted = chance_below(chance, room + 1);
    set_pointer(chance, count, counted);
    set_pointer(chance, arg, at);
    if (size->direction != PLATEN_IN) { /* what went in is kept aside */
        unsigned kept = 0;
        for (const struct platen_arg_info *a = chance->slot->args; a < size; a++) {
            kept += a->direction == PLATEN_INOUT;
        }
        chance->call->given[kept] = room;
    }
}

static bool has(const struct chance *chance, const struct platen_arg_info *arg)
{
    return (chance->fixed >> arg->offset / 4 & 1) != 0;
}

static void comes_back(struct chance *chance, const struct platen_arg_info *arg)
{
    DWORD *count;
    switch (arg->kind) {
    case PLATEN_KIND_PORT_INFO:
    case PLATEN_KIND_JOB_INFO:
        region(chance, arg);
        break;
    case PLATEN_KIND_BYTES:
    case PLATEN_KIND_DATA_OUT:
    case PLATEN_KIND_NAME_OUT:
        memory(chance, arg);
        break;
    case PLATEN_KIND_COUNT:
        count = take(chance, sizeof *count);
        *count = number(chance);
        if (!has(chance, arg)) {
            set_pointer(chance, arg, count);
        }
        break;
    case PLATEN_KIND_BIDI_RESPONSE: {
        const struct call_struct *shape = call_struct_at(arg->kind, 0);
        unsigned char *tree = take(chance, shape->size + 512u);
        unsigned char *pointer = take(chance, sizeof(void *));
        fill_struct(chance, shape, tree);
        store_pointer(pointer, chance_below(chance, 4) == 0 ? NULL : tree);
        set_pointer(chance, arg, pointer);
        break;
    }
    default: { /* handles and moments */
        unsigned char *cell = take(chance, 8);
        uint64_t bits = arg->kind == PLATEN_KIND_FILETIME ? number(chance) : handle(chance);
        memcpy(cell, &bits, arg->kind == PLATEN_KIND_FILETIME ? 8 : sizeof(void *));
        set_pointer(chance, arg, cell);
        break;
    }
    }
}

static void goes_in(struct chance *chance, const struct platen_arg_info *arg)
{
    size_t size;
    switch (arg->kind) {
    case PLATEN_KIND_NUMBER:
    case PLATEN_KIND_FLAGS:
    case PLATEN_KIND_JOB:
    case PLATEN_KIND_JOB_CONTROL:
        if (!has(chance, arg)) {
            set(chance, arg, number(chance));
        }
        break;
    case PLATEN_KIND_TEXT:
        set_pointer(chance, arg, text(chance));
        break;
    case PLATEN_KIND_BYTES:
        set_pointer(chance, arg, data(chance, &size));
        set(chance, argument_at(chance, arg->size_at), size);
        break;
    default:
        if (arg->kind >= PLATEN_KIND_MONITOR && arg->kind <= PLATEN_KIND_MODULE) {
            set(chance, arg, handle(chance));
        } else if (arg->kind == PLATEN_KIND_POINTER) {
            set(chance, arg, handle(chance));
        } else {
            structure(chance, arg);
        }
        break;
    }
}

/* Sizes and counts come with the memory that they belong to: numbers last. */
static bool is_late(const struct platen_arg_info *arg)
{
    return arg->kind == PLATEN_KIND_COUNT || arg->kind == PLATEN_KIND_NUMBER;
}

void chance_call(struct chance *chance, enum platen_slot slot, struct platen_call *call)
{
    struct platen_slot_info info = platen_slot_info(slot);
    memset(call, 0, sizeof *call);
    call_arena_reset(&chance->arena);
    call->slot = slot;
    chance->call = call;
    chance->fixed = 0;
    chance->slot = &info;
    for (unsigned i = 0; i < 2 * info.arg_count; i++) {
        const struct platen_arg_info *arg = &info.args[i % info.arg_count];
        bool pointer =
            arg->direction != PLATEN_IN || (arg->width > 4 && chance_below(chance, 8) == 0);
        chance_kinds[arg->kind] = true;
        if (is_late(arg) != (i >= info.arg_count) ||
            (pointer && chance_below(chance, 10) == 0)) { /* NULL */
            continue;
        }
        if (arg->direction == PLATEN_IN) {
            goes_in(chance, arg);
        } else {
            comes_back(chance, arg);
        }
    }
    call->given_kept = true;
    call->result.code = chance_below(chance, 2);
    call->last_error = chance_below(chance, 2000);
    if (info.result == PLATEN_RESULT_TABLE) {
        call->result.pointer = call->result.code != 0 ? &chance_table : NULL;
    }
    chance->slot = NULL;
    chance->call = NULL;
}
