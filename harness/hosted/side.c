/* SPDX-License-Identifier: MIT
 *
 * What comes from the host: calls back, and what is said behind answers. All of it is hostile.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/apply.h"
#include "call/facts.h"
#include "call/served.h"
#include "call/structs.h"
#include "hosted/inside.h"
#include "os/clock.h"

#define NARROW   UINT64_C(0x7e000000) /* what a handle that is too wide is for the host: and up */
#define MOST     0x1000000u
#define TRUSTED  (1u << 20) /* bytes of answers that a monitor on this side gave */
#define PATIENCE 10u        /* complaints of one host that are told */

/* ---- handles that are too wide --------------------------------------------------------------- */

static bool is_narrow(const struct hosted *hosted)
{
    return hosted->word < sizeof(void *);
}

/* Place of the bits, which are remembered; UINT32_MAX: no memory. */
static uint32_t place_of(struct hosted_handles *handles, uint64_t bits)
{
    uint32_t place = 0;
    while (place < handles->count && handles->bits[place] != bits) {
        place++;
    }
    if (place == handles->room) {
        uint32_t room = handles->room == 0 ? 16 : handles->room * 2;
        uint64_t *more = room > MOST ? NULL : realloc(handles->bits, room * sizeof *handles->bits);
        if (more == NULL) {
            return UINT32_MAX;
        }
        handles->bits = more;
        handles->room = room;
    }
    if (place == handles->count) {
        handles->bits[handles->count++] = bits;
    }
    return place;
}

void hosted_handles_free(struct hosted_handles *handles)
{
    free(handles->bits);
    *handles = (struct hosted_handles){.count = 0};
}

static bool name(void *context, enum platen_kind kind, uint64_t value, char *to, size_t size)
{
    struct hosted *hosted = ((struct hosted_lane *)context)->hosted;
    if (value <= UINT32_MAX) {
        return false;
    }
    platen_os_mutex_lock(&hosted->lock);
    uint32_t place = place_of(&hosted->handles, value);
    platen_os_mutex_unlock(&hosted->lock);
    snprintf(to, size, "%s:0x%llx", platen_kind_text(platen_kind_of_handle(kind)),
             (unsigned long long)(place == UINT32_MAX ? UINT32_MAX : NARROW + place));
    return true;
}

static bool is_handle(enum platen_kind kind)
{
    return kind == PLATEN_KIND_MONITOR || kind == PLATEN_KIND_PORT || kind == PLATEN_KIND_XCV ||
           kind == PLATEN_KIND_PRINTER || kind == PLATEN_KIND_KEY || kind == PLATEN_KIND_SPOOLER;
}

/* The handles of a call back are ours. */
static void widen(struct hosted *hosted, struct platen_call *call)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    for (unsigned i = 0; i < slot.arg_count; i++) {
        uint64_t place = platen_call_arg(call, &slot.args[i]) - NARROW;
        if (!is_handle(slot.args[i].kind)) {
            continue;
        }
        platen_os_mutex_lock(&hosted->lock);
        if (place < hosted->handles.count) {
            HANDLE wide = (HANDLE)(uintptr_t)hosted->handles.bits[place];
            memcpy((unsigned char *)&call->args + slot.args[i].offset, &wide, sizeof wide);
        }
        platen_os_mutex_unlock(&hosted->lock);
    }
}

/* ---- monitors below a language monitor ------------------------------------------------------- */

/* As much of the table as is there. */
static void copy_table(const struct platen_call *call, MONITOR2 *to)
{
    const MONITOR2 *from = call->args.OpenPortEx.pMonitor2;
    size_t reach = call->built == NULL ? SIZE_MAX : platen_built_reach(call->built, from);
    DWORD size = 0;
    memset(to, 0, sizeof *to);
    if (from == NULL || reach < sizeof size) {
        return;
    }
    memcpy(&size, from, sizeof size);
    size_t whole = size < sizeof *to ? size : sizeof *to;
    memcpy(to, from, whole < reach ? whole : reach);
}

