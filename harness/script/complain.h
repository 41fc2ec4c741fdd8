/* SPDX-License-Identifier: MIT
 *
 * What is wrong with a script, as "file:line:column: what".
 */
#ifndef SCRIPT_COMPLAIN_H
#define SCRIPT_COMPLAIN_H

#include <stdint.h>

#include "call/words.h"

#define SCRIPT_COMPLAINTS_SHOWN 20 /* of one run */

struct script_complaints {
    void (*tell)(void *context, const char *text); /* gets each line, made printable; or NULL */
    void *context;
    uint32_t count; /* all of them; only the first ones are told */
};

/* error->line 0: the file as a whole. */
void script_complain(struct script_complaints *complaints, const char *file,
                     const struct platen_text_error *error);

#endif
