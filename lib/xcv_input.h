/* SPDX-License-Identifier: MIT
 *
 * The shapes in which the input of Xcv commands comes, each read without a look beyond its end
 * (R67).
 */
#ifndef PLATEN_LIB_XCV_INPUT_H
#define PLATEN_LIB_XCV_INPUT_H

#include "xcv.h"

struct xcv_shape {
    /* Is the input of just this form? NULL: `read` says what is wrong with it. */
    bool (*fits)(const struct xcv_call *call);
    /* NULL: nobody looks at it. */
    uint32_t (*read)(const struct xcv_call *call, struct xcv_input *input);
};

extern const struct xcv_shape xcv_any;
/* `name`: INVALID_PARAMETER for none and for one that is not ended, INVALID_NAME for one that is
 * longer than a port's can be. The first three end with the input. In place of INVALID_NAME the
 * second says FILE_NOT_FOUND, for no port has such a name, and the third has "", which no port has
 * either. Behind a text there may be anything: senders tell its length wrong (contract 2.20). */
extern const struct xcv_shape xcv_name;
extern const struct xcv_shape xcv_old_name;
extern const struct xcv_shape xcv_any_name;
extern const struct xcv_shape xcv_text;
/* TCPMON's structures: `name`, `number` (the version) and `settings`. INVALID_DATA for input that
 * is too short, INVALID_LEVEL for its version, INVALID_PARAMETER for a text that does not end in
 * its place. No port's name looks like those that have just the form: where the version stands it
 * would have a control character. */
extern const struct xcv_shape xcv_port_data;
extern const struct xcv_shape xcv_only_port_data;
extern const struct xcv_shape xcv_delete_port_data;
extern const struct xcv_shape xcv_only_delete_port_data;
extern const struct xcv_shape xcv_config_info;
/* `number`, 0 or 1, from four bytes; INVALID_DATA. */
extern const struct xcv_shape xcv_switch;
/* `line`, from a COMMCONFIG; INVALID_PARAMETER. */
extern const struct xcv_shape xcv_comm;

#endif
