/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "ports.h"
#include "tcpport.h"

void ports_init(struct ports *ports)
{
    *ports = (struct ports){0};
    platen_os_mutex_init(&ports->mutex);
}

static void free_entry(struct port_entry *entry)
{
    free(entry->changed);
    free(entry);
}

void ports_destroy(struct ports *ports)
{
    for (struct port_entry *entry = ports->first, *next; entry; entry = next) {
        next = entry->next;
        free_entry(entry);
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

/* The texts and settings of an entry, one behind the other. */
struct layout {
    size_t settings;
    size_t description;
    size_t uri;
};

static struct layout measure(const struct port_facts *facts)
{
    return (struct layout){
        .settings = facts->settings ? sizeof(*facts->settings) : 0,
        .description = bytes16(facts->description),
        .uri = facts->uri ? strlen(facts->uri) + 1 : 0,
    };
}

static size_t total(const struct layout *layout)
{
    return layout->settings + layout->description + layout->uri;
}

/* Writes all but the name to the place and lets the entry point to it. */
static void put_facts(struct port_entry *entry, const struct port_facts *facts,
                      const struct layout *layout, char *place)
{
    entry->kind = facts->kind;
    entry->kept = facts->kept;
    entry->settings = NULL;
    entry->description = facts->kind->description;
    entry->description_bytes = facts->kind->description_bytes;
    entry->uri = NULL;
    if (layout->settings)
        entry->settings = memcpy(place, facts->settings, layout->settings);
    if (layout->description) {
        entry->description =
            memcpy(place + layout->settings, facts->description, layout->description);
        entry->description_bytes = (uint32_t)layout->description;
    }
    if (layout->uri)
        entry->uri =
            memcpy(place + layout->settings + layout->description, facts->uri, layout->uri);
}

/* One block: the entry, then what it points to; a port that idles costs little more than its name.
 * What has single bytes comes last. */
static struct port_entry *make_entry(const struct port_facts *facts)
{
    struct layout layout = measure(facts);
    size_t name = bytes16(facts->name);
    size_t before = (name + sizeof(uint64_t) - 1) / sizeof(uint64_t) * sizeof(uint64_t);
    struct port_entry *entry = calloc(1, sizeof(*entry) + before + total(&layout));
    if (!entry)
        return NULL;

    char *place = (char *)(entry + 1);
    entry->name.text = memcpy(place, facts->name, name);
    entry->name_bytes = (uint32_t)name;
    entry->builtin = facts->builtin;
    put_facts(entry, facts, &layout, place + before);
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
        free_entry(*entry);
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
    return entry->opens || entry->state != PORT_LISTED ? PLATEN_BUSY : 0;
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

static uint32_t may_change(const struct port_entry *entry)
{
    if (!entry || entry->state == PORT_ARRIVING)
        return PLATEN_FILE_NOT_FOUND;
    return entry->state == PORT_LISTED ? 0 : PLATEN_BUSY;
}

uint32_t ports_change(struct ports *ports, const char16_t *name, struct port_entry **entry)
{
    platen_os_mutex_lock(&ports->mutex);
    struct port_entry *found = find(ports, name);
    uint32_t error = may_change(found);
    if (!error)
        found->state = PORT_CHANGING;
    platen_os_mutex_unlock(&ports->mutex);
    *entry = error ? NULL : found;
    return error;
}

void *ports_room(const struct port_facts *facts)
{
    struct layout layout = measure(facts);
    return malloc(total(&layout) + 1);
}

void ports_apply(struct ports *ports, struct port_entry *entry, const struct port_facts *facts,
                 void *room)
{
    struct layout layout = measure(facts);
    platen_os_mutex_lock(&ports->mutex);
    void *before = entry->changed;
    ports->description_bytes -= entry->description_bytes;
    put_facts(entry, facts, &layout, room);
    ports->description_bytes += entry->description_bytes;
    entry->changed = room;
    atomic_fetch_add(&entry->changes, 1);
    entry->state = PORT_LISTED;
    platen_os_mutex_unlock(&ports->mutex);
    free(before);
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
    free_entry(entry);
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

/* ---- settings ------------------------------------------------------------------------------ */

static bool copy(void **to, const void *from, size_t size)
{
    *to = from ? malloc(size) : NULL;
    if (*to)
        memcpy(*to, from, size);
    return *to || !from;
}

static uint32_t copy_setting(const struct port_entry *entry, struct port_setting *setting)
{
    void *uri = NULL, *settings = NULL;
    bool good = copy(&uri, entry->uri, entry->uri ? strlen(entry->uri) + 1 : 0) &&
                copy(&settings, entry->settings, sizeof(*entry->settings));
    *setting = (struct port_setting){
        .kind = entry->kind,
        .uri = uri,
        .kept = entry->kept,
        .builtin = entry->builtin,
        .settings = settings,
        .changes = atomic_load(&entry->changes),
    };
    if (good)
        return 0;
    ports_free_setting(setting);
    return PLATEN_NOT_ENOUGH_MEMORY;
}

uint32_t ports_setting(struct ports *ports, const struct port_entry *entry,
                       struct port_setting *setting)
{
    platen_os_mutex_lock(&ports->mutex);
    uint32_t error = copy_setting(entry, setting);
    platen_os_mutex_unlock(&ports->mutex);
    return error;
}

uint32_t ports_find_setting(struct ports *ports, const char16_t *name, struct port_setting *setting)
{
    uint32_t error = PLATEN_FILE_NOT_FOUND;
    *setting = (struct port_setting){0};
    platen_os_mutex_lock(&ports->mutex);
    struct port_entry *entry = find(ports, name);
    if (entry && entry->state != PORT_ARRIVING)
        error = copy_setting(entry, setting);
    platen_os_mutex_unlock(&ports->mutex);
    return error;
}

void ports_free_setting(struct port_setting *setting)
{
    free(setting->uri);
    free(setting->settings);
    *setting = (struct port_setting){0};
}
