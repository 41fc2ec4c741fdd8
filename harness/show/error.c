/* SPDX-License-Identifier: MIT */
/* Errors: one Win32 code and one sentence. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

static const struct {
    int uv;
    uint32_t code;
} codes[] = {
    {UV_ENOENT, SHOW_FILE_NOT_FOUND},
    {UV_ENOTDIR, 3},
    {UV_EACCES, SHOW_ACCESS_DENIED},
    {UV_EPERM, SHOW_ACCESS_DENIED},
    {UV_EROFS, 19},
    {UV_ENOMEM, SHOW_NO_MEMORY},
    {UV_ENOSPC, SHOW_DISK_FULL},
    {UV_EMFILE, 4},
    {UV_ENFILE, 4},
    {UV_EIO, SHOW_READ_FAULT},
    {UV_EISDIR, SHOW_ACCESS_DENIED},
    {UV_ENAMETOOLONG, 206},
    {UV_ELOOP, 1921},
    {UV_EINVAL, SHOW_INVALID_PARAMETER},
};

static uint32_t code_of(int uv)
{
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (codes[i].uv == uv) {
            return codes[i].code;
        }
    }
    return SHOW_GEN_FAILURE;
}

uint32_t show_fail(struct platen_show_error *error, uint32_t code, const char *format, ...)
{
    if (error) {
        va_list arguments;
        va_start(arguments, format);
        error->code = code;
        vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
    }
    return code;
}

uint32_t show_fail_uv(struct platen_show_error *error, int uv, const char *what, const char *path)
{
    char name[320];
    char why[96];
    uv_strerror_r(uv, why, sizeof why);
    platen_show_escape(name, sizeof name, path);
    return show_fail(error, code_of(uv), "%s %s: %s", what, name, why);
}
