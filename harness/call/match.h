/* SPDX-License-Identifier: MIT
 *
 * A finished call beside what was expected of it.
 *
 *   -> TRUE pcbWritten=5            result, then what came back, by name, in any order
 *   -> FALSE ERROR_UNKNOWN_PORT     the error after FALSE or NULL; by name or number
 *   -> ERROR_BUSY|170               a function that returns a code: the code itself
 *   -> any                          whatever comes
 *   -> ?                            it never returned: nothing is compared
 *
 * pattern  a value; a|b|c (one of them); 1..5, 1.., ..5 (a number between, ends included);
 *          ~"LPT*" (text or bytes by * ? [a-z] [!a-z]); sha256:HEX (of bytes, or of text as UTF-8);
 *          any; <12 bytes> (data of that length); {...} (anything but NULL); rows that end in ...
 *          (these, and more)
 * handles  $name: asked of names->handle; if it is not known, names->bind gives it to what came. A
 *          kind:0xHEX is compared in scripts, never in traces.
 *
 * In structures the fields that are written are compared, and no others.
 */
#ifndef CALL_MATCH_H
#define CALL_MATCH_H

#include "call/build.h"
#include "call/print.h"

struct platen_difference {
    const char *name; /* "pcbWritten", "pDocInfo.pDocName", "pPorts[2].pName", "result", "error" */
    uint32_t column;  /* of the word in the line that was expected */
    const char *expected; /* as it was written */
    const char *got;      /* in the same grammar; cut, if it is very long */
};

struct platen_match_form {
    const struct platen_names *names; /* for $name and @stream; may be NULL */
    /* Gives the name to a handle: called for a $name that names->handle does not know. false: it
     * may not have it (another one has it). May be NULL: then an unknown name is a difference. */
    bool (*bind)(void *context, enum platen_kind kind, const char *name, size_t length,
                 uint64_t bits);
    void *context; /* of bind and sha256 */
    /* SHA-256 in hexadecimal. May be NULL: then it cannot be compared, and is a difference. */
    void (*sha256)(void *context, const void *data, size_t size, char text[65]);
    const struct platen_call_form *print; /* how `got` is written; may be NULL */
    bool trace; /* the line was recorded: what volatile.def lists is not compared */
};

/* Memory for the differences, used again. */
struct platen_matcher;

struct platen_matcher *platen_matcher_new(void); /* NULL: no memory */
void platen_matcher_free(struct platen_matcher *matcher);

/* Compares what a call brought back with the words of a line's right side. Returns the number of
 * differences; *list (may be NULL) is valid until the next comparison with the same memory. */
size_t platen_match(struct platen_matcher *matcher, const struct platen_word *right,
                    const struct platen_call *call, const struct platen_match_form *form,
                    const struct platen_difference **list);
/* The same for what went in, beside the arguments on a line's left side: for calls back. */
size_t platen_match_left(struct platen_matcher *matcher, const struct platen_word *arguments,
                         const struct platen_call *call, const struct platen_match_form *form,
                         const struct platen_difference **list);

/* Can this be expected of that slot at all? false: error says what is wrong (an argument that there
 * is not, with the nearest; a result that this slot cannot have). For a line as soon as it is read.
 */
bool platen_match_check(enum platen_slot slot, const struct platen_word *right,
                        struct platen_text_error *error);

/* Does every range in these words (their alternatives and parts too) begin before it ends? Another
 * one would fit nothing. */
bool platen_match_ranges(const struct platen_word *words, struct platen_text_error *error);

/* Is a word of that name never the same twice? For arguments of slots, at= and took=. */
bool platen_is_volatile(const char *name, size_t length);

/* One value beside one pattern, for verbs: a number, a text. */
bool platen_match_number(const struct platen_word *pattern, uint64_t value);
bool platen_match_text(const struct platen_word *pattern, const char *utf8);
bool platen_match_bytes(const struct platen_word *pattern, const void *data, size_t size,
                        const struct platen_match_form *form);

#endif
