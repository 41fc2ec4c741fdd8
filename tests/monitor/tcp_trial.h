/* SPDX-License-Identifier: MIT
 *
 * What the tests of TCP/IP ports share: TCPMON's structures, filled in, an instance with a stand-in
 * for the tcp backend, and a place for input with nothing readable behind it.
 */
#ifndef PLATEN_TESTS_MONITOR_TCP_TRIAL_H
#define PLATEN_TESTS_MONITOR_TCP_TRIAL_H

#include "fake.h"
#include "fake_device.h"

#include <platen/tcpxcv.h>

#define CANARY u"c4n4ry-community" /* an SNMP community that may be nowhere but in the store */

/* Copies text into an array of a structure. */
void tcp_put(WCHAR *member, size_t units, const char16_t *text);
#define TCP_PUT(member, text) tcp_put(member, sizeof(member) / sizeof((member)[0]), text)

/* Complete structures: RAW, port 9101, the canary; everything reserved is 0xEE. */
PORT_DATA_1 tcp_data_1(const char16_t *name, const char16_t *host);
PORT_DATA_2 tcp_data_2(const char16_t *name, const char16_t *host);
DELETE_PORT_DATA_1 tcp_delete_data(const char16_t *name);

/* fake_options with a second backend "socket", which claims no names. */
struct platen_monitor_options tcp_options(void);
const MONITOR2 *tcp_monitor(HANDLE *monitor);

/* A copy of `size` bytes that ends where a page without access begins; one at a time. NULL gives
 * zeros. */
void *tcp_guarded(const void *data, size_t size);
void tcp_guard_release(void);

/* XcvDataPort of a command without output: the code; the size must be said to be 0. */
DWORD tcp_run(const MONITOR2 *table, HANDLE xcv, LPCWSTR name, const void *input, size_t size);

#endif
