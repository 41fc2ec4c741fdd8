/* SPDX-License-Identifier: MIT
 *
 * What errand.c needs of the system, without the seam.
 */
#ifndef PEER_ERRAND_H
#define PEER_ERRAND_H

#include <stdbool.h>
#include <stddef.h>

/* Standard input as bytes. */
void errand_begin(void);
/* The variables of the environment one by one, in UTF-8; false behind the last. */
bool errand_variable(size_t number, char *text, size_t size);
/* How many files or handles are open here; -1 where nobody can tell. */
int errand_handles(void);
void errand_place(char *folder, size_t size);
long errand_id(void);
void errand_pause(unsigned milliseconds);
void errand_crash(void);

#endif
