/* SPDX-License-Identifier: MIT
 *
 * The whole check: the survey, the probes on threads side by side, the verdict.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/inside.h"
#include "os/clock.h"
#include "os/file.h"

#define MOST_JOBS  16
#define USUAL_JOBS 4 /* most of the time they wait for devices and hosts */

/* ---- what is to be run ----------------------------------------------------------------------- */

bool check_wants(const struct check *check, int rule)
{
    return check->options->rules[rule];
}

bool check_is_interrupted(struct check *check)
{
    const struct platen_script_world *world = check->world;
    if (world->interrupted != NULL && world->interrupted(world->context)) {
        atomic_store(&check->interrupted, true);
    }
    return atomic_load(&check->interrupted);
}

#define MOST_HANGS 3u

bool check_gives_up(struct check *check)
{
    return atomic_load(&check->hangs) >= MOST_HANGS;
}

void check_complain(const struct check *check, const char *format, ...)
{
    char text[1000];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (check->world->complain != NULL) {
        check->world->complain(check->world->context, text);
    }
}

void check_log(const struct check *check, const char *format, ...)
{
    char text[1000];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    const struct platen_report_event event = {.kind = PLATEN_REPORT_LOG, .text = text};
    platen_report_tell(check->report, &event);
}

uint32_t check_missing(const struct check *check, uint32_t needs)
{
    return needs & ~check->survey.needs;
}

bool check_may_find(const struct check *check, int rule)
{
    uint32_t missing = check_missing(check, platen_rules[rule - 1].needs);
    bool pipe = check_missing(check, PLATEN_NEED_STANDSTILL) == 0;
    return (missing & ~(pipe ? PLATEN_NEED_STALLING_DEVICE : 0u)) == 0;
}

/* What is missing where nobody knows it better. */
static const char *const lacks[PLATEN_RULE_NEEDS] = {
    [PLATEN_RULE_NEED_INDEX_MODULE] = "the monitor is not a file",
    [PLATEN_RULE_NEED_INDEX_PORTS] = "the monitor has no port",
    [PLATEN_RULE_NEED_INDEX_NO_PORTS] = "the monitor lists ports even on an empty store",
    [PLATEN_RULE_NEED_INDEX_LEVEL_2] = "EnumPorts does not answer level 2",
    [PLATEN_RULE_NEED_INDEX_STORE] = "the monitor does not keep anything through MONITORREG",
    [PLATEN_RULE_NEED_INDEX_XCV] = "the monitor does not have the three Xcv functions",
    [PLATEN_RULE_NEED_INDEX_ADD_PORT] = "no way was found to add a port through Xcv",
    [PLATEN_RULE_NEED_INDEX_DELETE_PORT] = "no way was found to delete a port through Xcv",
    [PLATEN_RULE_NEED_INDEX_TARGET] = "no port was found whose output can be read back",
    [PLATEN_RULE_NEED_INDEX_JOB_TARGET] = "no port takes its target from the job, as FILE: does",
    [PLATEN_RULE_NEED_INDEX_STALLING_DEVICE] = "no port leads to a simulated printer",
    [PLATEN_RULE_NEED_INDEX_STANDSTILL] =
        "no port leads to a simulated printer, or to a file in whose place a pipe can stand",
    [PLATEN_RULE_NEED_INDEX_NO_BACK_CHANNEL] = "every port that was tried can be read from",
    [PLATEN_RULE_NEED_INDEX_PRINTER_DATA] = "the monitor has no GetPrinterDataFromPort",
    [PLATEN_RULE_NEED_INDEX_DEVICE_ID] = "the port does not answer IOCTL_PAR_QUERY_DEVICE_ID",
    [PLATEN_RULE_NEED_INDEX_TIMEOUTS] = "the monitor has no SetPortTimeOuts",
    [PLATEN_RULE_NEED_INDEX_BIDI] = "the monitor has no SendRecvBidiDataFromPort",
    [PLATEN_RULE_NEED_INDEX_SHUTDOWN] = "the monitor has no Shutdown",
    [PLATEN_RULE_NEED_INDEX_SECOND_INSTANCE] = "the monitor is not made for clusters",
    [PLATEN_RULE_NEED_INDEX_OPENPORTEX] =
        "the monitor has no OpenPortEx: it is no language monitor",
    [PLATEN_RULE_NEED_INDEX_HOSTILE] = "only --hostile allows what crashes Windows' own monitors",
};

