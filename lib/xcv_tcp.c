/* SPDX-License-Identifier: MIT
 *
 * The commands of the Standard TCP/IP Port monitor's vocabulary (contract 4.3). Those that ask are
 * about the port that the handle was opened on.
 */
#include <string.h>

#include <platen/errors.h>
#include <platen/tcpxcv.h>

#include "configure.h"
#include "manage.h"
#include "xcv.h"

uint32_t xcv_add_tcp_port(struct xcv_call *call, const struct xcv_input *input)
{
    return manage_add_tcp(call->xcv->instance, input->name, &input->settings);
}

uint32_t xcv_config_port(struct xcv_call *call, const struct xcv_input *input)
{
    return configure_set_tcp(call->xcv->instance, input->name, &input->settings);
}

/* The community is a secret: only who may change it gets to see it. */
static uint32_t get_settings(const struct xcv_call *call, const char16_t *name,
                             struct tcp_settings *settings)
{
    uint32_t error = configure_get_tcp(call->xcv->instance, name, settings);
    if (!error && !xcv_is_administrator(call))
        memset(settings->community, 0, sizeof(settings->community));
    return error;
}

/* A text into a member; false if it is too long for it. */
static bool give(WCHAR *member, size_t units, const char16_t *text)
{
    size_t length = platen_text_length16(text, SIZE_MAX);
    if (length >= units)
        return false;
    memcpy(member, text, (length + 1) * sizeof(*text));
    return true;
}

#define GIVE(member, text) give(member, sizeof(member) / sizeof((member)[0]), text)

/* A host's name may be too long for this version. */
static uint32_t answer_1(struct xcv_call *call, const char16_t *name,
                         const struct tcp_settings *settings)
{
    PORT_DATA_1 data = {
        .dwVersion = 1,
        .dwProtocol = settings->protocol,
        .cbSize = sizeof(data),
        .dwDoubleSpool = settings->double_spool,
        .dwPortNumber = settings->number,
        .dwSNMPEnabled = settings->snmp_enabled,
        .dwSNMPDevIndex = settings->snmp_index,
    };
    if (!GIVE(data.sztPortName, name) || !GIVE(data.sztHostAddress, settings->host) ||
        !GIVE(data.sztSNMPCommunity, settings->community) ||
        !GIVE(data.sztQueue, settings->queue) || !GIVE(data.sztIPAddress, settings->address))
        return PLATEN_INVALID_LEVEL;
    return xcv_answer(call, &data, sizeof(data));
}

/* An old port may have nothing but an address. */
static uint32_t answer_2(struct xcv_call *call, const char16_t *name,
                         const struct tcp_settings *settings)
{
    PORT_DATA_2 data = {
        .dwVersion = 2,
        .dwProtocol = settings->protocol,
        .cbSize = sizeof(data),
        .dwDoubleSpool = settings->double_spool,
        .dwPortNumber = settings->number,
        .dwSNMPEnabled = settings->snmp_enabled,
        .dwSNMPDevIndex = settings->snmp_index,
        .dwPortMonitorMibIndex = settings->mib_index,
    };
    const char16_t *host = *settings->host ? settings->host : settings->address;
    if (!GIVE(data.sztPortName, name) || !GIVE(data.sztHostAddress, host) ||
        !GIVE(data.sztSNMPCommunity, settings->community) || !GIVE(data.sztQueue, settings->queue))
        return PLATEN_INVALID_LEVEL;
    return xcv_answer(call, &data, sizeof(data));
}

/* Without a name it is about the handle's port (D8). */
uint32_t xcv_get_config(struct xcv_call *call, const struct xcv_input *input)
{
    const char16_t *name = *input->name ? input->name : call->xcv->port;
    struct tcp_settings settings;
    uint32_t error = get_settings(call, name, &settings);
    if (error)
        return error;
    return input->number == 1 ? answer_1(call, name, &settings) : answer_2(call, name, &settings);
}

uint32_t xcv_host_address(struct xcv_call *call, const struct xcv_input *input)
{
    struct tcp_settings settings;
    uint32_t error = get_settings(call, call->xcv->port, &settings);
    (void)input;
    if (error)
        return error;
    return xcv_answer_text(call, *settings.host ? settings.host : settings.address);
}

uint32_t xcv_ip_address(struct xcv_call *call, const struct xcv_input *input)
{
    struct tcp_settings settings;
    uint32_t error = get_settings(call, call->xcv->port, &settings);
    (void)input;
    return error ? error : xcv_answer_text(call, tcp_address(&settings));
}

uint32_t xcv_snmp_community(struct xcv_call *call, const struct xcv_input *input)
{
    struct tcp_settings settings;
    uint32_t error = get_settings(call, call->xcv->port, &settings);
    (void)input;
    return error ? error : xcv_answer_text(call, settings.community);
}

uint32_t xcv_snmp_index(struct xcv_call *call, const struct xcv_input *input)
{
    struct tcp_settings settings;
    uint32_t error = get_settings(call, call->xcv->port, &settings);
    (void)input;
    return error ? error : xcv_answer_number(call, settings.snmp_index);
}

uint32_t xcv_snmp_enabled(struct xcv_call *call, const struct xcv_input *input)
{
    struct tcp_settings settings;
    uint32_t error = get_settings(call, call->xcv->port, &settings);
    (void)input;
    return error ? error : xcv_answer_number(call, settings.snmp_enabled);
}

uint32_t xcv_get_polling(struct xcv_call *call, const struct xcv_input *input)
{
    (void)input;
    return xcv_answer_number(call, configure_get_polling(call->xcv->instance));
}

uint32_t xcv_set_polling(struct xcv_call *call, const struct xcv_input *input)
{
    return configure_set_polling(call->xcv->instance, input->number);
}
