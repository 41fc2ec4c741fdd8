/* SPDX-License-Identifier: MIT
 *
 * The monitor's key in the spooler's registry: our settings in it, and all of it for the trace.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "os/file.h"
#include "os/module.h"
#include "os/text.h"
#include "record/record.h"
#include "trace/text.h"

#define MONITORS     "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Print\\Monitors\\"
#define DEEPEST      8
#define MOST         65536u /* subkeys, or values, of one key */
#define NAME_UNITS   512u
#define LARGEST      (64u << 10)  /* of a value's data */
#define ROOM         (512u << 10) /* for one line: data as escapes, its name and its key's */
#define TEXT_LARGEST 32768u       /* of a setting of ours, in bytes */

/* ---- both ways there ------------------------------------------------------------------------- */

static const char16_t driver_value[] = u"RecordDriver";
static const char16_t folder_value[] = u"RecordFolder";
static const char16_t name_value[] = u"RecordName";

static LPWSTR wide(const char16_t *text)
{
    return (LPWSTR)(uintptr_t)text;
}

static bool is_whole(const MONITORREG *registry)
{
    return registry != NULL && registry->cbSize >= sizeof *registry &&
           registry->fpQueryValue != NULL && registry->fpOpenKey != NULL &&
           registry->fpCloseKey != NULL && registry->fpEnumKey != NULL &&
           registry->fpEnumValue != NULL;
}

uint32_t record_root_open(const MONITORINIT *init, struct record_root *root)
{
    DWORD size = 0;
    LONG error = PLATEN_CALL_NOT_IMPLEMENTED;

    *root = (struct record_root){.spooler = init->hSpooler, .key = init->hckRegistryRoot};
    if (is_whole(init->pMonitorReg)) {
        error = init->pMonitorReg->fpQueryValue(root->key, wide(driver_value), NULL, NULL, &size,
                                                root->spooler);
    }
    if (error != PLATEN_CALL_NOT_IMPLEMENTED) {
        root->registry = init->pMonitorReg;
        return 0;
    }
    platen_os_key *key;
    uint32_t opened = platen_os_key_reopen(init->hckRegistryRoot, &key);
    root->key = key;
    return opened;
}

static void close_key(const struct record_root *root, void *key)
{
    if (root->registry != NULL) {
        root->registry->fpCloseKey(key, root->spooler);
    } else {
        platen_os_key_close(key);
    }
}

/* The spooler's root is the spooler's to close. */
void record_root_close(struct record_root *root)
{
    if (root->registry == NULL && root->key != NULL) {
        close_key(root, root->key);
    }
}

static uint32_t open_key(const struct record_root *root, void *parent, const char16_t *name,
                         void **key)
{
    platen_os_key *own = NULL;
    HANDLE handle = NULL;
    uint32_t error = root->registry != NULL
                         ? (uint32_t)root->registry->fpOpenKey(parent, wide(name), KEY_READ,
                                                               &handle, root->spooler)
                         : platen_os_key_open(parent, name, &own);
    *key = root->registry != NULL ? handle : (void *)own;
    return error;
}

static uint32_t key_at(const struct record_root *root, void *key, uint32_t index, char16_t *name)
{
    DWORD units = NAME_UNITS;
    return root->registry != NULL ? (uint32_t)root->registry->fpEnumKey(key, index, (LPWSTR)name,
                                                                        &units, NULL, root->spooler)
                                  : platen_os_key_name(key, index, name, NAME_UNITS);
}

struct value {
    char16_t name[NAME_UNITS];
    uint32_t type;
    uint32_t size;
    char16_t data[LARGEST / sizeof(char16_t)];
};

static uint32_t value_at(const struct record_root *root, void *key, uint32_t index,
                         struct value *value)
{
    DWORD units = NAME_UNITS;
    DWORD type = 0;
    DWORD size = sizeof value->data;
    value->size = sizeof value->data;
    if (root->registry == NULL) {
        return platen_os_key_value(key, index, value->name, NAME_UNITS, &value->type, value->data,
                                   &value->size);
    }
    uint32_t error = (uint32_t)root->registry->fpEnumValue(
        key, index, (LPWSTR)value->name, &units, &type, (PBYTE)value->data, &size, root->spooler);
    value->type = type;
    value->size = size;
    return error;
}

