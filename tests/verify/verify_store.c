/* SPDX-License-Identifier: MIT
 *
 * The verifying monitor's look at MONITORREG (R85): what goes in comes out.
 */
#include "verify.h"

#include <string.h>

/* One pass over the store, under a key of its own. */
struct store {
    const MONITORREG *to;
    HANDLE spooler;
    HANDLE root;
    HANDLE key;
};

static const char16_t key_name[] = u"Verify keys";
static const char16_t text_name[] = u"A text";
static const char16_t long_name[] = u"bytes with a longer name";
static const char16_t number_name[] = u"Verify";
/* No NUL: data are bytes. */
static const char16_t text_data[3] = {0xE4, 'b', 'c'};
static const BYTE long_data[5] = {1, 2, 3, 4, 5};

static LONG set(const struct store *s, const char16_t *name, DWORD type, const void *data,
                DWORD size)
{
    return s->to->fpSetValue(s->key, name, type, data, size, s->spooler);
}

/* Each step returns what is wrong, NULL if nothing is. */

static const char *make_keys(struct store *s)
{
    HANDLE again, below;
    DWORD disposition = 0;

    if (s->to->fpCreateKey(s->root, key_name, 0, KEY_ALL_ACCESS, NULL, &s->key, &disposition,
                           s->spooler) != 0)
        return "CreateKey fails";
    if (disposition != 1)
        return "CreateKey of a new key says another disposition than 1";
    if (s->to->fpCreateKey(s->root, key_name, 0, KEY_ALL_ACCESS, NULL, &again, NULL, s->spooler) !=
        0)
        return "CreateKey without a place for the disposition fails";
    if (s->to->fpCloseKey(again, s->spooler) != 0)
        return "CloseKey fails";
    if (s->to->fpCreateKey(s->key, u"Inner", 0, KEY_ALL_ACCESS, NULL, &below, &disposition,
                           s->spooler) != 0 ||
        s->to->fpCloseKey(below, s->spooler) != 0)
        return "CreateKey in a key fails";
    if (s->to->fpOpenKey(s->key, u"inner", KEY_READ, &below, s->spooler) != 0 ||
        s->to->fpCloseKey(below, s->spooler) != 0)
        return "OpenKey fails";
    if (s->to->fpOpenKey(s->key, u"Nothing", KEY_READ, &below, s->spooler) != PLATEN_FILE_NOT_FOUND)
        return "OpenKey of what is missing is not 2";
    return NULL;
}

static const char *set_values(struct store *s)
{
    DWORD number = 83;

    if (set(s, text_name, REG_SZ, text_data, sizeof text_data) != 0 ||
        set(s, long_name, REG_BINARY, long_data, sizeof long_data) != 0 ||
        s->to->fpSetValue(s->root, number_name, REG_DWORD, (const BYTE *)&number, sizeof number,
                          s->spooler) != 0)
        return "SetValue fails";
    return NULL;
}

static const char *query_values(struct store *s)
{
    BYTE data[16];
    DWORD type = 0, size = sizeof data;

    if (s->to->fpQueryValue(s->key, text_name, &type, data, &size, s->spooler) != 0)
        return "QueryValue fails";
    if (type != REG_SZ || size != sizeof text_data || memcmp(data, text_data, size) != 0)
        return "QueryValue brings something else than SetValue took";
    size = sizeof data;
    if (s->to->fpQueryValue(s->key, long_name, NULL, data, &size, s->spooler) != 0 ||
        size != sizeof long_data || memcmp(data, long_data, size) != 0)
        return "QueryValue without a place for the type fails";
    size = 0;
    if (s->to->fpQueryValue(s->key, long_name, &type, NULL, &size, s->spooler) != 0 ||
        size != sizeof long_data)
        return "QueryValue for the size alone fails";
    size = 2;
    if (s->to->fpQueryValue(s->key, long_name, &type, data, &size, s->spooler) !=
            PLATEN_MORE_DATA ||
        size != sizeof long_data)
        return "QueryValue with too little room is not 234 with the size";
    if (s->to->fpQueryValue(s->key, u"Nothing", &type, data, &size, s->spooler) !=
        PLATEN_FILE_NOT_FOUND)
        return "QueryValue of what is missing is not 2";
    return NULL;
}

