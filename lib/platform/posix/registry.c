/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include <platen/errors.h>

#include "os/registry.h"

uint32_t platen_os_key_reopen(void *native, platen_os_key **key)
{
    (void)native;
    *key = NULL;
    return PLATEN_CALL_NOT_IMPLEMENTED;
}

void platen_os_key_close(platen_os_key *key)
{
    (void)key;
}

uint32_t platen_os_key_open(platen_os_key *parent, const char16_t *name, platen_os_key **key)
{
    (void)parent;
    (void)name;
    *key = NULL;
    return PLATEN_CALL_NOT_IMPLEMENTED;
}

uint32_t platen_os_key_create(platen_os_key *parent, const char16_t *name, platen_os_key **key)
{
    return platen_os_key_open(parent, name, key);
}

uint32_t platen_os_key_delete(platen_os_key *parent, const char16_t *name)
{
    (void)parent;
    (void)name;
    return PLATEN_CALL_NOT_IMPLEMENTED;
}

uint32_t platen_os_key_name(platen_os_key *key, uint32_t index, char16_t *name, uint32_t size)
{
    (void)key;
    (void)index;
    if (size)
        *name = 0;
    return PLATEN_CALL_NOT_IMPLEMENTED;
}

uint32_t platen_os_key_value(platen_os_key *key, uint32_t index, char16_t *name, uint32_t size,
                             uint32_t *type, void *data, uint32_t *bytes)
{
    (void)data;
    *type = 0;
    *bytes = 0;
    return platen_os_key_name(key, index, name, size);
}

uint32_t platen_os_key_get(platen_os_key *key, const char16_t *name, char16_t **text)
{
    (void)key;
    (void)name;
    *text = NULL;
    return PLATEN_CALL_NOT_IMPLEMENTED;
}

uint32_t platen_os_key_set(platen_os_key *key, const char16_t *name, const char16_t *text)
{
    (void)key;
    (void)name;
    (void)text;
    return PLATEN_CALL_NOT_IMPLEMENTED;
}

uint32_t platen_os_key_get_number(platen_os_key *key, const char16_t *name, uint32_t *number)
{
    (void)key;
    (void)name;
    *number = 0;
    return PLATEN_CALL_NOT_IMPLEMENTED;
}

uint32_t platen_os_key_set_number(platen_os_key *key, const char16_t *name, uint32_t number)
{
    (void)key;
    (void)name;
    (void)number;
    return PLATEN_CALL_NOT_IMPLEMENTED;
}
