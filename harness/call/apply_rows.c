/* SPDX-License-Identifier: MIT
 *
 * Structures with pointers that came back as text: made natively aside, then packed where the
 * caller wants them.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "call/applying.h"
#include "os/text.h"

#define MOST_ROWS 1000000u

bool call_apply_fail(const struct call_applying *a, const struct platen_word *word,
                     const char *format, ...)
{
    char what[160];
    va_list list;
    va_start(list, format);
    vsnprintf(what, sizeof what, format, list);
    va_end(list);
    return platen_text_fail(a->error, word->line, word->column, "%s: %.*s: %s", a->slot.name,
                            word->name_length < 40 ? (int)word->name_length : 40,
                            word->name == NULL ? "" : word->name, what);
}

static const void *pointer_at(const unsigned char *at)
{
    const void *pointer;
    memcpy(&pointer, at, sizeof pointer);
    return pointer;
}

static size_t text_bytes(const void *text)
{
    return (platen_text_length16(text, SIZE_MAX) + 1) * sizeof(char16_t);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* The kind under which the builder makes one of them. */
static enum platen_kind in_kind(enum platen_kind kind)
{
    return kind == PLATEN_KIND_PORT_INFO ? PLATEN_KIND_PORT_INFO_IN : PLATEN_KIND_JOB_INFO_IN;
}

static bool make_row(struct call_applying *a, const struct platen_arg_info *arg,
                     const struct platen_word *row, uint32_t level, const void **made)
{
    struct platen_arg_info in = *arg;
    struct call_builder builder = {.built = a->form->built,
                                   .slot = a->slot,
                                   .names = a->form->names,
                                   .call = a->call,
                                   .error = a->error};
    size_t count;
    in.kind = in_kind(arg->kind);
    return call_build_struct(&builder, &in, row, &level, &count, made) && *made != NULL;
}

static size_t texts_of(const struct call_struct *shape, const unsigned char *row)
{
    size_t bytes = 0;
    for (unsigned i = 0; i < shape->count; i++) {
        const struct call_field *field = &shape->fields[i];
        const void *text = field->form == CALL_FIELD_TEXT ? pointer_at(row + field->offset) : NULL;
        bytes += text != NULL ? text_bytes(text) : 0;
    }
    return bytes;
}

/* Where rows are packed: their texts come from the end, which moves down. */
struct packing {
    unsigned char *at;  /* of the next row */
    unsigned char *low; /* where the rows end */
    unsigned char *end;
    unsigned char *top;
    bool shares; /* the same text stands there once */
};

/* A text that is there already; NULL. */
static unsigned char *find_text(const struct packing *packing, const void *text, size_t bytes)
{
    for (unsigned char *at = packing->end; at + bytes <= packing->top; at += sizeof(char16_t)) {
        if (memcmp(at, text, bytes) == 0) {
            return at;
        }
    }
    return NULL;
}

/* Where the text stands now; NULL: there is no room. */
static unsigned char *put_text(struct packing *packing, const void *text)
{
    size_t bytes = text_bytes(text);
    unsigned char *found = packing->shares ? find_text(packing, text, bytes) : NULL;
    if (found == NULL && (size_t)(packing->end - packing->low) >= bytes) {
        packing->end -= bytes;
        found = packing->end;
        memcpy(found, text, bytes);
    }
    return found;
}

/* What else the row points at is not to be had here. */
static bool pack_row(const struct call_struct *shape, const unsigned char *row,
                     struct packing *packing)
{
    memcpy(packing->at, row, shape->size);
    for (unsigned i = 0; i < shape->count; i++) {
        const struct call_field *field = &shape->fields[i];
        unsigned char *place = packing->at + field->offset;
        if (field->form == CALL_FIELD_POINTER) {
            memset(place, 0, sizeof(void *));
        }
        const void *text = field->form == CALL_FIELD_TEXT ? pointer_at(row + field->offset) : NULL;
        if (text == NULL) {
            continue;
        }
        unsigned char *put = put_text(packing, text);
        if (put == NULL) {
            return false;
        }
        memcpy(place, &put, sizeof put);
    }
    packing->at += shape->size;
    return true;
}

/* The pointers led somewhere else there; a bare word would be taken for a text. */
static bool has_wild(const struct platen_word *row)
{
    static const char wild[] = "wild:";
    for (const struct platen_word *field = row->inside; field != NULL; field = field->next) {
        if (field->kind == PLATEN_WORD_BARE && field->length >= sizeof wild &&
            memcmp(field->at, wild, sizeof wild - 1) == 0) {
            return true;
        }
    }
    return false;
}

