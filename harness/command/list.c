/* SPDX-License-Identifier: MIT
 *
 * `platen list`: what this program knows, from the tables that it runs on.
 */
#include <stdio.h>
#include <string.h>

#include <platen/backend.h>

#include "call/call.h"
#include "command/command.h"
#include "rules/rules.h"
#include "xcv/shape.h"

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
    printf("%-10s %s\n", #name, summary);
#include "command/commands.def"
#undef PLATEN_COMMAND
}

static void list_slots(const struct arguments *arguments)
{
    static const char *const tables[] = {"module", "MONITOR2", "MONITORREG", "winspool"};
    (void)arguments;
    for (int i = 0; i < PLATEN_SLOT_COUNT; i++) {
        struct platen_slot_info slot = platen_slot_info((enum platen_slot)i);
        printf("%-10s %s(", tables[slot.table], slot.name);
        for (unsigned k = 0; k < slot.arg_count; k++) {
            printf("%s%s", k == 0 ? "" : ", ", slot.args[k].name);
        }
        printf(")\n");
    }
}

static void list_xcv(const struct arguments *arguments)
{
    (void)arguments;
    for (const struct platen_xcv_name *at = platen_xcv_names; at->name != NULL; at++) {
        printf("%-11s %-27s %-18s -> %-11s %s\n", platen_xcv_face_name(at->face), at->name,
               platen_shape_name(at->input), platen_shape_name(at->output), at->summary);
    }
    printf("\nThe fields of a structure, with what is sent if they are not given:\n");
    for (int i = 0; i < PLATEN_SHAPES; i++) {
        char fields[400];
        platen_shape_fields((enum platen_shape)i, fields, sizeof fields);
        if (platen_shape_is_struct((enum platen_shape)i)) {
            printf("%-18s %s\n", platen_shape_name((enum platen_shape)i), fields);
        }
    }
}

static const struct {
    const char *name;
    const char *summary;
    void (*run)(const struct arguments *arguments);
} lists[] = {
#define PLATEN_LIST(name, summary) {#name, summary, list_##name},
#include "command/lists.def"
#undef PLATEN_LIST
};

#define LISTS (sizeof lists / sizeof *lists)

int command_list(const struct arguments *arguments)
{
    const char *name = arguments->rest_count == 1 ? arguments->rest[0] : "";
    for (size_t i = 0; i < LISTS; i++) {
        if (strcmp(lists[i].name, name) == 0) {
            lists[i].run(arguments);
            return EXIT_OK;
        }
    }
    complain("list: WHAT is one of");
    for (size_t i = 0; i < LISTS; i++) {
        fprintf(stderr, "  %-10s %s\n", lists[i].name, lists[i].summary);
    }
    return EXIT_USAGE;
}
