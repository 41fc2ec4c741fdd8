/* SPDX-License-Identifier: MIT */
#include "four.h"

FOUR_PROBE(xcv)

BOOL WINAPI four_xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE handle)
{
    (void)monitor, (void)object;
    *handle = (HANDLE)(ULONG_PTR)access;
    return TRUE;
}

DWORD WINAPI four_xcv_data(HANDLE handle, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                           DWORD out_size, PDWORD needed)
{
    (void)handle, (void)name, (void)in, (void)in_size, (void)out, (void)out_size;
    *needed = 0;
    return ERROR_INVALID_PARAMETER;
}

BOOL WINAPI four_xcv_close(HANDLE handle)
{
    (void)handle;
    return TRUE;
}
