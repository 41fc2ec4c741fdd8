/* SPDX-License-Identifier: MIT
 *
 * A call beside the words of a line: the result, then each argument that is named.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/matching.h"
#include "call/printing.h"
#include "os/error.h"

#define GOT_SIZE 2000u /* bytes of a difference's `got` */

struct platen_matcher *platen_matcher_new(void)
{
    struct platen_matcher *matcher = calloc(1, sizeof *matcher);
    if (matcher != NULL && (matcher->words = platen_words_new()) == NULL) {
        free(matcher);
        matcher = NULL;
    }
    return matcher;
}

void platen_matcher_free(struct platen_matcher *matcher)
{
    if (matcher != NULL) {
        platen_words_free(matcher->words);
        call_arena_free(&matcher->arena);
        free(matcher);
    }
}

bool platen_is_volatile(const char *name, size_t length)
{
    static const struct {
        const char *name;
        size_t length;
    } names[] = {
#define PLATEN_VOLATILE(name) {#name, sizeof #name - 1},
#include "call/volatile.def"
#undef PLATEN_VOLATILE
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].length == length && memcmp(names[i].name, name, length) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- what came ------------------------------------------------------------------------------- */

static const void *as_pointer(uint64_t value)
{
    return (const void *)(uintptr_t)value;
}

static struct call_printer printer_of(const struct platen_call *call)
{
    static const struct platen_call_form plain = {.inline_bytes = SIZE_MAX};
    return (struct call_printer){.call = call, .form = &plain};
}

static size_t reach_of(const struct platen_call *call, const void *at)
{
    const struct call_printer printer = printer_of(call);
    return call_reach(&printer, at);
}

static void take_text(const struct platen_call *call, const struct platen_arg_info *arg,
                      struct call_value *value)
{
    size_t most = reach_of(call, value->data) / sizeof(char16_t);
    size_t filled = arg->direction == PLATEN_IN ? SIZE_MAX : call_filled(call, arg);
    most = filled < most ? filled : most;
    value->sort = CALL_TEXT;
    value->size = 0;
    while (value->size < most) {
        char16_t unit;
        memcpy(&unit, (const char *)value->data + value->size * sizeof unit, sizeof unit);
        if (unit == 0 && arg->direction == PLATEN_IN) {
            break;
        }
        value->size++;
    }
}

static void take_bytes(const struct platen_call *call, const struct platen_arg_info *arg,
                       struct call_value *value)
{
    size_t reach = reach_of(call, value->data);
    size_t size = arg->direction == PLATEN_IN ? call_data_size(call, arg) : call_filled(call, arg);
    value->sort = CALL_BYTES;
    value->size = size < reach ? size : reach;
}

/* A structure as words: written down and read again. */
static void take_tree(struct call_matching *m, const struct platen_arg_info *arg,
                      struct call_value *value)
{
    struct platen_call_form form = {.inline_bytes = SIZE_MAX};
    struct platen_line line;
    if (m->form != NULL && m->form->print != NULL) {
        form.readable = m->form->print->readable;
        form.context = m->form->print->context;
    }
    size_t size = call_print_argument(m->call, &form, arg, NULL, 0) + 1;
    char *text = call_arena_take(&m->matcher->arena, size);
    value->sort = CALL_NOTHING;
    if (text == NULL) {
        return;
    }
    (void)call_print_argument(m->call, &form, arg, text, size);
    if (platen_words_read(m->matcher->words, text, size - 1, 0, &line, NULL) && line.left != NULL) {
        value->sort = platen_word_is(line.left, "NULL") ? CALL_NULL : CALL_TREE;
        value->tree = line.left;
    }
}

static void take_number(const struct platen_call *call, struct call_value *value, size_t width)
{
    value->number = 0;
    if (reach_of(call, value->data) >= width) {
        memcpy(&value->number, value->data, width);
    }
}

enum form { NUMBER, FLAGS, HANDLE_, NEW, COUNT, TEXT_, BYTES, STRUCT, MOMENT, OPAQUE_ };

static const enum form forms[PLATEN_KINDS] = {
#define FORM_NUMBER                   NUMBER
#define FORM_FLAGS                    FLAGS
#define FORM_HANDLE                   HANDLE_
#define FORM_NEW                      NEW
#define FORM_COUNT                    COUNT
#define FORM_TEXT                     TEXT_
#define FORM_BYTES                    BYTES
#define FORM_STRUCT                   STRUCT
#define FORM_MOMENT                   MOMENT
#define FORM_OPAQUE                   OPAQUE_
#define PLATEN_KIND(name, form, text) [PLATEN_KIND_##name] = FORM_##form,
#include "call/kinds.def"
#undef PLATEN_KIND
};

static struct call_value value_of(struct call_matching *m, const struct platen_arg_info *arg)
{
    uint64_t bits = platen_call_arg(m->call, arg);
    struct call_value value = {
        .sort = CALL_NUMBER, .kind = arg->kind, .number = bits, .data = as_pointer(bits)};
    enum form form = forms[arg->kind];
    if (form == NUMBER || form == FLAGS) {
        return value;
    }
    if (form == HANDLE_ || form == OPAQUE_) {
        value.sort = form == HANDLE_ ? CALL_HANDLE : CALL_POINTER;
        return value;
    }
    if (bits == 0) {
        value.sort = CALL_NULL;
        return value;
    }
    switch (form) {
    case NEW:
        value.sort = CALL_HANDLE;
        take_number(m->call, &value, sizeof(HANDLE));
        break;
    case COUNT:
        take_number(m->call, &value, sizeof(DWORD));
        break;
    case MOMENT:
        take_number(m->call, &value, sizeof(FILETIME));
        break;
    case TEXT_:
        take_text(m->call, arg, &value);
        break;
    case BYTES:
        take_bytes(m->call, arg, &value);
        break;
    default:
        take_tree(m, arg, &value);
        break;
    }
    return value;
}

/* ---- differences ----------------------------------------------------------------------------- */

static void differ_argument(struct call_matching *m, const struct platen_word *word,
                            const struct platen_arg_info *arg, const struct call_value *value)
{
    char got[GOT_SIZE] = "nothing";
    if (value->sort == CALL_NULL) {
        memcpy(got, "NULL", sizeof "NULL");
    } else if (value->sort != CALL_NOTHING) {
        (void)call_print_argument(m->call, m->form == NULL ? NULL : m->form->print, arg, got,
                                  sizeof got);
    }
    call_differ(m, word, got, strlen(got));
}

static const struct platen_arg_info *find_argument(const struct platen_call *call,
                                                   const struct platen_word *word)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    for (unsigned i = 0; i < slot.arg_count; i++) {
        if (slot.args[i].name_length == word->name_length &&
            memcmp(slot.args[i].name, word->name, word->name_length) == 0) {
            return &slot.args[i];
        }
    }
    return NULL;
}

