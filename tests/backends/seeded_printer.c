/* SPDX-License-Identifier: MIT */
#include "seeded.h"

#include <string.h>

unsigned seeded_absences(const struct printer *printer)
{
    unsigned count = 0;
    while (count < printer->count && printer->troubles[count] == GONE)
        count++;
    return count;
}

/* So much of the job came: is it the beginning of it? */
static void take(struct printer *printer, size_t size)
{
    printer->spoilt =
        printer->spoilt || size > printer->size || memcmp(printer->room, printer->data, size) != 0;
}

static void leave(bare_socket peer, enum trouble trouble)
{
    if (trouble == RESETS)
        bare_reset(peer);
    else
        bare_close(peer);
}

/* Reads so many bytes, or to the end. */
static void serve_raw(struct printer *printer, bare_socket peer, enum trouble trouble, size_t most)
{
    size_t size = 0;
    bool ended = false;
    while (size < most && !ended) {
        long count = bare_receive(peer, printer->room + size, most - size);
        ended = count <= 0;
        size += count > 0 ? (size_t)count : 0;
    }
    take(printer, size);
    printer->wholes += size == printer->size && (ended || trouble != TROUBLES);
    leave(peer, trouble);
}

static void serve_lpr(struct printer *printer, bare_socket peer, enum trouble trouble,
                      unsigned where)
{
    struct lpr_habit habit = {.refusal = 1};
    struct lpr_said said;
    if (trouble == REFUSES)
        habit.refuse_turn = where;
    else if (trouble == LEAVES)
        habit.end_turn = where;
    else if (trouble != TROUBLES)
        habit.end_after = where;
    size_t size = lpr_listen(peer, &habit, printer->room, MOST_BYTES + 1, &said);
    take(printer, size);
    printer->spoilt = printer->spoilt || said.malformed;
    printer->wholes += said.whole && size == printer->size;
    leave(peer, trouble);
}

static void serve(struct printer *printer, bare_socket peer)
{
    bool ill = printer->met < printer->count;
    enum trouble trouble = ill ? printer->troubles[printer->met] : TROUBLES;
    unsigned where = ill ? printer->where[printer->met] : 0;
    printer->met += ill;
    if (printer->lpr)
        serve_lpr(printer, peer, trouble, where);
    else
        serve_raw(printer, peer, trouble, ill ? where : MOST_BYTES + 1);
}

void seeded_printer(void *argument)
{
    struct printer *printer = argument;
    while (!atomic_load(&printer->here) && !atomic_load(&printer->over))
        platen_os_wait((const uint32_t *)(uintptr_t)&printer->here, 0, soon());
    if (!atomic_load(&printer->here))
        return;
    for (;;) {
        bool over = atomic_load(&printer->over);
        if (bare_wait(printer->listener, over ? 0 : 20)) {
            bare_socket peer = bare_accept(printer->listener);
            if (peer != NO_SOCKET)
                serve(printer, peer);
        } else if (over) {
            return;
        }
    }
}
