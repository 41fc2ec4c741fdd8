/* SPDX-License-Identifier: MIT */
#include "command/hosting.h"

#include <stdio.h>
#include <string.h>

#include "command/guard.h"
#include "hosted/hosted.h"
#include "hosted/wine.h"

#define SECOND UINT64_C(1000000000)
#define GRACE  15u /* seconds for a call that --timeout has called off */

static void tell_stopped(void *context, uint64_t process)
{
    unsigned long long id = process;
    const char *wine = platen_wine_folder();
    (void)context;
    if (wine != NULL) {
        complain("the monitor's host is process %llu of Wine, and stopped before it loads the "
                 "monitor until a debugger is attached: WINEPREFIX=%s/.. winedbg %llu",
                 id, wine, id);
        return;
    }
    complain(
        "the monitor's host is process %llu, and stopped before it loads the monitor: attach a "
        "debugger to it, or let it go on with kill -CONT %llu",
        id, id);
}

static void say(void *context, const char *text)
{
    (void)context;
    complain("%s", text);
}

/* A job that --timeout calls off has a call under way, which may take that long and a little more.
 */
static uint64_t time_for_calls(const struct arguments *arguments)
{
    uint64_t seconds;
    if (!option_number(arguments, OPTION_timeout, 1, 1u << 30, 0, &seconds) || seconds == 0) {
        return 0;
    }
    return (seconds + GRACE) * SECOND;
}

static uint32_t refuse_windows(const char *path, char **complaint)
{
    char text[500];
    snprintf(text, sizeof text, "'%s' is for Windows, and cannot be loaded --in-process",
             printable(path));
    *complaint = strdup(text);
    return PLATEN_BAD_EXE_FORMAT;
}

uint32_t hosting_load(const struct arguments *arguments, platen_spooler *spooler, const char *name,
                      const char *path, bool language, char **complaint)
{
    if (arguments->values[OPTION_in_process] != NULL && platen_wine_runs(path)) {
        return refuse_windows(path, complaint);
    }
    if (arguments->values[OPTION_in_process] == NULL) {
        const struct platen_hosted_options options = {
            .language = language,
            .timeout = time_for_calls(arguments),
            .stopped = arguments->values[OPTION_debug] == NULL ? NULL : tell_stopped,
            .wine_registry = arguments->values[OPTION_wine_reg],
            .dll_folder = arguments->values[OPTION_dll_dir],
            .say = say,
        };
        return platen_hosted_load(spooler, name, path, &options, complaint);
    }
    guard_monitor(true);
    return language ? platen_spooler_load_language(spooler, name, path, complaint)
                    : platen_spooler_load(spooler, name, path, complaint);
}

uint32_t hosting_load_beside(const struct arguments *arguments, platen_spooler *spooler,
                             const char *name, const char *path, bool language,
                             platen_spooler *other, char **complaint)
{
    return arguments->values[OPTION_in_process] == NULL
               ? platen_hosted_load_beside(spooler, name, path, language, other, complaint)
               : hosting_load(arguments, spooler, name, path, language, complaint);
}

char *hosting_path(const struct arguments *arguments, const char *path)
{
    const char *monitor = arguments->values[OPTION_monitor];
    bool other = monitor != NULL && path != NULL && strcmp(monitor, "builtin") != 0 &&
                 platen_wine_runs(monitor);
    return other ? platen_wine_path(path) : NULL;
}

int hosting_status(uint32_t error)
{
    static const struct {
        uint32_t error;
        int status;
    } list[] = {
        {0, EXIT_OK},
        {PLATEN_PROCESS_ABORTED, EXIT_CRASHED},
        {PLATEN_NOT_READY, EXIT_ENVIRONMENT},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        if (list[i].error == error) {
            return list[i].status;
        }
    }
    return EXIT_MONITOR;
}
