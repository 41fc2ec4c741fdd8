/* SPDX-License-Identifier: MIT
 *
 * What can be seen of a call in the process that runs the monitor. Monitors write what they like:
 * nothing is read here that is not known to be there.
 */
#include "call/facts.h"

#include <stdio.h>
#include <string.h>

#include "call/buildmemory.h"
#include "call/router.h"
#include "call/structs.h"
#include "os/memory.h"
#include "os/meter.h"

#define TABLE_MOST 4096u /* bytes of a table that are looked at */
#define TREE_MOST  1024u /* pointers of an answer that are looked at */

void platen_facts_begin(struct platen_facts *facts, const struct platen_call *call,
                        const void *table)
{
    memset(facts, 0, sizeof *facts);
    facts->table_at = table;
    if (call->slot == PLATEN_SLOT_SendRecvBidiDataFromPort) {
        facts->before = platen_router_count();
    }
}

/* ---- memory of arguments --------------------------------------------------------------------- */

static void look_at_damage(struct platen_facts *facts, const struct platen_call *call)
{
    const char *const *names;
    /* Its memory is the caller's own; what is const is what stands in it. */
    size_t count = platen_built_damaged((struct platen_built *)(uintptr_t)call->built, &names);
    for (size_t i = 0; i < count && facts->damaged_count < PLATEN_FACTS_DAMAGED; i++) {
        snprintf(facts->damaged[facts->damaged_count++], PLATEN_FACTS_NAME, "%s", names[i]);
    }
}

static void look_at_paint(struct platen_facts *facts, const struct call_piece *piece,
                          const char *name)
{
    struct platen_facts_touched touched = {.size = piece->size};
    size_t from = 0;
    size_t to = piece->size;
    while (from < to && piece->begin[from] == PLATEN_PAINT) {
        from++;
    }
    while (to > from && piece->begin[to - 1] == PLATEN_PAINT) {
        to--;
    }
    touched.any = from < to;
    touched.from = touched.any ? from : 0;
    touched.to = touched.any ? to - 1 : 0;
    touched.zeros = piece->size > 0;
    for (size_t i = 0; i < piece->size; i++) {
        touched.zeros = touched.zeros && piece->begin[i] == 0;
    }
    snprintf(touched.name, sizeof touched.name, "%s", name);
    facts->touched[facts->touched_count++] = touched;
}

static void look_at_touched(struct platen_facts *facts, const struct platen_call *call)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    for (unsigned i = 0; i < slot.arg_count && facts->touched_count < PLATEN_FACTS_TOUCHED; i++) {
        const void *at = (const void *)(uintptr_t)platen_call_arg(call, &slot.args[i]);
        const struct call_piece *piece =
            slot.args[i].direction == PLATEN_IN ? NULL : call_memory_find(call->built, at);
        if (piece != NULL && piece->begin == at &&
            (piece->attributes & PLATEN_ATTRIBUTE_painted) != 0) {
            look_at_paint(facts, piece, slot.args[i].name);
        }
    }
}

/* ---- rows of EnumPorts ----------------------------------------------------------------------- */

struct rows {
    struct platen_facts_laid *laid;
    const unsigned char *begin;
    size_t texts; /* where they may begin */
    size_t size;
};

/* Where the text's NUL ends; 0: it has none. */
static size_t end_of_text(const struct rows *rows, size_t from)
{
    WCHAR unit;
    for (size_t at = from; at + sizeof unit <= rows->size; at += sizeof unit) {
        memcpy(&unit, rows->begin + at, sizeof unit);
        if (unit == 0) {
            return at + sizeof unit;
        }
    }
    return 0;
}

