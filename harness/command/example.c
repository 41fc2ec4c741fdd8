/* SPDX-License-Identifier: MIT */
#include "command/example.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "embedded.h"

extern const struct platen_embedded command_monitors[]; /* tests/contract, all files */

/* A piece of a text. */
struct piece {
    const char *text;
    size_t length;
};

static char *copy_of(struct piece piece)
{
    char *copy = piece.text == NULL ? NULL : malloc(piece.length + 1);
    if (copy != NULL) {
        memcpy(copy, piece.text, piece.length);
        copy[piece.length] = '\0';
    }
    return copy;
}

static const struct platen_embedded *find_file(const char *name)
{
    const struct platen_embedded *file = command_monitors;
    while (file->name != NULL && strcmp(file->name, name) != 0) {
        file++;
    }
    return file->name == NULL ? NULL : file;
}

const struct platen_embedded *example_broken(int rule, const struct platen_embedded *last)
{
    const struct platen_embedded *file = last == NULL ? command_monitors : last + 1;
    char beginning[24];
    snprintf(beginning, sizeof beginning, "broken_r%02d_", rule);
    while (file->name != NULL && strncmp(file->name, beginning, strlen(beginning)) != 0) {
        file++;
    }
    return file->name == NULL ? NULL : file;
}

/* ---- the broken one ----------------------------------------------------------------------------
 */

char *example_why(const struct platen_embedded *file)
{
    const char *at = strstr(file->text, "Breaks R");
    const char *end = strstr(file->text, "*/");
    at = at == NULL ? NULL : strstr(at, ": ");
    if (at == NULL || end == NULL || at > end) {
        return NULL;
    }
    at += strlen(": ");
    char *why = copy_of((struct piece){at, (size_t)(end - at)});
    size_t length = 0;
    for (const char *from = why; from != NULL && *from != '\0'; from++) {
        bool blank = strchr(" *\n", *from) != NULL; /* of the comment's own making, too */
        if (!blank || (length > 0 && why[length - 1] != ' ')) {
            why[length++] = blank ? ' ' : *from;
        }
    }
    if (why != NULL) {
        why[length - (length > 0 && why[length - 1] == ' ')] = '\0';
    }
    return why;
}

/* Is it a line of the making, not of the monitor? */
static bool is_scaffold(struct piece line)
{
    static const char *const words[] = {"#include",          "#ifndef STYLE",     "#endif",
                                        "#    define STYLE", "#define OWN_ENTRY", "#define STYLE"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        if (line.length >= length && strncmp(line.text, words[i], length) == 0) {
            return true;
        }
    }
    return false;
}

char *example_code(const struct platen_embedded *file)
{
    const char *at = strstr(file->text, "*/\n");
    char *code = malloc(file->size + 1);
    size_t length = 0;
    at = at == NULL ? file->text : at + strlen("*/\n");
    while (code != NULL && *at != '\0') {
        struct piece line = {at, strcspn(at, "\n")};
        at += line.length + (at[line.length] == '\n');
        bool gap = line.length == 0 && (length == 0 || (length > 1 && code[length - 2] == '\n'));
        if (gap || is_scaffold(line)) {
            continue;
        }
        memcpy(code + length, line.text, line.length);
        length += line.length;
        code[length++] = '\n';
    }
    if (code != NULL) {
        code[length] = '\0';
    }
    return code;
}

/* ---- the right one -----------------------------------------------------------------------------
 */

static const struct right {
    int rule;
    const char *file;
    const char *name;
} rights[] = {
#define PLATEN_RIGHT(rule, file, name) {rule, file, name},
#include "command/examples.def"
#undef PLATEN_RIGHT
};

static const char *line_of(const char *text, const char *at)
{
    while (at > text && at[-1] != '\n') {
        at--;
    }
    return at;
}

/* Is this where the function or table of that name is defined, not where it is used? */
static bool is_defined(const char *line, const char *at, const char *name)
{
    const char *after = at + strlen(name);
    bool whole = strncmp(at, name, strlen(name)) == 0 && at > line &&
                 strchr(" *", at[-1]) != NULL &&
                 (*after == '(' || strncmp(after, " = {", strlen(" = {")) == 0);
    return whole && strchr(" #/", *line) == NULL && at[strcspn(at, "{;")] == '{';
}

/* The text of the function or table, to the line with its last brace. */
static struct piece find_definition(const char *text, const char *name)
{
    for (const char *at = strstr(text, name); at != NULL; at = strstr(at + 1, name)) {
        const char *line = line_of(text, at);
        const char *end = strstr(at, "\n}");
        if (is_defined(line, at, name) && end != NULL) {
            return (struct piece){line, (size_t)(end - line) + 1 + strcspn(end + 1, "\n")};
        }
    }
    return (struct piece){NULL, 0};
}

char *example_right(int rule, const char **file)
{
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) {
        const struct platen_embedded *good = find_file(rights[i].file);
        if (rights[i].rule == rule && good != NULL) {
            *file = good->name;
            return copy_of(find_definition(good->text, rights[i].name));
        }
    }
    *file = NULL;
    return NULL;
}
