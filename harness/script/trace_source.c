/* SPDX-License-Identifier: MIT
 *
 * A trace as lines.
 */
#include <stdlib.h>
#include <string.h>

#include "os/file.h"
#include "script/trace.h"

#define ROOM     (256u * 1024)
#define PER_LINE (MILLISECOND / 5) /* at most; what a call waits for comes on top */

struct trace_source {
    platen_os_file file;
    char *bytes;
    size_t room;
    size_t begin; /* of what has not been given out */
    size_t end;
    bool ended; /* the file is read */
};

struct trace_source *trace_source_open(const char *path, uint32_t *error)
{
    struct trace_source *source = calloc(1, sizeof *source);
    if (source != NULL) {
        source->room = ROOM;
        source->bytes = malloc(source->room);
    }
    if (source == NULL || source->bytes == NULL) {
        free(source);
        *error = PLATEN_NOT_ENOUGH_MEMORY;
        return NULL;
    }
    *error = platen_os_file_open_read(path, &source->file);
    if (*error != 0) {
        free(source->bytes);
        free(source);
        return NULL;
    }
    return source;
}

void trace_source_close(struct trace_source *source)
{
    if (source != NULL) {
        platen_os_file_close(source->file);
        free(source->bytes);
        free(source);
    }
}

static uint32_t fill(struct trace_source *source)
{
    size_t moved = 0;

    memmove(source->bytes, source->bytes + source->begin, source->end - source->begin);
    source->end -= source->begin;
    source->begin = 0;
    if (source->end == source->room) {
        char *more =
            source->room > PLATEN_WORDS_LONG ? NULL : realloc(source->bytes, 2 * source->room);
        if (more == NULL) {
            return PLATEN_FILE_TOO_LARGE;
        }
        source->bytes = more;
        source->room *= 2;
    }
    uint32_t error = platen_os_file_read(source->file, source->bytes + source->end,
                                         source->room - source->end, &moved);
    source->end += moved;
    source->ended = error == 0 && moved == 0;
    return error;
}

const char *trace_source_next(struct trace_source *source, size_t *length, uint32_t *error)
{
    size_t searched = 0;

    *error = 0;
    for (;;) {
        char *from = source->bytes + source->begin;
        size_t left = source->end - source->begin;
        char *newline = memchr(from + searched, '\n', left - searched);
        if (newline != NULL || source->ended) {
            *length = newline == NULL ? left : (size_t)(newline - from);
            source->begin += *length + (newline != NULL);
            bool carriage = *length > 0 && from[*length - 1] == '\r';
            *length -= carriage ? 1 : 0;
            return newline == NULL && left == 0 ? NULL : from;
        }
        searched = left;
        *error = fill(source);
        if (*error != 0) {
            return NULL;
        }
    }
}

/* ---- what lines are -------------------------------------------------------------------------- */

enum trace_form trace_form_of(const char *line, size_t length)
{
    static const char *const first[] = {
        [TRACE_WHOLE] = "platen-trace 1",
        [TRACE_OUTSIDE] = "platen-trace 1 outside",
        [TRACE_BRIEF] = "platen-trace 1 brief",
    };
    enum trace_form form = TRACE_BRIEF;

    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\r')) {
        length--;
    }
    while (form != TRACE_NONE &&
           (strlen(first[form]) != length || memcmp(line, first[form], length) != 0)) {
        form--;
    }
    return form;
}

bool script_is_trace(const char *path)
{
    uint32_t error;
    struct trace_source *source = trace_source_open(path, &error);
    size_t length = 0;
    const char *line = source == NULL ? NULL : trace_source_next(source, &length, &error);
    bool trace = line != NULL && length >= 12 && memcmp(line, "platen-trace", 12) == 0;
    trace_source_close(source);
    return trace;
}

void trace_times(const struct platen_line *line, uint64_t *at, uint64_t *end)
{
    const struct platen_word *began = platen_word_named(line->right, "at");
    const struct platen_word *took = platen_word_named(line->right, "took");
    uint64_t span = 0;

    *at = 0;
    if (began == NULL || !platen_word_seconds(began, at) || took == NULL ||
        !platen_word_seconds(took, &span)) {
        *end = UINT64_MAX; /* it never returned: nobody waits for it */
        return;
    }
    *end = *at + span;
}

bool trace_is_back(enum platen_slot slot)
{
    enum platen_table table = platen_slot_info(slot).table;
    return table == PLATEN_TABLE_REGISTRY || table == PLATEN_TABLE_WINSPOOL;
}

/* ---- checking -------------------------------------------------------------------------------- */

struct check {
    const char *path;
    struct script_complaints *complaints;
    struct platen_words *words;
    uint32_t wrong;
    uint64_t lines;
    uint64_t last; /* when the last call ended */
};

static void complain(struct check *check, uint32_t line, uint32_t column, const char *what)
{
    struct platen_text_error error;
    platen_text_fail(&error, line, column, "%s", what);
    script_complain(check->complaints, check->path, &error);
    check->wrong++;
}

static void check_line(struct check *check, const char *text, size_t length, uint32_t number)
{
    struct script_statement statement;
    struct platen_text_error error;
    const struct platen_word *head;

    if (!script_statement_read(check->words, text, length, number, &statement, &error) ||
        (statement.parts.slot != PLATEN_SLOT_COUNT && statement.line.arrow != 0 &&
         !platen_match_check(statement.parts.slot, statement.line.right, &error))) {
        script_complain(check->complaints, check->path, &error);
        check->wrong++;
        return;
    }
    head = statement.parts.head;
    if (head == NULL) {
        return;
    }
    uint64_t at;
    uint64_t end;
    trace_times(&statement.line, &at, &end);
    check->last = end != UINT64_MAX && end > check->last ? end : check->last;
    check->lines++;
    if (statement.verb != NULL && (statement.verb->traits & SCRIPT_TRACE) == 0) {
        complain(check, number, head->column, "this verb does not stand in a trace");
    } else if (statement.verb == NULL && statement.parts.lane == NULL) {
        complain(check, number, head->column, "a line of a trace begins with its lane");
    } else if (statement.verb == NULL && statement.line.arrow == 0) {
        complain(check, number, head->column, "a line of a trace says what came of the call");
    }
}

void script_trace_check(const char *path, struct script_complaints *complaints, uint64_t *patience)
{
    struct check check = {.path = path, .complaints = complaints, .words = platen_words_new()};
    uint32_t error;
    struct trace_source *source = trace_source_open(path, &error);
    const char *line;
    size_t length;
    enum trace_form form = TRACE_NONE;

    if (source == NULL || check.words == NULL) {
        complain(&check, 0, 0, "it cannot be read");
    }
    for (uint32_t number = 1; check.wrong < SCRIPT_COMPLAINTS_SHOWN && source != NULL &&
                              (line = trace_source_next(source, &length, &error)) != NULL;
         number++) {
        if (number > 1) {
            check_line(&check, line, length, number);
        } else if ((form = trace_form_of(line, length)) == TRACE_NONE) {
            complain(&check, 1, 1, "traces of this form are not known: platen-trace 1");
            break;
        } else if (form == TRACE_BRIEF) {
            complain(&check, 1, 1,
                     "a brief trace cannot be run: what was printed is not recorded in it");
            break;
        }
    }
    if (error != 0 && source != NULL) {
        complain(&check, 0, 0, "it cannot be read to its end");
    }
    trace_source_close(source);
    platen_words_free(check.words);
    *patience = check.lines * PER_LINE + 4 * check.last;
}
