/* SPDX-License-Identifier: MIT
 *
 * The settings of a serial line, from their texts.
 */
#include <stdlib.h>
#include <string.h>

#include "serial_port.h"

static const char *const parities[] = {
    [SERIAL_NONE] = "none", [SERIAL_ODD] = "odd",     [SERIAL_EVEN] = "even",
    [SERIAL_MARK] = "mark", [SERIAL_SPACE] = "space", NULL,
};
static const char *const stops[] = {
    [SERIAL_STOP_1] = "1", [SERIAL_STOP_1_5] = "1.5", [SERIAL_STOP_2] = "2", NULL};
static const char *const controls[] = {
    [SERIAL_OFF] = "off", [SERIAL_ON] = "on", [SERIAL_HANDSHAKE] = "handshake", NULL};
static const char *const rts_controls[] = {
    [SERIAL_OFF] = "off",
    [SERIAL_ON] = "on",
    [SERIAL_HANDSHAKE] = "handshake",
    [SERIAL_TOGGLE] = "toggle",
    NULL,
};

/* The settings that are one of some words, and where the number of the word goes. */
static const struct {
    enum serial_setting row;
    const char *const *words;
    size_t offset;
} choices[] = {
    {SERIAL_PARITY, parities, offsetof(struct serial_line, parity)},
    {SERIAL_STOP, stops, offsetof(struct serial_line, stop)},
    {SERIAL_DTR, controls, offsetof(struct serial_line, dtr)},
    {SERIAL_RTS, rts_controls, offsetof(struct serial_line, rts)},
};

/* What CUPS's shorthand stands for; "" leaves all as the other settings say. */
static const struct {
    const char *word;
    bool xon, cts, dsr;
    uint8_t dtr, rts;
} flows[] = {
    {"none", false, false, false, SERIAL_ON, SERIAL_ON},
    {"soft", true, false, false, SERIAL_ON, SERIAL_ON},
    {"hard", false, true, false, SERIAL_ON, SERIAL_HANDSHAKE},
    {"dtrdsr", false, false, true, SERIAL_HANDSHAKE, SERIAL_ON},
};

static bool choose(const char *const *words, const char *value, uint8_t *number)
{
    for (uint8_t i = 0; words[i]; i++) {
        if (strcmp(words[i], value) == 0) {
            *number = i;
            return true;
        }
    }
    return false;
}

static bool flow(const char *value, struct serial_line *line)
{
    for (size_t i = 0; i < sizeof flows / sizeof *flows; i++) {
        if (strcmp(flows[i].word, value) == 0) {
            line->xon = flows[i].xon;
            line->cts = flows[i].cts;
            line->dsr = flows[i].dsr;
            line->dtr = flows[i].dtr;
            line->rts = flows[i].rts;
            return true;
        }
    }
    return !*value;
}

static bool is_on(const char *value)
{
    return strcmp(value, "1") == 0;
}

bool serial_line_read(const char *const *values, struct serial_line *line,
                      enum serial_setting *wrong)
{
    *line = (struct serial_line){
        .baud = (uint32_t)strtoul(values[SERIAL_BAUD], NULL, 10),
        .bits = (uint8_t)strtoul(values[SERIAL_BITS], NULL, 10),
        .xon = is_on(values[SERIAL_XON]),
        .cts = is_on(values[SERIAL_CTS]),
        .dsr = is_on(values[SERIAL_DSR]),
        .idsr = is_on(values[SERIAL_IDSR]),
    };
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        *wrong = choices[i].row;
        if (!choose(choices[i].words, values[*wrong], (uint8_t *)line + choices[i].offset))
            return false;
    }
    *wrong = SERIAL_FLOW;
    return flow(values[SERIAL_FLOW], line);
}