const char *check_lack_text(const struct check *check, uint32_t missing)
{
    for (unsigned bit = 0; bit < PLATEN_RULE_NEEDS; bit++) {
        if ((missing >> bit) & 1) {
            const char *why = check->survey.lacks[bit];
            return why != NULL          ? why
                   : lacks[bit] != NULL ? lacks[bit]
                                        : platen_rule_needs[bit].text;
        }
    }
    return NULL;
}

/* Does the rule bind such a monitor? */
bool check_rule_binds(const struct check *check, int rule)
{
    enum platen_rule_scope scope = platen_rules[rule - 1].scope;
    return scope == PLATEN_RULE_PL ||
           scope == (check->survey.language ? PLATEN_RULE_L : PLATEN_RULE_P);
}

static bool is_kind(const struct check *check, const struct probe_row *row)
{
    bool language = check->survey.language;
    return !((row->flags & PROBE_LANGUAGE) != 0 && !language) &&
           !((row->flags & PROBE_PORT) != 0 && language) &&
           !((row->flags & PROBE_NATIVE) != 0 && check->survey.wine);
}

/* Why the probe is not run; NULL: it is, for at least one of its rules. */
static const char *why_not(const struct check *check, const struct probe_row *row, bool *silent)
{
    bool wanted = false;
    const char *lack = NULL;
    bool open = false;
    *silent = true;
    for (const int *rule = row->rules; *rule != 0; rule++) {
        if (!check_wants(check, *rule) || !check_rule_binds(check, *rule)) {
            continue;
        }
        uint32_t missing = check_missing(check, platen_rules[*rule - 1].needs | row->needs);
        wanted = true;
        open |= check_may_find(check, *rule) && check_missing(check, row->needs) == 0;
        lack = missing != 0 && lack == NULL ? check_lack_text(check, missing) : lack;
    }
    if (!wanted || !is_kind(check, row)) {
        return "";
    }
    *silent = false;
    if ((row->flags & PROBE_HOSTILE) != 0 && !check->options->hostile) {
        return lacks[PLATEN_RULE_NEED_INDEX_HOSTILE];
    }
    return open ? NULL : lack;
}

static void leave_out(struct check *check, size_t index, const char *why)
{
    for (const int *rule = check_probes[index].rules; *rule != 0; rule++) {
        check->outcomes[index].skipped[*rule] = check_keep(&check->outcomes[index].texts, why);
    }
}

static void choose(struct check *check, bool files)
{
    check->order_count = 0;
    atomic_store(&check->next, 0);
    for (int slow = 1; slow >= 0; slow--) {
        for (size_t i = 0; i < check_probe_count; i++) {
            const struct probe_row *row = &check_probes[i];
            bool silent;
            bool fits = ((row->flags & PROBE_FILE) != 0) == files &&
                        ((row->flags & PROBE_SLOW) != 0) == (slow != 0);
            const char *why = fits ? why_not(check, row, &silent) : NULL;
            if (fits && why == NULL) {
                check->order[check->order_count++] = i;
            } else if (fits && !silent) {
                leave_out(check, i, why);
            }
        }
    }
}

/* ---- side by side ---------------------------------------------------------------------------- */

static void could_not(struct check *check, size_t index, const struct bench *bench)
{
    char text[600];
    snprintf(text, sizeof text, "no world could be made for it: %s",
             bench == NULL || bench->why == NULL ? "memory is out" : bench->why);
    check->outcomes[index].ran = true;
    check->outcomes[index].over = check_keep(&check->outcomes[index].texts, text);
    leave_out(check, index, text);
}

