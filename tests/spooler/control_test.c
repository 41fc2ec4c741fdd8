/* SPDX-License-Identifier: MIT
 *
 * Orders to jobs, by the program and by the monitor, at every point of a job.
 */
#include "stub.h"

#include <stdio.h>

#define SECOND    UINT64_C(1000000000)
#define MOST_RUNS 24

static const char text[] = "0123456789";

enum point { QUEUED, STARTING, WRITING, ENDING, ENDED };

struct order {
    enum point point;
    uint32_t command;
    bool asked; /* by the monitor */
};

struct scene {
    platen_spooler *spooler;
    struct listener listener;
    struct stub stub;
    struct order order;
    atomic_bool given;
    DWORD seen; /* the job's status right after it */
    size_t begins[MOST_RUNS];
    unsigned runs;
};

/* ---- the monitor ----------------------------------------------------------------------------- */

static DWORD status_of(const char16_t *printer, DWORD id)
{
    JOB_INFO_1W info = {.Status = MAXDWORD};
    uint8_t buffer[4096];
    HANDLE handle;
    DWORD needed;

    assert_true(SPL->OpenPrinterW((LPWSTR)(uintptr_t)printer, &handle, NULL));
    if (SPL->GetJobW(handle, id, 1, buffer, sizeof buffer, &needed))
        memcpy(&info, buffer, sizeof info);
    assert_true(SPL->ClosePrinter(handle));
    return info.Status;
}

static uint32_t ask(const char16_t *printer, DWORD id, DWORD command)
{
    HANDLE handle;

    assert_true(SPL->OpenPrinterW((LPWSTR)(uintptr_t)printer, &handle, NULL));
    uint32_t error = SPL->SetJobW(handle, id, 0, NULL, command) ? 0 : (uint32_t)SPL->GetLastError();
    assert_true(SPL->ClosePrinter(handle));
    return error;
}

static uint32_t give(struct scene *scene, uint32_t id)
{
    const struct order *order = &scene->order;

    if (order->asked)
        return ask(u"Printer", id, order->command);
    return platen_job_control(scene->spooler, id, (enum platen_job_command)order->command);
}

static uint32_t act(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    static const enum stub_at calls[] = {
        [STARTING] = AT_START, [WRITING] = AT_WRITE, [ENDING] = AT_END, [ENDED] = AT_COUNT};
    struct scene *scene = stub->own;
    enum point point = scene->order.point;

    if (at == AT_START)
        scene->begins[scene->runs++] = port->size;
    if (point == QUEUED || at != calls[point] || atomic_load(&scene->given))
        return 0;
    atomic_store(&scene->given, true);
    assert_int_equal(give(scene, port->job), 0);
    scene->seen = status_of(u"Printer", port->job);
    return 0;
}

static void open_scene(struct scene *scene, const struct order *order)
{
    struct platen_spooler_options options = {
        .size = sizeof options, .chunk = 4, .on_event = note_event};

    *scene = (struct scene){.order = *order};
    listener_prepare(&scene->listener);
    stub_prepare(&scene->stub);
    options.event_context = &scene->listener;
    scene->stub.own = scene;
    scene->stub.inside = act;
    assert_int_equal(platen_spooler_create(&options, &scene->spooler), 0);
    assert_int_equal(stub_attach(scene->spooler, &scene->stub, "Stub", NULL), 0);
    assert_int_equal(platen_printer_add(scene->spooler, "Printer", "P1:"), 0);
}

static uint32_t submit(struct scene *scene)
{
    struct platen_document document = {
        .size = sizeof document, .data = text, .data_size = 10, .lasting = true};
    uint32_t id;

    assert_int_equal(platen_job_submit(scene->spooler, "Printer", &document, &id), 0);
    return id;
}

static struct platen_job_info wait_for(struct scene *scene, uint32_t id)
{
    struct platen_job_info info;

    assert_int_equal(platen_job_wait(scene->spooler, id, PLATEN_FOREVER, &info), 0);
    return info;
}

/* The bytes of each StartDocPort: "4,10". Each is a beginning of the document. */
static void assert_runs(const struct scene *scene, const char *expected)
{
    char runs[128] = "";
    size_t used = 0;

    for (unsigned i = 0; i < scene->runs; i++) {
        size_t begin = scene->begins[i];
        size_t end = i + 1 < scene->runs ? scene->begins[i + 1] : scene->stub.ports[0].size;
        if (end > begin)
            assert_memory_equal(scene->stub.ports[0].data + begin, text, end - begin);
        used += (size_t)snprintf(runs + used, sizeof runs - used, "%s%u", i != 0 ? "," : "",
                                 (unsigned)(end - begin));
    }
    assert_string_equal(runs, expected);
}

