/* SPDX-License-Identifier: MIT
 *
 * What printers tell of themselves, as values of bidi requests: replies as real printers give them,
 * and what nobody should.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bidi/schema.h"
#include "events.h"

#define MOST 16

/* One printer's words, and all that follows from them: "schema=value" below "\Printer.". */
struct row {
    const char *what;
    const char *reply;
    const char *values[MOST];
};

#define TRAYS "Layout.InputBins."
#define BINS  "Finishing.OutputBins."

static const struct row rows[] = {
    {"a laser printer of 1992, from PJL's manual",
     "@PJL INFO CONFIG\r\nIN TRAYS [3 ENUMERATED]\r\n\tINTRAY1 MP\r\n\tINTRAY2 PC\r\n\tINTRAY3 "
     "LC\r\n"
     "ENVELOPE TRAY\r\nOUT TRAYS [1 ENUMERATED]\r\n\tNORMAL FACEDOWN\r\n"
     "PAPERS [2 ENUMERATED]\r\n\tLETTER\r\n\tA4\r\nMEMORY=2097152\r\nDISPLAY LINES=1\r\n\f",
     {TRAYS "Tray1:Installed=true", TRAYS "Tray2:Installed=true", TRAYS "Tray3:Installed=true",
      TRAYS "EnvelopeTray:Installed=true", BINS "Normal:Installed=true",
      "Configuration.Memory:Size=2048", "Configuration.DuplexUnit:Installed=false"}},
    {"one that counts its options",
     "@PJL INFO CONFIG\r\nIN TRAYS [1 ENUMERATED]\r\n\tINTRAY1 MP\r\n"
     "TRAY2=NOTINSTALLED [2 ENUMERATED]\r\n\tINSTALLED\r\n\tNOTINSTALLED\r\n"
     "DUPLEX=INSTALLED [2 ENUMERATED]\r\n\tINSTALLED\r\n\tNOTINSTALLED\r\n"
     "TONER=TONEROK [1 ENUMERATED]\r\n\tTONEROK\r\nMEMORY = 268435456\r\n\f",
     {TRAYS "Tray1:Installed=true", TRAYS "Tray2:Installed=false",
      TRAYS "EnvelopeTray:Installed=false", "Configuration.DuplexUnit:Installed=true",
      "Configuration.Memory:Size=262144"}},
    {"no duplex unit",
     "@PJL INFO CONFIG\r\nDUPLEX=NOTINSTALLED\r\nFIRMWARE DATECODE=20050822\r\n"
     "SERIAL NUMBER=\"AB 12\"\r\n\f",
     {"Configuration.DuplexUnit:Installed=false", TRAYS "EnvelopeTray:Installed=false",
      "DeviceInfo:FirmwareVersion=20050822", "DeviceInfo:SerialNumber=AB 12"}},
    {"without blanks before entries, and words for trays",
     "@PJL INFO CONFIG\nIN TRAYS [2 ENUMERATED]\nTray 1\nTRAY 02\nDUPLEX\nOUTPUT BINS [1 "
     "ENUMERATED]\nUPPER\n\f",
     {TRAYS "Tray1:Installed=true", TRAYS "Tray2:Installed=true",
      TRAYS "EnvelopeTray:Installed=false", "Configuration.DuplexUnit:Installed=true",
      BINS "Upper:Installed=true"}},
    {"what it is",
     "@PJL INFO PRODINFO\r\nProductName = Laser P1\r\nProductSerialNumber = VNB36\r\n"
     "ServiceID = 20127\r\nFirmwareDateCode = 20091029\r\nTotalMemory = 8388608\r\n"
     "IPAddress = 192.0.2.9\r\nHWAddress = 0025B3\r\n\f",
     {"DeviceInfo:ModelName=Laser P1", "DeviceInfo:SerialNumber=VNB36",
      "DeviceInfo:FirmwareVersion=20091029", "Configuration.Memory:Size=8192",
      "DeviceInfo.NetworkingInfo:IPAddress=192.0.2.9"}},
    {"what lies in its trays",
     "@PJL INFO VARIABLES\r\nCOPIES=1 [2 RANGE]\r\n\t1\r\n\t999\r\nINTRAY1=UNLOCKED [2 "
     "ENUMERATED]\r\n\tUNLOCKED\r\n\tLOCKED\r\nINTRAY1SIZE=LETTER [2 ENUMERATED READONLY]\r\n"
     "\tLETTER\r\n\tA4\r\nINTRAY2SIZE=A4 [1 ENUMERATED]\r\n\tA4\r\nINTRAY2TYPE=PLAIN [1 "
     "ENUMERATED]\r\n\tPLAIN\r\nMPTRAYSIZE=CARDS\r\nRESOLUTION=600 [2 ENUMERATED]\r\n\t300\r\n"
     "\t600\r\n\f",
     {TRAYS "Tray1:MediaSize=na_letter_8.5x11in", TRAYS "Tray2:MediaSize=iso_a4_210x297mm",
      TRAYS "Tray2:MediaType=PLAIN", TRAYS "MPTray:MediaSize=CARDS",
      "Layout.Resolutions:CurrentValue=600"}},
    {"cartridges, one after the other",
     "@PJL INFO SUPPLIES\r\nType = HP\r\nReorderPN = CE285A\r\nPercentRemaining = 65\r\n"
     "SerialNumber = 580583681\r\nType = HP\r\nReorderPN = CE286A\r\nPercentRemaining = 7\r\n\f",
     {"Consumables.Cartridge1:Model=CE285A", "Consumables.Cartridge1:Level=65",
      "Consumables.Cartridge1:Installed=true", "Consumables.Cartridge2:Model=CE286A",
      "Consumables.Cartridge2:Level=7", "Consumables.Cartridge2:Installed=true"}},
    {"toner of four colours",
     "@PJL INFO SUPPLIES\r\nTONER_BLACK=85%\r\nCYAN-TONER = 0\r\nTONER MAGENTA=101\r\n"
     "YELLOW TONER=-3\r\nDRUM=x\r\nTONER_GREEN=UNKNOWN\r\n\f",
     {"Consumables.BlackToner:Level=85", "Consumables.BlackToner:Color=Black",
      "Consumables.BlackToner:Type=Toner", "Consumables.CyanToner:Level=0",
      "Consumables.CyanToner:Color=Cyan", "Consumables.CyanToner:Type=Toner",
      "Consumables.MagentaToner:Level=-1", "Consumables.MagentaToner:Color=Magenta",
      "Consumables.MagentaToner:Type=Toner", "Consumables.YellowToner:Level=-1",
      "Consumables.YellowToner:Color=Yellow", "Consumables.YellowToner:Type=Toner",
      "Consumables.Drum:Type=Drum", "Consumables.GreenToner:Color=Green",
      "Consumables.GreenToner:Type=Toner"}},
    {"toner told with the state",
     "@PJL USTATUS DEVICE\r\nCODE=10001\r\nTONER=44\r\n\f@PJL USTATUS DEVICE\r\nCODE=10023\r\n\f",
     {"Consumables.Toner:Level=44"}},
    {"a question that it does not know",
     "@PJL INFO SUPPLIES\r\nTONER=5\r\n\f@PJL INFO SUPPLIES\r\n\"?\"\r\n\f",
     {NULL}},
    {"the last reply counts",
     "@PJL INFO SUPPLIES\r\nTONER=5\r\nDRUM=6\r\n\f@PJL INFO SUPPLIES\r\nTONER=4\r\n\f",
     {"Consumables.Toner:Level=4", "Consumables.Toner:Type=Toner"}},
    {"half a reply changes nothing",
     "@PJL INFO SUPPLIES\r\nTONER=5\r\n\f@PJL INFO SUPPLIES\r\nTONER=4\r\n@PJL A\r\n\f",
     {"Consumables.Toner:Level=5", "Consumables.Toner:Type=Toner"}},
    {"our own words, come back", "@PJL INFO SUPPLIES\r\nTONER=4\r\n\033%-12345X\r\n\f", {NULL}},
    {"lines of another question", "@PJL INFO MEMORY\r\nTONER=4\r\nDUPLEX\r\nTOTAL=9\r\n\f", {NULL}},
    {"nothing in it",
     "@PJL INFO PRODINFO\r\nProductSerialNumber =\r\nFirmwareDateCode = \"\"\r\nTotalMemory = "
     "many\r\nProductName=?\r\n\f",
     {NULL}},
    {"lists that count wrong",
     "@PJL INFO CONFIG\r\nIN TRAYS [99999999999999999999 ENUMERATED]\r\n\tINTRAY1 MP\r\n"
     "\tINTRAY 2\r\n\tINTRAYX\r\n\tINTRAY1 MP\r\nOUT TRAYS [-1 ENUMERATED]\r\n\t***\r\n\f",
     {TRAYS "Tray1:Installed=true", TRAYS "EnvelopeTray:Installed=false",
      "Configuration.DuplexUnit:Installed=false"}},
    {"a name that is too long, signs that are none",
     "@PJL INFO SUPPLIES\r\nTONER_ABCDEFGHIJKLMNOPQRSTUVWXYZ=5\r\nReorderPN=\t\xff\x01x\r\n\f",
     {"Consumables.Cartridge1:Model=??x"}},
};

