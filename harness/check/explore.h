/* SPDX-License-Identifier: MIT
 *
 * What the files of the explorer share.
 */
#ifndef CHECK_EXPLORE_H
#define CHECK_EXPLORE_H

#include "check/inside.h"

#define EXPLORE_PORTS 4096

struct explorer {
    struct check *check;
    struct bench *bench;
    struct check_texts texts;
    bool ended;     /* the monitor of this bench is no more */
    unsigned hangs; /* that ended one */
};

/* Is it so? Names that earlier questions bound are forgotten before. */
bool explore_ask(struct explorer *explorer, const char *format, ...) PLATEN_OS_PRINTF(2, 3);
/* The same with the names of the question before. */
bool explore_go_on(struct explorer *explorer, const char *lines);
/* Another bench, if this one has ended; false: there is none. */
bool explore_renew(struct explorer *explorer);
/* The ports that are listed now; how many, at most `most`. */
size_t explore_ports(struct explorer *explorer, const char **names, size_t most);

/* What came of the last call under that name, as a line has it; NULL: nothing. */
const char *explore_came(struct explorer *explorer, const char *name);

/* explore_open.c: a file that the monitor has open while it prints on the port, and that holds what
 * was printed in the end; NULL. */
const char *explore_open_files(struct explorer *explorer, const char *port);

/* What is printed, as a line has it; and the path among these, up to a NULL, that it arrived at. */
#define EXPLORE_MARK "\"PlatenCheck \\x01\\xfe 0123456789\""
const char *explore_await_mark(struct explorer *explorer, const char *const *paths);

/* A monitor that a job did not go well with disturbs the next: another bench. */
void explore_start_again(struct explorer *explorer);
/* A name in the world's folder as the monitor knows it, written to `to`; and a text as a line has
 * it between quotes. */
const char *explore_below(const struct explorer *explorer, const char *name, char *to, size_t size);
const char *explore_quoted(struct explorer *explorer, const char *text);
/* Does the port print into the file that the job names? It is the survey's then. */
bool explore_job_file(struct explorer *explorer, const char *port);

/* explore_add.c: how ports are added; FILE:, if it can be; a port from which nothing can be read;
 * one beside the one that is printed to; is there a device id? */
void explore_adding(struct explorer *explorer);
void explore_adding_file(struct explorer *explorer);
void explore_silent(struct explorer *explorer);
void explore_second(struct explorer *explorer);
void explore_device_id(struct explorer *explorer);

#define EXPLORE_NETWORK "127.0.0.1"
#define EXPLORE_SOME    12 /* of the ports that are there are tried */

/* explore_words.c: the words that the monitor knows. */
void explore_words(struct explorer *explorer);

/* explore_target.c: ports that can be added, and what to print to. */
void explore_targets(struct explorer *explorer);

#endif
