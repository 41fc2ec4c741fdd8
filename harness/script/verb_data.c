/* SPDX-License-Identifier: MIT
 *
 * Verbs of files.
 */
#include <stdlib.h>
#include <string.h>

#include "device/sha256.h"
#include "os/file.h"
#include "script/inside.h"

#define PIECE (64u * 1024)
#define SHOWN (1u << 20) /* a larger file has no data= */

bool script_verb_folder(struct script_lane *lane, const struct script_words *words,
                        struct script_outcome *outcome)
{
    const char *path = NULL;
    if (!script_path_of(lane, script_word(words, "PATH"), &path)) {
        return false;
    }
    outcome->error = platen_os_make_folder(path);
    return true;
}

bool script_verb_remove(struct script_lane *lane, const struct script_words *words,
                        struct script_outcome *outcome)
{
    const char *path = NULL;
    if (!script_path_of(lane, script_word(words, "PATH"), &path)) {
        return false;
    }
    outcome->error = platen_os_remove_file(path);
    return true;
}

static uint32_t write_stream(platen_os_file file, struct script_stream *stream)
{
    char *piece = malloc(PIECE);
    uint32_t error = piece == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;
    uint64_t at = 0;

    while (error == 0 && at < script_stream_size(stream)) {
        uint32_t size = 0;
        error = script_stream_read(stream, at, piece, PIECE, &size);
        if (error == 0) {
            error = platen_os_file_write_all(file, piece, size);
        }
        at += size;
    }
    free(piece);
    return error;
}

bool script_verb_file(struct script_lane *lane, const struct script_words *words,
                      struct script_outcome *outcome)
{
    const char *path = NULL;
    const void *bytes = NULL;
    size_t size = 0;
    struct script_stream *stream;
    platen_os_file file;

    if (!script_path_of(lane, script_word(words, "PATH"), &path)) {
        return false;
    }
    if (script_word(words, "STREAM") != NULL) {
        stream = script_stream_of(lane, script_word(words, "STREAM"));
    } else if (script_word(words, "data") == NULL) {
        return script_fail(lane, NULL, "what is written? data BYTES or @STREAM");
    } else if (script_bytes(lane, script_word(words, "BYTES"), &bytes, &size)) {
        stream = script_stream_keep(lane->test, bytes, size);
    } else {
        return false;
    }
    if (stream == NULL) {
        return false;
    }
    outcome->error = platen_os_file_open_write(path, &file);
    if (outcome->error == 0) {
        outcome->error = write_stream(file, stream);
        uint32_t closed = platen_os_file_close(file);
        outcome->error = outcome->error == 0 ? closed : outcome->error;
    }
    return true;
}

/* ---- expect file ----------------------------------------------------------------------------- */

static uint32_t digest_file(platen_os_file file, uint64_t size, char text[65])
{
    struct device_sha256 digest;
    char *piece = malloc(PIECE);
    uint32_t error = piece == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;

    device_sha256_begin(&digest);
    for (uint64_t at = 0; at < size && error == 0;) {
        size_t moved = 0;
        size_t part = size - at < PIECE ? (size_t)(size - at) : PIECE;
        error = platen_os_file_read_at(file, at, piece, part, &moved);
        error = error == 0 && moved == 0 ? PLATEN_HANDLE_EOF : error;
        device_sha256_take(&digest, piece, moved);
        at += moved;
    }
    device_sha256_end(&digest, text);
    free(piece);
    return error;
}

static uint32_t digest_path(const char *path, uint64_t *size, char text[65])
{
    platen_os_file file;
    uint32_t error = platen_os_file_open_read(path, &file);
    if (error != 0) {
        return error;
    }
    error = platen_os_file_size(file, size);
    if (error == 0) {
        error = digest_file(file, *size, text);
    }
    platen_os_file_close(file);
    return error;
}

static bool judge_hash(const struct script_words *words, const char *text,
                       struct script_outcome *outcome)
{
    const struct platen_word *word = script_word(words, "HASH");
    if (word != NULL) {
        script_judge(outcome, word, word->length == 71 && memcmp(word->at + 7, text, 64) == 0);
    }
    return true;
}

static bool judge_path(struct script_lane *lane, const struct script_words *words, const char *text,
                       struct script_outcome *outcome)
{
    const struct platen_word *word = script_word(words, "same-as");
    const char *path = NULL;
    char other[65];
    uint64_t size;

    if (word == NULL || word->name != NULL) {
        return true; /* that is a stream's */
    }
    if (!script_path_of(lane, script_word(words, "OTHER"), &path)) {
        return false;
    }
    bool same = digest_path(path, &size, other) == 0 && strcmp(text, other) == 0;
    script_judge(outcome, word, same);
    script_field_text(outcome, "same-as", same ? "it" : "other bytes");
    return true;
}

static bool judge_stream(struct script_lane *lane, const struct script_words *words,
                         const char *name, bool whole, const char *path, uint64_t size,
                         struct script_outcome *outcome)
{
    const struct platen_word *word = script_expected(words, name);
    char here[65];
    char there[65];
    uint64_t read = 0;

    if (word == NULL) {
        return true;
    }
    struct script_stream *stream = script_stream_of(lane, word);
    if (stream == NULL) {
        return false;
    }
    uint64_t length = script_stream_size(stream);
    bool same = (whole ? size == length : size <= length) && digest_path(path, &read, here) == 0 &&
                script_stream_sha256(stream, size, there) == 0 && strcmp(here, there) == 0;
    script_judge(outcome, word, same);
    script_field_text(outcome, name, same ? "it" : "other bytes");
    return true;
}

static void put_data(const char *path, uint64_t size, struct script_outcome *outcome)
{
    char *data = NULL;
    size_t length = 0;
    if (size <= SHOWN && platen_os_file_load(path, SHOWN, &data, &length) == 0) {
        outcome->memory = data;
        script_field_bytes(outcome, "data", data, length);
    }
}

bool script_verb_expect_file(struct script_lane *lane, const struct script_words *words,
                             struct script_outcome *outcome)
{
    const char *path = NULL;
    char text[65] = "";
    uint64_t size = 0;

    if (!script_path_of(lane, script_word(words, "PATH"), &path)) {
        return false;
    }
    uint32_t error = digest_path(path, &size, text);
    outcome->word = error == 0 ? "present" : "absent";
    script_judge(outcome, script_word(words, "absent"),
                 error == PLATEN_FILE_NOT_FOUND || error == PLATEN_PATH_NOT_FOUND);
    if (error == 0) {
        char *hash = script_alloc(lane, sizeof text);
        script_field_number(outcome, "size", size);
        if (hash != NULL) {
            script_field_text(outcome, "sha256", strcpy(hash, text));
        }
        put_data(path, size, outcome);
    }
    return judge_hash(words, text, outcome) && judge_path(lane, words, text, outcome) &&
           judge_stream(lane, words, "same-as", true, path, size, outcome) &&
           judge_stream(lane, words, "prefix-of", false, path, size, outcome);
}
