/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "fake_device.h"

struct fake fake;

static _Thread_local DWORD last_error;
static char spooler_token, root_token, ports_token, printer_token, client_token;

void fake_reset(void)
{
    memset(&fake, 0, sizeof(fake));
    device_reset();
    last_error = 0;
}

DWORD fake_last_error(void)
{
    return last_error;
}

void fake_set_last_error(DWORD code)
{
    last_error = code;
}

/* ---- registry ------------------------------------------------------------------------------ */

static struct fake_key *as_subkey(HANDLE key)
{
    for (size_t i = 0; i < FAKE_KEYS; i++)
        if (key == (HANDLE)&fake.keys[i])
            return &fake.keys[i];
    return NULL;
}

static bool is_open(HANDLE key)
{
    const struct fake_key *subkey = as_subkey(key);
    if (subkey)
        return subkey->opens > 0;
    return key == &root_token || (key == &ports_token && fake.ports_opens > 0);
}

/* Counts a call; what it should answer instead of working, or 0. */
static LONG enter_registry(HANDLE key, HANDLE spooler)
{
    if (!is_open(key) || spooler != &spooler_token)
        fake.wrong_uses++;
    if (fake.stub)
        return 120;
    fake.registry_calls++;
    bool fails = fake.registry_calls == fake.fail_call ||
                 (fake.fail_on && fake.registry_calls > fake.fail_call);
    return fails ? fake.fail_code : 0;
}

static struct fake_value *values_of(HANDLE key)
{
    struct fake_key *subkey = as_subkey(key);
    if (subkey)
        return subkey->values;
    return key == &root_token ? fake.root : fake.ports;
}

static size_t room_of(const struct fake_value *values)
{
    if (values == fake.ports)
        return FAKE_VALUES;
    return values == fake.root ? 4 : FAKE_KEY_VALUES;
}

struct fake_value *fake_find(struct fake_value *values, const char16_t *name)
{
    for (size_t i = 0; i < room_of(values); i++)
        if (values[i].used && platen_text_equal_folded(values[i].name, name))
            return &values[i];
    return NULL;
}

struct fake_key *fake_find_key(const char16_t *name)
{
    for (size_t i = 0; i < FAKE_KEYS; i++)
        if (fake.keys[i].used && platen_text_equal_folded(fake.keys[i].name, name))
            return &fake.keys[i];
    return NULL;
}

struct fake_key *fake_make_key(const char16_t *name)
{
    struct fake_key *key = fake.keys;
    while (key->used)
        key++;
    fake.ports_key = true;
    *key = (struct fake_key){.used = true};
    memcpy(key->name, name, platen_text_length16(name, 299) * sizeof(*name));
    return key;
}

void fake_put(struct fake_value *values, const char16_t *name, uint32_t type, const void *data,
              uint32_t size)
{
    struct fake_value *value = values;
    while (value->used)
        value++;
    size_t units = platen_text_length16(name, 299);
    memcpy(value->name, name, units * sizeof(*name));
    value->name[units] = 0;
    value->type = type;
    if (size)
        memcpy(value->data, data, size);
    value->size = size;
    value->used = true;
}

static struct fake_key *subkey_of(HANDLE key, LPCWSTR name)
{
    return key == &ports_token ? fake_find_key(name) : NULL;
}

static LONG WINAPI open_key(HANDLE key, LPCWSTR name, REGSAM access, PHANDLE result, HANDLE spooler)
{
    LONG code = enter_registry(key, spooler);
    struct fake_key *subkey = subkey_of(key, name);
    bool ports = key == &root_token && platen_text_equal_folded(name, u"Ports") && fake.ports_key;
    (void)access;
    if (code)
        return code;
    if (!ports && !subkey)
        return 2;
    fake.open_keys++;
    if (ports)
        fake.ports_opens++;
    else
        subkey->opens++;
    *result = ports ? (HANDLE)&ports_token : (HANDLE)subkey;
    return 0;
}

static LONG WINAPI create_key(HANDLE key, LPCWSTR name, DWORD options, REGSAM access,
                              PSECURITY_ATTRIBUTES security, PHANDLE result, PDWORD disposition,
                              HANDLE spooler)
{
    (void)options;
    (void)security;
    (void)disposition;
    bool had = key == &ports_token ? fake_find_key(name) != NULL : fake.ports_key;
    if (!had && key == &ports_token)
        fake_make_key(name);
    fake.ports_key = true;
    LONG code = open_key(key, name, access, result, spooler);
    if (code && key == &ports_token && !had)
        fake_find_key(name)->used = false;
    if (code && key == &root_token)
        fake.ports_key = had;
    return code;
}

static LONG WINAPI close_key(HANDLE key, HANDLE spooler)
{
    struct fake_key *subkey = as_subkey(key);
    if (key == &root_token || !is_open(key) || spooler != &spooler_token)
        fake.wrong_uses++;
    fake.open_keys--;
    if (subkey)
        subkey->opens--;
    else
        fake.ports_opens--;
    return 0;
}

