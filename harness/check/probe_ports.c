/* SPDX-License-Identifier: MIT
 *
 * Ports that come and go through Xcv. R63 to R66, and R69 where a port is deleted.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "check/inside.h"
#include "check/probes.h"
#include "check/steps.h"

/* The line with something else behind the arrow, and options before it. */
static const char *with(struct probe *p, const char *line, const char *tail)
{
    const char *arrow = strstr(line, " -> ");
    size_t length = arrow == NULL ? strlen(line) : (size_t)(arrow - line);
    return probe_format(p, "%.*s %s", (int)length, line, tail);
}

/* Any code but 0. */
static void judge_refused(struct probe *p, int rule, const char *line)
{
    bool done = probe_look(p, rule, "%s", with(p, line, "-> ERROR_SUCCESS"));
    if (!probe_is_over(p)) {
        probe_judge(p, rule, !done, "a code that says why not", "0, which means done");
    }
}

static bool is_listed(struct probe *p, const char *name)
{
    if (!probe_ask(p, "EnumPorts Level=1 -> TRUE")) {
        return false;
    }
    const char *rows = probe_came(p, "pPorts");
    return rows != NULL && strstr(rows, probe_format(p, "pName=%s", probe_quote(p, name))) != NULL;
}

static void judge_listed(struct probe *p, int rule, const char *name, bool expected)
{
    bool listed = is_listed(p, name);
    if (!probe_is_over(p)) {
        probe_judge(p, rule, listed == expected,
                    expected ? "the port is in the list" : "the port is not in the list", "%s",
                    listed ? "it is there" : "it is not");
    }
}

/* The end of the instance, and another one on the same store. */
static bool begin_again(struct probe *p)
{
    return probe_set(p, "unload %s\nmonitor $monitor%s", probe_quote(p, probe_monitor_name(p)),
                     probe_is_builtin(p) ? " file-root=\"${tmp}\"" : "");
}

/* ---- R63 ------------------------------------------------------------------------------------- */

static void try_access(struct probe *p, unsigned access, const char *name)
{
    const char *line = probe_add_line(p, name);
    probe_run(p, 63, "%s",
              with(p, line, probe_format(p, "access=%u -> ERROR_ACCESS_DENIED", access)));
    judge_listed(p, 63, name, false);
}

void ports_denied(struct probe *p)
{
    static const unsigned less[] = {0, 2, 0x20002};
    const char *name = probe_new_port(p);
    for (size_t i = 0; i < sizeof less / sizeof *less && !probe_is_over(p); i++) {
        try_access(p, less[i], name);
    }
}

/* The bit counts, not the mask. */
void ports_allowed(struct probe *p)
{
    static const unsigned enough[] = {1, 0xF0003, 0x20003};
    for (size_t i = 0; i < sizeof enough / sizeof *enough && !probe_is_over(p); i++) {
        const char *name = probe_new_port(p);
        const char *access = probe_format(p, "access=%u -> ERROR_SUCCESS", enough[i]);
        if (probe_run(p, 63, "%s", with(p, probe_add_line(p, name), access)) &&
            probe_has(p, PLATEN_NEED_DELETE_PORT)) {
            probe_run(p, 63, "%s",
                      with(p, probe_delete_line(p, name), "access=2 -> ERROR_ACCESS_DENIED"));
            judge_listed(p, 63, name, true);
            probe_run(p, 63, "%s", with(p, probe_delete_line(p, name), access));
        }
    }
}

/* Who refuses the bit alone and takes the whole mask compares instead of testing. The explorer asks
 * with the bit alone, so for all other probes no port can be added to such a monitor. */
void ports_mask(struct probe *p)
{
    static const char *const forms[] = {"\"PLATEN63:\"", "name=PLATEN63 host=127.0.0.1 port=9"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms && !probe_is_over(p); i++) {
        const char *line = probe_format(p, "xcv \",XcvMonitor ${object}\" AddPort %s", forms[i]);
        probe_tried(p, 63);
        if (probe_ask(p, "%s access=1 -> ERROR_ACCESS_DENIED", line) &&
            probe_ask(p, "%s access=%u -> ERROR_SUCCESS", line, 0xF0003u)) {
            probe_judge(p, 63, false,
                        "AddPort works with SERVER_ACCESS_ADMINISTER (1) alone: that bit is tested",
                        "5 (ERROR_ACCESS_DENIED) with 1, and success with 0xF0003");
        }
    }
}

/* A monitor that adds no ports says so, or that it may not. */
void ports_names_denied(struct probe *p)
{
    static const char *const names[] = {"AddPort", "DeletePort", "ConfigPort",
                                        "SetDefaultCommConfig", "ConfigureLPTPortCommandOK"};
    for (size_t i = 0; i < sizeof names / sizeof *names && !probe_is_over(p); i++) {
        judge_refused(p, 63,
                      probe_format(p, "xcv \",XcvMonitor ${object}\" %s \"PLATEN%zu:\" access=0",
                                   names[i], i));
    }
}

