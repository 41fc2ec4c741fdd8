/* SPDX-License-Identifier: MIT
 *
 * `platen explain`: a rule of the contract.
 */
#include <stdio.h>
#include <string.h>

#include "command/command.h"
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

static void print_rule(const struct platen_rule *rule)
{
    printf("%s (%s, %s, %s): %s\n", rule->id, platen_rule_severity_name(rule->severity),
           platen_rule_scope_name(rule->scope), platen_rule_groups[rule->group].name, rule->title);
    print_wrapped("rule", rule->text);
    print_wrapped("test", rule->test);
    print_needs(rule);
    print_wrapped("source", rule->sources);
    if (*rule->known != '\0') {
        print_wrapped("differ", rule->known);
    }
}

int command_explain(const struct arguments *arguments)
{
    if (arguments->rest_count == 0) {
        complain("explain: which RULE? R1 to R120 (platen list rules)");
        return EXIT_USAGE;
    }
    for (int i = 0; i < arguments->rest_count; i++) {
        const struct platen_rule *rule = platen_rule_find(arguments->rest[i]);
        if (rule == NULL) {
            complain("explain: no such rule: %s (R1 to R120)", printable(arguments->rest[i]));
            return EXIT_USAGE;
        }
        print_rule(rule);
    }
    return EXIT_OK;
}
