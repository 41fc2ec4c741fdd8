/* SPDX-License-Identifier: MIT
 *
 * The simulated PJL printer: what it answers and tells, and its one state.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "trial.h"

#define UEL "\x1b%-12345X"

/* ---- one client --------------------------------------------------------------------------- */

static platen_device *start(const char *life)
{
    struct platen_device_options options = {.size = sizeof options, .pjl = true, .life = life};
    return trial_start_with(&options);
}

/* What it answers to that, as one job. */
static void converse(platen_device *device, const char *text, char answer[4096])
{
    struct client *client = trial_clients(1, device);
    client->text = text;
    client_run(client, 1);
    assert_int_equal(client->error, 0);
    assert_true(client->saw_end);
    memcpy(answer, client->answer, 4096);
    free(client);
}

static void it_answers(void **state)
{
    static const struct {
        const char *ask;
        const char *answer;
    } rows[] = {
        {"ECHO  two  words ", "@PJL ECHO  two  words \r\n\f"},
        {"info status", "@PJL INFO status\r\nCODE=10001\r\nDISPLAY=\"READY\"\r\nONLINE=TRUE\r\n\f"},
        {"INFO ID", "@PJL INFO ID\r\n\"PLATEN LASER\"\r\n\f"},
        {"INFO MEMORY", "@PJL INFO MEMORY\r\nTOTAL=16777216\r\nLARGEST=12582912\r\n\f"},
        {"INFO PAGECOUNT", "@PJL INFO PAGECOUNT\r\nPAGECOUNT=0\r\n\f"},
        {"INFO SECRETS", "@PJL INFO SECRETS\r\n\"?\"\r\n\f"},
        {"INQUIRE PAPER", "@PJL INQUIRE PAPER\r\nA4\r\n\f"},
        {"INQUIRE NOSUCH", "@PJL INQUIRE NOSUCH\r\n\"?\"\r\n\f"},
        {"FSUPLOAD NAME=\"0:/../../etc/passwd\" OFFSET=0 SIZE=100", ""},
        {"COMMENT nothing", ""},
        {"SET PAPER=LETTER", ""},
    };
    char answer[4096];
    char ask[256];
    platen_device *device = start(NULL);
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(ask, sizeof ask, "%s@PJL %s\r\n", UEL, rows[i].ask);
        converse(device, ask, answer);
        assert_string_equal(answer, rows[i].answer);
    }
    converse(device, UEL "@PJL INFO VARIABLES\r\n@PJL INFO CONFIG\n@PJL INFO USTATUS\n", answer);
    assert_non_null(strstr(answer, "\r\nCOPIES=1 [2 RANGE]\r\n\t1\r\n\t999\r\n"));
    assert_non_null(strstr(answer, "\r\nTIMED=0 [2 RANGE]\r\n"));
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_PRINTED), 0);
    platen_device_stop(device);
}

/* A line that is all of a command, and an enormous one. */
static void it_survives_what_makes_no_sense(void **state)
{
    static const char *const texts[] = {
        UEL "@PJL\r\n@PJL \n@PJL  \r\n@PJL USTATUS\n@PJL USTATUS =\n@PJL USTATUS TIMED=-1\n",
        UEL "@PJL JOB NAME\n@PJL JOB NAME=\n@PJL JOB NAME=\"\n@PJL EOJ\n@PJL EOJ\n@PJL EOJ\nx",
        UEL "@PJL USTATUS TIMED = 99999999999999999999\n@PJL USTATUSOFF\n",
        UEL "@PJL ENTER LANGUAGE=PCL\n@PJL INFO ID\n"};
    char answer[4096];
    platen_device *device = start(NULL);
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        converse(device, texts[i], answer);
        assert_string_equal(answer, "");
    }
    assert_int_equal(trial_job(device, 4).payload, 13); /* what follows ENTER is data */
    platen_device_stop(device);
}

