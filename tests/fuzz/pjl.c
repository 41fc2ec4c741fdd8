/* SPDX-License-Identifier: MIT
 *
 * What a printer says in PJL: the same is found however it is cut, and texts end where they must.
 */
#include <string.h>

#include "bidi/schema.h"
#include "events.h"
#include "fuzz.h"

/* What was found, as one number. */
struct found {
    struct pjl_reply_sink learned;
    uint64_t hash;
};

static void mix(struct found *found, char what, const char *text, size_t size)
{
    found->hash = (found->hash ^ (unsigned char)what) * 1099511628211u;
    for (size_t i = 0; i < size; i++)
        found->hash = (found->hash ^ (unsigned char)text[i]) * 1099511628211u;
}

static void on_begin(void *context, const char *heading)
{
    struct found *found = context;
    FUZZ_ASSERT(strlen(heading) < PJL_REPLY_LINE && !strpbrk(heading, "\r\n\f"));
    mix(found, '<', heading, strlen(heading));
    found->learned.begin(found->learned.context, heading);
}

static void on_line(void *context, const char *line)
{
    struct found *found = context;
    FUZZ_ASSERT(*line && strlen(line) < PJL_REPLY_LINE && !strpbrk(line, "\r\n\f"));
    mix(found, '[', line, strlen(line));
    found->learned.line(found->learned.context, line);
}

static void on_end(void *context, bool whole)
{
    struct found *found = context;
    mix(found, whole ? '.' : '!', NULL, 0);
    found->learned.end(found->learned.context, whole);
}

/* A run of bytes may come in several pieces. */
static void on_aside(void *context, const char *bytes, size_t size)
{
    FUZZ_ASSERT(size > 0);
    for (size_t i = 0; i < size; i++)
        mix(context, '-', bytes + i, 1);
}

/* Whatever the printer says, names are names, and values are texts that can be shown. */
static void check_value(const char *name, const char *text)
{
    FUZZ_ASSERT(memchr(name, '\0', PJL_SCHEMA) && memchr(text, '\0', PJL_TEXT));
    FUZZ_ASSERT(bidi_shape_of(name) == BIDI_NAME && bidi_schema_find(name));
    FUZZ_ASSERT(*text);
    for (; *text; text++)
        FUZZ_ASSERT(*text >= 0x20 && *text < 0x7f);
}

static void check_values(const struct pjl_learned *learned)
{
    char name[PJL_SCHEMA], text[PJL_TEXT];
    FUZZ_ASSERT(learned->values.count <= PJL_VALUES);
    for (uint32_t i = 0; i < learned->values.count; i++) {
        pjl_value_name(&learned->values.list[i], name);
        check_value(name, learned->values.list[i].text);
        FUZZ_ASSERT(i > 3 || pjl_values_find(&learned->values, name));
    }
    FUZZ_ASSERT(learned->state.count <= PJL_CODES);
    for (unsigned i = 0; i < PJL_EVENT_NAMES; i++)
        if (pjl_event_value(&learned->state, i, name, text))
            check_value(name, text);
}

static void check(const struct pjl_learned *learned)
{
    check_values(learned);
    FUZZ_ASSERT(learned->events_count <= PJL_EVENTS);
    FUZZ_ASSERT(memchr(learned->state.display, '\0', sizeof(learned->state.display)));
    for (int i = 0; i < PJL_FACTS; i++)
        FUZZ_ASSERT(memchr(learned->facts[i], '\0', PJL_FACT_BYTES));
    for (uint32_t i = 0; i < learned->events_count; i++)
        FUZZ_ASSERT(memchr(learned->events[i].name, '\0', PJL_NAME + 1));
}

/* In pieces of so many bytes. */
static uint64_t take(const uint8_t *data, size_t size, size_t piece, struct pjl_learned *learned)
{
    struct pjl_reply reply = {0};
    struct found found = {pjl_learned_sink(learned), 14695981039346656037u};
    const struct pjl_reply_sink sink = {&found, on_begin, on_line, on_end, on_aside};
    for (size_t at = 0; at < size; at += piece)
        pjl_reply_feed(&reply, data + at, size - at < piece ? size - at : piece, &sink);
    check(learned);
    return found.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pjl_learned whole = {0};
    uint64_t expected = take(data, size, size + 1, &whole);
    for (size_t piece = 1; piece < 8; piece += 3) {
        struct pjl_learned cut = {0};
        FUZZ_ASSERT(take(data, size, piece, &cut) == expected);
        FUZZ_ASSERT(cut.state.count == whole.state.count &&
                    cut.state.codes[0] == whole.state.codes[0] && cut.speaks == whole.speaks);
        FUZZ_ASSERT(cut.events_count == whole.events_count);
        FUZZ_ASSERT(memcmp(cut.facts, whole.facts, sizeof(cut.facts)) == 0);
        FUZZ_ASSERT(cut.values.count == whole.values.count);
    }
    return 0;
}
