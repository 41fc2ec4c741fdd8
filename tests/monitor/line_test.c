/* SPDX-License-Identifier: MIT
 *
 * The settings of a serial line: Windows' text in both forms, COMMCONFIG, a backend's settings.
 */
#include "fake.h"
#include "line.h"

#include <stdio.h>
#include <string.h>

#include <platen/errors.h>

/* What a text comes to, as the text that says it all. */
static const char *all_of(const struct platen_line *line)
{
    static char text[LINE_TEXT_BYTES];
    snprintf(text, sizeof(text), "%u %u%c%u x%u c%u d%u i%u dtr%u rts%u", (unsigned)line->baud,
             line->bits, "noems"[line->parity], line -> stop, line -> xon, line -> cts, line -> dsr,
             line -> idsr, line -> dtr, line -> rts);
    return text;
}

static void expect_same(const struct platen_line *line, const struct platen_line *other)
{
    char text[LINE_TEXT_BYTES];
    strcpy(text, all_of(line));
    assert_string_equal(text, all_of(other));
}

static const struct {
    const char *text, *all, *shortest;
} good[] = {
    {"9600,n,8,1", "9600 8n0 x0 c0 d0 i0 dtr1 rts1", "9600,n,8,1"},
    {"9600,n,8,1,x", "9600 8n0 x1 c0 d0 i0 dtr1 rts1", "9600,n,8,1,x"},
    {"9600,n,8,1,p", "9600 8n0 x0 c1 d1 i0 dtr2 rts2", "9600,n,8,1,p"},
    {" 19200 , E , 7 , 2 , X ", "19200 7e2 x1 c0 d0 i0 dtr1 rts1", "19200,e,7,2,x"},
    {"COM1:9600,o,5,1.5", "9600 5o1 x0 c0 d0 i0 dtr1 rts1", "9600,o,5,1.5"},
    {"com12: 300,m,6,1,P", "300 6m0 x0 c1 d1 i0 dtr2 rts2", "300,m,6,1,p"},
    {"4294967295,s,8,1", "4294967295 8s0 x0 c0 d0 i0 dtr1 rts1", "4294967295,s,8,1"},
    {"11,n,8,1", "110 8n0 x0 c0 d0 i0 dtr1 rts1", "110,n,8,1"},
    {"30,n,8,1", "300 8n0 x0 c0 d0 i0 dtr1 rts1", "300,n,8,1"},
    {"60,n,8,1", "600 8n0 x0 c0 d0 i0 dtr1 rts1", "600,n,8,1"},
    {"12,n,8,1", "1200 8n0 x0 c0 d0 i0 dtr1 rts1", "1200,n,8,1"},
    {"24,n,8,1", "2400 8n0 x0 c0 d0 i0 dtr1 rts1", "2400,n,8,1"},
    {"48,n,8,1", "4800 8n0 x0 c0 d0 i0 dtr1 rts1", "4800,n,8,1"},
    {"96,n,8,1", "9600 8n0 x0 c0 d0 i0 dtr1 rts1", "9600,n,8,1"},
    {"19,n,8,1", "19200 8n0 x0 c0 d0 i0 dtr1 rts1", "19200,n,8,1"},
    {"096,n,8,1", "96 8n0 x0 c0 d0 i0 dtr1 rts1", "096,n,8,1"},
    {"baud=012 idsr=on", "12 8n0 x0 c0 d0 i1 dtr1 rts1",
     "baud=012 parity=n data=8 stop=1 xon=off odsr=off octs=off dtr=on rts=on idsr=on"},
    {"75,n,8,1", "75 8n0 x0 c0 d0 i0 dtr1 rts1", "75,n,8,1"},
    {"1,n,8,1", "1 8n0 x0 c0 d0 i0 dtr1 rts1", "1,n,8,1"},
    {"baud=1200", "1200 8n0 x0 c0 d0 i0 dtr1 rts1", "1200,n,8,1"},
    {"BAUD=12 PARITY=E DATA=7 STOP=1.5 XON=ON", "1200 7e1 x1 c0 d0 i0 dtr1 rts1", "1200,e,7,1.5,x"},
    {"com1: stop=2  data=6 ", "9600 6n2 x0 c0 d0 i0 dtr1 rts1", "9600,n,6,2"},
    {"to=on octs=on odsr=on dtr=hs rts=hs", "9600 8n0 x0 c1 d1 i0 dtr2 rts2", "9600,n,8,1,p"},
    {"rts=tg dtr=off idsr=on", "9600 8n0 x0 c0 d0 i1 dtr0 rts3",
     "baud=9600 parity=n data=8 stop=1 xon=off odsr=off octs=off dtr=off rts=tg idsr=on"},
    {"octs=on", "9600 8n0 x0 c1 d0 i0 dtr1 rts1",
     "baud=9600 parity=n data=8 stop=1 xon=off odsr=off octs=on dtr=on rts=on idsr=off"},
    {"xon=on xon=off", "9600 8n0 x0 c0 d0 i0 dtr1 rts1", "9600,n,8,1"},
};

