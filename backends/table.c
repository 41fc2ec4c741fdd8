/* SPDX-License-Identifier: MIT
 *
 * backends.def as an array.
 */
#include <platen/backend.h>

#define PLATEN_BACKEND(symbol) extern const struct platen_backend platen_backend_##symbol;
#include "backends.def"
#undef PLATEN_BACKEND

static const struct platen_backend *const table[] = {
#define PLATEN_BACKEND(symbol) &platen_backend_##symbol,
#include "backends.def"
#undef PLATEN_BACKEND
    NULL,
};

const struct platen_backend *const *platen_backends(void)
{
    return table;
}
