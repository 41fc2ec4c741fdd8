/* SPDX-License-Identifier: MIT
 *
 * Part of good_full.c: the commands of Xcv. What comes in is hostile (R67).
 */
struct xcv {
    struct monitor *monitor;
    ACCESS_MASK access;
};

/* What came in, and where what goes out goes. */
struct command {
    struct xcv *xcv;
    const BYTE *in;
    DWORD size;
    BYTE *out;
    DWORD room;
    DWORD *needed;
};

static DWORD reply(const struct command *command, const void *data, DWORD size)
{
    if (!command->needed)
        return ERROR_INVALID_PARAMETER;
    *command->needed = size;
    if (command->room < size)
        return ERROR_INSUFFICIENT_BUFFER;
    if (!command->out)
        return ERROR_INVALID_PARAMETER;
    memcpy(command->out, data, size);
    return ERROR_SUCCESS;
}

/* The text at `offset`, if it ends within `most` units and within the input. */
static DWORD text_of(const struct command *command, DWORD offset, DWORD most, WCHAR *to)
{
    for (DWORD i = 0; i <= most; i++) {
        if (!command->in || offset + 2 * i + 2 > command->size)
            return ERROR_INVALID_PARAMETER;
        memcpy(to + i, command->in + offset + 2 * i, sizeof(WCHAR));
        if (!to[i])
            return ERROR_SUCCESS;
    }
    return ERROR_INVALID_NAME;
}

static DWORD check_name(LPCWSTR name)
{
    if (!*name)
        return ERROR_INVALID_NAME;
    for (LPCWSTR at = name; *at; at++)
        if (*at < ' ' || *at == 0x7F)
            return ERROR_INVALID_NAME;
    return ERROR_SUCCESS;
}

static DWORD number_at(const struct command *command, size_t offset)
{
    DWORD number = 0;
    if (offset + sizeof number <= command->size)
        memcpy(&number, command->in + offset, sizeof number);
    return number;
}

/* PORT_DATA_1 and PORT_DATA_2: the address stands at the same place. */
static DWORD add_by_structure(const struct command *command, size_t number_offset, DWORD most)
{
    WCHAR name[MAX_PORTNAME_LEN];
    WCHAR host[MAX_NETWORKNAME2_LEN];
    DWORD number = number_at(command, number_offset);
    DWORD error = text_of(command, 0, MAX_PORTNAME_LEN - 1, name);

    if (!error)
        error = check_name(name);
    if (!error)
        error = text_of(command, offsetof(PORT_DATA_1, sztHostAddress), most, host);
    if (!error && (!host[0] || number == 0 || number > 65535))
        error = ERROR_INVALID_DATA;
    return error ? error : add_port(command->xcv->monitor, name, host, (WORD)number);
}

static DWORD do_add(const struct command *command)
{
    WCHAR name[LONGEST_NAME + 1];
    DWORD version = number_at(command, offsetof(PORT_DATA_1, dwVersion));
    DWORD error;

    if (command->in && command->size == sizeof(PORT_DATA_1) && version == 1)
        return add_by_structure(command, offsetof(PORT_DATA_1, dwPortNumber),
                                MAX_NETWORKNAME_LEN - 1);
    if (command->in && command->size == sizeof(PORT_DATA_2) && version == 2)
        return add_by_structure(command, offsetof(PORT_DATA_2, dwPortNumber),
                                MAX_NETWORKNAME2_LEN - 1);
    error = text_of(command, 0, LONGEST_NAME, name);
    if (!error)
        error = check_name(name);
    return error ? error : add_port(command->xcv->monitor, name, NULL, 0);
}

/* DELETE_PORT_DATA_1 begins with the name, too. */
static DWORD do_delete(const struct command *command)
{
    WCHAR name[LONGEST_NAME + 1];
    DWORD error = text_of(command, 0, LONGEST_NAME, name);
    return error ? error : delete_port(command->xcv->monitor, name);
}

static DWORD do_exists(const struct command *command)
{
    WCHAR name[LONGEST_NAME + 1];
    struct monitor *monitor = command->xcv->monitor;
    DWORD error = text_of(command, 0, LONGEST_NAME, name);
    DWORD exists;

    if (error)
        return error;
    system_lock_take(&monitor->lock);
    exists = find_port(monitor, name) != NULL;
    system_lock_leave(&monitor->lock);
    return reply(command, &exists, sizeof exists);
}

static DWORD do_ui(const struct command *command)
{
    return reply(command, ui_name, sizeof ui_name);
}

static const struct {
    LPCWSTR name;
    BOOL changes;
    DWORD (*run)(const struct command *command);
} commands[] = {
    {TEXT("AddPort"), TRUE, do_add},
    {TEXT("DeletePort"), TRUE, do_delete},
    {TEXT("PortExists"), FALSE, do_exists},
    {TEXT("MonitorUI"), FALSE, do_ui},
};

static BOOL WINAPI xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject, ACCESS_MASK GrantedAccess,
                                 PHANDLE phXcv)
{
    struct xcv *xcv = calloc(1, sizeof *xcv);

    (void)pszObject; /* all commands name their port themselves */
    *phXcv = xcv;
    if (!xcv)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    xcv->monitor = hMonitor;
    xcv->access = GrantedAccess;
    return TRUE;
}

static DWORD WINAPI xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                  DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                  PDWORD pcbOutputNeeded)
{
    const struct command command = {hXcv,        pInputData,   cbInputData,
                                    pOutputData, cbOutputData, pcbOutputNeeded};

    if (pcbOutputNeeded)
        *pcbOutputNeeded = 0;
    for (size_t i = 0; pszDataName && i < sizeof commands / sizeof *commands; i++) {
        if (lstrcmpW(pszDataName, commands[i].name) != 0)
            continue;
        if (commands[i].changes && !(command.xcv->access & SERVER_ACCESS_ADMINISTER))
            return ERROR_ACCESS_DENIED;
        return commands[i].run(&command);
    }
    return ERROR_INVALID_PARAMETER;
}

static BOOL WINAPI xcv_close_port(HANDLE hXcv)
{
    free(hXcv);
    return TRUE;
}
