/* SPDX-License-Identifier: MIT
 *
 * Modules as files, ELF and PE.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "inspect/inspect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct platen_image_places nowhere = {.wine = "/nonexistent"};
    const char *path = fuzz_file(data, size);
    struct platen_image *image = NULL;
    char *complaint = NULL;
    if (platen_image_read(path, &image, &complaint) == 0) {
        FUZZ_ASSERT(image != NULL && complaint == NULL);
        (void)platen_image_find(image, "InitializePrintMonitor2");
        (void)platen_image_resolve(image, path, &nowhere);
    }
    platen_image_destroy(image);
    free(complaint);
    return 0;
}
