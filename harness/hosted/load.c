/* SPDX-License-Identifier: MIT
 *
 * From a file to a monitor of the spooler, and back to nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/words.h"
#include "hosted/inside.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "spooler/carry.h"

#define TIMEOUT (60 * HOSTED_SECOND)
#define GOING   (5 * HOSTED_SECOND) /* for a host that was told to end */

/* ---- the end --------------------------------------------------------------------------------- */

static void say_bye(struct hosted *hosted)
{
    platen_os_mutex_lock(&hosted->lock);
    hosted->ending = true;
    if (hosted->control != NULL && !hosted->exited) {
        (void)platen_channel_say(hosted->control, PLATEN_FRAME_BYE, "");
    }
    platen_os_mutex_unlock(&hosted->lock);
}

static void free_lanes(struct hosted *hosted)
{
    platen_os_mutex_lock(&hosted->lock);
    hosted_lanes_break(hosted);
    struct hosted_lane *lane = hosted->lanes;
    hosted->lanes = NULL;
    platen_os_mutex_unlock(&hosted->lock);
    while (lane != NULL) {
        struct hosted_lane *next = lane->next;
        if (lane->serving != NULL) {
            platen_os_thread_join(lane->serving);
        }
        hosted_lane_free(lane);
        lane = next;
    }
}

static void free_hosted(struct hosted *hosted)
{
    platen_channel_free(hosted->control);
    hosted_handles_free(&hosted->handles);
    platen_os_cond_destroy(&hosted->changed);
    platen_os_mutex_destroy(&hosted->lock);
    free(hosted->name);
    free(hosted->path);
    free(hosted);
}

/* The host, if there still is one, ends; all threads do; nothing is left. */
static void end_host(struct hosted *hosted)
{
    say_bye(hosted);
    if (hosted->keeper != NULL && !hosted_keeper_wait(hosted, platen_os_now() + GOING)) {
        hosted_keeper_kill(hosted);
        hosted_keeper_wait(hosted, PLATEN_FOREVER);
    }
    hosted_accept_stop(hosted);
    free_lanes(hosted);
    hosted_keeper_stop(hosted);
    free_hosted(hosted);
}

static void unload(struct hosted *hosted)
{
    char answer[128];
    if (hosted_ask(hosted, PLATEN_FRAME_UNLOAD, 0, "unloading", "", answer, sizeof answer)) {
        hosted_told_rest(hosted, answer);
    }
}

static void release(void *context)
{
    struct hosted_seat *seat = context;
    struct hosted *hosted = seat->hosted;
    if (hosted_seat_drop(seat) == 0) {
        unload(hosted);
        end_host(hosted);
    }
}

static bool is_gone(void *context)
{
    return atomic_load(&((struct hosted_seat *)context)->hosted->dead);
}

/* ---- the module ------------------------------------------------------------------------------ */

static const char *words_of(uint32_t error, char *to, size_t size)
{
    const char *text = platen_error_text(error);
    snprintf(to, size, text == NULL ? "%u" : "%u (%s)", (unsigned)error, text);
    return to;
}

struct loaded {
    uint64_t error;
    uint64_t init;
    uint64_t dllmain;
    uint64_t older;
};

static bool read_number(const struct platen_line *line, const char *name, uint64_t *number)
{
    const struct platen_word *word = platen_word_named(line->left, name);
    return word != NULL && platen_word_number(word, number) && *number <= UINT32_MAX;
}

static bool read_loaded(const char *answer, struct loaded *loaded)
{
    struct platen_line line;
    struct platen_words *words = platen_words_new();
    bool fine =
        words != NULL && platen_words_read(words, answer, strcspn(answer, "\n"), 1, &line, NULL) &&
        read_number(&line, "error", &loaded->error) && read_number(&line, "init", &loaded->init) &&
        read_number(&line, "dllmain", &loaded->dllmain) &&
        read_number(&line, "older", &loaded->older);
    platen_words_free(words);
    return fine;
}

