/* SPDX-License-Identifier: MIT
 *
 * The lpr backend: jobs for the queue of an LPR server (RFC 1179). Its ports are URIs with the
 * options that CUPS has for them, `lpd://host:515/queue?order=data,control`; no port name is
 * claimed.
 */
#include <stdlib.h>
#include <string.h>

#include "lpr_port.h"

#define SECOND UINT64_C(1000000000)

enum { DEFAULT_NUMBER = 515, FIRST_RESERVED = 721, LAST_RESERVED = 731, LONGEST_QUEUE = 255 };

enum {
    SETTING_BANNER,
    SETTING_CONTIMEOUT,
    SETTING_COUNT,
    SETTING_FORMAT,
    SETTING_MODE,
    SETTING_ORDER,
    SETTING_RESERVE,
    SETTING_SANITIZE,
    SETTING_TIMEOUT
};

static const struct platen_setting settings[] = {
    [SETTING_BANNER] = {"banner", PLATEN_SETTING_BOOL, "false", 0, 0,
                        "ask for a banner page, with the user's name"},
    [SETTING_CONTIMEOUT] = {"contimeout", PLATEN_SETTING_NUMBER, "30", 1, 86400,
                            "how long to look for the host and connect to it, in seconds"},
    [SETTING_COUNT] = {"count", PLATEN_SETTING_NUMBER, "999999999999", 0, INT64_C(1) << 53,
                       "with mode=stream: the size that the server is told; 0: none"},
    [SETTING_FORMAT] = {"format", PLATEN_SETTING_TEXT, "l", 0, 0,
                        "RFC 1179's letter for the job's format, one of cdfglnoprtv; l: as it is"},
    [SETTING_MODE] = {"mode", PLATEN_SETTING_TEXT, "standard", 0, 0,
                      "standard: spool the job and tell its size; stream: send it as it comes"},
    [SETTING_ORDER] = {"order", PLATEN_SETTING_TEXT, "control,data", 0, 0,
                       "what comes first: control,data or data,control"},
    [SETTING_RESERVE] = {"reserve", PLATEN_SETTING_TEXT, "none", 0, 0,
                         "ports to connect from: none for any, rfc1179 for 721 to 731"},
    [SETTING_SANITIZE] = {"sanitize_title", PLATEN_SETTING_BOOL, "false", 0, 0,
                          "send titles and users as plain letters and digits only"},
    [SETTING_TIMEOUT] = {"timeout", PLATEN_SETTING_NUMBER, "300", 1, 86400,
                         "how long to wait for each of the server's answers, in seconds"},
    {0},
};

static unsigned claims(const char *port_name)
{
    (void)port_name;
    return 0;
}

/* ---- settings ------------------------------------------------------------------------------ */

static bool is_on(const struct platen_port_setup *setup, int setting)
{
    return strcmp(setup->values[setting], "1") == 0;
}

static uint64_t number(const struct platen_port_setup *setup, int setting)
{
    return strtoull(setup->values[setting], NULL, 10);
}

/* Is it the second of two words? False, too, if it is neither. */
static bool is_second(const struct platen_port_setup *setup, int setting, const char *first,
                      const char *second, bool *known)
{
    const char *value = setup->values[setting];
    bool is = strcmp(value, second) == 0;
    *known = *known && (is || strcmp(value, first) == 0);
    return is;
}

/* A streamed job has no end but the connection's: nothing can come behind it. */
static uint32_t read_settings(struct lpr_port *port, const struct platen_port_setup *setup)
{
    const char *format = setup->values[SETTING_FORMAT];
    bool known = strlen(format) == 1 && strchr("cdfglnoprtv", *format);
    bool reserved = is_second(setup, SETTING_RESERVE, "none", "rfc1179", &known);
    port->stream = is_second(setup, SETTING_MODE, "standard", "stream", &known);
    port->data_first = is_second(setup, SETTING_ORDER, "control,data", "data,control", &known);
    port->manner = (struct lpr_manner){
        .banner = is_on(setup, SETTING_BANNER),
        .plain = is_on(setup, SETTING_SANITIZE),
        .format = *format,
    };
    port->patience = number(setup, SETTING_TIMEOUT) * SECOND;
    port->announced = number(setup, SETTING_COUNT);
    port->tcp.wait_for_end = true;
    port->tcp.from_lowest = reserved ? FIRST_RESERVED : 0;
    port->tcp.from_highest = reserved ? LAST_RESERVED : 0;
    return known && !(port->stream && port->data_first) ? 0 : PLATEN_INVALID_PARAMETER;
}

