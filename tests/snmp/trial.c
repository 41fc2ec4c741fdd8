/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contact.h"
#include "os/clock.h"

static uint64_t now(struct platen_clock *clock)
{
    (void)clock;
    return platen_os_now();
}

static struct platen_clock clock_of_the_system = {.now = now};

uint64_t trial_now(void)
{
    return platen_os_now();
}

static void keep_log(void *context, enum platen_log_level level, const char *text)
{
    struct trial *trial = context;
    size_t length = strlen(trial->log);
    (void)level;
    snprintf(trial->log + length, sizeof trial->log - length, "%s\n", text);
}

static void close_state(struct trial *trial)
{
    if (trial->state)
        platen_snmp_provider()->close(trial->state);
    free(trial->state);
    trial->state = NULL;
}

void trial_reopen(struct trial *trial, const char *host, const char *community, uint32_t device)
{
    const struct platen_provider *provider = platen_snmp_provider();
    const struct platen_provider_setup setup = {
        .size = sizeof setup,
        .port_name = "a port",
        .host = host,
        .community = community,
        .device_index = device,
        .clock = &clock_of_the_system,
        .log = keep_log,
        .log_context = trial,
    };
    close_state(trial);
    trial->state = calloc(1, provider->state_size);
    assert_int_equal(provider->open(trial->state, &setup), 0);
}

void trial_begin(struct trial *trial)
{
    memset(trial, 0, sizeof *trial);
    agent_start(&trial->agent, TRIAL_TABLE);
    contact_use_port(trial->agent.port);
    trial_reopen(trial, "127.0.0.1", "public", 1);
}

void trial_end(struct trial *trial)
{
    close_state(trial);
    agent_stop(&trial->agent);
}

uint32_t trial_get(struct trial *trial, const char *schema, char *value, size_t size,
                   uint64_t patience)
{
    return platen_snmp_provider()->get(trial->state, schema, value, size,
                                       platen_os_now() + patience);
}

void trial_expect(struct trial *trial, const char *schema, const char *value)
{
    char text[1024];
    uint32_t error = trial_get(trial, schema, text, sizeof text, 20 * SECOND);
    if (error)
        print_error("%s: error %u\n", schema, (unsigned)error);
    assert_int_equal(error, 0);
    assert_string_equal(text, value);
}

struct lines {
    struct trial *trial;
    char *text;
    size_t length;
};

static void keep_name(void *context, const char *schema)
{
    struct lines *lines = context;
    size_t more = strlen(schema) + 2;
    lines->text = realloc(lines->text, lines->length + more);
    snprintf(lines->text + lines->length, more, "%s\n", schema);
    lines->length += more - 1;
}

static char *with_values(struct trial *trial, char *names)
{
    char *all = calloc(1, 1), *rest = NULL, value[1024];
    for (char *name = strtok_r(names, "\n", &rest); name; name = strtok_r(NULL, "\n", &rest)) {
        size_t length = strlen(all), more;
        assert_int_equal(trial_get(trial, name, value, sizeof value, 20 * SECOND), 0);
        more = strlen(name) + strlen(value) + 3;
        all = realloc(all, length + more);
        snprintf(all + length, more, "%s=%s\n", name, value);
    }
    return all;
}

char *trial_all(struct trial *trial)
{
    struct lines lines = {.trial = trial, .text = calloc(1, 1)};
    char *all;
    assert_int_equal(platen_snmp_provider()->list(trial->state, &lines, keep_name,
                                                  platen_os_now() + 20 * SECOND),
                     0);
    all = with_values(trial, lines.text);
    free(lines.text);
    return all;
}
