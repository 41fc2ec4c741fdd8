/* SPDX-License-Identifier: MIT
 *
 * All files of a run: read and checked first, then run one after the other.
 */
#include "script/script.h"

#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "script/inside.h"

#define DEFAULT_TIMEOUT (60 * SECOND)

struct unit {
    const char *path;
    bool trace;
    uint64_t patience; /* of a trace */
    struct script_source source;
};

bool platen_script_verb(size_t index, struct platen_script_verb *verb)
{
    if (index >= SCRIPT_VERBS) {
        return false;
    }
    *verb = (struct platen_script_verb){.words = script_verbs[index].words,
                                        .usage = script_verbs[index].usage,
                                        .summary = script_verbs[index].summary};
    return true;
}

void script_run_came_to(struct script_run *run, int status)
{
    static const int worst_first[] = {PLATEN_SCRIPT_MONITOR, PLATEN_SCRIPT_FAILED};

    if (status == PLATEN_SCRIPT_NOTHING) {
        run->skipped++;
        return;
    }
    run->ran++;
    for (size_t i = 0; i < sizeof worst_first / sizeof *worst_first; i++) {
        if (run->status == worst_first[i] || status == worst_first[i]) {
            run->status = worst_first[i];
            return;
        }
    }
}

/* ---- tests of a file ------------------------------------------------------------------------- */

/* The name of a test, decoded; malloc'ed. */
static char *test_name(struct platen_words *words, const struct script_node *node)
{
    struct script_statement statement;
    struct platen_text_error error;
    const char *name = NULL;

    if (script_statement_read(words, node->text, node->length, node->line, &statement, &error)) {
        name = platen_word_string(words, script_word(&statement.words, "NAME"), &error);
    }
    char *copy = name == NULL ? NULL : malloc(strlen(name) + 1);
    if (copy != NULL) {
        strcpy(copy, name);
    }
    return copy;
}

static bool is_wanted(const struct platen_script_options *options, const char *name)
{
    const char *only = options->only;
    struct platen_word pattern = {.kind = PLATEN_WORD_GLOB, .line = 1, .column = 1};
    if (only == NULL) {
        return true;
    }
    pattern.at = pattern.raw = only;
    pattern.length = pattern.raw_length = strlen(only);
    return platen_match_text(&pattern, name);
}

static bool is_test(const struct script_node *node)
{
    return node->verb != NULL && node->verb->id == SCRIPT_VERB_test;
}

struct walk {
    struct script_run *run;
    const struct unit *unit;
    const struct platen_script_options *options;
    void (*tell)(void *context, const char *path, uint32_t line, const char *name); /* or NULL */
    void *context;
    struct platen_words *words; /* NULL: tests are only counted */
    uint32_t tests;             /* met */
    uint32_t wanted;
};

/* Meets every test; runs those that are wanted, if there is a run. */
static void walk_tests(struct walk *walk, const struct script_node *nodes)
{
    for (; nodes != NULL; nodes = nodes->next) {
        if (!is_test(nodes)) {
            if (nodes->verb != NULL && nodes->verb->id == SCRIPT_VERB_include) {
                walk_tests(walk, nodes->body);
            }
            continue;
        }
        walk->tests++;
        char *name = walk->words == NULL ? NULL : test_name(walk->words, nodes);
        bool wanted = name != NULL && is_wanted(walk->options, name);
        walk->wanted += wanted;
        if (wanted && walk->tell != NULL) {
            walk->tell(walk->context, nodes->file->path, nodes->line, name);
        }
        if (wanted && walk->run != NULL && !walk->run->interrupted) {
            script_test_run(walk->run, &walk->unit->source, walk->unit->path, name, nodes);
        }
        free(name);
    }
}

static void run_script(struct script_run *run, const struct unit *unit)
{
    struct walk walk = {
        .run = run, .unit = unit, .options = run->options, .words = platen_words_new()};

    if (walk.words == NULL) {
        script_run_came_to(run, PLATEN_SCRIPT_FAILED);
        return;
    }
    walk_tests(&walk, unit->source.nodes);
    if (walk.tests == 0 && is_wanted(run->options, unit->path)) {
        script_test_run(run, &unit->source, unit->path, unit->path, NULL);
    }
    platen_words_free(walk.words);
}

