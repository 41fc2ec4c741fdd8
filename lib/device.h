/* SPDX-License-Identifier: MIT
 *
 * Questions to the device behind an open port, beside its jobs: its IEEE 1284 id, its status, and
 * whatever else GetPrinterDataFromPort and SendRecvBidiDataFromPort want of it.
 *
 * One question at a time is under way on a port. Who comes meanwhile waits for his turn, on the
 * port's clock and holding no lock, and not for ever: the device may be slow to answer.
 */
#ifndef PLATEN_LIB_DEVICE_H
#define PLATEN_LIB_DEVICE_H

#include "port.h"

/* How long a request may take, its turn included. */
#define DEVICE_PATIENCE (5000 * MILLISECOND)

/* Takes the turn, until `deadline` at the latest: BUSY then; OPERATION_ABORTED when the port is
 * being closed. */
uint32_t device_begin(struct port *port, uint64_t deadline);
void device_end(struct port *port);

/* The following need the turn. */

/* Has its backend an ear for questions? */
bool device_can_be_asked(const struct port *port);

/* One control code, as <platen/backend.h> has it; INVALID_PARAMETER where there are none. */
uint32_t device_control(struct port *port, uint32_t code, const void *in, uint32_t in_size,
                        void *out, uint32_t out_size, uint32_t *returned);

/* The id, fit to be shown (device_id_clean), malloc'ed; its length may be 0. */
uint32_t device_id(struct port *port, char **id, uint32_t *length);

/* The PARALLEL_ bits. */
uint32_t device_status(struct port *port, uint8_t *status);

/* Has somebody a job on the port? */
bool device_is_working(const struct port *port);

#endif
