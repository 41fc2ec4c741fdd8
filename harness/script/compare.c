/* SPDX-License-Identifier: MIT
 *
 * What $name stands for in calls, and what a call brought back beside what was expected of it.
 */
#include <stdio.h>
#include <string.h>

#include "call/router.h"
#include "call/router.h"
#include "device/sha256.h"
#include "script/calls.h"
#include "script/trace.h"

void script_sha256(void *context, const void *data, size_t size, char text[65])
{
    struct device_sha256 digest;
    (void)context;
    device_sha256_begin(&digest);
    device_sha256_take(&digest, data, size);
    device_sha256_end(&digest, text);
}

/* ---- names ----------------------------------------------------------------------------------- */

static bool handle_of(void *context, enum platen_kind kind, const char *name, size_t length,
                      uint64_t *bits)
{
    struct script_lane *lane = context;
    bool found = false;

    platen_os_mutex_lock(&lane->test->lock);
    const struct script_name *at = script_name_find(lane->test, name, length);
    if (at != NULL && at->sort == SCRIPT_HANDLE && at->is.handle.kind == kind) {
        *bits = at->is.handle.bits;
        found = true;
    }
    platen_os_mutex_unlock(&lane->test->lock);
    return found;
}

/* A name that a trace never gave out stands for bits that nobody gave out. */
static bool any_handle_of(void *context, enum platen_kind kind, const char *name, size_t length,
                          uint64_t *bits)
{
    const struct script_lane *lane = context;
    if (handle_of(context, kind, name, length, bits)) {
        return true;
    }
    *bits = UINT64_C(0xbad0000) + length;
    return lane->test->replay != NULL;
}

/* What comes out beside a $name is compared with a handle that is open, and takes its place
 * otherwise: names are used again in every turn of a loop. */
static bool open_handle_of(void *context, enum platen_kind kind, const char *name, size_t length,
                           uint64_t *bits)
{
    struct script_lane *lane = context;
    platen_os_mutex_lock(&lane->test->lock);
    const struct script_name *at = script_name_find(lane->test, name, length);
    bool closed = at == NULL || at->sort != SCRIPT_HANDLE || at->is.handle.closed;
    platen_os_mutex_unlock(&lane->test->lock);
    return !closed && lane->test->replay == NULL && handle_of(context, kind, name, length, bits);
}

static bool bind(void *context, enum platen_kind kind, const char *name, size_t length,
                 uint64_t bits)
{
    struct script_lane *lane = context;
    platen_os_mutex_lock(&lane->test->lock);
    struct script_name *made = script_name_make(lane->test, name, length);
    if (made != NULL) {
        made->sort = SCRIPT_HANDLE;
        made->is.handle.kind = kind;
        made->is.handle.bits = bits;
    }
    platen_os_mutex_unlock(&lane->test->lock);
    return made != NULL;
}

/* The newest open handle of the lane, else of the run. */
static const struct script_open *newest_open(struct script_lane *lane, enum platen_kind kind)
{
    const struct script_open *any = NULL;
    for (const struct script_open *at = lane->test->opens; at != NULL; at = at->next) {
        if (at->kind == kind && at->lane == lane) {
            return at;
        }
        any = any == NULL && at->kind == kind ? at : any;
    }
    return any;
}

static bool newest(void *context, enum platen_slot slot, const struct platen_arg_info *arg,
                   enum platen_kind kind, uint64_t *bits)
{
    struct script_lane *lane = context;
    bool found = false;

    if (kind == PLATEN_KIND_MONITOR) {
        bool language = slot == PLATEN_SLOT_OpenPortEx && strcmp(arg->name, "hMonitor") == 0;
        const struct script_monitor *monitor = script_monitor_newest(lane, language);
        *bits = monitor == NULL ? 0 : (uint64_t)(uintptr_t)monitor->instance;
        return monitor != NULL;
    }
    platen_os_mutex_lock(&lane->test->lock);
    const struct script_open *open = newest_open(lane, kind);
    if (open != NULL) {
        *bits = open->bits;
        found = true;
    }
    platen_os_mutex_unlock(&lane->test->lock);
    return found;
}

