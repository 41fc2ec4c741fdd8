/* SPDX-License-Identifier: MIT
 *
 * IEEE 1284 ids, which come from devices.
 */
#include "bidi/deviceid.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static void check_value(const char *id, const char *keys)
{
    for (size_t size = 1; size < 40; size += 13) {
        char *value = malloc(size);
        FUZZ_ASSERT(value != NULL);
        bool there = device_id_value(id, keys, value, size);
        FUZZ_ASSERT(strlen(value) < size);
        FUZZ_ASSERT(there == (*value != '\0'));
        FUZZ_ASSERT(strchr(value, ';') == NULL && (!there || strstr(id, value) != NULL));
        free(value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *id = malloc(size + 1);
    FUZZ_ASSERT(id != NULL);
    if (size > 0) {
        memcpy(id, data, size);
    }
    id[size] = 'x';
    size_t length = device_id_clean(id, size);
    FUZZ_ASSERT(length <= size && strlen(id) == length);
    for (size_t i = 0; i < length; i++) {
        FUZZ_ASSERT(id[i] >= 0x20 && id[i] <= 0x7e);
    }
    check_value(id, "MFG|MANUFACTURER");
    check_value(id, "SN|SERN|SERIALNUMBER");
    check_value(id, "");
    if (device_id_speaks(id, "PJL")) {
        FUZZ_ASSERT(length >= strlen("CMD:PJL"));
    }
    free(id);
    return 0;
}
