/* SPDX-License-Identifier: MIT
 *
 * R108: SetPort steers the port.
 */
#include "break.h"

#include <string.h>

static uint32_t set_port(struct stage *s, DWORD level, const char16_t *port, DWORD severity,
                         DWORD status, const char16_t *text)
{
    PORT_INFO_3W info = {
        .dwStatus = status, .pszStatus = (LPWSTR)(uintptr_t)text, .dwSeverity = severity};

    if (s->imports.SetPortW(NULL, (LPWSTR)(uintptr_t)port, level, (LPBYTE)&info))
        return 0;
    return stage_spl->GetLastError();
}

/* ---- stopping, going on ------------------------------------------------------------------------
 */

/* Paper runs out at the end of the first job. */
static uint32_t runs_out(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    if (at == VERIFY_END && port->starts == 1)
        verify_set_port(v, port, PORT_STATUS_PAPER_OUT, PORT_STATUS_TYPE_ERROR);
    return 0;
}

static void prepare_paper(struct stage *s)
{
    s->v.inside = runs_out;
}

static void play_paper(struct stage *s)
{
    stage_print(s, 1, 100);
    uint32_t second = stage_submit(s, "Printer", 2, 100);
    enum platen_job_state state = stage_state_at_rest(s, second, 1);
    KEPT(s, state == PLATEN_JOB_QUEUED, "the port is stopped, and its job is in state %d",
         (int)state);
    uint32_t code = verify_set_port(&s->v, &s->v.ports[0], 0, 0);
    KEPT(s, code == 0, "the status cannot be cleared: %u", (unsigned)code);
    state = stage_state_at_rest(s, second, 1);
    KEPT(s, state == PLATEN_JOB_PRINTED, "the port is free, and its job is in state %d",
         (int)state);
}

static BOOL WINAPI swallows(LPWSTR server, LPWSTR port, DWORD level, LPBYTE info)
{
    (void)server;
    (void)port;
    (void)level;
    (void)info;
    return TRUE;
}

static BOOL WINAPI swallows_clearing(LPWSTR server, LPWSTR port, DWORD level, LPBYTE info)
{
    const PORT_INFO_3W *told = (const PORT_INFO_3W *)(const void *)info;

    return told->dwStatus == 0 ? TRUE : stage_spl->SetPortW(server, port, level, info);
}

static BOOL set_other(LPWSTR server, LPWSTR port, DWORD level, const BYTE *info, DWORD severity)
{
    PORT_INFO_3W other;

    memcpy(&other, info, sizeof other);
    other.dwSeverity = severity;
    return stage_spl->SetPortW(server, port, level, (LPBYTE)&other);
}

/* All is information. */
static BOOL WINAPI informs(LPWSTR server, LPWSTR port, DWORD level, LPBYTE info)
{
    return set_other(server, port, level, info, PORT_STATUS_TYPE_INFO);
}

/* All is an error. */
static BOOL WINAPI alarms(LPWSTR server, LPWSTR port, DWORD level, LPBYTE info)
{
    return set_other(server, port, level, info, PORT_STATUS_TYPE_ERROR);
}

#define BREAK(name, function)                                                                      \
    static void name(PLATEN_IMPORTS *imports)                                                      \
    {                                                                                              \
        imports->SetPortW = function;                                                              \
    }
BREAK(break_deaf, swallows)
BREAK(break_clearing, swallows_clearing)
BREAK(break_error, informs)
BREAK(break_warning, alarms)

/* ---- what only informs -------------------------------------------------------------------------
 */

static void play_information(struct stage *s)
{
    static const DWORD severities[] = {PORT_STATUS_TYPE_WARNING, PORT_STATUS_TYPE_INFO};

    stage_print(s, 3, 10);
    for (unsigned i = 0; i < 2; i++) {
        verify_set_port(&s->v, &s->v.ports[0], PORT_STATUS_TONER_LOW, severities[i]);
        uint32_t job = stage_submit(s, "Printer", 4 + i, 100);
        enum platen_job_state state = stage_state_at_rest(s, job, 1);
        KEPT(s, state == PLATEN_JOB_PRINTED, "severity %u keeps a job in state %d",
             (unsigned)severities[i], (int)state);
    }
}

/* ---- texts and codes ---------------------------------------------------------------------------
 */

static void play_text(struct stage *s)
{
    stage_print(s, 6, 10);
    set_port(s, 3, u"V1:", PORT_STATUS_TYPE_ERROR, 0, u"Somebody has taken the paper");
    uint32_t job = stage_submit(s, "Printer", 7, 100);
    enum platen_job_state state = stage_state_at_rest(s, job, 1);
    KEPT(s, state == PLATEN_JOB_QUEUED, "an error in words keeps no job: state %d", (int)state);
    set_port(s, 3, u"V1:", 0, 0, NULL);
    state = stage_state_at_rest(s, job, 1);
    KEPT(s, state == PLATEN_JOB_PRINTED, "0 does not clear an error in words: state %d",
         (int)state);
}

static void play_codes(struct stage *s)
{
    static const struct {
        DWORD level;
        const char16_t *port;
        uint32_t code;
    } calls[] = {
        {1, u"V1:", PLATEN_INVALID_LEVEL},
        {2, u"V1:", PLATEN_INVALID_LEVEL},
        {4, u"V1:", PLATEN_INVALID_LEVEL},
        {3, u"V77:", PLATEN_UNKNOWN_PORT},
        {3, u"v1:", 0},
    };

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        uint32_t code = set_port(s, calls[i].level, calls[i].port, PORT_STATUS_TYPE_INFO, 0, NULL);
        KEPT(s, code == calls[i].code, "SetPort call %u says %u", (unsigned)i, (unsigned)code);
    }
}

static BOOL WINAPI any_level(LPWSTR server, LPWSTR port, DWORD level, LPBYTE info)
{
    (void)level;
    return stage_spl->SetPortW(server, port, 3, info);
}
BREAK(break_level, any_level)

static BOOL WINAPI other_code(LPWSTR server, LPWSTR port, DWORD level, LPBYTE info)
{
    BOOL fine = stage_spl->SetPortW(server, port, level, info);

    return fine || stage_spl->GetLastError() != PLATEN_UNKNOWN_PORT
               ? fine
               : fails_with(PLATEN_NOT_SUPPORTED);
}
BREAK(break_code, other_code)

/* dwStatus alone is looked at. */
static BOOL WINAPI reads_no_text(LPWSTR server, LPWSTR port, DWORD level, LPBYTE info)
{
    PORT_INFO_3W other;

    memcpy(&other, info, sizeof other);
    other.pszStatus = NULL;
    return stage_spl->SetPortW(server, port, level, (LPBYTE)&other);
}
BREAK(break_text, reads_no_text)

const struct stage_case stage_steer_cases[] = {
    {108,
     "an error stops jobs until it is cleared",
     prepare_paper,
     play_paper,
     {{.how = "does not listen", .imports = break_deaf},
      {.how = "takes an error for information", .imports = break_error},
      {.how = "never goes on", .imports = break_clearing}}},
    {108,
     "warnings and information stop nothing",
     NULL,
     play_information,
     {{.how = "stops for all", .imports = break_warning}}},
    {108,
     "a text counts before the number",
     NULL,
     play_text,
     {{.how = "reads no texts", .imports = break_text}}},
    {108,
     "levels and names",
     NULL,
     play_codes,
     {{.how = "takes any level", .imports = break_level},
      {.how = "another code for a port that is not there", .imports = break_code}}},
    {.rule = 0},
};
