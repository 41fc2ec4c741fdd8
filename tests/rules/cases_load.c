/* SPDX-License-Identifier: MIT
 *
 * The module, its export, its function table, and that nobody has to be there (R1 to R3, R10).
 */
#include <stdlib.h>
#include <string.h>

#include "break.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/lasterror.h"
#include "os/module.h"

#define LAST   ((unsigned)platen_os_get_last_error())
#define ADMIN  SERVER_ACCESS_ADMINISTER
#define SECOND UINT64_C(1000000000)

/* ---- R1 ----------------------------------------------------------------------------------------
 */

typedef LPMONITOR2(WINAPI *entry_point)(PMONITORINIT init, PHANDLE monitor);

/* The export is looked up by its bare name; and it is what it says it is. */
static void exported(struct trial *t)
{
    platen_os_module *module;
    HANDLE monitor = NULL;
    char *complaint = NULL;
    uint32_t error = platen_os_module_load(t->module, &module, &complaint);
    if (!KEPT(t, error == 0, "%s cannot be loaded: %u, %s", t->module, (unsigned)error,
              complaint == NULL ? "" : complaint)) {
        free(complaint);
        return;
    }
    entry_point entry = (entry_point)platen_os_module_function(module, "InitializePrintMonitor2");
    if (KEPT(t, entry != NULL, "no InitializePrintMonitor2 is exported")) {
        LPMONITOR2 table = entry(&t->init, &monitor);
        if (KEPT(t, table != NULL && table->pfnShutdown != NULL, "the export makes no monitor")) {
            table->pfnShutdown(monitor);
        }
    }
    platen_os_module_unload(module);
}

static void has_an_underscore(MONITOR2 *table)
{
    (void)table;
    trial_now_running()->module = TRIAL_UNDERSCORE;
}

static void has_a_suffix(MONITOR2 *table)
{
    (void)table;
    trial_now_running()->module = TRIAL_SUFFIX;
}

/* ---- R2 ----------------------------------------------------------------------------------------
 */

/* One of everything through a table. */
static void tour(struct trial *t, const MONITOR2 *m, HANDLE monitor)
{
    static const WCHAR name[] = TEXT("SIM:tour");
    static _Alignas(16) unsigned char buffer[16384];
    DOC_INFO_1W doc = {.pDocName = PROBE_W("tour")};
    DWORD needed;
    DWORD count;
    HANDLE port = NULL;
    HANDLE xcv = NULL;
    m->pfnEnumPorts(monitor, NULL, 2, buffer, sizeof buffer, &needed, &count);
    m->pfnXcvOpenPort(monitor, TEXT(""), ADMIN, &xcv);
    m->pfnXcvDataPort(xcv, TEXT("MonitorUI"), NULL, 0, buffer, sizeof buffer, &needed);
    DWORD code = m->pfnXcvDataPort(xcv, TEXT("AddPort"), (PBYTE)text_of(name), sizeof name, NULL, 0,
                                   &needed);
    KEPT(t, code == 0, "AddPort: %u", (unsigned)code);
    m->pfnXcvDataPort(xcv, TEXT("PortIsValid"), (PBYTE)text_of(name), sizeof name, NULL, 0,
                      &needed);
    BOOL ok = m->pfnOpenPort(monitor, text_of(name), &port) &&
              m->pfnStartDocPort(port, PROBE_W("printer"), 1, 1, (LPBYTE)&doc) &&
              m->pfnWritePort(port, buffer, 100, &count) && m->pfnEndDocPort(port);
    KEPT(t, ok, "a job failed with %u", LAST);
    m->pfnReadPort(port, buffer, 0, &count);
    m->pfnClosePort(port);
    m->pfnXcvDataPort(xcv, TEXT("DeletePort"), (PBYTE)text_of(name), sizeof name, NULL, 0, &needed);
    m->pfnXcvClosePort(xcv);
}

static bool is_size_of_a_table(DWORD size)
{
    static const DWORD sizes[2][4] = {{76, 80, 88, 92}, {160, 176, 184, 184}};
    for (unsigned i = 0; i < 4; i++) {
        if (sizes[sizeof(void *) == 8][i] == size) {
            return true;
        }
    }
    return false;
}

/* What a table says of itself, read as bytes: it may lie anywhere. */
static bool is_sound(struct trial *t, LPMONITOR2 table, unsigned char copy[sizeof(MONITOR2)])
{
    DWORD size;
    if (!KEPT(t, table != NULL, "init failed with %u", LAST) ||
        !KEPT(t, (uintptr_t)table % sizeof(void *) == 0, "the table is not aligned")) {
        return false;
    }
    memcpy(&size, table, sizeof size);
    if (!KEPT(t, is_size_of_a_table(size), "cbSize is %u", (unsigned)size)) {
        return false;
    }
    memcpy(copy, table, size);
    return true;
}

