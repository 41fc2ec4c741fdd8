/* SPDX-License-Identifier: MIT
 *
 * What tests of building share: one line made into one call, with names that mean something.
 */
#ifndef TESTS_CALL_BUILDING_H
#define TESTS_CALL_BUILDING_H

#include "call/build.h"

extern struct platen_built *built;
extern struct platen_call call;        /* the one that was built last */
extern struct platen_text_error error; /* or why it was not */

/* $known is a handle (0x500 and its kind), the newest is 0x900 and its kind (there is no spooler),
 * @doc1 is "0123456789", $v is the variable 42, every monitor has the table below. */
extern const struct platen_names building_names;
extern MONITOR2 table;

int building_setup(void **state);
int building_teardown(void **state);

bool try_build(const char *text, const struct platen_names *with);
void builds(const char *text);
void fails(const char *text, uint32_t column, const char *what);
void text_is(const void *text, const char16_t *expected);
uintptr_t bits(const void *pointer);

#endif
