/* SPDX-License-Identifier: MIT
 *
 * SendRecvBidiDataFromPort through the edge: what a port learns from its device's id and status,
 * what a simulated device says, and what is refused.
 */
#include "talker.h"

#include <string.h>

#include <platen/sim.h>

#define STATE    "\\Printer.Status.Summary:State"
#define REASON   "\\Printer.Status.Summary:StateReason"
#define MAKER    "\\Printer.DeviceInfo:Manufacturer"
#define MODEL    "\\Printer.DeviceInfo:ModelName"
#define SERIAL   "\\Printer.DeviceInfo:SerialNumber"
#define ID       "\\Printer.DeviceInfo:IEEE1284DeviceId"
#define LOCATION "\\Printer.DeviceInfo:Location"
#define MEMORY   "\\Printer.Configuration.Memory:Size"

static PBIDI_RESPONSE_CONTAINER answer;

static uint32_t ask_as(uint32_t access, const char16_t *action, const char16_t *schema,
                       const char16_t *value)
{
    BIDI_REQUEST_CONTAINER request = {.Version = 1, .Count = schema != NULL};
    request.aData[0].dwReqNumber = 70;
    request.aData[0].pSchema = (LPWSTR)(uintptr_t)schema;
    if (value) {
        request.aData[0].data.dwBidiType = BIDI_STRING;
        request.aData[0].data.u.sData = (LPWSTR)(uintptr_t)value;
    }
    answer = (PBIDI_RESPONSE_CONTAINER)(void *)&request;
    return table->pfnSendRecvBidiDataFromPort(port, access, action, &request, &answer);
}

static uint32_t ask(const char16_t *action, const char16_t *schema, const char16_t *value)
{
    return ask_as(BIDI_ACCESS_ADMINISTRATOR, action, schema, value);
}

static void expect(const char *schema, uint32_t result, const char *value)
{
    char16_t wide[200];
    platen_text_to16(schema, SIZE_MAX, wide, 200);
    assert_int_equal(ask(u"Get", wide, NULL), result ? 13001 : 0);
    trial_expect(answer, 0, result, 70, schema, value);
    trial_free(answer);
}

static void expect_list(const char *const *names)
{
    uint32_t count = 0;
    assert_int_equal(ask(u"EnumSchema", NULL, NULL), 0);
    for (; names[count]; count++)
        trial_expect(answer, count, 0, 0, "", names[count]);
    assert_int_equal(answer->Count, count);
    trial_free(answer);
}

static void tell_id(const char *id)
{
    talker.id = id;
    talker.id_length = (uint32_t)strlen(id);
}

/* ---- a device with an id and a status ------------------------------------------------------ */

static void from_the_id(void **state)
{
    static const char *const listed[] = {MAKER,  MODEL, ID, "\\Printer.DeviceInfo:CompatibleId",
                                         SERIAL, NULL};
    (void)state;
    tell_id("MFG:Acme;MODEL:Jet 5;SERN:42;CID:Acme_PCL;");
    expect_list(listed);
    expect(MAKER, 0, "Acme");
    expect(MODEL, 0, "Jet 5");
    expect(SERIAL, 0, "42");
    expect(ID, 0, "MFG:Acme;MODEL:Jet 5;SERN:42;CID:Acme_PCL;");
    expect(STATE, 13005, "");
    tell_id("MFG:Acme;");
    expect(MODEL, 13005, "");
    tell_id("");
    expect(ID, 13005, "");
}

static void from_the_status(void **state)
{
    static const char *const listed[] = {STATE, REASON, NULL};
    DOC_INFO_1W info = {WIDE("title"), NULL, WIDE("RAW")};
    (void)state;
    talker.status = PARALLEL_SELECTED;
    expect_list(listed);
    expect(STATE, 0, "Idle");
    expect(REASON, 0, "None");
    assert_true(table->pfnStartDocPort(port, NULL, 1, 1, (LPBYTE)&info));
    expect(STATE, 0, "Processing");
    assert_true(table->pfnEndDocPort(port));
    talker.status = PARALLEL_PAPER_EMPTY;
    expect(STATE, 0, "Stopped");
    expect(REASON, 0, "MediaEmpty");
}

/* Many values come of one id: it is asked for once. */
static void one_question_each(void **state)
{
    (void)state;
    tell_id("MFG:Acme;MDL:Jet;SN:1;CID:a;");
    talker.status = 0;
    talker.calls = 0;
    assert_int_equal(ask(u"GetAll", u"\\Printer", NULL), 0);
    assert_int_equal(answer->Count, 7);
    trial_free(answer);
    assert_int_equal(talker.calls, 2);
}

static void a_device_that_is_away(void **state)
{
    static const uint32_t errors[] = {1167, 1460, 31, 21, 11001, 995};
    (void)state;
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        talker.error = errors[i];
        expect(STATE, 13004, "");
        expect(MAKER, 13004, "");
        expect("\\No.Such:Thing", 13004, ""); /* nobody can say that there is none */
    }
}

/* ---- a port of which nothing can be learned ------------------------------------------------ */

