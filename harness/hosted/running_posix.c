/* SPDX-License-Identifier: MIT */
#include "hosted/running.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

char *platen_running_find(const char *name)
{
    const char *path = getenv("PATH");
    size_t length = strlen(name);
    while (path != NULL && *path != '\0') {
        size_t part = strcspn(path, ":");
        char *found = malloc(part + length + 2);
        if (found == NULL) {
            return NULL;
        }
        memcpy(found, path, part);
        found[part] = '/';
        memcpy(found + part + 1, name, length + 1);
        if (part > 0 && access(found, X_OK) == 0) {
            return found;
        }
        free(found);
        path += part + (path[part] == ':');
    }
    return NULL;
}

/* ---- the environment ------------------------------------------------------------------------- */

/* What it must not have, or has otherwise: nothing on the screen, no words of Wine's own, file
 * names in UTF-8. */
static const char *const settled[] = {
    "WINEPREFIX=",      "WINEARCH=win64",
    "WINEDEBUG=-all",   "WINEDLLOVERRIDES=mscoree=;mshtml=;winemenubuilder.exe=d",
    "WINESERVERSOCKET", "DISPLAY",
    "WAYLAND_DISPLAY",  "LC_ALL=C.UTF-8",
    "LANGUAGE",
};
#define SETTLED (sizeof settled / sizeof *settled)

char **platen_running_settled(const char *prefix)
{
    size_t room = sizeof "WINEPREFIX=" + strlen(prefix);
    char **list = malloc((SETTLED + 1) * sizeof *list + room);
    if (list == NULL) {
        return NULL;
    }
    list[0] = (char *)(list + SETTLED + 1);
    snprintf(list[0], room, "WINEPREFIX=%s", prefix);
    for (size_t i = 1; i < SETTLED; i++) {
        list[i] = (char *)(uintptr_t)settled[i];
    }
    list[SETTLED] = NULL;
    return list;
}

static bool is_settled(const char *entry)
{
    size_t length = strcspn(entry, "=");
    for (size_t i = 0; i < SETTLED; i++) {
        if (strcspn(settled[i], "=") == length && strncmp(settled[i], entry, length) == 0) {
            return true;
        }
    }
    return false;
}

/* The environment of this process with that. One block; `own` is borrowed. */
static char **environment_with(char *const *own)
{
    size_t count = 0;
    size_t used = 0;
    while (environ[count] != NULL) {
        count++;
    }
    char **list = malloc((count + SETTLED + 1) * sizeof *list);
    for (size_t i = 0; list != NULL && i < SETTLED; i++) {
        if (strchr(own[i], '=') != NULL) {
            list[used++] = own[i];
        }
    }
    for (size_t i = 0; list != NULL && i < count; i++) {
        if (!is_settled(environ[i])) {
            list[used++] = environ[i];
        }
    }
    if (list != NULL) {
        list[used] = NULL;
    }
    return list;
}

/* ---- running --------------------------------------------------------------------------------- */

/* Where standard input and output lead; -1: nowhere. */
struct streams {
    int input;
    int output;
    int extra; /* becomes 9 */
};

static pid_t start(const char *program, const char *const *arguments, char **environment,
                   const struct streams *streams)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t usual;
    pid_t process = -1;
    sigemptyset(&none);
    sigfillset(&usual);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    if (streams->input < 0) {
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    } else {
        posix_spawn_file_actions_adddup2(&actions, streams->input, 0);
    }
    if (streams->output < 0) {
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    } else {
        posix_spawn_file_actions_adddup2(&actions, streams->output, 1);
    }
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (streams->extra >= 0) {
        posix_spawn_file_actions_adddup2(&actions, streams->extra, 9);
    }
    /* Out of the terminal's reach, with signals as they are for everybody. */
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    if (posix_spawn(&process, program, &actions, &attributes, (char *const *)(uintptr_t)arguments,
                    environment) != 0) {
        process = -1;
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return process;
}

