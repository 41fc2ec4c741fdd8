/* SPDX-License-Identifier: MIT
 *
 * The explorer's second half: ports that can be added, and what to print to. Each way is tried as a
 * whole, from AddPort to the bytes that arrive, in words that benches use later as they are.
 */
#include "check/explore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "os/clock.h"
#include "os/file.h"

#define MARK_BYTES       "PlatenCheck \x01\xfe 0123456789"
#define MARK_SIZE        (sizeof MARK_BYTES - 1)
#define LARGEST          (1u << 20)
#define PATIENCE         (CHECK_SECOND / 10) /* for files, which are written when the port is closed */
#define NETWORK_PATIENCE CHECK_SECOND

/* ---- what arrived ---------------------------------------------------------------------------- */

/* Does the file hold what was printed, and nothing else? */
static bool holds_mark(struct explorer *explorer, const char *path)
{
    char *data = NULL;
    size_t size = 0;
    char *real = bench_path(explorer->bench, path);
    bool holds = real != NULL && platen_os_file_load(real, LARGEST, &data, &size) == 0 &&
                 size >= MARK_SIZE && memcmp(data + size - MARK_SIZE, MARK_BYTES, MARK_SIZE) == 0;
    free(data);
    free(real);
    return holds;
}

static void wait_a_moment(void)
{
    uint32_t word = 0;
    platen_os_wait(&word, 0, platen_os_now() + CHECK_SECOND / 100);
}

/* One of these paths, up to a NULL; waits a little for it. */
static const char *await_mark(struct explorer *explorer, const char *const *paths,
                              uint64_t patience)
{
    uint64_t until = platen_os_now() + patience;
    do {
        for (size_t i = 0; paths[i] != NULL; i++) {
            if (holds_mark(explorer, paths[i])) {
                return paths[i];
            }
        }
        wait_a_moment();
    } while (platen_os_now() < until);
    return NULL;
}

const char *explore_await_mark(struct explorer *explorer, const char *const *paths)
{
    return await_mark(explorer, paths, PATIENCE);
}

/* A file below the folder that the host works in; NULL: none. */
static const char *find_in_folder(struct explorer *explorer)
{
    uv_fs_t scan;
    uv_dirent_t entry;
    const char *found = NULL;
    if (uv_fs_scandir(NULL, &scan, explorer->bench->folder, 0, NULL) < 0) {
        return NULL;
    }
    while (uv_fs_scandir_next(&scan, &entry) != UV_EOF) { /* to the end: libuv loses the last */
        const char *path = check_print(&explorer->texts, "${host}/%s", entry.name);
        bool holds = found == NULL && path != NULL && holds_mark(explorer, path);
        found = holds ? path : found;
    }
    uv_fs_req_cleanup(&scan);
    return found;
}

/* ---- printing -------------------------------------------------------------------------------- */

/* `port` and `output` as between quotes of a line; output NULL: none. What ends the job may end the
 * monitor as well: that it printed is known by then, and the probes tell the rest. */
static bool print(struct explorer *explorer, const char *setup, const char *port,
                  const char *output)
{
    const char *file =
        output == NULL ? "" : check_print(&explorer->texts, " pOutputFile=\"%s\"", output);
    bool printed =
        explore_renew(explorer) &&
        explore_ask(
            explorer,
            "%s\nOpenPort pName=\"%s\" -> TRUE pHandle=$h\n"
            "StartDocPort hPort=$h pDocInfo={pDocName=\"platen\" pDatatype=\"RAW\"%s} -> TRUE\n"
            "WritePort hPort=$h pBuffer=" EXPLORE_MARK " -> TRUE",
            setup, port, file);
    (void)explore_go_on(explorer, "EndDocPort hPort=$h -> any\nClosePort hPort=$h -> any");
    return printed;
}

/* Ports that were left open by a job that did not go well disturb the next. */
void explore_start_again(struct explorer *explorer)
{
    explorer->ended = true;
    explore_renew(explorer);
}

