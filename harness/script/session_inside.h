/* SPDX-License-Identifier: MIT
 *
 * What the files of a session share.
 */
#ifndef SCRIPT_SESSION_INSIDE_H
#define SCRIPT_SESSION_INSIDE_H

#include "script/inside.h"
#include "script/session.h"

#define SESSION_LINES 4000 /* that are kept */

/* The lines that ran. `count` goes on; of those before the last SESSION_LINES nothing is left. */
struct session_lines {
    platen_os_mutex lock;
    struct platen_session_line line[SESSION_LINES];
    size_t count;
};

enum session_work { SESSION_IDLE, SESSION_RUNS, SESSION_CLOSES, SESSION_ENDS };

struct session_found {
    struct session_found *next;
    char text[];
};

struct platen_session {
    struct platen_session_options options; /* its strings are copies */
    struct platen_script_world world;
    struct platen_script_options script;
    struct script_listener listener;
    struct script_run run;
    struct script_test test;
    struct script_lane *lane;
    struct script_source source; /* of this run */
    struct session_lines lines;
    struct platen_words *words; /* for texts that are asked for */
    char *raw;                  /* the same */
    char why[640];

    platen_os_thread *thread;
    platen_os_mutex lock; /* of the rest */
    platen_os_cond changed;
    enum session_work work;

    bool late;
    bool stuck; /* and it has not come back since */

    platen_os_mutex telling; /* held while the user is told, and of what follows */
    bool listens;
    struct session_found *found; /* while he did not listen */
    struct session_found **last_found;
    atomic_uint wanted;
    _Atomic(const void *) table; /* that the newest monitor gave */
    struct platen_session_call last;
    bool has_last;
    uint64_t longest[PLATEN_SLOT_COUNT]; /* of the last run, in nanoseconds */
};

/* session_told.c: what the session hears of its test. */
struct script_listener session_listener(platen_session *session);
/* The user is told from here on, of what was found meanwhile first; or not any more. */
void session_listen(platen_session *session, bool listens);
void session_found_free(platen_session *session);

/* session_lines.c */
void session_lines_init(struct session_lines *lines);
void session_lines_free(struct session_lines *lines);
/* Takes over the text (malloc'ed; NULL: there was no memory); its number. */
size_t session_lines_add(struct session_lines *lines, enum platen_session_line_kind kind,
                         char *text);
void session_lines_replace(struct session_lines *lines, size_t number, char *text);
size_t session_lines_count(struct session_lines *lines);
/* A block as it stands; malloc'ed. */
char *session_block(const struct script_node *node);
/* The line up to the arrow or the comment. */
size_t session_left(const char *text, size_t length);

#endif
