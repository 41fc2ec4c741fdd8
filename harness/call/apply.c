/* SPDX-License-Identifier: MIT */
#include "call/apply.h"

#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "call/applying.h"
#include "os/error.h"

static void *pointer_of(const struct platen_call *call, const struct platen_arg_info *arg)
{
    return (void *)(uintptr_t)platen_call_arg(call, arg);
}

/* ---- results --------------------------------------------------------------------------------- */

static bool error_code(const struct call_applying *a, const struct platen_word *word,
                       uint32_t *code)
{
    char name[64];
    uint64_t number;
    if (platen_word_number(word, &number) && number <= UINT32_MAX) {
        *code = (uint32_t)number;
        return true;
    }
    if (word->kind == PLATEN_WORD_BARE && word->length < sizeof name) {
        memcpy(name, word->at, word->length);
        name[word->length] = '\0';
        *code = platen_error_number(name);
        if (*code != UINT32_MAX) {
            return true;
        }
    }
    *code = 0;
    return call_apply_fail(a, word, "an error's name or number is wanted");
}

static bool apply_result(const struct call_applying *a, const struct platen_word *word)
{
    struct platen_call *call = a->call;
    static const char *const words[][2] = {
        [PLATEN_RESULT_BOOL] = {"FALSE", "TRUE"},
        [PLATEN_RESULT_VOID] = {"done", "done"},
        [PLATEN_RESULT_HANDLE] = {"NULL", "handle"},
        [PLATEN_RESULT_TABLE] = {"NULL", "table"},
    };
    enum platen_result result = a->slot.result;
    if (word == NULL) {
        return call_apply_fail(a, a->right, "the result is missing");
    }
    if (result == PLATEN_RESULT_CODE) {
        return error_code(a, word, &call->result.code);
    }
    bool good = platen_word_is(word, words[result][1]);
    if (!good && !platen_word_is(word, words[result][0])) {
        return call_apply_fail(a, word, "%s does not answer that", a->slot.name);
    }
    if (result == PLATEN_RESULT_BOOL) {
        call->result.code = good;
    } else if (result != PLATEN_RESULT_VOID) {
        call->result.pointer = !good                           ? NULL
                               : result == PLATEN_RESULT_TABLE ? (void *)a->form->table
                                                               : a->form->handle;
    }
    return true;
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool apply_number(const struct call_applying *a, const struct platen_word *word,
                         unsigned char *to)
{
    uint64_t number;
    if (!platen_word_number(word, &number) || number > UINT32_MAX) {
        return call_apply_fail(a, word, "a number is wanted");
    }
    DWORD narrow = (DWORD)number;
    memcpy(to, &narrow, sizeof narrow);
    return true;
}

static bool apply_handle(const struct call_applying *a, const struct platen_word *word,
                         unsigned char *to)
{
    const char *kind;
    size_t length;
    uint64_t bits = 0;
    bool null = platen_word_is(word, "NULL");
    if (!null && (!platen_word_bits(word, &kind, &length, &bits) || bits > UINTPTR_MAX)) {
        return call_apply_fail(a, word, "a handle is wanted");
    }
    void *handle = (void *)(uintptr_t)bits;
    memcpy(to, &handle, sizeof handle);
    return true;
}

/* Bytes that stand in the line or in a stream. */
static bool apply_bytes(const struct call_applying *a, const struct platen_word *word,
                        unsigned char *to, size_t room)
{
    const struct platen_names *names = a->form->names;
    const void *from;
    uint64_t count = word->count;
    if (word->kind == PLATEN_WORD_TEXT) {
        return platen_word_bytes(word, to, room) <= room ||
               call_apply_fail(a, word, "more bytes than there is room for");
    }
    if (word->kind != PLATEN_WORD_STREAM || names == NULL || names->stream == NULL ||
        !names->stream(names->context, word->at, word->length, word->offset, &count, &from)) {
        return call_apply_fail(a, word, "bytes are wanted");
    }
    if (count > room || (word->count != UINT64_MAX && count != word->count)) {
        return call_apply_fail(a, word, "not as many bytes as there are");
    }
    if (count > 0) {
        memcpy(to, from, (size_t)count);
    }
    return true;
}

/* A name and its NUL, counted in characters. The registry's may be long, and need not stand even.
 */
static bool apply_name(const struct call_applying *a, const struct platen_word *word,
                       unsigned char *to, size_t units)
{
    size_t length = platen_word_text16(word, NULL, 0);
    if (word->kind != PLATEN_WORD_TEXT || length >= units) {
        return call_apply_fail(a, word, "a name is wanted that has room");
    }
    char16_t *aside = calloc(length + 1, sizeof *aside);
    if (aside == NULL) {
        return call_apply_fail(a, word, "no memory for a name");
    }
    (void)platen_word_text16(word, aside, length);
    memcpy(to, aside, (length + 1) * sizeof *aside);
    free(aside);
    return true;
}

static bool apply_moment(const struct call_applying *a, const struct platen_word *word,
                         unsigned char *to)
{
    uint64_t number;
    if (!platen_word_number(word, &number)) {
        return call_apply_fail(a, word, "a time is wanted");
    }
    FILETIME time = {.dwLowDateTime = (DWORD)number, .dwHighDateTime = (DWORD)(number >> 32)};
    memcpy(to, &time, sizeof time);
    return true;
}

/* How much room the caller has for what comes back: what the size was when the call began. */
static size_t room_of(const struct call_applying *a, const struct platen_arg_info *arg)
{
    for (unsigned i = 0; i < a->slot.arg_count; i++) {
        const struct platen_arg_info *size = &a->slot.args[i];
        if (size->offset == arg->size_at && size != arg) {
            return size->direction == PLATEN_INOUT ? platen_call_given(a->call, size)
                                                   : platen_call_number(a->call, size->offset);
        }
    }
    return 0;
}

static bool apply_value(struct call_applying *a, const struct platen_arg_info *arg,
                        const struct platen_word *word)
{
    unsigned char *to = pointer_of(a->call, arg);
    size_t room = room_of(a, arg);
    switch (arg->kind) {
    case PLATEN_KIND_COUNT:
        return apply_number(a, word, to);
    case PLATEN_KIND_NEW_MONITOR:
    case PLATEN_KIND_NEW_PORT:
    case PLATEN_KIND_NEW_XCV:
    case PLATEN_KIND_NEW_PRINTER:
    case PLATEN_KIND_NEW_KEY:
        return apply_handle(a, word, to);
    case PLATEN_KIND_BYTES:
    case PLATEN_KIND_DATA_OUT:
        return apply_bytes(a, word, to, room);
    case PLATEN_KIND_NAME_OUT:
        return apply_name(a, word, to, room);
    case PLATEN_KIND_FILETIME:
        return apply_moment(a, word, to);
    case PLATEN_KIND_PORT_INFO:
    case PLATEN_KIND_JOB_INFO:
        return call_apply_rows(a, arg, word, to, room);
    case PLATEN_KIND_BIDI_RESPONSE:
        return call_apply_tree(a, arg, word, to);
    default:
        return call_apply_fail(a, word, "%s does not come back", arg->name);
    }
}

/* ---- what did not come back ------------------------------------------------------------------ */

static size_t width_of(const struct platen_arg_info *arg)
{
    if (arg->kind == PLATEN_KIND_COUNT) {
        return sizeof(DWORD);
    }
    bool pointer =
        platen_kind_of_handle(arg->kind) != arg->kind || arg->kind == PLATEN_KIND_BIDI_RESPONSE;
    return pointer ? sizeof(void *) : 0;
}

/* Numbers and handles that would come back are 0; where there is memory for them, which a script
 * may have made wrong on purpose. */
static void clear(const struct platen_call *call, bool handles_alone)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    for (unsigned i = 0; i < slot.arg_count; i++) {
        const struct platen_arg_info *arg = &slot.args[i];
        void *to = pointer_of(call, arg);
        size_t width = arg->direction != PLATEN_OUT ? 0 : width_of(arg);
        size_t size;
        bool is_handle = arg->kind != PLATEN_KIND_COUNT;
        if (to == NULL || width == 0 || (handles_alone && !is_handle) ||
            (call->built != NULL &&
             (platen_built_reach(call->built, to) < width ||
              platen_built_attributes(call->built, to, &size) & PLATEN_ATTRIBUTE_readonly))) {
            continue;
        }
        memset(to, 0, width);
    }
}

