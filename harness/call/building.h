/* SPDX-License-Identifier: MIT
 *
 * Inside of the builder. Every function that returns bool fills the error when it is false.
 */
#ifndef CALL_BUILDING_H
#define CALL_BUILDING_H

#include "call/buildmemory.h"

#define CALL_ARGUMENTS 16u /* more than any slot has */

struct call_builder {
    struct platen_built *built;
    struct platen_slot_info slot;
    const struct platen_names *names; /* NULL: a dry run */
    struct platen_call *call;
    struct platen_text_error *error;
    const struct platen_word *given[CALL_ARGUMENTS]; /* by the slot's order; NULL: left out */
};

/* What a value is for: its name in messages, and the attributes that it may have. */
struct call_target {
    const char *name;
    const char *arg; /* the argument that it belongs to */
};

PLATEN_OS_PRINTF(3, 4)
bool call_build_fail(const struct call_builder *builder, const struct platen_word *word,
                     const char *format, ...);
/* "pBuffer wants bytes, not LPT1:" */
bool call_build_wants(const struct call_builder *builder, const struct platen_word *word,
                      const char *name, const char *what);
/* The word itself, or what a variable stands for. */
const struct platen_word *call_build_resolve(const struct call_builder *builder,
                                             const struct platen_word *word);
bool call_build_is_null(const struct platen_word *word);
bool call_build_is_honest(const struct call_builder *builder);
/* A size that was given: may not be more than that, if it is to be honest. */
bool call_build_fits(const struct call_builder *builder, const struct platen_word *word,
                     const char *name, uint64_t size, uint64_t most);
/* Reads the attributes into the wish. */
bool call_build_attributes(const struct call_builder *builder, const struct platen_word *word,
                           const char *name, struct call_wish *wish);

/* `most`: the largest number that fits. */
bool call_build_number(const struct call_builder *builder, const struct platen_word *word,
                       const char *name, uint64_t most, uint64_t *value);
bool call_build_handle(const struct call_builder *builder, const struct platen_word *word,
                       const char *name, enum platen_kind kind, uint64_t *value);
/* Text and bytes in memory; NULL stays NULL. `own`: memory of its own in any case. */
bool call_build_text(struct call_builder *builder, const struct platen_word *word,
                     const struct call_target *target, bool own, const void **at);
bool call_build_bytes(struct call_builder *builder, const struct platen_word *word,
                      const struct call_target *target, bool own, const void **at, size_t *size);
/* Zeroed memory: a piece of its own, or a part of the arena. */
void *call_build_memory(struct call_builder *builder, const struct platen_word *word,
                        const struct call_wish *wish, bool own);

/* A structure, list or table for the argument. *level: in: what was given; UINT32_MAX: nothing.
 * Out: what the structure is. *count: rows of a list. */
bool call_build_struct(struct call_builder *builder, const struct platen_arg_info *arg,
                       const struct platen_word *word, uint32_t *level, size_t *count,
                       const void **at);
/* A table of functions in memory of its own: monitor:$name{...}. */
bool call_build_table(struct call_builder *builder, const struct platen_arg_info *arg,
                      const struct platen_word *word, const void **at);
/* The table that an OpenPortEx without one gets; NULL if there is none. */
bool call_build_default_table(struct call_builder *builder, const struct platen_arg_info *arg,
                              const void **at);

/* ---- parts of structures --------------------------------------------------------------------- */

/* Each writes the value to `to`. */
bool call_build_date(const struct call_builder *builder, const struct platen_word *word,
                     const char *name, unsigned char *to);
bool call_build_guid(const struct call_builder *builder, const struct platen_word *word,
                     const char *name, unsigned char *to);
/* A MONITORREG and the pointer to it; word NULL: as it is served. */
bool call_build_registry(struct call_builder *builder, const struct platen_word *word,
                         unsigned char *to);
/* "DOC_INFO has no pDocNme; pDocName?" */
bool call_build_unknown(const struct call_builder *builder, const struct platen_word *word,
                        const char *owner, const void *names, size_t stride, size_t count);
/* A word in braces must have a name. */
bool call_build_named(const struct call_builder *builder, const struct platen_word *word,
                      const char *owner);

#endif
