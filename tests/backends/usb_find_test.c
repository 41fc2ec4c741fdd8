/* SPDX-License-Identifier: MIT
 *
 * The USB printers that are plugged in, in a folder that has the form of /sys and /dev: how they
 * are called, and which of them a port means.
 */
#include "serial_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device_sys_posix.h"
#include "usb_port.h"

extern const struct platen_backend platen_backend_usb;

#define JET_ID "MFG:Acme;MDL:Acme Jet 1/X;CMD:PCL,PJL;SN: 12 3 ;CLS:PRINTER;DES:Acme Jet 1/X;"

static char root[300];
static char command[2000];

static void run(void)
{
    assert_int_equal(system(command), 0);
}

static int make_root(void **state)
{
    const char *temporary = getenv("TMPDIR");
    (void)state;
    snprintf(root, sizeof root, "%.200s/platen-usb-XXXXXX", temporary ? temporary : "/tmp");
    if (!mkdtemp(root))
        return -1;
    sys_replace_root(root);
    snprintf(command, sizeof command, "mkdir -p %s/sys/class/usbmisc %s/dev/usb", root, root);
    return system(command);
}

static int remove_root(void **state)
{
    (void)state;
    sys_replace_root(NULL);
    snprintf(command, sizeof command, "rm -rf %s", root);
    return system(command);
}

static void put(const char *place, const char *file, const char *text)
{
    char path[500];
    FILE *stream;
    snprintf(path, sizeof path, "%s/sys/devices/%s/%s", root, place, file);
    stream = fopen(path, "w");
    assert_non_null(stream);
    fprintf(stream, "%s\n", text);
    fclose(stream);
}

/* As the kernel shows them: a device in its place, with the interface below it. */
static void plug(unsigned number, const char *place, const char *id, const char *serial)
{
    char interface[100], uevent[100];
    snprintf(command, sizeof command,
             "cd %s/sys && mkdir -p devices/%s/%s:1.0 class/usbmisc/lp%u && "
             "ln -sfn ../../../devices/%s/%s:1.0 class/usbmisc/lp%u/device",
             root, place, place, number, place, place, number);
    run();
    snprintf(interface, sizeof interface, "%s/%s:1.0", place, place);
    put(interface, "ieee1284_id", id);
    put(interface, "bInterfaceNumber", "01");
    put(place, "idVendor", "04b8");
    put(place, "idProduct", "0005");
    put(place, "manufacturer", "Maker");
    put(place, "product", "Thing");
    put(place, "serial", serial);
    snprintf(uevent, sizeof uevent, "MAJOR=180\nMINOR=%u\nDEVNAME=usb/lp%u", number, number);
    snprintf(interface, sizeof interface, "../class/usbmisc/lp%u", number);
    put(interface, "uevent", uevent);
}

static void unplug_all(void)
{
    snprintf(command, sizeof command, "rm -rf %s/sys/class/usbmisc/lp* %s/sys/devices/*", root,
             root);
    run();
}

/* The number of the printer at lp<number>. */
static unsigned name_at(unsigned number)
{
    struct usb_devices devices;
    char path[400];
    snprintf(path, sizeof path, "%s/dev/usb/lp%u", root, number);
    usb_scan(&devices);
    for (size_t i = 0; i < devices.count; i++)
        if (strcmp(devices.list[i].path, path) == 0)
            return devices.list[i].number;
    return 0;
}

static void names_follow_the_printer(void **state)
{
    unsigned one, other, twin;
    (void)state;
    plug(0, "1-1", "MFG:Acme;MDL:A;", "1");
    plug(1, "1-2", "MFG:Acme;MDL:A;", "2");
    plug(2, "1-3", "MFG:Acme;MDL:B;", "");
    plug(3, "1-4", "MFG:Acme;MDL:B;", "");
    one = name_at(0);
    other = name_at(2);
    twin = name_at(3);
    assert_int_equal(one, 1);
    assert_int_equal(name_at(1), 2);
    assert_int_equal(twin, 4);
    unplug_all();
    assert_int_equal(name_at(0), 0);
    plug(0, "1-4", "MFG:Acme;MDL:B;", ""); /* others, and elsewhere */
    plug(1, "2-1", "MFG:Acme;MDL:C;", "");
    plug(7, "2-2", "MFG:Acme;MDL:A;", "1");
    assert_int_equal(name_at(0), twin);
    assert_int_equal(name_at(1), 5);
    assert_int_equal(name_at(7), one);
    plug(8, "2-7", "MFG:Acme;MDL:B;", "");
    assert_int_equal(name_at(8), other);
    unplug_all();
}

