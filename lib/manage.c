/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "configure.h"
#include "manage.h"

uint32_t manage_allowed(const struct instance *instance, const struct kind *kind)
{
    bool files = kind->ops.capabilities & PLATEN_TOUCHES_FILES;
    bool programs = kind->ops.capabilities & PLATEN_RUNS_PROGRAMS;
    if ((files && !instance->file_root) || (programs && !instance->program_root))
        return PLATEN_ACCESS_DENIED;
    return 0;
}

uint32_t manage_resolve(struct instance *instance, const struct kind *kind, const char *name,
                        const char *text, struct uri *uri)
{
    char complaint[256] = "";
    uint32_t error = uri_parse(kind, text, name, uri, complaint, sizeof(complaint));
    if (error)
        instance_log(instance, PLATEN_LOG_WARNING, "port %s: %s", name,
                     error == PLATEN_INVALID_PARAMETER ? complaint : "out of memory");
    return error;
}

struct platen_port_setup manage_setup(struct instance *instance, const char *name,
                                      const struct uri *uri)
{
    return (struct platen_port_setup){
        .size = sizeof(struct platen_port_setup),
        .port_name = name,
        .target = uri->target,
        .values = uri->values,
        .file_root = instance->file_root,
        .clock = instance->clock,
        .log = instance_log_text,
        .log_context = instance,
        .program_root = instance->program_root,
    };
}

/* The kind of a port: its URI's scheme, else the strongest claim on its name. */
static uint32_t find_kind(struct instance *instance, const char *name, const char *uri,
                          const struct kind **kind)
{
    uint32_t error = uri ? uri_kind(&instance->kinds, uri, kind) : 0;
    if (!uri)
        *kind = kinds_by_name(&instance->kinds, name);
    return error || *kind ? error : PLATEN_NOT_SUPPORTED;
}

static uint32_t judge(struct instance *instance, const struct kind *kind, const char *name,
                      const char *text)
{
    struct uri uri;
    uint32_t error = manage_allowed(instance, kind);
    if (error)
        return error;
    error = manage_resolve(instance, kind, name, text, &uri);
    if (error)
        return error;
    struct platen_port_setup setup = manage_setup(instance, name, &uri);
    error = kind->ops.check ? kind->ops.check(&setup) : 0;
    uri_free(&uri);
    return error;
}

uint32_t manage_check_facts(struct instance *instance, const char *name, struct port_facts *facts)
{
    uint32_t error = find_kind(instance, name, facts->uri, &facts->kind);
    return error ? error : judge(instance, facts->kind, name, facts->uri);
}

uint32_t manage_check(struct instance *instance, const char16_t *name, const char *uri)
{
    char room[NAME_BYTES];
    struct port_facts facts = {.uri = uri};
    uint32_t error = name_check(name);
    return error ? error : manage_check_facts(instance, name_to8(name, room), &facts);
}

uint32_t manage_exists(struct instance *instance, const char16_t *name, bool *exists)
{
    *exists = ports_has(&instance->ports, name);
    if (*exists)
        return 0;
    return foreign_has(&instance->foreign, &instance->imports, &instance->ports, name, exists);
}

/* ---- add ----------------------------------------------------------------------------------- */

static uint32_t write_text(struct instance *instance, const struct port_entry *entry)
{
    char16_t *text = platen_text_new16(entry->uri ? entry->uri : "", SIZE_MAX);
    if (!text)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = store_put(&instance->store, entry->name.text, text);
    free(text);
    return error;
}

static uint32_t write_entry(struct instance *instance, const struct port_entry *entry,
                            const struct tcp_settings *settings)
{
    if (entry->kept == PORT_KEPT_AS_SETTINGS)
        return store_put_tcp(&instance->store, entry->name.text, settings);
    return entry->kept == PORT_KEPT_AS_TEXT ? write_text(instance, entry) : 0;
}

static uint32_t add_entry(struct instance *instance, const struct port_facts *facts,
                          const struct tcp_settings *settings)
{
    struct port_entry *entry;
    uint32_t error = ports_reserve(&instance->ports, facts, &entry);
    if (error)
        return error;
    error = write_entry(instance, entry, settings);
    if (error)
        ports_drop(&instance->ports, entry);
    else
        ports_commit(&instance->ports, entry);
    return error;
}

/* Ours is asked first, so that a name that we have is ALREADY_EXISTS whatever else is wrong. */
static uint32_t check_new_name(struct instance *instance, const char16_t *name)
{
    uint32_t error = name_check(name);
    if (error)
        return error;
    return ports_has(&instance->ports, name) ? PLATEN_ALREADY_EXISTS : 0;
}

/* A name that any monitor's port has is told first, also one that nobody here could serve (R65).
 * Others are asked only about ports that are to outlive us; ours were looked through before. */
