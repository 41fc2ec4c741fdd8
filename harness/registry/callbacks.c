/* SPDX-License-Identifier: MIT
 *
 * The ten functions of MONITORREG (contract 1.5, R85). Name counts are characters, data counts
 * bytes; every optional output may be NULL; errors are return values.
 */
#include <stdlib.h>
#include <string.h>

#include "registry/view.h"

/* What an access mask grants: generic bits are those of a key, MAXIMUM_ALLOWED and "nothing said"
 * are all of it. */
static REGSAM granted(REGSAM asked)
{
    static const struct {
        REGSAM generic;
        REGSAM own;
    } list[] = {
        {GENERIC_READ, KEY_READ},
        {GENERIC_WRITE, KEY_WRITE},
        {GENERIC_EXECUTE, KEY_READ},
        {GENERIC_ALL, KEY_ALL_ACCESS},
        {0x02000000u /* MAXIMUM_ALLOWED */, KEY_ALL_ACCESS},
    };
    REGSAM access = asked;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        if ((asked & list[i].generic) != 0) {
            access = (access & ~list[i].generic) | list[i].own;
        }
    }
    return access == 0 ? KEY_ALL_ACCESS : access;
}

static void set_number(PDWORD to, DWORD value)
{
    if (to != NULL) {
        *to = value;
    }
}

static void set_time(PFILETIME to, const struct reg_key *key)
{
    if (to != NULL) {
        to->dwLowDateTime = (DWORD)key->written;
        to->dwHighDateTime = (DWORD)(key->written >> 32);
    }
}

static LONG WINAPI create_key(HANDLE hcKey, LPCWSTR pszSubKey, DWORD dwOptions, REGSAM samDesired,
                              PSECURITY_ATTRIBUTES pSecurityAttributes, PHANDLE phckResult,
                              PDWORD pdwDisposition, HANDLE hSpooler)
{
    struct view_use use;
    struct reg_key *key, *made;
    (void)dwOptions;
    (void)pSecurityAttributes;
    if (phckResult == NULL) {
        return PLATEN_INVALID_PARAMETER;
    }
    *phckResult = NULL;
    set_number(pdwDisposition, 0);
    uint32_t error = view_enter(hcKey, hSpooler, KEY_CREATE_SUB_KEY, &use);
    if (error != 0) {
        return (LONG)error;
    }
    error = tree_make(use.registry, use.key, tree_path((const char16_t *)pszSubKey), &key, &made);
    if (error == 0) {
        error = view_give(&use, key, granted(samDesired), phckResult);
        if (error != 0 && made != NULL) {
            tree_delete(use.registry, made);
            made = NULL;
        }
    }
    if (error == 0) {
        set_number(pdwDisposition, made != NULL ? REG_CREATED_NEW_KEY : REG_OPENED_EXISTING_KEY);
    }
    view_leave(&use);
    return (LONG)error;
}

static LONG WINAPI open_key(HANDLE hcKey, LPCWSTR pszSubKey, REGSAM samDesired, PHANDLE phkResult,
                            HANDLE hSpooler)
{
    struct view_use use;
    struct reg_key *key;
    if (phkResult == NULL) {
        return PLATEN_INVALID_PARAMETER;
    }
    *phkResult = NULL;
    uint32_t error = view_enter(hcKey, hSpooler, 0, &use);
    if (error != 0) {
        return (LONG)error;
    }
    error = tree_find(use.key, tree_path((const char16_t *)pszSubKey), &key);
    if (error == 0) {
        error = view_give(&use, key, granted(samDesired), phkResult);
    }
    view_leave(&use);
    return (LONG)error;
}

static LONG WINAPI close_key(HANDLE hcKey, HANDLE hSpooler)
{
    return (LONG)view_close(hcKey, hSpooler);
}

static LONG WINAPI delete_key(HANDLE hcKey, LPCWSTR pszSubKey, HANDLE hSpooler)
{
    struct view_use use;
    struct reg_key *key;
    uint32_t error = view_enter(hcKey, hSpooler, 0, &use);
    if (error != 0) {
        return (LONG)error;
    }
    error = tree_find(use.key, tree_path((const char16_t *)pszSubKey), &key);
    if (error == 0 && (key == use.key || key->subkeys.count > 0)) {
        error = PLATEN_ACCESS_DENIED; /* one level at a time, and never the key in hand */
    }
    if (error == 0) {
        tree_delete(use.registry, key);
    }
    view_leave(&use);
    return (LONG)error;
}

/* A name into a buffer whose size with the NUL is *count; *count becomes the length without it. */
static uint32_t give_name(const char16_t *name, void *to, PDWORD count)
{
    DWORD length = (DWORD)platen_text_length16(name, SIZE_MAX);
    if (*count <= length) {
        return PLATEN_MORE_DATA;
    }
    memcpy(to, name, (length + 1) * sizeof(char16_t));
    *count = length;
    return 0;
}

static LONG WINAPI enum_key(HANDLE hcKey, DWORD dwIndex, LPWSTR pszName, PDWORD pcchName,
                            PFILETIME pftLastWriteTime, HANDLE hSpooler)
{
    struct view_use use;
    if (pszName == NULL || pcchName == NULL) {
        return PLATEN_INVALID_PARAMETER;
    }
    uint32_t error = view_enter(hcKey, hSpooler, KEY_ENUMERATE_SUB_KEYS, &use);
    if (error != 0) {
        return (LONG)error;
    }
    if (dwIndex >= use.key->subkeys.count) {
        error = PLATEN_NO_MORE_ITEMS;
    } else {
        struct reg_key *key = (struct reg_key *)use.key->subkeys.items[dwIndex];
        error = give_name(key->named.name, pszName, pcchName);
        set_time(pftLastWriteTime, key);
    }
    view_leave(&use);
    return (LONG)error;
}

