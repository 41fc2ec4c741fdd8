/* SPDX-License-Identifier: MIT
 *
 * Which calls a rule can be about.
 */
#include <string.h>

#include "fault/inside.h"

#define BIT(slot)       (UINT64_C(1) << PLATEN_SLOT_##slot)
#define TABLE_BIT(name) (1u << PLATEN_TABLE_##name)

/* A group is whole tables or some slots. */
static const struct {
    const char *name;
    unsigned tables;
    uint64_t slots;
} groups[] = {
    {"call", TABLE_BIT(ENTRY) | TABLE_BIT(MONITOR), 0},
    {"back", TABLE_BIT(REGISTRY) | TABLE_BIT(WINSPOOL), 0},
    {"registry", TABLE_BIT(REGISTRY), 0},
    {"winspool", TABLE_BIT(WINSPOOL), 0},
    {"xcv", 0, BIT(XcvOpenPort) | BIT(XcvDataPort) | BIT(XcvClosePort)},
    {"job", 0,
     BIT(OpenPort) | BIT(OpenPortEx) | BIT(StartDocPort) | BIT(WritePort) | BIT(ReadPort) |
         BIT(EndDocPort) | BIT(ClosePort)},
};

const struct platen_fault_word platen_fault_groups[] = {
    {"call", "call", "every call to the monitor"},
    {"back", "back", "every call of the monitor's to the spooler"},
    {"registry", "registry", "the monitor's calls to its registry (MONITORREG)"},
    {"winspool", "winspool", "OpenPrinterW, SetJobW, GetJobW and their kin"},
    {"xcv", "xcv", "XcvOpenPort, XcvDataPort, XcvClosePort"},
    {"job", "job",
     "the way of a job: OpenPort, OpenPortEx, StartDocPort, WritePort, ReadPort, EndDocPort, "
     "ClosePort"},
    {NULL, NULL, NULL},
};

static uint64_t slots_of_tables(unsigned tables)
{
    uint64_t slots = 0;

    for (unsigned slot = 0; slot < PLATEN_SLOT_COUNT; slot++)
        if (tables >> platen_slot_info((enum platen_slot)slot).table & 1)
            slots |= UINT64_C(1) << slot;
    return slots;
}

/* 0: there is no such slot or group. */
static uint64_t slots_named(const char *name)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (strcmp(groups[i].name, name) == 0)
            return groups[i].slots | slots_of_tables(groups[i].tables);
    enum platen_slot slot = platen_slot_find(name);
    return slot != PLATEN_SLOT_COUNT ? UINT64_C(1) << slot : 0;
}

/* ---- what there is to act on ----------------------------------------------------------------- */

bool fault_is_memory(const struct platen_arg_info *arg)
{
    return arg->direction != PLATEN_IN && arg->size_at != arg->offset &&
           (arg->kind == PLATEN_KIND_BYTES || arg->kind == PLATEN_KIND_DATA_OUT ||
            arg->kind == PLATEN_KIND_NAME_OUT || arg->kind == PLATEN_KIND_PORT_INFO ||
            arg->kind == PLATEN_KIND_JOB_INFO);
}

bool fault_is_new_handle(const struct platen_arg_info *arg)
{
    return arg->kind >= PLATEN_KIND_NEW_MONITOR && arg->kind <= PLATEN_KIND_NEW_KEY;
}

static bool comes_back(const struct platen_arg_info *arg)
{
    return arg->kind == PLATEN_KIND_COUNT || fault_is_new_handle(arg) || fault_is_memory(arg);
}

static bool has(const struct platen_slot_info *info,
                bool (*quality)(const struct platen_arg_info *))
{
    for (unsigned i = 0; i < info->arg_count; i++)
        if (quality(&info->args[i]))
            return true;
    return false;
}

static const struct platen_arg_info *port_arg(const struct platen_slot_info *info)
{
    for (unsigned i = 0; i < info->arg_count; i++)
        if (info->args[i].kind == PLATEN_KIND_PORT)
            return &info->args[i];
    return NULL;
}

static bool can(const struct platen_fault_rule *rule, enum platen_slot slot)
{
    struct platen_slot_info info = platen_slot_info(slot);

    switch (rule->kind) {
    case PLATEN_FAULT_NONE:
        return true;
    case PLATEN_FAULT_ERROR:
        return info.result != PLATEN_RESULT_VOID;
    case PLATEN_FAULT_SHORT:
        return slot == PLATEN_SLOT_WritePort || has(&info, fault_is_memory);
    case PLATEN_FAULT_DISCONNECT:
        return slot != PLATEN_SLOT_ClosePort && port_arg(&info) != NULL;
    case PLATEN_FAULT_GARBAGE:
        return has(&info, comes_back);
    }
    return false;
}

const char *fault_slots(const struct platen_fault_rule *rule, uint64_t *slots)
{
    uint64_t named = slots_named(rule->calls);

    *slots = 0;
    if (named == 0)
        return "there is no call and no group of calls of that name";
    if (rule->kind == PLATEN_FAULT_NONE && rule->delay == 0)
        return "the fault does nothing: no delay, and no failure";
    for (unsigned slot = 0; slot < PLATEN_SLOT_COUNT; slot++)
        if ((named >> slot & 1) && can(rule, (enum platen_slot)slot))
            *slots |= UINT64_C(1) << slot;
    return *slots == 0 ? "such a fault has nothing to act on in that call" : NULL;
}

/* ---- what a call is about -------------------------------------------------------------------- */

HANDLE fault_port_of(const struct platen_call *call)
{
    struct platen_slot_info info = platen_slot_info(call->slot);
    const struct platen_arg_info *port = port_arg(&info);

    return port != NULL ? (HANDLE)(uintptr_t)platen_call_arg(call, port) : NULL;
}

bool fault_is_completion(const struct platen_call *call)
{
    return call->slot == PLATEN_SLOT_SetJobW &&
           (call->args.SetJobW.Command == JOB_CONTROL_SENT_TO_PRINTER ||
            call->args.SetJobW.Command == JOB_CONTROL_LAST_PAGE_EJECTED);
}