static uint32_t check_new(struct instance *instance, struct port_facts *facts)
{
    char room[NAME_BYTES];
    bool exists = false;
    uint32_t error = facts->kept ? foreign_has(&instance->foreign, &instance->imports,
                                               &instance->ports, facts->name, &exists)
                                 : 0;
    if (error || exists)
        return exists ? PLATEN_ALREADY_EXISTS : error;
    return manage_check_facts(instance, name_to8(facts->name, room), facts);
}

static uint32_t add(struct instance *instance, struct port_facts *facts,
                    const struct tcp_settings *settings)
{
    uint32_t error = check_new(instance, facts);
    return error ? error : add_entry(instance, facts, settings);
}

static uint32_t added(struct instance *instance, const struct port_facts *facts, uint32_t error)
{
    char room[NAME_BYTES];
    if (error)
        instance_log(instance, PLATEN_LOG_INFO, "port %s cannot be added: error %u",
                     name_to8(facts->name, room), (unsigned)error);
    else
        instance_log(instance, PLATEN_LOG_INFO, "port %s added (%s)", name_to8(facts->name, room),
                     facts->kind->ops.name);
    return error;
}

uint32_t manage_add(struct instance *instance, const char16_t *name, const char *uri, bool stored)
{
    struct port_facts facts = {
        .name = name, .uri = uri, .kept = stored ? PORT_KEPT_AS_TEXT : PORT_NOT_KEPT};
    uint32_t error = check_new_name(instance, name);
    if (!error)
        error = add(instance, &facts, NULL);
    return added(instance, &facts, error);
}

/* Without a store, too, a name is refused that could not be stored. */
static uint32_t check_tcp_name(struct instance *instance, const char16_t *name)
{
    return store_is_key_name(name) ? check_new_name(instance, name) : PLATEN_INVALID_NAME;
}

uint32_t manage_add_tcp(struct instance *instance, const char16_t *name,
                        const struct tcp_settings *settings)
{
    char uri[TCP_URI_BYTES];
    char16_t description[TCP_URI_BYTES];
    struct port_facts facts = {.name = name, .uri = uri, .kept = PORT_KEPT_AS_SETTINGS};
    uint32_t error = check_tcp_name(instance, name);
    if (!error)
        error = tcp_uri(settings, uri);
    if (!error) {
        tcp_describe(uri, description);
        facts.description = description;
        facts.settings = settings;
        error = add(instance, &facts, settings);
    }
    return added(instance, &facts, error);
}

/* ---- delete -------------------------------------------------------------------------------- */

static uint32_t remove_entry(struct instance *instance, const struct port_entry *entry)
{
    if (entry->kept == PORT_KEPT_AS_SETTINGS)
        return store_remove_tcp(&instance->store, entry->name.text);
    return entry->kept ? store_remove(&instance->store, entry->name.text) : 0;
}

uint32_t manage_delete(struct instance *instance, const char16_t *name)
{
    struct port_entry *entry;
    char room[NAME_BYTES];
    uint32_t error = ports_leave(&instance->ports, name, &entry);
    if (error)
        return error;
    error = remove_entry(instance, entry);
    if (error) {
        ports_restore(&instance->ports, entry);
        instance_log(instance, PLATEN_LOG_WARNING, "port %s cannot be deleted: error %u",
                     name_to8(name, room), (unsigned)error);
        return error;
    }
    ports_drop(&instance->ports, entry);
    instance_log(instance, PLATEN_LOG_INFO, "port %s deleted", name_to8(name, room));
    return 0;
}

/* ---- at initialisation --------------------------------------------------------------------- */

/* A port that nobody adds: it is there. */
static uint32_t list_entry(struct instance *instance, const struct port_facts *facts)
{
    struct port_entry *entry;
    uint32_t error = ports_reserve(&instance->ports, facts, &entry);
    if (!error)
        ports_commit(&instance->ports, entry);
    return error;
}

struct builtin_ports {
    struct platen_enumeration enumeration; /* first: the backend gets a pointer to it */
    struct instance *instance;
    const struct kind *kind;
    uint32_t error;
};

static uint32_t add_found(struct builtin_ports *found, const char16_t *name,
                          const char16_t *description)
{
    struct port_facts facts = {
        .name = name, .kind = found->kind, .description = description, .builtin = true};
    return name_check(name) ? 0 : list_entry(found->instance, &facts);
}

static void add_builtin(struct platen_enumeration *to, const char *port_name,
                        const char *description)
{
    struct builtin_ports *found = (struct builtin_ports *)(void *)to;
    char16_t *name = platen_text_new16(port_name, SIZE_MAX);
    char16_t *text = platen_text_new16(description, SIZE_MAX);
    uint32_t error =
        name && (text || !description) ? add_found(found, name, text) : PLATEN_NOT_ENOUGH_MEMORY;
    if (error && error != PLATEN_ALREADY_EXISTS)
        found->error = error;
    free(text);
    free(name);
}

