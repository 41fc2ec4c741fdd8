/* SPDX-License-Identifier: MIT
 *
 * The road through the root key itself, for spoolers whose registry functions are stubs. A name
 * with a '\' in it would become a path of keys, so such a port cannot be kept there.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "names.h"
#include "store.h"

enum { SUBKEYS_MAX = 1 << 20 };

static const char16_t ports_key[] = u"Ports";
static const char16_t uri_value[] = u"URI";

/* One subkey, while it is open. */
struct port_key {
    struct tcp_key values; /* first: tcpport.c gets a pointer to it */
    platen_os_key *key;
};

static platen_os_key *key_of(const struct tcp_key *key)
{
    return ((const struct port_key *)(const void *)key)->key;
}

static uint32_t get_number(const struct tcp_key *key, const char16_t *name, uint32_t *number)
{
    return platen_os_key_get_number(key_of(key), name, number);
}

static uint32_t get_text(const struct tcp_key *key, const char16_t *name, char16_t *text,
                         size_t units)
{
    char16_t *stored;
    uint32_t error = platen_os_key_get(key_of(key), name, &stored);
    size_t length = error ? 0 : platen_text_length16(stored, units);
    if (length == units) {
        error = PLATEN_INVALID_DATA;
        length = 0;
    }
    if (length)
        memcpy(text, stored, length * sizeof(*text));
    text[length] = 0;
    free(stored);
    return error;
}

static uint32_t set_number(const struct tcp_key *key, const char16_t *name, uint32_t number)
{
    return platen_os_key_set_number(key_of(key), name, number);
}

static uint32_t set_text(const struct tcp_key *key, const char16_t *name, const char16_t *text)
{
    return platen_os_key_set(key_of(key), name, text);
}

static struct port_key port_key(platen_os_key *key)
{
    return (struct port_key){{get_number, get_text, set_number, set_text}, key};
}

/* A Local port: its URI is a value; none, or none that is text: the name says it. */
static uint32_t read_local(platen_os_key *key, const char16_t *name,
                           const struct store_reader *reader)
{
    char16_t *text = NULL;
    platen_os_key_get(key, uri_value, &text);
    uint32_t error = reader->local(reader->context, name, text ? text : u"");
    free(text);
    return error;
}

/* What makes it a TCP/IP port is that it has a protocol. */
static uint32_t read_open(const struct port_key *port, const char16_t *name,
                          const struct store_reader *reader)
{
    struct tcp_settings settings;
    uint32_t error = tcp_load(&port->values, &settings);
    if (error == PLATEN_FILE_NOT_FOUND)
        return read_local(port->key, name, reader);
    if (error && error != PLATEN_INVALID_DATA)
        return error;
    return reader->tcp(reader->context, name, error ? NULL : &settings);
}

static uint32_t read_port(platen_os_key *ports, const char16_t *name,
                          const struct store_reader *reader)
{
    platen_os_key *key;
    uint32_t error = platen_os_key_open(ports, name, &key);
    if (error)
        return error == PLATEN_FILE_NOT_FOUND ? 0 : error;
    struct port_key port = port_key(key);
    error = read_open(&port, name, reader);
    platen_os_key_close(key);
    return error;
}

uint32_t store_root_key_read(struct store *store, const struct store_reader *reader)
{
    platen_os_key *ports;
    char16_t name[256]; /* no key has a longer name */
    uint32_t error = platen_os_key_open(store->key, ports_key, &ports);
    if (error)
        return error == PLATEN_FILE_NOT_FOUND ? 0 : error;
    for (uint32_t index = 0; !error && index < SUBKEYS_MAX; index++) {
        error = platen_os_key_name(ports, index, name, sizeof(name) / sizeof(name[0]));
        if (!error)
            error = read_port(ports, name, reader);
    }
    platen_os_key_close(ports);
    return error == PLATEN_NO_MORE_ITEMS ? 0 : error;
}

/* What a port leaves in its key. */
struct content {
    const char16_t *uri;                 /* of a Local port; may be empty */
    const struct tcp_settings *settings; /* NULL: it is a Local port */
};

