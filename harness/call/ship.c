/* SPDX-License-Identifier: MIT */
#include "call/ship.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "call/apply.h"
#include "call/print.h"

#define PARTS 64u /* pieces of data in one call; what is beyond is not shipped */

struct platen_ship {
    const struct platen_ship_side *side;
    struct platen_channel *channel;
    struct platen_words *words;
    struct platen_built *aside;
    struct platen_built *built[PLATEN_SHIP_DEEP];
    unsigned depth; /* calls that came and have not returned */
    struct platen_frame_part parts[PARTS];
    size_t part_count;
    size_t bulk_size;
    const struct platen_frame *frame; /* whose bulk @bulk is */
    struct platen_call_form form;
    struct platen_names names;
    char farewell[32];
    char details[PLATEN_SHIP_DETAILS];
};

/* ---- what print and build ask for ------------------------------------------------------------ */

static bool name_handle(void *context, enum platen_kind kind, uint64_t value, char *to, size_t size)
{
    const struct platen_ship *ship = context;
    return ship->side->name(ship->side->context, kind, value, to, size);
}

static size_t reach(void *context, const void *at)
{
    const struct platen_ship *ship = context;
    return ship->side->readable(ship->side->context, at);
}

static bool put_aside(void *context, const struct platen_call *call,
                      const struct platen_arg_info *arg, const void *bytes, size_t length, char *to,
                      size_t size)
{
    struct platen_ship *ship = context;
    (void)call;
    (void)arg;
    if (ship->part_count == PARTS || length > PLATEN_FRAME_BULK - ship->bulk_size) {
        return false;
    }
    snprintf(to, size, "@bulk[%zu+%zu]", ship->bulk_size, length);
    ship->parts[ship->part_count++] = (struct platen_frame_part){bytes, length};
    ship->bulk_size += length;
    return true;
}

static bool find_bulk(void *context, const char *name, size_t length, uint64_t offset,
                      uint64_t *count, const void **bytes)
{
    const struct platen_frame *frame = ((const struct platen_ship *)context)->frame;
    if (length != 4 || memcmp(name, "bulk", 4) != 0 || frame == NULL || offset > frame->bulk_size) {
        return false;
    }
    uint64_t rest = frame->bulk_size - offset;
    *count = *count < rest ? *count : rest;
    *bytes = frame->bulk + offset;
    return true;
}

static const MONITOR2 *find_table(void *context, uint64_t monitor)
{
    const struct platen_ship *ship = context;
    return ship->side->monitor(ship->side->context, monitor);
}

/* ---- life ------------------------------------------------------------------------------------ */

struct platen_ship *platen_ship_new(struct platen_channel *channel,
                                    const struct platen_ship_side *side)
{
    struct platen_ship *ship = calloc(1, sizeof *ship);
    if (ship == NULL) {
        platen_channel_free(channel);
        return NULL;
    }
    ship->side = side;
    ship->channel = channel;
    ship->words = platen_words_new();
    ship->aside = platen_built_new();
    ship->form = (struct platen_call_form){
        .name = side->name == NULL ? NULL : name_handle,
        .context = ship,
        .inline_bytes = PLATEN_SHIP_INLINE,
        .beforehand = side->beforehand,
        .data = put_aside,
        .readable = side->readable == NULL ? NULL : reach,
    };
    ship->names = (struct platen_names){
        .context = ship,
        .stream = find_bulk,
        .table = side->monitor == NULL ? NULL : find_table,
        .honest = side->honest,
    };
    if (ship->words == NULL || ship->aside == NULL) {
        platen_ship_free(ship);
        return NULL;
    }
    return ship;
}

void platen_ship_free(struct platen_ship *ship)
{
    if (ship == NULL) {
        return;
    }
    platen_channel_free(ship->channel);
    platen_words_free(ship->words);
    platen_built_free(ship->aside);
    for (unsigned i = 0; i < PLATEN_SHIP_DEEP; i++) {
        platen_built_free(ship->built[i]);
    }
    free(ship);
}

struct platen_channel *platen_ship_channel(struct platen_ship *ship)
{
    return ship->channel;
}

const char *platen_ship_farewell(const struct platen_ship *ship)
{
    return ship->farewell;
}

const char *platen_ship_details(const struct platen_ship *ship)
{
    return ship->details;
}

static void complain(const struct platen_ship *ship, const char *what)
{
    if (ship->side->complain != NULL) {
        ship->side->complain(ship->side->context, what);
    }
}

/* ---- writing --------------------------------------------------------------------------------- */

typedef size_t (*printer)(const struct platen_call *call, const struct platen_call_form *form,
                          char *to, size_t size);

/* The line into the next frame's body, which grows as it must. SIZE_MAX: it is too long. */
static size_t write_line(struct platen_ship *ship, const struct platen_call *call, printer print)
{
    size_t length = 0;
    size_t room = platen_channel_room(ship->channel);
    for (;;) {
        char *body = platen_channel_body(ship->channel, room);
        if (body == NULL) {
            return SIZE_MAX;
        }
        ship->part_count = ship->bulk_size = 0;
        length = print(call, &ship->form, body, room);
        if (length < room) {
            return length;
        }
        room = length + 1;
    }
}