static void forget_file(struct explorer *explorer, const char *path)
{
    char *real = bench_path(explorer->bench, path);
    if (real != NULL) {
        platen_os_remove_file(real);
    }
    free(real);
}

/* Once more without the file: who keeps it open writes where nobody looks any more. */
static bool appends(struct explorer *explorer, const char *port, const char *output,
                    const char *path)
{
    const char *const paths[] = {path, NULL};
    forget_file(explorer, path);
    return !print(explorer, "", port, output) || explore_await_mark(explorer, paths) == NULL;
}

/* ---- taking what was found ------------------------------------------------------------------- */

static void take(struct explorer *explorer, const struct check_target *target)
{
    struct check_survey *survey = &explorer->check->survey;
    struct check_texts *texts = &survey->texts;
    survey->target = (struct check_target){
        .kind = target->kind,
        .setup = check_keep(texts, target->setup == NULL ? "" : target->setup),
        .port = check_keep(texts, target->port),
        .port2 = check_keep(texts, target->port2),
        .output = check_keep(texts, target->output),
        .path = check_keep(texts, target->path),
        .appends = target->appends,
        .stalls = target->stalls,
    };
    survey->needs |= PLATEN_NEED_TARGET | (target->stalls ? PLATEN_NEED_STALLING_DEVICE : 0);
}

static bool take_file(struct explorer *explorer, const struct check_target *found)
{
    struct check_target target = *found;
    target.kind = TARGET_FILE;
    target.appends = appends(explorer, target.port, target.output, target.path);
    take(explorer, &target);
    return true;
}

/* ---- the user knows -------------------------------------------------------------------------- */

static uint64_t size_of(const char *path)
{
    platen_os_file file;
    uint64_t size = 0;
    if (path == NULL || platen_os_file_open_read(path, &file) != 0) {
        return 0;
    }
    (void)platen_os_file_size(file, &size);
    platen_os_file_close(file);
    return size;
}

/* Do jobs stand one behind the other in the file? What is replaced by each job may be removed
 * before it, too. */
static bool grows(struct explorer *explorer, const char *port, const char *path)
{
    bool printed = print(explorer, "", port, NULL);
    uint64_t first = size_of(path);
    return !printed || !print(explorer, "", port, NULL) || size_of(path) > first;
}

static bool try_told(struct explorer *explorer)
{
    const struct platen_check_options *options = explorer->check->options;
    struct check_survey *survey = &explorer->check->survey;
    char *absolute = NULL;
    if (options->port == NULL) {
        return false;
    }
    const char *quoted = check_quote(&survey->texts, options->port);
    char *port = quoted == NULL ? NULL : check_keep(&survey->texts, quoted + 1);
    if (port == NULL) {
        return true;
    }
    port[strlen(port) - 1] = '\0';
    survey->target = (struct check_target){.setup = "", .port = port};
    if (options->output != NULL && platen_os_absolute_path(options->output, &absolute) == 0) {
        survey->target.kind = TARGET_FILE;
        survey->target.path = check_keep(&survey->texts, absolute);
        survey->target.appends = grows(explorer, port, survey->target.path);
        survey->needs |= PLATEN_NEED_TARGET;
    }
    free(absolute);
    return true;
}

/* ---- printers on the network ----------------------------------------------------------------- */

#define DEVICE_LINES "folder \"${tmp}/device%s\"\ndevice $device raw keep=\"${tmp}/device%s\"\n"

struct network {
    const char *line; /* that adds the port */
    const char *port;
    enum adding adding;
};

static const struct network networks[] = {
    {"xcv \",XcvMonitor ${object}\" AddPort name=Platen host=" EXPLORE_NETWORK
     " port=\"${device.port}\"",
     "Platen", ADD_DATA},
    {"xcv \",XcvMonitor ${object}\" AddPort \"" EXPLORE_NETWORK ":${device.port}\"",
     EXPLORE_NETWORK ":${device.port}", ADD_NAME},
    {"xcv \",XcvMonitor ${object}\" AddPort \"socket://" EXPLORE_NETWORK ":${device.port}\"",
     "socket://" EXPLORE_NETWORK ":${device.port}", ADD_NAME},
};

