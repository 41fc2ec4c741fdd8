/* SPDX-License-Identifier: MIT
 *
 * Windows has no pseudo terminals that are serial lines. PLATEN_TTYS names pairs of lines that are
 * connected with each other ("COM101=COM102 COM103=COM104"), made by whoever runs the test; each
 * peer takes a pair. Under Wine a line can be opened twice, which the marks need.
 */
#include "tty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "os/clock.h"
#include "os/thread.h"

#define SECOND UINT64_C(1000000000)

enum { MOST = 16 << 20, MARK = 32, PAIRS = 16, LOOK_MS = 20, GAP_MS = 2, READ_MS = 5000 };

struct tty_peer {
    unsigned pair;
    HANDLE far_end;
    HANDLE line;
    char path[64];
    platen_os_thread *reader;
    platen_os_mutex lock;
    platen_os_cond news;
    bool listening;
    bool leaving;
    unsigned marks;
    char mark[MARK + 1]; /* what the reader waits for, "" when it has come */
    char *bytes;
    size_t count;
};

static bool taken[PAIRS]; /* tests make and destroy peers on one thread */

/* With the lock held. The mark ends all that was written before it, and is no part of it. */
static void look_for_mark(tty_peer *one)
{
    size_t length = strlen(one->mark);
    if (!length || one->count < length ||
        memcmp(one->bytes + one->count - length, one->mark, length) != 0)
        return;
    one->count -= length;
    one->mark[0] = 0;
}

static void keep(tty_peer *one, const char *bytes, size_t count)
{
    platen_os_mutex_lock(&one->lock);
    if (count > MOST - one->count)
        abort();
    memcpy(one->bytes + one->count, bytes, count);
    one->count += count;
    look_for_mark(one);
    platen_os_cond_broadcast(&one->news);
    platen_os_mutex_unlock(&one->lock);
}

static bool wants(tty_peer *one, bool *listening)
{
    platen_os_mutex_lock(&one->lock);
    bool on = !one->leaving;
    *listening = one->listening;
    platen_os_mutex_unlock(&one->lock);
    return on;
}

static void read_on(void *argument)
{
    tty_peer *one = argument;
    char bytes[4096];
    bool listening;
    while (wants(one, &listening)) {
        DWORD done = 0;
        if (listening && ReadFile(one->far_end, bytes, sizeof bytes, &done, NULL) && done)
            keep(one, bytes, done);
        else if (!listening)
            Sleep(LOOK_MS);
    }
}

/* A read waits for long: under Wine there is one handle more while it waits, and tests count
 * handles. The greatest numbers, for "the first that comes", it does not know: so a gap ends the
 * read. */
static HANDLE open_line(const char *path)
{
    COMMTIMEOUTS times = {GAP_MS, 0, READ_MS, 0, 0};
    HANDLE handle;
    handle = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (handle != INVALID_HANDLE_VALUE)
        SetCommTimeouts(handle, &times);
    return handle;
}

/* The first pair that nobody has. */
static bool open_pair(tty_peer *one)
{
    const char *at = getenv("PLATEN_TTYS");
    char names[2][32], far_path[64];
    int length;
    for (unsigned i = 0; at && i < PAIRS; i++, at += length) {
        if (sscanf(at, " %31[^= ]=%31[^= ]%n", names[0], names[1], &length) != 2)
            return false;
        if (taken[i])
            continue;
        taken[one->pair = i] = true;
        snprintf(one->path, sizeof one->path, "\\\\.\\%s", names[0]);
        snprintf(far_path, sizeof far_path, "\\\\.\\%s", names[1]);
        one->far_end = open_line(far_path);
        one->line = open_line(one->path);
        return one->far_end != INVALID_HANDLE_VALUE && one->line != INVALID_HANDLE_VALUE;
    }
    return false;
}

static void dispose(tty_peer *one)
{
    if (one->line != INVALID_HANDLE_VALUE)
        CloseHandle(one->line);
    if (one->far_end != INVALID_HANDLE_VALUE)
        CloseHandle(one->far_end);
    if (one->pair < PAIRS)
        taken[one->pair] = false;
    free(one->bytes);
    platen_os_cond_destroy(&one->news);
    platen_os_mutex_destroy(&one->lock);
    free(one);
}

