/* SPDX-License-Identifier: MIT
 *
 * What a language monitor gets in OpenPortEx: the table of a monitor that is elsewhere. Its
 * functions are calls back to the harness, which knows by the number whom they are for.
 */
#include "host/host.h"

static void numbered_call(unsigned number, struct platen_call *call)
{
    host_ship(call, (uint16_t)(number + 1));
}

#define PLATEN_NUMBERED_EIGHT
#include "call/numbered.h"

static const MONITOR2 tables[] = {
#define PLATEN_NUMBERED_ROWS
#include "call/numbered.h"
};

const MONITOR2 *host_upper(uint16_t number)
{
    bool is_one = number > 0 && number <= sizeof tables / sizeof *tables;
    return is_one ? &tables[number - 1] : NULL;
}
