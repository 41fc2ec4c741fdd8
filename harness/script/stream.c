/* SPDX-License-Identifier: MIT
 *
 * Streams: data with a name, of which calls and jobs take slices.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/sha256.h"
#include "os/file.h"
#include "script/inside.h"

#define PIECE (64u * 1024)
#define WHOLE (1u << 30) /* at most so much of a stream stands in one call */
#define OPEN  64u        /* files of one test that are open at once */

enum kind { MEMORY, FILE_, ZEROS, RANDOM };

struct script_stream {
    struct script_stream *next;
    char *name;
    enum kind kind;
    struct script_test *test;
    char *path;          /* FILE_ */
    platen_os_file file; /* with the lock of files: open, or NO_FILE */
    bool gone;           /* there is no such file: it cannot be read */
    uint64_t used;       /* when it was read last */
    uint8_t *bytes;
    uint64_t size;
    uint64_t seed;
};

struct script_stream *script_stream_find(struct script_test *test, const char *name, size_t length)
{
    platen_os_mutex_lock(&test->lock);
    struct script_stream *at = test->streams;
    while (at != NULL && (strlen(at->name) != length || memcmp(at->name, name, length) != 0)) {
        at = at->next;
    }
    platen_os_mutex_unlock(&test->lock);
    return at;
}

void script_streams_forget(struct script_test *test, bool (*keeps)(void *context, const char *name),
                           void *context)
{
    platen_os_mutex_lock(&test->lock);
    for (struct script_stream *at = test->streams; at != NULL; at = at->next) {
        if (!keeps(context, at->name)) {
            at->name[0] = '\0'; /* what uses it goes on */
        }
    }
    platen_os_mutex_unlock(&test->lock);
}

