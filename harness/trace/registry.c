/* SPDX-License-Identifier: MIT
 *
 * The registry that a recording begins with.
 */
#include <stdlib.h>

#include "trace/inside.h"

void platen_trace_registry(struct platen_trace *trace, platen_registry *registry, const char *path)
{
    char *file = NULL;

    if (trace == NULL || !trace->traced) {
        return;
    }
    if (trace->keeps) {
        if (trace_in_folder(trace, "registry.reg", &file) == 0) {
            trace_fail(trace, platen_registry_save(registry, file));
        }
    } else {
        file = trace_absolute(trace, path);
    }
    if (file != NULL) {
        trace_put_verb(trace, "registry load %q", file);
    }
    free(file);
}
