/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <platen/errors.h>

#include "line.h"

const struct platen_line line_default = {.baud = 9600, .bits = 8, .dtr = LINE_ON, .rts = LINE_ON};

/* What a member may be, in the text and as a backend's setting; the first word stands for `first`.
 */
struct choice {
    uint8_t first;
    const char *words[6];
    const char *values[6];
};

static const struct choice data_bits = {5, {"5", "6", "7", "8"}, {"5", "6", "7", "8"}};
static const struct choice parities = {
    0, {"n", "o", "e", "m", "s"}, {"none", "odd", "even", "mark", "space"}};
static const struct choice stop_bits = {0, {"1", "1.5", "2"}, {"1", "1.5", "2"}};
static const struct choice switches = {0, {"off", "on"}, {"0", "1"}};
static const struct choice dtr_controls = {0, {"off", "on", "hs"}, {"off", "on", "handshake"}};
static const struct choice rts_controls = {
    0, {"off", "on", "hs", "tg"}, {"off", "on", "handshake", "toggle"}};

/* What is said in a word, but for the rate. The first three make up the short form. */
static const struct field {
    const char *word;
    const char *key; /* of the backend's setting */
    const struct choice *choice;
    size_t offset;
} fields[] = {
    {"parity", "parity", &parities, offsetof(struct platen_line, parity)},
    {"data", "bits", &data_bits, offsetof(struct platen_line, bits)},
    {"stop", "stop", &stop_bits, offsetof(struct platen_line, stop)},
    {"xon", "xon", &switches, offsetof(struct platen_line, xon)},
    {"odsr", "dsr", &switches, offsetof(struct platen_line, dsr)},
    {"octs", "cts", &switches, offsetof(struct platen_line, cts)},
    {"dtr", "dtr", &dtr_controls, offsetof(struct platen_line, dtr)},
    {"rts", "rts", &rts_controls, offsetof(struct platen_line, rts)},
    {"idsr", "idsr", &switches, offsetof(struct platen_line, idsr)},
};

enum { FIELDS = sizeof(fields) / sizeof(fields[0]), SHORT_FIELDS = 3 };

static uint8_t *member(struct platen_line *line, const struct field *field)
{
    return (uint8_t *)line + field->offset;
}

static uint8_t member_of(const struct platen_line *line, const struct field *field)
{
    return ((const uint8_t *)line)[field->offset];
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Letters by number: what tolower says depends on the locale. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ')
        at++;
    return at;
}

/* The length of `word` if the text begins with it, in letters of either case; else 0. */
static size_t begins(const char *text, const char *word)
{
    size_t length = 0;
    while (word[length] && lower(text[length]) == word[length])
        length++;
    return word[length] ? 0 : length;
}

static bool ends_item(char c)
{
    return !c || c == ' ' || c == ',';
}

/* One of the words, up to a blank, a comma or the end; NULL if it is none of them. */
static const char *read_choice(const char *at, const struct choice *choice, uint8_t *to)
{
    for (uint8_t i = 0; choice->words[i]; i++) {
        size_t length = begins(at, choice->words[i]);
        if (length && ends_item(at[length])) {
            *to = (uint8_t)(choice->first + i);
            return at + length;
        }
    }
    return NULL;
}

/* The abbreviations of old: two digits stand for the rate that begins with them. A rate that looks
 * like one is written with three. */
static uint32_t whole_rate(uint32_t baud)
{
    static const uint32_t rates[] = {110, 300, 600, 1200, 2400, 4800, 9600, 19200};
    for (size_t i = 0; baud >= 10 && i < sizeof(rates) / sizeof(rates[0]); i++)
        if (rates[i] / 10 == baud || rates[i] / 100 == baud || rates[i] / 1000 == baud)
            return rates[i];
    return baud;
}

enum { ABBREVIATION = 2 };

static const char *read_rate(const char *at, uint32_t *baud)
{
    uint64_t number = 0;
    if (!is_digit(*at))
        return NULL;
    for (; is_digit(*at); at++) {
        number = number * 10 + (uint64_t)(*at - '0');
        if (number > UINT32_MAX)
            return NULL;
    }
    *baud = (uint32_t)number;
    return *baud ? at : NULL;
}

static const char *read_baud(const char *at, uint32_t *baud)
{
    const char *end = read_rate(at, baud);
    if (!end || !ends_item(*end))
        return NULL;
    if (end - at == ABBREVIATION)
        *baud = whole_rate(*baud);
    return end;
}

/* NULL if there is no comma. */
static const char *pass_comma(const char *at)
{
    at = skip_blanks(at);
    return *at == ',' ? skip_blanks(at + 1) : NULL;
}

