/* SPDX-License-Identifier: MIT
 *
 * The USB devices of the test.
 */
#ifndef FAR_USB_H
#define FAR_USB_H

#include "usbip.h"

/* A printer, /dev/usb/lp0. The state also has its port status, shifted: (0x18 ^ status) * USB_OWN,
 * so that 0 is ready. */
#define PRINTER_STATUS(status) ((0x18u ^ (status)) * USB_OWN)
struct far *far_printer(void);
/* What it calls itself from now on. */
void far_printer_id(const char *id);
unsigned far_printer_resets(void);
/* Another printer takes the place of this one, which is plugged in elsewhere and is /dev/usb/lp1
 * from now on; or that one is pulled out again. Once. */
struct far *far_other_printer(bool takes_its_place);
/* Printers of that make and model, usb://Acme/Jet 3000?serial=M<number>, each at a hub of its own;
 * once for each of the numbers 0 to USB_HUBS - 1. Which node it has changes with every time that it
 * is plugged in. */
struct far *far_one_of_many(unsigned number);

/* A serial adapter of FTDI's, /dev/ttyUSB0: which of its lines are off. */
enum {
    ADAPTER_NO_CTS = USB_OWN,
    ADAPTER_NO_DSR = USB_OWN * 2,
    ADAPTER_NO_CARRIER = USB_OWN * 4,
    ADAPTER_XOFF = USB_OWN * 8 /* the printer has said it, and the chip has kept it to itself */
};
struct far *far_adapter(void);
/* What it has been told of the line: "9600 8n1 rts dtr" and "cts", "dsr" or "xon" for the output
 * that waits. The text is the next call's. */
const char *far_adapter_settings(void);

#endif
