/* SPDX-License-Identifier: MIT
 *
 * What the files of the serial backend share. serial.c is the backend, serial_line.c reads the
 * settings of the line, serial_timing.c is the clockwork of reads, the twins drive the device.
 */
#ifndef SERIAL_PORT_H
#define SERIAL_PORT_H

#include "device.h"

/* As Windows numbers them in a DCB. */
enum serial_parity { SERIAL_NONE, SERIAL_ODD, SERIAL_EVEN, SERIAL_MARK, SERIAL_SPACE };
enum serial_stop { SERIAL_STOP_1, SERIAL_STOP_1_5, SERIAL_STOP_2 };
enum serial_control { SERIAL_OFF, SERIAL_ON, SERIAL_HANDSHAKE, SERIAL_TOGGLE };

struct serial_line {
    uint32_t baud;
    uint8_t bits;
    uint8_t parity; /* enum serial_parity */
    uint8_t stop;   /* enum serial_stop */
    uint8_t dtr;    /* enum serial_control */
    uint8_t rts;    /* likewise */
    bool xon;
    bool cts;
    bool dsr;
    bool idsr;
};

/* The rows of the settings. */
enum serial_setting {
    SERIAL_BAUD,
    SERIAL_BITS,
    SERIAL_PARITY,
    SERIAL_STOP,
    SERIAL_XON,
    SERIAL_CTS,
    SERIAL_DSR,
    SERIAL_DTR,
    SERIAL_RTS,
    SERIAL_IDSR,
    SERIAL_FLOW,
    SERIAL_DEVICE
};

/* The line that the values of the settings ask for. False: `*wrong` is the row that is none. */
bool serial_line_read(const char *const *values, struct serial_line *line,
                      enum serial_setting *wrong);

/* COMMTIMEOUTS, in milliseconds, in its order: also what IOCTL_SERIAL_SET_TIMEOUTS carries. */
struct serial_timeouts {
    uint32_t read_interval;
    uint32_t read_multiplier;
    uint32_t read_constant;
    uint32_t write_multiplier;
    uint32_t write_constant;
};

/* What they mean for one read of so many bytes. Nanoseconds; PLATEN_FOREVER: no bound. */
struct serial_pace {
    uint64_t total;    /* for all of it */
    uint64_t interval; /* between two bytes */
    bool at_once;      /* whatever is there is enough */
};

/* False for the one combination that drivers refuse. */
bool serial_timeouts_are_valid(const struct serial_timeouts *timeouts);
struct serial_pace serial_read_pace(const struct serial_timeouts *timeouts, uint32_t size);
/* How long a write of so many bytes may take. */
uint64_t serial_write_time(const struct serial_timeouts *timeouts, uint32_t size);

/* A read under way; moments in nanoseconds on one clock. */
struct serial_reading {
    uint64_t begun;
    uint64_t last; /* when the last byte came, if any has */
    uint32_t got;
    uint32_t size;
};
/* Is the read over, `now`, with what it has? If not, nothing changes before *until but for bytes
 * that come. `deadline` is the caller's own, and never passed. */
bool serial_read_is_over(const struct serial_pace *pace, const struct serial_reading *reading,
                         uint64_t now, uint64_t deadline, uint64_t *until);

struct serial_port {
    struct device_port device; /* first */
    struct serial_line line;   /* for the next opening; from here on under device.lock */
    struct serial_timeouts timeouts;
};

/* Looks at code and sizes, and asks the device if they are right. */
uint32_t serial_control(void *state, uint32_t code, const void *in, uint32_t in_size, void *out,
                        uint32_t out_size, uint32_t *returned);

/* The twin's. */
extern const struct device_ops serial_ops;
/* Is this text the path of a serial device on this system? 0 no, 1 it may be, 3 by its form. */
unsigned serial_likeness(const char *path);
/* Where COM<number> is if nobody says it; malloc'ed. */
char *serial_default_path(unsigned number);
/* For the backend's table. */
void serial_discover(struct platen_discovery *to);

#endif
