/* SPDX-License-Identifier: MIT
 *
 * What of the language is the builtin monitor's alone. With any other monitor a test that needs it
 * is skipped, with the reason: simulated devices and the virtual clock do not reach into a module.
 */
#ifndef SCRIPT_FOREIGN_H
#define SCRIPT_FOREIGN_H

#include "script/inside.h"

/* A monitor that is a module is about to be loaded. false: the test was skipped. */
bool script_foreign_begin(struct script_test *test);
/* A simulated device is asked for. false: the test was skipped. */
bool script_foreign_sim(struct script_test *test);
/* A port of that URI on a module: through XcvData, as TCP/IP ports are made; other kinds skip the
 * test. *error is the monitor's answer. false, with the lane's error: this is no such URI. */
bool script_foreign_port(struct script_lane *lane, const struct script_monitor *monitor,
                         const char *name, const char *uri, uint32_t *error);

/* One XcvData call of the lane's spooler; verb_xcv.c. */
uint32_t script_xcv(struct script_lane *lane, const char *object, const char *name,
                    const void *input, uint32_t size, uint32_t *status);

#endif
