/* SPDX-License-Identifier: MIT
 *
 * winspool.drv and spoolss.dll, as a monitor sees them: what is modelled is a call back, of
 * everything else it is said that it is not supported.
 */
#include "host/native_win32.h"

#include <string.h>

#include "call/served.h"

/* ---- what is not supported ------------------------------------------------------------------- */

static ULONG_PTR refuse_ZERO(void)
{
    SetLastError(ERROR_NOT_SUPPORTED);
    return 0;
}

static ULONG_PTR refuse_MINUS(void)
{
    SetLastError(ERROR_NOT_SUPPORTED);
    return (ULONG_PTR)-1;
}

static ULONG_PTR refuse_CODE(void)
{
    return ERROR_NOT_SUPPORTED;
}

static ULONG_PTR refuse_RESULT(void)
{
    return (ULONG_PTR)(uint32_t)HRESULT_FROM_WIN32(ERROR_NOT_SUPPORTED);
}

/* So that a 32-bit function takes its arguments off the stack. */
/* clang-format off */
#define A ULONG_PTR
#define UNNAMED_0  void
#define UNNAMED_1  A a
#define UNNAMED_2  UNNAMED_1, A b
#define UNNAMED_3  UNNAMED_2, A c
#define UNNAMED_4  UNNAMED_3, A d
#define UNNAMED_5  UNNAMED_4, A e
#define UNNAMED_6  UNNAMED_5, A f
#define UNNAMED_7  UNNAMED_6, A g
#define UNNAMED_8  UNNAMED_7, A h
#define UNNAMED_9  UNNAMED_8, A i
#define UNNAMED_10 UNNAMED_9, A j
#define UNNAMED_11 UNNAMED_10, A k
#define USED_0
#define USED_1  (void)a;
#define USED_2  USED_1 (void)b;
#define USED_3  USED_2 (void)c;
#define USED_4  USED_3 (void)d;
#define USED_5  USED_4 (void)e;
#define USED_6  USED_5 (void)f;
#define USED_7  USED_6 (void)g;
#define USED_8  USED_7 (void)h;
#define USED_9  USED_8 (void)i;
#define USED_10 USED_9 (void)j;
#define USED_11 USED_10 (void)k;

#define PLATEN_PRINT(answer, count, name_)                                                         \
    static struct host_seen seen_##name_ = {.name = #name_, .kind = HOST_SEEN_UNMODELLED};         \
    static ULONG_PTR WINAPI refuse_##name_(UNNAMED_##count)                                        \
    {                                                                                              \
        USED_##count                                                                               \
        host_seen(&seen_##name_);                                                                  \
        return refuse_##answer();                                                                  \
    }
#include "host/unmodelled.def"
#undef PLATEN_PRINT

static const struct host_stand_in unmodelled[] = {
#define PLATEN_PRINT(answer, count, name_) {#name_, (host_function)refuse_##name_},
#include "host/unmodelled.def"
#undef PLATEN_PRINT
    {NULL, NULL},
};
/* clang-format on */

/* ---- what is --------------------------------------------------------------------------------- */

/* The import table's members, by name. */
/* clang-format off */
#define MEMBER(name) {#name, offsetof(PLATEN_IMPORTS, name)}
/* clang-format on */
static const struct {
    const char *name;
    size_t offset;
} modelled[] = {
    MEMBER(OpenPrinterW),
    MEMBER(ClosePrinter),
    MEMBER(SetJobW),
    MEMBER(GetJobW),
    MEMBER(SetPortW),
    MEMBER(EnumPortsW),
    MEMBER(ImpersonatePrinterClient),
    MEMBER(RevertToPrinterSelf),
    MEMBER(RouterAllocBidiResponseContainer),
    MEMBER(RouterAllocBidiMem),
    MEMBER(RouterFreeBidiResponseContainer),
    MEMBER(RouterFreeBidiMem),
};

static host_function find_modelled(const char *name)
{
    for (size_t i = 0; i < sizeof modelled / sizeof *modelled; i++) {
        host_function function;
        if (strcmp(modelled[i].name, name) == 0) {
            memcpy(&function, (const char *)&platen_served_imports + modelled[i].offset,
                   sizeof function);
            return function;
        }
    }
    return NULL;
}

host_function host_stand_in_find(const struct host_stand_in *list, const char *name)
{
    while (list->name != NULL && strcmp(list->name, name) != 0) {
        list++;
    }
    return list->function;
}

host_function host_print_find(const char *name)
{
    host_function function = find_modelled(name);
    const struct host_stand_in *const lists[] = {host_ansi, host_splmem, unmodelled};
    for (size_t i = 0; function == NULL && i < sizeof lists / sizeof *lists; i++) {
        function = host_stand_in_find(lists[i], name);
    }
    return function;
}
