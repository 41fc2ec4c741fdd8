/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

enum form { FORM_TEXT, FORM_KILOBYTES, FORM_LEVEL, FORM_SIZE, FORM_WORD, FORM_PART, FORM_THERE };

static const struct row {
    enum pjl_about about;
    const char *pattern;
    const char *schema;
    enum form form;
    const char *word;
} rows[] = {
#define PJL_VALUE(message, pattern, schema, form, word)                                            \
    {PJL_ABOUT_##message, pattern, schema, FORM_##form, word},
#include "values.def"
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct {
    const char *word;
    const char *name;
} sizes[] = {
#define PJL_SIZE(word, name) {word, name},
#include "values.def"
};

/* ---- letters ------------------------------------------------------------------------------- */

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (upper(c) >= 'A' && upper(c) <= 'Z');
}

static bool is_gap(char c)
{
    return c == ' ' || c == '\t' || c == '_' || c == '-';
}

static bool is_printable(char c)
{
    return c >= 0x20 && c < 0x7F;
}

static bool equal(const char *a, const char *b)
{
    while (*a && upper(*a) == upper(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

/* ---- patterns ------------------------------------------------------------------------------ */

/* "2" of "02", "Black" of "BLACK"; false: it is too long for a name, or nothing. */
static bool take_part(const char **text, bool number, char *part)
{
    size_t length = 0;
    const char *at = *text;
    while (number && at[0] == '0' && is_digit(at[1]))
        at++;
    for (; number ? is_digit(*at) : is_word(*at); at++) {
        if (length == PJL_PART - 1)
            return false;
        part[length] = upper(*at);
        if (length && !is_digit(*at))
            part[length] = (char)(part[length] - 'A' + 'a');
        length++;
    }
    part[length] = '\0';
    *text = at;
    return length > 0;
}

static const char *skip_gap(const char *text)
{
    while (is_gap(*text))
        text++;
    return text;
}

/* One character of the pattern; NULL: it does not fit. */
static const char *step(char wanted, const char *text, char *part)
{
    if (wanted == '#' || wanted == '*')
        return take_part(&text, wanted == '#', part) ? text : NULL;
    if (wanted == ' ')
        return is_gap(*text) ? skip_gap(text) : NULL;
    return upper(wanted) == upper(*text) ? text + 1 : NULL;
}

/* Where the text goes on behind what fits the pattern up to `end`; NULL: it does not. */
static const char *match(const char *pattern, const char *end, const char *text, char *part)
{
    for (; text && pattern < end; pattern++)
        text = step(*pattern, text, part);
    return text;
}

static bool fits_line(const char *pattern, const char *key, char *part)
{
    const char *rest = match(pattern, pattern + strlen(pattern), key, part);
    return rest && *rest == '\0';
}

static bool fits_entry(const char *pattern, const char *list, const char *entry, char *part)
{
    const char *divider = strchr(pattern, '/');
    const char *rest = divider ? match(pattern, divider, list, part) : NULL;
    if (!rest || *rest)
        return false;
    rest = match(divider + 1, pattern + strlen(pattern), entry, part);
    return rest && (*rest == '\0' || *rest == ' ' || *rest == '\t');
}

/* ---- forms --------------------------------------------------------------------------------- */

static bool make_text(const char *from, char *text)
{
    size_t length = 0;
    for (; *from && length < PJL_TEXT - 1; from++)
        text[length++] = is_printable(*from) ? *from : '?';
    text[length] = '\0';
    return length > 0 && strcmp(text, "?") != 0;
}

static bool make_kilobytes(const char *from, char *text)
{
    snprintf(text, PJL_TEXT, "%llu", strtoull(from, NULL, 10) / 1024);
    return is_digit(*from);
}

/* A level that is none is not known (contract 6); negative numbers are codes for that. */
static bool make_level(const char *from, char *text)
{
    bool negative = *from == '-';
    unsigned long level = strtoul(from + negative, NULL, 10);
    bool known = !negative && level <= 100;
    snprintf(text, PJL_TEXT, "%s%lu", known ? "" : "-", known ? level : 1);
    return is_digit(from[negative]);
}

static bool make_size(const char *from, char *text)
{
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        if (equal(from, sizes[i].word))
            from = sizes[i].name;
    return make_text(from, text);
}

static bool make_there(const char *from, char *text)
{
    static const char *const words[] = {"NO",    "NONE", "NOTINSTALLED", "NOT INSTALLED", "OFF",
                                        "FALSE", "0"};
    bool there = true;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        there = there && !equal(from, words[i]);
    return make_text(there ? "true" : "false", text);
}

static bool make(const struct row *row, const char *from, const char *part, char *text)
{
    switch (row->form) {
    case FORM_KILOBYTES:
        return make_kilobytes(from, text);
    case FORM_LEVEL:
        return make_level(from, text);
    case FORM_SIZE:
        return make_size(from, text);
    case FORM_WORD:
        return make_text(row->word, text);
    case FORM_PART:
        return make_text(part, text);
    case FORM_THERE:
        return make_there(from, text);
    default:
        return make_text(from, text);
    }
}

/* ---- the draft ----------------------------------------------------------------------------- */

static bool same(const struct pjl_value *value, const struct row *row, const char *part)
{
    return strcmp(rows[value->row].schema, row->schema) == 0 && strcmp(value->part, part) == 0;
}

static bool has(const struct pjl_draft *draft, const struct row *row, const char *part)
{
    for (uint32_t i = 0; i < draft->count; i++)
        if (same(&draft->values[i], row, part))
            return true;
    return false;
}

/* Where the schema wants a name and the line has none, parts are counted: what has been said of one
 * already begins the next. */
static void name_part(struct pjl_draft *draft, const struct row *row, char *part)
{
    if (*part || !strchr(row->schema, '*'))
        return;
    draft->number += draft->number == 0;
    snprintf(part, PJL_PART, "%u", (unsigned)draft->number);
    if (has(draft, row, part))
        snprintf(part, PJL_PART, "%u", (unsigned)++draft->number);
}

static void add(struct pjl_draft *draft, const struct row *row, char *part, const char *from)
{
    struct pjl_value *value = &draft->values[draft->count];
    if (draft->count == PJL_DRAFT || !make(row, from, part, value->text))
        return;
    name_part(draft, row, part);
    if (has(draft, row, part))
        return;
    value->row = (uint32_t)(row - rows);
    memcpy(value->part, part, PJL_PART);
    draft->count++;
}

/* The value ends where "[2 ENUMERATED]" begins, or with its quotes. */
static void cut_value(char *value)
{
    bool quoted = *value == '"';
    char *end = value + quoted + strcspn(value + quoted, quoted ? "\"" : "[");
    memmove(value, value + quoted, (size_t)(end - value) - quoted);
    value[(size_t)(end - value) - quoted] = '\0';
    for (size_t length = strlen(value); length && value[length - 1] == ' ';)
        value[--length] = '\0';
}

/* "KEY = value [3 ENUMERATED]", or parts of that: the key, and what stands behind "=". */
static void take_apart(const char *line, char *key, size_t room, char *value, size_t value_room)
{
    size_t length = strcspn(line, "=[");
    const char *from = line[length] == '=' ? line + length + 1 : "";
    snprintf(value, value_room, "%s", from + strspn(from, " \t"));
    cut_value(value);
    while (length && is_gap(line[length - 1]))
        length--;
    snprintf(key, room, "%.*s", (int)(length < room ? length : room), line);
}

static void read_entry(struct pjl_draft *draft, enum pjl_about about, const char *line)
{
    draft->entries--;
    for (size_t i = 0; i < ROWS; i++) {
        char part[PJL_PART] = "";
        if (rows[i].about == about && fits_entry(rows[i].pattern, draft->list, line, part))
            add(draft, &rows[i], part, "");
    }
}

static void read_feature(struct pjl_draft *draft, enum pjl_about about, const char *line)
{
    char key[sizeof(draft->list)];
    char value[2 * PJL_TEXT];
    const char *list = strchr(line, '[');
    take_apart(line, key, sizeof(key), value, sizeof(value));
    draft->entries = list ? (uint32_t)strtoul(list + 1, NULL, 10) : 0;
    memcpy(draft->list, key, sizeof(key));
    for (size_t i = 0; i < ROWS; i++) {
        char part[PJL_PART] = "";
        if (rows[i].about == about && fits_line(rows[i].pattern, key, part))
            add(draft, &rows[i], part, value);
    }
}

/* How many entries a list has is said where it is announced, for blanks before them may be missing.
 */
void pjl_values_read(struct pjl_draft *draft, enum pjl_about about, const char *line)
{
    if (draft->entries && !strpbrk(line, "=["))
        read_entry(draft, about, line);
    else
        read_feature(draft, about, line);
}

/* ---- what is known ------------------------------------------------------------------------- */

/* A printer tells what it has, not what it has not. */
static void add_missing(struct pjl_draft *draft, enum pjl_about about)
{
    char none[PJL_PART] = "";
    for (size_t i = 0; i < ROWS && draft->count; i++)
        if (rows[i].about == about && rows[i].form == FORM_THERE && !strchr(rows[i].schema, '*'))
            add(draft, &rows[i], none, "NO");
}

static void forget(struct pjl_values *values, enum pjl_about about)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < values->count; i++)
        if (rows[values->list[i].row].about != about)
            values->list[kept++] = values->list[i];
    values->count = kept;
}

static void put(struct pjl_values *values, const struct pjl_value *value)
{
    uint32_t i = 0;
    while (i < values->count &&
           (values->list[i].row != value->row || strcmp(values->list[i].part, value->part) != 0))
        i++;
    if (i == PJL_VALUES)
        return;
    values->list[i] = *value;
    values->count += i == values->count;
}

void pjl_values_learn(struct pjl_values *values, enum pjl_about about, struct pjl_draft *draft)
{
    if (about != PJL_ABOUT_STATE)
        forget(values, about);
    add_missing(draft, about);
    for (uint32_t i = 0; i < draft->count; i++)
        put(values, &draft->values[i]);
}

void pjl_value_name(const struct pjl_value *value, char *name)
{
    const char *schema = rows[value->row].schema;
    size_t before = strcspn(schema, "*");
    const char *behind = schema + before + (schema[before] == '*');
    snprintf(name, PJL_SCHEMA, "\\Printer.%.*s%s%s", (int)before, schema, value->part, behind);
}

const char *pjl_values_find(const struct pjl_values *values, const char *name)
{
    char own[PJL_SCHEMA];
    for (uint32_t i = 0; i < values->count; i++) {
        pjl_value_name(&values->list[i], own);
        if (equal(own, name))
            return values->list[i].text;
    }
    return NULL;
}

bool pjl_values_any(const struct pjl_values *values, enum pjl_about about)
{
    for (uint32_t i = 0; i < values->count; i++)
        if (rows[values->list[i].row].about == about)
            return true;
    return false;
}
