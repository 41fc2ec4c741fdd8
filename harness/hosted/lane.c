/* SPDX-License-Identifier: MIT
 *
 * Lanes: for each thread that calls the monitor a connection, with a thread at its other end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/apply.h"
#include "call/facts.h"
#include "hosted/echo.h"
#include "hosted/inside.h"
#include "os/clock.h"
#include "os/farewell.h"
#include "os/lasterror.h"
#include "spooler/carry.h"

/* The lane that this thread used last. */
static _Thread_local struct {
    uint64_t serial; /* of its host; hosts that are gone have other numbers */
    struct hosted_lane *lane;
} last;

/* ---- threads that end ------------------------------------------------------------------------ */

static platen_os_farewells farewells;
static bool can_part;

/* Its lanes are free for other threads. */
static void part(struct platen_os_farewell *farewell)
{
    hosted_each(hosted_lanes_leave, platen_os_thread_id());
    free(farewell);
}

void hosted_lanes_prepare(void)
{
    can_part = platen_os_farewells_make(&farewells) == 0;
}

void hosted_lanes_leave(struct hosted *hosted, uint64_t thread)
{
    platen_os_mutex_lock(&hosted->lock);
    for (struct hosted_lane *lane = hosted->lanes; lane != NULL; lane = lane->next) {
        if (lane->serving == NULL && atomic_load(&lane->thread) == thread) {
            atomic_store(&lane->thread, 0);
        }
    }
    platen_os_mutex_unlock(&hosted->lock);
}

static void promise_farewell(void)
{
    if (!can_part || platen_os_farewell_get(&farewells) != NULL) {
        return;
    }
    struct platen_os_farewell *farewell = malloc(sizeof *farewell);
    if (farewell != NULL) {
        farewell->say = part;
        if (!platen_os_farewell_set(&farewells, farewell)) {
            free(farewell);
        }
    }
}

/* ---- finding and making ---------------------------------------------------------------------- */

struct hosted_lane *hosted_lane_new(struct hosted *hosted, struct platen_channel *channel,
                                    uint32_t number)
{
    struct hosted_lane *lane = calloc(1, sizeof *lane);
    if (lane == NULL) {
        platen_channel_free(channel);
        return NULL;
    }
    lane->hosted = hosted;
    lane->number = number;
    lane->channel = channel;
    lane->side = hosted_side(lane);
    lane->ship = platen_ship_new(channel, &lane->side);
    if (lane->ship == NULL) {
        free(lane);
        return NULL;
    }
    return lane;
}

void hosted_lane_free(struct hosted_lane *lane)
{
    platen_ship_free(lane->ship);
    free(lane);
}

void hosted_lanes_break(struct hosted *hosted)
{
    if (hosted->control != NULL) {
        platen_os_socket_break(platen_channel_socket(hosted->control));
    }
    for (const struct hosted_lane *lane = hosted->lanes; lane != NULL; lane = lane->next) {
        platen_os_socket_break(platen_channel_socket(lane->channel));
    }
}

/* The thread's own, or one that nobody has; with the lock held. */
static struct hosted_lane *find_lane(const struct hosted *hosted, uint64_t thread)
{
    struct hosted_lane *free_one = NULL;
    for (struct hosted_lane *lane = hosted->lanes; lane != NULL; lane = lane->next) {
        uint64_t owner = atomic_load(&lane->thread);
        if (lane->serving == NULL && owner == thread) {
            return lane;
        }
        if (lane->serving == NULL && owner == 0) {
            free_one = lane;
        }
    }
    if (free_one != NULL) {
        atomic_store(&free_one->thread, thread);
    }
    return free_one;
}

static struct hosted_lane *make_lane(struct hosted *hosted, uint64_t thread)
{
    platen_os_mutex_lock(&hosted->lock);
    uint32_t number = ++hosted->lane_count;
    platen_os_mutex_unlock(&hosted->lock);
    struct platen_channel *channel = hosted_accept_lane(hosted, number);
    struct hosted_lane *lane = channel == NULL ? NULL : hosted_lane_new(hosted, channel, number);
    if (lane == NULL) {
        return NULL;
    }
    atomic_store(&lane->thread, thread);
    platen_os_mutex_lock(&hosted->lock);
    lane->next = hosted->lanes;
    hosted->lanes = lane;
    if (hosted->exited) {
        platen_os_socket_break(platen_channel_socket(channel));
    }
    platen_os_mutex_unlock(&hosted->lock);
    return lane;
}

