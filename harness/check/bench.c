/* SPDX-License-Identifier: MIT
 *
 * Benches: worlds for probes. Each has a folder that its host works in and that goes with it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/inside.h"
#include "hosted/wine.h"
#include "os/file.h"

#define CALL_TIME    (30 * CHECK_SECOND)
#define PATIENT_TIME (180 * CHECK_SECOND) /* the resource time-out of a cluster */
#define EXPLORE_TIME (10 * CHECK_SECOND)  /* nothing of it is a finding */
#define GRACE        (5 * CHECK_SECOND)

/* ---- loading --------------------------------------------------------------------------------- */

static uint64_t time_of_call(const struct bench *bench)
{
    uint64_t given = bench->check->options->timeout;
    bool patient = (bench->flags & PROBE_PATIENT) != 0;
    uint64_t time = given != 0 ? given : patient ? PATIENT_TIME : CALL_TIME;
    return atomic_load(&bench->check->explores) && time > EXPLORE_TIME ? EXPLORE_TIME : time;
}

static void started(void *context, uint64_t process)
{
    struct bench *bench = context;
    bench->process = process;
}

static uint32_t load(void *context, platen_spooler *spooler, const char *name, const char *path,
                     bool language, char **complaint)
{
    struct bench *bench = context;
    const struct platen_script_world *world = bench->check->world;
    const struct platen_hosted_options *given = bench->check->options->hosted;
    if (given == NULL) {
        return world->load == NULL
                   ? PLATEN_NOT_SUPPORTED
                   : world->load(world->context, spooler, name, path, language, complaint);
    }
    struct platen_hosted_options options = *given;
    options.language = language;
    options.work = bench->check->options->output == NULL ? bench->folder : NULL;
    options.forget_init = (bench->flags & PROBE_FORGETS) != 0;
    options.started = started;
    options.started_context = bench;
    options.timeout = time_of_call(bench);
    return platen_hosted_load(spooler, name, path, &options, complaint);
}

static uint32_t load_beside(void *context, platen_spooler *spooler, const char *name,
                            const char *path, bool language, platen_spooler *other,
                            char **complaint)
{
    const struct bench *bench = context;
    return bench->check->options->hosted == NULL
               ? load(context, spooler, name, path, language, complaint)
               : platen_hosted_load_beside(spooler, name, path, language, other, complaint);
}

static uint32_t attach_builtin(void *context, platen_spooler *spooler, const char *name,
                               const char *file_root, const char *program_root,
                               struct platen_clock *clock, char **complaint)
{
    const struct platen_script_world *world = ((struct bench *)context)->check->world;
    return world->attach_builtin(world->context, spooler, name, file_root, program_root, clock,
                                 complaint);
}

static uint32_t add_port(void *context, HANDLE instance, const char *name, const char *uri)
{
    const struct platen_script_world *world = ((struct bench *)context)->check->world;
    return world->add_port(world->context, instance, name, uri);
}

static char *name_there(void *context, const char *path)
{
    const struct bench *bench = context;
    return bench->check->survey.wine ? platen_wine_path(path) : NULL;
}

static bool interrupted(void *context)
{
    struct check *check = ((struct bench *)context)->check;
    return check_is_interrupted(check) || check_gives_up(check);
}

static void monitors(void *context, bool loaded)
{
    const struct platen_script_world *world = ((struct bench *)context)->check->world;
    if (world->monitors != NULL && loaded) {
        world->monitors(world->context, true); /* it is taken back when the whole check ends */
    }
}

static void complain(void *context, const char *text)
{
    check_complain(((struct bench *)context)->check, "%s", text);
}

static void fill_world(struct bench *bench)
{
    const struct platen_script_world *from = bench->check->world;
    bench->world = *from;
    bench->world.context = bench;
    bench->world.attach_builtin = from->attach_builtin == NULL ? NULL : attach_builtin;
    bench->world.add_port = from->add_port == NULL ? NULL : add_port;
    bench->world.load = load;
    bench->world.load_beside = load_beside;
    bench->world.name_there = name_there;
    bench->world.interrupted = interrupted;
    bench->world.give_up = NULL;
    bench->world.monitors = monitors;
    bench->world.complain = complain;
}

/* ---- what is told ---------------------------------------------------------------------------- */

static void told(void *context, const struct platen_session_check *check)
{
    struct bench *bench = context;
    if (bench->probe != NULL) {
        probe_told(bench->probe, check);
    }
}

static void found(void *context, const char *text)
{
    struct bench *bench = context;
    if (bench->probe != NULL) {
        probe_found(bench->probe, text);
    } else {
        probe_end_of_bench(bench, text);
    }
}

/* ---- the lines that it begins with ----------------------------------------------------------- */

