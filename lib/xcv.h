/* SPDX-License-Identifier: MIT
 *
 * Xcv handles: the channel through which ports are configured. The input may come from anybody:
 * nothing is believed of it but that `input_size` bytes can be read (R67).
 */
#ifndef PLATEN_LIB_XCV_H
#define PLATEN_LIB_XCV_H

#include "instance.h"

struct xcv_face;

struct xcv {
    struct member member;
    struct instance *instance;
    const struct xcv_face *face; /* whose vocabulary it speaks */
    uint32_t access;             /* as granted; judged by each command (R60, R63) */
};

/* One XcvDataPort. `needed` is set on every return. */
struct xcv_call {
    const struct xcv *xcv; /* NULL: a call without a handle */
    const char16_t *name;
    const void *input; /* at any address */
    uint32_t input_size;
    void *output;
    uint32_t output_size;
    uint32_t needed;
};

/* XcvOpenPort. The object is the monitor's or a port's name, "" or NULL; it is looked at now and
 * not kept. NOT_ENOUGH_MEMORY. */
uint32_t xcv_open(struct instance *instance, const char16_t *object, uint32_t access,
                  uintptr_t *handle);
/* XcvClosePort. INVALID_HANDLE. */
uint32_t xcv_close(uintptr_t handle);
/* XcvDataPort: the code is the command's answer. Without a handle only MonitorUI works. */
uint32_t xcv_data(struct xcv_call *call);

#endif