/* The short form's last item. */
static const char *read_flow(const char *at, struct platen_line *line)
{
    char flow = lower(*at);
    if (flow != 'x' && flow != 'p')
        return NULL;
    line->xon = flow == 'x';
    if (flow == 'p') {
        line->cts = line->dsr = 1;
        line->dtr = line->rts = LINE_HANDSHAKE;
    }
    return skip_blanks(at + 1);
}

/* "9600,n,8,1": says all of the settings, so what was before does not count. */
static bool read_short(const char *at, struct platen_line *line)
{
    *line = line_default;
    at = read_baud(at, &line->baud);
    for (size_t i = 0; at && i < SHORT_FIELDS; i++) {
        at = pass_comma(at);
        if (at)
            at = read_choice(at, fields[i].choice, member(line, &fields[i]));
    }
    if (!at)
        return false;
    at = skip_blanks(at);
    if (*at == ',')
        at = read_flow(skip_blanks(at + 1), line);
    return at && !*at;
}

/* The value of "word=", NULL if that is not how the text begins. */
static const char *pass_word(const char *at, const char *word)
{
    size_t length = begins(at, word);
    return length && at[length] == '=' ? at + length + 1 : NULL;
}

/* "to" is about time-outs, which the port has from elsewhere. */
static const char *read_item(const char *at, struct platen_line *line)
{
    uint8_t ignored;
    const char *value = pass_word(at, "baud");
    if (value)
        return read_baud(value, &line->baud);
    value = pass_word(at, "to");
    if (value)
        return read_choice(value, &switches, &ignored);
    for (size_t i = 0; i < FIELDS; i++) {
        value = pass_word(at, fields[i].word);
        if (value)
            return read_choice(value, fields[i].choice, member(line, &fields[i]));
    }
    return NULL;
}

static bool read_long(const char *at, struct platen_line *line)
{
    do {
        at = read_item(at, line);
        if (!at || *at == ',')
            return false;
        at = skip_blanks(at);
    } while (*at);
    return true;
}

/* What BuildCommDCB passes over: the name of the device. */
static const char *skip_device(const char *text)
{
    size_t length = begins(text, "com");
    if (!length || !is_digit(text[length]))
        return text;
    while (is_digit(text[length]))
        length++;
    return text[length] == ':' ? text + length + 1 : text;
}

uint32_t line_parse(const char *text, struct platen_line *line)
{
    struct platen_line read = *line;
    const char *at = skip_blanks(skip_device(skip_blanks(text)));
    if (is_digit(*at) ? !read_short(at, &read) : !read_long(at, &read))
        return PLATEN_INVALID_PARAMETER;
    *line = read;
    return 0;
}

/* ---- writing ------------------------------------------------------------------------------- */

static const char *word_of(const struct platen_line *line, const struct field *field)
{
    return field->choice->words[member_of(line, field) - field->choice->first];
}

static bool is_equal(const struct platen_line *a, const struct platen_line *b)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (member_of(a, &fields[i]) != member_of(b, &fields[i]))
            return false;
    return a->baud == b->baud;
}

static int rate_digits(const struct platen_line *line)
{
    return whole_rate(line->baud) == line->baud ? 0 : ABBREVIATION + 1;
}

static void format_short(const struct platen_line *line, const char *flow,
                         char text[LINE_TEXT_BYTES])
{
    snprintf(text, LINE_TEXT_BYTES, "%0*u,%s,%s,%s%s", rate_digits(line), (unsigned)line->baud,
             word_of(line, &fields[0]), word_of(line, &fields[1]), word_of(line, &fields[2]), flow);
}

static void format_long(const struct platen_line *line, char text[LINE_TEXT_BYTES])
{
    int used =
        snprintf(text, LINE_TEXT_BYTES, "baud=%0*u", rate_digits(line), (unsigned)line->baud);
    for (size_t i = 0; i < FIELDS; i++)
        used += snprintf(text + used, (size_t)(LINE_TEXT_BYTES - used), " %s=%s", fields[i].word,
                         word_of(line, &fields[i]));
}

void line_format(const struct platen_line *line, char text[LINE_TEXT_BYTES])
{
    static const char *const flows[] = {"", ",x", ",p"};
    struct platen_line read;
    for (size_t i = 0; i < sizeof(flows) / sizeof(flows[0]); i++) {
        format_short(line, flows[i], text);
        if (line_parse(text, &read) == 0 && is_equal(&read, line))
            return;
    }
    format_long(line, text);
}

/* ---- COMMCONFIG ---------------------------------------------------------------------------- */

static bool is_good(const struct platen_line *line)
{
    return line->baud && line->bits >= 5 && line->bits <= 8 && line->parity <= LINE_SPACE &&
           line->stop <= LINE_STOP_2 && line->dtr <= LINE_HANDSHAKE;
}

