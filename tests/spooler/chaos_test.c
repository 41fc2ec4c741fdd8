/* SPDX-License-Identifier: MIT
 *
 * Everything at once: threads that order jobs about, a monitor that fails and asks for restarts as
 * it likes, pools, a language monitor, ports that are parked. Whatever happens, each StartDocPort
 * is followed by a beginning of its job's document, all jobs end, and a printed one was whole.
 */
#include "lingua.h"

#include <stdlib.h>

#define JOBS    240u
#define THREADS 3u
#define PORTS   4u
#define SIZE    40u

struct chaos {
    platen_spooler *spooler;
    struct listener listener;
    struct stub stub;
    struct lingua lingua;
    atomic_uint seed;
    atomic_uint stop;
    atomic_bool calm; /* no more failures */
    uint32_t jobs;
    size_t begins[PORTS];        /* of the StartDocPort under way */
    atomic_uint whole[2 * JOBS]; /* how often a job's bytes all came, by its id */
};

/* Of every job the same, so that a beginning can be told by its bytes. */
static uint8_t document[SIZE];

static uint32_t random_of(struct chaos *chaos)
{
    uint32_t x = atomic_fetch_add(&chaos->seed, 1) * 2654435761u;

    x ^= x >> 15;
    x *= 2246822519u;
    return x ^ x >> 13;
}

/* ---- the monitor ----------------------------------------------------------------------------- */

static void check_bytes(struct chaos *chaos, struct stub_port *port)
{
    size_t begin = chaos->begins[port - chaos->stub.ports];
    size_t size = port->size - begin;

    if (size > SIZE || (size != 0 && memcmp(port->data + begin, document, size) != 0))
        stub_violation(&chaos->stub, "R99: no beginning of the document");
    if (size == SIZE)
        atomic_fetch_add(&chaos->whole[port->job], 1);
}

static uint32_t fail_sometimes(struct chaos *chaos, enum stub_at at)
{
    static const uint32_t codes[] = {63, 21, 112, 170, 995, 1460};
    uint32_t dice = random_of(chaos);

    if (atomic_load(&chaos->calm) || at < AT_OPEN || at > AT_CLOSE || dice % 16 != 0)
        return 0;
    return codes[dice / 16 % 6];
}

static uint32_t act(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    struct chaos *chaos = stub->own;
    uint32_t code = fail_sometimes(chaos, at);
    uint32_t dice = random_of(chaos);

    if (at == AT_START)
        chaos->begins[port - stub->ports] = port->size;
    if (at == AT_END)
        check_bytes(chaos, port);
    if (at == AT_WRITE && dice % 64 == 0 && !atomic_load(&chaos->calm)) {
        HANDLE handle;
        if (SPL->OpenPrinterW(port->printer, &handle, NULL)) {
            SPL->SetJobW(handle, port->job, 0, NULL, 1 + dice / 64 % 7);
            SPL->ClosePrinter(handle);
        }
    }
    return code;
}

static uint32_t accept(struct stub *stub, uint32_t size)
{
    uint32_t dice = random_of(stub->own);

    return dice % 8 == 0 ? 0 : dice % 4 == 0 ? (dice >> 8) % (size + 1) : size;
}

/* ---- the program ----------------------------------------------------------------------------- */

static void park(struct chaos *chaos, uint32_t dice)
{
    PORT_INFO_3W info = {.dwStatus = PORT_STATUS_OFFLINE, .dwSeverity = PORT_STATUS_TYPE_ERROR};
    WCHAR *name = chaos->stub.ports[dice % PORTS].name;

    assert_true(SPL->SetPortW(NULL, name, 3, (LPBYTE)&info));
    info = (PORT_INFO_3W){.dwStatus = 0};
    assert_true(SPL->SetPortW(NULL, name, 3, (LPBYTE)&info));
}

static void order_about(void *argument)
{
    struct chaos *chaos = argument;
    struct platen_job_info info;

    while (atomic_load(&chaos->stop) == 0) {
        uint32_t dice = random_of(chaos);
        uint32_t id = (dice >> 8) % JOBS + 1;
        if (dice % 16 == 0)
            park(chaos, dice >> 4);
        else if (dice % 16 == 1)
            platen_printer_set_bidi(chaos->spooler, "Fluent", dice & 32);
        else if (dice % 16 == 2)
            platen_job_query(chaos->spooler, id, &info);
        else
            platen_job_control(chaos->spooler, id,
                               (enum platen_job_command)(dice % 8 == 7   ? PLATEN_JOB_CANCEL
                                                         : dice % 8 == 6 ? PLATEN_JOB_DELETE
                                                         : dice % 8 < 2  ? PLATEN_JOB_RESTART
                                                         : dice % 8 < 4  ? PLATEN_JOB_PAUSE
                                                                         : PLATEN_JOB_RESUME));
        platen_os_thread_yield();
    }
}