/* ---- settings -------------------------------------------------------------------------------- */

static uint32_t read_text16(const struct record_root *root, const char16_t *name, char16_t **text)
{
    DWORD type = 0;
    DWORD size = TEXT_LARGEST;

    *text = NULL;
    if (root->registry == NULL) {
        return platen_os_key_get(root->key, name, text);
    }
    char16_t *made = calloc(1, TEXT_LARGEST + sizeof *made); /* its NUL may not be stored */
    if (made == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    uint32_t error = (uint32_t)root->registry->fpQueryValue(root->key, wide(name), &type,
                                                            (PBYTE)made, &size, root->spooler);
    error = error == 0 && type != REG_SZ ? PLATEN_INVALID_DATA : error;
    if (error != 0) {
        free(made);
        return error;
    }
    *text = made;
    return 0;
}

/* An empty text is none. */
static uint32_t read_text(const struct record_root *root, const char16_t *name, char **text)
{
    char16_t *units;
    uint32_t error = read_text16(root, name, &units);

    *text = NULL;
    if (error == 0 && units[0] == 0) {
        error = PLATEN_FILE_NOT_FOUND;
    }
    if (error == 0) {
        *text = platen_text_new8(units, SIZE_MAX);
        error = *text == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;
    }
    free(units);
    return error;
}

static uint32_t whole_path(char **path)
{
    static const char here;
    char *whole = NULL;
    bool bare = platen_os_path_name(*path) == *path;
    uint32_t error = bare ? platen_os_module_beside(&here, *path, &whole)
                          : platen_os_absolute_path(*path, &whole);
    free(*path);
    *path = whole;
    return error;
}

uint32_t record_settings_read(const struct record_root *root, struct record_settings *settings)
{
    char stem[256];

    *settings = (struct record_settings){.driver = NULL};
    uint32_t error = read_text(root, driver_value, &settings->driver);
    if (error != 0) {
        return error;
    }
    platen_os_path_stem(settings->driver, stem, sizeof stem);
    error = whole_path(&settings->driver);
    if (error == 0 && read_text(root, name_value, &settings->name) != 0) {
        settings->name = strdup(stem);
        error = settings->name == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;
    }
    if (error == 0) {
        read_text(root, folder_value, &settings->folder);
    } else {
        record_settings_free(settings);
    }
    return error;
}

void record_settings_free(struct record_settings *settings)
{
    free(settings->driver);
    free(settings->folder);
    free(settings->name);
}

/* ---- all of it, as lines --------------------------------------------------------------------- */

struct telling {
    const struct record_root *root;
    void (*put)(const char *line);
    struct trace_text key; /* what stands in quotes */
    struct value value;
    char key_room[16384];
    char line[ROOM];
};

static void put_escape(struct trace_text *text, unsigned unit)
{
    static const char digits[] = "0123456789abcdef";
    char escape[] = {'\\', 'u', '{', 0, 0, 0, 0, '}'};
    char byte[] = {'\\', 'x', digits[unit >> 4 & 15], digits[unit & 15]};
    for (unsigned i = 0; i < 4; i++) {
        escape[3 + i] = digits[unit >> (12 - 4 * i) & 15];
    }
    trace_put(text, unit < 0x100 ? byte : escape, unit < 0x100 ? sizeof byte : sizeof escape);
}

/* Of what is not plain ASCII, or means something to a script, the number. */
static void put_unit(struct trace_text *text, unsigned unit)
{
    char plain = (char)unit;
    if (unit < ' ' || unit > '~' || unit == '"' || unit == '\\' || unit == '$') {
        put_escape(text, unit);
    } else {
        trace_put(text, &plain, 1);
    }
}

static void put_units(struct trace_text *text, const char16_t *units, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_unit(text, units[i]);
    }
}

