/* SPDX-License-Identifier: MIT
 *
 * A command's spooler, with the registry and the one monitor that the options name.
 */
#ifndef COMMAND_SESSION_H
#define COMMAND_SESSION_H

#include <platen/monitor.h>
#include <platen/spooler.h>

#include "command/command.h"
#include "os/file.h"
#include "trace/trace.h"

struct session {
    platen_spooler *spooler;
    platen_registry *registry;
    const char *registry_path; /* NULL: nothing to keep */
    bool registry_loaded;      /* the file was there */
    char *lock_path;           /* held while the registry file is in use */
    platen_os_file lock;
    char monitor[256];  /* the monitor's name in the spooler */
    char language[256]; /* the language monitor's; "": there is none */
    bool builtin;
    unsigned deaths;            /* of hosts before this session */
    struct platen_trace *trace; /* NULL: nothing is recorded */
    void (*on_event)(void *context, const struct platen_event *event);
    void *context;
};

struct session_setup {
    const struct arguments *arguments;
    const char *file_root;    /* for the builtin monitor, unless --file-root says otherwise */
    const char *program_root; /* likewise, --program-root */
    uint32_t chunk;           /* bytes per WritePort; 0: the spooler's default */
    void (*on_event)(void *context, const struct platen_event *event);
    void *context;
};

/* An exit status; after EXIT_OK the session must be closed, and until then stays where it is.
 * Complains itself. */
int session_open(struct session *session, const struct session_setup *setup);
/* Ends everything and writes the registry back if it changed; `status` or worse. */
int session_close(struct session *session, int status);

/* What --trace and --timeline ask for: *trace is NULL if nobody asks. Complains itself; an exit
 * status. Closing gives `status` or worse. */
int recording_open(const struct arguments *arguments, struct platen_trace **trace);
int recording_close(struct platen_trace *trace, int status);

/* A printer on one port, with the language monitor if there is one. */
uint32_t session_add_printer(struct session *session, const char *name, const char *port);

/* platen_monitor_add_port for the builtin monitor, and platen_job_submit, told to the trace. */
uint32_t session_add_port(struct session *session, const char *name, const char *uri);
uint32_t session_submit(struct session *session, const char *printer,
                        const struct platen_document *document, uint32_t *job_id);

/* The folder of `path` in absolute form, for use as a file root; malloc'ed, NULL when memory is
 * out. */
char *folder_of(const char *path);

/* What a port of that path needs as its file root: the path's folder as it is written, for an
 * absolute one; for others, which are taken from the root, the current folder. malloc'ed, NULL when
 * memory is out. */
char *root_of(const char *path);

/* Events that every command tells in the same words: findings, log lines, port states. */
void tell_event(const struct platen_event *event, bool verbose);

#endif
