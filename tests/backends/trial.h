/* SPDX-License-Identifier: MIT
 *
 * A backend on trial: what the laws (laws.def) need to open a port of any backend, print through it
 * and look at what arrived. Nothing here asserts: the first thing that is wrong is noted in the
 * trial, so that the same laws serve the conformance tests, which want no complaint, and the tests
 * of the laws themselves (broken.c), which want one.
 *
 * The helper plays the library as <platen/backend.h> describes it, and plays it nastily: whatever
 * was lent for a call is overwritten when the call returns, or made inaccessible if the trial is
 * `strict`.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include <platen/backend.h>

#include "os/clock.h"
#include "os/memory.h"
#include "sink.h"
#include "tty.h"

#define SECOND UINT64_C(1000000000)
/* What takes no time is over by then, however busy the machine: half of what soon() allows. */
#define AT_ONCE (5 * SECOND)

enum { SINKS = 4 }; /* more than a law has ports at a time */

struct trial {
    struct platen_backend backend; /* members beyond its size are NULL */
    const char *example;           /* one port, with its words in braces */
    char folder[512];              /* empty at first */
    const char *root;              /* of files; the folder, unless a test changes it */
    const char *program_root;      /* of programs; where the tests' own are */
    struct platen_clock *clock;    /* the system's, unless a test changes it */
    unsigned serial;               /* of names handed out */
    unsigned ends;                 /* of jobs */
    sink *sinks[SINKS];            /* if the example wants any, made before a law counts handles */
    tty_peer *ttys[SINKS];         /* likewise */
    bool impossible;               /* the system has no such peers: nothing can be tried */
    bool strict;
    char complaint[500]; /* "" while nothing is wrong */
};

/* Memory that is lent for one call and then taken away. */
struct loan {
    char *pages;
    size_t size;
    size_t used;
    bool locked;
};

struct port {
    void *state;
    char name[600];
    char target[600];
    char options[200];
    char output[600];   /* jobs carry this as their output file, unless empty */
    char arrives[600];  /* the file where the bytes of jobs arrive, unless empty */
    sink *sink;         /* or where they arrive instead */
    tty_peer *tty;      /* or here */
    struct loan setup;  /* out until the port is closed */
    struct loan doc;    /* out until the job is over */
    struct loan buffer; /* out until the write returns */
};

void trial_begin(struct trial *trial, const struct platen_backend *backend, const char *example);
void trial_end(struct trial *trial);

/* Notes the complaint if it is the first and `fine` is false; returns `fine`. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
bool trial_expect(struct trial *trial, bool fine, const char *format, ...);

/* Copies `text` into the loan; NULL stays NULL. */
char *loan_text(struct loan *loan, const char *text);
void loan_begin(struct loan *loan, size_t size);
/* Aligned for structures too. */
void *loan_room(struct loan *loan, size_t size);
/* The pages in use: valgrind's time is proportional to them. */
void loan_lock(struct loan *loan, enum platen_os_access access);
void loan_call_in(struct trial *trial, struct loan *loan);
void loan_end(struct loan *loan);

/* Makes a port from the trial's example, with new paths for its words; complains about words that
 * are not known. With `like`, the same port once more. */
void port_make(struct trial *trial, struct port *port, const struct port *like);
void port_dispose(struct port *port);

/* Calls with the setup of this port; target NULL: its own. */
uint32_t port_open(struct trial *trial, struct port *port, const char *target);
uint32_t port_check(struct trial *trial, struct port *port, const char *target);
void port_close(struct trial *trial, struct port *port);

/* Makes a port and opens it; false, with nothing to dispose of and a complaint, if that fails. */
bool port_open_new(struct trial *trial, struct port *port, const struct port *like);
/* Closes it and disposes of it. */
void port_finish(struct trial *trial, struct port *port);

/* A document that the port takes: its members are data, made of all that has ever hurt a printer
 * driver. */
struct platen_doc port_document(const struct port *port);
uint32_t port_start(struct trial *trial, struct port *port, const struct platen_doc *doc,
                    uint64_t deadline);
/* One call of `write`, of which the law of *moved is demanded; within a job also that bytes or an
 * error come. */
uint32_t port_write(struct trial *trial, struct port *port, const void *data, uint32_t size,
                    uint64_t deadline, uint32_t *moved);
/* Writes it all in pieces of random size; the first error. */
uint32_t port_write_all(struct trial *trial, struct port *port, const void *data, size_t size);
/* As the library ends a job, every other one by its drain. */
uint32_t port_end(struct trial *trial, struct port *port, bool abandoned);
/* A whole job in good order, after which its bytes must have arrived; complains if not. */
void port_print(struct trial *trial, struct port *port, const void *data, size_t size);
void port_expect_arrived(struct trial *trial, struct port *port, const void *data, size_t size);

/* Ten seconds from now: long enough for a machine that is busy, short enough for a test that hangs.
 */
uint64_t soon(void);
/* Two seconds and more: what was to be repeated has been repeated enough, where each time is slow.
 */
bool was_long(uint64_t since);
/* `size` bytes of every value, different for each seed; malloc'ed. */
unsigned char *make_bytes(size_t size, uint32_t seed);
uint32_t next_random(uint32_t *state);
/* Entries of a folder, without "." and ".."; SIZE_MAX if it cannot be read. */
size_t count_entries(const char *folder);

/* How many files, sockets ... this process has open; 0 where the system does not tell. */
size_t system_open_handles(void);
/* Are no more open than that? Waits for it, up to ten seconds: a device that blocks is closed by a
 * helper, soon after the call that no longer wants it. */
bool handles_come_down_to(size_t count);
/* Is this process there, and not only waiting to be forgotten? */
bool system_process_lives(long id);
/* A file with this text that may be run, as far as the system asks for that. */
bool system_make_program(const char *path, const char *text);

#endif
