/* SPDX-License-Identifier: MIT */
/* Folders and files that are written, through libuv: UTF-8 paths on every system. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

char *show_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    if (text) {
        va_start(arguments, format);
        vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    return text;
}

char *show_join(const char *folder, const char *name)
{
    return show_print("%s/%s", folder, name);
}

int show_writer_open(struct show_writer *writer, const char *path)
{
    uv_fs_t request;
    int flags = UV_FS_O_WRONLY | UV_FS_O_CREAT | UV_FS_O_TRUNC;
    int status = uv_fs_open(NULL, &request, path, flags, 0666, NULL);
    uv_fs_req_cleanup(&request);
    writer->file = status;
    writer->fill = 0;
    writer->failed = status < 0 ? status : 0;
    return writer->failed;
}

void show_writer_flush(struct show_writer *writer)
{
    size_t done = 0;
    while (done < writer->fill && !writer->failed) {
        uv_fs_t request;
        uv_buf_t buffer = uv_buf_init(writer->bytes + done, (unsigned)(writer->fill - done));
        int status = uv_fs_write(NULL, &request, writer->file, &buffer, 1, -1, NULL);
        uv_fs_req_cleanup(&request);
        writer->failed = status < 0 ? status : 0;
        done += status > 0 ? (size_t)status : 0;
    }
    writer->fill = 0;
}

void show_put(struct show_writer *writer, const char *text)
{
    for (; *text; text++) {
        if (writer->fill == sizeof writer->bytes) {
            show_writer_flush(writer);
        }
        writer->bytes[writer->fill++] = *text;
    }
}

void show_putf(struct show_writer *writer, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    show_put(writer, text);
}

int show_writer_close(struct show_writer *writer)
{
    if (writer->file < 0) {
        return writer->failed;
    }
    show_writer_flush(writer);
    uv_fs_t request;
    int status = uv_fs_close(NULL, &request, writer->file, NULL);
    uv_fs_req_cleanup(&request);
    return writer->failed ? writer->failed : status;
}

static int make_one(const char *path)
{
    uv_fs_t request;
    int status = uv_fs_mkdir(NULL, &request, path, 0777, NULL);
    uv_fs_req_cleanup(&request);
    return status;
}

static int must_be_folder(const char *path)
{
    uv_fs_t request;
    int status = uv_fs_stat(NULL, &request, path, NULL);
    bool folder = (request.statbuf.st_mode & S_IFMT) == S_IFDIR;
    uv_fs_req_cleanup(&request);
    return status < 0 ? status : folder ? 0 : UV_ENOTDIR;
}

/* Parents first; that one of them exists or cannot be made shows at the last. */
int show_make_folder(const char *path)
{
    char *part = show_print("%s", path);
    if (!part) {
        return UV_ENOMEM;
    }
    for (char *c = part + (part[0] != 0); *c; c++) {
        if (*c == '/') {
            *c = 0;
            make_one(part);
            *c = '/';
        }
    }
    int status = make_one(part);
    int found = must_be_folder(part);
    free(part);
    if (found == 0) {
        return 0;
    }
    return found == UV_ENOTDIR || status == 0 || status == UV_EEXIST ? found : status;
}

/* The system's folder for temporary files; from the heap. */
static char *system_temporary(void)
{
    size_t size = 4096;
    char *path = malloc(size);
    if (path && uv_os_tmpdir(path, &size) < 0) {
        free(path);
        return NULL;
    }
    return path;
}

int show_temporary(const char *parent, char **out)
{
    *out = NULL;
    char *from_system = parent ? NULL : system_temporary();
    const char *folder = parent ? parent : from_system;
    char *template = folder ? show_join(folder, ".platen-show-XXXXXX") : NULL;
    free(from_system);
    if (!template) {
        return UV_ENOMEM;
    }
    uv_fs_t request;
    int status = uv_fs_mkdtemp(NULL, &request, template, NULL);
    if (status == 0) {
        *out = show_print("%s", request.path);
        status = *out ? 0 : UV_ENOMEM;
    }
    uv_fs_req_cleanup(&request);
    free(template);
    return status;
}

static void remove_file(const char *path)
{
    uv_fs_t request;
    uv_fs_unlink(NULL, &request, path, NULL);
    uv_fs_req_cleanup(&request);
}

static void remove_in(const char *folder, const char *name)
{
    char *file = show_join(folder, name);
    if (file) {
        remove_file(file);
    }
    free(file);
}

static void remove_files(const char *path)
{
    uv_fs_t listing;
    uv_dirent_t entry;
    int count = uv_fs_scandir(NULL, &listing, path, 0, NULL);
    while (count >= 0 && uv_fs_scandir_next(&listing, &entry) == 0) {
        remove_in(path, entry.name);
    }
    uv_fs_req_cleanup(&listing);
}

void show_remove_folder(const char *path)
{
    remove_files(path);
    uv_fs_t request;
    uv_fs_rmdir(NULL, &request, path, NULL);
    uv_fs_req_cleanup(&request);
}

int show_move(const char *from, const char *to)
{
    uv_fs_t request;
    int status = uv_fs_rename(NULL, &request, from, to, NULL);
    uv_fs_req_cleanup(&request);
    if (status != UV_EXDEV) {
        return status;
    }
    status = uv_fs_copyfile(NULL, &request, from, to, 0, NULL);
    uv_fs_req_cleanup(&request);
    remove_file(from);
    return status;
}

int show_absolute(const char *path, char **out)
{
    uv_fs_t request;
    *out = NULL;
    int status = uv_fs_realpath(NULL, &request, path, NULL);
    if (status == 0) {
        *out = show_print("%s", (const char *)request.ptr);
        status = *out ? 0 : UV_ENOMEM;
    }
    uv_fs_req_cleanup(&request);
    return status;
}

/* Signature, then the chunk IHDR with width and height in network order. */
bool show_png_size(const char *path, unsigned *width, unsigned *height)
{
    struct show_source *source;
    unsigned char bytes[24] = {0};
    *width = *height = 0;
    if (show_source_open(path, &source, NULL) != 0) {
        return false;
    }
    size_t count = show_read(source, bytes, sizeof bytes);
    show_source_close(source);
    if (count < sizeof bytes || memcmp(bytes, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) != 0) {
        return false;
    }
    *width = (unsigned)bytes[16] << 24 | bytes[17] << 16 | bytes[18] << 8 | bytes[19];
    *height = (unsigned)bytes[20] << 24 | bytes[21] << 16 | bytes[22] << 8 | bytes[23];
    return *width > 0 && *height > 0;
}