/* Hosts under Wine stand still now and then where the machine is very busy, in calls that do
 * nothing: that a call does not come back is believed there if the probe comes upon it twice. */
static bool is_doubtful(const struct check *check, size_t index)
{
    const struct check_finding *at = check->survey.wine ? check->outcomes[index].findings : NULL;
    while (at != NULL && !(at->crash && strncmp(at->key, "late", 4) == 0)) {
        at = at->next;
    }
    return at != NULL;
}

/* In a world of its own. */
static void run_again(struct check *check, size_t index)
{
    check_log(check, "%s: a call did not come back; it is tried once more",
              check_probes[index].name);
    check_findings_free(&check->outcomes[index]);
    check->outcomes[index] = (struct check_outcome){.findings = NULL};
    atomic_fetch_sub(&check->hangs, 1);
    struct bench *bench = bench_open(check, check_probes[index].flags);
    if (bench == NULL || bench->why != NULL) {
        could_not(check, index, bench);
    } else {
        probe_execute(check, index, bench);
    }
    bench_close(bench);
}

/* Runs the probe on the bench, or on another one; what the next probe can have, or NULL. */
static struct bench *run_probe(struct check *check, size_t index, struct bench *bench)
{
    unsigned flags = check_probes[index].flags;
    if (check_gives_up(check)) {
        leave_out(check, index, CHECK_GIVES_UP);
        return bench;
    }
    if ((flags & PROBE_FILE) != 0) {
        probe_execute(check, index, NULL);
        return bench;
    }
    if (bench != NULL && (flags & CHECK_ALONE) != 0) {
        bench_close(bench);
        bench = NULL;
    }
    bench = bench == NULL ? bench_open(check, flags) : bench;
    if (bench == NULL || bench->why != NULL) {
        could_not(check, index, bench);
    } else if (probe_execute(check, index, bench)) {
        return bench;
    }
    bench_close(bench);
    if (is_doubtful(check, index)) {
        run_again(check, index);
    }
    return NULL;
}

static void work(void *argument)
{
    struct check *check = argument;
    struct bench *bench = NULL;
    for (;;) {
        size_t at = atomic_fetch_add(&check->next, 1);
        if (at >= check->order_count || check_is_interrupted(check)) {
            break;
        }
        uint64_t begun = platen_os_now();
        bench = run_probe(check, check->order[at], bench);
        check->outcomes[check->order[at]].duration = platen_os_now() - begun;
    }
    bench_close(bench);
}

/* A file that is not in a folder of the world's own: every world prints into it. */
static bool is_shared(const struct check_target *target)
{
    return target->kind == TARGET_FILE && strncmp(target->path, "${", 2) != 0;
}

static unsigned workers_of(const struct check *check)
{
    if (is_shared(&check->survey.target)) {
        return check->order_count > 0;
    }
    unsigned jobs = check->options->jobs;
    jobs = jobs == 0 ? USUAL_JOBS : jobs;
    jobs = jobs > MOST_JOBS ? MOST_JOBS : jobs;
    return jobs > check->order_count ? (unsigned)check->order_count : jobs;
}

static void tell_durations(const struct check *check)
{
    for (size_t i = 0; i < check->order_count; i++) {
        const struct check_outcome *outcome = &check->outcomes[check->order[i]];
        check_log(check, "%s: %.3f s%s%s", check_probes[check->order[i]].name,
                  (double)outcome->duration / (double)CHECK_SECOND,
                  outcome->over == NULL ? "" : "; it ended early: ",
                  outcome->over == NULL ? "" : outcome->over);
    }
}

static void run_probes(struct check *check, bool files)
{
    platen_os_thread *threads[MOST_JOBS];
    unsigned started = 0;
    choose(check, files);
    unsigned workers = workers_of(check);
    while (started + 1 < workers &&
           platen_os_thread_start(&threads[started], "check", 0, work, check) == 0) {
        started++;
    }
    if (check->order_count > 0) {
        work(check);
    }
    while (started > 0) {
        platen_os_thread_join(threads[--started]);
    }
    tell_durations(check);
}

