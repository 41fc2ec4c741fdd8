/* SPDX-License-Identifier: MIT
 *
 * Tables of functions, dates and the like from words.
 */
#include <stdlib.h>
#include <string.h>

#include "call/building.h"
#include "call/escape.h"
#include "call/served.h"
#include "call/wordlist.h"

#define LARGEST_TABLE (64u << 10)

static void store(unsigned char *to, const void *value, size_t size)
{
    memcpy(to, value, size);
}

static void store_number(unsigned char *to, uint64_t value)
{
    DWORD number = (DWORD)value;
    store(to, &number, sizeof number);
}

static void store_pointer(unsigned char *to, const void *pointer)
{
    store(to, &pointer, sizeof pointer);
}

/* ---- dates and the like ---------------------------------------------------------------------- */

/* Numbers with `separators` between them. */
static bool read_numbers(const struct platen_word *word, const char *separators, unsigned *to)
{
    const char *at = word->at, *end = word->at + word->length;
    size_t count = strlen(separators) + 1;
    if (word->kind != PLATEN_WORD_TEXT) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *begin = at;
        for (to[i] = 0; at < end && *at >= '0' && *at <= '9' && to[i] <= 0xffff; at++) {
            to[i] = to[i] * 10 + (unsigned)(*at - '0');
        }
        if (at == begin || to[i] > 0xffff ||
            (i + 1 < count && (at == end || *at != separators[i]))) {
            return false;
        }
        at += i + 1 < count;
    }
    return at == end;
}

bool call_build_date(const struct call_builder *builder, const struct platen_word *word,
                     const char *name, unsigned char *to)
{
    unsigned part[8] = {0};
    if (!read_numbers(word, "--T::.", part) && !read_numbers(word, "--T::./", part)) {
        return call_build_wants(builder, word, name, "a date: \"2026-01-31T23:59:59.999\"");
    }
    SYSTEMTIME time = {.wYear = (WORD)part[0],
                       .wMonth = (WORD)part[1],
                       .wDay = (WORD)part[2],
                       .wHour = (WORD)part[3],
                       .wMinute = (WORD)part[4],
                       .wSecond = (WORD)part[5],
                       .wMilliseconds = (WORD)part[6],
                       .wDayOfWeek = (WORD)part[7]};
    store(to, &time, sizeof time);
    return true;
}

bool call_build_guid(const struct call_builder *builder, const struct platen_word *word,
                     const char *name, unsigned char *to)
{
    unsigned char bytes[16] = {0};
    unsigned digits = 0;
    bool fine = word->kind == PLATEN_WORD_TEXT && word->length == 36;
    for (size_t i = 0; fine && i < word->length; i++) {
        unsigned digit = call_hex_digit((unsigned char)word->at[i]);
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        fine = dash ? word->at[i] == '-' : digit < 16;
        if (fine && !dash) {
            bytes[digits / 2] = (unsigned char)(bytes[digits / 2] << 4 | digit);
            digits++;
        }
    }
    if (!fine) {
        return call_build_wants(builder, word, name, "a GUID in quotes");
    }
    GUID guid = {.Data1 = (DWORD)bytes[0] << 24 | (DWORD)bytes[1] << 16 | (DWORD)bytes[2] << 8 |
                          bytes[3],
                 .Data2 = (WORD)(bytes[4] << 8 | bytes[5]),
                 .Data3 = (WORD)(bytes[6] << 8 | bytes[7])};
    memcpy(guid.Data4, bytes + 8, sizeof guid.Data4);
    store(to, &guid, sizeof guid);
    return true;
}

/* ---- tables of functions --------------------------------------------------------------------- */

bool call_build_unknown(const struct call_builder *builder, const struct platen_word *word,
                        const char *owner, const void *names, size_t stride, size_t count)
{
    struct platen_hint hint = platen_hint(word->name, word->name_length, names, stride, count);
    int length = word->name_length < 60 ? (int)word->name_length : 60;
    return call_build_fail(builder, word, "%s has no %.*s%s", owner, length, word->name, hint.text);
}

static bool is_named(const struct platen_word *word, const char *name)
{
    return strlen(name) == word->name_length && memcmp(name, word->name, word->name_length) == 0;
}

bool call_build_named(const struct call_builder *builder, const struct platen_word *word,
                      const char *owner)
{
    return word->name != NULL || call_build_fail(builder, word, "%s wants name=value here", owner);
}

/* cbSize=N Member=NULL, over a copy of a table. */
static bool build_members(const struct call_builder *builder, const struct platen_word *fields,
                          enum platen_table table, const char *owner, unsigned char *to,
                          size_t size)
{
    size_t count;
    const struct call_member *members = call_table_members(table, &count);
    for (const struct platen_word *word = fields; word != NULL; word = word->next) {
        size_t i = 0;
        uint64_t number;
        if (!call_build_named(builder, word, owner)) {
            return false;
        }
        if (is_named(word, "cbSize")) {
            if (!call_build_number(builder, word, "cbSize", UINT32_MAX, &number)) {
                return false;
            }
            store_number(to, number);
            continue;
        }
        while (i < count && !is_named(word, members[i].name)) {
            i++;
        }
        if (i == count) {
            return call_build_unknown(builder, word, owner, &members[0].name, sizeof *members,
                                      count);
        }
        if (!call_build_is_null(word)) {
            return call_build_wants(builder, word, members[i].name, "NULL, or to be left out");
        }
        if (members[i].offset + sizeof(void *) <= size) {
            memset(to + members[i].offset, 0, sizeof(void *));
        }
    }
    return true;
}

