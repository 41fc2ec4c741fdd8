/* SPDX-License-Identifier: MIT
 *
 * What a call brought back, as its line tells it behind the arrow, into the memory of whoever made
 * the call: the last leg of a call that ran in another process.
 *
 *   platen_call_print -> there: read, build, run, platen_call_print_right -> platen_call_apply
 *
 * The line comes from a stranger. Whatever it says, nothing is written outside the memory that the
 * call's own arguments describe; what does not fit, or makes no sense, is an error, and then the
 * call is as if it had failed.
 */
#ifndef CALL_APPLY_H
#define CALL_APPLY_H

#include "call/build.h"

struct platen_apply_form {
    struct platen_built *built;       /* memory to work in; not that of the call itself */
    const struct platen_names *names; /* for @stream; may be NULL */
    const PLATEN_IMPORTS *imports;    /* whose Router functions make the trees that come back */
    unsigned word;    /* bytes of a pointer where the call ran; 0: as many as here */
    LPMONITOR2 table; /* what a call that gives a table gives, if the line says `table` */
    void *handle;     /* the same for a handle */
};

/* Sets result and last_error of `call`, and writes what came back through its arguments. A size
 * that was needed where pointers are of another width is given in this width: exactly if the rows
 * came with it, otherwise twice as much. Rows that do not fit in this width make the call one that
 * said INSUFFICIENT_BUFFER. platen_call_keep_given must have been called when the call began. */
bool platen_call_apply(struct platen_call *call, const struct platen_word *right,
                       const struct platen_apply_form *form, struct platen_text_error *error);

/* The result that stands for "it could not be called": FALSE, NULL or the code, and the code as the
 * last-error. Handles and counts that come back are zeroed. */
void platen_call_refuse(struct platen_call *call, uint32_t code);

#endif
