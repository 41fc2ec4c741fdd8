/* SPDX-License-Identifier: MIT
 *
 * A call as a line: lane, slot, arguments, result.
 */
#include "call/build.h"
#include "call/escape.h"
#include "call/matching.h"
#include "call/printing.h"
#include "os/text.h"

#define MAX_LANE_NAME 512 /* units; a longer one is cut */
#define MAX_DEPTH     32

/* ---- sizes ----------------------------------------------------------------------------------- */

static const struct platen_arg_info *argument_at(const struct platen_slot_info *slot,
                                                 uint16_t offset)
{
    const struct platen_arg_info *arg = slot->args;
    while (arg->offset != offset) {
        arg++;
    }
    return arg;
}

size_t call_filled(const struct platen_call *call, const struct platen_arg_info *arg)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    const struct platen_arg_info *size = argument_at(&slot, arg->size_at);
    uint32_t count = platen_call_number(call, arg->count_at);
    uint32_t room = size->direction == PLATEN_INOUT ? platen_call_given(call, size)
                                                    : platen_call_number(call, arg->size_at);
    return count < room ? count : room;
}

size_t call_data_size(const struct platen_call *call, const struct platen_arg_info *arg)
{
    return platen_call_number(call, arg->size_at);
}

/* ---- the forms of an argument ---------------------------------------------------------------- */

static const void *as_pointer(uint64_t value)
{
    return (const void *)(uintptr_t)value;
}

static void show_number(struct call_printer *line, const struct platen_arg_info *arg,
                        uint64_t value)
{
    (void)arg;
    call_put_number(line, value);
}

static void show_flags(struct call_printer *line, const struct platen_arg_info *arg, uint64_t value)
{
    (void)arg;
    call_put_hex(line, value);
}

static void show_handle(struct call_printer *line, const struct platen_arg_info *arg,
                        uint64_t value)
{
    call_put_handle(line, arg->kind, value);
}

/* What stands at the pointer, as a number; 0 if so much cannot be read. */
static uint64_t stands_at(const struct call_printer *line, uint64_t pointer, size_t width)
{
    const void *at = as_pointer(pointer);
    uint64_t value = 0;
    if (call_reach(line, at) >= width) {
        memcpy(&value, at, width);
    }
    return value;
}

static void show_new(struct call_printer *line, const struct platen_arg_info *arg, uint64_t value)
{
    call_put_handle(line, arg->kind, stands_at(line, value, sizeof(HANDLE)));
}

static void show_count(struct call_printer *line, const struct platen_arg_info *arg, uint64_t value)
{
    (void)arg;
    call_put_number(line, stands_at(line, value, sizeof(DWORD)));
}

static void show_moment(struct call_printer *line, const struct platen_arg_info *arg,
                        uint64_t value)
{
    (void)arg;
    call_put_hex(line, stands_at(line, value, sizeof(FILETIME)));
}

static void show_text(struct call_printer *line, const struct platen_arg_info *arg, uint64_t value)
{
    const void *at = as_pointer(value);
    if (arg->direction == PLATEN_IN) {
        call_put_pointed(line, at);
        return;
    }
    size_t reach = call_reach(line, at) / sizeof(char16_t), count = call_filled(line->call, arg);
    call_put_wide(line, at, count < reach ? count : reach);
}

static void show_bytes(struct call_printer *line, const struct platen_arg_info *arg, uint64_t value)
{
    const void *at = as_pointer(value);
    size_t reach = call_reach(line, at);
    size_t size = arg->direction == PLATEN_IN ? call_data_size(line->call, arg)
                                              : call_filled(line->call, arg);
    call_put_data(line, arg, at, size < reach ? size : reach);
    if (arg->direction == PLATEN_IN) {
        call_put_attributes(line, at);
    }
}

static void show_struct(struct call_printer *line, const struct platen_arg_info *arg,
                        uint64_t value)
{
    call_put_struct(line, arg, as_pointer(value));
    if (arg->direction == PLATEN_IN) {
        call_put_attributes(line, as_pointer(value));
    }
}

static void show_opaque(struct call_printer *line, const struct platen_arg_info *arg,
                        uint64_t value)
{
    call_put_bits(line, platen_kind_text(arg->kind), value);
}

enum form { NUMBER, FLAGS, HANDLE_NAME, NEW, COUNTED, TEXT_, BYTES, STRUCT, MOMENT, OPAQUE_ };

