/* SPDX-License-Identifier: MIT
 *
 * Private to the seam: something is done before anybody needs it, once in the life of the process.
 */
#ifndef PLATFORM_ONCE_H
#define PLATFORM_ONCE_H

/* Every caller returns after the first call's `init` has; each `init` needs its own `done`, which
 * starts as zero bytes. */
#ifdef _WIN32
typedef struct platen_os_once {
    void *room;
} platen_os_once;
#    define PLATEN_OS_ONCE                                                                         \
        {                                                                                          \
            0                                                                                      \
        }
#else
#    include <pthread.h>
typedef struct platen_os_once {
    pthread_once_t room;
} platen_os_once;
#    define PLATEN_OS_ONCE                                                                         \
        {                                                                                          \
            PTHREAD_ONCE_INIT                                                                      \
        }
#endif

void platen_os_call_once(platen_os_once *once, void (*init)(void));

#endif
