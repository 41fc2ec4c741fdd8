/* SPDX-License-Identifier: MIT
 *
 * Nobody loads monitors here. Only the first of these is asked.
 */
#include <stddef.h>

#include <platen/errors.h>

#include "command/install.h"

uint32_t install_system_exists(void)
{
    return PLATEN_NOT_SUPPORTED;
}

uint32_t install_system_allows(void)
{
    return PLATEN_NOT_SUPPORTED;
}

char *install_system_folder(void)
{
    return NULL;
}

uint32_t install_system_copy(const char *from, const char *to)
{
    (void)from, (void)to;
    return PLATEN_NOT_SUPPORTED;
}

uint32_t install_system_remove(const char *path, bool *later)
{
    (void)path;
    *later = false;
    return PLATEN_NOT_SUPPORTED;
}

uint32_t install_system_add(const char *monitor, const char *file)
{
    (void)monitor, (void)file;
    return PLATEN_NOT_SUPPORTED;
}

uint32_t install_system_delete(const char *monitor)
{
    (void)monitor;
    return PLATEN_NOT_SUPPORTED;
}

uint32_t install_system_forget(const char *monitor)
{
    (void)monitor;
    return PLATEN_NOT_SUPPORTED;
}

char *install_system_get(const char *monitor, const char *value)
{
    (void)monitor, (void)value;
    return NULL;
}

uint32_t install_system_set(const char *monitor, const char *value, const char *text)
{
    (void)monitor, (void)value, (void)text;
    return PLATEN_NOT_SUPPORTED;
}

void install_system_monitors(install_each *each, void *context)
{
    (void)each, (void)context;
}

void install_system_ports(const char *monitor, install_each *each, void *context)
{
    (void)monitor, (void)each, (void)context;
}

void install_system_printers(install_each *each, void *context)
{
    (void)each, (void)context;
}
