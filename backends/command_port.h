/* SPDX-License-Identifier: MIT
 *
 * What the files of the command backend share. command.c is the backend, command_texts.c makes the
 * argv and the environment, command_output.c tells the log what the program says.
 */
#ifndef COMMAND_PORT_H
#define COMMAND_PORT_H

#include <stdatomic.h>

#include <platen/backend.h>

#include "os/program.h"
#include "os/thread.h"

#define COMMAND_VARIABLES "REDMON_"

enum { COMMAND_LINE = 400, COMMAND_LINES = 1000 };

/* What the program has said of late. */
struct command_output {
    char line[COMMAND_LINE + 1]; /* under way */
    char last[COMMAND_LINE + 1]; /* before it, that was not empty */
    size_t used;
    unsigned lines; /* told, of this job */
    bool ended;
};

/* One open port: the backend's private state. The program lives as long as its job. The write lane
 * alone makes, uses and ends it; `lock` keeps it in place for cancel, which comes from other
 * threads, and is never held while anybody waits. */
struct command_port {
    struct platen_clock *clock;
    void (*log)(void *context, enum platen_log_level level, const char *text);
    void *log_context;
    char *name;         /* the port's */
    char *path;         /* of the program, absolute */
    char *folder;       /* NULL: this process's */
    char **words;       /* NULL-terminated, one block with their texts */
    uint64_t patience;  /* after the last byte, nanoseconds; 0: for ever */
    uint64_t impatient; /* the moment when it is over; 0: the job goes on */
    bool input_closed;
    bool drained;
    uint32_t broken; /* why this job can only fail; 0: it need not */
    struct command_output output;

    _Atomic bool cancelled;
    platen_os_mutex lock;
    platen_os_program *program; /* NULL: there is no job */
};

/* "-o out.prn "a b"" as words: blanks divide, a word or a part of one in double quotes may have
 * blanks, and two quotes there are one. NULL-terminated, to be freed as one. INVALID_PARAMETER for
 * a quote that is never closed, OUTOFMEMORY. */
uint32_t command_words(const char *text, char ***words);

/* The variables that tell the program about its job, "REDMON_DOCNAME=...", to be freed as one. The
 * names are data and stand there as they came. */
char **command_environment(const char *port_name, const struct platen_doc *doc);

/* One line for the log, with the program's name before it. */
void command_tell(const struct command_port *port, enum platen_log_level level, const char *what);
/* Tells what the program has printed and nobody has read yet; does not wait. */
void command_collect(struct command_port *port);
/* Also the last line, if it has no end. */
void command_collect_all(struct command_port *port);

#endif
