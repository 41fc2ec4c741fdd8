/* SPDX-License-Identifier: MIT
 *
 * What probes of EnumPorts, Xcv and the store have in common.
 */
#ifndef RULES_PROBE_H
#define RULES_PROBE_H

#include "trial.h"

/* What out-parameters and last-error hold before a call (OUT, LE). */
#define UNSET         0xdeadbeefu
#define PROBE_W(text) text_of(TEXT(text))

/* Memory between canaries (CANARY): `size` bytes of a static arena, filled with 0xA5 as all around
 * is. One piece at a time. */
unsigned char *probe_canary(size_t size);
/* Is everything around the last piece as it was? */
bool probe_intact(void);
/* Is the piece itself untouched as well? */
bool probe_untouched(void);

/* One EnumPorts, with its outputs and last-error preset. */
struct probe_list {
    BOOL ok;
    DWORD error; /* last-error */
    DWORD needed;
    DWORD returned;
};
struct probe_list probe_enum(struct trial *t, const WCHAR *server, DWORD level, void *buffer,
                             DWORD size);
/* What a size query says is needed; 0 with a breach if it does not answer as it should. */
DWORD probe_needed(struct trial *t, DWORD level);
/* The names of level 1 in order, each as UTF-8 and a line feed; "" with a breach. Static memory. */
const char *probe_names(struct trial *t);

/* One XcvDataPort, its output preset. */
struct probe_xcv {
    DWORD code;
    DWORD needed;
};
struct probe_xcv probe_data(struct trial *t, HANDLE xcv, const WCHAR *name, const void *input,
                            DWORD input_size, void *output, DWORD output_size);
/* An Xcv handle on the monitor; NULL with a breach. */
HANDLE probe_xcv_open(struct trial *t, ACCESS_MASK access);
/* Bytes of a text with its NUL. */
DWORD probe_bytes(const WCHAR *text);
/* Equal, with case. */
bool probe_equal(const WCHAR *a, const WCHAR *b);

/* Does the store hold a value of that name under Ports? */
bool probe_stored(struct trial *t, const char *name);
/* One job with a few bytes on an open port, which must all arrive at SIM:trial. */
bool probe_job(struct trial *t, HANDLE port, DWORD job);
/* Does OpenPort take that name? Closes it again; *error is last-error. */
bool probe_opens(struct trial *t, const WCHAR *name, DWORD *error);

/* Runs `body(t)` on a thread of its own and waits at most that many milliseconds of the machine's
 * time. False if it was not done by then; call probe_join before the probe returns in any case. */
bool probe_aside(struct trial *t, void (*body)(struct trial *t), unsigned milliseconds);
void probe_join(void);

#endif
