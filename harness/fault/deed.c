/* SPDX-License-Identifier: MIT
 *
 * What is done to a call: its answer, its sizes, its out-parameters.
 */
#include <string.h>

#include "fault/inside.h"

/* ---- memory of the caller's ------------------------------------------------------------------ */

static void *pointer_in(const struct platen_call *call, const struct platen_arg_info *arg)
{
    return (void *)(uintptr_t)platen_call_arg(call, arg);
}

static const struct platen_arg_info *arg_at(const struct platen_slot_info *info, uint16_t offset)
{
    const struct platen_arg_info *arg = info->args;

    while (arg->offset != offset)
        arg++;
    return arg;
}

static uint64_t next_number(uint64_t *seed)
{
    uint64_t bits = (*seed += UINT64_C(0x9e3779b97f4a7c15));

    bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
    return bits ^ bits >> 31;
}

/* Every other one small enough to be believed. */
static uint32_t junk_count(uint64_t *seed)
{
    uint64_t bits = next_number(seed);
    return (uint32_t)(bits >> 32) & (bits & 1 ? UINT32_MAX : 0xffff);
}

static void junk_memory(uint64_t *seed, unsigned char *to, uint32_t size)
{
    for (uint32_t done = 0; done < size; done += 8) {
        uint64_t bits = next_number(seed);
        memcpy(to + done, &bits, size - done < sizeof bits ? size - done : sizeof bits);
    }
}

/* The numbers and handles that come back, and with them pointers to what the callee allocates:
 * nothing, as after a failure, or junk. What goes in as well stays as it is after a failure. */
static void empty(const struct platen_call *call)
{
    struct platen_slot_info info = platen_slot_info(call->slot);
    const uint32_t zero = 0;
    void *const none = NULL;

    for (unsigned i = 0; i < info.arg_count; i++) {
        const struct platen_arg_info *arg = &info.args[i];
        void *to = arg->direction == PLATEN_OUT ? pointer_in(call, arg) : NULL;
        if (to != NULL && arg->kind == PLATEN_KIND_COUNT)
            memcpy(to, &zero, sizeof zero);
        if (to != NULL && (fault_is_new_handle(arg) || arg->kind == PLATEN_KIND_BIDI_RESPONSE))
            memcpy(to, &none, sizeof none);
    }
}

static void litter(const struct platen_call *call, uint64_t *seed)
{
    struct platen_slot_info info = platen_slot_info(call->slot);

    for (unsigned i = 0; i < info.arg_count; i++) {
        const struct platen_arg_info *arg = &info.args[i];
        void *to = arg->direction != PLATEN_IN ? pointer_in(call, arg) : NULL;
        if (to != NULL && arg->kind == PLATEN_KIND_COUNT) {
            uint32_t count = junk_count(seed);
            memcpy(to, &count, sizeof count);
        }
        if (to != NULL && fault_is_new_handle(arg)) {
            uintptr_t handle = (uintptr_t)next_number(seed);
            memcpy(to, &handle, sizeof handle);
        }
    }
}

/* ---- failure --------------------------------------------------------------------------------- */

static bool says_boolean(const struct platen_call *call)
{
    return platen_slot_info(call->slot).result == PLATEN_RESULT_BOOL;
}

static bool says_code(const struct platen_call *call)
{
    return platen_slot_info(call->slot).result == PLATEN_RESULT_CODE;
}

static void fail(struct platen_call *call, uint32_t code)
{
    if (says_code(call)) {
        call->result.code = code;
        return;
    }
    if (says_boolean(call))
        call->result.code = FALSE;
    else
        call->result.pointer = NULL;
    call->last_error = code;
}

static bool has_succeeded(const struct platen_call *call)
{
    if (says_code(call))
        return call->result.code == 0;
    return says_boolean(call) ? call->result.code != FALSE : call->result.pointer != NULL;
}

/* What they give back is given back, whatever they say. */
static bool gives_back(enum platen_slot slot)
{
    return slot == PLATEN_SLOT_EndDocPort || slot == PLATEN_SLOT_ClosePort ||
           slot == PLATEN_SLOT_XcvClosePort || slot == PLATEN_SLOT_CloseKey ||
           slot == PLATEN_SLOT_ClosePrinter;
}

