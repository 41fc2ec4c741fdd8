/* SPDX-License-Identifier: MIT
 *
 * What goes to the report.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "script/inside.h"

#define SHOWN 400 /* bytes of a line, of what was expected */

static void cut(char *to, size_t size, const char *from, size_t length)
{
    size_t part = length < size - 4 ? length : size - 4;
    memcpy(to, from, part);
    strcpy(to + part, part < length ? "..." : "");
}

/* For a shell: quoted unless it is plain. */
static size_t put_word(char *to, size_t size, size_t used, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:=,+%@";
    if (used >= size) {
        return used;
    }
    if (*word != '\0' && strspn(word, plain) == strlen(word)) {
        return used + (size_t)snprintf(to + used, size - used, " %s", word);
    }
    used += (size_t)snprintf(to + used, size - used, " '");
    for (; *word != '\0' && used + 5 < size; word++) {
        used += (size_t)snprintf(to + used, size - used, *word == '\'' ? "'\\''" : "%c", *word);
    }
    return used + (size_t)snprintf(to + used, size - used, "'");
}

/* A name as a pattern that means itself. */
static void as_pattern(const char *name, char *to, size_t size)
{
    size_t used = 0;
    for (; *name != '\0' && used + 4 < size; name++) {
        bool special = strchr("*?[", *name) != NULL;
        used += (size_t)snprintf(to + used, size - used, special ? "[%c]" : "%c", *name);
    }
    to[used] = '\0';
}

void script_repeat_line(const struct script_test *test, char *to, size_t size)
{
    const struct platen_script_options *options = test->run->options;
    char pattern[256];
    size_t used = (size_t)snprintf(to, size, "%s", options->program);

    used = put_word(to, size, used, test->path);
    if (test->node != NULL) {
        as_pattern(test->name, pattern, sizeof pattern);
        used = put_word(to, size, used, "--only");
        used = put_word(to, size, used, pattern);
    }
    if (options->seed != 0 && used < size) {
        snprintf(to + used, size - used, " --seed %llu", (unsigned long long)options->seed);
    }
}

void script_tell_check(struct script_lane *lane, const struct script_told *told)
{
    struct script_test *test = lane->test;
    const struct script_node *node = lane->node;
    char name[SHOWN];
    char expected[SHOWN] = "";
    char repeat[1024] = "";
    bool fine = told->verdict == PLATEN_REPORT_PASS;

    atomic_fetch_add(&test->checks, 1);
    atomic_fetch_add(&test->failed, fine ? 0 : 1);
    const char *text = node->text + strspn(node->text, " \t");
    cut(name, sizeof name, text, node->length - (size_t)(text - node->text));
    if (told->expected != NULL) {
        cut(expected, sizeof expected, told->expected,
            told->expected_length == SIZE_MAX ? strlen(told->expected) : told->expected_length);
    }
    if (!fine) {
        script_repeat_line(test, repeat, sizeof repeat);
    }
    platen_report_tell(test->run->report,
                       &(struct platen_report_event){
                           .kind = PLATEN_REPORT_CHECK,
                           .verdict = told->verdict,
                           .name = name,
                           .place = {.file = node->file == NULL ? test->path : node->file->path,
                                     .line = node->line,
                                     .column = told->column},
                           .expected = told->expected == NULL ? NULL : expected,
                           .got = told->got,
                           .text = told->text,
                           .repeat = fine ? NULL : repeat,
                       });
}

void script_tell_log(struct script_test *test, const struct script_node *node,
                     enum platen_report_level level, const char *text)
{
    platen_report_tell(
        test->run->report,
        &(struct platen_report_event){
            .kind = PLATEN_REPORT_LOG,
            .level = level,
            .text = text,
            .place = {.file = node == NULL || node->file == NULL ? NULL : node->file->path,
                      .line = node == NULL ? 0 : node->line},
        });
}

void script_break_line(struct script_lane *lane, const char *format, ...)
{
    char text[512];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    script_tell_check(lane, &(struct script_told){.verdict = PLATEN_REPORT_ERROR, .text = text});
    script_break(lane->test, SCRIPT_BROKEN, "line %u: %s",
                 lane->node == NULL ? 0 : (unsigned)lane->node->line, text);
}

void script_break_error(struct script_lane *lane)
{
    script_tell_check(lane, &(struct script_told){.verdict = PLATEN_REPORT_ERROR,
                                                  .column = lane->error.column,
                                                  .text = lane->error.what});
    script_break(lane->test, SCRIPT_BROKEN, "line %u: %s",
                 lane->node == NULL ? 0 : (unsigned)lane->node->line, lane->error.what);
}
