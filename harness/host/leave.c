/* SPDX-License-Identifier: MIT
 *
 * How the process ends when it is not told to: the thread at fault says so on its lane, so that the
 * harness knows which call it was. All of this may run in a signal handler.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "host/host.h"
#include "os/crash.h"
#include "os/process.h"

#define MOST 1024u /* connections */

static _Thread_local const struct host_lane *here;
static atomic_bool said;
static atomic_bool is_copy;
static atomic_uint copies;
static _Atomic(platen_os_socket) sockets[MOST];

void host_leave_lane(const struct host_lane *lane)
{
    here = lane;
}

/* A whole frame, as it goes out: BYE and five letters. */
static void say(const char *word)
{
    unsigned char frame[PLATEN_FRAME_HEADER + 5] = {'P', 'L', 'T', '1', PLATEN_FRAME_BYE};
    uint32_t moved;
    const struct host_lane *lane = here;
    frame[8] = (unsigned char)strlen(word);
    memcpy(frame + PLATEN_FRAME_HEADER, word, frame[8]);
    if (lane != NULL && !atomic_load(&is_copy) && !atomic_exchange(&said, true)) {
        platen_os_socket_send(lane->socket, frame, PLATEN_FRAME_HEADER + frame[8], &moved);
    }
}

static void on_crash(void)
{
    say("crash");
}

static void on_exit_(void)
{
    say("exit");
}

/* ---- copies ---------------------------------------------------------------------------------- */

static void count_copy(void)
{
    atomic_fetch_add(&copies, 1);
}

/* It must not speak in this process's place, nor keep its connections alive. */
static void disown(void)
{
    atomic_store(&is_copy, true);
    for (size_t i = 0; i < MOST; i++) {
        platen_os_socket socket = atomic_exchange(&sockets[i], 0);
        if (socket != 0) {
            platen_os_socket_close(socket - 1, false);
        }
    }
}

/* One more than the socket, so that a free place is 0. */
static void replace(platen_os_socket from, platen_os_socket to)
{
    for (size_t i = 0; i < MOST; i++) {
        platen_os_socket expected = from;
        if (atomic_compare_exchange_strong(&sockets[i], &expected, to)) {
            return;
        }
    }
}

void host_leave_keep(platen_os_socket socket)
{
    replace(0, socket + 1);
}

void host_leave_drop(platen_os_socket socket)
{
    replace(socket + 1, 0);
}

uint32_t host_copies(void)
{
    return atomic_load(&copies);
}

/* ---- the end --------------------------------------------------------------------------------- */

void host_leave_prepare(void)
{
    platen_os_on_crash(on_crash);
    platen_os_process_on_copy(count_copy, disown);
    atexit(on_exit_);
}

_Noreturn void host_lost(void)
{
    _Exit(HOST_LOST);
}
