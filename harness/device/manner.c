/* SPDX-License-Identifier: MIT
 *
 * How a device treats a job.
 */
#include "device/device.h"

#include <stdlib.h>

uint32_t device_manner_make(const struct platen_device_manner *manner, struct device_manner **made)
{
    *made = NULL;
    if (manner != NULL && manner->size != sizeof *manner) {
        return PLATEN_INVALID_PARAMETER;
    }
    struct device_manner *new_one = calloc(1, sizeof *new_one);
    if (new_one == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    if (manner != NULL) {
        new_one->how = *manner;
        uint32_t error = device_answers_parse(manner->answers, &new_one->answers, NULL);
        if (error != 0) {
            free(new_one);
            return error;
        }
        new_one->how.answers = NULL;
    }
    atomic_init(&new_one->uses, 1);
    *made = new_one;
    return 0;
}

struct device_manner *device_manner_share(struct device_manner *manner)
{
    atomic_fetch_add(&manner->uses, 1);
    return manner;
}

void device_manner_release(struct device_manner *manner)
{
    if (manner != NULL && atomic_fetch_sub(&manner->uses, 1) == 1) {
        device_answers_free(&manner->answers);
        free(manner);
    }
}
