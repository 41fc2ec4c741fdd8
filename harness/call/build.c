/* SPDX-License-Identifier: MIT
 *
 * From words to a call: numbers and handles first, then what goes in, which decides sizes and
 * levels that were left out, then memory for what comes back.
 */
#include "call/building.h"

#include <string.h>

#define ROOM_FOR_PORTS (64u << 10)
#define ROOM_FOR_DATA  (4u << 10)
#define ROOM_FOR_NAME  256u /* characters */

enum platen_kind platen_kind_of_handle(enum platen_kind kind)
{
    switch (kind) {
    case PLATEN_KIND_NEW_MONITOR:
        return PLATEN_KIND_MONITOR;
    case PLATEN_KIND_NEW_PORT:
        return PLATEN_KIND_PORT;
    case PLATEN_KIND_NEW_XCV:
        return PLATEN_KIND_XCV;
    case PLATEN_KIND_NEW_PRINTER:
        return PLATEN_KIND_PRINTER;
    case PLATEN_KIND_NEW_KEY:
        return PLATEN_KIND_KEY;
    default:
        return kind;
    }
}

/* How an argument is built. */
enum way { NUMBER, HANDLE_, POINTER_, COUNT_, CELL, TEXT_, BYTES, STRUCT };

static const enum way ways[PLATEN_KINDS] = {
#define WAY_NUMBER                    NUMBER
#define WAY_FLAGS                     NUMBER
#define WAY_HANDLE                    HANDLE_
#define WAY_NEW                       CELL
#define WAY_COUNT                     COUNT_
#define WAY_TEXT                      TEXT_
#define WAY_BYTES                     BYTES
#define WAY_STRUCT                    STRUCT
#define WAY_MOMENT                    CELL
#define WAY_OPAQUE                    POINTER_
#define PLATEN_KIND(name, form, text) [PLATEN_KIND_##name] = WAY_##form,
#include "call/kinds.def"
#undef PLATEN_KIND
};

static void set(struct call_builder *builder, const struct platen_arg_info *arg, uint64_t value)
{
    unsigned char *at = (unsigned char *)&builder->call->args + arg->offset;
    uint32_t narrow = (uint32_t)value;
    memcpy(at, arg->width == sizeof narrow ? (const void *)&narrow : (const void *)&value,
           arg->width);
}

static void set_pointer(struct call_builder *builder, const struct platen_arg_info *arg,
                        const void *pointer)
{
    set(builder, arg, (uint64_t)(uintptr_t)pointer);
}

/* Where the argument at `offset` stands in the slot's row. */
static unsigned index_at(const struct call_builder *builder, uint16_t offset)
{
    unsigned i = 0;
    while (builder->slot.args[i].offset != offset) {
        i++;
    }
    return i;
}

static bool is_level(const struct platen_arg_info *arg)
{
    return strcmp(arg->name, "Level") == 0 || strcmp(arg->name, "dwLevel") == 0;
}

/* ---- words to arguments ---------------------------------------------------------------------- */

static bool unknown(const struct call_builder *builder, const struct platen_word *word)
{
    struct platen_hint hint =
        platen_hint(word->name, word->name_length, &builder->slot.args[0].name,
                    sizeof *builder->slot.args, builder->slot.arg_count);
    int length = word->name_length < 60 ? (int)word->name_length : 60;
    return call_build_fail(builder, word, "%s has no argument %.*s%s", builder->slot.name, length,
                           word->name, hint.text);
}

static bool give(struct call_builder *builder, const struct platen_word *word)
{
    unsigned i = 0;
    if (word->name == NULL) {
        return call_build_fail(builder, word, "%s wants its arguments as name=value",
                               builder->slot.name);
    }
    while (i < builder->slot.arg_count &&
           (builder->slot.args[i].name_length != word->name_length ||
            memcmp(builder->slot.args[i].name, word->name, word->name_length) != 0)) {
        i++;
    }
    if (i == builder->slot.arg_count) {
        return unknown(builder, word);
    }
    if (builder->given[i] != NULL) {
        return call_build_fail(builder, word, "%s is there twice", builder->slot.args[i].name);
    }
    if (word->kind == PLATEN_WORD_NAME && word->attributes != NULL) {
        return call_build_fail(builder, word,
                               "!%.*s stands behind a value that is written out, not behind a "
                               "name: $%.*s",
                               (int)word->attributes->name_length, word->attributes->name,
                               word->length < 60 ? (int)word->length : 60, word->at);
    }
    if (builder->names == NULL && word->kind == PLATEN_WORD_NAME) {
        return true; /* a dry run: whether it is a number, text or a handle shows when it runs */
    }
    builder->given[i] = call_build_resolve(builder, word);
    return true;
}

