/* SPDX-License-Identifier: MIT
 *
 * The commands of the Local Port monitor's vocabulary (contract 4.2).
 */
#include <platen/errors.h>

#include "configure.h"
#include "manage.h"
#include "xcv.h"

uint32_t xcv_add_port(struct xcv_call *call, const struct xcv_input *input)
{
    return manage_add(call->xcv->instance, input->name, NULL, true);
}

uint32_t xcv_delete_port(struct xcv_call *call, const struct xcv_input *input)
{
    return manage_delete(call->xcv->instance, input->name);
}

uint32_t xcv_port_exists(struct xcv_call *call, const struct xcv_input *input)
{
    bool exists = false;
    uint32_t error = manage_exists(call->xcv->instance, input->name, &exists);
    return error ? error : xcv_answer_number(call, exists);
}

/* The empty name is "not found", as Windows says. */
uint32_t xcv_port_is_valid(struct xcv_call *call, const struct xcv_input *input)
{
    return *input->name ? manage_check(call->xcv->instance, input->name, NULL)
                        : PLATEN_FILE_NOT_FOUND;
}

uint32_t xcv_get_retry(struct xcv_call *call, const struct xcv_input *input)
{
    (void)input;
    return xcv_answer_number(call, configure_get_retry(call->xcv->instance));
}

/* The text is in seconds (D10). */
uint32_t xcv_set_retry(struct xcv_call *call, const struct xcv_input *input)
{
    return configure_set_retry(call->xcv->instance, input->name);
}

uint32_t xcv_get_comm(struct xcv_call *call, const struct xcv_input *input)
{
    struct platen_line line;
    COMMCONFIG config;
    uint32_t error = configure_get_line(call->xcv->instance, input->name, &line);
    if (error)
        return error;
    line_to_config(&line, &config);
    return xcv_answer(call, &config, sizeof(config));
}

/* The port is the one that the handle was opened on. */
uint32_t xcv_set_comm(struct xcv_call *call, const struct xcv_input *input)
{
    return configure_set_line(call->xcv->instance, call->xcv->port, &input->line);
}