/* ---- R64, R65 -------------------------------------------------------------------------------- */

void ports_added(struct probe *p)
{
    const char *name = probe_new_port(p);
    if (!probe_set(p, "%s", probe_add_line(p, name))) {
        return;
    }
    judge_listed(p, 64, name, true);
    probe_run(p, 64, "OpenPort pName=%s -> TRUE pHandle=$added\nClosePort hPort=$added -> TRUE",
              probe_quote(p, name));
    if (!begin_again(p)) {
        return;
    }
    probe_about(p, "the port was added before, the monitor was unloaded and loaded again");
    judge_listed(p, 64, name, true);
    if (probe_run(p, 64, "OpenPort pName=%s -> TRUE pHandle=$added", probe_quote(p, name))) {
        probe_run(p, 64, "ClosePort hPort=$added -> TRUE");
    }
}

/* Each call to the store fails once: the port is there as a whole, or not at all. */
static void judge_keys(struct probe *p, size_t events, size_t mark)
{
    bool closing = step_count(p, mark, "CloseKey", "-> ERROR_INTERNAL_ERROR") +
                       step_count(p, mark, "CloseKey", "-> 1359") >
                   0;
    for (size_t i = events; i < probe_events(p) && !closing; i++) {
        const char *text = probe_event(p, i);
        probe_judge(p, 6, strstr(text, "(R6)") == NULL || strstr(text, "open") == NULL,
                    "every key is closed, also where the store failed in between", "%s", text);
    }
}

void ports_rolled_back(struct probe *p)
{
    for (unsigned nth = 1; nth <= 12 && !probe_is_over(p); nth++) {
        const char *name = probe_new_port(p);
        if (name == NULL || !probe_set(p, "fault registry nth=%u error 1359 as $broken", nth)) {
            return;
        }
        size_t events = probe_events(p);
        size_t mark = step_mark(p);
        bool added = probe_ask(p, "%s", probe_add_line(p, name));
        bool reached = probe_ask(p, "expect fault $broken hits=1");
        probe_set(p, "end fault $broken");
        if (!reached) {
            return;
        }
        judge_listed(p, 64, name, added);
        if (!begin_again(p)) {
            return;
        }
        judge_keys(p, events, mark);
        judge_listed(p, 64, name, added);
    }
}

static const char *other_case(struct probe *p, const char *name)
{
    char text[300];
    snprintf(text, sizeof text, "%s", name);
    for (char *at = text; *at != '\0'; at++) {
        *at = (char)(islower((unsigned char)*at) ? toupper((unsigned char)*at)
                                                 : tolower((unsigned char)*at));
    }
    return probe_format(p, "%s", text);
}

void ports_twice(struct probe *p)
{
    static const char refused[] = "-> ERROR_ALREADY_EXISTS|ERROR_INVALID_PARAMETER";
    const char *name = probe_new_port(p);
    if (!probe_set(p, "%s", probe_add_line(p, name))) {
        return;
    }
    probe_run(p, 65, "%s", with(p, probe_add_line(p, name), refused));
    /* A path's case may count where files are. */
    if (strchr(name, '/') == NULL && strchr(name, '\\') == NULL) {
        probe_run(p, 65, "%s", with(p, probe_add_line(p, other_case(p, name)), refused));
    }
    if (probe_has(p, PLATEN_NEED_DELETE_PORT)) {
        probe_tidy(p, "%s", probe_delete_line(p, name));
    }
}

