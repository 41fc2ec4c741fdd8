/* SPDX-License-Identifier: MIT */
/* What the files of this folder share. Names begin with show_; nobody outside uses them, but tests.
 */
#ifndef PLATEN_SHOW_INTERNAL_H
#define PLATEN_SHOW_INTERNAL_H

#include <uv.h>

#include "show/show.h"

#define SHOW_BLOCK 65536u

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))

/* error.c */

enum show_code {
    SHOW_FILE_NOT_FOUND = 2,
    SHOW_ACCESS_DENIED = 5,
    SHOW_NO_MEMORY = 8,
    SHOW_READ_FAULT = 30,
    SHOW_GEN_FAILURE = 31,
    SHOW_NOT_SUPPORTED = 50,
    SHOW_INVALID_PARAMETER = 87,
    SHOW_DISK_FULL = 112,
    SHOW_APP_NOT_FOUND = 1157,
};

/* Fills `error` (may be NULL) and returns the code. Arguments must be safe for a terminal. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
uint32_t
show_fail(struct platen_show_error *error, uint32_t code, const char *format, ...);

/* The same for a libuv error at a path: "<what> <path, escaped>: <reason>". */
uint32_t show_fail_uv(struct platen_show_error *error, int uv, const char *what, const char *path);

/* source.c: a file read forward in blocks, with skips and a limit. Reading errors look like the end
 * and stay in `failed`. */

struct show_source {
    uv_file file;
    uint64_t size;  /* of the file when it was opened */
    uint64_t limit; /* nothing from here on is read */
    uint64_t start; /* where in the file the block begins */
    size_t next;    /* next byte within the block */
    size_t fill;
    size_t block; /* bytes read at once, at most SHOW_BLOCK; tests lower it */
    int failed;   /* a libuv error, or 0 */
    unsigned char bytes[SHOW_BLOCK];
};

/* The source is big: it comes from the heap and goes back with show_source_close. */
uint32_t show_source_open(const char *path, struct show_source **out,
                          struct platen_show_error *error);
void show_source_close(struct show_source *source);
int show_get(struct show_source *source);  /* next byte, or -1 */
int show_peek(struct show_source *source); /* the same, and stays there */
uint64_t show_tell(const struct show_source *source);
void show_seek(struct show_source *source, uint64_t offset);
/* Goes on by `count` bytes or to the limit; false if it was the limit. */
bool show_skip(struct show_source *source, uint64_t count);
size_t show_read(struct show_source *source, void *out, size_t count);
/* Steps over the literal if it is next; else stays. */
bool show_match(struct show_source *source, const char *literal);
/* The offset of the next universal exit (UEL) from here on, or the limit. Moves. */
uint64_t show_find_uel(struct show_source *source);

#define SHOW_UEL "\033%-12345X"

/* pjl.c: steps over universal exits and @PJL lines; stops at the page description. Fills
 * pjl_wrapped and pjl_language when `document` is not NULL. */
void show_pjl_header(struct show_source *source, struct platen_show_document *document);

/* sniff.c */

struct show_head {
    const unsigned char *bytes;
    size_t count;
    bool whole; /* there is no more of the document than this */
};

/* Names the language; *skip says how many bytes before the document proper are not part of it,
 * *length how long it is at most (0: to the end). */
enum platen_show_language show_sniff(const struct show_head *head, size_t *skip, uint64_t *length);
/* The language that a PJL name means, or PLATEN_SHOW_UNKNOWN. */
enum platen_show_language show_declared(const char *pjl_language);

/* Page counters. Each reads `source` from where it stands to its limit or the end of the job, and
 * fills pages, printed, pages_from, cut_off, note and body_end. */
typedef void show_counter(struct show_source *source, struct platen_show_document *document);
show_counter show_count_pcl5;
show_counter show_count_pclxl;
show_counter show_count_zpl;
show_counter show_count_escpos;
show_counter show_count_text;
show_counter show_count_dsc;

/* text.c: plain text as a line printer prints it, 80 columns by 66 lines, Latin-1. */

#define SHOW_COLUMNS 80
#define SHOW_LINES   66