static void look_at_text(struct rows *rows, const void *text, bool name)
{
    struct platen_facts_laid *laid = rows->laid;
    size_t from = (size_t)((uintptr_t)text - (uintptr_t)rows->begin);
    if (text == NULL) {
        laid->null += name;
        return;
    }
    laid->odd += (uintptr_t)text % sizeof(WCHAR) != 0;
    if ((uintptr_t)text < (uintptr_t)rows->begin || from < rows->texts || from >= rows->size) {
        laid->outside++;
        return;
    }
    size_t end = end_of_text(rows, from);
    laid->endless += end == 0;
    laid->empty += name && end == from + sizeof(WCHAR);
    end = end == 0 ? rows->size : end;
    laid->low = !laid->any || from < laid->low ? from : laid->low;
    laid->high = end > laid->high ? end : laid->high;
    laid->any = true;
}

static void look_at_rows(struct rows *rows, const struct call_struct *shape)
{
    for (uint64_t row = 0; row < rows->laid->rows; row++) {
        for (unsigned i = 0; i < shape->count; i++) {
            const void *text;
            if (shape->fields[i].form == CALL_FIELD_TEXT) {
                memcpy(&text, rows->begin + row * shape->size + shape->fields[i].offset,
                       sizeof text);
                look_at_text(rows, text, i == 0);
            }
        }
    }
}

static void look_at_layout(struct platen_facts *facts, const struct platen_call *call)
{
    const struct platen_args_EnumPorts *args = &call->args.EnumPorts;
    const struct call_struct *shape = call_struct_at(PLATEN_KIND_PORT_INFO, args->Level);
    struct rows rows = {.laid = &facts->laid, .begin = args->pPorts, .size = args->cbBuf};
    DWORD count = 0;

    if (call->slot != PLATEN_SLOT_EnumPorts || call->result.code == 0 || args->pPorts == NULL ||
        args->pcReturned == NULL || shape == NULL) {
        return;
    }
    size_t reach = platen_built_reach(call->built, args->pPorts);
    rows.size = reach < rows.size ? reach : rows.size;
    if (platen_built_reach(call->built, args->pcReturned) >= sizeof count) {
        memcpy(&count, args->pcReturned, sizeof count);
    }
    uint64_t array = (uint64_t)count * shape->size;
    uint64_t most = rows.size / shape->size;
    facts->laid.known = true;
    facts->laid.rows = count < most ? count : most;
    facts->laid.array = array;
    facts->laid.size = rows.size;
    rows.texts = array < rows.size ? (size_t)array : rows.size;
    look_at_rows(&rows, shape);
}

/* ---- the table ------------------------------------------------------------------------------- */

