/* SPDX-License-Identifier: MIT
 *
 * The steps that probes share.
 */
#include <stdlib.h>
#include <string.h>

#include "os/lasterror.h"
#include "os/text.h"
#include "trial.h"

#define LAST ((unsigned)platen_os_get_last_error())

LPWSTR text_of(const WCHAR *text)
{
    return (LPWSTR)(uintptr_t)text;
}

HANDLE trial_open(struct trial *t, const WCHAR *name)
{
    HANDLE port = NULL;
    if (!t->m.pfnOpenPort(t->monitor, text_of(name), &port)) {
        trial_breach(t, "OpenPort failed with %u", LAST);
        return NULL;
    }
    return port;
}

bool trial_start(struct trial *t, HANDLE port, DWORD job)
{
    DOC_INFO_1W doc = {.pDocName = text_of(TEXT("document"))};
    return KEPT(t, t->m.pfnStartDocPort(port, text_of(TEXT("printer")), job, 1, (LPBYTE)&doc),
                "StartDocPort failed with %u", LAST);
}

bool trial_write(struct trial *t, HANDLE port, const void *data, size_t size, size_t step)
{
    const unsigned char *at = data;
    unsigned idle = 0;
    while (size > 0 && idle < 100) {
        DWORD part = (DWORD)(size < step ? size : step);
        DWORD written = 0xdeadbeef;
        if (!t->m.pfnWritePort(port, (LPBYTE)(uintptr_t)at, part, &written)) {
            return trial_breach(t, "WritePort failed with %u", LAST);
        }
        if (written > part) {
            return trial_breach(t, "WritePort wrote %u of %u bytes", (unsigned)written,
                                (unsigned)part);
        }
        idle = written == 0 ? idle + 1 : 0;
        at += written;
        size -= written;
    }
    return KEPT(t, size == 0, "WritePort makes no progress");
}

DWORD trial_xcv(struct trial *t, const WCHAR *command, const WCHAR *text, ACCESS_MASK access)
{
    HANDLE xcv;
    DWORD needed = 0;
    DWORD size =
        text == NULL
            ? 0
            : (DWORD)((platen_text_length16((const char16_t *)text, SIZE_MAX) + 1) * sizeof *text);
    if (!t->m.pfnXcvOpenPort(t->monitor, TEXT("Platen"), access, &xcv)) {
        trial_breach(t, "XcvOpenPort failed with %u", LAST);
        return LAST;
    }
    DWORD code = t->m.pfnXcvDataPort(xcv, command, (PBYTE)text_of(text), size, NULL, 0, &needed);
    t->m.pfnXcvClosePort(xcv);
    return code;
}

bool trial_device_has(struct trial *t, const void *data, size_t size)
{
    uint64_t received = platen_sim_received(t->device);
    unsigned char *copy = malloc(size + 1);
    bool same = copy != NULL && received == size &&
                platen_sim_copy(t->device, 0, copy, size) == size && memcmp(copy, data, size) == 0;
    free(copy);
    return KEPT(t, same, "the device got %u bytes, or others, instead of the %u that were sent",
                (unsigned)received, (unsigned)size);
}

bool trial_lists(struct trial *t, const WCHAR *name)
{
    DWORD needed = 0;
    DWORD count = 0;
    bool found = false;
    t->m.pfnEnumPorts(t->monitor, NULL, 1, NULL, 0, &needed, &count);
    PORT_INFO_1W *ports = malloc(needed + 1);
    if (ports != NULL &&
        t->m.pfnEnumPorts(t->monitor, NULL, 1, (LPBYTE)ports, needed, &needed, &count)) {
        for (DWORD i = 0; i < count && !found; i++) {
            found =
                platen_text_equal_folded((const char16_t *)ports[i].pName, (const char16_t *)name);
        }
    }
    free(ports);
    return found;
}
