/* SPDX-License-Identifier: MIT
 *
 * What tests of the text form share: calls with names for their handles, and the line they print.
 */
#ifndef TESTS_CALL_PRINTED_H
#define TESTS_CALL_PRINTED_H

#include "call/print.h"
#include "os/text.h"

extern struct platen_lane lane; /* "LPT1:" */
/* The kinds of arguments that were printed so far. */
extern bool printed_kinds[PLATEN_KINDS];

/* WCHAR is char16_t off Windows and wchar_t on it; callers promise not to write. */
LPWSTR w(const char16_t *text);
LPBYTE bytes(const void *data);
HANDLE handle(uintptr_t bits);

/* 0x501 is "$port1" and so on; others have no name. 32 bytes stand in line. */
extern const struct platen_call_form named;

/* The line in a buffer of every size: as much as fits, a NUL, and nothing beyond. */
void prints_as(const struct platen_call *call, const struct platen_call_form *form,
               const char *expected);

#define CALL(name_, ...)                                                                           \
    {                                                                                              \
        .slot = PLATEN_SLOT_##name_, .lane = &lane, .args.name_ = __VA_ARGS__                      \
    }

#endif
