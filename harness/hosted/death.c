/* SPDX-License-Identifier: MIT
 *
 * Hosts that end before they are told to: one finding, which names the call.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hosted/inside.h"
#include "os/clock.h"
#include "spooler/carry.h"

#define LAST  (2 * HOSTED_SECOND)  /* for a host that has lost its connections */
#define GRACE (10 * HOSTED_SECOND) /* for the system to end it */
#define OTHER (HOSTED_SECOND / 4)  /* for another lane to say that it was its call */

static atomic_uint deaths;

unsigned platen_hosted_deaths(void)
{
    return atomic_load(&deaths);
}

void hosted_find(struct hosted *hosted, const char *format, ...)
{
    char text[400];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    platen_spooler_tell(hosted->spooler, PLATEN_EVENT_FINDING, text);
}

char *hosted_complain(const char *format, ...)
{
    char text[2400];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    char *copy = malloc(strlen(text) + 1);
    return copy == NULL ? NULL : strcpy(copy, text);
}

/* ---- words ----------------------------------------------------------------------------------- */

static const char *signal_name(int number)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {
        {SIGSEGV, "SIGSEGV"}, {SIGABRT, "SIGABRT"}, {SIGFPE, "SIGFPE"},
        {SIGILL, "SIGILL"},   {SIGTERM, "SIGTERM"}, {SIGINT, "SIGINT"},
#ifdef SIGBUS
        {SIGBUS, "SIGBUS"},
#endif
#ifdef SIGKILL
        {SIGKILL, "SIGKILL"},
#endif
#ifdef SIGPIPE
        {SIGPIPE, "SIGPIPE"},
#endif
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].number == number) {
            return names[i].name;
        }
    }
    return "a signal";
}

/* " in WritePort, on the lane LPT1:"; of all lanes if it is not known which. With the lock held. */
static void write_where(const struct hosted *hosted, const struct hosted_lane *lane, char *to,
                        size_t size)
{
    size_t used = 0;
    to[0] = '\0';
    for (const struct hosted_lane *at = hosted->lanes; at != NULL; at = at->next) {
        uint32_t deep = atomic_load(&at->deep);
        if (deep == 0 || (lane != NULL && at != lane) || used + 1 >= size) {
            continue;
        }
        bool named = at->name != NULL && strcmp(at->name, "caller") != 0;
        used += (size_t)snprintf(to + used, size - used, "%s%s%s%s", used == 0 ? " in " : " or ",
                                 deep <= HOSTED_DEEP ? at->calls[deep - 1] : "a call",
                                 named ? " on the lane " : "", named ? at->name : "");
    }
    if (used == 0) {
        snprintf(to, size, lane != NULL ? " in a thread of its own" : " while no call was made");
    }
}

/* How a host crashed that could still say so: its system's word for it, and the number. */
static void write_crash(const struct hosted *hosted, const struct hosted_details *details, char *to,
                        size_t size)
{
    if (hosted->signal != 0) {
        snprintf(to, size, "crashed with signal %d (%s)", hosted->signal,
                 signal_name(hosted->signal));
    } else if (details->fault[0] != '\0' && details->has_code && details->code > UINT16_MAX) {
        snprintf(to, size, "crashed with 0x%llx (%s)", (unsigned long long)details->code,
                 details->fault);
    } else if (details->fault[0] != '\0') {
        snprintf(to, size, "crashed with %s", details->fault);
    } else {
        snprintf(to, size, "crashed (exit status 0x%llx)", (unsigned long long)hosted->status);
    }
}

static void write_how(const struct hosted *hosted, const char *farewell, uint32_t error,
                      const struct hosted_details *details, char *to, size_t size)
{
    if (hosted->late != NULL) {
        snprintf(to, size, "did not come back within %g s",
                 (double)hosted->timeout / (double)HOSTED_SECOND);
    } else if (error == PLATEN_INVALID_DATA) {
        snprintf(to, size, "made its host say what makes no sense");
    } else if (hosted->signal != 0 || strcmp(farewell, "crash") == 0) {
        write_crash(hosted, details, to, size);
    } else if (hosted->status == HOSTED_LOST) {
        snprintf(to, size, "broke its host's connections");
    } else {
        snprintf(to, size, "ended the process with status %lld", (long long)hosted->status);
    }
}