static void begin_failure(struct fault_call *at, uint32_t code)
{
    at->fails = true;
    at->code = code;
    if (gives_back(at->call->slot))
        return;
    at->call->answered = true;
    fail(at->call, code);
    empty(at->call);
}

/* ---- short ----------------------------------------------------------------------------------- */

static void cap_number(struct fault_call *at, uint16_t offset, uint32_t limit)
{
    unsigned char *number = (unsigned char *)&at->call->args + offset;

    memcpy(&at->asked, number, sizeof at->asked);
    at->capped = offset;
    at->restores = true;
    if (at->asked > limit)
        memcpy(number, &limit, sizeof limit);
}

/* The room is a number of the call's, or one of the caller's that the callee changes. */
static void cap_room(struct fault_call *at, const struct platen_slot_info *info,
                     const struct platen_arg_info *memory, uint32_t limit)
{
    const struct platen_arg_info *size = arg_at(info, memory->size_at);
    uint32_t room = platen_call_number(at->call, size->offset);

    if (pointer_in(at->call, memory) == NULL)
        return;
    if (size->kind != PLATEN_KIND_COUNT)
        cap_number(at, size->offset, limit);
    else if (room > limit)
        memcpy(pointer_in(at->call, size), &limit, sizeof limit);
}

static void begin_short(struct fault_call *at, uint32_t limit)
{
    struct platen_slot_info info = platen_slot_info(at->call->slot);

    if (at->call->slot == PLATEN_SLOT_WritePort)
        cap_number(at, offsetof(struct platen_args_WritePort, cbBuf), limit);
    for (unsigned i = 0; i < info.arg_count; i++)
        if (fault_is_memory(&info.args[i]))
            cap_room(at, &info, &info.args[i], limit);
}

/* The caller, and the observers after us, find what they said. */
static void restore(const struct fault_call *at)
{
    if (at->restores)
        memcpy((unsigned char *)&at->call->args + at->capped, &at->asked, sizeof at->asked);
}

/* ---- garbage --------------------------------------------------------------------------------- */

/* Sizes that come back changed are told only now. */
static void note_rooms(struct fault_call *at)
{
    struct platen_slot_info info = platen_slot_info(at->call->slot);
    unsigned count = 0;

    for (unsigned i = 0; i < info.arg_count; i++) {
        const struct platen_arg_info *arg = &info.args[i];
        if (fault_is_memory(arg))
            at->rooms[count++] = platen_call_number(at->call, arg->size_at) *
                                 (arg->kind == PLATEN_KIND_NAME_OUT ? 2 : 1);
    }
}

static void litter_memory(struct fault_call *at)
{
    struct platen_slot_info info = platen_slot_info(at->call->slot);
    unsigned count = 0;

    for (unsigned i = 0; i < info.arg_count; i++) {
        const struct platen_arg_info *arg = &info.args[i];
        if (!fault_is_memory(arg))
            continue;
        uint32_t room = at->rooms[count++];
        if (pointer_in(at->call, arg) != NULL)
            junk_memory(&at->seed, pointer_in(at->call, arg), room);
    }
}

static void begin_garbage(struct fault_call *at)
{
    if (at->rule->says) {
        note_rooms(at);
        return;
    }
    begin_failure(at, at->rule->code);
    litter(at->call, &at->seed);
}

static void end_garbage(struct fault_call *at)
{
    if (!at->rule->says || !has_succeeded(at->call))
        return;
    litter_memory(at);
    litter(at->call, &at->seed);
}

/* ---- before and after ------------------------------------------------------------------------ */

void fault_begin(struct fault_call *at, const struct platen_fault_rule *rule)
{
    at->rule = rule;
    switch (rule->kind) {
    case PLATEN_FAULT_NONE:
        break;
    case PLATEN_FAULT_ERROR:
        begin_failure(at, rule->code);
        break;
    case PLATEN_FAULT_SHORT:
        begin_short(at, rule->limit);
        break;
    case PLATEN_FAULT_DISCONNECT:
        begin_failure(at, PLATEN_DEVICE_NOT_CONNECTED);
        break;
    case PLATEN_FAULT_GARBAGE:
        begin_garbage(at);
        break;
    }
}

void fault_end(struct fault_call *at)
{
    restore(at);
    if (at->rule->kind == PLATEN_FAULT_GARBAGE)
        end_garbage(at);
    if (at->fails && !at->call->answered)
        fail(at->call, at->code);
}
