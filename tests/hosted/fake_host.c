/* SPDX-License-Identifier: MIT
 *
 * A host that lies: it loads nothing, and after a good beginning answers whatever SEED makes it
 * answer. As a platen-host it is started by the test.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/frame.h"
#include "os/clock.h"
#include "os/process.h"
#include "os/thread.h"

#define LINES (sizeof lines / sizeof *lines)

static unsigned port;
static char token[64];
static uint32_t seed;
static unsigned calls;

/* What could stand in an answer, at its place or not. */
static const char *const lines[] = {
    "TRUE",
    "FALSE ERROR_INSUFFICIENT_BUFFER pcbNeeded=4294967295 pcReturned=4294967295",
    ("TRUE pPorts=[{pPortName=\"A\" pMonitorName=NULL pDescription=NULL fPortType=1 Reserved=0}] "
     "pcbNeeded=999999999 pcReturned=1000000"),
    "TRUE pPorts=[{...}] pcReturned=1",
    "TRUE pPorts=[[[[[[[[[[]]]]]]]]]] pcReturned=1",
    "TRUE pcbWritten=18446744073709551615",
    "TRUE pcbRead=4294967295 pBuffer=@bulk[0+4294967295]",
    "TRUE pcbRead=64 pBuffer=@bulk[18446744073709551615+64]",
    "TRUE pHandle=port:0xffffffffffffffffff",
    "TRUE pHandle=port:0x1",
    "TRUE pHandle=$port1 phXcv=xcv:0x5",
    "ERROR_SUCCESS pcbOutputNeeded=1000 pOutputData=\"\\x00\\xff\"",
    "ERROR_SUCCESS pOutputData=<5 bytes>",
    "table phMonitor=monitor:0x7\ntable={cbSize=4294967295 ReadPort=NULL EnumPorts=NULL}",
    "done",
    "done\ndamaged=[pBuffer \"\\n\" {a=[}]",
    "TRUE\ncopied=1 signals=1 damaged=[x] table={cbSize=1}",
    "",
    "\n\n\n",
    "NULL",
    "handle",
    "TRUE at=5 took=7 pcbWritten=1 pcbWritten=2",
    "\"TRUE\"",
    "TRUE pcbWritten=1 ERROR_NO_SUCH_THING",
};

