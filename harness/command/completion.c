/* SPDX-License-Identifier: MIT
 *
 * `platen completion bash`: what a shell needs to complete this program's words, from the tables of
 * commands, options and lists.
 */
#include <stdio.h>
#include <string.h>

#include <platen/spooler.h>

#include "command/command.h"

static const struct {
    const char *name;
    const unsigned char *options;
} commands[] = {
#define PLATEN_COMMAND(name, arguments, options, summary, details) {#name, OPTION_SET(options)},
#include "command/commands.def"
#undef PLATEN_COMMAND
};

static const struct {
    const char *name;
    const char *argument;
} options[OPTION_COUNT] = {
#define PLATEN_OPTION(name, argument, help) [OPTION_##name] = {#name, argument},
#include "command/options.def"
#undef PLATEN_OPTION
};

/* What an argument of that name is completed with; others with file names. */
static const struct {
    const char *argument;
    const char *action;
} arguments_known[] = {
    {"DIR", "mapfile -t COMPREPLY < <(compgen -d -- \"$word\")"},
    {"URI",
     "mapfile -t COMPREPLY < <(compgen -W 'socket:// lpd:// file: null: sim:' -- \"$word\")"},
    {"WHEN", "mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- \"$word\")"},
    {"N", "return"},
    {"BYTES", "return"},
    {"SECONDS", "return"},
    {"RATE", "return"},
    {"TEXT", "return"},
    {"NAME", "return"},
    {"ADDRESS", "return"},
    {"DPI", "return"},
};

static void print_dashed(const char *name)
{
    for (; *name != '\0'; name++) {
        putchar(*name == '_' ? '-' : *name);
    }
}

/* The profiles that there are, once each. */
static void print_profiles(void)
{
    size_t count;
    const struct platen_reaction *reactions = platen_reactions(&count);
    printf("mapfile -t COMPREPLY < <(compgen -W '");
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(reactions[i].profile, reactions[i - 1].profile) != 0) {
            printf("%s ", reactions[i].profile);
        }
    }
    printf("' -- \"$word\")");
}

static const char *action_of(const char *argument)
{
    for (size_t k = 0; k < sizeof arguments_known / sizeof *arguments_known; k++) {
        if (strcmp(arguments_known[k].argument, argument) == 0) {
            return arguments_known[k].action;
        }
    }
    return "mapfile -t COMPREPLY < <(compgen -f -- \"$word\")";
}

static void print_option_arguments(void)
{
    printf("    case $before in\n");
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (options[i].argument == NULL) {
            continue;
        }
        printf("        --");
        print_dashed(options[i].name);
        printf(") ");
        if (strcmp(options[i].argument, "PROFILE") == 0) {
            print_profiles();
        } else {
            printf("%s", action_of(options[i].argument));
        }
        printf("; return ;;\n");
    }
    printf("    esac\n");
}

static void print_options_of(const unsigned char *taken)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (takes_option(taken, i)) {
            printf(" --");
            print_dashed(options[i].name);
        }
    }
}

static void print_commands(void)
{
    printf("    case $command in\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        printf("        %s) options='", commands[i].name);
        print_options_of(commands[i].options);
        printf("' ;;\n");
    }
    printf("    esac\n");
}

static void print_script(void)
{
    printf("# Completion of platen for bash; made by `platen completion bash`.\n"
           "_platen() {\n"
           "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    local command=${COMP_WORDS[1]} options=\n"
           "    COMPREPLY=()\n"
           "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
           "        mapfile -t COMPREPLY < <(compgen -W '");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        printf("%s ", commands[i].name);
    }
    printf("--help --version' -- \"$word\")\n        return\n    fi\n");
    print_option_arguments();
    print_commands();
    printf("    case $command:$word in\n"
           "        *:-*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\") ;;\n"
           "        list:*) mapfile -t COMPREPLY < <(compgen -W '");
#define PLATEN_LIST(name, summary) printf("%s ", #name);
#include "command/lists.def"
#undef PLATEN_LIST
    printf("' -- \"$word\") ;;\n"
           "        *) mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;\n"
           "    esac\n"
           "}\n"
           "complete -o filenames -F _platen platen\n");
}

int command_completion(const struct arguments *arguments)
{
    if (arguments->rest_count != 1 || strcmp(arguments->rest[0], "bash") != 0) {
        complain("completion: of which shell? bash is known");
        return EXIT_USAGE;
    }
    print_script();
    return EXIT_OK;
}
