/* SPDX-License-Identifier: MIT
 *
 * What is said to an LPR server. A job is five turns: the queue, then for the control file and for
 * the job itself an announcement and the bytes. Behind each the server says 0, or something else
 * for "no". Any of it can be left where it stands at a deadline and gone on with later.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lpr_port.h"

/* What comes at this turn. The control file may also come behind the job. */
static enum lpr_step step_at(const struct lpr_port *port, unsigned turn)
{
    static const enum lpr_step later[] = {LPR_QUEUE, LPR_DATA_HEAD, LPR_DATA, LPR_CONTROL_HEAD,
                                          LPR_CONTROL};
    return port->data_first ? later[turn] : (enum lpr_step)turn;
}

static void write_command(struct lpr_port *port, enum lpr_step step)
{
    uint64_t size = port->stream ? port->announced : port->size;
    if (step == LPR_QUEUE)
        snprintf(port->text, sizeof port->text, "\002%s\n", port->queue);
    else if (step == LPR_CONTROL_HEAD)
        snprintf(port->text, sizeof port->text, "\002%" PRIu32 " c%s\n", port->names.size,
                 port->names.file + 1);
    else
        snprintf(port->text, sizeof port->text, "\003%" PRIu64 " %s\n", size, port->names.file);
}

/* Behind a file stands a zero. */
static uint32_t look_up_job(struct lpr_port *port, const char **data, uint32_t *size)
{
    size_t moved;
    uint64_t at = port->sent - port->block_at;
    if (port->sent < port->block_at || at >= port->block_size) {
        uint32_t error =
            platen_os_file_read_at(port->spool, port->sent, port->block, LPR_BLOCK, &moved);
        if (error || !moved)
            return error ? error : PLATEN_READ_FAULT;
        port->block_at = port->sent;
        port->block_size = (uint32_t)moved;
        at = 0;
    }
    *data = port->block + at;
    *size = port->block_size - (uint32_t)at;
    return 0;
}

/* What is still to be sent at this step; *size 0: nothing. */
static uint32_t look_up(struct lpr_port *port, enum lpr_step step, const char **data,
                        uint32_t *size)
{
    const char *text = step == LPR_CONTROL ? port->names.control : port->text;
    uint32_t sent = (uint32_t)port->sent;
    *data = "";
    *size = port->sent == port->size;
    if (step == LPR_DATA)
        return port->sent < port->size ? look_up_job(port, data, size) : 0;
    if (step != LPR_CONTROL && port->sent == 0)
        write_command(port, step);
    *data = text + sent;
    *size = (uint32_t)strlen(text) + (step == LPR_CONTROL) - sent;
    return 0;
}

static uint32_t no(const struct lpr_port *port, enum lpr_step step, unsigned char answer)
{
    static const char *const what[] = {
        [LPR_QUEUE] = "the queue",
        [LPR_CONTROL_HEAD] = "the control file's size",
        [LPR_CONTROL] = "the control file",
        [LPR_DATA_HEAD] = "the job's size",
        [LPR_DATA] = "the job",
    };
    char text[100];
    snprintf(text, sizeof text, "the server refuses %s, with %u", what[step], (unsigned)answer);
    tcp_tell(&port->tcp, PLATEN_LOG_WARNING, text);
    return step == LPR_QUEUE ? PLATEN_NOT_READY : PLATEN_WRITE_FAULT;
}

/* A server that has had enough may say so before the job's end. A "go on" that early is nonsense;
 * but some say it with the job's last byte and do not wait for the zero behind it. */
static uint32_t listen_already(struct lpr_port *port, enum lpr_step step)
{
    unsigned char answer;
    uint32_t heard, error = tcp_hear(&port->tcp, &answer, 1, 0, &heard);
    if (error)
        return error == PLATEN_TIMEOUT ? 0 : error;
    if (answer)
        return no(port, step, answer);
    port->answered = port->sent >= port->size;
    return port->answered ? 0 : PLATEN_INVALID_DATA;
}

static uint32_t send_step(struct lpr_port *port, enum lpr_step step, uint64_t deadline)
{
    const char *data;
    uint32_t size, moved;
    uint32_t error = look_up(port, step, &data, &size);
    while (!error && size) {
        if (step == LPR_DATA && !port->answered)
            error = listen_already(port, step);
        if (error)
            break;
        error = tcp_write(&port->tcp, data, size, deadline, &moved);
        port->sent += moved;
        port->moved = port->moved || moved;
        if (!error)
            error = look_up(port, step, &data, &size);
    }
    return error;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint32_t await_answer(struct lpr_port *port, enum lpr_step step, uint64_t deadline)
{
    struct platen_clock *clock = port->tcp.clock;
    uint64_t last = port->asked_at + port->patience;
    unsigned char answer;
    uint32_t heard;
    uint32_t error = tcp_hear(&port->tcp, &answer, 1, earlier(deadline, last), &heard);
    if (error == PLATEN_TIMEOUT && clock->now(clock) >= last)
        return PLATEN_SEM_TIMEOUT;
    if (error)
        return error;
    return answer ? no(port, step, answer) : 0;
}

static uint32_t take_turn(struct lpr_port *port, uint64_t deadline)
{
    struct platen_clock *clock = port->tcp.clock;
    enum lpr_step step = step_at(port, port->turn);
    uint32_t error = port->asked ? 0 : send_step(port, step, deadline);
    if (!error && !port->asked) {
        port->asked = true;
        port->asked_at = clock->now(clock);
    }
    if (!error && !port->answered)
        error = await_answer(port, step, deadline);
    if (error)
        return error;
    port->turn++;
    port->sent = 0;
    port->asked = port->answered = false;
    port->moved = true;
    return 0;
}

uint32_t lpr_say(struct lpr_port *port, unsigned turns, uint64_t deadline)
{
    uint32_t error = 0;
    while (!error && port->turn < turns)
        error = take_turn(port, deadline);
    return error;
}
