/* SPDX-License-Identifier: MIT
 *
 * What words stand for.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/file.h"
#include "script/inside.h"

struct script_buffer {
    struct script_buffer *next;
    max_align_t bytes[];
};

void *script_alloc(struct script_lane *lane, size_t size)
{
    struct script_buffer *buffer = malloc(sizeof *buffer + size);
    if (buffer == NULL) {
        script_break(lane->test, SCRIPT_BROKEN, "memory is out");
        return NULL;
    }
    buffer->next = lane->buffers;
    lane->buffers = buffer;
    return buffer->bytes;
}

void script_alloc_end(struct script_lane *lane)
{
    while (lane->buffers != NULL) {
        struct script_buffer *buffer = lane->buffers;
        lane->buffers = buffer->next;
        free(buffer);
    }
}

bool script_fail(struct script_lane *lane, const struct platen_word *word, const char *format, ...)
{
    char what[sizeof lane->error.what];
    va_list list;
    va_start(list, format);
    vsnprintf(what, sizeof what, format, list);
    va_end(list);
    return platen_text_fail(&lane->error, lane->node == NULL ? 0 : lane->node->line,
                            word == NULL ? 1 : word->column, "%s", what);
}

/* ---- names ----------------------------------------------------------------------------------- */

static struct script_name *find_name(struct script_lane *lane, const char *name, size_t length)
{
    for (struct script_loop *loop = lane->loops; loop != NULL; loop = loop->outer) {
        if (loop->name.length == length && memcmp(loop->name.name, name, length) == 0) {
            return &loop->name;
        }
    }
    platen_os_mutex_lock(&lane->test->lock);
    struct script_name *found = script_name_find(lane->test, name, length);
    platen_os_mutex_unlock(&lane->test->lock);
    return found;
}

const struct platen_word *script_variable(struct script_lane *lane, const char *name, size_t length)
{
    struct script_name *found = find_name(lane, name, length);
    return found == NULL ? NULL : found->word;
}

bool script_is_name(struct script_lane *lane, const char *name, size_t length)
{
    const struct script_name *found = find_name(lane, name, length);
    return found != NULL && (found->word != NULL || found->sort != SCRIPT_WORD);
}

static bool fail_name(struct script_lane *lane, const struct platen_word *word)
{
    return script_fail(lane, word, "$%.*s stands for nothing here", (int)(word->length % 200),
                       word->at);
}

const struct platen_word *script_value(struct script_lane *lane, const struct platen_word *word)
{
    if (word->kind != PLATEN_WORD_NAME) {
        return word;
    }
    const struct platen_word *value = script_variable(lane, word->at, word->length);
    if (value == NULL) {
        fail_name(lane, word);
    }
    return value;
}

struct script_name *script_named(struct script_lane *lane, const struct platen_word *word,
                                 enum script_sort sort, const char *what)
{
    struct script_name *name =
        word->kind == PLATEN_WORD_NAME ? find_name(lane, word->at, word->length) : NULL;
    if (name == NULL) {
        fail_name(lane, word);
        return NULL;
    }
    if (name->sort != sort) {
        script_fail(lane, word, "$%s is no %s", name->name, what);
        return NULL;
    }
    return name;
}

struct script_name *script_new_name(struct script_lane *lane, const struct platen_word *word,
                                    enum script_sort sort)
{
    if (word == NULL) {
        return NULL;
    }
    platen_os_mutex_lock(&lane->test->lock);
    struct script_name *name = script_name_make(lane->test, word->at, word->length);
    if (name != NULL) {
        name->sort = sort;
    }
    platen_os_mutex_unlock(&lane->test->lock);
    return name;
}

/* ---- values ---------------------------------------------------------------------------------- */

bool script_text(struct script_lane *lane, const struct platen_word *word, const char **to)
{
    if (word == NULL) {
        return true;
    }
    const struct platen_word *value = script_value(lane, word);
    if (value == NULL) {
        return false;
    }
    const char *text = platen_word_string(lane->words, value, &lane->error);
    if (text == NULL) {
        return script_fail(lane, word, "this is no text");
    }
    *to = text;
    return true;
}

bool script_number(struct script_lane *lane, const struct platen_word *word, uint64_t *to)
{
    if (word == NULL) {
        return true;
    }
    const struct platen_word *value = script_value(lane, word);
    return value != NULL &&
           (platen_word_number(value, to) || script_fail(lane, word, "this is no number"));
}

