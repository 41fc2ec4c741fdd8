/* SPDX-License-Identifier: MIT */
#include "command/device_life.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "command/device_lines.h"
#include "os/file.h"
#include "os/thread.h"

#define LIFE_LIMIT (1u << 20)

/* What the thread of device_lines.h needs. */
static struct {
    platen_os_mutex lock;
    platen_device *device; /* NULL: it has ended */
    life_check check;
    bool begun;
} listening;

static bool load_file(const char *path, life_check check, const char **life, char **loaded,
                      uint32_t *error)
{
    char *complaint;
    size_t size;
    *error = platen_os_file_load(path, LIFE_LIMIT, loaded, &size);
    if (*error != 0) {
        return false;
    }
    *life = *loaded;
    if (strlen(*loaded) != size) {
        complain("--life %s: the file is no text", printable(path));
    } else if (check(*loaded, &complaint) == 0) {
        return true;
    } else {
        complain("%s:%s", printable(path), complaint == NULL ? "" : complaint);
        platen_free(complaint);
    }
    return false;
}

bool life_load(const char *value, life_check check, const char **life, char **loaded)
{
    char *complaint = NULL;
    uint32_t error;
    *loaded = NULL;
    *life = strcmp(value, "-") == 0 ? NULL : value;
    if (*life == NULL || check(value, &complaint) == 0) {
        return true;
    }
    bool done = load_file(value, check, life, loaded, &error);
    if (error != 0) {
        complain("--life:%s; and as a file: %s", complaint == NULL ? "" : complaint,
                 describe_error(error));
    }
    platen_free(complaint);
    return done;
}

/* A line that begins with "now" comes in place of what is still to be lived. */
static void live_line(const char *line, unsigned number)
{
    bool now = strncmp(line, "now ", 4) == 0;
    const char *life = now ? line + 4 : line;
    char *complaint;
    if (listening.check(life, &complaint) != 0) {
        complain("standard input, line %u: %s", number, complaint == NULL ? "" : complaint);
        platen_free(complaint);
        return;
    }
    platen_os_mutex_lock(&listening.lock);
    if (listening.device != NULL) {
        platen_device_live(listening.device, life, now);
    }
    platen_os_mutex_unlock(&listening.lock);
}

bool life_listen(platen_device *device, life_check check)
{
    platen_os_mutex_init(&listening.lock);
    listening.device = device;
    listening.check = check;
    listening.begun = true;
    return lines_listen(live_line);
}

void life_end(void)
{
    if (listening.begun) {
        platen_os_mutex_lock(&listening.lock);
        listening.device = NULL;
        platen_os_mutex_unlock(&listening.lock);
    }
}
