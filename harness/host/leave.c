/* SPDX-License-Identifier: MIT
 *
 * How the process ends when it is not told to: the thread at fault says so on its lane, so that the
 * harness knows which call it was. All of this may run in a signal handler.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "host/host.h"
#include "host/plain.h"
#include "host/stack.h"
#include "os/crash.h"
#include "os/process.h"

#define MOST       1024u /* connections */
#define LAST_WORDS 1400u

static _Thread_local const struct host_lane *here;
static atomic_uint said; /* steps of what is to be said that have begun */
static atomic_bool is_copy;
static atomic_uint copies;
static _Atomic(platen_os_socket) sockets[MOST];

void host_leave_lane(const struct host_lane *lane)
{
    here = lane;
}

/* The word; then, because whoever looks for more may come to grief once more, the same again with
 * the way back from there. Each is a whole frame, as it goes out. */
enum { NOTHING_SAID, WORD_SAID };

/* Not on the stack: it may be full. */
static _Atomic(const struct host_lane *) speaker;
static unsigned char frame[PLATEN_FRAME_HEADER + LAST_WORDS] = {'P', 'L', 'T', '1',
                                                                PLATEN_FRAME_BYE};

static void send(const struct host_lane *lane, size_t size)
{
    uint32_t moved;
    frame[8] = (unsigned char)size;
    frame[9] = (unsigned char)(size >> 8);
    platen_os_socket_send(lane->socket, frame, PLATEN_FRAME_HEADER + (uint32_t)size, &moved);
}

/* crash, and in a second line: code=0xb fault="SIGSEGV" at=0x10 */
static void put_words(struct host_plain *text, const char *word, const struct platen_os_crash *what)
{
    host_put(text, word);
    host_put(text, "\n");
    if (what == NULL) {
        return;
    }
    host_put(text, "code=");
    host_put_hex(text, what->code);
    if (what->name != NULL) {
        host_put(text, " fault=\"");
        host_put(text, what->name);
        host_put(text, "\"");
    }
    if (what->has_address) {
        host_put(text, " at=");
        host_put_hex(text, what->address);
    }
}

static bool takes_step(unsigned from)
{
    return atomic_compare_exchange_strong(&said, &from, from + 1);
}

static void say(const char *word, const struct platen_os_crash *what)
{
    struct host_plain text = {(char *)frame + PLATEN_FRAME_HEADER, 0, LAST_WORDS};
    const struct host_lane *lane = here;
    const struct host_lane *nobody = NULL;
    if (lane == NULL || atomic_load(&is_copy) ||
        (!atomic_compare_exchange_strong(&speaker, &nobody, lane) && nobody != lane)) {
        return;
    }
    put_words(&text, word, what);
    if (takes_step(NOTHING_SAID)) {
        send(lane, text.used);
    }
    if (takes_step(WORD_SAID)) {
        size_t more = host_stack_tell(what, text.to + text.used, text.size - text.used);
        send(lane, text.used + more);
    }
}

static void on_crash(void)
{
    say("crash", platen_os_crash_now());
}

static void on_exit_(void)
{
    say("exit", NULL);
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

unsigned host_leave_kept(void)
{
    unsigned count = 0;
    for (size_t i = 0; i < MOST; i++) {
        count += atomic_load(&sockets[i]) != 0;
    }
    return count;
}

uint32_t host_copies(void)
{
    return atomic_load(&copies);
}

/* ---- the end --------------------------------------------------------------------------------- */

void host_leave_prepare(void)
{
    host_stack_prepare();
    platen_os_on_crash(on_crash);
    platen_os_process_on_copy(count_copy, disown);
    atexit(on_exit_);
}

_Noreturn void host_lost(void)
{
    _Exit(HOST_LOST);
}
