/* SPDX-License-Identifier: MIT */
#include "call/print.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "os/error.h"
#include "os/format.h"
#include "os/text.h"

#define MAX_LANE_NAME 512 /* units; a longer one is cut */

struct line {
    char *to;
    size_t size;
    size_t used; /* needed so far; may pass size */
    const struct platen_call_form *form;
    const struct platen_call *call;
};

static void put(struct line *line, const char *text, size_t length)
{
    if (line->used < line->size) {
        size_t room = line->size - line->used - 1;
        size_t part = length < room ? length : room;
        memcpy(line->to + line->used, text, part);
        line->to[line->used + part] = '\0';
    }
    line->used += length;
}

static void put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
}

PLATEN_OS_PRINTF(2, 3)
static void put_format(struct line *line, const char *format, ...)
{
    char text[64];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    put(line, text, length < (int)sizeof text ? (size_t)length : sizeof text - 1);
}

/* A byte of quoted text. Bytes above 0x7f pass when they are part of UTF-8 (`wide`). */
static void put_byte(struct line *line, unsigned char byte, bool wide)
{
    static const char escaped[] = "\n\r\t\"\\";
    static const char letters[] = "nrt\"\\";
    const char *at = byte == 0 ? NULL : strchr(escaped, byte);
    if (at != NULL) {
        put_format(line, "\\%c", letters[at - escaped]);
    } else if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !wide)) {
        put_format(line, "\\x%02x", byte);
    } else {
        put(line, (const char *)&byte, 1);
    }
}

static bool is_plain(const char16_t *at, size_t left, size_t *units)
{
    bool high = *at >= 0xd800 && *at < 0xdc00;
    bool pair = high && left > 1 && at[1] >= 0xdc00 && at[1] < 0xe000;
    *units = pair ? 2 : 1;
    /* C1 controls, line separators and direction marks must not reach a terminal as they are. */
    bool mark = (*at >= 0x80 && *at < 0xa0) || *at == 0x61c || (*at >= 0x200e && *at <= 0x200f) ||
                (*at >= 0x2028 && *at <= 0x202e) || (*at >= 0x2066 && *at <= 0x2069) ||
                *at == 0xfeff;
    return !mark && (pair || *at < 0xd800 || *at >= 0xe000);
}

static void put_wide(struct line *line, const void *units, size_t length)
{
    const char16_t *text = units;
    put_text(line, "\"");
    for (size_t i = 0, step; i < length; i += step) {
        char bytes[8];
        if (!is_plain(text + i, length - i, &step)) {
            put_format(line, "\\u{%x}", text[i]);
            continue;
        }
        size_t count = platen_text_to8(text + i, step, bytes, sizeof bytes);
        for (size_t b = 0; b < count; b++) {
            put_byte(line, (unsigned char)bytes[b], true);
        }
    }
    put_text(line, "\"");
}

static void put_terminated(struct line *line, const void *text)
{
    if (text == NULL) {
        put_text(line, "NULL");
    } else {
        put_wide(line, text, platen_text_length16(text, SIZE_MAX));
    }
}

static void put_bytes(struct line *line, const unsigned char *bytes, size_t length)
{
    if (bytes == NULL) {
        put_text(line, "NULL");
        return;
    }
    if (length > line->form->inline_bytes) {
        put_format(line, "<%zu bytes>", length);
        return;
    }
    put_text(line, "\"");
    for (size_t i = 0; i < length; i++) {
        put_byte(line, bytes[i], false);
    }
    put_text(line, "\"");
}

static void put_error(struct line *line, uint32_t code)
{
    const char *name = platen_error_name(code);
    if (name != NULL) {
        put_text(line, name);
    } else {
        put_format(line, "%" PRIu32, code);
    }
}

static void put_handle(struct line *line, enum platen_kind kind, uint64_t value)
{
    char name[64];
    if (line->form->name != NULL &&
        line->form->name(line->form->context, kind, value, name, sizeof name)) {
        put_text(line, name);
    } else if (value == 0) {
        put_text(line, "NULL");
    } else {
        put_format(line, "%s:0x%" PRIx64, platen_kind_text(kind), value);
    }
}

/* ---- structures that go in ------------------------------------------------------------------- */

static void put_doc_info(struct line *line, const void *pointer)
{
    const DOC_INFO_1W *doc = pointer;
    put_text(line, "{pDocName=");
    put_terminated(line, doc->pDocName);
    put_text(line, " pOutputFile=");
    put_terminated(line, doc->pOutputFile);
    put_text(line, " pDatatype=");
    put_terminated(line, doc->pDatatype);
    put_text(line, "}");
}

