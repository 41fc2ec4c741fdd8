/* SPDX-License-Identifier: MIT
 *
 * Calls at call level: words to arguments, the call itself, and what it opened and closed.
 */
#include <stdlib.h>
#include <string.h>

#include "call/router.h"
#include "os/text.h"
#include "script/calls.h"
#include "spooler/shadow.h"

#define PRINTER_NAME "Platen" /* of a StartDocPort that names none */

/* ---- whose call it is ------------------------------------------------------------------------ */

static uint64_t handle_argument(const struct platen_call *call, enum platen_kind *kind)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    for (unsigned i = 0; i < slot.arg_count; i++) {
        enum platen_kind of = slot.args[i].kind;
        if (of == PLATEN_KIND_MONITOR || of == PLATEN_KIND_PORT || of == PLATEN_KIND_XCV) {
            *kind = of;
            return platen_call_arg(call, &slot.args[i]);
        }
    }
    *kind = PLATEN_KIND_MONITOR;
    return 0;
}

/* The monitor that the call's handle is of; one that nobody gave out goes to the newest. */
static const struct script_monitor *monitor_of(struct script_lane *lane,
                                               const struct platen_call *call)
{
    enum platen_kind kind;
    uint64_t bits = handle_argument(call, &kind);
    const struct script_monitor *monitor = NULL;

    platen_os_mutex_lock(&lane->test->lock);
    if (kind == PLATEN_KIND_MONITOR) {
        monitor = script_monitor_by_bits(lane, bits);
    }
    for (struct script_open *at = lane->test->opens; at != NULL && monitor == NULL; at = at->next) {
        if (at->kind == kind && at->bits == bits) {
            monitor = at->monitor;
        }
    }
    platen_os_mutex_unlock(&lane->test->lock);
    if (monitor == NULL) {
        monitor = script_monitor_newest(lane, false);
    }
    return monitor != NULL ? monitor : script_monitor_newest(lane, true);
}

/* Is there such a function in the table? */
static bool has_function(const MONITOR2 *table, enum platen_slot slot)
{
    static const size_t offsets[PLATEN_SLOT_COUNT] = {
#define AT_MONITOR(slot)  offsetof(MONITOR2, pfn##slot)
#define AT_ENTRY(slot)    0
#define AT_REGISTRY(slot) 0
#define AT_WINSPOOL(slot) 0
#define FIRST(type, name, kind, direction, size, count)
#define ARG(type, name, kind, direction, size, count)
#define PLATEN_SLOT(table, result, slot, members) [PLATEN_SLOT_##slot] = AT_##table(slot),
#include "call/slots.def"
#undef PLATEN_SLOT
#undef FIRST
#undef ARG
    };
    void *function;
    memcpy(&function, (const char *)table + offsets[slot], sizeof function);
    return offsets[slot] != 0 && function != NULL;
}

/* ---- what a call opens and closes ------------------------------------------------------------ */

static bool succeeded(const struct platen_call *call)
{
    bool code = platen_slot_info(call->slot).result == PLATEN_RESULT_CODE;
    return code ? call->result.code == 0 : call->result.code != 0;
}

static void note_open(struct script_lane *lane, const struct platen_call *call,
                      const struct script_monitor *monitor)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    for (unsigned i = 0; i < slot.arg_count; i++) {
        enum platen_kind kind = slot.args[i].kind;
        const HANDLE *at = (const HANDLE *)(uintptr_t)platen_call_arg(call, &slot.args[i]);
        if ((kind != PLATEN_KIND_NEW_PORT && kind != PLATEN_KIND_NEW_XCV) || at == NULL) {
            continue;
        }
        struct script_open *open = calloc(1, sizeof *open);
        if (open == NULL) {
            return;
        }
        *open = (struct script_open){.kind = platen_kind_of_handle(kind),
                                     .bits = (uint64_t)(uintptr_t)*at,
                                     .monitor = monitor,
                                     .lane = lane};
        platen_os_mutex_lock(&lane->test->lock);
        open->next = lane->test->opens;
        lane->test->opens = open;
        platen_os_mutex_unlock(&lane->test->lock);
    }
}

