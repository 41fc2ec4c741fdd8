/* SPDX-License-Identifier: MIT
 *
 * The trace of the process: one for all monitors that are recorded in it at a time.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/served.h"
#include "os/file.h"
#include "os/process.h"
#include "os/thread.h"
#include "record/record.h"
#include "trace/trace.h"

static void see_result(struct platen_observer *observer, struct platen_call *call);

static struct {
    platen_os_mutex lock;
    unsigned monitors;
    unsigned made; /* traces of this process so far */
    struct platen_trace *trace;
    struct platen_observer namer;              /* before the trace */
    struct platen_observer *_Atomic observers; /* NULL: there is no trace */
    atomic_uint lanes;
} journal = {.namer = {.after = see_result}};

static _Thread_local struct {
    struct platen_lane lane;
    char name[16];
    const struct record_settings *initialising;
} here;

static struct platen_lane *foreign_lane(HANDLE hSpooler)
{
    (void)hSpooler;
    return record_journal_lane('t');
}

void record_journal_prepare(void)
{
    platen_os_mutex_init(&journal.lock);
    platen_serve_foreign_threads(foreign_lane);
}

/* ---- the trace's life ------------------------------------------------------------------------ */

static bool is_there(const char *path)
{
    platen_os_file file;
    bool there = platen_os_file_open_read(path, &file) == 0;
    if (there) {
        platen_os_file_close(file);
    }
    return there;
}

/* In file names; a monitor may be called otherwise. */
static void put_name(const char *name, char *to, size_t size)
{
    snprintf(to, size, "%s", name);
    for (char *at = to; *at != '\0'; at++) {
        *at = *at < ' ' || strchr("\\/:*?\"<>|", *at) != NULL ? '_' : *at;
    }
}

/* A number that no trace has yet: another process may have had this one's. malloc'ed. */
static char *free_path(const struct record_settings *settings)
{
    char name[64];
    size_t size = strlen(settings->folder) + sizeof name + 64;
    char *path = malloc(size);

    put_name(settings->name, name, sizeof name);
    do {
        if (path != NULL) {
            snprintf(path, size, "%s/%s-%llu-%u.trace", settings->folder, name,
                     (unsigned long long)platen_os_process_id(), ++journal.made);
        }
    } while (path != NULL && is_there(path));
    return path;
}

static void create(const struct record_settings *settings)
{
    char *complaint = NULL;
    if (settings->folder == NULL || platen_os_make_folder(settings->folder) != 0) {
        return;
    }
    struct platen_trace_options options = {.path = free_path(settings), .outside = true};
    if (options.path != NULL && platen_trace_create(&options, &journal.trace, &complaint) == 0) {
        journal.namer.next = platen_trace_observer(journal.trace);
        atomic_store(&journal.observers, &journal.namer);
    }
    free(complaint);
    free((void *)(uintptr_t)options.path);
}

void record_journal_begin(const struct record_settings *settings)
{
    platen_os_mutex_lock(&journal.lock);
    if (journal.monitors++ == 0) {
        create(settings);
    }
    platen_os_mutex_unlock(&journal.lock);
}

void record_journal_end(void)
{
    char *complaint = NULL;

    platen_os_mutex_lock(&journal.lock);
    if (--journal.monitors == 0 && journal.trace != NULL) {
        atomic_store(&journal.observers, NULL);
        platen_trace_close(journal.trace, &complaint);
        journal.trace = NULL;
    }
    platen_os_mutex_unlock(&journal.lock);
    free(complaint);
}

void record_journal_last_words(void)
{
    if (atomic_load(&journal.observers) != NULL) {
        platen_trace_last_words(journal.trace);
    }
}

/* ---- what is in it --------------------------------------------------------------------------- */

void record_journal_line(const char *line)
{
    if (atomic_load(&journal.observers) != NULL) {
        platen_trace_line(journal.trace, line);
    }
}

/* Which kind of monitor it is, its table says (contract 1.1); the line of its initialisation comes
 * right behind. */
static void see_result(struct platen_observer *observer, struct platen_call *call)
{
    const MONITOR2 *table = call->result.pointer;
    const struct record_settings *settings = here.initialising;

    (void)observer;
    if (call->slot != PLATEN_SLOT_InitializePrintMonitor2 || settings == NULL) {
        return;
    }
    bool language = table != NULL && table->pfnOpenPort == NULL && table->pfnOpenPortEx != NULL;
    if (language) {
        platen_trace_language(journal.trace, settings->driver, settings->name);
    } else {
        platen_trace_monitor(journal.trace, settings->driver, settings->name, NULL, NULL);
    }
}

void record_journal_name(const struct record_settings *settings)
{
    here.initialising = settings;
}

struct platen_lane *record_journal_lane(char origin)
{
    if (here.lane.name == NULL) {
        snprintf(here.name, sizeof here.name, "%c%u", origin,
                 atomic_fetch_add(&journal.lanes, 1) + 1);
        here.lane.name = here.name;
    }
    if (here.lane.depth == 0) {
        here.lane.observers = atomic_load(&journal.observers);
    }
    return &here.lane;
}
