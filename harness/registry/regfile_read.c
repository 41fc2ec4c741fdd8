/* SPDX-License-Identifier: MIT
 *
 * Reads a .reg file: its lines become edits, and the edits are made when the last line was good.
 */
#include "registry/regfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/error.h"
#include "os/file.h"

static uint32_t end_line(struct regfile *file, const char *after)
{
    char what[64];
    regfile_skip_blanks(file);
    if (regfile_peek(file) == u';') {
        while (!regfile_at_line_end(file)) {
            file->at++;
        }
    }
    if (!regfile_at_line_end(file)) {
        snprintf(what, sizeof what, "the end of the line or a ; comment after %s", after);
        return regfile_expected(file, what);
    }
    regfile_skip_line_break(file);
    return 0;
}

/* ---- keys ------------------------------------------------------------------------------------ */

static uint32_t check_part(struct regfile *file, struct reg_path part, unsigned depth)
{
    size_t at = (size_t)(part.text - file->text);
    if (part.length == 0) {
        return regfile_complain(file, at, "a part of the key's path is empty");
    }
    if (part.length > REGISTRY_MAX_NAME) {
        return regfile_complain(file, at, "a key's name of %zu characters; at most %d are allowed",
                                part.length, REGISTRY_MAX_NAME);
    }
    if (depth > REGISTRY_MAX_DEPTH) {
        return regfile_complain(file, at, "a key below %d others is too deep", REGISTRY_MAX_DEPTH);
    }
    if (depth == 1 && tree_root(part) == NULL) {
        file->at = at;
        return regfile_expected(file, "HKEY_LOCAL_MACHINE or another root key");
    }
    for (size_t i = 0; i < part.length; i++) {
        if (part.text[i] == 0) {
            return regfile_complain(file, at + i, "a key's name cannot hold a NUL");
        }
    }
    return 0;
}

static uint32_t check_path(struct regfile *file, struct reg_path path, bool deletion)
{
    unsigned depth = 0;
    for (size_t start = 0, end = 0; start <= path.length; start = ++end) {
        while (end < path.length && path.text[end] != u'\\') {
            end++;
        }
        struct reg_path part = {path.text + start, end - start};
        uint32_t error = check_part(file, part, ++depth);
        if (error != 0) {
            return error;
        }
    }
    if (deletion && depth == 1) {
        size_t at = (size_t)(path.text - file->text);
        return regfile_complain(file, at, "a root key cannot be deleted");
    }
    return 0;
}

/* [KEY] or [-KEY]. The name may hold brackets: the line's last one ends it. */
static uint32_t read_key(struct regfile *file)
{
    size_t close = ++file->at;
    bool deletion = regfile_peek(file) == u'-';
    size_t start = file->at += deletion;
    for (; !regfile_at_line_end(file); file->at++) {
        close = regfile_peek(file) == u']' ? file->at : close;
    }
    if (close < start || file->text[close] != u']') {
        return regfile_expected(file, "] after the key's path");
    }
    struct reg_path path = {file->text + start, close - start};
    uint32_t error = check_path(file, path, deletion);
    if (error != 0) {
        return error;
    }
    struct edit edit = {.kind = deletion ? EDIT_DELETE_KEY : EDIT_KEY,
                        .name = platen_text_copy16(path.text, path.length)};
    if (edit.name == NULL || !edits_add(&file->edits, edit)) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    file->has_key = !deletion;
    file->at = close + 1;
    return end_line(file, "the key");
}

/* ---- values ---------------------------------------------------------------------------------- */

static uint32_t read_value_name(struct regfile *file, char16_t **name)
{
    size_t start = file->at, length = 0;
    uint32_t error = 0;
    if (regfile_peek(file) == u'@') {
        file->at++;
        *name = platen_text_copy16(u"", 0);
        error = *name == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;
    } else {
        error = regfile_quoted(file, name, &length);
    }
    if (error == 0 && length > REGISTRY_MAX_VALUE) {
        error = regfile_complain(file, start,
                                 "a value's name of %zu characters; at most %d are allowed", length,
                                 REGISTRY_MAX_VALUE);
    }
    return error;
}

static uint32_t read_assignment(struct regfile *file, struct edit *edit)
{
    uint32_t error = read_value_name(file, &edit->name);
    if (error != 0) {
        return error;
    }
    regfile_skip_blanks(file);
    if (!regfile_word(file, "=")) {
        return regfile_expected(file, "= after the value's name");
    }
    regfile_skip_blanks(file);
    error = regfile_data(file, edit);
    return error == 0 ? end_line(file, "the value") : error;
}

static uint32_t read_value(struct regfile *file)
{
    struct edit edit = {.kind = EDIT_VALUE};
    if (!file->has_key) {
        return regfile_expected(file, "a [KEY] before the first value");
    }
    uint32_t error = read_assignment(file, &edit);
    if (error != 0) {
        free(edit.name);
        free(edit.data);
        return error;
    }
    return edits_add(&file->edits, edit) ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static uint32_t read_header(struct regfile *file)
{
    static const char *const versions[] = {REGFILE_VERSION, "REGEDIT4"};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        if (regfile_word(file, versions[i])) {
            file->version4 = i == 1;
            return end_line(file, "the version");
        }
    }
    return regfile_expected(file, REGFILE_VERSION " or REGEDIT4");
}

static uint32_t read_line(struct regfile *file)
{
    regfile_skip_blanks(file);
    switch (regfile_peek(file)) {
    case u'[':
        return read_key(file);
    case u'"':
    case u'@':
        return read_value(file);
    case u';':
        return end_line(file, "");
    default:
        break;
    }
    if (!regfile_at_line_end(file)) {
        return regfile_expected(file, "[KEY], \"name\"=, @= or a ; comment");
    }
    regfile_skip_line_break(file);
    return 0;
}

static uint32_t read_text(struct regfile *file)
{
    uint32_t error = read_header(file);
    while (error == 0 && file->at < file->length) {
        error = read_line(file);
    }
    return error;
}

static uint32_t load(struct regfile *file)
{
    char *bytes;
    size_t size;
    uint32_t error = platen_os_file_load(file->path, REGFILE_LIMIT, &bytes, &size);
    if (error == 0) {
        error = regfile_decode(file, bytes, size);
        free(bytes);
    }
    return error == 0 ? read_text(file) : error;
}

/* "file: what" for an error that has no place in the file. */
static char *plain_complaint(const char *path, uint32_t error)
{
    const char *what = platen_error_text(error);
    size_t size = platen_text_printable(path, SIZE_MAX, NULL, 0) + 128;
    char *text = malloc(size);
    if (text != NULL) {
        size_t used = platen_text_printable(path, SIZE_MAX, text, size);
        snprintf(text + used, size - used, ": %s", what == NULL ? "it cannot be read" : what);
    }
    return text;
}

uint32_t platen_registry_load(platen_registry *registry, const char *path, char **complaint)
{
    struct regfile file = {.path = path};
    uint32_t error = load(&file);
    if (error == 0) {
        platen_os_mutex_lock(&registry->lock);
        error = edits_apply(registry, &file.edits);
        registry->changed = registry->changed && error != 0;
        platen_os_mutex_unlock(&registry->lock);
    }
    if (error != 0 && file.complaint == NULL && complaint != NULL) {
        file.complaint = plain_complaint(path, error);
    }
    edits_free(&file.edits);
    free(file.text);
    if (complaint != NULL) {
        *complaint = file.complaint;
    } else {
        free(file.complaint);
    }
    return error;
}
