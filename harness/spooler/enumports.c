/* SPDX-License-Identifier: MIT
 *
 * Asking a monitor for its ports: the loop that R88 wants, the fall-back to level 1 (R89), and a
 * check of every pointer that comes back before it is followed.
 */
#include <stdlib.h>
#include <string.h>

#include "os/lasterror.h"
#include "spooler/inside.h"

#define MOST_BYTES (64u << 20)
#define MOST_TURNS 32 /* for a list that grows from call to call */
#define FIRST_TRY  4096u
#define MOST_LIES  4 /* for a monitor that does not take the size that it asked for */

/* One answer of EnumPorts, still in the monitor's form. */
struct answer {
    uint8_t *buffer;
    DWORD size;
    DWORD level;
    DWORD count;
};

static uint32_t refuse(const struct monitor *monitor, const char *what)
{
    spool_say(monitor->spooler, PLATEN_EVENT_FINDING, NULL, 0, "EnumPorts of '%s' %s",
              monitor->name, what);
    return PLATEN_INVALID_DATA;
}

/* ---- the calls ------------------------------------------------------------------------------- */

static uint32_t enum_once(struct platen_lane *lane, struct monitor *monitor, struct answer *answer,
                          DWORD *needed)
{
    *needed = 0;
    answer->count = 0;
    if (platen_call_EnumPorts(lane, &monitor->table, monitor->instance, NULL, answer->level,
                              answer->buffer, answer->size, needed, &answer->count))
        return 0;
    return spool_reason_of(monitor->spooler, monitor->name, "EnumPorts", NULL);
}

/* At least `needed`, and more than before: a list that grows from call to call is caught up with.
 */
static uint32_t grow(const struct monitor *monitor, struct answer *answer, DWORD needed)
{
    DWORD size = needed > answer->size ? needed : answer->size * 2;

    if (size > MOST_BYTES)
        return refuse(monitor, "asked for more than 64 MiB");
    if (size < 64)
        size = 64;
    free(answer->buffer);
    answer->buffer = calloc(1, size);
    answer->size = answer->buffer != NULL ? size : 0;
    return answer->buffer != NULL ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
}

/* Some take no buffer for a mistake of the caller's, and never tell what they need. */
static uint32_t enum_first(struct platen_lane *lane, struct monitor *monitor, struct answer *answer,
                           DWORD *needed)
{
    uint32_t error = enum_once(lane, monitor, answer, needed);

    if (error != PLATEN_INVALID_PARAMETER || answer->buffer != NULL)
        return error;
    refuse(monitor, "said 87 where no buffer was given, not 122 (R11)");
    error = grow(monitor, answer, FIRST_TRY);
    return error ? error : enum_once(lane, monitor, answer, needed);
}

static uint32_t enum_level(struct platen_lane *lane, struct monitor *monitor, struct answer *answer)
{
    DWORD needed;
    uint32_t error = enum_first(lane, monitor, answer, &needed);
    int lies = 0;

    for (int turn = 0; error == PLATEN_INSUFFICIENT_BUFFER; turn++) {
        bool lie = answer->buffer != NULL && needed <= answer->size;
        if (lie && lies++ == 0)
            refuse(monitor, "said 122 to a buffer of the size that it had asked for (R13)");
        if (turn == MOST_TURNS || lies == MOST_LIES)
            return refuse(monitor, "went on saying 122");
        error = grow(monitor, answer, needed);
        if (!error)
            error = enum_once(lane, monitor, answer, &needed);
    }
    return error;
}

static uint32_t enum_ports(struct platen_lane *lane, struct monitor *monitor, struct answer *answer)
{
    uint32_t error = PLATEN_INVALID_LEVEL;

    lock(monitor->spooler);
    answer->level = monitor->level1 ? 1 : 2;
    unlock(monitor->spooler);
    if (answer->level == 2)
        error = enum_level(lane, monitor, answer);
    if (error != PLATEN_INVALID_LEVEL)
        return error;
    answer->level = 1;
    error = enum_level(lane, monitor, answer);
    lock(monitor->spooler);
    monitor->level1 = true;
    unlock(monitor->spooler);
    return error;
}

/* ---- the check, and our own copy ------------------------------------------------------------- */

