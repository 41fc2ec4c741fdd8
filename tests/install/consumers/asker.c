/* SPDX-License-Identifier: MIT
 *
 * A program that gives its monitor the provider for SNMP, and asks the provider for a value that
 * no printer has.
 */
#include <platen/snmp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "own_names.h"

static uint64_t now(struct platen_clock *clock)
{
    (void)clock;
    return 0;
}

static void say(void *context, enum platen_log_level level, const char *text)
{
    (void)context;
    (void)level;
    puts(text);
}

static uint32_t ask(const struct platen_provider *provider, void *state)
{
    static struct platen_clock clock;
    struct platen_provider_setup setup;
    char text[16];
    uint32_t error;

    clock.now = now;
    memset(&setup, 0, sizeof setup);
    setup.size = sizeof setup;
    setup.port_name = "a port";
    setup.host = "192.0.2.1";
    setup.community = "public";
    setup.device_index = 1;
    setup.clock = &clock;
    setup.log = say;
    error = provider->open(state, &setup);
    if (error)
        return error;
    error = provider->get(state, "\\Printer.Maintenance:CleanHead", text, sizeof text, 1);
    provider->close(state);
    return error;
}

int main(void)
{
    const struct platen_provider *provider = platen_snmp_provider();
    struct platen_monitor_options options;
    MONITORINIT init;
    HANDLE monitor;
    LPMONITOR2 table;
    void *state = calloc(1, provider->state_size);

    if (!state || ask(provider, state) != PLATEN_BIDI_SCHEMA_NOT_SUPPORTED) {
        fprintf(stderr, "asker: a value that no printer has\n");
        return 1;
    }
    free(state);
    memset(&init, 0, sizeof init);
    init.cbSize = sizeof init;
    init.bLocal = TRUE;
    memset(&options, 0, sizeof options);
    options.size = sizeof options;
    options.providers = platen_snmp_providers();
    table = platen_monitor_create(&init, &options, &monitor);
    if (!table) {
        fprintf(stderr, "asker: no monitor\n");
        return 1;
    }
    table->pfnShutdown(monitor);
    return 0;
}
