/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "handle.h"
#include "imports.h"
#include "instance.h"
#include "port.h"

/* ---- settings ------------------------------------------------------------------------------ */

/* Contract 7: EOJTimeout, eight bytes, milliseconds. */
#define EOJ_TIMEOUT      INT64_C(60000)
#define EOJ_TIMEOUT_MOST INT64_C(3600000)

static const WCHAR eoj_timeout[] = TEXT("EOJTimeout");

/* Little-endian; what is neither four nor eight long, or a text, is no number. */
static int64_t number_of(uint32_t type, const BYTE *data, uint32_t size)
{
    uint64_t number = 0;
    bool fits = type == REG_BINARY || type == REG_DWORD || type == REG_QWORD;
    if (!fits || (size != 4 && size != 8))
        return -1;
    for (uint32_t i = size; i > 0; i--)
        number = number << 8 | data[i - 1];
    return (int64_t)number;
}

/* What is missing is written, so that it can be found and changed. A store that refuses is no
 * reason not to print (R9). */
static int64_t read_timeout(const MONITORINIT *init)
{
    const MONITORREG *reg = init->pMonitorReg;
    BYTE data[8] = {0};
    DWORD size = sizeof(data);
    DWORD type = REG_NONE;
    if (!reg || !reg->fpQueryValue || !reg->fpSetValue)
        return EOJ_TIMEOUT;
    LONG code =
        reg->fpQueryValue(init->hckRegistryRoot, eoj_timeout, &type, data, &size, init->hSpooler);
    int64_t number = code == 0 ? number_of(type, data, size) : -1;
    if (code == PLATEN_FILE_NOT_FOUND) {
        for (int i = 0; i < 8; i++)
            data[i] = (BYTE)((uint64_t)EOJ_TIMEOUT >> (8 * i));
        reg->fpSetValue(init->hckRegistryRoot, eoj_timeout, REG_BINARY, data, sizeof(data),
                        init->hSpooler);
    }
    return number < 0 ? EOJ_TIMEOUT : number < EOJ_TIMEOUT_MOST ? number : EOJ_TIMEOUT_MOST;
}

/* ---- life ---------------------------------------------------------------------------------- */

static void destroy(void *object)
{
    struct pjl_instance *instance = object;
    imports_forget(&instance->imports);
    platen_os_mutex_destroy(&instance->lock);
    free(instance);
}

uint32_t pjl_instance_create(const MONITORINIT *init, const PLATEN_IMPORTS *imports,
                             uintptr_t *handle)
{
    *handle = 0;
    if (!init)
        return PLATEN_INVALID_PARAMETER;
    struct pjl_instance *instance = calloc(1, sizeof(*instance));
    if (!instance)
        return PLATEN_NOT_ENOUGH_MEMORY;
    imports_copy(&instance->imports, imports);
    platen_os_mutex_init(&instance->lock);
    instance->eoj_timeout = (uint64_t)read_timeout(init) * PJL_MILLISECOND;
    uint32_t error = handle_issue(HANDLE_INSTANCE, instance, destroy, &instance->handle);
    if (error) {
        destroy(instance);
        return error;
    }
    imports_remember(&instance->imports);
    *handle = instance->handle;
    return 0;
}

static uintptr_t first_port(struct pjl_instance *instance)
{
    platen_os_mutex_lock(&instance->lock);
    uintptr_t handle = instance->ports ? instance->ports->handle : 0;
    platen_os_mutex_unlock(&instance->lock);
    return handle;
}

void pjl_instance_shutdown(uintptr_t handle)
{
    struct pjl_instance *instance = handle_retire(handle, HANDLE_INSTANCE);
    uintptr_t port;
    if (!instance)
        return;
    while ((port = first_port(instance)) != 0)
        if (pjl_port_close(port)) /* somebody is closing it already */
            platen_os_thread_yield();
    handle_release(handle);
}

void pjl_instance_enter(struct pjl_instance *instance, struct pjl_port *port)
{
    platen_os_mutex_lock(&instance->lock);
    port->next = instance->ports;
    if (port->next)
        port->next->previous = port;
    instance->ports = port;
    platen_os_mutex_unlock(&instance->lock);
}

void pjl_instance_leave(struct pjl_instance *instance, struct pjl_port *port)
{
    platen_os_mutex_lock(&instance->lock);
    if (port->next)
        port->next->previous = port->previous;
    if (port->previous)
        port->previous->next = port->next;
    else
        instance->ports = port->next;
    platen_os_mutex_unlock(&instance->lock);
}