static void it_tells_of_jobs_and_pages(void **state)
{
    char answer[4096];
    platen_device *device = start(NULL);
    (void)state;
    converse(device,
             UEL "@PJL USTATUS JOB=ON\n@PJL USTATUS PAGE=ON\n@PJL USTATUS DEVICE=VERBOSE\n"
                 "@PJL JOB NAME = \"a job\" DISPLAY=\"x\"\r\n@PJL ENTER LANGUAGE=PCL\r\n"
                 "one\ftwo" UEL "@PJL EOJ\r\n" UEL,
             answer);
    assert_string_equal(
        answer,
        "@PJL USTATUS JOB\r\nSTART\r\nNAME=\"a job\"\r\n\f"
        "@PJL USTATUS DEVICE\r\nCODE=10023\r\nDISPLAY=\"PROCESSING JOB\"\r\nONLINE=TRUE\r\n\f"
        "@PJL USTATUS PAGE\r\n1\r\n\f@PJL USTATUS PAGE\r\n2\r\n\f"
        "@PJL USTATUS JOB\r\nEND\r\nNAME=\"a job\"\r\nPAGES=2\r\n\f"
        "@PJL USTATUS DEVICE\r\nCODE=10001\r\nDISPLAY=\"READY\"\r\nONLINE=TRUE\r\n\f");
    struct platen_device_job job = trial_job(device, 1);
    assert_true(job.whole && job.pjl);
    assert_int_equal(job.payload, 7);
    assert_int_equal(job.pages, 2);
    assert_int_equal(job.printed, 1);
    assert_int_equal(job.payload + job.framing, job.bytes);
    assert_non_null(strstr(job.commands, "@PJL JOB NAME = \"a job\" DISPLAY=\"x\"\r\n"));
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_PAGES), 2);
    platen_device_stop(device);
}

/* ON is about what wants somebody; what informs is for VERBOSE. */
static void it_tells_on_what_matters(void **state)
{
    char answer[4096];
    platen_device *device =
        start("until byte 1; toner-low; until byte 2; paper-out; wait 0.01; ready");
    (void)state;
    converse(device, UEL "@PJL USTATUS DEVICE=ON\nabc" UEL, answer);
    assert_string_equal(
        answer, "@PJL USTATUS DEVICE\r\nCODE=41002\r\nDISPLAY=\"LOAD PAPER\"\r\nONLINE=FALSE\r\n\f"
                "@PJL USTATUS DEVICE\r\nCODE=10023\r\nDISPLAY=\"PROCESSING JOB\"\r\nONLINE=TRUE"
                "\r\n\f");
    platen_device_stop(device);
}

static void it_tells_every_so_often(void **state)
{
    char answer[4096];
    platen_device *device = start("finish 1.5");
    (void)state;
    converse(device, UEL "@PJL USTATUS TIMED=1\nabc" UEL, answer);
    assert_string_equal(
        answer,
        "@PJL USTATUS TIMED\r\nCODE=10023\r\nDISPLAY=\"PROCESSING JOB\"\r\nONLINE=TRUE\r\n\f");
    platen_device_stop(device);
}

static void it_speaks_in_every_way(void **state)
{
    static const char plain[] = "@PJL ECHO hello\r\n\f";
    char answer[4096];
    uint64_t before;
    platen_device *device = start("split on");
    (void)state;
    converse(device, UEL "@PJL ECHO hello\r\n", answer);
    assert_string_equal(answer, plain);
    platen_device_live(device, "split off; noise on", true);
    converse(device, UEL "@PJL ECHO hello\r\n", answer);
    struct platen_device_job job = trial_job(device, 2);
    assert_int_equal(job.answered, 24 + strlen(plain));
    assert_memory_equal(answer + 24, plain, sizeof plain - 1);
    platen_device_live(device, "noise off; delay 0.25", true);
    before = platen_os_now();
    converse(device, UEL "@PJL ECHO hello\r\n", answer);
    assert_true(platen_os_now() - before >= 250 * MS);
    assert_string_equal(answer, plain);
    platen_device_live(device, "delay 0; silent", true);
    converse(device, UEL "@PJL ECHO hello\r\n", answer);
    assert_string_equal(answer, "");
    platen_device_live(device, "speak; until query; garbage 100; say \"\\0bye\"", true);
    converse(device, UEL "@PJL INFO ID\r\n@PJL INFO STATUS\r\n@PJL ECHO end\r\n", answer);
    job = trial_job(device, 5);
    assert_int_equal(job.answered, 31 + 61 + 100 + 4 + 16);
    platen_device_stop(device);
}

