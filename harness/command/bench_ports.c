/* SPDX-License-Identifier: MIT
 *
 * What many ports cost: adding them through Xcv, opening one of them, listing them all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/monitor.h>
#include <platen/spooler.h>

#include "call/call.h"
#include "command/bench.h"
#include "command/command.h"
#include "os/text.h"

#define MANY  100000u
#define FEWER 10000u
#define FEW   100u
#define OPENS 20000u

/* A spooler whose monitor has `count` ports "SIM:n". */
struct shop {
    platen_spooler *spooler;
    HANDLE instance;
    const MONITOR2 *table;
    uint32_t count;
};

struct ports_state {
    struct shop many;
    struct shop few;
    unsigned char *list; /* room for what EnumPorts gives */
    DWORD list_size;
};

static struct platen_monitor_options monitor_options;

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    return platen_monitor_create(init, &monitor_options, monitor);
}

static void port_name(uint32_t number, char16_t *name, size_t units)
{
    char text[32];
    snprintf(text, sizeof text, "SIM:%u", (unsigned)number);
    platen_text_to16(text, SIZE_MAX, name, units);
}

static bool add_ports(struct shop *shop, uint32_t count)
{
    platen_xcv *xcv;
    uint32_t status = 0;
    char16_t name[32];
    if (platen_xcv_open(shop->spooler, ",XcvMonitor bench", SERVER_ACCESS_ADMINISTER, &xcv) != 0) {
        return false;
    }
    for (uint32_t i = 0; i < count && status == 0; i++) {
        port_name(i, name, 32);
        uint32_t size = (uint32_t)((platen_text_length16(name, 32) + 1) * sizeof *name);
        if (platen_xcv_data(xcv, "AddPort", name, size, NULL, 0, NULL, &status) != 0) {
            status = PLATEN_CAN_NOT_COMPLETE;
        }
    }
    platen_xcv_close(xcv);
    if (status != 0) {
        complain("bench: AddPort: %s", describe_error(status));
    }
    return status == 0;
}

static bool open_shop(struct shop *shop)
{
    monitor_options = (struct platen_monitor_options){.size = sizeof monitor_options,
                                                      .imports = platen_spooler_imports()};
    return platen_spooler_create(NULL, &shop->spooler) == 0 &&
           platen_spooler_attach(shop->spooler, "bench", entry, NULL) == 0 &&
           platen_spooler_monitor(shop->spooler, "bench", &shop->instance, &shop->table) == 0;
}

static bool begin_empty(struct bench *bench)
{
    bench->state = calloc(1, sizeof(struct ports_state));
    return bench->state != NULL;
}

static bool begin_filled(struct bench *bench)
{
    if (!begin_empty(bench)) {
        return false;
    }
    struct ports_state *state = bench->state;
    state->many.count = MANY;
    state->few.count = FEW;
    return open_shop(&state->many) && open_shop(&state->few) && add_ports(&state->many, MANY) &&
           add_ports(&state->few, FEW);
}

static void end(struct bench *bench)
{
    struct ports_state *state = bench->state;
    if (state != NULL) {
        platen_spooler_destroy(state->many.spooler);
        platen_spooler_destroy(state->few.spooler);
        free(state->list);
        free(state);
    }
}

/* ---- ports-add --------------------------------------------------------------------------------
 */

static bool add_to_new(uint32_t count, struct sample *sample)
{
    struct shop shop = {0};
    struct meter meter;
    bool fine = open_shop(&shop);
    meter_start(&meter);
    fine = fine && add_ports(&shop, count);
    meter_stop_cpu(&meter, sample);
    platen_spooler_destroy(shop.spooler);
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
    .unit = "CPU us per port",
    .figure = per_port,
    .begin = begin_empty,
    .run = add_many,
    .bare = add_fewer,
    .end = end,
};

/* ---- ports-open -------------------------------------------------------------------------------
 */

/* The same number of different ports on both sides, so that what is compared is the finding of a
 * port and not the processor's cache. */
