/* SPDX-License-Identifier: MIT
 *
 * Facts as words and back. A table says which number is called how, so that both are one loop.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "call/facts.h"

enum sort { FLAG, NARROW, WIDE, SIGNED };

struct fact {
    const char *name;
    enum sort sort;
    size_t offset;
};

struct facts_shape {
    const char *name;
    size_t offset; /* in struct platen_facts; its first member is `known` */
    size_t size;
    const struct fact *facts;
    size_t count;
};

#define FACT(type, member, word, sort)                                                             \
    {                                                                                              \
        word, sort, offsetof(struct type, member)                                                  \
    }
#define SHAPE(word, member, list)                                                                  \
    {                                                                                              \
        word, offsetof(struct platen_facts, member), sizeof(((struct platen_facts *)0)->member),   \
            list, sizeof list / sizeof *list                                                       \
    }

static const struct fact touched_facts[] = {
    FACT(platen_facts_touched, size, "size", WIDE),   FACT(platen_facts_touched, any, "any", FLAG),
    FACT(platen_facts_touched, from, "from", WIDE),   FACT(platen_facts_touched, to, "to", WIDE),
    FACT(platen_facts_touched, zeros, "zeros", FLAG),
};

static const struct fact laid_facts[] = {
    FACT(platen_facts_laid, rows, "rows", WIDE),
    FACT(platen_facts_laid, array, "array", WIDE),
    FACT(platen_facts_laid, size, "size", WIDE),
    FACT(platen_facts_laid, any, "any", FLAG),
    FACT(platen_facts_laid, low, "low", WIDE),
    FACT(platen_facts_laid, high, "high", WIDE),
    FACT(platen_facts_laid, odd, "odd", NARROW),
    FACT(platen_facts_laid, outside, "outside", NARROW),
    FACT(platen_facts_laid, endless, "endless", NARROW),
    FACT(platen_facts_laid, empty, "empty", NARROW),
    FACT(platen_facts_laid, null, "null", NARROW),
};

static const struct fact table_facts[] = {
    FACT(platen_facts_table, null, "null", FLAG),
    FACT(platen_facts_table, readable, "readable", FLAG),
    FACT(platen_facts_table, aligned, "aligned", FLAG),
    FACT(platen_facts_table, size, "size", NARROW),
    FACT(platen_facts_table, members, "members", NARROW),
    FACT(platen_facts_table, executable, "executable", NARROW),
    FACT(platen_facts_table, hash, "hash", WIDE),
    FACT(platen_facts_table, inner, "inner", NARROW),
};

static const struct fact tree_facts[] = {
    FACT(platen_facts_tree, from_router, "router", FLAG),
    FACT(platen_facts_tree, entries, "entries", NARROW),
    FACT(platen_facts_tree, fits, "fits", FLAG),
    FACT(platen_facts_tree, strangers, "strangers", NARROW),
    FACT(platen_facts_tree, shared, "shared", NARROW),
    FACT(platen_facts_tree, request, "request", NARROW),
    FACT(platen_facts_tree, endless, "endless", NARROW),
    FACT(platen_facts_tree, before, "before", NARROW),
    FACT(platen_facts_tree, after, "after", NARROW),
    FACT(platen_facts_tree, left, "left", NARROW),
};

static const struct fact process_facts[] = {
    FACT(platen_facts_process, threads, "threads", SIGNED),
    FACT(platen_facts_process, handles, "handles", SIGNED),
    FACT(platen_facts_process, heap, "heap", SIGNED),
    FACT(platen_facts_process, children, "children", SIGNED),
};

static const struct facts_shape shapes[] = {
    SHAPE("laid", laid, laid_facts),
    SHAPE("functions", table, table_facts),
    SHAPE("tree", tree, tree_facts),
    SHAPE("process", process, process_facts),
};

#define SHAPES (sizeof shapes / sizeof *shapes)

/* ---- writing --------------------------------------------------------------------------------- */

struct writing {
    char *to;
    size_t size;
    size_t used;
};

static void put(struct writing *line, const char *text)
{
    size_t length = strlen(text);
    if (line->used + length < line->size) {
        memcpy(line->to + line->used, text, length + 1);
    }
    line->used += length;
}

static void put_fact(struct writing *line, const struct fact *fact, const void *from)
{
    const char *at = (const char *)from + fact->offset;
    char text[64];
    uint64_t wide = 0;
    uint32_t narrow = 0;
    int64_t number = 0;
    bool flag = false;

    switch (fact->sort) {
    case FLAG:
        memcpy(&flag, at, sizeof flag);
        number = flag;
        break;
    case NARROW:
        memcpy(&narrow, at, sizeof narrow);
        number = narrow;
        break;
    case SIGNED:
        memcpy(&number, at, sizeof number);
        break;
    case WIDE:
        memcpy(&wide, at, sizeof wide);
        break;
    }
    if (fact->sort == WIDE) {
        snprintf(text, sizeof text, "%s=%" PRIu64, fact->name, wide);
    } else {
        snprintf(text, sizeof text, "%s=%" PRId64, fact->name, number);
    }
    put(line, text);
}

