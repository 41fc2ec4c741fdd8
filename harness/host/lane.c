/* SPDX-License-Identifier: MIT
 *
 * Lanes: a connection and the thread that it belongs to.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "call/served.h"
#include "host/host.h"
#include "os/clock.h"
#include "os/crash.h"
#include "os/lasterror.h"
#include "os/process.h"
#include "os/thread.h"

#define PATIENCE (UINT64_C(30) * 1000000000) /* until the harness is connected */
#define ANSWER   2048u
#define OFTEN    16u         /* repeats of a call that are looked at, */
#define SELDOM   64u         /* and of those after them one of so many */
#define PROBE    (48u << 10) /* bytes; more than what is kept for small wishes */

struct host_home host_home;

static _Thread_local struct host_lane *here;
static atomic_uint lanes;
static platen_os_farewells farewells;

/* ---- connecting ------------------------------------------------------------------------------ */

static uint32_t find_home(struct platen_os_address *address)
{
    platen_os_lookup *lookup;
    size_t count = 0;
    uint32_t error = platen_os_lookup_start("127.0.0.1", host_home.port, &lookup);
    if (error == 0) {
        error = platen_os_lookup_wait(lookup, PLATEN_OS_NO_BELL, platen_os_now() + PATIENCE,
                                      address, 1, &count);
        platen_os_lookup_end(lookup);
    }
    return error;
}

struct platen_channel *host_connect(const char *lane)
{
    char hello[160];
    struct platen_os_address address;
    platen_os_socket socket = PLATEN_OS_NO_SOCKET;
    uint32_t error = find_home(&address);
    if (error == 0) {
        error = platen_os_socket_connect(&address, PLATEN_OS_NO_BELL, platen_os_now() + PATIENCE,
                                         &socket);
    }
    if (error == 0) {
        error = platen_os_socket_block(socket);
    }
    struct platen_channel *channel = error == 0 ? platen_channel_new(socket) : NULL;
    if (channel == NULL) {
        return NULL;
    }
    snprintf(hello, sizeof hello, "token=\"%s\" lane=%s word=%u pid=%llu", host_home.token, lane,
             (unsigned)sizeof(void *), (unsigned long long)platen_os_process_id());
    if (platen_channel_say(channel, PLATEN_FRAME_HELLO, hello) != 0) {
        platen_channel_free(channel);
        return NULL;
    }
    host_leave_keep(platen_channel_socket(channel));
    return channel;
}

/* ---- one lane -------------------------------------------------------------------------------- */

/* Calls to the monitor alone; the number of the table for OpenPortEx comes with them. */
static bool takes(void *context, enum platen_slot slot, uint16_t flags)
{
    struct host_lane *lane = context;
    enum platen_table table = platen_slot_info(slot).table;
    lane->upper = flags & 0xff;
    return table == PLATEN_TABLE_ENTRY || table == PLATEN_TABLE_MONITOR;
}

bool host_looks(const struct host_lane *lane)
{
    return lane->repeats < OFTEN || lane->repeats % SELDOM == 0;
}

static void count(struct host_lane *lane, enum platen_slot slot)
{
    lane->repeats = lane->slot == slot ? lane->repeats + 1 : 0;
    lane->slot = slot;
}

/* The allocator looks at what it keeps beside the memory that it gives, and ends the process if it
 * was written over: while the call is under way still, so that it is known which it was. */
static void run(void *context, struct platen_call *call, uint16_t flags)
{
    count(context, call->slot);
    host_run(context, call, flags);
    if (host_looks(context)) {
        void *volatile memory = malloc(PROBE);
        free(memory);
    }
}

static const MONITOR2 *upper(void *context, uint64_t monitor)
{
    const struct host_lane *lane = context;
    (void)monitor;
    return host_upper(lane->upper);
}

static void complain(void *context, const char *what)
{
    (void)context;
    fprintf(stderr, "platen-host: %s\n", what);
}

struct lane_with_side {
    struct host_lane lane;
    struct platen_ship_side side;
};

