/* SPDX-License-Identifier: MIT
 *
 * `platen list`: what this program knows, from the tables that it runs on.
 */
#include <stdio.h>
#include <string.h>

#include <platen/backend.h>
#include <platen/spooler.h>

#include "call/call.h"
#include "check/check.h"
#include "command/command.h"
#include "fault/fault.h"
#include "rules/rules.h"
#include "script/script.h"
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

static void list_probes(const struct arguments *arguments)
{
    struct platen_check_probe probe;
    (void)arguments;
    for (size_t i = 0; platen_check_probe(i, &probe); i++) {
        char rules[128] = "";
        size_t used = 0;
        for (const int *rule = probe.rules; *rule != 0 && used < sizeof rules; rule++) {
            used += (size_t)snprintf(rules + used, sizeof rules - used, "%sR%d",
                                     used == 0 ? "" : " ", *rule);
        }
        printf("%-28s %-20s %s\n", probe.name, rules, probe.summary);
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

static void list_verbs(const struct arguments *arguments)
{
    struct platen_script_verb verb;
    (void)arguments;
    for (size_t i = 0; platen_script_verb(i, &verb); i++) {
        printf("%s %s\n    %s\n", verb.words, verb.usage, verb.summary);
    }
}

static void list_faults(const struct arguments *arguments)
{
    (void)arguments;
    printf("fault CALLS RULE..., where CALLS is a function or\n");
    for (const struct platen_fault_word *at = platen_fault_groups; at->name != NULL; at++) {
        printf("  %-20s %s\n", at->usage, at->summary);
    }
    printf("and RULE\n");
    for (const struct platen_fault_word *at = platen_fault_kinds; at->name != NULL; at++) {
        printf("  %-20s %s\n", at->usage, at->summary);
    }
}

static void print_steps(const struct platen_device_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        printf("%-12s %-9s %s\n", steps[i].word, steps[i].argument, steps[i].summary);
    }
}

static void list_steps(const struct arguments *arguments)
{
    size_t count;
    const struct platen_device_step *steps = platen_device_steps(&count);
    (void)arguments;
    print_steps(steps, count);
}

static void list_turns(const struct arguments *arguments)
{
    size_t count;
    const struct platen_device_step *steps = platen_device_lpr_steps(&count);
    (void)arguments;
    print_steps(steps, count);
}

static void list_events(const struct arguments *arguments)
{
    (void)arguments;
    for (size_t i = 0; platen_script_event(i) != NULL; i++) {
        printf("%s\n", platen_script_event(i));
    }
}

static void list_states(const struct arguments *arguments)
{
    (void)arguments;
    for (size_t i = 0; platen_printer_state_at(i) != NULL; i++) {
        printf("0x%08x %s\n", (unsigned)platen_printer_state_at(i)->bit,
               platen_printer_state_at(i)->word);
    }
}

static void list_reactions(const struct arguments *arguments)
{
    size_t count;
    const struct platen_reaction *reactions = platen_reactions(&count);
    const char *profile = arguments->values[OPTION_profile];
    for (size_t i = 0; i < count; i++) {
        const struct platen_reaction *r = &reactions[i];
        if (profile == NULL || strcmp(profile, r->profile) == 0) {
            printf("%-8s %-12s %-58s %-10s %-9s %s\n", r->profile, r->slot, r->condition, r->action,
                   r->strength, r->source);
        }
    }
    printf("\n");
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < i && strcmp(reactions[k].action, reactions[i].action) != 0) {
            k++;
        }
        if (k == i) {
            printf("%-10s %s\n", reactions[i].action,
                   platen_reaction_action_text(reactions[i].action));
        }
    }
}

static void list_profiles(const struct arguments *arguments)
{
    size_t count;
    const struct platen_reaction *reactions = platen_reactions(&count);
    (void)arguments;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(reactions[i].profile, reactions[i - 1].profile) != 0) {
            printf("%s\n", reactions[i].profile);
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

static bool is_profile(const char *name)
{
    size_t count;
    const struct platen_reaction *reactions = platen_reactions(&count);
    size_t i = 0;
    while (i < count && strcmp(reactions[i].profile, name) != 0) {
        i++;
    }
    return i < count;
}

int command_list(const struct arguments *arguments)
{
    const char *profile = arguments->values[OPTION_profile];
    if (profile != NULL && !is_profile(profile)) {
        complain("--profile %s: there is no such profile (platen list profiles)",
                 printable(profile));
        return EXIT_USAGE;
    }
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
