/* SPDX-License-Identifier: MIT
 *
 * Whatever call fails, at each possible call, in each profile: the job ends where the table of
 * reactions says, and each StartDocPort was followed by a beginning of the document or all of it.
 * What is expected is read off the table as programs see it.
 */
#include "lingua.h"

#include <stdio.h>
#include <stdlib.h>

#define SIZE      50u /* of the document; five WritePorts */
#define CHUNK     11u
#define MOST_RUNS 64

struct failure {
    uint32_t code;         /* 0: TRUE, but ... */
    uint32_t accepts;      /* ... with so many bytes */
    const char *condition; /* of WritePort */
};

static const struct failure failures[] = {
    {63, 0, "FALSE with 63"},
    {21, 0, "FALSE with a code that may pass"},
    {112, 0, "FALSE with another code"},
    {UINT32_MAX, 0, "FALSE with another code"},
    {0, 0, "TRUE with 0 bytes"},
    {0, 3, "TRUE with fewer bytes"},
};

struct scene {
    const char *profile;
    bool pool;
    bool language;
    uint32_t retries;
    const struct failure *failure;
    unsigned nth; /* the call that fails, from 1 on; 0: none */
    platen_spooler *spooler;
    struct listener listener;
    struct fake_clock clock;
    struct stub stub;
    struct lingua lingua;
    unsigned calls;
    enum stub_at failed_at;
    bool above; /* in the language monitor */
    bool meagre;
    size_t begins[2][MOST_RUNS];
    unsigned runs[2];
};

static uint8_t document[SIZE];

/* ---- the monitors ---------------------------------------------------------------------------- */

/* Counts the calls that a job makes; 0, or the code that this one fails with. */
static uint32_t count(struct scene *scene, enum stub_at at, bool above)
{
    bool of_a_job =
        at == AT_OPEN || at == AT_START || at == AT_WRITE || at == AT_END || at == AT_CLOSE;

    if (!of_a_job || scene->language != above)
        return 0;
    platen_os_mutex_lock(&scene->stub.lock); /* both ports are closed at once */
    bool this_one = ++scene->calls == scene->nth;
    if (this_one) {
        scene->failed_at = at;
        scene->meagre = scene->failure->code == 0 && at == AT_WRITE;
    }
    platen_os_mutex_unlock(&scene->stub.lock);
    return this_one ? scene->failure->code : 0;
}

static uint32_t act(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    struct scene *scene = stub->own;
    uint32_t code = count(scene, at, false);
    unsigned number = port == &stub->ports[1];

    if (at == AT_START && code == 0) {
        assert_true(scene->runs[number] < MOST_RUNS);
        scene->begins[number][scene->runs[number]++] = port->size;
    }
    return code;
}

static uint32_t act_above(struct lingua *lingua, enum stub_at at, struct lingua_port *port)
{
    (void)port;
    return count(lingua->own, at, true);
}

static uint32_t accept(struct stub *stub, uint32_t size)
{
    struct scene *scene = stub->own;

    if (!scene->meagre)
        return size;
    scene->meagre = false;
    return scene->failure->accepts < size ? scene->failure->accepts : size;
}

/* ---- one job --------------------------------------------------------------------------------- */

static void open_scene(struct scene *scene)
{
    static const char *const ports[] = {"P1:", "P2:"};
    struct platen_spooler_options options = {.size = sizeof options,
                                             .clock = &scene->clock.clock,
                                             .chunk = CHUNK,
                                             .retries = scene->retries,
                                             .on_event = note_event,
                                             .event_context = &scene->listener,
                                             .profile = scene->profile};
    struct platen_printer_options printer = {.size = sizeof printer,
                                             .ports = ports,
                                             .port_count = scene->pool ? 2 : 1,
                                             .language = scene->language ? "Lingua" : NULL,
                                             .bidi = true};

    fake_clock_prepare(&scene->clock);
    listener_prepare(&scene->listener);
    stub_prepare(&scene->stub);
    lingua_prepare(&scene->lingua);
    scene->stub.port_count = 2;
    scene->stub.complete = true;
    scene->stub.own = scene->lingua.own = scene;
    scene->stub.inside = act;
    scene->stub.accept = accept;
    scene->lingua.inside = act_above;
    assert_int_equal(platen_spooler_create(&options, &scene->spooler), 0);
    assert_int_equal(stub_attach(scene->spooler, &scene->stub, "Stub", NULL), 0);
    lingua_attach(scene->spooler, &scene->lingua);
    assert_int_equal(platen_printer_create(scene->spooler, "Printer", &printer), 0);
}

/* Each StartDocPort got a beginning of the document; returns how many got all of it. */
static unsigned check_runs(const struct scene *scene)
{
    unsigned whole = 0;

    for (int number = 0; number < 2; number++) {
        const struct stub_port *port = &scene->stub.ports[number];
        for (unsigned i = 0; i < scene->runs[number]; i++) {
            size_t begin = scene->begins[number][i];
            size_t end = i + 1 < scene->runs[number] ? scene->begins[number][i + 1] : port->size;
            assert_true(end - begin <= SIZE);
            if (end > begin)
                assert_memory_equal(port->data + begin, document, end - begin);
            whole += end - begin == SIZE;
        }
    }
    return whole;
}

