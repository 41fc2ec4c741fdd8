/* SPDX-License-Identifier: MIT
 *
 * Basic types in the manner of ReactOS: STRICT handles, each a pointer to a structure of its own,
 * and __stdcall on 32-bit x86 alone.
 */
#if defined(__i386__)
#    define WINAPI __attribute__((__stdcall__))
#else
#    define WINAPI
#endif
#define DECLARE_HANDLE(name)                                                                       \
    typedef struct name##__ {                                                                      \
        int unused;                                                                                \
    } * name
#define VOID void
typedef void *HANDLE, **PHANDLE, *LPVOID;
DECLARE_HANDLE(HWND);
DECLARE_HANDLE(HKEY);
typedef int BOOL;
typedef unsigned char BYTE, *PBYTE, *LPBYTE;
typedef unsigned short WORD, WCHAR, *LPWSTR;
typedef unsigned int DWORD, *PDWORD, *LPDWORD, ACCESS_MASK, REGSAM;
typedef int LONG;
typedef const unsigned short *LPCWSTR, *PCWSTR;
#define STANDIN_HKEY       HKEY
#define STANDIN_GENERATION 7
#include "structures.h"
