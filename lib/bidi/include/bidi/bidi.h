/* SPDX-License-Identifier: MIT
 *
 * SendRecvBidiDataFromPort without a port (contract 6): reads a request, asks a source for each
 * value and makes the response, from the Router's memory alone. The port monitor's source is its
 * backend and the providers, the language monitor's is what it learned from the printer.
 *
 * Names of values are UTF-8 and written in full, "\Printer.Status.Summary:State"; they compare
 * without regard to case, and an answer has a name as the source lists it, or as the schema table
 * has it. Values are text here: a number in decimal, a BOOL "true" or "false"; the table (bidi.def)
 * says which type each has for the caller, and what it does not name is BIDI_STRING.
 */
#ifndef PLATEN_LIB_BIDI_H
#define PLATEN_LIB_BIDI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platen/winsplp.h>

#include "os/text.h"

enum {
    BIDI_SCHEMA_BYTES = 512,    /* the longest name of a value with its NUL */
    BIDI_VALUE_BYTES = 8192,    /* the longest text of one */
    BIDI_MOST_REQUESTS = 65536, /* entries of one request */
    BIDI_MOST_ANSWERS = 1 << 20 /* entries of one response */
};

/* Gets the name of a value, which it copies. */
typedef void (*bidi_add)(void *to, const char *schema);

/* Who knows the values; every function gets `context`, on the thread of bidi_run and while it runs.
 * Codes: BIDI_SCHEMA_NOT_SUPPORTED for what is not known, BIDI_DEVICE_OFFLINE for what cannot be
 * asked now; any code becomes that of the entry, but for NOT_ENOUGH_MEMORY, which ends it all. */
struct bidi_source {
    void *context;

    /* Get, and GetWithArgument with an `argument` that is not NULL. The text in `value`, at most
     * `size` bytes with its NUL. */
    uint32_t (*get)(void *context, const char *schema, const char *argument, char *value,
                    size_t size);

    /* Set, for a caller who may; NULL: nothing can be set. */
    uint32_t (*set)(void *context, const char *schema, const char *value);

    /* Calls `add` for each value that `get` would answer now. Asked once in a request, and only
     * where the request needs it. After an error what was added counts. */
    uint32_t (*list)(void *context, void *to, bidi_add add);

    /* Whoever else may know, as the port monitor below a language monitor: a whole call, with what
     * the functions above answered BIDI_SCHEMA_NOT_SUPPORTED, with paths, and with EnumSchema. An
     * error of it counts as "not known". NULL: nobody. */
    uint32_t (*next)(void *context, uint32_t access, const char16_t *action,
                     PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *answer);
};

/* Where a response lives: the Router's functions, none of them NULL. */
struct bidi_memory {
    PBIDI_RESPONSE_CONTAINER(WINAPI *new_container)(DWORD count);
    LPVOID(WINAPI *new_memory)(size_t size);
    DWORD(WINAPI *free_container)(PBIDI_RESPONSE_CONTAINER container);
    VOID(WINAPI *free_memory)(LPVOID memory);
};

/* What the caller passed; any pointer may be NULL. */
struct bidi_call {
    uint32_t access; /* dwAccessBit: BIDI_ACCESS_, or a printer's mask (both have been seen) */
    const char16_t *action;
    const BIDI_REQUEST_CONTAINER *request;
};

/* SendRecvBidiDataFromPort's answer: 0; BIDI_STATUS_WARNING when some entries failed;
 * NOT_SUPPORTED for an action that is none; ACCESS_DENIED for a Set without administrative access;
 * INVALID_PARAMETER for a request that is none (NULL, a Count of 0 but for EnumSchema, or beyond
 * BIDI_MOST_REQUESTS); NOT_ENOUGH_MEMORY. With the first two *answer is a whole response, which
 * belongs to the caller, otherwise NULL. Unaligned requests are fine. */
uint32_t bidi_run(const struct bidi_source *source, const struct bidi_memory *memory,
                  const struct bidi_call *call, PBIDI_RESPONSE_CONTAINER *answer);

#endif
