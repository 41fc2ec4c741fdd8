/* SPDX-License-Identifier: MIT
 *
 * What the kernel tells of devices in /sys and /proc, without anybody opening one.
 */
#ifndef DEVICE_SYS_POSIX_H
#define DEVICE_SYS_POSIX_H

#include <stddef.h>

enum { SYS_PATH = 256 };

/* For tests: the folder in which /dev, /proc and /sys are looked for; NULL: the system's own. */
void sys_replace_root(const char *folder);
/* The path below that folder; cut to size. Where it is the system's own, the path itself. */
const char *sys_rooted(const char *path, char *room, size_t size);

/* What stands in folder/file, on one line; empty if there is none. */
void sys_read(const char *folder, const char *file, char *text, size_t size);
/* The same as a hexadecimal number; 0. */
unsigned sys_read_number(const char *folder, const char *file);
/* The last name of where the link folder/file leads; empty. */
void sys_read_link(const char *folder, const char *file, char *name, size_t size);
/* Calls `each` for what stands in the folder, in the order of its numbers. */
void sys_list(const char *folder, void (*each)(void *context, const char *name), void *context);

#endif
