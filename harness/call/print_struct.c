/* SPDX-License-Identifier: MIT
 *
 * Writing structures into a line, field by field. A structure is copied before it is looked at: it
 * may stand at an odd address, and only as much of it is shown as can be read.
 */
#include <stdio.h>
#include <stdlib.h>

#include "call/buildmemory.h"
#include "call/printing.h"

/* The largest field that is copied whole: a GUID, a SYSTEMTIME, a BIDI_DATA. */
#define WIDEST 32u

static void put_fields(struct call_printer *line, const struct call_struct *shape,
                       const unsigned char *at);

static uint32_t number_at(const unsigned char *at)
{
    DWORD number;
    memcpy(&number, at, sizeof number);
    return (uint32_t)number;
}

static const void *pointer_at(const unsigned char *at)
{
    const void *pointer;
    memcpy(&pointer, at, sizeof pointer);
    return pointer;
}

static void put_pointer(struct call_printer *line, const void *pointer)
{
    if (pointer == NULL) {
        CALL_PUT(line, "NULL");
    } else {
        call_put_bits(line, "pointer", (uint64_t)(uintptr_t)pointer);
    }
}

/* With at least so many digits. */
static void put_padded(struct call_printer *line, unsigned value, unsigned width)
{
    for (unsigned unit = width == 4   ? 1000
                         : width == 3 ? 100
                                      : 10;
         unit > value && unit > 1; unit /= 10) {
        call_put_char(line, '0');
    }
    call_put_number(line, value);
}

/* "2026-01-31T23:59:59.999", and "/3" where the day of the week is not 0. */
static void put_date(struct call_printer *line, const unsigned char *at)
{
    static const char after[] = "--T::.";
    static const unsigned widths[] = {4, 2, 2, 2, 2, 2, 3};
    SYSTEMTIME time;
    memcpy(&time, at, sizeof time);
    const unsigned parts[] = {time.wYear,   time.wMonth,  time.wDay,         time.wHour,
                              time.wMinute, time.wSecond, time.wMilliseconds};
    call_put_char(line, '"');
    for (unsigned i = 0; i < 7; i++) {
        put_padded(line, parts[i], widths[i]);
        call_put(line, after + i, i < 6);
    }
    if (time.wDayOfWeek != 0) {
        call_put_char(line, '/');
        call_put_number(line, time.wDayOfWeek);
    }
    call_put_char(line, '"');
}

static void put_guid(struct call_printer *line, const unsigned char *at)
{
    GUID guid;
    char text[48];
    memcpy(&guid, at, sizeof guid);
    const unsigned char *d = guid.Data4;
    snprintf(text, sizeof text, "\"%08lx-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x\"",
             (unsigned long)guid.Data1, guid.Data2, guid.Data3, d[0], d[1], d[2], d[3], d[4], d[5],
             d[6], d[7]);
    call_put_text(line, text);
}

/* Tables of functions: cbSize, and the members that are missing. */
static void put_members(struct call_printer *line, enum platen_table table, const unsigned char *at,
                        size_t reach)
{
    size_t count;
    const struct call_member *members = call_table_members(table, &count);
    uint32_t size = number_at(at);
    size_t end = size < reach ? size : reach;
    CALL_PUT(line, "{cbSize=");
    call_put_number(line, size);
    for (size_t i = 0; i < count; i++) {
        if (members[i].offset + sizeof(void *) <= end &&
            pointer_at(at + members[i].offset) == NULL) {
            call_put_char(line, ' ');
            call_put_text(line, members[i].name);
            CALL_PUT(line, "=NULL");
        }
    }
    call_put_char(line, '}');
}

static void put_registry(struct call_printer *line, const void *pointer)
{
    size_t reach = pointer == NULL ? 0 : call_reach(line, pointer);
    if (pointer == NULL) {
        CALL_PUT(line, "NULL");
    } else if (reach < sizeof(DWORD)) {
        CALL_PUT(line, "{...}");
    } else {
        put_members(line, PLATEN_TABLE_REGISTRY, pointer, reach);
    }
}