static uint32_t fill(platen_os_key *key, const struct content *content)
{
    struct port_key port = port_key(key);
    if (content->settings)
        return tcp_store(&port.values, content->settings);
    return content->uri && *content->uri ? platen_os_key_set(key, uri_value, content->uri) : 0;
}

/* A key that is there already belongs to an entry that could not be used: none of it may mix with
 * the new port's. */
static uint32_t put_in(platen_os_key *ports, const char16_t *name, const struct content *content)
{
    platen_os_key *key;
    uint32_t error = platen_os_key_delete(ports, name);
    if (error && error != PLATEN_FILE_NOT_FOUND)
        return error;
    error = platen_os_key_create(ports, name, &key);
    if (error)
        return error;
    error = fill(key, content);
    platen_os_key_close(key);
    if (error)
        platen_os_key_delete(ports, name);
    return error;
}

static uint32_t put_content(struct store *store, const char16_t *name,
                            const struct content *content)
{
    platen_os_key *ports;
    if (!store_is_key_name(name))
        return PLATEN_INVALID_NAME;
    uint32_t error = platen_os_key_create(store->key, ports_key, &ports);
    if (error)
        return error;
    error = put_in(ports, name, content);
    platen_os_key_close(ports);
    return error;
}

static uint32_t put(struct store *store, const char16_t *name, const char16_t *text)
{
    struct content content = {.uri = text};
    return put_content(store, name, &content);
}

static uint32_t put_tcp(struct store *store, const char16_t *name,
                        const struct tcp_settings *settings)
{
    struct content content = {.settings = settings};
    return put_content(store, name, &content);
}

static uint32_t change_text_in(platen_os_key *ports, const char16_t *name, const char16_t *text)
{
    platen_os_key *key;
    uint32_t error = platen_os_key_open(ports, name, &key);
    if (error)
        return error;
    error = platen_os_key_set(key, uri_value, text);
    platen_os_key_close(key);
    return error;
}

static uint32_t change(struct store *store, const char16_t *name, const char16_t *text)
{
    platen_os_key *ports;
    if (!store_is_key_name(name))
        return PLATEN_INVALID_NAME;
    uint32_t error = platen_os_key_open(store->key, ports_key, &ports);
    if (error)
        return error;
    error = change_text_in(ports, name, text);
    platen_os_key_close(ports);
    return error;
}

static uint32_t change_in(platen_os_key *ports, const char16_t *name,
                          const struct tcp_settings *old, const struct tcp_settings *settings)
{
    platen_os_key *key;
    uint32_t error = platen_os_key_open(ports, name, &key);
    if (error)
        return error;
    struct port_key port = port_key(key);
    error = tcp_store_change(&port.values, old, settings);
    platen_os_key_close(key);
    return error;
}

static uint32_t change_tcp(struct store *store, const char16_t *name,
                           const struct tcp_settings *old, const struct tcp_settings *settings)
{
    platen_os_key *ports;
    uint32_t error = platen_os_key_open(store->key, ports_key, &ports);
    if (error)
        return error;
    error = change_in(ports, name, old, settings);
    platen_os_key_close(ports);
    return error;
}

static uint32_t remove_port(struct store *store, const char16_t *name)
{
    platen_os_key *ports;
    uint32_t error = platen_os_key_open(store->key, ports_key, &ports);
    if (error)
        return error;
    error = platen_os_key_delete(ports, name);
    platen_os_key_close(ports);
    return error;
}

static uint32_t get(struct store *store, const char16_t *value, char16_t **text)
{
    return platen_os_key_get(store->key, value, text);
}

static uint32_t set(struct store *store, const char16_t *value, const char16_t *text)
{
    return platen_os_key_set(store->key, value, text);
}

const struct store_road store_root_key = {
    .put = put,
    .change = change,
    .remove = remove_port,
    .put_tcp = put_tcp,
    .change_tcp = change_tcp,
    .remove_tcp = remove_port,
    .get = get,
    .set = set,
    .lasting = true,
};
