/* SPDX-License-Identifier: MIT
 *
 * What is known of a host's end beyond the call in which it came: what the host itself could still
 * say, the call with its arguments, and what was called on that lane before it.
 */
#include <stdio.h>
#include <string.h>

#include "call/print.h"
#include "call/words.h"
#include "hosted/inside.h"

#define LONGEST 100 /* letters of a word of the host's */

void hosted_note(struct hosted_lane *lane, const struct platen_call *call)
{
    struct hosted_made *made = &lane->made[lane->made_count % HOSTED_MADE];
    struct hosted_made *last = &lane->made[(lane->made_count + HOSTED_MADE - 1) % HOSTED_MADE];
    uint32_t code = call->result.code;
    if (platen_slot_info(call->slot).result >= PLATEN_RESULT_HANDLE) {
        code = call->result.pointer != NULL;
    }
    if (lane->made_count > 0 && last->slot == call->slot && last->code == code) {
        last->times++;
        return;
    }
    *made = (struct hosted_made){.slot = call->slot, .code = code, .times = 1};
    lane->made_count++;
}

/* ---- what the host said ---------------------------------------------------------------------- */

static const struct platen_word *find(const struct platen_line *line, const char *name,
                                      enum platen_word_kind kind)
{
    const struct platen_word *word = platen_word_named(line->left, name);
    return word != NULL && word->kind == kind ? word : NULL;
}

static int shown(const struct platen_word *word)
{
    return word->length < LONGEST ? (int)word->length : LONGEST;
}

static size_t put_stack(const struct platen_line *line, char *to, size_t size)
{
    size_t used = 0;
    const struct platen_word *stack = find(line, "stack", PLATEN_WORD_ROWS);
    const struct platen_word *frame = stack == NULL ? NULL : stack->inside;
    for (; frame != NULL && frame->kind == PLATEN_WORD_TEXT && used < size; frame = frame->next) {
        used += (size_t)snprintf(to + used, size - used, "%s%.*s", used == 0 ? "; stack: " : ", ",
                                 shown(frame), frame->at);
    }
    return used < size ? used : size - 1;
}

/* The fault and what it touched go before the place, the stack behind it. */
static void read_details(const char *text, struct hosted_details *details)
{
    struct platen_line line;
    uint64_t number = 0;
    struct platen_words *words = platen_words_new();
    if (words != NULL && platen_words_read(words, text, strlen(text), 1, &line, NULL)) {
        const struct platen_word *fault = find(&line, "fault", PLATEN_WORD_TEXT);
        const struct platen_word *at = platen_word_named(line.left, "at");
        const struct platen_word *code = platen_word_named(line.left, "code");
        if (fault != NULL) {
            snprintf(details->fault, sizeof details->fault, "%.*s", shown(fault), fault->at);
        }
        details->has_code = code != NULL && platen_word_number(code, &details->code);
        if (at != NULL && platen_word_number(at, &number)) {
            snprintf(details->at, sizeof details->at, "; it touched 0x%llx",
                     (unsigned long long)number);
        }
        put_stack(&line, details->stack, sizeof details->stack);
    }
    platen_words_free(words);
}

void hosted_details_read(const char *text, struct hosted_details *details)
{
    *details = (struct hosted_details){.has_code = false};
    if (text[0] != '\0') {
        read_details(text, details);
    }
}

/* ---- what was called ------------------------------------------------------------------------- */

static const char *result_text(const struct hosted_made *made, char *to, size_t size)
{
    switch (platen_slot_info(made->slot).result) {
    case PLATEN_RESULT_BOOL:
        return made->code != 0 ? "TRUE" : "FALSE";
    case PLATEN_RESULT_VOID:
        return "done";
    case PLATEN_RESULT_CODE:
        snprintf(to, size, "%u", (unsigned)made->code);
        return to;
    default:
        return made->code != 0 ? "not NULL" : "NULL";
    }
}

static size_t put_made(const struct hosted_lane *lane, char *to, size_t size)
{
    char room[16];
    size_t used = 0;
    uint32_t count = lane->made_count < HOSTED_MADE ? lane->made_count : HOSTED_MADE;
    for (uint32_t i = lane->made_count - count; i != lane->made_count && used < size; i++) {
        const struct hosted_made *made = &lane->made[i % HOSTED_MADE];
        used += (size_t)snprintf(
            to + used, size - used, "%s%s -> %s", used == 0 ? "; before it: " : ", ",
            platen_slot_info(made->slot).name, result_text(made, room, sizeof room));
        if (made->times > 1 && used < size) {
            used += (size_t)snprintf(to + used, size - used, " (%u times)", (unsigned)made->times);
        }
    }
    return used < size ? used : size - 1;
}

/* Its memory is still there: this is the thread that made it. */
static size_t put_call(const struct platen_call *call, char *to, size_t size)
{
    static const struct platen_call_form form = {
        .inline_bytes = 24, .rows = 2, .brief = true, .entering = true};
    char line[400];
    struct platen_call bare = *call;
    bare.lane = NULL;
    bare.depth = 0;
    platen_call_print(&bare, &form, line, sizeof line);
    const char *at = strstr(line, platen_slot_info(call->slot).name);
    int used = snprintf(to, size, "; the call: %s", at == NULL ? line : at);
    return used < 0 ? 0 : (size_t)used < size ? (size_t)used : size - 1;
}

void hosted_last_calls(const struct hosted_lane *lane, char *to, size_t size)
{
    size_t used = lane->call == NULL ? 0 : put_call(lane->call, to, size);
    put_made(lane, to + used, size - used);
}
