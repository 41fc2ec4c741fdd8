/* SPDX-License-Identifier: MIT
 *
 * Inside of call/numbered.h: one function per slot, with the number as an argument.
 */
#ifndef CALL_NUMBERED_COMMON_H
#define CALL_NUMBERED_COMMON_H

#include "call/sequence.h"

#define NUMBERED_GIVE_BOOL(call)   return (BOOL)(call)->result.code
#define NUMBERED_GIVE_CODE(call)   return (DWORD)(call)->result.code
#define NUMBERED_GIVE_VOID(call)   return
#define NUMBERED_GIVE_TABLE(call)  return (call)->result.pointer
#define NUMBERED_PASS_BOOL(value)  return (value)
#define NUMBERED_PASS_CODE(value)  return (value)
#define NUMBERED_PASS_VOID(value)  (value)
#define NUMBERED_PASS_TABLE(value) return (value)

/* The number of PLATEN_EIGHT and PLATEN_DIGIT, as C writes eights. */
#define NUMBERED_JOIN_(a, b, c, d) a##b##c##d
#define NUMBERED_JOIN(a, b, c, d)  NUMBERED_JOIN_(a, b, c, d)
#define NUMBERED_HERE              NUMBERED_JOIN(0, PLATEN_EIGHT, PLATEN_DIGIT, )
#define NUMBERED_NAME(slot)        NUMBERED_JOIN(slot, _, PLATEN_EIGHT, PLATEN_DIGIT)

/* The kind of result is made a type and a macro at once: VOID is a macro itself. */
/* clang-format off */
#define NUMBERED_COMMON(type, give, slot_, members)                                                \
    static type numbered_##slot_(unsigned number MORE_PARAMETERS(members))                         \
    {                                                                                              \
        struct platen_call call = {.slot = PLATEN_SLOT_##slot_, .args.slot_ = {NAMES(members)}};   \
        numbered_call(number, &call);                                                              \
        give(&call);                                                                               \
    }
#define NUMBERED_ONE(type, pass, slot, members)                                                    \
    static type WINAPI NUMBERED_NAME(slot)(PARAMETERS(members))                                    \
    {                                                                                              \
        pass(numbered_##slot(NUMBERED_HERE MORE_NAMES(members)));                                  \
    }

#ifdef PLATEN_NUMBERED_ENTRIES
#    define NUMBERED_COMMON_ENTRY NUMBERED_COMMON
#    define NUMBERED_ONE_ENTRY    NUMBERED_ONE
#else
#    define NUMBERED_COMMON_ENTRY(type, give, slot, members)
#    define NUMBERED_ONE_ENTRY(type, pass, slot, members)
#endif
#define NUMBERED_COMMON_MONITOR NUMBERED_COMMON
#define NUMBERED_COMMON_REGISTRY(type, give, slot, members)
#define NUMBERED_COMMON_WINSPOOL(type, give, slot, members)
#define NUMBERED_ONE_MONITOR NUMBERED_ONE
#define NUMBERED_ONE_REGISTRY(type, pass, slot, members)
#define NUMBERED_ONE_WINSPOOL(type, pass, slot, members)

#define NUMBERED_ROW_ENTRY(slot)
#define NUMBERED_ROW_MONITOR(slot)       .pfn##slot = NUMBERED_NAME(slot),
#define NUMBERED_ROW_REGISTRY(slot)
#define NUMBERED_ROW_WINSPOOL(slot)
#define NUMBERED_ENTRY_ROW_ENTRY(slot)   .slot = NUMBERED_NAME(slot),
#define NUMBERED_ENTRY_ROW_MONITOR(slot)
#define NUMBERED_ENTRY_ROW_REGISTRY(slot)
#define NUMBERED_ENTRY_ROW_WINSPOOL(slot)

#define PLATEN_SLOT(table, result, slot, members)                                                  \
    NUMBERED_COMMON_##table(PLATEN_TYPE_##result, NUMBERED_GIVE_##result, slot, members)
#include "call/slots.def"
#undef PLATEN_SLOT
/* clang-format on */

#endif