/* The name's room is counted in characters with the NUL, its length without (D16). */
static const char *enum_values(struct store *s)
{
    DWORD bytes_seen = 0;

    for (DWORD i = 0; i < 2; i++) {
        char16_t name[sizeof long_name / sizeof *long_name];
        BYTE data[16];
        DWORD units = sizeof name / sizeof *name, type = 0, size = sizeof data;
        if (s->to->fpEnumValue(s->key, i, name, &units, &type, data, &size, s->spooler) != 0)
            return "EnumValue fails";
        if (units != platen_text_length16(name, sizeof name / sizeof *name - 1))
            return "EnumValue does not count the characters of the name";
        bytes_seen += size;
        units = sizeof name / sizeof *name;
        if (s->to->fpEnumValue(s->key, i, name, &units, NULL, NULL, NULL, s->spooler) != 0)
            return "EnumValue without places for type and data fails";
    }
    if (bytes_seen != sizeof text_data + sizeof long_data)
        return "EnumValue does not count the bytes of the data";
    char16_t name[8];
    DWORD units = 8;
    if (s->to->fpEnumValue(s->key, 2, name, &units, NULL, NULL, NULL, s->spooler) !=
        PLATEN_NO_MORE_ITEMS)
        return "EnumValue behind the last is not 259";
    return NULL;
}

static const char *enum_keys(struct store *s)
{
    char16_t name[6];
    DWORD units = 6;

    if (s->to->fpEnumKey(s->key, 0, name, &units, NULL, s->spooler) != 0)
        return "EnumKey fails where the name just fits";
    if (units != 5 || platen_text_compare_folded(name, u"Inner") != 0)
        return "EnumKey does not count the characters of the name";
    units = 6;
    if (s->to->fpEnumKey(s->key, 1, name, &units, NULL, s->spooler) != PLATEN_NO_MORE_ITEMS)
        return "EnumKey behind the last is not 259";
    return NULL;
}

static const char *query_info(struct store *s)
{
    DWORD keys = 0, key = 0, values = 0, value = 0, data = 0;

    if (s->to->fpQueryInfoKey(s->key, &keys, &key, &values, &value, &data, NULL, NULL,
                              s->spooler) != 0)
        return "QueryInfoKey fails";
    if (keys != 1 || values != 2)
        return "QueryInfoKey counts wrongly";
    if (key != 5 || value != sizeof long_name / sizeof *long_name - 1)
        return "QueryInfoKey does not count the characters of names";
    if (data != sizeof text_data)
        return "QueryInfoKey does not count the bytes of data";
    if (s->to->fpQueryInfoKey(s->key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, s->spooler) != 0)
        return "QueryInfoKey without any place fails";
    return NULL;
}

static const char *delete_all(struct store *s)
{
    DWORD size = 0;

    if (s->to->fpDeleteValue(s->key, text_name, s->spooler) != 0)
        return "DeleteValue fails";
    if (s->to->fpQueryValue(s->key, text_name, NULL, NULL, &size, s->spooler) !=
        PLATEN_FILE_NOT_FOUND)
        return "a value that was deleted is there";
    if (s->to->fpDeleteValue(s->key, text_name, s->spooler) != PLATEN_FILE_NOT_FOUND)
        return "DeleteValue of what is missing is not 2";
    if (s->to->fpDeleteKey(s->key, u"Inner", s->spooler) != 0)
        return "DeleteKey fails";
    if (s->to->fpCloseKey(s->key, s->spooler) != 0)
        return "CloseKey fails";
    if (s->to->fpDeleteKey(s->root, key_name, s->spooler) != 0)
        return "DeleteKey of a key with values fails";
    if (s->to->fpOpenKey(s->root, key_name, KEY_READ, &s->key, s->spooler) != PLATEN_FILE_NOT_FOUND)
        return "a key that was deleted is there";
    return NULL;
}

static const char *(*const steps[])(struct store *s) = {
    make_keys, set_values, query_values, enum_values, enum_keys, query_info, delete_all,
};

void verify_store(struct verify *v)
{
    struct store s = {
        .to = v->init->pMonitorReg, .spooler = v->init->hSpooler, .root = v->init->hckRegistryRoot};
    const char *wrong = NULL;

    for (size_t i = 0; i < sizeof steps / sizeof *steps && wrong == NULL; i++)
        wrong = steps[i](&s);
    if (wrong != NULL)
        verify_breach(v, 85, "%s", wrong);
    else if (!v->store_works)
        v->store_works = true;
}