static struct hosted_lane *lane_here(struct hosted *hosted)
{
    if (last.serial == hosted->serial) {
        return last.lane;
    }
    uint64_t thread = platen_os_thread_id();
    platen_os_mutex_lock(&hosted->lock);
    struct hosted_lane *lane = find_lane(hosted, thread);
    platen_os_mutex_unlock(&hosted->lock);
    if (lane == NULL) {
        lane = make_lane(hosted, thread);
    }
    if (lane != NULL) {
        promise_farewell();
        last.serial = hosted->serial;
        last.lane = lane;
    }
    return lane;
}

/* ---- calls ----------------------------------------------------------------------------------- */

static void enter(struct hosted_lane *lane, const char *what, uint64_t *before)
{
    const struct hosted *hosted = lane->hosted;
    const struct platen_lane *ours = platen_lane_here();
    uint32_t deep = atomic_load_explicit(&lane->deep, memory_order_relaxed);
    if (deep == 0) {
        lane->name = ours == NULL ? NULL : ours->name;
    }
    if (deep < HOSTED_DEEP) {
        lane->calls[deep] = what;
    }
    atomic_store_explicit(&lane->deep, deep + 1, memory_order_release);
    *before = atomic_load_explicit(&lane->deadline, memory_order_relaxed);
    if (hosted->timeout != PLATEN_FOREVER) {
        atomic_store_explicit(&lane->deadline, platen_os_now() + hosted->timeout,
                              memory_order_release);
    }
}

static void leave(struct hosted_lane *lane, uint64_t before)
{
    atomic_store_explicit(&lane->deadline, before, memory_order_release);
    atomic_fetch_sub_explicit(&lane->deep, 1, memory_order_release);
}

bool hosted_ask(struct hosted *hosted, enum platen_frame_kind kind, uint16_t flags,
                const char *what, const char *text, char *answer, size_t size)
{
    const char *said = "";
    size_t length = 0;
    uint64_t before;
    answer[0] = '\0';
    struct hosted_lane *lane = atomic_load(&hosted->dead) ? NULL : lane_here(hosted);
    if (lane == NULL) {
        return false;
    }
    enter(lane, what, &before);
    uint32_t error = platen_ship_ask(lane->ship, kind, flags, text, &said, &length);
    if (error != 0) {
        hosted_died(hosted, lane, error);
    }
    leave(lane, before);
    length = length < size ? length : size - 1;
    memcpy(answer, said, length);
    answer[length] = '\0';
    return error == 0;
}

/* A call that a script made, with all that is wrong on purpose, went through a function pointer on
 * its way here: it is the one that the lane is in. */
static void recognise(struct platen_call *call)
{
    const struct platen_lane *ours = platen_lane_here();
    const struct platen_call *made = ours == NULL ? NULL : ours->current;
    if (made == NULL || made->slot != call->slot || made->built == NULL) {
        return;
    }
    struct platen_slot_info slot = platen_slot_info(call->slot);
    for (unsigned i = 0; i < slot.arg_count; i++) {
        if (platen_call_arg(made, &slot.args[i]) != platen_call_arg(call, &slot.args[i])) {
            return;
        }
    }
    call->built = made->built;
    call->facts = made->facts;
    call->wanted = made->wanted;
}

/* The instance that the call is for stands above what is looked at (host/module.c). */
static uint16_t flags_of(const struct hosted_seat *seat, const struct platen_call *call)
{
    struct hosted *hosted = seat->hosted;
    unsigned upper = call->slot == PLATEN_SLOT_OpenPortEx ? hosted_upper(hosted, call) : 0;
    unsigned which = (unsigned)(seat - hosted->seats);
    return (uint16_t)(upper | (unsigned)call->wanted << 8 | which << 12);
}

static bool carry(struct hosted_seat *seat, struct platen_call *call)
{
    uint64_t before;
    struct hosted *hosted = seat->hosted;
    struct hosted_lane *lane = atomic_load(&hosted->dead) ? NULL : lane_here(hosted);
    if (lane == NULL) {
        return false;
    }
    enter(lane, platen_slot_info(call->slot).name, &before);
    const struct platen_call *outer = lane->call;
    struct hosted_seat *outer_seat = lane->seat;
    lane->call = call;
    lane->seat = seat;
    uint32_t error = platen_ship_call(lane->ship, call, flags_of(seat, call));
    if (error != 0) {
        hosted_died(hosted, lane, error);
    } else if (call->facts != NULL) {
        call->facts->known = true;
    }
    if (error == 0) {
        hosted_note(lane, call);
    }
    lane->call = outer;
    lane->seat = outer_seat;
    leave(lane, before);
    return error == 0;
}

