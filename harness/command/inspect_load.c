/* SPDX-License-Identifier: MIT
 *
 * What a module shows of itself when it is initialised. A table that a spooler refuses is seen all
 * the same: an observer is there before the spooler judges it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>
#include <platen/spooler.h>

#include "call/structs.h"
#include "command/hosting.h"
#include "command/inspect.h"
#include "command/session.h"
#include "os/clock.h"
#include "os/file.h"
#include "spooler/observe.h"

#define SECOND 1e9

struct loading {
    struct platen_observer observer; /* first: it is what the functions get */
    const struct arguments *arguments;
    bool narrow; /* its pointers have 32 bits */
    bool legacy; /* it has a MONITOREX, which ends before Shutdown */
    bool seen;   /* InitializePrintMonitor2 came back with: */
    bool has_table;
    MONITOR2 table;
    uint64_t instance;
    uint32_t last_error;
    uint64_t init; /* nanoseconds */
    uint64_t whole;
    uint32_t error; /* of loading */
};

/* ---- seeing it ------------------------------------------------------------------------------- */

static void before(struct platen_observer *observer, struct platen_call *call)
{
    (void)observer;
    (void)call;
}

static void after(struct platen_observer *observer, struct platen_call *call)
{
    struct loading *loading = (struct loading *)(void *)observer;
    const MONITOR2 *table = call->result.pointer;
    const HANDLE *instance = call->args.InitializePrintMonitor2.phMonitor;
    if (call->slot != PLATEN_SLOT_InitializePrintMonitor2) {
        return;
    }
    loading->seen = true;
    loading->has_table = table != NULL;
    loading->init = call->end - call->begin;
    loading->last_error = call->last_error;
    loading->instance = instance == NULL ? 0 : (uint64_t)(uintptr_t)*instance;
    if (table != NULL) {
        loading->table = *table;
    }
}

static void on_event(void *context, const struct platen_event *event)
{
    const struct loading *loading = context;
    tell_event(event, loading->arguments->values[OPTION_verbose] != NULL);
}

/* ---- the table ------------------------------------------------------------------------------- */

enum state { HAS, LACKS, BEYOND, STATES };

static enum state state_of(const struct loading *loading, const struct call_member *member)
{
    static const char nothing[sizeof(void *)];
    if (member->offset + sizeof nothing > loading->table.cbSize) {
        return BEYOND;
    }
    const char *at = (const char *)&loading->table + member->offset;
    return memcmp(at, nothing, sizeof nothing) == 0 ? LACKS : HAS;
}

/* As the module has it: the host gave the size that the table would have here. */
static uint32_t own_size(const struct loading *loading)
{
    const uint32_t head = (uint32_t)offsetof(MONITOR2, pfnEnumPorts);
    uint32_t size = loading->table.cbSize;
    if (!loading->narrow || size < head) {
        return size;
    }
    uint32_t wide = (uint32_t)sizeof(void *);
    return 4 + (size - head) / wide * 4 + (size - head) % wide;
}

