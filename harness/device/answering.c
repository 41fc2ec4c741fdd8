/* SPDX-License-Identifier: MIT
 *
 * What a simulated printer says to its client, and when.
 */
#include "device/connection.h"

#include <stdlib.h>
#include <string.h>

#define PER_WRITE 256u /* what an answer under way costs beside its text */

struct sending {
    uv_write_t request;
    struct device_connection *connection;
    size_t size;
};

static void on_sent(uv_write_t *request, int failed)
{
    struct sending *sending = (struct sending *)request;
    struct device_connection *connection = sending->connection;
    connection->unsent -= sending->size + PER_WRITE;
    if (failed == 0) {
        connection->job.answered += sending->size;
        device_add(connection->device, PLATEN_DEVICE_ANSWERED, sending->size);
    }
    free(sending);
    if (connection->leaving) {
        return;
    }
    if (failed != 0 && connection->stalled) {
        device_leave(connection, PLATEN_DEVICE_STALLED, true);
    }
    device_leave_if_done(connection);
}

/* The text lives as long as the connection, or is copied. */
static void send_text(struct device_connection *connection, char *text, size_t size, bool copy)
{
    struct sending *sending = NULL;
    if (connection->unsent + size + PER_WRITE <= DEVICE_UNSENT) {
        sending = malloc(sizeof *sending + (copy ? size : 0));
    }
    if (sending == NULL) {
        device_add(connection->device, PLATEN_DEVICE_UNANSWERED, 1);
        return;
    }
    if (copy) {
        memcpy(sending + 1, text, size);
        text = (char *)(sending + 1);
    }
    uv_buf_t buffer = uv_buf_init(text, (unsigned)size);
    sending->connection = connection;
    sending->size = size;
    if (uv_write(&sending->request, (uv_stream_t *)&connection->tcp, &buffer, 1, on_sent) != 0) {
        free(sending);
        return;
    }
    connection->unsent += size + PER_WRITE;
}

static void send_answer(struct device_connection *connection, const struct answer *answer)
{
    send_text(connection, answer->text, answer->text_size, false);
}

void device_send(struct device_connection *connection, const char *text, size_t size)
{
    send_text(connection, (char *)(uintptr_t)text, size, true);
}

void device_answer_moment(struct device_connection *connection, enum answer_when when)
{
    const struct answers *answers = &connection->manner->answers;
    for (size_t i = 0; i < answers->count; i++) {
        bool now = answers->rows[i].when == when;
        if (now && (when != ANSWER_AFTER || answers->rows[i].after == 0)) {
            send_answer(connection, &answers->rows[i]);
        }
    }
}

static void look_for(struct device_connection *connection, size_t row, const char *data,
                     size_t size)
{
    const struct answer *answer = &connection->manner->answers.rows[row];
    for (size_t i = 0; i < size; i++) {
        if (device_answer_matches(answer, &connection->seen[row], (unsigned char)data[i])) {
            send_answer(connection, answer);
        }
    }
}

void device_answer_data(struct device_connection *connection, uint64_t before, const char *data,
                        size_t size)
{
    const struct answers *answers = &connection->manner->answers;
    for (size_t i = 0; i < answers->count; i++) {
        const struct answer *answer = &answers->rows[i];
        if (answer->when == ANSWER_ON) {
            look_for(connection, i, data, size);
        } else if (answer->when == ANSWER_AFTER && answer->after > before &&
                   answer->after - before <= size) {
            send_answer(connection, answer);
        }
    }
}