static bool open_some(struct shop *shop, struct sample *sample)
{
    struct meter meter;
    char16_t name[32];
    bool fine = true;
    meter_start(&meter);
    for (uint32_t i = 0; fine && i < OPENS; i++) {
        HANDLE port;
        port_name(i % FEW * (shop->count / FEW), name, 32);
        fine = platen_call_OpenPort(NULL, shop->table, shop->instance, (LPWSTR)name, &port) &&
               platen_call_ClosePort(NULL, shop->table, port);
    }
    meter_stop_cpu(&meter, sample);
    return fine;
}

static bool open_of_many(struct bench *bench, struct sample *sample)
{
    return open_some(&((struct ports_state *)bench->state)->many, sample);
}

static bool open_of_few(struct bench *bench, struct sample *sample)
{
    return open_some(&((struct ports_state *)bench->state)->few, sample);
}

static double per_open(const struct bench *bench, double cost)
{
    (void)bench;
    return cost / 1e3 / OPENS;
}

const struct bench_row bench_ports_open = {
    .name = "ports-open",
    .what = "OpenPort and ClosePort of one of 100,000 ports",
    .bare_what = "of one of 100",
    .unit = "CPU us per open",
    .figure = per_open,
    .begin = begin_filled,
    .run = open_of_many,
    .bare = open_of_few,
    .end = end,
};

/* ---- ports-enum -------------------------------------------------------------------------------
 */

static bool list_ports(struct bench *bench, struct sample *sample)
{
    struct ports_state *state = bench->state;
    struct meter meter;
    DWORD needed = 0;
    DWORD returned = 0;
    const MONITOR2 *m = state->many.table;

    platen_call_EnumPorts(NULL, m, state->many.instance, NULL, 2, NULL, 0, &needed, &returned);
    if (needed > state->list_size) {
        free(state->list);
        state->list = malloc(needed);
        state->list_size = state->list == NULL ? 0 : needed;
    }
    meter_start(&meter);
    BOOL fine = platen_call_EnumPorts(NULL, m, state->many.instance, NULL, 2, state->list,
                                      state->list_size, &needed, &returned);
    meter_stop_cpu(&meter, sample);
    return fine && returned >= MANY;
}

static LPWSTR pack(unsigned char **end, LPCWSTR text)
{
    size_t bytes = (platen_text_length16((const char16_t *)text, SIZE_MAX) + 1) * sizeof *text;
    *end -= bytes;
    memcpy(*end, text, bytes);
    return (LPWSTR)(void *)*end;
}

/* The same structures from the same texts, by the plainest loop. */
static bool pack_ports(struct bench *bench, struct sample *sample)
{
    static const WCHAR monitor[] = TEXT("Platen Port Monitor");
    static const WCHAR description[] = TEXT("Simulated device");
    struct ports_state *state = bench->state;
    struct meter meter;
    char16_t(*names)[12] = malloc(MANY * sizeof *names);
    size_t room =
        MANY * (sizeof(PORT_INFO_2W) + sizeof names[0] + sizeof monitor + sizeof description);
    unsigned char *list = malloc(room);
    bool fine = names != NULL && list != NULL && state != NULL;

    for (uint32_t i = 0; fine && i < MANY; i++) {
        port_name(i, names[i], 12);
    }
    meter_start(&meter);
    unsigned char *text_end = list + room;
    for (uint32_t i = 0; fine && i < MANY; i++) {
        PORT_INFO_2W *info = (PORT_INFO_2W *)(void *)list + i;
        info->pPortName = pack(&text_end, (LPCWSTR)names[i]);
        info->pMonitorName = pack(&text_end, monitor);
        info->pDescription = pack(&text_end, description);
        info->fPortType = PORT_TYPE_WRITE;
        info->Reserved = 0;
    }
    meter_stop_cpu(&meter, sample);
    free(names);
    free(list);
    return fine;
}

static double per_listed(const struct bench *bench, double cost)
{
    (void)bench;
    return cost / MANY;
}

const struct bench_row bench_ports_enum = {
    .name = "ports-enum",
    .what = "EnumPorts level 2 of 100,000 ports",
    .bare_what = "a plain loop that packs as many",
    .unit = "CPU ns per port",
    .figure = per_listed,
    .begin = begin_filled,
    .run = list_ports,
    .bare = pack_ports,
    .end = end,
};
