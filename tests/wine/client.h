/* SPDX-License-Identifier: MIT
 *
 * What a program does that manages ports and prints: winspool's functions, and nothing of ours but
 * the structures of <platen/tcpxcv.h>. Whatever has to work is asserted.
 */
#ifndef WINE_CLIENT_H
#define WINE_CLIENT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <platen/tcpxcv.h>
#include <platen/winsplp.h>

#define MONITORS_KEY L"System\\CurrentControlSet\\Control\\Print\\Monitors\\"

/* NULL, and a message, if the spooler knows no such thing. */
HANDLE client_open(const WCHAR *name, ACCESS_MASK access);
/* The status of one XcvData, as the monitor gave it. */
DWORD client_xcv(const WCHAR *object, const WCHAR *name, const void *input, DWORD size);
/* The same with an answer, in `output`, which has room for `room` bytes. */
DWORD client_ask(const WCHAR *object, const WCHAR *name, const void *input, DWORD size,
                 void *output, DWORD room);
/* Does EnumPorts tell this port? */
bool client_lists(const WCHAR *port);

/* platen.dll, which lies one folder above the tests, under that name. */
void client_add_monitor(const WCHAR *name);
/* Wine needs no more of a printer than three values (its AddPrinter wants a driver). */
void client_add_printer(const WCHAR *name, const WCHAR *port);
/* A text in a key of HKEY_LOCAL_MACHINE, which is made if it is missing. */
void client_set_text(const WCHAR *key, const WCHAR *name, const WCHAR *text);

/* One document (sink.h) in pieces of `chunk` to whatever OpenPrinter knows by that name. */
bool client_print(const WCHAR *name, uint8_t seed, uint32_t size, uint32_t chunk);
/* The other way: a file that the spooler names, filled by us. */
bool client_print_by_file(const WCHAR *name, uint8_t seed, uint32_t size);

#endif
