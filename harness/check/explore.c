/* SPDX-License-Identifier: MIT
 *
 * The explorer: finds its way into an unknown monitor. What it finds out is the survey; nothing
 * that it meets is a finding, for every probe tries for itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/explore.h"
#include "hosted/wine.h"
#include "os/file.h"

/* ---- lines ----------------------------------------------------------------------------------- */

bool explore_go_on(struct explorer *explorer, const char *lines)
{
    if (explorer->ended) {
        return false;
    }
    enum platen_session_end end = platen_session_run(explorer->bench->session, lines);
    explorer->ended = end == PLATEN_SESSION_DEAD || end == PLATEN_SESSION_LATE;
    const char *why = explorer->ended ? platen_session_why(explorer->bench->session) : "";
    explorer->hangs += strstr(why, "did not come back") != NULL;
    return end == PLATEN_SESSION_MET;
}

bool explore_ask(struct explorer *explorer, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = check_keep_format(&explorer->texts, format, list);
    va_end(list);
    if (text == NULL || explorer->ended) {
        return false;
    }
    bench_forget_names(explorer->bench);
    platen_session_set_text(explorer->bench->session, "object", explorer->check->survey.object);
    return explore_go_on(explorer, text);
}

/* A monitor that died of a question is asked the next one anew. */
bool explore_renew(struct explorer *explorer)
{
    if (!explorer->ended) {
        return true;
    }
    if (explorer->hangs >= 2) {
        return false; /* each takes long */
    }
    bench_close(explorer->bench);
    explorer->bench = bench_open(explorer->check, PROBE_BARE);
    explorer->ended = explorer->bench == NULL || explorer->bench->why != NULL;
    return !explorer->ended;
}

/* ---- ports ----------------------------------------------------------------------------------- */

/* The line of the last call. */
static const char *last_line(struct explorer *explorer)
{
    const platen_session *session = explorer->bench->session;
    size_t mark = platen_session_mark(session);
    while (mark-- > 0) {
        const struct platen_session_line *line = platen_session_line(session, mark);
        if (line != NULL && line->kind == PLATEN_SESSION_CALL) {
            return check_keep(&explorer->texts, line->text);
        }
    }
    return NULL;
}

const char *explore_came(struct explorer *explorer, const char *name)
{
    const char *line = last_line(explorer);
    return line == NULL ? NULL : check_came(&explorer->texts, line, name);
}

size_t explore_ports(struct explorer *explorer, const char **names, size_t most)
{
    size_t count = 0;
    /* What cannot be read at one level (R14) may be at the other. */
    for (unsigned level = 1; level <= 2 && count == 0; level++) {
        if (explore_ask(explorer, "EnumPorts Level=%u -> TRUE pcReturned=1..", level)) {
            count = check_port_names(&explorer->check->survey.texts,
                                     explore_came(explorer, "pPorts"), names, most);
        }
    }
    return count;
}

static bool take_ports(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    const char **list = calloc(EXPLORE_PORTS, sizeof *list);
    if (list == NULL) {
        return false;
    }
    free(survey->port_list);
    survey->ports = survey->port_list = list;
    survey->port_count = explore_ports(explorer, list, EXPLORE_PORTS);
    return survey->port_count > 0;
}

/* On an empty store. */
static void find_ports(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    if (!take_ports(explorer) && explore_ask(explorer, "EnumPorts Level=1 -> any pcReturned=0")) {
        survey->needs |= PLATEN_NEED_NO_PORTS;
    }
    explore_renew(explorer);
}

/* In a world as probes have it. */
static void find_ports_again(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    bench_close(explorer->bench);
    explorer->bench = bench_open(explorer->check, 0);
    explorer->ended = explorer->bench == NULL || explorer->bench->why != NULL;
    if (explorer->ended) {
        return;
    }
    survey->needs |= take_ports(explorer) ? PLATEN_NEED_PORTS : 0;
    explore_renew(explorer);
    if (!explore_ask(explorer, "EnumPorts Level=2 -> FALSE ERROR_INVALID_LEVEL")) {
        survey->needs |= PLATEN_NEED_LEVEL_2; /* well or ill */
    }
}

/* ---- the store ------------------------------------------------------------------------------- */

static void add_one(struct explorer *explorer)
{
    const struct check_survey *survey = &explorer->check->survey;
    if (survey->adding != ADD_NONE) {
        explore_ask(explorer,
                    "xcv \",XcvMonitor ${object}\" AddPort %s\"%splatenstore%s\"%s -> any",
                    survey->adding == ADD_DATA ? "name=" : "", survey->add_folder,
                    survey->add_suffix, survey->adding == ADD_DATA ? " host=127.0.0.1 port=9" : "");
    }
}