static LONG WINAPI delete_key(HANDLE key, LPCWSTR name, HANDLE spooler)
{
    LONG code = enter_registry(key, spooler);
    struct fake_key *subkey = subkey_of(key, name);
    if (code || !subkey)
        return code ? code : 2;
    if (subkey->opens)
        fake.wrong_uses++;
    subkey->used = false;
    return 0;
}

static LONG give_name(const char16_t *from, LPWSTR name, PDWORD units)
{
    size_t length = platen_text_length16(from, SIZE_MAX);
    if (*units <= length)
        return 234;
    memcpy(name, from, length * sizeof(WCHAR));
    name[length] = u'X'; /* where a NUL would be: the length is what counts */
    *units = (DWORD)length;
    return 0;
}

static LONG WINAPI enum_key(HANDLE key, DWORD index, LPWSTR name, PDWORD size, PFILETIME time,
                            HANDLE spooler)
{
    LONG code = enter_registry(key, spooler);
    (void)time;
    for (size_t i = 0; !code && key == &ports_token && i < FAKE_KEYS; i++)
        if (fake.keys[i].used && index-- == 0)
            return give_name(fake.keys[i].name, name, size);
    return code ? code : 259;
}

static LONG WINAPI query_info(HANDLE key, PDWORD subkeys, PDWORD key_name, PDWORD values,
                              PDWORD value_name, PDWORD data, PDWORD security, PFILETIME time,
                              HANDLE spooler)
{
    (void)subkeys;
    (void)key_name;
    (void)values;
    (void)value_name;
    (void)data;
    (void)security;
    (void)time;
    return enter_registry(key, spooler);
}

static LONG WINAPI set_value(HANDLE key, LPCWSTR name, DWORD type, const BYTE *data, DWORD size,
                             HANDLE spooler)
{
    LONG code = enter_registry(key, spooler);
    struct fake_value *old = fake_find(values_of(key), name);
    if (code)
        return code;
    if (old)
        old->used = false;
    fake_put(values_of(key), name, type, data, size);
    return 0;
}

static LONG WINAPI delete_value(HANDLE key, LPCWSTR name, HANDLE spooler)
{
    LONG code = enter_registry(key, spooler);
    struct fake_value *value = fake_find(values_of(key), name);
    if (code || !value)
        return code ? code : 2;
    value->used = false;
    return 0;
}

static LONG give_data(const struct fake_value *value, PDWORD type, PBYTE data, PDWORD size)
{
    DWORD room = *size;
    *type = value->type;
    *size = value->size;
    if (room < value->size)
        return 234;
    memcpy(data, value->data, value->size);
    return 0;
}

static LONG WINAPI enum_value(HANDLE key, DWORD index, LPWSTR name, PDWORD units, PDWORD type,
                              PBYTE data, PDWORD size, HANDLE spooler)
{
    LONG code = enter_registry(key, spooler);
    if (code)
        return code;
    for (size_t i = 0; i < FAKE_VALUES; i++) {
        const struct fake_value *value = &fake.ports[i];
        if (!value->used || index-- > 0)
            continue;
        code = give_name(value->name, name, units);
        return code ? code : give_data(value, type, data, size);
    }
    return 259;
}

static LONG WINAPI query_value(HANDLE key, LPCWSTR name, PDWORD type, PBYTE data, PDWORD size,
                               HANDLE spooler)
{
    LONG code = enter_registry(key, spooler);
    const struct fake_value *value = fake_find(values_of(key), name);
    if (code || !value)
        return code ? code : 2;
    return give_data(value, type, data, size);
}

static MONITORREG registry = {
    .cbSize = sizeof(MONITORREG),
    .fpCreateKey = create_key,
    .fpOpenKey = open_key,
    .fpCloseKey = close_key,
    .fpDeleteKey = delete_key,
    .fpEnumKey = enum_key,
    .fpQueryInfoKey = query_info,
    .fpSetValue = set_value,
    .fpDeleteValue = delete_value,
    .fpEnumValue = enum_value,
    .fpQueryValue = query_value,
};

MONITORINIT fake_init(void)
{
    return (MONITORINIT){.cbSize = sizeof(MONITORINIT),
                         .hSpooler = &spooler_token,
                         .hckRegistryRoot = (HANDLE)&root_token,
                         .pMonitorReg = &registry,
                         .bLocal = TRUE};
}

/* ---- winspool ------------------------------------------------------------------------------ */

static BOOL refuse(DWORD code)
{
    last_error = code;
    return FALSE;
}

static BOOL WINAPI open_printer(LPWSTR name, PHANDLE printer, LPVOID defaults)
{
    (void)defaults;
    if (fake.open_printer_code || !*name)
        return refuse(fake.open_printer_code ? fake.open_printer_code : 1801);
    fake.open_printers++;
    fake.printers_opened++;
    *printer = &printer_token;
    return TRUE;
}

