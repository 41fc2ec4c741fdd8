/* SPDX-License-Identifier: MIT
 *
 * Lanes: the thread of a port, which makes all job calls for it (R102), and what stands for a lane
 * on threads that belong to somebody else.
 */
#include <stdio.h>
#include <stdlib.h>

#include "clock/virtual.h"
#include "os/lasterror.h"
#include "spooler/carry.h"
#include "spooler/inside.h"

/* Big enough for what is written for Windows, and small enough for thousands of lanes. */
#define STACK_SIZE (1024u * 1024)

/* ---- the thread of a port -------------------------------------------------------------------- */

static bool is_needed(const struct port *port)
{
    return port->bindings != NULL && !port->spooler->ending;
}

/* A port that stays open does so without a language monitor. */
static bool stays(const struct port *port)
{
    return port->stays && !port->spooler->ending;
}

static bool is_to_be_closed(const struct port *port)
{
    return port->open && !(stays(port) && port->way.language == NULL);
}

static bool is_to_be_opened(const struct port *port)
{
    return port->connect && !port->open && (is_needed(port) || stays(port));
}

static bool has_business(const struct port *port)
{
    return is_needed(port) || port->waiting != NULL || port->errands != NULL ||
           is_to_be_closed(port) || is_to_be_opened(port);
}

static void print(struct port *port, struct job *job)
{
    spool_queue_begin(port, job);
    unlock(port->spooler);
    spool_print_job(port, job);
    lock(port->spooler);
}

static void close_port(struct port *port)
{
    unlock(port->spooler);
    spool_way_close(port);
    lock(port->spooler);
    port->connect = port->stays;
    port->shut = false;
}

/* Others of the pool do not wait for a port that is being opened. */
static void connect(struct port *port)
{
    port->busy = true;
    spool_queue_offer_others(port);
    spool_way_connect(port);
    port->busy = false;
}

static void turn(struct port *port)
{
    uint64_t until = PLATEN_FOREVER;

    if (spool_errand_next(port))
        return;
    struct job *job = is_needed(port) ? spool_queue_next(port, &until) : NULL;

    if (spool_completion_expire(port, &until))
        return;
    if (job != NULL) {
        print(port, job);
    } else if (is_to_be_opened(port)) {
        connect(port);
    } else if (!is_needed(port) || port->shut) {
        close_port(port);
    } else {
        port->asleep = true;
        sleep_on(port->spooler, &port->work, until);
        port->asleep = false;
    }
}

static void lane_body(void *argument)
{
    struct port *port = argument;
    platen_spooler *spooler = port->spooler;
    struct platen_clock *clock = spooler->clock;

    platen_virtual_clock_enter(clock); /* before the starter's hold ends */
    platen_virtual_clock_release(clock);
    platen_lane_enter(&port->lane);
    lock(spooler);
    while (port->visited)
        sleep_on(spooler, &spooler->done, PLATEN_FOREVER);
    while (has_business(port))
        turn(port);
    free(port->buffer);
    port->buffer = NULL;
    port->running = false;
    wake(spooler, &spooler->done);
    unlock(spooler);
    platen_lane_enter(NULL);
    platen_virtual_clock_leave(clock);
}

/* A thread that is not running any more has given up the lock for good. */
void spool_lane_bury(struct port *port)
{
    if (port->thread != NULL)
        platen_os_thread_join(port->thread);
    port->thread = NULL;
}

uint32_t spool_lane_start(struct port *port)
{
    if (port->running)
        return 0;
    spool_lane_bury(port);
    port->running = true;
    /* A thread that has not begun yet holds time, too: simulated time must not pass it by. */
    platen_virtual_clock_hold(port->spooler->clock);
    uint32_t error = platen_os_thread_start(&port->thread, port->name, STACK_SIZE, lane_body, port);
    if (error) {
        platen_virtual_clock_release(port->spooler->clock);
        port->running = false;
        port->thread = NULL;
    }
    return error;
}

void spool_lane_nudge(struct port *port)
{
    wake(port->spooler, &port->work);
}

/* ---- guests ---------------------------------------------------------------------------------- */

void spool_visit_begin(struct visit *visit, platen_spooler *spooler)
{
    struct platen_lane *here = platen_lane_here();

    visit->own =
        (struct platen_lane){.name = "caller", .spooler = spooler, .observers = spooler->observers};
    visit->lane = here != NULL && here->spooler == spooler ? here : &visit->own;
    visit->before = platen_lane_enter(visit->lane);
}

void spool_visit_end(struct visit *visit)
{
    platen_lane_enter(visit->before);
}

/* ---- threads that a monitor made ("t1") ------------------------------------------------------ */

struct foreign_lane {
    struct foreign_lane *next;
    uint64_t thread;
    char name[16];
    struct platen_lane lane;
};

static struct foreign_lane *new_stranger(platen_spooler *spooler, uint64_t thread)
{
    struct foreign_lane *made = calloc(1, sizeof *made);
    unsigned number = 1;

    if (made == NULL)
        return NULL;
    for (const struct foreign_lane *at = spooler->foreign; at != NULL; at = at->next)
        number++;
    snprintf(made->name, sizeof made->name, "t%u", number);
    made->thread = thread;
    made->lane = (struct platen_lane){
        .name = made->name, .spooler = spooler, .observers = spooler->observers};
    made->next = spooler->foreign;
    spooler->foreign = made;
    return made;
}

static struct platen_lane *stranger_in(platen_spooler *spooler)
{
    uint64_t thread = platen_os_thread_id();

    lock(spooler);
    struct foreign_lane *at = spooler->foreign;
    while (at != NULL && at->thread != thread)
        at = at->next;
    if (at == NULL)
        at = new_stranger(spooler, thread);
    unlock(spooler);
    return at != NULL ? &at->lane : NULL;
}

struct platen_lane *platen_spooler_stranger(platen_spooler *spooler)
{
    return stranger_in(spooler);
}

static bool owns(platen_spooler *spooler, HANDLE hSpooler)
{
    bool found = false;

    lock(spooler);
    for (const struct monitor *at = spooler->monitors; at != NULL && !found; at = at->next)
        found = at->init.hSpooler == hSpooler;
    unlock(spooler);
    return found;
}

/* Whose call is it? hSpooler tells; without one it is clear only if there is one spooler. A call of
 * a spooler that nobody observes needs no lane. */
struct platen_lane *spool_lane_of_stranger(HANDLE hSpooler)
{
    uint32_t kept = platen_os_get_last_error();
    struct platen_lane *lane = NULL;
    platen_spooler *at = NULL;
    unsigned candidates = 0;

    while ((at = spool_process_next(at)) != NULL) {
        if (hSpooler != NULL && !owns(at, hSpooler))
            continue;
        lane = at->observers != NULL ? stranger_in(at) : NULL;
        candidates++;
    }
    platen_os_set_last_error(kept);
    return candidates == 1 ? lane : NULL;
}

void spool_strangers_end(platen_spooler *spooler)
{
    while (spooler->foreign != NULL) {
        struct foreign_lane *at = spooler->foreign;
        spooler->foreign = at->next;
        free(at);
    }
}
