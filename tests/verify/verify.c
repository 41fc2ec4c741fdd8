/* SPDX-License-Identifier: MIT
 *
 * The verifying monitor: whose call it is, what is found, what every call goes through.
 */
#include "verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_INSTANCES 8
#define MOST_UNITS     32768

static struct {
    _Atomic(struct verify *) next;
    _Atomic(struct verify *) all[MOST_INSTANCES];
} house;

/* ---- findings -------------------------------------------------------------------------------- */

void verify_breach(struct verify *v, unsigned rules, const char *format, ...)
{
    va_list args;

    v = v->book != NULL ? v->book : v;
    platen_os_mutex_lock(&v->lock);
    unsigned count = atomic_load(&v->finding_count);
    if (count < VERIFY_FINDINGS) {
        struct verify_finding *finding = &v->findings[count];
        finding->rules[0] = rules & 0xFF;
        finding->rules[1] = rules >> 8;
        va_start(args, format);
        vsnprintf(finding->text, sizeof finding->text, format, args);
        va_end(args);
        atomic_store(&v->finding_count, count + 1);
    }
    platen_os_mutex_unlock(&v->lock);
}

bool verify_names(const struct verify *v, unsigned finding, unsigned rule)
{
    return finding < atomic_load(&v->finding_count) &&
           (v->findings[finding].rules[0] == rule || v->findings[finding].rules[1] == rule);
}

const char *verify_slot_name(enum verify_slot at)
{
    static const char *const names[VERIFY_SLOTS] = {
        [VERIFY_INIT] = "InitializePrintMonitor2",
        [VERIFY_ENUM] = "EnumPorts",
        [VERIFY_OPEN] = "OpenPort",
        [VERIFY_OPEN_EX] = "OpenPortEx",
        [VERIFY_START] = "StartDocPort",
        [VERIFY_WRITE] = "WritePort",
        [VERIFY_READ] = "ReadPort",
        [VERIFY_END] = "EndDocPort",
        [VERIFY_CLOSE] = "ClosePort",
        [VERIFY_DATA] = "GetPrinterDataFromPort",
        [VERIFY_TIMEOUTS] = "SetPortTimeOuts",
        [VERIFY_XCV_OPEN] = "XcvOpenPort",
        [VERIFY_XCV_DATA] = "XcvDataPort",
        [VERIFY_XCV_CLOSE] = "XcvClosePort",
        [VERIFY_SHUTDOWN] = "Shutdown",
        [VERIFY_BIDI] = "SendRecvBidiDataFromPort",
        [VERIFY_NOTIFY] = "a newer member",
        [VERIFY_OBSOLETE] = "an obsolete member",
    };
    return names[at];
}

/* ---- who is meant? --------------------------------------------------------------------------- */

/* Who is told of a call that is nobody's: one that lives, else the last that did. */
static struct verify *anybody(void)
{
    struct verify *found = NULL;

    for (int i = 0; i < MOST_INSTANCES; i++) {
        struct verify *v = atomic_load(&house.all[i]);
        if (v != NULL && (found == NULL || atomic_load(&v->state) == VERIFY_READY))
            found = v;
    }
    return found;
}

static void tell_stray(struct verify *v, const char *function, unsigned otherwise)
{
    static const struct {
        unsigned rule;
        const char *when;
    } states[] = {
        [VERIFY_NEW] = {83, "before initialisation has returned"},
        [VERIFY_READY] = {0, "with a handle that was never given"},
        [VERIFY_REFUSED] = {83, "after initialisation has returned NULL"},
        [VERIFY_ENDED] = {119, "after Shutdown"},
    };
    unsigned state = atomic_load(&v->state);
    unsigned rule = states[state].rule != 0 ? states[state].rule : otherwise;

    verify_breach(v, rule, "%s %s", function, states[state].when);
}

struct verify *verify_known(HANDLE monitor)
{
    for (int i = 0; i < MOST_INSTANCES; i++) {
        struct verify *v = atomic_load(&house.all[i]);
        if (v != NULL && atomic_load(&v->state) == VERIFY_READY && v->stored_instance == monitor)
            return v;
    }
    return NULL;
}

struct verify *verify_of(HANDLE monitor, const char *function)
{
    struct verify *known = verify_known(monitor);
    struct verify *v = known != NULL ? known : anybody();

    if (v != NULL && known == NULL)
        tell_stray(v, function, 90);
    return known;
}

static struct verify_port *open_port_of(struct verify *v, HANDLE handle)
{
    struct verify_port *found = NULL;

    platen_os_mutex_lock(&v->lock);
    for (unsigned i = 0; i < v->port_count && found == NULL; i++)
        if (v->ports[i].open && v->ports[i].handle == handle)
            found = &v->ports[i];
    if (found != NULL)
        found->handle_used = true;
    platen_os_mutex_unlock(&v->lock);
    return found;
}

static bool was_closed(struct verify *v, HANDLE handle)
{
    bool dead = false;

    platen_os_mutex_lock(&v->lock);
    for (unsigned i = 0; i < v->port_count; i++)
        for (unsigned k = 0; k < v->ports[i].dead_count; k++)
            dead = dead || v->ports[i].dead[k] == handle;
    platen_os_mutex_unlock(&v->lock);
    return dead;
}

