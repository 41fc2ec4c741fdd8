/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "ports.h"

void ports_init(struct ports *ports)
{
    *ports = (struct ports){0};
    platen_os_mutex_init(&ports->mutex);
}

void ports_destroy(struct ports *ports)
{
    for (struct port_entry *entry = ports->first, *next; entry; entry = next) {
        next = entry->next;
        free(entry);
    }
    names_clear(&ports->names);
    platen_os_mutex_destroy(&ports->mutex);
}

static struct port_entry *find(struct ports *ports, const char16_t *name)
{
    return (struct port_entry *)names_find(&ports->names, name);
}

static size_t bytes16(const char16_t *text)
{
    return text ? (platen_text_length16(text, SIZE_MAX) + 1) * sizeof(char16_t) : 0;
}

/* One block: the entry, then its texts; a port that idles costs little more than its name. */
static struct port_entry *make_entry(const struct port_facts *facts)
{
    size_t name = bytes16(facts->name);
    size_t description = bytes16(facts->description);
    size_t uri = facts->uri ? strlen(facts->uri) + 1 : 0;
    struct port_entry *entry = calloc(1, sizeof(*entry) + name + description + uri);
    if (!entry)
        return NULL;

    char *texts = (char *)(entry + 1);
    entry->name.text = memcpy(texts, facts->name, name);
    entry->name_bytes = (uint32_t)name;
    entry->kind = facts->kind;
    entry->description = facts->kind->description;
    entry->description_bytes = facts->kind->description_bytes;
    if (description) {
        entry->description = memcpy(texts + name, facts->description, description);
        entry->description_bytes = (uint32_t)description;
    }
    if (uri)
        entry->uri = memcpy(texts + name + description, facts->uri, uri);
    entry->builtin = facts->builtin;
    entry->kept = facts->kept;
    return entry;
}

static void link_entry(struct ports *ports, struct port_entry *entry)
{
    entry->previous = ports->last;
    if (ports->last)
        ports->last->next = entry;
    else
        ports->first = entry;
    ports->last = entry;
}

static void unlink_entry(struct ports *ports, struct port_entry *entry)
{
    if (entry->previous)
        entry->previous->next = entry->next;
    else
        ports->first = entry->next;
    if (entry->next)
        entry->next->previous = entry->previous;
    else
        ports->last = entry->previous;
}

static uint32_t insert(struct ports *ports, struct port_entry *entry)
{
    uint32_t error = names_add(&ports->names, &entry->name);
    if (!error)
        link_entry(ports, entry);
    return error;
}

uint32_t ports_reserve(struct ports *ports, const struct port_facts *facts,
                       struct port_entry **entry)
{
    *entry = make_entry(facts);
    if (!*entry)
        return PLATEN_NOT_ENOUGH_MEMORY;
    platen_os_mutex_lock(&ports->mutex);
    uint32_t error = insert(ports, *entry);
    platen_os_mutex_unlock(&ports->mutex);
    if (error) {
        free(*entry);
        *entry = NULL;
    }
    return error;
}

void ports_commit(struct ports *ports, struct port_entry *entry)
{
    platen_os_mutex_lock(&ports->mutex);
    entry->state = PORT_LISTED;
    ports->count++;
    ports->name_bytes += entry->name_bytes;
    ports->description_bytes += entry->description_bytes;
    platen_os_mutex_unlock(&ports->mutex);
}

static uint32_t may_leave(const struct port_entry *entry)
{
    if (!entry || entry->state == PORT_ARRIVING)
        return PLATEN_FILE_NOT_FOUND;
    if (entry->builtin)
        return PLATEN_NOT_SUPPORTED;
    return entry->opens || entry->state == PORT_LEAVING ? PLATEN_BUSY : 0;
}

uint32_t ports_leave(struct ports *ports, const char16_t *name, struct port_entry **entry)
{
    platen_os_mutex_lock(&ports->mutex);
    struct port_entry *found = find(ports, name);
    uint32_t error = may_leave(found);
    if (!error)
        found->state = PORT_LEAVING;
    platen_os_mutex_unlock(&ports->mutex);
    *entry = error ? NULL : found;
    return error;
}

void ports_restore(struct ports *ports, struct port_entry *entry)
{
    platen_os_mutex_lock(&ports->mutex);
    entry->state = PORT_LISTED;
    platen_os_mutex_unlock(&ports->mutex);
}

void ports_drop(struct ports *ports, struct port_entry *entry)
{
    platen_os_mutex_lock(&ports->mutex);
    if (entry->state != PORT_ARRIVING) {
        ports->count--;
        ports->name_bytes -= entry->name_bytes;
        ports->description_bytes -= entry->description_bytes;
    }
    names_remove(&ports->names, &entry->name);
    unlink_entry(ports, entry);
    platen_os_mutex_unlock(&ports->mutex);
    free(entry);
}

uint32_t ports_take(struct ports *ports, const char16_t *name, struct port_entry **entry)
{
    uint32_t error = 0;
    platen_os_mutex_lock(&ports->mutex);
    struct port_entry *found = find(ports, name);
    if (!found || found->state == PORT_ARRIVING)
        error = PLATEN_UNKNOWN_PORT;
    else if (found->state == PORT_LEAVING)
        error = PLATEN_BUSY;
    else
        found->opens++;
    platen_os_mutex_unlock(&ports->mutex);
    *entry = error ? NULL : found;
    return error;
}

void ports_give(struct ports *ports, struct port_entry *entry)
{
    platen_os_mutex_lock(&ports->mutex);
    entry->opens--;
    platen_os_mutex_unlock(&ports->mutex);
}

const struct kind *ports_kind(struct ports *ports, const char16_t *name)
{
    platen_os_mutex_lock(&ports->mutex);
    struct port_entry *found = find(ports, name);
    const struct kind *kind = found && found->state != PORT_ARRIVING ? found->kind : NULL;
    platen_os_mutex_unlock(&ports->mutex);
    return kind;
}

bool ports_has(struct ports *ports, const char16_t *name)
{
    return ports_kind(ports, name) != NULL;
}
