/* SPDX-License-Identifier: MIT
 *
 * Rules as scripts write them.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fault/fault.h"
#include "os/error.h"
#include "os/format.h"

const struct platen_fault_word platen_fault_kinds[] = {
    {"error", "error CODE", "the call fails: FALSE and a last-error, or the code itself"},
    {"short", "short N", "the call gets N bytes of data or of room at most"},
    {"delay", "delay DURATION", "the call comes later; may stand before the others"},
    {"hang", "hang", "the call waits until it is released; may stand before the others"},
    {"disconnect", "disconnect", "the port's device is gone: 1167 until ClosePort"},
    {"garbage", "garbage [TRUE | FALSE [CODE]]",
     "junk in what comes back, after success or after a failure"},
    {NULL, NULL, NULL},
};

/* ---- reading --------------------------------------------------------------------------------- */

struct reading {
    const struct platen_fault_field *fields;
    size_t count;
    size_t at; /* the field that is being read */
    struct platen_fault_rule *rule;
    bool kind_said;
    bool delay_said;
    const char *complaint;
};

static bool complain(struct reading *r, const char *complaint)
{
    r->complaint = complaint;
    return false;
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/* Digits from *at on, which moves behind them; false if there are none, or too many. */
static bool read_digits(const char **at, int base, uint64_t *number)
{
    const char *begin = *at;

    *number = 0;
    for (; digit(**at) < base; ++*at) {
        uint64_t next = (unsigned)digit(**at);
        if (*number > (UINT64_MAX - next) / (unsigned)base)
            return false;
        *number = *number * (unsigned)base + next;
    }
    return *at != begin;
}

static bool read_number(const char *text, uint64_t most, uint64_t *number)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *at = hex ? text + 2 : text;

    return read_digits(&at, hex ? 16 : 10, number) && *at == '\0' && *number <= most;
}

static bool read_code(const char *text, uint32_t *code)
{
    static const struct {
        const char *name;
        uint32_t value;
    } names[] = {
#define PLATEN_ERROR(name, value, text) {#name, value},
#include <platen/errors.def>
#undef PLATEN_ERROR
    };
    const char *bare = strncmp(text, "ERROR_", 6) == 0 ? text + 6 : text;
    uint64_t number;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].name, bare) == 0) {
            *code = names[i].value;
            return true;
        }
    if (!read_number(text, UINT32_MAX, &number))
        return false;
    *code = (uint32_t)number;
    return true;
}

static const struct unit {
    const char *name;
    uint64_t nanoseconds;
} units[] = {
    {"h", UINT64_C(3600000000000)}, {"min", UINT64_C(60000000000)}, {"s", UINT64_C(1000000000)},
    {"ms", UINT64_C(1000000)},      {"us", UINT64_C(1000)},         {"ns", 1},
};

static const struct unit *find_unit(const char *name)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].name, name) == 0)
            return &units[i];
    return NULL;
}

/* Behind the point each digit is worth a tenth of the one before; what is worth less than a
 * nanosecond is nothing. */
static uint64_t read_fraction(const char **at, uint64_t worth)
{
    uint64_t sum = 0;

    for (; digit(**at) < 10; ++*at) {
        worth /= 10;
        sum += (unsigned)digit(**at) * worth;
    }
    return sum;
}

static bool read_duration(const char *text, uint64_t *nanoseconds)
{
    const char *at = text;
    const char *fraction = NULL;
    uint64_t whole;

    if (!read_digits(&at, 10, &whole))
        return false;
    if (*at == '.') {
        fraction = ++at;
        read_fraction(&at, 1);
    }
    const struct unit *unit = find_unit(*at != '\0' ? at : "ns");
    if (unit == NULL || whole >= PLATEN_FOREVER / unit->nanoseconds)
        return false;
    *nanoseconds = whole * unit->nanoseconds;
    if (fraction != NULL)
        *nanoseconds += read_fraction(&fraction, unit->nanoseconds);
    return true;
}

