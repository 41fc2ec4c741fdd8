/* SPDX-License-Identifier: MIT
 *
 * Basic types in the manner of Wine: Windows' calling convention on every processor, WCHAR without
 * a character type, LONG an int where long has 64 bits.
 */
#if defined(__x86_64__)
#    define WINAPI __attribute__((ms_abi))
#elif defined(__i386__)
#    define WINAPI __attribute__((__stdcall__)) __attribute__((__force_align_arg_pointer__))
#else
#    define WINAPI
#endif
#ifndef STANDIN_WCHAR
#    define STANDIN_WCHAR unsigned short
#endif
#ifndef STANDIN_LONG
#    define STANDIN_LONG int
#endif
#define VOID void
typedef int BOOL;
typedef unsigned char BYTE, *PBYTE, *LPBYTE;
typedef unsigned short WORD;
typedef unsigned int DWORD, *PDWORD, *LPDWORD, ACCESS_MASK, REGSAM;
typedef STANDIN_LONG LONG;
typedef STANDIN_WCHAR WCHAR, *LPWSTR;
typedef const STANDIN_WCHAR *LPCWSTR, *PCWSTR;
typedef void *HANDLE, **PHANDLE, *LPVOID;
typedef struct HWND__ *HWND;
#define STANDIN_HKEY       HANDLE
#define STANDIN_GENERATION 7
#include "structures.h"