static void table_stays(struct trial *t)
{
    unsigned char before[sizeof(MONITOR2)] = {0};
    DWORD size;
    HANDLE monitor = NULL;
    LPMONITOR2 table = trial_init(t, &t->init, &monitor);
    if (is_sound(t, table, before)) {
        tour(t, table, monitor);
        memcpy(&size, before, sizeof size);
        KEPT(t, memcmp(before, table, size) == 0, "the table has changed");
    }
    t->m.pfnShutdown(monitor);
}

/* A table of its own for the monitor that is broken, with all of the genuine one's functions. */
static union {
    MONITOR2 table;
    unsigned char bytes[sizeof(MONITOR2) + 8];
} own;
static MONITOR2 genuine;

static bool copy_table(LPMONITOR2 table)
{
    if (table != NULL) {
        genuine = own.table = *table;
    }
    return table != NULL;
}

ENTRY_BREAK(has_no_size)
{
    bool ok = copy_table(REAL_ENTRY());
    own.table.cbSize = 0x1234;
    return ok ? &own.table : NULL;
}

ENTRY_BREAK(ends_in_mid_member)
{
    bool ok = copy_table(REAL_ENTRY());
    own.table.cbSize = sizeof(MONITOR2) - sizeof(void *) / 2;
    return ok ? &own.table : NULL;
}

ENTRY_BREAK(lies_at_an_odd_address)
{
    LPMONITOR2 table = REAL_ENTRY();
    if (table != NULL) {
        memcpy(own.bytes + 2, table, sizeof *table);
    }
    return table != NULL ? (LPMONITOR2)(void *)(own.bytes + 2) : NULL;
}

/* Takes a function back once it has met a port. */
static BOOL WINAPI open_and_withdraw(HANDLE h, LPWSTR name, PHANDLE handle)
{
    own.table.pfnXcvOpenPort = NULL;
    return genuine.pfnOpenPort(h, name, handle);
}

ENTRY_BREAK(withdraws_a_function)
{
    bool ok = copy_table(REAL_ENTRY());
    own.table.pfnOpenPort = open_and_withdraw;
    return ok ? &own.table : NULL;
}

static BOOL WINAPI close_and_shrink(HANDLE port)
{
    own.table.cbSize = 0;
    return genuine.pfnClosePort(port);
}

ENTRY_BREAK(shrinks)
{
    bool ok = copy_table(REAL_ENTRY());
    own.table.pfnClosePort = close_and_shrink;
    return ok ? &own.table : NULL;
}

/* ---- R3 ----------------------------------------------------------------------------------------
 */

/* A member as a number, whatever its type. */
#define MEMBER(name, required_)                                                                    \
    {                                                                                              \
#        name, offsetof(MONITOR2, pfn##name), required_                                            \
    }

static const struct {
    const char *name;
    size_t offset;
    bool required; /* of a port monitor, contract 1.1 */
} members[] = {
    MEMBER(EnumPorts, true),
    MEMBER(OpenPort, true),
    MEMBER(OpenPortEx, false),
    MEMBER(StartDocPort, true),
    MEMBER(WritePort, true),
    MEMBER(ReadPort, true),
    MEMBER(EndDocPort, true),
    MEMBER(ClosePort, true),
    MEMBER(AddPort, false),
    MEMBER(AddPortEx, false),
    MEMBER(ConfigurePort, false),
    MEMBER(DeletePort, false),
    MEMBER(GetPrinterDataFromPort, false),
    MEMBER(SetPortTimeOuts, false),
    MEMBER(XcvOpenPort, true),
    MEMBER(XcvDataPort, true),
    MEMBER(XcvClosePort, true),
    MEMBER(Shutdown, false),
    MEMBER(SendRecvBidiDataFromPort, false),
    MEMBER(NotifyUsedPorts, false),
    MEMBER(NotifyUnusedPorts, false),
    MEMBER(PowerEvent, false),
};

static uintptr_t member_at(const struct trial *t, size_t offset)
{
    uintptr_t value;
    memcpy(&value, (const char *)&t->m + offset, sizeof value);
    return value;
}

/* The code of a module lies together: what is far away from it, or in the first page, is garbage.
 */
static bool is_code(const struct trial *t, uintptr_t value)
{
    const uintptr_t reach = (uintptr_t)256 << 20;
    uintptr_t here = member_at(t, offsetof(MONITOR2, pfnClosePort));
    return value >= 4096 && (value > here ? value - here : here - value) < reach;
}

static void functions_are_there(struct trial *t)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        uintptr_t value = member_at(t, members[i].offset);
        KEPT(t, value != 0 || !members[i].required, "%s is NULL", members[i].name);
        KEPT(t, value == 0 || is_code(t, value), "%s is no function", members[i].name);
    }
}

static void lacks_read(MONITOR2 *table)
{
    table->pfnReadPort = NULL;
}

static void lacks_xcv_close(MONITOR2 *table)
{
    table->pfnXcvClosePort = NULL;
}

