/* SPDX-License-Identifier: MIT
 *
 * Structures and lists from {name=value ...} and [...]. A structure is put together aside and then
 * copied to where it belongs: that place may be odd, or too short for it.
 */
#include <stdlib.h>
#include <string.h>

#include "call/building.h"
#include "call/wordlist.h"

static bool build_fields(struct call_builder *builder, const struct call_struct *shape,
                         const struct platen_word *word, const struct call_target *target,
                         unsigned char *to);

static void store_number(unsigned char *to, uint64_t value)
{
    DWORD number = (DWORD)value;
    memcpy(to, &number, sizeof number);
}

static void store_pointer(unsigned char *to, const void *pointer)
{
    memcpy(to, &pointer, sizeof pointer);
}

/* Rows that are there: behind them ... may stand, for what a count promises and nobody made. */
static size_t row_count(const struct platen_word *rows)
{
    size_t count = 0;
    for (; rows != NULL && (rows->kind != PLATEN_WORD_OMITTED || rows->next != NULL);
         rows = rows->next) {
        count++;
    }
    return count;
}

static bool is_named(const struct platen_word *word, const char *name)
{
    return word->name != NULL && strlen(name) == word->name_length &&
           memcmp(name, word->name, word->name_length) == 0;
}

/* ---- bidi values ----------------------------------------------------------------------------- */

static const char *const bidi_names[] = {"dwBidiType", "bData",  "iData", "sData",
                                         "fData",      "biData", "cbBuf"};
static const uint32_t bidi_types[] = {BIDI_NULL,  BIDI_BOOL, BIDI_INT, BIDI_STRING,
                                      BIDI_FLOAT, BIDI_BLOB, BIDI_BLOB};
#define BIDI_NAMES (sizeof bidi_names / sizeof *bidi_names)

static bool read_float(const struct call_builder *builder, const struct platen_word *word,
                       FLOAT *value)
{
    char text[48], *end = text;
    uint64_t bits;
    if (platen_word_number(word, &bits) && word->length > 1 && (word->at[1] | 0x20) == 'x' &&
        bits <= UINT32_MAX) {
        uint32_t narrow = (uint32_t)bits;
        memcpy(value, &narrow, sizeof narrow);
        return true;
    }
    if (word->kind == PLATEN_WORD_BARE && word->length < sizeof text) {
        memcpy(text, word->at, word->length);
        text[word->length] = '\0';
        *value = strtof(text, &end);
    }
    return (end > text && *end == '\0') ||
           call_build_wants(builder, word, "fData", "a number as 1.5, or its bits as 0x3fc00000");
}

/* The member of the union that the word names. */
static bool build_member(struct call_builder *builder, const struct platen_word *word, size_t which,
                         const struct call_target *target, BIDI_DATA *data)
{
    uint64_t number = 0;
    const void *at = NULL;
    size_t size = 0;
    const struct call_target inner = {.name = bidi_names[which], .arg = target->arg};
    switch (call_bidi_member(bidi_types[which])->form) {
    case CALL_BIDI_BOOL:
    case CALL_BIDI_INT:
        if (!call_build_number(builder, word, inner.name, UINT32_MAX, &number)) {
            return false;
        }
        data->u.iData = (LONG)(uint32_t)number;
        return true;
    case CALL_BIDI_FLOAT:
        return read_float(builder, word, &data->u.fData);
    case CALL_BIDI_TEXT:
        if (!call_build_text(builder, word, &inner, false, &at)) {
            return false;
        }
        memcpy(&data->u.sData, &at, sizeof at);
        return true;
    case CALL_BIDI_BLOB:
        break;
    }
    if (!call_build_bytes(builder, word, &inner, false, &at, &size)) {
        return false;
    }
    memcpy(&data->u.biData.pData, &at, sizeof at);
    data->u.biData.cbBuf = (DWORD)size;
    return true;
}

static size_t bidi_name(const struct platen_word *word)
{
    size_t i = 0;
    while (i < BIDI_NAMES && !is_named(word, bidi_names[i])) {
        i++;
    }
    return i;
}

/* A number is no pointer: who reads the value by its type would be led astray, we ourselves first.
 */
static bool fits_member(uint64_t type, size_t given)
{
    const struct call_bidi_member *read = call_bidi_member((uint32_t)type);
    const struct call_bidi_member *made = given == 0 ? NULL : call_bidi_member(bidi_types[given]);
    return made == NULL || (read != NULL && read->form == made->form);
}

