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

/* What can be asked for by name, and how much room its text gets. */
enum pjl_fact {
    PJL_FACT_MODEL,     /* INFO ID: the text in quotes */
    PJL_FACT_INSTALLED, /* INFO CONFIG: MEMORY=, bytes */
    PJL_FACT_AVAILABLE, /* INFO MEMORY: TOTAL=, bytes */
    PJL_FACT_PAGES,     /* INFO PAGECOUNT */
    PJL_FACT_DUPLEX,    /* INFO CONFIG: "1" or "0" */
    PJL_FACTS
};
enum { PJL_FACT_BYTES = 128, PJL_EVENTS = 8 };

enum pjl_job_event { PJL_JOB_STARTED, PJL_JOB_PRINTED, PJL_JOB_CANCELLED };

/* A word of the printer about a job; "" for a job without a name. */
struct pjl_event {
    enum pjl_job_event what;
    char name[PJL_NAME + 1];
};

enum pjl_about {
    PJL_ABOUT_OTHER,
    PJL_ABOUT_STATE, /* USTATUS DEVICE, USTATUS TIMED, INFO STATUS */
    PJL_ABOUT_JOB,   /* USTATUS JOB */
    PJL_ABOUT_ID,
    PJL_ABOUT_CONFIG,
    PJL_ABOUT_MEMORY,
    PJL_ABOUT_PAGES
};

/* All zero: nothing is known. */
struct pjl_learned {
    bool speaks; /* at least one message came whole */
    bool has_state;
    uint32_t code;
    bool online;
    char display[PJL_FACT_BYTES];
    char facts[PJL_FACTS][PJL_FACT_BYTES]; /* "": not known */
    uint32_t answers[PJL_FACTS];           /* how often each was told */
    struct pjl_event events[PJL_EVENTS];   /* of jobs, the oldest first; taken by who reads them */
    uint32_t events_count;
    bool tells_jobs; /* it has said a word about a job */

    /* The message that is coming. */
    enum pjl_about about;
    bool odd;      /* something is in it that no printer says */
    bool has_code; /* a state without a code is none */
    uint32_t new_code;
    bool new_online;
    char new_display[PJL_FACT_BYTES];
    char new_facts[PJL_FACTS][PJL_FACT_BYTES];
    bool has_event;
    struct pjl_event event;
};

/* The members of a sink whose context is a struct pjl_learned; `aside` is left NULL. */
struct pjl_reply_sink pjl_learned_sink(struct pjl_learned *learned);

/* The oldest event; false: there is none. */
bool pjl_learned_event(struct pjl_learned *learned, struct pjl_event *event);

#endif