uint16_t hosted_upper(struct hosted *hosted, const struct platen_call *call)
{
    HANDLE instance = call->args.OpenPortEx.hMonitorPort;
    unsigned at = 0;
    platen_os_mutex_lock(&hosted->lock);
    while (at < hosted->upper_count && hosted->uppers[at].instance != instance) {
        at++;
    }
    if (at < HOSTED_UPPERS) {
        hosted->upper_count += at == hosted->upper_count;
        hosted->uppers[at].instance = instance;
        copy_table(call, &hosted->uppers[at].table);
    }
    platen_os_mutex_unlock(&hosted->lock);
    return at < HOSTED_UPPERS ? (uint16_t)(at + 1) : 0;
}

/* Another lane may be in OpenPortEx, and note the same table once more. */
static MONITOR2 copy_of_upper(struct hosted *hosted, uint16_t number)
{
    platen_os_mutex_lock(&hosted->lock);
    MONITOR2 table = hosted->uppers[number - 1].table;
    platen_os_mutex_unlock(&hosted->lock);
    return table;
}

static bool has_function(const MONITOR2 *table, const char *name)
{
    static const char nothing[sizeof(void *)];
    size_t count;
    const struct call_member *members = call_table_members(PLATEN_TABLE_MONITOR, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(members[i].name, name) == 0) {
            const char *at = (const char *)table + members[i].offset;
            return memcmp(at, nothing, sizeof nothing) != 0;
        }
    }
    return false;
}

/* The table that the call is for; NULL: none, or it lacks the function. `copy`: room for one. */
static const void *table_for(struct hosted *hosted, enum platen_slot slot, uint16_t flags,
                             MONITOR2 *copy)
{
    struct platen_slot_info info = platen_slot_info(slot);
    if (info.table != PLATEN_TABLE_MONITOR) {
        return platen_served_by(info.table);
    }
    *copy = copy_of_upper(hosted, flags);
    return has_function(copy, info.name) ? copy : NULL;
}

/* ---- calls back ------------------------------------------------------------------------------ */

static bool takes(void *context, enum platen_slot slot, uint16_t flags)
{
    struct hosted *hosted = ((const struct hosted_lane *)context)->hosted;
    enum platen_table table = platen_slot_info(slot).table;
    if (table == PLATEN_TABLE_MONITOR) {
        platen_os_mutex_lock(&hosted->lock);
        unsigned count = hosted->upper_count;
        platen_os_mutex_unlock(&hosted->lock);
        return flags > 0 && flags <= count;
    }
    return flags == 0 && (table == PLATEN_TABLE_REGISTRY || table == PLATEN_TABLE_WINSPOOL);
}

/* Time spent here is not the monitor's. */
static void run(void *context, struct platen_call *call, uint16_t flags)
{
    struct hosted_lane *lane = context;
    uint64_t deadline = atomic_load(&lane->deadline);
    uint64_t now = platen_os_now();
    MONITOR2 upper;
    atomic_store(&lane->deadline, 0);
    if (is_narrow(lane->hosted)) {
        widen(lane->hosted, call);
    }
    const void *table = table_for(lane->hosted, call->slot, flags, &upper);
    call->lane = platen_lane_here();
    if (table == NULL) {
        platen_call_refuse(call, PLATEN_PROC_NOT_FOUND);
    } else {
        platen_call_run(call, table);
    }
    hosted_note(lane, call);
    if (deadline != 0) {
        uint64_t left = deadline > now ? deadline - now : 1;
        atomic_store(&lane->deadline, platen_os_now() + left);
    }
}

/* ---- what is said behind answers ------------------------------------------------------------- */

