/* SPDX-License-Identifier: MIT
 *
 * What a harness can say to a host, whose own sources these are but for the threads and the module:
 * the monitor writes all over the memory that it is given, and answers nonsense. The input begins
 * with what it calls back, a line each, one in each of its calls; behind a form feed stand the
 * frames that come (wire.h).
 */
#include <string.h>

#include <platen/errors.h>

#include "call/apply.h"
#include "call/served.h"
#include "fuzz.h"
#include "host/host.h"
#include "wire.h"

#define DEEP 24u

static struct {
    struct platen_words *words;
    struct platen_built *built[DEEP];
    struct platen_ship *ship;
    struct fuzz_lines lines;
    unsigned deep;
    uint16_t upper;
    bool ended;
} host;

/* ---- in place of lane.c ---------------------------------------------------------------------- */

void host_ship(struct platen_call *call, uint16_t flags)
{
    platen_call_keep_given(call);
    host.ended = host.ended || platen_ship_call(host.ship, call, flags) != 0;
    if (host.ended) {
        platen_call_refuse(call, PLATEN_PROCESS_ABORTED);
    }
}

static bool takes(void *context, enum platen_slot slot, uint16_t flags)
{
    enum platen_table table = platen_slot_info(slot).table;
    (void)context;
    host.upper = flags;
    return table == PLATEN_TABLE_ENTRY || table == PLATEN_TABLE_MONITOR;
}

static const MONITOR2 *upper(void *context, uint64_t monitor)
{
    (void)context, (void)monitor;
    return host_upper(host.upper);
}

static bool other(void *context, const struct platen_frame *frame)
{
    (void)context;
    return frame->kind == PLATEN_FRAME_LOAD || frame->kind == PLATEN_FRAME_UNLOAD ||
           frame->kind == PLATEN_FRAME_ECHO;
}

/* ---- the monitor ----------------------------------------------------------------------------- */

static const void *table_of(enum platen_table table)
{
    const void *const tables[] = {
        [PLATEN_TABLE_MONITOR] = host_upper(1),
        [PLATEN_TABLE_REGISTRY] = &platen_served_registry,
        [PLATEN_TABLE_WINSPOOL] = &platen_served_imports,
    };
    return tables[table];
}

static void call_back(const char *text, size_t length)
{
    static const struct platen_names names = {.honest = true}; /* else the monitor crashes itself */
    struct platen_line line;
    struct platen_statement statement;
    struct platen_text_error error;
    struct platen_call call;
    struct platen_built *built = host.built[host.deep];
    if (!platen_words_read(host.words, text, length, 1, &line, &error)) {
        return;
    }
    platen_statement_find(&line, NULL, &statement);
    const void *table = statement.slot == PLATEN_SLOT_COUNT
                            ? NULL
                            : table_of(platen_slot_info(statement.slot).table);
    if (table == NULL ||
        !platen_build(built, statement.slot, statement.arguments, &names, &call, &error)) {
        return;
    }
    host.deep++;
    platen_call_run(&call, table);
    host.deep--;
    FUZZ_ASSERT(platen_built_after(built, NULL) == 0);
}

/* Numbers and handles have just their own room; of all else there is as much as can be reached. */
static size_t room_of(const struct platen_call *call, const struct platen_arg_info *arg,
                      const void *at)
{
    size_t small;
    size_t reach = platen_built_reach(call->built, at);
    if (reach == 0 || reach == SIZE_MAX ||
        (platen_built_attributes(call->built, at, &small) & PLATEN_ATTRIBUTE_readonly) != 0) {
        return 0;
    }
    bool block = arg->kind == PLATEN_KIND_NAME_OUT || arg->kind == PLATEN_KIND_DATA_OUT ||
                 arg->kind == PLATEN_KIND_PORT_INFO || arg->kind == PLATEN_KIND_JOB_INFO;
    size_t most = arg->kind == PLATEN_KIND_COUNT ? sizeof(DWORD) : sizeof(void *);
    return block || reach < most ? reach : most;
}

/* Nonsense in as many rows as that takes its time to be told, and is no other nonsense. */
static bool is_large(const struct platen_call *call)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    bool large = false;
    for (unsigned i = 0; i < slot.arg_count; i++) {
        large = large || (slot.args[i].kind == PLATEN_KIND_NUMBER &&
                          platen_call_arg(call, &slot.args[i]) > (1u << 20));
    }
    return large;
}

/* Everything that can be written through the call's arguments. */
static void scribble(const struct platen_call *call, int with)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    if (is_large(call)) {
        return;
    }
    for (unsigned i = 0; i < slot.arg_count; i++) {
        void *at = (void *)(uintptr_t)platen_call_arg(call, &slot.args[i]);
        if (at != NULL && slot.args[i].direction != PLATEN_IN) {
            memset(at, with, room_of(call, &slot.args[i], at));
        }
    }
}

static void run(void *context, struct platen_call *call, uint16_t flags)
{
    static const uint8_t patterns[] = {0x00, 0xff, 0x01, 0x41, 0x80};
    uint8_t with = patterns[flags % sizeof patterns];
    size_t length;
    (void)context;
    const char *text = host.deep < DEEP ? fuzz_line_next(&host.lines, &length) : NULL;
    if (text != NULL && !host.ended) {
        call_back(text, length);
    }
    scribble(call, with);
    call->result.code = with;
    call->last_error = with;
    if (platen_slot_info(call->slot).result == PLATEN_RESULT_TABLE) {
        call->result.pointer = (void *)(uintptr_t)host_upper(1);
    }
}

/* ---- one harness ----------------------------------------------------------------------------- */

static void begin(void)
{
    if (host.words == NULL) {
        host.words = platen_words_new();
        for (unsigned i = 0; i < DEEP; i++) {
            host.built[i] = platen_built_new();
        }
    }
    host.deep = 0;
    host.ended = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct platen_ship_side side = {
        .word = sizeof(void *),
        .beforehand = true,
        .takes = takes,
        .run = run,
        .monitor = upper,
        .readable = host_router_reach,
        .imports = &platen_served_imports,
    };
    const uint8_t *rest;
    size_t rest_size;
    size_t frames_size;
    begin();
    host.lines = fuzz_lines(data, size, &rest, &rest_size);
    const uint8_t *frames = fuzz_wire_frames(rest, rest_size, &frames_size);
    host.ship = platen_ship_new(fuzz_wire(frames, frames_size, 0), &side);
    FUZZ_ASSERT(host.ship != NULL);
    (void)platen_ship_serve(host.ship, other);
    platen_ship_free(host.ship);
    return 0;
}
