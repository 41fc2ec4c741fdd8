/* SPDX-License-Identifier: MIT
 *
 * Basic types in the manner of WinPR: fixed widths, char16_t, no calling convention, and the newest
 * MONITOR2.
 */
#include <stdint.h>
#include <uchar.h>

#define WINAPI
#define VOID void
typedef int32_t BOOL, LONG;
typedef uint8_t BYTE, *PBYTE, *LPBYTE;
typedef uint16_t WORD;
typedef uint32_t DWORD, *PDWORD, *LPDWORD, ACCESS_MASK, REGSAM;
typedef char16_t WCHAR, *LPWSTR;
typedef const char16_t *LPCWSTR, *PCWSTR;
typedef void *HANDLE, **PHANDLE, *LPVOID, *HWND;
#define STANDIN_HKEY       HANDLE
#define STANDIN_GENERATION 8
#include "structures.h"
