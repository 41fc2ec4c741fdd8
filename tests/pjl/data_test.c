/* SPDX-License-Identifier: MIT
 *
 * Values: by name, by schema, and what is the port monitor's business.
 */
#include "../handle.h"
#include "os/clock.h"
#include "port.h"
#include "world.h"

#include <string.h>

#include <platen/ioctl.h>

#define PJL_ID "MFG:Acme;CMD:PJL;MDL:5;"
#define HELLO  (sizeof(TELL_ALL UEL) - 1)

static BOOL ask(struct world *world, const char16_t *name, void *to, DWORD size, DWORD *returned)
{
    return world->lm->pfnGetPrinterDataFromPort(world->port, 0, (LPWSTR)(uintptr_t)name, NULL, 0,
                                                to, size, returned);
}

static void assert_number(struct world *world, const char16_t *name, DWORD expected)
{
    DWORD number = 0;
    DWORD returned = 0;
    if (!ask(world, name, &number, sizeof(number), &returned))
        fail_msg("error %u", (unsigned)world_last_error());
    assert_int_equal(number, expected);
    assert_int_equal(returned, sizeof(number));
}

static void assert_refused(struct world *world, const char16_t *name, DWORD error)
{
    DWORD number = 0xA5A5A5A5;
    DWORD returned = 9;
    assert_false(ask(world, name, &number, sizeof(number), &returned));
    assert_int_equal(world_last_error(), error);
    assert_int_equal(number, 0xA5A5A5A5);
}

static void finish(struct world *world)
{
    world_close(world);
    world_shutdown(world);
    world_free(world);
}

/* Between jobs the printer is asked. */
static void values_by_name(void **state)
{
    char16_t text[32] = {0};
    DWORD returned = 0;
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->speaks = world->between = true;
    world_open(world);
    world_await_size(world, HELLO);
    assert_number(world, u"Installed Memory", 8388608);
    assert_number(world, u"available memory", 123456);
    assert_number(world, u"PAGE COUNT", 77);
    assert_true(ask(world, u"Model", text, sizeof(text), &returned));
    assert_true(platen_text_equal_folded(text, u"LASER 5"));
    assert_int_equal(returned, 8 * sizeof(char16_t));
    for (DWORD size = 0; size < 16; size++) { /* R57 */
        memset(text, 0xA5, sizeof(text));
        assert_false(ask(world, u"Model", text, size, &returned));
        assert_int_equal(world_last_error(), PLATEN_INSUFFICIENT_BUFFER);
        assert_int_equal(returned, 16);
        assert_int_equal(text[0], 0xA5A5);
    }
    assert_refused(world, u"Installed", PLATEN_INVALID_PARAMETER); /* R56 */
    assert_refused(world, u"", PLATEN_INVALID_PARAMETER);
    assert_refused(world, NULL, PLATEN_INVALID_PARAMETER);
    assert_false(ask(world, u"Model", text, sizeof(text), NULL));
    finish(world);
}

/* In jobs, and where nothing goes between them, what the printer told last counts. */
static void values_of_the_last_job(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->speaks = world->confirms = true;
    world_open(world);
    assert_refused(world, u"Installed Memory", PLATEN_NOT_READY);
    world_print(world, 1, u"a", "text");
    assert_number(world, u"Installed Memory", 8388608);
    size_t size = world->size;
    assert_true(world_start(world, 2, u"b"));
    assert_number(world, u"Available Memory", 123456);
    assert_int_equal(world->size, size);
    assert_true(world_end(world));
    finish(world);
}

static void a_printer_that_tells_nothing(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = "MFG:Acme;CMD:ESCP;";
    world_open(world);
    assert_refused(world, u"Installed Memory", PLATEN_NOT_SUPPORTED);
    assert_int_equal(world->size, 0);
    finish(world);
}

/* R82 */
static void control_codes_go_down(void **state)
{
    char id[64];
    DWORD returned = 0;
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->mute = true;
    world_open(world);
    unsigned before = world->controls;
    assert_true(world->lm->pfnGetPrinterDataFromPort(world->port, IOCTL_PAR_QUERY_DEVICE_ID, NULL,
                                                     NULL, 0, (LPWSTR)(void *)id, sizeof(id),
                                                     &returned));
    assert_string_equal(id, PJL_ID);
    assert_int_equal(returned, sizeof(PJL_ID));
    assert_false(world->lm->pfnGetPrinterDataFromPort(world->port, 0x123450, NULL, NULL, 0, NULL, 0,
                                                      &returned));
    assert_int_equal(world_last_error(), PLATEN_INVALID_PARAMETER);
    assert_int_equal(world->controls, before + 2);
    finish(world);
}

