/* SPDX-License-Identifier: MIT
 *
 * The simulated serial printer, without any line: bytes come, answers go, time passes.
 */
#include "device/serial.h"

#include <string.h>

#define DLE    0x10
#define EOT    0x04
#define ENQ    0x05
#define GS     0x1D
#define ALWAYS 0x12 /* set in every answer to DLE EOT */
#define SECOND UINT64_C(1000000000)

enum { STATUSES = 4, OFF_LINE = 0x08, PAPER_NEAR = 0x03, PAPER_END = 0x0C };

static const struct {
    const char *display;
    bool stops;
    unsigned char bits[STATUSES];
} rows[] = {
#define SERIAL_CONDITION(symbol, word, display, stops, one, two, three, four)                      \
    {display, stops, {one, two, three, four}},
#include "device/serial_conditions.def"
};

/* ---- state -------------------------------------------------------------------------------- */

bool serial_is_ready(const struct serial_printer *printer)
{
    for (size_t i = 0; i < SERIAL_CONDITIONS; i++) {
        if (printer->is[i] && rows[i].stops) {
            return false;
        }
    }
    return true;
}

const char *serial_display(const struct serial_printer *printer)
{
    for (size_t i = 0; i < SERIAL_CONDITIONS; i++) {
        if (printer->is[i]) {
            return rows[i].display;
        }
    }
    return "READY";
}

unsigned char serial_status(const struct serial_printer *printer, unsigned n)
{
    unsigned status = ALWAYS;
    for (size_t i = 0; i < SERIAL_CONDITIONS; i++) {
        status |= printer->is[i] ? rows[i].bits[n - 1] : 0u;
    }
    if (n == 1 && !serial_is_ready(printer)) {
        status |= OFF_LINE;
    }
    return (unsigned char)status;
}

static void set(struct serial_printer *printer, enum serial_condition condition, bool is)
{
    const char *before = serial_display(printer);
    bool ready = serial_is_ready(printer);
    printer->is[condition] = is;
    if (serial_display(printer) != before || serial_is_ready(printer) != ready) {
        printer->events->state(printer->events->context);
    }
}

static void all_ready(struct serial_printer *printer)
{
    for (size_t i = 0; i < SERIAL_CONDITIONS; i++) {
        if (printer->is[i]) {
            set(printer, (enum serial_condition)i, false);
        }
    }
}

/* ---- what it is asked --------------------------------------------------------------------- */

static void answer(struct serial_printer *printer, unsigned status)
{
    unsigned char byte = (unsigned char)status;
    printer->queries++;
    printer->events->answer(printer->events->context, &byte, 1);
}

/* DLE ENQ gets it over what a person would have to be called for otherwise. */
static void recover(struct serial_printer *printer, unsigned n)
{
    if (n == 2) {
        printer->begin = printer->end = 0;
    }
    if (n == 1 || n == 2) {
        set(printer, SERIAL_JAM, false);
    }
}

static void obey_at_once(struct serial_printer *printer, unsigned char byte)
{
    unsigned char *said = printer->said;
    if (said[0] == DLE && said[1] == EOT && byte >= 1 && byte <= STATUSES) {
        answer(printer, serial_status(printer, byte));
    } else if (said[0] == DLE && said[1] == ENQ) {
        recover(printer, byte);
    }
    said[0] = said[1];
    said[1] = byte;
}

/* GS r n comes in its turn: when it is answered, all before it has been printed. */
static void obey_in_turn(struct serial_printer *printer, unsigned char byte)
{
    unsigned char *printed = printer->printed;
    if (printed[0] == GS && printed[1] == 'r' && (byte == 1 || byte == '1')) {
        unsigned near_end = printer->is[SERIAL_PAPER_LOW] || printer->is[SERIAL_PAPER_OUT];
        answer(printer, (near_end ? PAPER_NEAR : 0u) |
                            (printer->is[SERIAL_PAPER_OUT] ? (unsigned)PAPER_END : 0u));
    } else if (printed[0] == GS && printed[1] == 'r' && (byte == 2 || byte == '2')) {
        answer(printer, 0); /* of the drawer, which there is none of */
    }
    printed[0] = printed[1];
    printed[1] = byte;
}

/* ---- jobs --------------------------------------------------------------------------------- */

/* The next job waits until the last one is printed. */
size_t serial_room(const struct serial_printer *printer)
{
    return printer->ending ? 0 : SERIAL_ROOM - (printer->end - printer->begin);
}

void serial_receive(struct serial_printer *printer, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    memmove(printer->buffer, printer->buffer + printer->begin, printer->end - printer->begin);
    printer->end -= printer->begin;
    printer->begin = 0;
    printer->busy = printer->busy || size > 0;
    for (size_t i = 0; i < size; i++) {
        printer->buffer[printer->end++] = bytes[i];
        obey_at_once(printer, bytes[i]);
    }
}