static void set_path(struct call_matching *m, const char *name, size_t length)
{
    snprintf(m->path, sizeof m->path, "%.*s", (int)length, name);
}

static void match_value(struct call_matching *m, const struct platen_word *word,
                        const struct platen_arg_info *arg, const struct call_value *value)
{
    if (value->sort == CALL_TREE) {
        call_match_tree(m, word, value->tree);
    } else if (!call_value_matches(m, word, value)) {
        differ_argument(m, word, arg, value);
    }
}

/* What a name on one of the sides can be compared with. */
static bool passes(const struct call_matching *m, const struct platen_word *word)
{
    static const char *const times[] = {"at", "took"};
    for (size_t i = 0; i < 2; i++) {
        if (word->name_length == strlen(times[i]) &&
            memcmp(word->name, times[i], word->name_length) == 0) {
            return true;
        }
    }
    return m->form != NULL && m->form->trace && platen_is_volatile(word->name, word->name_length);
}

static const struct platen_arg_info *argument(struct call_matching *m,
                                              const struct platen_word *word)
{
    set_path(m, word->name, word->name_length);
    if (passes(m, word)) {
        return NULL;
    }
    const struct platen_arg_info *arg = find_argument(m->call, word);
    if (arg == NULL) {
        call_differ(m, word, "no such argument", 16);
    }
    return arg;
}

static void match_right(struct call_matching *m, const struct platen_word *word, bool success)
{
    const struct platen_arg_info *arg = argument(m, word);
    if (arg == NULL) {
        return;
    }
    struct call_value value = {.sort = CALL_NOTHING};
    if (platen_call_arg(m->call, arg) == 0) {
        value.sort = CALL_NULL;
    } else if (arg->direction == PLATEN_IN || call_comes_back(m->call, arg, success)) {
        value = value_of(m, arg);
    }
    match_value(m, word, arg, &value);
}

