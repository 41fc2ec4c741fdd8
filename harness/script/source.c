/* SPDX-License-Identifier: MIT
 *
 * Files to lines, lines to blocks.
 */
#include "script/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/error.h"
#include "os/file.h"
#include "script/inside.h"

#define CHUNK_NODES 256

struct script_chunk {
    struct script_chunk *next;
    unsigned used;
    struct script_node nodes[CHUNK_NODES];
};

/* One file that is being read. */
struct reading {
    struct script_source *source;
    struct script_complaints *complaints;
    struct script_file *file;
    struct platen_words *words;
    struct platen_built *built;
    struct script_node **last; /* where the next node is hung */
    struct script_node *block; /* the innermost block that is open; NULL: none */
    struct script_node *outer; /* the block that the file itself stands in */
    unsigned depth;            /* of blocks */
};

static void read_file(struct script_source *source, const char *path, struct script_node *includer,
                      struct script_node **to, const struct script_file *from,
                      struct script_complaints *complaints);

static struct script_node *new_node(struct script_source *source)
{
    if (source->chunks == NULL || source->chunks->used == CHUNK_NODES) {
        struct script_chunk *chunk = calloc(1, sizeof *chunk);
        if (chunk == NULL) {
            return NULL;
        }
        chunk->next = source->chunks;
        source->chunks = chunk;
    }
    return &source->chunks->nodes[source->chunks->used++];
}

static void complain_at(struct reading *reading, uint32_t line, uint32_t column, const char *what)
{
    struct platen_text_error error;
    platen_text_fail(&error, line, column, "%s", what);
    script_complain(reading->complaints, reading->file->path, &error);
}

static void complain_file(struct script_complaints *complaints, const char *path,
                          const struct script_file *from, uint32_t line, uint32_t column,
                          const char *what)
{
    struct platen_text_error error;
    platen_text_fail(&error, from == NULL ? 0 : line, column, "%s%s%s", from == NULL ? "" : path,
                     from == NULL ? "" : ": ", what);
    script_complain(complaints, from == NULL ? path : from->path, &error);
}