/* In the words of a module that is loaded without a host. */
static uint32_t judge(const struct hosted *hosted, const struct loaded *loaded, const char *words,
                      char **complaint)
{
    char error[96];
    char *missing = loaded->error != PLATEN_MOD_NOT_FOUND
                        ? NULL
                        : hosted_launch_missing(hosted->path, hosted->folder);
    if (missing != NULL) {
        *complaint =
            hosted_complain("'%s' cannot be loaded: %s: %s", hosted->path,
                            words_of((uint32_t)loaded->error, error, sizeof error), missing);
        free(missing);
    } else if (loaded->error != 0) {
        *complaint = hosted_complain("'%s' cannot be loaded: %s%s%s", hosted->path,
                                     words_of((uint32_t)loaded->error, error, sizeof error),
                                     *words == '\0' ? "" : ": ", words);
    } else if (loaded->init == 0) {
        *complaint =
            hosted_complain("'%s' does not export InitializePrintMonitor2 (R1)%s", hosted->path,
                            loaded->older ? ", only the older InitializePrintMonitor"
                                          : hosted_launch_instead(hosted->path));
        return PLATEN_PROC_NOT_FOUND;
    }
    return (uint32_t)loaded->error;
}

static uint32_t load_module(struct hosted *hosted, const char *module, char **complaint)
{
    char answer[2048];
    struct loaded loaded = {.error = 0};
    if (!hosted_ask(hosted, PLATEN_FRAME_LOAD, hosted->debug, "loading", module, answer,
                    sizeof answer)) {
        return PLATEN_PROCESS_ABORTED;
    }
    if (!read_loaded(answer, &loaded)) {
        *complaint = hosted_complain("the host of '%s' makes no sense", hosted->path);
        return PLATEN_INVALID_DATA;
    }
    const char *words = strchr(answer, '\n');
    hosted->has_main = loaded.dllmain != 0;
    return judge(hosted, &loaded, words == NULL ? "" : words + 1, complaint);
}

/* ---- the start ------------------------------------------------------------------------------- */

static struct hosted *new_hosted(platen_spooler *spooler, const char *name, const char *path,
                                 const struct platen_hosted_options *options)
{
    struct hosted *hosted = calloc(1, sizeof *hosted);
    if (hosted == NULL) {
        return NULL;
    }
    platen_os_mutex_init(&hosted->lock);
    platen_os_cond_init(&hosted->changed);
    hosted->spooler = spooler;
    hosted->listener = PLATEN_OS_NO_SOCKET;
    hosted->bell = PLATEN_OS_NO_BELL;
    hosted->language = options->language;
    hosted->folder = options->dll_folder;
    hosted->work = options->work;
    hosted->forget_init = options->forget_init;
    hosted->debug = options->stopped != NULL;
    hosted->timeout = hosted->debug           ? PLATEN_FOREVER
                      : options->timeout == 0 ? TIMEOUT
                                              : options->timeout;
    hosted->name = malloc(strlen(name) + 1);
    if (hosted->name == NULL || platen_os_absolute_path(path, &hosted->path) != 0) {
        free_hosted(hosted);
        return NULL;
    }
    strcpy(hosted->name, name);
    return hosted;
}

static uint32_t start(struct hosted *hosted, const struct hosted_launch *launch, char **complaint)
{
    uint32_t error = hosted_accept_start(hosted);
    if (error == 0) {
        error = hosted_keeper_start(hosted, launch, complaint);
    }
    if (error == 0) {
        error = hosted_accept_first(hosted);
        if (error != 0) {
            *complaint = hosted_complain("the host '%s' does not connect", launch->program);
            error = PLATEN_NOT_READY;
        }
    }
    return error;
}

static uint32_t carry(struct hosted_seat *seat, platen_spooler *spooler, const char *name,
                      char **complaint)
{
    const struct hosted *hosted = seat->hosted;
    struct platen_spooler_carrier carrier = {
        .entry = hosted_entry(seat),
        .path = hosted->path,
        .language = hosted->language,
        .release = release,
        .is_gone = is_gone,
        .context = seat,
    };
    if (!hosted->has_main) {
        carrier.entry.DllMain = NULL;
    }
    return platen_spooler_carry(spooler, name, &carrier, complaint);
}

/* Crashes come first: what else went wrong follows from them. */
static uint32_t explain(struct hosted *hosted, uint32_t error, char **complaint)
{
    platen_os_mutex_lock(&hosted->lock);
    if (hosted->reported) {
        platen_free(*complaint);
        *complaint = hosted_complain("%s", hosted->words);
        error = PLATEN_PROCESS_ABORTED;
    }
    platen_os_mutex_unlock(&hosted->lock);
    return error;
}

