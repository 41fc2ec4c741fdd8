/* SPDX-License-Identifier: MIT
 *
 * What the files of the parallel backend share.
 */
#ifndef PARALLEL_PORT_H
#define PARALLEL_PORT_H

#include "device.h"

struct parallel_port {
    struct device_port device; /* first */
};

/* The wires of a printer's status byte (IEEE 1284, and USB's printer class but for BUSY). */
enum {
    PARALLEL_NO_ERROR = 0x08,
    PARALLEL_SELECT = 0x10,
    PARALLEL_OUT_OF_PAPER = 0x20,
    PARALLEL_NOT_ACK = 0x40,
    PARALLEL_NOT_BUSY = 0x80,
    PARALLEL_WIRES = 0xF8
};

/* Such a byte as what IOCTL_PAR_QUERY_INFORMATION answers: PARALLEL_ bits of <platen/ioctl.h>. */
uint8_t parallel_information(uint8_t status);
/* Those as the error that a job which begins then ends with; 0: none. */
uint32_t parallel_trouble(uint8_t information);

/* The twin's. */
extern const struct device_ops parallel_ops;
/* Is this text the path of a parallel device on this system? 0 no, 1 it may be, 3 by its form. */
unsigned parallel_likeness(const char *path);
/* Where LPT<number> is if nobody says it; malloc'ed. */
char *parallel_default_path(unsigned number);
/* For the backend's table. */
void parallel_discover(struct platen_discovery *to);
/* The device id of the printer at /dev/lp<number>; empty. */
void parallel_read_id(unsigned number, char *id, size_t size);

#endif
