/* SPDX-License-Identifier: MIT
 *
 * What a session's user asks for: names, bytes, the last call.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/session_inside.h"

/* ---- names ----------------------------------------------------------------------------------- */

static bool number_of(const struct script_name *name, uint64_t *value)
{
    switch (name->sort) {
    case SCRIPT_HANDLE:
        *value = name->is.handle.bits;
        return true;
    case SCRIPT_JOB:
        *value = name->is.job.id;
        return true;
    case SCRIPT_WORD:
        return name->word != NULL && platen_word_number(name->word, value);
    default:
        return false;
    }
}

bool platen_session_number(platen_session *session, const char *name, uint64_t *value)
{
    *value = 0;
    platen_os_mutex_lock(&session->test.lock);
    const struct script_name *found = script_name_find(&session->test, name, strlen(name));
    bool fine = found != NULL && number_of(found, value);
    platen_os_mutex_unlock(&session->test.lock);
    return fine;
}

/* In the session's memory, with the test's lock. */
static const char *text_of(platen_session *session, const struct platen_word *word)
{
    struct platen_text_error error;
    if (word->kind == PLATEN_WORD_TEXT || word->kind == PLATEN_WORD_BARE) {
        const char *text = platen_word_string(session->words, word, &error);
        if (text != NULL) {
            return text;
        }
    }
    free(session->raw);
    session->raw = malloc(word->raw_length + 1);
    if (session->raw != NULL) {
        memcpy(session->raw, word->raw, word->raw_length);
        session->raw[word->raw_length] = '\0';
    }
    return session->raw;
}

const char *platen_session_text(platen_session *session, const char *name)
{
    struct platen_line line;
    (void)platen_words_read(session->words, "", 0, 1, &line, NULL); /* what it held is free */
    platen_os_mutex_lock(&session->test.lock);
    const struct script_name *found = script_name_find(&session->test, name, strlen(name));
    const char *text = found == NULL || found->word == NULL ? NULL : text_of(session, found->word);
    platen_os_mutex_unlock(&session->test.lock);
    return text;
}

static bool set(platen_session *session, const char *name, char *raw)
{
    size_t size = raw == NULL ? 0 : strlen(name) + strlen(raw) + 8;
    char *line = raw == NULL || session->late ? NULL : malloc(size);
    bool fine = false;

    if (line != NULL) {
        snprintf(line, size, "set $%s %s", name, raw);
        platen_os_mutex_lock(&session->test.lock);
        struct script_name *made = script_name_make(&session->test, name, strlen(name));
        fine = made != NULL && script_name_set(made, raw, strlen(raw));
        platen_os_mutex_unlock(&session->test.lock);
        session_lines_add(&session->lines, PLATEN_SESSION_SET, line);
    }
    free(raw);
    return fine;
}

bool platen_session_set_number(platen_session *session, const char *name, uint64_t value)
{
    char *raw = malloc(24);
    if (raw != NULL) {
        snprintf(raw, 24, "%llu", (unsigned long long)value);
    }
    return set(session, name, raw);
}

bool platen_session_set_text(platen_session *session, const char *name, const char *text)
{
    return set(session, name, script_quote(text));
}

size_t platen_session_bytes(platen_session *session, const char *stream, uint64_t offset, void *to,
                            size_t size)
{
    struct script_stream *found = script_stream_find(&session->test, stream, strlen(stream));
    uint64_t whole = found == NULL || session->stuck ? 0 : script_stream_size(found);
    uint64_t left = offset < whole ? whole - offset : 0;
    uint32_t moved = 0;

    size = size < left ? size : (size_t)left;
    size = size < UINT32_MAX ? size : UINT32_MAX;
    return size > 0 && script_stream_read(found, offset, to, (uint32_t)size, &moved) == 0 ? moved
                                                                                          : 0;
}

/* ---- the last call --------------------------------------------------------------------------- */

const struct platen_session_call *platen_session_last(const platen_session *session)
{
    return session->has_last ? &session->last : NULL;
}

uint64_t platen_session_longest(const platen_session *session, enum platen_slot slot)
{
    return session->longest[slot];
}

const struct platen_facts *platen_session_facts(const platen_session *session)
{
    return session->has_last && session->last.facts_known ? &session->last.facts : NULL;
}

void platen_session_want(platen_session *session, unsigned wanted)
{
    atomic_store(&session->wanted, wanted);
}