/* The module comes with its first instance and goes with its last. */
static bool is_spared(const struct hosted_seat *seat, struct platen_call *call)
{
    if (call->slot != PLATEN_SLOT_DllMain || seat == NULL || seat->hosted->seated == 1) {
        return false;
    }
    call->result.code = TRUE;
    return true;
}

void hosted_call(struct hosted_seat *seat, struct platen_call *call)
{
    if (is_spared(seat, call)) {
        return;
    }
    recognise(call);
    if (call->facts != NULL) {
        call->facts->elsewhere = true;
    }
    platen_call_keep_given(call);
    if (seat == NULL || !carry(seat, call)) {
        platen_call_refuse(call, PLATEN_PROCESS_ABORTED);
    }
    platen_os_set_last_error(call->last_error);
}

/* ---- echoes ---------------------------------------------------------------------------------- */

struct wanted_host {
    const platen_spooler *spooler;
    const char *monitor;
    struct hosted *found;
};

static _Thread_local struct wanted_host wanted;

static void look(struct hosted *hosted, uint64_t unused)
{
    (void)unused;
    if (hosted->spooler == wanted.spooler && strcmp(hosted->name, wanted.monitor) == 0) {
        wanted.found = hosted;
    }
}

bool platen_hosted_echo(platen_spooler *spooler, const char *monitor, unsigned times,
                        const char *body, const void *bulk, size_t bulk_size, unsigned answer)
{
    const struct platen_frame_part part = {bulk, bulk_size};
    struct platen_frame frame = {.body = ""};
    size_t length = strlen(body);
    uint32_t error = 0;
    wanted = (struct wanted_host){.spooler = spooler, .monitor = monitor};
    hosted_each(look, 0);
    const struct hosted_lane *lane = wanted.found == NULL ? NULL : lane_here(wanted.found);
    for (unsigned i = 0; lane != NULL && error == 0 && i < times; i++) {
        char *to = platen_channel_body(lane->channel, length);
        platen_channel_copy(to, body, length);
        error = platen_channel_send(lane->channel, PLATEN_FRAME_ECHO, (uint16_t)answer, length,
                                    &part, bulk_size > 0);
        if (error == 0) {
            error = platen_channel_receive(lane->channel, UINT64_MAX, &frame);
        }
    }
    return lane != NULL && error == 0 && frame.body_size == answer;
}

/* ---- threads of the monitor's own ------------------------------------------------------------ */

static void serve(void *argument)
{
    struct hosted_lane *lane = argument;
    struct platen_lane *ours = platen_spooler_stranger(lane->hosted->spooler);
    platen_lane_enter(ours);
    uint32_t error = platen_ship_serve(lane->ship, NULL);
    platen_lane_enter(NULL);
    if (platen_ship_farewell(lane->ship)[0] != '\0' ||
        (error != PLATEN_HANDLE_EOF && error != PLATEN_NETNAME_DELETED)) {
        hosted_died(lane->hosted, lane, error);
    }
    atomic_store(&lane->done, true);
}

/* Those that have come to their end. */
static void reap(struct hosted *hosted)
{
    struct hosted_lane *ended = NULL;
    platen_os_mutex_lock(&hosted->lock);
    for (struct hosted_lane **at = &hosted->lanes; *at != NULL;) {
        struct hosted_lane *lane = *at;
        if (lane->serving != NULL && atomic_load(&lane->done)) {
            *at = lane->next;
            lane->next = ended;
            ended = lane;
        } else {
            at = &lane->next;
        }
    }
    platen_os_mutex_unlock(&hosted->lock);
    while (ended != NULL) {
        struct hosted_lane *lane = ended;
        ended = lane->next;
        platen_os_thread_join(lane->serving);
        hosted_lane_free(lane);
    }
}

void hosted_serve(struct hosted *hosted, struct platen_channel *channel)
{
    reap(hosted);
    struct hosted_lane *lane = hosted_lane_new(hosted, channel, 0);
    if (lane == NULL) {
        return;
    }
    platen_os_mutex_lock(&hosted->lock);
    uint32_t error = platen_os_thread_start(&lane->serving, "host's thread", 0, serve, lane);
    if (error == 0) {
        lane->next = hosted->lanes;
        hosted->lanes = lane;
    }
    platen_os_mutex_unlock(&hosted->lock);
    if (error != 0) {
        hosted_lane_free(lane);
    }
}
