/* SPDX-License-Identifier: MIT
 *
 * `platen`: the table of commands, their options, and help, all from the same lists.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "os/console.h"

static const struct command {
    const char *name;
    const char *arguments;
    const unsigned char *options;
    const char *summary;
    const char *details;
    int (*run)(const struct arguments *arguments);
} commands[] = {
#define PLATEN_COMMAND(name, arguments, options, summary, details)                                 \
    {#name, arguments, OPTION_SET(options), summary, details, command_##name},
#include "command/commands.def"
#undef PLATEN_COMMAND
};

#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static const struct {
    const char *name; /* with '_' for '-' */
    const char *argument;
    const char *help;
} options[OPTION_COUNT] = {
#define PLATEN_OPTION(name, argument, help) [OPTION_##name] = {#name, argument, help},
#include "command/options.def"
#undef PLATEN_OPTION
};

/* Does `text` of `length` spell the option's name? */
static bool spells(const char *name, const char *text, size_t length)
{
    if (strlen(name) != length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] != (name[i] == '_' ? '-' : name[i])) {
            return false;
        }
    }
    return true;
}

static void print_option(unsigned option)
{
    char name[64];
    const char *argument = options[option].argument;
    snprintf(name, sizeof name, "--%s%s%s", options[option].name, argument == NULL ? "" : " ",
             argument == NULL ? "" : argument);
    for (char *at = name; *at != '\0'; at++) {
        *at = *at == '_' ? '-' : *at;
    }
    printf("  %-20s %s\n", name, options[option].help);
}

static int print_command_help(const struct command *command)
{
    printf("platen %s [OPTION...] %s\n%s\n\n%s", command->name, command->arguments,
           command->summary, command->details);
    printf("\nOptions:\n");
    for (unsigned option = 0; option < OPTION_COUNT; option++) {
        if (takes_option(command->options, option)) {
            print_option(option);
        }
    }
    return EXIT_OK;
}

static int print_help(void)
{
    printf("platen: Windows port monitors, driven and judged by a spooler of its own\n\n"
           "platen COMMAND [OPTION...] [ARGUMENT...]\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        printf("  %-10s %s\n", commands[i].name, commands[i].summary);
    }
    printf("\n`platen COMMAND --help` tells about one of them.\n\nExit status:\n");
#define PLATEN_EXIT(name, status, text) printf("  %2d  %s\n", status, text);
#include "command/exits.def"
#undef PLATEN_EXIT
    return EXIT_OK;
}

/* One option at argv[*at]; moves *at past it. */
static bool parse_option(const struct command *command, char **argv, int argc, int *at,
                         struct arguments *arguments)
{
    const char *text = argv[*at] + 2;
    const char *equals = strchr(text, '=');
    size_t length = equals == NULL ? strlen(text) : (size_t)(equals - text);
    unsigned option = 0;

    while (option < OPTION_COUNT && !spells(options[option].name, text, length)) {
        option++;
    }
    if (option == OPTION_COUNT || !takes_option(command->options, option)) {
        complain("%s: no such option: %s (see platen %s --help)", command->name,
                 printable(argv[*at]), command->name);
        return false;
    }
    *at += 1;
    if (options[option].argument == NULL) {
        arguments->values[option] = "";
        if (equals != NULL) {
            complain("%s: --%.*s takes no value", command->name, (int)length, text);
        }
        return equals == NULL;
    }
    if (equals != NULL) {
        arguments->values[option] = equals + 1;
        return true;
    }
    if (*at == argc) {
        complain("%s: --%.*s wants %s", command->name, (int)length, text, options[option].argument);
        return false;
    }
    arguments->values[option] = argv[(*at)++];
    return true;
}

static int run_command(const struct command *command, int argc, char **argv)
{
    struct arguments arguments = {0};
    int at = 0;

    arguments.rest = argv; /* what is no option moves to the front */
    while (at < argc) {
        if (strcmp(argv[at], "--") == 0) {
            for (at++; at < argc; at++) {
                arguments.rest[arguments.rest_count++] = argv[at];
            }
        } else if (strncmp(argv[at], "--", 2) == 0) {
            if (!parse_option(command, argv, argc, &at, &arguments)) {
                return EXIT_USAGE;
            }
        } else {
            arguments.rest[arguments.rest_count++] = argv[at++];
        }
    }
    if (arguments.values[OPTION_help] != NULL) {
        return print_command_help(command);
    }
    return command->run(&arguments);
}

int main(int argc, char **argv)
{
    int count = 0;
    char **words = platen_os_arguments(argc, argv, &count);
    if (words == NULL) {
        complain("the command line cannot be read");
        return EXIT_ENVIRONMENT;
    }
    platen_os_prepare_terminal(PLATEN_OS_STDERR);
    platen_os_prepare_terminal(PLATEN_OS_STDOUT);
    if (count < 2) {
        fputs("usage: platen COMMAND [OPTION...] [ARGUMENT...], see platen --help\n", stderr);
        return EXIT_USAGE;
    }
    if (strcmp(words[1], "--help") == 0 || strcmp(words[1], "help") == 0) {
        return finish_output(print_help());
    }
    if (strcmp(words[1], "--version") == 0) {
        printf("platen %s\n", PLATEN_VERSION);
        return finish_output(EXIT_OK);
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, words[1]) == 0) {
            return finish_output(run_command(&commands[i], count - 2, words + 2));
        }
    }
    complain("no such command: %s (see platen --help)", printable(words[1]));
    return EXIT_USAGE;
}