struct verify_port *verify_port_of(HANDLE handle, const char *function)
{
    for (int i = 0; i < MOST_INSTANCES; i++) {
        struct verify *v = atomic_load(&house.all[i]);
        struct verify_port *port = v != NULL ? open_port_of(v, handle) : NULL;
        if (port != NULL)
            return port;
    }
    struct verify *v = anybody();
    if (v == NULL)
        return NULL;
    bool closing = strcmp(function, "ClosePort") == 0;
    if (was_closed(v, handle))
        verify_breach(v, closing ? 104 | ALSO(93) : 93, "%s on a handle that was closed", function);
    else if (handle != NULL && handle == atomic_load(&v->garbage))
        verify_breach(v, 93, "%s with what an OpenPort that failed had left", function);
    else
        tell_stray(v, function, 93);
    return NULL;
}

struct verify *verify_xcv_owner(HANDLE handle)
{
    for (int i = 0; i < MOST_INSTANCES; i++) {
        struct verify *v = atomic_load(&house.all[i]);
        if (v != NULL && verify_has_xcv(v, handle))
            return v;
    }
    return anybody();
}

/* ---- ways ------------------------------------------------------------------------------------ */

_Thread_local struct verify *verify_above;

void verify_check_way(struct verify_port *port, const char *function)
{
    struct verify *v = port->v;

    if (v->language && v->wants_no_jobs)
        verify_breach(v, 118, "%s of the language monitor, and bidi is off", function);
    else if (!v->language && port->above != verify_above)
        verify_breach(v, 118, "%s of the port monitor, past the language monitor", function);
}

/* ---- what every call goes through ------------------------------------------------------------ */

BOOL verify_answer(struct verify *v, uint32_t code)
{
    if (code == 0)
        return TRUE;
    if (code != UINT32_MAX)
        v->spl->SetLastError(code);
    return FALSE;
}

uint32_t verify_enter(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    atomic_fetch_add(&v->in_flight, 1);
    atomic_fetch_add(&v->calls[at], 1);
    if (port != NULL && atomic_fetch_add(&port->busy, 1) != 0 && at != VERIFY_READ)
        verify_breach(v, 102, "%s while another call on the handle is under way",
                      verify_slot_name(at));
    if (atomic_load(&v->lacking))
        verify_breach(v, 87, "%s of a monitor that lacks a member", verify_slot_name(at));
    if (at != VERIFY_INIT)
        verify_check_init(v, verify_slot_name(at));
    if (v->reverts)
        verify_check_revert(v, verify_slot_name(at));
    if (v->calls_back & 1u << at)
        verify_call_everything(v, port, verify_slot_name(at));
    if (v->meanwhile != NULL)
        v->meanwhile(v, at, port);
    return v->inside != NULL ? v->inside(v, at, port) : 0;
}

void verify_leave(struct verify *v, struct verify_port *port)
{
    if (port != NULL)
        atomic_fetch_sub(&port->busy, 1);
    atomic_fetch_sub(&v->in_flight, 1);
}

bool verify_text(struct verify *v, unsigned rules, const char *what, const char16_t *text,
                 bool may_be_null)
{
    if (text == NULL) {
        if (!may_be_null)
            verify_breach(v, rules, "%s is NULL", what);
        return may_be_null;
    }
    if (platen_text_length16(text, MOST_UNITS) < MOST_UNITS)
        return true;
    verify_breach(v, rules, "%s does not end", what);
    return false;
}

void verify_copy_text(char16_t *to, const char16_t *from)
{
    size_t length = from != NULL ? platen_text_length16(from, VERIFY_NAME - 1) : 0;

    if (length != 0)
        memcpy(to, from, length * sizeof *to);
    to[length] = 0;
}

void verify_touch(void *memory, size_t size)
{
    volatile unsigned char *at = memory;

    for (size_t i = 0; i < size; i++)
        at[i] = 0xA5;
}

HANDLE verify_new_handle(struct verify *v)
{
    if (v->any_handle)
        return v->any;
    return (HANDLE)(uintptr_t)(0x10001u + 2 * v->serial++);
}

/* ---- instances ------------------------------------------------------------------------------- */

struct verify *verify_expected(void)
{
    return atomic_load(&house.next);
}

void verify_next(struct verify *v)
{
    atomic_store(&house.next, v);
}

static void put_name(struct verify_port *port, unsigned number)
{
    char name[16];

    snprintf(name, sizeof name, "V%u:", number);
    platen_text_to16(name, SIZE_MAX, port->name, VERIFY_NAME);
}

void verify_prepare(struct verify *v, const PLATEN_IMPORTS *imports)
{
    int place = 0;

    memset(v, 0, sizeof *v);
    platen_os_mutex_init(&v->lock);
    v->spl = imports;
    v->port_count = 1;
    for (unsigned i = 0; i < VERIFY_PORTS; i++) {
        v->ports[i].v = v;
        v->ports[i].listed = true;
        put_name(&v->ports[i], i + 1);
    }
    while (place < MOST_INSTANCES - 1 && atomic_load(&house.all[place]) != NULL)
        place++;
    v->serial = 0x1000u * (unsigned)place; /* no two instances give the same handle */
    atomic_store(&house.all[place], v);
}

void verify_forget(struct verify *v)
{
    for (int i = 0; i < MOST_INSTANCES; i++)
        if (atomic_load(&house.all[i]) == v)
            atomic_store(&house.all[i], NULL);
    for (unsigned i = 0; i < v->stuck_count; i++) {
        platen_os_thread_join(v->stuck[i]);
        free(v->stuck_calls[i]);
    }
    if (atomic_load(&house.next) == v)
        atomic_store(&house.next, NULL);
    platen_os_mutex_destroy(&v->lock);
}