static const char *generation(uint32_t size)
{
    static const struct {
        uint32_t size;
        const char *name;
    } list[] = {
        {PLATEN_MONITOR2_WIN2K, ", as Windows 2000 has it"},
        {PLATEN_MONITOR2_WINXP, ", as Windows XP has it"},
        {PLATEN_MONITOR2_WIN7, ", as Windows 7 has it"},
        {PLATEN_MONITOR2_WIN8, ", as Windows 8 and later have it"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        if (list[i].size == size) {
            return list[i].name;
        }
    }
    return ", which is no size that Windows has (R2)";
}

/* The names of one state, on a line of their own and in a list. */
static json_t *show_members(const struct loading *loading, enum state state, const char *head,
                            const char *note)
{
    size_t count;
    json_t *list = json_array();
    const struct call_member *members = call_table_members(PLATEN_TABLE_MONITOR, &count);
    for (size_t i = 0; i < count; i++) {
        bool is_there = !loading->legacy || members[i].offset < offsetof(MONITOR2, pfnShutdown);
        if (is_there && state_of(loading, &members[i]) == state) {
            printf("%s %s", json_array_size(list) == 0 ? head : "", members[i].name);
            json_array_append_new(list, json_string(members[i].name));
        }
    }
    if (json_array_size(list) > 0) {
        printf("%s\n", note);
    }
    return list;
}

static void show_table(const struct loading *loading, json_t *told)
{
    static const char *const heads[STATES] = {"  has      ", "  NULL     ", "  beyond   "};
    static const char *const notes[STATES] = {"", "", " (the table ends before)"};
    static const char *const keys[STATES] = {"members", "null", "beyond"};
    if (loading->legacy) {
        printf("  table     MONITOREX, whose functions know no instance\n");
    } else {
        printf("  table     MONITOR2 of %u bytes%s\n", (unsigned)own_size(loading),
               generation(loading->table.cbSize));
    }
    json_object_set_new(told, "table", json_string(loading->legacy ? "MONITOREX" : "MONITOR2"));
    json_object_set_new(told, "cbSize",
                        loading->legacy ? json_null()
                                        : json_integer((json_int_t)own_size(loading)));
    for (enum state state = HAS; state < STATES; state++) {
        json_object_set_new(told, keys[state],
                            show_members(loading, state, heads[state], notes[state]));
    }
    if (!loading->legacy) {
        char text[24];
        snprintf(text, sizeof text, "0x%llx", (unsigned long long)loading->instance);
        printf("  instance  %s\n", loading->instance == 0 ? "NULL" : text);
        json_object_set_new(told, "instance",
                            loading->instance == 0 ? json_null() : json_string(text));
    }
}

/* ---- ports ----------------------------------------------------------------------------------- */

static uint32_t show_ports(platen_spooler *spooler, const char *name, json_t *told)
{
    struct platen_port *ports;
    size_t count;
    json_t *list = json_array();
    uint32_t error = platen_spooler_ports(spooler, name, &ports, &count);
    if (error != 0) {
        printf("  ports     EnumPorts: %s\n", describe_error(error));
    } else {
        printf("  ports     %zu:", count);
        for (size_t i = 0; i < count; i++) {
            printf(" %s", printable(ports[i].name));
            json_array_append_new(list, report_text(ports[i].name));
        }
        printf("\n");
        platen_free(ports);
    }
    json_object_set_new(told, "ports", list);
    json_object_set_new(told, "ports_error", report_error(error));
    return error;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* One that lacks EnumPorts and has OpenPortEx stands over port monitors. */
static bool is_language(const struct loading *loading)
{
    const struct call_member enumerates = {"EnumPorts", offsetof(MONITOR2, pfnEnumPorts)};
    const struct call_member opens = {"OpenPortEx", offsetof(MONITOR2, pfnOpenPortEx)};
    return loading->has_table && state_of(loading, &enumerates) != HAS &&
           state_of(loading, &opens) == HAS;
}

static uint32_t load(struct loading *loading, platen_spooler *spooler, const char *name,
                     const char *path, char **complaint)
{
    uint64_t begin = platen_os_now();
    uint32_t error = hosting_load(loading->arguments, spooler, name, path, false, complaint);
    loading->whole = platen_os_now() - begin;
    if (error == PLATEN_INVALID_PRINT_MONITOR && is_language(loading)) {
        platen_free(*complaint);
        *complaint = NULL;
        error = hosting_load(loading->arguments, spooler, name, path, true, complaint);
    }
    return error;
}

static void show(const struct loading *loading, json_t *told)
{
    if (!loading->seen) {
        return;
    }
    printf("  loaded    in %.3f s, initialised in %.6f s%s\n", (double)loading->whole / SECOND,
           (double)loading->init / SECOND, is_language(loading) ? ", a language monitor" : "");
    json_object_set_new(told, "seconds", json_real((double)loading->whole / SECOND));
    json_object_set_new(told, "init_seconds", json_real((double)loading->init / SECOND));
    json_object_set_new(told, "language", json_boolean(is_language(loading)));
    if (loading->has_table) {
        show_table(loading, told);
    } else {
        printf("  table     NULL: %s\n", describe_error(loading->last_error));
        json_object_set_new(told, "table", json_null());
    }
}

static int load_and_show(struct loading *loading, platen_spooler *spooler, const char *path,
                         json_t *told)
{
    char name[256];
    char *complaint = NULL;
    platen_os_path_stem(path, name, sizeof name);
    loading->error = load(loading, spooler, name, path, &complaint);
    show(loading, told);
    json_object_set_new(told, "error", report_error(loading->error));
    json_object_set_new(told, "complaint", report_text(complaint));
    int status = hosting_status(loading->error);
    if (loading->error == 0 && !is_language(loading)) {
        status = hosting_status(show_ports(spooler, name, told)) == EXIT_CRASHED ? EXIT_CRASHED
                                                                                 : EXIT_OK;
    } else if (loading->error != 0) {
        printf("  loading   %s\n",
               complaint == NULL ? describe_error(loading->error) : printable(complaint));
    }
    platen_free(complaint);
    return status;
}

int inspect_load(const char *path, const struct platen_image *image,
                 const struct arguments *arguments, struct report *report)
{
    struct loading loading = {.observer = {.before = before, .after = after},
                              .arguments = arguments,
                              .legacy = platen_image_find(image, "InitializePrintMonitor2") == NULL,
                              .narrow = image->bits < sizeof(void *) * 8};
    const struct platen_spooler_options options = {
        .size = sizeof options, .on_event = on_event, .event_context = &loading};
    platen_spooler *spooler;
    json_t *told = json_pack("{s:s, s:o}", "event", "loaded", "file", report_text(path));
    uint32_t error = platen_spooler_create(&options, &spooler);
    if (error != 0) {
        complain("inspect: %s", describe_error(error));
        json_decref(told);
        return EXIT_HARNESS;
    }
    platen_spooler_observe(spooler, &loading.observer);
    fflush(stdout); /* before what the monitor may say */
    int status = load_and_show(&loading, spooler, path, told);
    platen_spooler_destroy(spooler);
    report_write(report, told);
    return status;
}
