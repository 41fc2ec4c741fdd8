/* SPDX-License-Identifier: MIT
 *
 * The runner: the only place where a monitor's functions are called.
 */
#include "call/call.h"
#include "call/facts.h"
#include "call/sequence.h"
#include "os/clock.h"
#include "os/lasterror.h"

/* What becomes of a function's value, and how a call's result is given back, per kind of result. */
#define KEEP_BOOL(call, value)   (call)->result.code = (uint32_t)(value)
#define KEEP_CODE(call, value)   (call)->result.code = (uint32_t)(value)
#define KEEP_VOID(call, value)   (value)
#define KEEP_HANDLE(call, value) (call)->result.pointer = (value)
#define KEEP_TABLE(call, value)  (call)->result.pointer = (value)
#define GIVE_BOOL(call)          return (BOOL)(call)->result.code
#define GIVE_CODE(call)          return (call)->result.code
#define GIVE_VOID(call)          return
#define GIVE_HANDLE(call)        return (call)->result.pointer
#define GIVE_TABLE(call)         return (call)->result.pointer
#define PASS_BOOL(value)         return (value)
#define PASS_CODE(value)         return (DWORD)(value)
#define PASS_VOID(value)         (value)
#define PASS_HANDLE(value)       return (value)
#define PASS_TABLE(value)        return (value)

/* Calls to a monitor start from a clean last-error; a call back, and a call that is only passed on,
 * must leave what there is alone. */
#define CLEAR_ENTRY()        platen_os_set_last_error(0)
#define CLEAR_MONITOR()      platen_os_set_last_error(0)
#define CLEAR_REGISTRY()     (void)0
#define CLEAR_WINSPOOL()     (void)0
#define BEGIN_ENTRY(call)    platen_os_set_last_error(first_error(call))
#define BEGIN_MONITOR(call)  platen_os_set_last_error(first_error(call))
#define BEGIN_REGISTRY(call) (void)0
#define BEGIN_WINSPOOL(call) (void)0
#define BACK_ENTRY           false
#define BACK_MONITOR         false
#define BACK_REGISTRY        true
#define BACK_WINSPOOL        true

/* What nobody's own error is, where it is asked whether a monitor sets one. */
static uint32_t first_error(const struct platen_call *call)
{
    if (call->passing) {
        return call->last_error;
    }
    return (call->wanted & PLATEN_FACTS_LAST_ERROR) != 0 ? PLATEN_FACTS_STALE : 0;
}

/* clang-format off */
#define PLATEN_SLOT(table, result_, slot_, members)                                                \
    static void invoke_##slot_(struct platen_call *call, const void *where)                        \
    {                                                                                              \
        platen_table_##table to = where;                                                           \
        struct platen_args_##slot_ *a = &call->args.slot_;                                         \
        BEGIN_##table(call);                                                                       \
        KEEP_##result_(call, to->MEMBER_##table(slot_)(MEMBERS(members)));                         \
    }                                                                                              \
                                                                                                   \
    static PLATEN_TYPE_##result_ observed_##slot_(struct platen_lane *lane,                        \
                                            platen_table_##table to MORE_PARAMETERS(members))      \
    {                                                                                              \
        struct platen_call call = { .slot = PLATEN_SLOT_##slot_, .lane = lane,                     \
                                    .args.slot_ = { NAMES(members) } };                            \
        platen_call_run(&call, to);                                                                \
        GIVE_##result_(&call);                                                                     \
    }                                                                                              \
                                                                                                   \
    PLATEN_TYPE_##result_ platen_call_##slot_(struct platen_lane *lane,                            \
                                            platen_table_##table to MORE_PARAMETERS(members))      \
    {                                                                                              \
        if (lane == NULL || lane->observers == NULL) {                                             \
            CLEAR_##table();                                                                       \
            PASS_##result_(to->MEMBER_##table(slot_)(NAMES(members)));                             \
        } else {                                                                                   \
            PASS_##result_(observed_##slot_(lane, to MORE_NAMES(members)));                        \
        }                                                                                          \
    }
#include "call/slots.def"
#undef PLATEN_SLOT
/* clang-format on */

static void (*const invoke[PLATEN_SLOT_COUNT])(struct platen_call *call, const void *where) = {
#define PLATEN_SLOT(table, result, slot, members) [PLATEN_SLOT_##slot] = invoke_##slot,
#include "call/slots.def"
#undef PLATEN_SLOT
};

/* The slots that monitors call. */
static const bool is_back[PLATEN_SLOT_COUNT] = {
#define PLATEN_SLOT(table, result, slot, members) [PLATEN_SLOT_##slot] = BACK_##table,
#include "call/slots.def"
#undef PLATEN_SLOT
};

static void enter(struct platen_call *call)
{
    for (struct platen_observer *o = call->lane->observers; o != NULL; o = o->next) {
        if (o->before != NULL) {
            o->before(o, call);
        }
    }
}

static void leave(struct platen_call *call)
{
    for (struct platen_observer *o = call->lane->observers; o != NULL; o = o->next) {
        if (o->after != NULL) {
            o->after(o, call);
        }
    }
}

void platen_call_run(struct platen_call *call, const void *where)
{
    struct platen_lane *lane = call->lane;
    uint32_t kept = is_back[call->slot] || call->passing ? platen_os_get_last_error() : 0;

    call->answered = false;
    call->last_error = kept; /* an answer that names no error has none of its own */
    const struct platen_call *outer = lane == NULL ? NULL : lane->current;
    call->depth = lane == NULL ? 0 : lane->depth++;
    if (lane != NULL) {
        lane->current = call;
        enter(call);
    }
    call->begin = platen_os_now();
    if (!call->answered) {
        platen_os_set_last_error(kept); /* whatever the observers did */
        invoke[call->slot](call, where);
        call->last_error = platen_os_get_last_error();
    }
    call->end = platen_os_now();
    if (lane != NULL) {
        leave(call);
        lane->current = outer;
        lane->depth--;
    }
    /* An observer's own work must not show in what the caller reads next. */
    platen_os_set_last_error(call->last_error);
}
