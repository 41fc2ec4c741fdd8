/* SPDX-License-Identifier: MIT
 *
 * Part of good_full.c: the device id, time-outs, and bidi.
 */
#define DEVICE_ID "MFG:Platen;MDL:Full;CMD:PJL,PCL;CLS:PRINTER;"

static BOOL answer(const void *data, DWORD size, void *to, DWORD room, DWORD *returned)
{
    if (returned)
        *returned = 0;
    if (!to || room < size)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    memcpy(to, data, size);
    if (returned)
        *returned = size;
    return TRUE;
}

static BOOL WINAPI get_printer_data(HANDLE hPort, DWORD ControlID, LPWSTR pValueName,
                                    LPWSTR lpInBuffer, DWORD cbInBuffer, LPWSTR lpOutBuffer,
                                    DWORD cbOutBuffer, LPDWORD lpcbReturned)
{
    static const char id[] = DEVICE_ID;
    static const DWORD size = sizeof id;
    BYTE raw[sizeof id + 2] = {0, sizeof raw};

    (void)hPort, (void)pValueName, (void)lpInBuffer, (void)cbInBuffer;
    memcpy(raw + 2, id, sizeof id);
    switch (ControlID) {
    case IOCTL_PAR_QUERY_DEVICE_ID:
        return answer(id, sizeof id, lpOutBuffer, cbOutBuffer, lpcbReturned);
    case IOCTL_PAR_QUERY_DEVICE_ID_SIZE:
        return answer(&size, sizeof size, lpOutBuffer, cbOutBuffer, lpcbReturned);
    case IOCTL_PAR_QUERY_RAW_DEVICE_ID:
    case IOCTL_USBPRINT_GET_1284_ID:
        return answer(raw, sizeof raw, lpOutBuffer, cbOutBuffer, lpcbReturned);
    default: /* values by name are a language monitor's business (R56) */
        if (lpcbReturned)
            *lpcbReturned = 0;
        return fail(ERROR_INVALID_PARAMETER);
    }
}

/* As a serial port would: the time between two bytes does not matter here. */
static BOOL WINAPI set_time_outs(HANDLE hPort, LPCOMMTIMEOUTS lpCTO, DWORD reserved)
{
    struct port *port = hPort;

    if (reserved || !lpCTO || !port->host[0])
        return fail(ERROR_INVALID_PARAMETER);
    port->read_time = lpCTO->ReadTotalTimeoutConstant;
    return TRUE;
}

/* ---- bidi ------------------------------------------------------------------------------------ */

/* Two values of the device; neither can be written. */
enum { VALUES = 2 };
static LPCWSTR const schemas[VALUES] = {TEXT("\\Printer.Status.Summary:State"),
                                        TEXT("\\Printer.DeviceInfo:Manufacturer")};
static LPCWSTR const values[VALUES] = {TEXT("Idle"), TEXT("Platen")};

static LPWSTR router_text(LPCWSTR text)
{
    LPWSTR copy = RouterAllocBidiMem(text_bytes(text));
    if (copy)
        memcpy(copy, text, text_bytes(text));
    return copy;
}

/* Does the schema start with this part of it, as GetAll wants to know? */
static BOOL is_below(LPCWSTR schema, LPCWSTR part)
{
    int i = 0;
    while (part[i] && part[i] == schema[i])
        i++;
    return !part[i] && i > 0 && (!schema[i] || schema[i] == '.' || schema[i] == ':');
}

struct answers {
    BIDI_RESPONSE_CONTAINER *container;
    DWORD room;
    DWORD good;
};

/* One entry; FALSE if there is no memory. */
static BOOL add_answer(struct answers *answers, DWORD number, DWORD result, LPCWSTR schema,
                       DWORD type, LPCWSTR value)
{
    BIDI_RESPONSE_DATA *entry = &answers->container->aData[answers->container->Count++];

    memset(entry, 0, sizeof *entry);
    entry->dwReqNumber = number;
    entry->dwResult = result;
    answers->good += result == ERROR_SUCCESS;
    if (schema && (entry->pSchema = router_text(schema)) == NULL)
        return FALSE;
    if (value) {
        entry->data.u.sData = router_text(value);
        entry->data.dwBidiType = entry->data.u.sData ? type : (DWORD)BIDI_NULL;
    }
    return !value || entry->data.u.sData != NULL;
}