/* All words of an entry that belong to its value. */
static bool build_value(struct call_builder *builder, const struct platen_word *fields,
                        const struct call_target *target, unsigned char *to)
{
    BIDI_DATA data;
    uint64_t type = BIDI_NULL, size = 0;
    size_t given = 0;
    memset(&data, 0, sizeof data);
    for (const struct platen_word *w = fields; w != NULL; w = w->next) {
        size_t which = bidi_name(w);
        if (which == 0 || which >= BIDI_NAMES - 1) {
            continue;
        }
        if (!build_member(builder, call_build_resolve(builder, w), which, target, &data)) {
            return false;
        }
        type = bidi_types[which];
        given = which;
    }
    const struct platen_word *named = platen_word_named(fields, "dwBidiType");
    const struct platen_word *counted = platen_word_named(fields, "cbBuf");
    if ((named != NULL && !call_build_number(builder, call_build_resolve(builder, named),
                                             "dwBidiType", UINT32_MAX, &type)) ||
        (counted != NULL && !call_build_number(builder, call_build_resolve(builder, counted),
                                               "cbBuf", UINT32_MAX, &size))) {
        return false;
    }
    if (!fits_member(type, given)) {
        return call_build_wants(builder, named, "dwBidiType", "the type of the value beside it");
    }
    data.dwBidiType = (DWORD)type;
    if (counted != NULL) {
        size_t most = data.u.biData.pData == NULL ? 0 : data.u.biData.cbBuf;
        if (type == BIDI_BLOB && !call_build_fits(builder, counted, "cbBuf", size, most)) {
            return false;
        }
        data.u.biData.cbBuf = (DWORD)size;
    }
    memcpy(to, &data, sizeof data);
    return true;
}

/* ---- fields ---------------------------------------------------------------------------------- */

static bool build_pointer(const struct call_builder *builder, const struct platen_word *word,
                          const char *name, unsigned char *to)
{
    uint64_t bits = 0;
    bool fine = call_build_is_null(word) ||
                call_build_handle(builder, word, name, PLATEN_KIND_POINTER, &bits);
    store_pointer(to, call_build_is_honest(builder) ? NULL : (const void *)(uintptr_t)bits);
    return fine;
}

static bool build_entries(struct call_builder *builder, const struct call_struct *shape,
                          const struct platen_word *word, const struct call_target *target,
                          unsigned char *to)
{
    const struct call_struct *entry = call_struct_entry(shape->kind);
    const struct platen_word *row = word->inside;
    for (size_t count = row_count(row); count > 0; count--, row = row->next) {
        if (!build_fields(builder, entry, row, target, to)) {
            return false;
        }
        to += entry->size;
    }
    return true;
}

static bool build_data(struct call_builder *builder, const struct platen_word *word,
                       const struct call_target *target, unsigned char *to)
{
    const void *from;
    size_t size;
    if (!call_build_bytes(builder, word, target, false, &from, &size)) {
        return false;
    }
    if (size > 0) {
        memcpy(to, from, size);
    }
    store_number(to - sizeof(DWORD), size);
    return true;
}

/* `to` is the beginning of the structure. */
static bool build_field(struct call_builder *builder, const struct call_struct *shape,
                        const struct call_field *field, const struct platen_word *word,
                        const struct call_target *target, unsigned char *to)
{
    const struct call_target inner = {.name = field->name, .arg = target->arg};
    unsigned char *place = to + field->offset;
    uint64_t number = 0;
    const void *at = NULL;
    switch (field->form) {
    case CALL_FIELD_NUMBER:
    case CALL_FIELD_FLAGS:
        if (!call_build_number(builder, word, field->name, UINT32_MAX, &number)) {
            return false;
        }
        store_number(place, number);
        return true;
    case CALL_FIELD_TEXT:
        if (!call_build_text(builder, word, &inner, false, &at)) {
            return false;
        }
        store_pointer(place, at);
        return true;
    case CALL_FIELD_HANDLE:
        if (!call_build_handle(builder, word, field->name, field->kind, &number)) {
            return false;
        }
        store_pointer(place, (const void *)(uintptr_t)number);
        return true;
    case CALL_FIELD_POINTER:
        return build_pointer(builder, word, field->name, place);
    case CALL_FIELD_DATE:
        return call_build_date(builder, word, field->name, place);
    case CALL_FIELD_GUID:
        return call_build_guid(builder, word, field->name, place);
    case CALL_FIELD_REGISTRY:
        return call_build_registry(builder, word, place);
    case CALL_FIELD_ENTRIES:
        return build_entries(builder, shape, word, target, place);
    case CALL_FIELD_DATA:
        return build_data(builder, word, &inner, place);
    case CALL_FIELD_VALUE:
        break;
    }
    return true;
}

