/* SPDX-License-Identifier: MIT
 *
 * The tcp backend: raw printing to a printer's TCP port, usually 9100. Its ports are URIs as CUPS
 * writes them, `socket://host:port?contimeout=30&waiteof=true`; no port name is claimed.
 *
 * One connection carries one job. It is made at StartDocPort and never made again within the job:
 * once it is lost, writes fail until the job's end, and the spooler prints the job from its first
 * byte (the printer may have printed some of it already, which nobody can know).
 *
 * An undisturbed write is one `send`; only when the peer does not keep up is it waited for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "tcp_port.h"

#define SECOND UINT64_C(1000000000)

enum { SETTING_CONTIMEOUT, SETTING_WAITEOF };

static const struct platen_setting settings[] = {
    [SETTING_CONTIMEOUT] = {"contimeout", PLATEN_SETTING_NUMBER, "30", 1, 86400,
                            "how long to look for the host and connect to it, in seconds"},
    [SETTING_WAITEOF] = {"waiteof", PLATEN_SETTING_BOOL, "true", 0, 0,
                         "wait at a job's end until the printer closes the connection"},
    {0},
};

/* ---- what all files use -------------------------------------------------------------------- */

uint64_t tcp_moment(const struct tcp_port *port, uint64_t deadline)
{
    uint64_t now;
    if (deadline == PLATEN_FOREVER)
        return PLATEN_OS_FOREVER;
    now = port->clock->now(port->clock);
    return platen_os_now() + (deadline > now ? deadline - now : 0);
}

void tcp_tell(const struct tcp_port *port, enum platen_log_level level, const char *what)
{
    char text[400];
    snprintf(text, sizeof text, "%s: %s", port->host, what);
    port->log(port->log_context, level, text);
}

uint32_t tcp_break(struct tcp_port *port, uint32_t error)
{
    uint32_t before = 0;
    if (error == PLATEN_NOT_ENOUGH_MEMORY) /* that may pass */
        return error;
    return atomic_compare_exchange_strong(&port->broken, &before, error) ? error : before;
}

void tcp_ring(struct tcp_port *port)
{
    if (port->bell != PLATEN_OS_NO_BELL && !port->rung)
        platen_os_bell_ring(port->bell);
    port->rung = true;
}

/* ---- open and close ------------------------------------------------------------------------ */

static unsigned claims(const char *port_name)
{
    (void)port_name;
    return 0;
}

static uint32_t check(const struct platen_port_setup *setup)
{
    char *host;
    uint16_t number;
    uint32_t error = tcp_target_parse(setup->target, &host, &number);
    free(host);
    return error;
}

void tcp_open(struct tcp_port *port, const struct platen_port_setup *setup, const char *seconds)
{
    port->clock = setup->clock;
    port->log = setup->log;
    port->log_context = setup->log_context;
    port->patience = strtoull(seconds, NULL, 10) * SECOND;
    port->socket = PLATEN_OS_NO_SOCKET;
    port->bell = PLATEN_OS_NO_BELL;
    platen_os_mutex_init(&port->lock);
}

static uint32_t open_port(void *state, const struct platen_port_setup *setup)
{
    struct tcp_port *port = state;
    uint32_t error = tcp_target_parse(setup->target, &port->host, &port->number);
    if (error)
        return error;
    port->wait_for_end = strcmp(setup->values[SETTING_WAITEOF], "1") == 0;
    tcp_open(port, setup, setup->values[SETTING_CONTIMEOUT]);
    return 0;
}

void tcp_close(void *state)
{
    struct tcp_port *port = state;
    tcp_end_doc(port, true, 0);
    platen_os_lookup_end(port->lookup);
    if (port->bell != PLATEN_OS_NO_BELL)
        platen_os_bell_destroy(port->bell);
    platen_os_mutex_destroy(&port->lock);
    free(port->kept);
    free(port->host);
}

/* ---- start --------------------------------------------------------------------------------- */