static void ids_are_read(void **state)
{
    static const struct {
        const char *id, *make, *model, *serial;
    } rows[] = {
        {JET_ID, "Acme", "Jet 1/X", "12 3"},
        {"MANUFACTURER:Acme;MODEL:Jet;SERN:9;", "Acme", "Jet", "9"},
        {"mfg: Hewlett-Packard ;mdl:HP LaserJet 4;", "HP", "LaserJet 4", "7"},
        {"MFG:Hewlett-Packard;MDL:Hewlett-Packard DeskJet", "HP", "DeskJet", "7"},
        {"MFG:Acme;MDL:Acmegraph;", "Acme", "Acmegraph", "7"},
        {"MFG:;MDL:", "Maker", "Thing", "7"},
        {"", "Maker", "Thing", "7"},
        {";;:;:::;MFG", "Maker", "Thing", "7"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct usb_devices devices;
        plug(0, "1-1", rows[i].id, "7");
        usb_scan(&devices);
        assert_int_equal(devices.count, 1);
        assert_string_equal(devices.list->id, rows[i].id);
        assert_string_equal(devices.list->make, rows[i].make);
        assert_string_equal(devices.list->model, rows[i].model);
        assert_string_equal(devices.list->serial, rows[i].serial);
        assert_string_equal(devices.list->place, "1-1:1.0");
        assert_int_equal(devices.list->vendor, 0x4b8);
        assert_int_equal(devices.list->product, 5);
        assert_int_equal(devices.list->interface, 1);
    }
    unplug_all();
}

static void a_uri_means_its_printer(void **state)
{
    struct usb_devices devices;
    char uri[500];
    (void)state;
    plug(0, "1-1", JET_ID, "0");
    plug(1, "1-2", "MFG:Acme;MDL:Jet;", "");
    plug(2, "1-3", "", "");
    put("1-3", "product", "");
    usb_scan(&devices);
    usb_uri(&devices.list[0], uri, sizeof uri);
    assert_string_equal(uri, "usb://Acme/Jet%201%2FX?serial=12%203");
    usb_uri(&devices.list[1], uri, sizeof uri);
    assert_string_equal(uri, "usb://Acme/Jet");
    usb_uri(&devices.list[2], uri, sizeof uri);
    assert_memory_equal(uri, "usb:/", 5);
    unplug_all();
}

static const struct usb_device *find(const char *target, const char *serial, const char *interface)
{
    static struct usb_devices devices;
    struct platen_port_setup setup = {.size = sizeof setup, .target = target};
    struct usb_wish wish;
    assert_int_equal(usb_wish_read(&setup, "", serial, interface, &wish), 0);
    assert_null(wish.path);
    usb_scan(&devices);
    return usb_wish_find(&wish, &devices);
}

static void a_wish_finds_its_printer(void **state)
{
    char name[16];
    (void)state;
    plug(0, "1-1", JET_ID, "0");
    plug(1, "1-2", "MFG:Acme;MDL:Jet;", "11");
    plug(2, "1-3", "MFG:Acme;MDL:Jet;", "22");
    snprintf(name, sizeof name, "usb%03u", name_at(1));
    assert_string_equal(find(name, "", "-1")->place, "1-2:1.0");
    assert_string_equal(find("//Acme/Jet 1/X", "", "-1")->place, "1-1:1.0");
    assert_string_equal(find("//acme/jet", "", "-1")->place, "1-2:1.0");
    assert_string_equal(find("//Acme/Jet", "22", "1")->place, "1-3:1.0");
    assert_null(find("//Acme/Jet", "33", "-1"));
    assert_null(find("//Acme/Jet", "22", "0"));
    assert_null(find("//Acme/Other", "", "-1"));
    assert_null(find("USB063", "", "-1"));
    unplug_all();
}

/* The printer comes back under another number in the midst of the port's life. */
static void a_port_finds_its_printer_again(void **state)
{
    struct bench bench;
    char name[16];
    (void)state;
    plug(0, "1-1", JET_ID, "0");
    snprintf(name, sizeof name, "USB%03u", name_at(0));
    bench.tty = tty_create();
    assert_non_null(bench.tty);
    bench_open_at(&bench, &platen_backend_usb, name, "");
    for (int i = 0; i < 3; i++) {
        unplug_all();
        assert_int_equal(bench_start(&bench), PLATEN_PRINTER_NOT_FOUND);
        plug(i == 1 ? 5 : 0, "1-1", "MFG:Acme;MDL:Wrong one;", "0");
        plug(i == 1 ? 3 : 1, i == 2 ? "1-9" : "1-2", JET_ID, "0");
        snprintf(command, sizeof command, "cd %s/dev/usb && rm -f lp* && ln -s %s lp%d", root,
                 tty_path(bench.tty), i == 1 ? 3 : 1);
        run();
        bench_print(&bench, "text");
    }
    bench_close(&bench);
    unplug_all();
}

struct listing {
    struct platen_enumeration to; /* first */
    char text[500];
};

static void list(struct platen_enumeration *to, const char *name, const char *description)
{
    struct listing *listing = (struct listing *)(void *)to;
    strcat(strcat(listing->text, name), description);
}

static void ports_are_what_is_plugged_in(void **state)
{
    struct listing listing = {.to.add = list};
    char expected[100];
    (void)state;
    platen_backend_usb.enumerate(&listing.to);
    assert_string_equal(listing.text, "");
    plug(4, "1-1", "MFG:Acme;MDL:Jet;", "0");
    platen_backend_usb.enumerate(&listing.to);
    snprintf(expected, sizeof expected, "USB%03uAcme Jet (USB)", name_at(4));
    assert_string_equal(listing.text, expected);
    unplug_all();
}

/* ---- discovery ------------------------------------------------------------------------------- */

struct findings {
    struct platen_discovery to; /* first */
    char text[2000];
};

static void note(struct platen_discovery *to, const struct platen_found *found)
{
    struct findings *findings = (struct findings *)(void *)to;
    size_t length = strlen(findings->text);
    snprintf(findings->text + length, sizeof findings->text - length, "%s %s|%s|%s|%s|%s|%s|%04x\n",
             found->way, found->uri, found->make_and_model, found->info, found->device_id,
             found->port_name, found->serial, (unsigned)found->vendor);
}

static void usb_printers_are_discovered(void **state)
{
    struct findings findings = {.to.add = note};
    char expected[500];
    (void)state;
    plug(4, "1-1", "MFG:Acme;MDL:Jet;", "9");
    platen_backend_usb.discover(&findings.to);
    snprintf(expected, sizeof expected,
             "direct usb://Acme/Jet?serial=9|Acme Jet|Acme Jet USB%03u|MFG:Acme;MDL:Jet;|USB%03u|9|"
             "04b8\n",
             name_at(4), name_at(4));
    assert_string_equal(findings.text, expected);
    unplug_all();
}

static void parallel_printers_are_discovered(void **state)
{
    struct findings findings = {.to.add = note};
    (void)state;
    snprintf(command, sizeof command,
             "cd %s && mkdir -p sys/class/printer/lp0 sys/class/printer/lp1 sys/class/printer/x "
             "proc/sys/dev/parport/parport1 && printf 'CLASS:PRINTER;\nMODEL:Jet;\n"
             "MANUFACTURER:Acme;\n' > proc/sys/dev/parport/parport1/autoprobe",
             root);
    run();
    platen_backend_parallel.discover(&findings.to);
    assert_string_equal(findings.text, "direct parallel:/dev/lp0||LPT1:||LPT1:||0000\n"
                                       "direct parallel:/dev/lp1|Acme Jet|Acme Jet LPT2:|"
                                       "CLASS:PRINTER;MODEL:Jet;MANUFACTURER:Acme;|LPT2:||0000\n");
}

static void serial_lines_are_discovered(void **state)
{
    struct findings findings = {.to.add = note};
    (void)state;
    snprintf(command, sizeof command,
             "cd %s/sys && mkdir -p devices/a/b/ttyUSB0 devices/board class/tty/ttyUSB0 "
             "class/tty/ttyS0 class/tty/ttyS1 class/tty/tty1 class/tty/ttyS10 && "
             "ln -s ../../../devices/a/b/ttyUSB0 class/tty/ttyUSB0/device && "
             "ln -s ../../../devices/board class/tty/ttyS0/device && "
             "ln -s ../../../devices/board class/tty/ttyS1/device && "
             "ln -s ../../../devices/board class/tty/ttyS10/device && "
             "echo 4 > class/tty/ttyS0/type && echo 0 > class/tty/ttyS1/type && "
             "echo 0403 > devices/a/idVendor && echo 6001 > devices/a/idProduct && "
             "echo Acme > devices/a/manufacturer && echo Adapter > devices/a/product && "
             "echo A1 > devices/a/serial",
             root);
    run();
    platen_backend_serial.discover(&findings.to);
    assert_string_equal(findings.text,
                        "serial serial:/dev/ttyS0||Serial Port COM1:||COM1:||0000\n"
                        "serial serial:/dev/ttyS10||Serial Port COM11:||COM11:||0000\n"
                        "serial serial:/dev/ttyUSB0|Acme Adapter|Acme Adapter Serial Port ttyUSB0|"
                        "||A1|0403\n");
}

static void names_are_claimed(void **state)
{
    static const struct {
        const char *name;
        unsigned claim;
    } rows[] = {
        {"USB001", 3},       {"usb999:", 3},  {"USB000", 0}, {"USB01", 0},  {"USB0001", 0},
        {"/dev/usb/lp0", 3}, {"/dev/lp0", 0}, {"USB", 0},    {"USB00a", 0}, {"/dev/usb/hiddev0", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(platen_backend_usb.claims(rows[i].name), rows[i].claim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_follow_the_printer),
        cmocka_unit_test(ids_are_read),
        cmocka_unit_test(a_uri_means_its_printer),
        cmocka_unit_test(a_wish_finds_its_printer),
        cmocka_unit_test(a_port_finds_its_printer_again),
        cmocka_unit_test(ports_are_what_is_plugged_in),
        cmocka_unit_test(usb_printers_are_discovered),
        cmocka_unit_test(parallel_printers_are_discovered),
        cmocka_unit_test(serial_lines_are_discovered),
        cmocka_unit_test(names_are_claimed),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
