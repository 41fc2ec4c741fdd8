/* SPDX-License-Identifier: MIT */
#include "made.h"

#include <string.h>

#define HEADERS 0x200u  /* the section's place in the file */
#define SECTION 0x1000u /* and in the image */
#define BASE    0x10000000u
#define EXPORTS 0x000u /* from here on: places in the section */
#define IMPORTS 0x080u
#define DELAYED 0x100u
#define THUNKS  0x180u
#define CODE    0x200u
#define TEXTS   0x300u

struct making {
    uint8_t *to;
    uint32_t texts; /* used */
    bool wide;
};

static void put(struct making *m, uint32_t at, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        m->to[at + i] = (uint8_t)(value >> (8 * i));
    }
}

/* A number in the section, and its address in the image. */
static void put_in(struct making *m, uint32_t at, uint64_t value, unsigned bytes)
{
    put(m, HEADERS + at, value, bytes);
}

static uint32_t put_text(struct making *m, const char *text)
{
    uint32_t at = TEXTS + m->texts;
    memcpy(m->to + HEADERS + at, text, strlen(text) + 1);
    m->texts += (uint32_t)strlen(text) + 1;
    return SECTION + at;
}

static void put_headers(struct making *m, const struct made_pe *what)
{
    uint32_t optional_size = (what->wide ? 112u : 96u) + 16 * 8;
    uint32_t optional = 0x80 + 24;
    uint32_t section = optional + optional_size;
    memcpy(m->to, "MZ", 2);
    put(m, 0x3c, 0x80, 4);
    if (what->wine) {
        memcpy(m->to + 0x40, "Wine builtin DLL", 17);
    }
    memcpy(m->to + 0x80, "PE\0\0", 4);
    put(m, 0x84, what->machine, 2);
    put(m, 0x86, 1, 2);
    put(m, 0x94, optional_size, 2);
    put(m, 0x96, what->characteristics, 2);
    put(m, optional, what->wide ? 0x20b : 0x10b, 2);
    put(m, optional + 16, SECTION + CODE, 4);
    put(m, optional + (what->wide ? 24 : 28), BASE, what->wide ? 8 : 4);
    put(m, optional + (what->wide ? 108 : 92), 16, 4);
    memcpy(m->to + section, ".all", 4);
    put(m, section + 8, MADE_ROOM - HEADERS, 4);
    put(m, section + 12, SECTION, 4);
    put(m, section + 16, MADE_ROOM - HEADERS, 4);
    put(m, section + 20, HEADERS, 4);
}

static void put_directory(struct making *m, unsigned which, uint32_t at, uint32_t size)
{
    uint32_t place = 0x80 + 24 + (m->wide ? 112u : 96u) + which * 8;
    put(m, place, SECTION + at, 4);
    put(m, place + 4, size, 4);
}

static void put_exports(struct making *m, const struct made_pe *what)
{
    uint32_t forward = EXPORTS + 64; /* inside the directory: that is what makes it a forward */
    put_directory(m, 0, EXPORTS, 0x80);
    put_in(m, EXPORTS + 20, 1, 4);
    put_in(m, EXPORTS + 24, 1, 4);
    put_in(m, EXPORTS + 28, SECTION + EXPORTS + 40, 4);
    put_in(m, EXPORTS + 32, SECTION + EXPORTS + 44, 4);
    put_in(m, EXPORTS + 36, SECTION + EXPORTS + 48, 4);
    put_in(m, EXPORTS + 40, SECTION + (what->forward != NULL ? forward : CODE), 4);
    put_in(m, EXPORTS + 44, put_text(m, what->export), 4);
    if (what->forward != NULL) {
        memcpy(m->to + HEADERS + forward, what->forward, strlen(what->forward) + 1);
    }
}

/* A table with one function and its end; returns its address. */
static uint32_t put_thunk(struct making *m, const struct made_pe *what, uint32_t at)
{
    unsigned word = what->wide ? 8 : 4;
    uint64_t by_number = (UINT64_C(1) << (8 * word - 1)) | 7;
    uint64_t hint = what->function == NULL ? 0 : put_text(m, "xx") + 1; /* two bytes, the name */
    if (what->function != NULL) {
        m->texts--; /* over the NUL of those two */
        put_text(m, what->function);
        hint--;
    }
    put_in(m, at, what->function == NULL ? by_number : hint, word);
    return SECTION + at;
}

static void put_imports(struct making *m, const struct made_pe *what)
{
    if (what->library != NULL) {
        put_directory(m, 1, IMPORTS, 40);
        put_in(m, IMPORTS + 12, put_text(m, what->library), 4);
        put_in(m, IMPORTS, put_thunk(m, what, THUNKS), 4);
    }
    if (what->delayed != NULL) {
        put_directory(m, 13, DELAYED, 64);
        put_in(m, DELAYED, 1, 4);
        put_in(m, DELAYED + 4, put_text(m, what->delayed), 4);
        put_in(m, DELAYED + 16, put_thunk(m, what, THUNKS + 32), 4);
    }
}

/* As Wine's tools make them: the name of the DLL and of the function, and a call. */
static void put_stub(struct making *m, const struct made_pe *what)
{
    static const uint8_t wide[] = {0x48, 0x83, 0xec, 0x28, 0x48, 0x8d, 0x0d, 0, 0,   0,
                                   0,    0x48, 0x8d, 0x15, 0,    0,    0,    0, 0xe8};
    uint32_t dll = put_text(m, "stub.dll");
    uint32_t function = put_text(m, what->export);
    if (what->wide) {
        memcpy(m->to + HEADERS + CODE, wide, sizeof wide);
        put_in(m, CODE + 7, dll - (SECTION + CODE + 11), 4);
        put_in(m, CODE + 14, function - (SECTION + CODE + 18), 4);
    } else {
        put_in(m, CODE, 0x68, 1);
        put_in(m, CODE + 1, BASE + function, 4);
        put_in(m, CODE + 5, 0x68, 1);
        put_in(m, CODE + 6, BASE + dll, 4);
    }
}

size_t make_pe(const struct made_pe *what, uint8_t *to)
{
    struct making making = {.to = to, .wide = what->wide};
    memset(to, 0, MADE_ROOM);
    put_headers(&making, what);
    if (what->export != NULL) {
        put_exports(&making, what);
    }
    put_imports(&making, what);
    if (what->stub) {
        put_stub(&making, what);
    }
    return MADE_ROOM;
}
