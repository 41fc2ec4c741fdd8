/* SPDX-License-Identifier: MIT */
#include "report/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/error.h"

#define BEGINNING 512 /* of an existing file is looked at */

/* Is what stands at the path known to be a pipe, a device or the like? Opening a pipe to look at it
 * could wait for ever. */
static bool is_special(const char *path)
{
    const char *name = platen_os_path_name(path);
    platen_os_root *root;
    char *folder = malloc((size_t)(name - path) + 2);
    if (folder == NULL) {
        return false;
    }
    memcpy(folder, path, (size_t)(name - path));
    strcpy(folder + (name - path), name == path ? "." : "");
    uint32_t error = platen_os_root_open(folder, &root);
    if (error == 0) {
        error = platen_os_root_check(root, name);
        platen_os_root_close(root);
    }
    free(folder);
    return error == PLATEN_BAD_DEV_TYPE;
}

/* The first bytes of a regular file; false if it is something else or cannot be read. */
static bool read_beginning(const char *path, char text[BEGINNING + 1])
{
    platen_os_file file;
    uint64_t size;
    size_t moved = 0;
    if (is_special(path) || platen_os_file_open_read(path, &file) != 0) {
        return false;
    }
    bool read = platen_os_file_size(file, &size) == 0 &&
                platen_os_file_read(file, text, BEGINNING, &moved) == 0;
    platen_os_file_close(file);
    text[moved] = '\0';
    return read;
}

/* XML has its declaration before what tells one document from another. */
static const char *skip_declaration(const char *text)
{
    if (strncmp(text, "<?xml", 5) == 0) {
        const char *end = strstr(text, "?>");
        text = end == NULL ? text : end + 2;
    }
    return text + strspn(text, " \t\r\n");
}

static bool is_ours(const char *text, const char *const *beginnings)
{
    text = skip_declaration(text);
    bool ours = *text == '\0';
    for (; *beginnings != NULL; beginnings++) {
        ours = ours || strncmp(text, *beginnings, strlen(*beginnings)) == 0;
    }
    return ours;
}

static bool is_regular(platen_os_file file)
{
    uint64_t size;
    return platen_os_file_size(file, &size) == 0;
}

uint32_t output_open(struct output *output, const char *path, const char *const *beginnings,
                     bool whole)
{
    char beginning[BEGINNING + 1];
    *output = (struct output){.file = PLATEN_OS_NO_FILE, .standard = strcmp(path, "-") == 0};
    if (!output->standard && read_beginning(path, beginning) && !is_ours(beginning, beginnings)) {
        return PLATEN_FILE_EXISTS;
    }
    output->path = malloc(strlen(path) + 1);
    if (output->path == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    strcpy(output->path, path);
    uint32_t error = 0;
    if (output->standard) {
        output->file = platen_os_file_standard(PLATEN_OS_STDOUT);
    } else {
        error = platen_os_file_open_write(path, &output->file);
        output->at_once = error == 0 && whole && is_regular(output->file);
    }
    if (error != 0) {
        free(output->path);
        output->path = NULL;
    }
    return error;
}

static void note_error(struct output *output, uint32_t error)
{
    if (output->error == 0) {
        output->error = error;
    }
}

void output_flush(struct output *output)
{
    if (output->text.failed) {
        note_error(output, PLATEN_NOT_ENOUGH_MEMORY);
    }
    if (output->at_once || output->text.length == 0) {
        return;
    }
    if (output->standard) {
        fflush(stdout); /* what others wrote there before this */
    }
    if (output->error == 0) {
        note_error(output,
                   platen_os_file_write_all(output->file, output->text.bytes, output->text.length));
    }
    text_clear(&output->text);
}

void output_settle(struct output *output)
{
    if (!output->at_once || output->settled) {
        return;
    }
    output_flush(output);
    output->settled = true;
    note_error(output, platen_os_file_close(output->file)); /* before it is replaced */
    output->file = PLATEN_OS_NO_FILE;
    if (output->error == 0) {
        note_error(output, platen_os_file_replace(output->path, text_string(&output->text),
                                                  output->text.length));
    }
}

uint32_t output_close(struct output *output)
{
    output_settle(output);
    output_flush(output);
    if (!output->standard && !output->settled) {
        note_error(output, platen_os_file_close(output->file));
    }
    output->file = PLATEN_OS_NO_FILE;
    text_free(&output->text);
    return output->error;
}
