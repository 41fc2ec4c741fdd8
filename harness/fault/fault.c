/* SPDX-License-Identifier: MIT
 *
 * The rules at work: which one takes a call, delays and hangs, and what is remembered of a call
 * between `before` and `after`.
 */
#include <stdlib.h>
#include <string.h>

#include "clock/system.h"
#include "fault/inside.h"

/* The clock takes a word as plain memory. */
static const uint32_t *plain(const void *at)
{
    return at;
}

/* ---- rules, with the lock held --------------------------------------------------------------- */

static void unref(platen_fault *fault)
{
    if (--fault->refs != 0)
        return;
    free(fault->gone);
    free(fault->lane);
    free(fault);
}

static bool is_about(const platen_fault *fault, const struct platen_call *call)
{
    if ((fault->slots >> call->slot & 1) == 0)
        return false;
    return fault->lane == NULL || strcmp(fault->lane, call->lane->name) == 0;
}

static bool is_due(const platen_fault *fault)
{
    if (fault->seen < fault->rule.nth)
        return false;
    return fault->rule.count == 0 || fault->hits < fault->rule.count;
}

/* Counts the call for every rule that it is about; the first whose turn it is has it. */
static platen_fault *turn_of(platen_faults *faults, const struct platen_call *call)
{
    platen_fault *taken = NULL;

    for (platen_fault *at = faults->first; at != NULL; at = at->next) {
        if (!is_about(at, call))
            continue;
        at->seen++;
        if (taken == NULL && is_due(at))
            taken = at;
    }
    if (taken != NULL)
        taken->hits++;
    return taken;
}

/* ---- waiting --------------------------------------------------------------------------------- */

/* With the lock held, which is given up meanwhile. */
static void hold_up(platen_faults *faults, platen_fault *fault)
{
    struct platen_clock *clock = faults->clock;
    uint64_t now = clock->now(clock);
    uint64_t delay = fault->rule.delay;
    uint64_t until = delay < PLATEN_FOREVER - now ? now + delay : PLATEN_FOREVER;

    fault->held++;
    while (atomic_load(&fault->released) == 0 && clock->now(clock) < until) {
        platen_os_mutex_unlock(&faults->lock);
        clock->wait(clock, plain(&fault->released), 0, until);
        platen_os_mutex_lock(&faults->lock);
    }
    fault->held--;
}