/* `runs` NULL: whatever they are. */
static void close_scene(struct scene *scene, const char *runs)
{
    platen_spooler_destroy(scene->spooler);
    if (runs != NULL)
        assert_runs(scene, runs);
    stub_check(&scene->stub);
}

/* ---- every order at every point -------------------------------------------------------------- */

static const struct expected {
    enum point point;
    uint32_t command;
    uint32_t error; /* of the order; only where the job has ended */
    bool paused;    /* it has to be resumed */
    enum platen_job_state state;
    DWORD seen; /* by the monitor, beside PRINTING */
    const char *runs;
} table[] = {
    {QUEUED, PLATEN_JOB_PAUSE, 0, true, PLATEN_JOB_PRINTED, 0, "10"},
    {QUEUED, PLATEN_JOB_RESUME, 0, false, PLATEN_JOB_PRINTED, 0, "10"},
    {QUEUED, PLATEN_JOB_CANCEL, 0, false, PLATEN_JOB_CANCELLED, 0, ""},
    {QUEUED, PLATEN_JOB_RESTART, 0, false, PLATEN_JOB_PRINTED, 0, "10"},
    {QUEUED, PLATEN_JOB_DELETE, 0, false, PLATEN_JOB_CANCELLED, 0, ""},
    {STARTING, PLATEN_JOB_PAUSE, 0, true, PLATEN_JOB_PRINTED, JOB_STATUS_PAUSED, "10"},
    {STARTING, PLATEN_JOB_RESUME, 0, false, PLATEN_JOB_PRINTED, 0, "10"},
    {STARTING, PLATEN_JOB_CANCEL, 0, false, PLATEN_JOB_CANCELLED, JOB_STATUS_DELETING, "0"},
    {STARTING, PLATEN_JOB_RESTART, 0, false, PLATEN_JOB_PRINTED, JOB_STATUS_RESTART, "0,10"},
    {STARTING, PLATEN_JOB_DELETE, 0, false, PLATEN_JOB_CANCELLED, JOB_STATUS_DELETING, "0"},
    {WRITING, PLATEN_JOB_PAUSE, 0, true, PLATEN_JOB_PRINTED, JOB_STATUS_PAUSED, "10"},
    {WRITING, PLATEN_JOB_RESUME, 0, false, PLATEN_JOB_PRINTED, 0, "10"},
    {WRITING, PLATEN_JOB_CANCEL, 0, false, PLATEN_JOB_CANCELLED, JOB_STATUS_DELETING, "4"},
    {WRITING, PLATEN_JOB_RESTART, 0, false, PLATEN_JOB_PRINTED, JOB_STATUS_RESTART, "4,10"},
    {WRITING, PLATEN_JOB_DELETE, 0, false, PLATEN_JOB_CANCELLED, JOB_STATUS_DELETING, "4"},
    {ENDING, PLATEN_JOB_PAUSE, 0, false, PLATEN_JOB_PRINTED, JOB_STATUS_PAUSED, "10"},
    {ENDING, PLATEN_JOB_RESUME, 0, false, PLATEN_JOB_PRINTED, 0, "10"},
    {ENDING, PLATEN_JOB_CANCEL, 0, false, PLATEN_JOB_CANCELLED, JOB_STATUS_DELETING, "10"},
    {ENDING, PLATEN_JOB_RESTART, 0, false, PLATEN_JOB_PRINTED, JOB_STATUS_RESTART, "10,10"},
    {ENDING, PLATEN_JOB_DELETE, 0, false, PLATEN_JOB_CANCELLED, JOB_STATUS_DELETING, "10"},
    {ENDED, PLATEN_JOB_PAUSE, 87, false, PLATEN_JOB_PRINTED, 0, "10"},
    {ENDED, PLATEN_JOB_RESUME, 87, false, PLATEN_JOB_PRINTED, 0, "10"},
    {ENDED, PLATEN_JOB_CANCEL, 0, false, PLATEN_JOB_PRINTED, 0, "10"},
    {ENDED, PLATEN_JOB_RESTART, 0, false, PLATEN_JOB_PRINTED, 0, "10,10"},
    {ENDED, PLATEN_JOB_DELETE, 0, false, PLATEN_JOB_PRINTED, 0, "10"},
};

