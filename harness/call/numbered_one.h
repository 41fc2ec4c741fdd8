/* SPDX-License-Identifier: MIT
 *
 * Inside of call/numbered.h: the functions of one number, or its row in a table of tables.
 */
/* clang-format off */
#if defined(PLATEN_NUMBERED_ROWS)
{
    .cbSize = sizeof(MONITOR2),
#define PLATEN_SLOT(table, result, slot, members) NUMBERED_ROW_##table(slot)
#include "call/slots.def"
#undef PLATEN_SLOT
},
#elif defined(PLATEN_NUMBERED_ENTRY_ROWS)
{
#define PLATEN_SLOT(table, result, slot, members) NUMBERED_ENTRY_ROW_##table(slot)
#include "call/slots.def"
#undef PLATEN_SLOT
},
#else
#define PLATEN_SLOT(table, result, slot, members)                                                  \
    NUMBERED_ONE_##table(PLATEN_TYPE_##result, NUMBERED_PASS_##result, slot, members)
#include "call/slots.def"
#undef PLATEN_SLOT
#endif
    /* clang-format on */
