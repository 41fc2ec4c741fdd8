/* SPDX-License-Identifier: MIT
 *
 * `platen explain`: a rule of the contract, what breaking it does, and an example of both ways.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/words.h"
#include "check/check.h"
#include "command/command.h"
#include "command/example.h"
#include "embedded.h"
#include "rules/rules.h"

#define WIDTH 92

/* Prints text in lines of at most WIDTH characters, each after `indent` blanks. */
static void print_wrapped(const char *label, const char *text)
{
    const int indent = 10;
    int column = printf("  %-*s", indent - 2, label);
    while (*text != '\0') {
        int word = (int)strcspn(text, " ");
        if (column > indent && column + 1 + word > WIDTH) {
            printf("\n%*s", indent, "");
            column = indent;
        }
        column += printf("%s%.*s", column > indent ? " " : "", word, text);
        text += word;
        text += strspn(text, " ");
    }
    putchar('\n');
}

static void print_needs(const struct platen_rule *rule)
{
    char text[512] = "";
    size_t used = 0;
    for (unsigned bit = 0; bit < PLATEN_RULE_NEEDS && used < sizeof text; bit++) {
        if ((rule->needs >> bit) & 1) {
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used == 0 ? "" : "; ",
                                     platen_rule_needs[bit].text);
        }
    }
    if (used > 0) {
        print_wrapped("needs", text);
    }
}

/* What the tags in brackets stand for: "[LM:util.c]" is of the source LM. */
static void print_sources(const struct platen_rule *rule)
{
    print_wrapped("source", rule->sources);
    for (size_t i = 0; platen_rule_sources[i].name != NULL; i++) {
        char line[256];
        char tag[24];
        const char *at;
        size_t length = (size_t)snprintf(tag, sizeof tag, "[%s", platen_rule_sources[i].name);
        for (at = strstr(rule->sources, tag); at != NULL; at = strstr(at + 1, tag)) {
            if (strchr("]: ", at[length]) != NULL) {
                break;
            }
        }
        if (at != NULL) {
            snprintf(line, sizeof line, "  %s: %s", platen_rule_sources[i].name,
                     platen_rule_sources[i].text);
            print_wrapped("", line);
        }
    }
}

/* ---- examples ----------------------------------------------------------------------------------
 */

static void print_code(const char *code)
{
    while (*code != '\0') {
        size_t length = strcspn(code, "\n");
        printf("%s%.*s\n", length == 0 ? "" : "      ", (int)length, code);
        code += length + (code[length] == '\n');
    }
}

static void print_heading(const char *label, const char *file, const char *why)
{
    char text[1000];
    snprintf(text, sizeof text, "tests/contract/%s%s%s", file, why == NULL ? "" : ": ",
             why == NULL ? "" : why);
    putchar('\n');
    print_wrapped(label, text);
    putchar('\n');
}

static void print_broken(const struct platen_embedded *broken)
{
    char *why = example_why(broken);
    char *code = example_code(broken);
    print_heading("broken", broken->name, why);
    print_code(code == NULL ? "" : code);
    free(why);
    free(code);
}

static void print_right(int rule)
{
    const char *file;
    char *code = example_right(rule, &file);
    if (code != NULL) {
        print_heading("right", file, NULL);
        print_code(code);
    }
    free(code);
}

/* Other ways to break it, in a line each. */
static void print_others(int rule, const struct platen_embedded *first)
{
    const char *label = "also";
    const struct platen_embedded *broken = first;
    while ((broken = example_broken(rule, broken)) != NULL) {
        char *why = example_why(broken);
        char text[1000];
        snprintf(text, sizeof text, "%s: %s", broken->name, why == NULL ? "" : why);
        printf("%s", label[0] == '\0' ? "" : "\n");
        print_wrapped(label, text);
        label = "";
        free(why);
    }
}

static void print_examples(const struct platen_rule *rule)
{
    const struct platen_embedded *broken = example_broken(rule->number, NULL);
    if (broken != NULL) {
        print_broken(broken);
        print_right(rule->number);
        print_others(rule->number, broken);
    }
}

static void print_rule(const struct platen_rule *rule)
{
    const char *effect = platen_check_effect(rule->number);
    printf("%s (%s, %s, %s): %s\n", rule->id, platen_rule_severity_name(rule->severity),
           platen_rule_scope_name(rule->scope), platen_rule_groups[rule->group].name, rule->title);
    print_wrapped("rule", rule->text);
    if (effect != NULL) {
        print_wrapped("effect", effect);
        print_wrapped("change", platen_check_remedy(rule->number));
    }
    print_wrapped("test", rule->test);
    print_needs(rule);
    print_sources(rule);
    if (*rule->known != '\0') {
        print_wrapped("differ", rule->known);
    }
    print_examples(rule);
}

static void complain_of(const char *name)
{
    const char *nearest = platen_nearest(name, strlen(name), &platen_rules[0].id,
                                         sizeof platen_rules[0], PLATEN_RULES);
    complain("explain: no such rule: %s (%s%sR1 to R120)", printable(name),
             nearest == NULL ? "" : nearest, nearest == NULL ? "" : "? ");
}

int command_explain(const struct arguments *arguments)
{
    if (arguments->rest_count == 0) {
        complain("explain: which RULE? R1 to R120 (platen list rules)");
        return EXIT_USAGE;
    }
    for (int i = 0; i < arguments->rest_count; i++) {
        if (platen_rule_find(arguments->rest[i]) == NULL) {
            complain_of(arguments->rest[i]);
            return EXIT_USAGE;
        }
    }
    for (int i = 0; i < arguments->rest_count; i++) {
        printf("%s", i == 0 ? "" : "\n");
        print_rule(platen_rule_find(arguments->rest[i]));
    }
    return EXIT_OK;
}
