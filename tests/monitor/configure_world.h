/* SPDX-License-Identifier: MIT
 *
 * An instance whose ports are configured through Xcv, and what the tests of that do to it.
 */
#ifndef PLATEN_TESTS_MONITOR_CONFIGURE_WORLD_H
#define PLATEN_TESTS_MONITOR_CONFIGURE_WORLD_H

#include "line_trial.h"

extern const MONITOR2 *table;
extern HANDLE monitor;

/* Of each test. The latter looks for what was left behind, and for the canary in the log. */
int configure_set_up(void **state);
int configure_tear_down(void **state);
/* A new instance over the same store, in the place of the one there is. */
void restart(void);

/* One command by an administrator, on that object. */
DWORD tell(LPCWSTR object, LPCWSTR name, const void *input, size_t size);
/* One with output, by anybody. */
DWORD ask(LPCWSTR object, ACCESS_MASK access, LPCWSTR name, const void *input, size_t size,
          void *output, uint32_t room);
/* The number that a command without input answers. */
uint32_t number(LPCWSTR object, LPCWSTR name);
/* Text in UTF-8, in one of four rooms that take turns. */
const char *narrow(const WCHAR *text);

/* A TCP/IP port, its settings, and what the backend is told when it is opened. */
void add_tcp(LPCWSTR name, const char16_t *host);
PORT_DATA_2 info(LPCWSTR object, ACCESS_MASK access);
const char *target_of(LPCWSTR name);

/* SetDefaultCommConfig with such settings; GetDefaultCommConfig has to answer them. */
DWORD set_line(LPCWSTR object, const char *text);
void expect_config(LPCWSTR name, const char *text);

#endif