/* ---- begin and end --------------------------------------------------------------------------- */

static bool begin(struct check *check)
{
    platen_os_mutex_init(&check->lock);
    check->outcomes = calloc(check_probe_count + 1, sizeof *check->outcomes);
    check->order = calloc(check_probe_count + 1, sizeof *check->order);
    if (check->outcomes == NULL || check->order == NULL ||
        platen_os_make_temporary_folder(check->folder, sizeof check->folder) != 0) {
        check_complain(check, "there is no memory, or no folder to work in");
        return false;
    }
    return true;
}

static void finish(struct check *check)
{
    for (size_t i = 0; check->outcomes != NULL && i <= check_probe_count; i++) {
        check_findings_free(&check->outcomes[i]);
    }
    if (check->folder[0] != '\0') {
        platen_os_remove_folder(check->folder);
    }
    check_survey_dispose(&check->survey);
    free(check->outcomes);
    free(check->order);
    platen_os_mutex_destroy(&check->lock);
}

static enum platen_check_status status_of(const struct check *check,
                                          const struct check_counts *count, bool loaded,
                                          enum platen_check_status broken)
{
    if (count->wrong > 0) {
        return PLATEN_CHECK_HARNESS;
    }
    if (!loaded) {
        return broken;
    }
    if (count->failed > 0) {
        return PLATEN_CHECK_FOUND;
    }
    if (atomic_load(&check->interrupted)) {
        return PLATEN_CHECK_FOUND;
    }
    return count->passed + count->warned + count->excused == 0 ? PLATEN_CHECK_NOTHING
                                                               : PLATEN_CHECK_CLEAN;
}

static enum platen_check_status run(struct check *check, const struct check_expected *expected)
{
    const char *why = NULL;
    enum platen_check_status broken = PLATEN_CHECK_MONITOR;
    struct check_counts counts = {0};
    atomic_store(&check->explores, true);
    bool loaded = explore(check, &why, &broken);
    atomic_store(&check->explores, false);
    run_probes(check, true);
    if (loaded) {
        run_probes(check, false);
    } else {
        check_complain(check, "%s", why == NULL ? "the monitor cannot be loaded" : why);
    }
    judge(check, expected, loaded ? NULL : "the monitor cannot be loaded", &counts);
    return status_of(check, &counts, loaded, broken);
}

static const char *name_of(const struct platen_check_options *options)
{
    if (options->language != NULL) {
        return options->language;
    }
    return options->monitor == NULL ? "builtin" : options->monitor;
}

bool platen_check_accepts(const struct platen_check_options *options,
                          const struct platen_script_world *world)
{
    const struct check check = {.options = options, .world = world};
    struct check_expected expected;
    bool fine = expected_read(&check, options->expected, &expected);
    check_texts_free(&expected.texts);
    return fine;
}

enum platen_check_status platen_check_run(const struct platen_check_options *options,
                                          const struct platen_script_world *world,
                                          struct platen_report *report)
{
    struct check check = {.options = options, .world = world, .report = report};
    struct check_expected expected = {.count = 0};
    enum platen_check_status status = PLATEN_CHECK_WRONG;
    if (expected_read(&check, options->expected, &expected)) {
        uint64_t begun = platen_os_now();
        const struct platen_report_event start = {.kind = PLATEN_REPORT_RUN_BEGIN,
                                                  .name = "platen check",
                                                  .place = {.file = name_of(options)},
                                                  .repeat = options->repeat};
        platen_report_tell(report, &start);
        status = begin(&check) ? run(&check, &expected) : PLATEN_CHECK_ENVIRONMENT;
        bool cut = atomic_load(&check.interrupted);
        const struct platen_report_event end = {
            .kind = PLATEN_REPORT_RUN_END,
            .duration = platen_os_now() - begun,
            .verdict = cut ? PLATEN_REPORT_ERROR : PLATEN_REPORT_PASS,
            .text = cut ? "interrupted" : NULL,
        };
        platen_report_tell(report, &end);
        finish(&check);
    }
    check_texts_free(&expected.texts);
    return status;
}
