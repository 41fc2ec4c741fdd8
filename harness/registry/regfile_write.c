/* SPDX-License-Identifier: MIT
 *
 * Writes the tree as regedit exports it: version 5, UTF-16LE with its mark, CR LF, every key with
 * its full path, hex data folded at 80 columns.
 */
#include "registry/regfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/file.h"

#define FOLD_COLUMN 77 /* from here on "\" ends the line: 80 columns with the last "xx," */

/* The text so far. Once error is set, nothing is added. */
struct page {
    unsigned char *bytes;
    size_t used;
    size_t room;
    size_t column;
    uint32_t error;
};

static bool make_room(struct page *page, size_t more)
{
    size_t room = page->room == 0 ? 4096 : page->room;
    if (page->error == 0 && more > REGFILE_LIMIT - page->used) {
        page->error = PLATEN_FILE_TOO_LARGE; /* what is written must be readable */
    }
    if (page->error != 0) {
        return false;
    }
    while (room - page->used < more) {
        room *= 2;
    }
    unsigned char *bytes = room == page->room ? page->bytes : realloc(page->bytes, room);
    if (bytes == NULL) {
        page->error = PLATEN_NOT_ENOUGH_MEMORY;
        return false;
    }
    page->bytes = bytes;
    page->room = room;
    return true;
}

static void put_units(struct page *page, const char16_t *units, size_t count)
{
    if (!make_room(page, count * 2)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        page->bytes[page->used++] = (unsigned char)units[i];
        page->bytes[page->used++] = (unsigned char)(units[i] >> 8);
    }
    page->column += count;
}

static void put(struct page *page, const char16_t *text)
{
    put_units(page, text, platen_text_length16(text, SIZE_MAX));
}

static void end_line(struct page *page)
{
    put(page, u"\r\n");
    page->column = 0;
}

static void put_hex(struct page *page, uint32_t number, unsigned digits)
{
    char16_t text[8];
    for (unsigned i = 0; i < digits; i++) {
        text[i] = (char16_t)u"0123456789abcdef"[number >> (4 * (digits - 1 - i)) & 15];
    }
    put_units(page, text, digits);
}

static void put_quoted(struct page *page, const char16_t *text)
{
    put(page, u"\"");
    while (*text != 0) {
        size_t plain = 0;
        while (text[plain] != 0 && text[plain] != u'"' && text[plain] != u'\\') {
            plain++;
        }
        put_units(page, text, plain);
        text += plain;
        if (*text != 0) {
            put(page, u"\\");
            put_units(page, text++, 1);
        }
    }
    put(page, u"\"");
}

/* ---- values ---------------------------------------------------------------------------------- */

static char16_t unit_at(const struct reg_value *value, size_t i)
{
    return (char16_t)(value->data[2 * i] | value->data[2 * i + 1] << 8);
}

/* Would the text come back as it is? It ends in its only NUL, and has no line break: an editor
 * might change those. */
static bool is_plain_text(const struct reg_value *value)
{
    uint32_t count = value->size / 2;
    if (value->type != REG_SZ || value->size % 2 != 0 || count == 0) {
        return false;
    }
    for (uint32_t i = 0; i < count - 1; i++) {
        char16_t unit = unit_at(value, i);
        if (unit == 0 || unit == u'\r' || unit == u'\n') {
            return false;
        }
    }
    return unit_at(value, count - 1) == 0;
}

static void put_text(struct page *page, const struct reg_value *value)
{
    char16_t *text = malloc(value->size);
    if (text == NULL) {
        page->error = PLATEN_NOT_ENOUGH_MEMORY;
        return;
    }
    for (uint32_t i = 0; i < value->size / 2; i++) {
        text[i] = unit_at(value, i);
    }
    put_quoted(page, text);
    free(text);
}

static unsigned digits_of(uint32_t number)
{
    unsigned digits = 1;
    while (number >>= 4) {
        digits++;
    }
    return digits;
}

static void put_bytes(struct page *page, const struct reg_value *value)
{
    put(page, u"hex");
    if (value->type != REG_BINARY) {
        put(page, u"(");
        put_hex(page, value->type, digits_of(value->type));
        put(page, u")");
    }
    put(page, u":");
    for (uint32_t i = 0; i < value->size && page->error == 0; i++) {
        put_hex(page, value->data[i], 2);
        if (i + 1 == value->size) {
            break;
        }
        put(page, u",");
        if (page->column >= FOLD_COLUMN) {
            put(page, u"\\");
            end_line(page);
            put(page, u"  ");
        }
    }
}

static void put_value(struct page *page, const struct reg_value *value)
{
    if (value->named.name[0] == 0) {
        put(page, u"@");
    } else {
        put_quoted(page, value->named.name);
    }
    put(page, u"=");
    if (is_plain_text(value)) {
        put_text(page, value);
    } else if (value->type == REG_DWORD && value->size == 4) {
        put(page, u"dword:");
        put_hex(page, (uint32_t)unit_at(value, 1) << 16 | unit_at(value, 0), 8);
    } else {
        put_bytes(page, value);
    }
    end_line(page);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void put_path(struct page *page, const struct reg_key *key)
{
    const struct reg_key *way[REGISTRY_MAX_DEPTH];
    size_t parts = 0;
    for (; key->parent != NULL; key = key->parent) {
        way[parts++] = key;
    }
    while (parts-- > 0) {
        put(page, way[parts]->named.name);
        put(page, parts > 0 ? u"\\" : u"");
    }
}

static void put_key(struct page *page, const struct reg_key *key)
{
    end_line(page);
    put(page, u"[");
    put_path(page, key);
    put(page, u"]");
    end_line(page);
    for (uint32_t i = 0; i < key->values.count && page->error == 0; i++) {
        put_value(page, (const struct reg_value *)key->values.items[i]);
    }
}

/* The key that comes after `key`: its first subkey, or the next one of the nearest ancestor that
 * has a next one. NULL after the last. */
static const struct reg_key *next_key(const struct reg_key *key)
{
    if (key->subkeys.count > 0) {
        return (const struct reg_key *)key->subkeys.items[0];
    }
    while (key->parent != NULL) {
        const struct names *siblings = &key->parent->subkeys;
        if (key->named.index + 1 < siblings->count) {
            return (const struct reg_key *)siblings->items[key->named.index + 1];
        }
        key = key->parent;
    }
    return NULL;
}

static void put_tree(struct page *page, const struct reg_key *top)
{
    put(page, u"\xfeff" REGFILE_VERSION);
    end_line(page);
    for (const struct reg_key *key = next_key(top); key != NULL && page->error == 0;
         key = next_key(key)) {
        put_key(page, key);
    }
    end_line(page);
}

uint32_t platen_registry_save(platen_registry *registry, const char *path)
{
    struct page page = {0};

    /* What changes while the file is written is a change after the saving. */
    platen_os_mutex_lock(&registry->lock);
    bool changed = registry->changed;
    put_tree(&page, &registry->top);
    registry->changed = changed && page.error != 0;
    platen_os_mutex_unlock(&registry->lock);

    uint32_t error = page.error;
    if (error == 0) {
        error = platen_os_file_replace(path, page.bytes, page.used);
    }
    if (error != 0) {
        platen_os_mutex_lock(&registry->lock);
        registry->changed = registry->changed || changed;
        platen_os_mutex_unlock(&registry->lock);
    }
    free(page.bytes);
    return error;
}
