/* SPDX-License-Identifier: MIT
 *
 * The simulated PJL printer: its beginning and end, and what is taken from whom. What comes while
 * it is not ready for data waits in the connection's buffer, and nothing more is read.
 */
#include "device/pjl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/machine.h"

/* ---- what comes --------------------------------------------------------------------------- */

static void note_framing(struct device_connection *connection, const char *text, size_t size)
{
    struct platen_device_job *job = &connection->job;
    size_t *noted = &connection->talker->noted;
    job->framing += size;
    device_keep_part(connection->device, &connection->kept, DEVICE_PART_FRAMING, text, size);
    for (size_t i = 0; i < size && *noted < sizeof job->commands - 1; i++) {
        unsigned char c = (unsigned char)text[i];
        job->commands[(*noted)++] = (char)(c == 0 || c >= 0x80 ? '?' : c);
    }
}

static void take_data(struct device_connection *connection, const char *text, size_t size)
{
    connection->job.payload += size;
    device_sha256_take(&connection->talker->digest, text, size);
    device_keep_part(connection->device, &connection->kept, DEVICE_PART_DATA, text, size);
    pjl_print(connection, text, size);
}

static void deal_with(struct device_connection *connection, const struct pjl_piece *piece)
{
    switch (piece->kind) {
    case PJL_DATA:
        take_data(connection, piece->text, piece->size);
        break;
    case PJL_FRAME:
        note_framing(connection, piece->text, piece->size);
        break;
    case PJL_COMMAND:
        note_framing(connection, piece->text, piece->size);
        pjl_command(connection, connection->talker->framing.line);
        break;
    case PJL_LEAVE:
        note_framing(connection, piece->text, piece->size);
        if (connection->talker->depth == 0) {
            pjl_end(connection, false);
        }
        break;
    default:
        break;
    }
}

/* A JOB begins when the printer is free; until then nothing behind it is looked at. */
static bool may_go_on(struct device_connection *connection)
{
    struct pjl_talker *talker = connection->talker;
    if (talker->wants && pjl_begin(connection)) {
        talker->wants = false;
    }
    return !talker->wants && !connection->leaving;
}

size_t device_pjl_take(struct device_connection *connection, const char *data, size_t size)
{
    size_t used = 0;
    while (used < size && may_go_on(connection)) {
        struct pjl_piece piece;
        uint64_t room = pjl_room(connection);
        used += pjl_split(&connection->talker->framing, data + used, size - used,
                          room < SIZE_MAX ? (size_t)room : SIZE_MAX, &piece);
        if (piece.kind == PJL_BLOCKED) {
            break;
        }
        deal_with(connection, &piece);
    }
    return used;
}

/* Something could be the beginning of an exit, and is not: nothing follows it. */
void device_pjl_end(struct device_connection *connection)
{
    struct pjl_piece piece;
    struct pjl_talker *talker = connection->talker;
    if (talker->settled) {
        return;
    }
    talker->settled = true;
    pjl_split_end(&talker->framing, &piece);
    deal_with(connection, &piece);
    pjl_end(connection, false);
}

bool device_pjl_holds(const struct device_connection *connection)
{
    const struct pjl_printer *printer = connection->device->pjl;
    return connection->utterances != NULL || (printer->busy && printer->source == connection);
}

void device_pjl_leave(struct device_connection *connection)
{
    struct pjl_printer *printer = connection->device->pjl;
    pjl_end(connection, true);
    if (printer->source == connection) {
        printer->source = NULL;
    }
    device_sha256_end(&connection->talker->digest, connection->job.payload_sha256);
    device_forget_speech(connection);
}

/* ---- everybody ---------------------------------------------------------------------------- */

static void on_kick(uv_timer_t *timer)
{
    struct pjl_printer *printer = timer->data;
    struct device_connection *connection = printer->device->connections;
    for (; connection != NULL; connection = connection->next) {
        if (!connection->leaving && !connection->stalled) {
            device_go_on(connection);
        }
        device_leave_if_done(connection);
    }
}

void pjl_kick(struct pjl_printer *printer)
{
    if (!uv_is_closing((uv_handle_t *)&printer->kick)) {
        uv_timer_start(&printer->kick, on_kick, 0, 0);
    }
}

/* ---- beginning and end -------------------------------------------------------------------- */

uint32_t device_pjl_make(platen_device *device, const char *life)
{
    struct pjl_printer *printer = calloc(1, sizeof *printer);
    if (printer == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    uint32_t error = pjl_life_parse(life, &printer->life, NULL);
    if (error != 0) {
        free(printer);
        return error;
    }
    printer->device = device;
    printer->shown = pjl_row(PJL_READY);
    device->state =
        (struct platen_device_state){.code = printer->shown.code, .online = true, .takes = true};
    snprintf(device->state.display, sizeof device->state.display, "%s", printer->shown.display);
    device->pjl = printer;
    return 0;
}

void device_pjl_free(platen_device *device)
{
    if (device->pjl != NULL) {
        pjl_life_free(device->pjl->life);
        free(device->pjl);
    }
}

static void on_closed(uv_handle_t *handle)
{
    struct pjl_printer *printer = handle->data;
    device_handle_gone(printer->device);
}

static uv_timer_t *timer_of(struct pjl_printer *printer, size_t at)
{
    uv_timer_t *timers[] = {&printer->life_timer, &printer->finish_timer, &printer->kick};
    return timers[at];
}

void device_pjl_start(platen_device *device)
{
    for (size_t i = 0; i < 3; i++) {
        uv_timer_t *timer = timer_of(device->pjl, i);
        uv_timer_init(device->loop, timer);
        timer->data = device->pjl;
        device_handle_made(device);
    }
    pjl_live(device->pjl);
}

void device_pjl_stop(platen_device *device)
{
    for (size_t i = 0; i < 3; i++) {
        uv_handle_t *handle = (uv_handle_t *)timer_of(device->pjl, i);
        if (handle->data != NULL && !uv_is_closing(handle)) {
            uv_close(handle, on_closed);
        }
    }
}

uint32_t device_pjl_meet(struct device_connection *connection)
{
    connection->talker = calloc(1, sizeof *connection->talker);
    if (connection->talker == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    connection->job.pjl = true;
    device_sha256_begin(&connection->talker->digest);
    uv_tcp_nodelay(&connection->tcp, 1);
    return 0;
}

uint64_t device_pjl_rate(const platen_device *device)
{
    return device->pjl->rate;
}

/* ---- what it is to do from now on --------------------------------------------------------- */

struct change {
    platen_device *device;
    struct pjl_life *life;
    bool now;
};

static void on_change(uv_loop_t *loop, void *argument)
{
    struct change *change = argument;
    struct pjl_printer *printer = change->device->pjl;
    struct pjl_life **end = &printer->life;
    (void)loop;
    if (change->now) {
        pjl_life_free(printer->life);
        printer->life = NULL;
        printer->begun = false;
    }
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = change->life;
    pjl_live(printer);
}

uint32_t platen_device_live(platen_device *device, const char *life, bool now)
{
    struct change change = {.device = device, .now = now};
    if (device->lpr != NULL) {
        return device_lpr_live(device, life, now);
    }
    if (device->pjl == NULL) {
        return PLATEN_NOT_SUPPORTED;
    }
    uint32_t error = pjl_life_parse(life, &change.life, NULL);
    if (error == 0) {
        device_machine_call(on_change, &change);
    }
    return error;
}

void platen_device_query(platen_device *device, struct platen_device_state *state)
{
    platen_os_mutex_lock(&device->lock);
    *state = device->state;
    platen_os_mutex_unlock(&device->lock);
}
