/* SPDX-License-Identifier: MIT
 *
 * R101: what comes after a WritePort that said FALSE.
 */
#include "break.h"

#define CODES 4
static const uint32_t codes[CODES] = {PLATEN_WRITE_FAULT, PLATEN_ACCESS_DENIED,
                                      PLATEN_DEVICE_NOT_CONNECTED, PLATEN_GEN_FAILURE};

/* ---- the code ----------------------------------------------------------------------------------
 */

static uint32_t fail_with_code(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    if (at != VERIFY_WRITE || port->offset == 0)
        return 0;
    return codes[atomic_load(&stage_now()->number) % CODES];
}

static void prepare_codes(struct stage *s)
{
    s->v.inside = fail_with_code;
}

static void play_codes(struct stage *s)
{
    for (unsigned i = 0; i < CODES; i++) {
        atomic_store(&s->number, i);
        struct platen_job_info info = stage_wait(s, stage_submit(s, "Printer", 1 + i, 200));
        KEPT(s, info.state == PLATEN_JOB_FAILED && info.error == codes[i],
             "WritePort failed with %u, and the job is in state %d with %u", (unsigned)codes[i],
             (int)info.state, (unsigned)info.error);
    }
}

/* Something is done before it is read: a note in a log, say. */
WRITE_BREAK(reads_late)
{
    BOOL fine = REAL_WRITE();

    if (!fine)
        stage_spl->SetLastError(PLATEN_FILE_NOT_FOUND);
    return fine;
}
WRAP(break_late, pfnWritePort, reads_late)

WRITE_BREAK(reads_never)
{
    BOOL fine = REAL_WRITE();

    return fine ? fine : fails_with(PLATEN_INVALID_FUNCTION);
}
WRAP(break_never, pfnWritePort, reads_never)

/* What failed is as good as done: on with the next. */
WRITE_BREAK(goes_on)
{
    if (!REAL_WRITE())
        *written = size;
    return TRUE;
}
WRAP(break_on, pfnWritePort, goes_on)

/* ---- the rest ----------------------------------------------------------------------------------
 */

/* Twice not ready in the middle, with a part of it taken before. */
static uint32_t fail_twice(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    struct stage *s = stage_now();

    (void)v;
    if (at != VERIFY_WRITE || port->offset != 94)
        return 0;
    return atomic_fetch_add(&s->number, 1) < 2 ? PLATEN_NOT_READY : 0;
}

static uint32_t accept_thirty(struct verify *v, struct verify_port *port, uint32_t size)
{
    (void)v;
    return port->offset == 64 ? 30 : size;
}

static void prepare_retries(struct stage *s)
{
    s->v.inside = fail_twice;
    s->v.accept = accept_thirty;
    s->options.retries = 3;
    s->clock.jumps = true;
}

static void play_retries(struct stage *s)
{
    stage_print(s, 9, 250);
}

/* From where the part began, not from what was left of it. */
WRITE_BREAK(begins_the_part_again)
{
    DWORD moved = 0;
    BOOL fine = REAL_WRITE();

    if (!fine && stage_once())
        stage_real()->pfnWritePort(port, data - 30, size + 30, &moved);
    return fine;
}
WRAP(break_part, pfnWritePort, begins_the_part_again)

WRITE_BREAK(leaves_it_out)
{
    BOOL fine = REAL_WRITE();

    if (!fine) {
        *written = size;
        return TRUE;
    }
    return fine;
}
WRAP(break_rest, pfnWritePort, leaves_it_out)

/* ---- 63 ----------------------------------------------------------------------------------------
 */

static uint32_t cancelled(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    return at == VERIFY_WRITE && port->offset != 0 ? PLATEN_PRINT_CANCELLED : 0;
}

static void prepare_cancelled(struct stage *s)
{
    s->v.inside = cancelled;
    s->options.retries = 5;
    s->clock.jumps = true;
}

static void play_cancelled(struct stage *s)
{
    struct platen_job_info info = stage_wait(s, stage_submit(s, "Printer", 10, 250));

    KEPT(s, info.state == PLATEN_JOB_CANCELLED || info.state == PLATEN_JOB_FAILED,
         "after 63 the job is in state %d", (int)info.state);
}

WRITE_BREAK(asks_again)
{
    BOOL fine = REAL_WRITE();

    return fine ? fine : REAL_WRITE();
}
WRAP(break_again, pfnWritePort, asks_again)

const struct stage_case stage_trouble_cases[] = {
    {101,
     "last-error is read first",
     prepare_codes,
     play_codes,
     {{.how = "does something else before", .wrap = break_late},
      {.how = "does not read it", .wrap = break_never},
      {.how = "goes on as if nothing had happened", .wrap = break_on}}},
    {101,
     "what was not sent is offered again",
     prepare_retries,
     play_retries,
     {{.how = "offers what was sent too", .wrap = break_part},
      {.how = "leaves it out", .wrap = break_rest}}},
    {101,
     "63 is not asked about",
     prepare_cancelled,
     play_cancelled,
     {{.how = "tries again", .wrap = break_again}}},
    {.rule = 0},
};
