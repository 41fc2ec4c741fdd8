/* SPDX-License-Identifier: MIT
 *
 * What many ports cost: adding them through Xcv, keeping them, opening one of them, listing them
 * all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/call.h"
#include "command/bench_house.h"
#include "command/command.h"
#include "os/memory.h"
#include "os/text.h"

#define MANY  100000u
#define FEWER 10000u
#define FEW   100u
#define OPENS 20000u

/* A house whose monitor has `count` ports "SIM:n". */
struct shop {
    struct bench_house house;
    uint32_t count;
};

static void port_name(uint32_t number, char16_t *name, size_t units)
{
    char text[32];
    snprintf(text, sizeof text, "SIM:%u", (unsigned)number);
    platen_text_to16(text, SIZE_MAX, name, units);
}

static uint32_t add_port(platen_xcv *xcv, uint32_t number)
{
    char16_t name[32];
    uint32_t status = 0;
    port_name(number, name, 32);
    uint32_t size = (uint32_t)((platen_text_length16(name, 32) + 1) * sizeof *name);
    uint32_t error = platen_xcv_data(xcv, "AddPort", name, size, NULL, 0, NULL, &status);
    return error != 0 ? error : status;
}

/* So many more. */
static bool fill(struct shop *shop, uint32_t count)
{
    platen_xcv *xcv;
    uint32_t error =
        platen_xcv_open(shop->house.spooler, ",XcvMonitor bench", SERVER_ACCESS_ADMINISTER, &xcv);
    if (error == 0) {
        for (uint32_t i = 0; i < count && error == 0; i++) {
            error = add_port(xcv, shop->count + i);
        }
        platen_xcv_close(xcv);
    }
    if (error != 0) {
        complain("bench: AddPort: %s", describe_error(error));
    }
    shop->count += error == 0 ? count : 0;
    return error == 0;
}

static bool open_shop(struct shop *shop, uint32_t count)
{
    return bench_house_open(&shop->house, 0, NULL) && fill(shop, count);
}

/* ---- ports-add --------------------------------------------------------------------------------
 */

static bool begin_add(struct bench *bench)
{
    (void)bench;
    return true;
}

static void end_add(struct bench *bench)
{
    (void)bench;
}

static bool add_to_new(uint32_t count, struct sample *sample)
{
    struct shop shop = {0};
    struct meter meter;
    bool fine = bench_house_open(&shop.house, 0, NULL);
    meter_start(&meter);
    fine = fine && fill(&shop, count);
    meter_stop_cpu(&meter, sample);
    bench_house_close(&shop.house);
    return fine;
}

static bool add_many(struct bench *bench, struct sample *sample)
{
    (void)bench;
    return add_to_new(MANY, sample);
}

/* Ten times the fewer, so that the ratio is 1 where cost is linear. */
static bool add_fewer(struct bench *bench, struct sample *sample)
{
    (void)bench;
    double cost = 0;
    double wall = 0;
    for (uint32_t i = 0; i < MANY / FEWER; i++) {
        if (!add_to_new(FEWER, sample)) {
            return false;
        }
        cost += sample->cost;
        wall += sample->wall;
    }
    sample->cost = cost;
    sample->wall = wall;
    return true;
}

static double per_port(const struct bench *bench, double cost)
{
    (void)bench;
    return cost / 1e3 / MANY;
}

const struct bench_row bench_ports_add = {
    .name = "ports-add",
    .what = "adding 100,000 ports to one monitor by XcvDataPort, stored in the registry",
    .bare_what = "adding 10,000 ports to each of ten",
    .times = 5,
    .unit = "CPU us per port",
    .figure = per_port,
    .begin = begin_add,
    .run = add_many,
    .bare = add_fewer,
    .end = end_add,
};

/* ---- idle-port --------------------------------------------------------------------------------
 */

#define ALLOWED 1024.0 /* bytes for a port that nobody uses */

static bool begin_idle(struct bench *bench)
{
    struct shop *shop = calloc(1, sizeof *shop);
    bench->state = shop;
    return shop != NULL && bench_house_open(&shop->house, 0, NULL);
}

