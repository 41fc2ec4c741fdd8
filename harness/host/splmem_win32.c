/* SPDX-License-Identifier: MIT
 *
 * The allocators that spoolss.dll lends to monitors. Wine's has four of them and only the names of
 * the others.
 */
#include "host/native_win32.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static LPVOID WINAPI alloc_mem(DWORD size)
{
    return calloc(1, size > 0 ? size : 1);
}

static BOOL WINAPI free_mem(LPVOID memory)
{
    free(memory);
    return TRUE;
}

static LPVOID WINAPI realloc_mem(LPVOID memory, DWORD before, DWORD size)
{
    LPVOID made = alloc_mem(size);
    if (made != NULL && memory != NULL) {
        memcpy(made, memory, before < size ? before : size);
        free(memory);
    }
    return made;
}

static LPWSTR WINAPI alloc_str(LPCWSTR text)
{
    return text == NULL ? NULL : _wcsdup(text);
}

static BOOL WINAPI free_str(LPWSTR text)
{
    free(text);
    return TRUE;
}

static BOOL WINAPI realloc_str(LPWSTR *place, LPCWSTR text)
{
    free(*place);
    *place = alloc_str(text);
    return TRUE;
}

static void *WINAPI alloc_rpc(size_t size)
{
    return calloc(1, size > 0 ? size : 1);
}

static void WINAPI free_rpc(void *memory)
{
    free(memory);
}

const struct host_stand_in host_splmem[] = {
    {"AllocSplStr", (host_function)alloc_str},
    {"DllAllocSplMem", (host_function)alloc_mem},
    {"DllAllocSplStr", (host_function)alloc_str},
    {"DllFreeSplMem", (host_function)free_mem},
    {"DllFreeSplStr", (host_function)free_str},
    {"DllReallocSplMem", (host_function)realloc_mem},
    {"DllReallocSplStr", (host_function)realloc_str},
    {"MIDL_user_allocate1", (host_function)alloc_rpc},
    {"MIDL_user_free1", (host_function)free_rpc},
    {"ReallocSplMem", (host_function)realloc_mem},
    {"ReallocSplStr", (host_function)realloc_str},
    {NULL, NULL},
};
