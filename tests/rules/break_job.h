/* SPDX-License-Identifier: MIT
 *
 * Heads of wrappers around a job's functions, and the genuine functions with the same arguments.
 */
#ifndef RULES_BREAK_JOB_H
#define RULES_BREAK_JOB_H

#include "break.h"
#include "os/lasterror.h"

#define LAST ((unsigned)platen_os_get_last_error())

#define START_BREAK(name)                                                                          \
    static BOOL WINAPI name(HANDLE port, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
#define REAL_START() trial_real()->pfnStartDocPort(port, printer, job, level, info)

#define WRITE_BREAK(name)                                                                          \
    static BOOL WINAPI name(HANDLE port, LPBYTE data, DWORD size, LPDWORD written)
#define REAL_WRITE() trial_real()->pfnWritePort(port, data, size, written)

#define READ_BREAK(name) static BOOL WINAPI name(HANDLE port, LPBYTE data, DWORD size, LPDWORD read)
#define REAL_READ()      trial_real()->pfnReadPort(port, data, size, read)

#define END_BREAK(name) static BOOL WINAPI name(HANDLE port)
#define REAL_END()      trial_real()->pfnEndDocPort(port)

/* FALSE with that last-error. */
static inline BOOL fails_with(DWORD code)
{
    platen_os_set_last_error(code);
    return FALSE;
}

/* One call with its outputs and last-error preset. */
struct probe_call {
    BOOL ok;
    DWORD error; /* last-error afterwards; UNSET if nobody touched it */
    DWORD moved;
};

static inline struct probe_call probe_start(struct trial *t, HANDLE port, LPWSTR printer, DWORD job,
                                            DWORD level, void *info)
{
    platen_os_set_last_error(UNSET);
    BOOL ok = t->m.pfnStartDocPort(port, printer, job, level, info);
    return (struct probe_call){ok, platen_os_get_last_error(), 0};
}

static inline struct probe_call probe_write(struct trial *t, HANDLE port, const void *data,
                                            DWORD size)
{
    DWORD moved = UNSET;
    platen_os_set_last_error(UNSET);
    BOOL ok = t->m.pfnWritePort(port, (LPBYTE)(uintptr_t)data, size, &moved);
    return (struct probe_call){ok, platen_os_get_last_error(), moved};
}

static inline struct probe_call probe_read(struct trial *t, HANDLE port, void *data, DWORD size)
{
    DWORD moved = UNSET;
    platen_os_set_last_error(UNSET);
    BOOL ok = t->m.pfnReadPort(port, data, size, &moved);
    return (struct probe_call){ok, platen_os_get_last_error(), moved};
}

static inline struct probe_call probe_end(struct trial *t, HANDLE port)
{
    platen_os_set_last_error(UNSET);
    BOOL ok = t->m.pfnEndDocPort(port);
    return (struct probe_call){ok, platen_os_get_last_error(), 0};
}

/* Is there a reason with a FALSE? */
static inline bool probe_has_reason(struct probe_call call)
{
    return call.error != 0 && call.error != UNSET;
}

#endif
