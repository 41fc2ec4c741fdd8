/* SPDX-License-Identifier: MIT
 *
 * On 64 bits the modules say how to step back; on 32 bits there are frame pointers, if the compiler
 * kept them. Neither leaves the thread's stack.
 */
#include "host/stack.h"

#include <windows.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

void host_stack_prepare(void)
{
}

struct bounds {
    uintptr_t low;
    uintptr_t high;
};

static struct bounds stack_here(void)
{
    ULONG_PTR low = 0;
    ULONG_PTR high = 0;
    GetCurrentThreadStackLimits(&low, &high);
    return (struct bounds){low, high};
}

static bool holds(const struct bounds *stack, uintptr_t at, size_t bytes)
{
    return at % sizeof at == 0 && at >= stack->low && at < stack->high && stack->high - at >= bytes;
}

#if defined(_M_X64) || defined(__x86_64__)
static unsigned walk(const CONTEXT *from, uintptr_t *frames)
{
    CONTEXT context = *from;
    struct bounds stack = stack_here();
    unsigned count = 0;
    while (count < HOST_STACK_DEEP && context.Rip != 0) {
        DWORD64 base = 0;
        DWORD64 before = context.Rsp;
        PVOID data;
        DWORD64 establisher;
        frames[count] = (uintptr_t)context.Rip - (count > 0);
        count++;
        PRUNTIME_FUNCTION function = RtlLookupFunctionEntry(context.Rip, &base, NULL);
        if (!holds(&stack, (uintptr_t)context.Rsp, 2 * sizeof(void *))) {
            break;
        }
        if (function != NULL) {
            RtlVirtualUnwind(UNW_FLAG_NHANDLER, base, context.Rip, function, &context, &data,
                             &establisher, NULL);
        } else {
            context.Rip = *(const DWORD64 *)(uintptr_t)context.Rsp;
            context.Rsp += sizeof(DWORD64);
        }
        if (context.Rsp <= before) {
            break;
        }
    }
    return count;
}
#else
static unsigned walk(const CONTEXT *from, uintptr_t *frames)
{
    struct bounds stack = stack_here();
    uintptr_t at = from->Ebp;
    unsigned count = 0;
    frames[count++] = from->Eip;
    while (count < HOST_STACK_DEEP && holds(&stack, at, 2 * sizeof at)) {
        const uintptr_t *frame = (const uintptr_t *)at;
        if (frame[1] == 0 || frame[0] <= at) {
            break;
        }
        frames[count++] = frame[1] - 1;
        at = frame[0];
    }
    return count;
}
#endif

/* The last part of the module's path; what is not plain becomes a question mark. */
static size_t put_module(HMODULE module, char *to, size_t size)
{
    WCHAR path[MAX_PATH];
    DWORD length = GetModuleFileNameW(module, path, MAX_PATH);
    DWORD begin = length;
    size_t used = 0;
    while (begin > 0 && path[begin - 1] != L'\\' && path[begin - 1] != L'/') {
        begin--;
    }
    for (; begin < length && used + 1 < size; begin++) {
        bool plain = path[begin] > L' ' && path[begin] < 0x7f && path[begin] != L'"';
        to[used++] = plain ? (char)path[begin] : '?';
    }
    to[used] = '\0';
    return used;
}

static HMODULE module_of(uintptr_t at)
{
    HMODULE module = NULL;
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                           GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                       (LPCWSTR)at, &module);
    return module;
}

static size_t put_frame(uintptr_t at, HMODULE module, char *to, size_t size)
{
    char name[80];
    if (module == NULL) {
        return (size_t)snprintf(to, size, "\"0x%llx\"", (unsigned long long)at);
    }
    put_module(module, name, sizeof name);
    return (size_t)snprintf(to, size, "\"%s+0x%llx\"", name,
                            (unsigned long long)(at - (uintptr_t)module));
}

size_t host_stack_tell(const struct platen_os_crash *what, char *to, size_t size)
{
    uintptr_t frames[HOST_STACK_DEEP];
    CONTEXT here;
    size_t used = 0;
    bool left = false;
    to[0] = '\0';
    if (what != NULL && what->code == (DWORD)EXCEPTION_STACK_OVERFLOW) {
        return 0; /* there is no room for it */
    }
    if (what == NULL) {
        RtlCaptureContext(&here);
    }
    unsigned count = walk(what == NULL ? &here : what->context, frames);
    for (unsigned i = 0; i < count && used + 128 < size; i++) {
        HMODULE module = module_of(frames[i]);
        bool own = module == GetModuleHandleW(NULL);
        if (own && left) {
            break;
        }
        left = left || !own;
        if (left || what != NULL) {
            used += (size_t)snprintf(to + used, size - used, used == 0 ? " stack=[" : " ");
            used += put_frame(frames[i], module, to + used, size - used);
        }
    }
    return used == 0 ? 0 : used + (size_t)snprintf(to + used, size - used, "]");
}
