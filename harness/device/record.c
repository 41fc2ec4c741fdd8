/* SPDX-License-Identifier: MIT
 *
 * What a device counts and remembers, and who waits for it. Any thread.
 */
#include "device/device.h"
#include "os/clock.h"

void device_add(platen_device *device, enum platen_device_counter counter, uint64_t value)
{
    platen_os_mutex_lock(&device->lock);
    device->counters[counter] += value;
    platen_os_cond_broadcast(&device->changed);
    platen_os_mutex_unlock(&device->lock);
}

void device_record(platen_device *device, const struct platen_device_job *job)
{
    if (device->options.on_job != NULL) {
        device->options.on_job(device->options.context, job);
    }
    platen_os_mutex_lock(&device->lock);
    device->remembered[job->number % DEVICE_REMEMBERED] = *job;
    device->counters[PLATEN_DEVICE_JOBS]++;
    device->counters[PLATEN_DEVICE_WHOLE] += job->whole;
    platen_os_cond_broadcast(&device->changed);
    platen_os_mutex_unlock(&device->lock);
}

uint64_t platen_device_count(platen_device *device, enum platen_device_counter counter)
{
    if ((unsigned)counter >= PLATEN_DEVICE_COUNTERS) {
        return 0;
    }
    platen_os_mutex_lock(&device->lock);
    uint64_t value = device->counters[counter];
    platen_os_mutex_unlock(&device->lock);
    return value;
}

uint32_t platen_device_wait(platen_device *device, enum platen_device_counter counter,
                            uint64_t value, uint64_t patience)
{
    uint64_t now = platen_os_now();
    uint64_t until = patience < PLATEN_FOREVER - now ? now + patience : PLATEN_FOREVER;
    if ((unsigned)counter >= PLATEN_DEVICE_COUNTERS) {
        return PLATEN_INVALID_PARAMETER;
    }
    platen_os_mutex_lock(&device->lock);
    bool in_time = true;
    while (in_time && device->counters[counter] < value) {
        in_time = platen_os_cond_wait_until(&device->changed, &device->lock, until);
    }
    bool reached = device->counters[counter] >= value;
    platen_os_mutex_unlock(&device->lock);
    return reached ? 0 : PLATEN_TIMEOUT;
}

uint32_t platen_device_find_job(platen_device *device, uint32_t number,
                                struct platen_device_job *job)
{
    platen_os_mutex_lock(&device->lock);
    *job = device->remembered[number % DEVICE_REMEMBERED];
    platen_os_mutex_unlock(&device->lock);
    if (number == 0 || job->number != number) {
        *job = (struct platen_device_job){0};
        return PLATEN_INVALID_PARAMETER;
    }
    return 0;
}
