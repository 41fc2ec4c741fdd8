/* SPDX-License-Identifier: MIT
 *
 * The system's registry, for keys that are its own, and what is written there (R5). A key of the
 * spooler's is good for MONITORREG alone (R6): the system would take its number for something else.
 */
#include "host/native_win32.h"

#include <string.h>

/* What the harness gives out: an odd number beside a multiple of 4, which no key of the system's is
 * but those that have names; in 32 bits also the places of its table (hosted). */
static bool is_ours(ULONG_PTR key)
{
    uint32_t low = (uint32_t)key;
    bool named = low >= 0x80000000u && low < 0x80000100u;
    bool place = sizeof key == 4 && low >= 0x7e000000u && low < 0x7f000000u;
    return !named && ((key & 3) == 1 || place);
}

/* What a monitor keeps there is not in its store (R5), but for one that was given a key there. */
static bool stores(const char *name)
{
    bool changes = strncmp(name, "RegSet", 6) == 0 || strncmp(name, "RegDelete", 9) == 0;
    return changes && !host_native_has_root();
}

/* The system's own are called by pointers that the compiler does not look behind: the types of
 * their arguments are others of the same width. */
/* clang-format off */
#define A ULONG_PTR
#define NAMED_1  A a
#define NAMED_2  NAMED_1, A b
#define NAMED_3  NAMED_2, A c
#define NAMED_4  NAMED_3, A d
#define NAMED_5  NAMED_4, A e
#define NAMED_6  NAMED_5, A f
#define NAMED_7  NAMED_6, A g
#define NAMED_8  NAMED_7, A h
#define NAMED_9  NAMED_8, A i
#define NAMED_10 NAMED_9, A j
#define NAMED_11 NAMED_10, A k
#define NAMED_12 NAMED_11, A l
#define VALUES_1  a
#define VALUES_2  VALUES_1, b
#define VALUES_3  VALUES_2, c
#define VALUES_4  VALUES_3, d
#define VALUES_5  VALUES_4, e
#define VALUES_6  VALUES_5, f
#define VALUES_7  VALUES_6, g
#define VALUES_8  VALUES_7, h
#define VALUES_9  VALUES_8, i
#define VALUES_10 VALUES_9, j
#define VALUES_11 VALUES_10, k
#define VALUES_12 VALUES_11, l

#define PLATEN_REGISTRY(count, name_)                                                              \
    static struct host_seen seen_##name_ = {.name = #name_, .kind = HOST_SEEN_SYSTEM};             \
    static struct host_seen stored_##name_ = {.name = #name_, .kind = HOST_SEEN_STORED};           \
    static LONG(WINAPI *volatile system_##name_)(NAMED_##count) =                                   \
        (LONG(WINAPI *)(NAMED_##count))(host_function)name_;                                       \
    static LONG WINAPI guard_##name_(NAMED_##count)                                                \
    {                                                                                              \
        if (is_ours(a)) {                                                                          \
            host_seen(&seen_##name_);                                                              \
            return ERROR_INVALID_HANDLE;                                                           \
        }                                                                                          \
        LONG error = system_##name_(VALUES_##count);                                               \
        if (error == ERROR_SUCCESS && stores(#name_)) {                                            \
            host_seen(&stored_##name_);                                                            \
        }                                                                                          \
        return error;                                                                              \
    }
#include "host/system.def"
#undef PLATEN_REGISTRY

static const struct host_stand_in guards[] = {
#define PLATEN_REGISTRY(count, name_) {#name_, (host_function)guard_##name_},
#include "host/system.def"
#undef PLATEN_REGISTRY
    {NULL, NULL},
};
/* clang-format on */

host_function host_system_find(const char *name)
{
    host_function function = host_stand_in_find(guards, name);
    return function != NULL ? function : host_stand_in_find(host_device, name);
}
