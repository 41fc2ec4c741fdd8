/* SPDX-License-Identifier: MIT
 *
 * A port of a backend, and the device and the far end that it leads to. Every call is timed: it has
 * to be back 100 ms after its deadline, or after a cancel. What a machine under load adds to that
 * is measured too, by a thread that does nothing but sleep and look how late it wakes.
 */
#ifndef ROAD_H
#define ROAD_H

#include "far.h"
#include "trial.h"

#define MS UINT64_C(1000000)
/* For what is to happen, however busy the machine is; nobody waits so long as a rule. */
#define PATIENT (60 * SECOND)

struct road {
    struct far *far;
    struct trial trial; /* the port's */
    struct port port;
    uint64_t latest; /* of all calls, after what they were to be back at */
};

/* Opens a port such as "serial:/dev/ttyS1?baud=115200". */
void road_open(struct road *road, const struct platen_backend *backend, const char *uri,
               struct far *far);
void road_close(struct road *road);

/* Calls of the backend, `patience` nanoseconds before their deadline. */
uint32_t road_start(struct road *road, uint64_t patience);
uint32_t road_write(struct road *road, const void *data, uint32_t size, uint64_t patience,
                    uint32_t *moved);
uint32_t road_drain(struct road *road, uint64_t patience);
uint32_t road_end(struct road *road, bool abandoned, uint64_t patience);
uint32_t road_read(struct road *road, void *data, uint32_t size, uint64_t patience,
                   uint32_t *moved);
/* Writes it all, but is cancelled from another thread when `at` bytes have come and some time has
 * passed, long before the deadline. */
uint32_t road_write_cancelled(struct road *road, const void *data, uint32_t size, uint32_t at,
                              uint32_t *moved);

/* Waits until what has come ends in these bytes; how much came before them, or UINT32_MAX. */
uint32_t road_await(struct road *road, const void *data, uint32_t size);
/* What came, first byte first. */
const uint8_t *road_bytes(void);

#endif
