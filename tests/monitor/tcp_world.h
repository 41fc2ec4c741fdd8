/* SPDX-License-Identifier: MIT
 *
 * The instance on which the tests of TCPMON's structures work, and what they do to it.
 */
#ifndef PLATEN_TESTS_MONITOR_TCP_WORLD_H
#define PLATEN_TESTS_MONITOR_TCP_WORLD_H

#include "tcp_trial.h"

extern const MONITOR2 *table;
extern HANDLE monitor, local, tcp; /* two Xcv handles, one of each face */

/* Of each test. The latter looks for what was left behind, and for the canary in the log. */
int world_set_up(void **state);
int world_tear_down(void **state);

DWORD run(HANDLE xcv, LPCWSTR name, const void *input, size_t size);
DWORD add_1(HANDLE xcv, const PORT_DATA_1 *data);
/* By a structure on the Local handle. */
DWORD add(const char16_t *name, const char16_t *host);
DWORD delete_1(HANDLE xcv, const char16_t *name);
bool listed(const char16_t *name);
/* What the backend is told when the port is opened. */
const char *target_of(const char16_t *name);
/* After an AddPort with that answer: the port is listed if it was 0, and is deleted again. */
void undo(DWORD code, const char16_t *name);

#endif
