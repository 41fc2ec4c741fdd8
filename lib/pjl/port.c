/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "bidi/deviceid.h"
#include "handle.h"
#include "os/clock.h"
#include "os/text.h"
#include "port.h"

/* Calls that are under way at ClosePort are waited for so long. */
#define LAST_CALLS (UINT64_C(30000) * PJL_MILLISECOND)
#define ID_BYTES   1024

/* ---- whose turn it is ---------------------------------------------------------------------- */

static void wait_for_turn(struct pjl_port *port)
{
    port->queued++;
    while (port->turn)
        platen_os_cond_wait(&port->changed, &port->lock);
    port->queued--;
    port->turn = true;
}

uint32_t pjl_turn_take(struct pjl_port *port)
{
    platen_os_mutex_lock(&port->lock);
    wait_for_turn(port);
    bool closing = port->closing;
    if (closing) {
        port->turn = false;
        platen_os_cond_broadcast(&port->changed);
    }
    platen_os_mutex_unlock(&port->lock);
    return closing ? PLATEN_OPERATION_ABORTED : 0;
}

void pjl_turn_leave(struct pjl_port *port)
{
    platen_os_mutex_lock(&port->lock);
    port->turn = false;
    platen_os_cond_broadcast(&port->changed);
    platen_os_mutex_unlock(&port->lock);
}

/* ---- words of our own ---------------------------------------------------------------------- */

static bool is_timeout(uint32_t error)
{
    return error == PLATEN_TIMEOUT || error == PLATEN_SEM_TIMEOUT;
}

static void rest(void)
{
    const uint32_t nobody = 0;
    platen_os_wait(&nobody, 0, platen_os_now() + PJL_PAUSE / 5);
}

uint32_t pjl_port_say(struct pjl_port *port, struct pjl_say *say, uint64_t until, bool stubborn)
{
    while (say->sent < say->size) {
        uint32_t moved;
        uint32_t error =
            pjl_below_write(&port->below, say->text + say->sent, say->size - say->sent, &moved);
        say->sent += moved;
        if (error && !(stubborn && is_timeout(error)))
            return error;
        if (!moved && platen_os_now() >= until)
            return error;
        if (!moved)
            rest();
    }
    return 0;
}

enum pjl_speech pjl_port_speech(struct pjl_port *port)
{
    platen_os_mutex_lock(&port->lock);
    enum pjl_speech speech = port->speech;
    platen_os_mutex_unlock(&port->lock);
    return speech;
}

void pjl_port_look_at_id(struct pjl_port *port)
{
    char id[ID_BYTES];
    if (pjl_port_speech(port) != PJL_UNKNOWN || pjl_below_id(&port->below, id, sizeof(id)) ||
        !id[0])
        return;
    bool speaks = device_id_speaks(id, "PJL");
    platen_os_mutex_lock(&port->lock);
    if (port->speech == PJL_UNKNOWN)
        port->speech = speaks ? PJL_SPEAKS : PJL_FOREIGN;
    platen_os_mutex_unlock(&port->lock);
}

/* ---- open ---------------------------------------------------------------------------------- */

/* The last use is over: ClosePort has done the rest. */
static void destroy(void *object)
{
    struct pjl_port *port = object;
    uintptr_t instance = port->instance->handle;
    platen_os_cond_destroy(&port->changed);
    platen_os_mutex_destroy(&port->lock);
    free(port->name);
    free(port);
    handle_release(instance);
}

static struct pjl_port *new_port(struct pjl_instance *instance, LPWSTR name)
{
    struct pjl_port *port = calloc(1, sizeof(*port));
    if (!port)
        return NULL;
    port->name = platen_text_copy16(name, SIZE_MAX);
    if (!port->name) {
        free(port);
        return NULL;
    }
    port->instance = instance;
    platen_os_mutex_init(&port->lock);
    platen_os_cond_init(&port->changed);
    handle_hold(instance->handle);
    return port;
}

uint32_t pjl_port_open(struct pjl_instance *instance, HANDLE below, LPWSTR name,
                       const MONITOR2 *table, uintptr_t *handle)
{
    struct pjl_below taken;
    *handle = 0;
    uint32_t error = pjl_below_take(&taken, table, &instance->imports);
    if (error)
        return error;
    struct pjl_port *port = new_port(instance, name);
    if (!port)
        return PLATEN_NOT_ENOUGH_MEMORY;
    port->below = taken;
    error = pjl_below_open(&port->below, below, name);
    if (error) {
        destroy(port);
        return error;
    }
    error = handle_issue(HANDLE_PORT, port, destroy, &port->handle);
    if (error) {
        pjl_below_close(&port->below);
        destroy(port);
        return error;
    }
    pjl_instance_enter(instance, port);
    pjl_port_look_at_id(port);
    if (pjl_port_speech(port) == PJL_SPEAKS)
        pjl_watch_begin(port); /* if it cannot, it is tried again with the first job */
    *handle = port->handle;
    return 0;
}

/* ---- close --------------------------------------------------------------------------------- */

static struct pjl_job *take_waiting(struct pjl_port *port)
{
    platen_os_mutex_lock(&port->lock);
    struct pjl_job *job = port->waiting;
    if (job)
        port->waiting = job->next;
    platen_os_mutex_unlock(&port->lock);
    return job;
}

/* Nobody will hear of the printer any more: jobs are not left waiting, the port's state is taken
 * back, and the printer need not tell it. */
static void say_goodbye(struct pjl_port *port)
{
    struct pjl_job *job;
    struct pjl_say say;
    while ((job = take_waiting(port)) != NULL)
        pjl_job_complete(port, job);
    platen_os_mutex_lock(&port->lock);
    port->learned.has_state = false;
    while (pjl_watch_tell(port))
        ;
    platen_os_mutex_unlock(&port->lock);
    if (port->between == PJL_WORKS) {
        pjl_say_goodbye(&say);
        pjl_port_say(port, &say, 0, false);
    }
}

uint32_t pjl_port_close(uintptr_t handle)
{
    struct pjl_port *port = handle_retire(handle, HANDLE_PORT);
    if (!port)
        return PLATEN_INVALID_HANDLE;
    platen_os_mutex_lock(&port->lock);
    port->closing = true;
    platen_os_cond_broadcast(&port->changed);
    wait_for_turn(port);
    platen_os_mutex_unlock(&port->lock);
    pjl_watch_end(port);
    pjl_job_abandon(port);
    say_goodbye(port);
    pjl_turn_leave(port); /* who waited for it leaves now */
    handle_wait_alone(handle, platen_os_now() + LAST_CALLS);
    uint32_t error = pjl_below_close(&port->below);
    pjl_instance_leave(port->instance, port);
    handle_release(handle);
    return error;
}
