/* SPDX-License-Identifier: MIT
 *
 * A backend whose every answer is written down beforehand, and the clock that goes with it: time
 * passes when the device waits, and never otherwise.
 */
#ifndef PLATEN_TESTS_MONITOR_FAKE_DEVICE_H
#define PLATEN_TESTS_MONITOR_FAKE_DEVICE_H

#include <platen/backend.h>

#define MS UINT64_C(1000000)

/* One answer of `write`: takes `bytes` (UINT32_MAX: all), after so many milliseconds; a time beyond
 * the deadline is TIMEOUT at the deadline. The last step repeats. */
struct device_step {
    uint32_t bytes;
    uint32_t error;
    uint32_t ms;
};

struct device {
    struct device_step steps[16];
    int step;
    uint32_t start_error;
    uint32_t end_error;
    uint32_t open_error;
    uint32_t check_error;
    uint32_t drain_ms;      /* how long a job's last bytes take; past a deadline it is TIMEOUT */
    uint32_t drain_error;   /* and what comes of it then */
    uint32_t drain_pieces;  /* how often that begins anew, as bytes have moved */
    void (*on_drain)(void); /* called inside `drain` */
    uint32_t read_bytes;    /* what `read` finds at once; 0: nothing until the deadline */
    void (*on_write)(void); /* called inside `write` */

    const char *plugged; /* a port that is there besides; NULL: none */

    int opens, closes, starts, ends, abandons, writes, cancels, drains;
    uint32_t received;
    uint8_t data[1 << 16]; /* what was received first */
    uint64_t now;          /* nanoseconds */
    uint64_t last_deadline;
    char title[256]; /* of the last job */
    char output[256];
    char printer[256];
    char user[256];
    char machine[256];
    char target[256]; /* of the last open */
    char speed[32];   /* the setting "speed" of the last open */
};
extern struct device device;

/* Claims names that begin with 'T', 't' or 'N'; "BUILT:" is simply there; settings: speed 1..1000,
 * loud. */
extern const struct platen_backend device_backend;
extern struct platen_clock device_clock;

void device_reset(void);

#endif
