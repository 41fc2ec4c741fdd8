/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include <platen/errors.h>
#include <platen/tcpxcv.h>

#include "manage.h"
#include "xcv_tcp.h"

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

bool xcv_is_port_data(const struct xcv_call *call)
{
    uint32_t size = port_data_size(version_at(call, PORT_VERSION_AT));
    return size && call->input_size == size;
}

bool xcv_is_delete_port_data(const struct xcv_call *call)
{
    return call->input_size == sizeof(DELETE_PORT_DATA_1) &&
           version_at(call, DELETE_VERSION_AT) == 1;
}

/* The input as the structure of its version. The size is looked at before the version. */
static uint32_t read_port_data(const struct xcv_call *call, union port_data *data)
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

uint32_t xcv_add_tcp_port(struct xcv_call *call)
{
    char16_t name[MAX_PORTNAME_LEN];
    struct tcp_settings settings;
    union port_data data;
    uint32_t error = read_port_data(call, &data);
    if (error)
        return error;
    if (!TAKE(name, data.one.sztPortName) || !take_settings(&data, &settings))
        return PLATEN_INVALID_PARAMETER;
    return manage_add_tcp(call->xcv->instance, name, &settings);
}

uint32_t xcv_delete_tcp_port(struct xcv_call *call)
{
    char16_t name[MAX_PORTNAME_LEN];
    DELETE_PORT_DATA_1 data;
    if (!call->input || call->input_size < sizeof(data))
        return PLATEN_INVALID_DATA;
    memcpy(&data, call->input, sizeof(data));
    if (data.dwVersion != 1)
        return PLATEN_INVALID_LEVEL;
    if (!TAKE(name, data.psztPortName))
        return PLATEN_INVALID_PARAMETER;
    return manage_delete(call->xcv->instance, name);
}