char *script_path(const struct script_file *file, const char *path)
{
    const char *name = platen_os_path_name(file->path);
    size_t folder = (size_t)(name - file->path);
    bool absolute = *path == '/' || *path == '\\' || (*path != '\0' && path[1] == ':');
    size_t size = folder + strlen(path) + 1;
    char *joined = malloc(size);

    if (joined != NULL) {
        snprintf(joined, size, "%.*s%s", absolute ? 0 : (int)folder, file->path, path);
    }
    return joined;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static bool is_verb(const struct script_node *node, enum script_verb_id id)
{
    return node != NULL && node->verb != NULL && node->verb->id == id;
}

static bool is_within(const struct script_node *node, enum script_verb_id id)
{
    while (node != NULL && !is_verb(node, id)) {
        node = node->above;
    }
    return node != NULL;
}

/* Where a verb may stand. */
static const char *misplaced(const struct script_node *node)
{
    const struct script_node *above = node->above;
    if (is_verb(node, SCRIPT_VERB_test) && above != NULL) {
        return "a test stands in no other block";
    }
    if (is_verb(node, SCRIPT_VERB_lane) != is_verb(above, SCRIPT_VERB_parallel) &&
        !is_verb(node, SCRIPT_VERB_include)) {
        return is_verb(above, SCRIPT_VERB_parallel) ? "in parallel only lanes can stand"
                                                    : "a lane stands in parallel { }";
    }
    if (is_verb(node, SCRIPT_VERB_parallel) && is_within(above, SCRIPT_VERB_parallel)) {
        return "parallel cannot stand in a lane";
    }
    if (is_verb(node, SCRIPT_VERB_barrier) && !is_within(above, SCRIPT_VERB_lane)) {
        return "a barrier stands in a lane of parallel { }";
    }
    return NULL;
}

static void open_block(struct reading *reading, struct script_node *node,
                       const struct platen_line *line)
{
    if (++reading->depth > SCRIPT_BLOCK_DEPTH) {
        complain_at(reading, node->line, line->opens, "too many blocks within each other");
    }
    reading->block = node;
    reading->last = &node->body;
}

static void close_block(struct reading *reading, const struct platen_line *line)
{
    if (reading->block == reading->outer) {
        complain_at(reading, line->number, line->closes, "this } closes nothing");
        return;
    }
    reading->depth--;
    reading->last = &reading->block->next;
    reading->block = reading->block->above;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool check_block(struct reading *reading, const struct script_node *node,
                        const struct platen_line *line)
{
    bool block = node->verb != NULL && (node->verb->traits & SCRIPT_BLOCK) != 0;
    if (block != (line->opens != 0)) {
        complain_at(reading, node->line, block ? 1 : line->opens,
                    block ? "this line opens a block: it wants a { at its end"
                          : "this line opens no block");
        return false;
    }
    return true;
}

bool script_mentions(const char *text, size_t length, const char *name, size_t name_length)
{
    for (size_t i = 0; i + name_length < length; i++) {
        bool braced = text[i] == '$' && text[i + 1] == '{';
        const char *at = text + i + (braced ? 2 : 1);
        if (text[i] != '$' || (size_t)(text + length - at) < name_length ||
            memcmp(at, name, name_length) != 0) {
            continue;
        }
        const char *after = at + name_length;
        if (after == text + length || (!(*after >= '0' && *after <= '9') && *after != '_' &&
                                       !((*after | 32) >= 'a' && (*after | 32) <= 'z'))) {
            return true;
        }
    }
    return false;
}

bool script_sweeps(const struct script_node *node, const char *name, size_t length)
{
    for (; node != NULL; node = node->next) {
        if ((is_verb(node, SCRIPT_VERB_fault) &&
             script_mentions(node->text, node->length, name, length)) ||
            script_sweeps(node->body, name, length)) {
            return true;
        }
    }
    return false;
}

/* Such a test could neither be told nor be asked for. */
static void check_name(struct reading *reading, const struct script_statement *statement)
{
    const struct platen_word *word = script_word(&statement->words, "NAME");
    struct platen_text_error error;
    if (platen_word_string(reading->words, word, &error) == NULL) {
        complain_at(reading, word->line, word->column, "there is a \\x00 in this name");
    }
}

static void include(struct reading *reading, struct script_node *node,
                    const struct script_statement *statement)
{
    const struct platen_word *word = script_word(&statement->words, "FILE");
    struct platen_text_error error;
    const char *path = platen_word_string(reading->words, word, &error);
    char *joined = path == NULL ? NULL : script_path(reading->file, path);

    if (joined == NULL) {
        complain_at(reading, node->line, word->column, "this is no path");
        return;
    }
    node->above = reading->block;
    read_file(reading->source, joined, node, &node->body, reading->file, reading->complaints);
    free(joined);
}

static void take_line(struct reading *reading, const char *text, size_t length, uint32_t number)
{
    struct script_statement statement;
    struct platen_text_error error;
    struct script_node *node;

    bool fine = script_statement_read(reading->words, text, length, number, &statement, &error);
    if (fine && statement.line.closes != 0) {
        close_block(reading, &statement.line);
        return;
    }
    if (fine && statement.parts.head == NULL) {
        if (statement.line.opens != 0) {
            complain_at(reading, number, statement.line.opens, "this { opens nothing");
        }
        return;
    }
    fine = fine && script_statement_check(reading->built, &statement, &error);
    if (!fine) {
        script_complain(reading->complaints, reading->file->path, &error);
        if (statement.line.opens == 0) {
            return; /* a block is entered all the same, so that its } finds it */
        }
    }
    node = new_node(reading->source);
    if (node == NULL) {
        complain_at(reading, number, 1, "memory is out");
        return;
    }
    *node = (struct script_node){.above = reading->block,
                                 .verb = statement.verb,
                                 .file = reading->file,
                                 .text = text,
                                 .length = (uint32_t)length,
                                 .line = number};
    *reading->last = node;
    reading->last = &node->next;
    if (fine && check_block(reading, node, &statement.line) && misplaced(node) != NULL) {
        complain_at(reading, number, statement.parts.head->column, misplaced(node));
    }
    if (fine && is_verb(node, SCRIPT_VERB_include)) {
        include(reading, node, &statement);
    }
    if (fine && is_verb(node, SCRIPT_VERB_test)) {
        check_name(reading, &statement);
    }
    if (statement.line.opens != 0) {
        open_block(reading, node, &statement.line);
    }
}

/* What can only be told when a block has ended. */
static void check_sweeps(struct reading *reading, const struct script_node *node)
{
    struct script_statement statement;
    struct platen_text_error error;

    for (; node != NULL; node = node->next) {
        if (node->file != reading->file) {
            continue; /* an included file was checked when it had been read */
        }
        check_sweeps(reading, node->body);
        if (!is_verb(node, SCRIPT_VERB_sweep) ||
            !script_statement_read(reading->words, node->text, node->length, node->line, &statement,
                                   &error)) {
            continue;
        }
        const struct platen_word *name = script_word(&statement.words, "NAME");
        if (name != NULL && !script_sweeps(node->body, name->at, name->length)) {
            complain_at(reading, node->line, name->column,
                        "no fault in this sweep has its number: fault ... nth=$NAME");
        }
    }
}

static void read_lines(struct reading *reading, size_t size)
{
    const char *at = reading->file->text;
    const char *end = at + size;

    for (uint32_t number = 1; at < end; number++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t length = newline == NULL ? (size_t)(end - at) : (size_t)(newline - at);
        take_line(reading, at, length, number);
        at += length + (newline == NULL ? 0 : 1);
    }
    for (; reading->block != reading->outer; reading->block = reading->block->above) {
        complain_at(reading, reading->block->line, 1, "this block does not end");
    }
}

static struct script_file *new_file(struct script_source *source, const char *path,
                                    const struct script_file *from)
{
    struct script_file *file = calloc(1, sizeof *file);
    char *copy = file == NULL ? NULL : malloc(strlen(path) + 1);
    if (copy == NULL) {
        free(file);
        return NULL;
    }
    strcpy(copy, path);
    file->path = copy;
    file->includer = from;
    file->depth = from == NULL ? 0 : from->depth + 1;
    file->next = source->files;
    source->files = file;
    return file;
}

static const char *cannot_include(struct script_source *source, const char *path,
                                  const struct script_file *from)
{
    for (const struct script_file *at = from; at != NULL; at = at->includer) {
        if (platen_os_same_file(path, at->path)) {
            return "this file includes itself";
        }
    }
    if (from != NULL && source->includes == SCRIPT_INCLUDES) {
        return "too many files are included";
    }
    source->includes += from != NULL;
    return from != NULL && from->depth + 1 >= SCRIPT_INCLUDE_DEPTH
               ? "too many files include each other"
               : NULL;
}

/* The lines of a file whose text is there. */
static void read_text(struct script_source *source, struct script_file *file, size_t size,
                      struct script_node *includer, struct script_node **to,
                      struct script_complaints *complaints)
{
    struct script_node *block = includer == NULL ? NULL : includer->above;
    struct reading reading = {
        .source = source,
        .complaints = complaints,
        .file = file,
        .words = platen_words_new(),
        .built = platen_built_new(),
        .last = to,
        .block = block,
        .outer = block,
    };
    if (reading.words == NULL || reading.built == NULL) {
        complain_file(complaints, file->path, NULL, 0, 0, "memory is out");
    } else {
        read_lines(&reading, size);
        check_sweeps(&reading, *to);
    }
    platen_words_free(reading.words);
    platen_built_free(reading.built);
}

static void read_file(struct script_source *source, const char *path, struct script_node *includer,
                      struct script_node **to, const struct script_file *from,
                      struct script_complaints *complaints)
{
    size_t size = 0;
    uint32_t line = includer == NULL ? 0 : includer->line;
    const char *what = cannot_include(source, path, from);
    struct script_file *file = what == NULL ? new_file(source, path, from) : NULL;

    if (file != NULL) {
        uint32_t error = platen_os_file_load(path, SCRIPT_FILE_LIMIT, &file->text, &size);
        what = error == 0 ? NULL : platen_error_text(error);
        what = error != 0 && what == NULL ? "it cannot be read" : what;
    } else if (what == NULL) {
        what = "memory is out";
    }
    if (what != NULL) {
        complain_file(complaints, path, from, line, 1, what);
        return;
    }
    read_text(source, file, size, includer, to, complaints);
}

void script_source_read(struct script_source *source, const char *path,
                        struct script_complaints *complaints)
{
    *source = (struct script_source){0};
    read_file(source, path, NULL, &source->nodes, NULL, complaints);
}

void script_source_read_text(struct script_source *source, const char *name, const char *text,
                             struct script_complaints *complaints)
{
    *source = (struct script_source){0};
    struct script_file *file = new_file(source, name, NULL);
    size_t size = strlen(text);
    if (file != NULL) {
        file->text = malloc(size + 1);
    }
    if (file == NULL || file->text == NULL) {
        complain_file(complaints, name, NULL, 0, 0, "memory is out");
        return;
    }
    memcpy(file->text, text, size + 1);
    read_text(source, file, size, NULL, &source->nodes, complaints);
}

void script_source_free(struct script_source *source)
{
    while (source->files != NULL) {
        struct script_file *file = source->files;
        source->files = file->next;
        free(file->path);
        free(file->text);
        free(file);
    }
    while (source->chunks != NULL) {
        struct script_chunk *chunk = source->chunks;
        source->chunks = chunk->next;
        free(chunk);
    }
    *source = (struct script_source){0};
}