static void learn(struct pjl_learned *learned, const char *bytes, size_t step)
{
    struct pjl_reply_sink sink = pjl_learned_sink(learned);
    struct pjl_reply reply = {0};
    size_t size = strlen(bytes);
    memset(learned, 0, sizeof(*learned));
    for (size_t at = 0; at < size; at += step)
        pjl_reply_feed(&reply, bytes + at, size - at < step ? size - at : step, &sink);
}

static void assert_value(const struct pjl_values *values, const char *expected)
{
    char name[PJL_SCHEMA];
    size_t length = strcspn(expected, "=");
    snprintf(name, sizeof(name), "\\Printer.%.*s", (int)length, expected);
    const char *value = pjl_values_find(values, name);
    assert_non_null(value);
    assert_string_equal(value, expected + length + 1);
    assert_non_null(bidi_schema_find(name));
}

static void replies_of_printers(void **state)
{
    static struct pjl_learned learned;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (size_t step = 1; step < 2000; step = step * 3 + 1) {
            uint32_t count = 0;
            learn(&learned, rows[i].reply, step);
            for (; count < MOST && rows[i].values[count]; count++)
                assert_value(&learned.values, rows[i].values[count]);
            if (learned.values.count != count)
                print_error("%s: %u values, not %u\n", rows[i].what, (unsigned)learned.values.count,
                            (unsigned)count);
            assert_int_equal(learned.values.count, count);
        }
}

