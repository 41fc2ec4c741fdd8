/* SPDX-License-Identifier: MIT
 *
 * A client of a simulated LPR server. What counts as its job is what it prints: the data files; the
 * control file is kept beside it, and of the commands nothing.
 */
#include "device/lpr.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/machine.h"

enum place { IN_LINE, IN_FILE, BEHIND_FILE, IN_NOTHING };

struct lpr_talker {
    struct lpr_step step; /* what happens in this connection; its queue is not used */
    char line[LPR_LINE];
    size_t length;
    enum place place;
    enum lpr_turn file; /* CONTROL or DATA */
    uint64_t left;      /* bytes of the file */
    bool named;         /* the queue */
    bool asked;         /* it wanted to know something, and has no job */
    bool began;         /* a file was announced */
    bool control;       /* has come whole */
    bool data;
    bool stalled;
};

/* ---- answers ------------------------------------------------------------------------------ */

static void refuse(struct device_connection *connection, unsigned char answer)
{
    const char byte = (char)answer;
    connection->lpr->place = IN_NOTHING;
    device_send(connection, &byte, 1);
    device_leave(connection, PLATEN_DEVICE_CUT, false);
}

/* False: the dialog is over. */
static bool answer(struct device_connection *connection, enum lpr_turn turn)
{
    struct lpr_talker *talker = connection->lpr;
    const struct lpr_step *step = &talker->step;
    if (step->deed == LPR_DO_ACCEPT || step->turn != turn) {
        device_send(connection, "", 1);
        return true;
    }
    talker->place = IN_NOTHING;
    talker->stalled = step->deed == LPR_DO_STALL;
    if (talker->stalled) {
        device_add(connection->device, PLATEN_DEVICE_STALLS, 1);
    } else if (step->deed == LPR_DO_REFUSE) {
        refuse(connection, step->answer);
    } else {
        device_leave(connection, PLATEN_DEVICE_CUT, true);
    }
    return false;
}

/* ---- commands ----------------------------------------------------------------------------- */

/* Behind the queue stands whose jobs are meant. */
static void tell_state(struct device_connection *connection, char *queue)
{
    char text[LPR_LINE + 100];
    queue[strcspn(queue, " ")] = '\0';
    snprintf(text, sizeof text, "%s: %s\n", queue,
             lpr_is_closed(connection->device->lpr, queue) ? "closed" : "open, no jobs");
    connection->lpr->asked = true;
    connection->lpr->place = IN_NOTHING;
    device_send(connection, text, strlen(text));
    connection->ended = true;
    device_leave_if_done(connection);
}

static void name_queue(struct device_connection *connection, const char *queue)
{
    struct lpr_server *server = connection->device->lpr;
    struct lpr_talker *talker = connection->lpr;
    talker->step = lpr_next(server);
    talker->named = true;
    snprintf(connection->job.queue, sizeof connection->job.queue, "%.*s",
             (int)sizeof connection->job.queue - 1, queue);
    if (lpr_is_closed(server, queue)) {
        refuse(connection, 1);
    } else {
        answer(connection, LPR_AT_QUEUE);
    }
}

/* "123 cfA007host" behind the command's byte. */
static bool take_announcement(struct lpr_talker *talker)
{
    const char *name;
    uint64_t size = 0;
    for (name = talker->line + 1; *name >= '0' && *name <= '9' && size < UINT64_MAX / 100; name++) {
        size = size * 10 + (uint64_t)(*name - '0');
    }
    talker->left = size;
    return name > talker->line + 1 && *name == ' ' && (name[1] == 'c' || name[1] == 'd') &&
           name[2] == 'f';
}

static void begin_file(struct device_connection *connection, bool control)
{
    struct lpr_talker *talker = connection->lpr;
    if (!take_announcement(talker)) {
        refuse(connection, 1);
        return;
    }
    talker->began = true;
    talker->file = control ? LPR_AT_CONTROL : LPR_AT_DATA;
    talker->place = talker->left > 0 ? IN_FILE : BEHIND_FILE;
    answer(connection, control ? LPR_AT_CONTROL_SIZE : LPR_AT_DATA_SIZE);
}

static void obey(struct device_connection *connection)
{
    struct lpr_talker *talker = connection->lpr;
    char command = talker->line[0];
    talker->length = 0;
    if (!talker->named && command == 2) {
        name_queue(connection, talker->line + 1);
    } else if (!talker->named && (command == 3 || command == 4)) {
        tell_state(connection, talker->line + 1);
    } else if (talker->named && (command == 2 || command == 3)) {
        begin_file(connection, command == 2);
    } else {
        refuse(connection, 1);
    }
}

/* ---- bytes -------------------------------------------------------------------------------- */

static size_t take_line(struct device_connection *connection, const char *data, size_t size)
{
    struct lpr_talker *talker = connection->lpr;
    const char *end = memchr(data, '\n', size);
    size_t used = end == NULL ? size : (size_t)(end - data);
    if (used >= sizeof talker->line - talker->length) {
        refuse(connection, 1);
        return size;
    }
    memcpy(talker->line + talker->length, data, used);
    talker->length += used;
    talker->line[talker->length] = '\0';
    if (end != NULL) {
        obey(connection);
    }
    return used + (end != NULL);
}

