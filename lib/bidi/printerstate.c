/* SPDX-License-Identifier: MIT */
#include <platen/ioctl.h>

#include "bidi/printerstate.h"

#define AWAY    (PARALLEL_OFF_LINE | PARALLEL_POWER_OFF | PARALLEL_NOT_CONNECTED)
#define TROUBLE (AWAY | PARALLEL_PAPER_EMPTY)

const char *printer_state(uint8_t status, bool working)
{
    if (status & TROUBLE)
        return "Stopped";
    return working || (status & PARALLEL_BUSY) ? "Processing" : "Idle";
}

/* A printer without paper also goes off line, most of them: then that is why. */
const char *printer_state_reason(uint8_t status)
{
    if (status & PARALLEL_PAPER_EMPTY)
        return "MediaEmpty";
    return status & AWAY ? "AttentionRequired" : "None";
}

uint8_t printer_usb_status(uint8_t status)
{
    unsigned usb = status & TROUBLE ? 0 : 0x08;
    if (status & PARALLEL_SELECTED)
        usb |= 0x10;
    if (status & PARALLEL_PAPER_EMPTY)
        usb |= 0x20;
    return (uint8_t)usb;
}