tty_peer *tty_create(void)
{
    tty_peer *one = calloc(1, sizeof *one);
    if (!one)
        return NULL;
    platen_os_mutex_init(&one->lock);
    platen_os_cond_init(&one->news);
    one->pair = PAIRS;
    one->far_end = one->line = INVALID_HANDLE_VALUE;
    one->listening = true;
    one->bytes = malloc(MOST);
    if (one->bytes && open_pair(one) &&
        platen_os_thread_start(&one->reader, "printer", 0, read_on, one) == 0) {
        tty_settle(one); /* what it needs, it has opened then */
        return one;
    }
    dispose(one);
    return NULL;
}

const char *tty_path(const tty_peer *one)
{
    return one->path;
}

void tty_settle(tty_peer *one)
{
    char mark[MARK + 1];
    DWORD done;
    platen_os_mutex_lock(&one->lock);
    snprintf(mark, sizeof mark, "\x01 all of it %u\x02", ++one->marks);
    memcpy(one->mark, mark, sizeof mark);
    platen_os_mutex_unlock(&one->lock);
    if (!WriteFile(one->line, mark, (DWORD)strlen(mark), &done, NULL) || done != strlen(mark))
        abort();
    platen_os_mutex_lock(&one->lock);
    while (one->mark[0])
        platen_os_cond_wait(&one->news, &one->lock);
    platen_os_mutex_unlock(&one->lock);
}

void tty_forget(tty_peer *one)
{
    platen_os_mutex_lock(&one->lock);
    one->count = 0;
    platen_os_mutex_unlock(&one->lock);
}

bool tty_has(tty_peer *one, const void *data, size_t size, size_t *count)
{
    platen_os_mutex_lock(&one->lock);
    bool equal = one->count == size && (!size || memcmp(one->bytes, data, size) == 0);
    *count = one->count;
    platen_os_mutex_unlock(&one->lock);
    return equal;
}

bool tty_await(tty_peer *one, size_t size)
{
    uint64_t until = platen_os_now() + 10 * SECOND;
    bool there = true;
    platen_os_mutex_lock(&one->lock);
    while (one->count < size && there)
        there = platen_os_cond_wait_until(&one->news, &one->lock, until);
    there = one->count >= size;
    platen_os_mutex_unlock(&one->lock);
    return there;
}

bool tty_say(tty_peer *one, const void *data, size_t size)
{
    DWORD done;
    return WriteFile(one->far_end, data, (DWORD)size, &done, NULL) && done == size;
}

bool tty_await_said(tty_peer *one, size_t size)
{
    uint64_t until = platen_os_now() + 10 * SECOND;
    COMSTAT status = {0};
    DWORD errors;
    while (ClearCommError(one->line, &errors, &status) && status.cbInQue < size &&
           platen_os_now() < until)
        platen_os_thread_yield();
    return status.cbInQue >= size;
}

void tty_listen(tty_peer *one, bool on)
{
    platen_os_mutex_lock(&one->lock);
    one->listening = on;
    platen_os_mutex_unlock(&one->lock);
}

static void stop(tty_peer *one, HANDLE to, const char *word, size_t size)
{
    DWORD done;
    platen_os_mutex_lock(&one->lock);
    one->leaving = true;
    platen_os_mutex_unlock(&one->lock);
    WriteFile(to, word, (DWORD)size, &done, NULL);
    platen_os_thread_join(one->reader);
    one->reader = NULL;
}

/* Whoever made the line pulls it out when the other side says this, and says something then, which
 * ends the read. Nobody gets this pair again. */
void tty_unplug(tty_peer *one)
{
    static const char word[] = "\x01 pull it out \x02";
    CloseHandle(one->line);
    one->line = INVALID_HANDLE_VALUE;
    stop(one, one->far_end, word, sizeof word - 1);
    one->pair = PAIRS;
}

void tty_destroy(tty_peer *one)
{
    if (!one)
        return;
    if (one->reader)
        stop(one, one->line, "", 1); /* ends the read */
    dispose(one);
}
