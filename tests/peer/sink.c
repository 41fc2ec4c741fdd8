/* SPDX-License-Identifier: MIT
 *
 * To settle, and to end, the sink is connected to by ourselves, with a word that no printer gets:
 * connections are taken in their order, so all before that one are done when it is closed.
 */
#include "sink.h"

#include <stdlib.h>
#include <string.h>

#include "bare.h"
#include "lpr_dialog.h"
#include "os/thread.h"

#define WORD "\x01settle: 6f1c2f0e\x02"

enum { ROOM = 4 << 20 };

struct sink {
    bare_socket listener;
    uint16_t port;
    bool over; /* set before a settling connection */
    bool lpr;
    platen_os_thread *thread;
    platen_os_mutex lock;
    size_t size;
    char last[ROOM];
    char incoming[ROOM];
};

static size_t read_to_end(sink *one, bare_socket connection)
{
    char beyond[4096];
    size_t size = 0;
    long count;
    do {
        size_t left = ROOM - size;
        count = bare_receive(connection, left ? one->incoming + size : beyond,
                             left ? left : sizeof beyond);
        size += left && count > 0 ? (size_t)count : 0;
    } while (count > 0);
    return size;
}

static size_t receive(sink *one, bare_socket connection)
{
    size_t size = one->lpr ? lpr_receive(connection, one->incoming, ROOM) : LPR_NOT;
    return size == LPR_NOT ? read_to_end(one, connection) : size;
}

static bool is_word(const sink *one, size_t size)
{
    return size == sizeof WORD - 1 && memcmp(one->incoming, WORD, size) == 0;
}

/* One connection; false after the last. */
static bool serve(sink *one)
{
    bare_socket connection = bare_accept(one->listener);
    size_t size = connection == NO_SOCKET ? 0 : receive(one, connection);
    bool over = false;

    platen_os_mutex_lock(&one->lock);
    if (is_word(one, size)) {
        over = one->over;
    } else {
        memcpy(one->last, one->incoming, size);
        one->size = size;
    }
    platen_os_mutex_unlock(&one->lock);
    bare_close(connection);
    return !over;
}

static void serve_all(void *argument)
{
    while (serve(argument))
        ;
}

static sink *create(bool lpr)
{
    sink *one = calloc(1, sizeof *one);
    if (!one)
        return NULL;
    one->lpr = lpr;
    platen_os_mutex_init(&one->lock);
    one->listener = bare_listen(4, 100, 0, &one->port);
    if (platen_os_thread_start(&one->thread, "sink", 0, serve_all, one) == 0)
        return one;
    bare_close(one->listener);
    platen_os_mutex_destroy(&one->lock);
    free(one);
    return NULL;
}

sink *sink_create(void)
{
    return create(false);
}

sink *sink_create_lpr(void)
{
    return create(true);
}

uint16_t sink_port(const sink *one)
{
    return one->port;
}

void sink_settle(sink *one)
{
    bare_socket own = bare_connect(one->port);
    char byte;
    bare_send(own, WORD, sizeof WORD - 1);
    bare_end_sending(own);
    bare_receive(own, &byte, 1);
    bare_close(own);
}

bool sink_has(sink *one, const void *data, size_t size, size_t *count)
{
    platen_os_mutex_lock(&one->lock);
    bool equal = one->size == size && memcmp(one->last, data, size) == 0;
    *count = one->size;
    platen_os_mutex_unlock(&one->lock);
    return equal;
}

void sink_destroy(sink *one)
{
    if (!one)
        return;
    platen_os_mutex_lock(&one->lock);
    one->over = true;
    platen_os_mutex_unlock(&one->lock);
    sink_settle(one);
    platen_os_thread_join(one->thread);
    bare_close(one->listener);
    platen_os_mutex_destroy(&one->lock);
    free(one);
}