/* ---- bidi ------------------------------------------------------------------------------------ */

static void put_float(struct call_printer *line, const BIDI_DATA *data)
{
    char text[40];
    uint32_t bits, again;
    memcpy(&bits, &data->u.fData, sizeof bits);
    snprintf(text, sizeof text, "%.9g", (double)data->u.fData);
    float value = strtof(text, NULL);
    memcpy(&again, &value, sizeof again);
    if (again == bits && (bits >> 23 & 0xff) != 0xff) {
        call_put_text(line, text);
    } else {
        call_put_hex(line, bits);
    }
}

static void put_blob(struct call_printer *line, const BINARY_CONTAINER *blob)
{
    size_t reach = blob->pData == NULL ? 0 : call_reach(line, blob->pData);
    uint32_t size = (uint32_t)blob->cbBuf;
    if (blob->pData == NULL) {
        CALL_PUT(line, "NULL");
    } else if (reach < size && line->bounds != CALL_TRUSTED) {
        call_put_bits(line, "wild", (uint64_t)(uintptr_t)blob->pData);
    } else {
        call_put_bytes(line, blob->pData, size < reach ? size : reach);
        call_put_attributes(line, blob->pData);
        if (reach < size) {
            CALL_PUT(line, " cbBuf=");
            call_put_number(line, size);
        }
    }
}

static void put_value(struct call_printer *line, const unsigned char *at)
{
    BIDI_DATA data;
    memcpy(&data, at, sizeof data);
    uint32_t type = (uint32_t)data.dwBidiType;
    const struct call_bidi_member *member = call_bidi_member(type);
    CALL_PUT(line, "dwBidiType=");
    call_put_number(line, type);
    if (member == NULL) {
        return;
    }
    call_put_char(line, ' ');
    call_put_text(line, member->name);
    call_put_char(line, '=');
    switch (member->form) {
    case CALL_BIDI_BOOL:
    case CALL_BIDI_INT:
        if (data.u.iData < 0) {
            call_put_char(line, '-');
        }
        call_put_number(line, data.u.iData < 0 ? 0 - (uint64_t)(int64_t)data.u.iData
                                               : (uint64_t)data.u.iData);
        break;
    case CALL_BIDI_TEXT:
        call_put_pointed(line, data.u.sData);
        break;
    case CALL_BIDI_FLOAT:
        put_float(line, &data);
        break;
    case CALL_BIDI_BLOB:
        put_blob(line, &data.u.biData);
        break;
    }
}

/* As many entries as Count says, as far as they can be read; then ... if it says more. */
static void put_entries(struct call_printer *line, enum platen_kind kind, const unsigned char *at,
                        uint32_t count)
{
    const struct call_struct *entry = call_struct_entry(kind);
    size_t reach = count == 0 ? 0 : call_reach(line, at);
    size_t most = line->form->rows == 0 ? SIZE_MAX : line->form->rows;
    most = reach / entry->size < most ? reach / entry->size : most;
    call_put_char(line, '[');
    for (uint32_t i = 0; i < count; i++) {
        call_put(line, " ", i > 0);
        if (i == most) {
            CALL_PUT(line, "...");
            break;
        }
        put_fields(line, entry, at + (size_t)i * entry->size);
    }
    call_put_char(line, ']');
}

/* ---- fields ---------------------------------------------------------------------------------- */

static size_t width_of(enum call_field_form form)
{
    switch (form) {
    case CALL_FIELD_NUMBER:
    case CALL_FIELD_FLAGS:
        return sizeof(DWORD);
    case CALL_FIELD_DATE:
        return sizeof(SYSTEMTIME);
    case CALL_FIELD_VALUE:
        return sizeof(BIDI_DATA);
    case CALL_FIELD_GUID:
        return sizeof(GUID);
    case CALL_FIELD_ENTRIES:
    case CALL_FIELD_DATA:
        return 0;
    default:
        return sizeof(void *);
    }
}

