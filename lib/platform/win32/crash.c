/* SPDX-License-Identifier: MIT */
#include "os/crash.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <windows.h>

static void (*_Atomic on_crash)(void);
static LPTOP_LEVEL_EXCEPTION_FILTER before;
static bool installed;
static atomic_ulong at_fault;       /* the thread that is speaking; 0: none */
static struct platen_os_crash what; /* written by that thread */

/* clang-format off */
#define NAMED(name) {(DWORD)name, #name}
/* clang-format on */
static const struct {
    DWORD code;
    const char *name;
} names[] = {
    NAMED(EXCEPTION_ACCESS_VIOLATION),
    NAMED(EXCEPTION_STACK_OVERFLOW),
    NAMED(EXCEPTION_ILLEGAL_INSTRUCTION),
    NAMED(EXCEPTION_PRIV_INSTRUCTION),
    NAMED(EXCEPTION_IN_PAGE_ERROR),
    NAMED(EXCEPTION_INT_DIVIDE_BY_ZERO),
    NAMED(EXCEPTION_INT_OVERFLOW),
    NAMED(EXCEPTION_FLT_DIVIDE_BY_ZERO),
    NAMED(EXCEPTION_FLT_INVALID_OPERATION),
    NAMED(EXCEPTION_DATATYPE_MISALIGNMENT),
    NAMED(EXCEPTION_ARRAY_BOUNDS_EXCEEDED),
    NAMED(EXCEPTION_NONCONTINUABLE_EXCEPTION),
    NAMED(EXCEPTION_INVALID_HANDLE),
    NAMED(EXCEPTION_GUARD_PAGE),
    NAMED(EXCEPTION_BREAKPOINT),
    NAMED(EXCEPTION_SINGLE_STEP),
    {0xC0000374, "STATUS_HEAP_CORRUPTION"},
    {0xC0000409, "STATUS_STACK_BUFFER_OVERRUN"},
    {0x80000100, "EXCEPTION_WINE_STUB"},
    {0xE06D7363, "a C++ exception"},
    {SIGABRT, "abort()"},
};

const struct platen_os_crash *platen_os_crash_now(void)
{
    return &what;
}

static void note(DWORD code, const EXCEPTION_RECORD *record, const void *context)
{
    what.code = code;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        what.name = names[i].code == code ? names[i].name : what.name;
    what.has_address =
        record != NULL && record->NumberParameters > 1 &&
        (code == (DWORD)EXCEPTION_ACCESS_VIOLATION || code == (DWORD)EXCEPTION_IN_PAGE_ERROR);
    what.address = what.has_address ? record->ExceptionInformation[1] : 0;
    what.context = context;
}

static void speak(DWORD code, const EXCEPTION_RECORD *record, const void *context)
{
    unsigned long self = GetCurrentThreadId();
    unsigned long nobody = 0;
    void (*handler)(void) = atomic_load(&on_crash);

    if (atomic_compare_exchange_strong(&at_fault, &nobody, self))
        note(code, record, context);
    else if (nobody != self)
        Sleep(INFINITE);
    if (handler != NULL)
        handler();
}

/* With a full stack Wine would end this thread alone, because what it does next needs more. */
static LONG WINAPI on_fault(EXCEPTION_POINTERS *fault)
{
    DWORD code = fault->ExceptionRecord->ExceptionCode;

    speak(code, fault->ExceptionRecord, fault->ContextRecord);
    if (code == (DWORD)EXCEPTION_STACK_OVERFLOW)
        TerminateProcess(GetCurrentProcess(), code);
    return before != NULL ? before(fault) : EXCEPTION_CONTINUE_SEARCH;
}

/* abort() goes on after this. */
static void on_abort(int number)
{
    CONTEXT context;
    RtlCaptureContext(&context);
    speak((DWORD)number, NULL, &context);
}

void platen_os_on_crash(void (*handler)(void))
{
    atomic_store(&on_crash, handler);
    if (handler != NULL && !installed) {
        before = SetUnhandledExceptionFilter(on_fault);
        signal(SIGABRT, on_abort);
    }
    if (handler == NULL && installed) {
        SetUnhandledExceptionFilter(before);
        signal(SIGABRT, SIG_DFL);
    }
    installed = handler != NULL;
}

/* The system keeps some of each stack for this. */
void platen_os_crash_prepare_thread(void)
{
    ULONG bytes = 32u * 1024;
    SetThreadStackGuarantee(&bytes);
}
