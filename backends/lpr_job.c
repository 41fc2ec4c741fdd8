/* SPDX-License-Identifier: MIT
 *
 * A job for an LPR server, in one of two ways.
 *
 * Counted (TCPMON's Double Spool): the server is told the job's size before the job, so the bytes
 * wait in a file without a name until the last one has come, and go out in `drain`. The server says
 * of the whole job that it has it, and only then is it printed. What is lost on the way is not:
 * the server throws away what is shorter than was announced.
 *
 * Streamed: a size is announced that no job has, and the bytes go out as they come. The end of the
 * connection is the end of the job, as it is over raw TCP, and nothing more is known of it either.
 * Not every server takes such jobs.
 */
#include <stdlib.h>
#include <string.h>

#include "lpr_port.h"

static bool is_lost(uint32_t error)
{
    return error == PLATEN_BROKEN_PIPE || error == PLATEN_NETNAME_DELETED ||
           error == PLATEN_CONNECTION_ABORTED;
}

/* ---- start and end ------------------------------------------------------------------------- */

static void let_go(struct lpr_port *port)
{
    if (port->spool != PLATEN_OS_NO_FILE)
        platen_os_file_close(port->spool);
    port->spool = PLATEN_OS_NO_FILE;
    free(port->block);
    port->block = NULL;
    port->open = false;
}

static uint32_t prepare(struct lpr_port *port, const struct platen_doc *doc)
{
    lpr_make_names(&port->names, &port->manner, doc);
    port->size = port->sent = port->block_at = 0;
    port->block_size = port->turn = 0;
    port->asked = port->answered = port->again = port->moved = port->over = false;
    port->open = true;
    if (port->stream)
        return 0;
    port->block = malloc(LPR_BLOCK);
    return port->block ? platen_os_file_temporary(&port->spool) : PLATEN_NOT_ENOUGH_MEMORY;
}

/* The queue is asked for at once: a printer that is not there, or takes no jobs, is known before
 * the job is taken over. */
uint32_t lpr_start_doc(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    struct lpr_port *port = state;
    if (port->open)
        return PLATEN_BUSY;
    uint32_t error = prepare(port, doc);
    if (!error)
        error = tcp_start(&port->tcp, deadline);
    if (!error)
        error = lpr_say(port, port->stream ? LPR_DATA : LPR_QUEUE + 1, deadline);
    if (!error)
        return 0;
    tcp_end_doc(&port->tcp, true, 0);
    let_go(port);
    return error;
}

/* ---- write --------------------------------------------------------------------------------- */

static uint32_t stream(struct lpr_port *port, const void *data, uint32_t size, uint64_t deadline,
                       uint32_t *moved)
{
    uint64_t left = port->announced ? port->announced - port->size : UINT64_MAX;
    if (!left) /* the server takes the next byte for the job's end */
        return PLATEN_FILE_TOO_LARGE;
    return tcp_write(&port->tcp, data, size < left ? size : (uint32_t)left, deadline, moved);
}

static uint32_t keep(struct lpr_port *port, const void *data, uint32_t size, uint32_t *moved)
{
    size_t kept = 0;
    uint32_t error = platen_os_file_write_at(port->spool, port->size, data, size, &kept);
    *moved = (uint32_t)kept;
    return error;
}

uint32_t lpr_write(void *state, const void *data, uint32_t size, uint64_t deadline, uint32_t *moved)
{
    struct lpr_port *port = state;
    uint32_t error;
    *moved = 0;
    if (!port->open)
        return PLATEN_INVALID_HANDLE;
    if (atomic_load(&port->tcp.cancelled))
        return PLATEN_OPERATION_ABORTED;
    error =
        port->stream ? stream(port, data, size, deadline, moved) : keep(port, data, size, moved);
    port->size += *moved;
    return error;
}

/* ---- the end of a streamed job ----------------------------------------------------------------
 */

