/* SPDX-License-Identifier: MIT
 *
 * For whom a thread works. The spooler calls a monitor while it impersonates the client, so a
 * monitor finds a token on its thread and asks it for the user; RevertToPrinterSelf takes it off.
 * Here every client is the one who runs this process.
 */
#include "host/native_win32.h"

static _Thread_local bool is_client; /* as far as the spooler's own functions tell */

void host_native_client(void)
{
    if (!is_client) {
        DWORD kept = GetLastError();
        is_client = ImpersonateSelf(SecurityImpersonation) != 0;
        SetLastError(kept);
    }
}

/* Whoever gets the token puts it on again, which ends it. */
void *host_native_revert(void)
{
    DWORD kept = GetLastError();
    HANDLE token = NULL;
    if (OpenThreadToken(GetCurrentThread(), TOKEN_ALL_ACCESS, TRUE, &token)) {
        is_client = RevertToSelf() == 0;
    } else {
        token = NULL;
    }
    SetLastError(kept);
    return token;
}

bool host_native_impersonate(void *token)
{
    DWORD kept = GetLastError();
    bool fine = token != NULL && SetThreadToken(NULL, token) != 0;
    if (fine) {
        is_client = true;
        CloseHandle(token);
    }
    SetLastError(kept);
    return fine;
}
