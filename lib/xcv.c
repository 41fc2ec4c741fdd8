/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "manage.h"
#include "xcv_tcp.h"

/* The vocabularies, as bits of a command's row. */
enum { LOCAL = 1, TCPMON = 2 };

/* What a handle's vocabulary depends on. There is no UI DLL of ours: Windows' own do the asking. */
struct xcv_face {
    unsigned bit;
    const char16_t *ui;
    uint32_t ui_bytes;
};

#define FACE_UI(text) .ui = text, .ui_bytes = sizeof(text)

static const struct xcv_face local_face = {.bit = LOCAL, FACE_UI(u"localui.dll")};
static const struct xcv_face tcp_face = {.bit = TCPMON, FACE_UI(u"tcpmonui.dll")};

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

uint32_t xcv_open(struct instance *instance, const char16_t *object, uint32_t access,
                  uintptr_t *handle)
{
    struct xcv *xcv = calloc(1, sizeof(*xcv));
    *handle = 0;
    if (!xcv)
        return PLATEN_NOT_ENOUGH_MEMORY;
    xcv->instance = instance;
    xcv->face = find_face(instance, object);
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

/* ---- input and output ---------------------------------------------------------------------- */

static char16_t unit_at(const struct xcv_call *call, size_t index)
{
    char16_t unit;
    memcpy(&unit, (const char *)call->input + index * sizeof(unit), sizeof(unit));
    return unit;
}

/* The units before the first NUL, or before the end if there is none. */
static size_t text_length(const struct xcv_call *call, size_t units)
{
    size_t length = 0;
    while (length < units && unit_at(call, length))
        length++;
    return length;
}

/* A port's name from the input. A text that is not ended is INVALID_PARAMETER, one that is longer
 * than a port's name can be is INVALID_NAME. `exact`: the NUL is the last thing there is, so that
 * no garbage behind it is ever taken for part of a name (R65). */
static uint32_t read_name(const struct xcv_call *call, bool exact, char16_t name[NAME_LIMIT + 1])
{
    size_t units = call->input_size / sizeof(char16_t);
    *name = 0;
    if (!call->input)
        return PLATEN_INVALID_PARAMETER;
    size_t length = text_length(call, units);
    if (length == units || (exact && (length + 1) * sizeof(char16_t) != call->input_size))
        return PLATEN_INVALID_PARAMETER;
    if (length > NAME_LIMIT)
        return PLATEN_INVALID_NAME;
    memcpy(name, call->input, (length + 1) * sizeof(char16_t));
    return 0;
}

/* Nothing is written unless all fits (R62). */
static uint32_t answer(struct xcv_call *call, const void *data, uint32_t size)
{
    call->needed = size;
    if (call->output_size < size)
        return PLATEN_INSUFFICIENT_BUFFER;
    if (!call->output)
        return PLATEN_INVALID_PARAMETER;
    memcpy(call->output, data, size);
    return 0;
}

/* ---- commands ------------------------------------------------------------------------------ */

static uint32_t add_port(struct xcv_call *call)
{
    char16_t name[NAME_LIMIT + 1];
    uint32_t error = read_name(call, true, name);
    return error ? error : manage_add(call->xcv->instance, name, NULL, true);
}

/* No port has a name that is empty or too long. */
static uint32_t delete_port(struct xcv_call *call)
{
    char16_t name[NAME_LIMIT + 1];
    uint32_t error = read_name(call, true, name);
    if (error)
        return error == PLATEN_INVALID_NAME ? PLATEN_FILE_NOT_FOUND : error;
    return manage_delete(call->xcv->instance, name);
}

static uint32_t monitor_ui(struct xcv_call *call)
{
    const struct xcv_face *face = call->xcv ? call->xcv->face : &local_face;
    return answer(call, face->ui, face->ui_bytes);
}

/* The size of the answer is known before the question is looked at. */
static uint32_t port_exists(struct xcv_call *call)
{
    char16_t name[NAME_LIMIT + 1];
    bool exists = false;
    uint32_t number;

    call->needed = sizeof(number);
    if (call->output_size < sizeof(number))
        return PLATEN_INSUFFICIENT_BUFFER;
    uint32_t error = read_name(call, true, name);
    if (!error)
        error = manage_exists(call->xcv->instance, name, &exists);
    if (error && error != PLATEN_INVALID_NAME)
        return error;
    number = exists;
    return answer(call, &number, sizeof(number));
}

/* Windows' UI sends the length of the text before it trimmed it, so what follows the NUL is no
 * mistake here; nothing of it is looked at. The empty name is "not found", as Windows says. */
static uint32_t port_is_valid(struct xcv_call *call)
{
    char16_t name[NAME_LIMIT + 1];
    uint32_t error = read_name(call, false, name);
    if (error)
        return error;
    return *name ? manage_check(call->xcv->instance, name, NULL) : PLATEN_FILE_NOT_FOUND;
}

static bool any_input(const struct xcv_call *call)
{
    (void)call;
    return true;
}

#define ANY              any_input
#define PORT_DATA        xcv_is_port_data
#define DELETE_PORT_DATA xcv_is_delete_port_data

static const struct command {
    const char16_t *name;
    unsigned faces;
    bool administrative;
    bool (*takes)(const struct xcv_call *call);
    uint32_t (*run)(struct xcv_call *call);
} commands[] = {
#define PLATEN_XCV(name, face, administrative, input, function)                                    \
    {u"" name, face, administrative, input, function},
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

/* A call without a handle gets the Local answer. */
static const struct command *find_command(const struct xcv_call *call)
{
    unsigned face = call->xcv ? call->xcv->face->bit : LOCAL;
    for (size_t i = 0; call->name && i < sizeof(commands) / sizeof(commands[0]); i++)
        if ((commands[i].faces & face) && equal(call->name, commands[i].name) &&
            commands[i].takes(call))
            return &commands[i];
    return NULL;
}

uint32_t xcv_data(struct xcv_call *call)
{
    const struct command *command = find_command(call);
    call->needed = 0;
    if (!command)
        return PLATEN_INVALID_PARAMETER; /* D17 */
    if (!call->xcv)
        return command->run == monitor_ui ? command->run(call) : PLATEN_INVALID_HANDLE;
    if (command->administrative && !(call->xcv->access & SERVER_ACCESS_ADMINISTER))
        return PLATEN_ACCESS_DENIED;
    return command->run(call);
}