static BOOL WINAPI close_printer(HANDLE printer)
{
    if (printer != &printer_token || fake.open_printers == 0)
        fake.wrong_uses++;
    fake.open_printers--;
    return TRUE;
}

static BOOL WINAPI set_job(HANDLE printer, DWORD id, DWORD level, LPBYTE job, DWORD command)
{
    if (printer != &printer_token || fake.open_printers == 0 || level || job)
        fake.wrong_uses++;
    fake.jobs_set++;
    fake.set_job_id = id;
    fake.set_job_command = command;
    return TRUE;
}

static BOOL WINAPI get_job(HANDLE printer, DWORD id, DWORD level, LPBYTE job, DWORD size,
                           LPDWORD needed)
{
    if (printer != &printer_token || fake.open_printers == 0 || level != 1)
        fake.wrong_uses++;
    fake.jobs_got++;
    *needed = (DWORD)sizeof(JOB_INFO_1W) + fake.job_text_bytes;
    if (fake.get_job_code)
        return refuse(fake.get_job_code);
    if (size < *needed)
        return refuse(122);
    memset(job, 0xA5, size);
    JOB_INFO_1W info = {.JobId = id,
                        .Status = fake.job_status,
                        .pUserName = fake.user,
                        .pMachineName = fake.user ? WIDE("\\\\DESK") : NULL};
    memcpy(job, &info, sizeof(info));
    return TRUE;
}

/* Our own ports first, as the spooler asks them of the monitor, then the other's. */
static BOOL WINAPI enum_ports(LPWSTR server, DWORD level, LPBYTE ports, DWORD size, LPDWORD needed,
                              LPDWORD returned)
{
    DWORD own = 0, count = 0;
    DWORD text = fake.foreign
                     ? (DWORD)((platen_text_length16(fake.foreign, SIZE_MAX) + 1) * sizeof(WCHAR))
                     : 0;
    DWORD other = fake.foreign ? (DWORD)sizeof(PORT_INFO_1W) + text : 0;

    (void)server;
    fake.enum_calls++;
    fake.enum_fetches += ports != NULL;
    *needed = *returned = 0;
    if (fake.enum_ports_code)
        return refuse(fake.enum_ports_code);
    if (fake.monitor)
        fake.table->pfnEnumPorts(fake.monitor, NULL, level, NULL, 0, &own, &count);
    *needed = own + other;
    if (size < *needed)
        return refuse(122);
    if (fake.monitor &&
        !fake.table->pfnEnumPorts(fake.monitor, NULL, level, ports, size - text, &own, &count))
        return FALSE;
    if (fake.foreign) {
        memcpy(ports + size - text, fake.foreign, text);
        ((PORT_INFO_1W *)(void *)ports)[count++].pName = (LPWSTR)(void *)(ports + size - text);
    }
    *returned = count;
    return TRUE;
}

static BOOL WINAPI impersonate(HANDLE token)
{
    if (token != &client_token)
        fake.wrong_uses++;
    fake.impersonated++;
    return TRUE;
}

static HANDLE WINAPI revert(VOID)
{
    fake.impersonated--;
    return &client_token;
}

static DWORD WINAPI get_last_error(void)
{
    return last_error;
}

static VOID WINAPI set_last_error(DWORD code)
{
    last_error = code;
}

/* ---- instances ----------------------------------------------------------------------------- */

const PLATEN_IMPORTS fake_imports = {
    .cbSize = sizeof(PLATEN_IMPORTS),
    .GetLastError = get_last_error,
    .SetLastError = set_last_error,
    .OpenPrinterW = open_printer,
    .ClosePrinter = close_printer,
    .SetJobW = set_job,
    .GetJobW = get_job,
    .EnumPortsW = enum_ports,
    .ImpersonatePrinterClient = impersonate,
    .RevertToPrinterSelf = revert,
};

static void log_line(void *context, enum platen_log_level level, const char *text)
{
    size_t used = strlen(fake.log);
    (void)context;
    (void)level;
    snprintf(fake.log + used, sizeof(fake.log) - used, "%s\n", text);
}

struct platen_monitor_options fake_options(void)
{
    static const struct platen_backend *const devices[] = {&device_backend, NULL};
    return (struct platen_monitor_options){.size = sizeof(struct platen_monitor_options),
                                           .imports = &fake_imports,
                                           .backends = devices,
                                           .clock = &device_clock,
                                           .log = log_line};
}

const MONITOR2 *fake_monitor(HANDLE *monitor, const struct platen_monitor_options *options)
{
    struct platen_monitor_options standard = fake_options();
    MONITORINIT init = fake_init();
    fake.table = platen_monitor_create(&init, options ? options : &standard, monitor);
    assert_non_null(fake.table);
    memset(&init, 0xDD, sizeof(init)); /* R8 */
    return fake.table;
}

void fake_port(HANDLE monitor, const char *name)
{
    assert_int_equal(platen_monitor_add_port(monitor, name, NULL), 0);
}
