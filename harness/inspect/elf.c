/* SPDX-License-Identifier: MIT
 *
 * ELF: what the dynamic section says, found through the program headers as the loader does.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "inspect/reader.h"

/* The two word sizes differ in widths and places alone. */
struct layout {
    unsigned word;
    unsigned phoff, phentsize, phnum;                           /* in the file's header */
    unsigned p_offset, p_vaddr, p_filesz;                       /* in a program header */
    unsigned symbol_size, st_value, st_info, st_shndx, st_name; /* in a symbol */
};

static const struct layout layouts[] = {
    {.word = 4,
     .phoff = 28,
     .phentsize = 42,
     .phnum = 44,
     .p_offset = 4,
     .p_vaddr = 8,
     .p_filesz = 16,
     .symbol_size = 16,
     .st_value = 4,
     .st_info = 12,
     .st_shndx = 14},
    {.word = 8,
     .phoff = 32,
     .phentsize = 54,
     .phnum = 56,
     .p_offset = 8,
     .p_vaddr = 16,
     .p_filesz = 32,
     .symbol_size = 24,
     .st_value = 8,
     .st_info = 4,
     .st_shndx = 6},
};

#define PT_LOAD    1
#define PT_DYNAMIC 2

enum tag {
    DT_NEEDED = 1,
    DT_HASH = 4,
    DT_STRTAB = 5,
    DT_SYMTAB = 6,
    DT_RPATH = 15,
    DT_RUNPATH = 29
};
#define DT_GNU_HASH 0x6ffffef5u

struct elf {
    struct platen_image *image;
    const struct layout *layout;
    uint64_t strings; /* offsets in the file; 0: not there */
    uint64_t symbols;
    uint64_t hash;
    uint64_t gnu_hash;
    uint64_t run_path; /* offset in `strings`, + 1 */
};

static uint64_t word_at(const struct elf *elf, uint64_t offset)
{
    return image_number(elf->image, offset, elf->layout->word);
}

static uint64_t header_at(const struct elf *elf, unsigned index)
{
    const struct platen_image *image = elf->image;
    uint64_t size = image_number(image, elf->layout->phentsize, 2);
    uint64_t base = word_at(elf, elf->layout->phoff);
    uint64_t count = image_number(image, elf->layout->phnum, 2);
    uint64_t least = elf->layout->word == 8 ? 56 : 32;
    bool there = index < count && size >= least && image_holds(image, base, count * size);
    return there ? base + index * size : UINT64_MAX;
}

/* Where an address lies in the file; 0: nowhere. */
static uint64_t offset_of(const struct elf *elf, uint64_t address)
{
    uint64_t header;
    for (unsigned i = 0; (header = header_at(elf, i)) != UINT64_MAX; i++) {
        uint64_t begin = word_at(elf, header + elf->layout->p_vaddr);
        uint64_t size = word_at(elf, header + elf->layout->p_filesz);
        if (image_number(elf->image, header, 4) == PT_LOAD && address >= begin &&
            address - begin < size) {
            uint64_t offset = word_at(elf, header + elf->layout->p_offset) + (address - begin);
            return offset < elf->image->size ? offset : 0;
        }
    }
    return 0;
}

static const char *text_at(const struct elf *elf, uint64_t offset)
{
    return elf->strings == 0 || offset > elf->image->size
               ? NULL
               : image_text(elf->image, elf->strings + offset);
}

static void take_entry(struct elf *elf, uint64_t tag, uint64_t value)
{
    switch (tag) {
    case DT_STRTAB:
        elf->strings = offset_of(elf, value);
        break;
    case DT_SYMTAB:
        elf->symbols = offset_of(elf, value);
        break;
    case DT_HASH:
        elf->hash = offset_of(elf, value);
        break;
    case DT_GNU_HASH:
        elf->gnu_hash = offset_of(elf, value);
        break;
    case DT_RPATH:
    case DT_RUNPATH:
        elf->run_path = value + 1;
        break;
    default:
        break;
    }
}

/* Calls `take` for each entry of the dynamic section; false if there is none. */
static bool walk_dynamic(struct elf *elf, void (*take)(struct elf *, uint64_t, uint64_t))
{
    unsigned word = elf->layout->word;
    uint64_t header;
    for (unsigned i = 0; (header = header_at(elf, i)) != UINT64_MAX; i++) {
        if (image_number(elf->image, header, 4) != PT_DYNAMIC) {
            continue;
        }
        uint64_t at = word_at(elf, header + elf->layout->p_offset);
        uint64_t size = word_at(elf, header + elf->layout->p_filesz);
        size = image_holds(elf->image, at, size) ? size : 0;
        for (uint64_t k = 0; k + 2 * word <= size && word_at(elf, at + k) != 0; k += 2 * word) {
            take(elf, word_at(elf, at + k), word_at(elf, at + k + word));
        }
        return true;
    }
    return false;
}