static void put_port_status(struct line *line, const void *pointer)
{
    const PORT_INFO_3W *status = pointer;
    put_format(line, "{dwStatus=%" PRIu32 " pszStatus=", (uint32_t)status->dwStatus);
    put_terminated(line, status->pszStatus);
    put_format(line, " dwSeverity=%" PRIu32 "}", (uint32_t)status->dwSeverity);
}

static void put_timeouts(struct line *line, const void *pointer)
{
    const COMMTIMEOUTS *times = pointer;
    put_format(line, "{%" PRIu32 " %" PRIu32, (uint32_t)times->ReadIntervalTimeout,
               (uint32_t)times->ReadTotalTimeoutMultiplier);
    put_format(line, " %" PRIu32 " %" PRIu32, (uint32_t)times->ReadTotalTimeoutConstant,
               (uint32_t)times->WriteTotalTimeoutMultiplier);
    put_format(line, " %" PRIu32 "}", (uint32_t)times->WriteTotalTimeoutConstant);
}

/* A structure is shown only at the level at which it is what its name says. */
static const struct {
    enum platen_kind kind;
    uint32_t first_level;
    uint32_t last_level;
    void (*show)(struct line *line, const void *pointer);
} structures[] = {
    {PLATEN_KIND_DOC_INFO, 1, 2, put_doc_info},
    {PLATEN_KIND_PORT_STATUS, 3, 3, put_port_status},
    {PLATEN_KIND_COMMTIMEOUTS, 0, UINT32_MAX, put_timeouts},
};

/* ---- the forms of an argument ---------------------------------------------------------------- */

static const void *as_pointer(uint64_t value)
{
    return (const void *)(uintptr_t)value;
}

static void show_number(struct line *line, const struct platen_arg_info *arg, uint64_t value)
{
    (void)arg;
    put_format(line, "%" PRIu64, value);
}

static void show_flags(struct line *line, const struct platen_arg_info *arg, uint64_t value)
{
    (void)arg;
    put_format(line, "0x%" PRIx64, value);
}

static void show_handle(struct line *line, const struct platen_arg_info *arg, uint64_t value)
{
    put_handle(line, arg->kind, value);
}

static void show_new(struct line *line, const struct platen_arg_info *arg, uint64_t value)
{
    const HANDLE *handle = as_pointer(value);
    put_handle(line, arg->kind, (uint64_t)(uintptr_t)*handle);
}

static void show_count(struct line *line, const struct platen_arg_info *arg, uint64_t value)
{
    (void)arg;
    put_format(line, "%" PRIu32, (uint32_t) * (const DWORD *)as_pointer(value));
}

/* How much of the memory was filled: what the callee says, but never more than there is. */
static uint32_t filled(const struct line *line, const struct platen_arg_info *arg)
{
    uint32_t count = platen_call_number(line->call, arg->count_at);
    uint32_t room = platen_call_number(line->call, arg->size_at);
    return count < room ? count : room;
}

static void show_text(struct line *line, const struct platen_arg_info *arg, uint64_t value)
{
    if (arg->direction == PLATEN_IN) {
        put_terminated(line, as_pointer(value));
    } else {
        put_wide(line, as_pointer(value), filled(line, arg));
    }
}

static void show_bytes(struct line *line, const struct platen_arg_info *arg, uint64_t value)
{
    bool in = arg->direction == PLATEN_IN;
    put_bytes(line, as_pointer(value),
              in ? platen_call_number(line->call, arg->size_at) : filled(line, arg));
}

static void show_struct(struct line *line, const struct platen_arg_info *arg, uint64_t value)
{
    uint32_t level = arg->size_at == arg->offset ? 0 : platen_call_number(line->call, arg->size_at);
    if (value == 0) {
        put_text(line, "NULL");
        return;
    }
    for (size_t i = 0; i < sizeof structures / sizeof *structures; i++) {
        if (structures[i].kind == arg->kind && level >= structures[i].first_level &&
            level <= structures[i].last_level) {
            structures[i].show(line, as_pointer(value));
            return;
        }
    }
    put_text(line, "{...}");
}

static void show_opaque(struct line *line, const struct platen_arg_info *arg, uint64_t value)
{
    (void)arg;
    put_text(line, value == 0 ? "NULL" : "{...}");
}

enum form { NUMBER, FLAGS, HANDLE_NAME, NEW, COUNTED, TEXT_, BYTES, STRUCT, OPAQUE_ };

static void (*const shows[])(struct line *, const struct platen_arg_info *, uint64_t) = {
    [NUMBER] = show_number, [FLAGS] = show_flags,   [HANDLE_NAME] = show_handle,
    [NEW] = show_new,       [COUNTED] = show_count, [TEXT_] = show_text,
    [BYTES] = show_bytes,   [STRUCT] = show_struct, [OPAQUE_] = show_opaque,
};