static void end_idle(struct bench *bench)
{
    struct shop *shop = bench->state;
    if (shop != NULL) {
        bench_house_close(&shop->house);
        free(shop);
    }
}

/* The first ten thousand fill what was free already; the next ones need memory of their own, which
 * is the monitor's and the registry's. */
static bool add_idle(struct bench *bench, struct sample *sample)
{
    struct shop *shop = bench->state;
    struct meter meter;
    bool fine = fill(shop, FEWER);
    uint64_t before = platen_os_peak_memory();
    meter_start(&meter);
    fine = fine && fill(shop, FEWER);
    meter_stop_cpu(&meter, sample);
    sample->cost = (double)(platen_os_peak_memory() - before);
    sample->wall = 1; /* says nothing here */
    return fine;
}

static bool allow_idle(struct bench *bench, struct sample *sample)
{
    struct meter meter;
    (void)bench;
    meter_start(&meter);
    meter_stop_cpu(&meter, sample);
    sample->cost = ALLOWED * FEWER;
    sample->wall = 1;
    return true;
}

static double bytes_of_port(const struct bench *bench, double cost)
{
    (void)bench;
    return cost / FEWER;
}

const struct bench_row bench_idle_port = {
    .name = "idle-port",
    .what = "memory of a port that nobody uses, of 10,000 that are added to as many",
    .bare_what = "what it may take, 1 KiB",
    .once = true,
    .unit = "bytes per port",
    .figure = bytes_of_port,
    .begin = begin_idle,
    .run = add_idle,
    .bare = allow_idle,
    .end = end_idle,
};

/* ---- ports-open -------------------------------------------------------------------------------
 */

struct open_state {
    struct shop shop;
    struct shop few;
};

static bool begin_open(struct bench *bench)
{
    struct open_state *state = calloc(1, sizeof *state);
    bench->state = state;
    return state != NULL && open_shop(&state->shop, bench->count) && open_shop(&state->few, FEW);
}

static void end_open(struct bench *bench)
{
    struct open_state *state = bench->state;
    if (state != NULL) {
        bench_house_close(&state->shop.house);
        bench_house_close(&state->few.house);
        free(state);
    }
}

/* The same number of different ports on both sides, so that what is compared is the finding of a
 * port and not the processor's cache. */
static bool open_some(const struct shop *shop, struct sample *sample)
{
    const struct bench_house *house = &shop->house;
    struct meter meter;
    char16_t name[32];
    bool fine = true;
    meter_start(&meter);
    for (uint32_t i = 0; fine && i < OPENS; i++) {
        HANDLE port;
        port_name(i % FEW * (shop->count / FEW), name, 32);
        fine = platen_call_OpenPort(NULL, house->table, house->instance, (LPWSTR)name, &port) &&
               platen_call_ClosePort(NULL, house->table, port);
    }
    meter_stop_cpu(&meter, sample);
    return fine;
}

static bool open_of_many(struct bench *bench, struct sample *sample)
{
    return open_some(&((struct open_state *)bench->state)->shop, sample);
}

static bool open_of_few(struct bench *bench, struct sample *sample)
{
    return open_some(&((struct open_state *)bench->state)->few, sample);
}

static double per_open(const struct bench *bench, double cost)
{
    (void)bench;
    return cost / 1e3 / OPENS;
}

#define OPEN_ROW(number, called)                                                                   \
    {                                                                                              \
        .name = "ports-open-" called, .what = "OpenPort and ClosePort of one of " called " ports", \
        .bare_what = "of one of 100", .count = (number), .times = 5, .unit = "CPU us per open",    \
        .figure = per_open, .begin = begin_open, .run = open_of_many, .bare = open_of_few,         \
        .end = end_open,                                                                           \
    }

const struct bench_row bench_ports_open_10k = OPEN_ROW(FEWER, "10k");
const struct bench_row bench_ports_open_100k = OPEN_ROW(MANY, "100k");

/* ---- ports-enum -------------------------------------------------------------------------------
 */

#define LISTED MANY /* ports a run lists, in as many calls as it takes */

static const WCHAR monitor_name[] = TEXT("Platen Port Monitor");
static const WCHAR description[] = TEXT("Simulated device");

