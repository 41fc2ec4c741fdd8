/* SPDX-License-Identifier: MIT
 *
 * Lines of scripts without running them: every verb takes what its usage says, and nothing else.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "script/inside.h"
#include "script/usage.h"

static struct platen_words *words;
static struct platen_built *built;

static int begin(void **state)
{
    (void)state;
    words = platen_words_new();
    built = platen_built_new();
    return words == NULL || built == NULL;
}

static int end(void **state)
{
    (void)state;
    platen_words_free(words);
    platen_built_free(built);
    return 0;
}

static bool reads(const char *line, struct platen_text_error *error)
{
    struct script_statement statement;
    return script_statement_read(words, line, strlen(line), 1, &statement, error) &&
           script_statement_check(built, &statement, error);
}

/* Words that fit where a usage has these names. */
static const struct {
    const char *name;
    const char *sample;
} samples[] = {
    {"COUNT", "3"},
    {"NUMBER", "4"},
    {"SIZE", "64K"},
    {"MASK", "0x1"},
    {"SECONDS", "1.5"},
    {"KIND", "finding"},
    {"SLOT", "WritePort"},
    {"PATTERN", "1..5"},
    {"CALLS", "WritePort"},
    {"RULE", "error 5"},
    {"ERROR", "ERROR_BUSY"},
    {"BYTES", "\"a\\x00b\""},
    {"STREAM", "@s"},
    {"URI", "\"sim:x\""},
    {"HEX", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"HASH", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
};

static const char *sample_of(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        if (strlen(samples[i].name) == length && memcmp(samples[i].name, name, length) == 0) {
            return samples[i].sample;
        }
    }
    return "\"text\"";
}

static size_t put_item(const struct script_item *item, char *to, size_t size)
{
    size_t first = strcspn(item->name, "| ]=.");
    if (item->value != NULL) {
        bool value = *item->value >= 'A' && *item->value <= 'Z';
        size_t word = strcspn(item->value, "| ]");
        return (size_t)snprintf(to, size, " %.*s=%.*s", (int)item->length, item->name,
                                value ? 99 : (int)word,
                                value ? sample_of(item->value, item->value_length) : item->value);
    }
    if (item->sigil != 0) {
        return (size_t)snprintf(to, size, " %cname", item->sigil);
    }
    return (size_t)snprintf(to, size, " %.*s", script_item_is_value(item) ? 99 : (int)first,
                            script_item_is_value(item) ? sample_of(item->name, item->length)
                                                       : item->name);
}

/* The line with what must be there, and the words of one pair of brackets (0: none). */
static void make_line(const struct script_verb *verb, unsigned group, char *to, size_t size)
{
    struct script_items items;
    size_t used = (size_t)snprintf(to, size, "%s", verb->words);

    script_usage_read(verb->usage, &items);
    for (unsigned i = 0; i < items.count && used < size; i++) {
        bool wanted = items.items[i].group == group;
        if (i == items.arrow && items.items[i].group <= group) {
            used += wanted ? (size_t)snprintf(to + used, size - used, " ->") : 0;
        } else if (i > items.arrow && wanted) {
            used += (size_t)snprintf(to + used, size - used, " ->");
        }
        if (items.items[i].group == 0 || wanted) {
            used += put_item(&items.items[i], to + used, size - used);
        }
    }
    if (verb->traits & SCRIPT_BLOCK) {
        snprintf(to + used, size - used, " {");
    }
}

static unsigned groups_of(const struct script_verb *verb)
{
    struct script_items items;
    unsigned groups = 0;
    script_usage_read(verb->usage, &items);
    for (unsigned i = 0; i < items.count; i++) {
        groups = items.items[i].group > groups ? items.items[i].group : groups;
    }
    return groups;
}

static void every_verb_takes_what_its_usage_says(void **state)
{
    char line[512];
    struct platen_text_error error;

    (void)state;
    for (unsigned i = 0; i < SCRIPT_VERBS; i++) {
        for (unsigned group = 0; group <= groups_of(&script_verbs[i]); group++) {
            make_line(&script_verbs[i], group, line, sizeof line);
            if (!reads(line, &error)) {
                fail_msg("%s\n%u: %s", line, error.column, error.what);
            }
        }
    }
}

static void no_verb_takes_what_its_usage_does_not_say(void **state)
{
    char line[600];
    struct platen_text_error error;

    (void)state;
    for (unsigned i = 0; i < SCRIPT_VERBS; i++) {
        const struct script_verb *verb = &script_verbs[i];
        char must[512];
        if (verb->traits & SCRIPT_FREE) {
            continue;
        }
        make_line(verb, 0, must, sizeof must);
        must[strcspn(must, "{")] = '\0';
        snprintf(line, sizeof line, "%s nosuch=1", must);
        assert_false(reads(line, &error));
        assert_non_null(strstr(error.what, "nosuch="));
        if (strstr(verb->usage, "...") == NULL) {
            snprintf(line, sizeof line, "%s , ,", must);
            assert_false(reads(line, &error));
        }
    }
}

/* Cut anywhere, a line is read or refused, with a place inside it. */
static void half_lines(void **state)
{
    static const char *const lines[] = {
        "main WritePort hPort=$port1 pBuffer=\"a\\x00\\u{d800}\"!guard -> TRUE pcbWritten=1..5",
        "job \"P\" data \"x\" title=\"y\" as $j -> printed|failed ERROR_BUSY bytes=~\"1*\"",
        "fault WritePort nth=3 count=2 delay 45s error ERROR_BUSY as $f",
        "device $d raw slow=5K stall-after=1M stall-for=2.5 answers=\"at end \\\"x\\\"\"",
        "expect file \"a\" same-as \"b\" sha256:00",
        "sweep n limit=5 {",
    };
    struct platen_text_error error;

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        for (size_t length = 0; length <= strlen(lines[i]); length++) {
            char part[256];
            snprintf(part, sizeof part, "%.*s", (int)length, lines[i]);
            if (!reads(part, &error)) {
                assert_in_range(error.column, 1, length + 1);
                assert_true(strlen(error.what) > 0);
            }
        }
    }
}

static void verbs_and_slots_share_no_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PLATEN_SLOT_COUNT; i++) {
        const char *name = platen_slot_info((enum platen_slot)i).name;
        assert_false(script_is_verb(name, strlen(name)));
    }
    assert_true(script_is_verb("registry", 8));
    assert_false(script_is_verb("registr", 7));
    assert_false(script_is_verb("", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_verb_takes_what_its_usage_says),
        cmocka_unit_test(no_verb_takes_what_its_usage_does_not_say),
        cmocka_unit_test(half_lines),
        cmocka_unit_test(verbs_and_slots_share_no_name),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