/* A size of a table as it would be here, where pointers are wider. */
static DWORD size_here(const struct hosted *hosted, uint64_t size)
{
    const size_t head = offsetof(MONITOR2, pfnEnumPorts);
    if (!is_narrow(hosted) || size < hosted->word || size > UINT32_MAX / 2) {
        return (DWORD)size;
    }
    uint64_t members = (size - hosted->word) / hosted->word;
    return (DWORD)(head + members * sizeof(void *) + (size - hosted->word) % hosted->word);
}

/* table={cbSize=184 ReadPort=NULL} */
static void take_table(struct hosted_seat *seat, const struct platen_word *fields)
{
    size_t count;
    uint64_t size = 0;
    const struct call_member *members = call_table_members(PLATEN_TABLE_MONITOR, &count);
    MONITOR2 table = *hosted_table(seat);
    for (const struct platen_word *word = fields; word != NULL; word = word->next) {
        for (size_t i = 0; word->name != NULL && i < count; i++) {
            if (strlen(members[i].name) == word->name_length &&
                memcmp(members[i].name, word->name, word->name_length) == 0) {
                memset((char *)&table + members[i].offset, 0, sizeof(void *));
            }
        }
    }
    const struct platen_word *given = platen_word_named(fields, "cbSize");
    if (given != NULL && platen_word_number(given, &size)) {
        table.cbSize = size_here(seat->hosted, size);
    }
    seat->table = table;
}

static void tell_damage(struct hosted *hosted, const char *slot, const struct platen_word *list)
{
    for (const struct platen_word *word = list; word != NULL; word = word->next) {
        int length = word->length < 40 ? (int)word->length : 40;
        hosted_find(hosted, "the monitor '%s' wrote outside of %.*s in %s", hosted->name, length,
                    word->at, slot);
    }
}

static void told(void *context, const struct platen_call *call, const struct platen_word *words)
{
    struct hosted_seat *seat = ((struct hosted_lane *)context)->seat;
    struct hosted *hosted = ((struct hosted_lane *)context)->hosted;
    const char *slot = platen_slot_info(call->slot).name;
    const struct platen_word *table = platen_word_named(words, "table");
    const struct platen_word *damaged = platen_word_named(words, "damaged");
    if (table != NULL && seat != NULL) {
        take_table(seat, table->inside);
    }
    if (damaged != NULL) {
        tell_damage(hosted, slot, damaged->inside);
    }
    if (platen_word_named(words, "copied") != NULL) {
        hosted_find(hosted, "the monitor '%s' made a copy of its process (fork) in %s",
                    hosted->name, slot);
    }
    if (platen_word_named(words, "signals") != NULL) {
        hosted_find(hosted, "the monitor '%s' changed what the process does on signals in %s",
                    hosted->name, slot);
    }
    if (call->facts != NULL) {
        platen_facts_read(call->facts, words);
    }
    hosted_told_native(hosted, words);
}

static LPMONITOR2 table(void *context)
{
    struct hosted_seat *seat = ((struct hosted_lane *)context)->seat;
    return seat == NULL ? NULL : &seat->table;
}

static size_t readable(void *context, const void *at)
{
    (void)context;
    return at == NULL ? 0 : TRUSTED;
}

static void complain(void *context, const char *what)
{
    struct hosted *hosted = ((struct hosted_lane *)context)->hosted;
    platen_os_mutex_lock(&hosted->lock);
    snprintf(hosted->complaint, sizeof hosted->complaint, "%s", what);
    bool tells = hosted->complaints++ < PATIENCE;
    platen_os_mutex_unlock(&hosted->lock);
    if (tells) {
        hosted_find(hosted, "what the monitor '%s' said makes no sense: %s", hosted->name, what);
    }
}

struct platen_ship_side hosted_side(struct hosted_lane *lane)
{
    return (struct platen_ship_side){
        .context = lane,
        .word = lane->hosted->word,
        .honest = true,
        .takes = takes,
        .run = run,
        .told = told,
        .table = table,
        .name = is_narrow(lane->hosted) ? name : NULL,
        .readable = readable,
        .complain = complain,
        .imports = platen_spooler_imports(),
    };
}
