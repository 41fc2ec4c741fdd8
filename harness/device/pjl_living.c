/* SPDX-License-Identifier: MIT
 *
 * A simulated PJL printer's life, lived: each step is done when those before it are over.
 */
#include <stdio.h>
#include <string.h>

#include "device/pjl.h"

/* ---- steps that are over at once ---------------------------------------------------------- */

static void all_ready(struct pjl_printer *printer)
{
    memset(printer->is, 0, sizeof printer->is);
    pjl_show(printer);
}

static void other_state(struct pjl_printer *printer, const struct pjl_step *step)
{
    snprintf(printer->other_display, sizeof printer->other_display, "%.*s", (int)step->text_size,
             step->text);
    printer->other = (struct pjl_state){.code = (uint32_t)step->number,
                                        .display = printer->other_display,
                                        .online = step->takes,
                                        .takes = step->takes};
    printer->is[PJL_OTHER] = true;
    pjl_show(printer);
}

static void say_to_all(struct pjl_printer *printer, const struct pjl_step *step)
{
    struct device_connection *connection = printer->device->connections;
    for (; connection != NULL; connection = connection->next) {
        if (step->verb == PJL_DO_SAY) {
            device_say(connection, step->text, step->text_size);
        } else {
            device_say_garbage(connection, step->number < 65536 ? step->number : 65536);
        }
    }
}

static void drop_all(struct pjl_printer *printer)
{
    struct device_connection *connection = printer->device->connections;
    for (; connection != NULL; connection = connection->next) {
        device_leave(connection, PLATEN_DEVICE_CUT, true);
    }
}

static void do_switch(struct pjl_printer *printer, enum pjl_verb verb)
{
    switch (verb) {
    case PJL_DO_SPLIT:
    case PJL_DO_WHOLE:
        printer->split = verb == PJL_DO_SPLIT;
        break;
    case PJL_DO_SILENT:
    case PJL_DO_SPEAK:
        printer->silent = verb == PJL_DO_SILENT;
        break;
    default:
        printer->noise = verb == PJL_DO_NOISE;
        break;
    }
}

static void do_number(struct pjl_printer *printer, const struct pjl_step *step)
{
    switch (step->verb) {
    case PJL_DO_PAGE_SIZE:
        printer->page_size = step->number;
        break;
    case PJL_DO_FINISH:
        printer->finish = step->number;
        break;
    case PJL_DO_SLOW:
        printer->rate = step->number;
        pjl_kick(printer);
        break;
    default:
        printer->delay = step->number;
        break;
    }
}

static void do_step(struct pjl_printer *printer, const struct pjl_step *step)
{
    switch (step->verb) {
    case PJL_DO_BEGIN:
    case PJL_DO_CLEAR:
        pjl_set(printer, (enum pjl_condition)step->number, step->verb == PJL_DO_BEGIN);
        break;
    case PJL_DO_READY:
        all_ready(printer);
        break;
    case PJL_DO_STATE:
        other_state(printer, step);
        break;
    case PJL_DO_SAY:
    case PJL_DO_GARBAGE:
        say_to_all(printer, step);
        break;
    case PJL_DO_DROP:
        drop_all(printer);
        break;
    case PJL_DO_PAGE_SIZE:
    case PJL_DO_FINISH:
    case PJL_DO_SLOW:
    case PJL_DO_DELAY:
        do_number(printer, step);
        break;
    default:
        do_switch(printer, step->verb);
        break;
    }
}

/* ---- steps that wait ---------------------------------------------------------------------- */

static void on_life(uv_timer_t *timer)
{
    struct pjl_printer *printer = timer->data;
    printer->over = true;
    pjl_live(printer);
}

static void begin_wait(struct pjl_printer *printer, const struct pjl_step *step)
{
    printer->begun = true;
    printer->over = false;
    printer->mark = step->verb == PJL_DO_QUERY ? printer->queries : printer->ended;
    if (step->verb == PJL_DO_WAIT) {
        device_set_timer(&printer->life_timer, on_life, step->number);
    }
}

/* Has what is waited for come? Of other steps: yes. */
static bool has_come(const struct pjl_printer *printer, const struct pjl_step *step)
{
    switch (step->verb) {
    case PJL_DO_WAIT:
        return printer->over;
    case PJL_DO_JOB:
        return printer->busy;
    case PJL_DO_END:
        return printer->ended > printer->mark;
    case PJL_DO_QUERY:
        return printer->queries > printer->mark;
    case PJL_DO_BYTE:
        return printer->busy && printer->bytes >= step->number;
    default:
        return printer->busy && printer->pages >= step->number;
    }
}

static bool is_wait(enum pjl_verb verb)
{
    return verb >= PJL_DO_WAIT && verb <= PJL_DO_PAGE;
}

/* The step is over; false: not yet. */
static bool live_step(struct pjl_printer *printer, struct pjl_life *life)
{
    const struct pjl_step *step = &life->steps[life->at];
    if (is_wait(step->verb)) {
        if (!printer->begun) {
            begin_wait(printer, step);
        }
        if (!has_come(printer, step)) {
            return false;
        }
    } else if (step->verb == PJL_DO_REPEAT) {
        life->at = 0;
        printer->begun = false;
        return true;
    } else {
        do_step(printer, step);
    }
    printer->begun = false;
    life->at++;
    return true;
}

void pjl_live(struct pjl_printer *printer)
{
    if (printer->living) {
        return;
    }
    printer->living = true;
    while (printer->life != NULL) {
        struct pjl_life *life = printer->life;
        if (life->at < life->count) {
            if (!live_step(printer, life)) {
                break;
            }
            continue;
        }
        printer->life = life->next;
        life->next = NULL;
        pjl_life_free(life);
    }
    printer->living = false;
}

uint64_t pjl_live_room(const struct pjl_printer *printer)
{
    const struct pjl_life *life = printer->life;
    if (life == NULL || life->at == life->count || life->steps[life->at].verb != PJL_DO_BYTE) {
        return UINT64_MAX;
    }
    uint64_t bytes = printer->busy ? printer->bytes : 0;
    uint64_t at = life->steps[life->at].number;
    return at > bytes ? at - bytes : UINT64_MAX;
}
