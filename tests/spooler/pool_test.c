/* SPDX-License-Identifier: MIT
 *
 * Several ports for one printer, several printers on one port: who gets a job, what happens to one
 * that a port refuses (R97), and that its bytes go to one port alone.
 */
#include "stub.h"

#include <stdio.h>
#include <stdlib.h>

#define PORTS 4

static const char *const names[] = {"P1:", "P2:", "P3:", "P4:"};

/* What a test lets the monitor do, by port. */
struct pool {
    platen_spooler *spooler;
    struct listener listener;
    struct stub stub;
    struct gate gates[PORTS];
    atomic_uint gated[PORTS];   /* the next WritePort waits at the gate */
    atomic_uint refuses[PORTS]; /* StartDocPort says FALSE so often */
    uint32_t error;
};

static uint32_t act(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    struct pool *pool = stub->own;
    size_t number = port != NULL ? (size_t)(port - stub->ports) : 0;

    if (at == AT_WRITE && atomic_exchange(&pool->gated[number], 0) != 0)
        gate_pass(&pool->gates[number]);
    if (at != AT_START || atomic_load(&pool->refuses[number]) == 0)
        return 0;
    atomic_fetch_sub(&pool->refuses[number], 1);
    return pool->error;
}

static void create(struct pool *pool, const char *name, const char *const *ports, uint32_t count)
{
    struct platen_printer_options options = {
        .size = sizeof options, .ports = ports, .port_count = count};

    assert_int_equal(platen_printer_create(pool->spooler, name, &options), 0);
}

/* "Printer" on the first `count` ports. */
static struct pool *new_pool(uint32_t count)
{
    struct pool *pool = calloc(1, sizeof *pool);

    assert_non_null(pool);
    for (int i = 0; i < PORTS; i++)
        gate_prepare(&pool->gates[i]);
    pool->error = 170;
    stub_prepare(&pool->stub);
    pool->stub.port_count = PORTS;
    pool->stub.own = pool;
    pool->stub.inside = act;
    pool->spooler = new_spooler(&pool->listener);
    assert_int_equal(stub_attach(pool->spooler, &pool->stub, "Stub", NULL), 0);
    create(pool, "Printer", names, count);
    return pool;
}

static void end_pool(struct pool *pool)
{
    platen_spooler_destroy(pool->spooler);
    stub_check(&pool->stub);
    free(pool);
}

static uint32_t submit(struct pool *pool, const char *printer, const char *text)
{
    return submit_bytes(pool->spooler, printer, text, strlen(text));
}

/* A job whose first WritePort, on that port, waits at the gate. */
static uint32_t submit_gated(struct pool *pool, int port, const char *text)
{
    atomic_store(&pool->gated[port], 1);
    uint32_t id = submit(pool, "Printer", text);
    gate_wait(&pool->gates[port]);
    return id;
}

static struct platen_job_info wait_for(struct pool *pool, uint32_t id)
{
    struct platen_job_info info;

    assert_int_equal(platen_job_wait(pool->spooler, id, PLATEN_FOREVER, &info), 0);
    return info;
}

static void assert_got(const struct pool *pool, int port, const char *text)
{
    assert_int_equal(pool->stub.ports[port].size, strlen(text));
    if (*text != '\0')
        assert_memory_equal(pool->stub.ports[port].data, text, strlen(text));
}

/* ---- which port ------------------------------------------------------------------------------ */