static uint32_t send(struct platen_ship *ship, enum platen_frame_kind kind, uint16_t flags,
                     size_t length)
{
    return platen_channel_send(ship->channel, kind, flags, length, ship->parts, ship->part_count);
}

/* ---- serving --------------------------------------------------------------------------------- */

/* The names of what was written around, and what the side adds, in a line of its own. */
static size_t write_more(struct platen_ship *ship, const struct platen_call *call, size_t length,
                         const char *const *damaged, size_t damaged_count)
{
    char more[4096];
    size_t used = 0;
    if (ship->side->add != NULL) {
        used = ship->side->add(ship->side->context, call, more, sizeof more);
        used = used < sizeof more ? used : 0;
    }
    for (size_t i = 0; i < damaged_count && used + 80 < sizeof more; i++) {
        used +=
            (size_t)snprintf(more + used, sizeof more - used, "%s%s%s", i == 0 ? " damaged=[" : " ",
                             damaged[i], i + 1 == damaged_count ? "]" : "");
    }
    char *body = used == 0 ? NULL : platen_channel_body(ship->channel, length + 1 + used);
    if (body == NULL) {
        return length;
    }
    body[length] = '\n';
    memcpy(body + length + 1, more, used);
    return length + 1 + used;
}

/* A tree that the call gave is the caller's to free, and he is over there. */
static void free_tree(const struct platen_ship *ship, const struct platen_call *call)
{
    if (call->slot != PLATEN_SLOT_SendRecvBidiDataFromPort) {
        return;
    }
    PBIDI_RESPONSE_CONTAINER *at = call->args.SendRecvBidiDataFromPort.ppResData;
    if (at != NULL && *at != NULL) {
        ship->side->imports->RouterFreeBidiResponseContainer(*at);
    }
}

static uint32_t answer(struct platen_ship *ship, struct platen_call *call,
                       struct platen_built *built)
{
    size_t length = write_line(ship, call, platen_call_print_right);
    if (length == SIZE_MAX) {
        complain(ship, "an answer was too long to be sent");
        platen_call_refuse(call, PLATEN_NOT_ENOUGH_MEMORY);
        length = write_line(ship, call, platen_call_print_right);
    }
    const char *const *damaged = NULL;
    size_t count = built == NULL ? 0 : platen_built_after(built, &damaged);
    length = write_more(ship, call, length, damaged, count);
    uint32_t error = send(ship, PLATEN_FRAME_RETURN, 0, length);
    free_tree(ship, call);
    return error;
}

static struct platen_built *memory_for(struct platen_ship *ship, enum platen_slot slot)
{
    struct platen_built *built =
        ship->side->memory == NULL ? NULL : ship->side->memory(ship->side->context, slot);
    if (built == NULL && ship->depth < PLATEN_SHIP_DEEP) {
        if (ship->built[ship->depth] == NULL) {
            ship->built[ship->depth] = platen_built_new();
        }
        built = ship->built[ship->depth];
    }
    return built;
}

/* The line as a call. false: it cannot be made, and says so itself. */
static bool make_call(struct platen_ship *ship, const struct platen_statement *statement,
                      const struct platen_frame *frame, struct platen_built *built,
                      struct platen_call *call)
{
    struct platen_text_error error;
    *call = (struct platen_call){.slot = statement->slot};
    if (built == NULL || ship->depth == PLATEN_SHIP_DEEP) {
        complain(ship, "calls within calls are too deep");
        platen_call_refuse(call, PLATEN_NOT_ENOUGH_MEMORY);
        return false;
    }
    ship->frame = frame;
    bool fine =
        platen_build(built, statement->slot, statement->arguments, &ship->names, call, &error);
    ship->frame = NULL;
    if (!fine) {
        complain(ship, error.what);
        platen_call_refuse(call, PLATEN_INVALID_PARAMETER);
    }
    return fine;
}

static uint32_t serve_call(struct platen_ship *ship, const struct platen_frame *frame)
{
    struct platen_line line;
    struct platen_statement statement;
    struct platen_text_error error;
    struct platen_call call;
    if (!platen_words_read(ship->words, frame->body, frame->body_size, 1, &line, &error)) {
        complain(ship, error.what);
        return PLATEN_INVALID_DATA;
    }
    platen_statement_find(&line, NULL, &statement);
    if (statement.slot == PLATEN_SLOT_COUNT ||
        !ship->side->takes(ship->side->context, statement.slot, frame->flags)) {
        complain(ship, "it asked for what cannot be called from there");
        return PLATEN_INVALID_DATA;
    }
    struct platen_built *built = memory_for(ship, statement.slot);
    bool made = make_call(ship, &statement, frame, built, &call);
    if (made) {
        ship->depth++;
        ship->side->run(ship->side->context, &call, frame->flags);
        ship->depth--;
    }
    return answer(ship, &call, made ? built : NULL);
}

static void keep(char *to, size_t room, const char *from, size_t length)
{
    length = length < room ? length : room - 1;
    memcpy(to, from, length);
    to[length] = '\0';
}

