/* SPDX-License-Identifier: MIT
 *
 * The lines that ran in a session.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/session_inside.h"

void session_lines_init(struct session_lines *lines)
{
    platen_os_mutex_init(&lines->lock);
}

static void drop(struct platen_session_line *line)
{
    free((void *)(uintptr_t)line->text);
    line->text = NULL;
}

void session_lines_free(struct session_lines *lines)
{
    for (size_t i = 0; i < SESSION_LINES; i++) {
        drop(&lines->line[i]);
    }
    platen_os_mutex_destroy(&lines->lock);
}

size_t session_lines_add(struct session_lines *lines, enum platen_session_line_kind kind,
                         char *text)
{
    platen_os_mutex_lock(&lines->lock);
    size_t number = lines->count++;
    struct platen_session_line *line = &lines->line[number % SESSION_LINES];
    drop(line);
    *line = (struct platen_session_line){.kind = kind, .text = text};
    platen_os_mutex_unlock(&lines->lock);
    return number;
}

static bool is_kept(const struct session_lines *lines, size_t number)
{
    return number < lines->count && lines->count - number <= SESSION_LINES;
}

void session_lines_replace(struct session_lines *lines, size_t number, char *text)
{
    platen_os_mutex_lock(&lines->lock);
    if (text != NULL && is_kept(lines, number)) {
        struct platen_session_line *line = &lines->line[number % SESSION_LINES];
        drop(line);
        line->text = text;
        text = NULL;
    }
    platen_os_mutex_unlock(&lines->lock);
    free(text);
}

size_t session_lines_count(struct session_lines *lines)
{
    platen_os_mutex_lock(&lines->lock);
    size_t count = lines->count;
    platen_os_mutex_unlock(&lines->lock);
    return count;
}

/* ---- lines as they stand --------------------------------------------------------------------- */

/* Text that grows; NULL once memory was out. */
struct growing {
    char *text;
    size_t used;
    size_t room;
};

static void put(struct growing *to, const char *text, size_t length)
{
    if (to->text != NULL && to->used + length + 1 > to->room) {
        size_t room = 2 * (to->used + length) + 64;
        char *more = realloc(to->text, room);
        if (more == NULL) {
            free(to->text);
        }
        to->text = more;
        to->room = room;
    }
    if (to->text != NULL) {
        memcpy(to->text + to->used, text, length);
        to->used += length;
        to->text[to->used] = '\0';
    }
}

static struct growing grow(void)
{
    return (struct growing){.text = calloc(1, 256), .room = 256};
}

static void trim(const char **text, size_t *length)
{
    while (*length > 0 && strchr(" \t", **text) != NULL) {
        (*text)++;
        (*length)--;
    }
    while (*length > 0 && strchr(" \t\r\n", (*text)[*length - 1]) != NULL) {
        (*length)--;
    }
}

static void put_node(struct growing *to, const struct script_node *node, unsigned depth)
{
    bool include = node->verb != NULL && node->verb->id == SCRIPT_VERB_include;
    bool block = node->verb != NULL && (node->verb->traits & SCRIPT_BLOCK) != 0;
    const char *text = node->text;
    size_t length = node->length;

    trim(&text, &length);
    for (unsigned i = 0; i < depth && !include; i++) {
        put(to, "    ", 4);
    }
    if (!include) {
        put(to, text, length);
    }
    for (const struct script_node *at = node->body; at != NULL; at = at->next) {
        put(to, "\n", include && at == node->body ? 0 : 1);
        put_node(to, at, depth + !include);
    }
    if (block) {
        put(to, "\n", 1);
        for (unsigned i = 0; i < depth; i++) {
            put(to, "    ", 4);
        }
        put(to, "}", 1);
    }
}

char *session_block(const struct script_node *node)
{
    struct growing text = grow();
    put_node(&text, node, 0);
    return text.text;
}

size_t session_left(const char *text, size_t length)
{
    bool quoted = false;
    size_t i = 0;
    for (; i < length; i++) {
        bool begins = !quoted && (i == 0 || strchr(" \t", text[i - 1]) != NULL);
        if (begins && (text[i] == '#' || (i + 1 < length && memcmp(text + i, "->", 2) == 0))) {
            break;
        }
        if (quoted && text[i] == '\\') {
            i++;
        } else if (text[i] == '"') {
            quoted = !quoted;
        }
    }
    i = i < length ? i : length;
    while (i > 0 && strchr(" \t\r\n", text[i - 1]) != NULL) {
        i--;
    }
    return i;
}

/* ---- for the session's user ------------------------------------------------------------------ */

size_t platen_session_mark(const platen_session *session)
{
    return session_lines_count(&((platen_session *)(uintptr_t)session)->lines);
}

const struct platen_session_line *platen_session_line(const platen_session *session, size_t number)
{
    struct session_lines *lines = &((platen_session *)(uintptr_t)session)->lines;
    platen_os_mutex_lock(&lines->lock);
    const struct platen_session_line *line = &lines->line[number % SESSION_LINES];
    bool there = is_kept(lines, number) && line->text != NULL;
    platen_os_mutex_unlock(&lines->lock);
    return there ? line : NULL;
}

static bool runs_again(enum platen_session_line_kind kind)
{
    return kind == PLATEN_SESSION_SET || kind == PLATEN_SESSION_VERB || kind == PLATEN_SESSION_CALL;
}

char *platen_session_script(const platen_session *session, size_t from, size_t to)
{
    size_t count = platen_session_mark(session);
    struct growing text = grow();

    from = count > SESSION_LINES && from < count - SESSION_LINES ? count - SESSION_LINES : from;
    for (; from < to && from < count; from++) {
        const struct platen_session_line *line = platen_session_line(session, from);
        if (line != NULL) {
            put(&text, "# ", runs_again(line->kind) ? 0 : 2);
            put(&text, line->text, strlen(line->text));
            put(&text, "\n", 1);
        }
    }
    return text.text;
}
