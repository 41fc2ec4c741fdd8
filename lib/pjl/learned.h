/* SPDX-License-Identifier: MIT
 *
 * What a printer has told: its messages, as reply.c takes them apart, turned into facts. Pure; who
 * shares it locks it.
 */
#ifndef PLATEN_PJL_LEARNED_H
#define PLATEN_PJL_LEARNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command.h"
#include "reply.h"
#include "values.h"

/* What can be asked for by name, and how much room its text gets. */
enum pjl_fact {
    PJL_FACT_MODEL,     /* INFO ID: the text in quotes */
    PJL_FACT_INSTALLED, /* INFO CONFIG: MEMORY=, bytes */
    PJL_FACT_AVAILABLE, /* INFO MEMORY: TOTAL=, bytes */
    PJL_FACT_PAGES,     /* INFO PAGECOUNT */
    PJL_FACTS
};
enum { PJL_FACT_BYTES = 128, PJL_EVENTS = 8, PJL_CODES = 5 };

/* What is the matter with a printer; most tell one thing, the most urgent, and none more than
 * PJL_CODES. */
struct pjl_state {
    uint32_t count; /* of codes; 0: it has not said */
    uint32_t codes[PJL_CODES];
    bool online;
    char display[PJL_FACT_BYTES];
};

enum pjl_job_event { PJL_JOB_STARTED, PJL_JOB_PRINTED, PJL_JOB_CANCELLED };

/* A word of the printer about a job; "" for a job without a name. */
struct pjl_event {
    enum pjl_job_event what;
    char name[PJL_NAME + 1];
};

/* All zero: nothing is known. */
struct pjl_learned {
    bool speaks; /* at least one message came whole */
    bool has_state;
    struct pjl_state state;
    char facts[PJL_FACTS][PJL_FACT_BYTES]; /* "": not known */
    struct pjl_values values;
    uint32_t answers[PJL_ABOUTS];        /* how many messages of each kind came whole */
    struct pjl_event events[PJL_EVENTS]; /* of jobs, the oldest first; taken by who reads them */
    uint32_t events_count;
    bool tells_jobs; /* it has said a word about a job */

    /* The message that is coming. */
    enum pjl_about about;
    bool odd; /* something is in it that no printer says */
    struct pjl_state new_state;
    char new_facts[PJL_FACTS][PJL_FACT_BYTES];
    struct pjl_draft draft;
    bool has_event;
    struct pjl_event event;
};

/* The members of a sink whose context is a struct pjl_learned; `aside` is left NULL. */
struct pjl_reply_sink pjl_learned_sink(struct pjl_learned *learned);

/* The oldest event; false: there is none. */
bool pjl_learned_event(struct pjl_learned *learned, struct pjl_event *event);

#endif
