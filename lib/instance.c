/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "configure.h"
#include "imports.h"
#include "instance.h"
#include "manage.h"
#include "os/clock.h"
#include "os/module.h"
#include "port.h"
#include "provider.h"

enum {
    WRITE_MS = 45000, /* Windows' TransmissionRetryTimeout (D18) */
    READ_MS = 5000,
    START_MS = 30000,
    DRAIN_MS = 60000,
    SHUTDOWN_MS = 10000, /* for calls that do not heed a cancel */
    SHUTDOWN_ROUND_MS = 50
};

static uint64_t system_now(struct platen_clock *clock)
{
    (void)clock;
    return platen_os_now();
}

static void system_wait(struct platen_clock *clock, const uint32_t *word, uint32_t seen,
                        uint64_t until)
{
    (void)clock;
    platen_os_wait(word, seen, until);
}

static void system_wake(struct platen_clock *clock, const uint32_t *word)
{
    (void)clock;
    platen_os_wake(word);
}

static struct platen_clock system_clock = {
    .now = system_now,
    .wait = system_wait,
    .wake = system_wake,
};

uint64_t instance_now(const struct instance *instance)
{
    return instance->clock->now(instance->clock);
}

uint64_t instance_after(uint64_t now, uint64_t nanoseconds)
{
    return now > PLATEN_FOREVER - nanoseconds ? PLATEN_FOREVER : now + nanoseconds;
}

void instance_log_text(void *context, enum platen_log_level level, const char *text)
{
    struct instance *instance = context;
    char line[1024];
    if (!instance->log)
        return;
    platen_text_printable(text, strlen(text), line, sizeof(line));
    instance->log(instance->log_context, level, line);
}

void instance_log(struct instance *instance, enum platen_log_level level, const char *format, ...)
{
    char text[NAME_BYTES + 256]; /* a name and a sentence */
    va_list arguments;
    if (!instance->log)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    instance_log_text(instance, level, text);
}

/* ---- creation ------------------------------------------------------------------------------ */

static uint64_t nanoseconds(uint32_t milliseconds, uint32_t default_milliseconds)
{
    return (milliseconds ? milliseconds : default_milliseconds) * MILLISECOND;
}

static void take_options(struct instance *instance, const struct platen_monitor_options *options)
{
    imports_copy(&instance->imports, options->imports);
    instance->clock = options->clock ? options->clock : &system_clock;
    instance->log = options->log;
    instance->log_context = options->log_context;
    instance->providers = options->providers;
    instance->write_default = nanoseconds(options->write_timeout, WRITE_MS);
    atomic_init(&instance->write_timeout, instance->write_default);
    atomic_init(&instance->idle_polling, false);
    instance->read_timeout = nanoseconds(options->read_timeout, READ_MS);
    instance->start_timeout = nanoseconds(options->start_timeout, START_MS);
    instance->drain_timeout = nanoseconds(options->drain_timeout, DRAIN_MS);
}

static void destroy(void *object)
{
    struct instance *instance = object;
    if (instance->handle)
        imports_forget(&instance->imports);
    store_close(&instance->store);
    foreign_destroy(&instance->foreign);
    ports_destroy(&instance->ports);
    kinds_destroy(&instance->kinds);
    platen_os_mutex_destroy(&instance->members_mutex);
    free(instance->file_root);
    free(instance->program_root);
    free(instance);
}

/* Off unless whoever made the instance named a folder, or the administrator did in the registry:
 * Xcv cannot write that value. */
static uint32_t find_root(struct instance *instance, const char *chosen, const char16_t *value,
                          char **root)
{
    char16_t *stored = NULL;
    if (chosen) {
        size_t size = strlen(chosen) + 1;
        *root = malloc(size);
        if (*root)
            memcpy(*root, chosen, size);
        return *root ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
    }
    uint32_t error = store_get(&instance->store, value, &stored);
    if (error || !stored)
        return error;
    if (*stored) {
        *root = platen_text_new8(stored, SIZE_MAX);
        error = *root ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
    }
    free(stored);
    return error;
}

static uint32_t load_ports(struct instance *instance, const MONITORINIT *init)
{
    struct store_reader reader = {manage_add_stored, manage_add_stored_tcp, instance};
    uint32_t error = manage_add_builtin(instance);
    if (error)
        return error;
    error = store_open(&instance->store, init, &instance->imports, &reader);
    if (error)
        return error;
    if (!store_lasts(&instance->store))
        instance_log(instance, PLATEN_LOG_INFO,
                     "the spooler keeps no settings: ports that are added are lost at its end");
    return 0;
}

static uint32_t fill(struct instance *instance, const MONITORINIT *init,
                     const struct platen_monitor_options *options)
{
    const struct platen_backend *const *backends =
        options->backends ? options->backends : platen_backends();
    uint32_t error = kinds_create(&instance->kinds, backends);
    if (error)
        return error;
    error = load_ports(instance, init);
    if (!error)
        error = configure_load_retry(instance);
    if (!error)
        error = configure_load_polling(instance);
    if (!error)
        error = find_root(instance, options->file_root, u"FileRoot", &instance->file_root);
    if (!error && (options->program_root || instance->has_programs))
        error = find_root(instance, options->program_root, u"ProgramRoot", &instance->program_root);
    return error;
}