static void create(struct chaos *chaos, const char *name, const char *const *ports, uint32_t count,
                   const char *language)
{
    struct platen_printer_options options = {.size = sizeof options,
                                             .ports = ports,
                                             .port_count = count,
                                             .language = language,
                                             .bidi = true};

    assert_int_equal(platen_printer_create(chaos->spooler, name, &options), 0);
}

static void open_chaos(struct chaos *chaos)
{
    static const char *const ports[] = {"P1:", "P2:", "P3:", "P4:"};
    struct platen_spooler_options options = {
        .size = sizeof options, .chunk = 9, .retries = 1, .on_event = note_event};

    listener_prepare(&chaos->listener);
    stub_prepare(&chaos->stub);
    lingua_prepare(&chaos->lingua);
    options.event_context = &chaos->listener;
    chaos->stub.port_count = PORTS;
    chaos->stub.own = chaos;
    chaos->stub.inside = act;
    chaos->stub.accept = accept;
    assert_int_equal(platen_spooler_create(&options, &chaos->spooler), 0);
    assert_int_equal(stub_attach(chaos->spooler, &chaos->stub, "Stub", NULL), 0);
    lingua_attach(chaos->spooler, &chaos->lingua);
    create(chaos, "Pool", ports, 3, NULL);
    create(chaos, "Fluent", ports + 1, 2, "Lingua");
    create(chaos, "Single", ports + 3, 1, NULL);
}

static void submit_all(struct chaos *chaos)
{
    static const char *const printers[] = {"Pool", "Fluent", "Single"};
    struct platen_document submitted = {
        .size = sizeof submitted, .data = document, .data_size = SIZE, .lasting = true};
    uint32_t id;

    for (uint32_t i = 0; i < JOBS; i++)
        assert_int_equal(platen_job_submit(chaos->spooler, printers[i % 3], &submitted, &id), 0);
}

/* Nobody orders any more: what is paused goes on, and all comes to its end. */
static void calm_down(struct chaos *chaos)
{
    struct platen_job_info info;

    atomic_store(&chaos->calm, true);
    do {
        for (uint32_t id = 1; id <= JOBS; id++)
            platen_job_control(chaos->spooler, id, PLATEN_JOB_RESUME);
    } while (platen_job_wait(chaos->spooler, 0, platen_os_now() + 1000000, NULL) == PLATEN_TIMEOUT);
    for (uint32_t id = 1; id <= JOBS; id++) {
        assert_int_equal(platen_job_query(chaos->spooler, id, &info), 0);
        assert_true(info.state == PLATEN_JOB_PRINTED || info.state == PLATEN_JOB_FAILED ||
                    info.state == PLATEN_JOB_CANCELLED);
        if (info.state == PLATEN_JOB_PRINTED)
            assert_true(info.bytes == SIZE && atomic_load(&chaos->whole[id]) > 0);
    }
}

static void all_comes_to_its_end(void **state)
{
    struct chaos *chaos = calloc(1, sizeof *chaos);
    platen_os_thread *threads[THREADS];

    (void)state;
    assert_non_null(chaos);
    for (unsigned i = 0; i < SIZE; i++)
        document[i] = (uint8_t)(i * 5 + 1);
    open_chaos(chaos);
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(platen_os_thread_start(&threads[i], "order", 0, order_about, chaos), 0);
    submit_all(chaos);
    wait_for_count(&chaos->listener.count[PLATEN_EVENT_JOB_ENDED], JOBS);
    atomic_store(&chaos->stop, 1);
    for (unsigned i = 0; i < THREADS; i++)
        platen_os_thread_join(threads[i]);
    calm_down(chaos);
    platen_spooler_destroy(chaos->spooler);
    lingua_check(&chaos->lingua);
    stub_check(&chaos->stub);
    free(chaos);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_comes_to_its_end)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
