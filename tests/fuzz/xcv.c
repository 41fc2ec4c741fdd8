/* SPDX-License-Identifier: MIT
 *
 * XcvDataPort of the library's own monitor: a row of calls, each a head of six bytes (which
 * handle, which name, room for the answer and how much input in two each) and its input. Nothing is
 * written beyond what the code allows, and the list of ports is one that can be shown.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/monitor.h>

#include "fuzz.h"

enum { HEAD = 6, CALLS = 64, PLACES = 2048, CANARY = 0xA5 };

static const WCHAR *const objects[] = {
    u"", u"Standard TCP/IP Port", u"COM1:", u"IP_1", u"NUL:", u"COM9", NULL, u"T\xD800",
};
enum { OBJECTS = sizeof objects / sizeof *objects };

static const WCHAR *const names[] = {
    u"MonitorUI",
    u"AddPort",
    u"DeletePort",
    u"ConfigPort",
    u"PortExists",
    u"PortIsValid",
    u"GetTransmissionRetryTimeout",
    u"ConfigureLPTPortCommandOK",
    u"GetDefaultCommConfig",
    u"SetDefaultCommConfig",
    u"GetConfigInfo",
    u"HostAddress",
    u"IPAddress",
    u"SNMPCommunity",
    u"SNMPDeviceIndex",
    u"SNMPEnabled",
    u"GetIdlePollingState",
    u"SetIdlePollingState",
    u"Other",
};
enum { NAMES = sizeof names / sizeof *names };

static const MONITOR2 *table;
static HANDLE monitor;
static HANDLE handles[OBJECTS][2];

static void begin(void)
{
    MONITORINIT init = {.cbSize = sizeof init};
    struct platen_monitor_options options = {.size = sizeof options};
    table = platen_monitor_create(&init, &options, &monitor);
    FUZZ_ASSERT(table != NULL);
    FUZZ_ASSERT(platen_monitor_add_port(monitor, "IP_1", "socket://host:1") == 0);
    for (size_t i = 0; i < OBJECTS; i++) {
        FUZZ_ASSERT(table->pfnXcvOpenPort(monitor, objects[i], 0, &handles[i][0]));
        FUZZ_ASSERT(table->pfnXcvOpenPort(monitor, objects[i], 0xF0003, &handles[i][1]));
    }
}

static void end(void)
{
    for (size_t i = 0; i < OBJECTS; i++) {
        FUZZ_ASSERT(table->pfnXcvClosePort(handles[i][0]));
        FUZZ_ASSERT(table->pfnXcvClosePort(handles[i][1]));
    }
    table->pfnShutdown(monitor);
}

/* The input ends where its block does, so that a sanitizer sees a look beyond it. */
static void call(const uint8_t *head, const uint8_t *input, size_t size)
{
    static uint8_t output[PLACES];
    HANDLE xcv = handles[head[0] / 2 % OBJECTS][head[0] & 1];
    DWORD room = (head[2] | head[3] << 8) % (PLACES + 1);
    DWORD needed = 0xDEADBEEF;
    uint8_t *copy = malloc(size + 1);
    FUZZ_ASSERT(copy != NULL);
    uint8_t *exact = realloc(copy, size == 0 ? 1 : size);
    FUZZ_ASSERT(exact != NULL);
    memcpy(exact, input, size);
    memset(output, CANARY, sizeof output);
    DWORD code = table->pfnXcvDataPort(xcv, names[head[1] % NAMES], size == 0 ? NULL : exact,
                                       (DWORD)size, output, room, &needed);
    FUZZ_ASSERT(needed <= PLACES);
    FUZZ_ASSERT(code != 0 || needed <= room);
    for (size_t i = code == 0 ? needed : 0; i < sizeof output; i++) {
        FUZZ_ASSERT(output[i] == CANARY);
    }
    free(exact);
}

static void check_ports(void)
{
    DWORD needed = 0, count = 0;
    table->pfnEnumPorts(monitor, NULL, 2, NULL, 0, &needed, &count);
    PORT_INFO_2W *list = malloc(needed + 1);
    FUZZ_ASSERT(list != NULL);
    FUZZ_ASSERT(table->pfnEnumPorts(monitor, NULL, 2, (LPBYTE)list, needed, &needed, &count));
    for (DWORD i = 0; i < count; i++) {
        FUZZ_ASSERT(list[i].pPortName[0] != 0);
        for (const WCHAR *at = list[i].pPortName; *at != 0; at++) {
            FUZZ_ASSERT(*at >= 0x20);
        }
    }
    free(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    begin();
    for (int i = 0; i < CALLS && size >= HEAD; i++) {
        size_t wanted = data[4] | (size_t)data[5] << 8;
        size_t there = size - HEAD < wanted ? size - HEAD : wanted;
        call(data, data + HEAD, there);
        data += HEAD + there;
        size -= HEAD + there;
    }
    check_ports();
    end();
    return 0;
}
