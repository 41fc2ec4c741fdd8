/* SPDX-License-Identifier: MIT
 *
 * What a host can say to the harness: answers that were not asked for, calls back within calls, at
 * any depth, to a real spooler. The input begins with the calls that are made, a line each, and
 * behind a form feed stand the frames that come (wire.h). Where a call reaches the port monitor
 * below a language monitor, the next line is a call that is made from within.
 */
#include <stdlib.h>
#include <string.h>

#include "call/apply.h"
#include "fuzz.h"
#include "hosted/inside.h"
#include "spooler/carry.h"
#include "wire.h"

#define DEEP    24u
#define HANDLES 64u

static struct {
    struct platen_words *words;
    struct platen_built *built[DEEP];
    struct hosted hosted;
    struct hosted_seat *seat;
    struct hosted_lane *lane;
    struct fuzz_lines lines;
    unsigned deep;
    unsigned below; /* calls to the monitor below within each other */
    bool ended;     /* the connection is of no use any more */
    void (*run)(void *context, struct platen_call *call, uint16_t flags);
    HANDLE handles[HANDLES]; /* what key:0x1, printer:0x3 and so on mean; 0 and up: none */
    unsigned handle_count;
} parent;

static void make_calls(unsigned most);

/* ---- the monitor below ----------------------------------------------------------------------- */

/* As any monitor would it reads what its arguments say that there is: by shipping it. */
static void numbered_call(unsigned number, struct platen_call *call)
{
    (void)number;
    make_calls(1);
    if (parent.below < DEEP && !parent.ended) {
        parent.below++;
        platen_call_keep_given(call);
        parent.ended = platen_ship_call(parent.lane->ship, call, 0) != 0;
        parent.below--;
    }
    if (parent.ended) {
        platen_call_refuse(call, PLATEN_PROCESS_ABORTED);
    }
}

#define PLATEN_NUMBERED_EIGHT
#include "call/numbered.h"

static const MONITOR2 tables[] = {
#define PLATEN_NUMBERED_ROWS
#include "call/numbered.h"
};

static const MONITOR2 *find_table(void *context, uint64_t monitor)
{
    (void)context, (void)monitor;
    return &tables[0];
}

/* ---- calls back ------------------------------------------------------------------------------ */

static bool is_handle(enum platen_kind kind)
{
    return kind == PLATEN_KIND_KEY || kind == PLATEN_KIND_SPOOLER || kind == PLATEN_KIND_PRINTER;
}

static bool is_new(enum platen_kind kind)
{
    return kind == PLATEN_KIND_NEW_KEY || kind == PLATEN_KIND_NEW_PRINTER;
}

/* Small numbers stand for the handles that the spooler gave, so that an input can have them. */
static void run(void *context, struct platen_call *call, uint16_t flags)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    for (unsigned i = 0; i < slot.arg_count; i++) {
        uint64_t number = platen_call_arg(call, &slot.args[i]);
        if (is_handle(slot.args[i].kind) && number < parent.handle_count) {
            memcpy((unsigned char *)&call->args + slot.args[i].offset, &parent.handles[number],
                   sizeof(HANDLE));
        }
    }
    parent.run(context, call, flags);
    for (unsigned i = 0; i < slot.arg_count; i++) {
        const HANDLE *at = (const HANDLE *)(uintptr_t)platen_call_arg(call, &slot.args[i]);
        if (is_new(slot.args[i].kind) && at != NULL && parent.handle_count < HANDLES) {
            parent.handles[parent.handle_count++] = *at;
        }
    }
}

/* ---- calls ----------------------------------------------------------------------------------- */

static void free_tree(const struct platen_call *call)
{
    if (call->slot == PLATEN_SLOT_SendRecvBidiDataFromPort &&
        call->args.SendRecvBidiDataFromPort.ppResData != NULL) {
        platen_spooler_imports()->RouterFreeBidiResponseContainer(
            *call->args.SendRecvBidiDataFromPort.ppResData);
    }
}

static void make_call(const char *text, size_t length)
{
    static const struct platen_names names = {.table = find_table};
    struct platen_line line;
    struct platen_statement statement;
    struct platen_text_error error;
    struct platen_call call;
    struct platen_built *built = parent.built[parent.deep];
    if (!platen_words_read(parent.words, text, length, 1, &line, &error)) {
        return;
    }
    platen_statement_find(&line, NULL, &statement);
    if (statement.slot == PLATEN_SLOT_COUNT ||
        platen_slot_info(statement.slot).table > PLATEN_TABLE_MONITOR ||
        !platen_build(built, statement.slot, statement.arguments, &names, &call, &error)) {
        return;
    }
    uint16_t upper = call.slot == PLATEN_SLOT_OpenPortEx ? hosted_upper(&parent.hosted, &call) : 0;
    platen_call_keep_given(&call);
    parent.deep++;
    uint32_t failed = platen_ship_call(parent.lane->ship, &call, upper);
    parent.deep--;
    parent.ended = parent.ended || failed != 0;
    if (failed == 0) {
        FUZZ_ASSERT(platen_built_after(built, NULL) == 0);
        free_tree(&call);
    }
}

static void make_calls(unsigned most)
{
    size_t length;
    const char *text;
    while (most-- > 0 && !parent.ended && parent.deep < DEEP &&
           (text = fuzz_line_next(&parent.lines, &length)) != NULL) {
        make_call(text, length);
    }
}

/* ---- a monitor, so that there are keys and a printer ----------------------------------------- */