/* More than there is room for, of each kind. */
static void there_is_an_end(void **state)
{
    static struct pjl_learned learned;
    static char text[60000];
    size_t size = 0;
    (void)state;
    for (unsigned kind = 0; kind < 2; kind++) {
        size += (size_t)sprintf(text + size, "@PJL INFO %s\r\n", kind ? "SUPPLIES" : "VARIABLES");
        for (unsigned i = 0; i < 400; i++)
            size +=
                (size_t)sprintf(text + size, kind ? "TONER_C%u=1\r\n" : "INTRAY%uSIZE=A4\r\n", i);
        size += (size_t)sprintf(text + size, "\f");
    }
    learn(&learned, text, sizeof(text));
    assert_int_equal(learned.values.count, PJL_VALUES);
    for (uint32_t i = 0; i < PJL_VALUES; i++) {
        char name[PJL_SCHEMA];
        pjl_value_name(&learned.values.list[i], name);
        assert_non_null(pjl_values_find(&learned.values, name));
        assert_int_equal(bidi_shape_of(name), BIDI_NAME);
    }
    learn(&learned, "@PJL INFO SUPPLIES\r\nTONER=1\r\n\f", 1);
    assert_true(pjl_values_any(&learned.values, PJL_ABOUT_SUPPLIES));
    assert_false(pjl_values_any(&learned.values, PJL_ABOUT_VARIABLES));
}