static void put_facts(struct writing *line, const struct fact *facts, size_t count,
                      const void *from)
{
    for (size_t i = 0; i < count; i++) {
        put(line, i == 0 ? "" : " ");
        put_fact(line, &facts[i], from);
    }
    put(line, "}");
}

static void put_touched(struct writing *line, const struct platen_facts *facts)
{
    for (unsigned i = 0; i < facts->touched_count; i++) {
        put(line, i == 0 ? " touched=[{name=" : " {name=");
        put(line, facts->touched[i].name);
        put(line, " ");
        put_facts(line, touched_facts, sizeof touched_facts / sizeof *touched_facts,
                  &facts->touched[i]);
    }
    put(line, facts->touched_count > 0 ? "]" : "");
}

static void put_shape(struct writing *line, const struct facts_shape *shape,
                      const struct platen_facts *facts)
{
    const char *at = (const char *)facts + shape->offset;
    bool known;
    memcpy(&known, at, sizeof known);
    if (known) {
        put(line, " ");
        put(line, shape->name);
        put(line, "={");
        put_facts(line, shape->facts, shape->count, at);
    }
}

/* What did not fit is taken back, from where it began. */
static void keep_whole(struct writing *line, size_t from)
{
    if (line->used >= line->size) {
        line->used = from;
        if (from < line->size) {
            line->to[from] = '\0';
        }
    }
}

size_t platen_facts_print(const struct platen_facts *facts, char *to, size_t size)
{
    struct writing line = {.to = to, .size = size};
    put_touched(&line, facts);
    keep_whole(&line, 0);
    for (size_t i = 0; i < SHAPES; i++) {
        size_t from = line.used;
        put_shape(&line, &shapes[i], facts);
        keep_whole(&line, from);
    }
    return line.used;
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool take_fact(const struct fact *fact, const struct platen_word *word, char *at)
{
    uint64_t wide = 0;
    int64_t number = 0;

    if (!platen_word_number(word, &wide) &&
        (fact->sort != SIGNED || !platen_word_signed(word, &number))) {
        return false;
    }
    number = number < 0 ? number : (int64_t)(wide & INT64_MAX);
    uint32_t narrow = wide < UINT32_MAX ? (uint32_t)wide : UINT32_MAX;
    bool flag = wide != 0;
    switch (fact->sort) {
    case FLAG:
        memcpy(at, &flag, sizeof flag);
        break;
    case NARROW:
        memcpy(at, &narrow, sizeof narrow);
        break;
    case WIDE:
        memcpy(at, &wide, sizeof wide);
        break;
    case SIGNED:
        memcpy(at, &number, sizeof number);
        break;
    }
    return true;
}

/* All of them, or it is none. */
static bool take_facts(const struct fact *facts, size_t count, const struct platen_word *words,
                       void *to)
{
    for (size_t i = 0; i < count; i++) {
        const struct platen_word *word = platen_word_named(words, facts[i].name);
        if (word == NULL || !take_fact(&facts[i], word, (char *)to + facts[i].offset)) {
            return false;
        }
    }
    return true;
}

static bool take_name(const struct platen_word *word, char name[PLATEN_FACTS_NAME])
{
    if (word == NULL || word->kind != PLATEN_WORD_BARE || word->length >= PLATEN_FACTS_NAME) {
        return false;
    }
    memcpy(name, word->at, word->length);
    name[word->length] = '\0';
    return true;
}

static void take_touched(struct platen_facts *facts, const struct platen_word *row)
{
    for (; row != NULL && facts->touched_count < PLATEN_FACTS_TOUCHED; row = row->next) {
        struct platen_facts_touched touched = {0};
        bool fine = take_name(platen_word_named(row->inside, "name"), touched.name) &&
                    take_facts(touched_facts, sizeof touched_facts / sizeof *touched_facts,
                               row->inside, &touched);
        if (fine && touched.from <= touched.to && touched.to <= touched.size) {
            facts->touched[facts->touched_count++] = touched;
        }
    }
}

static void take_damaged(struct platen_facts *facts, const struct platen_word *word)
{
    for (; word != NULL && facts->damaged_count < PLATEN_FACTS_DAMAGED; word = word->next) {
        facts->damaged_count += take_name(word, facts->damaged[facts->damaged_count]);
    }
}

static void take_shape(struct platen_facts *facts, const struct facts_shape *shape,
                       const struct platen_word *word)
{
    struct platen_facts taken = {0};
    char *at = (char *)&taken + shape->offset;
    bool known = word != NULL && take_facts(shape->facts, shape->count, word->inside, at);
    if (known) {
        memcpy(at, &known, sizeof known);
        memcpy((char *)facts + shape->offset, at, shape->size);
    }
}

void platen_facts_read(struct platen_facts *facts, const struct platen_word *words)
{
    const struct platen_word *touched = platen_word_named(words, "touched");
    const struct platen_word *damaged = platen_word_named(words, "damaged");
    take_touched(facts, touched == NULL ? NULL : touched->inside);
    take_damaged(facts, damaged == NULL ? NULL : damaged->inside);
    for (size_t i = 0; i < SHAPES; i++) {
        take_shape(facts, &shapes[i], platen_word_named(words, shapes[i].name));
    }
}
