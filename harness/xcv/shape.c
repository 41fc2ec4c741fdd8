/* SPDX-License-Identifier: MIT */
#include "xcv/shape.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>
#include <platen/tcpxcv.h>

#include "os/format.h"
#include "os/text.h"

#undef AddPort
#undef ConfigurePort
#undef DeletePort
#undef AT

enum field_kind {
    TEXT_FIELD,
    NUMBER_FIELD,
    PROTOCOL_FIELD,
    PARITY_FIELD,
    STOP_FIELD,
    SWITCH_FIELD,
    XON_FIELD,
    CONTROL_FIELD,
    KINDS
};

/* Numbers that have names, from 0; NULL where one has none. */
static const struct {
    const char *words[6];
    unsigned count;
} kinds[KINDS] = {
    [PROTOCOL_FIELD] = {{NULL, "raw", "lpr"}, 3},
    [PARITY_FIELD] = {{"none", "odd", "even", "mark", "space"}, 5},
    [STOP_FIELD] = {{"1", "1.5", "2"}, 3},
    [SWITCH_FIELD] = {{"off", "on"}, 2},
    [XON_FIELD] = {{"off", "out", "in", "on"}, 4},
    [CONTROL_FIELD] = {{"off", "on", "handshake", "toggle"}, 4},
};

struct field {
    enum platen_shape shape;
    const char *word;
    size_t offset;
    size_t size;    /* in bytes */
    unsigned shift; /* of a part of a number: where it begins ... */
    unsigned bits;  /* ... and how many there are; 0: it is all of it */
    enum field_kind kind;
    uint64_t preset;
};

static const struct field fields[] = {
#define PLATEN_SHAPE(shape, size)
#define PLATEN_FIELD(shape, word, place, kind, preset)                                             \
    {PLATEN_SHAPE_##shape, #word, place, kind##_FIELD, preset},
#include "xcv/shapes.def"
#undef PLATEN_SHAPE
#undef PLATEN_FIELD
};

#define FIELDS (sizeof fields / sizeof *fields)

static const struct {
    const char *name;
    uint32_t size;
} shapes[] = {
#define PLATEN_SHAPE(shape, size) {#shape, size},
#define PLATEN_FIELD(...)
#include "xcv/shapes.def"
#undef PLATEN_SHAPE
#undef PLATEN_FIELD
};

const struct platen_xcv_name platen_xcv_names[] = {
#define PLATEN_XCV_NAME(name, face, input, output, summary)                                        \
    {#name, PLATEN_XCV_##face, PLATEN_SHAPE_##input, PLATEN_SHAPE_##output, summary},
#include "xcv/names.def"
#undef PLATEN_XCV_NAME
    {.name = NULL},
};

/* ---- the tables ------------------------------------------------------------------------------ */

const char *platen_xcv_face_name(enum platen_xcv_face face)
{
    return face == PLATEN_XCV_LOCAL ? "Local Port" : "TCP/IP Port";
}

const struct platen_xcv_name *platen_xcv_name_find(const char *name, bool with_fields)
{
    const struct platen_xcv_name *found = NULL;
    for (const struct platen_xcv_name *at = platen_xcv_names; at->name != NULL; at++) {
        bool fits = found == NULL || platen_shape_is_struct(at->input) == with_fields;
        if (strcmp(at->name, name) == 0 && fits) {
            found = at;
        }
    }
    return found;
}

const char *platen_shape_name(enum platen_shape shape)
{
    return shapes[shape].name;
}

bool platen_shape_find(const char *name, enum platen_shape *shape)
{
    for (size_t i = 0; i < PLATEN_SHAPES; i++) {
        if (platen_text_equal_folded8(shapes[i].name, name)) {
            *shape = (enum platen_shape)i;
            return true;
        }
    }
    *shape = PLATEN_SHAPE_NOTHING;
    return false;
}

bool platen_shape_is_struct(enum platen_shape shape)
{
    return shape > PLATEN_SHAPE_NUMBER;
}

static const char *word_of(enum field_kind kind, uint64_t value)
{
    return value < kinds[kind].count ? kinds[kind].words[value] : NULL;
}

static int put_preset(char *to, size_t size, const struct field *field)
{
    const char *word = word_of(field->kind, field->preset);
    if (field->kind == TEXT_FIELD || word != NULL) {
        return snprintf(to, size, "%s=%s", field->word, word == NULL ? "" : word);
    }
    return snprintf(to, size, "%s=%" PRIu64, field->word, field->preset);
}

size_t platen_shape_fields(enum platen_shape shape, char *to, size_t size)
{
    char one[80];
    size_t used = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].shape == shape) {
            put_preset(one, sizeof one, &fields[i]);
            used += (size_t)snprintf(used < size ? to + used : NULL, used < size ? size - used : 0,
                                     "%s%s", used == 0 ? "" : ", ", one);
        }
    }
    return used;
}