/* A monitor that deletes its job in EndDocPort has printed it. */
static enum platen_job_state state_of(const struct expected *expected, bool asked)
{
    return asked && expected->point == ENDING ? PLATEN_JOB_PRINTED : expected->state;
}

/* The order is seen before the call that gave it has come back: its lane may be slow. */
static void wait_until_it_stands(struct scene *scene, enum point point, uint32_t id)
{
    struct platen_job_info info = wait_for_state(scene->spooler, id, PLATEN_JOB_PAUSED);

    wait_for_count(&scene->listener.count[PLATEN_EVENT_JOB_PAUSED], 1);
    if (point != QUEUED)
        wait_for_count(&scene->listener.count[PLATEN_EVENT_JOB_STARTED], 1);
    while (point == WRITING && info.writes == 0)
        assert_int_equal(platen_job_query(scene->spooler, id, &info), 0);
}

/* It stands still until it is resumed, and the rest follows. */
static void let_go_on(struct scene *scene, const struct expected *expected, uint32_t id)
{
    struct platen_job_info info;

    wait_until_it_stands(scene, expected->point, id);
    assert_int_equal(platen_job_wait(scene->spooler, id, platen_os_now() + SECOND / 50, NULL),
                     PLATEN_TIMEOUT);
    assert_int_equal(platen_job_query(scene->spooler, id, &info), 0);
    assert_int_equal(info.writes, expected->point == WRITING);
    assert_true(info.status & JOB_STATUS_PAUSED);
    assert_int_equal(!!(info.status & JOB_STATUS_PRINTING), expected->point != QUEUED);
    assert_int_equal(platen_job_control(scene->spooler, id, PLATEN_JOB_RESUME), 0);
    assert_int_equal(scene->listener.count[PLATEN_EVENT_JOB_PAUSED], 1);
    assert_int_equal(scene->listener.count[PLATEN_EVENT_JOB_RESUMED], 1);
}

static void try_order(const struct expected *expected, bool asked)
{
    struct order order = {expected->point, expected->command, asked};
    struct platen_job_info info;
    struct scene scene;

    open_scene(&scene, &order);
    if (expected->point == QUEUED)
        assert_int_equal(platen_printer_hold(scene.spooler, "Printer", true), 0);
    uint32_t id = submit(&scene);
    if (expected->point == QUEUED) {
        assert_int_equal(give(&scene, id), 0);
        assert_int_equal(platen_printer_hold(scene.spooler, "Printer", false), 0);
    } else if (expected->point == ENDED) {
        wait_for(&scene, id);
        assert_int_equal(give(&scene, id), expected->error);
    }
    if (expected->paused)
        let_go_on(&scene, expected, id);
    info = wait_for(&scene, id);
    assert_int_equal(info.state, state_of(expected, asked));
    assert_int_equal(info.error, 0);
    assert_int_equal(info.starts, scene.runs);
    assert_int_equal(scene.seen,
                     scene.seen != 0 ? expected->seen | JOB_STATUS_PRINTING : expected->seen);
    assert_int_equal(scene.listener.count[PLATEN_EVENT_JOB_RESTARTED], scene.runs > 1);
    assert_int_equal(scene.listener.count[PLATEN_EVENT_FINDING], 0);
    close_scene(&scene, expected->runs);
}

static void orders_of_the_program(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        try_order(&table[i], false);
}

static void orders_of_the_monitor(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        try_order(&table[i], true);
}

static void orders_to_nobody(void **state)
{
    const struct order none = {ENDED, 0, false};
    struct scene scene;

    (void)state;
    open_scene(&scene, &none);
    uint32_t id = submit(&scene);
    for (int command = PLATEN_JOB_PAUSE; command <= PLATEN_JOB_DELETE; command++)
        assert_int_equal(platen_job_control(scene.spooler, 7, (enum platen_job_command)command),
                         87);
    assert_int_equal(platen_job_control(scene.spooler, id, (enum platen_job_command)0), 87);
    assert_int_equal(platen_job_control(scene.spooler, id, (enum platen_job_command)6), 87);
    wait_for(&scene, id);
    close_scene(&scene, NULL);
}

/* ---- pausing --------------------------------------------------------------------------------- */