uint64_t script_stream_size(const struct script_stream *stream)
{
    return stream->size;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* Eight bytes that seed and place decide (splitmix64). */
static uint64_t mix(uint64_t seed, uint64_t place)
{
    uint64_t x = seed + (place + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static void fill_random(uint64_t seed, uint64_t offset, uint8_t *to, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        uint64_t at = offset + i;
        to[i] = (uint8_t)(mix(seed, at / 8) >> (8 * (at % 8)));
    }
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Ten thousand documents of a trace are not open at once: the one that was read longest ago makes
 * room. With the lock of files. */
static void make_room(struct script_test *test)
{
    struct script_stream *oldest = NULL;

    if (test->open_files < OPEN) {
        return;
    }
    platen_os_mutex_lock(&test->lock);
    for (struct script_stream *at = test->streams; at != NULL; at = at->next) {
        if (at->file != PLATEN_OS_NO_FILE && (oldest == NULL || at->used < oldest->used)) {
            oldest = at;
        }
    }
    platen_os_mutex_unlock(&test->lock);
    if (oldest != NULL) {
        platen_os_file_close(oldest->file);
        oldest->file = PLATEN_OS_NO_FILE;
        test->open_files--;
    }
}

static uint32_t open_path(struct script_stream *stream)
{
    uint32_t error = 0;
    stream->used = ++stream->test->uses;
    if (stream->file == PLATEN_OS_NO_FILE) {
        make_room(stream->test);
        error = platen_os_file_open_read(stream->path, &stream->file);
        if (error != 0) {
            stream->file = PLATEN_OS_NO_FILE;
        } else {
            stream->test->open_files++;
        }
    }
    return error;
}

static uint32_t read_open(struct script_stream *stream, uint64_t offset, uint8_t *to, uint32_t size)
{
    while (size > 0) {
        size_t moved = 0;
        uint32_t error = platen_os_file_read_at(stream->file, offset, to, size, &moved);
        if (error != 0 || moved == 0) {
            return error == 0 ? PLATEN_HANDLE_EOF : error;
        }
        offset += moved;
        to += moved;
        size -= (uint32_t)moved;
    }
    return 0;
}

static uint32_t read_file(struct script_stream *stream, uint64_t offset, uint8_t *to, uint32_t size)
{
    platen_os_mutex_lock(&stream->test->files);
    uint32_t error = open_path(stream);
    if (error == 0) {
        error = read_open(stream, offset, to, size);
    }
    platen_os_mutex_unlock(&stream->test->files);
    return error;
}

uint32_t script_stream_read(struct script_stream *stream, uint64_t offset, void *to, uint32_t size,
                            uint32_t *moved)
{
    uint64_t left = offset < stream->size ? stream->size - offset : 0;

    *moved = left < size ? (uint32_t)left : size;
    switch (stream->kind) {
    case MEMORY:
        memcpy(to, stream->bytes + (*moved > 0 ? offset : 0), *moved);
        break;
    case ZEROS:
        memset(to, 0, *moved);
        break;
    case RANDOM:
        fill_random(stream->seed, offset, to, *moved);
        break;
    case FILE_:
        return read_file(stream, offset, to, *moved);
    }
    return 0;
}

uint32_t script_stream_sha256(struct script_stream *stream, uint64_t size, char text[65])
{
    struct device_sha256 digest;
    uint8_t *piece = malloc(PIECE);
    uint32_t error = piece == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;

    device_sha256_begin(&digest);
    for (uint64_t at = 0; at < size && error == 0;) {
        uint32_t moved = 0;
        uint32_t part = size - at < PIECE ? (uint32_t)(size - at) : PIECE;
        error = script_stream_read(stream, at, piece, part, &moved);
        error = error == 0 && moved == 0 ? PLATEN_HANDLE_EOF : error;
        device_sha256_take(&digest, piece, moved);
        at += moved;
    }
    device_sha256_end(&digest, text);
    free(piece);
    return error;
}

bool script_stream_bytes(struct script_lane *lane, const char *name, size_t length, uint64_t offset,
                         uint64_t *count, const void **bytes)
{
    struct script_stream *stream = script_stream_find(lane->test, name, length);
    uint64_t wanted = *count;

    *count = 0;
    *bytes = NULL;
    if (stream == NULL || stream->gone || offset > stream->size) {
        return false;
    }
    uint64_t left = stream->size - offset;
    wanted = wanted < left ? wanted : left;
    if (wanted > WHOLE) {
        return false;
    }
    if (stream->kind == MEMORY) {
        *bytes = stream->bytes + offset;
        *count = wanted;
        return true;
    }
    void *memory = script_alloc(lane, (size_t)wanted + 1);
    uint32_t moved = 0;
    if (memory == NULL ||
        script_stream_read(stream, offset, memory, (uint32_t)wanted, &moved) != 0) {
        return false;
    }
    *bytes = memory;
    *count = moved;
    return true;
}

struct script_stream *script_stream_of(struct script_lane *lane, const struct platen_word *word)
{
    const struct platen_word *value = script_value(lane, word);
    if (value == NULL) {
        return NULL;
    }
    struct script_stream *stream = value->kind == PLATEN_WORD_STREAM
                                       ? script_stream_find(lane->test, value->at, value->length)
                                       : NULL;
    if (stream == NULL) {
        script_fail(lane, word, "there is no such stream");
    }
    return stream;
}

/* ---- making them ----------------------------------------------------------------------------- */

static struct script_stream *new_stream(struct script_test *test, const char *name, size_t length)
{
    struct script_stream *stream = calloc(1, sizeof *stream + length + 1);
    if (stream != NULL) {
        stream->test = test;
        stream->name = (char *)(stream + 1);
        memcpy(stream->name, name, length);
        stream->file = PLATEN_OS_NO_FILE;
    }
    return stream;
}

static void free_stream(struct script_stream *stream)
{
    if (stream->file != PLATEN_OS_NO_FILE) {
        platen_os_file_close(stream->file);
        stream->test->open_files--;
    }
    free(stream->bytes);
    free(stream->path);
    free(stream);
}

static void enter(struct script_test *test, struct script_stream *stream)
{
    platen_os_mutex_lock(&test->lock);
    stream->next = test->streams;
    test->streams = stream;
    platen_os_mutex_unlock(&test->lock);
}

static bool fill(struct script_stream *stream, const void *bytes, size_t size)
{
    stream->kind = MEMORY;
    stream->size = size;
    stream->bytes = malloc(size + 1);
    if (stream->bytes != NULL) {
        memcpy(stream->bytes, bytes, size);
    }
    return stream->bytes != NULL;
}

struct script_stream *script_stream_keep(struct script_test *test, const void *bytes, size_t size)
{
    struct script_stream *stream = new_stream(test, "", 0);
    if (stream == NULL || !fill(stream, bytes, size)) {
        free(stream);
        return NULL;
    }
    enter(test, stream);
    return stream;
}

void script_streams_free(struct script_test *test)
{
    while (test->streams != NULL) {
        struct script_stream *stream = test->streams;
        test->streams = stream->next;
        free_stream(stream);
    }
}

static bool open_file(struct script_lane *lane, struct script_stream *stream, const char *path,
                      struct script_outcome *outcome)
{
    stream->kind = FILE_;
    stream->path = malloc(strlen(path) + 1);
    if (stream->path == NULL) {
        return script_fail(lane, NULL, "memory is out");
    }
    strcpy(stream->path, path);
    platen_os_mutex_lock(&lane->test->files);
    outcome->error = open_path(stream);
    if (outcome->error == 0) {
        outcome->error = platen_os_file_size(stream->file, &stream->size);
    }
    platen_os_mutex_unlock(&lane->test->files);
    if (outcome->error != 0 && lane->test->replay != NULL) {
        outcome->error = 0; /* a document that is gone matters where its bytes are needed */
        stream->gone = true;
    }
    return true;
}

/* A blob lies in the folder beside the trace. */
static bool open_blob(struct script_lane *lane, struct script_stream *stream,
                      const struct script_words *words, struct script_outcome *outcome)
{
    const struct platen_word *blob = script_word(words, "blob");
    const char *name = NULL;
    if (!script_text(lane, blob->next, &name)) {
        return false;
    }
    size_t size = strlen(lane->test->path) + strlen(name) + 16;
    char *path = script_alloc(lane, size);
    if (path == NULL) {
        return false;
    }
    snprintf(path, size, "%s.data/%s", lane->test->path, name);
    return open_file(lane, stream, path, outcome);
}

static bool furnish(struct script_lane *lane, struct script_stream *stream,
                    const struct script_words *words, struct script_outcome *outcome)
{
    const void *bytes = NULL;
    const char *path = NULL;
    size_t size = 0;

    if (script_word(words, "file") != NULL) {
        return script_path_of(lane, script_word(words, "PATH"), &path) &&
               open_file(lane, stream, path, outcome);
    }
    if (script_word(words, "blob") != NULL) {
        return open_blob(lane, stream, words, outcome);
    }
    if (script_word(words, "data") != NULL) {
        return script_bytes(lane, script_word(words, "BYTES"), &bytes, &size) &&
               (fill(stream, bytes, size) || script_fail(lane, NULL, "memory is out"));
    }
    stream->kind = script_word(words, "zeros") != NULL ? ZEROS : RANDOM;
    stream->seed = 1;
    return script_number(lane, script_word(words, "seed"), &stream->seed) &&
           (script_word(words, "size") != NULL || script_fail(lane, NULL, "size= is missing")) &&
           script_size(lane, script_word(words, "size"), &stream->size);
}

/* What the line says of it: is it so? */
static bool check_facts(struct script_lane *lane, struct script_stream *stream,
                        const struct script_words *words, struct script_outcome *outcome)
{
    const struct platen_word *hash = script_word(words, "sha256");
    uint64_t size = stream->size;
    char text[65];
    const char *wanted = NULL;

    if (stream->gone) {
        return true;
    }
    if (!script_size(lane, script_word(words, "size"), &size) ||
        !script_text(lane, hash, &wanted)) {
        return false;
    }
    bool whole = stream->kind == FILE_ && script_word(words, "blob") == NULL;
    if (whole ? size != stream->size : size > stream->size) {
        outcome->error = PLATEN_INVALID_DATA;
        outcome->why = whole ? "it has not the size that it had" : "it is shorter than it was";
        return true;
    }
    if (wanted != NULL) {
        wanted += strncmp(wanted, "sha256:", 7) == 0 ? 7 : 0;
        outcome->error = script_stream_sha256(stream, stream->size, text);
        if (outcome->error == 0 && strcmp(text, wanted) != 0) {
            outcome->error = PLATEN_INVALID_DATA;
            outcome->why = "its bytes are not the ones it had";
        }
    }
    return true;
}

bool script_verb_stream(struct script_lane *lane, const struct script_words *words,
                        struct script_outcome *outcome)
{
    const struct platen_word *name = script_word(words, "NAME");
    struct script_stream *stream = script_stream_find(lane->test, name->at, name->length);
    bool made = script_word(words, "file") != NULL || script_word(words, "blob") != NULL ||
                script_word(words, "data") != NULL || script_word(words, "zeros") != NULL ||
                script_word(words, "random") != NULL;

    if (!made && stream != NULL) {
        return check_facts(lane, stream, words, outcome); /* what a trace learned later */
    }
    if (stream != NULL) {
        return script_fail(lane, name, "there is a stream of that name");
    }
    if (!made) {
        return script_fail(lane, name, "it is not said what the stream is");
    }
    stream = new_stream(lane->test, name->at, name->length);
    if (stream == NULL) {
        return script_fail(lane, NULL, "memory is out");
    }
    bool fine = furnish(lane, stream, words, outcome) &&
                (outcome->error != 0 || check_facts(lane, stream, words, outcome));
    if (fine && outcome->error == 0) {
        enter(lane->test, stream);
    } else {
        free_stream(stream);
    }
    return fine;
}