/* ---- telling --------------------------------------------------------------------------------- */

struct end {
    const struct hosted_lane *lane; /* whose call it was; NULL: nobody knows */
    const struct hosted_lane *own;  /* of this thread; NULL */
    uint32_t error;
};

static void write_words(struct hosted *hosted, const struct end *end)
{
    char how[200];
    char where[200];
    char calls[900] = "";
    struct hosted_details details;
    const struct hosted_lane *lane = hosted->late != NULL ? hosted->late : end->lane;
    const struct platen_ship *speaker = lane != NULL && lane == end->own ? lane->ship : NULL;
    hosted_details_read(speaker == NULL ? "" : platen_ship_details(speaker), &details);
    write_how(hosted, speaker == NULL ? "" : platen_ship_farewell(speaker), end->error, &details,
              how, sizeof how);
    write_where(hosted, lane, where, sizeof where);
    if (speaker != NULL) {
        hosted_last_calls(lane, calls, sizeof calls);
    }
    snprintf(hosted->words, sizeof hosted->words, "the monitor '%s' %s%s%s%s%s", hosted->name, how,
             where, details.at, details.stack, calls);
}

/* With the lock held, which it gives up. */
static void report(struct hosted *hosted, const struct end *end)
{
    bool tells = !hosted->reported && !hosted->ending;
    if (tells) {
        write_words(hosted, end);
        hosted->reported = true;
        atomic_fetch_add(&deaths, 1);
        platen_os_cond_broadcast(&hosted->changed);
    }
    platen_os_mutex_unlock(&hosted->lock);
    if (tells) {
        platen_spooler_tell_end(hosted->spooler, hosted->words);
    }
}

static unsigned lanes_in_calls(const struct hosted *hosted)
{
    unsigned count = 0;
    for (const struct hosted_lane *at = hosted->lanes; at != NULL; at = at->next) {
        count += atomic_load(&at->deep) != 0;
    }
    return count;
}

void hosted_died(struct hosted *hosted, const struct hosted_lane *lane, uint32_t error)
{
    const char *farewell = platen_ship_farewell(lane->ship);
    bool knows = farewell[0] != '\0' || error == PLATEN_INVALID_DATA;
    atomic_store(&hosted->dead, true);
    if (error == PLATEN_INVALID_DATA || !hosted_keeper_wait(hosted, platen_os_now() + LAST)) {
        hosted_keeper_kill(hosted);
        hosted_keeper_wait(hosted, platen_os_now() + GRACE);
    }
    platen_os_mutex_lock(&hosted->lock);
    uint64_t until = platen_os_now() + OTHER;
    bool waits = !knows && hosted->late == NULL && lanes_in_calls(hosted) > 1;
    while (waits && !hosted->reported) {
        waits = platen_os_cond_wait_until(&hosted->changed, &hosted->lock, until);
    }
    const struct end end = {
        .lane = knows || lanes_in_calls(hosted) == 1 ? lane : NULL, .own = lane, .error = error};
    report(hosted, &end);
}

void hosted_gone(struct hosted *hosted)
{
    atomic_store(&hosted->dead, true);
    platen_os_mutex_lock(&hosted->lock);
    bool nobody = lanes_in_calls(hosted) == 0;
    for (const struct hosted_lane *at = hosted->lanes; at != NULL; at = at->next) {
        nobody = nobody && at->serving == NULL; /* it may have been that thread's doing */
    }
    if (nobody && hosted->control != NULL) {
        report(hosted, &(struct end){.lane = NULL});
    } else {
        platen_os_mutex_unlock(&hosted->lock);
    }
}
