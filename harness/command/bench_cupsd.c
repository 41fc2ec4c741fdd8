/* SPDX-License-Identifier: MIT */
#include "command/bench_cupsd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "command/bench_process.h"
#include "command/command.h"
#include "command/guard.h"
#include "os/clock.h"
#include "os/file.h"

#define PATIENCE     UINT64_C(20000000000) /* for the scheduler to do one thing, ns */
#define PATH_SIZE    1200
#define LARGEST_NAME 100 /* of a local socket, everywhere */
#define LARGEST_LIST (1u << 20)

enum program {
    THE_BACKEND,
    THE_CUPSD,
    THE_LPADMIN,
    THE_LP,
    THE_LPSTAT,
    THE_DISABLE,
    THE_ENABLE,
    PROGRAM_COUNT
};

static const char *const names[PROGRAM_COUNT] = {
    [THE_BACKEND] = "cups/backend/socket",
    [THE_CUPSD] = "cupsd",
    [THE_LPADMIN] = "lpadmin",
    [THE_LP] = "lp",
    [THE_LPSTAT] = "lpstat",
    [THE_DISABLE] = "cupsdisable",
    [THE_ENABLE] = "cupsenable",
};

static const char *const folders[] = {"/usr/sbin",      "/usr/bin",           "/usr/local/sbin",
                                      "/usr/local/bin", "/usr/lib",           "/usr/libexec",
                                      "/usr/local/lib", "/usr/local/libexec", NULL};

static char programs[PROGRAM_COUNT][64];

struct bench_cupsd {
    char folder[PATH_SIZE];
    char socket[PATH_SIZE];
    char uri[64];
    struct bench_process *process;
};

const char *bench_cups_missing(void)
{
    for (size_t i = 0; i < PROGRAM_COUNT; i++) {
        if (!bench_process_find(names[i], folders, programs[i], sizeof programs[i])) {
            return "cups: not installed (Debian packages cups-daemon, cups-client)";
        }
    }
    return NULL;
}

/* Runs one of the programs, with nothing of the user's own settings. */
static bool run(enum program program, const char *const *arguments, const char *uri,
                const char *folder)
{
    char says[PATH_SIZE + 16];
    char home[PATH_SIZE + 16];
    char device[96];
    const char *environment[] = {home, "PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C", device,
                                 NULL};
    snprintf(says, sizeof says, "%s/said", folder);
    snprintf(home, sizeof home, "HOME=%s", folder);
    snprintf(device, sizeof device, "DEVICE_URI=%s", uri);
    return bench_process_run(programs[program], arguments, environment, says);
}

bool bench_cups_backend(const char *folder, uint16_t port, const char *file)
{
    char uri[64];
    const char *arguments[] = {"socket", "1", "user", "title", "1", "", file, NULL};
    snprintf(uri, sizeof uri, "socket://127.0.0.1:%u", port);
    return run(THE_BACKEND, arguments, uri, folder);
}

static void nap(void)
{
    static const uint32_t word;
    platen_os_wait(&word, 0, platen_os_now() + 5000000);
}

static bool write_text(const char *folder, const char *name, const char *text)
{
    char path[PATH_SIZE + 32];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    uint32_t error = platen_os_file_replace(path, text, strlen(text));
    if (error != 0) {
        complain("bench: cups: %s: %s", printable(path), describe_error(error));
    }
    return error == 0;
}

/* Nobody but this user gets at the socket, so nobody has to prove who he is. */
static bool write_settings(const struct bench_cupsd *cupsd)
{
    char text[11 * PATH_SIZE];
    const char *folder = cupsd->folder;
    snprintf(text, sizeof text,
             "Listen %s\nBrowsing No\nBrowseLocalProtocols none\nWebInterface No\n"
             "DefaultAuthType None\nDefaultEncryption Never\nLogLevel warn\n"
             "<Location />\n  Order allow,deny\n  Allow all\n</Location>\n"
             "<Policy default>\n  <Limit All>\n    Order allow,deny\n    Allow all\n"
             "  </Limit>\n</Policy>\n",
             cupsd->socket);
    if (!write_text(folder, "cupsd.conf", text)) {
        return false;
    }
    snprintf(text, sizeof text,
             "ServerRoot %s\nRequestRoot %s/spool\nCacheDir %s/cache\nStateDir %s/state\n"
             "TempDir %s/spool/tmp\nServerKeychain %s/ssl\nCreateSelfSignedCerts No\n"
             "ErrorLog %s/errors\nAccessLog %s/accesses\nPageLog %s/pages\nPrintcap %s/printcap\n",
             folder, folder, folder, folder, folder, folder, folder, folder, folder, folder);
    return write_text(folder, "cups-files.conf", text);
}

static bool is_there(const char *path)
{
    uv_fs_t request;
    int error = uv_fs_stat(NULL, &request, path, NULL);
    uv_fs_req_cleanup(&request);
    return error == 0;
}