static void a_job_goes_to_the_first_free_port(void **state)
{
    struct pool *pool = new_pool(3);

    (void)state;
    for (int i = 0; i < 20; i++)
        assert_int_equal(wait_for(pool, submit(pool, "Printer", "x")).state, PLATEN_JOB_PRINTED);
    assert_got(pool, 0, "xxxxxxxxxxxxxxxxxxxx");
    uint32_t a = submit_gated(pool, 0, "a");
    uint32_t b = submit_gated(pool, 1, "b");
    assert_int_equal(wait_for(pool, submit(pool, "Printer", "c")).state, PLATEN_JOB_PRINTED);
    gate_open(&pool->gates[0]);
    wait_for(pool, a);
    wait_for(pool, submit(pool, "Printer", "d"));
    gate_open(&pool->gates[1]);
    wait_for(pool, b);
    assert_got(pool, 0, "xxxxxxxxxxxxxxxxxxxxad");
    assert_got(pool, 1, "b");
    assert_got(pool, 2, "c");
    end_pool(pool);
}

static void all_ports_busy_the_queue_keeps_its_order(void **state)
{
    struct pool *pool = new_pool(2);

    (void)state;
    submit_gated(pool, 0, "a");
    submit_gated(pool, 1, "b");
    for (int i = 0; i < 6; i++)
        submit_bytes(pool->spooler, "Printer", &"cdefgh"[i], 1);
    gate_open(&pool->gates[1]);
    assert_int_equal(platen_job_wait(pool->spooler, 8, PLATEN_FOREVER, NULL), 0);
    gate_open(&pool->gates[0]);
    assert_int_equal(platen_job_wait(pool->spooler, 0, PLATEN_FOREVER, NULL), 0);
    assert_got(pool, 0, "a");
    assert_got(pool, 1, "bcdefgh");
    end_pool(pool);
}

static void printers_share_ports(void **state)
{
    static const char *const others[] = {"P2:", "P3:"};
    struct pool *pool = new_pool(2);

    (void)state;
    create(pool, "Second", others, 2);
    uint32_t a = submit_gated(pool, 0, "a");
    uint32_t b = submit_gated(pool, 1, "b");
    assert_int_equal(wait_for(pool, submit(pool, "Second", "c")).state, PLATEN_JOB_PRINTED);
    gate_open(&pool->gates[1]);
    wait_for(pool, b);
    assert_int_equal(wait_for(pool, submit(pool, "Second", "d")).state, PLATEN_JOB_PRINTED);
    gate_open(&pool->gates[0]);
    wait_for(pool, a);
    assert_got(pool, 0, "a");
    assert_got(pool, 1, "bd");
    assert_got(pool, 2, "c");
    assert_int_equal(platen_printer_delete(pool->spooler, "Printer"), 0);
    assert_int_equal(pool->stub.ports[0].closes, 1);
    assert_int_equal(pool->stub.ports[1].closes, 0);
    assert_int_equal(platen_printer_delete(pool->spooler, "Second"), 0);
    assert_int_equal(pool->stub.ports[1].closes, 1);
    assert_int_equal(pool->stub.ports[2].closes, 1);
    end_pool(pool);
}

static void a_parked_port_is_passed_by(void **state)
{
    struct pool *pool = new_pool(2);
    static WCHAR port[] = u"P1:";
    PORT_INFO_3W status = {.dwStatus = PORT_STATUS_OFFLINE, .dwSeverity = PORT_STATUS_TYPE_ERROR};
    struct platen_job_info info;

    (void)state;
    assert_true(SPL->SetPortW(NULL, port, 3, (LPBYTE)&status));
    wait_for(pool, submit(pool, "Printer", "a"));
    assert_got(pool, 1, "a");
    /* the other is busy: the job waits, and no status is shown while one port has none */
    uint32_t b = submit_gated(pool, 1, "b");
    uint32_t c = submit(pool, "Printer", "c");
    assert_int_equal(platen_job_query(pool->spooler, c, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_QUEUED);
    assert_int_equal(info.status, 0);
    status = (PORT_INFO_3W){.dwStatus = 0};
    assert_true(SPL->SetPortW(NULL, port, 3, (LPBYTE)&status));
    assert_int_equal(wait_for(pool, c).state, PLATEN_JOB_PRINTED);
    gate_open(&pool->gates[1]);
    wait_for(pool, b);
    assert_got(pool, 0, "c");
    assert_got(pool, 1, "ab");
    end_pool(pool);
}

/* ---- R97 ------------------------------------------------------------------------------------- */

static void R97_a_refused_job_goes_to_the_next_port(void **state)
{
    struct pool *pool = new_pool(3);
    struct platen_job_info info;

    (void)state;
    atomic_store(&pool->refuses[0], 100);
    atomic_store(&pool->refuses[1], 1);
    info = wait_for(pool, submit(pool, "Printer", "a"));
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.starts, 1);
    assert_int_equal(pool->listener.count[PLATEN_EVENT_JOB_TROUBLE], 2);
    assert_int_equal(pool->listener.last[PLATEN_EVENT_JOB_TROUBLE].error, 170);
    wait_for(pool, submit(pool, "Printer", "b"));
    assert_got(pool, 0, "");
    assert_got(pool, 1, "b");
    assert_got(pool, 2, "a");
    end_pool(pool);
}

