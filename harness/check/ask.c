/* SPDX-License-Identifier: MIT
 *
 * What probes can ask for: what came back, what is there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/words.h"
#include <uv.h>

#include "check/inside.h"

/* ---- what came back -------------------------------------------------------------------------- */

bool probe_has_name(struct probe *probe, const char *name)
{
    return probe->bench != NULL && platen_session_text(probe->bench->session, name) != NULL;
}

uint64_t probe_number(struct probe *probe, const char *name)
{
    uint64_t value = 0;
    if (probe->bench == NULL || !platen_session_number(probe->bench->session, name, &value)) {
        return 0;
    }
    return value;
}

const char *probe_text(struct probe *probe, const char *name)
{
    const char *text =
        probe->bench == NULL ? NULL : platen_session_text(probe->bench->session, name);
    return check_keep(&probe->outcome->texts, text);
}

void probe_set_text(struct probe *probe, const char *name, const char *text)
{
    if (!probe->over) {
        platen_session_set_text(probe->bench->session, name, text);
    }
}

void probe_set_number(struct probe *probe, const char *name, uint64_t number)
{
    if (!probe->over) {
        platen_session_set_number(probe->bench->session, name, number);
    }
}

static bool is_another(void *context, const char *name)
{
    return strcmp(name, context) != 0;
}

void probe_forget(struct probe *probe, const char *name)
{
    char copy[32];
    snprintf(copy, sizeof copy, "%s", name);
    if (probe->bench != NULL && probe->bench->session != NULL) {
        platen_session_forget_names(probe->bench->session, is_another, copy);
    }
}

const char *probe_quote(struct probe *probe, const char *text)
{
    const char *quoted = check_quote(&probe->outcome->texts, text);
    return quoted == NULL ? "\"\"" : quoted;
}

const char *probe_format(struct probe *probe, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const char *text = check_keep_format(&probe->outcome->texts, format, list);
    va_end(list);
    return text == NULL ? "" : text;
}

const char *probe_last(struct probe *probe)
{
    size_t mark = probe->bench == NULL ? 0 : platen_session_mark(probe->bench->session);
    while (mark-- > probe->begin) {
        const struct platen_session_line *line = platen_session_line(probe->bench->session, mark);
        if (line != NULL && line->kind == PLATEN_SESSION_CALL) {
            const char *copy = check_keep(&probe->outcome->texts, line->text);
            return copy == NULL ? "" : copy;
        }
    }
    return "";
}

/* A line that is no call and makes the monitor do something. */
static bool is_deed(const char *text)
{
    return strncmp(text, "unload ", 7) == 0 || strncmp(text, "xcv ", 4) == 0 ||
           strncmp(text, "repeat ", 7) == 0 || strncmp(text, "parallel ", 9) == 0 ||
           strstr(text, "$monitor") != NULL;
}

/* The last call, or another line that did something, if that came after it. */
const char *probe_deed(struct probe *probe)
{
    size_t mark = platen_session_mark(probe->bench->session);
    while (mark-- > probe->begin) {
        const struct platen_session_line *line = platen_session_line(probe->bench->session, mark);
        if (line != NULL && line->kind == PLATEN_SESSION_VERB && is_deed(line->text)) {
            return check_keep(&probe->outcome->texts, line->text);
        }
        if (line != NULL && line->kind == PLATEN_SESSION_CALL) {
            break;
        }
    }
    return probe_last(probe);
}

const char *check_came(struct check_texts *texts, const char *line, const char *name)
{
    struct platen_words *words = platen_words_new();
    struct platen_line read;
    const char *came = NULL;
    if (words != NULL && platen_words_read(words, line, strlen(line), 1, &read, NULL)) {
        const struct platen_word *word = platen_word_named(read.right, name);
        if (word != NULL) {
            came = check_print(texts, "%.*s", (int)word->raw_length, word->raw);
        }
    }
    platen_words_free(words);
    return came;
}

const char *probe_came(struct probe *probe, const char *name)
{
    return check_came(&probe->outcome->texts, probe_last(probe), name);
}

const struct platen_facts *probe_facts(struct probe *probe)
{
    return probe->bench == NULL ? NULL : platen_session_facts(probe->bench->session);
}

const struct platen_session_call *probe_call(struct probe *probe)
{
    return probe->bench == NULL ? NULL : platen_session_last(probe->bench->session);
}

