/* SPDX-License-Identifier: MIT
 *
 * CUPS as it is installed: its programs, and a scheduler of our own with one raw queue.
 */
#ifndef COMMAND_BENCH_CUPSD_H
#define COMMAND_BENCH_CUPSD_H

#include <stdbool.h>
#include <stdint.h>

/* NULL if all programs are there, else what to tell. */
const char *bench_cups_missing(void);

/* CUPS's socket backend: sends `file` to that port of 127.0.0.1 and waits for it. */
bool bench_cups_backend(const char *folder, uint16_t port, const char *file);

struct bench_cupsd;

/* A scheduler that keeps everything below `folder`, and its queue to that port of 127.0.0.1. NULL
 * after having complained and cleaned up. */
struct bench_cupsd *bench_cupsd_start(const char *folder, uint16_t port);
/* Queues `file` so many times in the queue, which is stopped for it. */
bool bench_cupsd_fill(struct bench_cupsd *cupsd, const char *file, uint32_t count);
/* Lets the queue print. */
bool bench_cupsd_go(struct bench_cupsd *cupsd);
/* Waits until the scheduler knows of no job that is not done. */
bool bench_cupsd_idle(struct bench_cupsd *cupsd);
/* Why the scheduler did not print, as far as its log says. */
const char *bench_cupsd_last_word(const struct bench_cupsd *cupsd);
/* Ends it and removes what it kept; NULL is fine. */
void bench_cupsd_end(struct bench_cupsd *cupsd);

#endif
