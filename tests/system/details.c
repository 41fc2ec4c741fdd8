/* SPDX-License-Identifier: MIT */
#include "details.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <platen/ioctl.h>

#include "far_usb.h"
#include "road.h"
#include "tap.h"

extern const struct platen_backend platen_backend_serial, platen_backend_usb;

/* ---- the settings of a line ---------------------------------------------------------------- */

/* Its clock makes 115385 of 115200. */
static const struct {
    const char *options;
    const char *seen;
} settings[] = {
    {"", "9600 8n1 rts dtr"},
    {"?baud=115200&parity=even&bits=7", "115385 7e1 rts dtr"},
    {"?baud=31250&parity=odd&stop=2", "31250 8o2 rts dtr"},
    {"?baud=300&parity=mark", "300 8m1 rts dtr"},
    {"?baud=3000000&parity=space", "3000000 8s1 rts dtr"},
    {"?baud=19200&bits=7&parity=mark&stop=2", "19200 7m2 rts dtr"},
    {"?flow=hard", "9600 8n1 rts dtr cts"},
    {"?flow=soft", "9600 8n1 rts dtr xon"},
    {"?flow=dtrdsr", "9600 8n1 rts dtr"},
    {"?dtr=off", "9600 8n1 rts"},
    {"?rts=off", "9600 8n1 dtr"},
    {"?dtr=off&rts=off&baud=1200", "1200 8n1"},
};

/* What is left to a helper may come later. */
static const char *await_settings(const char *expected)
{
    uint64_t until = platen_os_now() + PATIENT;
    const char *seen = far_adapter_settings();
    while (strcmp(seen, expected) != 0 && platen_os_now() < until) {
        nanosleep(&(struct timespec){.tv_nsec = 20 * MS}, NULL);
        seen = far_adapter_settings();
    }
    return seen;
}

static void try_setting(const char *options, const char *expected)
{
    struct road road;
    char uri[100];
    const char *seen;
    uint32_t error;

    tap_begin("ttyUSB0: with the options \"%s\" the adapter is told %s", options, expected);
    snprintf(uri, sizeof uri, "serial:/dev/ttyUSB0%s", options);
    road_open(&road, &platen_backend_serial, uri, far_adapter());
    error = road_start(&road, PATIENT);
    tap_expect(!error, "start_doc: error %u", (unsigned)error);
    seen = far_adapter_settings();
    tap_expect(strcmp(seen, expected) == 0, "it was told %s", seen);
    error = road_end(&road, false, PATIENT);
    tap_expect(!error, "end_doc: error %u", (unsigned)error);
    seen = await_settings("9600 8n1");
    tap_expect(strcmp(seen, "9600 8n1") == 0, "after the job it was told %s", seen);
    road_close(&road);
    tap_end();
}

