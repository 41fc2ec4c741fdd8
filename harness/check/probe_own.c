/* SPDX-License-Identifier: MIT
 *
 * Xcv data of the monitor's own: names that it has beside those of Windows' monitors, as the
 * explorer found them in its file. What they are for nobody knows; that answers need room, that
 * input may be cut, and that settings need a right holds for them as well. R62, R63, R67.
 */
#include <string.h>

#include "check/inside.h"
#include "check/probes.h"
#include "check/steps.h"

/* $its on the monitor, and then on its port. */
static const char *const objects[] = {"\"${object}\"", "$port"};
#define OBJECTS 2

static bool open_on(struct probe *p, size_t object, unsigned access, const char *name)
{
    bool there = object == 0 || probe_has_name(p, "port");
    return there && probe_ask(p, "XcvOpenPort pszObject=%s GrantedAccess=%u -> TRUE phXcv=$%s",
                              objects[object], access, name);
}

static void close_it(struct probe *p, const char *name)
{
    probe_tidy(p, "XcvClosePort hXcv=$%s", name);
    probe_forget(p, name);
}

/* As it is given: nothing, or the name of the port. NULL: it cannot be written so. */
static const char *input_of(struct probe *p, bool port)
{
    const char *name = probe_has_name(p, "port") ? probe_text(p, "port") : NULL;
    const char *units = port && name != NULL ? check_units(&p->outcome->texts, name) : NULL;
    return !port ? "" : units == NULL ? NULL : probe_format(p, " pInputData=%s", units);
}

/* How many bytes the last call wrote to its painted output; 0: none. */
static uint64_t written(struct probe *p)
{
    const struct platen_facts *facts = probe_facts(p);
    bool any = facts != NULL && facts->touched_count > 0 && facts->touched[0].any;
    return any ? facts->touched[0].to + 1 : 0;
}

/* ---- R62 ------------------------------------------------------------------------------------- */

/* Where there is room it answers with something: what does it do where there is less? */
static void try_answer(struct probe *p, const char *word, const char *input)
{
    /* What dies of what it is given, and not of the room, breaks R67. */
    probe_look(p, *input == '\0' ? 62 : 67,
               "XcvDataPort hXcv=$its pszDataName=\"%s\"%s pOutputData=!painted cbOutputData=8192 "
               "-> any",
               word, input);
    const struct platen_session_call *call = probe_call(p);
    uint64_t size = written(p);
    if (probe_is_over(p) || call == NULL || call->result != 0 || size == 0) {
        return;
    }
    const uint64_t rooms[] = {0, 1, size - 1, size / 2};
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms && !probe_is_over(p); i++) {
        if (rooms[i] >= size || (i > 0 && rooms[i] == 0)) {
            continue;
        }
        probe_run(p, 62,
                  "XcvDataPort hXcv=$its pszDataName=\"%s\"%s pOutputData=!guard!painted "
                  "cbOutputData=%llu -> ERROR_INSUFFICIENT_BUFFER pcbOutputNeeded=%llu..",
                  word, input, (unsigned long long)rooms[i], (unsigned long long)size);
        probe_judge(p, 62, probe_is_over(p) || written(p) == 0,
                    "no byte of a buffer that is too small", "bytes of it were written");
    }
}

void xcv_own_sizes(struct probe *p)
{
    const struct check_survey *survey = &p->check->survey;
    for (size_t object = 0; object < OBJECTS; object++) {
        if (!open_on(p, object, 1, "its")) {
            continue;
        }
        for (size_t i = 0; i < 2 * survey->own_count && !probe_is_over(p); i++) {
            const char *input = input_of(p, i % 2 == 1);
            if (input != NULL) {
                try_answer(p, survey->own[i / 2], input);
            }
        }
        close_it(p, "its");
    }
}

/* ---- R67 ------------------------------------------------------------------------------------- */

