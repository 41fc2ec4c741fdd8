/* SPDX-License-Identifier: MIT
 *
 * Scripts and recorded traces, read and checked but not run.
 */
#include "fuzz.h"
#include "script/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct platen_script_options options = {.dry_run = true};
    const struct platen_script_world world = {.context = NULL};
    const char *path = fuzz_file(data, size);
    struct platen_scripts *scripts = NULL;
    enum platen_script_status status = platen_scripts_read(&path, 1, &options, &world, &scripts);
    FUZZ_ASSERT((status == PLATEN_SCRIPT_WRONG) == (scripts == NULL));
    platen_scripts_free(scripts);
    return 0;
}
