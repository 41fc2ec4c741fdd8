/* SPDX-License-Identifier: MIT
 *
 * The null backend: the port `NUL:`, which takes everything and keeps nothing.
 *
 * It is also the smallest backend there can be, and the one to copy for a new one. What a backend
 * consists of, from the bottom of this file upwards: one constant table, its only global symbol,
 * and the functions that the table names. <platen/backend.h> says of each function who calls it,
 * whether it may wait and what it may return. What cannot be done is left out of the table: this
 * backend has no `read` (there is no back channel), no `cancel` (nothing here waits) and no
 * `settings`.
 */
#include <platen/backend.h>

#include "os/text.h" /* the seam; a backend may use os/clock.h, error.h, file.h, text.h, thread.h */

/* Which names are ours, when a port has a name and no URI? 3: exactly these. A backend whose ports
 * have a form rather than a name would answer 2 for that form. Touches nothing but the name. */
static unsigned claims(const char *port_name)
{
    bool ours =
        platen_text_equal_folded8(port_name, "NUL:") || platen_text_equal_folded8(port_name, "NUL");
    return ours ? 3 : 0;
}

/* The ports that exist without anybody adding them. */
static void enumerate(struct platen_enumeration *to)
{
    to->add(to, "NUL:", "Discards everything");
}

/* OpenPort. `state` points to state_size zeroed bytes, this port's own. The texts of `setup` are
 * gone when the call returns; clock and log stay. No waiting for a device here: that is start_doc.
 */
static uint32_t open_port(void *state, const struct platen_port_setup *setup)
{
    (void)state;
    (void)setup;
    return 0;
}

/* StartDocPort. What it takes (a file, a connection, a lock), end_doc gives back; if it fails it
 * has given back everything itself. doc->output_file is for PLATEN_PER_JOB backends alone. */
static uint32_t start_doc(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    (void)state;
    (void)doc;
    (void)deadline; /* nothing here waits; who waits does so on setup->clock, until this moment */
    return 0;
}

/* WritePort. As many bytes as can be moved without waiting longer than for the first; *moved is set
 * on every way out, and says what the device has got, no more (R38, R41). */
static uint32_t null_write(void *state, const void *data, uint32_t size, uint64_t deadline,
                           uint32_t *moved)
{
    (void)state;
    (void)data; /* never kept beyond the call (R45) */
    (void)deadline;
    *moved = size;
    return 0;
}

/* EndDocPort. Releases what start_doc took, whatever happens; 0 only if every byte has arrived. */
static uint32_t end_doc(void *state, bool abandoned, uint64_t deadline)
{
    (void)state;
    (void)abandoned;
    (void)deadline;
    return 0;
}

/* ClosePort: the last call for this state, which the library then frees. */
static void close_port(void *state)
{
    (void)state;
}

const struct platen_backend platen_backend_null = {
    .size = sizeof(struct platen_backend),
    .name = "null",
    .summary = "takes everything and keeps nothing (NUL:)",
    .example = "NUL: null:",
    .claims = claims,
    .enumerate = enumerate,
    .open = open_port,
    .start_doc = start_doc,
    .write = null_write,
    .end_doc = end_doc,
    .close = close_port,
};
