/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include <platen/errors.h>
#include <platen/tcpxcv.h>

#include "xcv_input.h"

/* ---- text ---------------------------------------------------------------------------------- */

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

static uint32_t read_text(const struct xcv_call *call, struct xcv_input *input)
{
    size_t units = call->input_size / sizeof(char16_t);
    if (!call->input)
        return PLATEN_INVALID_PARAMETER;
    size_t length = text_length(call, units);
    if (length == units)
        return PLATEN_INVALID_PARAMETER;
    if (length > NAME_LIMIT)
        return PLATEN_INVALID_NAME;
    memcpy(input->name, call->input, (length + 1) * sizeof(char16_t));
    return 0;
}

/* The NUL is the last thing there is, so that no garbage behind it is ever taken for part of a name
 * (R65). */
static uint32_t read_name(const struct xcv_call *call, struct xcv_input *input)
{
    size_t units = call->input_size / sizeof(char16_t);
    if (!call->input || call->input_size % sizeof(char16_t) || units == 0 ||
        text_length(call, units) != units - 1)
        return PLATEN_INVALID_PARAMETER;
    return read_text(call, input);
}

static uint32_t read_old_name(const struct xcv_call *call, struct xcv_input *input)
{
    uint32_t error = read_name(call, input);
    return error == PLATEN_INVALID_NAME ? PLATEN_FILE_NOT_FOUND : error;
}

static uint32_t read_any_name(const struct xcv_call *call, struct xcv_input *input)
{
    uint32_t error = read_name(call, input);
    return error == PLATEN_INVALID_NAME ? 0 : error;
}

/* ---- TCPMON's structures ------------------------------------------------------------------- */

enum { PORT_VERSION_AT = offsetof(PORT_DATA_1, dwVersion) };
enum { DELETE_VERSION_AT = offsetof(DELETE_PORT_DATA_1, dwVersion) };

/* Both begin with the name and the version. */
union port_data {
    PORT_DATA_1 one;
    PORT_DATA_2 two;
};

static uint32_t port_data_size(uint32_t version)
{
    static const uint32_t sizes[] = {0, sizeof(PORT_DATA_1), sizeof(PORT_DATA_2)};
    return version < sizeof(sizes) / sizeof(sizes[0]) ? sizes[version] : 0;
}

/* 0, which no structure has, when the input ends before it. */
static uint32_t version_at(const struct xcv_call *call, size_t offset)
{
    uint32_t version = 0;
    if (call->input && call->input_size >= offset + sizeof(version))
        memcpy(&version, (const char *)call->input + offset, sizeof(version));
    return version;
}

static bool is_port_data(const struct xcv_call *call)
{
    uint32_t size = port_data_size(version_at(call, PORT_VERSION_AT));
    return size && call->input_size == size;
}

static bool is_delete_port_data(const struct xcv_call *call)
{
    return call->input_size == sizeof(DELETE_PORT_DATA_1) &&
           version_at(call, DELETE_VERSION_AT) == 1;
}

/* The input as the structure of its version. The size is looked at before the version. */
static uint32_t copy_port_data(const struct xcv_call *call, union port_data *data)
{
    if (!call->input || call->input_size < sizeof(data->one))
        return PLATEN_INVALID_DATA;
    uint32_t size = port_data_size(version_at(call, PORT_VERSION_AT));
    if (!size)
        return PLATEN_INVALID_LEVEL;
    if (call->input_size < size)
        return PLATEN_INVALID_DATA;
    memcpy(data, call->input, size);
    return 0;
}

/* A member that is text; every room here is as large as the largest such member. */
static bool take(char16_t *to, const WCHAR *member, size_t units)
{
    const char16_t *from = (const char16_t *)member;
    size_t length = platen_text_length16(from, units);
    if (length == units)
        return false;
    memcpy(to, from, (length + 1) * sizeof(*to));
    return true;
}

#define TAKE(to, member) take(to, member, sizeof(member) / sizeof((member)[0]))

static bool take_1(struct tcp_settings *settings, const PORT_DATA_1 *data)
{
    settings->double_spool = data->dwDoubleSpool;
    settings->number = data->dwPortNumber;
    settings->snmp_enabled = data->dwSNMPEnabled;
    settings->snmp_index = data->dwSNMPDevIndex;
    return TAKE(settings->host, data->sztHostAddress) &&
           TAKE(settings->community, data->sztSNMPCommunity) &&
           TAKE(settings->queue, data->sztQueue) && TAKE(settings->address, data->sztIPAddress);
}

