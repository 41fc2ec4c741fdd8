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
static atomic_ulong at_fault; /* the thread that is speaking; 0: none */

static void speak(void)
{
    unsigned long self = GetCurrentThreadId();
    unsigned long nobody = 0;
    void (*handler)(void) = atomic_load(&on_crash);

    if (!atomic_compare_exchange_strong(&at_fault, &nobody, self) && nobody != self)
        Sleep(INFINITE);
    if (handler != NULL)
        handler();
}

/* With a full stack Wine would end this thread alone, because what it does next needs more. */
static LONG WINAPI on_fault(EXCEPTION_POINTERS *fault)
{
    DWORD code = fault->ExceptionRecord->ExceptionCode;

    speak();
    if (code == (DWORD)EXCEPTION_STACK_OVERFLOW)
        TerminateProcess(GetCurrentProcess(), code);
    return before != NULL ? before(fault) : EXCEPTION_CONTINUE_SEARCH;
}

/* abort() goes on after this. */
static void on_abort(int number)
{
    (void)number;
    speak();
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