/* ---- the line -------------------------------------------------------------------------------- */

static const struct platen_arg_info *find(const struct call_applying *a,
                                          const struct platen_word *word)
{
    for (unsigned i = 0; i < a->slot.arg_count; i++) {
        const struct platen_arg_info *arg = &a->slot.args[i];
        if (arg->name_length == word->name_length &&
            memcmp(arg->name, word->name, word->name_length) == 0) {
            bool there = arg->direction != PLATEN_IN && platen_call_arg(a->call, arg) != 0;
            return there ? arg : NULL;
        }
    }
    return NULL;
}

/* at=, took=: not a thing that comes back. */
static bool is_time(const struct platen_word *word)
{
    return (word->name_length == 2 && memcmp(word->name, "at", 2) == 0) ||
           (word->name_length == 4 && memcmp(word->name, "took", 4) == 0);
}

/* Numbers last: rows say themselves how much they need. */
static bool apply_named(struct call_applying *a, const struct platen_word *word, bool numbers)
{
    for (; word != NULL && word->name != NULL; word = word->next) {
        const struct platen_arg_info *arg = find(a, word);
        if (is_time(word)) {
            continue;
        }
        if (arg == NULL) {
            return call_apply_fail(a, word, "%s has nothing like it that comes back", a->slot.name);
        }
        if ((arg->kind == PLATEN_KIND_COUNT) == numbers && !apply_value(a, arg, word)) {
            return false;
        }
    }
    return true;
}