/* The bare word after the one that is being read, which it then is; NULL: there is none. */
static const char *next_bare(struct reading *r)
{
    if (r->at + 1 >= r->count || r->fields[r->at + 1].name != NULL)
        return NULL;
    return r->fields[++r->at].value;
}

/* ---- words ----------------------------------------------------------------------------------- */

static bool set_kind(struct reading *r, enum platen_fault_kind kind)
{
    if (r->kind_said)
        return complain(r, "one fault does one thing: error, short, disconnect or garbage");
    r->kind_said = true;
    r->rule->kind = kind;
    return true;
}

static bool set_delay(struct reading *r, uint64_t nanoseconds)
{
    if (r->delay_said)
        return complain(r, "a fault has one delay or hang");
    r->delay_said = true;
    r->rule->delay = nanoseconds;
    return true;
}

static bool read_error(struct reading *r)
{
    if (!set_kind(r, PLATEN_FAULT_ERROR))
        return false;
    const char *code = next_bare(r);
    return code != NULL && read_code(code, &r->rule->code)
               ? true
               : complain(r, "error is followed by a number or by the name of an error");
}

static bool read_short(struct reading *r)
{
    uint64_t limit = 0;

    if (!set_kind(r, PLATEN_FAULT_SHORT))
        return false;
    const char *number = next_bare(r);
    if (number == NULL || !read_number(number, UINT32_MAX, &limit))
        return complain(r, "short is followed by a number of bytes");
    r->rule->limit = (uint32_t)limit;
    return true;
}

static bool read_delay(struct reading *r)
{
    uint64_t nanoseconds = 0;
    const char *duration = next_bare(r);

    if (duration == NULL || !read_duration(duration, &nanoseconds))
        return complain(r, "delay is followed by a time: 250ms, 45s, 1.5min");
    return set_delay(r, nanoseconds);
}

static bool read_hang(struct reading *r)
{
    return set_delay(r, PLATEN_FOREVER);
}

static bool read_disconnect(struct reading *r)
{
    return set_kind(r, PLATEN_FAULT_DISCONNECT);
}

/* The word after it belongs to it only if it can. */
static bool read_garbage(struct reading *r)
{
    size_t garbage = r->at;
    const char *says = next_bare(r);

    r->rule->says = says == NULL || strcmp(says, "FALSE") != 0;
    r->rule->code = r->rule->says ? 0 : PLATEN_GEN_FAILURE;
    if (says != NULL && strcmp(says, "TRUE") != 0 && r->rule->says)
        r->at = garbage;
    size_t before = r->at;
    const char *code = r->rule->says ? NULL : next_bare(r);
    if (code != NULL && !read_code(code, &r->rule->code))
        r->at = before;
    return set_kind(r, PLATEN_FAULT_GARBAGE);
}

static bool read_once(struct reading *r)
{
    r->rule->count = 1;
    return true;
}

static bool read_always(struct reading *r)
{
    r->rule->count = 0;
    return true;
}

static const struct {
    const char *word;
    bool (*read)(struct reading *r);
} words[] = {
    {"once", read_once},       {"always", read_always},         {"delay", read_delay},
    {"hang", read_hang},       {"error", read_error},           {"short", read_short},
    {"garbage", read_garbage}, {"disconnect", read_disconnect},
};

static bool read_bare(struct reading *r)
{
    const char *word = r->fields[r->at].value;

    if (r->rule->calls == NULL) {
        r->rule->calls = word;
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].read(r);
    return complain(r,
                    "a fault knows once, always, delay, hang, error, short, disconnect, garbage");
}

static bool read_named(struct reading *r)
{
    const struct platen_fault_field *field = &r->fields[r->at];
    struct platen_fault_rule *rule = r->rule;
    const struct {
        const char *name;
        uint64_t *number;
    } numbers[] = {{"nth", &rule->nth}, {"count", &rule->count}, {"seed", &rule->seed}};

    if (strcmp(field->name, "lane") == 0) {
        rule->lane = field->value;
        return true;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(field->name, numbers[i].name) != 0)
            continue;
        if (!read_number(field->value, UINT64_MAX, numbers[i].number))
            return complain(r, "this is followed by a number");
        return rule->nth != 0 ? true : complain(r, "calls are counted from 1");
    }
    return complain(r, "a fault knows nth=, count=, lane= and seed=");
}

