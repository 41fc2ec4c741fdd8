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

void check_findings_free(struct check_outcome *outcome)
{
    while (outcome->findings != NULL) {
        struct check_finding *next = outcome->findings->next;
        free(outcome->findings);
        outcome->findings = next;
    }
    check_texts_free(&outcome->texts);
}