/* One row at a time: the builder's memory is small, the rows are many. packing NULL: they are
 * measured. */
static bool each_row(struct call_applying *a, const struct platen_arg_info *arg,
                     const struct platen_word *rows, const struct call_struct *shape,
                     struct packing *packing)
{
    size_t needed = 0;
    for (const struct platen_word *row = rows; row != NULL; row = row->next) {
        const void *made;
        call_memory_reset(a->form->built);
        if (row->kind != PLATEN_WORD_FIELDS || has_wild(row) ||
            !make_row(a, arg, row, shape->level, &made)) {
            return call_apply_fail(a, row, "a structure of level %u is wanted",
                                   (unsigned)shape->level);
        }
        needed += shape->size + texts_of(shape, made);
        if (packing != NULL && !pack_row(shape, made, packing)) {
            a->too_small = true;
            return true;
        }
    }
    a->needed = needed;
    return true;
}

/* They fitted there, perhaps because rows lead to the same text. If they do not fit even so, the
 * buffer stays as it was. */
static bool share_rows(struct call_applying *a, const struct platen_arg_info *arg,
                       const struct platen_word *rows, const struct call_struct *shape,
                       struct packing *packing)
{
    size_t room = (size_t)(packing->top - packing->at);
    unsigned char *to = packing->at;
    void *kept = malloc(room);
    if (kept == NULL) {
        return true;
    }
    memcpy(kept, to, room);
    packing->shares = true;
    a->too_small = false;
    bool fine = each_row(a, arg, rows, shape, packing);
    if (!fine || a->too_small) {
        memcpy(to, kept, room);
    } else {
        a->needed = (size_t)(packing->low - to) + (size_t)(packing->top - packing->end);
    }
    free(kept);
    return fine;
}

bool call_apply_rows(struct call_applying *a, const struct platen_arg_info *arg,
                     const struct platen_word *word, unsigned char *to, size_t room)
{
    bool list = arg->kind == PLATEN_KIND_PORT_INFO;
    const struct call_struct *shape = call_struct_at(in_kind(arg->kind), call_level(a->call));
    struct platen_word alone = *word;
    const struct platen_word *rows = list ? word->inside : &alone;
    alone.next = NULL;
    if (shape == NULL || (list && word->kind != PLATEN_WORD_ROWS) ||
        platen_word_count(rows) > MOST_ROWS) {
        return call_apply_fail(a, word, "structures of a level that there is are wanted");
    }
    if (!each_row(a, arg, rows, shape, NULL)) {
        return false;
    }
    /* Where the buffer begins or ends at an odd place, the last byte is of no use. */
    size_t even = room - room % sizeof(char16_t);
    size_t fixed = platen_word_count(rows) * shape->size;
    a->too_small = a->needed > even;
    if (a->needed == 0 || fixed > even) {
        return true;
    }
    struct packing packing = {
        .at = to, .low = to + fixed, .end = to + even, .top = to + even, .shares = false};
    return a->too_small ? share_rows(a, arg, rows, shape, &packing)
                        : each_row(a, arg, rows, shape, &packing);
}

static void set_number(const struct call_applying *a, const char *name, size_t value)
{
    for (unsigned i = 0; i < a->slot.arg_count; i++) {
        const struct platen_arg_info *arg = &a->slot.args[i];
        void *to = (void *)(uintptr_t)platen_call_arg(a->call, arg);
        if (arg->kind == PLATEN_KIND_COUNT && strcmp(arg->name, name) == 0 && to != NULL) {
            DWORD number = value < UINT32_MAX ? (DWORD)value : UINT32_MAX;
            memcpy(to, &number, sizeof number);
        }
    }
}

static bool has_rows(const struct call_applying *a)
{
    for (unsigned i = 0; i < a->slot.arg_count; i++) {
        enum platen_kind kind = a->slot.args[i].kind;
        if (kind == PLATEN_KIND_PORT_INFO || kind == PLATEN_KIND_JOB_INFO) {
            return true;
        }
    }
    return false;
}

void call_apply_sizes(struct call_applying *a)
{
    bool other = a->form->word != 0 && a->form->word != sizeof(void *);
    bool was_short = a->call->result.code == 0 && a->call->last_error == PLATEN_INSUFFICIENT_BUFFER;
    if (!has_rows(a)) {
        return;
    }
    if (a->too_small) {
        a->call->result.code = 0;
        a->call->last_error = PLATEN_INSUFFICIENT_BUFFER;
        set_number(a, "pcReturned", 0);
    }
    if (a->too_small || (other && a->needed != 0)) {
        set_number(a, "pcbNeeded", a->needed);
    } else if (other && was_short) {
        for (unsigned i = 0; i < a->slot.arg_count; i++) {
            const struct platen_arg_info *arg = &a->slot.args[i];
            if (strcmp(arg->name, "pcbNeeded") == 0 && platen_call_arg(a->call, arg) != 0) {
                set_number(a, "pcbNeeded", (size_t)platen_call_number(a->call, arg->offset) * 2);
            }
        }
    }
}

