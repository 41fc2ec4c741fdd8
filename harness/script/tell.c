/* SPDX-License-Identifier: MIT
 *
 * What goes to the report.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "os/text.h"
#include "script/inside.h"

#define SHOWN 400 /* bytes of a line, of what was expected */

static void cut(char *to, size_t size, const char *from, size_t length)
{
    size_t part = length < size - 4 ? length : size - 4;
    memcpy(to, from, part);
    strcpy(to + part, part < length ? "..." : "");
}

/* A command line; `cut` where it had no room, because half of one is none. */
struct command {
    char *to;
    size_t size;
    size_t used;
    bool cut;
};

static void put(struct command *command, const char *text, size_t length)
{
    command->cut = command->cut || length >= command->size - command->used;
    if (!command->cut) {
        memcpy(command->to + command->used, text, length);
        command->used += length;
    }
    command->to[command->cut ? 0 : command->used] = '\0';
}

/* For a shell: quoted unless it is plain. */
static void put_word(struct command *command, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:=,+%@";
    put(command, " ", 1);
    if (*word != '\0' && strspn(word, plain) == strlen(word)) {
        put(command, word, strlen(word));
        return;
    }
    put(command, "'", 1);
    for (; *word != '\0'; word++) {
        put(command, *word == '\'' ? "'\\''" : word, *word == '\'' ? 4 : 1);
    }
    put(command, "'", 1);
}

static void put_number(struct command *command, const char *option, uint64_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    put_word(command, option);
    put_word(command, text);
}

/* The bytes of the character that begins there. */
static size_t character(const char *at)
{
    size_t bytes = 1;
    while (((unsigned char)at[bytes] & 0xc0) == 0x80) {
        bytes++;
    }
    return bytes;
}

/* A name as a pattern that means itself. What a report writes as an escape stands for any unit, so
 * that the line can be taken from there; the end of a long name for any end. */
static void as_pattern(const char *name, char *to, size_t size)
{
    size_t used = 0;
    while (*name != '\0' && used + 6 < size) {
        char shown[16];
        size_t bytes = character(name);
        size_t length = platen_text_printable(name, bytes, shown, sizeof shown);
        if (strchr("*?[", *name) != NULL) {
            used += (size_t)snprintf(to + used, size - used, "[%c]", *name);
        } else if (*name == '\\' || length != bytes || memcmp(shown, name, bytes) != 0) {
            used += (size_t)snprintf(to + used, size - used, bytes == 4 ? "??" : "?");
        } else {
            memcpy(to + used, name, bytes);
            used += bytes;
        }
        name += bytes;
    }
    strcpy(to + used, *name == '\0' ? "" : "*");
}

void script_repeat_line(const struct script_test *test, char *to, size_t size)
{
    const struct platen_script_options *options = test->run->options;
    struct command command = {.to = to, .size = size};
    char pattern[256];

    put(&command, options->program, strlen(options->program));
    put_word(&command, test->path);
    if (test->node != NULL) {
        as_pattern(test->name, pattern, sizeof pattern);
        put_word(&command, "--only");
        put_word(&command, pattern);
    }
    if (options->monitor != NULL) {
        put_word(&command, "--monitor");
        put_word(&command, options->monitor);
    }
    if (options->language != NULL) {
        put_word(&command, "--language");
        put_word(&command, options->language);
    }
    if (options->registry != NULL) {
        put_word(&command, "--registry");
        put_word(&command, options->registry);
    }
    if (options->seed != 0) {
        put_number(&command, "--seed", options->seed);
    }
    if (options->timeout >= SECOND) {
        put_number(&command, "--timeout", options->timeout / SECOND);
    }
}

void script_tell_check(struct script_lane *lane, const struct script_told *told)
{
    struct script_test *test = lane->test;
    const struct script_node *node = lane->node;
    char name[SHOWN];
    char expected[SHOWN] = "";
    char repeat[SCRIPT_REPEAT] = "";
    bool fine = told->verdict == PLATEN_REPORT_PASS;

    atomic_fetch_add(&test->checks, 1);
    atomic_fetch_add(&test->failed, fine ? 0 : 1);
    const char *text = node->text + strspn(node->text, " \t");
    cut(name, sizeof name, text, node->length - (size_t)(text - node->text));
    if (told->expected != NULL) {
        cut(expected, sizeof expected, told->expected,
            told->expected_length == SIZE_MAX ? strlen(told->expected) : told->expected_length);
    }
    if (test->run->listener != NULL) {
        test->run->listener->check(test->run->listener->context, lane, told);
        return;
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
                           .repeat = *repeat == '\0' ? NULL : repeat,
                       });
}

void script_tell_log(struct script_test *test, const struct script_node *node,
                     enum platen_report_level level, const char *text)
{
    if (test->run->listener != NULL) {
        return;
    }
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