static void others_pass_a_paused_job(void **state)
{
    const struct order none = {ENDED, 0, false};
    struct scene scene;

    (void)state;
    open_scene(&scene, &none);
    assert_int_equal(platen_printer_hold(scene.spooler, "Printer", true), 0);
    uint32_t first = submit(&scene);
    uint32_t second = submit(&scene);
    assert_int_equal(platen_job_control(scene.spooler, first, PLATEN_JOB_PAUSE), 0);
    assert_int_equal(platen_job_control(scene.spooler, first, PLATEN_JOB_PAUSE), 0);
    assert_int_equal(scene.listener.count[PLATEN_EVENT_JOB_PAUSED], 1);
    assert_int_equal(platen_printer_hold(scene.spooler, "Printer", false), 0);
    assert_int_equal(wait_for(&scene, second).state, PLATEN_JOB_PRINTED);
    assert_int_equal(status_of(u"Printer", first), JOB_STATUS_PAUSED);
    assert_int_equal(platen_job_control(scene.spooler, first, PLATEN_JOB_CANCEL), 0);
    assert_int_equal(wait_for(&scene, first).state, PLATEN_JOB_CANCELLED);
    close_scene(&scene, NULL);
}

/* Paused after its first four bytes: whatever is ordered then is done. */
static void a_paused_job_obeys(void **state)
{
    const struct order pausing = {WRITING, PLATEN_JOB_PAUSE, false};
    struct platen_job_info info;
    struct scene scene;

    (void)state;
    open_scene(&scene, &pausing);
    uint32_t id = submit(&scene);
    wait_for_state(scene.spooler, id, PLATEN_JOB_PAUSED);
    assert_int_equal(platen_job_cancel(scene.spooler, id), 0);
    assert_int_equal(wait_for(&scene, id).state, PLATEN_JOB_CANCELLED);
    close_scene(&scene, "4");

    open_scene(&scene, &pausing);
    id = submit(&scene);
    wait_for_state(scene.spooler, id, PLATEN_JOB_PAUSED);
    assert_int_equal(platen_job_control(scene.spooler, id, PLATEN_JOB_RESTART), 0);
    wait_for_count(&scene.listener.count[PLATEN_EVENT_JOB_RESTARTED], 1);
    do
        assert_int_equal(platen_job_query(scene.spooler, id, &info), 0);
    while (info.status != JOB_STATUS_PAUSED); /* back in its queue */
    assert_int_equal(platen_job_control(scene.spooler, id, PLATEN_JOB_RESUME), 0);
    assert_int_equal(wait_for(&scene, id).state, PLATEN_JOB_PRINTED);
    close_scene(&scene, "4,10");

    open_scene(&scene, &pausing);
    id = submit(&scene);
    wait_for_state(scene.spooler, id, PLATEN_JOB_PAUSED);
    close_scene(&scene, "4"); /* the spooler does not wait for its user */
}

static uint32_t cancel_and_restart(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    struct scene *scene = stub->own;

    if (at == AT_WRITE) {
        assert_int_equal(platen_job_cancel(scene->spooler, port->job), 0);
        assert_int_equal(platen_job_control(scene->spooler, port->job, PLATEN_JOB_RESTART), 87);
    }
    return 0;
}

static void a_cancelled_job_is_not_restarted(void **state)
{
    const struct order none = {ENDED, 0, false};
    struct scene scene;

    (void)state;
    open_scene(&scene, &none);
    scene.stub.inside = cancel_and_restart;
    struct platen_job_info info = wait_for(&scene, submit(&scene));
    assert_int_equal(info.state, PLATEN_JOB_CANCELLED);
    assert_int_equal(info.starts, 1);
    close_scene(&scene, NULL);
}

/* A monitor whose line is gone: RESTART, then PAUSE, then FALSE. The job gives its port up. */
static uint32_t restart_and_pause(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    struct scene *scene = stub->own;

    if (at == AT_START)
        scene->begins[scene->runs++] = port->size;
    if (at != AT_WRITE || atomic_exchange(&scene->given, true))
        return 0;
    assert_int_equal(ask(u"Printer", port->job, JOB_CONTROL_RESTART), 0);
    assert_int_equal(ask(u"Printer", port->job, JOB_CONTROL_PAUSE), 0);
    return PLATEN_NETNAME_DELETED;
}

