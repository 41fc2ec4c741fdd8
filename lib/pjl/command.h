/* SPDX-License-Identifier: MIT
 *
 * What we say to a printer in PJL: a fixed vocabulary, and one thing that others chose, the name of
 * a document. Pure.
 */
#ifndef PLATEN_PJL_COMMAND_H
#define PLATEN_PJL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

enum {
    PJL_NAME = 80, /* bytes of a job's name, without its NUL: what PJL allows */
    PJL_SAY = 512  /* room for the longest text below, with its NUL */
};

/* Something to be sent; `sent` of it are on their way already. */
struct pjl_say {
    uint32_t size;
    uint32_t sent;
    char text[PJL_SAY];
};

/* The name of a job: the document's, and in brackets what no other job on the port has, so that the
 * printer's word of a job can be matched. Of the document's name printable ASCII is kept, but no
 * quotes; the rest becomes '_'. NULL: there is none. `name` has room for PJL_NAME + 1. */
void pjl_name(char *name, const char16_t *document, uint32_t job, uint32_t serial);

/* The name that the printer reports may have been cut. */
bool pjl_is_name(const char *ours, const char *reported);

/* "Who are you?": what does not speak PJL does not answer. */
void pjl_say_question(struct pjl_say *say);
/* What is asked for beside the state. */
enum pjl_extent { PJL_STATE_ALONE, PJL_STATE_AND_SUPPLIES, PJL_EVERYTHING };
/* Tell us what is the matter, now and later, and so much of what you have. Leaves the printer in no
 * job. */
void pjl_say_hello(struct pjl_say *say, enum pjl_extent extent);
/* The same before a job, whose bytes follow at once. */
void pjl_say_job(struct pjl_say *say, enum pjl_extent extent, const char *name);
void pjl_say_end_of_job(struct pjl_say *say, const char *name);
/* Questions of INFO: "MEMORY". */
void pjl_say_info(struct pjl_say *say, const char *const *words, size_t count);
/* Tell us nothing any more. */
void pjl_say_goodbye(struct pjl_say *say);

#endif