/* What the table says of it; NULL: there is no such row. */
static const char *action_of(const char *profile, const char *slot, const char *condition)
{
    size_t number;
    const struct platen_reaction *rows = platen_reactions(&number);

    for (size_t i = 0; i < number; i++)
        if (strcmp(rows[i].profile, profile) == 0 && strcmp(rows[i].slot, slot) == 0 &&
            strcmp(rows[i].condition, condition) == 0)
            return rows[i].action;
    return NULL;
}

static const char *slot_of(const struct scene *scene)
{
    static const char *const slots[AT_COUNT] = {[AT_OPEN] = "OpenPort",
                                                [AT_START] = "StartDocPort",
                                                [AT_WRITE] = "WritePort",
                                                [AT_END] = "EndDocPort",
                                                [AT_CLOSE] = "ClosePort"};

    return scene->failed_at == AT_OPEN && scene->language ? "OpenPortEx" : slots[scene->failed_at];
}

static const char *condition_of(const struct scene *scene)
{
    uint32_t code = scene->failure->code;

    if (scene->failed_at == AT_WRITE)
        return scene->failure->condition;
    if (scene->failed_at == AT_OPEN || scene->failed_at == AT_CLOSE)
        return "FALSE";
    return code == 63 ? "FALSE with 63" : "FALSE with another code";
}

/* The state that follows from the action. */
static enum platen_job_state state_after(const struct scene *scene, const char *action)
{
    static const struct {
        const char *action;
        enum platen_job_state state;
    } ends[] = {{"cancel", PLATEN_JOB_CANCELLED}, {"fail", PLATEN_JOB_FAILED},
                {"again", PLATEN_JOB_PRINTED},    {"back-off", PLATEN_JOB_PRINTED},
                {"report", PLATEN_JOB_PRINTED},   {"ignore", PLATEN_JOB_PRINTED}};

    if (strcmp(action, "next-port") == 0)
        return scene->pool ? PLATEN_JOB_PRINTED : PLATEN_JOB_FAILED;
    if (strcmp(action, "retry") == 0)
        return scene->retries > 0 ? PLATEN_JOB_PRINTED : PLATEN_JOB_FAILED;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strcmp(ends[i].action, action) == 0)
            return ends[i].state;
    fail_msg("no end for the action '%s'", action);
    return PLATEN_JOB_FAILED;
}

static void check(const struct scene *scene, const struct platen_job_info *info)
{
    unsigned whole = check_runs(scene);
    uint32_t code = scene->failure->code;
    uint32_t error = code == UINT32_MAX ? 31 : code == 0 ? PLATEN_WRITE_FAULT : code;
    const char *action = action_of(scene->profile, slot_of(scene), condition_of(scene));

    assert_non_null(action);
    assert_int_equal(info->state, state_after(scene, action));
    assert_int_equal(info->error, info->state == PLATEN_JOB_FAILED ? error : 0);
    if (info->state == PLATEN_JOB_FAILED)
        assert_string_equal(info->slot, slot_of(scene));
    if (info->state == PLATEN_JOB_PRINTED)
        assert_int_equal(whole, 1);
    else
        assert_int_equal(whole, scene->failed_at == AT_END);
}

/* Does the call fail in this play? TRUE with a count is no failure of the others. */
static bool means_something(const struct scene *scene)
{
    return scene->failed_at == AT_WRITE || (scene->failed_at != AT_COUNT && scene->failure->code);
}

/* One job with its nth call failing; false if it has no nth call. */
static bool play(struct scene *scene)
{
    struct platen_job_info info;
    bool reached;

    scene->failed_at = AT_COUNT;
    open_scene(scene);
    info = print_bytes(scene->spooler, document, SIZE);
    platen_spooler_destroy(scene->spooler);
    reached = scene->failed_at != AT_COUNT;
    if (means_something(scene))
        check(scene, &info);
    else
        assert_int_equal(check_runs(scene), 1);
    lingua_check(&scene->lingua);
    stub_check(&scene->stub);
    return reached;
}

/* Returns how many calls there were to fail. */
static unsigned sweep(const struct scene *like)
{
    struct scene *scene = malloc(sizeof *scene);
    unsigned nth = 0;
    bool reached;

    assert_non_null(scene);
    do {
        *scene = *like;
        scene->nth = ++nth;
        reached = play(scene);
    } while (reached);
    free(scene);
    return nth - 1;
}

static void sweep_profile(const char *profile)
{
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        for (unsigned kind = 0; kind < 8; kind++) {
            struct scene scene = {.profile = profile,
                                  .failure = &failures[i],
                                  .pool = kind & 1,
                                  .language = kind & 2,
                                  .retries = kind & 4 ? 1 : 0};
            /* OpenPort, StartDocPort, five WritePorts, EndDocPort, ClosePort */
            assert_in_range(sweep(&scene), 9, 10);
        }
}

static void in_windows(void **state)
{
    (void)state;
    sweep_profile("windows");
}

static void in_wine(void **state)
{
    (void)state;
    sweep_profile("wine");
}

static void in_strict(void **state)
{
    (void)state;
    sweep_profile("strict");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_windows),
        cmocka_unit_test(in_wine),
        cmocka_unit_test(in_strict),
    };

    for (unsigned i = 0; i < SIZE; i++)
        document[i] = (uint8_t)(i * 7 + 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