static uint32_t load(struct hosted *hosted, const struct hosted_launch *launch,
                     const struct platen_hosted_options *options, char **complaint)
{
    struct hosted_seat *seat = hosted_seat_take(hosted);
    if (seat == NULL) {
        free_hosted(hosted);
        return PLATEN_BUSY;
    }
    uint32_t error = start(hosted, launch, complaint);
    if (error == 0 && options->started != NULL) {
        options->started(options->started_context, hosted->process);
    }
    if (error == 0 && options->stopped != NULL) {
        options->stopped(options->context, hosted->process);
    }
    if (error == 0) {
        error = load_module(hosted, launch->module, complaint);
    }
    if (error == 0) {
        error = carry(seat, hosted->spooler, hosted->name, complaint);
    }
    if (error != 0) {
        error = explain(hosted, error, complaint);
        hosted_seat_drop(seat);
        end_host(hosted);
    }
    return error;
}

static uint32_t find_and_load(platen_spooler *spooler, const char *name, const char *path,
                              const struct platen_hosted_options *options, char **complaint)
{
    struct hosted_launch launch;
    uint32_t error = hosted_launch_find(path, options, &launch, complaint);
    if (error != 0) {
        return error;
    }
    struct hosted *hosted = new_hosted(spooler, name, path, options);
    error = hosted == NULL ? PLATEN_NOT_ENOUGH_MEMORY : load(hosted, &launch, options, complaint);
    hosted_launch_free(&launch);
    return error;
}

/* ---- one more instance ----------------------------------------------------------------------- */

struct search {
    const platen_spooler *spooler;
    const char *path;
    bool language;
    struct hosted *found;
};

static _Thread_local struct search search;

static void look(struct hosted *hosted, uint64_t unused)
{
    (void)unused;
    if (hosted->spooler == search.spooler && hosted->language == search.language &&
        strcmp(hosted->path, search.path) == 0) {
        search.found = hosted;
    }
}

static uint32_t load_beside(platen_spooler *spooler, const char *name, const char *path,
                            bool language, const platen_spooler *other, char **complaint)
{
    char *absolute = NULL;
    uint32_t error = platen_os_absolute_path(path, &absolute);
    if (error != 0) {
        return error;
    }
    search = (struct search){.spooler = other, .path = absolute, .language = language};
    hosted_each(look, 0);
    struct hosted *hosted = search.found;
    struct hosted_seat *seat = hosted == NULL ? NULL : hosted_seat_take(hosted);
    if (seat == NULL) {
        *complaint = hosted_complain(hosted == NULL ? "there is no host of '%s' yet"
                                                    : "too many instances of '%s' in one host",
                                     path);
        error = hosted == NULL ? PLATEN_UNKNOWN_PRINT_MONITOR : PLATEN_BUSY;
    } else {
        error = carry(seat, spooler, name, complaint);
    }
    if (seat != NULL && error != 0) {
        error = explain(hosted, error, complaint);
        hosted_seat_drop(seat);
    }
    free(absolute);
    return error;
}

/* ---- the public side ------------------------------------------------------------------------- */

/* The caller may not want the complaint, and gets one for every failure. */
static uint32_t hand_over(uint32_t error, const char *path, char *words, char **complaint)
{
    if (error != 0 && words == NULL) {
        char text[96];
        words =
            hosted_complain("'%s' cannot be hosted: %s", path, words_of(error, text, sizeof text));
    }
    if (complaint != NULL) {
        *complaint = words;
    } else {
        platen_free(words);
    }
    return error;
}

uint32_t platen_hosted_load(platen_spooler *spooler, const char *name, const char *path,
                            const struct platen_hosted_options *options, char **complaint)
{
    static const struct platen_hosted_options plain = {.timeout = 0};
    char *words = NULL;
    uint32_t error = find_and_load(spooler, name, path, options == NULL ? &plain : options, &words);
    return hand_over(error, path, words, complaint);
}

uint32_t platen_hosted_load_beside(platen_spooler *spooler, const char *name, const char *path,
                                   bool language, const platen_spooler *other, char **complaint)
{
    char *words = NULL;
    uint32_t error = load_beside(spooler, name, path, language, other, &words);
    return hand_over(error, path, words, complaint);
}
