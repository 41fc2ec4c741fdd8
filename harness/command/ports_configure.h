/* SPDX-License-Identifier: MIT
 *
 * `platen ports configure`: the settings of a port that is there, told and changed through Xcv, of
 * any monitor.
 */
#ifndef COMMAND_PORTS_CONFIGURE_H
#define COMMAND_PORTS_CONFIGURE_H

#include "command/report.h"
#include "command/session.h"

/* arguments->rest: "configure", the port's name, and its new settings, KEY=VALUE; without any they
 * are told. An exit status. */
int ports_configure(struct session *session, struct report *report,
                    const struct arguments *arguments);

/* Can the words be settings at all? Complains. */
bool ports_configure_check(const struct arguments *arguments);

#endif
