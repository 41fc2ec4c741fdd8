/* SPDX-License-Identifier: MIT
 *
 * The device behind a port of Windows' own: monitors define a name for it that the spooler does not
 * redirect, NONSPOOLED_LPT1 (contract 8), and open that. Wine lets them define the name, and does
 * not find it afterwards; there the device itself is opened, which nobody redirects.
 */
#include "host/native_win32.h"

#include <wchar.h>

#define DEVICE L"\\\\.\\"
#define OWN    DEVICE L"NONSPOOLED_"

static HANDLE WINAPI create_file(LPCWSTR name, DWORD access, DWORD share,
                                 LPSECURITY_ATTRIBUTES security, DWORD disposition, DWORD flags,
                                 HANDLE like)
{
    WCHAR device[64] = DEVICE;
    const size_t head = wcslen(OWN);
    HANDLE file = CreateFileW(name, access, share, security, disposition, flags, like);
    if (file != INVALID_HANDLE_VALUE || name == NULL || _wcsnicmp(name, OWN, head) != 0 ||
        wcslen(name + head) >= 64 - wcslen(DEVICE)) {
        return file;
    }
    wcscat(device, name + head);
    return CreateFileW(device, access, share, security, disposition, flags, like);
}

const struct host_stand_in host_device[] = {
    {"CreateFileW", (host_function)create_file},
    {NULL, NULL},
};