/* ---- events --------------------------------------------------------------------------------- */

static const struct row events[] = {
    {"all is well", "CODE=10001\r\nONLINE=TRUE\r\n", {NULL}},
    {"off line",
     "CODE=10001\r\nONLINE=FALSE\r\n",
     {"Status.Detailed.Event001:Name=SubunitOffline",
      "Status.Detailed.Event001:Severity=Critical"}},
    {"a jam",
     "CODE=40022\r\nONLINE=FALSE\r\n",
     {"Status.Detailed.Event001:Name=Jam", "Status.Detailed.Event001:Severity=Critical",
      "Status.Detailed.Event001.Component:Group=MediaPath"}},
    {"paper wanted, in no tray that it names",
     "CODE=41002\r\n",
     {"Status.Detailed.Event001:Name=InputTraySupplyEmpty",
      "Status.Detailed.Event001:Severity=Critical",
      "Status.Detailed.Event001.Component:Group=InputBin"}},
    {"several at once",
     "CODE=11304\r\nCODE2=10001\r\nCODE3=10006\r\n",
     {"Status.Detailed.Event001:Name=InputTraySupplyEmpty",
      "Status.Detailed.Event001:Severity=Warning",
      "Status.Detailed.Event001.Component:Group=InputBin",
      "Status.Detailed.Event001.Component:Name=Tray3", TRAYS "Tray3:Level=0",
      "Status.Detailed.Event002:Name=ConsumableLow", "Status.Detailed.Event002:Severity=Warning",
      "Status.Detailed.Event002.Component:Group=Consumable"}},
    {"it warms up",
     "CODE=10003\r\n",
     {"Status.Detailed.Event001:Name=SubunitWarmingUp",
      "Status.Detailed.Event001:Severity=Informational"}},
    {"more than there is room for",
     "CODE=40021\r\nCODE2=40021\r\nCODE3=40021\r\nCODE4=40021\r\nCODE5=42001\r\nCODE6=1\r\n",
     {"Status.Detailed.Event005:Name=Jam"}},
    {"numbers of another world", "CODE=4294967295\r\nCODE2=99999999999999\r\n", {NULL}},
};

static bool has_event(const struct pjl_state *told, const char *expected)
{
    char name[PJL_SCHEMA], text[PJL_TEXT], both[PJL_SCHEMA + PJL_TEXT + 16];
    for (unsigned i = 0; i < PJL_EVENT_NAMES; i++) {
        if (!pjl_event_value(told, i, name, text))
            continue;
        assert_non_null(bidi_schema_find(name));
        snprintf(both, sizeof(both), "%s=%s", name + strlen("\\Printer."), text);
        if (strcmp(both, expected) == 0)
            return true;
    }
    return false;
}

static void what_is_the_matter(void **state)
{
    static struct pjl_learned learned;
    (void)state;
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        char reply[256], name[PJL_SCHEMA], text[PJL_TEXT];
        unsigned found = 0, expected = 0;
        snprintf(reply, sizeof(reply), "@PJL INFO STATUS\r\n%s\f", events[i].reply);
        learn(&learned, reply, 7);
        for (; expected < MOST && events[i].values[expected]; expected++)
            assert_true(has_event(&learned.state, events[i].values[expected]));
        for (unsigned number = 0; number < PJL_EVENT_NAMES; number++)
            found += pjl_event_value(&learned.state, number, name, text);
        assert_true(expected == 1 ? found >= 1 : found == expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_of_printers),
        cmocka_unit_test(there_is_an_end),
        cmocka_unit_test(what_is_the_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