bool platen_shape_is_field(const char *word)
{
    size_t length = strcspn(word, "=");
    for (size_t i = 0; word[length] == '=' && i < FIELDS; i++) {
        if (strlen(fields[i].word) == length && strncmp(fields[i].word, word, length) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- from words to bytes --------------------------------------------------------------------- */

PLATEN_OS_PRINTF(2, 3)
static uint32_t refuse(struct platen_shape_complaint *complaint, const char *format, ...)
{
    char raw[sizeof complaint->text];
    va_list list;
    va_start(list, format);
    vsnprintf(raw, sizeof raw, format, list);
    va_end(list);
    platen_text_printable(raw, strlen(raw), complaint->text, sizeof complaint->text);
    return PLATEN_INVALID_DATA;
}

static bool read_number(const char *text, size_t bytes, uint64_t *value)
{
    char *end;
    bool digit = *text >= '0' && *text <= '9';
    *value = digit ? strtoull(text, &end, 0) : 0;
    return digit && *end == '\0' && (bytes >= 8 || *value >> (8 * bytes) == 0);
}

static void put_bytes(uint8_t *to, size_t bytes, uint64_t value)
{
    for (size_t i = 0; i < bytes; i++) {
        to[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint64_t get_bytes(const uint8_t *from, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = bytes; i > 0; i--) {
        value = value << 8 | from[i - 1];
    }
    return value;
}

static unsigned bits_of(const struct field *field)
{
    return field->bits == 0 ? 8 * (unsigned)field->size : field->bits;
}

static uint64_t mask_of(const struct field *field)
{
    return UINT64_MAX >> (64 - bits_of(field));
}

static void put_number(const struct field *field, uint8_t *structure, uint64_t value)
{
    uint8_t *to = structure + field->offset;
    uint64_t others = get_bytes(to, field->size) & ~(mask_of(field) << field->shift);
    put_bytes(to, field->size, others | value << field->shift);
}

static uint64_t get_number(const struct field *field, const uint8_t *structure)
{
    return get_bytes(structure + field->offset, field->size) >> field->shift & mask_of(field);
}

/* The words go before the digits: "1" is a stop bit before it is a number. */
static bool read_value(const struct field *field, const char *text, uint64_t *value)
{
    for (unsigned i = 0; i < kinds[field->kind].count; i++) {
        const char *word = word_of(field->kind, i);
        if (word != NULL && strcmp(text, word) == 0) {
            *value = i;
            return true;
        }
    }
    return read_number(text, field->size, value) && *value <= mask_of(field);
}

/* "raw, lpr"; "" for plain numbers. */
static const char *list_words(enum field_kind kind, char *to, size_t size)
{
    size_t used = 0;
    to[0] = '\0';
    for (unsigned i = 0; i < kinds[kind].count && used < size; i++) {
        const char *word = word_of(kind, i);
        if (word != NULL) {
            used += (size_t)snprintf(to + used, size - used, "%s%s", used == 0 ? "" : ", ", word);
        }
    }
    return to;
}

static uint32_t put_field(const struct field *field, const char *text, uint8_t *structure,
                          struct platen_shape_complaint *complaint)
{
    char known[80];
    uint64_t value;
    if (field->kind == TEXT_FIELD) {
        char16_t units[MAX_NETWORKNAME2_LEN] = {0};
        size_t room = field->size / sizeof *units;
        if (platen_text_to16(text, SIZE_MAX, units, room) >= room) {
            return refuse(complaint, "%s has more than %zu characters", field->word, room - 1);
        }
        memcpy(structure + field->offset, units, field->size);
        return 0;
    }
    if (!read_value(field, text, &value)) {
        return kinds[field->kind].count == 0
                   ? refuse(complaint, "%s wants a number of %u bits, not \"%s\"", field->word,
                            bits_of(field), text)
                   : refuse(complaint, "%s wants one of %s, or a number of %u bits, not \"%s\"",
                            field->word, list_words(field->kind, known, sizeof known),
                            bits_of(field), text);
    }
    put_number(field, structure, value);
    return 0;
}

static uint32_t put_word(enum platen_shape shape, const char *word, uint8_t *structure,
                         struct platen_shape_complaint *complaint)
{
    char known[200];
    size_t length = strcspn(word, "=");
    for (size_t i = 0; word[length] == '=' && i < FIELDS; i++) {
        if (fields[i].shape == shape && strlen(fields[i].word) == length &&
            strncmp(fields[i].word, word, length) == 0) {
            return put_field(&fields[i], word + length + 1, structure, complaint);
        }
    }
    platen_shape_fields(shape, known, sizeof known);
    return refuse(complaint, "\"%.40s\" is no field of %s; it has %s", word, shapes[shape].name,
                  known);
}

uint32_t platen_shape_change(enum platen_shape shape, const char *const *words, size_t count,
                             void *structure, struct platen_shape_complaint *complaint)
{
    uint32_t error = 0;
    for (size_t i = 0; i < count && error == 0; i++) {
        error = put_word(shape, words[i], structure, complaint);
    }
    return error;
}

static uint32_t pack_struct(enum platen_shape shape, const char *const *words, size_t count,
                            uint8_t *to, struct platen_shape_complaint *complaint)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].shape == shape && fields[i].kind != TEXT_FIELD) {
            put_number(&fields[i], to, fields[i].preset);
        }
    }
    return platen_shape_change(shape, words, count, to, complaint);
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits < 16 ? at - digits : at - digits - 6);
}

