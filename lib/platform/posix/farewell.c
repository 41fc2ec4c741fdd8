/* SPDX-License-Identifier: MIT */
#include "os/farewell.h"

#include <pthread.h>
#include <stdbool.h>

#include <platen/errors.h>

static void say(void *value)
{
    struct platen_os_farewell *farewell = value;
    farewell->say(farewell);
}

uint32_t platen_os_farewells_make(platen_os_farewells *place)
{
    pthread_key_t key;

    if (pthread_key_create(&key, say) != 0)
        return PLATEN_NOT_ENOUGH_MEMORY;
    place->room = key;
    return 0;
}

void platen_os_farewells_end(platen_os_farewells *place)
{
    pthread_key_delete((pthread_key_t)place->room);
}

bool platen_os_farewell_set(const platen_os_farewells *place, struct platen_os_farewell *farewell)
{
    return pthread_setspecific((pthread_key_t)place->room, farewell) == 0;
}

struct platen_os_farewell *platen_os_farewell_get(const platen_os_farewells *place)
{
    return pthread_getspecific((pthread_key_t)place->room);
}
