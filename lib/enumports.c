/* SPDX-License-Identifier: MIT
 *
 * How EnumPorts lays out its answer: the array at the start of the caller's buffer, the texts
 * packed downwards from its end, so that a spooler can let several monitors fill one buffer and
 * close the gaps (R15, D1). Nothing is written unless all of it fits (R12). The buffer may lie at
 * any address: it is written with memcpy, and its end is rounded down to an even address where
 * there is room.
 */
#include <string.h>

#include <platen/winsplp.h>

#include "ports.h"

static const char16_t monitor_name[] = u"Platen Port Monitor";

/* Where the next structure and the end of the next text go. */
struct packing {
    char *structure;
    char *text;
};

static LPWSTR put_text(struct packing *to, const char16_t *text, uint32_t bytes)
{
    to->text -= bytes;
    memcpy(to->text, text, bytes);
    return (LPWSTR)(void *)to->text;
}

static void put_structure(struct packing *to, const void *structure, size_t size)
{
    memcpy(to->structure, structure, size);
    to->structure += size;
}

static void pack_1(struct packing *to, const struct port_entry *entry)
{
    PORT_INFO_1W info = {.pName = put_text(to, entry->name.text, entry->name_bytes)};
    put_structure(to, &info, sizeof(info));
}

static void pack_2(struct packing *to, const struct port_entry *entry)
{
    PORT_INFO_2W info;
    memset(&info, 0, sizeof(info)); /* the padding, too, goes to the caller */
    info.pPortName = put_text(to, entry->name.text, entry->name_bytes);
    info.pMonitorName = put_text(to, monitor_name, sizeof(monitor_name));
    info.pDescription = put_text(to, entry->description, entry->description_bytes);
    info.fPortType = entry->kind->port_type;
    put_structure(to, &info, sizeof(info));
}

static size_t size_1(const struct ports *ports)
{
    return ports->count * sizeof(PORT_INFO_1W) + ports->name_bytes;
}

static size_t size_2(const struct ports *ports)
{
    return ports->count * (sizeof(PORT_INFO_2W) + sizeof(monitor_name)) + ports->name_bytes +
           ports->description_bytes;
}

static const struct level {
    size_t (*size)(const struct ports *ports);
    void (*pack)(struct packing *to, const struct port_entry *entry);
} levels[] = {{size_1, pack_1}, {size_2, pack_2}};

static void pack_all(const struct ports *ports, const struct level *level, char *buffer,
                     uint32_t size, uint32_t needed)
{
    char *end = buffer + size;
    struct packing to = {buffer, end - (((uintptr_t)end & 1) && size > needed)};
    for (const struct port_entry *entry = ports->first; entry; entry = entry->next)
        if (entry->state != PORT_ARRIVING)
            level->pack(&to, entry);
}

static uint32_t pack(const struct ports *ports, const struct level *level, void *buffer,
                     uint32_t size, uint32_t *needed, uint32_t *returned)
{
    size_t bytes = level->size(ports);
    if (bytes > UINT32_MAX)
        return PLATEN_NOT_ENOUGH_MEMORY;
    *needed = (uint32_t)bytes;
    if (size < bytes)
        return PLATEN_INSUFFICIENT_BUFFER;
    if (!buffer && bytes)
        return PLATEN_INVALID_PARAMETER;
    if (bytes)
        pack_all(ports, level, buffer, size, *needed);
    *returned = ports->count;
    return 0;
}

uint32_t ports_pack(struct ports *ports, uint32_t level, void *buffer, uint32_t size,
                    uint32_t *needed, uint32_t *returned)
{
    *needed = 0;
    *returned = 0;
    if (level != 1 && level != 2)
        return PLATEN_INVALID_LEVEL; /* R17 */
    platen_os_mutex_lock(&ports->mutex);
    uint32_t error = pack(ports, &levels[level - 1], buffer, size, needed, returned);
    platen_os_mutex_unlock(&ports->mutex);
    return error;
}

size_t ports_size(struct ports *ports)
{
    platen_os_mutex_lock(&ports->mutex);
    size_t bytes = size_1(ports);
    platen_os_mutex_unlock(&ports->mutex);
    return bytes;
}