static void take_needed(struct elf *elf, uint64_t tag, uint64_t value)
{
    struct platen_image *image = elf->image;
    const char *name = tag == DT_NEEDED ? text_at(elf, value) : NULL;
    void *libraries = image->libraries;
    if (name == NULL || image->library_count >= MOST_NAMES) {
        return;
    }
    struct platen_image_library *made =
        image_append(&libraries, &image->library_count, sizeof *made);
    image->libraries = libraries;
    if (made != NULL) {
        made->name = name;
    }
}

/* The highest number that a chain of the hash table ends at, and one more. */
static uint64_t count_by_gnu_hash(const struct elf *elf)
{
    const struct platen_image *image = elf->image;
    uint64_t buckets = image_number(image, elf->gnu_hash, 4);
    uint64_t first = image_number(image, elf->gnu_hash + 4, 4);
    uint64_t bloom = image_number(image, elf->gnu_hash + 8, 4);
    uint64_t at = elf->gnu_hash + 16 + bloom * elf->layout->word;
    uint64_t chains = at + buckets * 4;
    uint64_t last = 0;
    if (!image_holds(image, at, buckets * 4)) {
        return 0;
    }
    for (uint64_t i = 0; i < buckets; i++) {
        uint64_t head = image_number(image, at + i * 4, 4);
        last = head > last ? head : last;
    }
    if (last < first) {
        return first; /* nothing is exported: what comes before is imported */
    }
    while (image_holds(image, chains + (last - first) * 4, 4) &&
           (image_number(image, chains + (last - first) * 4, 4) & 1) == 0) {
        last++;
    }
    return last + 1;
}

static uint64_t symbol_count(const struct elf *elf)
{
    uint64_t count = elf->hash != 0       ? image_number(elf->image, elf->hash + 4, 4)
                     : elf->gnu_hash != 0 ? count_by_gnu_hash(elf)
                                          : 0;
    return count < MOST_NAMES ? count : MOST_NAMES;
}

static bool take_symbol(struct elf *elf, uint64_t at)
{
    struct platen_image *image = elf->image;
    const struct layout *layout = elf->layout;
    const char *name = text_at(elf, image_number(image, at + layout->st_name, 4));
    unsigned binding = (unsigned)image_number(image, at + layout->st_info, 1) >> 4;
    bool weak = binding == 2;
    if (name == NULL || *name == '\0' || binding == 0) {
        return true;
    }
    if (image_number(image, at + layout->st_shndx, 2) != 0) {
        void *exports = image->exports;
        struct platen_image_export *made =
            image_append(&exports, &image->export_count, sizeof *made);
        image->exports = exports;
        if (made == NULL) {
            return false;
        }
        *made =
            (struct platen_image_export){.name = name, .at = word_at(elf, at + layout->st_value)};
        return true;
    }
    void *imports = image->imports;
    struct platen_image_import *made = image_append(&imports, &image->import_count, sizeof *made);
    image->imports = imports;
    if (made == NULL) {
        return false;
    }
    *made = (struct platen_image_import){.name = name, .library = SIZE_MAX, .optional = weak};
    return true;
}

static uint32_t take_symbols(struct elf *elf)
{
    uint64_t count = elf->symbols == 0 ? 0 : symbol_count(elf);
    for (uint64_t i = 1; i < count; i++) {
        uint64_t at = elf->symbols + i * elf->layout->symbol_size;
        if (!image_holds(elf->image, at, elf->layout->symbol_size)) {
            return 0; /* the rest is not there */
        }
        if (!take_symbol(elf, at)) {
            return PLATEN_NOT_ENOUGH_MEMORY;
        }
    }
    return 0;
}

static const char *machine_name(uint32_t code)
{
    static const struct {
        uint32_t code;
        const char *name;
    } names[] = {{3, "i386"},    {62, "x86-64"}, {183, "aarch64"}, {40, "arm"},
                 {243, "riscv"}, {21, "ppc64"},  {22, "s390x"},    {8, "mips"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].code == code) {
            return names[i].name;
        }
    }
    return "another machine";
}

uint32_t image_read_elf(struct platen_image *image, const char **reason)
{
    unsigned class = (unsigned)image_number(image, 4, 1);
    struct elf elf = {.image = image};

    image->format = PLATEN_IMAGE_ELF;
    if ((class != 1 && class != 2) || image->size < 52) {
        *reason = "an ELF file that is damaged or cut off: its header is not whole";
        return PLATEN_BAD_EXE_FORMAT;
    }
    if (image_number(image, 5, 1) != 1) {
        *reason = "an ELF file for a machine that is big-endian";
        return PLATEN_BAD_EXE_FORMAT;
    }
    elf.layout = &layouts[class - 1];
    image->bits = class * 32;
    image->machine_code = (uint32_t)image_number(image, 18, 2);
    image->machine = machine_name(image->machine_code);
    image->library = image_number(image, 16, 2) == 3;
    if (!walk_dynamic(&elf, take_entry)) {
        image->library = false;
        return 0;
    }
    walk_dynamic(&elf, take_needed);
    image->search = elf.run_path == 0 ? NULL : text_at(&elf, elf.run_path - 1);
    return take_symbols(&elf);
}
