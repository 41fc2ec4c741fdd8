/* SPDX-License-Identifier: MIT
 *
 * The commands of the Standard TCP/IP Port monitor's vocabulary (contract 4.3), whose input is a
 * structure of <platen/tcpxcv.h>.
 */
#ifndef PLATEN_LIB_XCV_TCP_H
#define PLATEN_LIB_XCV_TCP_H

#include <stdbool.h>

#include "xcv.h"

/* Is the input just such a structure, of a version that exists? No port's name is: where the
 * version stands a name would have a control character. */
bool xcv_is_port_data(const struct xcv_call *call);
bool xcv_is_delete_port_data(const struct xcv_call *call);

/* AddPort: INVALID_DATA for input that is too short, INVALID_LEVEL for its version,
 * INVALID_PARAMETER for a text that does not end in its place, then as manage_add_tcp. */
uint32_t xcv_add_tcp_port(struct xcv_call *call);
/* DeletePort: the same, then as manage_delete. */
uint32_t xcv_delete_tcp_port(struct xcv_call *call);

#endif
