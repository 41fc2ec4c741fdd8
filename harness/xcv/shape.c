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
#undef IN

enum field_kind { TEXT_FIELD, NUMBER_FIELD, PROTOCOL_FIELD };

struct field {
    enum platen_shape shape;
    const char *word;
    size_t offset;
    size_t size;
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

size_t platen_shape_fields(enum platen_shape shape, char *to, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        const struct field *field = &fields[i];
        if (field->shape == shape) {
            char *at = used < size ? to + used : NULL;
            size_t room = used < size ? size - used : 0;
            bool text = field->kind == TEXT_FIELD;
            used += (size_t)snprintf(at, room, text ? "%s%s=" : "%s%s=%" PRIu64,
                                     used == 0 ? "" : ", ", field->word, field->preset);
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

static void put_number(uint8_t *to, size_t bytes, uint64_t value)
{
    for (size_t i = 0; i < bytes; i++) {
        to[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint64_t get_number(const uint8_t *from, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = bytes; i > 0; i--) {
        value = value << 8 | from[i - 1];
    }
    return value;
}

static const char *const protocols[] = {"0", "raw", "lpr"};

static bool read_protocol(const char *text, size_t bytes, uint64_t *value)
{
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        if (strcmp(text, protocols[i]) == 0) {
            *value = i;
            return true;
        }
    }
    return read_number(text, bytes, value);
}

static uint32_t put_field(const struct field *field, const char *text, uint8_t *structure,
                          struct platen_shape_complaint *complaint)
{
    uint8_t *to = structure + field->offset;
    uint64_t value;
    if (field->kind == TEXT_FIELD) {
        char16_t units[MAX_NETWORKNAME2_LEN] = {0};
        size_t room = field->size / sizeof *units;
        if (platen_text_to16(text, SIZE_MAX, units, room) >= room) {
            return refuse(complaint, "%s has more than %zu characters", field->word, room - 1);
        }
        memcpy(to, units, field->size);
        return 0;
    }
    bool good = field->kind == PROTOCOL_FIELD ? read_protocol(text, field->size, &value)
                                              : read_number(text, field->size, &value);
    if (!good) {
        return refuse(complaint, "%s wants a number of %zu bytes%s, not \"%s\"", field->word,
                      field->size, field->kind == PROTOCOL_FIELD ? ", raw or lpr" : "", text);
    }
    put_number(to, field->size, value);
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

static uint32_t pack_struct(enum platen_shape shape, const char *const *words, size_t count,
                            uint8_t *to, struct platen_shape_complaint *complaint)
{
    uint32_t error = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].shape == shape && fields[i].kind != TEXT_FIELD) {
            put_number(to + fields[i].offset, fields[i].size, fields[i].preset);
        }
    }
    for (size_t i = 0; i < count && error == 0; i++) {
        error = put_word(shape, words[i], to, complaint);
    }
    return error;
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
        put_number(to, 4, value);
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

static void put_struct(struct page *page, enum platen_shape shape, const uint8_t *from)
{
    for (size_t i = 0; i < FIELDS; i++) {
        const struct field *field = &fields[i];
        if (field->shape != shape) {
            continue;
        }
        uint64_t value =
            field->kind == TEXT_FIELD ? 0 : get_number(from + field->offset, field->size);
        put(page, "%s%s=", page->used == 0 ? "" : "\n", field->word);
        if (field->kind == TEXT_FIELD) {
            put_text(page, from + field->offset, field->size);
        } else if (field->kind == PROTOCOL_FIELD && value < sizeof protocols / sizeof *protocols) {
            put(page, "%s", protocols[value]);
        } else {
            put(page, "%" PRIu64, value);
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
        put(page, "%" PRIu64, get_number(bytes, 4));
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
