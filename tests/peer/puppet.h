/* SPDX-License-Identifier: MIT
 *
 * What puppet.c needs of the system, without the seam.
 */
#ifndef PEER_PUPPET_H
#define PEER_PUPPET_H

#include <stdbool.h>
#include <stddef.h>

/* Standard input as bytes. */
void puppet_begin(void);
/* The variables of the environment one by one, in UTF-8; false behind the last. */
bool puppet_variable(size_t number, char *text, size_t size);
/* How many files or handles are open here; -1 where nobody can tell. */
int puppet_handles(void);
void puppet_place(char *folder, size_t size);
long puppet_id(void);
void puppet_pause(unsigned milliseconds);
void puppet_crash(void);

#endif
