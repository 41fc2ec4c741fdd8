/* SPDX-License-Identifier: MIT
 *
 * The road through the spooler's registry functions. No key stays open between two calls, so each
 * is closed exactly once (R6); the root is never closed.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "store.h"

/* A registry holds no longer names, and nothing of ours has more data. */
enum { NAME_UNITS_MAX = 16384, DATA_BYTES_MAX = 1 << 20, VALUES_MAX = 1 << 20 };
enum { KEY_UNITS_MAX = 255, KEYS_MAX = 1 << 20 }; /* no key has a longer name */

static const char16_t ports_key[] = u"Ports";

/* Room for one value. Both buffers have space for a NUL behind what is told to the spooler. */
struct value {
    char16_t *name;
    char16_t *data;
    uint32_t name_units;
    uint32_t data_bytes; /* even */
};

static bool resize(struct value *value, uint32_t name_units, uint32_t data_bytes)
{
    char16_t *name = realloc(value->name, (name_units + 1) * sizeof(char16_t));
    if (name)
        value->name = name;
    char16_t *data = realloc(value->data, data_bytes + sizeof(char16_t));
    if (data)
        value->data = data;
    if (!name || !data)
        return false;
    value->name_units = name_units;
    value->data_bytes = data_bytes;
    return true;
}

static void free_value(struct value *value)
{
    free(value->name);
    free(value->data);
}

static uint32_t grown(uint32_t now, uint32_t asked, uint32_t most)
{
    uint32_t size = now * 2 > asked ? now * 2 : asked;
    return size < most ? (size + 1) & ~1u : most;
}

/* One value by number. What fits nowhere is INVALID_DATA: the caller passes over it. */
static uint32_t fetch(const struct store *store, HANDLE key, uint32_t index, struct value *value)
{
    for (;;) {
        DWORD units = value->name_units;
        DWORD bytes = value->data_bytes;
        DWORD type = REG_NONE;
        LONG code = store->reg.fpEnumValue(key, index, value->name, &units, &type,
                                           (PBYTE)value->data, &bytes, store->spooler);
        if (code == 0 && (units > value->name_units || bytes > value->data_bytes))
            return PLATEN_INVALID_DATA;
        if (code == 0) {
            value->name[units] = 0;
            value->data[bytes / 2] = 0; /* an odd byte is dropped with it */
            return type == REG_SZ ? 0 : PLATEN_INVALID_DATA;
        }
        if (code != PLATEN_MORE_DATA)
            return (uint32_t)code;
        if (value->name_units == NAME_UNITS_MAX && value->data_bytes == DATA_BYTES_MAX)
            return PLATEN_INVALID_DATA;
        if (!resize(value, grown(value->name_units, units, NAME_UNITS_MAX),
                    grown(value->data_bytes, bytes, DATA_BYTES_MAX)))
            return PLATEN_NOT_ENOUGH_MEMORY;
    }
}

static uint32_t read_values(const struct store *store, HANDLE key,
                            const struct store_reader *reader)
{
    struct value value = {0};
    uint32_t error = resize(&value, 256, 512) ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
    for (uint32_t index = 0; !error && index < VALUES_MAX; index++) {
        error = fetch(store, key, index, &value);
        if (!error)
            error = reader->local(reader->context, value.name, value.data);
        else if (error == PLATEN_INVALID_DATA)
            error = 0;
    }
    free_value(&value);
    return error == PLATEN_NO_MORE_ITEMS ? 0 : error;
}

static uint32_t set_value(const struct store *store, HANDLE key, const char16_t *name,
                          const char16_t *text)
{
    size_t bytes = (platen_text_length16(text, SIZE_MAX) + 1) * sizeof(char16_t);
    return (uint32_t)store->reg.fpSetValue(key, name, REG_SZ, (const BYTE *)text, (DWORD)bytes,
                                           store->spooler);
}

/* ---- the subkeys: TCP/IP ports -------------------------------------------------------------- */

/* One subkey, while it is open. */
struct port_key {
    struct tcp_key values; /* first: tcpport.c gets a pointer to it */
    const struct store *store;
    HANDLE handle;
};

static const struct port_key *as_port_key(const struct tcp_key *key)
{
    return (const struct port_key *)(const void *)key;
}

/* A value whose data has to fit. MORE_DATA says that it is no value of ours. */
static uint32_t query_fitting(const struct tcp_key *key, const char16_t *name, uint32_t wanted,
                              void *data, uint32_t *size)
{
    const struct port_key *port = as_port_key(key);
    DWORD bytes = *size;
    DWORD type = REG_NONE;
    LONG code = port->store->reg.fpQueryValue(port->handle, name, &type, data, &bytes,
                                              port->store->spooler);
    if (code == PLATEN_MORE_DATA || (!code && (type != wanted || bytes > *size)))
        return PLATEN_INVALID_DATA;
    *size = bytes;
    return (uint32_t)code;
}

