/* SPDX-License-Identifier: MIT */
#include "command/device_lines.h"

#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "os/thread.h"

#define LINE_LIMIT 65536

static struct {
    void (*take)(const char *line, unsigned number);
    char line[LINE_LIMIT];
} listening;

static void listen_to_lines(void *unused)
{
    (void)unused;
    for (unsigned number = 1; fgets(listening.line, LINE_LIMIT, stdin) != NULL; number++) {
        listening.line[strcspn(listening.line, "\r\n")] = '\0';
        listening.take(listening.line, number);
    }
}

bool lines_listen(void (*take)(const char *line, unsigned number))
{
    platen_os_thread *thread;
    listening.take = take;
    uint32_t error = platen_os_thread_start(&thread, "life", 0, listen_to_lines, NULL);
    if (error != 0) {
        complain("device: standard input cannot be read: %s", describe_error(error));
        return false;
    }
    platen_os_thread_let_go(thread);
    return true;
}
