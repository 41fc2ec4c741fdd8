/* SPDX-License-Identifier: MIT
 *
 * The printer has the ports P1: and P2:, the document ten bytes, and WritePort gets four at once.
 * Time passes when somebody waits for it.
 */
#include "reaction_plays.h"

#include <stdio.h>
#include <stdlib.h>

#include "spooler/inside.h"

#define MOST_RUNS 20

static const char text[] = "0123456789";

/* What the monitor does in a play. */
struct part {
    enum stub_at at;  /* the call that fails ... */
    uint32_t code;    /* ... with this; 0: none does */
    unsigned after;   /* good calls before */
    unsigned accepts; /* bytes of the first WritePort, if `meagre` of them are */
    unsigned meagre;  /* such WritePorts */
    DWORD command;    /* SetJob in the first WritePort */
    bool always;      /* in the first WritePort of each StartDocPort */
    bool pauses;      /* the program pauses the job there, before */
    DWORD severity;   /* SetPort in EndDocPort, and a second job after it */
    bool language;    /* through a language monitor, ... */
    bool silent;      /* ... and nobody sends a completion */
    bool fails_above; /* it is the language monitor's call that fails */
    uint64_t timeout; /* of the document */
    bool unreadable;  /* from its fifth byte */
};

static const struct part parts[SPOOL_CONDITIONS] = {
    [SPOOL_WHEN_OPEN_REFUSED] = {.at = AT_OPEN, .code = 1796},
    [SPOOL_WHEN_OPEN_EX_REFUSED] = {.at = AT_OPEN,
                                    .code = 170,
                                    .language = true,
                                    .fails_above = true},
    [SPOOL_WHEN_START_CANCELLED] = {.at = AT_START, .code = 63},
    [SPOOL_WHEN_START_REFUSED] = {.at = AT_START, .code = 170},
    [SPOOL_WHEN_WRITE_CANCELLED] = {.at = AT_WRITE, .code = 63, .after = 1},
    [SPOOL_WHEN_WRITE_PASSING] = {.at = AT_WRITE, .code = 21, .after = 1},
    [SPOOL_WHEN_WRITE_REFUSED] = {.at = AT_WRITE, .code = 112, .after = 1},
    [SPOOL_WHEN_WRITE_NOTHING] = {.accepts = 0, .meagre = 12},
    [SPOOL_WHEN_WRITE_STALLED] = {.accepts = 0, .meagre = UINT32_MAX},
    [SPOOL_WHEN_WRITE_SHORT] = {.accepts = 1, .meagre = 1},
    [SPOOL_WHEN_END_CANCELLED] = {.at = AT_END, .code = 63},
    [SPOOL_WHEN_END_REFUSED] = {.at = AT_END, .code = 28},
    [SPOOL_WHEN_CLOSE_REFUSED] = {.at = AT_CLOSE, .code = 31},
    [SPOOL_WHEN_NOT_SENT] = {.silent = true},
    [SPOOL_WHEN_NOT_EJECTED] = {.language = true, .silent = true},
    [SPOOL_WHEN_NEVER_COMPLETED] = {.language = true, .silent = true},
    [SPOOL_WHEN_ASKED_PAUSE] = {.command = JOB_CONTROL_PAUSE},
    [SPOOL_WHEN_ASKED_RESUME] = {.command = JOB_CONTROL_RESUME, .pauses = true, .timeout = SECOND},
    [SPOOL_WHEN_ASKED_CANCEL] = {.command = JOB_CONTROL_CANCEL},
    [SPOOL_WHEN_ASKED_RESTART] = {.command = JOB_CONTROL_RESTART},
    [SPOOL_WHEN_ASKED_DELETE] = {.command = JOB_CONTROL_DELETE},
    [SPOOL_WHEN_RESTARTED_TOO_OFTEN] = {.command = JOB_CONTROL_RESTART, .always = true},
    [SPOOL_WHEN_PORT_ERROR] = {.severity = PORT_STATUS_TYPE_ERROR},
    [SPOOL_WHEN_PORT_WARNING] = {.severity = PORT_STATUS_TYPE_WARNING},
    [SPOOL_WHEN_PORT_INFORMATION] = {.severity = PORT_STATUS_TYPE_INFO},
    [SPOOL_WHEN_TIME_OVER] = {.pauses = true, .timeout = SECOND},
    [SPOOL_WHEN_UNREADABLE] = {.unreadable = true},
};