/* Both sides write to the same list, which has been written to before. */
struct enum_state {
    struct shop shop;
    char16_t (*names)[12]; /* for the plain loop */
    unsigned char *list;
    DWORD size;
};

static bool make_lists(struct enum_state *state, uint32_t count)
{
    const size_t entry =
        sizeof(PORT_INFO_2W) + sizeof *state->names + sizeof monitor_name + sizeof description;
    DWORD needed = 0;
    DWORD returned = 0;
    platen_call_EnumPorts(NULL, state->shop.house.table, state->shop.house.instance, NULL, 2, NULL,
                          0, &needed, &returned);
    state->size = needed > count * entry ? needed : (DWORD)(count * entry);
    state->list = malloc((size_t)state->size + 1);
    state->names = malloc((count + 1) * sizeof *state->names);
    if (state->list == NULL || state->names == NULL) {
        complain("bench: no memory");
        return false;
    }
    memset(state->list, 1, state->size);
    for (uint32_t i = 0; i < count; i++) {
        port_name(i, state->names[i], 12);
    }
    return true;
}

static bool begin_enum(struct bench *bench)
{
    struct enum_state *state = calloc(1, sizeof *state);
    bench->state = state;
    return state != NULL && open_shop(&state->shop, bench->count) &&
           make_lists(state, bench->count);
}

static void end_enum(struct bench *bench)
{
    struct enum_state *state = bench->state;
    if (state != NULL) {
        bench_house_close(&state->shop.house);
        free(state->names);
        free(state->list);
        free(state);
    }
}

static bool list_ports(struct bench *bench, struct sample *sample)
{
    struct enum_state *state = bench->state;
    const struct bench_house *house = &state->shop.house;
    struct meter meter;
    DWORD needed;
    DWORD returned = bench->count;
    bool fine = true;
    meter_start(&meter);
    for (uint32_t done = 0; fine && done < LISTED; done += bench->count) {
        fine = platen_call_EnumPorts(NULL, house->table, house->instance, NULL, 2, state->list,
                                     state->size, &needed, &returned) &&
               returned >= bench->count;
    }
    meter_stop_cpu(&meter, sample);
    return fine;
}

static LPWSTR pack(unsigned char **end, LPCWSTR text)
{
    size_t bytes = (platen_text_length16((const char16_t *)text, SIZE_MAX) + 1) * sizeof *text;
    *end -= bytes;
    memcpy(*end, text, bytes);
    return (LPWSTR)(void *)*end;
}

/* The same structures from the same texts, by the plainest loop. */
static void pack_all(const struct enum_state *state)
{
    unsigned char *text_end = state->list + state->size;
    for (uint32_t i = 0; i < state->shop.count; i++) {
        PORT_INFO_2W *info = (PORT_INFO_2W *)(void *)state->list + i;
        info->pPortName = pack(&text_end, (LPCWSTR)state->names[i]);
        info->pMonitorName = pack(&text_end, monitor_name);
        info->pDescription = pack(&text_end, description);
        info->fPortType = PORT_TYPE_WRITE;
        info->Reserved = 0;
    }
}

static bool pack_ports(struct bench *bench, struct sample *sample)
{
    struct meter meter;
    meter_start(&meter);
    for (uint32_t done = 0; done < LISTED; done += bench->count) {
        pack_all(bench->state);
    }
    meter_stop_cpu(&meter, sample);
    return true;
}

static double per_listed(const struct bench *bench, double cost)
{
    (void)bench;
    return cost / LISTED;
}

#define ENUM_ROW(number, called)                                                                   \
    {                                                                                              \
        .name = "ports-enum-" called, .what = "EnumPorts level 2 of " called " ports",             \
        .bare_what = "a plain loop that packs as many", .count = (number), .times = 5,             \
        .unit = "CPU ns per port", .figure = per_listed, .begin = begin_enum, .run = list_ports,   \
        .bare = pack_ports, .end = end_enum,                                                       \
    }

const struct bench_row bench_ports_enum_100 = ENUM_ROW(FEW, "100");
const struct bench_row bench_ports_enum_10k = ENUM_ROW(FEWER, "10k");
const struct bench_row bench_ports_enum_100k = ENUM_ROW(MANY, "100k");
