/* SPDX-License-Identifier: MIT
 *
 * slots.def as tables that can be walked.
 */
#include "call/build.h"

#include <string.h>

#define WIDTH(owner, member) sizeof(((owner *)NULL)->member)

/* clang-format off */
#define FIRST(type, name_, kind_, direction_, size_, count_)                                       \
    { .name = #name_, .name_length = sizeof #name_ - 1, .kind = PLATEN_KIND_##kind_, .direction = PLATEN_##direction_,               \
      .offset = offsetof(owner, name_), .width = WIDTH(owner, name_),                              \
      .size_at = offsetof(owner, size_), .count_at = offsetof(owner, count_) }
#define ARG(type, name_, kind_, direction_, size_, count_)                                         \
    , FIRST(type, name_, kind_, direction_, size_, count_)

#define PLATEN_SLOT(table_, result_, slot_, members)                                               \
    static struct platen_slot_info info_##slot_(void)                                              \
    {                                                                                              \
        typedef struct platen_args_##slot_ owner;                                                  \
        static const struct platen_arg_info args[] = { members };                                  \
        return (struct platen_slot_info){ .name = #slot_, .name_length = sizeof #slot_ - 1, .table = PLATEN_TABLE_##table_,          \
                                          .result = PLATEN_RESULT_##result_, .args = args,         \
                                          .arg_count = sizeof args / sizeof *args };               \
    }
#include "call/slots.def"
#undef PLATEN_SLOT
/* clang-format on */

static struct platen_slot_info (*const infos[PLATEN_SLOT_COUNT])(void) = {
#define PLATEN_SLOT(table, result, slot, members) [PLATEN_SLOT_##slot] = info_##slot,
#include "call/slots.def"
#undef PLATEN_SLOT
};

static const char *const kind_texts[PLATEN_KINDS] = {
#define PLATEN_KIND(name, form, text) [PLATEN_KIND_##name] = text,
#include "call/kinds.def"
#undef PLATEN_KIND
};

struct platen_slot_info platen_slot_info(enum platen_slot slot)
{
    return infos[slot]();
}

static const struct {
    const char *name;
    size_t length;
} names[PLATEN_SLOT_COUNT] = {
#define PLATEN_SLOT(table, result, slot, members) [PLATEN_SLOT_##slot] = {#slot, sizeof #slot - 1},
#include "call/slots.def"
#undef PLATEN_SLOT
};

enum platen_slot platen_slot_find_part(const char *name, size_t length)
{
    unsigned slot = 0;
    while (slot < PLATEN_SLOT_COUNT &&
           (names[slot].length != length || memcmp(names[slot].name, name, length) != 0)) {
        slot++;
    }
    return (enum platen_slot)slot;
}

enum platen_slot platen_slot_find(const char *name)
{
    return platen_slot_find_part(name, strlen(name));
}

const char *platen_slot_nearest(const char *name, size_t length)
{
    return platen_nearest(name, length, &names[0].name, sizeof names[0], PLATEN_SLOT_COUNT);
}

const char *platen_kind_text(enum platen_kind kind)
{
    return kind_texts[kind];
}

uint64_t platen_call_arg(const struct platen_call *call, const struct platen_arg_info *arg)
{
    const unsigned char *at = (const unsigned char *)&call->args + arg->offset;
    uint32_t narrow;
    uint64_t wide;
    if (arg->width == sizeof narrow) {
        memcpy(&narrow, at, sizeof narrow);
        return narrow;
    }
    memcpy(&wide, at, sizeof wide);
    return wide;
}

/* Monitors choose where their numbers stand: also at odd addresses. What a script made too short on
 * purpose is not read. */
static uint32_t number_at(const struct platen_call *call, uint64_t pointer)
{
    const void *at = (const void *)(uintptr_t)pointer;
    uint32_t number = 0;
    if (at != NULL &&
        (call->built == NULL || platen_built_reach(call->built, at) >= sizeof number)) {
        memcpy(&number, at, sizeof number);
    }
    return number;
}

void platen_call_keep_given(struct platen_call *call)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    unsigned kept = 0;
    for (unsigned i = 0; i < slot.arg_count; i++) {
        if (slot.args[i].direction == PLATEN_INOUT) {
            call->given[kept++] = number_at(call, platen_call_arg(call, &slot.args[i]));
        }
    }
    call->given_kept = true;
}

uint32_t platen_call_given(const struct platen_call *call, const struct platen_arg_info *arg)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    unsigned kept = 0;
    for (const struct platen_arg_info *a = slot.args; a < arg; a++) {
        kept += a->direction == PLATEN_INOUT;
    }
    return call->given_kept ? call->given[kept] : number_at(call, platen_call_arg(call, arg));
}

uint32_t platen_call_number(const struct platen_call *call, uint16_t offset)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    for (unsigned i = 0; i < slot.arg_count; i++) {
        const struct platen_arg_info *arg = &slot.args[i];
        if (arg->offset != offset) {
            continue;
        }
        uint64_t value = platen_call_arg(call, arg);
        return arg->kind == PLATEN_KIND_COUNT ? number_at(call, value) : (uint32_t)value;
    }
    return 0;
}