/* Units of the text at `from` without its NUL, if it lies in the buffer and ends there (R14). */
static bool measure(const struct answer *answer, const void *from, size_t *units)
{
    uintptr_t begin = (uintptr_t)answer->buffer;
    uintptr_t at = (uintptr_t)from;
    char16_t unit;

    *units = 0;
    if (at < begin || at >= begin + answer->size)
        return false;
    for (size_t left = begin + answer->size - at; left >= sizeof unit; left -= sizeof unit) {
        memcpy(&unit, answer->buffer + (at - begin) + *units * sizeof unit, sizeof unit);
        if (unit == 0)
            return true;
        ++*units;
    }
    return false;
}

/* The strings of one entry, NULL where there is none. */
struct raw_entry {
    const void *texts[3];
    size_t units[3];
    DWORD type;
};

static void read_entry(const struct answer *answer, DWORD index, struct raw_entry *raw)
{
    PORT_INFO_1W one;
    PORT_INFO_2W two;

    *raw = (struct raw_entry){.type = 0};
    if (answer->level == 1) {
        memcpy(&one, answer->buffer + index * sizeof one, sizeof one);
        raw->texts[0] = one.pName;
        return;
    }
    memcpy(&two, answer->buffer + index * sizeof two, sizeof two);
    raw->texts[0] = two.pPortName;
    raw->texts[1] = two.pMonitorName;
    raw->texts[2] = two.pDescription;
    raw->type = two.fPortType;
}

static bool check_entry(const struct answer *answer, DWORD index, struct raw_entry *raw)
{
    read_entry(answer, index, raw);
    for (int i = 0; i < 3; i++)
        if (raw->texts[i] != NULL && !measure(answer, raw->texts[i], &raw->units[i]))
            return false;
    return raw->units[0] != 0;
}

static size_t entry_size(DWORD level)
{
    return level == 1 ? sizeof(PORT_INFO_1W) : sizeof(PORT_INFO_2W);
}

/* How many units all strings take in our copy; checks all of them. */
static uint32_t check_answer(const struct monitor *monitor, const struct answer *answer,
                             size_t *units)
{
    struct raw_entry raw;

    *units = 0;
    if (answer->count > answer->size / entry_size(answer->level))
        return refuse(monitor, "returned more ports than the buffer can hold");
    for (DWORD i = 0; i < answer->count; i++) {
        if (!check_entry(answer, i, &raw))
            return refuse(monitor, "returned a port with a string that is empty or does not lie in "
                                   "the buffer whole (R14)");
        *units += raw.units[0] + raw.units[1] + raw.units[2] + 3;
    }
    return 0;
}

static const char16_t *copy_text(const void *from, size_t units, char16_t **to)
{
    char16_t *begin = *to;

    if (units != 0)
        memcpy(begin, from, units * sizeof *begin);
    begin[units] = 0;
    *to += units + 1;
    return begin;
}

/* The monitor's name for people is the one it gives, or the one it was loaded under. */
static void copy_entry(const struct monitor *monitor, const struct raw_entry *raw,
                       struct port_list *list, char16_t **to)
{
    struct port_entry *entry = &list->entries[list->count++];
    size_t units = raw->units[0] + 1;

    entry->name = copy_text(raw->texts[0], raw->units[0], to);
    entry->monitor = copy_text(raw->texts[1], raw->units[1], to);
    entry->description = copy_text(raw->texts[2], raw->units[2], to);
    entry->type = raw->type;
    if (raw->units[1] == 0)
        entry->monitor = monitor->name16;
    list->bytes[1] += (uint32_t)(sizeof(PORT_INFO_1W) + units * sizeof(char16_t));
    units += platen_text_length16(entry->monitor, SIZE_MAX) + 1 + raw->units[2] + 1;
    list->bytes[2] += (uint32_t)(sizeof(PORT_INFO_2W) + units * sizeof(char16_t));
}

static uint32_t copy_answer(const struct monitor *monitor, const struct answer *answer,
                            struct port_list **list)
{
    size_t units;
    uint32_t error = check_answer(monitor, answer, &units);

