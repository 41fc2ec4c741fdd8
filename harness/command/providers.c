/* SPDX-License-Identifier: MIT */
#include "command/providers.h"

#ifdef PLATEN_WITH_SNMP /* cmake/PlatenDependencies.cmake */
#    include <platen/snmp.h>
#endif

const struct platen_provider *const *command_providers(void)
{
#ifdef PLATEN_WITH_SNMP
    return platen_snmp_providers();
#else
    static const struct platen_provider *const none[] = {NULL};
    return none;
#endif
}
