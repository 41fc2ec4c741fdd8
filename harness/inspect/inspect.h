/* SPDX-License-Identifier: MIT
 *
 * What a module's file says about itself, ELF or PE, without running any of it: machine, exports,
 * what it needs, and whether that is to be had here. Every byte of the file is taken for hostile.
 */
#ifndef INSPECT_INSPECT_H
#define INSPECT_INSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum platen_image_format { PLATEN_IMAGE_ELF, PLATEN_IMAGE_PE };

/* Of a library or a function that the module needs. */
enum platen_image_state {
    PLATEN_IMAGE_UNKNOWN, /* nobody has looked, or the library itself is missing */
    PLATEN_IMAGE_FOUND,
    PLATEN_IMAGE_SERVED, /* by the host of DLLs, whatever Wine has of it */
    PLATEN_IMAGE_STUB,   /* Wine has the name alone: to call it ends the process */
    PLATEN_IMAGE_MISSING
};

struct platen_image_export {
    const char *name;    /* borrowed from the image, as all text here; as it stands in the file */
    const char *forward; /* "OTHER.Name" where another DLL has it; NULL otherwise */
    uint64_t at;         /* its address in the image */
};

struct platen_image_import {
    const char *name; /* NULL: by number */
    uint32_t ordinal;
    size_t library; /* index in `libraries`; SIZE_MAX where the file does not say (ELF) */
    bool optional;  /* it loads without (weak, or a DLL that is loaded at the first call) */
    enum platen_image_state state;
};

struct platen_image_library {
    const char *name;
    enum platen_image_state state;
    char *path; /* where it was found; malloc'ed, NULL if it was not */
};

struct platen_image {
    enum platen_image_format format;
    const char *machine; /* "x86-64", "i386", "aarch64" ...; static */
    uint32_t machine_code;
    unsigned bits;      /* 32 or 64 */
    bool library;       /* a shared object or DLL; otherwise a program or something else */
    bool entry;         /* PE: it has an entry point, usually DllMain's */
    bool managed;       /* PE: .NET code */
    bool builtin;       /* PE: one of Wine's own */
    const char *search; /* ELF: its run path; NULL */
    struct platen_image_export *exports;
    size_t export_count;
    struct platen_image_import *imports;
    size_t import_count;
    struct platen_image_library *libraries;
    size_t library_count;
    char *data; /* the file */
    size_t size;
    void *room; /* of the parser */
};

/* Reads the file. FILE_NOT_FOUND and others from reading; FILE_TOO_LARGE above 1 GiB;
 * BAD_EXE_FORMAT with the reason in *complaint (may be NULL; malloc'ed, made printable, to be
 * freed). *image is to be destroyed. */
uint32_t platen_image_read(const char *path, struct platen_image **image, char **complaint);
void platen_image_destroy(struct platen_image *image);

/* The export of that name, also with stdcall's decoration, "_Name@8"; NULL. */
const struct platen_image_export *platen_image_find(const struct platen_image *image,
                                                    const char *name);

struct platen_image_places {
    const char *const *folders; /* looked in first; the module's own folder is the first of all */
    size_t folder_count;
    const char *wine; /* where Wine has its DLLs, the folder that holds x86_64-windows; NULL: as
                         Debian installs it */
};

/* Looks for what the image needs, in the places where the system's loader (for PE: Wine's) would,
 * and writes the states. NOT_ENOUGH_MEMORY. */
uint32_t platen_image_resolve(struct platen_image *image, const char *path,
                              const struct platen_image_places *places);

#endif