struct scene {
    struct part part;
    platen_spooler *spooler;
    struct listener listener;
    struct fake_clock clock;
    struct stub stub;
    struct lingua lingua;
    size_t begins[2][MOST_RUNS]; /* where each StartDocPort's bytes begin on its port */
    unsigned runs[2];
    unsigned calls;
};

/* ---- the monitor's part ---------------------------------------------------------------------- */

static uint32_t fail_once(struct part *part, enum stub_at at)
{
    uint32_t code = part->code;

    if (code == 0 || at != part->at)
        return 0;
    if (part->after > 0) {
        part->after--;
        return 0;
    }
    part->code = 0;
    return code;
}

static void speak(struct scene *scene, struct stub_port *port)
{
    struct part *part = &scene->part;

    if (part->pauses)
        assert_int_equal(platen_job_control(scene->spooler, port->job, PLATEN_JOB_PAUSE), 0);
    part->pauses = false;
    if (part->command != 0)
        set_job(port->printer, port->job, part->command);
    if (!part->always)
        part->command = 0;
}

static void set_port(const struct part *part, struct stub_port *port)
{
    PORT_INFO_3W info = {.dwStatus = PORT_STATUS_PAPER_OUT, .dwSeverity = part->severity};

    if (part->severity != 0)
        assert_true(SPL->SetPortW(NULL, port->name, 3, (LPBYTE)&info));
}

static void note_run(struct scene *scene, unsigned number, size_t begin)
{
    assert_true(scene->runs[number] < MOST_RUNS);
    scene->begins[number][scene->runs[number]++] = begin;
    scene->calls = 0;
}

static uint32_t act(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    struct scene *scene = stub->own;
    uint32_t code = scene->part.fails_above ? 0 : fail_once(&scene->part, at);

    if (at == AT_START && code == 0)
        note_run(scene, port == &stub->ports[1], port->size);
    if (at == AT_WRITE && scene->calls++ == 0)
        speak(scene, port);
    if (at == AT_END)
        set_port(&scene->part, port);
    return code;
}

static uint32_t act_above(struct lingua *lingua, enum stub_at at, struct lingua_port *port)
{
    struct scene *scene = lingua->own;

    (void)port;
    return scene->part.fails_above ? fail_once(&scene->part, at) : 0;
}

static uint32_t accept(struct stub *stub, uint32_t size)
{
    struct scene *scene = stub->own;

    if (scene->part.meagre == 0)
        return size;
    scene->part.meagre--;
    return scene->part.accepts;
}

/* ---- the program's part ---------------------------------------------------------------------- */

/* Who pauses a job here has a program that lets it go on; but not the program's own pause. */
static void listen(void *context, const struct platen_event *event)
{
    struct scene *scene = context;

    note_event(&scene->listener, event);
    if (event->kind == PLATEN_EVENT_JOB_PAUSED && scene->part.timeout == 0)
        assert_int_equal(platen_job_control(scene->spooler, event->job_id, PLATEN_JOB_RESUME), 0);
}

static uint32_t read_badly(void *context, uint64_t offset, void *to, uint32_t size, uint32_t *moved)
{
    (void)context;
    *moved = size < 4 ? size : 4;
    memcpy(to, text + offset, *moved);
    return offset >= 4 ? PLATEN_READ_FAULT : 0;
}

static struct platen_job_info print(struct scene *scene)
{
    struct platen_document document = {.size = sizeof document, .timeout = scene->part.timeout};
    struct platen_job_info info;
    uint32_t id;

    if (scene->part.unreadable) {
        document.read_at = read_badly;
    } else {
        document.data = text;
        document.data_size = 10;
    }
    assert_int_equal(platen_job_submit(scene->spooler, "Printer", &document, &id), 0);
    assert_int_equal(platen_job_wait(scene->spooler, id, PLATEN_FOREVER, &info), 0);
    return info;
}