static uint32_t pack_hex(const char *text, uint8_t *to, uint32_t *size,
                         struct platen_shape_complaint *complaint)
{
    *size = 0;
    for (const char *at = text; *at != '\0'; at++) {
        int high = hex_digit(*at);
        int low = high < 0 ? -1 : hex_digit(at[1]);
        if (*at == ' ') {
            continue;
        }
        if (low < 0) {
            return refuse(complaint, "hexadecimal digits by twos are wanted at \"%.20s\"", at);
        }
        to[(*size)++] = (uint8_t)(high << 4 | low);
        at++;
    }
    return 0;
}

static uint32_t pack_into(enum platen_shape shape, const char *const *words, size_t count,
                          uint8_t *to, uint32_t *size, struct platen_shape_complaint *complaint)
{
    uint64_t value;
    size_t units;
    if (platen_shape_is_struct(shape)) {
        *size = shapes[shape].size;
        return pack_struct(shape, words, count, to, complaint);
    }
    if (count != 1) {
        return refuse(complaint, "one word is wanted as the input, not %zu", count);
    }
    switch (shape) {
    case PLATEN_SHAPE_TEXT:
        units = platen_text_to16(words[0], SIZE_MAX, (char16_t *)(void *)to, strlen(words[0]) + 1);
        *size = (uint32_t)((units + 1) * sizeof(char16_t));
        return 0;
    case PLATEN_SHAPE_NUMBER:
        if (!read_number(words[0], 4, &value)) {
            return refuse(complaint, "a number of 4 bytes is wanted, not \"%s\"", words[0]);
        }
        put_bytes(to, 4, value);
        *size = 4;
        return 0;
    default:
        return pack_hex(words[0], to, size, complaint);
    }
}