/* Its exit status, or -1 when the time is over. */
static int await(pid_t process, unsigned seconds)
{
    const struct timespec step = {.tv_nsec = 2000000};
    int status = 0;
    for (uint64_t left = (uint64_t)seconds * 500; left > 0; left--) {
        pid_t ended = waitpid(process, &status, WNOHANG);
        if (ended == process) {
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        }
        if (ended < 0 && errno != EINTR) {
            return -1;
        }
        nanosleep(&step, NULL);
    }
    kill(process, SIGKILL);
    waitpid(process, &status, 0);
    return -1;
}

int platen_running_wait(const char *prefix, const char *const *arguments, unsigned seconds)
{
    const struct streams nowhere = {-1, -1, -1};
    char *program = platen_running_find(arguments[0]);
    char **own = platen_running_settled(prefix);
    char **environment = own == NULL ? NULL : environment_with(own);
    pid_t process = program == NULL || environment == NULL
                        ? -1
                        : start(program, arguments, environment, &nowhere);
    free(environment);
    free(own);
    free(program);
    return process < 0 ? -1 : await(process, seconds);
}

/* ---- the one who removes a copy -------------------------------------------------------------- */

/* $1 is the copy, $2 the program of Wine's server or nothing. The server is there before anybody
 * looks for it: Wine's programs start one themselves otherwise, each its own. Whatever runs in the
 * prefix has its name in the environment, which is how it is found; a few rounds, because what is
 * just being started is found in the next one. The files of the server stand in a folder that
 * Debian's Wine names in the prefix, and others by the prefix's number. */
static const char keeper[] =
    "if [ -n \"$2\" ]; then\n"
    "  env -i PATH=\"$PATH\" HOME=\"$HOME\" ${TMPDIR:+\"TMPDIR=$TMPDIR\"} LC_ALL=C.UTF-8 "
    "WINEPREFIX=\"$1\" WINEARCH=win64 WINEDEBUG=-all \"$2\" -p </dev/null >/dev/null 9>&- && "
    "echo ready\n"
    "  exec >/dev/null\n"
    "  read -r nothing\n"
    "fi\n"
    "for round in 1 2 3 4 5 6 7 8; do\n"
    "  left=$(grep -lzFx -e \"WINEPREFIX=$1\" /proc/[0-9]*/environ | tr -dc '0-9\\n')\n"
    "  [ -n \"$left\" ] || break\n"
    "  kill -KILL $left\n"
    "done\n"
    "case $(cat \"$1/wineserver\") in\n"
    "  */*) ;;\n"
    "  wine-??????*) rm -rf \"${TMPDIR:-/tmp}/$(cat \"$1/wineserver\")\" ;;\n"
    "esac\n"
    "rm -rf \"/tmp/.wine-$(id -u)/server-$(stat -c %D \"$1\")-$(printf %x $(stat -c %i \"$1\"))\"\n"
    "rm -rf \"$1\"\n";

/* Until it says something, or ends. */
static bool hear(int output)
{
    char word[8];
    ssize_t size;
    do {
        size = read(output, word, sizeof word);
    } while (size < 0 && errno == EINTR);
    return size > 0;
}

static pid_t start_keeper(const char *copy, int input, int output, int lock, const char *server)
{
    const char *arguments[] = {
        "sh", "-c", keeper, "platen-prefix", copy, server == NULL ? "" : server, NULL};
    const struct streams streams = {input, output, lock};
    return start("/bin/sh", arguments, environ, &streams);
}

int64_t platen_running_keeper(const char *copy, int input, int lock, const char *server, bool *runs)
{
    int ends[2];
    *runs = false;
    if (server == NULL) {
        return start_keeper(copy, -1, -1, lock, NULL);
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    pid_t process = start_keeper(copy, input, ends[1], lock, server);
    close(ends[1]);
    *runs = process > 0 && hear(ends[0]);
    close(ends[0]);
    return process;
}

void platen_running_join(int64_t process)
{
    int status;
    while (waitpid((pid_t)process, &status, 0) < 0 && errno == EINTR) {
    }
}