void serial_hang_up(struct serial_printer *printer)
{
    printer->ending = printer->busy;
    memset(printer->said, 0, sizeof printer->said);
}

static void end_job(struct serial_printer *printer)
{
    printer->busy = printer->ending = false;
    printer->bytes = 0;
    printer->ended++;
    memset(printer->printed, 0, sizeof printer->printed);
    printer->events->job_end(printer->events->context);
}

/* Bytes that its life lets it print before it wants to be asked again. */
static uint64_t life_allows(const struct serial_printer *printer)
{
    const struct serial_life *life = printer->life;
    if (life == NULL || life->steps[life->at].verb != SERIAL_DO_BYTE) {
        return UINT64_MAX;
    }
    uint64_t at = life->steps[life->at].number;
    return at > printer->bytes ? at - printer->bytes : UINT64_MAX;
}

static uint64_t rate_allows(struct serial_printer *printer, uint64_t now)
{
    uint64_t bytes;
    if (printer->rate == 0) {
        return UINT64_MAX;
    }
    if (now - printer->earned > SECOND) {
        printer->earned = now - SECOND / 10; /* it has had nothing to do */
    }
    bytes = (now - printer->earned) * printer->rate / SECOND;
    return bytes;
}

/* True: something was printed. */
static bool print(struct serial_printer *printer, uint64_t now)
{
    uint64_t size = printer->end - printer->begin;
    uint64_t rated = rate_allows(printer, now);
    uint64_t lived = life_allows(printer);
    size = size < rated ? size : rated;
    size = size < lived ? size : lived;
    if (size == 0 || !serial_is_ready(printer)) {
        return false;
    }
    const unsigned char *data = printer->buffer + printer->begin;
    for (size_t i = 0; i < size; i++) {
        obey_in_turn(printer, data[i]);
    }
    printer->events->print(printer->events->context, data, (size_t)size);
    printer->begin += (size_t)size;
    printer->bytes += size;
    printer->earned += printer->rate == 0 ? 0 : size * SECOND / printer->rate;
    return true;
}

/* ---- its life ----------------------------------------------------------------------------- */

static void begin_step(struct serial_printer *printer, const struct serial_step *step, uint64_t now)
{
    printer->begun = true;
    printer->mark = step->verb == SERIAL_DO_WAIT    ? now + step->number
                    : step->verb == SERIAL_DO_QUERY ? printer->queries
                                                    : printer->ended;
}

/* Is the step over? Those that do not wait are done here. */
static bool do_step(struct serial_printer *printer, const struct serial_step *step, uint64_t now)
{
    switch (step->verb) {
    case SERIAL_DO_BEGIN:
    case SERIAL_DO_CLEAR:
        set(printer, (enum serial_condition)step->number, step->verb == SERIAL_DO_BEGIN);
        return true;
    case SERIAL_DO_READY:
        all_ready(printer);
        return true;
    case SERIAL_DO_SLOW:
        printer->rate = step->number;
        printer->earned = now;
        return true;
    case SERIAL_DO_WAIT:
        return now >= printer->mark;
    case SERIAL_DO_JOB:
        return printer->busy;
    case SERIAL_DO_END:
        return printer->ended > printer->mark;
    case SERIAL_DO_QUERY:
        return printer->queries > printer->mark;
    case SERIAL_DO_BYTE:
        return printer->busy && printer->bytes >= step->number;
    default:
        return true;
    }
}

static void next_step(struct serial_printer *printer)
{
    struct serial_life *life = printer->life;
    bool again = life->steps[life->at].verb == SERIAL_DO_REPEAT;
    life->at = again ? 0 : life->at + 1;
    printer->begun = false;
    if (life->at == life->count) {
        printer->life = life->next;
        life->next = NULL;
        serial_life_free(life);
    }
}

/* A life that repeats itself without ever waiting stands still after so many steps, until the next
 * call. */
static void live(struct serial_printer *printer, uint64_t now)
{
    for (int i = 0; i < 1000 && printer->life != NULL; i++) {
        const struct serial_step *step = &printer->life->steps[printer->life->at];
        if (!printer->begun) {
            begin_step(printer, step, now);
        }
        if (!do_step(printer, step, now)) {
            return;
        }
        next_step(printer);
    }
}

void serial_go_on(struct serial_printer *printer, uint64_t now)
{
    do {
        live(printer, now);
    } while (print(printer, now));
    if (printer->ending && printer->begin == printer->end) {
        end_job(printer);
        live(printer, now);
    }
}

void serial_live(struct serial_printer *printer, struct serial_life *life, bool now)
{
    struct serial_life **end = &printer->life;
    if (now) {
        serial_life_free(printer->life);
        printer->life = NULL;
        printer->begun = false;
    }
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = life;
}

void serial_begin(struct serial_printer *printer, const struct serial_events *events)
{
    *printer = (struct serial_printer){.events = events};
}

void serial_end(struct serial_printer *printer)
{
    serial_life_free(printer->life);
    printer->life = NULL;
}
