/* SPDX-License-Identifier: MIT
 *
 * regedit's text format: what was read is written and read again without complaint.
 */
#include <platen/spooler.h>

#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "os/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    platen_registry *registry = NULL;
    platen_registry *again = NULL;
    const char *path = fuzz_file(data, size);
    char *complaint = NULL;
    FUZZ_ASSERT(platen_registry_create(&registry) == 0);
    if (platen_registry_load(registry, path, &complaint) == 0) {
        FUZZ_ASSERT(complaint == NULL);
        FUZZ_ASSERT(platen_registry_save(registry, path) == 0);
        FUZZ_ASSERT(platen_registry_create(&again) == 0);
        FUZZ_ASSERT(platen_registry_load(again, path, NULL) == 0);
        platen_registry_destroy(again);
    } else {
        FUZZ_ASSERT(complaint != NULL);
    }
    platen_free(complaint);
    platen_registry_destroy(registry);
    return 0;
}
