/* SPDX-License-Identifier: MIT */
#include "script/foreign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xcv/shape.h"

#define SCHEME "socket://"

static const char no_sims[] =
    "simulated devices are the builtin monitor's alone: they do not reach into a module";
static const char no_clock[] =
    "the virtual clock is the builtin monitor's alone: it does not reach into a module";

/* What a trace has recorded is run as it was, or fails. */
static bool leave(struct script_test *test, const char *why)
{
    if (test->replay != NULL) {
        return true;
    }
    script_break(test, SCRIPT_SKIPPED, "%s", why);
    return false;
}

bool script_foreign_begin(struct script_test *test)
{
    if (test->clock != NULL) {
        return leave(test, no_clock);
    }
    return test->sims == NULL || leave(test, no_sims);
}

bool script_foreign_sim(struct script_test *test)
{
    bool builtin = false;
    bool foreign = false;

    platen_os_mutex_lock(&test->lock);
    for (const struct script_monitor *at = test->monitors; at != NULL; at = at->next) {
        builtin |= at->builtin;
        foreign |= !at->builtin && !at->language;
    }
    platen_os_mutex_unlock(&test->lock);
    return !foreign || builtin || leave(test, no_sims);
}

/* ---- ports ----------------------------------------------------------------------------------- */

/* "socket://HOST[:PORT]": all that the structures of TCPMON can say. */
static bool take_apart(const char *uri, char host[64], char port[16])
{
    const char *begin = uri + strlen(SCHEME);
    bool literal = *begin == '[';
    begin += literal;
    size_t length = strcspn(begin, literal ? "]" : ":/?");
    const char *rest = begin + length + (literal && begin[length] == ']');

    if (length == 0 || length >= 48) {
        return false;
    }
    snprintf(host, 64, "host=%.*s", (int)length, begin);
    snprintf(port, 16, "port=9100");
    if (*rest == ':') {
        size_t digits = strspn(++rest, "0123456789");
        snprintf(port, 16, "port=%.*s", digits > 5 ? 5 : (int)digits, rest);
        rest += digits;
        if (digits == 0 || digits > 5) {
            return false;
        }
    }
    return strcmp(rest, "") == 0 || strcmp(rest, "/") == 0;
}

bool script_foreign_port(struct script_lane *lane, const struct script_monitor *monitor,
                         const char *name, const char *uri, uint32_t *error)
{
    char words[3][320];
    const char *list[] = {words[0], words[1], words[2]};
    struct platen_shape_complaint complaint;
    void *input = NULL;
    uint32_t size = 0;
    char object[320];

    if (strncmp(uri, SCHEME, strlen(SCHEME)) != 0) {
        size_t scheme = strcspn(uri, ":");
        script_break(lane->test, SCRIPT_SKIPPED,
                     "%.*s: ports of a URI are the builtin monitor's alone, but for socket:",
                     scheme > 40 ? 40 : (int)scheme, uri);
        return true;
    }
    snprintf(words[0], sizeof words[0], "name=%.300s", name);
    if (!take_apart(uri, words[1], words[2])) {
        return script_fail(lane, NULL,
                           "a port that is made through XcvData is "
                           "socket://HOST[:PORT], without more");
    }
    if (platen_shape_pack(PLATEN_SHAPE_PORT_DATA_1, list, 3, &input, &size, &complaint) != 0) {
        return script_fail(lane, NULL, "%s", complaint.text);
    }
    snprintf(object, sizeof object, ",XcvMonitor %.300s", monitor->name);
    uint32_t status = 0;
    *error = script_xcv(lane, object, "AddPort", input, size, &status);
    *error = *error == 0 ? status : *error;
    free(input);
    return true;
}