static const char *const inputs[] = {
    "\"\"!guard cbInputData=0",
    "\"A\"!guard",
    "\"A\\x00B\"!guard",
    "\"A\\x00B\\x00C\\x00D\\x00\"!guard",
    "\"A\\x00\\x00\\x00\"!guard cbInputData=2",
    "\"\\x00\\x00\\x00\\x00\"!guard",
    "@lies[0+52]!guard",
    "@lies[0+236]!guard",
    "@lies[0+964]!guard",
    "@lies[0+1068]!guard",
    "@full[0+52]!guard",
    "@full[0+236]!guard",
    "@full[0+964]!guard",
};

void xcv_own_hostile(struct probe *p)
{
    const struct check_survey *survey = &p->check->survey;
    if (!probe_set(p, "stream @lies random size=1068 seed=67\nstream @full zeros size=1068")) {
        return;
    }
    for (size_t object = 0; object < OBJECTS && !probe_is_over(p); object++) {
        if (!open_on(p, object, 1, "its")) {
            continue;
        }
        for (size_t i = 0; i < survey->own_count; i++) {
            for (size_t j = 0; j < sizeof inputs / sizeof *inputs && !probe_is_over(p); j++) {
                probe_run(p, 67,
                          "XcvDataPort hXcv=$its pszDataName=\"%s\" pInputData=%s "
                          "pOutputData=!guard cbOutputData=16 -> any",
                          survey->own[i], inputs[j]);
            }
        }
        close_it(p, "its");
    }
}

/* ---- R63 ------------------------------------------------------------------------------------- */

/* "Set" of "SetConfig": what is behind it; NULL: the word does not begin so. */
static const char *behind(const char *word, const char *verb)
{
    size_t length = strlen(verb);
    return strncmp(word, verb, length) == 0 && word[length] != '\0' ? word + length : NULL;
}

static bool is_setting(const char *word)
{
    static const char *const verbs[] = {"Set",    "Add",   "Delete", "Remove",
                                        "Rename", "Reset", "Create", "Config"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (behind(word, verbs[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* What "GetConfig" answers is what "SetConfig" takes; bytes as a line has them, "" if nobody says.
 */
static const char *setting_of(struct probe *p, const char *word)
{
    const char *rest = behind(word, "Set");
    if (rest == NULL || !probe_ask(p,
                                   "XcvDataPort hXcv=$owner pszDataName=\"Get%s\" "
                                   "pOutputData=!painted cbOutputData=8192 -> 0",
                                   rest)) {
        return NULL;
    }
    uint64_t size = written(p);
    const char *bytes = probe_came(p, "pOutputData");
    return size == 0 || bytes == NULL || bytes[0] != '"' ? NULL : probe_format(p, "%s", bytes);
}

static void try_setting(struct probe *p, const char *word)
{
    const char *const given[] = {setting_of(p, word), "\"1\\x00\\x00\\x00\"",
                                 "\"1\\x00\\x00\\x00\""};
    for (size_t i = 0; i < 2 && !probe_is_over(p); i++) {
        /* First who may not: afterwards there may be nothing left to change. */
        if (given[i] == NULL) {
            continue;
        }
        bool guest = probe_ask(p, "XcvDataPort hXcv=$guest pszDataName=\"%s\" pInputData=%s -> 0",
                               word, given[i]);
        bool owner = guest && probe_ask(p,
                                        "XcvDataPort hXcv=$owner pszDataName=\"%s\" "
                                        "pInputData=%s -> 0",
                                        word, given[i]);
        probe_judge(p, 63, probe_is_over(p) || !guest || !owner,
                    probe_format(p,
                                 "ERROR_ACCESS_DENIED (5) for %s through a handle that was opened "
                                 "without SERVER_ACCESS_ADMINISTER",
                                 word),
                    "0, which means done, as for somebody who may");
    }
}

void ports_own_denied(struct probe *p)
{
    const struct check_survey *survey = &p->check->survey;
    for (size_t object = 0; object < OBJECTS && !probe_is_over(p); object++) {
        if (!open_on(p, object, 1, "owner")) {
            continue;
        }
        if (open_on(p, object, 0, "guest")) {
            for (size_t i = 0; i < survey->own_count && !probe_is_over(p); i++) {
                if (is_setting(survey->own[i])) {
                    try_setting(p, survey->own[i]);
                }
            }
            close_it(p, "guest");
        }
        close_it(p, "owner");
    }
}
