/* SPDX-License-Identifier: MIT */
#include "tap_reader.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "os/format.h"

struct line {
    const char *text; /* without its blanks and its end */
    size_t length;
    size_t indent;
};

struct reader {
    struct line *lines;
    size_t count;
    size_t at;
    bool failed;
    char *wrong;
    size_t wrong_size;
};

PLATEN_OS_PRINTF(2, 3)
static void fail(struct reader *reader, const char *format, ...)
{
    if (!reader->failed) {
        va_list list;
        int used = snprintf(reader->wrong, reader->wrong_size, "line %zu: ", reader->at + 1);
        va_start(list, format);
        vsnprintf(reader->wrong + used, reader->wrong_size - (size_t)used, format, list);
        va_end(list);
    }
    reader->failed = true;
}

/* The line to be read, if it stands at this depth. */
static const struct line *here(const struct reader *reader, size_t indent)
{
    bool there = !reader->failed && reader->at < reader->count;
    return there && reader->lines[reader->at].indent == indent ? &reader->lines[reader->at] : NULL;
}

/* If the line begins with the word, where it goes on; else NULL. */
static const char *after(const struct line *line, const char *word)
{
    size_t length = strlen(word);
    bool begins = line != NULL && line->length >= length && memcmp(line->text, word, length) == 0;
    return begins ? line->text + length : NULL;
}

static const char *end_of(const struct line *line)
{
    return line->text + line->length;
}

static bool is_all(const struct line *line, const char *word)
{
    return line != NULL && after(line, word) != NULL && line->length == strlen(word);
}

/* A number without sign or leading zero. */
static bool take_number(const char **at, const char *end, json_int_t *number)
{
    const char *first = *at;
    *number = 0;
    while (*at < end && **at >= '0' && **at <= '9' && *at - first < 18) {
        *number = *number * 10 + (*(*at)++ - '0');
    }
    return *at > first && (*first != '0' || *at - first == 1);
}

/* ---- YAML -------------------------------------------------------------------------------------
 */

/* JSON's quoted text is YAML's, for all that may stand in a block. */
static json_t *take_scalar(struct reader *reader, const char *text, size_t length)
{
    json_t *value = json_loadb(text, length, JSON_DECODE_ANY, NULL);
    if (value == NULL || !(json_is_string(value) || json_is_number(value))) {
        json_decref(value);
        fail(reader, "no scalar: %.*s", (int)length, text);
        return NULL;
    }
    return value;
}

static json_t *read_list(struct reader *reader, size_t indent);

/* "key: scalar", or "key:" and a list on the lines below. */
static void read_entry(struct reader *reader, json_t *map, const char *text, const char *end,
                       size_t indent)
{
    const char *colon = memchr(text, ':', (size_t)(end - text));
    char key[64];
    if (colon == NULL || colon == text || (size_t)(colon - text) >= sizeof key ||
        (colon + 1 < end && (colon + 2 == end || colon[1] != ' '))) {
        fail(reader, "no entry: %.*s", (int)(end - text), text);
        return;
    }
    snprintf(key, sizeof key, "%.*s", (int)(colon - text), text);
    if (strspn(key, "abcdefghijklmnopqrstuvwxyz_") != strlen(key) || json_object_get(map, key)) {
        fail(reader, "a bad key or one that is there already: %s", key);
        return;
    }
    json_t *value = NULL;
    if (colon + 1 < end) {
        value = take_scalar(reader, colon + 2, (size_t)(end - colon - 2));
        reader->at++;
    } else {
        reader->at++;
        value = read_list(reader, indent + 2);
    }
    if (value != NULL) {
        json_object_set_new(map, key, value);
    }
}

/* Entries at this depth, up to what is none. */
static void read_map(struct reader *reader, json_t *map, size_t indent)
{
    const struct line *line;
    while ((line = here(reader, indent)) != NULL && !is_all(line, "...") &&
           after(line, "- ") == NULL) {
        read_entry(reader, map, line->text, end_of(line), indent);
    }
}

static json_t *read_list(struct reader *reader, size_t indent)
{
    json_t *list = json_array();
    const struct line *line;
    const char *text;
    while ((line = here(reader, indent)) != NULL && (text = after(line, "- ")) != NULL) {
        json_t *map = json_object();
        read_entry(reader, map, text, end_of(line), indent + 2);
        read_map(reader, map, indent + 2);
        json_array_append_new(list, map);
    }
    if (json_array_size(list) == 0) {
        fail(reader, "an empty list");
    }
    return list;
}