/* ---- the target ---------------------------------------------------------------------------- */

/* The queue's name stands in a line of its own. */
static uint32_t read_queue(const char *behind, char **queue)
{
    size_t length = strlen(behind);
    *queue = NULL;
    if (length < 2 || length > LONGEST_QUEUE)
        return PLATEN_INVALID_NAME;
    for (const char *at = behind; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            return PLATEN_INVALID_NAME;
    *queue = malloc(length);
    if (!*queue)
        return PLATEN_OUTOFMEMORY;
    memcpy(*queue, behind + 1, length);
    return 0;
}

static uint32_t read_target(struct lpr_port *port, const char *target)
{
    const char *behind;
    port->tcp.number = DEFAULT_NUMBER;
    uint32_t error = tcp_target_divide(target, &port->tcp.host, &port->tcp.number, &behind);
    if (error)
        return error;
    error = read_queue(behind, &port->queue);
    if (error)
        free(port->tcp.host);
    return error;
}

static uint32_t read_setup(struct lpr_port *port, const struct platen_port_setup *setup)
{
    uint32_t error = read_settings(port, setup);
    return error ? error : read_target(port, setup->target);
}

/* ---- open and close ------------------------------------------------------------------------ */

static uint32_t check(const struct platen_port_setup *setup)
{
    struct lpr_port port;
    uint32_t error = read_setup(&port, setup);
    if (!error) {
        free(port.tcp.host);
        free(port.queue);
    }
    return error;
}

static uint32_t open_port(void *state, const struct platen_port_setup *setup)
{
    struct lpr_port *port = state;
    uint32_t error = read_setup(port, setup);
    if (error)
        return error;
    port->spool = PLATEN_OS_NO_FILE;
    tcp_open(&port->tcp, setup, setup->values[SETTING_CONTIMEOUT]);
    return 0;
}

static void close_port(void *state)
{
    struct lpr_port *port = state;
    lpr_end_doc(port, true, 0);
    free(port->queue);
    tcp_close(&port->tcp);
}

static void cancel(void *state)
{
    struct lpr_port *port = state;
    tcp_cancel(&port->tcp);
}

static uint32_t bidi(void *state, const char *schema, char *value, size_t size)
{
    struct lpr_port *port = state;
    return tcp_bidi(&port->tcp, schema, value, size);
}

static uint32_t bidi_list(void *state, void *context,
                          void (*add)(void *context, const char *schema))
{
    struct lpr_port *port = state;
    return tcp_bidi_list(&port->tcp, context, add);
}

const struct platen_backend platen_backend_lpr = {
    .size = sizeof(struct platen_backend),
    .name = "lpd",
    .summary = "the queue of an LPR server (lpd://host/queue)",
    .state_size = sizeof(struct lpr_port),
    .capabilities = PLATEN_WANTS_OWNER | PLATEN_SENDS_AT_END,
    .settings = settings,
    .example = "lpd://{lpr}/queue lpd://{lpr}/raw?order=data,control&banner=on "
               "lpd://{lpr}/queue?mode=stream",
    .claims = claims,
    .check = check,
    .open = open_port,
    .start_doc = lpr_start_doc,
    .write = lpr_write,
    .end_doc = lpr_end_doc,
    .close = close_port,
    .cancel = cancel,
    .drain = lpr_drain,
    .bidi = bidi,
    .bidi_list = bidi_list,
};
