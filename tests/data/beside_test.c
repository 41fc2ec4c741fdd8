/* SPDX-License-Identifier: MIT
 *
 * Questions while a job has the port: each is asked from within every call that the device may hang
 * in, and is answered at once, with what it would be told between jobs.
 */
#include "talker.h"

#include <string.h>

#define ID "MFG:Acme;MDL:One;"

static unsigned asked;
static HANDLE other; /* another opening of the port */

static void ask_bidi(const char16_t *schema, const char16_t *expected)
{
    BIDI_REQUEST_CONTAINER request = {.Version = 1, .Count = 1};
    PBIDI_RESPONSE_CONTAINER answer;
    request.aData[0].pSchema = (LPWSTR)(uintptr_t)schema;
    assert_int_equal(table->pfnSendRecvBidiDataFromPort(port, 1, u"Get", &request, &answer), 0);
    assert_int_equal(answer->Count, 1);
    assert_true(platen_text_equal_folded(answer->aData[0].data.u.sData, expected));
    trial_free(answer);
}

static void ask_codes(void)
{
    char text[64];
    uint8_t status;
    uint32_t count, number;
    talker_ask(IOCTL_PAR_QUERY_DEVICE_ID, NULL, 0, text, sizeof(text), 0, &count);
    assert_string_equal(text, ID);
    talker_ask(IOCTL_PAR_QUERY_DEVICE_ID_SIZE, NULL, 0, &number, 4, 0, &count);
    assert_int_equal(number, sizeof(ID));
    talker_ask(IOCTL_PAR_QUERY_INFORMATION, NULL, 0, &status, 1, 0, &count);
    assert_int_equal(status, PARALLEL_SELECTED | PARALLEL_PAPER_EMPTY);
    talker_ask(IOCTL_PAR_QUERY_LOCATION, NULL, 0, text, sizeof(text), 0, &count);
    assert_string_equal(text, "LPT7");
    talker_ask(0x00160FFC, NULL, 0, text, sizeof(text), 87, &count);
}

/* The device's time passes only where somebody waits. */
static void ask_everything(void)
{
    HANDLE first = port;
    uint64_t before = device.now;
    for (int i = 0; i < 2; i++) {
        ask_codes();
        ask_bidi(u"\\Printer.DeviceInfo:Manufacturer", u"Acme");
        ask_bidi(u"\\Printer.Status.Summary:StateReason", u"MediaEmpty");
        port = other;
    }
    port = first;
    assert_int_equal(device.now, before);
    asked++;
}

static void a_job_keeps_no_question(void **state)
{
    char16_t printer[] = u"queue", name[] = u"LPT7:";
    DOC_INFO_1W info = {0};
    BYTE bytes[4] = "text";
    DWORD count;
    (void)state;
    talker.id = ID;
    talker.id_length = (uint32_t)strlen(ID);
    talker.status = PARALLEL_SELECTED | PARALLEL_PAPER_EMPTY;
    assert_true(table->pfnOpenPort(monitor, name, &other));
    talker.on_job = ask_everything;
    assert_true(table->pfnStartDocPort(port, printer, 1, 1, (LPBYTE)(void *)&info));
    assert_int_equal(asked, 1);
    assert_true(table->pfnWritePort(port, bytes, 4, &count));
    assert_int_equal(asked, 2);
    assert_true(table->pfnReadPort(port, bytes, 4, &count));
    assert_true(asked > 2);
    unsigned before = asked;
    assert_true(table->pfnEndDocPort(port));
    assert_int_equal(asked, before + 1);
    talker.on_job = NULL;
    assert_true(table->pfnClosePort(other));
}

static uint32_t meanwhile_error;

static void ask_where(void)
{
    char text[16];
    uint32_t count;
    uint8_t status;
    uint64_t before = device.now;
    talker.meanwhile = NULL;
    talker_ask(IOCTL_PAR_QUERY_LOCATION, NULL, 0, text, sizeof(text), 0, &count);
    assert_string_equal(text, "LPT7");
    assert_int_equal(device.now, before);
    talker_ask(IOCTL_PAR_QUERY_INFORMATION, NULL, 0, &status, 1, 170, &count);
    meanwhile_error = (uint32_t)fake_last_error();
}

/* What is known without the device is told while it thinks about another question. */
static void what_the_name_tells(void **state)
{
    uint8_t status;
    uint32_t count;
    (void)state;
    talker.status = 0;
    talker.meanwhile = ask_where;
    talker_ask(IOCTL_PAR_QUERY_INFORMATION, NULL, 0, &status, 1, 0, &count);
    assert_int_equal(meanwhile_error, 170);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, talker_open, talker_close)
    const struct CMUnitTest tests[] = {TEST(a_job_keeps_no_question), TEST(what_the_name_tells)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
