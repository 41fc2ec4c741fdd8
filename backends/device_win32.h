/* SPDX-License-Identifier: MIT
 *
 * A device handle whose reads and writes can be bounded and ended, and a bell that ends them.
 */
#ifndef DEVICE_WIN32_H
#define DEVICE_WIN32_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

#include <platen/backend.h>

struct transfer {
    HANDLE event;
    OVERLAPPED overlapped;
};

struct node {
    HANDLE handle;
    HANDLE bell;
    struct transfer out, in, other;
    CRITICAL_SECTION asking; /* `other` is one question's at a time */
};

/* `path` is UTF-8. Shared with nobody. BUSY, PRINTER_NOT_FOUND, ACCESS_DENIED ... */
uint32_t node_open(struct node *node, const char *path, bool may_read);
void node_close(struct node *node);
void node_ring(struct node *node, bool on);
/* One write or read until it is over, `until` comes (TIMEOUT) or the bell rings
 * (OPERATION_ABORTED); *moved is right in all cases. Other errors are the driver's. */
uint32_t node_write(struct node *node, const void *data, uint32_t size, uint64_t until,
                    uint32_t *moved);
uint32_t node_read(struct node *node, void *data, uint32_t size, uint64_t until, uint32_t *moved);
/* DeviceIoControl; a second at most. */
uint32_t node_control(struct node *node, uint32_t code, const void *in, uint32_t in_size, void *out,
                      uint32_t out_size, uint32_t *returned);
/* Waits so many nanoseconds; 0, TIMEOUT if `until` is over, OPERATION_ABORTED. */
uint32_t node_pause(const struct node *node, uint64_t nanoseconds, uint64_t until);
/* A code of a call on an open device: all that means that it is gone is DEVICE_NOT_CONNECTED. */
uint32_t node_error(uint32_t code);

/* "COM12" as "\\.\COM12"; malloc'ed. */
char *node_default_path(const char *word, unsigned number);
/* Is this text the path of a device `word` + number ("\\.\COM3")? 3, or 1 for any other "\\.\". */
unsigned node_likeness(const char *path, const char *word);

struct node_kind {
    const wchar_t *key; /* of the registry's device map: values "COM3", or "\\DosDevices\\LPT1" */
    const char *word;   /* "COM" */
    const char *scheme;
    const char *way; /* as in platen_found */
};

/* Tells the devices of that kind that are there. */
void node_discover(struct platen_discovery *to, const struct node_kind *kind);

#endif
