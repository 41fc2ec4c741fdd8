/* SPDX-License-Identifier: MIT
 *
 * The unwinder knows where it steps out of a signal handler: what was interrupted begins there.
 */
#include "host/stack.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unwind.h>

#include "host/plain.h"

struct walk {
    uintptr_t frames[HOST_STACK_DEEP];
    unsigned count;
    bool begun;
};

static _Unwind_Reason_Code step(struct _Unwind_Context *context, void *argument)
{
    struct walk *walk = argument;
    int before = 0;
    uintptr_t at = _Unwind_GetIPInfo(context, &before);
    walk->begun = walk->begun || before != 0;
    if (walk->begun && at != 0) {
        walk->frames[walk->count++] = before ? at : at - 1; /* in the call, not behind it */
    }
    return walk->count == HOST_STACK_DEEP ? _URC_END_OF_STACK : _URC_NO_REASON;
}

/* The first use loads what it needs. */
void host_stack_prepare(void)
{
    struct walk walk = {.begun = true};
    Dl_info place;
    _Unwind_Backtrace(step, &walk);
    dladdr((const void *)walk.frames[0], &place);
}

/* ---- telling --------------------------------------------------------------------------------- */

static void put_frame(struct host_plain *text, uintptr_t at, const Dl_info *place)
{
    host_put_char(text, '"');
    if (place->dli_fbase == NULL || place->dli_fname == NULL) {
        host_put_hex(text, at);
    } else {
        const char *name = strrchr(place->dli_fname, '/');
        host_put_name(text, name != NULL ? name + 1 : place->dli_fname);
        host_put_char(text, '+');
        host_put_hex(text, at - (uintptr_t)place->dli_fbase);
        if (place->dli_sname != NULL) {
            host_put_char(text, ' ');
            host_put_name(text, place->dli_sname);
        }
    }
    host_put_char(text, '"');
}

static Dl_info place_of(uintptr_t at)
{
    Dl_info place = {.dli_fbase = NULL};
    Dl_info found;
    return dladdr((const void *)at, &found) != 0 ? found : place;
}

size_t host_stack_tell(const struct platen_os_crash *what, char *to, size_t size)
{
    struct walk walk = {.begun = what == NULL};
    struct host_plain text = {to, 0, size};
    Dl_info ours = place_of((uintptr_t)host_stack_tell);
    bool left = false; /* the host's own code, where a fault of it would be told */
    to[0] = '\0';
    _Unwind_Backtrace(step, &walk);
    for (unsigned i = 0; i < walk.count; i++) {
        Dl_info place = place_of(walk.frames[i]);
        bool own = place.dli_fbase != NULL && place.dli_fbase == ours.dli_fbase;
        if (own && left) {
            break;
        }
        left = left || !own;
        if (left || what != NULL) {
            host_put(&text, text.used == 0 ? " stack=[" : " ");
            put_frame(&text, walk.frames[i], &place);
        }
    }
    if (text.used > 0) {
        host_put(&text, "]");
    }
    return text.used;
}