/* From here on a cancel means this job. */
static uint32_t begin(struct tcp_port *port)
{
    uint32_t error = 0;
    platen_os_mutex_lock(&port->lock);
    if (port->bell == PLATEN_OS_NO_BELL)
        error = platen_os_bell_create(&port->bell);
    else if (port->rung)
        platen_os_bell_hush(port->bell);
    port->rung = false;
    atomic_store(&port->cancelled, false);
    platen_os_mutex_unlock(&port->lock);
    return error;
}

static void take_up(struct tcp_port *port, platen_os_socket socket)
{
    platen_os_mutex_lock(&port->lock);
    port->socket = socket;
    port->half_closed = false;
    atomic_store(&port->peer_ended, false);
    port->kept_begin = port->kept_end = 0;
    port->full = port->acknowledged = port->drained = false;
    atomic_store(&port->broken, 0);
    atomic_fetch_add(&port->news, 1);
    platen_os_mutex_unlock(&port->lock);
    port->clock->wake(port->clock, (const uint32_t *)(uintptr_t)&port->news);
}

uint32_t tcp_reach(struct tcp_port *port, uint64_t deadline)
{
    uint64_t now = platen_os_now(), until = tcp_moment(port, deadline);
    platen_os_socket socket;
    uint32_t error =
        tcp_connect(port, until - now < port->patience ? until : now + port->patience, &socket);
    if (!error)
        take_up(port, socket);
    return error;
}

uint32_t tcp_start(struct tcp_port *port, uint64_t deadline)
{
    if (port->socket != PLATEN_OS_NO_SOCKET)
        return PLATEN_BUSY;
    uint32_t error = begin(port);
    return error ? error : tcp_reach(port, deadline);
}

static uint32_t start_doc(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    (void)doc;
    return tcp_start(state, deadline);
}

/* ---- write --------------------------------------------------------------------------------- */

static uint32_t obstacle(struct tcp_port *port)
{
    if (port->socket == PLATEN_OS_NO_SOCKET)
        return PLATEN_INVALID_HANDLE;
    return atomic_load(&port->cancelled) ? PLATEN_OPERATION_ABORTED : atomic_load(&port->broken);
}

/* A short send has filled what the system holds for the peer: the next one would only be told so.
 */
uint32_t tcp_write(void *state, const void *data, uint32_t size, uint64_t deadline, uint32_t *moved)
{
    struct tcp_port *port = state;
    uint32_t error = obstacle(port);

    *moved = 0;
    while (!error) {
        if (port->full)
            error = platen_os_socket_wait(port->socket, PLATEN_OS_WRITABLE, port->bell,
                                          tcp_moment(port, deadline));
        if (!error)
            error = obstacle(port);
        if (error)
            break;
        error = platen_os_socket_send(port->socket, data, size, moved);
        port->full = *moved < size;
        if (error)
            return tcp_break(port, error);
        if (*moved)
            break;
    }
    return error;
}

/* ---- cancel -------------------------------------------------------------------------------- */

void tcp_cancel(void *state)
{
    struct tcp_port *port = state;
    platen_os_mutex_lock(&port->lock);
    atomic_store(&port->cancelled, true);
    tcp_ring(port);
    platen_os_mutex_unlock(&port->lock);
}

const struct platen_backend platen_backend_tcp = {
    .size = sizeof(struct platen_backend),
    .name = "socket",
    .summary = "raw TCP to a network printer (socket://host:9100)",
    .state_size = sizeof(struct tcp_port),
    .capabilities = PLATEN_CAN_READ,
    .settings = settings,
    .example = "socket://{sink} socket://{sink}?waiteof=false",
    .claims = claims,
    .check = check,
    .open = open_port,
    .start_doc = start_doc,
    .write = tcp_write,
    .read = tcp_read,
    .end_doc = tcp_end_doc,
    .close = tcp_close,
    .cancel = tcp_cancel,
    .drain = tcp_drain,
    .bidi = tcp_bidi,
    .bidi_list = tcp_bidi_list,
};