bool script_size(struct script_lane *lane, const struct platen_word *word, uint64_t *to)
{
    static const char units[] = "KMG";
    if (word == NULL) {
        return true;
    }
    const struct platen_word *value = script_value(lane, word);
    if (value == NULL) {
        return false;
    }
    struct platen_word digits = *value;
    const char *unit = digits.kind == PLATEN_WORD_BARE && digits.length > 1
                           ? strchr(units, digits.at[digits.length - 1])
                           : NULL;
    unsigned shift = unit == NULL ? 0 : 10 * (unsigned)(unit - units + 1);
    digits.length -= unit == NULL ? 0 : 1;
    digits.raw_length -= unit == NULL ? 0 : 1;
    uint64_t number = 0;
    if (!platen_word_number(&digits, &number) || number > UINT64_MAX >> shift) {
        return script_fail(lane, word, "this is no number of bytes");
    }
    *to = number << shift;
    return true;
}

bool script_seconds(struct script_lane *lane, const struct platen_word *word, uint64_t *to)
{
    if (word == NULL) {
        return true;
    }
    const struct platen_word *value = script_value(lane, word);
    return value != NULL &&
           (platen_word_seconds(value, to) || script_fail(lane, word, "these are no seconds"));
}

bool script_switch(struct script_lane *lane, const struct platen_word *word, bool *to)
{
    if (word == NULL) {
        return true;
    }
    const struct platen_word *value = script_value(lane, word);
    if (value == NULL) {
        return false;
    }
    *to = platen_word_is(value, "on");
    return *to || platen_word_is(value, "off") || script_fail(lane, word, "this is on or off");
}

bool script_bytes(struct script_lane *lane, const struct platen_word *word, const void **bytes,
                  size_t *size)
{
    const struct platen_word *value = script_value(lane, word);
    if (value == NULL) {
        return false;
    }
    if (value->kind == PLATEN_WORD_STREAM) {
        uint64_t count = value->count;
        bool found =
            script_stream_bytes(lane, value->at, value->length, value->offset, &count, bytes);
        *size = (size_t)count;
        return found || script_fail(lane, word, "this stream cannot be read");
    }
    if (value->kind != PLATEN_WORD_TEXT && value->kind != PLATEN_WORD_BARE) {
        return script_fail(lane, word, "this is neither text nor a stream");
    }
    *size = platen_word_bytes(value, NULL, 0);
    void *memory = script_alloc(lane, *size + 1);
    if (memory == NULL) {
        return script_fail(lane, word, "memory is out");
    }
    platen_word_bytes(value, memory, *size);
    *bytes = memory;
    return true;
}

bool script_path_of(struct script_lane *lane, const struct platen_word *word, const char **path)
{
    const char *text = NULL;
    if (word == NULL) {
        return true;
    }
    if (!script_text(lane, word, &text)) {
        return false;
    }
    char *joined = script_path(lane->node->file, text);
    char *kept = joined == NULL ? NULL : script_alloc(lane, strlen(joined) + 1);
    if (kept != NULL) {
        strcpy(kept, joined);
    }
    free(joined);
    *path = kept;
    return kept != NULL;
}

/* ---- ${name} in texts ------------------------------------------------------------------------ */

static bool append(struct script_lane *lane, size_t *used, const char *text, size_t length)
{
    if (*used + length + 1 > lane->line_room) {
        size_t room = 2 * (*used + length) + 256;
        char *more = realloc(lane->line, room);
        if (more == NULL) {
            return script_fail(lane, NULL, "memory is out");
        }
        lane->line = more;
        lane->line_room = room;
    }
    memcpy(lane->line + *used, text, length);
    *used += length;
    lane->line[*used] = '\0';
    return true;
}

/* The text of what `name` stands for, in quotes but without them. */
static bool append_value(struct script_lane *lane, size_t *used, const char *name, size_t length)
{
    struct platen_word word = {.kind = PLATEN_WORD_NAME, .at = name, .length = length, .column = 1};
    const char *text = NULL;
    char *quoted;

    if (!script_text(lane, &word, &text)) {
        return false;
    }
    quoted = script_quote(text);
    bool fine = quoted != NULL && append(lane, used, quoted + 1, strlen(quoted) - 2);
    free(quoted);
    return fine;
}

const char *script_expand(struct script_lane *lane, const struct script_node *node, size_t *length)
{
    const char *at = node->text;
    const char *end = at + node->length;
    const char *from = at;
    size_t used = 0;
    bool quoted = false;

    *length = node->length;
    for (; at + 1 < end; at++) {
        if (*at == '"') {
            quoted = !quoted;
        } else if (*at == '\\' && quoted) {
            at++;
        } else if (quoted && at[0] == '$' && at[1] == '{') {
            const char *close = memchr(at, '}', (size_t)(end - at));
            if (close == NULL) {
                break;
            }
            if (!append(lane, &used, from, (size_t)(at - from)) ||
                !append_value(lane, &used, at + 2, (size_t)(close - at - 2))) {
                return NULL;
            }
            at = close;
            from = close + 1;
        }
    }
    if (from == node->text) {
        return node->text;
    }
    if (!append(lane, &used, from, (size_t)(end - from))) {
        return NULL;
    }
    *length = used;
    return lane->line;
}
