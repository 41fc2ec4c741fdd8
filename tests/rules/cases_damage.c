/* SPDX-License-Identifier: MIT
 *
 * What initialisation finds in a store that was damaged (R9).
 */
#include <stdlib.h>
#include <string.h>

#include "break.h"
#include "call/served.h"
#include "os/lasterror.h"
#include "os/text.h"

#define PORTS   TRIAL_ROOT "\\Ports"
#define LONGEST 1000 /* units of the longest name that is tried */

/* One value beside a good one, "SIM:good". */
struct seed {
    const char *what;
    const char *name;
    uint32_t type;
    const void *data;
    uint32_t size;
};

static char long_name[LONGEST + 1];
static unsigned char long_data[1 << 20];

static const struct seed seeds[] = {
    {"no data", "SIM:bad", REG_SZ, NULL, 0},
    {"one byte", "SIM:bad", REG_SZ, "s", 1},
    {"no NUL", "SIM:bad", REG_SZ, u"sim:x", 10},
    {"an odd length", "SIM:bad", REG_SZ, u"sim:x", 9},
    {"half a NUL", "SIM:bad", REG_SZ, u"sim:x", 11},
    {"text behind the NUL", "SIM:bad", REG_SZ, u"sim:x\0junk", 22},
    {"a number", "SIM:bad", REG_DWORD, "\1\2\3\4", 4},
    {"a number of 1 byte", "SIM:bad", REG_DWORD, "\1", 1},
    {"bytes", "SIM:bad", REG_BINARY, u"sim:x", 12},
    {"texts", "SIM:bad", REG_MULTI_SZ, u"sim:x\0y\0", 18},
    {"no type", "SIM:bad", REG_NONE, NULL, 0},
    {"a type that there is not", "SIM:bad", 0xdddddddd, u"sim:x", 12},
    {"an unknown scheme", "SIM:bad", REG_SZ, u"nosuch:x", 18},
    {"a wrong option", "SIM:bad", REG_SZ, u"sim:x?script=nonsense", 44},
    {"an unknown option", "SIM:bad", REG_SZ, u"sim:x?nosuch=1", 30},
    {"a file without a root", "SIM:bad", REG_SZ, u"file:../../x", 26},
    {"a lone surrogate", "SIM:bad", REG_SZ, u"sim:\xd800", 12},
    {"settings of a serial port", "COM1:", REG_SZ, u"9600,n,8,1", 22},
    {"no name", "", REG_SZ, u"sim:x", 12},
    {"a name of control characters", "SIM:\x01\x1f", REG_SZ, u"", 2},
    {"a lone surrogate in the name", "SIM:\xed\xa0\x80", REG_SZ, u"", 2},
    {"a name that is fixed", "nul:", REG_SZ, u"sim:x", 12},
    {"a name of another kind", "What?", REG_SZ, u"", 2},
    {"a redirected printer", "Ne00:", REG_SZ, u"", 2},
    {"a long name", long_name, REG_SZ, u"sim:x", 12},
    {"long data", "SIM:bad", REG_SZ, long_data, sizeof long_data},
    {"long data of a wrong type", "SIM:bad", REG_BINARY, long_data, sizeof long_data},
};
#define SEEDS (sizeof seeds / sizeof *seeds)

/* The list is whole, the good port is in it, nothing twice, no key left open. */
static bool is_unharmed(struct trial *t, const char *what)
{
    static _Alignas(16) unsigned char buffer[32768];
    const PORT_INFO_1W *ports = (const PORT_INFO_1W *)(const void *)buffer;
    struct probe_list list = probe_enum(t, NULL, 1, buffer, sizeof buffer);
    unsigned good = 0;
    for (DWORD i = 0; list.ok && i < list.returned; i++) {
        good += platen_text_equal_folded((const char16_t *)ports[i].pName, u"SIM:good");
        KEPT(t, ports[i].pName[0] != 0, "%s: a port without a name", what);
    }
    return KEPT(t, list.ok && good == 1, "%s: the good port is listed %u times", what, good) &&
           KEPT(t, platen_registry_view_open_keys(t->view) == 0, "%s: a key stays open", what) &&
           KEPT(t, platen_registry_view_misuses(t->view) == 0, "%s: a dead key is used", what);
}

