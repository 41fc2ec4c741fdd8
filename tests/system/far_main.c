/* SPDX-License-Identifier: MIT
 *
 * guest-far DEVICE FILE COMMAND...: runs a command that prints to this device; what came at its far
 * end is in the file then. The exit status is the command's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "far_usb.h"

static const struct {
    const char *name;
    struct far *(*find)(void);
} ends[] = {
    {"lp0", far_parallel},
    {"ttyS1", far_serial},
    {"ttyUSB0", far_adapter},
    {"usb/lp0", far_printer},
};

static struct far *find(const char *name)
{
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strcmp(ends[i].name, name) == 0)
            return ends[i].find();
    far_broken("no device %s", name);
}

static int run(char **command)
{
    int status;
    pid_t child = fork();
    if (child < 0)
        far_broken("no process");
    if (child == 0) {
        execvp(command[0], command);
        _exit(127);
    }
    if (waitpid(child, &status, 0) != child)
        far_broken("the process is lost");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* What has left the computer may be on its way: until nothing has come for a while. */
static void settle(struct far *far)
{
    uint32_t seen, now = far->count(far);
    do {
        seen = now;
        nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
        now = far->count(far);
    } while (now != seen);
}

static void keep(struct far *far, const char *name)
{
    uint32_t room = 4 << 20;
    uint8_t *bytes = malloc(room);
    FILE *file = fopen(name, "wb");
    uint32_t size = bytes ? far->take(far, bytes, room) : 0;
    if (!bytes || !file || fwrite(bytes, 1, size, file) != size || fclose(file))
        far_broken("%s cannot be written", name);
    free(bytes);
}

int main(int count, char **arguments)
{
    struct far *far;
    int status;
    if (count < 4)
        far_broken("guest-far DEVICE FILE COMMAND...");
    far = find(arguments[1]);
    far->reset(far);
    status = run(arguments + 3);
    settle(far);
    keep(far, arguments[2]);
    return status;
}