static void has_garbage(MONITOR2 *table)
{
    memset(&table->pfnNotifyUsedPorts, 0xdd, sizeof table->pfnNotifyUsedPorts);
}

static void has_a_number(MONITOR2 *table)
{
    const uintptr_t one = 1;
    memcpy(&table->pfnAddPort, &one, sizeof one);
}

/* ---- R10 ---------------------------------------------------------------------------------------
 */

/* Does the file hold the name of something that shows something, or waits for somebody? */
static void names_no_dialog(struct trial *t)
{
    static const char *const names[] = {"MessageBox",  "DialogBox",    "CreateDialog",
                                        "SplPromptUI", "XOpenDisplay", "gtk_init"};
    char *data;
    size_t size;
    uint32_t error = platen_os_file_load(t->module, (size_t)256 << 20, &data, &size);
    if (!KEPT(t, error == 0, "%s cannot be read: %u", t->module, (unsigned)error)) {
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i]);
        bool found = false;
        for (size_t at = 0; !found && at + length <= size; at++) {
            const char *first = memchr(data + at, names[i][0], size - at - length + 1);
            at = first == NULL ? size : (size_t)(first - data);
            found = first != NULL && memcmp(first, names[i], length) == 0;
        }
        KEPT(t, !found, "the module names %s", names[i]);
    }
    free(data);
}

/* Everything that a healthy port is asked for is done at once: nothing waits for anybody. */
static void nobody_is_needed(struct trial *t)
{
    uint64_t began = trial_now(t);
    uint64_t really = platen_os_now();
    tour(t, &t->m, t->monitor);
    t->options.file_root = NULL; /* what is refused is refused without a question, too */
    trial_restart(t);
    trial_xcv(t, TEXT("AddPort"), t->file_port, ADMIN);
    t->winspool.open_error = PLATEN_ACCESS_DENIED;
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    DOC_INFO_1W doc = {.pDocName = PROBE_W("refused")};
    t->m.pfnStartDocPort(port, PROBE_W("printer"), 1, 1, (LPBYTE)&doc);
    t->m.pfnClosePort(port);
    KEPT(t, trial_now(t) - began < SECOND, "somebody was waited for");
    KEPT(t, platen_os_now() - really < 30 * SECOND, "it took more than 30 seconds");
    if (t->breach[0] == '\0') {
        names_no_dialog(t);
    }
}

static uint32_t answer_of_a_person;

static void ask(void)
{
    struct platen_clock *clock = trial_now_running()->options.clock;
    clock->wait(clock, &answer_of_a_person, 0, PLATEN_FOREVER);
}

OPEN_BREAK(asks_at_open)
{
    ask();
    return REAL_OPEN();
}

static BOOL WINAPI asks_when_refused(HANDLE port, LPWSTR printer, DWORD job, DWORD level,
                                     LPBYTE doc)
{
    BOOL ok = trial_real()->pfnStartDocPort(port, printer, job, level, doc);
    if (!ok) {
        ask();
    }
    return ok;
}

static void names_a_dialog(MONITOR2 *table)
{
    (void)table;
    trial_now_running()->module = TRIAL_DIALOG;
}

WRAP(wrap_asks_at_open, pfnOpenPort, asks_at_open)
WRAP(wrap_asks_when_refused, pfnStartDocPort, asks_when_refused)

const struct trial_case trial_load_cases[] = {
    {.rule = "R1",
     .about = "the export has its bare name",
     .probe = exported,
     .breaks = {{.how = "an underscore in front", .wrap = has_an_underscore},
                {.how = "a W behind", .wrap = has_a_suffix}}},
    {.rule = "R2",
     .about = "the table, before and after it was used",
     .probe = table_stays,
     .breaks = {{.how = "cbSize is garbage", .entry = has_no_size},
                {.how = "cbSize ends in mid-member", .entry = ends_in_mid_member},
                {.how = "the table is not aligned", .entry = lies_at_an_odd_address},
                {.how = "OpenPort takes a function out", .entry = withdraws_a_function},
                {.how = "ClosePort changes cbSize", .entry = shrinks}}},
    {.rule = "R3",
     .about = "what is required is there, the rest is NULL or a function",
     .probe = functions_are_there,
     .breaks = {{.how = "no ReadPort", .wrap = lacks_read},
                {.how = "no XcvClosePort", .wrap = lacks_xcv_close},
                {.how = "garbage behind what it knows", .wrap = has_garbage},
                {.how = "a number for a function", .wrap = has_a_number}}},
    {.rule = "R10",
     .about = "nobody has to be there",
     .probe = nobody_is_needed,
     .breaks = {{.how = "OpenPort waits for an answer", .wrap = wrap_asks_at_open},
                {.how = "asks when a job is refused", .wrap = wrap_asks_when_refused},
                {.how = "looks up a dialog function", .wrap = names_a_dialog}}},
    {.rule = NULL},
};