static void (*const shows[])(struct call_printer *, const struct platen_arg_info *, uint64_t) = {
    [NUMBER] = show_number,  [FLAGS] = show_flags,   [HANDLE_NAME] = show_handle,
    [NEW] = show_new,        [COUNTED] = show_count, [TEXT_] = show_text,
    [BYTES] = show_bytes,    [STRUCT] = show_struct, [MOMENT] = show_moment,
    [OPAQUE_] = show_opaque,
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
#define FORM_MOMENT                   MOMENT
#define FORM_OPAQUE                   OPAQUE_
#define PLATEN_KIND(name, form, text) [PLATEN_KIND_##name] = FORM_##form,
#include "call/kinds.def"
#undef PLATEN_KIND
};

static bool is_pointer(enum form form)
{
    return form != NUMBER && form != FLAGS && form != HANDLE_NAME;
}

void call_put_argument(struct call_printer *line, const struct platen_arg_info *arg, uint64_t value)
{
    enum form form = forms[arg->kind];
    if (value == 0 && is_pointer(form)) {
        CALL_PUT(line, "NULL");
    } else {
        shows[form](line, arg, value);
    }
}

/* ---- the two sides --------------------------------------------------------------------------- */

static void put_name(struct call_printer *line, const struct platen_arg_info *arg)
{
    call_put_char(line, ' ');
    call_put(line, arg->name, arg->name_length);
    call_put_char(line, '=');
}

/* What only comes back is named on the left if it is NULL, or wrong on purpose. */
static void put_left_out(struct call_printer *line, const struct platen_arg_info *arg,
                         uint64_t value)
{
    size_t size;
    if (value == 0) {
        put_name(line, arg);
        CALL_PUT(line, "NULL");
    } else if (arg->direction == PLATEN_INOUT && line->call->given_kept) {
        put_name(line, arg);
        call_put_number(line, platen_call_given(line->call, arg));
        call_put_attributes(line, as_pointer(value));
    } else if (arg->kind == PLATEN_KIND_COUNT && line->form->beforehand) {
        put_name(line, arg);
        show_count(line, arg, value);
    } else if (line->call->built != NULL &&
               platen_built_attributes(line->call->built, as_pointer(value), &size) != 0) {
        put_name(line, arg);
        call_put_attributes(line, as_pointer(value));
    }
}

static void put_left(struct call_printer *line, const struct platen_slot_info *slot)
{
    for (unsigned i = 0; i < slot->arg_count; i++) {
        const struct platen_arg_info *arg = &slot->args[i];
        uint64_t value = platen_call_arg(line->call, arg);
        if (arg->direction == PLATEN_IN) {
            put_name(line, arg);
            call_put_argument(line, arg, value);
        } else {
            put_left_out(line, arg, value);
        }
    }
}

