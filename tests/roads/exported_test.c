/* SPDX-License-Identifier: MIT
 *
 * TCP/IP ports as a Windows machine exports them: a .reg file is read, its ports are there, go
 * where it says, and are deleted with their keys; what it holds besides is left as it was.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/monitor.h>
#include <platen/spooler.h>
#include <platen/tcpxcv.h>

#include "os/file.h"
#include "os/text.h"

#define MONITOR "Standard TCP/IP Port"
#define KEY     "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Print\\Monitors\\" MONITOR
#define IN_FILE "[" KEY

/* The defaults of that monitor stand as numbers beside its ports. */
static const char exported[] =
    "Windows Registry Editor Version 5.00\r\n\r\n" IN_FILE "]\r\n"
    "\"Driver\"=\"tcpmon.dll\"\r\n\r\n" IN_FILE "\\Ports]\r\n"
    "\"StatusUpdateInterval\"=dword:0000000a\r\n"
    "\"StatusUpdateEnabled\"=dword:00000001\r\n"
    "\"LprAckTimeout\"=dword:000000b4\r\n\r\n" IN_FILE "\\Ports\\IP_192.0.2.20]\r\n"
    "\"Protocol\"=dword:00000001\r\n"
    "\"Version\"=dword:00000002\r\n"
    "\"HostName\"=\"\"\r\n"
    "\"IPAddress\"=\"192.0.2.20\"\r\n"
    "\"HWAddress\"=\"0102030A0B0C\"\r\n"
    "\"PortNumber\"=dword:0000238c\r\n"
    "\"SNMP Community\"=\"our-secret\"\r\n"
    "\"SNMP Enabled\"=dword:00000001\r\n"
    "\"SNMP Index\"=dword:00000001\r\n"
    "\"PortMonMibPortIndex\"=dword:00000000\r\n\r\n" IN_FILE "\\Ports\\second floor/left]\r\n"
    "\"Protocol\"=dword:00000001\r\n"
    "\"Version\"=dword:00000001\r\n"
    "\"HostName\"=\"left.example\"\r\n"
    "\"IPAddress\"=\"\"\r\n"
    "\"HWAddress\"=\"\"\r\n"
    "\"PortNumber\"=dword:0000238e\r\n"
    "\"SNMP Community\"=\"public\"\r\n"
    "\"SNMP Enabled\"=dword:00000000\r\n"
    "\"SNMP Index\"=dword:00000001\r\n"
    "\"Queue\"=\"\"\r\n"
    "\"Double Spool\"=dword:00000000\r\n\r\n" IN_FILE "\\Ports\\old LPR]\r\n"
    "\"Protocol\"=dword:00000002\r\n"
    "\"Version\"=dword:00000001\r\n"
    "\"HostName\"=\"old.example\"\r\n"
    "\"Queue\"=\"lp\"\r\n"
    "\"PortNumber\"=dword:00000203\r\n\r\n";

static char logged[4096];

static void keep_line(void *context, enum platen_log_level level, const char *text)
{
    size_t used = strlen(logged);
    (void)context;
    (void)level;
    snprintf(logged + used, sizeof logged - used, "%s\n", text);
}

/* ---- a backend that tells where its ports go ------------------------------------------------ */

static char target[200];

static unsigned claims(const char *name)
{
    (void)name;
    return 0;
}

static uint32_t open_port(void *state, const struct platen_port_setup *setup)
{
    (void)state;
    snprintf(target, sizeof target, "%s", setup->target);
    return 0;
}

static uint32_t start(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    (void)state;
    (void)doc;
    (void)deadline;
    return 0;
}

static uint32_t take(void *state, const void *data, uint32_t size, uint64_t deadline,
                     uint32_t *moved)
{
    (void)state;
    (void)data;
    (void)deadline;
    *moved = size;
    return 0;
}

static uint32_t end(void *state, bool abandoned, uint64_t deadline)
{
    (void)state;
    (void)abandoned;
    (void)deadline;
    return 0;
}

static void close_port(void *state)
{
    (void)state;
}

static const struct platen_backend teller = {
    .size = sizeof teller,
    .name = "socket",
    .summary = "tells where it would go",
    .example = "socket://a",
    .claims = claims,
    .open = open_port,
    .start_doc = start,
    .write = take,
    .end_doc = end,
    .close = close_port,
};

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    static const struct platen_backend *const backends[] = {&teller, NULL};
    struct platen_monitor_options options = {
        .size = sizeof options,
        .imports = platen_spooler_imports(),
        .backends = backends,
        .log = keep_line,
    };
    return platen_monitor_create(init, &options, monitor);
}

/* ---- a spooler on that registry ------------------------------------------------------------- */

