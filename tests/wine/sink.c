/* SPDX-License-Identifier: MIT */
#include "sink.h"

#include <stdlib.h>
#include <string.h>

#include <platen/spooler.h>

#include "os/thread.h"

#define SEEDS    256
#define AT_ONCE  64
#define PATIENCE UINT64_C(60000000000)

struct receipt {
    uint32_t number; /* of the connection; 0: this place is free */
    uint8_t seed;
    bool wrong;
    uint64_t bytes;
};

static platen_device *device;
static uint64_t forgotten;
static struct receipt under_way[AT_ONCE];
static struct {
    uint32_t times;
    uint64_t bytes;
} received[SEEDS];

void sink_fill(uint8_t seed, uint64_t offset, void *to, size_t size)
{
    uint8_t *bytes = to;
    for (size_t i = 0; i < size; i++) {
        uint64_t at = offset + i;
        bytes[i] = (uint8_t)(seed + at * 131 + (at >> 8) * 17);
    }
}

static struct receipt *find(uint32_t number)
{
    struct receipt *unused = NULL;
    for (size_t i = 0; i < AT_ONCE; i++) {
        if (under_way[i].number == number) {
            return &under_way[i];
        }
        unused = under_way[i].number == 0 ? &under_way[i] : unused;
    }
    if (unused != NULL) {
        *unused = (struct receipt){.number = number};
    }
    return unused;
}

/* All on the device's one thread; the tests look after sink_wait. */
static void take(void *context, uint32_t number, const void *data, size_t size)
{
    uint8_t expected[4096];
    struct receipt *receipt = find(number);
    const uint8_t *bytes = data;
    (void)context;
    if (receipt == NULL || size == 0) {
        return;
    }
    if (receipt->bytes == 0) {
        receipt->seed = bytes[0];
    }
    for (size_t at = 0; at < size; at += sizeof expected) {
        size_t piece = size - at < sizeof expected ? size - at : sizeof expected;
        sink_fill(receipt->seed, receipt->bytes + at, expected, piece);
        receipt->wrong = receipt->wrong || memcmp(expected, bytes + at, piece) != 0;
    }
    receipt->bytes += size;
}

static void take_end(void *context, const struct platen_device_job *job)
{
    struct receipt *receipt = find(job->number);
    (void)context;
    if (receipt == NULL) {
        return;
    }
    if (job->whole && !receipt->wrong && receipt->bytes == job->bytes) {
        received[receipt->seed].times++;
        received[receipt->seed].bytes = receipt->bytes;
    }
    *receipt = (struct receipt){0};
}

uint16_t sink_start(bool lpr)
{
    struct platen_device_options options = {
        .size = sizeof options, .on_data = take, .on_job = take_end, .lpr = lpr};
    return platen_device_start(&options, &device) == 0 ? platen_device_port(device) : 0;
}

void sink_stop(void)
{
    platen_device_stop(device);
    device = NULL;
}

bool sink_wait(uint64_t jobs)
{
    return platen_device_wait(device, PLATEN_DEVICE_JOBS, forgotten + jobs, PATIENCE) == 0;
}

bool sink_has(uint8_t seed, uint64_t size)
{
    return received[seed].times == 1 && received[seed].bytes == size;
}

void sink_forget(void)
{
    forgotten = platen_device_count(device, PLATEN_DEVICE_JOBS);
    memset(received, 0, sizeof received);
}
