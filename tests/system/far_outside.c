/* SPDX-License-Identifier: MIT
 *
 * The far ends that are outside of the guest: see outside.h.
 */
#include "far.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "outside.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* one question at a time */
static int channel = -1;

void far_broken(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    printf("Bail out! ");
    vprintf(format, arguments);
    printf(": %s\n", strerror(errno));
    va_end(arguments);
    fflush(stdout);
    tcdrain(STDOUT_FILENO);
    if (fork() == 0) /* a process that is both ends of a device may not come to its own end */
        execlp("guest-exit", "guest-exit", "99", (char *)NULL);
    _exit(99);
}

static void move(bool out, void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        char *at = (char *)bytes + done;
        ssize_t more = out ? write(channel, at, size - done) : read(channel, at, size - done);
        if (more == 0 || (more < 0 && errno != EINTR))
            far_broken("the channel to the far ends");
        done += more > 0 ? (size_t)more : 0;
    }
}

/* How many bytes were answered; those beyond `room` are a fault of the test. */
static uint32_t ask(struct outside_question question, const void *said, void *bytes, uint32_t room)
{
    uint32_t size;
    pthread_mutex_lock(&lock);
    if (channel < 0)
        channel = open("/dev/vport0p1", O_RDWR | O_CLOEXEC);
    if (channel < 0)
        far_broken("no channel to the far ends");
    move(true, &question, sizeof question);
    if (question.size) {
        char *copy = malloc(question.size);
        memcpy(copy, said, question.size);
        move(true, copy, question.size);
        free(copy);
    }
    move(false, &size, sizeof size);
    if (size > room)
        far_broken("the far end says %u bytes", (unsigned)size);
    move(false, bytes, size);
    pthread_mutex_unlock(&lock);
    return size;
}

struct outside_far {
    struct far far; /* first */
    uint8_t device;
};

static struct outside_question question(struct far *far, uint8_t verb)
{
    return (struct outside_question){.verb = verb,
                                     .device = ((struct outside_far *)(void *)far)->device};
}

static void set(struct far *far, unsigned state)
{
    struct outside_question asked = question(far, OUTSIDE_SET);
    asked.state = (uint8_t)state;
    ask(asked, NULL, NULL, 0);
}

static void plan(struct far *far, unsigned state, uint32_t at)
{
    struct outside_question asked = question(far, OUTSIDE_PLAN);
    asked.state = (uint8_t)state;
    asked.number = at;
    ask(asked, NULL, NULL, 0);
}

static uint32_t count(struct far *far)
{
    uint32_t bytes;
    ask(question(far, OUTSIDE_COUNT), NULL, &bytes, sizeof bytes);
    return bytes;
}

static uint32_t take(struct far *far, uint8_t *bytes, uint32_t room)
{
    return ask(question(far, OUTSIDE_TAKE), NULL, bytes, room);
}

static void reset(struct far *far)
{
    plan(far, 0, 0);
    set(far, far->well);
    ask(question(far, OUTSIDE_FORGET), NULL, NULL, 0);
}

static void say(struct far *far, const void *bytes, uint32_t size)
{
    struct outside_question asked = question(far, OUTSIDE_SAY);
    asked.size = size;
    ask(asked, bytes, NULL, 0);
}

struct far *far_parallel(void)
{
    static struct outside_far lp = {{"lp0", 0xD8, reset, set, plan, count, take, NULL},
                                    OUTSIDE_PARALLEL};
    return &lp.far;
}

struct far *far_serial(void)
{
    static struct outside_far line = {{"ttyS1", LINE_READS, reset, set, plan, count, take, say},
                                      OUTSIDE_SERIAL};
    return &line.far;
}
