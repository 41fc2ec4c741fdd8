/* SPDX-License-Identifier: MIT
 *
 * PE: exports, imports at load time and at the first call, and which of Wine's functions are stubs.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "inspect/reader.h"

#define SECTION 40u

enum directory { EXPORTS, IMPORTS, DELAYED = 13, MANAGED = 14 };

/* What image->room holds. */
struct pe {
    uint64_t optional; /* offset of the optional header */
    uint64_t sections;
    uint32_t section_count;
    uint32_t directories;
    bool wide; /* PE32+ */
    uint64_t base;
};

static const struct pe *pe_of(const struct platen_image *image)
{
    return image->room;
}

uint64_t image_pe_offset(const struct platen_image *image, uint64_t address)
{
    const struct pe *pe = pe_of(image);
    for (uint32_t i = 0; i < pe->section_count; i++) {
        uint64_t at = pe->sections + (uint64_t)i * SECTION;
        uint64_t begin = image_number(image, at + 12, 4);
        uint64_t size = image_number(image, at + 16, 4);
        if (address >= begin && address - begin < size) {
            uint64_t offset = image_number(image, at + 20, 4) + (address - begin);
            return offset < image->size ? offset : UINT64_MAX;
        }
    }
    return UINT64_MAX;
}

static const char *text_at(const struct platen_image *image, uint64_t address)
{
    uint64_t offset = address == 0 ? UINT64_MAX : image_pe_offset(image, address);
    return offset == UINT64_MAX ? NULL : image_text(image, offset);
}

/* The place in the file of a directory and its address; false if it has none. */
static bool find_directory(const struct platen_image *image, enum directory which, uint64_t *offset,
                           uint64_t *address, uint64_t *size)
{
    const struct pe *pe = pe_of(image);
    uint64_t at = pe->optional + (pe->wide ? 112 : 96) + (uint64_t)which * 8;
    *address = (uint32_t)which < pe->directories ? image_number(image, at, 4) : 0;
    *size = image_number(image, at + 4, 4);
    *offset = *address == 0 ? UINT64_MAX : image_pe_offset(image, *address);
    return *offset != UINT64_MAX;
}

/* ---- exports --------------------------------------------------------------------------------- */

static bool add_export(struct platen_image *image, const char *name, uint64_t at,
                       const char *forward)
{
    void *exports = image->exports;
    struct platen_image_export *made = image_append(&exports, &image->export_count, sizeof *made);
    image->exports = exports;
    if (made != NULL) {
        *made = (struct platen_image_export){.name = name, .at = at, .forward = forward};
    }
    return made != NULL;
}

static uint32_t take_exports(struct platen_image *image)
{
    uint64_t at;
    uint64_t begin;
    uint64_t size;
    if (!find_directory(image, EXPORTS, &at, &begin, &size)) {
        return 0;
    }
    uint64_t count = image_number(image, at + 24, 4);
    uint64_t functions = image_pe_offset(image, image_number(image, at + 28, 4));
    uint64_t names = image_pe_offset(image, image_number(image, at + 32, 4));
    uint64_t numbers = image_pe_offset(image, image_number(image, at + 36, 4));
    if (functions == UINT64_MAX || names == UINT64_MAX || numbers == UINT64_MAX) {
        return 0;
    }
    for (uint64_t i = 0; i < count && i < MOST_NAMES && image_holds(image, names + i * 4, 4); i++) {
        const char *name = text_at(image, image_number(image, names + i * 4, 4));
        uint64_t number = image_number(image, numbers + i * 2, 2);
        uint64_t function = image_number(image, functions + number * 4, 4);
        bool forwarded = function >= begin && function - begin < size;
        if (name != NULL &&
            !add_export(image, name, function, forwarded ? text_at(image, function) : NULL)) {
            return PLATEN_NOT_ENOUGH_MEMORY;
        }
    }
    return 0;
}

/* ---- imports --------------------------------------------------------------------------------- */