static void put_field(struct call_printer *line, const struct call_field *field,
                      const unsigned char *at)
{
    switch (field->form) {
    case CALL_FIELD_NUMBER:
        call_put_number(line, number_at(at));
        break;
    case CALL_FIELD_FLAGS:
        call_put_hex(line, number_at(at));
        break;
    case CALL_FIELD_TEXT:
        call_put_pointed(line, pointer_at(at));
        break;
    case CALL_FIELD_HANDLE:
        call_put_handle(line, field->kind, (uint64_t)(uintptr_t)pointer_at(at));
        break;
    case CALL_FIELD_POINTER:
        put_pointer(line, pointer_at(at));
        break;
    case CALL_FIELD_DATE:
        put_date(line, at);
        break;
    case CALL_FIELD_REGISTRY:
        put_registry(line, pointer_at(at));
        break;
    case CALL_FIELD_GUID:
        put_guid(line, at);
        break;
    case CALL_FIELD_VALUE:
        put_value(line, at);
        break;
    case CALL_FIELD_ENTRIES:
    case CALL_FIELD_DATA:
        break;
    }
}

/* The array at the end of a structure: what counts it stands right before it. */
static void put_tail(struct call_printer *line, const struct call_struct *shape,
                     const struct call_field *field, const unsigned char *at)
{
    if (field->form == CALL_FIELD_ENTRIES) {
        uint32_t count = number_at(at + offsetof(BIDI_REQUEST_CONTAINER, Count));
        put_entries(line, shape->kind, at + field->offset, count);
        return;
    }
    uint32_t length = number_at(at + field->offset - sizeof(DWORD));
    size_t reach = length == 0 ? 0 : call_reach(line, at + field->offset);
    call_put_bytes(line, at + field->offset, length < reach ? length : reach);
}

static void put_fields(struct call_printer *line, const struct call_struct *shape,
                       const unsigned char *at)
{
    size_t reach = call_reach(line, at);
    bool first = true;
    call_put_char(line, '{');
    for (unsigned i = 0; i < shape->count; i++) {
        const struct call_field *field = &shape->fields[i];
        if (field->offset + width_of(field->form) > reach) {
            continue;
        }
        call_put(line, " ", !first);
        first = false;
        if (field->form == CALL_FIELD_VALUE) { /* it names its own members */
            put_value(line, at + field->offset);
            continue;
        }
        call_put_text(line, field->name);
        call_put_char(line, '=');
        if (width_of(field->form) == 0) {
            put_tail(line, shape, field, at);
        } else {
            put_field(line, field, at + field->offset);
        }
    }
    call_put_char(line, '}');
}

/* ---- arguments ------------------------------------------------------------------------------- */

static void put_rows(struct call_printer *line, const struct platen_arg_info *arg,
                     const unsigned char *at)
{
    const struct call_struct *shape = call_struct_at(arg->kind, call_level(line->call));
    uint32_t count = platen_call_number(line->call, arg->count_at);
    size_t room = platen_call_number(line->call, arg->size_at);
    if (shape == NULL) {
        CALL_PUT(line, "{...}");
        return;
    }
    size_t most = line->form->rows == 0 ? SIZE_MAX : line->form->rows;
    most = room / shape->size < most ? room / shape->size : most;
    call_put_char(line, '[');
    for (uint32_t i = 0; i < count; i++) {
        call_put(line, " ", i > 0);
        if (i == most) {
            CALL_PUT(line, "...");
            break;
        }
        put_fields(line, shape, at + (size_t)i * shape->size);
    }
    call_put_char(line, ']');
}

