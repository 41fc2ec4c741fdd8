/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "inspect/reader.h"
#include "os/file.h"
#include "os/text.h"

#define LARGEST   (1u << 30)
#define LONG_TEXT 4096u

uint64_t image_number(const struct platen_image *image, uint64_t offset, unsigned bytes)
{
    uint64_t value = 0;
    if (!image_holds(image, offset, bytes)) {
        return 0;
    }
    const unsigned char *at = (const unsigned char *)image->data + offset;
    for (unsigned i = bytes; i > 0; i--) {
        value = value << 8 | at[i - 1];
    }
    return value;
}

const char *image_text(const struct platen_image *image, uint64_t offset)
{
    if (offset >= image->size) {
        return NULL;
    }
    size_t left = image->size - (size_t)offset;
    const char *text = image->data + offset;
    return memchr(text, '\0', left < LONG_TEXT ? left : LONG_TEXT) != NULL ? text : NULL;
}

void *image_append(void **array, size_t *count, size_t size)
{
    bool full = (*count & (*count - 1)) == 0; /* at each power of two, and at 0 */
    if (full) {
        void *larger = realloc(*array, (*count == 0 ? 1 : *count * 2) * size);
        if (larger == NULL) {
            return NULL;
        }
        *array = larger;
    }
    char *made = (char *)*array + (*count)++ * size;
    memset(made, 0, size);
    return made;
}

static char *sentence(const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    return copy == NULL ? NULL : strcpy(copy, text);
}

static uint32_t read_format(struct platen_image *image, const char **reason)
{
    static const char elf[] = "\177ELF";
    if (image->size >= 4 && memcmp(image->data, elf, 4) == 0) {
        return image_read_elf(image, reason);
    }
    if (image->size >= 2 && memcmp(image->data, "MZ", 2) == 0) {
        return image_read_pe(image, reason);
    }
    *reason = image->size == 0 ? "the file is empty" : "neither an ELF file nor a PE file";
    return PLATEN_BAD_EXE_FORMAT;
}

uint32_t platen_image_read(const char *path, struct platen_image **image, char **complaint)
{
    const char *reason = NULL;
    struct platen_image *made = calloc(1, sizeof *made);

    *image = NULL;
    if (complaint != NULL) {
        *complaint = NULL;
    }
    uint32_t error = made == NULL ? PLATEN_NOT_ENOUGH_MEMORY
                                  : platen_os_file_load(path, LARGEST, &made->data, &made->size);
    if (error == 0) {
        error = read_format(made, &reason);
    }
    if (error != 0) {
        platen_image_destroy(made);
        if (complaint != NULL && reason != NULL) {
            *complaint = sentence(reason);
        }
        return error;
    }
    *image = made;
    return 0;
}

void platen_image_destroy(struct platen_image *image)
{
    if (image == NULL) {
        return;
    }
    for (size_t i = 0; i < image->library_count; i++) {
        free(image->libraries[i].path);
    }
    free(image->libraries);
    free(image->exports);
    free(image->imports);
    free(image->room);
    free(image->data);
    free(image);
}

/* "_Name@8" is stdcall's way to write Name on i386. */
static bool is_called(const char *name, const char *wanted)
{
    size_t length = strlen(wanted);
    if (strcmp(name, wanted) == 0) {
        return true;
    }
    name += *name == '_';
    return strncmp(name, wanted, length) == 0 && name[length] == '@' &&
           strspn(name + length + 1, "0123456789") == strlen(name + length + 1);
}

const struct platen_image_export *platen_image_find(const struct platen_image *image,
                                                    const char *name)
{
    const struct platen_image_export *found = NULL;
    for (size_t i = 0; i < image->export_count; i++) {
        if (strcmp(image->exports[i].name, name) == 0) {
            return &image->exports[i];
        }
        if (found == NULL && is_called(image->exports[i].name, name)) {
            found = &image->exports[i];
        }
    }
    return found;
}