static uint32_t get_number(const struct tcp_key *key, const char16_t *name, uint32_t *number)
{
    uint32_t value = 0, size = sizeof(value);
    uint32_t error = query_fitting(key, name, REG_DWORD, &value, &size);
    if (!error && size != sizeof(value))
        error = PLATEN_INVALID_DATA;
    *number = error ? 0 : value;
    return error;
}

/* Stored text may lack its NUL. */
static uint32_t get_text(const struct tcp_key *key, const char16_t *name, char16_t *text,
                         size_t units)
{
    uint32_t size = (uint32_t)(units * sizeof(*text));
    uint32_t error = query_fitting(key, name, REG_SZ, text, &size);
    size_t length = error ? 0 : platen_text_length16(text, size / sizeof(*text));
    if (length == units) {
        error = PLATEN_INVALID_DATA;
        length = 0;
    }
    text[length] = 0;
    return error;
}

static uint32_t set_number(const struct tcp_key *key, const char16_t *name, uint32_t number)
{
    const struct port_key *port = as_port_key(key);
    return (uint32_t)port->store->reg.fpSetValue(
        port->handle, name, REG_DWORD, (const BYTE *)&number, sizeof(number), port->store->spooler);
}

static uint32_t set_text(const struct tcp_key *key, const char16_t *name, const char16_t *text)
{
    const struct port_key *port = as_port_key(key);
    return set_value(port->store, port->handle, name, text);
}

static struct port_key port_key(const struct store *store, HANDLE handle)
{
    return (struct port_key){{get_number, get_text, set_number, set_text}, store, handle};
}

/* A key that is gone in between was deleted. */
static uint32_t read_key(const struct store *store, HANDLE ports, const char16_t *name,
                         const struct store_reader *reader)
{
    struct tcp_settings settings;
    HANDLE handle = NULL;
    LONG code = store->reg.fpOpenKey(ports, name, KEY_READ, &handle, store->spooler);
    if (code)
        return code == PLATEN_FILE_NOT_FOUND ? 0 : (uint32_t)code;
    struct port_key key = port_key(store, handle);
    uint32_t error = tcp_load(&key.values, &settings);
    store->reg.fpCloseKey(handle, store->spooler);
    bool unusable = error == PLATEN_INVALID_DATA || error == PLATEN_FILE_NOT_FOUND;
    return error && !unusable ? error
                              : reader->tcp(reader->context, name, unusable ? NULL : &settings);
}

static uint32_t read_keys(const struct store *store, HANDLE ports,
                          const struct store_reader *reader)
{
    char16_t name[KEY_UNITS_MAX + 1];
    uint32_t error = 0;
    for (uint32_t index = 0; !error && index < KEYS_MAX; index++) {
        DWORD units = KEY_UNITS_MAX + 1;
        error = (uint32_t)store->reg.fpEnumKey(ports, index, name, &units, NULL, store->spooler);
        bool fits = !error && units <= KEY_UNITS_MAX;
        name[fits ? units : 0] = 0;
        if (fits && store_is_key_name(name))
            error = read_key(store, ports, name, reader);
        else if (error == PLATEN_MORE_DATA)
            error = 0;
    }
    return error == PLATEN_NO_MORE_ITEMS ? 0 : error;
}

uint32_t store_monitorreg_read(struct store *store, const struct store_reader *reader, bool *stub)
{
    HANDLE key = NULL;
    LONG code = store->reg.fpOpenKey(store->root, ports_key, KEY_READ, &key, store->spooler);
    *stub = code == PLATEN_CALL_NOT_IMPLEMENTED;
    if (code == PLATEN_FILE_NOT_FOUND)
        return 0;
    if (code)
        return (uint32_t)code;
    uint32_t error = read_values(store, key, reader);
    if (!error)
        error = read_keys(store, key, reader);
    store->reg.fpCloseKey(key, store->spooler);
    return error;
}

/* ---- changes ------------------------------------------------------------------------------- */

static LONG create_key(const struct store *store, HANDLE above, const char16_t *name, HANDLE *key)
{
    *key = NULL;
    return store->reg.fpCreateKey(above, name, REG_OPTION_NON_VOLATILE, KEY_WRITE, NULL, key, NULL,
                                  store->spooler);
}

static uint32_t put(struct store *store, const char16_t *name, const char16_t *text)
{
    HANDLE key;
    LONG code = create_key(store, store->root, ports_key, &key);
    if (code)
        return (uint32_t)code;
    uint32_t error = set_value(store, key, name, text);
    store->reg.fpCloseKey(key, store->spooler);
    return error;
}