/* What a structure says of itself where nothing is written. */
static bool build_defaults(struct call_builder *builder, const struct call_struct *shape,
                           unsigned char *to)
{
    if (shape->kind == PLATEN_KIND_MONITORINIT) {
        store_number(to, shape->size);
        return call_build_registry(builder, NULL, to + offsetof(MONITORINIT, pMonitorReg));
    }
    return true;
}

static bool build_fields(struct call_builder *builder, const struct call_struct *shape,
                         const struct platen_word *word, const struct call_target *target,
                         unsigned char *to)
{
    if (word->kind != PLATEN_WORD_FIELDS || word->length > 0 || word->either != NULL) {
        return call_build_wants(builder, word, target->name, "{name=value ...}");
    }
    if (!build_defaults(builder, shape, to)) {
        return false;
    }
    const struct call_field *value = NULL;
    for (unsigned i = 0; i < shape->count; i++) {
        value = shape->fields[i].form == CALL_FIELD_VALUE ? &shape->fields[i] : value;
    }
    for (const struct platen_word *w = word->inside; w != NULL; w = w->next) {
        unsigned i = 0;
        if (!call_build_named(builder, w, target->name)) {
            return false;
        }
        if (value != NULL && bidi_name(w) < BIDI_NAMES) {
            continue;
        }
        while (i < shape->count && !is_named(w, shape->fields[i].name)) {
            i++;
        }
        if (i == shape->count) {
            return call_build_unknown(builder, w, target->name, &shape->fields[0].name,
                                      sizeof *shape->fields, shape->count);
        }
        if (!build_field(builder, shape, &shape->fields[i], call_build_resolve(builder, w), target,
                         to)) {
            return false;
        }
    }
    return value == NULL || build_value(builder, word->inside, target, to + value->offset);
}

/* ---- arguments ------------------------------------------------------------------------------- */

static bool has_fields(const struct call_struct *shape, const struct platen_word *fields)
{
    for (const struct platen_word *w = fields; w != NULL; w = w->next) {
        unsigned i = 0;
        while (i < shape->count && !is_named(w, shape->fields[i].name)) {
            i++;
        }
        if (i == shape->count) {
            return false;
        }
    }
    return true;
}

/* What the level says; without one, or with one that nobody knows, what has these fields. */
static const struct call_struct *choose(enum platen_kind kind, uint32_t level,
                                        const struct platen_word *fields)
{
    const struct call_struct *shape = call_struct_at(kind, level);
    const struct call_struct *next = shape == NULL ? call_struct_next(kind, NULL) : NULL;
    while (next != NULL && (shape == NULL || !has_fields(shape, fields))) {
        shape = next;
        next = call_struct_next(kind, next);
    }
    return shape;
}

/* Bytes of the structure with the array at its end. */
static bool measure(const struct call_builder *builder, const struct call_struct *shape,
                    const struct platen_word *word, size_t *size, size_t *entries)
{
    const struct call_field *last = &shape->fields[shape->count - 1];
    size_t extra = 0;
    *size = shape->size;
    *entries = SIZE_MAX;
    if (last->form != CALL_FIELD_ENTRIES && last->form != CALL_FIELD_DATA) {
        return true;
    }
    const struct platen_word *tail = platen_word_named(word->inside, last->name);
    tail = tail == NULL ? NULL : call_build_resolve(builder, tail);
    if (last->form == CALL_FIELD_ENTRIES) {
        if (tail != NULL && tail->kind != PLATEN_WORD_ROWS) {
            return call_build_wants(builder, tail, last->name, "[{...} ...]");
        }
        *entries = tail == NULL ? 0 : row_count(tail->inside);
        extra = *entries * call_struct_entry(shape->kind)->size;
    } else if (tail != NULL) {
        extra = tail->kind == PLATEN_WORD_TEXT ? platen_word_bytes(tail, NULL, 0) : 0;
        if (tail->kind != PLATEN_WORD_TEXT) {
            return call_build_wants(builder, tail, last->name, "\"bytes\"");
        }
    }
    *size = last->offset + extra < shape->size ? shape->size : last->offset + extra;
    return true;
}