static size_t take_file(struct device_connection *connection, const char *data, size_t size)
{
    struct lpr_talker *talker = connection->lpr;
    size_t used = size < talker->left ? size : (size_t)talker->left;
    talker->left -= used;
    talker->place = talker->left > 0 ? IN_FILE : BEHIND_FILE;
    if (talker->file == LPR_AT_DATA) {
        device_count(connection, data, used);
    } else {
        device_keep_part(connection->device, &connection->kept, DEVICE_PART_CONTROL, data, used);
    }
    return used;
}

static size_t take_zero(struct device_connection *connection, const char *data)
{
    struct lpr_talker *talker = connection->lpr;
    talker->place = IN_LINE;
    if (*data != '\0') {
        refuse(connection, 1);
    } else if (answer(connection, talker->file)) {
        *(talker->file == LPR_AT_DATA ? &talker->data : &talker->control) = true;
    }
    return 1;
}

void device_lpr_take(struct device_connection *connection, const char *data, size_t size)
{
    struct lpr_talker *talker = connection->lpr;
    while (size > 0 && !connection->leaving && talker->place != IN_NOTHING) {
        size_t used;
        if (talker->place == IN_LINE) {
            used = take_line(connection, data, size);
        } else if (talker->place == IN_FILE) {
            used = take_file(connection, data, size);
        } else {
            used = take_zero(connection, data);
        }
        data += used;
        size -= used;
    }
}

/* ---- connections -------------------------------------------------------------------------- */

uint32_t device_lpr_meet(struct device_connection *connection)
{
    connection->lpr = calloc(1, sizeof *connection->lpr);
    return connection->lpr != NULL ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
}

/* A client may end its side whenever it likes: its job is whole if both files had come, or none was
 * even begun. */
void device_lpr_leave(struct device_connection *connection)
{
    const struct lpr_talker *talker = connection->lpr;
    struct platen_device_job *job = &connection->job;
    bool whole = talker->asked || !talker->began || (talker->control && talker->data);
    if (job->end == PLATEN_DEVICE_CLOSED && talker->stalled) {
        job->end = PLATEN_DEVICE_STALLED;
    } else if (job->end == PLATEN_DEVICE_CLOSED && !whole) {
        job->end = PLATEN_DEVICE_RESET;
    }
    job->whole = job->end == PLATEN_DEVICE_CLOSED;
}

void device_lpr_forget(struct device_connection *connection)
{
    free(connection->lpr);
}

/* ---- the server --------------------------------------------------------------------------- */

uint32_t device_lpr_make(platen_device *device, const char *life)
{
    device->lpr = calloc(1, sizeof *device->lpr);
    return device->lpr != NULL ? lpr_life_parse(life, &device->lpr->life, NULL)
                               : PLATEN_NOT_ENOUGH_MEMORY;
}

void device_lpr_free(platen_device *device)
{
    if (device->lpr == NULL) {
        return;
    }
    for (size_t i = 0; i < LPR_CLOSED; i++) {
        free(device->lpr->closed[i]);
    }
    lpr_life_free(&device->lpr->life);
    free(device->lpr);
}

struct change {
    platen_device *device;
    struct lpr_life life;
    bool now;
    uint32_t error;
};

/* What is behind it is lived after what is left. */
static void add_life(struct lpr_server *server, struct change *change)
{
    size_t left = server->life.count - server->at;
    if (left + change->life.count > LPR_STEPS) {
        change->error = PLATEN_NOT_ENOUGH_MEMORY;
        return;
    }
    for (size_t i = 0; i < change->life.count; i++) {
        if (server->life.count == LPR_STEPS) { /* what is over makes room */
            for (size_t old = 0; old < server->at; old++) {
                free(server->life.steps[old].queue);
            }
            memmove(server->life.steps, server->life.steps + server->at,
                    left * sizeof *server->life.steps);
            server->life.count = left;
            server->at = 0;
        }
        server->life.steps[server->life.count++] = change->life.steps[i];
        left++;
    }
    change->life.count = 0; /* their queues have another owner now */
}

static void on_change(uv_loop_t *loop, void *argument)
{
    struct change *change = argument;
    struct lpr_server *server = change->device->lpr;
    (void)loop;
    if (change->now || server->life.steps == NULL) {
        struct lpr_life old = server->life;
        server->life = change->life;
        server->at = 0;
        server->done = 0;
        change->life = old;
    } else {
        add_life(server, change);
    }
}

uint32_t device_lpr_live(platen_device *device, const char *life, bool now)
{
    struct change change = {.device = device, .now = now};
    uint32_t error = lpr_life_parse(life, &change.life, NULL);
    if (error == 0) {
        device_machine_call(on_change, &change);
        error = change.error;
    }
    lpr_life_free(&change.life);
    return error;
}
