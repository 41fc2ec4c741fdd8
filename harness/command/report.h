/* SPDX-License-Identifier: MIT
 *
 * JSON Lines beside the human text: one object per line, to the file that --json names.
 */
#ifndef COMMAND_REPORT_H
#define COMMAND_REPORT_H

#include <jansson.h>

#include "command/command.h"
#include "os/file.h"

struct report {
    platen_os_file file; /* PLATEN_OS_NO_FILE: nobody asked */
    const char *path;
    bool failed;
};

/* Opens what --json names, if anything. A file that holds something else than JSON is never
 * overwritten: a document that was meant to be printed may stand there by mistake. */
int report_open(struct report *report, const struct arguments *arguments);
/* Writes one object as a line and lets go of it. Does nothing where nobody asked. */
void report_write(struct report *report, json_t *object);
/* `status`, or worse if anything could not be written. */
int report_close(struct report *report, int status);

/* Text as JSON wants it: what is no UTF-8 is escaped. NULL is null. */
json_t *report_text(const char *text);
/* {"code": 170, "name": "ERROR_BUSY", "text": ...}; null for 0. */
json_t *report_error(uint32_t code);

#endif
