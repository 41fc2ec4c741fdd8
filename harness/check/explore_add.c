/* SPDX-License-Identifier: MIT
 *
 * The explorer: ports that can be added and deleted, and those beside the one that is printed to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/explore.h"

/* ---- adding and deleting --------------------------------------------------------------------- */

struct naming {
    const char *before;
    const char *after;
    enum adding adding;
};

static bool is_listed(struct explorer *explorer, const char *name)
{
    const char **names = calloc(EXPLORE_PORTS, sizeof *names);
    size_t count = names == NULL ? 0 : explore_ports(explorer, names, EXPLORE_PORTS);
    bool listed = false;
    for (size_t i = 0; i < count; i++) {
        listed = listed || strcmp(names[i], name) == 0;
    }
    free(names);
    return listed;
}

static const char *data_of(const struct naming *naming)
{
    return naming->adding == ADD_DATA ? " host=" EXPLORE_NETWORK " port=9" : "";
}

/* AddPort says that it is done: does the list say so, too? */
static bool try_naming(struct explorer *explorer, const struct naming *naming, bool *claimed)
{
    struct check_survey *survey = &explorer->check->survey;
    const char *field = naming->adding == ADD_DATA ? "name=" : "";
    char *name = check_print(&explorer->texts, "%s71%s", naming->before, naming->after);
    const char *quoted = check_quote(&explorer->texts, name);
    bool was_claimed = *claimed;
    *claimed =
        explore_renew(explorer) &&
        explore_ask(explorer, "xcv \",XcvMonitor ${object}\" AddPort %s%s%s -> ERROR_SUCCESS",
                    field, quoted, data_of(naming));
    if (!*claimed || (!was_claimed && !is_listed(explorer, name))) {
        return false;
    }
    survey->adding = naming->adding;
    survey->add_folder = check_keep(&survey->texts, naming->before);
    survey->add_suffix = check_keep(&survey->texts, naming->after);
    survey->needs |= PLATEN_NEED_ADD_PORT;
    /* That it is gone is for the probes to see (R66), and that the monitor lives on as well. */
    if (explore_ask(explorer, "xcv \",XcvMonitor ${object}\" DeletePort %s%s -> ERROR_SUCCESS",
                    field, quoted) ||
        explorer->ended) {
        survey->needs |= PLATEN_NEED_DELETE_PORT;
    }
    return true;
}

void explore_adding(struct explorer *explorer)
{
    const char *there = platen_session_text(explorer->bench->session, "there");
    const char *slash = explorer->check->survey.wine ? "\\" : "/";
    char *folder = check_print(&explorer->texts, "%s%sp", there == NULL ? "" : there, slash);
    const struct naming namings[] = {
        {"Platen", ":", ADD_NAME},
        {"Platen", "", ADD_NAME},
        {folder, ".prn", ADD_NAME},
        {"Platen", "", ADD_DATA},
        {EXPLORE_NETWORK ":6", "", ADD_NAME},
    };
    const struct naming *claim = NULL;
    for (size_t i = 0; i < sizeof namings / sizeof *namings; i++) {
        bool claimed = false;
        if (try_naming(explorer, &namings[i], &claimed)) {
            return;
        }
        claim = claim == NULL && claimed ? &namings[i] : claim;
    }
    if (claim != NULL) { /* a port that was added and is not there is a finding (R64) */
        bool claimed = true;
        try_naming(explorer, claim, &claimed);
    }
}

/* ---- the other port -------------------------------------------------------------------------- */

