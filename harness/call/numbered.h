/* SPDX-License-Identifier: MIT
 *
 * Tables of a monitor's functions that know their number: what a monitor gets or gives is a table
 * without a context, and its handles are whatever they are. For each number up to 63 one function
 * per slot, which makes a call of its arguments and hands it to
 *
 *   static void numbered_call(unsigned number, struct platen_call *call);
 *
 * which must be declared before. Then
 *
 *   static const MONITOR2 tables[] = {
 *   #define PLATEN_NUMBERED_ROWS
 *   #include "call/numbered.h"
 *   };
 *
 * With PLATEN_NUMBERED_EIGHT defined there are eight numbers, with PLATEN_NUMBERED_ENTRIES the
 * functions of struct platen_entry_table as well, whose rows are made with
 * PLATEN_NUMBERED_ENTRY_ROWS. Included several times: no guard.
 */
#include "call/numbered_common.h"

#define PLATEN_EIGHT 0
#include "call/numbered_eight.h"
#undef PLATEN_EIGHT
#ifndef PLATEN_NUMBERED_EIGHT
#    define PLATEN_EIGHT 1
#    include "call/numbered_eight.h"
#    undef PLATEN_EIGHT
#    define PLATEN_EIGHT 2
#    include "call/numbered_eight.h"
#    undef PLATEN_EIGHT
#    define PLATEN_EIGHT 3
#    include "call/numbered_eight.h"
#    undef PLATEN_EIGHT
#    define PLATEN_EIGHT 4
#    include "call/numbered_eight.h"
#    undef PLATEN_EIGHT
#    define PLATEN_EIGHT 5
#    include "call/numbered_eight.h"
#    undef PLATEN_EIGHT
#    define PLATEN_EIGHT 6
#    include "call/numbered_eight.h"
#    undef PLATEN_EIGHT
#    define PLATEN_EIGHT 7
#    include "call/numbered_eight.h"
#    undef PLATEN_EIGHT
#endif
#undef PLATEN_NUMBERED_ROWS
#undef PLATEN_NUMBERED_ENTRY_ROWS