struct show_text_sink {
    /* Either returns false to stop. `cells` are Latin-1 and printable; a line may be empty. */
    bool (*line)(void *context, const unsigned char *cells, size_t count);
    bool (*end_page)(void *context);
    void *context;
};
void show_text_walk(struct show_source *source, const struct show_text_sink *sink);

/* language.c */

enum show_road {
    SHOW_ROAD_NONE,        /* no renderer */
    SHOW_ROAD_GHOSTSCRIPT, /* Ghostscript reads it */
    SHOW_ROAD_TYPESET,     /* we make PostScript of it first */
};

struct show_language {
    const char *name;
    const char *key;
    show_counter *count;
    enum show_road road;
    bool forward_uel; /* a universal exit ends it, wherever it stands */
    const char *no_renderer;
};
const struct show_language *show_language(enum platen_show_language language);

/* child.c: runs one program to its end. */

struct show_child {
    const char *const *programs;  /* names to try, up to NULL */
    const char *const *arguments; /* without the program, up to NULL */
    const char *folder;           /* where it runs, and its only folder for temporary files */
    unsigned seconds;
    bool (*interrupted)(void); /* NULL: it never is */
    /* What comes back. */
    bool missing;   /* none of the programs exists */
    bool timed_out; /* it was killed */
    int64_t status;
    int signal;
    char head[1024]; /* the first of what it said on its standard error, terminated, not escaped */
    char tail[256];  /* the last of it */
    size_t head_fill;
    size_t tail_fill;
};
/* 0, or a libuv error for what kept it from running. */
int show_run(struct show_child *child);
/* One line for people: why it failed, escaped. */
void show_child_reason(const struct show_child *child, char *out, size_t size);

/* work.c: folders and files. All return libuv errors. */

struct show_writer {
    uv_file file;
    size_t fill;
    int failed;
    char bytes[8192];
};
int show_writer_open(struct show_writer *writer, const char *path);
void show_put(struct show_writer *writer, const char *text);
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void show_putf(struct show_writer *writer, const char *format, ...);
void show_writer_flush(struct show_writer *writer);
int show_writer_close(struct show_writer *writer); /* the first error of all */

char *show_join(const char *folder, const char *name); /* from the heap; NULL: no memory */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
char *
show_print(const char *format, ...);                /* the same, formatted */
int show_make_folder(const char *path);             /* with its parents; existing is fine */
int show_temporary(const char *parent, char **out); /* a new folder of ours */
void show_remove_folder(const char *path);          /* the folder and the files in it */
int show_move(const char *from, const char *to);    /* also across file systems */
int show_absolute(const char *path, char **out);
/* A PNG that begins as one should: its width and height. */
bool show_png_size(const char *path, unsigned *width, unsigned *height);

/* session.c */

struct show_item {
    struct platen_show_result result;
    struct platen_show_page *pages;
    char **files; /* of the pages, from the heap */
    char *path;
    char *name; /* unique in the session, letters, digits, "._-": pictures begin with it */
};

struct platen_show {
    char *output;
    bool draws;
    bool keeps; /* the output folder is the caller's */
    unsigned resolution;
    unsigned page_limit;
    unsigned seconds;
    bool (*interrupted)(void);
    char *ghostscript;
    char *graphicsmagick;
    struct show_item **items;
    size_t count;
};

const char *show_base_name(const char *path);
/* Moves the pictures page-000001.png and on from a work folder to the output folder. */
int show_keep_pages(struct platen_show *show, struct show_item *item, const char *folder);

/* ghostscript.c: both fill the result. */
uint32_t show_interpret(struct platen_show *show, struct show_item *item,
                        struct platen_show_error *error);
uint32_t show_draw(struct platen_show *show, struct show_item *item,
                   struct platen_show_error *error);
/* Draws a PostScript file of ours in its folder, as page-000001.png and on. */
int show_draw_ours(struct platen_show *show, const char *folder, const char *input, unsigned limit,
                   struct show_child *child);

/* card.c: PostScript that we write ourselves. */
int show_write_text(struct show_source *source, const char *path, unsigned page_limit);
int show_write_cards(const struct platen_show_result *const *results, size_t count,
                     const char *path);

#endif
