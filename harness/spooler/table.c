/* SPDX-License-Identifier: MIT
 *
 * The table that a monitor's init returned: copied as far as cbSize reaches and no further (R86),
 * and refused if functions are missing that a monitor of its kind must have (R87).
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spooler/inside.h"

char *spool_complain(const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return strdup(text);
}

#define MEMBER(name)                                                                               \
    {                                                                                              \
#        name, offsetof(MONITOR2, pfn##name), false                                                \
    }
#define SPARED(name)                                                                               \
    {                                                                                              \
#        name, offsetof(MONITOR2, pfn##name), true                                                 \
    }
struct member {
    const char *name; /* NULL: the end */
    size_t offset;
    bool spared; /* the spooler can do without it: Wine's own monitor has no ReadPort */
};

/* clang-format off */
static const struct member of_ports[] = {
    MEMBER(EnumPorts),
    MEMBER(OpenPort),
    MEMBER(StartDocPort),
    MEMBER(WritePort),
    SPARED(ReadPort),
    MEMBER(EndDocPort),
    MEMBER(ClosePort),
    SPARED(XcvOpenPort),
    SPARED(XcvDataPort),
    SPARED(XcvClosePort),
    {NULL, 0, false},
};

static const struct member of_languages[] = {
    MEMBER(OpenPortEx),
    MEMBER(StartDocPort),
    MEMBER(WritePort),
    MEMBER(ReadPort),
    MEMBER(EndDocPort),
    MEMBER(ClosePort),
    {NULL, 0, false},
};
/* clang-format on */

/* All members are function pointers, read here as bytes. */
static bool is_null(const MONITOR2 *table, size_t offset)
{
    static const char zero[sizeof(void *)];
    return memcmp((const char *)table + offset, zero, sizeof zero) == 0;
}

/* The names of what is missing; how many of them it cannot be used without. */
static unsigned find_missing(const struct monitor *monitor, char *names, size_t size)
{
    const struct member *at = monitor->language ? of_languages : of_ports;
    unsigned count = 0;
    size_t used = 0;

    for (names[0] = '\0'; at->name != NULL; at++)
        if (is_null(&monitor->table, at->offset)) {
            used += (size_t)snprintf(names + used, size - used, "%s%s", used != 0 ? ", " : "",
                                     at->name);
            count += !at->spared;
        }
    return count;
}

/* What whoever loads it may do about that. */
static const char *advice(const struct monitor *monitor, unsigned count)
{
    const MONITOR2 *table = &monitor->table;

    if (!monitor->language && table->pfnEnumPorts == NULL && table->pfnOpenPortEx != NULL)
        return "; what has OpenPortEx and no EnumPorts is a language monitor";
    if (monitor->language && table->pfnOpenPortEx == NULL && table->pfnOpenPort != NULL)
        return "; what has OpenPort and no OpenPortEx is a port monitor";
    return count == 0 ? "; the profile wine does without" : "";
}

static uint32_t check_required(const struct monitor *monitor, char **complaint)
{
    char names[256];
    unsigned count = find_missing(monitor, names, sizeof names);

    if (names[0] == '\0')
        return 0;
    if (count == 0 && monitor->spooler->spares) {
        spool_say(monitor->spooler, PLATEN_EVENT_FINDING, NULL, 0,
                  "the monitor '%s' lacks %s (R87)", monitor->name, names);
        return 0;
    }
    *complaint = spool_complain("the monitor '%s' lacks %s (R87)%s", monitor->name, names,
                                advice(monitor, count));
    return PLATEN_INVALID_PRINT_MONITOR;
}

/* Sizes that Windows' generations have (R2). 148 on 64 bits, which the macro of the headers gives,
 * is not among them: it ends inside pfnShutdown (D15). */
static bool is_known_size(DWORD size)
{
    const size_t known[] = {PLATEN_MONITOR2_WIN2K, PLATEN_MONITOR2_WINXP, PLATEN_MONITOR2_WIN7,
                            PLATEN_MONITOR2_WIN8};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (size == known[i])
            return true;
    return size > sizeof(MONITOR2);
}

/* Whole members only; what is cut in half is not there. */
static size_t readable(DWORD size)
{
    const size_t head = offsetof(MONITOR2, pfnEnumPorts);
    size_t whole = size < sizeof(MONITOR2) ? size : sizeof(MONITOR2);

    if (whole < head)
        return 0;
    return head + (whole - head) / sizeof(void *) * sizeof(void *);
}

uint32_t spool_table_take(struct monitor *monitor, const MONITOR2 *from, char **complaint)
{
    DWORD size;

    memcpy(&size, from, sizeof size);
    size_t whole = readable(size);
    memset(&monitor->table, 0, sizeof monitor->table);
    if (whole < offsetof(MONITOR2, pfnShutdown) && !monitor->language) {
        *complaint = spool_complain("the monitor '%s' has a table of %u bytes, which ends before "
                                    "pfnXcvClosePort (R2)",
                                    monitor->name, (unsigned)size);
        return PLATEN_INVALID_PRINT_MONITOR;
    }
    memcpy(&monitor->table, from, whole);
    monitor->table.cbSize = (DWORD)whole;
    if (!is_known_size(size))
        spool_say(
            monitor->spooler, PLATEN_EVENT_FINDING, NULL, 0,
            "the monitor '%s' has a table of %u bytes, which is no size that Windows has (R2); its "
            "first %u bytes are used",
            monitor->name, (unsigned)size, (unsigned)whole);
    return check_required(monitor, complaint);
}
