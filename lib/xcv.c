/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "manage.h"
#include "xcv_input.h"

/* The vocabularies, as bits of a command's row. */
enum { LOCAL = 1, TCPMON = 2 };

/* What a handle's vocabulary depends on. There is no UI DLL of ours: Windows' own do the asking. */
struct xcv_face {
    unsigned bit;
    const char16_t *ui;
};

static const struct xcv_face local_face = {.bit = LOCAL, .ui = u"localui.dll"};
static const struct xcv_face tcp_face = {.bit = TCPMON, .ui = u"tcpmonui.dll"};

/* ---- open and close ------------------------------------------------------------------------ */

static bool contains(const char16_t *text, const char16_t *part, size_t length)
{
    for (; *text; text++) {
        size_t i = 0;
        while (i < length && text[i] == part[i])
            i++;
        if (i == length)
            return true;
    }
    return false;
}

/* A port speaks its kind's vocabulary; a monitor name with TCP/IP in it is one under which we were
 * installed in the place of the Standard TCP/IP monitor. */
static const struct xcv_face *find_face(struct instance *instance, const char16_t *object)
{
    const struct kind *kind = object ? ports_kind(&instance->ports, object) : NULL;
    if (kind)
        return tcp_is_kind(kind) ? &tcp_face : &local_face;
    if (!object)
        return &local_face;
    return contains(object, u"TCP/IP", 6) ? &tcp_face : &local_face;
}

static void destroy(void *object)
{
    struct xcv *xcv = object;
    instance_leave(xcv->instance, &xcv->member);
    free(xcv);
}

/* Looked up at each call: the port may come and go. */
static void take_port(struct xcv *xcv, const char16_t *object)
{
    size_t length = object ? platen_text_length16(object, NAME_LIMIT + 1) : 0;
    if (length <= NAME_LIMIT)
        memcpy(xcv->port, object ? object : u"", (length + 1) * sizeof(*object));
}

uint32_t xcv_open(struct instance *instance, const char16_t *object, uint32_t access,
                  uintptr_t *handle)
{
    struct xcv *xcv = calloc(1, sizeof(*xcv));
    *handle = 0;
    if (!xcv)
        return PLATEN_NOT_ENOUGH_MEMORY;
    xcv->instance = instance;
    xcv->face = find_face(instance, object);
    take_port(xcv, object);
    xcv->access = access;
    xcv->member.kind = HANDLE_XCV;
    uint32_t error = handle_issue(HANDLE_XCV, xcv, destroy, &xcv->member.handle);
    if (error) {
        free(xcv);
        return error;
    }
    *handle = xcv->member.handle;
    instance_enter(instance, &xcv->member);
    return 0;
}

uint32_t xcv_close(uintptr_t handle)
{
    if (!handle_retire(handle, HANDLE_XCV))
        return PLATEN_INVALID_HANDLE;
    handle_release(handle);
    return 0;
}

/* ---- answers ------------------------------------------------------------------------------- */

/* TCPMON says of a short buffer, when it cannot say how much was needed, that the call is wrong. */
static uint32_t too_short(const struct xcv_call *call)
{
    bool strict = call->unasked && call->xcv && call->xcv->face == &tcp_face;
    return strict ? PLATEN_INVALID_PARAMETER : PLATEN_INSUFFICIENT_BUFFER;
}

uint32_t xcv_answer(struct xcv_call *call, const void *data, uint32_t size)
{
    call->needed = size;
    if (call->output_size < size)
        return too_short(call);
    if (!call->output)
        return PLATEN_INVALID_PARAMETER;
    memcpy(call->output, data, size);
    return 0;
}

uint32_t xcv_answer_text(struct xcv_call *call, const char16_t *text)
{
    size_t length = platen_text_length16(text, SIZE_MAX);
    return xcv_answer(call, text, (uint32_t)((length + 1) * sizeof(*text)));
}

uint32_t xcv_answer_number(struct xcv_call *call, uint32_t number)
{
    return xcv_answer(call, &number, sizeof(number));
}

bool xcv_is_administrator(const struct xcv_call *call)
{
    return call->xcv->access & SERVER_ACCESS_ADMINISTER;
}

uint32_t xcv_monitor_ui(struct xcv_call *call, const struct xcv_input *input)
{
    (void)input;
    return xcv_answer_text(call, call->xcv ? call->xcv->face->ui : local_face.ui);
}

/* ---- the table ----------------------------------------------------------------------------- */

#define ANY                   &xcv_any
#define NAME                  &xcv_name
#define OLD_NAME              &xcv_old_name
#define ANY_NAME              &xcv_any_name
#define LOOSE_TEXT            &xcv_text
#define PORT_DATA             &xcv_port_data
#define ONLY_PORT_DATA        &xcv_only_port_data
#define DELETE_PORT_DATA      &xcv_delete_port_data
#define ONLY_DELETE_PORT_DATA &xcv_only_delete_port_data
#define CONFIG_INFO           &xcv_config_info
#define SWITCH                &xcv_switch
#define COMM                  &xcv_comm

enum { NONE = 0, VARIES = 0, NUMBER = sizeof(uint32_t), CONFIG = sizeof(COMMCONFIG) };

static const struct command {
    const char16_t *name;
    unsigned faces;
    bool administrative;
    const struct xcv_shape *shape;
    uint32_t output; /* 0: not known beforehand */
    uint32_t (*run)(struct xcv_call *call, const struct xcv_input *input);
} commands[] = {
#define PLATEN_XCV(name, face, administrative, input, output, function)                            \
    {u"" name, face, administrative, input, output, function},
#include "xcv.def"
#undef PLATEN_XCV
};

static bool equal(const char16_t *a, const char16_t *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static bool takes(const struct command *command, const struct xcv_call *call, unsigned face)
{
    return (command->faces & face) && equal(call->name, command->name) &&
           (!command->shape->fits || command->shape->fits(call));
}

/* A call without a handle gets the Local answer. */
static const struct command *find_command(const struct xcv_call *call)
{
    unsigned face = call->xcv ? call->xcv->face->bit : LOCAL;
    for (size_t i = 0; call->name && i < sizeof(commands) / sizeof(commands[0]); i++)
        if (takes(&commands[i], call, face))
            return &commands[i];
    return NULL;
}

/* A size that is known is asked for before the question is looked at. */
static uint32_t run(const struct command *command, struct xcv_call *call)
{
    struct xcv_input input = {0};
    call->needed = command->output;
    if (call->output_size < command->output)
        return too_short(call);
    uint32_t error = command->shape->read ? command->shape->read(call, &input) : 0;
    return error ? error : command->run(call, &input);
}

uint32_t xcv_data(struct xcv_call *call)
{
    const struct command *command = find_command(call);
    call->needed = 0;
    if (!command)
        return PLATEN_INVALID_PARAMETER; /* D17 */
    if (!call->xcv)
        return command->run == xcv_monitor_ui ? run(command, call) : PLATEN_INVALID_PARAMETER;
    if (command->administrative && !xcv_is_administrator(call))
        return PLATEN_ACCESS_DENIED;
    return run(command, call);
}
