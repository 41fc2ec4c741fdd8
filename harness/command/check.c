/* SPDX-License-Identifier: MIT
 *
 * `platen check`: which rules of the contract does a monitor break?
 */
#include "check/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/words.h"
#include "command/guard.h"
#include "command/reports.h"
#include "command/world.h"
#include "hosted/hosted.h"
#include "os/file.h"
#include "rules/rules.h"

#define SECOND      UINT64_C(1000000000)
#define MAX_SECONDS (UINT64_C(1) << 20)
#define MAX_JOBS    16
#define SHORT_READS 500 /* milliseconds */

/* ---- what is to be tried --------------------------------------------------------------------- */

static bool wrong_rule(const char *name)
{
    const char *names[PLATEN_CHECK_RULES + PLATEN_RULE_GROUPS];
    size_t count = 0;
    for (int i = 0; i < PLATEN_CHECK_RULES; i++) {
        names[count++] = platen_rules[i].id;
    }
    for (int i = 0; i < PLATEN_RULE_GROUPS; i++) {
        names[count++] = platen_rule_groups[i].name;
    }
    const char *nearest = platen_nearest(name, strlen(name), names, sizeof *names, count);
    complain("check: there is no rule or group '%s'%s%s%s (platen list rules)", printable(name),
             nearest == NULL ? "" : "; ", nearest == NULL ? "" : nearest,
             nearest == NULL ? "" : "?");
    return false;
}

static bool take_rule(const char *name, struct platen_check_options *options)
{
    const struct platen_rule *rule = platen_rule_find(name);
    unsigned group = platen_rule_group_find(name);
    if (rule != NULL && rule->number > PLATEN_CHECK_RULES) {
        complain("check: %s binds spoolers, not monitors (R1 to R%d do)", rule->id,
                 PLATEN_CHECK_RULES);
        return false;
    }
    if (rule != NULL) {
        options->rules[rule->number] = true;
        return true;
    }
    for (int i = 0; i < PLATEN_CHECK_RULES; i++) {
        options->rules[i + 1] |= (unsigned)platen_rules[i].group == group;
    }
    return group != PLATEN_RULE_GROUPS || wrong_rule(name);
}

static bool take_rules(const struct arguments *arguments, struct platen_check_options *options)
{
    bool fine = true;
    for (int i = 1; i < arguments->rest_count; i++) {
        fine = take_rule(arguments->rest[i], options) && fine;
    }
    for (int i = 1; i <= PLATEN_CHECK_RULES && arguments->rest_count == 1; i++) {
        options->rules[i] = true;
    }
    return fine;
}

/* ---- how ------------------------------------------------------------------------------------- */

static void say(void *context, const char *text)
{
    (void)context;
    complain("%s", text);
}

/* The command line up to the rules. */
static void write_repeat(const struct arguments *arguments, char *to, size_t size)
{
    static const enum option kept[] = {OPTION_language, OPTION_profile,  OPTION_hostile,
                                       OPTION_strict,   OPTION_port,     OPTION_output,
                                       OPTION_dll_dir,  OPTION_wine_reg, OPTION_registry};
    static const char *const names[] = {"language", "profile", "hostile",  "strict",  "port",
                                        "output",   "dll-dir", "wine-reg", "registry"};
    size_t used = (size_t)snprintf(to, size, "platen check");
    for (size_t i = 0; i < sizeof kept / sizeof *kept && used < size; i++) {
        const char *value = arguments->values[kept[i]];
        if (value != NULL) {
            used += (size_t)snprintf(to + used, size - used, *value == '\0' ? " --%s" : " --%s %s",
                                     names[i], value);
        }
    }
    if (used < size) {
        snprintf(to + used, size - used, " %s", arguments->rest[0]);
    }
}

static bool is_profile(const char *name)
{
    size_t count;
    const struct platen_reaction *reactions = platen_reactions(&count);
    size_t i = 0;
    while (name != NULL && i < count && strcmp(reactions[i].profile, name) != 0) {
        i++;
    }
    if (i < count) {
        return true;
    }
    complain("--profile %s: there is no such profile (platen list profiles)", printable(name));
    return false;
}

static bool take_options(const struct arguments *arguments, struct platen_check_options *options)
{
    uint64_t jobs;
    uint64_t seconds;
    if (!option_number(arguments, OPTION_jobs, 1, MAX_JOBS, 0, &jobs) ||
        !option_number(arguments, OPTION_timeout, 1, MAX_SECONDS, 0, &seconds) ||
        !reports_allow(arguments) || !is_profile(arguments->values[OPTION_profile])) {
        return false;
    }
    options->monitor = arguments->rest[0];
    options->language = arguments->values[OPTION_language];
    options->strict = arguments->values[OPTION_strict] != NULL;
    options->hostile = arguments->values[OPTION_hostile] != NULL;
    options->profile = arguments->values[OPTION_profile];
    options->expected = arguments->values[OPTION_xfail];
    options->port = arguments->values[OPTION_port];
    options->output = arguments->values[OPTION_output];
    options->registry = arguments->values[OPTION_registry];
    options->keep = arguments->values[OPTION_keep];
    options->jobs = (unsigned)jobs;
    options->timeout = seconds * SECOND;
    return world_accepts_registry(options->registry);
}

static int run(const struct arguments *arguments, const struct platen_check_options *options)
{
    /* The port monitor beneath a language monitor does not wait for answers for long. */
    bool judged = options->language == NULL && strcmp(options->monitor, "builtin") == 0;
    struct world world = {.arguments = arguments, .read_timeout = judged ? 0 : SHORT_READS};
    struct platen_script_world filled;
    world_fill(&world, &filled);
    if (!platen_check_accepts(options, &filled)) {
        return EXIT_USAGE;
    }
    struct platen_report *report = platen_report_create();
    int status = report == NULL ? EXIT_ENVIRONMENT : reports_add(report, arguments);
    if (status == EXIT_OK) {
        guard_begin();
        status = (int)platen_check_run(options, &filled, report);
        guard_monitor(false);
    }
    return reports_close(report, status);
}

int command_check(const struct arguments *arguments)
{
    const struct platen_hosted_options hosted = {
        .wine_registry = arguments->values[OPTION_wine_reg],
        .dll_folder = arguments->values[OPTION_dll_dir],
        .say = say,
    };
    char repeat[512];
    struct platen_check_options options = {.repeat = repeat};
    if (arguments->rest_count == 0) {
        complain("check: which MONITOR? builtin, or the path of a .so or .dll");
        return EXIT_USAGE;
    }
    if (arguments->values[OPTION_in_process] == NULL) {
        options.hosted = &hosted;
    }
    if (!take_options(arguments, &options) || !take_rules(arguments, &options)) {
        return EXIT_USAGE;
    }
    write_repeat(arguments, repeat, sizeof repeat);
    return run(arguments, &options);
}
