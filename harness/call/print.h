/* SPDX-License-Identifier: MIT
 *
 * A call as one line of text.
 *
 *   LPT1: WritePort hPort=$port1 pBuffer="%!PS\n" cbBuf=5 -> TRUE pcbWritten=5
 *   main EnumPorts hMonitor=$monitor1 pName=NULL Level=2 pPorts=NULL cbBuf=0 -> FALSE pcbNeeded=88
 *        pcReturned=0 ERROR_INSUFFICIENT_BUFFER            (one line in truth)
 *
 * line    lane (quoted if it is not one word), two blanks per depth, slot, arguments, "->", result,
 *         what came back, error
 * left    every argument that goes in; one that only comes back stands here if it is NULL
 * right   TRUE, FALSE, a code, $monitor1 ...; then what came back: numbers always, the rest after
 *         success; then the error's name, or its number where it has none
 * text    "..." with \n \r \t \" \\ \xHH (a byte) and \u{HHHH} (a UTF-16 unit that is no character)
 * handle  $kindN by the order of appearance if the form names them, else kind:0xHEX; NULL
 * bytes   "..." up to the form's limit, else <N bytes>
 *
 * The same grammar is what scripts are written in.
 */
#ifndef CALL_PRINT_H
#define CALL_PRINT_H

#include <stddef.h>

#include "call/call.h"

struct platen_call_form {
    /* Writes the name of a handle, "$port1"; false to print its bits. May be NULL. */
    bool (*name)(void *context, enum platen_kind kind, uint64_t value, char *to, size_t size);
    void *context;
    size_t inline_bytes; /* longer data is told by its length alone */
    bool entering;       /* the call has not returned: the line ends in "-> ?" */
};

/* Writes the line, without a line break, cut to fit with its NUL; returns the bytes it needs
 * without the NUL. form NULL: no names, 32 bytes in line. Reads what the arguments point at. */
size_t platen_call_print(const struct platen_call *call, const struct platen_call_form *form,
                         char *to, size_t size);

#endif