static uint32_t take_function(struct platen_image *image, uint64_t entry, bool optional)
{
    const struct pe *pe = pe_of(image);
    bool by_number = (entry >> (pe->wide ? 63 : 31)) != 0;
    void *imports = image->imports;
    if (image->import_count >= MOST_NAMES) {
        return 0;
    }
    struct platen_image_import *made = image_append(&imports, &image->import_count, sizeof *made);
    image->imports = imports;
    if (made == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    *made = (struct platen_image_import){
        .name = by_number ? NULL : text_at(image, (entry & 0x7fffffff) + 2),
        .ordinal = by_number ? (uint32_t)entry & 0xffff : 0,
        .library = image->library_count - 1,
        .optional = optional,
    };
    return 0;
}

static uint32_t take_library(struct platen_image *image, uint64_t name, uint64_t table,
                             bool optional)
{
    unsigned word = pe_of(image)->wide ? 8 : 4;
    uint64_t at = image_pe_offset(image, table);
    const char *text = text_at(image, name);
    void *libraries = image->libraries;
    uint32_t error = 0;
    if (text == NULL || image->library_count >= MOST_NAMES) {
        return 0;
    }
    struct platen_image_library *made =
        image_append(&libraries, &image->library_count, sizeof *made);
    image->libraries = libraries;
    if (made == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    made->name = text;
    for (; at != UINT64_MAX && error == 0 && image_number(image, at, word) != 0; at += word) {
        error = take_function(image, image_number(image, at, word), optional);
    }
    return error;
}

/* Descriptors of 20 or 32 bytes, up to one without a name. */
static uint32_t take_libraries(struct platen_image *image, bool delayed)
{
    uint64_t base = pe_of(image)->base;
    uint64_t at;
    uint64_t address;
    uint64_t size;
    uint32_t error = 0;
    if (!find_directory(image, delayed ? DELAYED : IMPORTS, &at, &address, &size)) {
        return 0;
    }
    unsigned step = delayed ? 32 : 20;
    for (; error == 0 && image_holds(image, at, step); at += step) {
        uint64_t name = image_number(image, at + (delayed ? 4 : 12), 4);
        uint64_t table = image_number(image, at + (delayed ? 16 : 0), 4);
        uint64_t bound = image_number(image, at + 16, 4);
        if (name == 0) {
            break;
        }
        if (delayed && (image_number(image, at, 4) & 1) == 0) { /* an old linker's: no offsets */
            name -= base;
            table -= base;
        }
        error = take_library(image, name, delayed || table != 0 ? table : bound, delayed);
    }
    return error;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static const char *machine_name(uint32_t code)
{
    static const struct {
        uint32_t code;
        const char *name;
    } names[] = {
        {0x14c, "i386"}, {0x8664, "x86-64"}, {0xaa64, "aarch64"}, {0x1c4, "arm"}, {0x200, "ia64"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].code == code) {
            return names[i].name;
        }
    }
    return "another machine";
}

static bool take_headers(struct platen_image *image, struct pe *pe)
{
    uint64_t at = image_number(image, 0x3c, 4);
    if (image->size < 0x40 || !image_holds(image, at, 24) ||
        memcmp(image->data + at, "PE\0\0", 4) != 0) {
        return false;
    }
    uint64_t optional_size = image_number(image, at + 20, 2);
    uint64_t magic = image_number(image, at + 24, 2);
    pe->optional = at + 24;
    pe->wide = magic == 0x20b;
    pe->sections = pe->optional + optional_size;
    pe->section_count = (uint32_t)image_number(image, at + 6, 2);
    pe->directories = (uint32_t)image_number(image, pe->optional + (pe->wide ? 108 : 92), 4);
    pe->base = image_number(image, pe->optional + (pe->wide ? 24 : 28), pe->wide ? 8 : 4);
    image->machine_code = (uint32_t)image_number(image, at + 4, 2);
    image->machine = machine_name(image->machine_code);
    image->bits = pe->wide ? 64 : 32;
    image->library = (image_number(image, at + 22, 2) & 0x2000) != 0;
    image->entry = image_number(image, pe->optional + 16, 4) != 0;
    return (magic == 0x10b || magic == 0x20b) && optional_size >= (pe->wide ? 112u : 96u) &&
           image_holds(image, pe->sections, (uint64_t)pe->section_count * SECTION);
}

uint32_t image_read_pe(struct platen_image *image, const char **reason)
{
    static const char wine[] = "Wine builtin DLL";
    struct pe *pe = calloc(1, sizeof *pe);
    uint64_t at;
    uint64_t address;
    uint64_t size;

    image->format = PLATEN_IMAGE_PE;
    image->room = pe;
    if (pe == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    if (!take_headers(image, pe)) {
        *reason = "it begins as a DOS program, but there is no whole PE header in it";
        return PLATEN_BAD_EXE_FORMAT;
    }
    image->builtin = image_holds(image, 0x40, sizeof wine - 1) &&
                     memcmp(image->data + 0x40, wine, sizeof wine - 1) == 0;
    image->managed = find_directory(image, MANAGED, &at, &address, &size);
    uint32_t error = take_exports(image);
    if (error == 0) {
        error = take_libraries(image, false);
    }
    return error != 0 ? error : take_libraries(image, true);
}

/* ---- Wine's stubs ---------------------------------------------------------------------------- */

/* The text that an instruction loads the address of: lea with a distance (64 bits), push of an
 * address (32 bits). */
static const char *loaded_text(const struct platen_image *image, uint64_t address, uint64_t offset)
{
    const struct pe *pe = pe_of(image);
    if (pe->wide) {
        uint32_t distance = (uint32_t)image_number(image, offset + 3, 4);
        return image_number(image, offset, 2) == 0x8d48
                   ? text_at(image, (uint32_t)(address + 7 + distance))
                   : NULL;
    }
    return image_number(image, offset, 1) == 0x68
               ? text_at(image, image_number(image, offset + 1, 4) - pe->base)
               : NULL;
}

/* A stub loads its own name and its DLL's and hands them to a function that ends the process. */
bool image_pe_is_stub(const struct platen_image *image, const struct platen_image_export *function)
{
    uint64_t begin = function->forward != NULL ? UINT64_MAX : image_pe_offset(image, function->at);
    if (!image->builtin || begin == UINT64_MAX) {
        return false;
    }
    for (uint64_t i = 0; i < 20; i++) {
        const char *text = loaded_text(image, function->at + i, begin + i);
        if (text != NULL && strcmp(text, function->name) == 0) {
            return true;
        }
    }
    return false;
}