static DWORD longest_name(const struct names *names)
{
    size_t longest = 0;
    for (uint32_t i = 0; i < names->count; i++) {
        size_t length = platen_text_length16(names->items[i]->name, SIZE_MAX);
        longest = length > longest ? length : longest;
    }
    return (DWORD)longest;
}

static DWORD longest_data(const struct names *values)
{
    uint32_t longest = 0;
    for (uint32_t i = 0; i < values->count; i++) {
        uint32_t size = ((const struct reg_value *)values->items[i])->size;
        longest = size > longest ? size : longest;
    }
    return longest;
}

static LONG WINAPI query_info_key(HANDLE hcKey, PDWORD pcSubKeys, PDWORD pcbKey, PDWORD pcValues,
                                  PDWORD pcbValue, PDWORD pcbData, PDWORD pcbSecurityDescriptor,
                                  PFILETIME pftLastWriteTime, HANDLE hSpooler)
{
    struct view_use use;
    uint32_t error = view_enter(hcKey, hSpooler, KEY_QUERY_VALUE, &use);
    if (error != 0) {
        return (LONG)error;
    }
    set_number(pcSubKeys, use.key->subkeys.count);
    set_number(pcbKey, longest_name(&use.key->subkeys));
    set_number(pcValues, use.key->values.count);
    set_number(pcbValue, longest_name(&use.key->values));
    set_number(pcbData, longest_data(&use.key->values));
    set_number(pcbSecurityDescriptor, 0);
    set_time(pftLastWriteTime, use.key);
    view_leave(&use);
    return 0;
}

static LONG WINAPI set_value(HANDLE hcKey, LPCWSTR pszValue, DWORD dwType, const BYTE *pData,
                             DWORD cbData, HANDLE hSpooler)
{
    struct view_use use;
    if (pData == NULL && cbData > 0) {
        return PLATEN_INVALID_PARAMETER;
    }
    uint32_t error = view_enter(hcKey, hSpooler, KEY_SET_VALUE, &use);
    if (error != 0) {
        return (LONG)error;
    }
    error = tree_set(use.registry, use.key, (const char16_t *)pszValue, dwType, pData, cbData);
    view_leave(&use);
    return (LONG)error;
}

static LONG WINAPI delete_value(HANDLE hcKey, LPCWSTR pszValue, HANDLE hSpooler)
{
    struct view_use use;
    uint32_t error = view_enter(hcKey, hSpooler, KEY_SET_VALUE, &use);
    if (error != 0) {
        return (LONG)error;
    }
    error = tree_delete_value(use.registry, use.key, (const char16_t *)pszValue);
    view_leave(&use);
    return (LONG)error;
}

/* Type and data; the size is told whether or not it fits (234). */
static uint32_t give_data(const struct reg_value *value, PDWORD pType, PBYTE pData, PDWORD pcbData)
{
    DWORD room = pcbData == NULL ? 0 : *pcbData;
    set_number(pType, value->type);
    set_number(pcbData, value->size);
    if (pData == NULL) {
        return 0;
    }
    if (room < value->size) {
        return PLATEN_MORE_DATA;
    }
    memcpy(pData, value->data, value->size);
    return 0;
}

static LONG WINAPI enum_value(HANDLE hcKey, DWORD dwIndex, LPWSTR pszValue, PDWORD pcbValue,
                              PDWORD pType, PBYTE pData, PDWORD pcbData, HANDLE hSpooler)
{
    struct view_use use;
    if (pszValue == NULL || pcbValue == NULL || (pData != NULL && pcbData == NULL)) {
        return PLATEN_INVALID_PARAMETER;
    }
    uint32_t error = view_enter(hcKey, hSpooler, KEY_QUERY_VALUE, &use);
    if (error != 0) {
        return (LONG)error;
    }
    if (dwIndex >= use.key->values.count) {
        error = PLATEN_NO_MORE_ITEMS;
    } else {
        const struct reg_value *value = (struct reg_value *)use.key->values.items[dwIndex];
        error = give_name(value->named.name, pszValue, pcbValue);
        uint32_t data_error = give_data(value, pType, error == 0 ? pData : NULL, pcbData);
        error = error != 0 ? error : data_error;
    }
    view_leave(&use);
    return (LONG)error;
}

static LONG WINAPI query_value(HANDLE hcKey, LPCWSTR pszValue, PDWORD pType, PBYTE pData,
                               PDWORD pcbData, HANDLE hSpooler)
{
    struct view_use use;
    if (pData != NULL && pcbData == NULL) {
        return PLATEN_INVALID_PARAMETER;
    }
    uint32_t error = view_enter(hcKey, hSpooler, KEY_QUERY_VALUE, &use);
    if (error != 0) {
        return (LONG)error;
    }
    const struct reg_value *value = tree_value(use.key, (const char16_t *)pszValue);
    error = value == NULL ? PLATEN_FILE_NOT_FOUND : give_data(value, pType, pData, pcbData);
    view_leave(&use);
    return (LONG)error;
}

const MONITORREG *platen_registry_table(void)
{
    static const MONITORREG table = {
        .cbSize = sizeof table,
        .fpCreateKey = create_key,
        .fpOpenKey = open_key,
        .fpCloseKey = close_key,
        .fpDeleteKey = delete_key,
        .fpEnumKey = enum_key,
        .fpQueryInfoKey = query_info_key,
        .fpSetValue = set_value,
        .fpDeleteValue = delete_value,
        .fpEnumValue = enum_value,
        .fpQueryValue = query_value,
    };
    return &table;
}
