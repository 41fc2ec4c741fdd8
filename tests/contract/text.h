/* SPDX-License-Identifier: MIT
 *
 * The few lines that all monitors of this folder have in common.
 */
#ifndef PLATEN_CONTRACT_TEXT_H
#define PLATEN_CONTRACT_TEXT_H

#include <platen/winsplp.h>

#include <stdlib.h>
#include <string.h>

/* Built a second time, every name is another: nobody may rely on one. */
#ifdef RENAMED
#    define NAME(one, other)   TEXT(other)
#    define NARROW(one, other) other
#else
#    define NAME(one, other)   TEXT(one)
#    define NARROW(one, other) one
#endif

static inline BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static inline DWORD text_bytes(LPCWSTR text)
{
    return (DWORD)((lstrlenW(text) + 1) * sizeof(WCHAR));
}

/* Strings are packed against the end of the caller's buffer (R15). */
static inline LPWSTR pack(BYTE **end, LPCWSTR text)
{
    *end -= text_bytes(text);
    memcpy(*end, text, text_bytes(text));
    return (LPWSTR)(void *)*end;
}

#endif