/* Does it ask the store for anything, when it is initialised or a port is added? */
static void find_store(struct explorer *explorer)
{
    static const char *const slots[] = {"CreateKey", "OpenKey",    "QueryInfoKey", "EnumKey",
                                        "EnumValue", "QueryValue", "SetValue"};
    struct check_survey *survey = &explorer->check->survey;
    add_one(explorer);
    bool uses = explorer->ended; /* then nothing is known */
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        uses = uses || explore_ask(explorer, "expect calls %s count=1..", slots[i]);
    }
    survey->needs |= uses ? PLATEN_NEED_STORE : 0;
    explore_renew(explorer);
}

/* ---- clusters -------------------------------------------------------------------------------- */

/* Outside of clusters Shutdown may be missing (contract 1.1); and a monitor may refuse a cluster's
 * spooler even where it is the only one. Whatever else fails is the probes' to find. */
static void find_second_instance(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    const char **lack = &survey->lacks[PLATEN_RULE_NEED_INDEX_SECOND_INSTANCE];
    const char *word = survey->language ? "monitor builtin\nlanguage" : "monitor";
    if (survey->members_known && !check_has_slot(survey, "Shutdown")) {
        *lack = "the monitor has no Shutdown, and so is not made for clusters";
        return;
    }
    bool fits = !check_wants(explorer->check, 7) ||
                explore_ask(explorer,
                            "spooler \"cluster\" cluster=on server=\"PLATENCLUSTER\"\n"
                            "%s $monitor%s -> ERROR_SUCCESS",
                            word, survey->builtin ? " file-root=\"${tmp}\"" : "");
    if (fits || explorer->ended) {
        survey->needs |= PLATEN_NEED_SECOND_INSTANCE;
    } else {
        *lack = "the monitor refuses to be initialised for a cluster (bLocal is FALSE)";
    }
}

/* ---- the table ------------------------------------------------------------------------------- */

static void find_members(struct explorer *explorer)
{
    static const struct {
        const char *slot;
        uint32_t need;
    } list[] = {
        {"GetPrinterDataFromPort", PLATEN_NEED_PRINTER_DATA},
        {"SetPortTimeOuts", PLATEN_NEED_TIMEOUTS},
        {"SendRecvBidiDataFromPort", PLATEN_NEED_BIDI},
        {"Shutdown", PLATEN_NEED_SHUTDOWN},
        {"OpenPortEx", PLATEN_NEED_OPENPORTEX},
    };
    struct check_survey *survey = &explorer->check->survey;
    platen_session_want(explorer->bench->session, PLATEN_FACTS_TABLE);
    explore_ask(explorer, "EnumPorts Level=1 -> any");
    const struct platen_facts *facts = platen_session_facts(explorer->bench->session);
    if (facts != NULL && facts->table.known && !facts->table.null && facts->table.readable) {
        survey->members = facts->table.members;
        survey->members_known = true;
    }
    platen_session_want(explorer->bench->session, 0);
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        survey->needs |= check_has_slot(survey, list[i].slot) ? list[i].need : 0;
    }
    if (check_has_slot(survey, "XcvOpenPort") && check_has_slot(survey, "XcvDataPort") &&
        check_has_slot(survey, "XcvClosePort")) {
        survey->needs |= PLATEN_NEED_XCV;
    }
}

/* ---- the file -------------------------------------------------------------------------------- */

static void look_at_file(struct check *check)
{
    struct check_survey *survey = &check->survey;
    const char *monitor = check->options->monitor;
    const char *judged = check->options->language != NULL ? check->options->language : monitor;
    char stem[256] = "Platen Port";
    char *absolute = NULL;
    survey->builtin = judged == NULL || strcmp(judged, "builtin") == 0;
    survey->language = check->options->language != NULL;
    if (!survey->builtin) {
        char *why = NULL;
        if (platen_os_absolute_path(judged, &absolute) == 0) {
            survey->path = check_keep(&survey->texts, absolute);
        }
        platen_os_path_stem(judged, stem, sizeof stem);
        survey->wine = platen_wine_runs(judged);
        if (platen_image_read(judged, &survey->image, &why) != 0) {
            survey->image_why = check_keep(&survey->texts, why == NULL ? "it cannot be read" : why);
        } else {
            survey->narrow = survey->image->bits == 32;
            survey->needs |= PLATEN_NEED_MODULE;
            check_find_words(survey);
        }
        free(why);
    }
    free(absolute);
    survey->object = survey->name = check_keep(&survey->texts, stem);
    survey->unknown = "no port of that name:";
}

/* ---- all of it ------------------------------------------------------------------------------- */

void check_survey_dispose(struct check_survey *survey)
{
    platen_image_destroy(survey->image);
    free(survey->port_list);
    free(survey->words);
    free(survey->values);
    check_texts_free(&survey->texts);
}

