/* SPDX-License-Identifier: MIT
 *
 * The verifying monitor's channel for configuration: XcvOpenPort, XcvDataPort, XcvClosePort.
 */
#include "verify.h"

#include <string.h>

/* ---- handles --------------------------------------------------------------------------------- */

static bool is_handle(const struct verify_xcv *xcv, HANDLE handle)
{
    return xcv->handle == handle && (xcv->open || xcv->dead);
}

/* An open one before one that was closed. Which monitor, and its handle; NULL with a finding. */
static struct verify_xcv *find(struct verify *v, HANDLE handle, const char *function)
{
    struct verify_xcv *found = NULL;

    if (v == NULL)
        return NULL;
    platen_os_mutex_lock(&v->lock);
    for (unsigned i = 0; i < VERIFY_XCVS; i++)
        if (is_handle(&v->xcvs[i], handle) && (found == NULL || v->xcvs[i].open))
            found = &v->xcvs[i];
    bool open = found != NULL && found->open;
    platen_os_mutex_unlock(&v->lock);
    if (open)
        return found;
    bool ended = atomic_load(&v->state) == VERIFY_ENDED;
    verify_breach(v, ended ? 119 | ALSO(115) : 115, "%s on a handle that %s", function,
                  found != NULL ? "was closed" : "was never given");
    return NULL;
}

static HANDLE open_handle(struct verify *v, const char16_t *object, ACCESS_MASK access)
{
    struct verify_xcv *xcv = NULL;
    HANDLE handle = NULL;

    platen_os_mutex_lock(&v->lock);
    for (unsigned i = 0; i < VERIFY_XCVS && xcv == NULL; i++)
        if (!v->xcvs[i].open && !v->xcvs[i].dead)
            xcv = &v->xcvs[i];
    if (xcv != NULL) {
        xcv->handle = handle = verify_new_handle(v);
        xcv->open = true;
        xcv->access = access;
        verify_copy_text(xcv->object, object);
    }
    platen_os_mutex_unlock(&v->lock);
    return handle;
}

/* ---- XcvOpenPort ----------------------------------------------------------------------------- */

static bool begins(const char16_t *text, const char16_t *with)
{
    while (*with != 0 && *text == *with) {
        text++;
        with++;
    }
    return *with == 0;
}

static void check_object(struct verify *v, const char16_t *object)
{
    if (*object == ',' || *object == '\\' || *object == ' ' || begins(object, u"XcvMonitor") ||
        begins(object, u"XcvPort"))
        verify_breach(v, 109, "XcvOpenPort's object is more than the bare name");
    else if (v->wants_object != NULL && !platen_text_equal_folded(object, v->wants_object))
        verify_breach(v, 109, "XcvOpenPort's object is another's name");
}

static void check_access(struct verify *v, ACCESS_MASK access)
{
    const ACCESS_MASK unresolved =
        MAXIMUM_ALLOWED | GENERIC_ALL | GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE;

    if (access & unresolved)
        verify_breach(v, 110, "GrantedAccess %#x has bits that are to be resolved",
                      (unsigned)access);
    else if (v->wants_access && access != v->access)
        verify_breach(v, 110, "GrantedAccess is %#x, and %#x was granted", (unsigned)access,
                      (unsigned)v->access);
}