/* ---- bidi ----------------------------------------------------------------------------------- */

static DWORD request(struct world *world, const char16_t *action, const char16_t *schema,
                     PBIDI_RESPONSE_CONTAINER *answer)
{
    BIDI_REQUEST_CONTAINER asked = {.Version = 1, .Count = 1};
    asked.aData[0].dwReqNumber = 7;
    asked.aData[0].pSchema = (LPWSTR)(uintptr_t)schema;
    *answer = (PBIDI_RESPONSE_CONTAINER)(uintptr_t)1;
    return world->lm->pfnSendRecvBidiDataFromPort(world->port, BIDI_ACCESS_USER, action, &asked,
                                                  answer);
}

static void assert_text(struct world *world, const char16_t *schema, const char16_t *expected)
{
    PBIDI_RESPONSE_CONTAINER answer;
    assert_int_equal(request(world, u"Get", schema, &answer), 0);
    assert_int_equal(answer->Count, 1);
    assert_int_equal(answer->aData[0].dwResult, 0);
    assert_int_equal(answer->aData[0].dwReqNumber, 7);
    assert_true(platen_text_equal_folded(answer->aData[0].data.u.sData, expected));
    world_free_answer(answer);
}

/* The printer has told nothing: the call is the port monitor's as it is (R82). */
static void unknown_requests_go_down(void **state)
{
    struct world *world = world_new();
    PBIDI_RESPONSE_CONTAINER answer;

    (void)state;
    world->id = "MFG:Acme;CMD:ESCP;";
    world_open(world);
    assert_int_equal(request(world, u"NoSuchAction", u"\\Printer", &answer),
                     PLATEN_BIDI_DEVICE_OFFLINE);
    assert_null(answer);
    assert_int_equal(world->bidis, 1);
    finish(world);
}

static void values_by_schema(void **state)
{
    struct world *world = world_new();
    PBIDI_RESPONSE_CONTAINER answer;

    (void)state;
    world->id = PJL_ID;
    world->speaks = world->between = true;
    world_open(world);
    world_await_size(world, HELLO);
    world_say(world, STATE("41002"));
    world_await_set_ports(world, 1);
    assert_text(world, u"\\Printer.Status.Summary:State", u"Stopped");
    assert_text(world, u"\\printer.status.summary:statereason", u"MediaEmpty");
    assert_text(world, u"\\Printer.DeviceInfo:ModelName", u"LASER 5");
    assert_int_equal(request(world, u"get", u"\\Printer.Configuration.Memory:Size", &answer), 0);
    assert_int_equal(answer->aData[0].data.dwBidiType, BIDI_INT);
    assert_int_equal(answer->aData[0].data.u.iData, 8192);
    world_free_answer(answer);
    unsigned before = world->bidis;
    assert_int_equal(request(world, u"Get", u"\\Printer.DeviceInfo:Location", &answer),
                     PLATEN_BIDI_STATUS_WARNING);
    assert_int_equal(answer->aData[0].dwResult, PLATEN_BIDI_SCHEMA_NOT_SUPPORTED);
    world_free_answer(answer);
    assert_int_equal(world->bidis, before + 1);
    assert_int_equal(request(world, u"EnumSchema", NULL, &answer), 0);
    assert_int_equal(answer->Count, 9); /* one of a tray for envelopes, which is not there */
    world_free_answer(answer);
    assert_text(world, u"\\Printer.Status.Detailed.Event001:Name", u"InputTraySupplyEmpty");
    assert_text(world, u"\\Printer.Status.Detailed.Event001:Severity", u"Critical");
    assert_text(world, u"\\Printer.Status.Detailed.Event001.Component:Group", u"InputBin");
    assert_int_equal(
        request(world, u"Get", u"\\Printer.Configuration.DuplexUnit:Installed", &answer), 0);
    assert_int_equal(answer->aData[0].data.dwBidiType, BIDI_BOOL);
    assert_int_equal(answer->aData[0].data.u.bData, TRUE);
    world_free_answer(answer);
    finish(world);
}

/* ---- what changes --------------------------------------------------------------------------- */

static int level(struct world *world)
{
    PBIDI_RESPONSE_CONTAINER answer;
    assert_int_equal(request(world, u"Get", u"\\Printer.Consumables.Toner:Level", &answer), 0);
    int found = answer->aData[0].data.u.iData;
    world_free_answer(answer);
    return found;
}

