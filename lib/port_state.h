/* SPDX-License-Identifier: MIT
 *
 * The backend's side of an open port: opened with the port, and again, beside what there is, with
 * the first job after the port's settings have changed.
 */
#ifndef PLATEN_LIB_PORT_STATE_H
#define PLATEN_LIB_PORT_STATE_H

#include "port.h"

/* Bytes of a port with the state behind it. */
size_t port_state_room(const struct kind *kind);

/* As OpenPort says; after an error there is nothing to close. */
uint32_t port_state_open(struct port *port, const struct port_setting *setting);
void port_state_close(struct port *port);

/* Between two jobs, in the write lane: the settings that have come since count from now on. What
 * OpenPort would say; then the old ones are there still. */
uint32_t port_state_renew(struct port *port);

/* Time-outs, for the state that there is and those to come. */
uint32_t port_state_set_timeouts(struct port *port, const uint32_t times[PLATEN_TIMES]);

#endif
