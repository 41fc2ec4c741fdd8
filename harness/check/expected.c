/* SPDX-License-Identifier: MIT
 *
 * The file of findings that are expected: a rule a line, with SHOULD behind it if only what is a
 * SHOULD of it is meant, and the reason behind a #.
 *
 *     R12              # the driver of 2009 writes one byte too far
 *     R15 SHOULD       # never meets a Windows spooler
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/inside.h"
#include "os/file.h"

#define LARGEST (1u << 20)

struct reading {
    const struct check *check;
    const char *path;
    unsigned line;
    struct check_expected *expected;
};

static bool wrong(const struct reading *reading, const char *what, const char *word, size_t length)
{
    check_complain(reading->check, "%s:%u: %s%s%.*s%s", reading->path, reading->line, what,
                   length == 0 ? "" : ": '", (int)length, word, length == 0 ? "" : "'");
    return false;
}

static size_t word_at(const char **at, const char *end)
{
    while (*at < end && isblank((unsigned char)**at)) {
        (*at)++;
    }
    size_t length = 0;
    while (*at + length < end && !isblank((unsigned char)(*at)[length]) && (*at)[length] != '#') {
        length++;
    }
    return length;
}

/* What stands behind the #, without blanks around it. */
static const char *read_reason(const struct reading *reading, const char *at, const char *end)
{
    while (at < end && (isblank((unsigned char)*at) || *at == '#')) {
        at++;
    }
    while (end > at && isspace((unsigned char)end[-1])) {
        end--;
    }
    return at == end ? NULL : check_print(&reading->expected->texts, "%.*s", (int)(end - at), at);
}

static bool is_known(const struct check_expected *expected, int rule, bool should)
{
    for (size_t i = 0; i < expected->count; i++) {
        if (expected->list[i].rule == rule && expected->list[i].should == should) {
            return true;
        }
    }
    return false;
}

static bool read_rule(const struct reading *reading, const char *at, const char *end)
{
    struct check_expected *expected = reading->expected;
    char name[8] = "";
    bool should = false;
    size_t length = word_at(&at, end);
    if (length < sizeof name) {
        memcpy(name, at, length);
    }
    const struct platen_rule *rule = platen_rule_find(name);
    if (rule == NULL || rule->number > PLATEN_CHECK_RULES) {
        return wrong(reading, "this is no rule for monitors (R1 to R82)", at, length);
    }
    at += length;
    length = word_at(&at, end);
    if (length > 0) {
        should = length == 6 && memcmp(at, "SHOULD", 6) == 0;
        if (!should) {
            return wrong(reading, "behind a rule stands nothing, SHOULD, or # and the reason", at,
                         length);
        }
        at += length;
        length = word_at(&at, end);
    }
    if (length > 0) {
        return wrong(reading, "one rule a line", at, length);
    }
    if (is_known(expected, rule->number, should)) {
        return wrong(reading, "it stands here twice", rule->id, strlen(rule->id));
    }
    if (expected->count == EXPECTED_MOST) {
        return wrong(reading, "too many lines", "", 0);
    }
    expected->list[expected->count].rule = rule->number;
    expected->list[expected->count].should = should;
    expected->list[expected->count].line = reading->line;
    expected->list[expected->count++].reason = read_reason(reading, at, end);
    return true;
}

static bool read_lines(struct reading *reading, const char *text, size_t size)
{
    const char *end = text + size;
    bool fine = true;
    while (text < end) {
        const char *line_end = memchr(text, '\n', (size_t)(end - text));
        const char *stop = line_end == NULL ? end : line_end;
        const char *word = text;
        const char *last = stop > text && stop[-1] == '\r' ? stop - 1 : stop;
        reading->line++;
        if (word_at(&word, last) > 0) {
            fine = read_rule(reading, text, last) && fine;
        }
        text = stop + 1;
    }
    return fine;
}

bool expected_read(const struct check *check, const char *path, struct check_expected *expected)
{
    struct reading reading = {.check = check, .path = path, .expected = expected};
    char *text = NULL;
    size_t size = 0;
    *expected = (struct check_expected){.count = 0};
    if (path == NULL) {
        return true;
    }
    if (platen_os_file_load(path, LARGEST, &text, &size) != 0) {
        check_complain(check, "%s cannot be read", path);
        return false;
    }
    bool fine = read_lines(&reading, text, size);
    free(text);
    return fine;
}