/* As if it had been long ago that the printer was asked. */
static void grow_old(struct world *world)
{
    struct pjl_port *port = handle_acquire((uintptr_t)world->port, HANDLE_PORT);
    assert_non_null(port);
    platen_os_mutex_lock(&port->lock);
    port->asked = 0;
    platen_os_mutex_unlock(&port->lock);
    handle_release((uintptr_t)world->port);
}

static void set_supplies(struct world *world, const char *supplies)
{
    platen_os_mutex_lock(&world->lock);
    world->supplies = supplies;
    platen_os_mutex_unlock(&world->lock);
}

/* Between jobs it is told anew, in a job what was told last counts. */
static void supplies_are_used_up(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->speaks = world->between = true;
    world->supplies = "TONER=50";
    world_open(world);
    world_await_size(world, HELLO);
    assert_number(world, u"Page Count", 77); /* by then it has answered all before */
    assert_int_equal(level(world), 50);
    set_supplies(world, "TONER=49");
    grow_old(world);
    assert_int_equal(level(world), 49);
    assert_true(world_start(world, 1, u"a"));
    set_supplies(world, "TONER=48");
    grow_old(world);
    size_t size = world->size;
    assert_int_equal(level(world), 49);
    assert_int_equal(world->size, size);
    assert_true(world_end(world));
    assert_int_equal(level(world), 48);
    finish(world);
}

/* Where nothing can be asked between jobs, each job asks. */
static void each_job_asks_for_supplies(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->speaks = world->confirms = true;
    world->supplies = "TONER=50";
    world_open(world);
    world_print(world, 1, u"a", "one");
    assert_int_equal(level(world), 50);
    set_supplies(world, "TONER=49");
    world_print(world, 2, u"b", "two");
    assert_int_equal(level(world), 49);
    world_assert_received(world, TELL_ALL JOB("a [1.1]") "one" END_OF("a [1.1]") TELL
                          "@PJL INFO SUPPLIES\r\n" JOB("b [2.2]") "two" END_OF("b [2.2]"));
    finish(world);
}

/* ---- beside a job --------------------------------------------------------------------------- */

static struct world *beside;
static unsigned asked;
static uint64_t longest; /* of this job's */

/* Whatever the port monitor is stuck in, the answer is what the printer has told, and a control
 * code goes down. Nothing of it waits, and nothing is written into the job. */
static void ask_beside(void)
{
    PBIDI_RESPONSE_CONTAINER answer;
    char id[64];
    DWORD returned;
    uint64_t begun = platen_os_now();
    size_t size = beside->size;
    assert_number(beside, u"Installed Memory", 8388608);
    assert_int_equal(request(beside, u"Get", u"\\Printer.Configuration.Memory:Size", &answer), 0);
    assert_int_equal(answer->aData[0].data.u.iData, 8192);
    world_free_answer(answer);
    assert_true(beside->lm->pfnGetPrinterDataFromPort(beside->port, IOCTL_PAR_QUERY_DEVICE_ID, NULL,
                                                      NULL, 0, (LPWSTR)(void *)id, sizeof(id),
                                                      &returned));
    assert_int_equal(beside->size, size);
    uint64_t took = platen_os_now() - begun;
    longest = took > longest ? took : longest;
    asked++;
}

/* The quickest of some jobs counts: a machine may be busy elsewhere. */
static void a_job_keeps_no_question(void **state)
{
    uint64_t least = UINT64_MAX;

    (void)state;
    beside = world_new();
    beside->id = PJL_ID;
    beside->speaks = beside->confirms = true;
    world_open(beside);
    world_print(beside, 1, u"a", "text");
    beside->beside = ask_beside;
    for (DWORD job = 2; job < 7; job++) {
        asked = 0;
        longest = 0;
        world_print(beside, job, u"a", "text");
        assert_in_range(asked, 5, 9); /* StartDocPort, header, text, end of job, EndDocPort */
        least = longest < least ? longest : least;
    }
    assert_true(least < 5 * SECOND);
    beside->beside = NULL;
    finish(beside);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_by_name),
        cmocka_unit_test(values_of_the_last_job),
        cmocka_unit_test(a_printer_that_tells_nothing),
        cmocka_unit_test(control_codes_go_down),
        cmocka_unit_test(unknown_requests_go_down),
        cmocka_unit_test(values_by_schema),
        cmocka_unit_test(supplies_are_used_up),
        cmocka_unit_test(each_job_asks_for_supplies),
        cmocka_unit_test(a_job_keeps_no_question),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