BOOL WINAPI verify_XcvOpenPort(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
{
    struct verify *v = verify_of(monitor, "XcvOpenPort");

    if (v == NULL)
        return FALSE;
    if (xcv == NULL) {
        verify_breach(v, 109, "XcvOpenPort without a place for the handle");
        return verify_answer(v, PLATEN_INVALID_PARAMETER);
    }
    if (!verify_text(v, 109, "XcvOpenPort's object", object, false))
        return verify_answer(v, PLATEN_INVALID_PARAMETER);
    check_object(v, object);
    check_access(v, access);
    uint32_t code = verify_enter(v, VERIFY_XCV_OPEN, NULL);
    if (code == 0)
        *xcv = open_handle(v, object, access);
    else
        *xcv = (HANDLE)(uintptr_t)0xBAD5;
    verify_leave(v, NULL);
    return verify_answer(v, code);
}

/* ---- XcvDataPort ----------------------------------------------------------------------------- */

static bool check_data(struct verify *v, LPCWSTR name, const BYTE *in, DWORD in_size,
                       const BYTE *out, DWORD out_size, const DWORD *needed)
{
    if (!verify_text(v, 111, "XcvDataPort's data name", name, false))
        return false;
    if ((in == NULL && in_size != 0) || (out == NULL && out_size != 0) || needed == NULL) {
        verify_breach(v, 111, "XcvDataPort with a pointer that is NULL");
        return false;
    }
    if (*needed != 0)
        verify_breach(v, 111, "*pcbOutputNeeded is %u before the call", (unsigned)*needed);
    if (v->wants_input == NULL)
        return true;
    if (in_size != v->wants_input_size ||
        (in_size != 0 && memcmp(in, v->wants_input, in_size) != 0))
        verify_breach(v, 111, "XcvDataPort brings %u bytes that are not what was sent",
                      (unsigned)in_size);
    if (out_size != v->wants_output_size)
        verify_breach(v, 111, "XcvDataPort has room for %u bytes, and %u were offered",
                      (unsigned)out_size, (unsigned)v->wants_output_size);
    return true;
}

/* The input of AddPort and DeletePort is a port's name. */
static bool take_name(const BYTE *in, DWORD size, char16_t *name)
{
    size_t units = size / sizeof *name;

    if (units == 0 || units > VERIFY_NAME)
        return false;
    memcpy(name, in, units * sizeof *name);
    return platen_text_length16(name, units) < units;
}

static DWORD add(struct verify *v, const char16_t *name)
{
    return verify_add_port(v, name) ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
}

static DWORD remove_port(struct verify *v, const char16_t *name)
{
    const struct verify_port *port = verify_port_named(v, name);

    if (port != NULL && (verify_is_open(v, port) || atomic_load(&port->used)))
        verify_breach(v, 114, "DeletePort of a port that is in use");
    return verify_remove_port(v, name) ? 0 : PLATEN_UNKNOWN_PORT;
}

static DWORD own_command(struct verify *v, LPCWSTR name, const BYTE *in, DWORD size, bool *known)
{
    static const struct {
        const char16_t *name;
        DWORD (*run)(struct verify *v, const char16_t *port);
    } commands[] = {{u"AddPort", add}, {u"DeletePort", remove_port}};
    char16_t port[VERIFY_NAME];

    *known = false;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (platen_text_compare_folded(name, commands[i].name) != 0)
            continue;
        *known = true;
        return take_name(in, size, port) ? commands[i].run(v, port) : PLATEN_INVALID_PARAMETER;
    }
    return PLATEN_INVALID_PARAMETER;
}

static DWORD run(struct verify *v, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out, DWORD out_size,
                 PDWORD needed)
{
    bool known;
    uint32_t code = verify_enter(v, VERIFY_XCV_DATA, NULL);

    if (code != 0)
        return code;
    DWORD status = own_command(v, name, in, in_size, &known);
    if (!known && v->command != NULL)
        status = v->command(v, name, in, in_size, out, out_size, needed);
    return status;
}

/* Xcv handles name no monitor: every one that there is is looked at. */
DWORD WINAPI verify_XcvDataPort(HANDLE handle, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                                DWORD out_size, PDWORD needed)
{
    struct verify *v = verify_xcv_owner(handle);
    struct verify_xcv *xcv = find(v, handle, "XcvDataPort");

    if (xcv == NULL)
        return PLATEN_INVALID_HANDLE;
    if (!check_data(v, name, in, in_size, out, out_size, needed))
        return PLATEN_INVALID_PARAMETER;
    if (out != NULL)
        verify_touch(out, out_size);
    atomic_fetch_add(&xcv->busy, 1);
    DWORD status = run(v, name, in, in_size, out, out_size, needed);
    verify_leave(v, NULL);
    atomic_fetch_sub(&xcv->busy, 1);
    return status;
}

BOOL WINAPI verify_XcvClosePort(HANDLE handle)
{
    struct verify *v = verify_xcv_owner(handle);
    struct verify_xcv *xcv = find(v, handle, "XcvClosePort");

    if (xcv == NULL)
        return FALSE;
    if (atomic_load(&xcv->busy) != 0)
        verify_breach(v, 115, "XcvClosePort during XcvDataPort");
    uint32_t code = verify_enter(v, VERIFY_XCV_CLOSE, NULL);
    platen_os_mutex_lock(&v->lock);
    xcv->open = false;
    xcv->dead = true;
    platen_os_mutex_unlock(&v->lock);
    verify_leave(v, NULL);
    return verify_answer(v, code);
}

/* ---- for verify_xcv_owner -------------------------------------------------------------------- */

bool verify_has_xcv(struct verify *v, HANDLE handle)
{
    bool has = false;

    platen_os_mutex_lock(&v->lock);
    for (unsigned i = 0; i < VERIFY_XCVS; i++)
        has = has || is_handle(&v->xcvs[i], handle);
    platen_os_mutex_unlock(&v->lock);
    return has;
}
