/* SPDX-License-Identifier: MIT
 *
 * `platen list`: what this program knows, from the tables that it runs on.
 */
#include <stdio.h>
#include <string.h>

#include <platen/backend.h>

#include "command/command.h"
#include "rules/rules.h"

static void list_settings(const struct platen_backend *backend)
{
    const struct platen_setting *setting = backend->settings;
    for (; setting != NULL && setting->key != NULL; setting++) {
        printf("           ?%s=%s  %s\n", setting->key, setting->default_value, setting->help);
    }
}

static void list_backends(const struct arguments *arguments)
{
    for (const struct platen_backend *const *b = platen_backends(); *b != NULL; b++) {
        printf("%-8s %s\n", (*b)->name, (*b)->summary);
        if (arguments->values[OPTION_verbose] != NULL) {
            list_settings(*b);
        }
    }
}

static void list_rules(const struct arguments *arguments)
{
    (void)arguments;
    for (int i = 0; i < PLATEN_RULES; i++) {
        const struct platen_rule *rule = &platen_rules[i];
        printf("%-5s %-6s %-2s %-11s %s\n", rule->id, platen_rule_severity_name(rule->severity),
               platen_rule_scope_name(rule->scope), platen_rule_groups[rule->group].name,
               rule->title);
    }
}

static void list_errors(const struct arguments *arguments)
{
    (void)arguments;
#define PLATEN_ERROR(name, value, text) printf("%5d ERROR_%-30s %s\n", value, #name, text);
#include <platen/errors.def>
#undef PLATEN_ERROR
}

static void list_commands(const struct arguments *arguments)
{
    (void)arguments;
#define PLATEN_COMMAND(name, arguments_, options, summary, details)                                \
    printf("%-8s %s\n", #name, summary);
#include "command/commands.def"
#undef PLATEN_COMMAND
}

static const struct {
    const char *name;
    void (*run)(const struct arguments *arguments);
} lists[] = {
    {"rules", list_rules},
    {"backends", list_backends},
    {"errors", list_errors},
    {"commands", list_commands},
};

int command_list(const struct arguments *arguments)
{
    const char *name = arguments->rest_count == 1 ? arguments->rest[0] : "";
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (strcmp(lists[i].name, name) == 0) {
            lists[i].run(arguments);
            return EXIT_OK;
        }
    }
    complain("list: one of rules, backends, errors, commands");
    return EXIT_USAGE;
}