uint32_t platen_shape_pack(enum platen_shape shape, const char *const *words, size_t count,
                           void **bytes, uint32_t *size, struct platen_shape_complaint *complaint)
{
    size_t room = shapes[shape].size + 2 * sizeof(char16_t);
    *bytes = NULL;
    *size = 0;
    complaint->text[0] = '\0';
    if (shape == PLATEN_SHAPE_NOTHING) {
        return count == 0 ? 0 : refuse(complaint, "no input is wanted");
    }
    room += count == 0 ? 0 : (strlen(words[0]) + 1) * sizeof(char16_t);
    uint8_t *made = room > UINT32_MAX ? NULL : calloc(1, room);
    if (made == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    uint32_t error = pack_into(shape, words, count, made, size, complaint);
    if (error != 0) {
        free(made);
        *size = 0;
        return error;
    }
    *bytes = made;
    return 0;
}

/* ---- from bytes to text ---------------------------------------------------------------------- */

struct page {
    char *text;
    size_t used;
    size_t room;
};

PLATEN_OS_PRINTF(2, 3)
static void put(struct page *page, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    bool fits = page->used < page->room;
    int length = vsnprintf(fits ? page->text + page->used : NULL,
                           fits ? page->room - page->used : 0, format, list);
    va_end(list);
    page->used += length < 0 ? 0 : (size_t)length;
}

/* Text that may lack its NUL, and that may stand at any address. */
static void put_text(struct page *page, const uint8_t *from, size_t bytes)
{
    char raw[3 * MAX_NETWORKNAME2_LEN + 1];
    char shown[4 * sizeof raw];
    char16_t units[MAX_NETWORKNAME2_LEN];
    while (bytes >= sizeof *units) {
        size_t piece = bytes < sizeof units ? bytes : sizeof units;
        memcpy(units, from, piece);
        size_t length = platen_text_length16(units, piece / sizeof *units);
        platen_text_to8(units, length, raw, sizeof raw);
        platen_text_printable(raw, strlen(raw), shown, sizeof shown);
        put(page, "%s", shown);
        if (length < piece / sizeof *units) {
            return;
        }
        from += piece;
        bytes -= piece;
    }
}

static void put_value(struct page *page, const struct field *field, const uint8_t *from)
{
    uint64_t value = get_number(field, from);
    const char *word = word_of(field->kind, value);
    if (word != NULL) {
        put(page, "%s", word);
    } else {
        put(page, "%" PRIu64, value);
    }
}

static void put_struct(struct page *page, enum platen_shape shape, const uint8_t *from)
{
    for (size_t i = 0; i < FIELDS; i++) {
        const struct field *field = &fields[i];
        if (field->shape != shape) {
            continue;
        }
        put(page, "%s%s=", page->used == 0 ? "" : "\n", field->word);
        if (field->kind == TEXT_FIELD) {
            put_text(page, from + field->offset, field->size);
        } else {
            put_value(page, field, from);
        }
    }
}

static void put_hex(struct page *page, const uint8_t *from, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        const char *between = i == 0 ? "" : i % 16 == 0 ? "\n" : " ";
        put(page, "%s%02x", between, from[i]);
    }
}

static void put_all(struct page *page, enum platen_shape shape, const uint8_t *bytes, uint32_t size)
{
    if (shape == PLATEN_SHAPE_TEXT && size % sizeof(char16_t) == 0) {
        put_text(page, bytes, size);
    } else if (shape == PLATEN_SHAPE_NUMBER && size == 4) {
        put(page, "%" PRIu64, get_bytes(bytes, 4));
    } else if (platen_shape_is_struct(shape) && size >= shapes[shape].size) {
        put_struct(page, shape, bytes);
    } else {
        put_hex(page, bytes, size);
    }
}

char *platen_shape_text(enum platen_shape shape, const void *bytes, uint32_t size)
{
    struct page page = {.text = NULL};
    put_all(&page, shape, bytes, size);
    page.room = page.used + 1;
    page.used = 0;
    page.text = calloc(1, page.room);
    if (page.text != NULL) {
        put_all(&page, shape, bytes, size);
    }
    return page.text;
}