static BOOL WINAPI enum_ports(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                              LPDWORD needed, LPDWORD returned)
{
    static const WCHAR name[] = TEXT("P:");
    PORT_INFO_1W info = {NULL};
    (void)monitor, (void)server;
    *returned = 0;
    *needed = sizeof info + sizeof name;
    if (level != 1 || size < *needed) {
        return FALSE;
    }
    info.pName = (LPWSTR)(void *)(to + sizeof info);
    memcpy(to, &info, sizeof info);
    memcpy(to + sizeof info, name, sizeof name);
    *returned = 1;
    return TRUE;
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE port)
{
    (void)name;
    *port = monitor;
    return TRUE;
}

static BOOL WINAPI start_doc(HANDLE port, LPWSTR printer, DWORD job, DWORD level, LPBYTE doc)
{
    (void)port, (void)printer, (void)job, (void)level, (void)doc;
    return TRUE;
}

static BOOL WINAPI move_bytes(HANDLE port, LPBYTE bytes, DWORD size, LPDWORD moved)
{
    (void)port, (void)bytes;
    *moved = size;
    return TRUE;
}

static BOOL WINAPI end_it(HANDLE port)
{
    (void)port;
    return TRUE;
}

static BOOL WINAPI xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
{
    (void)object, (void)access;
    *xcv = monitor;
    return TRUE;
}

static DWORD WINAPI xcv_data(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    (void)xcv, (void)name, (void)in, (void)in_size, (void)out, (void)out_size;
    *needed = 0;
    return 0;
}

static VOID WINAPI shut_down(HANDLE monitor)
{
    (void)monitor;
}

static LPMONITOR2 WINAPI initialise(PMONITORINIT init, PHANDLE monitor)
{
    static MONITOR2 table = {
        .cbSize = sizeof table,
        .pfnEnumPorts = enum_ports,
        .pfnOpenPort = open_port,
        .pfnStartDocPort = start_doc,
        .pfnWritePort = move_bytes,
        .pfnReadPort = move_bytes,
        .pfnEndDocPort = end_it,
        .pfnClosePort = end_it,
        .pfnXcvOpenPort = xcv_open,
        .pfnXcvDataPort = xcv_data,
        .pfnXcvClosePort = end_it,
        .pfnShutdown = shut_down,
    };
    *monitor = &parent;
    parent.handles[1] = init->hckRegistryRoot;
    parent.handles[2] = init->hSpooler;
    parent.handle_count = 3;
    return &table;
}

static void release(void *context)
{
    (void)context;
}

static bool is_gone(void *context)
{
    (void)context;
    return false;
}

static void furnish(platen_spooler *spooler)
{
    static const struct platen_spooler_carrier carrier = {
        .entry.InitializePrintMonitor2 = initialise,
        .path = "fuzz",
        .release = release,
        .is_gone = is_gone,
    };
    parent.handle_count = 0;
    char *complaint = NULL;
    if (platen_spooler_carry(spooler, "fuzz", &carrier, &complaint) != 0) {
        fuzz_fail(complaint, __FILE__, __LINE__);
    }
    (void)platen_printer_add(spooler, "P", "P:");
}

/* ---- one host -------------------------------------------------------------------------------- */

static void begin(const uint8_t *frames, size_t size, unsigned word)
{
    if (parent.words == NULL) {
        parent.words = platen_words_new();
        for (unsigned i = 0; i < DEEP; i++) {
            parent.built[i] = platen_built_new();
        }
    }
    parent.deep = parent.below = 0;
    parent.ended = false;
    parent.hosted = (struct hosted){
        .name = (char *)(uintptr_t) "fuzz",
        .timeout = HOSTED_SECOND,
        .word = word,
        .uppers = {{.instance = (HANDLE)(uintptr_t)1, .table = tables[0]}},
        .upper_count = 1,
    };
    FUZZ_ASSERT(platen_spooler_create(NULL, &parent.hosted.spooler) == 0);
    furnish(parent.hosted.spooler);
    platen_os_mutex_init(&parent.hosted.lock);
    platen_os_cond_init(&parent.hosted.changed);
    parent.seat = hosted_seat_take(&parent.hosted);
    FUZZ_ASSERT(parent.seat != NULL);
    parent.lane = hosted_lane_new(&parent.hosted, fuzz_wire(frames, size, 0), 1);
    FUZZ_ASSERT(parent.lane != NULL);
    parent.lane->seat = parent.seat;
    parent.run = parent.lane->side.run;
    parent.lane->side.run = run;
}

static void end(void)
{
    hosted_lane_free(parent.lane);
    hosted_seat_drop(parent.seat);
    hosted_handles_free(&parent.hosted.handles);
    platen_os_cond_destroy(&parent.hosted.changed);
    platen_os_mutex_destroy(&parent.hosted.lock);
    platen_spooler_destroy(parent.hosted.spooler);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *rest;
    size_t rest_size;
    size_t frames_size;
    parent.lines = fuzz_lines(data, size, &rest, &rest_size);
    const uint8_t *frames = fuzz_wire_frames(rest, rest_size, &frames_size);
    begin(frames, frames_size, rest_size % 2 == 0 ? (unsigned)sizeof(void *) : 4);
    struct platen_lane *before = platen_lane_enter(platen_spooler_stranger(parent.hosted.spooler));
    make_calls(UINT32_MAX);
    if (!parent.ended) { /* as a thread of the monitor's own */
        (void)platen_ship_serve(parent.lane->ship, NULL);
    }
    platen_lane_enter(before);
    end();
    return 0;
}