    if (error)
        return error;
    size_t head = sizeof(struct port_list) + answer->count * sizeof(struct port_entry);
    struct port_list *made = calloc(1, head + units * sizeof(char16_t));
    if (made == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    char16_t *to = (char16_t *)(void *)((char *)made + head);
    struct raw_entry raw;
    for (DWORD i = 0; i < answer->count; i++) {
        check_entry(answer, i, &raw);
        copy_entry(monitor, &raw, made, &to);
    }
    atomic_init(&made->refs, 1);
    *list = made;
    return 0;
}

/* ---- asking, and remembering ----------------------------------------------------------------- */

static bool is_asking(const struct monitor *monitor, uint64_t thread)
{
    const struct asking *at = monitor->asking;

    while (at != NULL && at->thread != thread)
        at = at->next;
    return at != NULL;
}

static struct port_list *keep(struct port_list *list)
{
    if (list != NULL)
        atomic_fetch_add(&list->refs, 1);
    return list;
}

void spool_ports_release(struct port_list *list)
{
    if (list != NULL && atomic_fetch_sub(&list->refs, 1) == 1)
        free(list);
}

/* With the lock held: what was known before, to whom asks from inside EnumPorts. */
static uint32_t answer_from_memory(struct monitor *monitor, struct port_list **list)
{
    *list = keep(monitor->list);
    return *list != NULL ? 0 : PLATEN_BUSY;
}

/* Puts this thread on the monitor's list, or says that it need not be asked. */
static bool begin_asking(struct monitor *monitor, struct asking *asking, uint32_t *changes,
                         struct port_list **list, uint32_t *error)
{
    platen_spooler *spooler = monitor->spooler;

    lock(spooler);
    bool ask = !is_asking(monitor, asking->thread) && monitor->ready && !monitor->closing;
    if (ask) {
        asking->next = monitor->asking;
        monitor->asking = asking;
        monitor->calls++;
        *changes = monitor->changes;
    } else {
        *error = answer_from_memory(monitor, list);
    }
    unlock(spooler);
    return ask;
}

static void end_asking(struct monitor *monitor, const struct asking *asking, uint32_t changes,
                       struct port_list *list)
{
    platen_spooler *spooler = monitor->spooler;
    struct asking **at = &monitor->asking;
    struct port_list *old = NULL;

    lock(spooler);
    while (*at != asking)
        at = &(*at)->next;
    *at = asking->next;
    if (list != NULL) {
        old = monitor->list;
        monitor->list = keep(list);
        monitor->fresh = monitor->changes == changes;
    }
    unlock(spooler);
    spool_ports_release(old);
    spool_monitor_leave(monitor);
}

uint32_t spool_ports_ask(struct platen_lane *lane, struct monitor *monitor, struct port_list **list)
{
    struct asking asking = {.thread = platen_os_thread_id()};
    struct answer answer = {.buffer = NULL};
    uint32_t changes = 0;
    uint32_t error = 0;

    *list = NULL;
    if (!begin_asking(monitor, &asking, &changes, list, &error))
        return error;
    error = enum_ports(lane, monitor, &answer);
    if (!error)
        error = copy_answer(monitor, &answer, list);
    end_asking(monitor, &asking, changes, *list);
    free(answer.buffer);
    return error;
}

uint32_t spool_ports_known(struct platen_lane *lane, struct monitor *monitor,
                           struct port_list **list)
{
    lock(monitor->spooler);
    *list = monitor->fresh ? keep(monitor->list) : NULL;
    unlock(monitor->spooler);
    return *list != NULL ? 0 : spool_ports_ask(lane, monitor, list);
}

/* With the lock held: is what is known of the monitor's ports still so? */
static bool know_size(struct monitor *monitor, uint32_t level, uint32_t *bytes)
{
    if (monitor->fresh && monitor->list != NULL)
        *bytes = monitor->list->bytes[level];
    return monitor->fresh && monitor->list != NULL;
}

uint32_t spool_ports_size(struct platen_lane *lane, struct monitor *monitor, uint32_t level,
                          uint32_t *bytes)
{
    struct asking asking = {.thread = platen_os_thread_id()};
    struct answer answer = {.level = level};
    struct port_list *list = NULL;
    uint32_t changes = 0;
    uint32_t error = 0;
    DWORD needed = 0;

    lock(monitor->spooler);
    bool known = know_size(monitor, level, bytes);
    unlock(monitor->spooler);
    if (known)
        return 0;
    if (begin_asking(monitor, &asking, &changes, &list, &error)) {
        error = enum_once(lane, monitor, &answer, &needed);
        end_asking(monitor, &asking, changes, NULL);
        *bytes = needed;
        return error == PLATEN_INSUFFICIENT_BUFFER ? 0 : error;
    }
    *bytes = list != NULL ? list->bytes[level] : 0;
    spool_ports_release(list);
    return error;
}

void spool_ports_changed(struct monitor *monitor)
{
    lock(monitor->spooler);
    monitor->changes++;
    monitor->fresh = false;
    unlock(monitor->spooler);
}