static void without_questions(void **state)
{
    static const char16_t *const actions[] = {u"EnumSchema", u"Get", u"GetAll", u"Set",
                                              u"Nonsense"};
    HANDLE talking = port;
    (void)state;
    assert_int_equal(platen_monitor_add_port(monitor, "quiet", "mute:"), 0);
    assert_true(table->pfnOpenPort(monitor, WIDE("quiet"), &port));
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(ask(actions[i], u"" STATE, NULL), 50); /* R72 */
        assert_null(answer);
    }
    assert_true(table->pfnClosePort(port));
    assert_int_equal(ask(u"Get", u"" STATE, NULL), 6);
    assert_null(answer);
    port = talking;
}

static void refused(void **state)
{
    BIDI_REQUEST_CONTAINER request = {.Version = 1};
    (void)state;
    assert_int_equal(table->pfnSendRecvBidiDataFromPort(port, 1, u"Get", &request, NULL), 87);
    assert_int_equal(ask(NULL, u"" STATE, NULL), 87);
    assert_null(answer);
    assert_int_equal(ask(u"Get", NULL, NULL), 87);
    assert_null(answer);
    assert_int_equal(ask(u"Fetch", u"" STATE, NULL), 50);
    assert_null(answer);
    assert_int_equal(table->pfnSendRecvBidiDataFromPort(port, 1, u"Get", NULL, &answer), 87);
    assert_null(answer);
    assert_int_equal(table->pfnSendRecvBidiDataFromPort(monitor, 1, u"Get", &request, &answer), 6);
    assert_null(answer);
}

/* ---- a simulated device -------------------------------------------------------------------- */

static platen_sim *sim;

static void say(const char *script)
{
    assert_int_equal(platen_sim_script(sim, script, NULL), 0);
}

static int sim_open(void **state)
{
    static const struct platen_backend *backends[2];
    for (size_t i = 0; platen_backends()[i]; i++)
        if (strcmp(platen_backends()[i]->name, "sim") == 0)
            backends[0] = platen_backends()[i];
    talker_open(state);
    table->pfnClosePort(port);
    table->pfnShutdown(monitor);
    struct platen_monitor_options options = talker_options();
    options.backends = backends;
    sim = platen_sim_create("values");
    table = fake_monitor(&monitor, &options);
    port = talker_port("SIM:values");
    return 0;
}

static int sim_close(void **state)
{
    platen_sim_release(sim);
    return talker_close(state);
}

static void scripted(void **state)
{
    static const char *const listed[] = {
        LOCATION, MEMORY, "\\Printer.Vendor:Thing", STATE, REASON, MAKER, MODEL, ID, NULL};
    (void)state;
    expect(MODEL, 0, "Simulated Device");
    say("id \"MFG:A;MDL:B;\"; value \""
        "\\\\Printer.DeviceInfo:Location=here; there=\";"
        "value \"\\\\Printer.Configuration.Memory:Size=512\"; value "
        "\"\\\\Printer.Vendor:Thing=\\x41\"");
    expect_list(listed);
    expect(LOCATION, 0, "here; there=");
    expect(MEMORY, 0, "512");
    expect("\\Printer.Vendor:Thing", 0, "A");
    expect(MODEL, 0, "B");
    say("disconnect");
    expect(MODEL, 13004, "");
    expect(LOCATION, 13004, "");
    say("id \"\"; stall");
    expect(MODEL, 13005, "");
    expect(STATE, 0, "Processing");
    say("fail 28");
    expect(REASON, 0, "MediaEmpty");
    say("status 128; fail 28");
    expect(STATE, 0, "Idle");
}

static void set_and_got(void **state)
{
    (void)state;
    say("value \"\\\\Printer.DeviceInfo:Location=here\"; value \""
        "\\\\Printer.DeviceInfo:FirmwareVersion=1\"");
    assert_int_equal(ask_as(BIDI_ACCESS_USER, u"Set", u"" LOCATION, u"there"), 5);
    assert_null(answer);
    expect(LOCATION, 0, "here"); /* R76: nothing has changed */
    assert_int_equal(ask(u"Set", u"" LOCATION, u"there"), 0);
    trial_expect(answer, 0, 0, 70, LOCATION, "");
    trial_free(answer);
    expect(LOCATION, 0, "there");
    assert_int_equal(ask(u"Set", u"\\Printer.DeviceInfo:FirmwareVersion", u"2"), 13001);
    trial_expect(answer, 0, 13002, 70, "\\Printer.DeviceInfo:FirmwareVersion", "");
    trial_free(answer);
    expect("\\Printer.DeviceInfo:FirmwareVersion", 0, "1");
    say("disconnect");
    assert_int_equal(ask(u"Set", u"" LOCATION, u"x"), 13001);
    trial_expect(answer, 0, 13004, 70, LOCATION, "");
    trial_free(answer);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, talker_open, talker_close)
#define SIM(name)  cmocka_unit_test_setup_teardown(name, sim_open, sim_close)
    const struct CMUnitTest tests[] = {
        TEST(from_the_id),       TEST(from_the_status),
        TEST(one_question_each), TEST(a_device_that_is_away),
        TEST(without_questions), TEST(refused),
        SIM(scripted),           SIM(set_and_got),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