static uint64_t hash_of(const unsigned char *at, size_t size)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ at[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

static void look_at_members(struct platen_facts_table *table, const unsigned char *at)
{
    size_t count;
    const struct call_member *members = call_table_members(PLATEN_TABLE_MONITOR, &count);
    for (size_t i = 0; i < count && i < 32; i++) {
        void *member = NULL;
        if (members[i].offset + sizeof member > table->size) {
            continue;
        }
        memcpy(&member, at + members[i].offset, sizeof member);
        bool runs = member != NULL && (platen_os_rights(member, 1) & PLATEN_OS_CAN_RUN) != 0;
        table->members |= (uint32_t)(member != NULL) << i;
        table->executable |= (uint32_t)runs << i;
    }
}

static void look_at_table(struct platen_facts_table *table, const void *at)
{
    DWORD size = 0;
    table->known = true;
    table->null = at == NULL;
    if (at == NULL || (platen_os_rights(at, sizeof size) & PLATEN_OS_CAN_READ) == 0) {
        return;
    }
    memcpy(&size, at, sizeof size);
    table->size = size;
    size = size < TABLE_MOST ? size : TABLE_MOST;
    table->aligned = (uintptr_t)at % sizeof(void *) == 0;
    table->readable = size >= sizeof size && (platen_os_rights(at, size) & PLATEN_OS_CAN_READ) != 0;
    if (table->readable) {
        table->hash = hash_of(at, size);
        look_at_members(table, at);
    }
}

/* ---- answers of bidi requests ---------------------------------------------------------------- */

struct tree {
    struct platen_facts_tree *facts;
    const struct platen_built *built;
    const void *seen[TREE_MOST];
    size_t count; /* blocks that freeing the answer frees */
};

static bool is_seen(const struct tree *tree, const void *at)
{
    size_t i = 0;
    while (i < tree->count && tree->seen[i] != at) {
        i++;
    }
    return i < tree->count;
}

/* The bytes of the block that begins there; false: none does. */
static bool look_at_block(struct tree *tree, const void *at, size_t *size)
{
    const void *begin;
    bool ours = platen_router_block(at, &begin, size) && begin == at;
    bool request = tree->built != NULL && platen_built_reach(tree->built, at) != SIZE_MAX;
    tree->facts->strangers += !ours;
    tree->facts->request += request;
    if (!ours) {
        return false;
    }
    if (is_seen(tree, at)) {
        tree->facts->shared++;
    } else if (tree->count < TREE_MOST) {
        tree->seen[tree->count++] = at;
    }
    return true;
}

static void look_at_bidi_text(struct tree *tree, const void *text)
{
    size_t size;
    if (text != NULL && look_at_block(tree, text, &size)) {
        struct platen_facts_laid ignored = {0};
        const struct rows rows = {.laid = &ignored, .begin = text, .size = size};
        tree->facts->endless += end_of_text(&rows, 0) == 0;
    }
}

static void look_at_entry(struct tree *tree, const BIDI_RESPONSE_DATA *entry)
{
    const struct call_bidi_member *member = call_bidi_member(entry->data.dwBidiType);
    size_t size;
    look_at_bidi_text(tree, entry->pSchema);
    if (member != NULL && member->form == CALL_BIDI_TEXT) {
        look_at_bidi_text(tree, entry->data.u.sData);
    } else if (member != NULL && member->form == CALL_BIDI_BLOB &&
               entry->data.u.biData.pData != NULL) {
        look_at_block(tree, entry->data.u.biData.pData, &size);
    }
}

static void look_at_tree(struct platen_facts *facts, const struct platen_call *call)
{
    const size_t head = offsetof(BIDI_RESPONSE_CONTAINER, aData);
    struct platen_facts_tree *to = &facts->tree;
    struct tree tree = {.facts = to, .built = call->built};
    PBIDI_RESPONSE_CONTAINER *at = call->args.SendRecvBidiDataFromPort.ppResData;
    const BIDI_RESPONSE_CONTAINER *answer;
    const void *begin;
    size_t size;

    if (call->slot != PLATEN_SLOT_SendRecvBidiDataFromPort || at == NULL || *at == NULL) {
        return;
    }
    answer = *at;
    to->known = true;
    to->before = facts->before;
    to->after = platen_router_count();
    to->from_router = platen_router_block(answer, &begin, &size) && begin == answer;
    if (to->from_router && size >= head) {
        size_t most = (size - head) / sizeof(BIDI_RESPONSE_DATA);
        tree.seen[tree.count++] = answer;
        to->entries = answer->Count;
        to->fits = answer->Count <= most;
        for (size_t i = 0; i < answer->Count && i < most; i++) {
            look_at_entry(&tree, &answer->aData[i]);
        }
    }
    to->left = to->after > tree.count ? to->after - (uint32_t)tree.count : 0;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void look_at_process(struct platen_facts_process *process)
{
    struct platen_os_use use;
    platen_os_process_use(&use);
    *process = (struct platen_facts_process){.known = true,
                                             .threads = use.threads,
                                             .handles = use.handles,
                                             .heap = use.heap,
                                             .children = use.children};
}

void platen_facts_look(struct platen_facts *facts, const struct platen_call *call)
{
    if (facts->elsewhere || (call->wanted & PLATEN_FACTS_ALL) == 0) {
        return;
    }
    facts->known = true;
    if (call->built != NULL) {
        look_at_damage(facts, call);
        look_at_touched(facts, call);
        look_at_layout(facts, call);
    }
    look_at_tree(facts, call);
    if ((call->wanted & PLATEN_FACTS_TABLE) != 0) {
        look_at_table(&facts->table, facts->table_at);
    }
    if ((call->wanted & PLATEN_FACTS_PROCESS) != 0) {
        look_at_process(&facts->process);
    }
}
