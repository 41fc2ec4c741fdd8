/* SPDX-License-Identifier: MIT
 *
 * The verifying monitor's functions that are a language monitor's to call, or that a spooler calls
 * for others: ReadPort, SetPortTimeOuts, GetPrinterDataFromPort, SendRecvBidiDataFromPort.
 */
#include "verify.h"

#include <string.h>

/* ---- ReadPort, SetPortTimeOuts (R103) -------------------------------------------------------- */

/* A language monitor's own functions nobody but the spooler can call. */
static void check_caller(struct verify_port *port, const char *function)
{
    if (port->v->language || port->above == NULL)
        verify_breach(port->v, 103, "%s, and no language monitor calls it", function);
}

BOOL WINAPI verify_ReadPort(HANDLE handle, LPBYTE data, DWORD size, LPDWORD moved)
{
    struct verify_port *port = verify_port_of(handle, "ReadPort");

    if (port == NULL)
        return FALSE;
    check_caller(port, "ReadPort");
    uint32_t code = verify_enter(port->v, VERIFY_READ, port);
    if (data != NULL)
        verify_touch(data, size);
    if (moved != NULL)
        *moved = 0;
    verify_leave(port->v, port);
    return verify_answer(port->v, code);
}

BOOL WINAPI verify_SetPortTimeOuts(HANDLE handle, LPCOMMTIMEOUTS timeouts, DWORD reserved)
{
    struct verify_port *port = verify_port_of(handle, "SetPortTimeOuts");

    (void)timeouts;
    (void)reserved;
    if (port == NULL)
        return FALSE;
    check_caller(port, "SetPortTimeOuts");
    uint32_t code = verify_enter(port->v, VERIFY_TIMEOUTS, port);
    verify_leave(port->v, port);
    return verify_answer(port->v, code);
}

const char16_t verify_value[6] = u"value";

/* ---- GetPrinterDataFromPort (R116) ----------------------------------------------------------- */

static bool check_data(struct verify_port *port, DWORD control, LPWSTR value, const void *in,
                       DWORD in_size, const void *out, DWORD out_size, const DWORD *returned)
{
    struct verify *v = port->v;

    if (returned == NULL || (in == NULL && in_size != 0) || (out == NULL && out_size != 0)) {
        verify_breach(v, 116, "GetPrinterDataFromPort with a pointer that is NULL");
        return false;
    }
    if (control != 0)
        return true;
    if (!v->language && port->above == NULL)
        verify_breach(v, 116, "a port monitor is asked for a value");
    return verify_text(v, 116, "GetPrinterDataFromPort's value name", value, false);
}

BOOL WINAPI verify_GetPrinterDataFromPort(HANDLE handle, DWORD control, LPWSTR value, LPWSTR in,
                                          DWORD in_size, LPWSTR out, DWORD out_size,
                                          LPDWORD returned)
{
    struct verify_port *port = verify_port_of(handle, "GetPrinterDataFromPort");
    const DWORD size = sizeof verify_value;

    if (port == NULL)
        return FALSE;
    struct verify *v = port->v;
    if (!check_data(port, control, value, in, in_size, out, out_size, returned))
        return verify_answer(v, PLATEN_INVALID_PARAMETER);
    uint32_t code = verify_enter(v, VERIFY_DATA, port);
    if (out != NULL)
        verify_touch(out, out_size);
    *returned = size;
    if (code == 0 && out_size < size)
        code = PLATEN_INSUFFICIENT_BUFFER;
    if (code == 0)
        memcpy(out, verify_value, size);
    verify_leave(v, port);
    return verify_answer(v, code);
}

/* ---- SendRecvBidiDataFromPort (R117) --------------------------------------------------------- */

static bool check_entries(struct verify *v, const BIDI_REQUEST_CONTAINER *request)
{
    for (DWORD i = 0; i < request->Count; i++)
        if (!verify_text(v, 117, "a request's schema", request->aData[i].pSchema, true))
            return false;
    return true;
}