static uint32_t chance(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static struct platen_channel *connect_as(const char *lane)
{
    char hello[200];
    platen_os_lookup *lookup;
    struct platen_os_address address;
    platen_os_socket socket;
    size_t count;
    uint64_t until = platen_os_now() + UINT64_C(10000000000);
    if (platen_os_lookup_start("127.0.0.1", (uint16_t)port, &lookup) != 0 ||
        platen_os_lookup_wait(lookup, PLATEN_OS_NO_BELL, until, &address, 1, &count) != 0 ||
        platen_os_socket_connect(&address, PLATEN_OS_NO_BELL, until, &socket) != 0) {
        _Exit(1);
    }
    platen_os_lookup_end(lookup);
    platen_os_socket_block(socket);
    struct platen_channel *channel = platen_channel_new(socket);
    snprintf(hello, sizeof hello, "token=\"%s\" lane=%s word=%u pid=%u", token, lane,
             chance(4) == 0 ? 4u : 8u, (unsigned)platen_os_process_id());
    platen_channel_say(channel, PLATEN_FRAME_HELLO, hello);
    return channel;
}

/* Connections that have no business here. */
static void knock(void)
{
    static const char *const names[] = {"t", "0", "77", "4294967297", "$x", "t"};
    struct platen_channel *channel = connect_as(names[chance(6)]);
    if (chance(2) == 0) {
        platen_channel_say(channel, PLATEN_FRAME_CALL,
                           "? SetPortW pName=NULL pPortName=\"X:\" "
                           "dwLevel=3 pPortInfo={dwStatus=1} -> ?");
    }
    platen_channel_free(channel);
}

static void call_back(struct platen_channel *channel)
{
    static const char *const back[] = {
        "? WritePort hPort=port:0x1 pBuffer=NULL cbBuf=5 -> ?",
        "? InitializePrintMonitor2 -> ?",
        "? OpenPrinterW pPrinterName=\"Printer\" pDefault=NULL -> ?",
        "? EnumPortsW pName=NULL Level=2 cbBuf=100000 -> ?",
        "? EnumPortsW pName=NULL Level=2 cbBuf=4294967295 -> ?",
        "? QueryValue hcKey=key:0x41 pszValue=NULL pData=NULL -> ?",
        "? CreateKey hcKey=0 pszSubKey=\"a\\\\b\" hSpooler=spooler:0x1 -> ?",
        "? CloseKey hcKey=key:0xffffffffffff hSpooler=NULL -> ?",
        "? GetJobW hPrinter=printer:0x100000001 JobId=1 Level=2 cbBuf=10 -> ?",
        "? SetJobW hPrinter=NULL JobId=1 Level=7 pJob={a=1} -> ?",
        "? SetValue pData=@bulk[0+99] cbData=4294967295 -> ?",
        "? NoSuchSlot -> ?",
        "}}}}{{{{",
        "",
    };
    struct platen_frame frame;
    platen_channel_say(channel, PLATEN_FRAME_CALL, back[chance(sizeof back / sizeof *back)]);
    if (platen_channel_receive(channel, UINT64_MAX, &frame) != 0) {
        _Exit(0);
    }
}

/* A known line with some bytes that are others. */
static void say_nearly(struct platen_channel *channel)
{
    char text[512];
    const char *line = lines[chance(LINES)];
    size_t length = strlen(line);
    memcpy(text, line, length + 1);
    for (uint32_t i = chance(4); i > 0 && length > 0; i--) {
        text[chance((uint32_t)length)] = (char)(1 + chance(126));
    }
    platen_channel_say(channel, PLATEN_FRAME_RETURN, text);
}

static void answer(struct platen_channel *channel)
{
    static const unsigned char garbage[64] = {'P', 'L', 'T', '1', 6, 0, 0, 0, 255, 255, 255, 255};
    struct platen_frame_part part = {garbage, sizeof garbage};
    uint32_t moved;
    switch (chance(12)) {
    case 0:
        platen_os_socket_send(platen_channel_socket(channel), garbage, 1 + chance(63), &moved);
        _Exit(0);
    case 1:
        platen_channel_say(channel, (enum platen_frame_kind)(1 + chance(8)), "5");
        break;
    case 2:
        platen_channel_send(channel, PLATEN_FRAME_RETURN, 9, 0, &part, 1);
        break;
    case 3:
        knock();
        say_nearly(channel);
        break;
    case 4:
    case 5:
        call_back(channel);
        answer(channel);
        break;
    default:
        say_nearly(channel);
        break;
    }
}

static void serve(void *argument)
{
    char name[16];
    struct platen_frame frame;
    snprintf(name, sizeof name, "%u", (unsigned)(uintptr_t)argument);
    struct platen_channel *channel = connect_as(name);
    while (platen_channel_receive(channel, UINT64_MAX, &frame) == 0) {
        if (frame.kind == PLATEN_FRAME_LOAD) {
            platen_channel_say(channel, PLATEN_FRAME_RETURN, "error=0 init=1 dllmain=0 older=0\n");
        } else if (calls++ == 0 && chance(8) != 0) {
            platen_channel_say(channel, PLATEN_FRAME_RETURN,
                               "table phMonitor=monitor:0x7\ntable={cbSize=184}");
        } else {
            answer(channel);
        }
    }
    _Exit(0);
}

int main(void)
{
    char home[80];
    char wish[20];
    struct platen_frame frame;
    platen_os_thread *thread;
    if (!platen_os_environment_take("PLATEN_HOST", home, sizeof home) ||
        !platen_os_environment_take("SEED", wish, sizeof wish) ||
        sscanf(home, "%u %63s", &port, token) != 2) {
        return 2;
    }
    seed = (uint32_t)strtoul(wish, NULL, 10);
    struct platen_channel *control = connect_as("0");
    while (platen_channel_receive(control, UINT64_MAX, &frame) == 0 &&
           frame.kind == PLATEN_FRAME_LANE) {
        uintptr_t number = 0;
        for (size_t i = 0; i < frame.body_size; i++) {
            number = number * 10 + (uintptr_t)(frame.body[i] - '0');
        }
        platen_os_thread_start(&thread, "lane", 0, serve, (void *)number);
    }
    _Exit(0);
}