static bool start_scheduler(struct bench_cupsd *cupsd)
{
    char settings[PATH_SIZE + 16];
    char files[PATH_SIZE + 32];
    char says[PATH_SIZE + 16];
    const char *arguments[] = {"cupsd", "-f", "-c", settings, "-s", files, NULL};
    const char *environment[] = {"PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C", NULL};
    snprintf(settings, sizeof settings, "%s/cupsd.conf", cupsd->folder);
    snprintf(files, sizeof files, "%s/cups-files.conf", cupsd->folder);
    snprintf(says, sizeof says, "%s/cupsd-said", cupsd->folder);
    cupsd->process = bench_process_start(programs[THE_CUPSD], arguments, environment, says);
    uint64_t until = platen_os_now() + PATIENCE;
    while (cupsd->process != NULL && bench_process_runs(cupsd->process) &&
           !is_there(cupsd->socket) && platen_os_now() < until) {
        nap();
    }
    if (cupsd->process != NULL && !is_there(cupsd->socket)) {
        complain("bench: cups: the scheduler does not listen: %s %s", bench_process_last_word(says),
                 bench_cupsd_last_word(cupsd));
    }
    return cupsd->process != NULL && is_there(cupsd->socket);
}

static bool add_queue(const struct bench_cupsd *cupsd)
{
    const char *arguments[] = {"lpadmin", "-h",       cupsd->socket, "-p",  "sink", "-E",
                               "-v",      cupsd->uri, "-m",          "raw", NULL};
    return run(THE_LPADMIN, arguments, "", cupsd->folder);
}

static bool set_mode(const char *path, int mode)
{
    uv_fs_t request;
    int error = uv_fs_chmod(NULL, &request, path, mode, NULL);
    uv_fs_req_cleanup(&request);
    if (error != 0) {
        complain("bench: cups: %s: %s", printable(path), uv_strerror(error));
    }
    return error == 0;
}

static bool make_below(const char *folder, const char *name, int mode)
{
    char path[PATH_SIZE + 16];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    uint32_t error = platen_os_make_folder(path);
    if (error != 0) {
        complain("bench: cups: %s: %s", printable(path), describe_error(error));
    }
    return error == 0 && set_mode(path, mode);
}

/* Started by root the scheduler prints as another user, who has to get at its files; only this
 * user may get at its socket. */
static bool make_folders(const struct bench_cupsd *cupsd, const char *outer)
{
    return make_below(outer, "cups", 0711) && make_below(cupsd->folder, "own", 0700) &&
           make_below(cupsd->folder, "spool", 0711) &&
           make_below(cupsd->folder, "spool/tmp", 0700) && set_mode(outer, 0711);
}

static bool set_up(struct bench_cupsd *cupsd, const char *outer)
{
    if (strlen(cupsd->socket) > LARGEST_NAME) {
        complain("bench: cups: %s is too long for a local socket", printable(cupsd->socket));
        return false;
    }
    return make_folders(cupsd, outer) && write_settings(cupsd) && start_scheduler(cupsd) &&
           add_queue(cupsd);
}

struct bench_cupsd *bench_cupsd_start(const char *folder, uint16_t port)
{
    struct bench_cupsd *cupsd = calloc(1, sizeof *cupsd);
    if (cupsd == NULL) {
        complain("bench: no memory for the scheduler");
        return NULL;
    }
    snprintf(cupsd->folder, sizeof cupsd->folder, "%s/cups", folder);
    snprintf(cupsd->socket, sizeof cupsd->socket, "%s/cups/own/socket", folder);
    snprintf(cupsd->uri, sizeof cupsd->uri, "socket://127.0.0.1:%u", port);
    if (!set_up(cupsd, folder)) {
        bench_cupsd_end(cupsd);
        return NULL;
    }
    return cupsd;
}

bool bench_cupsd_go(struct bench_cupsd *cupsd)
{
    const char *arguments[] = {"cupsenable", "-h", cupsd->socket, "sink", NULL};
    return run(THE_ENABLE, arguments, "", cupsd->folder);
}

bool bench_cupsd_fill(struct bench_cupsd *cupsd, const char *file, uint32_t count)
{
    const char *stop[] = {"cupsdisable", "-h", cupsd->socket, "sink", NULL};
    const char *put[] = {"lp", "-h", cupsd->socket, "-d", "sink", file, NULL};
    bool fine = run(THE_DISABLE, stop, "", cupsd->folder);
    for (uint32_t i = 0; fine && i < count; i++) {
        fine = !guard_interrupted() && run(THE_LP, put, "", cupsd->folder);
    }
    return fine;
}

/* lpstat lists the jobs that are not done. */
bool bench_cupsd_idle(struct bench_cupsd *cupsd)
{
    const char *arguments[] = {"lpstat", "-h", cupsd->socket, "-o", "sink", NULL};
    char says[PATH_SIZE + 16];
    uint64_t until = platen_os_now() + PATIENCE;
    snprintf(says, sizeof says, "%s/said", cupsd->folder);
    while (run(THE_LPSTAT, arguments, "", cupsd->folder)) {
        if (*bench_process_last_word(says) == '\0') {
            return true;
        }
        if (platen_os_now() >= until) {
            complain("bench: cups: a job does not end: %s", bench_process_last_word(says));
            return false;
        }
        nap();
    }
    return false;
}

const char *bench_cupsd_last_word(const struct bench_cupsd *cupsd)
{
    char path[PATH_SIZE + 16];
    snprintf(path, sizeof path, "%s/errors", cupsd->folder);
    return bench_process_last_word(path);
}

void bench_cupsd_end(struct bench_cupsd *cupsd)
{
    if (cupsd != NULL) {
        bench_process_end(cupsd->process);
        platen_os_remove_folder(cupsd->folder);
        free(cupsd);
    }
}