static void texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct platen_line line = line_default, again = line_default;
        char text[LINE_TEXT_BYTES];
        assert_int_equal(line_parse(good[i].text, &line), 0);
        assert_string_equal(all_of(&line), good[i].all);
        line_format(&line, text);
        assert_string_equal(text, good[i].shortest);
        assert_int_equal(line_parse(text, &again), 0);
        assert_string_equal(all_of(&again), good[i].all);
    }
}

static void texts_that_are_none(void **state)
{
    static const char *const bad[] = {
        "",
        " ",
        ",",
        "x",
        "9600",
        "9600,",
        "9600,n",
        "9600,n,8",
        "9600,n,8,",
        "n,8,1",
        ",n,8,1",
        "9600,,8,1",
        "9600,n,8,1,",
        "9600,n,8,1,xx",
        "9600,n,8,1,x,p",
        "9600,n,8,1,z",
        "9600,n,8,1 x",
        "9600,n,8,1x",
        "9600,no,8,1",
        "9600,q,8,1",
        "9600,n,4,1",
        "9600,n,9,1",
        "9600,n,88,1",
        "9600,n,8,3",
        "9600,n,8,1.55",
        "9600,n,8,1.",
        "0,n,8,1",
        "-1,n,8,1",
        "4294967296,n,8,1",
        "99999999999999999999999999,n,8,1",
        "921600,8,n,1.5,x",
        "9600 baud,n,8,1",
        "9600;n;8;1",
        "baud",
        "baud=",
        "baud=0",
        "baud=x",
        "baud=9600,n",
        "baud=9600,n,8,1",
        "9600,n,8,1 baud=1200",
        "9600,n,8,1,x baud=1200",
        "baud =9600",
        "baud= 9600",
        "parity=none",
        "parity=",
        "data=4",
        "data=9",
        "stop=0",
        "xon=1",
        "xon=yes",
        "dtr=tg",
        "rts=handshake",
        "speed=9600",
        "baud=9600 junk",
        "\t9600,n,8,1",
        "9600,n,8,1\n",
        "COM:9600,n,8,1",
        "COM1 9600,n,8,1",
        "COM1:",
        "COM1:COM2:9600,n,8,1",
        "LPT1:9600,n,8,1",
        "/dev/ttyS0",
        "serial:/dev/ttyS0?baud=9600",
        ("\xEF\xBC\x99"
         "600,n,8,1"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct platen_line line = {.baud = 77, .bits = 5, .rts = LINE_TOGGLE};
        assert_int_equal(line_parse(bad[i], &line), PLATEN_INVALID_PARAMETER);
        assert_string_equal(all_of(&line), "77 5n0 x0 c0 d0 i0 dtr0 rts3");
    }
}

/* The long form changes what it names, the short form says all. */
static void what_was_before(void **state)
{
    struct platen_line line = {.baud = 77, .bits = 5, .xon = 1, .cts = 1, .rts = LINE_TOGGLE};
    (void)state;
    assert_int_equal(line_parse("data=6", &line), 0);
    assert_string_equal(all_of(&line), "77 6n0 x1 c1 d0 i0 dtr0 rts3");
    assert_int_equal(line_parse("1200,n,8,1", &line), 0);
    assert_string_equal(all_of(&line), "1200 8n0 x0 c0 d0 i0 dtr1 rts1");
}

/* Every combination of what there is. */
static void there_and_back(void **state)
{
    struct platen_line line = {.baud = 115200};
    (void)state;
    for (unsigned n = 0; n < 4 * 5 * 3 * 16 * 3 * 4; n++) {
        unsigned left = n;
        struct platen_line text_line = line_default, config_line = line_default;
        char text[LINE_TEXT_BYTES];
        COMMCONFIG config;
        line.bits = (uint8_t)(5 + left % 4);
        line.parity = (uint8_t)((left /= 4) % 5);
        line.stop = (uint8_t)((left /= 5) % 3);
        line.xon = (left /= 3) & 1;
        line.cts = left >> 1 & 1;
        line.dsr = left >> 2 & 1;
        line.idsr = left >> 3 & 1;
        line.dtr = (uint8_t)((left /= 16) % 3);
        line.rts = (uint8_t)((left /= 3) % 4);
        line_format(&line, text);
        assert_true(strlen(text) < LINE_TEXT_BYTES - 12);
        assert_int_equal(line_parse(text, &text_line), 0);
        expect_same(&text_line, &line);
        line_to_config(&line, &config);
        assert_int_equal(line_from_config(&config, sizeof(config), &config_line), 0);
        expect_same(&config_line, &line);
    }
}

static void a_commconfig(void **state)
{
    struct platen_line line = line_default;
    COMMCONFIG config;
    (void)state;
    assert_int_equal(line_parse("19200,e,7,1.5,x", &line), 0);
    line_to_config(&line, &config);
    assert_int_equal(config.dwSize, 52);
    assert_int_equal(config.wVersion, 1);
    assert_int_equal(config.dwProviderSubType, PST_RS232);
    assert_int_equal(config.dwProviderSize, 0);
    assert_int_equal(config.dcb.DCBlength, 28);
    assert_int_equal(config.dcb.BaudRate, 19200);
    assert_int_equal(config.dcb.ByteSize, 7);
    assert_int_equal(config.dcb.Parity, EVENPARITY);
    assert_int_equal(config.dcb.StopBits, ONE5STOPBITS);
    assert_int_equal(config.dcb.fBinary, 1);
    assert_int_equal(config.dcb.fOutX, 1);
    assert_int_equal(config.dcb.fInX, 1);
    assert_int_equal(config.dcb.fDtrControl, DTR_CONTROL_ENABLE);
    assert_int_equal(config.dcb.fRtsControl, RTS_CONTROL_ENABLE);
}

static void configs_that_are_none(void **state)
{
    static const struct {
        size_t at, bytes;
        uint32_t value;
    } bad[] = {
        {0, 4, 0},           {0, 4, 51},
        {0, 4, 53},          {0, 4, 0xFFFFFFFF},
        {12, 4, 0},          {26, 1, 4},
        {26, 1, 9},          {26, 1, 0},
        {27, 1, 5},          {27, 1, 255},
        {28, 1, 3},          {28, 1, 255},
        {16, 4, 48},         {36, 4, 2} /* another kind of device */,
        {36, 4, 0xFFFFFFFF},
    };
    struct platen_line line = {.baud = 77};
    COMMCONFIG config;
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        line_to_config(&line_default, &config);
        memcpy((char *)&config + bad[i].at, &bad[i].value, bad[i].bytes);
        assert_int_equal(line_from_config(&config, sizeof(config), &line), 87);
        assert_int_equal(line.baud, 77);
    }
    line_to_config(&line_default, &config);
    for (size_t size = 0; size < sizeof(config); size++)
        assert_int_equal(line_from_config(&config, size, &line), 87);
    assert_int_equal(line_from_config(NULL, 52, &line), 87);
    config.dwProviderSubType = PST_UNSPECIFIED;
    assert_int_equal(line_from_config(&config, sizeof(config), &line), 0);
}

