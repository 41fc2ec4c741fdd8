/* SPDX-License-Identifier: MIT
 *
 * What a session hears of its test, on the test's threads, and what it tells its user of that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/print.h"
#include "script/session_inside.h"

#define MOST_FOUND 100 /* findings that wait for somebody who listens */

static char *copy_of(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

/* ---- checks ---------------------------------------------------------------------------------- */

static void tell(platen_session *session, const struct platen_session_check *check)
{
    platen_os_mutex_lock(&session->telling);
    if (session->listens && session->options.told != NULL) {
        session->options.told(session->options.context, check);
    }
    platen_os_mutex_unlock(&session->telling);
}

static void on_check(void *context, struct script_lane *lane, const struct script_told *told)
{
    platen_session *session = context;
    const struct script_node *node = lane->node;
    const char *text = node == NULL ? "" : node->text + strspn(node->text, " \t");
    size_t length = node == NULL ? 0 : node->length - (size_t)(text - node->text);
    size_t expected = told->expected == NULL              ? 0
                      : told->expected_length == SIZE_MAX ? strlen(told->expected)
                                                          : told->expected_length;
    char *line = copy_of(text, length);
    char *words = told->expected == NULL ? NULL : copy_of(told->expected, expected);
    struct platen_session_check check = {
        .verdict = told->verdict,
        .line = line == NULL ? "" : line,
        .line_number = node == NULL ? 0 : node->line,
        .column = told->column,
        .expected = words,
        .got = told->got,
        .why = told->text,
        .lane = lane->name,
        .dead = atomic_load(&session->test.dead),
        .mark = session_lines_count(&session->lines),
    };
    tell(session, &check);
    free(line);
    free(words);
}

/* ---- events ---------------------------------------------------------------------------------- */

/* With `telling` held. */
static void keep_found(platen_session *session, const char *text)
{
    unsigned count = 0;
    for (const struct session_found *at = session->found; at != NULL; at = at->next) {
        count++;
    }
    struct session_found *found =
        count == MOST_FOUND ? NULL : malloc(sizeof *found + strlen(text) + 1);
    if (found != NULL) {
        found->next = NULL;
        strcpy(found->text, text);
        *session->last_found = found;
        session->last_found = &found->next;
    }
}

static void on_event(void *context, const struct platen_event *event)
{
    platen_session *session = context;
    if (event->kind != PLATEN_EVENT_FINDING) {
        return;
    }
    session_lines_add(&session->lines, PLATEN_SESSION_FOUND,
                      copy_of(event->text, strlen(event->text)));
    platen_os_mutex_lock(&session->telling);
    if (!session->listens) {
        keep_found(session, event->text);
    } else if (session->options.found != NULL) {
        session->options.found(session->options.context, event->text);
    }
    platen_os_mutex_unlock(&session->telling);
    if (event->error == PLATEN_PROCESS_ABORTED) {
        script_break(&session->test, SCRIPT_BROKEN, "%s", event->text);
    }
}

void session_found_free(platen_session *session)
{
    while (session->found != NULL) {
        struct session_found *found = session->found;
        session->found = found->next;
        free(found);
    }
    session->last_found = &session->found;
}

void session_listen(platen_session *session, bool listens)
{
    platen_os_mutex_lock(&session->telling);
    session->listens = listens;
    for (const struct session_found *at = session->found; at != NULL && listens; at = at->next) {
        if (session->options.found != NULL) {
            session->options.found(session->options.context, at->text);
        }
    }
    if (listens) {
        session_found_free(session);
    }
    platen_os_mutex_unlock(&session->telling);
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Whoever looks for one port in a list must see them all. */
#define ALL_ROWS 4096u
#define WHOLE    100000u /* bytes */

static void on_verb(void *context, const struct script_node *node)
{
    platen_session *session = context;
    if (node->above == NULL && node->verb->id != SCRIPT_VERB_include) {
        session_lines_add(&session->lines, PLATEN_SESSION_VERB, session_block(node));
    }
}

/* "lane: left -> right"; the lane only inside of a block, whose lines do not name it. */
static char *line_of(const struct script_lane *lane, const char *right)
{
    const struct script_node *node = lane->node;
    const char *text = node->text + strspn(node->text, " \t");
    size_t length = session_left(text, node->length - (size_t)(text - node->text));
    size_t size = strlen(lane->name) + length + strlen(right) + 16;
    char *line = malloc(size);

    if (line != NULL) {
        snprintf(line, size, "%s%s%.*s -> %s", node->above == NULL ? "" : lane->name,
                 node->above == NULL ? "" : ": ", (int)length, text, right);
    }
    return line;
}

static size_t on_entering(void *context, struct script_lane *lane, struct platen_call *call)
{
    platen_session *session = context;
    bool inner = lane->node->above != NULL;

    call->wanted = (uint16_t)(PLATEN_FACTS_ALL | atomic_load(&session->wanted));
    call->facts = &lane->facts;
    platen_facts_begin(&lane->facts, call, atomic_load(&session->table));
    platen_os_mutex_lock(&session->telling);
    session->last = (struct platen_session_call){.slot = call->slot};
    session->has_last = true;
    platen_os_mutex_unlock(&session->telling);
    return session_lines_add(&session->lines, inner ? PLATEN_SESSION_INNER : PLATEN_SESSION_CALL,
                             line_of(lane, "?"));
}

static uint64_t result_of(const struct platen_call *call)
{
    enum platen_result result = platen_slot_info(call->slot).result;
    bool pointer = result == PLATEN_RESULT_HANDLE || result == PLATEN_RESULT_TABLE;
    return pointer ? (uint64_t)(uintptr_t)call->result.pointer : call->result.code;
}

static void on_compared(void *context, struct script_lane *lane, const struct platen_call *call,
                        size_t number)
{
    platen_session *session = context;
    struct platen_call_form form;
    char *right = malloc(WHOLE);

    if (right != NULL) {
        script_form(lane, &form);
        form.rows = ALL_ROWS;
        platen_call_print_right(call, &form, right, WHOLE);
        session_lines_replace(&session->lines, number, line_of(lane, right));
    }
    free(right);
}

static void on_ran(void *context, struct script_lane *lane, const struct platen_call *call)
{
    platen_session *session = context;

    platen_facts_look(&lane->facts, call);
    platen_os_mutex_lock(&session->telling);
    session->last = (struct platen_session_call){
        .slot = call->slot,
        .result = result_of(call),
        .last_error = call->last_error,
        .nanoseconds = call->end - call->begin,
        .facts = lane->facts,
        .facts_known = lane->facts.known,
    };
    uint64_t *longest = &session->longest[call->slot];
    *longest = call->end - call->begin > *longest ? call->end - call->begin : *longest;
    platen_os_mutex_unlock(&session->telling);
}

static void on_other(void *context, const struct platen_call *call)
{
    platen_session *session = context;
    enum platen_table table = platen_slot_info(call->slot).table;
    /* A language monitor's calls of its port monitor are a monitor's own, too. */
    bool back = table == PLATEN_TABLE_REGISTRY || table == PLATEN_TABLE_WINSPOOL || call->depth > 0;
    const struct platen_call_form form = {.inline_bytes = 32, .rows = 8};
    char line[1024];

    if (call->slot == PLATEN_SLOT_InitializePrintMonitor2) {
        atomic_store(&session->table, call->result.pointer);
    }
    platen_call_print(call, &form, line, sizeof line);
    session_lines_add(&session->lines, back ? PLATEN_SESSION_BACK : PLATEN_SESSION_MADE,
                      copy_of(line, strlen(line)));
}

struct script_listener session_listener(platen_session *session)
{
    return (struct script_listener){
        .context = session,
        .check = on_check,
        .event = on_event,
        .verb = on_verb,
        .entering = on_entering,
        .ran = on_ran,
        .compared = on_compared,
        .other = on_other,
    };
}