static bool read_fields(struct reading *r)
{
    for (r->at = 0; r->at < r->count; r->at++) {
        if (!(r->fields[r->at].name != NULL ? read_named(r) : read_bare(r)))
            return false;
    }
    if (r->rule->calls == NULL)
        return complain(r, "a fault begins with a call or a group of calls");
    if (!r->kind_said && r->rule->delay == 0)
        return complain(r, "what shall happen? error, short, delay, hang, disconnect or garbage");
    return true;
}

uint32_t platen_fault_parse(const struct platen_fault_field *fields, size_t count,
                            struct platen_fault_rule *rule, size_t *wrong, const char **complaint)
{
    struct reading r = {.fields = fields, .count = count, .rule = rule};

    *rule = (struct platen_fault_rule){.nth = 1, .count = 1};
    bool understood = read_fields(&r);
    if (wrong != NULL)
        *wrong = r.at;
    if (complaint != NULL)
        *complaint = r.complaint;
    return understood ? 0 : PLATEN_INVALID_PARAMETER;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct writing {
    char *to;
    size_t size;
    size_t length;
};

PLATEN_OS_PRINTF(2, 3)
static void put(struct writing *w, const char *format, ...)
{
    size_t room = w->length < w->size ? w->size - w->length : 0;
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(room != 0 ? w->to + w->length : NULL, room, format, arguments);
    va_end(arguments);
    w->length += length > 0 ? (size_t)length : 0;
}

static void put_text(struct writing *w, const char *text)
{
    put(w, "\"");
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            put(w, "\\%c", c);
        else if (c < ' ' || c == 0x7f)
            put(w, "\\x%02x", c);
        else
            put(w, "%c", c);
    }
    put(w, "\"");
}

static void put_code(struct writing *w, uint32_t code)
{
    const char *name = platen_error_name(code);

    if (name != NULL)
        put(w, " %s", name);
    else
        put(w, " %" PRIu32, code);
}

/* In the greatest unit of which it is so many. */
static void put_delay(struct writing *w, uint64_t nanoseconds)
{
    const struct unit *unit = units;

    if (nanoseconds == 0)
        return;
    if (nanoseconds == PLATEN_FOREVER) {
        put(w, " hang");
        return;
    }
    while (nanoseconds % unit->nanoseconds != 0)
        unit++;
    put(w, " delay %" PRIu64 "%s", nanoseconds / unit->nanoseconds, unit->name);
}

static void put_kind(struct writing *w, const struct platen_fault_rule *rule)
{
    switch (rule->kind) {
    case PLATEN_FAULT_NONE:
        break;
    case PLATEN_FAULT_ERROR:
        put(w, " error");
        put_code(w, rule->code);
        break;
    case PLATEN_FAULT_SHORT:
        put(w, " short %" PRIu32, rule->limit);
        break;
    case PLATEN_FAULT_DISCONNECT:
        put(w, " disconnect");
        break;
    case PLATEN_FAULT_GARBAGE:
        put(w, " garbage %s", rule->says ? "TRUE" : "FALSE");
        if (!rule->says)
            put_code(w, rule->code);
        break;
    }
}

size_t platen_fault_print(const struct platen_fault_rule *rule, char *to, size_t size)
{
    struct writing w = {.to = to, .size = size};

    put(&w, "%s", rule->calls);
    if (rule->nth > 1)
        put(&w, " nth=%" PRIu64, rule->nth);
    if (rule->count == 0)
        put(&w, " always");
    else if (rule->count != 1)
        put(&w, " count=%" PRIu64, rule->count);
    if (rule->lane != NULL) {
        put(&w, " lane=");
        put_text(&w, rule->lane);
    }
    if (rule->seed != 0)
        put(&w, " seed=%" PRIu64, rule->seed);
    put_delay(&w, rule->delay);
    put_kind(&w, rule);
    return w.length;
}
