/* SPDX-License-Identifier: MIT */
#include "line_trial.h"

#include <stdio.h>
#include <string.h>

#include "line.h"

char line_told[400];

static const struct platen_setting rows[] = {
    {"device", PLATEN_SETTING_TEXT, "", 0, 0, "where"},
    {"baud", PLATEN_SETTING_NUMBER, "9600", 50, 115200, "how fast"},
    {"bits", PLATEN_SETTING_NUMBER, "8", 5, 8, "of data"},
    {"parity", PLATEN_SETTING_TEXT, "none", 0, 0, "one of five"},
    {"stop", PLATEN_SETTING_TEXT, "1", 0, 0, "1, 1.5 or 2"},
    {"xon", PLATEN_SETTING_BOOL, "no", 0, 1, "XON and XOFF"},
    {"cts", PLATEN_SETTING_BOOL, "no", 0, 1, "wait for CTS"},
    {"dsr", PLATEN_SETTING_BOOL, "no", 0, 1, "wait for DSR"},
    {"dtr", PLATEN_SETTING_TEXT, "on", 0, 0, "what DTR does"},
    {"rts", PLATEN_SETTING_TEXT, "on", 0, 0, "what RTS does"},
    {"idsr", PLATEN_SETTING_BOOL, "no", 0, 1, "drop input without DSR"},
    {NULL, PLATEN_SETTING_TEXT, NULL, 0, 0, NULL},
};

static unsigned claims(const char *name)
{
    return strncmp(name, "COM", 3) == 0 ? 2 : 0;
}

static void enumerate(struct platen_enumeration *to)
{
    to->add(to, "COM9:", "a line that is there");
}

static uint32_t open_line(void *state, const struct platen_port_setup *setup)
{
    int used = snprintf(line_told, sizeof(line_told), "%s", setup->target);
    (void)state;
    for (int i = 0; rows[i].key; i++)
        used += snprintf(line_told + used, sizeof(line_told) - (size_t)used, " %s=%s", rows[i].key,
                         setup->values[i]);
    device.opens++;
    return 0;
}

static uint32_t no_start(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    (void)state;
    (void)doc;
    (void)deadline;
    return PLATEN_NOT_SUPPORTED;
}

struct platen_monitor_options line_options(void)
{
    static struct platen_backend serial;
    static const struct platen_backend *backends[4];
    struct platen_monitor_options options = tcp_options();
    serial = device_backend;
    serial.name = "serial";
    serial.capabilities = PLATEN_LINE_SETTINGS;
    serial.settings = rows;
    serial.claims = claims;
    serial.check = NULL;
    serial.enumerate = enumerate;
    serial.open = open_line;
    serial.start_doc = no_start;
    backends[0] = options.backends[0];
    backends[1] = options.backends[1];
    backends[2] = &serial;
    options.backends = backends;
    return options;
}

const MONITOR2 *line_monitor(HANDLE *monitor)
{
    struct platen_monitor_options options = line_options();
    return fake_monitor(monitor, &options);
}

const char *line_of(const MONITOR2 *table, HANDLE monitor, const char16_t *name)
{
    HANDLE port;
    line_told[0] = '\0';
    assert_true(table->pfnOpenPort(monitor, (LPWSTR)(uintptr_t)name, &port));
    assert_true(table->pfnClosePort(port));
    return line_told;
}

COMMCONFIG line_config(const char *text)
{
    struct platen_line line = line_default;
    COMMCONFIG config;
    assert_int_equal(line_parse(text, &line), 0);
    line_to_config(&line, &config);
    return config;
}

static size_t put(char *to, size_t used, size_t size, const WCHAR *text, char end)
{
    used += platen_text_to8((const char16_t *)text, SIZE_MAX, to + used, size - used - 2);
    to[used++] = end;
    to[used] = '\0';
    return used;
}

const char *line_list(const MONITOR2 *table, HANDLE monitor)
{
    static char text[8000];
    static PORT_INFO_2W room[200];
    DWORD needed, count;
    size_t used = 0;
    assert_true(table->pfnEnumPorts(monitor, NULL, 2, (LPBYTE)room, sizeof(room), &needed, &count));
    text[0] = '\0';
    for (DWORD i = 0; i < count; i++) {
        used = put(text, used, sizeof(text), room[i].pPortName, '\t');
        used = put(text, used, sizeof(text), room[i].pDescription, '\n');
    }
    return text;
}

static uint64_t mix(uint64_t hash, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001B3);
    return hash;
}

static uint64_t mix_values(uint64_t hash, const struct fake_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!values[i].used)
            continue;
        hash = mix(hash, values[i].name, sizeof(values[i].name));
        hash = mix(hash, &values[i].type, sizeof(values[i].type));
        hash = mix(hash, values[i].data, values[i].size);
    }
    return hash;
}

uint64_t line_store(void)
{
    uint64_t hash = mix(UINT64_C(0xCBF29CE484222325), &fake.ports_key, sizeof(fake.ports_key));
    hash = mix_values(hash, fake.ports, FAKE_VALUES);
    hash = mix_values(hash, fake.root, sizeof(fake.root) / sizeof(fake.root[0]));
    for (int i = 0; i < FAKE_KEYS; i++) {
        if (!fake.keys[i].used)
            continue;
        hash = mix(hash, fake.keys[i].name, sizeof(fake.keys[i].name));
        hash = mix_values(hash, fake.keys[i].values, FAKE_KEY_VALUES);
    }
    return hash;
}