void ports_bad_names(struct probe *p)
{
    static const char refused[] = "-> ERROR_INVALID_NAME|ERROR_INVALID_PARAMETER";
    char huge[2048];
    memset(huge, 'x', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    probe_run(p, 65, "%s", with(p, probe_add_line(p, ""), refused));
    probe_run(p, 65, "%s", with(p, probe_add_line(p, "PLATEN\a\n:"), refused));
    judge_refused(p, 65, probe_format(p, "xcv \",XcvMonitor ${object}\" AddPort \"%s\"", huge));
    judge_listed(p, 65, "PLATEN\a\n:", false);
}

/* ---- R69: through the handle itself ---------------------------------------------------------- */

/* The name as bytes of UTF-16 with its NUL; NULL: it is no plain ASCII, or ports are not added by
 * their name alone. */
static const char *units_of(struct probe *p, const char *name)
{
    static const char variable[] = "${tmp}";
    const char *line = probe_add_line(p, name);
    const char *before = "";
    if (strstr(line, " host=") != NULL) {
        return NULL;
    }
    if (strncmp(name, variable, sizeof variable - 1) == 0) {
        before = probe_text(p, "tmp");
        name += sizeof variable - 1;
    }
    return check_units(&p->outcome->texts, probe_format(p, "%s%s", before, name));
}

/* Each keeps the access that it was opened with. */
void ports_own_access(struct probe *p)
{
    const char *name = probe_new_port(p);
    const char *units = units_of(p, name);
    if (units == NULL ||
        !probe_set(p, "XcvOpenPort pszObject=\"${object}\" GrantedAccess=0 -> TRUE phXcv=$guest\n"
                      "XcvOpenPort pszObject=\"${object}\" GrantedAccess=1 -> TRUE phXcv=$owner")) {
        return;
    }
    probe_run(p, 69,
              "XcvDataPort hXcv=$guest pszDataName=\"AddPort\" pInputData=%s -> "
              "ERROR_ACCESS_DENIED",
              units);
    probe_run(p, 69, "XcvDataPort hXcv=$owner pszDataName=\"AddPort\" pInputData=%s -> 0", units);
    probe_run(p, 69,
              "XcvDataPort hXcv=$guest pszDataName=\"DeletePort\" pInputData=%s -> "
              "ERROR_ACCESS_DENIED",
              units);
    probe_tidy(p, "XcvClosePort hXcv=$guest\nXcvClosePort hXcv=$owner");
}

/* The dialog that deleted a port goes on with its handle. */
void ports_handle_goes_on(struct probe *p)
{
    static const char ask[] = "XcvDataPort hXcv=$doer pszDataName=\"MonitorUI\" cbOutputData=512";
    const char *name = probe_new_port(p);
    const char *units = units_of(p, name);
    if (units == NULL ||
        !probe_set(p, "%s\nXcvOpenPort pszObject=\"${object}\" GrantedAccess=1 -> TRUE phXcv=$doer",
                   probe_add_line(p, name))) {
        return;
    }
    probe_ask(p, "%s -> any", ask);
    const struct platen_session_call *call = probe_call(p);
    unsigned before = call == NULL ? 0 : (unsigned)call->result;
    if (probe_ask(p, "XcvDataPort hXcv=$doer pszDataName=\"DeletePort\" pInputData=%s -> 0",
                  units)) {
        probe_run(p, 69, "%s -> %u", ask, before);
    }
    probe_run(p, 69, "XcvClosePort hXcv=$doer -> TRUE");
}

/* ---- R66, R69 -------------------------------------------------------------------------------- */

void ports_deleted(struct probe *p)
{
    const char *name = probe_new_port(p);
    if (!probe_set(p, "%s", probe_add_line(p, name)) ||
        !probe_run(p, 66, "%s", probe_delete_line(p, name))) {
        return;
    }
    judge_listed(p, 66, name, false);
    judge_refused(p, 66, probe_delete_line(p, name));
    probe_should(p, 66, "%s", with(p, probe_delete_line(p, name), "-> ERROR_FILE_NOT_FOUND"));
    judge_refused(p, 66, probe_delete_line(p, ""));
    if (begin_again(p)) {
        judge_listed(p, 66, name, false);
    }
}

/* A store that does not let go of it: the port stays, or at least nobody says that it is gone. */
void ports_delete_fails(struct probe *p)
{
    for (unsigned nth = 1; nth <= 8 && !probe_is_over(p); nth++) {
        const char *name = probe_new_port(p);
        if (!probe_set(p, "%s\nfault registry nth=%u error 1359 as $broken",
                       probe_add_line(p, name), nth)) {
            return;
        }
        bool gone = probe_ask(p, "%s", probe_delete_line(p, name));
        bool reached = probe_ask(p, "expect fault $broken hits=1");
        probe_set(p, "end fault $broken");
        if (!reached) {
            return;
        }
        judge_listed(p, 66, name, !gone);
        if (!begin_again(p)) {
            return;
        }
        if (gone) {
            judge_listed(p, 66, name, false);
        }
    }
}

/* Refused, or the handle stays good until it is closed. */
void ports_deleted_open(struct probe *p)
{
    const char *name = probe_new_port(p);
    if (name == NULL) {
        return; /* none can be added */
    }
    if (!probe_set(p, "%s\nXcvOpenPort pszObject=\"${object}\" GrantedAccess=1 -> TRUE phXcv=$doer",
                   probe_add_line(p, name)) ||
        !probe_set(p, "OpenPort pName=%s -> TRUE pHandle=$used", probe_quote(p, name))) {
        return;
    }
    bool gone = probe_ask(p, "%s", probe_delete_line(p, name));
    if (!gone) {
        judge_listed(p, 66, name, true);
    }
    /* A handle that is good prints, or says why not; one whose port was freed goes astray. */
    probe_run(p, 66,
              "WritePort hPort=$used cbBuf=0 pBuffer=\"\" -> any\n"
              "StartDocPort hPort=$used %s -> any\n"
              "WritePort hPort=$used pBuffer=\"deleted\" -> any\nEndDocPort hPort=$used -> any\n"
              "ClosePort hPort=$used -> TRUE",
              probe_document(p, "deleted"));
    if (!gone) {
        probe_run(p, 66, "%s", probe_delete_line(p, name));
    }
    judge_listed(p, 66, name, false);
    probe_run(p, 69, "XcvDataPort hXcv=$doer pszDataName=\"NoSuchThing\" -> any");
    probe_run(p, 69, "XcvClosePort hXcv=$doer -> TRUE");
}
