/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>

#include "call/words.h"
#include "os/file.h"
#include "os/text.h"

struct trial trial;

int trial_setup(void **state)
{
    (void)state;
    trial = (struct trial){.trace = NULL};
    orders = (struct monitor_orders){.port = NULL};
    assert_int_equal(platen_os_make_temporary_folder(trial.folder, sizeof trial.folder), 0);
    snprintf(trial.path, sizeof trial.path, "%s/trace", trial.folder);
    snprintf(trial.timeline, sizeof trial.timeline, "%s/timeline.json", trial.folder);
    return 0;
}

int trial_teardown(void **state)
{
    (void)state;
    free(trial.text);
    free(taken.data);
    taken = (struct monitor_taken){NULL, 0};
    platen_os_remove_folder(trial.folder);
    return 0;
}

void trial_open(bool brief, bool timeline)
{
    struct platen_trace_options options = {
        .path = trial.path, .timeline = timeline ? trial.timeline : NULL, .brief = brief};
    char *complaint;
    uint32_t error = platen_trace_create(&options, &trial.trace, &complaint);
    if (error != 0) {
        fail_msg("%u %s", (unsigned)error, complaint);
    }
    assert_null(complaint);
}

/* Nothing in the text does anything to a terminal. */
static void check_harmless(const char *line)
{
    size_t length = strlen(line);
    size_t room = 8 * length + 1;
    char *shown = malloc(room);
    assert_non_null(shown);
    platen_text_printable(line, length, shown, room);
    assert_string_equal(line, shown);
    free(shown);
}

/* Every line is one that a script could have. */
static void check_readable(struct platen_words *words, const char *text, uint32_t number)
{
    struct platen_line line;
    struct platen_text_error error;
    if (!platen_words_read(words, text, strlen(text), number, &line, &error)) {
        fail_msg("line %u, column %u: %s: %s", (unsigned)error.line, (unsigned)error.column,
                 error.what, text);
    }
    assert_non_null(line.left);
    assert_int_equal(line.right != NULL, strstr(text, " -> ") != NULL);
}

static void split(void)
{
    struct platen_words *words = platen_words_new();
    assert_non_null(words);
    for (char *at = trial.text; *at != '\0';) {
        char *end = strchr(at, '\n');
        assert_non_null(end);
        *end = '\0';
        check_harmless(at);
        check_readable(words, at, (uint32_t)trial.count + 1);
        assert_true(trial.count < TRIAL_LINES);
        trial.lines[trial.count++] = at;
        at = end + 1;
    }
    platen_words_free(words);
}

void trial_close(void)
{
    char *complaint;
    size_t size;
    uint32_t error = platen_trace_close(trial.trace, &complaint);
    if (error != 0) {
        fail_msg("%u %s", (unsigned)error, complaint);
    }
    assert_int_equal(platen_os_file_load(trial.path, 64u << 20, &trial.text, &size), 0);
    assert_int_equal(strlen(trial.text), size);
    split();
    assert_true(trial.count > 0);
}

const char *trial_line(const char *text)
{
    for (size_t i = 0; i < trial.count; i++) {
        if (strstr(trial.lines[i], text) != NULL) {
            return trial.lines[i];
        }
    }
    fail_msg("no line has: %s", text);
    return NULL;
}

size_t trial_count(const char *text)
{
    size_t count = 0;
    for (size_t i = 0; i < trial.count; i++) {
        count += strstr(trial.lines[i], text) != NULL;
    }
    return count;
}

void trial_expect(size_t line, const char *begin)
{
    assert_true(line < trial.count);
    if (strncmp(trial.lines[line], begin, strlen(begin)) != 0) {
        fail_msg("line %u is: %s, and not: %s", (unsigned)line, trial.lines[line], begin);
    }
}

char *trial_file(const char *name, size_t *size)
{
    char path[800];
    char *data;
    snprintf(path, sizeof path, "%s.data/%s", trial.path, name);
    assert_int_equal(platen_os_file_load(path, 64u << 20, &data, size), 0);
    return data;
}