void probe_want(struct probe *probe, unsigned wanted)
{
    if (!probe->over) {
        platen_session_want(probe->bench->session, wanted);
    }
}

size_t probe_events(struct probe *probe)
{
    return probe->event_count;
}

const char *probe_event(struct probe *probe, size_t index)
{
    return index < probe->event_count ? probe->events[index] : "";
}

/* ---- what is there --------------------------------------------------------------------------- */

bool probe_has(struct probe *probe, uint32_t needs)
{
    return check_missing(probe->check, needs) == 0;
}

bool probe_strict(struct probe *probe)
{
    return probe->check->options->strict;
}

bool probe_hostile(struct probe *probe)
{
    return probe->check->options->hostile;
}

bool probe_is_language(struct probe *probe)
{
    return probe->check->survey.language;
}

bool probe_is_wine(struct probe *probe)
{
    return probe->check->survey.wine;
}

bool probe_is_narrow(struct probe *probe)
{
    return probe->check->survey.narrow;
}

bool probe_is_builtin(struct probe *probe)
{
    return probe->check->survey.builtin;
}

bool probe_has_slot(struct probe *probe, const char *slot)
{
    return check_has_slot(&probe->check->survey, slot);
}

const struct platen_image *probe_image(struct probe *probe)
{
    return probe->check->survey.image;
}

const char *probe_path(struct probe *probe)
{
    return probe->check->survey.builtin ? NULL : probe->check->survey.path;
}

/* Names may have the world's folder in them, so each world is asked. */
static void list_ports(struct probe *probe)
{
    enum { MOST = 4096 };
    if (probe->ports != NULL || probe->bench == NULL) {
        return;
    }
    probe->ports = calloc(MOST, sizeof *probe->ports);
    if (probe->ports != NULL && probe_ask(probe, "EnumPorts Level=1 -> TRUE")) {
        probe->port_count = check_port_names(&probe->outcome->texts, probe_came(probe, "pPorts"),
                                             probe->ports, MOST);
    }
}

const char *probe_got(struct probe *probe)
{
    return probe->got == NULL ? "" : probe->got;
}

size_t probe_ports(struct probe *probe)
{
    list_ports(probe);
    return probe->port_count;
}

const char *probe_port(struct probe *probe, size_t index)
{
    return index < probe_ports(probe) ? probe->ports[index] : "";
}

size_t check_port_names(struct check_texts *to, const char *rows, const char **names, size_t most)
{
    struct platen_words *words = platen_words_new();
    struct platen_words *texts = platen_words_new();
    struct platen_line line;
    size_t count = 0;
    if (words != NULL && texts != NULL && rows != NULL &&
        platen_words_read(words, rows, strlen(rows), 1, &line, NULL) && line.left != NULL) {
        const struct platen_word *row = line.left->inside;
        for (; row != NULL && count < most; row = row->next) {
            const struct platen_word *name = platen_word_named(row->inside, "pName");
            name = name == NULL ? platen_word_named(row->inside, "pPortName") : name;
            const char *text = name == NULL ? NULL : platen_word_string(texts, name, NULL);
            const char *kept = check_keep(to, text);
            if (kept != NULL) {
                names[count++] = kept;
            }
        }
    }
    platen_words_free(texts);
    platen_words_free(words);
    return count;
}

size_t probe_files(struct probe *probe, const char **name)
{
    uv_fs_t scan;
    uv_dirent_t entry;
    size_t count = 0;
    *name = NULL;
    if (probe->bench == NULL || uv_fs_scandir(NULL, &scan, probe->bench->folder, 0, NULL) < 0) {
        return 0;
    }
    while (uv_fs_scandir_next(&scan, &entry) != UV_EOF) {
        *name = check_keep(&probe->outcome->texts, entry.name);
        count++;
    }
    uv_fs_req_cleanup(&scan);
    return count;
}

const char *probe_monitor_name(struct probe *probe)
{
    return probe->check->survey.name;
}

const char *probe_member(struct probe *probe, uint32_t members)
{
    for (unsigned bit = 0; bit < 32; bit++) {
        if ((members >> bit) & 1) {
            const char *name = check_member_name(bit);
            return name != NULL ? probe_format(probe, "pfn%s", name)
                                : probe_format(probe, "the member behind %u others", bit);
        }
    }
    return "nothing";
}
