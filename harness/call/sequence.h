/* SPDX-License-Identifier: MIT
 *
 * Lets one row of slots.def be expanded several ways inside one definition: with FIRST and ARG of
 * this header a row's arguments are a sequence (type, name)(type, name)..., and
 *   PARAMETERS(seq)       type name, type name
 *   MORE_PARAMETERS(seq)  , type name, type name
 *   NAMES(seq)            name, name
 *   MORE_NAMES(seq)       , name, name
 *   MEMBERS(seq)          a->name, a->name
 * Each walks the sequence by two macros that call each other by turns.
 */
#ifndef CALL_SEQUENCE_H
#define CALL_SEQUENCE_H

#include "call/call.h" /* which has a FIRST and an ARG of its own, and is done with them */

// clang-format off
#define FIRST(type, name, kind, direction, size, count) (type, name)
#define ARG(type, name, kind, direction, size, count)   (type, name)

#define SEQUENCE_END(...)  SEQUENCE_END_(__VA_ARGS__)
#define SEQUENCE_END_(...) __VA_ARGS__##_END

#define MORE_PARAMETERS_A(type, name) , type name MORE_PARAMETERS_B
#define MORE_PARAMETERS_B(type, name) , type name MORE_PARAMETERS_A
#define MORE_PARAMETERS_A_END
#define MORE_PARAMETERS_B_END
#define MORE_PARAMETERS(seq) SEQUENCE_END(MORE_PARAMETERS_A seq)

#define FIRST_PARAMETER(type, name) type name MORE_PARAMETERS_A
#define PARAMETERS(seq) SEQUENCE_END(FIRST_PARAMETER seq)

#define MORE_NAMES_A(type, name) , name MORE_NAMES_B
#define MORE_NAMES_B(type, name) , name MORE_NAMES_A
#define MORE_NAMES_A_END
#define MORE_NAMES_B_END
#define MORE_NAMES(seq) SEQUENCE_END(MORE_NAMES_A seq)

#define FIRST_NAME(type, name) name MORE_NAMES_A
#define NAMES(seq) SEQUENCE_END(FIRST_NAME seq)

#define MORE_MEMBERS_A(type, name) , a->name MORE_MEMBERS_B
#define MORE_MEMBERS_B(type, name) , a->name MORE_MEMBERS_A
#define MORE_MEMBERS_A_END
#define MORE_MEMBERS_B_END
#define FIRST_MEMBER(type, name) a->name MORE_MEMBERS_A
#define MEMBERS(seq) SEQUENCE_END(FIRST_MEMBER seq)

/* The member that holds a slot's function, per table. */
#define MEMBER_ENTRY(slot)    slot
#define MEMBER_MONITOR(slot)  pfn##slot
#define MEMBER_REGISTRY(slot) fp##slot
#define MEMBER_WINSPOOL(slot) slot
// clang-format on

#endif
