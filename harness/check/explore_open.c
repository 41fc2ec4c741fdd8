/* SPDX-License-Identifier: MIT
 *
 * Where a monitor writes that does not say so: what its process has open during a job.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "check/explore.h"

/* The path of an open file of that process; malloc'ed, NULL: it is none that can be looked at. */
static char *path_of(uint64_t process, const char *name)
{
    char link[64];
    uv_fs_t request;
    char *path = NULL;
    snprintf(link, sizeof link, "/proc/%llu/fd/%s", (unsigned long long)process, name);
    if (uv_fs_readlink(NULL, &request, link, NULL) >= 0) {
        const char *to = request.ptr;
        bool file = to[0] == '/' && strncmp(to, "/dev/", 5) != 0 && strncmp(to, "/proc/", 6) != 0;
        path = file ? malloc(strlen(to) + 1) : NULL;
        if (path != NULL) {
            strcpy(path, to);
        }
    }
    uv_fs_req_cleanup(&request);
    return path;
}

static size_t list_open(struct explorer *explorer, const char **paths, size_t most)
{
    char folder[64];
    uv_fs_t scan;
    uv_dirent_t entry;
    size_t count = 0;
    snprintf(folder, sizeof folder, "/proc/%llu/fd", (unsigned long long)explorer->bench->process);
    if (uv_fs_scandir(NULL, &scan, folder, 0, NULL) < 0) {
        return 0;
    }
    while (uv_fs_scandir_next(&scan, &entry) != UV_EOF) { /* to the end: libuv loses the last */
        char *path = count < most ? path_of(explorer->bench->process, entry.name) : NULL;
        const char *kept = check_keep(&explorer->texts, path);
        if (kept != NULL) {
            paths[count++] = kept;
        }
        free(path);
    }
    uv_fs_req_cleanup(&scan);
    return count;
}

const char *explore_open_files(struct explorer *explorer, const char *port)
{
    const char *paths[65] = {NULL};
    if (!explore_renew(explorer) ||
        !explore_ask(explorer,
                     "OpenPort pName=\"%s\" -> TRUE pHandle=$h\n"
                     "StartDocPort hPort=$h pDocInfo={pDocName=\"platen\"} -> TRUE\n"
                     "WritePort hPort=$h pBuffer=" EXPLORE_MARK " -> TRUE",
                     port)) {
        return NULL;
    }
    list_open(explorer, paths, 64);
    if (!explore_ask(explorer, "EndDocPort -> any\nClosePort -> any")) {
        return NULL;
    }
    return explore_await_mark(explorer, paths);
}