static void take_leave(struct platen_ship *ship, const struct platen_frame *frame)
{
    const char *end = memchr(frame->body, '\n', frame->body_size);
    size_t length = end == NULL ? frame->body_size : (size_t)(end - frame->body);
    keep(ship->farewell, sizeof ship->farewell, frame->body, length);
    keep(ship->details, sizeof ship->details, end == NULL ? "" : end + 1,
         end == NULL ? 0 : frame->body_size - length - 1);
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* Until the answer is there; calls that come before it are served. */
static uint32_t await(struct platen_ship *ship, struct platen_frame *frame)
{
    for (;;) {
        uint32_t error = platen_channel_receive(ship->channel, UINT64_MAX, frame);
        if (error == 0 && frame->kind == PLATEN_FRAME_RETURN) {
            return 0;
        }
        if (error == 0 && frame->kind == PLATEN_FRAME_BYE) {
            take_leave(ship, frame);
            continue;
        }
        if (error == 0 && frame->kind == PLATEN_FRAME_CALL) {
            error = serve_call(ship, frame);
        } else if (error == 0) {
            complain(ship, "it sent a frame that is out of place");
            error = PLATEN_INVALID_DATA;
        }
        if (error != 0) {
            return error;
        }
    }
}

uint32_t platen_ship_ask(struct platen_ship *ship, enum platen_frame_kind kind, uint16_t flags,
                         const char *text, const char **said, size_t *size)
{
    struct platen_frame frame = {.body = ""};
    size_t length = strlen(text);
    char *body = platen_channel_body(ship->channel, length);
    uint32_t error = PLATEN_NOT_ENOUGH_MEMORY;
    if (body != NULL) {
        platen_channel_copy(body, text, length);
        error = platen_channel_send(ship->channel, kind, flags, length, NULL, 0);
    }
    if (error == 0) {
        error = await(ship, &frame);
    }
    *said = frame.body;
    *size = error == 0 ? frame.body_size : 0;
    return error;
}

/* What stands in the second line. */
static void hear_more(struct platen_ship *ship, const struct platen_call *call, const char *text,
                      size_t length)
{
    struct platen_line line;
    struct platen_text_error error;
    if (ship->side->told == NULL) {
        return;
    }
    if (platen_words_read(ship->words, text, length, 2, &line, &error)) {
        ship->side->told(ship->side->context, call, line.left);
    } else {
        complain(ship, error.what);
    }
}

static void apply(struct platen_ship *ship, struct platen_call *call,
                  const struct platen_frame *frame)
{
    const struct platen_ship_side *side = ship->side;
    struct platen_text_error error;
    struct platen_line line;
    struct platen_apply_form form = {
        .built = ship->aside,
        .names = &ship->names,
        .imports = side->imports,
        .word = side->word,
    };
    const char *end = memchr(frame->body, '\n', frame->body_size);
    size_t length = end == NULL ? frame->body_size : (size_t)(end - frame->body);
    if (end != NULL) {
        hear_more(ship, call, end + 1, frame->body_size - length - 1);
    }
    form.table = side->table == NULL ? NULL : side->table(side->context);
    ship->frame = frame;
    bool fine = platen_words_read(ship->words, frame->body, length, 1, &line, &error);
    if (!fine) {
        platen_call_refuse(call, PLATEN_INVALID_DATA);
    } else {
        fine = platen_call_apply(call, line.left, &form, &error);
    }
    ship->frame = NULL;
    if (!fine) {
        complain(ship, error.what);
    }
}

uint32_t platen_ship_call(struct platen_ship *ship, struct platen_call *call, uint16_t flags)
{
    struct platen_call line = *call;
    struct platen_frame frame;
    line.lane = NULL;
    line.depth = 0;
    ship->form.entering = true;
    size_t length = write_line(ship, &line, platen_call_print);
    ship->form.entering = false;
    if (length == SIZE_MAX) {
        complain(ship, "a call was too long to be sent");
        platen_call_refuse(call, PLATEN_NOT_ENOUGH_MEMORY);
        return 0;
    }
    uint32_t error = send(ship, PLATEN_FRAME_CALL, flags, length);
    if (error == PLATEN_FILE_TOO_LARGE) {
        platen_call_refuse(call, PLATEN_NOT_ENOUGH_MEMORY);
        return 0;
    }
    if (error == 0) {
        error = await(ship, &frame);
    }
    if (error == 0) {
        apply(ship, call, &frame);
    }
    return error;
}

uint32_t platen_ship_serve(struct platen_ship *ship,
                           bool (*other)(void *context, const struct platen_frame *frame))
{
    for (;;) {
        struct platen_frame frame;
        uint32_t error = platen_channel_receive(ship->channel, UINT64_MAX, &frame);
        if (error == 0 && frame.kind == PLATEN_FRAME_CALL) {
            error = serve_call(ship, &frame);
        } else if (error == 0 && frame.kind == PLATEN_FRAME_BYE) {
            take_leave(ship, &frame);
        } else if (error == 0 && (other == NULL || !other(ship->side->context, &frame))) {
            error = PLATEN_INVALID_DATA;
        }
        if (error != 0) {
            return error;
        }
    }
}
