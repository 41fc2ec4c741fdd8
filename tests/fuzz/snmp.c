/* SPDX-License-Identifier: MIT
 *
 * What an SNMP agent answers. The input is a row of answers, two bytes of length before each; an
 * answer is what stands behind the request's number, which nobody can guess, so that it is put
 * before it here.
 */
#include "contact.h"

#include <platen/snmp.h>
#include <stdlib.h>
#include <string.h>

#include "../snmp/ber.h"
#include "fuzz.h"
#include "os/clock.h"

static struct {
    const uint8_t *at, *end; /* answers that have not come yet */
    int64_t version, id;     /* of the request under way */
} wire;

/* ---- the socket ------------------------------------------------------------------------------ */

uint32_t __wrap_platen_os_socket_datagram(const struct platen_os_address *to,
                                          platen_os_socket *socket);
uint32_t __wrap_platen_os_socket_datagram(const struct platen_os_address *to,
                                          platen_os_socket *socket)
{
    FUZZ_ASSERT(to->size > 0);
    *socket = 0; /* net-snmp wants a number that select could take */
    return 0;
}

void __wrap_platen_os_socket_close(platen_os_socket socket, bool reset);
void __wrap_platen_os_socket_close(platen_os_socket socket, bool reset)
{
    FUZZ_ASSERT(socket == 0 && !reset);
}

/* Our own requests are well formed. */
uint32_t __wrap_platen_os_socket_send(platen_os_socket socket, const void *data, uint32_t size,
                                      uint32_t *moved);
uint32_t __wrap_platen_os_socket_send(platen_os_socket socket, const void *data, uint32_t size,
                                      uint32_t *moved)
{
    struct ber_in in = {data, (const unsigned char *)data + size}, message, text, pdu;
    unsigned tag;
    FUZZ_ASSERT(socket == 0);
    FUZZ_ASSERT(ber_take(&in, &tag, &message) && in.at == in.end);
    FUZZ_ASSERT(ber_take_number(&message, &wire.version) && ber_take(&message, &tag, &text));
    FUZZ_ASSERT(ber_take(&message, &tag, &pdu) && ber_take_number(&pdu, &wire.id));
    *moved = size;
    return 0;
}

uint32_t __wrap_platen_os_socket_wait(platen_os_socket socket, enum platen_os_readiness readiness,
                                      platen_os_bell bell, uint64_t until);
uint32_t __wrap_platen_os_socket_wait(platen_os_socket socket, enum platen_os_readiness readiness,
                                      platen_os_bell bell, uint64_t until)
{
    FUZZ_ASSERT(socket == 0 && readiness == PLATEN_OS_READABLE && bell == PLATEN_OS_NO_BELL);
    FUZZ_ASSERT(until > 0);
    return wire.end - wire.at > 2 ? 0 : PLATEN_CONNECTION_REFUSED;
}

/* The next answer with its head. */
uint32_t __wrap_platen_os_socket_receive(platen_os_socket socket, void *data, uint32_t size,
                                         uint32_t *moved);
uint32_t __wrap_platen_os_socket_receive(platen_os_socket socket, void *data, uint32_t size,
                                         uint32_t *moved)
{
    static struct ber_out out;
    size_t left = (size_t)(wire.end - wire.at) - 2, length = wire.at[0] | (size_t)wire.at[1] << 8;
    FUZZ_ASSERT(socket == 0);
    length = length < left ? length : left;
    length = length < 4000 ? length : 4000;
    out.begin = BER_MOST_BYTES - length;
    memcpy(out.bytes + out.begin, wire.at + 2, length);
    wire.at += 2 + length;
    ber_number(&out, BER_INTEGER, wire.id);
    ber_head(&out, BER_RESPONSE, BER_MOST_BYTES);
    ber_text(&out, "public", 6);
    ber_number(&out, BER_INTEGER, wire.version);
    ber_head(&out, BER_SEQUENCE, BER_MOST_BYTES);
    *moved = (uint32_t)(BER_MOST_BYTES - out.begin);
    FUZZ_ASSERT(*moved <= size);
    memcpy(data, out.bytes + out.begin, *moved);
    return 0;
}

/* ---- the provider ---------------------------------------------------------------------------- */

static uint64_t now(struct platen_clock *clock)
{
    (void)clock;
    return platen_os_now();
}

static void say(void *context, enum platen_log_level level, const char *text)
{
    (void)context;
    (void)level;
    FUZZ_ASSERT(strstr(text, "public") == NULL);
}

/* Values are one line of text each. */
static void check(void *state, const char *schema)
{
    char value[1024];
    uint32_t error =
        platen_snmp_provider()->get(state, schema, value, sizeof value, platen_os_now() + 1000000);
    if (error != 0) { /* too old already, and there is no answer any more */
        return;
    }
    FUZZ_ASSERT(strlen(value) < sizeof value);
    for (const char *at = value; *at != 0; at++) {
        FUZZ_ASSERT((unsigned char)*at >= 0x20 && *at != 0x7f);
    }
}

struct names {
    char *list[2000];
    size_t count;
};

static void keep(void *context, const char *schema)
{
    struct names *names = context;
    FUZZ_ASSERT(strncmp(schema, "\\Printer.", 9) == 0 && strlen(schema) < 300);
    if (names->count < 2000) {
        names->list[names->count++] = strdup(schema);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct platen_clock clock = {.now = now};
    const struct platen_provider_setup setup = {
        .size = sizeof setup,
        .port_name = "P",
        .host = "127.0.0.1",
        .community = "public",
        .device_index = 1,
        .clock = &clock,
        .log = say,
    };
    const struct platen_provider *provider = platen_snmp_provider();
    struct names *names = calloc(1, sizeof *names);
    void *state = calloc(1, provider->state_size);

    FUZZ_ASSERT(names != NULL && state != NULL);
    wire.at = data;
    wire.end = data + size;
    FUZZ_ASSERT(provider->open(state, &setup) == 0);
    provider->list(state, names, keep, platen_os_now() + UINT64_C(5000000000));
    for (size_t i = 0; i < names->count; i++) {
        check(state, names->list[i]);
        free(names->list[i]);
    }
    provider->close(state);
    free(names);
    free(state);
    return 0;
}