static const enum form forms[PLATEN_KINDS] = {
#define FORM_NUMBER                   NUMBER
#define FORM_FLAGS                    FLAGS
#define FORM_HANDLE                   HANDLE_NAME
#define FORM_NEW                      NEW
#define FORM_COUNT                    COUNTED
#define FORM_TEXT                     TEXT_
#define FORM_BYTES                    BYTES
#define FORM_STRUCT                   STRUCT
#define FORM_OPAQUE                   OPAQUE_
#define PLATEN_KIND(name, form, text) [PLATEN_KIND_##name] = FORM_##form,
#include "call/kinds.def"
#undef PLATEN_KIND
};

static void put_named(struct line *line, const struct platen_arg_info *arg, uint64_t value)
{
    put_format(line, " %s=", arg->name);
    shows[forms[arg->kind]](line, arg, value);
}

static void put_left(struct line *line, const struct platen_slot_info *slot)
{
    for (unsigned i = 0; i < slot->arg_count; i++) {
        const struct platen_arg_info *arg = &slot->args[i];
        uint64_t value = platen_call_arg(line->call, arg);
        if (arg->direction == PLATEN_IN) {
            put_named(line, arg, value);
        } else if (value == 0) {
            put_format(line, " %s=NULL", arg->name);
        }
    }
}

/* What came back. Memory is shown only if the call says that it was filled. */
static void put_right(struct line *line, const struct platen_slot_info *slot, bool success)
{
    for (unsigned i = 0; i < slot->arg_count; i++) {
        const struct platen_arg_info *arg = &slot->args[i];
        uint64_t value = platen_call_arg(line->call, arg);
        enum form form = forms[arg->kind];
        bool shown =
            form == COUNTED || (success && (form == NEW || form == TEXT_ || form == BYTES));
        if (arg->direction != PLATEN_IN && value != 0 && shown) {
            put_named(line, arg, value);
        }
    }
}

/* A lane is often called like its port: quoted, if that is not one printable word. */
static void put_lane(struct line *line, const char *name)
{
    char16_t units[MAX_LANE_NAME];
    bool word = *name != '\0';
    for (const char *at = name; *at != '\0'; at++) {
        word = word && *at > ' ' && *at < 0x7f && *at != '"' && *at != '\\';
    }
    if (word) {
        put_text(line, name);
        return;
    }
    size_t length = platen_text_to16(name, SIZE_MAX, units, MAX_LANE_NAME);
    put_wide(line, units, length < MAX_LANE_NAME ? length : MAX_LANE_NAME - 1);
}

static bool succeeded(const struct platen_call *call, enum platen_result result)
{
    switch (result) {
    case PLATEN_RESULT_BOOL:
        return call->result.code != 0;
    case PLATEN_RESULT_CODE:
        return call->result.code == 0;
    case PLATEN_RESULT_VOID:
        return true;
    case PLATEN_RESULT_HANDLE:
    case PLATEN_RESULT_TABLE:
        break;
    }
    return call->result.pointer != NULL;
}

static void put_result(struct line *line, enum platen_result result, bool success)
{
    static const char *const words[][2] = {
        [PLATEN_RESULT_BOOL] = {"FALSE", "TRUE"},
        [PLATEN_RESULT_VOID] = {"", "done"},
        [PLATEN_RESULT_HANDLE] = {"NULL", "handle"},
        [PLATEN_RESULT_TABLE] = {"NULL", "table"},
    };
    if (result == PLATEN_RESULT_CODE) {
        put_error(line, line->call->result.code);
    } else {
        put_text(line, words[result][success]);
    }
}

size_t platen_call_print(const struct platen_call *call, const struct platen_call_form *form,
                         char *to, size_t size)
{
    static const struct platen_call_form plain = {.inline_bytes = 32};
    struct platen_slot_info slot = platen_slot_info(call->slot);
    struct line line = {.to = to, .size = size, .call = call, .form = form ? form : &plain};
    bool success = succeeded(call, slot.result);

    if (size > 0) {
        *to = '\0';
    }
    put_lane(&line, call->lane == NULL || call->lane->name == NULL ? "?" : call->lane->name);
    put_format(&line, " %*s%s", (int)(2 * (call->depth % 16)), "", slot.name);
    put_left(&line, &slot);
    put_text(&line, " -> ");
    if (line.form->entering) {
        put_text(&line, "?");
        return line.used;
    }
    put_result(&line, slot.result, success);
    put_right(&line, &slot, success);
    if (!success && slot.result != PLATEN_RESULT_CODE) {
        put_text(&line, " ");
        put_error(&line, call->last_error);
    }
    return line.used;
}
