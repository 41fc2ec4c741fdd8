/* SPDX-License-Identifier: MIT
 *
 * From words to a call with native arguments.
 *
 *   platen_words_read -> platen_statement_find -> platen_build -> platen_call_run
 *                     -> platen_built_after -> platen_match
 *
 * What a line leaves out has a default: a size is that of the data beside it; memory that comes
 * back is as large as its size says (or 4 KiB, 64 KiB for lists of ports, 256 characters for
 * names); a pointer that something comes back through leads to fresh memory, zeroed, in which a
 * number given on the left (pcbWritten=77) stands beforehand; a handle is the newest of its kind;
 * Level is 1 (EnumPorts 2, SetPort 3), or what the fields of the structure say; everything else is
 * 0 or NULL.
 *
 * Buffers end at a page without access, texts as well: a byte more than there is cannot be read or
 * written. Where alignment leaves a gap, and before each buffer, stand canaries.
 *
 * Attributes of a value, for what is wrong on purpose:
 *   !guard         it ends at the guard page to the byte, whatever that does to its alignment
 *   !readonly      it cannot be written
 *   !unterminated  TEXT: the NUL is missing, and the page behind has no access
 *   !odd           its address is odd
 *   !poison        overwritten as soon as the call has returned
 *   !short=N       only N bytes of it are really there, and then the guard page
 *   !painted       memory that comes back: every byte of it is PLATEN_PAINT beforehand
 */
#ifndef CALL_BUILD_H
#define CALL_BUILD_H

#include "call/call.h"
#include "call/words.h"

/* ---- a line as a statement ------------------------------------------------------------------- */

/* lane, head, arguments. The first word is the lane if it is quoted, or neither a slot nor a verb
 * and something follows it. */
struct platen_statement {
    const struct platen_word *lane;      /* or NULL */
    const struct platen_word *head;      /* slot, verb, or an unknown word; NULL: an empty line */
    const struct platen_word *arguments; /* the words after the head, or NULL */
    enum platen_slot slot;               /* PLATEN_SLOT_COUNT if head is none */
    uint32_t depth;                      /* 0 without a lane */
};

/* is_verb may be NULL: then only slots are known. */
void platen_statement_find(const struct platen_line *line,
                           bool (*is_verb)(const char *name, size_t length),
                           struct platen_statement *statement);

/* As platen_slot_find, for a name that is not terminated. */
enum platen_slot platen_slot_find_part(const char *name, size_t length);
/* The slot whose name is most like it, or NULL. */
const char *platen_slot_nearest(const char *name, size_t length);

/* ---- names ----------------------------------------------------------------------------------- */

/* What the words name, asked of whoever runs them. Any of the functions may be NULL: nothing of
 * that sort is known then. Kinds of handles are never the NEW_ ones. */
struct platen_names {
    void *context;
    /* $name as a handle: writes its bits; false if it is not known. */
    bool (*handle)(void *context, enum platen_kind kind, const char *name, size_t length,
                   uint64_t *bits);
    /* The handle for an argument that was left out; false: NULL is passed. */
    bool (*newest)(void *context, enum platen_slot slot, const struct platen_arg_info *arg,
                   enum platen_kind kind, uint64_t *bits);
    /* @name: at least *count bytes from `offset`, readable until the call has returned. In:
     * UINT64_MAX asks for all that there is. Out: how many there are, at most what was asked for.
     * false if there is no such stream. */
    bool (*stream)(void *context, const char *name, size_t length, uint64_t offset, uint64_t *count,
                   const void **bytes);
    /* The MONITOR2 of the monitor with that handle, or NULL. */
    const MONITOR2 *(*table)(void *context, uint64_t monitor);
    /* $name as a variable: the word that stands for it, or NULL. Asked before `handle`. Its memory
     * is the answerer's own and lives as long as the line. */
    const struct platen_word *(*variable)(void *context, const char *name, size_t length);
    /* The line comes from a stranger, and what runs the call trusts its arguments: nothing may be
     * wrong on purpose, no size more than there is. Bare pointers become NULL. */
    bool honest;
};

/* The kind of a handle that comes out: PORT for NEW_PORT; others are themselves. */
enum platen_kind platen_kind_of_handle(enum platen_kind kind);

/* ---- building -------------------------------------------------------------------------------- */

/* Memory for the arguments of one call, used again from call to call: one per lane, or per call
 * that is under way (a call back inside needs another). */
struct platen_built;

struct platen_built *platen_built_new(void); /* NULL: no memory */
void platen_built_free(struct platen_built *built);

/* Makes the call of `slot` with these arguments: fills slot, args, given and built of `call` and
 * zeroes the rest. false: error is filled (an argument that there is not, with the nearest; a value
 * of the wrong sort; a name that is not known). names NULL: a dry run; every name is known, handles
 * are NULL and streams are empty. What the arguments point at lives until the next call is built in
 * the same memory. */
bool platen_build(struct platen_built *built, enum platen_slot slot,
                  const struct platen_word *arguments, const struct platen_names *names,
                  struct platen_call *call, struct platen_text_error *error);

/* To be called as soon as the call has returned, on the thread that made it: overwrites what is to
 * be poisoned, and looks at the canaries. Returns how many arguments have memory around them that
 * was written to; *names (may be NULL) is their list, "pBuffer", valid until the next call. */
size_t platen_built_after(struct platen_built *built, const char *const **names);
/* The same without overwriting anything. */
size_t platen_built_damaged(struct platen_built *built, const char *const **names);

/* How many bytes can be read at `at`, as far as this memory knows: SIZE_MAX if it is not in it. */
size_t platen_built_reach(const struct platen_built *built, const void *at);
/* The attributes that were asked for at `at`, in the order of this header: PLATEN_ATTRIBUTE_ bits.
 * *size (of !short) is written if that bit is set. */
unsigned platen_built_attributes(const struct platen_built *built, const void *at, size_t *size);

#define PLATEN_PAINT 0xa5

enum platen_attribute {
#define PLATEN_ATTRIBUTE(name, bit, summary) PLATEN_ATTRIBUTE_##name = 1 << bit,
#include "call/attributes.def"
#undef PLATEN_ATTRIBUTE
};

#endif
