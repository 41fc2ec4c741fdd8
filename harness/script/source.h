/* SPDX-License-Identifier: MIT
 *
 * A script as it was read: files, lines, and which line stands in which block. Everything that can
 * be known of a line before it runs is checked while it is read.
 */
#ifndef SCRIPT_SOURCE_H
#define SCRIPT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/build.h"
#include "script/complain.h"
#include "script/verbs.h"

#define SCRIPT_FILE_LIMIT    (64u << 20)
#define SCRIPT_INCLUDE_DEPTH 16
#define SCRIPT_INCLUDES      1000 /* one file that is included twice counts twice */
#define SCRIPT_BLOCK_DEPTH   24

struct script_file {
    struct script_file *next;
    const struct script_file *includer; /* NULL: named by the person */
    char *path;
    char *text;
    unsigned depth;
};

struct script_node {
    struct script_node *next;
    struct script_node *body;       /* of a block, or the lines of an included file */
    struct script_node *above;      /* the block it stands in; NULL: none */
    const struct script_verb *verb; /* NULL: a call */
    const struct script_file *file;
    const char *text;
    uint32_t length;
    uint32_t line;
};

struct script_source {
    struct script_file *files;
    struct script_node *nodes;
    struct script_chunk *chunks; /* memory of the nodes */
    uint32_t includes;
};

/* Reads the file and what it includes. What is wrong goes to `complaints`; the nodes are then of no
 * use. Must be freed in any case. */
void script_source_read(struct script_source *source, const char *path,
                        struct script_complaints *complaints);
/* The same of a text in memory, which is called `name` and is in no folder. */
void script_source_read_text(struct script_source *source, const char *name, const char *text,
                             struct script_complaints *complaints);
void script_source_free(struct script_source *source);

/* A path that stands in `file`: relative ones are taken from the file's folder. malloc'ed, NULL
 * when memory is out. */
char *script_path(const struct script_file *file, const char *path);

/* ---- one line -------------------------------------------------------------------------------- */

/* What a line is. */
struct script_statement {
    struct platen_line line;
    struct platen_statement parts;
    const struct script_verb *verb; /* NULL: a call, or an empty line */
    struct script_words words;      /* of a verb */
};

/* false: error is filled. */
bool script_statement_read(struct platen_words *words, const char *text, size_t length,
                           uint32_t number, struct script_statement *statement,
                           struct platen_text_error *error);
/* The rest of what can be known without running it: arguments of calls, what is expected. */
bool script_statement_check(struct platen_built *built, const struct script_statement *statement,
                            struct platen_text_error *error);

#endif