static uint32_t make(const MONITORINIT *init, const struct platen_monitor_options *options,
                     uintptr_t *handle)
{
    struct instance *instance = calloc(1, sizeof(*instance));
    if (!instance)
        return PLATEN_NOT_ENOUGH_MEMORY;
    take_options(instance, options);
    ports_init(&instance->ports);
    foreign_init(&instance->foreign);
    platen_os_mutex_init(&instance->members_mutex);
    uint32_t error = fill(instance, init, options);
    if (!error)
        error = handle_issue(HANDLE_INSTANCE, instance, destroy, &instance->handle);
    if (error) {
        destroy(instance);
        return error;
    }
    imports_remember(&instance->imports);
    *handle = instance->handle;
    return 0;
}

uint32_t instance_create(const MONITORINIT *init, const struct platen_monitor_options *options,
                         uintptr_t *handle)
{
    struct platen_monitor_options chosen = {0};
    *handle = 0;
    if (!init || init->cbSize < sizeof(*init))
        return PLATEN_INVALID_PARAMETER;
    if (options)
        memcpy(&chosen, options, options->size < sizeof(chosen) ? options->size : sizeof(chosen));
    if (!provider_check(chosen.providers))
        return PLATEN_INVALID_PARAMETER;
    return make(init, &chosen, handle);
}

/* ---- members and shutdown ------------------------------------------------------------------ */

static void append(struct instance *instance, struct member *member)
{
    member->previous = instance->last_member;
    member->next = NULL;
    if (member->previous)
        member->previous->next = member;
    else
        instance->members = member;
    instance->last_member = member;
}

static void take_out(struct instance *instance, struct member *member)
{
    if (member->previous)
        member->previous->next = member->next;
    else
        instance->members = member->next;
    if (member->next)
        member->next->previous = member->previous;
    else
        instance->last_member = member->previous;
}

void instance_enter(struct instance *instance, struct member *member)
{
    handle_hold(instance->handle);
    platen_os_mutex_lock(&instance->members_mutex);
    append(instance, member);
    platen_os_mutex_unlock(&instance->members_mutex);
}

void instance_leave(struct instance *instance, struct member *member)
{
    platen_os_mutex_lock(&instance->members_mutex);
    take_out(instance, member);
    platen_os_mutex_unlock(&instance->members_mutex);
    handle_release(instance->handle);
}

/* The next member that this round has not met, with one use; 0 when all have been met. Members wait
 * in a ring, so a round costs as many steps as there are members. */
static uintptr_t next_member(struct instance *instance, uint32_t round, enum handle_kind *kind,
                             void **object)
{
    uintptr_t handle = 0;
    platen_os_mutex_lock(&instance->members_mutex);
    while (!handle && instance->members && instance->members->round != round) {
        struct member *member = instance->members;
        take_out(instance, member);
        append(instance, member);
        member->round = round;
        *kind = member->kind;
        *object = handle_retire(member->handle, member->kind);
        if (!*object)
            *object = handle_hold(member->handle);
        if (*object)
            handle = member->handle;
    }
    platen_os_mutex_unlock(&instance->members_mutex);
    return handle;
}

static void close_members(struct instance *instance, uint32_t round)
{
    enum handle_kind kind;
    void *object;
    uintptr_t handle;
    while ((handle = next_member(instance, round, &kind, &object)) != 0) {
        if (kind == HANDLE_PORT)
            port_cancel(object);
        handle_release(handle);
    }
}

/* Where time is simulated, calls that were told to end come to it only if time goes on. */
static void let_time_pass(struct instance *instance)
{
    static const uint32_t nothing;

    if (instance->clock != &system_clock)
        instance->clock->wait(
            instance->clock, &nothing, 0,
            instance_after(instance_now(instance), SHUTDOWN_ROUND_MS * MILLISECOND));
}

/* A call that is stuck in the system, or in the spooler that is waiting for us, cannot be waited
 * for: it then frees the instance when it comes back, and the module stays loaded for it. */
void instance_shutdown(uintptr_t handle)
{
    struct instance *instance = handle_retire(handle, HANDLE_INSTANCE);
    if (!instance)
        return;
    uint64_t now = platen_os_now();
    uint64_t until = now + SHUTDOWN_MS * MILLISECOND;
    uint32_t round = 0;
    bool alone;
    do {
        close_members(instance, ++round);
        alone = handle_wait_alone(handle, now + SHUTDOWN_ROUND_MS * MILLISECOND);
        if (!alone)
            let_time_pass(instance);
        now = platen_os_now();
    } while (!alone && now < until);
    if (!alone) {
        instance_log(instance, PLATEN_LOG_ERROR, "a call does not return: the module stays loaded");
        platen_os_module_pin(&system_clock);
    }
    handle_release(handle);
}