/* ---- numbers and handles --------------------------------------------------------------------- */

static uint32_t default_level(enum platen_slot slot)
{
    switch (slot) {
    case PLATEN_SLOT_EnumPorts:
    case PLATEN_SLOT_EnumPortsW:
        return 2;
    case PLATEN_SLOT_SetPortW:
        return 3;
    case PLATEN_SLOT_SetJobW:
        return 0;
    default:
        return 1;
    }
}

static uint64_t default_handle(const struct call_builder *builder,
                               const struct platen_arg_info *arg)
{
    const struct platen_names *names = builder->names;
    uint64_t bits = 0;
    bool found = names != NULL && names->newest != NULL &&
                 names->newest(names->context, builder->call->slot, arg, arg->kind, &bits);
    return found ? bits : 0;
}

static bool build_plain(struct call_builder *builder, unsigned i)
{
    const struct platen_arg_info *arg = &builder->slot.args[i];
    const struct platen_word *word = builder->given[i];
    uint64_t value = 0;
    bool fine = true;
    switch (ways[arg->kind]) {
    case NUMBER:
        value = is_level(arg) ? default_level(builder->call->slot) : 0;
        fine = word == NULL || call_build_number(builder, word, arg->name, UINT32_MAX, &value);
        break;
    case HANDLE_:
        value = word == NULL ? default_handle(builder, arg) : 0;
        fine = word == NULL || call_build_handle(builder, word, arg->name, arg->kind, &value);
        break;
    case POINTER_:
        fine = word == NULL || call_build_handle(builder, word, arg->name, arg->kind, &value);
        value = call_build_is_honest(builder) ? 0 : value;
        break;
    default:
        return true;
    }
    set(builder, arg, value);
    return fine;
}

/* ---- what goes in ---------------------------------------------------------------------------- */

/* A size that was left out is that of the data. */
static bool follow(struct call_builder *builder, const struct platen_arg_info *arg, size_t size)
{
    unsigned i = index_at(builder, arg->size_at);
    const struct platen_arg_info *by = &builder->slot.args[i];
    if (arg->size_at == arg->offset) {
        return true;
    }
    if (builder->given[i] == NULL) {
        set(builder, by, size < UINT32_MAX ? size : UINT32_MAX);
    }
    return call_build_fits(builder, builder->given[i], by->name, platen_call_arg(builder->call, by),
                           size);
}

static bool build_in_struct(struct call_builder *builder, const struct platen_arg_info *arg,
                            const struct platen_word *word)
{
    unsigned size = index_at(builder, arg->size_at);
    const struct platen_arg_info *level_arg = &builder->slot.args[size];
    bool levels = is_level(level_arg);
    uint32_t level = levels && builder->given[size] != NULL
                         ? (uint32_t)platen_call_arg(builder->call, level_arg)
                         : UINT32_MAX;
    size_t count = 0;
    const void *at = NULL;
    if (!call_build_struct(builder, arg, word, &level, &count, &at)) {
        return false;
    }
    set_pointer(builder, arg, at);
    if (levels && builder->given[size] == NULL && level != UINT32_MAX) {
        set(builder, level_arg, level);
    } else if (arg->kind == PLATEN_KIND_TEXT_LIST) {
        return follow(builder, arg, count);
    }
    return true;
}

/* The data was left out, not so its size. */
static bool follow_nothing(struct call_builder *builder, const struct platen_arg_info *arg)
{
    return builder->given[index_at(builder, arg->size_at)] == NULL || follow(builder, arg, 0);
}