static void match_left(struct call_matching *m, const struct platen_word *word)
{
    const struct platen_arg_info *arg = argument(m, word);
    if (arg == NULL) {
        return;
    }
    struct call_value value;
    if (arg->direction == PLATEN_IN) {
        value = value_of(m, arg);
    } else if (arg->direction == PLATEN_INOUT && platen_call_arg(m->call, arg) != 0) {
        value = (struct call_value){
            .sort = CALL_NUMBER, .kind = arg->kind, .number = platen_call_given(m->call, arg)};
    } else { /* only comes back: was there a pointer? */
        bool null = platen_call_arg(m->call, arg) == 0;
        if (null != platen_word_is(word, "NULL")) {
            call_differ(m, word, null ? "NULL" : "a pointer", null ? 4 : 9);
        }
        return;
    }
    match_value(m, word, arg, &value);
}

/* ---- the result ------------------------------------------------------------------------------ */

static bool result_matches(const struct call_matching *m, const struct platen_word *word,
                           bool success)
{
    enum platen_result result = platen_slot_info(m->call->slot).result;
    for (; word != NULL; word = word->either) {
        bool fits = platen_word_is(word, "any");
        switch (result) {
        case PLATEN_RESULT_BOOL:
            fits = fits || platen_word_is(word, success ? "TRUE" : "FALSE");
            break;
        case PLATEN_RESULT_CODE:
            fits = fits || call_number_matches(word, m->call->result.code);
            break;
        case PLATEN_RESULT_VOID:
            fits = fits || platen_word_is(word, "done");
            break;
        case PLATEN_RESULT_HANDLE:
        case PLATEN_RESULT_TABLE:
            fits = fits || platen_word_is(word, success ? call_result_word(result) : "NULL");
            break;
        }
        if (fits) {
            return true;
        }
    }
    return false;
}

/* "FALSE ERROR_BUSY": why it failed belongs to what came. */
static void match_result(struct call_matching *m, const struct platen_word *word, bool success)
{
    char got[96];
    if (result_matches(m, word, success)) {
        return;
    }
    set_path(m, "result", 6);
    call_differ(m, word, got, call_print_result(m->call, got, sizeof got));
}

/* Last-error says nothing after success. */
static void match_error(struct call_matching *m, const struct platen_word *word, bool success)
{
    uint32_t code = m->call->last_error;
    char got[40];
    for (const struct platen_word *w = word; w != NULL; w = w->either) {
        if (success || platen_word_is(w, "any") || call_number_matches(w, code)) {
            return;
        }
    }
    const char *name = platen_error_name(code);
    snprintf(got, sizeof got, "%lu", (unsigned long)code);
    set_path(m, "error", 5);
    call_differ(m, word, name == NULL ? got : name, strlen(name == NULL ? got : name));
}

/* ---- a call ---------------------------------------------------------------------------------- */

static struct call_matching begin(struct platen_matcher *matcher, const struct platen_call *call,
                                  const struct platen_match_form *form)
{
    call_arena_reset(&matcher->arena);
    matcher->count = 0;
    return (struct call_matching){.matcher = matcher, .call = call, .form = form};
}

static size_t finish(struct platen_matcher *matcher, const struct platen_difference **list)
{
    if (list != NULL) {
        *list = matcher->list;
    }
    return matcher->count;
}

size_t platen_match(struct platen_matcher *matcher, const struct platen_word *right,
                    const struct platen_call *call, const struct platen_match_form *form,
                    const struct platen_difference **list)
{
    struct call_matching matching = begin(matcher, call, form);
    bool success = call_succeeded(call);
    bool first = true;
    for (const struct platen_word *word = right; word != NULL; word = word->next) {
        if (first && platen_word_is(word, "?") && word->name == NULL) {
            break;
        }
        if (word->name != NULL) {
            match_right(&matching, word, success);
        } else if (first) {
            match_result(&matching, word, success);
        } else {
            match_error(&matching, word, success);
        }
        first = first && word->name != NULL;
    }
    return finish(matcher, list);
}

size_t platen_match_left(struct platen_matcher *matcher, const struct platen_word *arguments,
                         const struct platen_call *call, const struct platen_match_form *form,
                         const struct platen_difference **list)
{
    struct call_matching matching = begin(matcher, call, form);
    for (const struct platen_word *word = arguments; word != NULL; word = word->next) {
        if (word->name != NULL) {
            match_left(&matching, word);
        }
    }
    return finish(matcher, list);
}