/* ---- data is refused ---------------------------------------------------------------------- */

struct watch {
    platen_device *device;
    uint32_t codes[16];
    uint64_t received[16];
    unsigned count;
};

static void on_state(void *context, const struct platen_device_state *state)
{
    struct watch *watch = context;
    if (watch->count < 16) {
        watch->codes[watch->count] = state->code;
        watch->received[watch->count++] =
            watch->device == NULL ? 0 : platen_device_count(watch->device, PLATEN_DEVICE_RECEIVED);
    }
}

static void paper_is_out_to_the_byte(void **state)
{
    static const uint64_t places[] = {1, 4095, 4096, 70000, 199999};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct watch watch = {.count = 0};
        struct platen_device_options options = {
            .size = sizeof options, .pjl = true, .on_state = on_state, .context = &watch};
        char life[128];
        snprintf(life, sizeof life, "until byte %u; paper-out; wait 0.05; ready",
                 (unsigned)places[i]);
        watch.device = trial_start_with(&options);
        assert_int_equal(platen_device_live(watch.device, life, true), 0);
        struct client *client = trial_clients(1, watch.device);
        client->text = UEL "@PJL JOB NAME=\"x\"\n@PJL ENTER LANGUAGE=PCL\n";
        client->size = 200000;
        client_run(client, 1);
        struct platen_device_job job = trial_job(watch.device, 1);
        assert_true(job.whole);
        assert_int_equal(job.payload, 200000);
        platen_device_stop(watch.device);
        assert_int_equal(watch.codes[0], 10023);
        assert_int_equal(watch.codes[1], 41002);
        assert_int_equal(watch.codes[2], 10023);
        assert_int_equal(watch.received[2], places[i] + strlen(client->text));
        assert_int_equal(watch.codes[3], 10001);
        free(client);
    }
}

/* Commands are answered while data waits, on another connection. */
static void one_state_for_everybody(void **state)
{
    char answer[4096];
    struct platen_device_state now;
    platen_device *device = start("jam");
    uv_loop_t loop;
    (void)state;
    uv_loop_init(&loop);
    struct client *client = trial_clients(1, device);
    client->text = "data";
    client_begin(&loop, client);
    while (!client->connected || client->sent < client->size) {
        uv_run(&loop, UV_RUN_ONCE);
    }
    trial_wait(device, PLATEN_DEVICE_CONNECTIONS, 1);
    platen_device_query(device, &now);
    assert_int_equal(now.code, 40022);
    assert_false(now.online || now.takes);
    assert_string_equal(now.display, "PAPER JAM");
    converse(device, UEL "@PJL INFO STATUS\r\n", answer);
    assert_non_null(strstr(answer, "CODE=40022\r\nDISPLAY=\"PAPER JAM\"\r\nONLINE=FALSE"));
    trial_wait(device, PLATEN_DEVICE_JOBS, 1);
    struct platen_device_job job;
    assert_int_equal(platen_device_find_job(device, 2, &job), 0);
    assert_int_equal(job.payload, 0);
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_PRINTED), 0);
    /* the most urgent is shown; what is cleared shows what is beneath */
    platen_device_live(device, "toner-low; offline; cover-open", true);
    platen_device_query(device, &now);
    assert_int_equal(now.code, 40022);
    platen_device_live(device, "clear jam", true);
    platen_device_query(device, &now);
    assert_int_equal(now.code, 40021);
    platen_device_live(device, "state 12345 \"HELLO\" takes", true);
    platen_device_query(device, &now);
    assert_int_equal(now.code, 12345);
    assert_false(now.takes); /* the cover is still open */
    platen_device_live(device, "ready", true);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    trial_wait(device, PLATEN_DEVICE_JOBS, 2);
    assert_int_equal(platen_device_find_job(device, 1, &job), 0);
    assert_true(job.whole);
    assert_int_equal(job.payload, 4);
    platen_device_stop(device);
    free(client);
}