static bool check_bidi(struct verify *v, DWORD access, LPCWSTR action,
                       const BIDI_REQUEST_CONTAINER *request,
                       const PBIDI_RESPONSE_CONTAINER *response)
{
    if (response == NULL || *response != NULL) {
        verify_breach(v, 117, "ppResData is NULL, or does not point to NULL");
        return false;
    }
    if (!verify_text(v, 117, "the action", action, false))
        return false;
    if (request == NULL || request->Version != 1 || request->Flags != 0) {
        verify_breach(v, 117, "a request that is not of version 1, without flags");
        return false;
    }
    if (v->wants_count != 0 && request->Count != v->wants_count)
        verify_breach(v, 117, "a request with %u entries, and %u were sent",
                      (unsigned)request->Count, (unsigned)v->wants_count);
    else if (v->wants_bidi_access != 0 && access != v->wants_bidi_access)
        verify_breach(v, 117, "dwAccessBit is %u, and the handle was opened with %u",
                      (unsigned)access, (unsigned)v->wants_bidi_access);
    else
        return check_entries(v, request);
    return false;
}

/* One answer, with a schema and a value, all from the Router's allocator. */
static PBIDI_RESPONSE_CONTAINER answer_of(struct verify *v, const BIDI_REQUEST_CONTAINER *request)
{
    static const char16_t schema[] = u"\\Printer.Status.Summary:State";
    static const char16_t value[] = u"Idle";
    PBIDI_RESPONSE_CONTAINER tree = v->spl->RouterAllocBidiResponseContainer(1);
    LPWSTR name = v->spl->RouterAllocBidiMem(sizeof schema);
    LPWSTR text = v->spl->RouterAllocBidiMem(sizeof value);

    if (tree == NULL || name == NULL || text == NULL)
        return NULL;
    memcpy(name, schema, sizeof schema);
    memcpy(text, value, sizeof value);
    tree->Version = 1;
    tree->Count = 1;
    tree->aData[0] = (BIDI_RESPONSE_DATA){
        .dwReqNumber = request->Count != 0 ? request->aData[0].dwReqNumber : 0, .pSchema = name};
    tree->aData[0].data.dwBidiType = BIDI_STRING;
    tree->aData[0].data.u.sData = text;
    return tree;
}

static void keep_tree(struct verify *v, PBIDI_RESPONSE_CONTAINER tree)
{
    platen_os_mutex_lock(&v->lock);
    for (unsigned i = 0; i < VERIFY_DEAD && tree != NULL; i++)
        if (v->trees[i] == NULL) {
            v->trees[i] = tree;
            tree = NULL;
        }
    platen_os_mutex_unlock(&v->lock);
}

bool verify_freed(struct verify *v, PBIDI_RESPONSE_CONTAINER tree)
{
    bool known = false;

    platen_os_mutex_lock(&v->lock);
    for (unsigned i = 0; i < VERIFY_DEAD && tree != NULL; i++)
        if (v->trees[i] == tree) {
            v->trees[i] = NULL;
            known = true;
        }
    platen_os_mutex_unlock(&v->lock);
    if (!known)
        verify_breach(v, 117, "%s is freed", tree == NULL ? "NULL" : "what is no answer any more");
    return known;
}

DWORD WINAPI verify_Bidi(HANDLE handle, DWORD access, LPCWSTR action,
                         PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *response)
{
    struct verify_port *port = verify_port_of(handle, "SendRecvBidiDataFromPort");

    if (port == NULL)
        return PLATEN_INVALID_HANDLE;
    struct verify *v = port->v;
    if (!check_bidi(v, access, action, request, response))
        return PLATEN_INVALID_PARAMETER;
    uint32_t code = verify_enter(v, VERIFY_BIDI, port);
    if (code == 0 || code == PLATEN_BIDI_STATUS_WARNING)
        *response = answer_of(v, request);
    keep_tree(v, *response);
    verify_leave(v, port);
    return code;
}
