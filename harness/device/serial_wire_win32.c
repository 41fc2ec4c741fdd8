/* SPDX-License-Identifier: MIT
 *
 * Windows makes no lines for programs.
 */
#include <stddef.h>

#include <platen/errors.h>

#include "device/serial.h"

uint32_t serial_wire_open(struct serial_wire **line, char *path, size_t size)
{
    (void)path, (void)size;
    *line = NULL;
    return PLATEN_NOT_SUPPORTED;
}

void serial_wire_close(struct serial_wire *line)
{
    (void)line;
}

size_t serial_wire_read(struct serial_wire *line, void *data, size_t room, unsigned milliseconds,
                        bool *closed)
{
    (void)line, (void)data, (void)room, (void)milliseconds;
    *closed = false;
    return 0;
}

size_t serial_wire_write(struct serial_wire *line, const void *data, size_t size)
{
    (void)line, (void)data, (void)size;
    return 0;
}