static bool stream_of(void *context, const char *name, size_t length, uint64_t offset,
                      uint64_t *count, const void **bytes)
{
    return script_stream_bytes(context, name, length, offset, count, bytes);
}

const struct script_monitor *script_monitor_by_bits(struct script_lane *lane, uint64_t bits)
{
    const struct script_monitor *any = NULL;
    for (const struct script_monitor *at = lane->test->monitors; at != NULL; at = at->next) {
        bool same = !at->ended && (uint64_t)(uintptr_t)at->instance == bits;
        if (same && at->spooler == lane->spooler) {
            return at;
        }
        any = any == NULL && same ? at : any;
    }
    return any;
}

static const MONITOR2 *table_of(void *context, uint64_t bits)
{
    struct script_lane *lane = context;
    platen_os_mutex_lock(&lane->test->lock);
    const struct script_monitor *monitor = script_monitor_by_bits(lane, bits);
    platen_os_mutex_unlock(&lane->test->lock);
    return monitor == NULL ? NULL : monitor->table;
}

static const struct platen_word *variable_of(void *context, const char *name, size_t length)
{
    return script_variable(context, name, length);
}

struct platen_names script_names_of(struct script_lane *lane)
{
    return (struct platen_names){
        .context = lane,
        .handle = any_handle_of,
        .newest = newest,
        .stream = stream_of,
        .table = table_of,
        .variable = variable_of,
    };
}

/* ---- what came back -------------------------------------------------------------------------- */

static bool name_of_handle(void *context, enum platen_kind kind, uint64_t value, char *to,
                           size_t size)
{
    struct script_lane *lane = context;
    bool found = false;

    kind = platen_kind_of_handle(kind);
    platen_os_mutex_lock(&lane->test->lock);
    for (unsigned row = 0; row < SCRIPT_NAME_ROWS && !found; row++) {
        for (struct script_name *at = lane->test->names[row]; at != NULL && !found; at = at->next) {
            found = at->sort == SCRIPT_HANDLE && at->is.handle.kind == kind &&
                    at->is.handle.bits == value && at->length + 2 <= size;
            if (found) {
                snprintf(to, size, "$%s", at->name);
            }
        }
    }
    platen_os_mutex_unlock(&lane->test->lock);
    return found;
}

/* Of an answer to a bidi request. */
static size_t reach(void *context, const void *at)
{
    const void *begin;
    size_t size;
    (void)context;
    bool found = platen_router_block(at, &begin, &size);
    return found ? size - (size_t)((uintptr_t)at - (uintptr_t)begin) : 0;
}

void script_form(struct script_lane *lane, struct platen_call_form *form)
{
    *form = (struct platen_call_form){
        .name = name_of_handle, .context = lane, .inline_bytes = 64, .rows = 20, .readable = reach};
}

/* A number that comes back beside a $name that stands for nothing gives it its value. */
static void bind_numbers(struct script_lane *lane, const struct platen_word *right,
                         const struct platen_call *call)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    for (const struct platen_word *word = right; word != NULL; word = word->next) {
        char name[128];
        if (word->kind != PLATEN_WORD_NAME || word->name == NULL || word->either != NULL ||
            word->length >= sizeof name || script_is_name(lane, word->at, word->length)) {
            continue;
        }
        for (unsigned i = 0; i < slot.arg_count; i++) {
            const struct platen_arg_info *arg = &slot.args[i];
            if (arg->kind == PLATEN_KIND_COUNT && strlen(arg->name) == word->name_length &&
                memcmp(arg->name, word->name, word->name_length) == 0 &&
                platen_call_arg(call, arg) != 0) {
                memcpy(name, word->at, word->length);
                name[word->length] = '\0';
                script_set_number(lane->test, name, platen_call_number(call, arg->offset));
            }
        }
    }
}

