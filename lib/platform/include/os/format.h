/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: format. Marks a function that takes a printf format, for the compiler to check.
 */
#ifndef OS_FORMAT_H
#define OS_FORMAT_H

#include <stdio.h>

#if defined(__MINGW32__)
/* stdio.h decides there whose printf it is. */
#    define PLATEN_OS_PRINTF(format_at, first)                                                     \
        __attribute__((format(__MINGW_PRINTF_FORMAT, format_at, first)))
#elif defined(__GNUC__)
#    define PLATEN_OS_PRINTF(format_at, first) __attribute__((format(printf, format_at, first)))
#else
#    define PLATEN_OS_PRINTF(format_at, first)
#endif

#endif
