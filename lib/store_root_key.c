/* SPDX-License-Identifier: MIT
 *
 * The road through the root key itself, for spoolers whose registry functions are stubs. A name
 * with a '\' in it would become a path of keys, so such a port cannot be kept there.
 */
#include <stdlib.h>

#include <platen/errors.h>

#include "names.h"
#include "store.h"

enum { SUBKEYS_MAX = 1 << 20 };

static const char16_t ports_key[] = u"Ports";
static const char16_t uri_value[] = u"URI";

static uint32_t read_port(platen_os_key *ports, const char16_t *name, store_visit visit,
                          void *context)
{
    platen_os_key *key;
    char16_t *text = NULL;
    uint32_t error = platen_os_key_open(ports, name, &key);
    if (error)
        return error == PLATEN_FILE_NOT_FOUND ? 0 : error;
    platen_os_key_get(key, uri_value, &text); /* none, or none that is text: the name says it */
    platen_os_key_close(key);
    error = visit(context, name, text ? text : u"");
    free(text);
    return error;
}

uint32_t store_root_key_read(struct store *store, store_visit visit, void *context)
{
    platen_os_key *ports;
    char16_t name[256]; /* no key has a longer name */
    uint32_t error = platen_os_key_open(store->key, ports_key, &ports);
    if (error)
        return error == PLATEN_FILE_NOT_FOUND ? 0 : error;
    for (uint32_t index = 0; !error && index < SUBKEYS_MAX; index++) {
        error = platen_os_key_name(ports, index, name, sizeof(name) / sizeof(name[0]));
        if (!error)
            error = read_port(ports, name, visit, context);
    }
    platen_os_key_close(ports);
    return error == PLATEN_NO_MORE_ITEMS ? 0 : error;
}

static bool is_path(const char16_t *name)
{
    while (*name && *name != u'\\')
        name++;
    return *name != 0;
}

static uint32_t put_in(platen_os_key *ports, const char16_t *name, const char16_t *text)
{
    platen_os_key *key;
    uint32_t error = platen_os_key_create(ports, name, &key);
    if (error)
        return error;
    if (*text)
        error = platen_os_key_set(key, uri_value, text);
    platen_os_key_close(key);
    if (error)
        platen_os_key_delete(ports, name);
    return error;
}

static uint32_t put(struct store *store, const char16_t *name, const char16_t *text)
{
    platen_os_key *ports;
    if (is_path(name))
        return PLATEN_INVALID_NAME;
    uint32_t error = platen_os_key_create(store->key, ports_key, &ports);
    if (error)
        return error;
    error = put_in(ports, name, text);
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

const struct store_road store_root_key = {
    .put = put,
    .remove = remove_port,
    .get = get,
    .lasting = true,
};
