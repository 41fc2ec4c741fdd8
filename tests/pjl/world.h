/* SPDX-License-Identifier: MIT
 *
 * A spooler, a port monitor and a printer for the tests of the PJL language monitor. The port
 * monitor does what a test tells it, and everything is recorded.
 */
#ifndef TESTS_PJL_WORLD_H
#define TESTS_PJL_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdbool.h>

#include <platen/errors.h>
#include <platen/winsplp.h>

#include "os/text.h"
#include "os/thread.h"

#define SECOND   UINT64_C(1000000000)
#define PATIENT  (60 * SECOND)
#define RECEIVED (1u << 20)
#define REPLIES  65536u
#define RECORDS  64u
#define UEL      "\033%-12345X"
#define INSTANCE ((HANDLE)(uintptr_t)0x5151)
#define PORT     ((HANDLE)(uintptr_t)0x7373)
#define ASK      UEL "@PJL INFO ID\r\n" UEL
#define TELL     UEL "@PJL USTATUS DEVICE = VERBOSE\r\n@PJL USTATUS JOB = ON\r\n@PJL INFO STATUS\r\n"
#define TELL_ALL                                                                                   \
    TELL "@PJL INFO ID\r\n@PJL INFO CONFIG\r\n@PJL INFO MEMORY\r\n@PJL INFO PAGECOUNT\r\n"         \
         "@PJL INFO PRODINFO\r\n@PJL INFO VARIABLES\r\n@PJL INFO SUPPLIES\r\n"
#define JOB(name)     "@PJL JOB NAME = \"" name "\"\r\n"
#define END_OF(name)  UEL "@PJL EOJ NAME = \"" name "\"\r\n" UEL
#define JOB_END(name) "@PJL USTATUS JOB\r\nEND\r\nNAME=\"" name "\"\r\nPAGES=1\r\n\f"
#define STATE(code)   "@PJL USTATUS DEVICE\r\nCODE=" code "\r\nDISPLAY=\"X\"\r\nONLINE=TRUE\r\n\f"

struct set_job {
    DWORD job;
    DWORD command;
};
struct set_port {
    DWORD status;
    DWORD severity;
};

struct world {
    platen_os_mutex lock;
    platen_os_cond changed;

    /* The port monitor, as a test wants it. */
    MONITOR2 table;
    const char *id;   /* IOCTL_PAR_QUERY_DEVICE_ID; NULL: none */
    bool mute;        /* nothing can be read */
    bool between;     /* writes between jobs are taken */
    uint32_t most;    /* bytes that a write takes; 0: all */
    unsigned nothing; /* so many writes take nothing, and say TRUE */
    unsigned failing; /* so many writes fail ... */
    uint32_t error;   /* ... with that; also EndDocPort's, OpenPort's if they are to fail */
    bool end_fails;
    bool start_fails;
    void (*beside)(void); /* called inside StartDocPort, WritePort in a job, and EndDocPort */
    uint64_t stop_at;     /* after so many bytes writes take nothing and fail with 1460; 0: never */

    /* The printer. */
    bool speaks;          /* it answers INFO */
    const char *supplies; /* what it says of them; NULL: it does not know the question */
    bool confirms;        /* and says that jobs are through */
    bool loop;            /* what is written comes back */
    bool forgets;         /* what it receives is not kept, however much it is */
    char line[512];       /* of what it is told */
    size_t line_size;
    char name[128]; /* of the job */

    /* What happened. */
    char received[RECEIVED];
    size_t size;
    char replies[REPLIES];
    size_t reply_begin;
    size_t reply_end;
    bool open;
    bool in_job;
    unsigned opens, closes, starts, ends, reads, bidis, controls;
    unsigned strays; /* calls with a handle that is not ours, or after ClosePort */
    struct set_job set_jobs[RECORDS];
    unsigned set_job_count;
    struct set_port set_ports[RECORDS];
    unsigned set_port_count;
    char16_t set_port_name[32];

    /* The spooler. */
    int printers; /* that are open */
    bool printer_fails;
    DWORD job_status;
    bool job_gone;
    int64_t eoj_timeout; /* milliseconds in the registry; -1: nothing is there */
    unsigned stored;

    /* The monitor under test. */
    LPMONITOR2 lm;
    HANDLE instance;
    HANDLE port;
};

/* One at a time: the spooler's calls have no context. */
struct world *world_new(void);
void world_free(struct world *world);

/* Makes the instance, if there is none; FALSE, with last-error. */
BOOL world_make(struct world *world);
/* Makes the instance and opens the port; the test may do both itself. */
void world_open(struct world *world);
BOOL world_open_ex(struct world *world, MONITOR2 *table);
void world_close(struct world *world);
/* Ends the instance. */
void world_shutdown(struct world *world);

BOOL world_start(struct world *world, DWORD job, const char16_t *title);
/* All of it, as a spooler sends it; the count of WritePorts is bounded. */
void world_write(struct world *world, const char *bytes, size_t size);
BOOL world_end(struct world *world);
/* The three, with success. */
void world_print(struct world *world, DWORD job, const char16_t *title, const char *text);

/* Changes what is true of the world while others look at it: &world->mute. */
void world_change(struct world *world, bool *what, bool to);
/* The printer says something. */
void world_say(struct world *world, const char *text);
/* Wait, but not for ever, until it is so. */
void world_await_set_jobs(struct world *world, unsigned count);
void world_await_set_ports(struct world *world, unsigned count);
void world_await_size(struct world *world, size_t size);
/* What the port monitor has been given in all. */
void world_assert_received(struct world *world, const char *expected);

/* What SendRecvBidiDataFromPort gave. */
void world_free_answer(PBIDI_RESPONSE_CONTAINER answer);

DWORD world_last_error(void);
void world_set_last_error(DWORD error);

#endif