/* trial_restart notes a breach when init fails. */
static bool survives(struct trial *t, const char *what)
{
    return KEPT(t, trial_restart(t), "%s", what) && is_unharmed(t, what);
}

static void fill_long(void)
{
    memcpy(long_name, "SIM:", 4);
    memset(long_name + 4, 'n', LONGEST - 4);
    memset(long_data, 'A', sizeof long_data);
}

static bool each_alone(struct trial *t)
{
    for (size_t i = 0; i < SEEDS; i++) {
        const struct seed *seed = &seeds[i];
        uint32_t error =
            platen_registry_set(t->registry, PORTS, seed->name, seed->type, seed->data, seed->size);
        if (!KEPT(t, error == 0, "%s: the seed is refused with %u", seed->what, (unsigned)error) ||
            !survives(t, seed->what)) {
            return false;
        }
        platen_registry_delete(t->registry, PORTS, seed->name);
    }
    return true;
}

static bool keys_and_crowds(struct trial *t)
{
    char name[32];
    platen_registry_set(t->registry, PORTS "\\SIM:good", "HostName", REG_SZ, u"x", 4);
    platen_registry_set(t->registry, PORTS "\\SIM:key\\deeper", "", REG_DWORD, "\1\2\3\4", 4);
    platen_registry_set(t->registry, TRIAL_ROOT, "FileRoot", REG_DWORD, "\1\2\3\4", 4);
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "Bad:%u", i);
        platen_registry_set(t->registry, PORTS, name, i % 12, &i, i % 5);
    }
    t->options.file_root = NULL;
    return survives(t, "1000 bad values, keys among them, a bad FileRoot");
}

/* A store that lies: every value is there twice, and the second time in lower case. */
static LONG WINAPI enumerate_twice(HANDLE key, DWORD index, LPWSTR name, PDWORD units, PDWORD type,
                                   PBYTE data, PDWORD size, HANDLE spooler)
{
    LONG code =
        platen_served_registry.fpEnumValue(key, index / 2, name, units, type, data, size, spooler);
    for (DWORD i = 0; code == 0 && index % 2 == 1 && i < *units; i++) {
        name[i] = name[i] >= 'A' && name[i] <= 'Z' ? (WCHAR)(name[i] + 32) : name[i];
    }
    return code;
}

/* It says that more was written than there was room for. */
static LONG WINAPI enumerate_too_much(HANDLE key, DWORD index, LPWSTR name, PDWORD units,
                                      PDWORD type, PBYTE data, PDWORD size, HANDLE spooler)
{
    LONG code =
        platen_served_registry.fpEnumValue(key, index, name, units, type, data, size, spooler);
    if (code == 0 && index == 1) {
        *units = 0x7fffffff;
        *size = 0xfffffffe;
    }
    return code;
}

static bool lies(struct trial *t,
                 LONG(WINAPI *enumerate)(HANDLE, DWORD, LPWSTR, PDWORD, PDWORD, PBYTE, PDWORD,
                                         HANDLE),
                 const char *what)
{
    MONITORREG liar = platen_served_registry;
    MONITORINIT init = t->init;
    HANDLE before = t->monitor;
    HANDLE monitor = NULL;
    liar.fpEnumValue = enumerate;
    init.pMonitorReg = &liar;
    LPMONITOR2 table = trial_init(t, &init, &monitor);
    if (!KEPT(t, table != NULL, "%s: init failed with %u", what,
              (unsigned)platen_os_get_last_error())) {
        return false;
    }
    t->monitor = monitor;
    bool kept = is_unharmed(t, what);
    t->m.pfnShutdown(monitor);
    t->monitor = before;
    return kept;
}

static void damaged(struct trial *t)
{
    fill_long();
    if (!KEPT(t, trial_restart(t), "a store without ports")) {
        return;
    }
    platen_registry_set(t->registry, PORTS, "SIM:good", REG_SZ, u"sim:good", 18);
    platen_registry_set(t->registry, PORTS, "SIM:well", REG_SZ, u"sim:well", 18);
    if (survives(t, "two good ports") && each_alone(t) &&
        lies(t, enumerate_twice, "every value twice") &&
        lies(t, enumerate_too_much, "sizes that lie") && keys_and_crowds(t)) {
        platen_registry_delete(t->registry, PORTS, NULL);
        KEPT(t, trial_restart(t), "a store that was emptied");
    }
}

