/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "imports.h"
#include "store.h"

static uint32_t memory_put(struct store *store, const char16_t *name, const char16_t *text)
{
    (void)store;
    (void)name;
    (void)text;
    return 0;
}

static uint32_t memory_remove(struct store *store, const char16_t *name)
{
    (void)store;
    (void)name;
    return 0;
}

static uint32_t memory_put_tcp(struct store *store, const char16_t *name,
                               const struct tcp_settings *settings)
{
    (void)store;
    (void)name;
    (void)settings;
    return 0;
}

static uint32_t memory_change_tcp(struct store *store, const char16_t *name,
                                  const struct tcp_settings *old,
                                  const struct tcp_settings *settings)
{
    (void)old;
    return memory_put_tcp(store, name, settings);
}

static uint32_t memory_get(struct store *store, const char16_t *value, char16_t **text)
{
    (void)store;
    (void)value;
    *text = NULL;
    return PLATEN_FILE_NOT_FOUND;
}

static const struct store_road memory = {
    .put = memory_put,
    .change = memory_put,
    .remove = memory_remove,
    .put_tcp = memory_put_tcp,
    .change_tcp = memory_change_tcp,
    .remove_tcp = memory_remove,
    .get = memory_get,
    .set = memory_put,
    .lasting = false,
};

/* A table that lacks any function that we use is as good as none. */
static bool take_table(struct store *store, const MONITORREG *table)
{
    if (!table || table->cbSize < sizeof(store->reg))
        return false;
    memcpy(&store->reg, table, sizeof(store->reg));
    return store->reg.fpCreateKey && store->reg.fpOpenKey && store->reg.fpCloseKey &&
           store->reg.fpDeleteKey && store->reg.fpEnumKey && store->reg.fpSetValue &&
           store->reg.fpDeleteValue && store->reg.fpEnumValue && store->reg.fpQueryValue;
}

static uint32_t open_root_key(struct store *store, const struct store_reader *reader)
{
    if (!store->root || platen_os_key_reopen(store->root, &store->key))
        return 0;
    store->road = &store_root_key;
    uint32_t error = store_root_key_read(store, reader);
    if (error)
        store_close(store);
    return error;
}

uint32_t store_open(struct store *store, const MONITORINIT *init, const PLATEN_IMPORTS *imports,
                    const struct store_reader *reader)
{
    *store = (struct store){.road = &memory,
                            .imports = imports,
                            .spooler = init->hSpooler,
                            .root = init->hckRegistryRoot};
    if (store->root && take_table(store, init->pMonitorReg)) {
        bool stub;
        uint32_t error = store_monitorreg_read(store, reader, &stub);
        if (!stub) {
            store->road = &store_monitorreg;
            return error;
        }
    }
    return open_root_key(store, reader);
}

void store_close(struct store *store)
{
    platen_os_key_close(store->key);
    store->key = NULL;
}

uint32_t store_put(struct store *store, const char16_t *name, const char16_t *text)
{
    HANDLE client = imports_revert(store->imports);
    uint32_t error = store->road->put(store, name, text);
    imports_impersonate(store->imports, client);
    return error;
}

uint32_t store_change(struct store *store, const char16_t *name, const char16_t *text)
{
    HANDLE client = imports_revert(store->imports);
    uint32_t error = store->road->change(store, name, text);
    if (error == PLATEN_FILE_NOT_FOUND)
        error = store->road->put(store, name, text);
    imports_impersonate(store->imports, client);
    return error;
}

uint32_t store_remove(struct store *store, const char16_t *name)
{
    HANDLE client = imports_revert(store->imports);
    uint32_t error = store->road->remove(store, name);
    imports_impersonate(store->imports, client);
    return error == PLATEN_FILE_NOT_FOUND ? 0 : error;
}

uint32_t store_put_tcp(struct store *store, const char16_t *name,
                       const struct tcp_settings *settings)
{
    HANDLE client = imports_revert(store->imports);
    uint32_t error = store->road->put_tcp(store, name, settings);
    imports_impersonate(store->imports, client);
    return error;
}

uint32_t store_change_tcp(struct store *store, const char16_t *name, const struct tcp_settings *old,
                          const struct tcp_settings *settings)
{
    HANDLE client = imports_revert(store->imports);
    uint32_t error = store->road->change_tcp(store, name, old, settings);
    if (error == PLATEN_FILE_NOT_FOUND) /* somebody has deleted it there */
        error = store->road->put_tcp(store, name, settings);
    imports_impersonate(store->imports, client);
    return error;
}

uint32_t store_remove_tcp(struct store *store, const char16_t *name)
{
    HANDLE client = imports_revert(store->imports);
    uint32_t error = store->road->remove_tcp(store, name);
    imports_impersonate(store->imports, client);
    return error == PLATEN_FILE_NOT_FOUND ? 0 : error;
}

bool store_is_key_name(const char16_t *name)
{
    bool empty = !*name;
    while (*name && *name != u'\\')
        name++;
    return !empty && !*name;
}

uint32_t store_get(struct store *store, const char16_t *value, char16_t **text)
{
    uint32_t error = store->road->get(store, value, text);
    return error == PLATEN_FILE_NOT_FOUND || error == PLATEN_INVALID_DATA ? 0 : error;
}

uint32_t store_set(struct store *store, const char16_t *value, const char16_t *text)
{
    HANDLE client = imports_revert(store->imports);
    uint32_t error = store->road->set(store, value, text);
    imports_impersonate(store->imports, client);
    return error;
}

bool store_lasts(const struct store *store)
{
    return store->road->lasting;
}