/* Of kinds with these capabilities. */
static uint32_t add_all_found(struct instance *instance, uint32_t capabilities)
{
    struct builtin_ports found = {.enumeration = {.add = add_builtin}, .instance = instance};
    for (size_t i = 0; i < instance->kinds.count && !found.error; i++) {
        found.kind = &instance->kinds.table[i];
        if (found.kind->ops.enumerate &&
            (found.kind->ops.capabilities & capabilities) == capabilities)
            found.kind->ops.enumerate(&found.enumeration);
    }
    return found.error;
}

uint32_t manage_add_builtin(struct instance *instance)
{
    return add_all_found(instance, 0);
}

void manage_add_plugged(struct instance *instance)
{
    uint32_t error = add_all_found(instance, PLATEN_PLUGGED);
    if (error)
        instance_log(instance, PLATEN_LOG_WARNING, "not all devices are listed: error %u",
                     (unsigned)error);
}

/* "Ne00:", "Ne-3:": redirected printers of a remote session, which Windows leaves in the list. */
static bool is_redirected(const char16_t *name)
{
    if (name[0] != u'N' || name[1] != u'e')
        return false;
    const char16_t *digit = name + 2 + (name[2] == u'-');
    const char16_t *end = digit;
    while (*end >= u'0' && *end <= u'9')
        end++;
    return end > digit && end[0] == u':' && end[1] == 0;
}

/* The settings of the line behind a port that its name leads to. Without them it is a port still.
 */
static uint32_t add_stored_line(struct instance *instance, const struct port_facts *facts,
                                char *uri)
{
    struct port_facts line = *facts;
    line.uri = uri;
    line.kept = PORT_KEPT_AS_LINE;
    uint32_t error = list_entry(instance, &line);
    if (error == PLATEN_ALREADY_EXISTS) {
        line.builtin = true;
        error = configure_builtin(instance, &line);
    }
    free(uri);
    return error;
}

/* Text without a known scheme is no URI: settings of another monitor's making, or an empty text. */
static uint32_t add_stored(struct instance *instance, const char16_t *name, const char *name8,
                           const char *text)
{
    struct port_facts facts = {.name = name, .uri = text, .kept = PORT_KEPT_AS_TEXT};
    char *line = NULL;
    const struct kind *by_name = kinds_by_name(&instance->kinds, name8);
    uint32_t error = by_name ? configure_line_text(instance, by_name, name8, text, &line) : 0;
    if (!error && line) {
        facts.kind = by_name;
        return add_stored_line(instance, &facts, line);
    }
    if (!error)
        error = uri_kind(&instance->kinds, text, &facts.kind);
    if (!error && !facts.kind) {
        facts.uri = NULL;
        error = find_kind(instance, name8, NULL, &facts.kind);
    }
    if (error)
        return error;
    instance->has_programs |= (facts.kind->ops.capabilities & PLATEN_RUNS_PROGRAMS) != 0;
    return list_entry(instance, &facts);
}

/* A bad entry is left out, and the first of a name stays (R9); only want of memory ends it all. */
static uint32_t left_out(struct instance *instance, const char *name8, uint32_t error)
{
    if (error == PLATEN_NOT_ENOUGH_MEMORY)
        return error;
    if (error && error != PLATEN_ALREADY_EXISTS)
        instance_log(instance, PLATEN_LOG_WARNING, "stored port %s left out: error %u", name8,
                     (unsigned)error);
    return 0;
}

static uint32_t add_stored_text(struct instance *instance, const char16_t *name, const char *text)
{
    char room[NAME_BYTES];
    const char *name8 = name_to8(name, room);
    uint32_t error = name_check(name);
    if (!error)
        error = add_stored(instance, name, name8, text);
    return left_out(instance, name8, error);
}

uint32_t manage_add_stored(void *context, const char16_t *name, const char16_t *text)
{
    if (is_redirected(name))
        return 0;
    char *text8 = platen_text_new8(text, SIZE_MAX);
    if (!text8)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = add_stored_text(context, name, text8);
    free(text8);
    return error;
}

static uint32_t add_stored_settings(struct instance *instance, const char16_t *name,
                                    const struct tcp_settings *settings)
{
    char uri[TCP_URI_BYTES];
    char16_t description[TCP_URI_BYTES];
    struct port_facts facts = {.name = name,
                               .uri = uri,
                               .description = description,
                               .settings = settings,
                               .kept = PORT_KEPT_AS_SETTINGS};
    uint32_t error = tcp_uri(settings, uri);
    if (!error)
        error = uri_kind(&instance->kinds, uri, &facts.kind);
    if (error)
        return error;
    tcp_describe(uri, description);
    return list_entry(instance, &facts);
}

uint32_t manage_add_stored_tcp(void *context, const char16_t *name,
                               const struct tcp_settings *settings)
{
    char room[NAME_BYTES];
    uint32_t error = name_check(name);
    if (!error)
        error = settings ? add_stored_settings(context, name, settings) : PLATEN_INVALID_DATA;
    return left_out(context, name_to8(name, room), error);
}