static void open_scene(struct scene *scene, const char *profile)
{
    struct platen_spooler_options options = {.size = sizeof options,
                                             .clock = &scene->clock.clock,
                                             .chunk = 4,
                                             .retries = 2,
                                             .on_event = listen,
                                             .event_context = scene,
                                             .profile = profile};
    static const char *const ports[] = {"P1:", "P2:"};
    struct platen_printer_options printer = {
        .size = sizeof printer, .ports = ports, .port_count = 2, .bidi = true};

    fake_clock_prepare(&scene->clock);
    listener_prepare(&scene->listener);
    stub_prepare(&scene->stub);
    lingua_prepare(&scene->lingua);
    scene->stub.port_count = 2;
    scene->stub.complete = !scene->part.silent;
    scene->stub.own = scene->lingua.own = scene;
    scene->stub.inside = act;
    scene->stub.accept = accept;
    scene->lingua.inside = act_above;
    scene->lingua.ejects = !scene->part.silent;
    printer.language = scene->part.language ? "Lingua" : NULL;
    assert_int_equal(platen_spooler_create(&options, &scene->spooler), 0);
    assert_int_equal(stub_attach(scene->spooler, &scene->stub, "Stub", NULL), 0);
    lingua_attach(scene->spooler, &scene->lingua);
    assert_int_equal(platen_printer_create(scene->spooler, "Printer", &printer), 0);
}

/* ---- what came of it ------------------------------------------------------------------------- */

/* "4,10": what each StartDocPort got; it must be a beginning of the document. */
static void write_runs(const struct scene *scene, unsigned number, char *to, size_t room)
{
    const struct stub_port *port = &scene->stub.ports[number];
    size_t used = 0;

    to[0] = '\0';
    for (unsigned i = 0; i < scene->runs[number]; i++) {
        size_t begin = scene->begins[number][i];
        size_t end = i + 1 < scene->runs[number] ? scene->begins[number][i + 1] : port->size;
        if (end > begin)
            assert_memory_equal(port->data + begin, text, end - begin);
        used += (size_t)snprintf(to + used, room - used, "%s%u", i != 0 ? "," : "",
                                 (unsigned)(end - begin));
    }
}

/* " findings=1", if there were any. */
static void add(char outcome[256], const char *what, unsigned number)
{
    size_t used = strlen(outcome);

    if (number != 0)
        snprintf(outcome + used, 256 - used, " %s=%u", what, number);
}

static void write_outcome(const struct scene *scene, const struct platen_job_info *info,
                          char outcome[256])
{
    static const char *const states[] = {"queued", "printing",  "printed",
                                         "failed", "cancelled", "paused"};
    const atomic_uint *count = scene->listener.count;
    char runs[2][64];

    write_runs(scene, 0, runs[0], sizeof runs[0]);
    write_runs(scene, 1, runs[1], sizeof runs[1]);
    snprintf(outcome, 256, "%s %u %s P1=%s P2=%s", states[info->state], (unsigned)info->error,
             info->slot != NULL ? info->slot : "-", runs[0], runs[1]);
    add(outcome, "seconds", (unsigned)((info->ended_at - info->queued_at + SECOND / 100) / SECOND));
    add(outcome, "findings", count[PLATEN_EVENT_FINDING]);
    add(outcome, "trouble", count[PLATEN_EVENT_JOB_TROUBLE]);
    add(outcome, "paused", count[PLATEN_EVENT_JOB_PAUSED]);
    add(outcome, "resumed", count[PLATEN_EVENT_JOB_RESUMED]);
    add(outcome, "restarted", count[PLATEN_EVENT_JOB_RESTARTED]);
}

void play(const char *profile, enum spool_condition condition, enum spool_action instead,
          char outcome[256])
{
    struct scene *scene = calloc(1, sizeof *scene);
    struct platen_job_info info;

    assert_non_null(scene);
    scene->part = parts[condition];
    open_scene(scene, profile);
    if (instead != SPOOL_GO_ON)
        scene->spooler->reactions.actions[condition] = (uint8_t)instead;
    info = print(scene);
    if (scene->part.severity != 0)
        print(scene);
    platen_spooler_destroy(scene->spooler);
    write_outcome(scene, &info, outcome);
    lingua_check(&scene->lingua);
    stub_check(&scene->stub);
    free(scene);
}
