/* SPDX-License-Identifier: MIT
 *
 * How the command speaks: complaints, texts made harmless, errors by name, exit statuses.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "os/error.h"
#include "os/text.h"

#define TURNS 6

static const char *const option_names[OPTION_COUNT] = {
#define PLATEN_OPTION(name, argument, help) [OPTION_##name] = #name,
#include "command/options.def"
#undef PLATEN_OPTION
};

static char *next_buffer(size_t *size)
{
    static _Thread_local char buffers[TURNS][1024];
    static _Thread_local unsigned turn;
    *size = sizeof buffers[0];
    return buffers[turn++ % TURNS];
}

/* In one piece, so that the lines of several threads stay apart. */
void complain(const char *format, ...)
{
    char line[4096] = "platen: ";
    size_t begun = strlen(line);
    va_list list;
    va_start(list, format);
    int length = vsnprintf(line + begun, sizeof line - begun - 1, format, list);
    va_end(list);
    fflush(stdout);
    size_t end = length < 0 ? begun : strlen(line);
    line[end] = '\n';
    fwrite(line, 1, end + 1, stderr);
}

const char *printable(const char *text)
{
    size_t size;
    char *buffer = next_buffer(&size);
    if (text == NULL) {
        return "(none)";
    }
    platen_text_printable(text, strlen(text), buffer, size);
    return buffer;
}

const char *describe_error(uint32_t code)
{
    size_t size;
    char *buffer = next_buffer(&size);
    const char *name = platen_error_name(code);
    if (name == NULL) {
        snprintf(buffer, size, "error %" PRIu32, code);
    } else {
        snprintf(buffer, size, "%s (%s, %" PRIu32 ")", platen_error_text(code), name, code);
    }
    return buffer;
}

int worse_exit(int a, int b)
{
    static const int order[] = {EXIT_USAGE,   EXIT_HARNESS, EXIT_ENVIRONMENT, EXIT_MONITOR,
                                EXIT_CRASHED, EXIT_FAILED,  EXIT_NOTHING,     EXIT_OK};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (a == order[i] || b == order[i]) {
            return order[i];
        }
    }
    return EXIT_HARNESS;
}

int finish_output(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("platen: standard output cannot be written\n", stderr);
        return worse_exit(status, EXIT_ENVIRONMENT);
    }
    return status;
}

static bool scale(const char *suffix, uint64_t *value)
{
    static const char letters[] = "KMG";
    if (*suffix == '\0') {
        return true;
    }
    const char *letter = strchr(letters, *suffix);
    if (letter == NULL || suffix[1] != '\0') {
        return false;
    }
    unsigned shift = 10 * (unsigned)(letter - letters + 1);
    bool fits = *value <= UINT64_MAX >> shift;
    *value <<= shift;
    return fits;
}

bool option_number(const struct arguments *arguments, enum option option, uint64_t minimum,
                   uint64_t maximum, uint64_t fallback, uint64_t *value)
{
    const char *text = arguments->values[option];
    char *end;
    *value = fallback;
    if (text == NULL) {
        return true;
    }
    *value = strtoull(text, &end, 10);
    bool digits = *text >= '0' && *text <= '9';
    if (digits && scale(end, value) && *value >= minimum && *value <= maximum) {
        return true;
    }
    complain("--%s wants a number from %" PRIu64 " to %" PRIu64 ", not \"%s\"",
             option_names[option], minimum, maximum, printable(text));
    return false;
}