static void describe(const struct platen_difference *list, size_t count, char *to, size_t size)
{
    size_t used = 0;
    *to = '\0';
    for (size_t i = 0; i < count && used < size; i++) {
        used += (size_t)snprintf(to + used, size - used, "%s%s: expected %.80s, got %.80s",
                                 i == 0 ? "" : "; ", list[i].name, list[i].expected, list[i].got);
    }
}

static const char *line_end(const struct platen_word *word)
{
    while (word->next != NULL) {
        word = word->next;
    }
    return word->raw + word->raw_length;
}

void script_match_form(struct script_lane *lane, struct platen_match_form *form,
                       struct platen_names *names, struct platen_call_form *print, bool out)
{
    *names = script_names_of(lane);
    names->handle = out ? open_handle_of : handle_of;
    script_form(lane, print);
    *form = (struct platen_match_form){
        .names = names,
        .bind = bind,
        .context = lane,
        .sha256 = script_sha256,
        .print = print,
        .trace = lane->test->replay != NULL,
    };
}

static const struct script_monitor *monitor_of_open(struct script_lane *lane, enum platen_kind kind,
                                                    uint64_t bits)
{
    for (const struct script_open *at = lane->test->opens; at != NULL; at = at->next) {
        if (at->kind == kind && at->bits == bits) {
            return at->monitor;
        }
    }
    return NULL;
}

const struct script_monitor *script_monitor_of(struct script_lane *lane,
                                               const struct platen_word *arguments)
{
    static const struct {
        const char *name;
        enum platen_kind kind;
    } handles[] = {
        {"hPort", PLATEN_KIND_PORT}, {"hXcv", PLATEN_KIND_XCV}, {"hMonitor", PLATEN_KIND_MONITOR}};
    const struct script_monitor *monitor = NULL;

    for (size_t i = 0; i < sizeof handles / sizeof *handles && monitor == NULL; i++) {
        const struct platen_word *word = platen_word_named(arguments, handles[i].name);
        uint64_t bits = 0; /* of a monitor that has none (R26) */
        bool none = handles[i].kind == PLATEN_KIND_MONITOR && platen_word_is(word, "NULL");
        if (!none && (word == NULL || word->kind != PLATEN_WORD_NAME ||
                      !handle_of(lane, handles[i].kind, word->at, word->length, &bits))) {
            continue;
        }
        platen_os_mutex_lock(&lane->test->lock);
        monitor = handles[i].kind == PLATEN_KIND_MONITOR
                      ? script_monitor_by_bits(lane, bits)
                      : monitor_of_open(lane, handles[i].kind, bits);
        platen_os_mutex_unlock(&lane->test->lock);
    }
    return monitor;
}

bool script_compare_call(struct script_lane *lane, const struct platen_word *right,
                         const struct platen_call *call)
{
    struct platen_names names;
    struct platen_call_form print;
    struct platen_match_form form;
    const struct platen_difference *list = NULL;
    char got[2048];
    char text[1024];

    script_match_form(lane, &form, &names, &print, true);
    bind_numbers(lane, right, call);
    size_t count = platen_match(lane->matcher, right, call, &form, &list);
    if (count == 0 && lane->test->replay != NULL) {
        atomic_fetch_add(&lane->test->checks, 1); /* a million of them are not told one by one */
        return true;
    }
    if (lane->test->replay != NULL && !script_replay_tells(lane->test->replay)) {
        return false;
    }
    platen_call_print_right(call, &print, got, sizeof got);
    describe(list, count, text, sizeof text);
    const char *begin = right->name != NULL ? right->name : right->raw;
    script_tell_check(lane, &(struct script_told){
                                .verdict = count == 0 ? PLATEN_REPORT_PASS : PLATEN_REPORT_FAIL,
                                .column = count == 0 ? 0 : list[0].column,
                                .expected = begin,
                                .expected_length = (size_t)(line_end(right) - begin),
                                .got = got,
                                .text = count == 0 ? NULL : text,
                            });
    return count == 0;
}