static void release(platen_faults *faults, platen_fault *fault)
{
    atomic_store(&fault->released, 1);
    faults->clock->wake(faults->clock, plain(&fault->released));
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* What was noted of a call that is under way; *link leads to it. With the lock held. */
static struct fault_call *noted(platen_faults *faults, const struct platen_call *call,
                                struct fault_call ***link)
{
    struct fault_call **at = &faults->calls;

    while (*at != NULL && (*at)->call != call)
        at = &(*at)->next;
    *link = at;
    return *at;
}

static struct fault_call *note(platen_faults *faults, platen_fault *fault, struct platen_call *call)
{
    struct fault_call *made = calloc(1, sizeof *made);

    if (made == NULL)
        return NULL;
    made->call = call;
    made->fault = fault;
    made->seed = fault->rule.seed + fault->hits;
    made->next = faults->calls;
    faults->calls = made;
    atomic_fetch_add(&faults->active, 1);
    return made;
}

/* What an EndDocPort that is going to say FALSE reports as completed meanwhile. */
static bool is_false_completion(const platen_faults *faults, const struct platen_call *call)
{
    if (!fault_is_completion(call))
        return false;
    for (const struct fault_call *at = faults->calls; at != NULL; at = at->next)
        if (at->call->slot == PLATEN_SLOT_EndDocPort && at->call->lane == call->lane && at->fails)
            return true;
    return false;
}

/* The rule whose device this call's port has lost; NULL: none. */
static platen_fault *lost_to(platen_faults *faults, const struct platen_call *call)
{
    HANDLE port = fault_port_of(call);

    for (platen_fault *at = faults->first; at != NULL && port != NULL; at = at->next)
        for (size_t i = 0; i < at->gone_count; i++)
            if (at->gone[i] == port)
                return at;
    return NULL;
}

static bool lose(platen_fault *fault, HANDLE port)
{
    HANDLE *grown = realloc(fault->gone, (fault->gone_count + 1) * sizeof *grown);

    if (grown == NULL)
        return false;
    grown[fault->gone_count++] = port;
    fault->gone = grown;
    return true;
}

static void find_again(platen_faults *faults, HANDLE port)
{
    for (platen_fault *at = faults->first; at != NULL; at = at->next)
        for (size_t i = at->gone_count; i-- > 0;)
            if (at->gone[i] == port)
                at->gone[i] = at->gone[--at->gone_count];
}

/* The rule's turn, with the lock held; the delay gives it up. */
static void act(platen_faults *faults, platen_fault *fault, struct platen_call *call)
{
    fault->refs++;
    if (fault->rule.delay != 0)
        hold_up(faults, fault);
    struct fault_call *under_way = faults->ended ? NULL : note(faults, fault, call);
    if (under_way == NULL) {
        unref(fault);
        return;
    }
    if (fault->rule.kind == PLATEN_FAULT_DISCONNECT)
        lose(fault, fault_port_of(call));
    fault_begin(under_way, &fault->rule);
}

static void act_as_gone(platen_faults *faults, platen_fault *fault, struct platen_call *call)
{
    static const struct platen_fault_rule gone = {.kind = PLATEN_FAULT_DISCONNECT};

    fault->refs++;
    struct fault_call *under_way = note(faults, fault, call);
    if (under_way != NULL)
        fault_begin(under_way, &gone);
    else
        unref(fault);
}

static void before(struct platen_observer *observer, struct platen_call *call)
{
    platen_faults *faults = (platen_faults *)observer;

    if (atomic_load(&faults->active) == 0)
        return;
    platen_os_mutex_lock(&faults->lock);
    platen_fault *gone = call->slot == PLATEN_SLOT_ClosePort ? NULL : lost_to(faults, call);
    platen_fault *fault = NULL;
    if (is_false_completion(faults, call)) {
        call->answered = true;
        call->result.code = TRUE;
    } else if (gone != NULL) {
        act_as_gone(faults, gone, call);
    } else if ((fault = turn_of(faults, call)) != NULL) {
        act(faults, fault, call);
    }
    platen_os_mutex_unlock(&faults->lock);
}

static void after(struct platen_observer *observer, struct platen_call *call)
{
    platen_faults *faults = (platen_faults *)observer;
    struct fault_call **link;

    if (atomic_load(&faults->active) == 0)
        return;
    platen_os_mutex_lock(&faults->lock);
    struct fault_call *under_way = noted(faults, call, &link);
    if (under_way != NULL) {
        fault_end(under_way);
        *link = under_way->next;
        unref(under_way->fault);
        atomic_fetch_sub(&faults->active, 1);
        free(under_way);
    }
    if (call->slot == PLATEN_SLOT_ClosePort)
        find_again(faults, fault_port_of(call));
    platen_os_mutex_unlock(&faults->lock);
}

/* ---- life ------------------------------------------------------------------------------------ */

platen_faults *platen_faults_create(struct platen_clock *clock)
{
    platen_faults *faults = calloc(1, sizeof *faults);

    if (faults == NULL)
        return NULL;
    faults->observer = (struct platen_observer){.before = before, .after = after};
    faults->clock = clock != NULL ? clock : &platen_system_clock;
    platen_os_mutex_init(&faults->lock);
    return faults;
}

/* With the lock held. */
static void take_out(platen_faults *faults, platen_fault *fault)
{
    platen_fault **link = &faults->first;

    while (*link != fault)
        link = &(*link)->next;
    *link = fault->next;
    atomic_fetch_sub(&faults->active, 1);
    release(faults, fault);
}

void platen_faults_destroy(platen_faults *faults)
{
    if (faults == NULL)
        return;
    while (faults->first != NULL) {
        platen_fault *fault = faults->first;
        faults->first = fault->next;
        unref(fault);
    }
    platen_os_mutex_destroy(&faults->lock);
    free(faults);
}

struct platen_observer *platen_faults_observer(platen_faults *faults)
{
    return &faults->observer;
}

void platen_faults_end(platen_faults *faults)
{
    platen_os_mutex_lock(&faults->lock);
    faults->ended = true;
    for (platen_fault *at = faults->first; at != NULL; at = at->next) {
        at->slots = 0;
        at->gone_count = 0;
        release(faults, at);
    }
    platen_os_mutex_unlock(&faults->lock);
}

/* ---- rules ----------------------------------------------------------------------------------- */

static platen_fault *make_fault(const struct platen_fault_rule *rule, uint64_t slots)
{
    platen_fault *made = calloc(1, sizeof *made);
    char *lane = rule->lane != NULL ? strdup(rule->lane) : NULL;

    if (made == NULL || (rule->lane != NULL && lane == NULL)) {
        free(made);
        free(lane);
        return NULL;
    }
    made->rule = *rule;
    made->rule.calls = made->rule.lane = NULL; /* the caller's memory */
    made->rule.nth = rule->nth != 0 ? rule->nth : 1;
    made->slots = slots;
    made->lane = lane;
    made->refs = 1;
    return made;
}

uint32_t platen_fault_add(platen_faults *faults, const struct platen_fault_rule *rule,
                          platen_fault **fault, const char **complaint)
{
    uint64_t slots;
    const char *wrong = fault_slots(rule, &slots);

    *fault = NULL;
    if (complaint != NULL)
        *complaint = wrong;
    if (wrong != NULL)
        return PLATEN_INVALID_PARAMETER;
    platen_fault *made = make_fault(rule, slots);
    if (made == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    platen_os_mutex_lock(&faults->lock);
    platen_fault **last = &faults->first;
    while (*last != NULL)
        last = &(*last)->next;
    *last = made;
    atomic_fetch_add(&faults->active, 1);
    platen_os_mutex_unlock(&faults->lock);
    *fault = made;
    return 0;
}

void platen_fault_remove(platen_faults *faults, platen_fault *fault)
{
    if (fault == NULL)
        return;
    platen_os_mutex_lock(&faults->lock);
    take_out(faults, fault);
    unref(fault);
    platen_os_mutex_unlock(&faults->lock);
}

void platen_fault_release(platen_faults *faults, platen_fault *fault)
{
    platen_os_mutex_lock(&faults->lock);
    release(faults, fault);
    platen_os_mutex_unlock(&faults->lock);
}

struct platen_fault_tally platen_fault_counts(platen_faults *faults, platen_fault *fault)
{
    platen_os_mutex_lock(&faults->lock);
    struct platen_fault_tally tally = {fault->seen, fault->hits, fault->held};
    platen_os_mutex_unlock(&faults->lock);
    return tally;
}

bool platen_fault_reached(platen_faults *faults, platen_fault *fault)
{
    return platen_fault_counts(faults, fault).hits != 0;
}
