/* SPDX-License-Identifier: MIT
 *
 * What a printer's IEEE 1284 device id says: "MFG:Acme;MDL:Acme Jet 1;SN:123;", keys and values as
 * the maker liked them. Make and model are told apart as CUPS does it, so that its URIs fit.
 */
#include "device_id.h"

#include <stdio.h>
#include <string.h>

#include "os/text.h"

static const char *const make_keys[] = {"MFG", "MANUFACTURER", NULL};
static const char *const model_keys[] = {"MDL", "MODEL", NULL};
static const char *const serial_keys[] = {"SERN", "SERIALNUMBER", "SN", NULL};

static void trim(const char **text, size_t *length)
{
    while (*length && strchr(" \t\r\n", **text)) {
        ++*text;
        --*length;
    }
    while (*length && strchr(" \t\r\n", (*text)[*length - 1]))
        --*length;
}

static void put(char *value, const char *text, size_t length)
{
    trim(&text, &length);
    snprintf(value, DEVICE_TEXT, "%.*s", (int)length, text);
}

static bool is_key(const char *text, size_t length, const char *key)
{
    char name[32];
    trim(&text, &length);
    if (length >= sizeof name)
        return false;
    memcpy(name, text, length);
    name[length] = 0;
    return platen_text_equal_folded8(name, key);
}

/* False, with the value as it was, if the id has no such key, or nothing with it. */
static bool find_key(const char *id, const char *key, char *value)
{
    while (*id) {
        size_t length = strcspn(id, ";");
        const char *colon = memchr(id, ':', length);
        if (colon && is_key(id, (size_t)(colon - id), key)) {
            char found[DEVICE_TEXT];
            put(found, colon + 1, (size_t)(id + length - colon - 1));
            if (!*found)
                return false;
            memcpy(value, found, sizeof found);
            return true;
        }
        id += length + (id[length] == ';');
    }
    return false;
}

static void find_any(const char *id, const char *const *keys, char *value)
{
    while (*keys && !find_key(id, *keys, value))
        keys++;
}

static bool begins_with(const char *text, const char *start)
{
    char head[DEVICE_TEXT];
    size_t length = strlen(start);
    if (!length || strlen(text) <= length || text[length] != ' ')
        return false;
    snprintf(head, sizeof head, "%.*s", (int)length, text);
    return platen_text_equal_folded8(head, start);
}

void device_id_read(const char *id, char *make, char *model, char *serial)
{
    find_any(id, make_keys, make);
    find_any(id, model_keys, model);
    find_any(id, serial_keys, serial);
    if (begins_with(model, make))
        put(model, model + strlen(make), strlen(model) - strlen(make));
    if (platen_text_equal_folded8(make, "Hewlett-Packard") ||
        platen_text_equal_folded8(make, "hewlett packard"))
        put(make, "HP", 2);
    if (begins_with(model, make))
        put(model, model + strlen(make), strlen(model) - strlen(make));
}

void device_describe(const char *make, const char *model, char *text, size_t size)
{
    snprintf(text, size, "%s%s%s", make, *make && *model ? " " : "", model);
}