static struct host_lane *open_lane(uint32_t number)
{
    char name[16] = "t";
    struct lane_with_side *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return NULL;
    }
    if (number != 0) {
        snprintf(name, sizeof name, "%lu", (unsigned long)number);
    }
    made->side = (struct platen_ship_side){
        .context = &made->lane,
        .word = sizeof(void *), /* what comes in calls back was made for this width */
        .beforehand = true,
        .takes = takes,
        .run = run,
        .memory = host_memory,
        .add = host_add,
        .monitor = upper,
        .readable = host_router_reach,
        .complain = complain,
        .imports = &platen_served_imports,
    };
    struct platen_channel *channel = host_connect(name);
    made->lane.number = number;
    made->lane.ship = channel == NULL ? NULL : platen_ship_new(channel, &made->side);
    if (made->lane.ship == NULL) {
        free(made);
        return NULL;
    }
    made->lane.socket = platen_channel_socket(channel);
    return &made->lane;
}

static void close_lane(struct host_lane *lane)
{
    struct lane_with_side *whole = (struct lane_with_side *)(void *)lane;
    host_leave_lane(NULL);
    host_leave_drop(lane->socket);
    platen_ship_free(lane->ship);
    free(whole);
}

static void enter(struct host_lane *lane)
{
    here = lane;
    host_leave_lane(lane);
    platen_os_crash_prepare_thread();
}

/* ---- threads for the harness's lanes --------------------------------------------------------- */

static bool echo(const struct host_lane *lane, const struct platen_frame *frame)
{
    struct platen_channel *channel = platen_ship_channel(lane->ship);
    char *body = platen_channel_body(channel, frame->flags);
    if (body == NULL) {
        return false;
    }
    memset(body, ' ', frame->flags);
    return platen_channel_send(channel, PLATEN_FRAME_RETURN, 0, frame->flags, NULL, 0) == 0;
}

/* LOAD, UNLOAD, ECHO. */
static bool other(void *context, const struct platen_frame *frame)
{
    const struct host_lane *lane = context;
    char text[ANSWER];
    if (frame->kind == PLATEN_FRAME_LOAD) {
        if (frame->flags != 0) {
            platen_os_process_await_debugger();
        }
        host_load(frame->body, frame->body_size, text, sizeof text);
    } else if (frame->kind == PLATEN_FRAME_UNLOAD) {
        host_unload(text, sizeof text);
    } else {
        return frame->kind == PLATEN_FRAME_ECHO && echo(lane, frame);
    }
    return platen_channel_say(platen_ship_channel(lane->ship), PLATEN_FRAME_RETURN, text) == 0;
}

static void lane_body(void *argument)
{
    struct host_lane *lane = open_lane((uint32_t)(uintptr_t)argument);
    if (lane == NULL) {
        host_lost();
    }
    enter(lane);
    uint32_t error = platen_ship_serve(lane->ship, other);
    if (error != PLATEN_HANDLE_EOF) {
        host_lost();
    }
    here = NULL;
    close_lane(lane);
    atomic_fetch_sub(&lanes, 1);
}

unsigned host_lanes(void)
{
    return atomic_load(&lanes);
}

void host_lane_start(uint32_t number)
{
    char name[16];
    platen_os_thread *thread; /* it ends with its connection, or with the process */
    snprintf(name, sizeof name, "lane %lu", (unsigned long)number);
    atomic_fetch_add(&lanes, 1);
    if (platen_os_thread_start(&thread, name, 0, lane_body, (void *)(uintptr_t)number) != 0) {
        host_lost();
    }
}

/* ---- threads of the monitor's ---------------------------------------------------------------- */

static void part(struct platen_os_farewell *farewell)
{
    struct host_lane *lane = (struct host_lane *)(void *)farewell;
    here = NULL;
    close_lane(lane);
}

void host_lanes_prepare(void)
{
    if (platen_os_farewells_make(&farewells) != 0) {
        host_lost();
    }
}

static struct host_lane *lane_here(void)
{
    if (here != NULL) {
        return here;
    }
    struct host_lane *lane = open_lane(0);
    if (lane == NULL) {
        host_lost();
    }
    lane->farewell.say = part;
    if (!platen_os_farewell_set(&farewells, &lane->farewell)) {
        close_lane(lane);
        host_lost();
    }
    here = lane;
    host_leave_lane(lane);
    return lane;
}

/* A call back that succeeds leaves the monitor's last-error alone. */
void host_ship(struct platen_call *call, uint16_t flags)
{
    uint32_t kept = platen_os_get_last_error();
    const struct host_lane *lane = lane_here();
    platen_call_keep_given(call);
    if (platen_ship_call(lane->ship, call, flags) != 0) {
        host_lost();
    }
    platen_os_set_last_error(call->last_error != 0 ? call->last_error : kept);
}
