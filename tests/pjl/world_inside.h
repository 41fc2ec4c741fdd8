/* SPDX-License-Identifier: MIT
 *
 * What the world's two sides share: the port monitor, and the spooler.
 */
#ifndef TESTS_PJL_WORLD_INSIDE_H
#define TESTS_PJL_WORLD_INSIDE_H

#include "world.h"

extern struct world *world_here;

void world_lock(void);
void world_unlock(void);
/* FALSE with that error, or TRUE. */
BOOL world_answer(uint32_t error);
/* The printer says something; the lock is held. */
void world_reply(const char *text, size_t size);
/* A table that leads here. */
MONITOR2 world_port_monitor(void);

#endif
