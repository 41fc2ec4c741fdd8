/* SPDX-License-Identifier: MIT
 *
 * A port of the serial (or parallel) backend on a pseudo terminal, and (serial_driver.c, not on
 * Windows) a device driver that does what a test says: the linker puts our ioctl, write and read
 * before the system's.
 */
#ifndef SERIAL_BENCH_H
#define SERIAL_BENCH_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "os/thread.h"
#include "trial.h"

#define MS UINT64_C(1000000)

extern const struct platen_backend platen_backend_serial, platen_backend_parallel;

struct bench {
    struct trial trial;
    struct port port;
    tty_peer *tty;
    char example[700];
};

/* What ioctl answers in place of the system: false, it is not for us. */
typedef bool (*bench_driver)(int fd, unsigned long code, void *argument, int *answer);
void bench_use(bench_driver driver);
/* Set by it, for bench_close. */
extern void (*bench_leave_driver)(void);

/* Opens a port on the peer's line, with options as "?baud=300". */
void bench_open(struct bench *bench, const struct platen_backend *backend, const char *options);
/* The same on any path, without a peer. */
void bench_open_at(struct bench *bench, const struct platen_backend *backend, const char *path,
                   const char *options);
/* Ends what is left of a job. */
void bench_close(struct bench *bench);

uint32_t bench_start(struct bench *bench);
uint32_t bench_write(struct bench *bench, const void *data, uint32_t size, uint64_t deadline,
                     uint32_t *moved);
void bench_write_text(struct bench *bench, const char *text);
/* Writes until the line takes no more: for a while the kernel may be moving on what it has. */
size_t bench_fill(struct bench *bench);
uint32_t bench_drain(struct bench *bench, uint64_t deadline);
uint32_t bench_end(struct bench *bench, bool abandoned, uint64_t deadline);
uint32_t bench_control(struct bench *bench, uint32_t code, const void *in, uint32_t in_size,
                       void *out, uint32_t out_size);
/* A read of this size; how many bytes came, and in *took how long it took. */
uint32_t bench_read(struct bench *bench, void *data, uint32_t size, uint64_t *took);
/* A job with this text that must arrive. */
void bench_print(struct bench *bench, const char *text);
void bench_expect(struct bench *bench, const char *text);

/* Calls the function on another thread after so many nanoseconds, once; joins it. */
struct later {
    void (*act)(void *argument);
    void *argument;
    uint64_t after;
    uint64_t at; /* when it was called */
    platen_os_thread *thread;
};
void later_begin(struct later *later, uint64_t after, void (*act)(void *argument), void *argument);
void later_end(struct later *later);
/* For later_begin: cancels the bench's job. */
void bench_cancel(void *bench);

/* So many nanoseconds from now. */
uint64_t in(uint64_t nanoseconds);

#endif