/* Beside $port: one more that can be added, or another one that is there and can be opened. */
void explore_second(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    struct check_target *target = &survey->target;
    char port[64] = "Platen2:";
    if (target->port2 != NULL || survey->language) {
        return;
    }
    if (survey->adding == ADD_NAME) {
        const char *name =
            check_print(&survey->texts, "%s72%s", survey->add_folder, survey->add_suffix);
        bool temporary =
            strchr(survey->add_folder, '/') != NULL || strchr(survey->add_folder, '\\') != NULL;
        snprintf(port, sizeof port, "%s", temporary ? "" : name);
        if (temporary) {
            explore_below(explorer, "p72.prn", port, sizeof port);
        }
        target->setup =
            check_print(&survey->texts, "%s%sxcv \",XcvMonitor ${object}\" AddPort \"%s\"",
                        target->setup == NULL ? "" : target->setup,
                        target->setup == NULL || *target->setup == '\0' ? "" : "\n", port);
        target->port2 = check_keep(&survey->texts, port);
        return;
    }
    explore_start_again(explorer); /* who opens each port only once has opened some by now */
    for (size_t i = 0; i < survey->port_count && i < EXPLORE_SOME; i++) {
        const char *other = explore_quoted(explorer, survey->ports[i]);
        if ((target->port == NULL || strcmp(other, target->port) != 0) && explore_renew(explorer) &&
            explore_ask(explorer, "OpenPort pName=\"%s\" -> TRUE pHandle=$h\nClosePort hPort=$h",
                        other)) {
            target->port2 = check_keep(&survey->texts, other);
            return;
        }
    }
}

/* FILE: by the name that it has everywhere, where it is not there of its own. */
void explore_adding_file(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    struct check_target *target = &survey->target;
    static const char line[] = "xcv \",XcvMonitor ${object}\" AddPort \"FILE:\"";
    if (survey->job_port != NULL || survey->adding != ADD_NAME || !explore_renew(explorer) ||
        !explore_ask(explorer, "%s", line)) {
        return;
    }
    if (explore_job_file(explorer, "FILE:")) {
        bool first = target->setup == NULL || *target->setup == '\0';
        target->setup = check_print(&survey->texts, "%s%s%s", first ? "" : target->setup,
                                    first ? "" : "\n", line);
    }
}

/* A device that has something to say is not heard. Only who did not hear it at once is asked again:
 * a port that hears waits for more as long as it may. */
static bool is_deaf(struct explorer *explorer)
{
    const struct check_target *target = &explorer->check->survey.target;
    if (target->kind != TARGET_DEVICE || explorer->check->survey.builtin ||
        explorer->check->survey.language) {
        return false;
    }
    explore_start_again(explorer);
    bool deaf = explore_ask(explorer,
                            "%s\nbehave $device answers=\"at start \\\"ready\\\"\"\n"
                            "OpenPort pName=\"%s\" -> TRUE pHandle=$h\n"
                            "StartDocPort hPort=$h pDocInfo={pDocName=\"check\"} -> TRUE\n"
                            "WritePort hPort=$h pBuffer=\"ask\" -> TRUE\nsleep 0.1\n"
                            "ReadPort hPort=$h cbBuffer=16 -> FALSE",
                            target->setup, target->port) &&
                explore_ask(explorer, "ReadPort hPort=$h cbBuffer=16 -> FALSE\n"
                                      "EndDocPort hPort=$h -> any\nClosePort hPort=$h -> any");
    explore_start_again(explorer);
    return deaf;
}

/* A port from which nothing can be read: one that leads to a file, or whose answers nobody hears.
 */
void explore_silent(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    survey->silent = survey->target.kind == TARGET_FILE ? survey->target.port : survey->job_port;
    if (survey->silent == NULL && is_deaf(explorer)) {
        survey->silent = survey->target.port;
    }
    survey->needs |= survey->silent != NULL ? PLATEN_NEED_NO_BACK_CHANNEL : 0;
}

void explore_device_id(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    const struct check_target *target = &survey->target;
    if ((survey->needs & PLATEN_NEED_PRINTER_DATA) != 0 && target->port != NULL &&
        explore_renew(explorer) &&
        explore_ask(
            explorer,
            "%s\nOpenPort pName=\"%s\" -> TRUE pHandle=$h\n"
            "GetPrinterDataFromPort hPort=$h ControlID=0x0016000C cbOutBuffer=4096 -> TRUE\n"
            "ClosePort hPort=$h -> any",
            target->setup == NULL ? "" : target->setup, target->port)) {
        survey->needs |= PLATEN_NEED_DEVICE_ID;
    }
}
