/* SPDX-License-Identifier: MIT
 *
 * Reads the script of a simulated device: steps divided by ';', each a verb and what it takes.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sim_device.h"

enum operand { NOTHING, NUMBER, NUMBER_OR_NOTHING, TEXT };

static const struct {
    const char *word;
    enum sim_verb verb;
    enum operand operand;
    uint64_t minimum;
    uint64_t maximum;
    const char *complaint;
} verbs[] = {
    {"take", SIM_TAKE, NUMBER, 0, INT64_MAX, "take: how many bytes?"},
    {"lose", SIM_LOSE, NUMBER, 0, INT64_MAX, "lose: how many bytes?"},
    {"short", SIM_SHORT, NUMBER, 0, UINT32_MAX, "short: how many bytes a write?"},
    {"rate", SIM_RATE, NUMBER, 0, UINT32_MAX, "rate: how many bytes a second?"},
    {"stall", SIM_STALL, NUMBER_OR_NOTHING, 0, UINT32_MAX, "stall: how many milliseconds?"},
    {"error", SIM_ERROR, NUMBER, 1, UINT32_MAX, "error: which code (1 and up)?"},
    {"fail", SIM_FAIL, NUMBER, 1, UINT32_MAX, "fail: which code (1 and up)?"},
    {"refuse", SIM_REFUSE, NUMBER, 1, UINT32_MAX, "refuse: which code (1 and up)?"},
    {"disconnect", SIM_DISCONNECT, NOTHING, 0, 0, "disconnect: nothing may follow"},
    {"reply", SIM_REPLY, TEXT, 0, 0, "reply: a text in quotes, with \\r \\n \\e \\\" \\\\ \\xHH"},
    {"drain", SIM_DRAIN, NUMBER_OR_NOTHING, 0, UINT32_MAX, "drain: how many milliseconds?"},
    {"end", SIM_END, NUMBER, 1, UINT32_MAX, "end: which code (1 and up)?"},
    {"id", SIM_ID, TEXT, 0, 0, "id: a text in quotes, with \\r \\n \\e \\\" \\\\ \\xHH"},
    {"status", SIM_STATUS, NUMBER_OR_NOTHING, 0, 255, "status: which bits (0 to 255)?"},
    {"value", SIM_VALUE, TEXT, 0, 0, "value: \"SCHEMA=TEXT\", with \\\" for a quote and \\\\"},
};

static void skip_blanks(const char **at)
{
    while (**at == ' ' || **at == '\t' || **at == '\r' || **at == '\n')
        ++*at;
}

static bool read_number(const char **at, uint64_t *number)
{
    const char *begin = *at;
    for (*number = 0; isdigit((unsigned char)**at); ++*at) {
        unsigned digit = (unsigned)(**at - '0');
        if (*number > (UINT64_MAX - digit) / 10)
            return false;
        *number = *number * 10 + digit;
    }
    return *at != begin;
}

static bool read_hex(const char **at, char *byte)
{
    static const char digits[] = "0123456789abcdef";
    unsigned value = 0;
    for (int i = 0; i < 2; i++, ++*at) {
        const char *digit = **at ? strchr(digits, tolower((unsigned char)**at)) : NULL;
        if (!digit)
            return false;
        value = value * 16 + (unsigned)(digit - digits);
    }
    *byte = (char)value;
    return true;
}

/* *at stands behind the backslash. */
static bool read_escape(const char **at, char *byte)
{
    static const char names[] = "rne\"\\", means[] = "\r\n\033\"\\";
    const char *found = **at ? strchr(names, **at) : NULL;
    if (found)
        *byte = means[found - names];
    else if (**at != 'x')
        return false;
    ++*at;
    return found || read_hex(at, byte);
}

static bool read_text(const char **at, char *bytes, uint64_t *count)
{
    *count = 0;
    if (bytes == NULL || **at != '"')
        return false;
    for (++*at; **at && **at != '"'; ++*count) {
        bytes[*count] = *(*at)++;
        if (bytes[*count] == '\\' && !read_escape(at, &bytes[*count]))
            return false;
    }
    if (!**at)
        return false;
    bytes[*count] = '\0';
    ++*at;
    return true;
}

static bool read_operand(const char **at, size_t verb, struct sim_step *step)
{
    enum operand operand = verbs[verb].operand;
    if (operand == NOTHING)
        return true;
    if (operand == TEXT)
        return read_text(at, step->bytes, &step->number);
    if (operand == NUMBER_OR_NOTHING && !isdigit((unsigned char)**at)) {
        step->number = PLATEN_FOREVER;
        return true;
    }
    return read_number(at, &step->number) && step->number >= verbs[verb].minimum &&
           step->number <= verbs[verb].maximum;
}

static size_t read_verb(const char **at)
{
    size_t length = 0, verb;
    while (islower((unsigned char)(*at)[length]))
        length++;
    for (verb = 0; verb < sizeof verbs / sizeof *verbs; verb++)
        if (strlen(verbs[verb].word) == length && strncmp(verbs[verb].word, *at, length) == 0)
            break;
    *at += length;
    return verb;
}

/* A value has a name, and neither it nor an id goes on behind a NUL. */
static bool is_whole(const struct sim_step *step)
{
    if (step->verb != SIM_VALUE && step->verb != SIM_ID)
        return true;
    return strlen(step->bytes) == step->number &&
           (step->verb == SIM_ID || strchr(step->bytes, '=') != NULL);
}

/* NULL if one step was read, else what is wrong with it. */
static const char *read_step(const char **at, struct sim_step *step)
{
    size_t verb = read_verb(at);
    if (verb == sizeof verbs / sizeof *verbs)
        return "no such step: take lose short rate stall error fail refuse disconnect reply drain "
               "end id status value";
    step->verb = verbs[verb].verb;
    step->bytes = verbs[verb].operand == TEXT ? malloc(strlen(*at) + 1) : NULL;
    skip_blanks(at);
    if (verbs[verb].operand == TEXT && !step->bytes)
        return "out of memory";
    if (!read_operand(at, verb, step) || !is_whole(step))
        return verbs[verb].complaint;
    skip_blanks(at);
    return **at && **at != ';' ? "a step ends with ';'" : NULL;
}

static size_t count_divisions(const char *text)
{
    size_t count = 1;
    while ((text = strchr(text, ';')) != NULL) {
        text++;
        count++;
    }
    return count;
}

uint32_t sim_script_parse(const char *text, struct sim_script *script, const char **complaint)
{
    const char *wrong = NULL;

    script->count = 0;
    script->steps = calloc(count_divisions(text), sizeof *script->steps);
    if (!script->steps)
        wrong = "out of memory";
    while (!wrong && *text) {
        skip_blanks(&text);
        if (*text && *text != ';')
            wrong = read_step(&text, &script->steps[script->count++]);
        if (*text == ';')
            text++;
    }
    if (complaint)
        *complaint = wrong;
    if (wrong)
        sim_script_free(script);
    return wrong ? PLATEN_INVALID_PARAMETER : 0;
}

void sim_script_free(struct sim_script *script)
{
    for (size_t i = 0; i < script->count; i++)
        free(script->steps[i].bytes);
    free(script->steps);
    script->steps = NULL;
    script->count = 0;
}