static json_t *read_yaml(struct reader *reader, size_t indent)
{
    json_t *map = json_object();
    reader->at++;
    read_map(reader, map, indent);
    if (!is_all(here(reader, indent), "...")) {
        fail(reader, "the block of YAML does not end");
    }
    reader->at++;
    return map;
}

/* ---- test points ------------------------------------------------------------------------------
 */

/* Text with `\\` and `\#` undone, trimmed; a `#` that is not escaped ends it. Returns where. */
static const char *take_text(struct reader *reader, const char *at, const char *end, json_t *map,
                             const char *key)
{
    char *text = malloc((size_t)(end - at) + 1);
    size_t length = 0;
    while (at < end && *at == ' ') {
        at++;
    }
    while (text != NULL && at < end && *at != '#') {
        if (*at == '\\' && (at + 1 == end || (at[1] != '\\' && at[1] != '#'))) {
            fail(reader, "a backslash that escapes nothing");
        }
        at += *at == '\\';
        text[length++] = *at++;
    }
    while (length > 0 && text[length - 1] == ' ') {
        length--;
    }
    json_object_set_new(map, key, json_stringn(text == NULL ? "" : text, length));
    free(text);
    return at;
}

/* "# SKIP reason", at the end of a test point or of a plan. */
static void take_directive(struct reader *reader, const char *at, const char *end, json_t *point)
{
    static const char *const directives[] = {"SKIP", "\124ODO"};
    for (size_t i = 0; i < 2; i++) {
        if (end - at >= 6 && memcmp(at, "# ", 2) == 0 && memcmp(at + 2, directives[i], 4) == 0 &&
            (at + 6 == end || at[6] == ' ')) {
            json_object_set_new(point, "directive", json_string(directives[i]));
            if (take_text(reader, at + 6, end, point, "reason") != end) {
                fail(reader, "a # in a reason");
            }
            return;
        }
    }
    fail(reader, "no directive: %.*s", (int)(end - at), at);
}

/* "ok 12 - description # SKIP reason", and the block below it. NULL if it is something else. */
static json_t *read_point(struct reader *reader, size_t indent)
{
    const struct line *line = here(reader, indent);
    const char *at = after(line, "ok ");
    bool ok = at != NULL;
    json_int_t number;
    at = ok ? at : after(line, "not ok ");
    if (at == NULL) {
        return NULL;
    }
    json_t *point = json_object();
    json_object_set_new(point, "ok", json_boolean(ok));
    if (!take_number(&at, end_of(line), &number) || end_of(line) - at < 3 ||
        memcmp(at, " - ", 3) != 0) {
        fail(reader, "no number, or no description");
        return point;
    }
    json_object_set_new(point, "number", json_integer(number));
    at = take_text(reader, at + 3, end_of(line), point, "description");
    if (at < end_of(line)) {
        take_directive(reader, at, end_of(line), point);
    }
    reader->at++;
    if (is_all(here(reader, indent + 2), "---")) {
        json_object_set_new(point, "yaml", read_yaml(reader, indent + 2));
    }
    return point;
}

static json_t *read_document(struct reader *reader, size_t indent);

/* "# Subtest: name", the subtest, and the test point that sums it up. */
static json_t *read_subtest(struct reader *reader, size_t indent)
{
    const struct line *line = here(reader, indent);
    const char *name = after(line, "# Subtest: ");
    if (name == NULL) {
        return NULL;
    }
    json_t *names = json_object();
    if (take_text(reader, name, end_of(line), names, "description") != end_of(line)) {
        fail(reader, "a # in the name of a subtest");
    }
    reader->at++;
    json_t *subtest = read_document(reader, indent + 4);
    json_t *point = read_point(reader, indent);
    if (point == NULL) {
        fail(reader, "no test point after the subtest");
        json_decref(subtest);
        json_decref(names);
        return NULL;
    }
    if (!json_equal(json_object_get(point, "description"), json_object_get(names, "description"))) {
        fail(reader, "the test point has another name than its subtest");
    }
    json_object_set_new(point, "subtest", subtest);
    json_decref(names);
    return point;
}

/* ---- documents --------------------------------------------------------------------------------
 */