/* Longer ones have a driver's own data behind them. */
static void a_longer_config_at_any_address(void **state)
{
    char room[80] = {0};
    (void)state;
    for (size_t at = 0; at < 8; at++) {
        struct platen_line line = {.baud = 77};
        COMMCONFIG config;
        line_to_config(&line_default, &config);
        config.dwSize = 60;
        memcpy(room + at, &config, sizeof(config));
        assert_int_equal(line_from_config(room + at, 60, &line), 0);
        expect_same(&line, &line_default);
        assert_int_equal(line_from_config(room + at, 59, &line), 87);
    }
}

static void settings(void **state)
{
    static const char *const rows[][2] = {
        {"baud", "19200"},    {"bits", "7"},     {"parity", "mark"}, {"stop", "1.5"},
        {"xon", "1"},         {"cts", "1"},      {"dsr", "1"},       {"idsr", "1"},
        {"dtr", "handshake"}, {"rts", "toggle"},
    };
    struct platen_line line = line_default, full = line_default;
    char room[LINE_VALUE_BYTES];
    (void)state;
    assert_int_equal(line_parse("baud=19200 data=7 parity=m stop=1.5 xon=on octs=on odsr=on "
                                "idsr=on dtr=hs rts=tg",
                                &full),
                     0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_string_equal(line_value(&full, rows[i][0], room), rows[i][1]);
        assert_true(line_set_value(&line, rows[i][0], rows[i][1]));
        assert_false(line_set_value(&line, rows[i][0], "nonsense"));
        assert_false(line_set_value(&line, rows[i][0], ""));
    }
    expect_same(&line, &full);
    assert_true(line_set_value(&line, "baud", "96")); /* which is no abbreviation here */
    assert_string_equal(line_value(&line, "baud", room), "96");
    line.baud = full.baud;
    assert_null(line_value(&full, "device", room));
    assert_null(line_value(&full, "flow", room));
    assert_true(line_set_value(&line, "device", "/dev/ttyS0"));
    assert_false(line_set_value(&line, "dtr", "toggle"));
    expect_same(&line, &full);
}