/* monitor:$port2, monitor:0x501: what stands before the brace, or alone. */
static bool table_monitor(const struct call_builder *builder, const struct platen_word *word,
                          const char *name, uint64_t *monitor)
{
    static const char prefix[] = "monitor:";
    const size_t skip = sizeof prefix - 1;
    *monitor = 0;
    if (word->either != NULL || word->length <= skip || memcmp(word->at, prefix, skip) != 0 ||
        (word->kind != PLATEN_WORD_BARE && word->kind != PLATEN_WORD_FIELDS)) {
        return call_build_wants(builder, word, name, "monitor:$name{...} or NULL");
    }
    struct platen_word handle = *word;
    bool named = word->at[skip] == '$';
    handle.kind = named ? PLATEN_WORD_NAME : PLATEN_WORD_BARE;
    handle.at += skip + named;
    handle.length -= skip + named;
    handle.attributes = NULL;
    return call_build_handle(builder, &handle, name, PLATEN_KIND_MONITOR, monitor);
}

static bool build_table(struct call_builder *builder, const struct platen_arg_info *arg,
                        const struct platen_word *word, uint64_t monitor, const void **at)
{
    const struct platen_names *names = builder->names;
    const MONITOR2 *base =
        names == NULL || names->table == NULL ? NULL : names->table(names->context, monitor);
    const struct platen_word *fields = word->kind == PLATEN_WORD_FIELDS ? word->inside : NULL;
    const struct platen_word *given = platen_word_named(fields, "cbSize");
    uint64_t size = base == NULL ? sizeof(MONITOR2) : base->cbSize;
    struct call_wish wish = {.alignment = sizeof(void *), .arg = arg->name};
    if ((given != NULL && !call_build_number(builder, given, "cbSize", UINT32_MAX, &size)) ||
        !call_build_attributes(builder, word, arg->name, &wish)) {
        return false;
    }
    unsigned char whole[sizeof(MONITOR2)] = {0};
    size_t known = base == NULL ? 0 : base->cbSize < sizeof whole ? base->cbSize : sizeof whole;
    if (known > 0) {
        memcpy(whole, base, known);
    }
    store_number(whole, size);
    wish.size = size < sizeof(DWORD)   ? sizeof(DWORD)
                : size < LARGEST_TABLE ? (size_t)size
                                       : LARGEST_TABLE;
    if (!build_members(builder, fields, PLATEN_TABLE_MONITOR, "MONITOR2", whole, sizeof whole)) {
        return false;
    }
    unsigned char *to = call_build_memory(builder, word, &wish, true);
    *at = to;
    if (to == NULL) {
        return false;
    }
    size_t room = builder->built->pieces[builder->built->count - 1].size;
    memcpy(to, whole, room < sizeof whole ? room : sizeof whole);
    return true;
}

bool call_build_table(struct call_builder *builder, const struct platen_arg_info *arg,
                      const struct platen_word *word, const void **at)
{
    uint64_t monitor;
    *at = NULL;
    return table_monitor(builder, word, arg->name, &monitor) &&
           build_table(builder, arg, word, monitor, at);
}

bool call_build_default_table(struct call_builder *builder, const struct platen_arg_info *arg,
                              const void **at)
{
    static const struct platen_word nothing = {.kind = PLATEN_WORD_NONE, .at = "", .raw = ""};
    const struct platen_names *names = builder->names;
    uint64_t monitor = (uint64_t)(uintptr_t)builder->call->args.OpenPortEx.hMonitorPort;
    *at = NULL;
    if (names == NULL || names->table == NULL || names->table(names->context, monitor) == NULL) {
        return true;
    }
    return build_table(builder, arg, &nothing, monitor, at);
}

bool call_build_registry(struct call_builder *builder, const struct platen_word *word,
                         unsigned char *to)
{
    const struct platen_word *fields = word == NULL ? NULL : word->inside;
    if (word != NULL && word->kind != PLATEN_WORD_FIELDS) {
        store_pointer(to, NULL);
        return call_build_is_null(word) ||
               call_build_wants(builder, word, "pMonitorReg", "{cbSize=...} or NULL");
    }
    unsigned char *copy = call_arena_take(&builder->built->arena, sizeof platen_served_registry);
    if (copy == NULL) {
        return platen_text_fail(builder->error, 0, 0, "no memory");
    }
    memcpy(copy, &platen_served_registry, sizeof platen_served_registry);
    store_pointer(to, copy);
    return build_members(builder, fields, PLATEN_TABLE_REGISTRY, "MONITORREG", copy,
                         sizeof platen_served_registry);
}