bool call_succeeded(const struct platen_call *call)
{
    switch (platen_slot_info(call->slot).result) {
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

bool call_comes_back(const struct platen_call *call, const struct platen_arg_info *arg,
                     bool success)
{
    /* A tree that came back is the caller's to free, whatever the code says. */
    bool always = forms[arg->kind] == COUNTED || arg->kind == PLATEN_KIND_BIDI_RESPONSE;
    return arg->direction != PLATEN_IN && (success || always) && platen_call_arg(call, arg) != 0;
}

static void put_result(struct call_printer *line, enum platen_result result, bool success)
{
    static const char *const words[][2] = {
        [PLATEN_RESULT_BOOL] = {"FALSE", "TRUE"},
        [PLATEN_RESULT_VOID] = {"", "done"},
        [PLATEN_RESULT_HANDLE] = {"NULL", "handle"},
        [PLATEN_RESULT_TABLE] = {"NULL", "table"},
    };
    if (result == PLATEN_RESULT_CODE) {
        call_put_error(line, line->call->result.code);
    } else {
        call_put_text(line, words[result][success]);
    }
}

static void put_last_error(struct call_printer *line, enum platen_result result, bool success)
{
    if (!success && result != PLATEN_RESULT_CODE) {
        call_put_char(line, ' ');
        call_put_error(line, line->call->last_error);
    }
}

static void put_seconds(struct call_printer *line, uint64_t nanoseconds)
{
    const uint64_t second = 1000000000;
    char part[10] = ".";
    uint32_t rest = (uint32_t)(nanoseconds % second);
    for (size_t i = sizeof part - 1; i > 0; i--) {
        part[i] = (char)('0' + rest % 10);
        rest /= 10;
    }
    call_put_number(line, nanoseconds / second);
    call_put(line, part, sizeof part);
}

static void put_times(struct call_printer *line)
{
    const struct platen_call *call = line->call;
    CALL_PUT(line, " at=");
    put_seconds(line, call->begin > line->form->origin ? call->begin - line->form->origin : 0);
    CALL_PUT(line, " took=");
    put_seconds(line, call->end > call->begin ? call->end - call->begin : 0);
}

static void put_right(struct call_printer *line, const struct platen_slot_info *slot)
{
    bool success = call_succeeded(line->call);
    if (line->form->entering) {
        call_put_char(line, '?');
        return;
    }
    put_result(line, slot->result, success);
    for (unsigned i = 0; i < slot->arg_count; i++) {
        if (call_comes_back(line->call, &slot->args[i], success)) {
            put_name(line, &slot->args[i]);
            call_put_argument(line, &slot->args[i], platen_call_arg(line->call, &slot->args[i]));
        }
    }
    put_last_error(line, slot->result, success);
    if (line->form->timed) {
        put_times(line);
    }
}

/* ---- the line -------------------------------------------------------------------------------- */

/* A word that can be nothing but a lane: no slot, and no verb, which are small letters. */
static bool is_lane_word(const char *name)
{
    bool verb = true;
    const char *at = name;
    for (; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        bool inner = at > name && strchr(":.-/+(),", c) != NULL;
        if (!call_is_name(c) && !inner) {
            return false;
        }
        verb = verb && ((c >= 'a' && c <= 'z') || c == '-' || c == '_');
    }
    return at > name && (!verb || strcmp(name, "main") == 0) &&
           platen_slot_find_part(name, (size_t)(at - name)) == PLATEN_SLOT_COUNT;
}

/* A lane is often called like its port. */
static void put_lane(struct call_printer *line, const char *name)
{
    char16_t units[MAX_LANE_NAME];
    if (name == NULL) {
        call_put_char(line, '?');
    } else if (is_lane_word(name)) {
        call_put_text(line, name);
    } else {
        size_t length = platen_text_to16(name, SIZE_MAX, units, MAX_LANE_NAME);
        call_put_wide(line, units, length < MAX_LANE_NAME ? length : MAX_LANE_NAME - 1);
    }
}

static struct call_printer begin(const struct platen_call *call,
                                 const struct platen_call_form *form, char *to, size_t size)
{
    static const struct platen_call_form plain = {.inline_bytes = 32};
    return (struct call_printer){
        .to = to, .size = size > 0 ? size - 1 : 0, .call = call, .form = form ? form : &plain};
}

static size_t finish(const struct call_printer *line, size_t size)
{
    if (size > 0) {
        line->to[line->used < line->size ? line->used : line->size] = '\0';
    }
    return line->used;
}

size_t platen_call_print(const struct platen_call *call, const struct platen_call_form *form,
                         char *to, size_t size)
{
    static const char blanks[2 * MAX_DEPTH + 2] =
        "                                                                 ";
    struct platen_slot_info slot = platen_slot_info(call->slot);
    struct call_printer line = begin(call, form, to, size);

    if (line.form->lane != NULL) {
        call_put_text(&line, line.form->lane);
    } else {
        put_lane(&line, call->lane == NULL ? NULL : call->lane->name);
    }
    call_put(&line, blanks, 1 + 2 * (size_t)(call->depth < MAX_DEPTH ? call->depth : MAX_DEPTH));
    call_put(&line, slot.name, slot.name_length);
    put_left(&line, &slot);
    CALL_PUT(&line, " -> ");
    put_right(&line, &slot);
    return finish(&line, size);
}

size_t platen_lane_print(const char *name, char *to, size_t size)
{
    struct call_printer line = begin(NULL, NULL, to, size);
    put_lane(&line, name);
    return finish(&line, size);
}

size_t platen_call_print_right(const struct platen_call *call, const struct platen_call_form *form,
                               char *to, size_t size)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    struct call_printer line = begin(call, form, to, size);
    put_right(&line, &slot);
    return finish(&line, size);
}

size_t call_print_argument(const struct platen_call *call, const struct platen_call_form *form,
                           const struct platen_arg_info *arg, char *to, size_t size)
{
    struct call_printer line = begin(call, form, to, size);
    call_put_argument(&line, arg, platen_call_arg(call, arg));
    return finish(&line, size);
}

size_t call_print_result(const struct platen_call *call, char *to, size_t size)
{
    enum platen_result result = platen_slot_info(call->slot).result;
    struct call_printer line = begin(call, NULL, to, size);
    put_result(&line, result, call_succeeded(call));
    put_last_error(&line, result, call_succeeded(call));
    return finish(&line, size);
}