static void shorthand(void **state)
{
    static const char *const rows[][2] = {
        {"none", "9600,n,8,1"},
        {"soft", "9600,n,8,1,x"},
        {"hard",
         "baud=9600 parity=n data=8 stop=1 xon=off odsr=off octs=on dtr=on rts=hs idsr=off"},
        {"dtrdsr",
         "baud=9600 parity=n data=8 stop=1 xon=off odsr=on octs=off dtr=hs rts=on idsr=off"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct platen_line line = line_default;
        char text[LINE_TEXT_BYTES];
        assert_int_equal(line_parse("xon=on octs=on odsr=on dtr=off rts=tg", &line), 0);
        assert_true(line_set_value(&line, LINE_FLOW, ""));
        assert_false(line_set_value(&line, LINE_FLOW, "other"));
        assert_int_equal(line.rts, LINE_TOGGLE);
        assert_true(line_set_value(&line, LINE_FLOW, rows[i][0]));
        line_format(&line, text);
        assert_string_equal(text, rows[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(texts_that_are_none),
        cmocka_unit_test(what_was_before),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(a_commconfig),
        cmocka_unit_test(configs_that_are_none),
        cmocka_unit_test(a_longer_config_at_any_address),
        cmocka_unit_test(settings),
        cmocka_unit_test(shorthand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
