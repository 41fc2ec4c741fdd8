/* SPDX-License-Identifier: MIT */
/*
 * What was printed.
 *
 * Given files of bytes that a port received, this library names the page language, counts the
 * pages, draws them as PNG where a renderer exists, and puts all of them on one contact sheet. It
 * prints nothing: everything it finds is in the structures below.
 *
 * Documents are hostile. Parsers read in blocks of 64 KiB and never hold more, so that a file of
 * 4 GiB costs no memory; renderers run as child processes without a shell, with a time limit, in a
 * folder of their own. Every string that comes out of here except paths and file names has been
 * escaped and may go to a terminal; paths go through platen_show_escape first.
 *
 * Paths are UTF-8 on every system. Functions return a Win32 error code, 0 for success, and write a
 * sentence into `error` when they fail (`error` may be NULL). Nothing is shared between two
 * sessions; one session belongs to one thread at a time.
 */
#ifndef PLATEN_SHOW_H
#define PLATEN_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum platen_show_language {
    PLATEN_SHOW_UNKNOWN, /* binary data in no language that is known here */
    PLATEN_SHOW_EMPTY,
    PLATEN_SHOW_POSTSCRIPT,
    PLATEN_SHOW_PDF,
    PLATEN_SHOW_PCL5,
    PLATEN_SHOW_PCLXL,
    PLATEN_SHOW_ZPL,
    PLATEN_SHOW_ESCPOS,
    PLATEN_SHOW_TEXT,
    PLATEN_SHOW_LANGUAGES
};

/* Where a number of pages comes from, the surest last. */
enum platen_show_pages_from {
    PLATEN_SHOW_PAGES_UNKNOWN,
    PLATEN_SHOW_PAGES_DECLARED,    /* the document says so (%%Pages); nobody counted */
    PLATEN_SHOW_PAGES_COUNTED,     /* our parser read the document to its end */
    PLATEN_SHOW_PAGES_INTERPRETED, /* Ghostscript ran the document */
};

/* What one file is. Offsets and sizes are bytes. */
struct platen_show_document {
    enum platen_show_language language;
    uint64_t size;
    /* The page description itself, without a PJL header and trailer: [body_start, body_end). */
    uint64_t body_start;
    uint64_t body_end;
    bool pjl_wrapped;
    char pjl_language[32]; /* what @PJL ENTER LANGUAGE says, or "" */
    /* Where a second job begins in the same file, or 0. It is neither counted nor drawn. */
    uint64_t next_job;
    enum platen_show_pages_from pages_from;
    /* Pages; in ZPL labels, in ESC/POS pieces of paper that were cut off. */
    uint64_t pages;
    /* Sheets with the copies the document asks for (PCL 5, PCL XL, ZPL), else equal to pages. */
    uint64_t printed;
    /* The document ends inside a page, a command or its data. */
    bool cut_off;
    /* What is wrong with it or doubtful about it, or "". */
    char note[160];
};

struct platen_show_error {
    uint32_t code;
    char message[512];
};

/*
 * Reads the file and says what it is. Runs no child process: pages of PostScript are DECLARED at
 * best, those of PDF UNKNOWN. `out` is zeroed first. Fails for what is not a readable regular file.
 */
uint32_t platen_show_identify(const char *path, struct platen_show_document *out,
                              struct platen_show_error *error);

/* "PCL XL" and the like, for people; "pclxl", for JSON. Never NULL. */
const char *platen_show_language_name(enum platen_show_language language);
const char *platen_show_language_key(enum platen_show_language language);
/* "counted" and the like, for JSON. */
const char *platen_show_pages_from_key(enum platen_show_pages_from from);

/*
 * Writes text as something that a terminal may be sent: control characters (C0, DEL, C1), invisible
 * and direction-changing characters and bytes that are no UTF-8 become \xNN or \u{NNNN}, a
 * backslash becomes two. Always terminates within `size` (at least 1), never splits an escape.
 * Returns `out`.
 */
char *platen_show_escape(char *out, size_t size, const char *text);

struct platen_show_options {
    /* Folder for the pictures, made when it is missing (with its parents); NULL: see draw. */
    const char *output;
    /* Draw without an output folder: the pictures live until platen_show_close. */
    bool draw;
    unsigned resolution; /* dots per inch; 0 is 100 */
    unsigned page_limit; /* pages drawn of one document; 0 is 100 */
    unsigned seconds;    /* time one child process may take; 0 is 60 */
    /* Programs to run instead of the ones found on PATH (gs, gm); NULL for those. */
    const char *ghostscript;
    const char *graphicsmagick;
    /* Asked every 100 ms while a child process runs: shall it be killed? NULL: never. */
    bool (*interrupted)(void);
};

/* How the drawing of one document went. */
enum platen_show_drawing {
    PLATEN_SHOW_NOT_ASKED,
    PLATEN_SHOW_DRAWN,
    PLATEN_SHOW_PARTLY_DRAWN, /* some pages; the reason says why not all */
    PLATEN_SHOW_NO_RENDERER,  /* no program draws this language; not a failure */
    PLATEN_SHOW_NO_TOOL,      /* the program that draws it is not installed */
    PLATEN_SHOW_NOT_DRAWN,    /* it ran and drew nothing */
};

struct platen_show_page {
    const char *file; /* path of a PNG: the output folder, "/", and letters, digits, "._-" */
    unsigned width;   /* pixels */
    unsigned height;
};

struct platen_show_result {
    const char *path; /* as it was given */
    struct platen_show_document document;
    enum platen_show_drawing drawing;
    char reason[256]; /* why there are fewer pictures than pages, or "" */
    size_t drawn;
    const struct platen_show_page *pages; /* [drawn] */
};

/* "drawn", "no-renderer" and the like, for JSON. */
const char *platen_show_drawing_key(enum platen_show_drawing drawing);

/* A session: documents, their pictures, one sheet. */
struct platen_show;

/* `options` may be NULL and is copied. Fails when the output folder cannot be made. */
uint32_t platen_show_open(const struct platen_show_options *options, struct platen_show **out,
                          struct platen_show_error *error);

/*
 * Identifies a document, has Ghostscript count the pages of PostScript and PDF, and draws it if the
 * session draws. Pictures are called <name>-page-001.png; pictures of that name from an earlier run
 * are removed. Fails only when the document cannot be read or the pictures cannot be kept: anything
 * else is in the result. The result belongs to the session. `out` may be NULL.
 */
uint32_t platen_show_add(struct platen_show *show, const char *path,
                         const struct platen_show_result **out, struct platen_show_error *error);

size_t platen_show_count(const struct platen_show *show);
const struct platen_show_result *platen_show_at(const struct platen_show *show, size_t index);

/*
 * Writes one PNG with a picture of every page drawn so far, and a card for every document that
 * could not be drawn, each with its name below. Needs GraphicsMagick; without it the error says so
 * (code 1157), and everything else stands. A sheet has at most 120 pictures; `left_out` (may be
 * NULL) says how many found no room.
 */
uint32_t platen_show_sheet(struct platen_show *show, const char *path, size_t *left_out,
                           struct platen_show_error *error);

/* Writes <output>/index.html, a page that shows all of it. Needs an output folder. */
uint32_t platen_show_index(struct platen_show *show, struct platen_show_error *error);

/* Frees results and, without an output folder, the pictures. NULL is allowed. */
void platen_show_close(struct platen_show *show);

#endif