static enum platen_check_status status_of(const struct bench *bench)
{
    bool ended = bench->end == PLATEN_SESSION_DEAD || bench->end == PLATEN_SESSION_LATE;
    const char *why = bench->why == NULL ? "" : bench->why;
    if (ended) {
        return PLATEN_CHECK_CRASHED;
    }
    return strstr(why, "Wine") != NULL && strstr(why, "needs") != NULL ? PLATEN_CHECK_ENVIRONMENT
                                                                       : PLATEN_CHECK_MONITOR;
}

/* What cannot be loaded as a port monitor may be a language monitor. */
static void try_as_language(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    const struct bench *bench = explorer->bench;
    bool may_be = bench != NULL && bench->why != NULL && !survey->builtin && !survey->language &&
                  strstr(bench->why, "OpenPortEx") != NULL;
    if (!may_be) {
        return;
    }
    survey->language = true;
    struct bench *other = bench_open(explorer->check, PROBE_BARE);
    if (other != NULL && other->why == NULL) {
        bench_close(explorer->bench);
        explorer->bench = other;
        return;
    }
    bench_close(other);
    survey->language = false;
}

/* Why it was refused names a rule: "... (R2)". R87 is what a spooler does about R3. */
static void find_refusal(struct check *check, const char *why)
{
    struct check_outcome *outcome = &check->outcomes[check_probe_count];
    const char *at = strstr(why, "(R");
    int rule = at == NULL ? 0 : atoi(at + 2);
    bool ended = strstr(why, "crashed") != NULL || strstr(why, "did not come back") != NULL ||
                 strstr(why, "ended the process") != NULL || strstr(why, "took longer") != NULL;
    struct check_finding finding = {
        .rule = rule == 87           ? 3
                : rule == 0 && ended ? 9
                                     : rule,
        .line = "loading the monitor",
        .expected = "it is loaded, and initialised",
        .got = check_keep(&outcome->texts, why),
        .trace = "monitor $monitor",
        .key = "loading",
        .crash = ended,
    };
    if (finding.rule >= 1 && finding.rule <= PLATEN_CHECK_RULES && finding.got != NULL) {
        check_find(outcome, &finding);
    }
}

/* What was found out, for those who want to see more. */
static void tell_survey(const struct check *check)
{
    static const char *const kinds[] = {"none", "a file", "a simulated printer on the network"};
    static const char *const ways[] = {"no way", "by name", "with PORT_DATA_1"};
    const struct check_survey *survey = &check->survey;
    const struct check_target *target = &survey->target;
    char needs[400] = "";
    size_t used = 0;
    for (unsigned bit = 0; bit < PLATEN_RULE_NEEDS && used < sizeof needs; bit++) {
        if ((survey->needs >> bit) & 1) {
            used += (size_t)snprintf(needs + used, sizeof needs - used, "%s%s",
                                     used == 0 ? "" : " ", platen_rule_needs[bit].name);
        }
    }
    check_log(check, "found: %s", needs);
    check_log(check, "ports: %zu; prints to %s%s%s, output: %s%s%s; ports are added: %s%s%s",
              survey->port_count, target->port == NULL ? "no port" : "\"",
              target->port == NULL ? "" : target->port, target->port == NULL ? "" : "\"",
              kinds[target->kind], target->path == NULL ? "" : " ",
              target->path == NULL ? "" : target->path, ways[survey->adding],
              survey->adding == ADD_NONE ? "" : ", as ",
              survey->adding == ADD_NONE ? "" : survey->add_folder);
    for (size_t i = 0; i < survey->own_count; i++) {
        check_log(check, "Xcv data of its own: %s", survey->own[i]);
    }
}

bool explore(struct check *check, const char **why, enum platen_check_status *status)
{
    struct explorer explorer = {.check = check};
    struct check_survey *survey = &check->survey;
    look_at_file(check);
    if (check->options->hostile) {
        survey->needs |= PLATEN_NEED_HOSTILE;
    }
    explorer.bench = bench_open(check, PROBE_BARE);
    try_as_language(&explorer);
    if (explorer.bench == NULL || explorer.bench->why != NULL) {
        *why = check_keep(&survey->texts,
                          explorer.bench == NULL ? "memory is out" : explorer.bench->why);
        find_refusal(check, *why == NULL ? "" : *why);
        *status = explorer.bench == NULL ? PLATEN_CHECK_ENVIRONMENT : status_of(explorer.bench);
        bench_close(explorer.bench);
        return false;
    }
    find_members(&explorer);
    if (explorer.ended) {
        survey->lacks[PLATEN_RULE_NEED_INDEX_PORTS] =
            "the monitor crashed or hung when it was asked for its ports";
    }
    explore_renew(&explorer);
    find_ports(&explorer);
    if (!explorer.ended) {
        explore_targets(&explorer);
    }
    find_ports_again(&explorer);
    find_store(&explorer);
    find_second_instance(&explorer);
    explore_words(&explorer);
    tell_survey(check);
    bench_close(explorer.bench);
    check_texts_free(&explorer.texts);
    return true;
}