uint32_t line_from_config(const void *config, size_t size, struct platen_line *line)
{
    COMMCONFIG from;
    if (!config || size < sizeof(from))
        return PLATEN_INVALID_PARAMETER;
    memcpy(&from, config, sizeof(from));
    if (from.dwSize < sizeof(from) || from.dwSize > size || from.dwProviderSubType > PST_RS232)
        return PLATEN_INVALID_PARAMETER;
    struct platen_line read = {
        .baud = from.dcb.BaudRate,
        .bits = from.dcb.ByteSize,
        .parity = from.dcb.Parity,
        .stop = from.dcb.StopBits,
        .xon = from.dcb.fOutX || from.dcb.fInX,
        .cts = from.dcb.fOutxCtsFlow,
        .dsr = from.dcb.fOutxDsrFlow,
        .idsr = from.dcb.fDsrSensitivity,
        .dtr = from.dcb.fDtrControl,
        .rts = from.dcb.fRtsControl,
    };
    if (!is_good(&read))
        return PLATEN_INVALID_PARAMETER;
    *line = read;
    return 0;
}

/* The limits and characters are those that Windows' own driver begins with. */
void line_to_config(const struct platen_line *line, COMMCONFIG *config)
{
    memset(config, 0, sizeof(*config));
    config->dwSize = sizeof(*config);
    config->wVersion = 1;
    config->dwProviderSubType = PST_RS232;
    config->dcb.DCBlength = sizeof(config->dcb);
    config->dcb.BaudRate = line->baud;
    config->dcb.fBinary = 1;
    config->dcb.fParity = line->parity != LINE_NONE;
    config->dcb.fOutxCtsFlow = line->cts & 1;
    config->dcb.fOutxDsrFlow = line->dsr & 1;
    config->dcb.fDtrControl = line->dtr & 3;
    config->dcb.fDsrSensitivity = line->idsr & 1;
    config->dcb.fOutX = line->xon & 1;
    config->dcb.fInX = line->xon & 1;
    config->dcb.fRtsControl = line->rts & 3;
    config->dcb.XonLim = 2048;
    config->dcb.XoffLim = 512;
    config->dcb.ByteSize = line->bits;
    config->dcb.Parity = line->parity;
    config->dcb.StopBits = line->stop;
    config->dcb.XonChar = 0x11;
    config->dcb.XoffChar = 0x13;
}

/* ---- a backend's settings ------------------------------------------------------------------ */

static const struct field *find_field(const char *key)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (strcmp(fields[i].key, key) == 0)
            return &fields[i];
    return NULL;
}

const char *line_value(const struct platen_line *line, const char *key, char room[LINE_VALUE_BYTES])
{
    const struct field *field = find_field(key);
    if (field)
        return field->choice->values[member_of(line, field) - field->choice->first];
    if (strcmp(key, "baud") != 0)
        return NULL;
    snprintf(room, LINE_VALUE_BYTES, "%u", (unsigned)line->baud);
    return room;
}

static bool set_baud(struct platen_line *line, const char *value)
{
    uint32_t baud;
    const char *end = read_rate(value, &baud);
    if (!end || *end)
        return false;
    line->baud = baud;
    return true;
}

/* The text's own ways of flow control, as one word says them. */
static bool set_flow(struct platen_line *line, const char *value)
{
    static const struct {
        const char *value;
        uint8_t xon, cts, dsr, dtr, rts;
    } flows[] = {
        {"none", 0, 0, 0, LINE_ON, LINE_ON},
        {"soft", 1, 0, 0, LINE_ON, LINE_ON},
        {"hard", 0, 1, 0, LINE_ON, LINE_HANDSHAKE},
        {"dtrdsr", 0, 0, 1, LINE_HANDSHAKE, LINE_ON},
    };
    for (size_t i = 0; i < sizeof(flows) / sizeof(flows[0]); i++) {
        if (strcmp(flows[i].value, value) != 0)
            continue;
        line->xon = flows[i].xon;
        line->cts = flows[i].cts;
        line->dsr = flows[i].dsr;
        line->dtr = flows[i].dtr;
        line->rts = flows[i].rts;
        return true;
    }
    return !*value;
}

bool line_set_value(struct platen_line *line, const char *key, const char *value)
{
    const struct field *field = find_field(key);
    if (!field && strcmp(key, LINE_FLOW) == 0)
        return set_flow(line, value);
    if (!field)
        return strcmp(key, "baud") != 0 || set_baud(line, value);
    for (uint8_t i = 0; field->choice->values[i]; i++) {
        if (strcmp(field->choice->values[i], value) == 0) {
            *member(line, field) = (uint8_t)(field->choice->first + i);
            return true;
        }
    }
    return false;
}