static struct script_open *find_open(struct script_test *test, enum platen_kind kind, uint64_t bits)
{
    struct script_open *at = test->opens;
    while (at != NULL && (at->kind != kind || at->bits != bits)) {
        at = at->next;
    }
    return at;
}

/* With the lock: the handle is closed, and its names may be given again. */
static void forget_open(struct script_test *test, enum platen_kind kind, uint64_t bits)
{
    struct script_open **at = &test->opens;
    while (*at != NULL && ((*at)->kind != kind || (*at)->bits != bits)) {
        at = &(*at)->next;
    }
    if (*at != NULL) {
        struct script_open *gone = *at;
        *at = gone->next;
        free(gone);
    }
    for (unsigned row = 0; row < SCRIPT_NAME_ROWS && test->replay == NULL; row++) {
        for (struct script_name *name = test->names[row]; name != NULL; name = name->next) {
            if (name->sort == SCRIPT_HANDLE && name->is.handle.kind == kind &&
                name->is.handle.bits == bits) {
                name->is.handle.closed = true;
            }
        }
    }
}

static void note_job(struct script_lane *lane, const struct platen_call *call, bool begins)
{
    enum platen_kind kind;
    uint64_t bits = handle_argument(call, &kind);
    uint32_t job = 0;

    platen_os_mutex_lock(&lane->test->lock);
    struct script_open *open = find_open(lane->test, kind, bits);
    if (open != NULL) {
        job = begins ? 0 : open->job;
        open->job = begins ? lane->shadow : 0;
        open->in_job = begins;
    }
    platen_os_mutex_unlock(&lane->test->lock);
    if (job != 0) {
        platen_shadow_end_job(lane->spooler->spooler, job);
    }
}

static void note_call(struct script_lane *lane, const struct platen_call *call,
                      const struct script_monitor *monitor)
{
    enum platen_kind kind;
    uint64_t bits = handle_argument(call, &kind);

    if (call->slot == PLATEN_SLOT_EndDocPort) {
        note_job(lane, call, false);
    }
    if (!succeeded(call)) {
        return;
    }
    if (call->slot == PLATEN_SLOT_StartDocPort) {
        note_job(lane, call, true);
    } else if (call->slot == PLATEN_SLOT_ClosePort || call->slot == PLATEN_SLOT_XcvClosePort) {
        platen_os_mutex_lock(&lane->test->lock);
        forget_open(lane->test, kind, bits);
        platen_os_mutex_unlock(&lane->test->lock);
    } else {
        note_open(lane, call, monitor);
    }
}

/* ---- StartDocPort: a job that OpenPrinter and GetJob know -------------------------------------
 */

static void put_text8(const WCHAR *text, char *to, size_t size)
{
    *to = '\0';
    if (text != NULL) {
        platen_text_to8((const char16_t *)(const void *)text, SIZE_MAX, to, size);
    }
}

/* Can nobody look at it? What is only taken away after the call can be looked at before. */
static bool is_wrong(const struct platen_call *call, const void *at)
{
    const unsigned later = PLATEN_ATTRIBUTE_poison | PLATEN_ATTRIBUTE_readonly;
    return (platen_built_attributes(call->built, at, NULL) & ~later) != 0;
}

/* GetJob says what the document is called, unless the name is wrong on purpose. */
static void name_document(struct script_lane *lane, const struct platen_call *call)
{
    const struct platen_args_StartDocPort *args = &call->args.StartDocPort;
    const DOC_INFO_1W *document = (const DOC_INFO_1W *)(const void *)args->pDocInfo;
    char title[1024];
    char type[64];

    if (document == NULL || lane->shadow == 0 || args->Level < 1 || args->Level > 2 ||
        is_wrong(call, document) || is_wrong(call, document->pDocName) ||
        is_wrong(call, document->pDatatype)) {
        return;
    }
    put_text8(document->pDocName, title, sizeof title);
    put_text8(document->pDatatype, type, sizeof type);
    platen_shadow_document(lane->spooler->spooler, lane->shadow, title,
                           document->pDatatype == NULL ? NULL : type);
}

static void prepare_job(struct script_lane *lane, const struct platen_word *arguments,
                        struct platen_call *call)
{
    static WCHAR printer[] = TEXT("Platen"); /* PRINTER_NAME */
    static WCHAR title[] = TEXT("document");
    static DOC_INFO_1W document = {.pDocName = title};
    struct platen_args_StartDocPort *args = &call->args.StartDocPort;
    platen_spooler *spooler = lane->spooler->spooler;
    char name[512] = PRINTER_NAME;