/* Some servers have a last word even then. */
static uint32_t last_word(struct lpr_port *port)
{
    const struct tcp_port *tcp = &port->tcp;
    bool refused = tcp->kept_end > tcp->kept_begin && tcp->kept[tcp->kept_begin];
    if (refused)
        tcp_tell(tcp, PLATEN_LOG_WARNING, "the server refuses the job");
    return refused ? PLATEN_WRITE_FAULT : 0;
}

static uint32_t drain_stream(struct lpr_port *port, uint64_t deadline)
{
    uint32_t error = tcp_drain(&port->tcp, deadline);
    return error ? error : last_word(port);
}

static uint32_t end_stream(struct lpr_port *port, bool abandoned, uint64_t deadline)
{
    uint32_t error = tcp_end_doc(&port->tcp, abandoned, deadline);
    return error || abandoned ? error : last_word(port);
}

/* ---- the end of a counted job -----------------------------------------------------------------
 */

/* The job may have come so slowly that the server has lost patience. Nothing of it has been said
 * yet, so the connection can be made once more, and no job is printed twice for it. */
static uint32_t be_connected(struct lpr_port *port, uint64_t deadline)
{
    struct tcp_port *tcp = &port->tcp;
    bool connected = tcp->socket != PLATEN_OS_NO_SOCKET;
    unsigned char unasked;
    uint32_t heard, error;

    if (connected && (port->again || port->turn != 1 || port->sent || port->asked))
        return 0;
    error = connected ? tcp_hear(tcp, &unasked, 1, 0, &heard) : PLATEN_BROKEN_PIPE;
    if (error == PLATEN_TIMEOUT)
        return 0;
    if (!is_lost(error))
        return error ? error : PLATEN_INVALID_DATA;
    tcp_tell(tcp, PLATEN_LOG_INFO, "the server has not waited for the job; connecting once more");
    tcp_end_doc(tcp, true, 0);
    port->again = true;
    port->turn = 0;
    return tcp_reach(tcp, deadline);
}

static uint32_t drain_counted(struct lpr_port *port, uint64_t deadline)
{
    uint32_t error;
    if (atomic_load(&port->tcp.cancelled))
        return PLATEN_OPERATION_ABORTED;
    if (!port->size) { /* some servers take the size 0 for one that is not known */
        port->over = true;
        return 0;
    }
    port->moved = false;
    error = be_connected(port, deadline);
    if (!error)
        error = lpr_say(port, LPR_STEPS, deadline);
    port->over = !error;
    return error == PLATEN_TIMEOUT && port->moved ? PLATEN_IO_PENDING : error;
}

/* Until the deadline, however much moves. */
static uint32_t end_counted(struct lpr_port *port, bool abandoned, uint64_t deadline)
{
    uint32_t error = abandoned || port->over ? 0 : PLATEN_IO_PENDING;
    while (error == PLATEN_IO_PENDING) {
        error = drain_counted(port, deadline);
        if (error == PLATEN_IO_PENDING && port->tcp.clock->now(port->tcp.clock) >= deadline)
            error = PLATEN_TIMEOUT;
    }
    port->tcp.drained = port->over;
    tcp_end_doc(&port->tcp, !port->over, 0);
    return error;
}

/* ---- the end of either ------------------------------------------------------------------------
 */

uint32_t lpr_drain(void *state, uint64_t deadline)
{
    struct lpr_port *port = state;
    if (!port->open || port->over)
        return 0;
    return port->stream ? drain_stream(port, deadline) : drain_counted(port, deadline);
}

uint32_t lpr_end_doc(void *state, bool abandoned, uint64_t deadline)
{
    struct lpr_port *port = state;
    uint32_t error;
    if (!port->open)
        return 0;
    error = port->stream ? end_stream(port, abandoned, deadline)
                         : end_counted(port, abandoned, deadline);
    let_go(port);
    return error;
}
