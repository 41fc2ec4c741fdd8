/* SPDX-License-Identifier: MIT
 *
 * platen-host: the program. The main thread listens to the harness and does nothing else, so that
 * the process ends when the harness does, whatever the monitor is at.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "call/words.h"
#include "host/host.h"
#include "os/process.h"

/* "PORT TOKEN" */
static bool find_home(void)
{
    char text[80];
    char *end;
    if (!platen_os_environment_take("PLATEN_HOST", text, sizeof text)) {
        return false;
    }
    unsigned long port = strtoul(text, &end, 10);
    size_t length = *end == ' ' ? strlen(end + 1) : 0;
    if (port == 0 || port > UINT16_MAX || length == 0 || length >= sizeof host_home.token) {
        return false;
    }
    host_home.port = (uint16_t)port;
    memcpy(host_home.token, end + 1, length + 1);
    memset(text, 0, sizeof text);
    return true;
}

/* A number that a frame's body is. */
static uint32_t number_in(const struct platen_frame *frame)
{
    uint32_t number = 0;
    for (size_t i = 0; i < frame->body_size && i < 9; i++) {
        number = number * 10 + (uint32_t)(frame->body[i] - '0');
    }
    return number;
}

static _Noreturn void listen_to(struct platen_channel *control)
{
    struct platen_frame frame;
    uint32_t error;
    while ((error = platen_channel_receive(control, UINT64_MAX, &frame)) == 0) {
        if (frame.kind == PLATEN_FRAME_BYE) {
            fflush(stdout);
            platen_os_process_end_family(); /* the harness may be killed before it does */
        }
        if (frame.kind == PLATEN_FRAME_LANE) {
            host_lane_start(number_in(&frame));
        }
    }
    if (error != PLATEN_HANDLE_EOF && error != PLATEN_NETNAME_DELETED) {
        host_lost(); /* the monitor has closed what it did not open */
    }
    platen_os_process_end_family(); /* the harness is gone */
}

int main(void)
{
    if (!find_home()) {
        fputs("platen-host is started by platen, to run a monitor in a process of its own\n",
              stderr);
        return 2;
    }
    platen_os_process_follow();
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* what a monitor prints is seen when it does */
    host_lanes_prepare();
    struct platen_channel *control = host_connect("0");
    if (control == NULL) {
        fputs("platen-host: platen cannot be reached\n", stderr);
        return HOST_LOST;
    }
    host_leave_prepare();
    listen_to(control);
}