/* A line keeps what was set last, whoever did it. */
static void set_plain(void)
{
    struct termios plain = {.c_cflag = CS8 | CREAD | CLOCAL | HUPCL};
    int fd = open("/dev/ttyUSB0", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    cfsetspeed(&plain, B9600);
    if (fd < 0 || tcsetattr(fd, TCSANOW, &plain) || close(fd))
        far_broken("the line cannot be set");
}

void try_settings(void)
{
    struct far *far = far_adapter();
    far->reset(far);
    set_plain();
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        try_setting(settings[i].options, settings[i].seen);
}

/* ---- the way back -------------------------------------------------------------------------- */

void try_way_back(const struct platen_backend *backend, const char *uri, struct far *far)
{
    static const char said[] = "\x12 ready, and no paper jam\xFF";
    char heard[sizeof said] = "";
    uint32_t error, moved, got = 0;
    struct road road;
    uint64_t until;

    tap_begin("%s: what it says is heard", far->name);
    far->reset(far);
    road_open(&road, backend, uri, far);
    error = road_start(&road, PATIENT);
    tap_expect(!error, "start_doc: error %u", (unsigned)error);
    far->say(far, said, sizeof said - 1);
    until = platen_os_now() + PATIENT;
    while (!error && got < sizeof said - 1 && platen_os_now() < until) {
        error = road_read(&road, heard + got, (uint32_t)(sizeof said - 1) - got, PATIENT, &moved);
        got += moved;
    }
    tap_expect(!error && memcmp(heard, said, sizeof said - 1) == 0, "error %u, %u bytes: %.*s",
               (unsigned)error, (unsigned)got, (int)got, heard);
    error = road_end(&road, false, PATIENT);
    tap_expect(!error, "end_doc: error %u", (unsigned)error);
    road_close(&road);
    tap_end();
}

/* Whatever asks it waits five seconds; a read is not to. */
void try_mute(void)
{
    struct far *far = far_adapter();
    char heard[8] = "";
    uint32_t error, moved;
    struct road road;
    uint64_t until;

    tap_begin("ttyUSB0: reads while it does not answer questions");
    far->reset(far);
    road_open(&road, &platen_backend_serial, "serial:/dev/ttyUSB0", far);
    error = road_start(&road, PATIENT);
    tap_expect(!error, "start_doc: error %u", (unsigned)error);
    far->set(far, USB_MUTE);
    for (int i = 0; i < 3 && !error; i++) {
        error = road_read(&road, heard, sizeof heard, 300 * MS, &moved);
        tap_expect(!error && !moved, "nothing was said: error %u", (unsigned)error);
    }
    far->say(far, "paper", 5);
    until = platen_os_now() + PATIENT;
    for (moved = 0; !error && !moved && platen_os_now() < until;)
        error = road_read(&road, heard, 5, SECOND, &moved);
    tap_expect(!error && moved && memcmp(heard, "paper", moved) == 0, "error %u, %u bytes",
               (unsigned)error, (unsigned)moved);
    far->set(far, far->well);
    road_end(&road, true, PATIENT);
    road_close(&road);
    tap_end();
}

/* ---- questions ----------------------------------------------------------------------------- */

static uint32_t ask(struct road *road, uint32_t code, void *answer, uint32_t room, uint32_t *size)
{
    return road->trial.backend.control(road->port.state, code, NULL, 0, answer, room, size);
}

static void ask_id(struct road *road, const char *id)
{
    char answer[1024] = "";
    uint32_t size, error;
    far_printer_id(id);
    error = ask(road, IOCTL_PAR_QUERY_DEVICE_ID, answer, sizeof answer - 1, &size);
    tap_expect(!error && strncmp(answer, id, strlen(id)) == 0 && size >= strlen(id),
               "device id: error %u, %s", (unsigned)error, answer);
}

static void ask_status(struct road *road, unsigned status, uint8_t expected)
{
    struct far *far = road->far;
    uint32_t size, error;
    uint8_t answer = 0;
    far->set(far, PRINTER_STATUS(status));
    error = ask(road, IOCTL_PAR_QUERY_INFORMATION, &answer, 1, &size);
    tap_expect(!error && size == 1 &&
                   (answer & (PARALLEL_PAPER_EMPTY | PARALLEL_OFF_LINE)) == expected,
               "status 0x%02X: error %u, 0x%02X", status, (unsigned)error, answer);
    far->set(far, far->well);
}

void try_questions(void)
{
    static const char id[] = "MFG:Acme;MDL:Jet 3000;CMD:PCL,PJL;CLS:PRINTER;";
    struct road road;
    char longer[400];
    uint32_t size, error;
    unsigned resets = far_printer_resets();

    tap_begin("usb/lp0: id, status and reset");
    road_open(&road, &platen_backend_usb, "usb:/dev/usb/lp0", far_printer());
    road.far->reset(road.far);
    snprintf(longer, sizeof longer, "%sDES:\xC3\xA9%0300d;", id, 7);
    ask_id(&road, longer);
    ask_id(&road, id);
    ask_status(&road, 0x18, 0);
    ask_status(&road, 0x38, PARALLEL_PAPER_EMPTY);
    ask_status(&road, 0x08, PARALLEL_OFF_LINE);
    error = ask(&road, IOCTL_USBPRINT_SOFT_RESET, NULL, 0, &size);
    tap_expect(!error && far_printer_resets() == resets + 1, "soft reset: error %u",
               (unsigned)error);
    road_close(&road);
    tap_end();
}

/* ---- another place ------------------------------------------------------------------------- */

static uint32_t print(struct road *road, const char *text)
{
    uint32_t size = (uint32_t)strlen(text), done = 0, moved, error, ended;
    error = road_start(road, PATIENT);
    if (error)
        return error;
    while (!error && done < size) {
        error = road_write(road, text + done, size - done, PATIENT, &moved);
        done += moved;
    }
    ended = road_end(road, error != 0, PATIENT);
    return error ? error : ended;
}

/* A port that names a printer means it, and not the one that is where it was. */
void try_another_place(void)
{
    struct far *far = far_printer(), *other;
    struct road road;
    uint32_t error;

    tap_begin("usb: the same printer as /dev/usb/lp1, and another one as /dev/usb/lp0");
    far->reset(far);
    road_open(&road, &platen_backend_usb, "usb://Acme/Jet 3000?serial=SN0042", far);
    error = print(&road, "one");
    tap_expect(!error, "error %u", (unsigned)error);
    other = far_other_printer(true);
    error = print(&road, "two");
    tap_expect(!error, "error %u in another place", (unsigned)error);
    tap_expect(road_await(&road, "onetwo", 6) == 0, "not everything arrived");
    tap_expect(other->count(other) == 0, "the other printer got it");
    far->set(far, USB_GONE);
    error = print(&road, "three");
    tap_expect(error == PLATEN_PRINTER_NOT_FOUND, "error %u without it", (unsigned)error);
    far->set(far, far->well);
    far_other_printer(false);
    error = print(&road, "four");
    tap_expect(!error && road_await(&road, "onetwofour", 10) == 0, "error %u in the old place",
               (unsigned)error);
    road_close(&road);
    tap_end();
}