static bool build_in(struct call_builder *builder, unsigned i)
{
    const struct platen_arg_info *arg = &builder->slot.args[i];
    const struct platen_word *word = builder->given[i];
    const struct call_target target = {.name = arg->name, .arg = arg->name};
    const void *at = NULL;
    size_t size = 0;
    if (arg->direction != PLATEN_IN) {
        return true;
    }
    if (word == NULL) {
        if (arg->kind != PLATEN_KIND_TABLE) {
            bool sized = arg->kind == PLATEN_KIND_BYTES || arg->kind == PLATEN_KIND_TEXT_LIST;
            return !sized || follow_nothing(builder, arg);
        }
        bool fine = call_build_default_table(builder, arg, &at);
        set_pointer(builder, arg, at);
        return fine;
    }
    switch (ways[arg->kind]) {
    case TEXT_:
        if (!call_build_text(builder, word, &target, true, &at)) {
            return false;
        }
        break;
    case BYTES:
        if (!call_build_bytes(builder, word, &target, true, &at, &size)) {
            return false;
        }
        if (!follow(builder, arg, size)) {
            return false;
        }
        break;
    case STRUCT:
        return build_in_struct(builder, arg, word);
    default:
        return true;
    }
    set_pointer(builder, arg, at);
    return true;
}

/* ---- what comes back ------------------------------------------------------------------------- */

static bool comes_back(const struct call_builder *builder, const struct platen_word *word,
                       const struct platen_arg_info *arg)
{
    return call_build_fail(builder, word,
                           "%s comes back: here it is NULL or left out, its value stands behind ->",
                           arg->name);
}

/* A number or a handle: a cell, or memory of its own if something is wrong with it on purpose. */
static bool build_cell(struct call_builder *builder, unsigned i)
{
    const struct platen_arg_info *arg = &builder->slot.args[i];
    const struct platen_word *word = builder->given[i];
    size_t width = arg->kind == PLATEN_KIND_COUNT      ? sizeof(DWORD)
                   : arg->kind == PLATEN_KIND_FILETIME ? sizeof(FILETIME)
                                                       : sizeof(void *);
    struct call_wish wish = {.size = width, .alignment = width, .arg = arg->name, .out = true};
    uint64_t number = 0;
    bool count = ways[arg->kind] == COUNT_;
    if (word != NULL && call_build_is_null(word)) {
        return true;
    }
    if (word != NULL && !call_build_attributes(builder, word, arg->name, &wish)) {
        return false;
    }
    if (word != NULL && word->kind != PLATEN_WORD_NONE) {
        struct platen_word plain = *word;
        plain.attributes = NULL;
        if (!count) {
            return comes_back(builder, word, arg);
        }
        if (!call_build_number(builder, &plain, arg->name, UINT32_MAX, &number)) {
            return false;
        }
    }
    void *at = wish.attributes == 0 ? call_memory_cell(builder->built, width, arg->name)
                                    : call_build_memory(builder, word, &wish, true);
    if (at == NULL) {
        return wish.attributes != 0 || platen_text_fail(builder->error, 0, 0, "no memory");
    }
    DWORD narrow = (DWORD)number;
    bool given = word != NULL && word->kind != PLATEN_WORD_NONE;
    bool painted = !given && (wish.attributes & PLATEN_ATTRIBUTE_painted) != 0;
    size_t room =
        (wish.attributes & PLATEN_ATTRIBUTE_short) != 0 && wish.asked_short < sizeof narrow
            ? wish.asked_short
            : sizeof narrow;
    memcpy(at, &narrow, count && !painted ? room : 0);
    set_pointer(builder, arg, at);
    return true;
}

/* What fits where no size was given. */
static uint32_t default_room(const struct platen_arg_info *arg)
{
    switch (arg->kind) {
    case PLATEN_KIND_PORT_INFO:
        return ROOM_FOR_PORTS;
    case PLATEN_KIND_NAME_OUT:
        return ROOM_FOR_NAME;
    default:
        return ROOM_FOR_DATA;
    }
}