static const struct platen_word *after_names(const struct platen_word *word)
{
    while (word != NULL && word->name != NULL) {
        word = word->next;
    }
    return word;
}

static bool apply_all(struct call_applying *a)
{
    const struct platen_word *word = a->right;
    clear(a->call, true); /* a call that fails brings back none */
    if (!apply_result(a, word) || !apply_named(a, word->next, false) ||
        !apply_named(a, word->next, true)) {
        return false;
    }
    const struct platen_word *last = after_names(word->next);
    a->call->last_error = 0;
    if (last != NULL && !error_code(a, last, &a->call->last_error)) {
        return false;
    }
    call_apply_sizes(a);
    return true;
}

void platen_call_refuse(struct platen_call *call, uint32_t code)
{
    memset(&call->result, 0, sizeof call->result);
    if (platen_slot_info(call->slot).result == PLATEN_RESULT_CODE) {
        call->result.code = code;
    }
    call->last_error = code;
    clear(call, false);
}

bool platen_call_apply(struct platen_call *call, const struct platen_word *right,
                       const struct platen_apply_form *form, struct platen_text_error *error)
{
    struct call_applying a = {.call = call,
                              .slot = platen_slot_info(call->slot),
                              .form = form,
                              .right = right,
                              .error = error};
    call_memory_reset(form->built);
    if (right == NULL) {
        platen_call_refuse(call, PLATEN_INVALID_DATA);
        return platen_text_fail(error, 0, 0, "%s: nothing stands behind the arrow", a.slot.name);
    }
    if (!apply_all(&a)) {
        if (a.tree != NULL) {
            form->imports->RouterFreeBidiResponseContainer(a.tree);
        }
        platen_call_refuse(call, PLATEN_INVALID_DATA);
        return false;
    }
    return true;
}
