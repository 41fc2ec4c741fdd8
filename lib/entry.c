/* SPDX-License-Identifier: MIT
 *
 * The ways in: a spooler that loads the module, and a program that links the library.
 */
#include <stdlib.h>

#include <platen/errors.h>
#include <platen/monitor.h>

#include "imports.h"
#include "instance.h"
#include "manage.h"
#include "monitor2.h"

/* Last-error of a creation that failed: the instance whose table would say how is gone. */
static void set_last_error(const PLATEN_IMPORTS *chosen, uint32_t code)
{
    PLATEN_IMPORTS imports;
    imports_copy(&imports, chosen);
    imports.SetLastError(code);
}

static const PLATEN_IMPORTS *imports_of(const struct platen_monitor_options *options)
{
    return options ? options->imports : NULL;
}

LPMONITOR2 platen_monitor_create(PMONITORINIT init, const struct platen_monitor_options *options,
                                 PHANDLE phMonitor)
{
    uintptr_t handle = 0;
    uint32_t error = PLATEN_INVALID_PARAMETER;
    if (phMonitor)
        error = instance_create(init, options, &handle);
    if (phMonitor)
        *phMonitor = (HANDLE)handle;
    if (!error)
        return monitor2_table();
    set_last_error(imports_of(options), error);
    return NULL;
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    return platen_monitor_create(pMonitorInit, NULL, phMonitor);
}

static uint32_t add_port(struct instance *instance, const char *name, const char *uri)
{
    char16_t *name16 = platen_text_new16(name, SIZE_MAX);
    if (!name16)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = manage_add(instance, name16, uri, false);
    free(name16);
    return error;
}

uint32_t platen_monitor_add_port(HANDLE hMonitor, const char *name, const char *uri)
{
    if (!name)
        return PLATEN_INVALID_NAME;
    struct instance *instance = handle_acquire((uintptr_t)hMonitor, HANDLE_INSTANCE);
    if (!instance)
        return PLATEN_INVALID_HANDLE;
    uint32_t error = add_port(instance, name, uri);
    handle_release((uintptr_t)hMonitor);
    return error;
}