/* The size that belongs to memory that comes back: read, or set where it was left out. */
static uint32_t room_for(struct call_builder *builder, const struct platen_arg_info *arg, bool null)
{
    unsigned i = index_at(builder, arg->size_at);
    const struct platen_arg_info *size = &builder->slot.args[i];
    uint64_t value = platen_call_arg(builder->call, size);
    if (builder->given[i] != NULL) {
        bool nowhere = size->kind == PLATEN_KIND_COUNT && value == 0;
        return nowhere ? default_room(arg) : platen_call_number(builder->call, size->offset);
    }
    uint32_t room = null ? 0 : default_room(arg);
    if (size->kind == PLATEN_KIND_COUNT) {
        DWORD number = room;
        memcpy((void *)(uintptr_t)value, &number, sizeof number);
    } else {
        set(builder, size, room);
    }
    return room;
}

static bool build_room(struct call_builder *builder, unsigned i)
{
    const struct platen_arg_info *arg = &builder->slot.args[i];
    const struct platen_word *word = builder->given[i];
    static const struct platen_word nothing = {.at = "", .raw = ""};
    bool null = word != NULL && call_build_is_null(word) && word->either == NULL;
    struct call_wish wish = {.alignment = 8, .arg = arg->name, .out = true};
    if (word != NULL && !null && word->kind != PLATEN_WORD_NONE) {
        return comes_back(builder, word, arg);
    }
    wish.size = room_for(builder, arg, null);
    wish.size *= arg->kind == PLATEN_KIND_NAME_OUT ? sizeof(char16_t) : 1;
    if (null) {
        return true;
    }
    if (word != NULL && !call_build_attributes(builder, word, arg->name, &wish)) {
        return false;
    }
    const struct platen_word *cause =
        word == NULL ? builder->given[index_at(builder, arg->size_at)] : word;
    void *at = call_build_memory(builder, cause == NULL ? &nothing : cause, &wish, true);
    set_pointer(builder, arg, at);
    return at != NULL;
}

static bool build_count(struct call_builder *builder, unsigned i)
{
    const struct platen_arg_info *arg = &builder->slot.args[i];
    enum way way = ways[arg->kind];
    bool cell = way == COUNT_ || way == CELL || arg->kind == PLATEN_KIND_BIDI_RESPONSE;
    return arg->direction == PLATEN_IN || !cell || build_cell(builder, i);
}

static bool build_out(struct call_builder *builder, unsigned i)
{
    const struct platen_arg_info *arg = &builder->slot.args[i];
    enum way way = ways[arg->kind];
    bool memory =
        (way == TEXT_ || way == BYTES || way == STRUCT) && arg->kind != PLATEN_KIND_BIDI_RESPONSE;
    return arg->direction == PLATEN_IN || !memory || build_room(builder, i);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static bool build_all(struct call_builder *builder, const struct platen_word *arguments)
{
    static bool (*const passes[])(struct call_builder *, unsigned) = {build_plain, build_in,
                                                                      build_count, build_out};
    for (const struct platen_word *word = arguments; word != NULL; word = word->next) {
        if (!give(builder, word)) {
            return false;
        }
    }
    for (size_t pass = 0; pass < sizeof passes / sizeof *passes; pass++) {
        for (unsigned i = 0; i < builder->slot.arg_count; i++) {
            if (!passes[pass](builder, i)) {
                return false;
            }
        }
    }
    return call_memory_lock(builder->built) == 0 ||
           platen_text_fail(builder->error, arguments == NULL ? 0 : arguments->line, 0,
                            "no memory can be made read-only");
}

bool platen_build(struct platen_built *built, enum platen_slot slot,
                  const struct platen_word *arguments, const struct platen_names *names,
                  struct platen_call *call, struct platen_text_error *error)
{
    memset(call, 0, sizeof *call);
    call->slot = slot;
    call->built = built;
    call_memory_reset(built);
    struct call_builder builder = {.built = built,
                                   .slot = platen_slot_info(slot),
                                   .names = names,
                                   .call = call,
                                   .error = error};
    if (!build_all(&builder, arguments)) {
        memset(call, 0, sizeof *call);
        call->slot = slot;
        return false;
    }
    platen_call_keep_given(call);
    return true;
}