    lane->shadow = 0;
    if (platen_word_named(arguments, "pPrinterName") == NULL) {
        platen_shadow_printer(spooler, PRINTER_NAME);
        args->pPrinterName = printer;
    } else if (args->pPrinterName == NULL || call->built == NULL ||
               is_wrong(call, args->pPrinterName)) {
        return; /* wrong on purpose: no name to look at */
    } else {
        put_text8(args->pPrinterName, name, sizeof name);
    }
    if (platen_word_named(arguments, "pDocInfo") == NULL) {
        args->pDocInfo = (LPBYTE)&document;
    }
    if (platen_word_named(arguments, "JobId") == NULL) {
        uint32_t id = 0;
        platen_shadow_job(spooler, name, 0, &id);
        args->JobId = id;
        lane->shadow = id;
    } else if (platen_shadow_job(spooler, name, args->JobId, NULL) == 0) {
        lane->shadow = args->JobId;
    }
    if (platen_word_named(arguments, "pDocInfo") != NULL) {
        name_document(lane, call);
    }
}

/* Did the monitor write where it was given nothing? */
static void check_canaries(struct script_lane *lane)
{
    const char *const *names = NULL;
    size_t count = platen_built_after(lane->built, &names);
    char text[256];

    for (size_t i = 0; i < count; i++) {
        snprintf(text, sizeof text, "memory beside %s was written to", names[i]);
        script_tell_check(lane, &(struct script_told){
                                    .verdict = PLATEN_REPORT_FAIL,
                                    .expected = "nothing is written outside of the buffer",
                                    .expected_length = SIZE_MAX,
                                    .got = text,
                                });
    }
}

/* An answer to a bidi request is its caller's to free (R74). */
static void free_answer(const struct platen_call *call)
{
    PBIDI_RESPONSE_CONTAINER *at = call->args.SendRecvBidiDataFromPort.ppResData;
    if (call->slot == PLATEN_SLOT_SendRecvBidiDataFromPort && at != NULL && *at != NULL &&
        platen_built_reach(call->built, at) >= sizeof *at) {
        platen_router_free_container(*at);
    }
}

/* The number that the listener gave its line. */
static size_t run_call(struct script_lane *lane, struct platen_call *call, const MONITOR2 *table)
{
    const struct script_listener *listener = lane->test->run->listener;
    size_t number = listener == NULL ? 0 : listener->entering(listener->context, lane, call);
    platen_call_run(call, table);
    if (listener != NULL) {
        listener->ran(listener->context, lane, call);
    }
    return number;
}

bool script_run_call(struct script_lane *lane, const struct script_statement *statement)
{
    const struct platen_statement *parts = &statement->parts;
    const struct script_listener *listener = lane->test->run->listener;
    struct platen_names names = script_names_of(lane);
    struct platen_call call;

    if (script_spooler_of(lane) == NULL) {
        return false;
    }
    if (!platen_build(lane->built, parts->slot, parts->arguments, &names, &call, &lane->error)) {
        script_break_error(lane);
        return false;
    }
    const struct script_monitor *monitor = monitor_of(lane, &call);
    if (monitor == NULL || !has_function(monitor->table, parts->slot)) {
        script_break_line(lane, monitor == NULL ? "there is no monitor" : "the monitor has no %s",
                          platen_slot_info(parts->slot).name);
        return false;
    }
    if (lane->test->replay != NULL) {
        script_lane_turn(lane, monitor->spooler); /* a trace's lanes are of all spoolers */
    }
    if (parts->slot == PLATEN_SLOT_StartDocPort) {
        prepare_job(lane, parts->arguments, &call);
    }
    call.lane = &lane->lane;
    size_t number = run_call(lane, &call, monitor->table);
    check_canaries(lane);
    note_call(lane, &call, monitor);
    if (statement->line.right != NULL) {
        script_compare_call(lane, statement->line.right, &call);
    }
    if (listener != NULL) {
        listener->compared(listener->context, lane, &call, number);
    }
    free_answer(&call);
    return !script_is_over(lane->test);
}