static void one_job_at_a_time(void **state)
{
    enum { CLIENTS = 8 };
    platen_device *device = start("finish 0.01; page-size 1000");
    struct client *clients = trial_clients(CLIENTS, device);
    (void)state;
    for (unsigned i = 0; i < CLIENTS; i++) {
        clients[i].text = i % 2 == 0 ? UEL "@PJL JOB\n@PJL ENTER LANGUAGE=PCL\n" : NULL;
        clients[i].size = 50000;
    }
    client_run(clients, CLIENTS);
    trial_wait(device, PLATEN_DEVICE_PRINTED, CLIENTS);
    for (uint32_t i = 1; i <= CLIENTS; i++) {
        struct platen_device_job job = trial_job(device, i);
        assert_true(job.whole);
        assert_int_equal(job.payload, 50000);
        assert_int_equal(job.pages, 50);
    }
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_PAGES), CLIENTS * 50);
    platen_device_stop(device);
    free(clients);
}

/* A job that breaks off leaves the printer to the next. */
static void what_breaks_off_is_cancelled(void **state)
{
    char answer[4096];
    platen_device *device = start("until byte 5; drop");
    struct client *client = trial_clients(1, device);
    (void)state;
    client->text = "0123456789";
    client->end = CLIENT_HOLDS;
    client_run(client, 1);
    assert_int_equal(trial_job(device, 1).end, PLATEN_DEVICE_CUT);
    converse(device, "next", answer);
    assert_true(trial_job(device, 2).whole);
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_PRINTED), 1);
    platen_device_stop(device);
    free(client);
}

/* The end of a device finds everything under way. */
static void it_can_be_stopped_at_any_point(void **state)
{
    static const char *const lives[] = {
        "paper-out", "finish 100", "wait 100; ready", "delay 100", "until byte 3; offline",
        "slow 1"};
    (void)state;
    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        platen_device *device = start(lives[i]);
        struct client *client = trial_clients(1, device);
        uv_loop_t loop;
        uv_loop_init(&loop);
        client->text = UEL "@PJL USTATUS TIMED=1\n@PJL INFO STATUS\n@PJL JOB NAME=\"x\"\nabcdef";
        client_begin(&loop, client);
        while (!client->connected) {
            uv_run(&loop, UV_RUN_ONCE);
        }
        trial_wait(device, PLATEN_DEVICE_RECEIVED, i == 5 ? 1 : 50);
        platen_device_stop(device);
        uv_run(&loop, UV_RUN_DEFAULT);
        assert_int_equal(uv_loop_close(&loop), 0);
        free(client);
    }
}

static void a_raw_one_has_no_life(void **state)
{
    struct platen_device_options options = {
        .size = sizeof options, .pjl = true, .life = "nonsense"};
    struct platen_device_state now;
    platen_device *device = trial_start(NULL);
    (void)state;
    assert_int_equal(platen_device_live(device, "ready", true), PLATEN_NOT_SUPPORTED);
    platen_device_query(device, &now);
    assert_int_equal(now.code, 0);
    platen_device_stop(device);
    assert_int_equal(platen_device_start(&options, &device), PLATEN_INVALID_DATA);
    assert_null(device);
    device = start(NULL);
    assert_int_equal(platen_device_live(device, "nonsense", true), PLATEN_INVALID_DATA);
    platen_device_stop(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_answers),
        cmocka_unit_test(it_survives_what_makes_no_sense),
        cmocka_unit_test(it_tells_of_jobs_and_pages),
        cmocka_unit_test(it_tells_on_what_matters),
        cmocka_unit_test(it_tells_every_so_often),
        cmocka_unit_test(it_speaks_in_every_way),
        cmocka_unit_test(paper_is_out_to_the_byte),
        cmocka_unit_test(one_state_for_everybody),
        cmocka_unit_test(one_job_at_a_time),
        cmocka_unit_test(what_breaks_off_is_cancelled),
        cmocka_unit_test(it_can_be_stopped_at_any_point),
        cmocka_unit_test(a_raw_one_has_no_life),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
