/* SPDX-License-Identifier: MIT */
#include <windows.h>

#include <stdlib.h>

#include <platen/errors.h>

#include "os/registry.h"

/* A HKEY is a pointer to something that nobody knows; so is ours. */
static HKEY native(platen_os_key *key)
{
    return (HKEY)(void *)key;
}

static uint32_t open_key(HKEY parent, const char16_t *name, platen_os_key **key)
{
    HKEY opened = NULL;
    LSTATUS status = RegOpenKeyExW(parent, name, 0, KEY_READ | KEY_WRITE, &opened);
    *key = status ? NULL : (platen_os_key *)(void *)opened;
    return (uint32_t)status;
}

uint32_t platen_os_key_reopen(void *owned, platen_os_key **key)
{
    return open_key(owned, NULL, key);
}

void platen_os_key_close(platen_os_key *key)
{
    if (key)
        RegCloseKey(native(key));
}

uint32_t platen_os_key_open(platen_os_key *parent, const char16_t *name, platen_os_key **key)
{
    return open_key(native(parent), name, key);
}

uint32_t platen_os_key_create(platen_os_key *parent, const char16_t *name, platen_os_key **key)
{
    HKEY made = NULL;
    LSTATUS status = RegCreateKeyExW(native(parent), name, 0, NULL, REG_OPTION_NON_VOLATILE,
                                     KEY_READ | KEY_WRITE, NULL, &made, NULL);
    *key = status ? NULL : (platen_os_key *)(void *)made;
    return (uint32_t)status;
}

uint32_t platen_os_key_delete(platen_os_key *parent, const char16_t *name)
{
    return (uint32_t)RegDeleteKeyW(native(parent), name);
}

uint32_t platen_os_key_name(platen_os_key *key, uint32_t index, char16_t *name, uint32_t size)
{
    DWORD length = size;
    LSTATUS status = RegEnumKeyExW(native(key), index, name, &length, NULL, NULL, NULL, NULL);
    if (status && size)
        *name = 0;
    return (uint32_t)status;
}

uint32_t platen_os_key_value(platen_os_key *key, uint32_t index, char16_t *name, uint32_t size,
                             uint32_t *type, void *data, uint32_t *bytes)
{
    DWORD length = size;
    DWORD kind = REG_NONE;
    DWORD room = *bytes;
    LSTATUS status = RegEnumValueW(native(key), index, name, &length, NULL, &kind, data, &room);
    if (status && size)
        *name = 0;
    *type = kind;
    *bytes = status ? 0 : room;
    return (uint32_t)status;
}

/* The value may change between two calls: the one that fills the buffer has the last word. */
static uint32_t read_text(HKEY key, const char16_t *name, char16_t *text, DWORD *bytes)
{
    DWORD type = REG_NONE;
    LSTATUS status = RegQueryValueExW(key, name, NULL, &type, (BYTE *)text, bytes);
    if (status)
        return (uint32_t)status;
    return type == REG_SZ ? 0 : PLATEN_INVALID_DATA;
}

uint32_t platen_os_key_get(platen_os_key *key, const char16_t *name, char16_t **text)
{
    DWORD bytes = 0;
    uint32_t error = read_text(native(key), name, NULL, &bytes);
    *text = NULL;
    while (!error || error == PLATEN_MORE_DATA) {
        DWORD room = bytes;
        char16_t *buffer =
            calloc(1, room + sizeof(char16_t) * 2); /* stored text may lack its NUL */
        if (!buffer)
            return PLATEN_NOT_ENOUGH_MEMORY;
        error = read_text(native(key), name, buffer, &bytes);
        if (!error) {
            *text = buffer;
            return 0;
        }
        free(buffer);
        if (error == PLATEN_MORE_DATA && bytes <= room)
            return PLATEN_INVALID_DATA;
    }
    return error;
}

uint32_t platen_os_key_set(platen_os_key *key, const char16_t *name, const char16_t *text)
{
    DWORD bytes = (DWORD)((platen_text_length16(text, SIZE_MAX) + 1) * sizeof(char16_t));
    return (uint32_t)RegSetValueExW(native(key), name, 0, REG_SZ, (const BYTE *)text, bytes);
}

uint32_t platen_os_key_get_number(platen_os_key *key, const char16_t *name, uint32_t *number)
{
    DWORD type = REG_NONE;
    DWORD value = 0;
    DWORD bytes = sizeof(value);
    LSTATUS status =
        RegQueryValueExW(native(key), name, NULL, &type, (BYTE *)(void *)&value, &bytes);
    bool good = status == 0 && type == REG_DWORD && bytes == sizeof(value);
    *number = good ? value : 0;
    if (status && status != ERROR_MORE_DATA)
        return (uint32_t)status;
    return good ? 0 : PLATEN_INVALID_DATA;
}

uint32_t platen_os_key_set_number(platen_os_key *key, const char16_t *name, uint32_t number)
{
    return (uint32_t)RegSetValueExW(native(key), name, 0, REG_DWORD, (const BYTE *)&number,
                                    sizeof(number));
}
