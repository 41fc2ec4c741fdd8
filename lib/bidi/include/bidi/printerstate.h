/* SPDX-License-Identifier: MIT
 *
 * A printer's status byte (PARALLEL_ bits of <platen/ioctl.h>) in other words.
 */
#ifndef PLATEN_LIB_PRINTERSTATE_H
#define PLATEN_LIB_PRINTERSTATE_H

#include <stdbool.h>
#include <stdint.h>

/* \Printer.Status.Summary:State and :StateReason. `working`: a job is on the port. Static text. */
const char *printer_state(uint8_t status, bool working);
const char *printer_state_reason(uint8_t status);

/* The byte of a USB printer's port status: 0x08 no error, 0x10 selected, 0x20 paper empty. */
uint8_t printer_usb_status(uint8_t status);

#endif
