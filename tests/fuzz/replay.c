/* SPDX-License-Identifier: MIT
 *
 * Feeds a target every file that is named, and each of them cut off at some places.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "os/file.h"

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE...\n", argv[0]);
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        char *data;
        size_t size;
        FUZZ_ASSERT(platen_os_file_load(argv[i], 1 << 24, &data, &size) == 0);
        for (size_t cut = 0; cut < size; cut += size / 16 + 1) {
            LLVMFuzzerTestOneInput((const uint8_t *)data, cut);
        }
        LLVMFuzzerTestOneInput((const uint8_t *)data, size);
        free(data);
    }
    printf("%d inputs\n", argc - 1);
    return 0;
}
