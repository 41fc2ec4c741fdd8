/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "configure.h"
#include "manage.h"

/* ---- TCP/IP ports -------------------------------------------------------------------------- */

static uint32_t settings_of(const struct port_setting *setting, struct tcp_settings *settings)
{
    if (setting->settings) {
        *settings = *setting->settings;
        return 0;
    }
    if (!tcp_is_kind(setting->kind) || !setting->uri)
        return PLATEN_FILE_NOT_FOUND;
    return tcp_from_uri(setting->uri, settings);
}

uint32_t configure_get_tcp(struct instance *instance, const char16_t *name,
                           struct tcp_settings *settings)
{
    struct port_setting setting;
    uint32_t error = ports_find_setting(&instance->ports, name, &setting);
    if (error)
        return error;
    error = settings_of(&setting, settings);
    ports_free_setting(&setting);
    return error;
}

/* Version 1 has no MIB index, version 2 no address, and neither the network card's. */
static void keep_old(struct tcp_settings *settings, const struct tcp_settings *old)
{
    bool same_host = memcmp(settings->host, old->host, sizeof(old->host)) == 0;
    memcpy(settings->hardware, old->hardware, sizeof(old->hardware));
    if (settings->version == 1)
        settings->mib_index = old->mib_index;
    else if (same_host)
        memcpy(settings->address, old->address, sizeof(old->address));
}

/* A change under way: what was, and what is to be. */
struct change {
    struct instance *instance;
    struct port_entry *entry;
    struct port_setting old;
    struct port_facts facts;
    char name[NAME_BYTES]; /* outlives the entry, which others may delete once it is changed */
};

static uint32_t begin(struct change *change, struct instance *instance, const char16_t *name)
{
    *change = (struct change){.instance = instance};
    uint32_t error = ports_change(&instance->ports, name, &change->entry);
    if (error)
        return error;
    error = ports_setting(&instance->ports, change->entry, &change->old);
    if (error) {
        ports_restore(&instance->ports, change->entry);
        return error;
    }
    change->facts.name = change->entry->name.text;
    name_to8(change->facts.name, change->name);
    return 0;
}

/* The store is the last that can fail. */
static uint32_t commit(struct change *change, uint32_t (*keep)(struct change *, const void *),
                       const void *what)
{
    void *room = ports_room(&change->facts);
    if (!room)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = keep(change, what);
    if (error)
        free(room);
    else
        ports_apply(&change->instance->ports, change->entry, &change->facts, room);
    return error;
}

static uint32_t end(struct change *change, uint32_t error)
{
    if (error)
        ports_restore(&change->instance->ports, change->entry);
    ports_free_setting(&change->old);
    if (error)
        instance_log(change->instance, PLATEN_LOG_INFO, "port %s cannot be configured: error %u",
                     change->name, (unsigned)error);
    else
        instance_log(change->instance, PLATEN_LOG_INFO, "port %s configured", change->name);
    return error;
}

static uint32_t judge(struct change *change)
{
    return manage_check_facts(change->instance, change->name, &change->facts);
}

static uint32_t keep_tcp(struct change *change, const void *what)
{
    return store_change_tcp(&change->instance->store, change->facts.name, change->old.settings,
                            what);
}

static uint32_t set_tcp(struct change *change, struct tcp_settings *settings)
{
    char uri[TCP_URI_BYTES];
    char16_t description[TCP_URI_BYTES];
    if (change->old.kept != PORT_KEPT_AS_SETTINGS)
        return tcp_is_kind(change->old.kind) ? PLATEN_NOT_SUPPORTED : PLATEN_FILE_NOT_FOUND;
    keep_old(settings, change->old.settings);
    uint32_t error = tcp_uri(settings, uri);
    if (error)
        return error;
    tcp_describe(uri, description);
    change->facts.uri = uri;
    change->facts.description = description;
    change->facts.settings = settings;
    change->facts.kept = PORT_KEPT_AS_SETTINGS;
    error = judge(change);
    return error ? error : commit(change, keep_tcp, settings);
}

uint32_t configure_set_tcp(struct instance *instance, const char16_t *name,
                           const struct tcp_settings *settings)
{
    struct change change;
    struct tcp_settings own = *settings;
    uint32_t error = begin(&change, instance, name);
    return error ? error : end(&change, set_tcp(&change, &own));
}

/* ---- serial lines -------------------------------------------------------------------------- */

static bool has_line(const struct kind *kind)
{
    return kind->ops.capabilities & PLATEN_LINE_SETTINGS;
}

/* "scheme:target?options" is put together in a room that was measured for it. */
struct making {
    char *text;
    size_t used;
    bool options;
};

static void put(struct making *making, const char *text, size_t length)
{
    memcpy(making->text + making->used, text, length);
    making->used += length;
    making->text[making->used] = '\0';
}