static void put_bytes(struct trace_text *text, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++) {
        put_unit(text, bytes[i]);
    }
}

/* A text without the NULs that end it, which the line adds again. */
static size_t text_units(const struct value *value)
{
    size_t count = value->size / sizeof(char16_t);
    for (unsigned ends = value->type == REG_MULTI_SZ ? 2 : 1;
         ends > 0 && count > 0 && value->data[count - 1] == 0; ends--) {
        count--;
    }
    return count;
}

static void put_data(struct trace_text *text, const struct value *value)
{
    uint32_t number;
    if (value->type == REG_DWORD && value->size == sizeof number) {
        memcpy(&number, value->data, sizeof number);
        trace_put_text(text, " ");
        trace_put_number(text, number);
        return;
    }
    trace_put_text(text, " \"");
    if (value->type == REG_SZ || value->type == REG_EXPAND_SZ || value->type == REG_MULTI_SZ) {
        put_units(text, value->data, text_units(value));
    } else {
        put_bytes(text, value->data, value->size);
    }
    trace_put_text(text, "\" type=");
    trace_put_number(text, value->type);
}

/* registry set "KEY" "NAME" DATA type=N */
static void tell_value(struct telling *telling)
{
    struct trace_text text = {.to = telling->line, .room = sizeof telling->line - 1};

    trace_put_text(&text, "registry set \"");
    trace_put(&text, telling->key.to, telling->key.used);
    trace_put_text(&text, "\" \"");
    put_units(&text, telling->value.name, platen_text_length16(telling->value.name, NAME_UNITS));
    trace_put_text(&text, "\"");
    put_data(&text, &telling->value);
    if (text.used <= text.room && telling->key.used <= telling->key.room) {
        telling->line[text.used] = '\0';
        telling->put(telling->line);
    }
}

static bool is_ours(const char16_t *name)
{
    static const char16_t driver[] = u"Driver";
    const char16_t *const ours[] = {driver, driver_value, folder_value, name_value};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        if (platen_text_equal_folded(name, ours[i])) {
            return true;
        }
    }
    return false;
}

static void tell_key(struct telling *telling, void *key, unsigned depth);

static void tell_subkey(struct telling *telling, void *parent, const char16_t *name, unsigned depth)
{
    struct trace_text before = telling->key;
    void *key;

    if (open_key(telling->root, parent, name, &key) != 0) {
        return;
    }
    put_escape(&telling->key, '\\');
    put_units(&telling->key, name, platen_text_length16(name, NAME_UNITS));
    tell_key(telling, key, depth);
    telling->key = before;
    close_key(telling->root, key);
}

/* What is too large is left out. */
static void tell_key(struct telling *telling, void *key, unsigned depth)
{
    char16_t name[NAME_UNITS];
    uint32_t error = 0;

    for (uint32_t i = 0; i < MOST && (error == 0 || error == PLATEN_MORE_DATA); i++) {
        error = value_at(telling->root, key, i, &telling->value);
        if (error == 0 && (depth > 0 || !is_ours(telling->value.name))) {
            tell_value(telling);
        }
    }
    error = depth < DEEPEST ? 0 : PLATEN_NO_MORE_ITEMS;
    for (uint32_t i = 0; i < MOST && (error == 0 || error == PLATEN_MORE_DATA); i++) {
        error = key_at(telling->root, key, i, name);
        if (error == 0) {
            tell_subkey(telling, key, name, depth + 1);
        }
    }
}

void record_root_tell(const struct record_root *root, const char *name,
                      void (*put)(const char *line))
{
    struct telling *telling = calloc(1, sizeof *telling);
    char16_t *units = platen_text_new16(name, SIZE_MAX);

    if (telling != NULL && units != NULL) {
        telling->root = root;
        telling->put = put;
        telling->key = (struct trace_text){telling->key_room, sizeof telling->key_room, 0};
        put_bytes(&telling->key, MONITORS, sizeof MONITORS - 1);
        put_units(&telling->key, units, platen_text_length16(units, SIZE_MAX));
        tell_key(telling, root->key, 0);
    }
    free(units);
    free(telling);
}