static void run_unit(struct script_run *run, const struct unit *unit)
{
    uint64_t begun = platen_os_now();
    platen_report_tell(run->report, &(struct platen_report_event){.kind = PLATEN_REPORT_FILE_BEGIN,
                                                                  .name = unit->path});
    if (!unit->trace) {
        run_script(run, unit);
    } else if (is_wanted(run->options, unit->path)) {
        uint64_t timeout = run->timeout;
        run->timeout += run->options->timeout == 0 ? unit->patience : 0;
        script_trace_run(run, unit->path);
        run->timeout = timeout;
    }
    platen_report_tell(run->report,
                       &(struct platen_report_event){.kind = PLATEN_REPORT_FILE_END,
                                                     .name = unit->path,
                                                     .duration = platen_os_now() - begun});
}

/* ---- what can be wrong before ---------------------------------------------------------------- */

struct named {
    char *name;
    const struct script_node *node;
};

struct all_names {
    struct named *list;
    size_t count;
    size_t room;
    struct platen_words *words;
};

static void add_names(struct all_names *names, const struct script_node *nodes)
{
    for (; nodes != NULL; nodes = nodes->next) {
        if (!is_test(nodes)) {
            if (nodes->verb != NULL && nodes->verb->id == SCRIPT_VERB_include) {
                add_names(names, nodes->body);
            }
            continue;
        }
        if (names->count == names->room) {
            size_t room = names->room * 2 + 16;
            struct named *more = realloc(names->list, room * sizeof *more);
            if (more == NULL) {
                return;
            }
            names->list = more;
            names->room = room;
        }
        struct named named = {.name = test_name(names->words, nodes), .node = nodes};
        if (named.name != NULL) {
            names->list[names->count++] = named;
        }
    }
}

static int by_name(const void *a, const void *b)
{
    const struct named *one = a;
    const struct named *other = b;
    int order = strcmp(one->name, other->name);
    return order != 0
               ? order
               : (one->node->line > other->node->line) - (one->node->line < other->node->line);
}

/* --only could not tell them apart, nor could who reads a report. */
static void check_names(const struct unit *unit, struct script_complaints *complaints)
{
    struct all_names names = {.words = platen_words_new()};
    struct platen_text_error error;

    if (names.words != NULL) {
        add_names(&names, unit->source.nodes);
    }
    if (names.count > 1) {
        qsort(names.list, names.count, sizeof *names.list, by_name);
    }
    for (size_t i = 1; i < names.count; i++) {
        const struct script_node *node = names.list[i].node;
        if (strcmp(names.list[i - 1].name, names.list[i].name) == 0) {
            platen_text_fail(&error, node->line, 1, "there is a test of this name already: %s:%u",
                             names.list[i - 1].node->file->path, names.list[i - 1].node->line);
            script_complain(complaints, node->file->path, &error);
        }
    }
    for (size_t i = 0; i < names.count; i++) {
        free(names.list[i].name);
    }
    free(names.list);
    platen_words_free(names.words);
}

/* What stands behind the last test would never run. */
static void check_rest(const struct unit *unit, struct script_complaints *complaints)
{
    const struct script_node *late = NULL;
    bool tests = false;
    struct platen_text_error error;

    for (const struct script_node *node = unit->source.nodes; node != NULL; node = node->next) {
        struct walk walk = {.run = NULL};
        if (node->verb != NULL && node->verb->id == SCRIPT_VERB_include) {
            walk_tests(&walk, node->body);
        }
        if (is_test(node) || walk.tests > 0) {
            tests = true;
            late = NULL;
        } else if (late == NULL) {
            late = node;
        }
    }
    if (tests && late != NULL) {
        platen_text_fail(&error, late->line, 1, "this stands behind the last test and never runs");
        script_complain(complaints, late->file->path, &error);
    }
}

static void read_unit(struct unit *unit, struct script_complaints *complaints)
{
    uint32_t before = complaints->count;

    unit->trace = script_is_trace(unit->path);
    if (unit->trace) {
        script_trace_check(unit->path, complaints, &unit->patience);
        return;
    }
    script_source_read(&unit->source, unit->path, complaints);
    if (complaints->count == before) {
        check_rest(unit, complaints);
        check_names(unit, complaints);
    }
    if (complaints->count == before) {
        script_check_clocks(&unit->source, complaints);
    }
}

struct platen_scripts {
    const struct platen_script_options *options;
    const struct platen_script_world *world;
    struct unit *units;
    size_t count;
};

