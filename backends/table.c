/* SPDX-License-Identifier: MIT
 *
 * backends.def as an array; for tests also another list of the same form.
 */
#include <platen/backend.h>

#ifndef PLATEN_BACKENDS_DEF
#    define PLATEN_BACKENDS_DEF "backends.def"
#endif

#define PLATEN_BACKEND(symbol) extern const struct platen_backend platen_backend_##symbol;
#include PLATEN_BACKENDS_DEF
#undef PLATEN_BACKEND

static const struct platen_backend *const table[] = {
#define PLATEN_BACKEND(symbol) &platen_backend_##symbol,
#include PLATEN_BACKENDS_DEF
#undef PLATEN_BACKEND
    NULL,
};

const struct platen_backend *const *platen_backends(void)
{
    return table;
}