static void restart_and_pause_give_the_port_to_others(void **state)
{
    const struct order none = {ENDED, 0, false};
    struct platen_job_info info;
    struct scene scene;

    (void)state;
    open_scene(&scene, &none);
    scene.stub.inside = restart_and_pause;
    uint32_t first = submit(&scene);
    uint32_t second = submit(&scene);
    assert_int_equal(wait_for(&scene, second).state, PLATEN_JOB_PRINTED);
    assert_int_equal(platen_job_query(scene.spooler, first, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_PAUSED);
    assert_int_equal(info.status, JOB_STATUS_PAUSED);
    assert_int_equal(info.bytes, 0);
    assert_int_equal(platen_job_control(scene.spooler, first, PLATEN_JOB_RESUME), 0);
    info = wait_for(&scene, first);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.starts, 2);
    close_scene(&scene, "0,10,10");
}

/* ---- time limits ----------------------------------------------------------------------------- */

static uint32_t nothing(struct stub *stub, uint32_t size)
{
    (void)stub;
    (void)size;
    return 0;
}

struct late {
    struct fake_clock clock;
    struct stub stub;
    DWORD seen;
    uint32_t code; /* that WritePort then gives up with */
};

static uint32_t see_the_time(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    struct late *late = stub->own;

    if (at != AT_WRITE)
        return 0;
    atomic_fetch_add(&late->clock.now, 3 * SECOND);
    late->seen = status_of(u"Printer", port->job);
    return late->code;
}

static struct platen_job_info print_late(struct late *late, uint64_t own, uint64_t common)
{
    struct platen_spooler_options options = {
        .size = sizeof options, .clock = &late->clock.clock, .job_timeout = common};
    struct platen_document document = {
        .size = sizeof document, .data = text, .data_size = 10, .timeout = own};
    struct platen_job_info info;
    platen_spooler *spooler;
    uint32_t id;

    fake_clock_prepare(&late->clock);
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    assert_int_equal(stub_attach(spooler, &late->stub, "Stub", NULL), 0);
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
    assert_int_equal(platen_job_submit(spooler, "Printer", &document, &id), 0);
    assert_int_equal(platen_job_wait(spooler, id, PLATEN_FOREVER, &info), 0);
    platen_spooler_destroy(spooler);
    stub_check(&late->stub);
    return info;
}

static void a_job_over_its_time_is_cancelled(void **state)
{
    static const uint64_t limits[][2] = {{2 * SECOND, 0}, {0, 2 * SECOND}, {2 * SECOND, 1}};
    struct late late;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        stub_prepare(&late.stub);
        late.stub.accept = nothing;
        struct platen_job_info info = print_late(&late, limits[i][0], limits[i][1]);
        assert_int_equal(info.state, PLATEN_JOB_CANCELLED);
        assert_int_equal(info.error, PLATEN_TIMEOUT);
        assert_true(info.ended_at - info.started_at >= 2 * SECOND);
        assert_true(info.ended_at - info.started_at < 3 * SECOND);
        assert_int_equal(late.stub.ports[0].ends, 1);
    }
}

/* As with a cancel the monitor learns of it through GetJob (R107), and whatever it makes of it the
 * job is over its time. */
static void the_monitor_learns_of_the_time(void **state)
{
    static const uint32_t codes[] = {0, 63, 995, UINT32_MAX};
    struct platen_job_info info;
    struct late late;

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        stub_prepare(&late.stub);
        late.code = codes[i];
        late.stub.accept = nothing;
        late.stub.own = &late;
        late.stub.inside = see_the_time;
        info = print_late(&late, 2 * SECOND, 0);
        assert_int_equal(info.state, PLATEN_JOB_CANCELLED);
        assert_int_equal(info.error, PLATEN_TIMEOUT);
        assert_int_equal(late.seen, JOB_STATUS_PRINTING | JOB_STATUS_DELETING);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_of_the_program),
        cmocka_unit_test(orders_of_the_monitor),
        cmocka_unit_test(orders_to_nobody),
        cmocka_unit_test(others_pass_a_paused_job),
        cmocka_unit_test(a_paused_job_obeys),
        cmocka_unit_test(a_cancelled_job_is_not_restarted),
        cmocka_unit_test(restart_and_pause_give_the_port_to_others),
        cmocka_unit_test(a_job_over_its_time_is_cancelled),
        cmocka_unit_test(the_monitor_learns_of_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
