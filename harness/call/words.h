/* SPDX-License-Identifier: MIT
 *
 * One line of a trace or of a script as words. The grammar is the same for both, for calls and for
 * verbs:
 *
 *   LPT1: WritePort hPort=$port1 pBuffer="%!PS\n" -> TRUE pcbWritten=5     # a call on its lane
 *   job "LPT1:" file doc.ps title="x" -> printed|cancelled                 # a verb
 *   repeat 3 as $i {                                                       # opens a block
 *   }                                                                      # closes it
 *
 * line    words, "->", words, "# comment" (a # that begins a word); a { at the end opens a block, a
 *         } alone closes one
 * word    value, or name=value
 * value   one of enum platen_word_kind; then !attribute or !attribute=N, as many as there are; then
 *         |value, as an alternative
 * bare    anything up to a blank or one of " { } [ ] | ! so that paths, ports (LPT1:), -options and
 *         0x1f are bare words. A name before = is made of letters, digits, _ and -, and begins with
 * a letter or _. text    "..." with \n \r \t \" \\ \xHH (a byte, or the unit of that number)
 * \u{H...} (one UTF-16 unit, or a character above them)
 *
 * An error is: a byte that is no UTF-8, NUL and other control characters (but tabs between words),
 * marks that turn the direction of text, text, braces and brackets that do not end, unknown
 * escapes, nesting deeper than PLATEN_WORDS_DEEP, lines longer than PLATEN_WORDS_LONG.
 */
#ifndef CALL_WORDS_H
#define CALL_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/format.h"

#if !defined(__cplusplus)
#    include <uchar.h>
#endif

#define PLATEN_WORDS_DEEP 32           /* braces and brackets within each other */
#define PLATEN_WORDS_LONG (256u << 20) /* bytes of a line */

/* What is wrong in a text, and where. Columns count characters from 1. */
struct platen_text_error {
    uint32_t line;
    uint32_t column;
    char what[240]; /* without a full stop; printable */
};

/* Fills `error` (may be NULL) and returns false. */
PLATEN_OS_PRINTF(4, 5)
bool platen_text_fail(struct platen_text_error *error, uint32_t line, uint32_t column,
                      const char *format, ...);

enum platen_word_kind {
    PLATEN_WORD_NONE,    /* name= with nothing behind it, or with attributes only */
    PLATEN_WORD_BARE,    /* 12, 0x1f, NULL, LPT1:, 1..5, doc.ps, port:0x501, sha256:HEX */
    PLATEN_WORD_TEXT,    /* "..."        at: between the quotes, still escaped */
    PLATEN_WORD_GLOB,    /* ~"LPT*"      at: between the quotes, still escaped */
    PLATEN_WORD_NAME,    /* $port1       at: port1 */
    PLATEN_WORD_STREAM,  /* @doc1[0+8]   at: doc1 */
    PLATEN_WORD_FIELDS,  /* {a=1 b=2}    inside: a, b; at: what stands right before the brace,
                                         as in monitor:$pm{cbSize=152}, else empty */
    PLATEN_WORD_ROWS,    /* ["a" "b"]    inside: "a", "b" */
    PLATEN_WORD_OMITTED, /* {...} something that was not written down; ... as the last of rows */
    PLATEN_WORD_LENGTH   /* <12 bytes>   count: 12; data that was not written down */
};

struct platen_word {
    enum platen_word_kind kind;
    uint32_t line;
    uint32_t column; /* of the word: of its name, if it has one */
    size_t name_length;
    const char *name; /* of name=value; NULL if there is none */
    const char *at;   /* a slice of the line that was read; not terminated */
    size_t length;
    const char
        *raw; /* the value as it was written, with quotes, braces, attributes, alternatives */
    size_t raw_length;
    uint64_t offset; /* STREAM: of the slice */
    uint64_t count;  /* STREAM: bytes in the slice; UINT64_MAX: all of it. LENGTH */
    const struct platen_word *inside;     /* FIELDS, ROWS: the first, or NULL */
    const struct platen_word *attributes; /* name, and value NONE or BARE; chained by next */
    const struct platen_word *either;     /* the next alternative; its own `next` is NULL */
    const struct platen_word *next;
};

struct platen_line {
    uint32_t number;
    const struct platen_word *left;  /* the first word, or NULL */
    const struct platen_word *right; /* the first word after "->", or NULL */
    uint32_t arrow;                  /* column of "->"; 0 if there is none */
    uint32_t opens;                  /* column of the { at the end; 0 if there is none */
    uint32_t closes;                 /* column of the } that is the line; 0 if it is not */
    uint32_t depth; /* blanks between the first and the second word, less one, halved: how deep a
                       call was, where the first word is a lane */
};

/* Memory for words, used again from line to line. One thread at a time. */
struct platen_words;

struct platen_words *platen_words_new(void); /* NULL: no memory */
void platen_words_free(struct platen_words *words);

/* Reads one line; a line break at its end, \n or \r\n, is no part of it. What `line` and the words
 * point at is valid until the next line is read with the same memory, and as long as `text` is.
 * false: error is filled, and the line is empty. An empty line is fine and has no words. */
bool platen_words_read(struct platen_words *words, const char *text, size_t length, uint32_t number,
                       struct platen_line *line, struct platen_text_error *error);

/* ---- what a word says ------------------------------------------------------------------------ */

/* Is it this bare word? */
bool platen_word_is(const struct platen_word *word, const char *bare);
/* The word of that name among `word` and those after it, or NULL. */
const struct platen_word *platen_word_named(const struct platen_word *word, const char *name);
/* How many there are from here. */
size_t platen_word_count(const struct platen_word *word);
/* A bare word that is a number, decimal or 0x.., with nothing else: its value. false otherwise, and
 * where it does not fit. */
bool platen_word_number(const struct platen_word *word, uint64_t *value);
/* "-5" as well. */
bool platen_word_signed(const struct platen_word *word, int64_t *value);
/* Seconds with up to nine decimals as nanoseconds: "1.5", "at=0.000000250". */
bool platen_word_seconds(const struct platen_word *word, uint64_t *nanoseconds);
/* A kind:0xHEX word: the handle's bits. *kind is a slice, "port". */
bool platen_word_bits(const struct platen_word *word, const char **kind, size_t *kind_length,
                      uint64_t *bits);

/* TEXT, GLOB and BARE decoded. Each writes at most `size` units or bytes and no NUL of its own, and
 * returns how many there are, so that result > size means cut; to may be NULL with size 0. Other
 * kinds are empty. */
size_t platen_word_text16(const struct platen_word *word, char16_t *to, size_t size);
size_t platen_word_bytes(const struct platen_word *word, void *to, size_t size);
/* The same as UTF-8 (generalised, as os/text.h has it), terminated, in the memory of `words`. NULL
 * with `error` where it is no text, or holds a NUL. */
const char *platen_word_string(struct platen_words *words, const struct platen_word *word,
                               struct platen_text_error *error);

/* ---- near words ------------------------------------------------------------------------------ */

/* The name most like `word`, for "did you mean": by the fewest letters to be changed, without
 * regard to case; NULL if none is near. names: the first of `count` members of type const char *
 * that lie `stride` bytes apart, as &verbs[0].name and sizeof verbs[0]; a NULL among them is passed
 * over. */
const char *platen_nearest(const char *word, size_t length, const void *names, size_t stride,
                           size_t count);

/* The same for the end of a message: "; pBuffer?", or "". */
struct platen_hint {
    char text[72];
};
struct platen_hint platen_hint(const char *word, size_t length, const void *names, size_t stride,
                               size_t count);

#endif