/* Memory that came back: it leads only into itself. */
static void put_region(struct call_printer *line, const struct platen_arg_info *arg,
                       const unsigned char *at)
{
    struct call_printer inside = *line;
    inside.bounds = CALL_REGION;
    inside.region = at;
    inside.region_size = platen_call_number(line->call, arg->size_at);
    size_t reach = call_reach(line, at);
    inside.region_size = inside.region_size < reach ? inside.region_size : reach;
    if (arg->kind == PLATEN_KIND_PORT_INFO) {
        put_rows(&inside, arg, at);
    } else {
        const struct call_struct *shape = call_struct_at(arg->kind, call_level(line->call));
        if (shape == NULL) {
            CALL_PUT(&inside, "{...}");
        } else {
            put_fields(&inside, shape, at);
        }
    }
    line->used = inside.used;
}

/* The tree that *at leads to. */
static void put_response(struct call_printer *line, const void *at)
{
    const void *tree = call_reach(line, at) < sizeof(void *) ? NULL : pointer_at(at);
    struct call_printer inside = *line;
    inside.bounds = CALL_FOREIGN;
    if (tree == NULL) {
        CALL_PUT(line, "NULL");
    } else if (line->form->readable == NULL) {
        CALL_PUT(line, "{...}");
    } else if (call_reach(&inside, tree) < offsetof(BIDI_RESPONSE_CONTAINER, aData)) {
        call_put_bits(line, "wild", (uint64_t)(uintptr_t)tree);
    } else {
        put_fields(&inside, call_struct_at(PLATEN_KIND_BIDI_RESPONSE, 0), tree);
        line->used = inside.used;
    }
}

static void put_list(struct call_printer *line, const struct platen_arg_info *arg,
                     const unsigned char *at)
{
    uint32_t count = platen_call_number(line->call, arg->size_at);
    size_t most = call_reach(line, at) / sizeof(void *);
    most = line->form->rows != 0 && line->form->rows < most ? line->form->rows : most;
    call_put_char(line, '[');
    for (uint32_t i = 0; i < count; i++) {
        call_put(line, " ", i > 0);
        if (i == most) {
            CALL_PUT(line, "...");
            break;
        }
        call_put_pointed(line, pointer_at(at + i * sizeof(void *)));
    }
    call_put_char(line, ']');
}

/* monitor:$monitor2{cbSize=184}: whose table it is says the argument before it. */
static void put_table(struct call_printer *line, const unsigned char *at)
{
    HANDLE monitor = line->call->slot == PLATEN_SLOT_OpenPortEx
                         ? line->call->args.OpenPortEx.hMonitorPort
                         : NULL;
    char name[64];
    size_t reach = call_reach(line, at);
    CALL_PUT(line, "monitor:");
    if (line->form->name != NULL &&
        line->form->name(line->form->context, PLATEN_KIND_MONITOR, (uint64_t)(uintptr_t)monitor,
                         name, sizeof name)) {
        call_put_text(line, name);
    } else {
        call_put_hex(line, (uint64_t)(uintptr_t)monitor);
    }
    if (reach >= sizeof(DWORD)) {
        put_members(line, PLATEN_TABLE_MONITOR, at, reach);
    } else {
        CALL_PUT(line, "{}");
    }
}

void call_put_struct(struct call_printer *line, const struct platen_arg_info *arg,
                     const void *pointer)
{
    const struct platen_built *built = line->call->built;
    const struct call_piece *piece = built == NULL ? NULL : call_memory_find(built, pointer);
    const struct call_struct *shape = piece != NULL && piece->shape != NULL
                                          ? piece->shape
                                          : call_struct_at(arg->kind, call_level(line->call));
    if (arg->kind == PLATEN_KIND_BIDI_RESPONSE) {
        put_response(line, pointer);
    } else if (arg->kind == PLATEN_KIND_TABLE) {
        put_table(line, pointer);
    } else if (arg->kind == PLATEN_KIND_TEXT_LIST) {
        put_list(line, arg, pointer);
    } else if (arg->direction != PLATEN_IN) {
        put_region(line, arg, pointer);
    } else if (shape == NULL) {
        CALL_PUT(line, "{...}");
    } else {
        put_fields(line, shape, pointer);
    }
}