static const char *network_setup(struct explorer *explorer, const struct network *network,
                                 const char *folder)
{
    const char *setup =
        check_print(&explorer->texts, DEVICE_LINES "%s", folder, folder, network->line);
    return setup == NULL ? "" : setup;
}

static bool try_network(struct explorer *explorer, const struct network *network, unsigned number)
{
    char folder[16];
    char path[64];
    char whole[64];
    char part[64]; /* the monitor died of it */
    snprintf(folder, sizeof folder, "%u", number);
    snprintf(path, sizeof path, "${tmp}/device%u/job-0001.receiving", number);
    snprintf(whole, sizeof whole, "${tmp}/device%u/job-0001.prn", number);
    snprintf(part, sizeof part, "${tmp}/device%u/job-0001.part", number);
    const char *const paths[] = {whole, path, part, NULL};
    bool printed = print(explorer, network_setup(explorer, network, folder), network->port, NULL) &&
                   explore_await_mark(explorer, paths) != NULL;
    if (!printed) {
        explore_start_again(explorer);
        return false;
    }
    const struct check_target target = {
        .kind = TARGET_DEVICE,
        .setup = network_setup(explorer, network, ""),
        .port = network->port,
        .stalls = true,
    };
    take(explorer, &target);
    return true;
}

static bool try_networks(struct explorer *explorer)
{
    for (unsigned i = 0; i < sizeof networks / sizeof *networks; i++) {
        if (try_network(explorer, &networks[i], i + 1)) {
            return true;
        }
    }
    return false;
}

/* ---- files whose path is the port's name ----------------------------------------------------- */

/* Without a path the file may have any name in the folder that the monitor works in. */
static bool try_path(struct explorer *explorer, const char *port, const char *path)
{
    const char *setup =
        check_print(&explorer->texts, "xcv \",XcvMonitor ${object}\" AddPort \"%s\"", port);
    const char *const paths[] = {path, NULL};
    bool printed = setup != NULL && print(explorer, setup, port, NULL);
    if (printed && path == NULL) {
        path = find_in_folder(explorer);
    } else if (printed && explore_await_mark(explorer, paths) == NULL) {
        path = NULL;
    }
    if (!printed || path == NULL) {
        explore_start_again(explorer);
        return false;
    }
    const struct check_target target = {.setup = setup, .port = port, .path = path};
    return take_file(explorer, &target);
}

const char *explore_below(const struct explorer *explorer, const char *name, char *to, size_t size)
{
    snprintf(to, size, "${there}%s%s", explorer->check->survey.wine ? "\\\\" : "/", name);
    return to;
}

static bool try_paths(struct explorer *explorer)
{
    char port[64];
    return try_path(explorer, explore_below(explorer, "platen.prn", port, sizeof port),
                    "${tmp}/platen.prn") ||
           try_path(explorer, "platen.prn", "${host}/platen.prn") ||
           try_path(explorer, "platen", NULL);
}

/* ---- ports that are there -------------------------------------------------------------------- */

/* As between quotes. */
const char *explore_quoted(struct explorer *explorer, const char *text)
{
    char *quoted = check_quote(&explorer->texts, text);
    if (quoted == NULL) {
        return "";
    }
    quoted[strlen(quoted) - 1] = '\0';
    return quoted + 1;
}

/* The file that the job names. */
bool explore_job_file(struct explorer *explorer, const char *port)
{
    static const char *const paths[] = {"${tmp}/job.prn", NULL};
    struct check_survey *survey = &explorer->check->survey;
    char output[64];
    explore_below(explorer, "job.prn", output, sizeof output);
    if (!print(explorer, "", port, output)) {
        explore_start_again(explorer);
        return false;
    }
    if (explore_await_mark(explorer, paths) == NULL) {
        return false;
    }
    survey->needs |= PLATEN_NEED_JOB_TARGET;
    survey->job_port = check_keep(&survey->texts, port);
    survey->job_output = check_keep(&survey->texts, output);
    return true;
}

