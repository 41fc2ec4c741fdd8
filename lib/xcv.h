/* SPDX-License-Identifier: MIT
 *
 * Xcv handles: the channel through which ports are configured. The input may come from anybody:
 * nothing is believed of it but that `input_size` bytes can be read (R67).
 */
#ifndef PLATEN_LIB_XCV_H
#define PLATEN_LIB_XCV_H

#include "instance.h"
#include "line.h"

struct xcv_face;

struct xcv {
    struct member member;
    struct instance *instance;
    const struct xcv_face *face;   /* whose vocabulary it speaks */
    uint32_t access;               /* as granted; judged by each command (R60, R63) */
    char16_t port[NAME_LIMIT + 1]; /* the object, if a port can be called that; else "" */
};

/* What the input of a command comes to, by its shape (xcv_input.h). */
struct xcv_input {
    char16_t name[NAME_LIMIT + 1]; /* a name, a text, the name in a structure */
    uint32_t number;               /* a number, a structure's version */
    struct tcp_settings settings;
    struct platen_line line;
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
    bool unasked; /* the caller has no place for `needed` */
};

/* XcvOpenPort. The object is the monitor's or a port's name, "" or NULL. NOT_ENOUGH_MEMORY. */
uint32_t xcv_open(struct instance *instance, const char16_t *object, uint32_t access,
                  uintptr_t *handle);
/* XcvClosePort. INVALID_HANDLE. */
uint32_t xcv_close(uintptr_t handle);
/* XcvDataPort: the code is the command's answer. Without a handle only MonitorUI works,
 * all else is INVALID_PARAMETER, as Windows says. */
uint32_t xcv_data(struct xcv_call *call);

/* For commands: nothing is written unless all fits (R62). INSUFFICIENT_BUFFER, INVALID_PARAMETER.
 */
uint32_t xcv_answer(struct xcv_call *call, const void *data, uint32_t size);
uint32_t xcv_answer_text(struct xcv_call *call, const char16_t *text);
uint32_t xcv_answer_number(struct xcv_call *call, uint32_t number);
bool xcv_is_administrator(const struct xcv_call *call);

/* The functions of xcv.def. */
#define PLATEN_XCV(name, face, administrative, input, output, function)                            \
    uint32_t function(struct xcv_call *call, const struct xcv_input *input);
#include "xcv.def"
#undef PLATEN_XCV

#endif