static bool take_2(struct tcp_settings *settings, const PORT_DATA_2 *data)
{
    settings->double_spool = data->dwDoubleSpool;
    settings->number = data->dwPortNumber;
    settings->snmp_enabled = data->dwSNMPEnabled;
    settings->snmp_index = data->dwSNMPDevIndex;
    settings->mib_index = data->dwPortMonitorMibIndex;
    return TAKE(settings->host, data->sztHostAddress) &&
           TAKE(settings->community, data->sztSNMPCommunity) &&
           TAKE(settings->queue, data->sztQueue);
}

/* What is reserved, and cbSize, which may lie, is not looked at (D8). */
static bool take_settings(const union port_data *data, struct tcp_settings *settings)
{
    *settings =
        (struct tcp_settings){.protocol = data->one.dwProtocol, .version = data->one.dwVersion};
    return data->one.dwVersion == 1 ? take_1(settings, &data->one) : take_2(settings, &data->two);
}

static uint32_t read_port_data(const struct xcv_call *call, struct xcv_input *input)
{
    union port_data data;
    uint32_t error = copy_port_data(call, &data);
    if (error)
        return error;
    input->number = data.one.dwVersion;
    bool good = TAKE(input->name, data.one.sztPortName) && take_settings(&data, &input->settings);
    return good ? 0 : PLATEN_INVALID_PARAMETER;
}

static uint32_t read_delete_port_data(const struct xcv_call *call, struct xcv_input *input)
{
    DELETE_PORT_DATA_1 data;
    if (!call->input || call->input_size < sizeof(data))
        return PLATEN_INVALID_DATA;
    memcpy(&data, call->input, sizeof(data));
    if (data.dwVersion != 1)
        return PLATEN_INVALID_LEVEL;
    return TAKE(input->name, data.psztPortName) ? 0 : PLATEN_INVALID_PARAMETER;
}

/* The first member is either reserved and empty or the name of a port (D8). */
static uint32_t read_config_info(const struct xcv_call *call, struct xcv_input *input)
{
    CONFIG_INFO_DATA_1 data;
    WCHAR name[MAX_PORTNAME_LEN];
    _Static_assert(sizeof(name) == sizeof(data.Reserved), "");
    if (!call->input || call->input_size < sizeof(data))
        return PLATEN_INVALID_DATA;
    memcpy(&data, call->input, sizeof(data));
    memcpy(name, data.Reserved, sizeof(name));
    if (!port_data_size(data.dwVersion))
        return PLATEN_INVALID_LEVEL;
    input->number = data.dwVersion;
    return TAKE(input->name, name) ? 0 : PLATEN_INVALID_PARAMETER;
}

/* ---- the rest ------------------------------------------------------------------------------ */

static uint32_t read_switch(const struct xcv_call *call, struct xcv_input *input)
{
    if (!call->input || call->input_size < sizeof(input->number))
        return PLATEN_INVALID_DATA;
    memcpy(&input->number, call->input, sizeof(input->number));
    input->number = input->number != 0;
    return 0;
}

static uint32_t read_comm(const struct xcv_call *call, struct xcv_input *input)
{
    return line_from_config(call->input, call->input_size, &input->line);
}

const struct xcv_shape xcv_any = {NULL, NULL};
const struct xcv_shape xcv_name = {NULL, read_name};
const struct xcv_shape xcv_old_name = {NULL, read_old_name};
const struct xcv_shape xcv_any_name = {NULL, read_any_name};
const struct xcv_shape xcv_text = {NULL, read_text};
const struct xcv_shape xcv_port_data = {NULL, read_port_data};
const struct xcv_shape xcv_only_port_data = {is_port_data, read_port_data};
const struct xcv_shape xcv_delete_port_data = {NULL, read_delete_port_data};
const struct xcv_shape xcv_only_delete_port_data = {is_delete_port_data, read_delete_port_data};
const struct xcv_shape xcv_config_info = {NULL, read_config_info};
const struct xcv_shape xcv_switch = {NULL, read_switch};
const struct xcv_shape xcv_comm = {NULL, read_comm};