/* ---- monitors that are less patient
 * ------------------------------------------------------------------ */

/* Reads the store once more, as a monitor might do it, and judges each value. */
static bool judge_values(PMONITORINIT init,
                         bool (*judge)(const WCHAR *name, DWORD units, DWORD type, DWORD size))
{
    static WCHAR name[LONGEST + 24];
    const MONITORREG *r = init->pMonitorReg;
    HANDLE key = NULL;
    bool fine =
        r->fpOpenKey(init->hckRegistryRoot, TEXT("Ports"), KEY_READ, &key, init->hSpooler) == 0;
    LONG code = fine ? 0 : PLATEN_NO_MORE_ITEMS;
    for (DWORD index = 0; fine && code == 0; index++) {
        DWORD units = sizeof name / sizeof *name;
        DWORD type = 0;
        DWORD size = 0;
        code = r->fpEnumValue(key, index, name, &units, &type, NULL, &size, init->hSpooler);
        fine = code != 0 || judge(name, units, type, size);
    }
    if (key != NULL) {
        r->fpCloseKey(key, init->hSpooler);
    }
    return fine;
}

static bool is_text(const WCHAR *name, DWORD units, DWORD type, DWORD size)
{
    (void)name, (void)units, (void)size;
    return type == REG_SZ;
}

static bool is_even(const WCHAR *name, DWORD units, DWORD type, DWORD size)
{
    (void)name, (void)units;
    return type != REG_SZ || (size >= 2 && size % 2 == 0);
}

static bool is_short(const WCHAR *name, DWORD units, DWORD type, DWORD size)
{
    (void)name, (void)type, (void)size;
    return units < 260;
}

static LPMONITOR2 unless(bool fine, PMONITORINIT init, PHANDLE monitor)
{
    if (!fine) {
        platen_os_set_last_error(PLATEN_INVALID_DATA);
    }
    return fine ? REAL_ENTRY() : NULL;
}

static bool has_ports(PMONITORINIT init)
{
    HANDLE key = NULL;
    init->pMonitorReg->fpOpenKey(init->hckRegistryRoot, TEXT("Ports"), KEY_READ, &key,
                                 init->hSpooler);
    if (key != NULL) {
        init->pMonitorReg->fpCloseKey(key, init->hSpooler);
    }
    return key != NULL;
}

static unsigned inits;

/* The first time there are no ports yet, and it makes the key: a missing one is an error later. */
ENTRY_BREAK(wants_the_key)
{
    return unless(inits++ == 0 || has_ports(init), init, monitor);
}

ENTRY_BREAK(wants_texts)
{
    return unless(!has_ports(init) || judge_values(init, is_text), init, monitor);
}

ENTRY_BREAK(wants_even_sizes)
{
    return unless(!has_ports(init) || judge_values(init, is_even), init, monitor);
}

ENTRY_BREAK(wants_short_names)
{
    return unless(!has_ports(init) || judge_values(init, is_short), init, monitor);
}

/* One bad entry, and all that follow it are not read. */
ENTRY_BREAK(stops_at_the_first)
{
    bool fine = !has_ports(init) || judge_values(init, is_text);
    const struct platen_monitor_options *options = &trial_now_running()->options;
    MONITORREG none = {.cbSize = 0};
    MONITORINIT without = *init;
    without.pMonitorReg = &none;
    return platen_monitor_create(fine ? init : &without, options, monitor);
}

static void forget_inits(void)
{
    inits = 0;
}

static void wrap_wants_key(MONITOR2 *table)
{
    (void)table;
    trial_afterwards(forget_inits);
}

const struct trial_case trial_damage_cases[] = {
    {.rule = "R9",
     .about = "damaged stores",
     .probe = damaged,
     .breaks = {{.how = "no key is an error", .entry = wants_the_key, .wrap = wrap_wants_key},
                {.how = "wants texts", .entry = wants_texts},
                {.how = "wants even sizes", .entry = wants_even_sizes},
                {.how = "wants short names", .entry = wants_short_names},
                {.how = "reads no further than the first bad entry", .entry = stops_at_the_first}}},
    {.rule = NULL},
};