static BOOL enum_schema(struct answers *answers, const BIDI_REQUEST_DATA *request)
{
    BOOL fine = TRUE;
    for (int i = 0; i < VALUES && fine; i++)
        fine = add_answer(answers, request ? request->dwReqNumber : 0, ERROR_SUCCESS, NULL,
                          BIDI_TEXT, schemas[i]);
    return fine;
}

/* The value itself, or with `all` everything below. */
static BOOL get(struct answers *answers, const BIDI_REQUEST_DATA *request, BOOL all)
{
    DWORD before = answers->container->Count;
    BOOL fine = TRUE;
    for (int i = 0; i < VALUES && fine && request->pSchema; i++) {
        BOOL is_it = lstrcmpW(request->pSchema, schemas[i]) == 0;
        if (is_it || (all && is_below(schemas[i], request->pSchema)))
            fine = add_answer(answers, request->dwReqNumber, ERROR_SUCCESS, schemas[i], BIDI_STRING,
                              values[i]);
    }
    if (answers->container->Count == before)
        fine = add_answer(answers, request->dwReqNumber, ERROR_BIDI_SCHEMA_NOT_SUPPORTED,
                          request->pSchema, BIDI_NULL, NULL);
    return fine;
}

/* There is nothing that could be written. */
static BOOL set(struct answers *answers, const BIDI_REQUEST_DATA *request)
{
    DWORD result = ERROR_BIDI_SCHEMA_NOT_SUPPORTED;
    for (int i = 0; i < VALUES && request->pSchema; i++)
        if (lstrcmpW(request->pSchema, schemas[i]) == 0)
            result = ERROR_BIDI_SCHEMA_READ_ONLY;
    return add_answer(answers, request->dwReqNumber, result, request->pSchema, BIDI_NULL, NULL);
}

static BOOL answer_all(struct answers *answers, LPCWSTR action, PBIDI_REQUEST_CONTAINER requests)
{
    BOOL fine = TRUE;
    if (lstrcmpiW(action, BIDI_ACTION_ENUM_SCHEMA) == 0 && requests->Count == 0)
        return enum_schema(answers, NULL);
    for (DWORD i = 0; i < requests->Count && fine; i++) {
        const BIDI_REQUEST_DATA *request = &requests->aData[i];
        if (lstrcmpiW(action, BIDI_ACTION_ENUM_SCHEMA) == 0)
            fine = enum_schema(answers, request);
        else if (lstrcmpiW(action, BIDI_ACTION_SET) == 0)
            fine = set(answers, request);
        else
            fine = get(answers, request, lstrcmpiW(action, BIDI_ACTION_GET_ALL) == 0);
    }
    return fine;
}

static DWORD WINAPI send_recv_bidi(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                   PBIDI_REQUEST_CONTAINER pReqData,
                                   PBIDI_RESPONSE_CONTAINER *ppResData)
{
    static LPCWSTR const known[] = {BIDI_ACTION_ENUM_SCHEMA, BIDI_ACTION_GET, BIDI_ACTION_GET_ALL,
                                    BIDI_ACTION_SET};
    struct answers answers = {0};
    size_t i = 0;

    (void)hPort;
    *ppResData = NULL;
    while (i < sizeof known / sizeof *known && lstrcmpiW(pAction, known[i]) != 0)
        i++;
    if (i == sizeof known / sizeof *known)
        return ERROR_NOT_SUPPORTED;
    if (!pReqData || pReqData->Version != 1)
        return ERROR_INVALID_PARAMETER;
    if (lstrcmpiW(pAction, BIDI_ACTION_SET) == 0 && dwAccessBit != BIDI_ACCESS_ADMINISTRATOR &&
        (dwAccessBit & PRINTER_ACCESS_ADMINISTER) == 0)
        return ERROR_ACCESS_DENIED;
    answers.room = (pReqData->Count + 1) * VALUES;
    answers.container = RouterAllocBidiResponseContainer(answers.room);
    if (!answers.container)
        return ERROR_NOT_ENOUGH_MEMORY;
    answers.container->Version = 1;
    answers.container->Flags = 0;
    answers.container->Count = 0;
    if (!answer_all(&answers, pAction, pReqData)) {
        RouterFreeBidiResponseContainer(answers.container);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    *ppResData = answers.container;
    return answers.good == answers.container->Count ? ERROR_SUCCESS : ERROR_BIDI_STATUS_WARNING;
}