/* ---- trees ----------------------------------------------------------------------------------- */

static void *copy_out(const struct call_applying *a, const void *from, size_t bytes)
{
    void *to = from == NULL ? NULL : a->form->imports->RouterAllocBidiMem(bytes);
    if (to != NULL) {
        memcpy(to, from, bytes);
    }
    return to;
}

/* The value with what it points at; false: no memory. */
static bool copy_value(const struct call_applying *a, const BIDI_DATA *from, BIDI_DATA *to)
{
    const struct call_bidi_member *member = call_bidi_member(from->dwBidiType);
    *to = *from;
    if (member != NULL && member->form == CALL_BIDI_TEXT && from->u.sData != NULL) {
        to->u.sData = copy_out(a, from->u.sData, text_bytes(from->u.sData));
        return to->u.sData != NULL;
    }
    if (member != NULL && member->form == CALL_BIDI_BLOB && from->u.biData.pData != NULL) {
        to->u.biData.pData = copy_out(a, from->u.biData.pData, from->u.biData.cbBuf);
        return to->u.biData.pData != NULL;
    }
    return true;
}

static bool copy_entries(const struct call_applying *a, const BIDI_RESPONSE_CONTAINER *from,
                         PBIDI_RESPONSE_CONTAINER to)
{
    for (DWORD i = 0; i < from->Count; i++) {
        const BIDI_RESPONSE_DATA *entry = &from->aData[i];
        to->Count = i + 1; /* so far it can be freed */
        to->aData[i].dwResult = entry->dwResult;
        to->aData[i].dwReqNumber = entry->dwReqNumber;
        to->aData[i].pSchema =
            entry->pSchema == NULL ? NULL : copy_out(a, entry->pSchema, text_bytes(entry->pSchema));
        if ((entry->pSchema != NULL && to->aData[i].pSchema == NULL) ||
            !copy_value(a, &entry->data, &to->aData[i].data)) {
            return false;
        }
    }
    return true;
}

/* As many entries as it says, all of them written down, and each blob as long as it is. */
static bool is_honest(const struct platen_word *word, const BIDI_RESPONSE_CONTAINER *tree)
{
    const struct platen_word *entries = platen_word_named(word->inside, "aData");
    if (entries == NULL || platen_word_count(entries->inside) != tree->Count) {
        return false;
    }
    for (const struct platen_word *row = entries->inside; row != NULL; row = row->next) {
        if (row->kind == PLATEN_WORD_OMITTED || platen_word_named(row->inside, "cbBuf") != NULL) {
            return false;
        }
    }
    return true;
}

bool call_apply_tree(struct call_applying *a, const struct platen_arg_info *arg,
                     const struct platen_word *word, unsigned char *to)
{
    PBIDI_RESPONSE_CONTAINER tree = NULL;
    const void *made = NULL;
    struct platen_arg_info in = *arg;
    uint32_t level = UINT32_MAX;
    size_t count;
    struct call_builder builder = {.built = a->form->built,
                                   .slot = a->slot,
                                   .names = a->form->names,
                                   .call = a->call,
                                   .error = a->error};
    if (a->tree != NULL) {
        return call_apply_fail(a, word, "it is there twice");
    }
    memset(to, 0, sizeof tree);
    in.direction = PLATEN_IN;
    if (!call_build_struct(&builder, &in, word, &level, &count, &made)) {
        return false;
    }
    const BIDI_RESPONSE_CONTAINER *from = made;
    if (from == NULL) {
        return true;
    }
    if (!is_honest(word, from)) {
        return call_apply_fail(a, word, "as many answers are wanted as it says there are");
    }
    tree = a->form->imports == NULL
               ? NULL
               : a->form->imports->RouterAllocBidiResponseContainer(from->Count);
    if (tree == NULL) {
        return call_apply_fail(a, word, "no memory for the answers");
    }
    tree->Version = from->Version;
    tree->Flags = from->Flags;
    tree->Count = 0;
    if (!copy_entries(a, from, tree)) {
        a->form->imports->RouterFreeBidiResponseContainer(tree);
        return call_apply_fail(a, word, "no memory for the answers");
    }
    memcpy(to, &tree, sizeof tree);
    a->tree = tree;
    return true;
}