static void put_option(struct making *making, const char *text, size_t length)
{
    put(making, making->options ? "&" : "?", 1);
    put(making, text, length);
    making->options = true;
}

static bool is_line_option(const char *option, size_t length)
{
    char key[16], room[LINE_VALUE_BYTES];
    size_t size = strcspn(option, "=");
    if (size > length || size >= sizeof(key))
        return false;
    memcpy(key, option, size);
    key[size] = '\0';
    return line_value(&line_default, key, room) || strcmp(key, LINE_FLOW) == 0;
}

/* The options that say nothing of the line stay as they were written. */
static void put_others(struct making *making, const char *options)
{
    while (*options) {
        size_t length = strcspn(options, "&");
        if (length && !is_line_option(options, length))
            put_option(making, options, length);
        options += length + (options[length] == '&');
    }
}

static void put_line(struct making *making, const struct kind *kind, const struct platen_line *line)
{
    char option[64], room[LINE_VALUE_BYTES];
    for (size_t i = 0; i < kind->setting_count; i++) {
        const char *key = kind->ops.settings[i].key;
        const char *value = line_value(line, key, room);
        if (value)
            put_option(making, option,
                       (size_t)snprintf(option, sizeof(option), "%s=%s", key, value));
    }
}

/* The URI of a port on the line: what it was with other settings, or, without one, the port's name.
 * NULL: no memory. */
static char *line_uri(const struct kind *kind, const char *name, const char *before,
                      const struct platen_line *line)
{
    const char *scheme = kind->ops.name;
    const char *target = before ? before + strlen(scheme) + 1 : name;
    size_t length = strcspn(target, "?");
    struct making making = {malloc(strlen(scheme) + 3 * strlen(target) + 2 * LINE_TEXT_BYTES), 0,
                            false};
    if (!making.text)
        return NULL;
    put(&making, scheme, strlen(scheme));
    put(&making, ":", 1);
    if (before)
        put(&making, target, length);
    else
        making.used += uri_encode(name, making.text + making.used);
    put_line(&making, kind, line);
    if (before && target[length])
        put_others(&making, target + length + 1);
    return making.text;
}

/* What the backend will be told, as far as it is about the line. */
static uint32_t read_line(struct instance *instance, const struct kind *kind, const char *name,
                          const char *text, struct platen_line *line)
{
    struct uri uri;
    *line = line_default;
    uint32_t error = manage_resolve(instance, kind, name, text, &uri);
    if (error)
        return error;
    for (size_t i = 0; i < kind->setting_count; i++)
        line_set_value(line, kind->ops.settings[i].key, uri.values[i]);
    uri_free(&uri);
    return 0;
}

/* Names come without their colon, too. */
static void find_name(struct instance *instance, const char16_t *name,
                      char16_t found[NAME_LIMIT + 2])
{
    size_t length = platen_text_length16(name, NAME_LIMIT);
    memcpy(found, name, length * sizeof(*name));
    found[length] = 0;
    if (ports_has(&instance->ports, found))
        return;
    found[length] = u':';
    found[length + 1] = 0;
}

static uint32_t line_of(struct instance *instance, const char16_t *name,
                        const struct port_setting *setting, struct platen_line *line)
{
    char room[NAME_BYTES];
    if (!has_line(setting->kind))
        return PLATEN_INVALID_PARAMETER;
    return read_line(instance, setting->kind, name_to8(name, room), setting->uri, line);
}

uint32_t configure_get_line(struct instance *instance, const char16_t *name,
                            struct platen_line *line)
{
    char16_t found[NAME_LIMIT + 2];
    struct port_setting setting;
    find_name(instance, name, found);
    uint32_t error = ports_find_setting(&instance->ports, found, &setting);
    if (error)
        return error;
    error = line_of(instance, found, &setting, line);
    ports_free_setting(&setting);
    return error;
}

static uint32_t keep_line(struct change *change, const void *what)
{
    char text[LINE_TEXT_BYTES];
    const char *kept = change->facts.uri;
    if (change->facts.kept == PORT_NOT_KEPT)
        return 0;
    if (change->facts.kept == PORT_KEPT_AS_LINE) {
        line_format(what, text);
        kept = text;
    }
    char16_t *wide = platen_text_new16(kept, SIZE_MAX);
    if (!wide)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = store_change(&change->instance->store, change->facts.name, wide);
    free(wide);
    return error;
}

/* A port with a URI keeps one; any other that lasts has the text that Windows has. */
static enum port_kept line_kept(const struct port_setting *old)
{
    if (old->kept == PORT_KEPT_AS_TEXT && old->uri)
        return PORT_KEPT_AS_TEXT;
    return old->kept || old->builtin ? PORT_KEPT_AS_LINE : PORT_NOT_KEPT;
}

