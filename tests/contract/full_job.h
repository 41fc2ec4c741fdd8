/* SPDX-License-Identifier: MIT
 *
 * Part of good_full.c: jobs, and the way back.
 */

/* Has the job been called off, while the device does not move (R55)? */
static BOOL job_is_gone(const struct port *port)
{
    BYTE room[4096];
    DWORD needed = 0;
    const JOB_INFO_1W *info = (const JOB_INFO_1W *)(const void *)room;

    if (!port->printer)
        return FALSE;
    if (!GetJobW(port->printer, port->job, 1, room, sizeof room, &needed))
        return GetLastError() == ERROR_INVALID_PARAMETER;
    return (info->Status & (JOB_STATUS_DELETING | JOB_STATUS_DELETED | JOB_STATUS_RESTART)) != 0;
}

static DWORD open_target(struct port *port, const DOC_INFO_1W *info, struct channel *channel)
{
    if (port->host[0])
        return channel_connect(channel, port->host, port->number, CONNECT_TIME);
    if (lstrcmpiW(port->name, file_name) != 0)
        return channel_open_file(channel, port->name);
    if (!info || !info->pOutputFile || !*info->pOutputFile)
        return ERROR_INVALID_PARAMETER;
    return channel_open_file(channel, info->pOutputFile);
}

static BOOL WINAPI start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                  LPBYTE pDocInfo)
{
    struct port *port = hPort;
    struct channel channel = CHANNEL_CLOSED;
    HANDLE printer = NULL;
    DWORD error;

    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    if (port->printing)
        return TRUE; /* without effect on the job that is printing (R34) */
    error = open_target(port, (const DOC_INFO_1W *)(const void *)pDocInfo, &channel);
    if (error)
        return fail(error);
    if (!pPrinterName || !OpenPrinterW(pPrinterName, &printer, NULL))
        printer = NULL; /* nobody will be told; the job is printed all the same (R37) */
    system_lock_take(&port->lock);
    port->channel = channel;
    port->printing = TRUE;
    port->failed = FALSE;
    port->printer = printer;
    port->job = JobId;
    system_lock_leave(&port->lock);
    return TRUE;
}

/* Everything, or as much as the device takes before it stands still for WRITE_TIME. */
static BOOL WINAPI write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    struct port *port = hPort;
    ULONGLONG moved_at = system_milliseconds();

    *pcbWritten = 0;
    if (!port->printing)
        return fail(ERROR_INVALID_HANDLE);
    while (*pcbWritten < cbBuf) {
        DWORD moved = 0;
        DWORD error = channel_write(&port->channel, pBuffer + *pcbWritten, cbBuf - *pcbWritten,
                                    5 * SLICE, &moved);
        *pcbWritten += moved;
        if (error) {
            port->failed = TRUE;
            return fail(error);
        }
        if (moved)
            moved_at = system_milliseconds();
        else if (job_is_gone(port))
            return fail(ERROR_PRINT_CANCELLED);
        else if (system_milliseconds() - moved_at >= WRITE_TIME)
            return *pcbWritten ? TRUE : fail(ERROR_TIMEOUT);
    }
    return TRUE;
}

/* What comes within the read time-out. Nothing is no error, also while no job keeps the line. */
static BOOL WINAPI read_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    struct port *port = hPort;
    ULONGLONG began = system_milliseconds();
    DWORD error = ERROR_SUCCESS;
    BOOL ended = FALSE;

    *pcbRead = 0;
    if (!port->host[0])
        return fail(ERROR_INVALID_HANDLE);
    while (cbBuffer) {
        system_lock_take(&port->lock);
        if (channel_is_open(&port->channel))
            error = channel_read(&port->channel, pBuffer, cbBuffer, pcbRead, &ended);
        system_lock_leave(&port->lock);
        if (error)
            return fail(error);
        if (*pcbRead || system_milliseconds() - began >= port->read_time)
            return TRUE;
        system_sleep(port->read_time < SLICE ? port->read_time : SLICE / 2);
    }
    return TRUE;
}

/* A printer on the network has the job when it has taken the last byte (R52). */
static DWORD finish(struct port *port)
{
    ULONGLONG began = system_milliseconds();
    DWORD error = ERROR_SUCCESS;

    if (!port->host[0] || !channel_is_open(&port->channel))
        return ERROR_SUCCESS;
    channel_say_end(&port->channel);
    for (;;) {
        BYTE rest[512];
        DWORD moved = 0;
        BOOL ended = FALSE;
        ULONGLONG waited = system_milliseconds() - began;
        system_lock_take(&port->lock);
        error = channel_read(&port->channel, rest, sizeof rest, &moved, &ended);
        system_lock_leave(&port->lock);
        if (error || ended)
            return error;
        if (waited >= END_TIME / 4 && channel_is_empty(&port->channel))
            return ERROR_SUCCESS;
        if (waited >= END_TIME)
            return ERROR_TIMEOUT;
        if (job_is_gone(port))
            return ERROR_PRINT_CANCELLED;
        if (!moved)
            system_sleep(SLICE / 4);
    }
}

static BOOL WINAPI end_doc_port(HANDLE hPort)
{
    struct port *port = hPort;
    DWORD error;

    if (!port->printing)
        return TRUE;
    error = port->failed ? ERROR_SUCCESS : finish(port);
    system_lock_take(&port->lock);
    channel_close(&port->channel);
    port->printing = FALSE;
    system_lock_leave(&port->lock);
    if (port->printer) {
        if (!error && !port->failed)
            SetJobW(port->printer, port->job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
        ClosePrinter(port->printer);
        port->printer = NULL;
    }
    return error ? fail(error) : TRUE;
}