/* "1..3" or "1..0 # SKIP why". */
static bool read_plan(struct reader *reader, size_t indent, json_t *document)
{
    const struct line *line = here(reader, indent);
    const char *at = after(line, "1..");
    json_int_t plan;
    if (at == NULL) {
        return false;
    }
    if (!take_number(&at, end_of(line), &plan) || json_object_get(document, "plan") != NULL) {
        fail(reader, "a bad plan, or a second one");
        return true;
    }
    json_object_set_new(document, "plan", json_integer(plan));
    at += at < end_of(line) && *at == ' ';
    if (at < end_of(line)) {
        take_directive(reader, at, end_of(line), document);
    }
    reader->at++;
    return true;
}

static bool read_bail_out(struct reader *reader, size_t indent, json_t *document)
{
    const struct line *line = here(reader, indent);
    const char *at = after(line, "Bail out!");
    if (at == NULL) {
        return false;
    }
    take_text(reader, at, end_of(line), document, "bail");
    reader->at++;
    if (indent != 0 || reader->at != reader->count) {
        fail(reader, "something after Bail out!");
    }
    return true;
}

static bool read_comment(struct reader *reader, size_t indent, json_t *document)
{
    const struct line *line = here(reader, indent);
    const char *at = after(line, "# ");
    if (at == NULL) {
        return false;
    }
    json_t *comments = json_object_get(document, "comments");
    json_array_append_new(comments, json_stringn(at, (size_t)(end_of(line) - at)));
    reader->at++;
    return true;
}

static void add_point(struct reader *reader, json_t *document, json_t *point)
{
    json_t *points = json_object_get(document, "points");
    json_array_append_new(points, point);
    if (json_integer_value(json_object_get(point, "number")) !=
        (json_int_t)json_array_size(points)) {
        fail(reader, "the test points are not numbered in order");
    }
    if (json_object_get(document, "plan") != NULL) {
        fail(reader, "a test point after the plan");
    }
}

static void check_document(struct reader *reader, const json_t *document)
{
    const json_t *plan = json_object_get(document, "plan");
    json_int_t points = (json_int_t)json_array_size(json_object_get(document, "points"));
    if (plan == NULL && json_object_get(document, "bail") == NULL) {
        fail(reader, "no plan");
    }
    if (plan != NULL && json_integer_value(plan) != points) {
        fail(reader, "the plan is not what came");
    }
    if (plan != NULL && points == 0 && json_object_get(document, "directive") == NULL) {
        fail(reader, "no tests, and no reason");
    }
}

static json_t *read_document(struct reader *reader, size_t indent)
{
    json_t *document = json_pack("{s:[], s:[]}", "points", "comments");
    while (here(reader, indent) != NULL) {
        json_t *point = read_subtest(reader, indent);
        point = point == NULL && !reader->failed ? read_point(reader, indent) : point;
        if (point != NULL) {
            add_point(reader, document, point);
        } else if (!reader->failed && !read_plan(reader, indent, document) &&
                   !read_bail_out(reader, indent, document) &&
                   !read_comment(reader, indent, document)) {
            fail(reader, "nothing that is known: %.60s", reader->lines[reader->at].text);
        }
    }
    check_document(reader, document);
    return document;
}

static void split(struct reader *reader, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        reader->count += text[i] == '\n';
    }
    reader->lines = calloc(reader->count + 1, sizeof *reader->lines);
    for (size_t i = 0; reader->lines != NULL && i < reader->count; i++) {
        const char *end = strchr(text, '\n');
        size_t indent = strspn(text, " ");
        reader->lines[i] = (struct line){text + indent, (size_t)(end - text) - indent, indent};
        text = end + 1;
    }
}

json_t *tap_read(const char *text, size_t size, char *wrong, size_t wrong_size)
{
    struct reader reader = {.wrong = wrong, .wrong_size = wrong_size};
    if (!is_harmless(text, size, "\n") || size == 0 || text[size - 1] != '\n') {
        fail(&reader, "no lines of text, or control characters in them");
        return NULL;
    }
    split(&reader, text, size);
    if (!is_all(here(&reader, 0), "TAP version 14")) {
        fail(&reader, "it does not begin with its version");
    }
    reader.at++;
    json_t *document = read_document(&reader, 0);
    if (!reader.failed && reader.at != reader.count) {
        fail(&reader, "more than a document");
    }
    free(reader.lines);
    if (reader.failed) {
        json_decref(document);
        return NULL;
    }
    return document;
}
