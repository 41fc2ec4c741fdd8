/* SPDX-License-Identifier: MIT
 *
 * A call as one line of text, in the grammar of call/words.h; what is written here, call/build.h
 * makes a call of again.
 *
 *   LPT1: WritePort hPort=$port1 pBuffer="%!PS\n" cbBuf=5 -> TRUE pcbWritten=5
 *   main EnumPorts hMonitor=$monitor1 pName=NULL Level=2 pPorts=NULL cbBuf=0 -> FALSE pcbNeeded=88
 *        pcReturned=0 ERROR_INSUFFICIENT_BUFFER            (one line in truth)
 *
 * line    lane (quoted where it could be taken for something else), two blanks per depth (32 at
 *         most), slot, arguments, "->", result, what came back, error, at=, took=
 * left    every argument that goes in; one that only comes back stands here if it is NULL or wrong
 *         on purpose; of a number that goes both ways, what went in, if it was kept
 * right   TRUE, FALSE, a code, table, NULL, done; then what came back: numbers always, the rest
 *         after success; then the error's name, or its number where it has none
 * text    "..." with \n \r \t \" \\ \xHH (a byte) and \u{HHHH} (a UTF-16 unit that is no character,
 *         or that would do something to a terminal)
 * handle  $kindN by the order of appearance if the form names them, else kind:0xHEX; NULL
 * bytes   "..." up to the form's limit, else what form->data says, else <N bytes>
 * struct  {name=value ...}, rows [...]; {...} where it cannot be known what is pointed at
 * wild    wild:0xHEX: a pointer in memory that a monitor filled, that leads out of it
 */
#ifndef CALL_PRINT_H
#define CALL_PRINT_H

#include <stddef.h>

#include "call/call.h"

struct platen_call_form {
    /* Writes the name of a handle, "$port1"; false to print its bits. May be NULL. */
    bool (*name)(void *context, enum platen_kind kind, uint64_t value, char *to, size_t size);
    void *context;
    size_t inline_bytes; /* longer data is told by `data`, or by its length alone */
    bool entering;       /* the call has not returned: the line ends in "-> ?" */
    /* Writes what stands for data that is longer than that, "@doc1[0+65536]", NUL-terminated, into
     * at most `size` bytes (96); false to print <N bytes>. May be NULL. */
    bool (*data)(void *context, const struct platen_call *call, const struct platen_arg_info *arg,
                 const void *bytes, size_t length, char *to, size_t size);
    /* How many bytes of memory that a monitor handed over can be read from `at`: 0 if none. Asked
     * for trees of bidi responses; NULL: they are printed as {...}. */
    size_t (*readable)(void *context, const void *at);
    size_t rows;     /* of lists; further ones are told by ...; 0: all */
    bool brief;      /* data beyond inline_bytes is told by its length alone, `data` is not asked */
    bool beforehand; /* numbers that only come back stand on the left, too, as they are there */
    bool timed;      /* at= and took= stand at the end, in seconds */
    uint64_t origin; /* nanoseconds: what at= counts from */
    /* The lane, as platen_lane_print wrote it; NULL: the call's own. */
    const char *lane;
};

/* Writes the line, without a line break, cut to fit with its NUL; returns the bytes it needs
 * without the NUL. form NULL: no names, 32 bytes in line. Reads what the arguments point at. */
size_t platen_call_print(const struct platen_call *call, const struct platen_call_form *form,
                         char *to, size_t size);
/* The name of a lane, as it stands at the beginning of its lines; the same otherwise. */
size_t platen_lane_print(const char *name, char *to, size_t size);
/* Only what stands behind the arrow. */
size_t platen_call_print_right(const struct platen_call *call, const struct platen_call_form *form,
                               char *to, size_t size);

#endif