static uint32_t set(struct store *store, const char16_t *value, const char16_t *text)
{
    return set_value(store, store->root, value, text);
}

static uint32_t put_settings(const struct store *store, HANDLE ports, const char16_t *name,
                             const struct tcp_settings *settings)
{
    HANDLE handle;
    LONG code = create_key(store, ports, name, &handle);
    if (code)
        return (uint32_t)code;
    struct port_key key = port_key(store, handle);
    uint32_t error = tcp_store(&key.values, settings);
    store->reg.fpCloseKey(handle, store->spooler);
    if (error)
        store->reg.fpDeleteKey(ports, name, store->spooler);
    return error;
}

static uint32_t put_tcp(struct store *store, const char16_t *name,
                        const struct tcp_settings *settings)
{
    HANDLE ports;
    LONG code = create_key(store, store->root, ports_key, &ports);
    if (code)
        return (uint32_t)code;
    uint32_t error = put_settings(store, ports, name, settings);
    store->reg.fpCloseKey(ports, store->spooler);
    return error;
}

static uint32_t change_settings(const struct store *store, HANDLE ports, const char16_t *name,
                                const struct tcp_settings *old, const struct tcp_settings *settings)
{
    HANDLE handle = NULL;
    LONG code = store->reg.fpOpenKey(ports, name, KEY_WRITE, &handle, store->spooler);
    if (code)
        return (uint32_t)code;
    struct port_key key = port_key(store, handle);
    uint32_t error = tcp_store_change(&key.values, old, settings);
    store->reg.fpCloseKey(handle, store->spooler);
    return error;
}

static uint32_t change_tcp(struct store *store, const char16_t *name,
                           const struct tcp_settings *old, const struct tcp_settings *settings)
{
    HANDLE ports = NULL;
    LONG code = store->reg.fpOpenKey(store->root, ports_key, KEY_WRITE, &ports, store->spooler);
    if (code)
        return (uint32_t)code;
    uint32_t error = change_settings(store, ports, name, old, settings);
    store->reg.fpCloseKey(ports, store->spooler);
    return error;
}

/* From `Ports`, by the function for what it is there. */
static uint32_t remove_entry(struct store *store, const char16_t *name,
                             LONG(WINAPI *remove)(HANDLE key, LPCWSTR name, HANDLE spooler))
{
    HANDLE key = NULL;
    LONG code = store->reg.fpOpenKey(store->root, ports_key, KEY_WRITE, &key, store->spooler);
    if (code)
        return (uint32_t)code;
    code = remove(key, name, store->spooler);
    store->reg.fpCloseKey(key, store->spooler);
    return (uint32_t)code;
}

static uint32_t remove_port(struct store *store, const char16_t *name)
{
    return remove_entry(store, name, store->reg.fpDeleteValue);
}

static uint32_t remove_tcp(struct store *store, const char16_t *name)
{
    return remove_entry(store, name, store->reg.fpDeleteKey);
}

static uint32_t query(const struct store *store, const char16_t *name, struct value *value)
{
    DWORD bytes = value->data_bytes;
    DWORD type = REG_NONE;
    LONG code = store->reg.fpQueryValue(store->root, name, &type, (PBYTE)value->data, &bytes,
                                        store->spooler);
    if (code == PLATEN_MORE_DATA) {
        value->data_bytes = grown(value->data_bytes, bytes, DATA_BYTES_MAX);
        return PLATEN_MORE_DATA;
    }
    if (code)
        return (uint32_t)code;
    if (type != REG_SZ || bytes > value->data_bytes)
        return PLATEN_INVALID_DATA;
    value->data[bytes / 2] = 0;
    return 0;
}

static uint32_t get(struct store *store, const char16_t *name, char16_t **text)
{
    struct value value = {.data_bytes = 512};
    uint32_t error = PLATEN_MORE_DATA;
    *text = NULL;
    while (error == PLATEN_MORE_DATA) {
        uint32_t room = value.data_bytes;
        free(value.data);
        value.data = malloc(room + sizeof(char16_t));
        if (!value.data)
            return PLATEN_NOT_ENOUGH_MEMORY;
        error = query(store, name, &value);
        if (error == PLATEN_MORE_DATA && room == DATA_BYTES_MAX)
            error = PLATEN_INVALID_DATA;
    }
    if (error)
        free(value.data);
    else
        *text = value.data;
    return error;
}

const struct store_road store_monitorreg = {
    .put = put,
    .change = put, /* one value, which is either there or not */
    .remove = remove_port,
    .put_tcp = put_tcp,
    .change_tcp = change_tcp,
    .remove_tcp = remove_tcp,
    .get = get,
    .set = set,
    .lasting = true,
};