static bool fail(struct bench *bench, const char *why)
{
    size_t size = strlen(why) + 1;
    free(bench->why);
    bench->why = malloc(size);
    if (bench->why != NULL) {
        memcpy(bench->why, why, size);
    }
    return false;
}

static bool run(struct bench *bench, const char *lines)
{
    if (*lines == '\0') {
        return true;
    }
    bench->end = platen_session_run(bench->session, lines);
    if (bench->end == PLATEN_SESSION_MET) {
        return true;
    }
    const char *why = platen_session_why(bench->session);
    return fail(bench, *why == '\0' ? "what is set up there does not work" : why);
}

static bool load_monitor(struct bench *bench)
{
    const struct check *check = bench->check;
    const char *profile = check->options->profile;
    char line[200] = "";
    if (profile != NULL) {
        snprintf(line, sizeof line, "spooler \"s\" profile=%s", profile);
    }
    if (!run(bench, line)) {
        return false;
    }
    if (check->survey.language) {
        return run(bench, "monitor builtin\nlanguage $monitor");
    }
    return run(bench, check->survey.builtin ? "monitor $monitor file-root=\"${tmp}\""
                                            : "monitor $monitor");
}

static bool set_up(struct bench *bench, bool bare)
{
    const struct check_survey *survey = &bench->check->survey;
    return load_monitor(bench) &&
           (bare || survey->target.setup == NULL || run(bench, survey->target.setup));
}

static bool make_folder(struct bench *bench)
{
    struct check *check = bench->check;
    snprintf(bench->folder, sizeof bench->folder, "%s/%u", check->folder,
             atomic_fetch_add(&check->serial, 1));
    return platen_os_make_folder(bench->folder) == 0 || fail(bench, "there is no folder for it");
}

static bool note_name(void *context, const char *name)
{
    struct bench *bench = context;
    const char *copy = bench->name_count < BENCH_NAMES ? check_keep(&bench->texts, name) : NULL;
    if (copy != NULL) {
        bench->names[bench->name_count++] = copy;
    }
    return true;
}

static bool is_own(void *context, const char *name)
{
    const struct bench *bench = context;
    for (size_t i = 0; i < bench->name_count; i++) {
        if (strcmp(bench->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

void bench_forget_names(struct bench *bench)
{
    platen_session_forget_names(bench->session, is_own, bench);
}

struct bench *bench_open(struct check *check, unsigned flags)
{
    struct bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL) {
        return NULL;
    }
    bench->check = check;
    bench->flags = flags;
    fill_world(bench);
    const struct platen_session_options options = {
        .world = &bench->world,
        .monitor = check->options->monitor,
        .registry = check->options->registry,
        .timeout = 4 * time_of_call(bench), /* one call that is late is the host's to find */
        .grace = GRACE,
        .told = told,
        .found = found,
        .context = bench,
    };
    if (!make_folder(bench)) {
        bench->end = PLATEN_SESSION_BROKEN;
        return bench;
    }
    bench->session = platen_session_open(&options);
    if (bench->session == NULL) {
        bench->end = PLATEN_SESSION_BROKEN;
        fail(bench, "memory is out");
        return bench;
    }
    if (set_up(bench, (flags & PROBE_BARE) != 0)) {
        platen_session_forget_names(bench->session, note_name, bench);
    }
    bench->base = platen_session_mark(bench->session);
    return bench;
}

void bench_close(struct bench *bench)
{
    if (bench == NULL) {
        return;
    }
    bool back = bench->session == NULL || platen_session_close(bench->session);
    if (bench->folder[0] != '\0') {
        platen_os_remove_folder(bench->folder);
    }
    free(bench->why);
    check_texts_free(&bench->texts);
    if (back) { /* otherwise the monitor is still somewhere in there */
        free(bench);
    }
}

/* ---- paths ----------------------------------------------------------------------------------- */

char *bench_path(struct bench *bench, const char *text)
{
    static const char tmp_name[] = "${tmp}";
    static const char work_name[] = "${host}";
    bool in_tmp = strncmp(text, tmp_name, sizeof tmp_name - 1) == 0;
    bool in_work = strncmp(text, work_name, sizeof work_name - 1) == 0;
    const char *before = in_tmp    ? platen_session_text(bench->session, "tmp")
                         : in_work ? bench->folder
                                   : "";
    const char *rest = text + (in_tmp ? sizeof tmp_name - 1 : in_work ? sizeof work_name - 1 : 0);
    before = before == NULL ? "" : before;
    size_t size = strlen(before) + strlen(rest) + 1;
    char *path = malloc(size);
    if (path != NULL) {
        snprintf(path, size, "%s%s", before, rest);
    }
    return path;
}
