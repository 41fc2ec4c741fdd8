/* SPDX-License-Identifier: MIT
 *
 * Functions of a program's own that have names from inside the libraries. An archive that lets its
 * inner names out does not link with them, or calls them.
 */
#ifndef OWN_NAMES_H
#define OWN_NAMES_H

#include <stdio.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OWN_NAME(name)                                                                             \
    int name(void);                                                                                \
    int name(void)                                                                                 \
    {                                                                                              \
        fprintf(stderr, "a library called " #name "\n");                                           \
        abort();                                                                                   \
    }

OWN_NAME(port_write)
OWN_NAME(xcv_open)
OWN_NAME(instance_create)
OWN_NAME(platen_error_name)
OWN_NAME(platen_os_wait)
OWN_NAME(platen_os_mutex_lock)
OWN_NAME(platen_text_new16)
OWN_NAME(platen_call_WritePort)

#ifdef __cplusplus
}
#endif

#endif
