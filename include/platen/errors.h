/* SPDX-License-Identifier: MIT
 *
 * <platen/errors.h>: the Win32 error codes of the port-monitor contract, as an enum that needs no
 * Windows type. Everything below a monitor's edge speaks these: 0 is success, any other value is
 * the code that the edge turns into FALSE and a last-error. Source: contract 1.13.
 *
 * A code that is not in the table is legal wherever a code is expected: monitors may invent them.
 */
#ifndef PLATEN_ERRORS_H
#define PLATEN_ERRORS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum platen_error {
#define PLATEN_ERROR(name, value, text) PLATEN_##name = value,
#include <platen/errors.def>
#undef PLATEN_ERROR
};

#ifdef __cplusplus
}
#endif

#endif
