/* SPDX-License-Identifier: MIT
 *
 * `platen`: what its commands share.
 */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "os/format.h"

/* What the program ends with: EXIT_OK, EXIT_FAILED ... */
enum platen_exit {
#define PLATEN_EXIT(name, status, text) EXIT_##name = status,
#include "command/exits.def"
#undef PLATEN_EXIT
};

/* Of two outcomes the one that the program ends with. */
int worse_exit(int a, int b);

enum option {
#define PLATEN_OPTION(name, argument, help) OPTION_##name,
#include "command/options.def"
#undef PLATEN_OPTION
    OPTION_COUNT
};

/* Sets of options, as commands.def writes them; COMMON is for every command that drives a monitor,
 * REPORTING what reports.h reads. Every command takes --help; it stands at the end of each set. */
// clang-format off
#define TAKES(option) OPTION_##option,
#define TAKES_NOTHING
#define COMMON                                                                                     \
    TAKES(monitor) TAKES(name) TAKES(language) TAKES(profile) TAKES(registry) TAKES(file_root)     \
    TAKES(program_root) TAKES(json) TAKES(trace) TAKES(trace_brief) TAKES(timeline)                \
    TAKES(in_process) TAKES(debug) TAKES(dll_dir) TAKES(wine_reg) TAKES(verbose)
#define REPORTING                                                                                  \
    TAKES(tap) TAKES(junit) TAKES(json) TAKES(sarif) TAKES(html) TAKES(annotations) TAKES(color)   \
    TAKES(verbose)
#define OPTION_SET(...) (const unsigned char[]){__VA_ARGS__ OPTION_help}
// clang-format on
_Static_assert(OPTION_COUNT <= UINT8_MAX, "an option is a byte in a set");
static inline bool takes_option(const unsigned char *set, unsigned option)
{
    while (*set != option && *set != OPTION_help) {
        set++;
    }
    return *set == option;
}

struct arguments {
    const char *values[OPTION_COUNT]; /* NULL: not given; "" for a switch that was */
    char **rest;                      /* what is no option */
    int rest_count;
};

/* One function per command, in a file of its name. The result is the exit status. */
#define PLATEN_COMMAND(name, arguments_, options, summary, details)                                \
    int command_##name(const struct arguments *arguments);
#include "command/commands.def"
#undef PLATEN_COMMAND

/* The value of an option as a number with an optional K, M or G (1024-based); `fallback` if it was
 * not given. False after having complained. */
bool option_number(const struct arguments *arguments, enum option option, uint64_t minimum,
                   uint64_t maximum, uint64_t fallback, uint64_t *value);

/* A line "platen: ..." on standard error. Texts from elsewhere go through printable() first. */
PLATEN_OS_PRINTF(1, 2)
void complain(const char *format, ...);
/* The text with everything escaped that could disturb a terminal; one of a few static buffers per
 * thread that take turns. NULL becomes "(none)". */
const char *printable(const char *text);
/* "ERROR_BUSY (170): it is in use". Static buffer, as printable. */
const char *describe_error(uint32_t code);
/* `status` after standard output has been flushed; worse if that failed. */
int finish_output(int status);

#endif