static bool matches_any(const struct platen_script_options *options, const struct unit *unit)
{
    struct walk walk = {.options = options, .words = platen_words_new()};
    if (walk.words == NULL) {
        return true;
    }
    walk_tests(&walk, unit->source.nodes);
    platen_words_free(walk.words);
    return walk.wanted > 0 || (walk.tests == 0 && is_wanted(options, unit->path));
}

static void check_only(const struct platen_scripts *scripts, struct script_complaints *complaints)
{
    struct platen_text_error error;
    for (size_t i = 0; i < scripts->count; i++) {
        if (matches_any(scripts->options, &scripts->units[i])) {
            return;
        }
    }
    platen_text_fail(&error, 0, 0, "no test has such a name");
    script_complain(complaints, scripts->options->only == NULL ? "run" : scripts->options->only,
                    &error);
}

enum platen_script_status platen_scripts_read(const char *const *paths, size_t count,
                                              const struct platen_script_options *options,
                                              const struct platen_script_world *world,
                                              struct platen_scripts **scripts)
{
    struct script_complaints complaints = {.tell = world->complain, .context = world->context};

    *scripts = calloc(1, sizeof **scripts);
    struct unit *units = calloc(count + 1, sizeof *units);
    if (*scripts == NULL || units == NULL) {
        free(*scripts);
        free(units);
        *scripts = NULL;
        return PLATEN_SCRIPT_FAILED;
    }
    **scripts =
        (struct platen_scripts){.options = options, .world = world, .units = units, .count = count};
    for (size_t i = 0; i < count; i++) {
        units[i].path = paths[i];
        read_unit(&units[i], &complaints);
    }
    if (complaints.count == 0) {
        check_only(*scripts, &complaints);
    }
    if (complaints.count == 0) {
        return PLATEN_SCRIPT_PASSED;
    }
    platen_scripts_free(*scripts);
    *scripts = NULL;
    return PLATEN_SCRIPT_WRONG;
}

void platen_scripts_list(const struct platen_scripts *scripts,
                         void (*tell)(void *context, const char *path, uint32_t line,
                                      const char *name),
                         void *context)
{
    for (size_t i = 0; i < scripts->count; i++) {
        const struct unit *unit = &scripts->units[i];
        struct walk walk = {.options = scripts->options,
                            .words = platen_words_new(),
                            .tell = tell,
                            .context = context};
        if (walk.words != NULL && !unit->trace) {
            walk_tests(&walk, unit->source.nodes);
        }
        if (walk.tests == 0 && is_wanted(scripts->options, unit->path)) {
            tell(context, unit->path, 0, unit->path);
        }
        platen_words_free(walk.words);
    }
}

void platen_scripts_free(struct platen_scripts *scripts)
{
    if (scripts == NULL) {
        return;
    }
    for (size_t i = 0; i < scripts->count; i++) {
        script_source_free(&scripts->units[i].source);
    }
    free(scripts->units);
    free(scripts);
}

void script_run_tell_end(struct script_run *run, const char *why)
{
    platen_report_tell(run->report,
                       &(struct platen_report_event){
                           .kind = PLATEN_REPORT_RUN_END,
                           .verdict = why == NULL ? PLATEN_REPORT_PASS : PLATEN_REPORT_ERROR,
                           .text = why,
                           .duration = platen_os_now() - run->begun,
                       });
}

static int came_to(const struct script_run *run)
{
    if (run->interrupted) {
        return run->status == PLATEN_SCRIPT_MONITOR ? run->status : PLATEN_SCRIPT_FAILED;
    }
    return run->ran == 0 ? PLATEN_SCRIPT_NOTHING : run->status;
}

enum platen_script_status platen_scripts_run(struct platen_scripts *scripts,
                                             struct platen_report *report)
{
    const struct platen_script_options *options = scripts->options;
    struct script_run run = {
        .options = options,
        .world = scripts->world,
        .report = report,
        .begun = platen_os_now(),
        .timeout = options->timeout == 0 ? DEFAULT_TIMEOUT : options->timeout,
    };

    platen_report_tell(report, &(struct platen_report_event){.kind = PLATEN_REPORT_RUN_BEGIN,
                                                             .name = options->program,
                                                             .seed = options->seed});
    for (size_t i = 0; i < scripts->count && !run.interrupted; i++) {
        run_unit(&run, &scripts->units[i]);
    }
    script_run_tell_end(&run, run.interrupted ? "interrupted" : NULL);
    return (enum platen_script_status)came_to(&run);
}