static bool try_open_file(struct explorer *explorer, const char *port)
{
    if (!print(explorer, "", port, NULL)) {
        explore_start_again(explorer);
        return false;
    }
    const char *path = find_in_folder(explorer);
    if (path == NULL && explorer->bench->process != 0) {
        path = explore_open_files(explorer, port);
    }
    if (path == NULL) {
        return false;
    }
    const struct check_target target = {.setup = "", .port = port, .path = path};
    return take_file(explorer, &target);
}

static void try_listed(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    for (size_t i = 0; i < survey->port_count && i < EXPLORE_SOME; i++) {
        const char *port = explore_quoted(explorer, survey->ports[i]);
        if (survey->job_port == NULL && explore_job_file(explorer, port)) {
            continue;
        }
        if ((survey->needs & PLATEN_NEED_TARGET) == 0) {
            try_open_file(explorer, port);
        }
    }
    if ((survey->needs & PLATEN_NEED_TARGET) == 0 && survey->job_port != NULL) {
        const struct check_target target = {.setup = "",
                                            .port = survey->job_port,
                                            .output = survey->job_output,
                                            .path = "${tmp}/job.prn"};
        take_file(explorer, &target);
    }
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Benches need $object in their lines. */
static void begin_setup_with_object(struct check_survey *survey)
{
    if (survey->target.setup != NULL && strstr(survey->target.setup, "${object}") != NULL) {
        const char *quoted = check_quote(&survey->texts, survey->object);
        survey->target.setup =
            check_print(&survey->texts, "set $object %s\n%s", quoted, survey->target.setup);
    }
}

static void use_own(struct check_survey *survey)
{
    survey->target = (struct check_target){
        .kind = TARGET_DEVICE,
        .setup = "folder \"${tmp}/device\"\ndevice $device raw keep=\"${tmp}/device\"\n"
                 "port \"Platen\" to \"${device.uri}\"\nport \"Other\" to \"null:\"",
        .port = "Platen",
        .port2 = "Other",
        .stalls = true,
    };
    survey->needs |= PLATEN_NEED_TARGET | PLATEN_NEED_STALLING_DEVICE;
}

/* Some port, if none whose output can be read. */
static void settle_for_any(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    if (survey->target.port == NULL && survey->port_count > 0) {
        const char *port = explore_quoted(explorer, survey->ports[0]);
        survey->target.port = check_keep(&survey->texts, port);
    }
    if ((survey->needs & PLATEN_NEED_TARGET) == 0) {
        survey->lacks[PLATEN_RULE_NEED_INDEX_TARGET] =
            "no port was found whose output can be read (--port NAME --output FILE tells one)";
        survey->lacks[PLATEN_RULE_NEED_INDEX_STANDSTILL] =
            survey->lacks[PLATEN_RULE_NEED_INDEX_STALLING_DEVICE] =
                "no port was found that can be led to a simulated printer";
    }
}

static void find_standstill(struct check_survey *survey)
{
    bool pipes = check_is_ours(&survey->target);
    if (pipes || (survey->needs & PLATEN_NEED_STALLING_DEVICE) != 0) {
        survey->needs |= PLATEN_NEED_STANDSTILL;
    }
}

void explore_targets(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    bool xcv = (survey->needs & PLATEN_NEED_XCV) != 0 && !survey->language;
    survey->add_folder = survey->add_suffix = "";
    if (survey->builtin || survey->language) {
        use_own(survey);
    } else if (!try_told(explorer) && xcv && !try_networks(explorer)) {
        try_paths(explorer);
    }
    if (!survey->language) {
        try_listed(explorer);
    }
    if (xcv) {
        explore_adding(explorer);
        explore_adding_file(explorer);
    }
    settle_for_any(explorer);
    explore_silent(explorer);
    explore_second(explorer);
    if (survey->target.port == NULL) { /* none prints: the one that can be added, if only that */
        survey->target.port = survey->target.port2;
        survey->target.port2 = NULL;
    }
    if (!survey->language) {
        explore_start_again(explorer);
        explore_device_id(explorer);
    }
    find_standstill(survey);
    begin_setup_with_object(survey);
}