static platen_registry *read_file(const char *text)
{
    char folder[512], path[600];
    char *complaint = NULL;
    platen_registry *registry;
    assert_int_equal(platen_os_make_temporary_folder(folder, sizeof folder), 0);
    snprintf(path, sizeof path, "%s/exported.reg", folder);
    assert_int_equal(platen_os_file_replace(path, text, strlen(text)), 0);
    assert_int_equal(platen_registry_create(&registry), 0);
    assert_int_equal(platen_registry_load(registry, path, &complaint), 0);
    assert_null(complaint);
    assert_int_equal(platen_os_remove_folder(folder), 0);
    return registry;
}

static platen_spooler *start_spooler(platen_registry *registry)
{
    struct platen_spooler_options options = {.size = sizeof options, .registry = registry};
    platen_spooler *spooler;
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    assert_int_equal(platen_spooler_attach(spooler, MONITOR, entry, NULL), 0);
    return spooler;
}

static uint32_t xcv(platen_spooler *spooler, const char *command, const void *input, uint32_t size)
{
    platen_xcv *handle;
    uint32_t status = 1;
    assert_int_equal(
        platen_xcv_open(spooler, ",XcvMonitor " MONITOR, SERVER_ACCESS_ADMINISTER, &handle), 0);
    assert_int_equal(platen_xcv_data(handle, command, input, size, NULL, 0, NULL, &status), 0);
    platen_xcv_close(handle);
    return status;
}

static uint32_t delete_port(platen_spooler *spooler, const char16_t *name)
{
    DELETE_PORT_DATA_1 data = {.dwVersion = 1};
    memcpy(data.psztPortName, name, platen_text_length16(name, 63) * sizeof *name);
    return xcv(spooler, "DeletePort", &data, sizeof data);
}

static void expect_ports(platen_spooler *spooler, const char *names)
{
    struct platen_port *ports;
    size_t count;
    char text[500] = "";
    assert_int_equal(platen_spooler_ports(spooler, NULL, &ports, &count), 0);
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s: %s\n", ports[i].name, ports[i].description);
    }
    platen_free(ports);
    assert_string_equal(text, names);
}

static void expect_target(platen_spooler *spooler, const char *port, const char *where)
{
    HANDLE instance, handle;
    const MONITOR2 *table;
    char16_t name[100];
    assert_int_equal(platen_spooler_monitor(spooler, MONITOR, &instance, &table), 0);
    platen_text_to16(port, SIZE_MAX, name, 100);
    assert_true(table->pfnOpenPort(instance, (LPWSTR)name, &handle));
    assert_true(table->pfnClosePort(handle));
    assert_string_equal(target, where);
}

static uint32_t value_of(platen_registry *registry, const char *key, const char *value)
{
    char data[200];
    uint32_t type, size = sizeof data;
    return platen_registry_get(registry, key, value, &type, data, &size);
}

static void an_exported_registry(void **state)
{
    platen_registry *registry = read_file(exported);
    platen_spooler *spooler = start_spooler(registry);
    (void)state;
    expect_ports(spooler, "IP_192.0.2.20: TCP/IP printer at 192.0.2.20:9100\n"
                          "second floor/left: TCP/IP printer at left.example:9102\n");
    expect_target(spooler, "ip_192.0.2.20", "//192.0.2.20:9100");
    expect_target(spooler, "Second Floor/Left", "//left.example:9102");
    assert_int_equal(platen_registry_changed(registry), 0); /* reading writes nothing */
    assert_non_null(strstr(logged, "old LPR left out"));
    assert_null(strstr(logged, "secret"));
    platen_spooler_destroy(spooler);
    platen_registry_destroy(registry);
}

static void ports_come_and_go_in_it(void **state)
{
    platen_registry *registry = read_file(exported);
    platen_spooler *spooler = start_spooler(registry);
    PORT_DATA_1 data = {.dwVersion = 1, .dwProtocol = PROTOCOL_RAWTCP_TYPE};
    (void)state;
    memcpy(data.sztPortName, u"new", sizeof u"new");
    memcpy(data.sztHostAddress, u"new.example", sizeof u"new.example");
    assert_int_equal(xcv(spooler, "AddPort", &data, sizeof data), 0);
    assert_int_equal(delete_port(spooler, u"ip_192.0.2.20"), 0);
    assert_int_equal(delete_port(spooler, u"old LPR"), 2);
    platen_spooler_destroy(spooler);

    assert_int_equal(value_of(registry, KEY "\\Ports\\IP_192.0.2.20", "Protocol"), 2);
    assert_int_equal(value_of(registry, KEY "\\Ports\\old LPR", "Queue"), 0);
    assert_int_equal(value_of(registry, KEY "\\Ports", "LprAckTimeout"), 0);
    assert_int_equal(value_of(registry, KEY "\\Ports\\new", "SNMP Community"), 0);
    spooler = start_spooler(registry);
    expect_ports(spooler, "second floor/left: TCP/IP printer at left.example:9102\n"
                          "new: TCP/IP printer at new.example:9100\n");
    platen_spooler_destroy(spooler);
    platen_registry_destroy(registry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exported_registry),
        cmocka_unit_test(ports_come_and_go_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
