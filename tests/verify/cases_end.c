/* SPDX-License-Identifier: MIT
 *
 * R119: Shutdown is last, and once; and whose identity a call has.
 */
#include "break.h"

#include "os/thread.h"

static void play_life(struct stage *s)
{
    uint32_t error;

    stage_print(s, 1, 200);
    platen_xcv *xcv = stage_xcv(s, ",XcvMonitor Verify");
    if (xcv != NULL)
        stage_port_command(s, xcv, "AddPort", u"V9:", &error);
    /* left open: the spooler's end closes it */
}

SHUTDOWN_BREAK(twice)
{
    REAL_SHUTDOWN();
    REAL_SHUTDOWN();
}
WRAP(break_twice, pfnShutdown, twice)

SHUTDOWN_BREAK(never)
{
    (void)h;
}
WRAP(break_never, pfnShutdown, never)

SHUTDOWN_BREAK(asks_afterwards)
{
    DWORD needed, returned;

    REAL_SHUTDOWN();
    stage_real()->pfnEnumPorts(h, NULL, 1, NULL, 0, &needed, &returned);
}
WRAP(break_after, pfnShutdown, asks_afterwards)

/* Xcv handles are closed when the monitor has gone. */
static HANDLE left;

XCV_CLOSE_BREAK(keeps)
{
    left = xcv;
    return TRUE;
}

SHUTDOWN_BREAK(closes_behind)
{
    REAL_SHUTDOWN();
    stage_real()->pfnXcvClosePort(left);
}

static void break_xcv(MONITOR2 *table)
{
    table->pfnXcvClosePort = keeps;
    table->pfnShutdown = closes_behind;
}

static void shut_down_there(void *argument)
{
    stage_real()->pfnShutdown(argument);
}

/* Another thread ends it while a call is under way. */
static void end_meanwhile(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    (void)port;
    if (at == VERIFY_XCV_DATA && stage_once())
        verify_on_thread(shut_down_there, stage_instance());
}

static void prepare_reverts(struct stage *s)
{
    s->v.reverts = true;
}

static HANDLE WINAPI no_token(VOID)
{
    return NULL;
}

static void break_token(PLATEN_IMPORTS *imports)
{
    imports->RevertToPrinterSelf = no_token;
}

static BOOL WINAPI no_way_back(HANDLE token)
{
    (void)token;
    return fails_with(PLATEN_ACCESS_DENIED);
}

static void break_way_back(PLATEN_IMPORTS *imports)
{
    imports->ImpersonatePrinterClient = no_way_back;
}

/* In some functions alone. */
static HANDLE WINAPI token_of_jobs(VOID)
{
    return atomic_load(&stage_now()->v.calls[VERIFY_SHUTDOWN]) == 0
               ? stage_spl->RevertToPrinterSelf()
               : NULL;
}

static void break_some(PLATEN_IMPORTS *imports)
{
    imports->RevertToPrinterSelf = token_of_jobs;
}

const struct stage_case stage_end_cases[] = {
    {119,
     "Shutdown is last, and once",
     NULL,
     play_life,
     {{.how = "twice", .wrap = break_twice},
      {.how = "never", .wrap = break_never},
      {.how = "not last", .wrap = break_after},
      {.how = "before the Xcv handles are closed", .wrap = break_xcv},
      {.how = "while a call is under way", .meanwhile = end_meanwhile}}},
    {119,
     "identity can be changed in every call",
     prepare_reverts,
     play_life,
     {{.how = "no token", .imports = break_token},
      {.how = "no way back", .imports = break_way_back},
      {.how = "not in Shutdown", .imports = break_some}}},
    {.rule = 0},
};