static void R97_refused_by_all_it_fails(void **state)
{
    struct pool *pool = new_pool(3);
    struct platen_job_info info;

    (void)state;
    for (int i = 0; i < 3; i++)
        atomic_store(&pool->refuses[i], 1);
    info = wait_for(pool, submit(pool, "Printer", "a"));
    assert_int_equal(info.state, PLATEN_JOB_FAILED);
    assert_int_equal(info.error, 170);
    assert_string_equal(info.slot, "StartDocPort");
    assert_int_equal(info.starts, 0);
    assert_int_equal(pool->stub.calls[AT_START], 3);
    assert_int_equal(pool->stub.calls[AT_WRITE], 0);
    assert_int_equal(wait_for(pool, submit(pool, "Printer", "b")).state, PLATEN_JOB_PRINTED);
    assert_got(pool, 0, "b");
    end_pool(pool);
}

/* It waits for a port that it has not asked; meanwhile the port that refused it takes the next. */
static void R97_a_refused_job_waits_for_another_port(void **state)
{
    struct pool *pool = new_pool(2);
    struct platen_job_info info;

    (void)state;
    uint32_t a = submit_gated(pool, 0, "a");
    atomic_store(&pool->refuses[1], 1);
    uint32_t b = submit(pool, "Printer", "b");
    uint32_t c = submit(pool, "Printer", "c");
    assert_int_equal(wait_for(pool, c).state, PLATEN_JOB_PRINTED);
    assert_int_equal(platen_job_query(pool->spooler, b, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_QUEUED);
    assert_int_equal(info.bytes, 0);
    gate_open(&pool->gates[0]);
    assert_int_equal(wait_for(pool, b).state, PLATEN_JOB_PRINTED);
    assert_int_equal(wait_for(pool, a).state, PLATEN_JOB_PRINTED);
    assert_got(pool, 0, "ab");
    assert_got(pool, 1, "c");
    end_pool(pool);
}

static void a_refused_job_can_be_cancelled(void **state)
{
    struct pool *pool = new_pool(2);
    uint32_t a = submit_gated(pool, 0, "a");

    (void)state;
    atomic_store(&pool->refuses[1], 1);
    uint32_t b = submit(pool, "Printer", "b");
    wait_for_count(&pool->listener.count[PLATEN_EVENT_JOB_TROUBLE], 1);
    wait_for_state(pool->spooler, b, PLATEN_JOB_QUEUED);
    assert_int_equal(platen_job_cancel(pool->spooler, b), 0);
    assert_int_equal(wait_for(pool, b).state, PLATEN_JOB_CANCELLED);
    gate_open(&pool->gates[0]);
    wait_for(pool, a);
    assert_got(pool, 0, "a");
    assert_got(pool, 1, "");
    end_pool(pool);
}

/* ---- what a printer may be ------------------------------------------------------------------- */

static void ports_of_a_printer(void **state)
{
    static const char *const twice[] = {"P3:", "p3:"};
    static const char *const unknown[] = {"P3:", "P9:"};
    const char *many[65];
    struct pool *pool = new_pool(2);
    struct platen_printer_options options = {.size = sizeof options, .ports = twice};

    (void)state;
    for (int i = 0; i < 65; i++)
        many[i] = "P1:";
    assert_int_equal(platen_printer_create(pool->spooler, "New", &options), 87);
    options.port_count = 2;
    assert_int_equal(platen_printer_create(pool->spooler, "New", &options), 87);
    options.ports = unknown;
    assert_int_equal(platen_printer_create(pool->spooler, "New", &options), PLATEN_UNKNOWN_PORT);
    options.ports = many;
    options.port_count = 65;
    assert_int_equal(platen_printer_create(pool->spooler, "New", &options), 87);
    options.ports = names;
    options.port_count = 4;
    options.language = "Nobody";
    assert_int_equal(platen_printer_create(pool->spooler, "New", &options),
                     PLATEN_UNKNOWN_PRINT_MONITOR);
    options.language = "Stub";
    assert_int_equal(platen_printer_create(pool->spooler, "New", &options),
                     PLATEN_INVALID_PRINT_MONITOR);
    options.language = NULL;
    assert_int_equal(platen_printer_create(pool->spooler, "printer", &options),
                     PLATEN_ALREADY_EXISTS);
    assert_int_equal(platen_printer_create(pool->spooler, "a,b", &options),
                     PLATEN_INVALID_PRINTER_NAME);
    assert_int_equal(platen_printer_create(pool->spooler, "New", &options), 0);
    end_pool(pool);
}

/* ---- many ------------------------------------------------------------------------------------ */

static uint32_t refuse_at_random(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    static atomic_uint seed;

    (void)stub;
    (void)port;
    if (at != AT_START)
        return 0;
    return (atomic_fetch_add(&seed, 1) * 2654435761u) >> 30 == 0 ? 170 : 0;
}

/* However ports refuse: each job is printed once, or fails because all had refused it. */
static void every_job_is_printed_once(void **state)
{
    static const char *const others[] = {"P4:", "P2:", "P3:"};
    struct pool *pool = new_pool(4);
    struct platen_job_info info;
    unsigned printed = 0, starts = 0;

    (void)state;
    pool->stub.inside = refuse_at_random;
    create(pool, "Second", others, 3);
    for (int i = 0; i < 500; i++)
        submit(pool, i % 3 ? "Printer" : "Second", "0123456789");
    assert_int_equal(platen_job_wait(pool->spooler, 0, PLATEN_FOREVER, NULL), 0);
    for (uint32_t id = 1; id <= 500; id++) {
        assert_int_equal(platen_job_query(pool->spooler, id, &info), 0);
        assert_true(info.state == PLATEN_JOB_PRINTED || info.error == 170);
        assert_int_equal(info.starts, info.state == PLATEN_JOB_PRINTED);
        printed += info.state == PLATEN_JOB_PRINTED;
    }
    for (int i = 0; i < PORTS; i++) {
        starts += pool->stub.ports[i].starts;
        assert_int_equal(pool->stub.ports[i].total, 10 * pool->stub.ports[i].starts);
    }
    assert_int_equal(starts, printed);
    assert_true(printed > 400);
    end_pool(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_goes_to_the_first_free_port),
        cmocka_unit_test(all_ports_busy_the_queue_keeps_its_order),
        cmocka_unit_test(printers_share_ports),
        cmocka_unit_test(a_parked_port_is_passed_by),
        cmocka_unit_test(R97_a_refused_job_goes_to_the_next_port),
        cmocka_unit_test(R97_refused_by_all_it_fails),
        cmocka_unit_test(R97_a_refused_job_waits_for_another_port),
        cmocka_unit_test(a_refused_job_can_be_cancelled),
        cmocka_unit_test(ports_of_a_printer),
        cmocka_unit_test(every_job_is_printed_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
