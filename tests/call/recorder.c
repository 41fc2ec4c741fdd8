/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "recorder.h"

#include <string.h>

#include "call/sequence.h"
#include "os/lasterror.h"

struct recorded recorded;

/* MONITORREG's functions return LONG; 0x40000000 is positive in every type. */
uint64_t recorder_answer(enum platen_slot slot)
{
    return platen_slot_info(slot).result == PLATEN_RESULT_VOID ? 0 : 0x40000000u + slot;
}

static void begin(enum platen_slot slot)
{
    recorded.calls++;
    recorded.last.slot = slot;
    recorded.last_error_found = platen_os_get_last_error();
}

static void end(void)
{
    void (*during)(void) = recorded.during;
    recorded.during = NULL;
    if (during != NULL) {
        during();
    }
    if (recorded.last_error_left != UINT32_MAX) {
        platen_os_set_last_error(recorded.last_error_left);
    }
}

/* clang-format off */
/* By name alone: passed on as an argument, VOID would become void on the way. */
#define RETURNS_ENTRY_TABLE   LPMONITOR2
#define RETURNS_ENTRY_BOOL    BOOL
#define RETURNS_MONITOR_BOOL  BOOL
#define RETURNS_MONITOR_CODE  DWORD
#define RETURNS_MONITOR_VOID  void
#define RETURNS_REGISTRY_CODE LONG
#define RETURNS_WINSPOOL_BOOL BOOL
#define ANSWER_BOOL(slot)        return (BOOL)recorder_answer(slot)
#define ANSWER_CODE(slot)        return (LONG)recorder_answer(slot)
#define ANSWER_VOID(slot)        return
#define ANSWER_HANDLE(slot)      return (HANDLE)(uintptr_t)recorder_answer(slot)
#define ANSWER_TABLE(slot)       return (LPMONITOR2)(uintptr_t)recorder_answer(slot)
#define PLATEN_SLOT(table, result, slot, members)                                                  \
    static RETURNS_##table##_##result WINAPI record_##slot(PARAMETERS(members))                       \
    {                                                                                              \
        begin(PLATEN_SLOT_##slot);                                                                 \
        recorded.last.args.slot = (struct platen_args_##slot){NAMES(members)};                     \
        end();                                                                                     \
        ANSWER_##result(PLATEN_SLOT_##slot);                                                       \
    }
#include "call/slots.def"
#undef PLATEN_SLOT

#define FILL_NONE(slot)
#define FILL_NAME(slot) .slot = record_##slot,
#define FILL_PFN(slot)  .pfn##slot = record_##slot,
#define FILL_FP(slot)   .fp##slot = record_##slot,
#define PLATEN_SLOT(table, result, slot, members) FILL_##table(slot)

#define FILL_ENTRY    FILL_NAME
#define FILL_MONITOR  FILL_NONE
#define FILL_REGISTRY FILL_NONE
#define FILL_WINSPOOL FILL_NONE
const struct platen_entry_table recorder_entry = {
#include "call/slots.def"
};
#undef FILL_ENTRY
#undef FILL_MONITOR
#define FILL_ENTRY   FILL_NONE
#define FILL_MONITOR FILL_PFN
const MONITOR2 recorder_monitor = {
    .cbSize = sizeof(MONITOR2),
#include "call/slots.def"
};
#undef FILL_MONITOR
#undef FILL_REGISTRY
#define FILL_MONITOR  FILL_NONE
#define FILL_REGISTRY FILL_FP
const MONITORREG recorder_registry = {
    .cbSize = sizeof(MONITORREG),
#include "call/slots.def"
};
#undef FILL_REGISTRY
#undef FILL_WINSPOOL
#define FILL_REGISTRY FILL_NONE
#define FILL_WINSPOOL FILL_NAME
const PLATEN_IMPORTS recorder_winspool = {
    .cbSize = sizeof(PLATEN_IMPORTS),
#include "call/slots.def"
};
#undef PLATEN_SLOT

#define TO_BOOL(call)   return (uint32_t)(call)
#define TO_CODE(call)   return (call)
#define TO_VOID(call)   (call); return 0
#define TO_HANDLE(call) return (uintptr_t)(call)
#define TO_TABLE(call)  return (uintptr_t)(call)
#define PLATEN_SLOT(table, result, slot, members)                                                  \
    static uint64_t direct_##slot(const struct platen_call *call, const void *where)               \
    {                                                                                              \
        const struct platen_args_##slot *a = &call->args.slot;                                     \
        TO_##result(platen_call_##slot(call->lane, where, MEMBERS(members)));                      \
    }
#include "call/slots.def"
#undef PLATEN_SLOT
/* clang-format on */

const void *recorder_table(enum platen_slot slot)
{
    static const void *const tables[] = {
        [PLATEN_TABLE_ENTRY] = &recorder_entry,
        [PLATEN_TABLE_MONITOR] = &recorder_monitor,
        [PLATEN_TABLE_REGISTRY] = &recorder_registry,
        [PLATEN_TABLE_WINSPOOL] = &recorder_winspool,
    };
    return tables[platen_slot_info(slot).table];
}

void recorder_fill(struct platen_call *call, enum platen_slot slot)
{
    struct platen_slot_info info = platen_slot_info(slot);
    memset(call, 0, sizeof *call);
    call->slot = slot;
    for (unsigned i = 0; i < info.arg_count; i++) {
        unsigned char *at = (unsigned char *)&call->args + info.args[i].offset;
        memset(at, 0x80 + (int)slot, info.args[i].width);
        *at = (unsigned char)(i + 1);
    }
}

void recorder_same(const struct platen_call *call)
{
    struct platen_slot_info info = platen_slot_info(call->slot);
    assert_int_equal(recorded.last.slot, call->slot);
    for (unsigned i = 0; i < info.arg_count; i++) {
        const struct platen_arg_info *arg = &info.args[i];
        assert_true(platen_call_arg(&recorded.last, arg) == platen_call_arg(call, arg));
    }
}

uint64_t recorder_direct(const struct platen_call *call, const void *where)
{
    static uint64_t (*const direct[])(const struct platen_call *call, const void *where) = {
#define PLATEN_SLOT(table, result, slot, members) [PLATEN_SLOT_##slot] = direct_##slot,
#include "call/slots.def"
#undef PLATEN_SLOT
    };
    return direct[call->slot](call, where);
}
