/* SPDX-License-Identifier: MIT
 *
 * What probes come upon, before it is judged.
 */
#include <stdlib.h>
#include <string.h>

#include "check/inside.h"

struct check_finding *check_find(struct check_outcome *outcome, const struct check_finding *finding)
{
    for (struct check_finding *at = outcome->findings; at != NULL; at = at->next) {
        if (at->rule == finding->rule && at->key != NULL && finding->key != NULL &&
            strcmp(at->key, finding->key) == 0) {
            at->times++;
            at->should = at->should && finding->should;
            return NULL;
        }
    }
    struct check_finding *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return NULL;
    }
    *made = *finding;
    made->next = NULL;
    made->times = 1;
    struct check_finding **last = &outcome->findings;
    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = made;
    return made;
}

char *check_finding_key(struct check_texts *texts, const char *line, const char *expected)
{
    char *key = check_print(texts, "%s|%s", line, expected == NULL ? "" : expected);
    char *to = key;
    bool number = false;
    for (const char *at = key; at != NULL && *at != '\0'; at++) {
        bool digit = *at >= '0' && *at <= '9';
        if (!digit || !number) {
            *to++ = digit ? '#' : *at;
        }
        number = digit;
    }
    if (to != NULL) {
        *to = '\0';
    }
    return key;
}

#define PAINTED_WORD "2779096485"
#define PAINTED_NOTE                                                                               \
    "each byte was 0xA5 before the call (" PAINTED_WORD                                            \
    " as a number): the monitor has not written it"

const char *check_note(struct probe *probe, const struct check_finding *finding)
{
    struct check_texts *texts = &probe->outcome->texts;
    bool painted = finding->got != NULL && (strstr(finding->got, PAINTED_WORD) != NULL ||
                                            strstr(finding->got, "0xa5a5a5a5a5a5a5a5") != NULL);
    const char *about = probe->about;
    const char *why = finding->why;
    if (about == NULL && why == NULL && !painted) {
        return NULL;
    }
    return check_print(texts, "%s%s%s%s%s", about == NULL ? "" : about,
                       about == NULL || why == NULL ? "" : "; ", why == NULL ? "" : why,
                       painted && (about != NULL || why != NULL) ? "; " : "",
                       painted ? PAINTED_NOTE : "");
}

void probe_about(struct probe *probe, const char *what)
{
    probe->about = what;
}

void check_findings_free(struct check_outcome *outcome)
{
    while (outcome->findings != NULL) {
        struct check_finding *next = outcome->findings->next;
        free(outcome->findings);
        outcome->findings = next;
    }
    check_texts_free(&outcome->texts);
}
