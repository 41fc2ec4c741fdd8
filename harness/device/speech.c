/* SPDX-License-Identifier: MIT
 *
 * How a simulated PJL printer says something: late, in packets of one byte, with garbage before it,
 * or not at all.
 */
#include <stdlib.h>
#include <string.h>

#include "device/pjl.h"
#include "os/clock.h"

#define BETWEEN 1000000u /* nanoseconds between packets of one byte */
#define GARBAGE 24       /* bytes before what is said in noise */

static void go_on(struct device_connection *connection);

static void on_time(uv_timer_t *timer)
{
    go_on(timer->data);
    device_leave_if_done(timer->data);
}

/* As much of the first as goes into a packet. */
static void say_some(struct device_connection *connection)
{
    struct device_utterance *first = connection->utterances;
    bool split = connection->device->pjl->split;
    size_t left = first->size - first->said;
    size_t size = split ? 1 : left;
    device_send(connection, first->text + first->said, size);
    first->said += size;
    first->due = split ? platen_os_now() + BETWEEN : 0;
    if (first->said == first->size) {
        connection->utterances = first->next;
        connection->unsaid -= first->size;
        free(first);
    }
}

static void go_on(struct device_connection *connection)
{
    while (connection->utterances != NULL && !connection->leaving) {
        uint64_t now = platen_os_now();
        uint64_t due = connection->utterances->due;
        if (due > now) {
            device_set_timer(&connection->speech, on_time, due - now);
            return;
        }
        say_some(connection);
    }
}

static void put(struct device_connection *connection, const char *text, size_t size)
{
    struct device_utterance *made = NULL;
    struct device_utterance **end = &connection->utterances;
    if (connection->unsaid + size <= DEVICE_UNSENT) {
        made = malloc(sizeof *made + size);
    }
    if (made == NULL) {
        device_add(connection->device, PLATEN_DEVICE_UNANSWERED, 1);
        return;
    }
    *made = (struct device_utterance){.due = platen_os_now() + connection->device->pjl->delay,
                                      .size = size};
    memcpy(made->text, text, size);
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = made;
    connection->unsaid += size;
}

/* Any bytes but those that end an answer: what follows them can still be found. */
static void put_garbage(struct device_connection *connection, size_t size)
{
    char text[256];
    uint32_t *chance = &connection->device->pjl->chance;
    while (size > 0) {
        size_t part = size < sizeof text ? size : sizeof text;
        for (size_t i = 0; i < part; i++) {
            *chance = *chance * 1664525u + 1013904223u;
            text[i] = (char)(*chance >> 24);
            text[i] = text[i] == '\f' ? '\0' : text[i];
        }
        put(connection, text, part);
        size -= part;
    }
}

void device_say(struct device_connection *connection, const char *text, size_t size)
{
    const struct pjl_printer *printer = connection->device->pjl;
    if (connection->leaving || printer->silent || size == 0) {
        return;
    }
    if (printer->noise) {
        put_garbage(connection, GARBAGE);
    }
    put(connection, text, size);
    uv_timer_stop(&connection->speech);
    go_on(connection);
}

void device_say_garbage(struct device_connection *connection, size_t size)
{
    if (!connection->leaving) {
        put_garbage(connection, size);
        go_on(connection);
    }
}

void device_forget_speech(struct device_connection *connection)
{
    while (connection->utterances != NULL) {
        struct device_utterance *first = connection->utterances;
        connection->utterances = first->next;
        free(first);
    }
}