static uint32_t set_line(struct change *change, const struct platen_line *line)
{
    if (!has_line(change->old.kind))
        return PLATEN_INVALID_PARAMETER;
    char *uri = line_uri(change->old.kind, change->name, change->old.uri, line);
    if (!uri)
        return PLATEN_NOT_ENOUGH_MEMORY;
    change->facts.uri = uri;
    change->facts.kept = line_kept(&change->old);
    uint32_t error = judge(change);
    if (!error)
        error = commit(change, keep_line, line);
    free(uri);
    return error;
}

uint32_t configure_set_line(struct instance *instance, const char16_t *name,
                            const struct platen_line *line)
{
    char16_t found[NAME_LIMIT + 2];
    struct change change;
    find_name(instance, name, found);
    uint32_t error = begin(&change, instance, found);
    return error ? error : end(&change, set_line(&change, line));
}

/* ---- at initialisation --------------------------------------------------------------------- */

static uint32_t check_line(struct instance *instance, const struct kind *kind, const char *name,
                           const char *uri)
{
    struct uri parsed;
    uint32_t error = manage_resolve(instance, kind, name, uri, &parsed);
    if (!error)
        uri_free(&parsed);
    return error;
}

/* Settings that the backend cannot have are as good as none: the device keeps its own. */
uint32_t configure_line_text(struct instance *instance, const struct kind *kind, const char *name,
                             const char *text, char **uri)
{
    struct platen_line line = line_default;
    *uri = NULL;
    if (!has_line(kind) || line_parse(text, &line))
        return 0;
    *uri = line_uri(kind, name, NULL, &line);
    if (!*uri)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = check_line(instance, kind, name, *uri);
    if (error) {
        free(*uri);
        *uri = NULL;
    }
    return error == PLATEN_NOT_ENOUGH_MEMORY ? error : 0;
}

uint32_t configure_builtin(struct instance *instance, const struct port_facts *facts)
{
    struct change change;
    uint32_t error = begin(&change, instance, facts->name);
    if (error)
        return error;
    void *room = change.old.builtin ? ports_room(facts) : NULL;
    if (room)
        ports_apply(&instance->ports, change.entry, facts, room);
    else
        ports_restore(&instance->ports, change.entry);
    error = change.old.builtin ? PLATEN_NOT_ENOUGH_MEMORY : PLATEN_ALREADY_EXISTS;
    ports_free_setting(&change.old);
    return room ? 0 : error;
}

/* ---- for all ports ------------------------------------------------------------------------- */

static const char16_t retry_value[] = u"TransmissionRetryTimeout";
static const char16_t polling_value[] = u"IdlePolling";

/* The digits that the text begins with; false if there are none. */
static bool read_seconds(const char16_t *text, uint32_t *seconds)
{
    uint64_t number = 0;
    const char16_t *at = text;
    for (; *at >= u'0' && *at <= u'9'; at++)
        if (number <= UINT32_MAX)
            number = number * 10 + (uint64_t)(*at - u'0');
    *seconds = number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
    return at > text;
}

static void take_retry(struct instance *instance, const char16_t *text)
{
    uint32_t seconds;
    uint64_t timeout = instance->write_default;
    if (text && read_seconds(text, &seconds))
        timeout = seconds ? seconds * SECOND : PLATEN_FOREVER;
    atomic_store(&instance->write_timeout, timeout);
}

uint32_t configure_load_retry(struct instance *instance)
{
    char16_t *text;
    uint32_t error = store_get(&instance->store, retry_value, &text);
    take_retry(instance, error ? NULL : text);
    free(error ? NULL : text);
    return error;
}

uint32_t configure_set_retry(struct instance *instance, const char16_t *text)
{
    uint32_t error = store_set(&instance->store, retry_value, text);
    if (!error)
        take_retry(instance, text);
    return error;
}

uint32_t configure_get_retry(const struct instance *instance)
{
    uint64_t timeout = atomic_load(&instance->write_timeout);
    return timeout == PLATEN_FOREVER ? 0 : (uint32_t)((timeout + SECOND - 1) / SECOND);
}

uint32_t configure_load_polling(struct instance *instance)
{
    char16_t *text;
    uint32_t error = store_get(&instance->store, polling_value, &text);
    if (error || !text)
        return error;
    atomic_store(&instance->idle_polling, text[0] == u'1' && !text[1]);
    free(text);
    return 0;
}

uint32_t configure_set_polling(struct instance *instance, bool on)
{
    uint32_t error = store_set(&instance->store, polling_value, on ? u"1" : u"0");
    if (!error)
        atomic_store(&instance->idle_polling, on);
    return error;
}

bool configure_get_polling(const struct instance *instance)
{
    return atomic_load(&instance->idle_polling);
}
