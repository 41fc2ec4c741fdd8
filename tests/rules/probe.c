/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/lasterror.h"
#include "os/text.h"
#include "os/thread.h"

#define LAST       ((unsigned)platen_os_get_last_error())
#define MARGIN     4096u
#define ARENA      (256u * 1024u)
#define CANARY     0xa5
#define THREADS    8
#define NAMES_ROOM 65536

/* ---- canaries ----------------------------------------------------------------------------------
 */

static struct {
    _Alignas(16) unsigned char bytes[MARGIN + ARENA + MARGIN];
    size_t size;
    bool filled;
} arena;

/* Only what the last piece may have spoilt is filled anew: whoever found it spoilt has returned. */
unsigned char *probe_canary(size_t size)
{
    memset(arena.bytes, CANARY, MARGIN + (arena.filled ? arena.size : ARENA) + MARGIN);
    arena.filled = true;
    arena.size = size;
    return arena.bytes + MARGIN;
}

static bool is_canary(const unsigned char *at, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (at[i] != CANARY) {
            return false;
        }
    }
    return true;
}

bool probe_intact(void)
{
    return is_canary(arena.bytes, MARGIN) && is_canary(arena.bytes + MARGIN + arena.size, MARGIN);
}

bool probe_untouched(void)
{
    return is_canary(arena.bytes, MARGIN + arena.size + MARGIN);
}

/* ---- EnumPorts ---------------------------------------------------------------------------------
 */

struct probe_list probe_enum(struct trial *t, const WCHAR *server, DWORD level, void *buffer,
                             DWORD size)
{
    struct probe_list list = {.needed = UNSET, .returned = UNSET};
    platen_os_set_last_error(UNSET);
    list.ok = t->m.pfnEnumPorts(t->monitor, text_of(server), level, buffer, size, &list.needed,
                                &list.returned);
    list.error = platen_os_get_last_error();
    return list;
}

DWORD probe_needed(struct trial *t, DWORD level)
{
    struct probe_list list = probe_enum(t, NULL, level, NULL, 0);
    bool sane = !list.ok && list.error == PLATEN_INSUFFICIENT_BUFFER && list.needed > 0 &&
                list.needed < ARENA / 2;
    if (!sane) {
        trial_breach(t, "a size query: %d, last-error %u, needed %u", (int)list.ok,
                     (unsigned)list.error, (unsigned)list.needed);
    }
    return sane ? list.needed : 0;
}

const char *probe_names(struct trial *t)
{
    static char names[NAMES_ROOM];
    static _Alignas(16) unsigned char buffer[NAMES_ROOM];
    size_t used = 0;
    names[0] = '\0';
    struct probe_list list = probe_enum(t, NULL, 1, buffer, sizeof buffer);
    if (!list.ok) {
        trial_breach(t, "EnumPorts failed with %u", (unsigned)list.error);
        return names;
    }
    for (DWORD i = 0; i < list.returned; i++) {
        PORT_INFO_1W info;
        memcpy(&info, buffer + i * sizeof info, sizeof info);
        used += platen_text_to8((const char16_t *)info.pName, SIZE_MAX, names + used,
                                sizeof names - used - 2);
        names[used++] = '\n';
        names[used] = '\0';
    }
    return names;
}

/* ---- Xcv ---------------------------------------------------------------------------------------
 */

struct probe_xcv probe_data(struct trial *t, HANDLE xcv, const WCHAR *name, const void *input,
                            DWORD input_size, void *output, DWORD output_size)
{
    struct probe_xcv answer = {.needed = UNSET};
    answer.code = t->m.pfnXcvDataPort(xcv, name, (PBYTE)(uintptr_t)input, input_size, output,
                                      output_size, &answer.needed);
    return answer;
}

HANDLE probe_xcv_open(struct trial *t, ACCESS_MASK access)
{
    HANDLE xcv = NULL;
    if (!t->m.pfnXcvOpenPort(t->monitor, TEXT("Platen"), access, &xcv)) {
        trial_breach(t, "XcvOpenPort failed with %u", LAST);
        return NULL;
    }
    return xcv;
}

DWORD probe_bytes(const WCHAR *text)
{
    return (DWORD)((platen_text_length16((const char16_t *)text, SIZE_MAX) + 1) * sizeof *text);
}

bool probe_equal(const WCHAR *a, const WCHAR *b)
{
    return probe_bytes(a) == probe_bytes(b) && memcmp(a, b, probe_bytes(a)) == 0;
}

/* ---- ports -------------------------------------------------------------------------------------
 */

bool probe_stored(struct trial *t, const char *name)
{
    uint32_t type;
    uint32_t size = 0;
    uint32_t error =
        platen_registry_get(t->registry, TRIAL_ROOT "\\Ports", name, &type, NULL, &size);
    return error == 0 || error == PLATEN_MORE_DATA;
}

bool probe_job(struct trial *t, HANDLE port, DWORD job)
{
    static const char data[] = "a page";
    platen_sim_forget(t->device);
    if (!trial_start(t, port, job) || !trial_write(t, port, data, sizeof data, 4)) {
        return false;
    }
    return KEPT(t, t->m.pfnEndDocPort(port), "EndDocPort failed with %u", LAST) &&
           trial_device_has(t, data, sizeof data);
}

bool probe_opens(struct trial *t, const WCHAR *name, DWORD *error)
{
    HANDLE port = NULL;
    platen_os_set_last_error(UNSET);
    bool ok = t->m.pfnOpenPort(t->monitor, text_of(name), &port) != FALSE;
    *error = platen_os_get_last_error();
    if (ok) {
        t->m.pfnClosePort(port);
    }
    return ok;
}

/* ---- threads -----------------------------------------------------------------------------------
 */

struct aside {
    struct trial *trial;
    void (*body)(struct trial *t);
    platen_os_thread *thread;
    _Atomic uint32_t done;
};

static struct aside asides[THREADS];
static unsigned aside_count;

static void run_aside(void *argument)
{
    struct aside *aside = argument;
    aside->body(aside->trial);
    atomic_store(&aside->done, 1);
    platen_os_wake((const uint32_t *)(uintptr_t)&aside->done);
}

bool probe_aside(struct trial *t, void (*body)(struct trial *t), unsigned milliseconds)
{
    uint64_t until = platen_os_now() + milliseconds * UINT64_C(1000000);
    if (aside_count == THREADS) {
        return trial_breach(t, "the probe has too many threads");
    }
    struct aside *aside = &asides[aside_count];
    aside->trial = t;
    aside->body = body;
    atomic_store(&aside->done, 0);
    if (platen_os_thread_start(&aside->thread, "aside", 0, run_aside, aside) != 0) {
        return trial_breach(t, "no thread");
    }
    aside_count++;
    while (atomic_load(&aside->done) == 0 && platen_os_now() < until) {
        platen_os_wait((const uint32_t *)(uintptr_t)&aside->done, 0, until);
    }
    return atomic_load(&aside->done) == 1;
}

void probe_join(void)
{
    while (aside_count > 0) {
        platen_os_thread_join(asides[--aside_count].thread);
    }
}
