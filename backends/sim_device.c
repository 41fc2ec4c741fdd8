/* SPDX-License-Identifier: MIT
 *
 * The simulated devices of the process, and the functions of <platen/sim.h>.
 */
#include <stdlib.h>
#include <string.h>

#include "os/text.h"
#include "sim_device.h"

/* The devices there are. The seam has no lock that needs no making, and the list is held for a few
 * comparisons only. */
static struct platen_sim *devices;
static atomic_flag devices_held = ATOMIC_FLAG_INIT;

static void hold_devices(void)
{
    while (atomic_flag_test_and_set_explicit(&devices_held, memory_order_acquire))
        platen_os_thread_yield();
}

static void let_devices_go(void)
{
    atomic_flag_clear_explicit(&devices_held, memory_order_release);
}

bool sim_bytes_add(struct sim_bytes *bytes, const void *data, size_t size)
{
    if (size > bytes->room - bytes->size) {
        size_t room = bytes->room ? bytes->room : 4096;
        char *grown;
        while (room - bytes->size < size)
            room *= 2;
        grown = realloc(bytes->data, room);
        if (!grown)
            return false;
        bytes->data = grown;
        bytes->room = room;
    }
    if (size)
        memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
    return true;
}

static void bytes_free(struct sim_bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct sim_bytes){0};
}

void sim_tell(struct sim_port *port)
{
    atomic_fetch_add(&port->news, 1);
    port->clock->wake(port->clock, (const uint32_t *)(uintptr_t)&port->news);
}

static void tell_all(struct platen_sim *device)
{
    for (struct sim_port *port = device->ports; port; port = port->next)
        sim_tell(port);
}

uint32_t sim_add_reply(struct platen_sim *device, const void *data, size_t size)
{
    if (device->replies_read == device->replies.size)
        device->replies_read = device->replies.size = 0;
    if (!sim_bytes_add(&device->replies, data, size))
        return PLATEN_OUTOFMEMORY;
    tell_all(device);
    return 0;
}

static void free_device(struct platen_sim *device)
{
    platen_os_mutex_destroy(&device->lock);
    sim_script_free(&device->script);
    bytes_free(&device->kept);
    bytes_free(&device->replies);
    sim_facts_free(&device->facts);
    free(device->name);
    free(device);
}

static struct platen_sim *new_device(const char *name)
{
    struct platen_sim *device = calloc(1, sizeof *device);
    size_t size = strlen(name) + 1;

    if (!device)
        return NULL;
    platen_os_mutex_init(&device->lock);
    device->facts.status = -1;
    device->name = malloc(size);
    if (!device->name) {
        free_device(device);
        return NULL;
    }
    memcpy(device->name, name, size);
    return device;
}

static struct platen_sim *find_device(const char *name)
{
    struct platen_sim *device = devices;
    while (device && !platen_text_equal_folded8(device->name, name))
        device = device->next;
    return device;
}

platen_sim *platen_sim_create(const char *name)
{
    struct platen_sim *device;

    if (!name || !*name)
        return NULL;
    hold_devices();
    device = find_device(name);
    if (!device) {
        device = new_device(name);
        if (device) {
            device->next = devices;
            devices = device;
        }
    }
    if (device)
        device->references++;
    let_devices_go();
    return device;
}

void platen_sim_release(platen_sim *device)
{
    struct platen_sim **link = &devices;
    bool last;

    if (!device)
        return;
    hold_devices();
    last = --device->references == 0;
    while (last && *link != device)
        link = &(*link)->next;
    if (last)
        *link = device->next;
    let_devices_go();
    if (last)
        free_device(device);
}

/* With the lock held; takes the script over. */
static void replace_script(struct platen_sim *device, struct sim_script *script)
{
    sim_script_free(&device->script);
    device->script = *script;
    device->scripted = true;
    device->step = 0;
    device->begun = false;
    device->short_limit = device->rate = 0;
    device->rate_free = device->drained = 0;
    sim_progress(device, PLATEN_FOREVER);
    tell_all(device);
}

static uint32_t give_script(struct platen_sim *device, const char *text, bool only_first,
                            const char **complaint)
{
    struct sim_script script;
    uint32_t error = sim_script_parse(text ? text : "", &script, complaint);

    if (error)
        return error;
    platen_os_mutex_lock(&device->lock);
    if (only_first && device->scripted)
        sim_script_free(&script);
    else
        replace_script(device, &script);
    platen_os_mutex_unlock(&device->lock);
    return 0;
}

uint32_t platen_sim_script(platen_sim *device, const char *script, const char **complaint)
{
    return give_script(device, script, false, complaint);
}

uint32_t sim_preload(struct platen_sim *device, const char *script, const char **complaint)
{
    return give_script(device, script, true, complaint);
}

uint32_t platen_sim_reply(platen_sim *device, const void *data, size_t size)
{
    uint32_t error;
    platen_os_mutex_lock(&device->lock);
    error = sim_add_reply(device, data, size);
    platen_os_mutex_unlock(&device->lock);
    return error;
}

uint64_t platen_sim_received(platen_sim *device)
{
    uint64_t received;
    platen_os_mutex_lock(&device->lock);
    received = device->received;
    platen_os_mutex_unlock(&device->lock);
    return received;
}

size_t platen_sim_copy(platen_sim *device, uint64_t offset, void *to, size_t size)
{
    platen_os_mutex_lock(&device->lock);
    if (offset >= device->kept.size)
        size = 0;
    else if (size > device->kept.size - offset)
        size = (size_t)(device->kept.size - offset);
    if (size)
        memcpy(to, device->kept.data + offset, size);
    platen_os_mutex_unlock(&device->lock);
    return size;
}

void platen_sim_forget(platen_sim *device)
{
    platen_os_mutex_lock(&device->lock);
    bytes_free(&device->kept);
    device->received = 0;
    platen_os_mutex_unlock(&device->lock);
}

struct platen_sim_tally platen_sim_counts(platen_sim *device)
{
    struct platen_sim_tally counts;
    platen_os_mutex_lock(&device->lock);
    counts = device->counts;
    platen_os_mutex_unlock(&device->lock);
    return counts;
}
