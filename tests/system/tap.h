/* SPDX-License-Identifier: MIT
 *
 * What the test says, as TAP: one line for each thing that was tried.
 */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>

/* Begins what is tried next; its name is copied. */
__attribute__((format(printf, 1, 2))) void tap_begin(const char *format, ...);
/* Something about it. It is fine unless one thing is not; returns `fine`. */
__attribute__((format(printf, 2, 3))) bool tap_expect(bool fine, const char *format, ...);
/* A remark. */
__attribute__((format(printf, 1, 2))) void tap_note(const char *format, ...);
void tap_end(void);
/* The plan; the program's exit status. */
int tap_finish(void);

#endif
