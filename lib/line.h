/* SPDX-License-Identifier: MIT
 *
 * The settings of a serial line, and the three forms in which they come: the text that Windows
 * keeps for a COM port and takes apart with BuildCommDCB (contract 8), the COMMCONFIG of the Xcv
 * commands (contract 1.10), and the settings of a backend with PLATEN_LINE_SETTINGS. Pure: nothing
 * here touches a device.
 */
#ifndef PLATEN_LIB_LINE_H
#define PLATEN_LIB_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platen/winsplp.h>

/* In the order of DCB's Parity, StopBits, and fDtrControl and fRtsControl. */
enum line_parity { LINE_NONE, LINE_ODD, LINE_EVEN, LINE_MARK, LINE_SPACE };
enum line_stop { LINE_STOP_1, LINE_STOP_1_5, LINE_STOP_2 };
enum line_control { LINE_OFF, LINE_ON, LINE_HANDSHAKE, LINE_TOGGLE };

struct platen_line {
    uint32_t baud;  /* bits per second, not 0 */
    uint8_t bits;   /* of data: 5 to 8 */
    uint8_t parity; /* enum line_parity */
    uint8_t stop;   /* enum line_stop */
    uint8_t xon;    /* XON and XOFF, both ways: 0 or 1, as the next three */
    uint8_t cts;    /* output waits for CTS */
    uint8_t dsr;    /* output waits for DSR */
    uint8_t idsr;   /* input without DSR is dropped */
    uint8_t dtr;    /* enum line_control, never LINE_TOGGLE */
    uint8_t rts;    /* enum line_control */
};

/* 9600,n,8,1 without flow control. */
extern const struct platen_line line_default;

/* Room for any text and for any options that are made here. */
enum { LINE_TEXT_BYTES = 160 };

/* "9600,n,8,1" with ",x" or ",p", or "baud=9600 parity=n data=8 ..."; letters of either case, a
 * "COM1:" before it is passed over. The second form changes only what it names. INVALID_PARAMETER
 * for all that is neither, or both; then *line is as it was. */
uint32_t line_parse(const char *text, struct platen_line *line);
/* The shortest text from which line_parse makes these settings. */
void line_format(const struct platen_line *line, char text[LINE_TEXT_BYTES]);

/* A COMMCONFIG of `size` bytes at any address. INVALID_PARAMETER if it is short, its dwSize says
 * more, it is no RS-232 line's, or settings are none; then *line is as it was. */
uint32_t line_from_config(const void *config, size_t size, struct platen_line *line);
void line_to_config(const struct platen_line *line, COMMCONFIG *config);

/* As a backend has them: the value of a setting by its key. NULL for a key that is no setting of
 * lines; `room` holds what is not fixed. */
enum { LINE_VALUE_BYTES = 12 };
const char *line_value(const struct platen_line *line, const char *key,
                       char room[LINE_VALUE_BYTES]);
/* A backend may also have CUPS's shorthand, none, soft, hard or dtrdsr, which, if it is given,
 * stands for xon, cts, dsr, dtr and rts; its row comes after theirs. */
#define LINE_FLOW "flow"
/* The other way: false if the value is none of the setting's. A key that is no setting of lines is
 * passed over. */
bool line_set_value(struct platen_line *line, const char *key, const char *value);

#endif