/* As many entries, or bytes at its end, as it says? */
static bool has_entries(const struct call_builder *builder, const struct call_struct *shape,
                        const struct platen_word *word, const unsigned char *made, size_t size)
{
    const struct call_field *last = &shape->fields[shape->count - 1];
    bool entries = last->form == CALL_FIELD_ENTRIES;
    DWORD says = 0;
    if (!entries && last->form != CALL_FIELD_DATA) {
        return true;
    }
    memcpy(&says,
           made + (entries ? offsetof(BIDI_REQUEST_CONTAINER, Count) : last->offset - sizeof says),
           sizeof says);
    size_t each = entries ? call_struct_entry(shape->kind)->size : 1;
    return call_build_fits(builder, word, last->name, says, (size - last->offset) / each);
}

static bool build_shape(struct call_builder *builder, const struct platen_arg_info *arg,
                        const struct platen_word *word, const struct call_struct *shape,
                        const void **at)
{
    const struct call_target target = {.name = arg->name, .arg = arg->name};
    struct call_wish wish = {.alignment = sizeof(void *), .shape = shape, .arg = arg->name};
    size_t entries;
    if (!measure(builder, shape, word, &wish.size, &entries) ||
        !call_build_attributes(builder, word, arg->name, &wish)) {
        return false;
    }
    unsigned char *aside = call_arena_take(&builder->built->arena, wish.size);
    if (aside == NULL) {
        return call_build_fail(builder, word, "%s: no memory", arg->name);
    }
    memset(aside, 0, wish.size);
    if (entries != SIZE_MAX) {
        store_number(aside + offsetof(BIDI_REQUEST_CONTAINER, Version), 1);
        store_number(aside + offsetof(BIDI_REQUEST_CONTAINER, Count), entries);
    }
    if (!build_fields(builder, shape, word, &target, aside) ||
        !has_entries(builder, shape, word, aside, wish.size)) {
        return false;
    }
    unsigned char *to = call_build_memory(builder, word, &wish, true);
    *at = to;
    if (to == NULL) {
        return false;
    }
    memcpy(to, aside, call_memory_find(builder->built, to)->size);
    return true;
}

static bool build_list(struct call_builder *builder, const struct platen_arg_info *arg,
                       const struct platen_word *word, size_t *count, const void **at)
{
    const struct call_target target = {.name = arg->name, .arg = arg->name};
    struct call_wish wish = {.alignment = sizeof(void *), .arg = arg->name};
    if (word->kind != PLATEN_WORD_ROWS || word->either != NULL) {
        return call_build_wants(builder, word, arg->name, "[\"text\" ...] or NULL");
    }
    *count = row_count(word->inside);
    wish.size = *count * sizeof(void *);
    if (!call_build_attributes(builder, word, arg->name, &wish)) {
        return false;
    }
    unsigned char *to = call_build_memory(builder, word, &wish, true);
    *at = to;
    if (to == NULL) {
        return false;
    }
    size_t room = call_memory_find(builder->built, to)->size / sizeof(void *);
    room = room < *count ? room : *count;
    for (const struct platen_word *w = word->inside; room > 0; w = w->next) {
        const void *text;
        if (!call_build_text(builder, call_build_resolve(builder, w), &target, false, &text)) {
            return false;
        }
        store_pointer(to, text);
        to += sizeof(void *);
        room--;
    }
    return true;
}

bool call_build_struct(struct call_builder *builder, const struct platen_arg_info *arg,
                       const struct platen_word *word, uint32_t *level, size_t *count,
                       const void **at)
{
    *at = NULL;
    *count = 0;
    if (call_build_is_null(word) && word->either == NULL) {
        return true;
    }
    if (word->kind == PLATEN_WORD_OMITTED) {
        return call_build_fail(builder, word, "%s: what {...} stands for was not written down",
                               arg->name);
    }
    if (arg->kind == PLATEN_KIND_TEXT_LIST) {
        return build_list(builder, arg, word, count, at);
    }
    if (arg->kind == PLATEN_KIND_TABLE) {
        return call_build_table(builder, arg, word, at);
    }
    if (word->kind != PLATEN_WORD_FIELDS || word->length > 0 || word->either != NULL) {
        return call_build_wants(builder, word, arg->name, "{name=value ...} or NULL");
    }
    const struct call_struct *shape = choose(arg->kind, *level, word->inside);
    *level = *level == UINT32_MAX ? shape->level : *level;
    return build_shape(builder, arg, word, shape, at);
}
