/* SPDX-License-Identifier: MIT
 *
 * What stands after "=" in a .reg file.
 */
#include "registry/regfile.h"

#include <stdlib.h>
#include <string.h>

static int digit_of(char16_t unit)
{
    static const char digits[] = "0123456789abcdef";
    char16_t small = unit >= u'A' && unit <= u'F' ? (char16_t)(unit - u'A' + u'a') : unit;
    const char *at = small > 0 && small < 0x80 ? strchr(digits, (char)small) : NULL;
    return at == NULL ? -1 : (int)(at - digits);
}

/* At most `most` digits; false if there is none, or one more. */
static bool read_hex_number(struct regfile *file, unsigned most, uint32_t *number)
{
    unsigned count = 0;
    size_t start = file->at;
    for (*number = 0; digit_of(regfile_peek(file)) >= 0; count++) {
        *number = *number << 4 | (uint32_t)digit_of(regfile_peek(file));
        file->at++;
    }
    if (count == 0 || count > most) {
        file->at = start;
        return false;
    }
    return true;
}

static uint32_t read_dword(struct regfile *file, struct edit *edit)
{
    uint32_t number;
    if (!read_hex_number(file, 8, &number)) {
        return regfile_expected(file, "1 to 8 hexadecimal digits");
    }
    edit->type = REG_DWORD;
    edit->data = malloc(4);
    if (edit->data == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    for (; edit->size < 4; number >>= 8) {
        edit->data[edit->size++] = (unsigned char)number;
    }
    return 0;
}

/* Units as the bytes of UTF-16LE, in place of what the edit held. */
static uint32_t keep_units(struct edit *edit, const char16_t *units, size_t count)
{
    unsigned char *bytes = malloc(count * 2 + 1);
    if (bytes == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        bytes[2 * i] = (unsigned char)units[i];
        bytes[2 * i + 1] = (unsigned char)(units[i] >> 8);
    }
    free(edit->data);
    edit->data = bytes;
    edit->size = (uint32_t)(count * 2);
    return 0;
}

/* Everything may stand in quotes but a NUL, line breaks too: regedit writes them so. */
static uint32_t read_string(struct regfile *file, struct edit *edit)
{
    char16_t *text;
    size_t length;
    uint32_t error = regfile_quoted(file, &text, &length);
    edit->type = REG_SZ;
    if (error == 0) {
        error = keep_units(edit, text, length + 1);
    }
    free(text);
    return error;
}

/* A "\" at the end of a line carries hex data over to the next. */
static uint32_t skip_continuation(struct regfile *file)
{
    regfile_skip_blanks(file);
    while (regfile_peek(file) == u'\\') {
        file->at++;
        regfile_skip_blanks(file);
        if (!regfile_at_line_end(file)) {
            return regfile_expected(file, "the end of the line after \\");
        }
        regfile_skip_line_break(file);
        regfile_skip_blanks(file);
    }
    return 0;
}

static bool add_byte(struct edit *edit, size_t *room, unsigned char byte)
{
    if (edit->size == *room) {
        unsigned char *more = realloc(edit->data, *room * 2);
        if (more == NULL) {
            return false;
        }
        edit->data = more;
        *room *= 2;
    }
    edit->data[edit->size++] = byte;
    return true;
}

/* "01,02,\" line break "  03"; nothing at all is no bytes. */
static uint32_t read_bytes(struct regfile *file, struct edit *edit)
{
    size_t room = 16;
    uint32_t byte;
    uint32_t error = skip_continuation(file);
    edit->size = 0;
    edit->data = malloc(room);
    if (edit->data == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    if (error != 0 || regfile_at_line_end(file) || regfile_peek(file) == u';') {
        return error;
    }
    for (;;) {
        if (!read_hex_number(file, 2, &byte)) {
            return regfile_expected(file, "a byte of 1 or 2 hexadecimal digits");
        }
        if (!add_byte(edit, &room, (unsigned char)byte)) {
            return PLATEN_NOT_ENOUGH_MEMORY;
        }
        regfile_skip_blanks(file);
        if (regfile_peek(file) != u',') {
            return 0;
        }
        file->at++;
        error = skip_continuation(file);
        if (error != 0) {
            return error;
        }
    }
}

/* In REGEDIT4 the bytes of text are characters of a code page that the file does not name. */
static uint32_t widen(struct regfile *file, size_t at, struct edit *edit)
{
    char16_t *units = malloc((edit->size + 1) * sizeof *units);
    uint32_t error = units == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;
    for (uint32_t i = 0; i < edit->size && error == 0; i++) {
        units[i] = edit->data[i];
        if (edit->data[i] >= 0x80) {
            error = regfile_complain(file, at,
                                     "the byte 0x%02x is no ASCII, and REGEDIT4 does not say which "
                                     "code page it is in; export the file as version 5",
                                     edit->data[i]);
        }
    }
    if (error == 0) {
        error = keep_units(edit, units, edit->size);
    }
    free(units);
    return error;
}

static uint32_t read_hex_of_type(struct regfile *file, struct edit *edit)
{
    if (!read_hex_number(file, 8, &edit->type)) {
        return regfile_expected(file, "a type of 1 to 8 hexadecimal digits");
    }
    if (!regfile_word(file, "):")) {
        return regfile_expected(file, "): after the type");
    }
    size_t start = file->at;
    uint32_t error = read_bytes(file, edit);
    bool text = edit->type == REG_SZ || edit->type == REG_EXPAND_SZ || edit->type == REG_MULTI_SZ;
    return error == 0 && file->version4 && text ? widen(file, start, edit) : error;
}

static uint32_t read_binary(struct regfile *file, struct edit *edit)
{
    edit->type = REG_BINARY;
    return read_bytes(file, edit);
}

static uint32_t read_deletion(struct regfile *file, struct edit *edit)
{
    (void)file;
    edit->kind = EDIT_DELETE_VALUE;
    return 0;
}

uint32_t regfile_data(struct regfile *file, struct edit *edit)
{
    static const struct {
        const char *word;
        uint32_t (*read)(struct regfile *file, struct edit *edit);
    } forms[] = {
        {"dword:", read_dword},
        {"hex:", read_binary},
        {"hex(", read_hex_of_type},
        {"-", read_deletion},
    };
    if (regfile_peek(file) == u'"') {
        return read_string(file, edit);
    }
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (regfile_word(file, forms[i].word)) {
            return forms[i].read(file, edit);
        }
    }
    return regfile_expected(file, "\"text\", dword:, hex:, hex(type): or -");
}
