/* SPDX-License-Identifier: MIT
 *
 * Part of good_full.c: each port is a value of the key "Ports" below the root that the spooler
 * gave, named as the port; its data is the address, empty for a file (R5).
 */
static const WCHAR ports_key[] = TEXT("Ports");

/* One value; what cannot be a port is left out (R9). */
static void load_port(struct monitor *monitor, LPCWSTR name, DWORD type, const BYTE *data,
                      DWORD size)
{
    WCHAR address[LONGEST_HOST + 8] = {0};
    struct port *port;

    if (type != REG_SZ || !*name || lstrlenW(name) > LONGEST_NAME || size >= sizeof address ||
        find_port(monitor, name))
        return;
    memcpy(address, data, size & ~1u); /* its end need not be there */
    port = make_port(monitor, name);
    if (!port)
        return;
    if (address[0] && !leads_to_network(address, port->host, &port->number)) {
        free_port(port);
        return;
    }
    port->state = THERE;
    put_port(monitor, port);
}

static DWORD load_ports(struct monitor *monitor)
{
    HANDLE key = NULL;
    LONG error =
        monitor->reg->fpOpenKey(monitor->root, ports_key, KEY_READ, &key, monitor->spooler);

    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_CALL_NOT_IMPLEMENTED)
        return ERROR_SUCCESS; /* nothing is kept yet; or this spooler keeps nothing */
    if (error)
        return (DWORD)error;
    for (DWORD i = 0; !error || error == ERROR_MORE_DATA; i++) {
        WCHAR name[LONGEST_NAME + 2] = {0};
        BYTE data[2 * (LONGEST_HOST + 8)];
        DWORD units = LONGEST_NAME + 1, size = sizeof data, type = REG_NONE;
        error =
            monitor->reg->fpEnumValue(key, i, name, &units, &type, data, &size, monitor->spooler);
        if (!error)
            load_port(monitor, name, type, data, size);
    }
    monitor->reg->fpCloseKey(key, monitor->spooler);
    return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : (DWORD)error;
}

static DWORD store_port(const struct port *port)
{
    const struct monitor *monitor = port->monitor;
    WCHAR address[LONGEST_HOST + 8] = {0};
    WCHAR digits[6];
    int length = lstrlenW(port->host), count = 0;
    HANDLE key = NULL;
    LONG error;

    if (length) {
        lstrcpynW(address, port->host, LONGEST_HOST + 1);
        address[length++] = ':';
        for (WORD rest = port->number; rest; rest /= 10)
            digits[count++] = (WCHAR)('0' + rest % 10);
        while (count)
            address[length++] = digits[--count];
    }
    error = monitor->reg->fpCreateKey(monitor->root, ports_key, 0, KEY_ALL_ACCESS, NULL, &key, NULL,
                                      monitor->spooler);
    if (error)
        return (DWORD)error;
    error = monitor->reg->fpSetValue(key, port->name, REG_SZ, (const BYTE *)address,
                                     text_bytes(address), monitor->spooler);
    monitor->reg->fpCloseKey(key, monitor->spooler);
    return (DWORD)error;
}

static DWORD forget_port(const struct port *port)
{
    const struct monitor *monitor = port->monitor;
    HANDLE key = NULL;
    LONG error =
        monitor->reg->fpOpenKey(monitor->root, ports_key, KEY_ALL_ACCESS, &key, monitor->spooler);

    if (error)
        return (DWORD)error;
    error = monitor->reg->fpDeleteValue(key, port->name, monitor->spooler);
    monitor->reg->fpCloseKey(key, monitor->spooler);
    return (DWORD)error;
}

/* While the store is written to no lock is held: the port is in the list, and nobody sees it. */
static DWORD add_port(struct monitor *monitor, LPCWSTR name, LPCWSTR host, WORD number)
{
    struct port *port = make_port(monitor, name);
    DWORD error = ERROR_SUCCESS;

    if (!port)
        return ERROR_NOT_ENOUGH_MEMORY;
    if (host) {
        lstrcpynW(port->host, host, LONGEST_HOST + 1);
        port->number = number;
    }
    system_lock_take(&monitor->lock);
    if (find_port(monitor, name))
        error = ERROR_ALREADY_EXISTS;
    else
        put_port(monitor, port);
    system_lock_leave(&monitor->lock);
    if (error) {
        free_port(port);
        return error;
    }
    error = store_port(port);
    system_lock_take(&monitor->lock);
    if (error)
        take_port(monitor, port);
    else
        port->state = THERE;
    system_lock_leave(&monitor->lock);
    if (error)
        free_port(port);
    return error;
}

static DWORD delete_port(struct monitor *monitor, LPCWSTR name)
{
    struct port *port;
    DWORD error = ERROR_SUCCESS;

    system_lock_take(&monitor->lock);
    port = find_port(monitor, name);
    if (!port || port->state == ADDING)
        error = ERROR_FILE_NOT_FOUND;
    else if (port->open || port->state == DELETING)
        error = ERROR_BUSY;
    else
        port->state = DELETING;
    system_lock_leave(&monitor->lock);
    if (error)
        return error;
    error = forget_port(port);
    system_lock_take(&monitor->lock);
    if (error)
        port->state = THERE;
    else
        take_port(monitor, port);
    system_lock_leave(&monitor->lock);
    if (!error)
        free_port(port);
    return error;
}
