/* SPDX-License-Identifier: MIT
 *
 * What stands behind $name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/inside.h"

static unsigned row_of(const char *name, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)name[i]) * 16777619u;
    }
    return (hash ^ hash >> 16) % SCRIPT_NAME_ROWS;
}

struct script_name *script_name_find(struct script_test *test, const char *name, size_t length)
{
    struct script_name *at = test->names[row_of(name, length)];
    while (at != NULL && (at->length != length || memcmp(at->name, name, length) != 0)) {
        at = at->next;
    }
    return at;
}

static void empty(struct script_name *name)
{
    platen_words_free(name->words);
    free(name->raw);
    name->words = NULL;
    name->raw = NULL;
    name->word = NULL;
    name->sort = SCRIPT_WORD;
    memset(&name->is, 0, sizeof name->is);
}

struct script_name *script_name_make(struct script_test *test, const char *name, size_t length)
{
    struct script_name **row = &test->names[row_of(name, length)];
    struct script_name *made = script_name_find(test, name, length);

    if (made != NULL && !test->parallel) {
        empty(made);
        return made;
    }
    /* Beside other lanes a name that stood for something is hidden, not changed: a line that is
     * being run elsewhere may still lead to it. */
    made = calloc(1, sizeof *made + length + 1);
    if (made == NULL) {
        return NULL;
    }
    made->name = (char *)(made + 1);
    memcpy(made->name, name, length);
    made->length = length;
    made->next = *row;
    *row = made;
    return made;
}

bool script_name_set(struct script_name *name, const char *raw, size_t length)
{
    struct platen_line line;

    if (name->words == NULL) {
        name->words = platen_words_new();
    }
    char *copy = malloc(length + 1);
    if (name->words == NULL || copy == NULL) {
        free(copy);
        return false;
    }
    memcpy(copy, raw, length);
    copy[length] = '\0';
    free(name->raw);
    name->raw = copy;
    name->word = NULL;
    if (platen_words_read(name->words, copy, length, 0, &line, NULL)) {
        name->word = line.left;
    }
    return name->word != NULL;
}

void script_names_free(struct script_test *test)
{
    for (unsigned row = 0; row < SCRIPT_NAME_ROWS; row++) {
        while (test->names[row] != NULL) {
            struct script_name *name = test->names[row];
            test->names[row] = name->next;
            empty(name);
            free(name);
        }
    }
}

/* The text in quotes, as a line has it. malloc'ed. */
char *script_quote(const char *text)
{
    size_t length = strlen(text);
    char *quoted = malloc(4 * length + 3);
    char *to = quoted;

    if (quoted == NULL) {
        return NULL;
    }
    *to++ = '"';
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte == '"' || byte == '\\') {
            *to++ = '\\';
            *to++ = (char)byte;
        } else if (byte < 0x20 || byte == 0x7f) {
            to += snprintf(to, 5, "\\x%02x", byte);
        } else {
            *to++ = (char)byte;
        }
    }
    *to++ = '"';
    *to = '\0';
    return quoted;
}

static void set_raw(struct script_test *test, const char *name, const char *raw)
{
    platen_os_mutex_lock(&test->lock);
    struct script_name *made = script_name_make(test, name, strlen(name));
    if (made != NULL) {
        script_name_set(made, raw, strlen(raw));
    }
    platen_os_mutex_unlock(&test->lock);
}

void script_set_text(struct script_test *test, const char *name, const char *text)
{
    char *quoted = script_quote(text);
    if (quoted != NULL) {
        set_raw(test, name, quoted);
    }
    free(quoted);
}

void script_set_number(struct script_test *test, const char *name, uint64_t number)
{
    char raw[24];
    snprintf(raw, sizeof raw, "%llu", (unsigned long long)number);
    set_raw(test, name, raw);
}
