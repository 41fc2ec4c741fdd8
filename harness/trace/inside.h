/* SPDX-License-Identifier: MIT
 *
 * What the files of the trace share.
 *
 * Locks, none of which is held while another is taken, but `out`'s: `lock` (threads, lanes'
 * labels), the names', the documents', a sink's. Last words take none.
 */
#ifndef TRACE_INSIDE_H
#define TRACE_INSIDE_H

#include <stdatomic.h>

#include "trace/names.h"
#include "trace/sink.h"
#include "trace/text.h"
#include "trace/trace.h"

#define TRACE_DEEP    64  /* calls within calls whose names are kept from the beginning */
#define TRACE_INLINE  256 /* bytes of data in a line */
#define TRACE_SHORT   32  /* the same in a brief trace */
#define TRACE_HANDLES 4   /* that a slot may have */
#define TRACE_CACHE   4
#define TRACE_LINE    4096

/* What a slot's arguments are to us. */
struct trace_slot {
    struct {
        uint16_t offset;
        uint8_t kind;
    } handles[TRACE_HANDLES]; /* that go in */
    unsigned handle_count;
    uint16_t given_at; /* where the pointer to the handle that comes out stands */
    uint8_t given_kind;
    bool gives;
    bool closes; /* the first of its handles */
    uint8_t result;
};

/* A document or another file of bytes, "@doc1". Its place in the list is for ever. */
struct trace_stream {
    struct trace_stream *next;
    char name[24];
    char *path; /* absolute; NULL: @blobs */
    bool named; /* the file is the user's, not one in our folder */
    uint64_t size;
    bool wanted; /* its hash, now; under the hasher's lock, as `hashed` */
    bool hashed; /* or tried */
};

/* Where a job's bytes begin. */
struct trace_job {
    const platen_spooler *spooler; /* NULL: this place is free */
    uint32_t id;
    struct trace_stream *stream;
    uint64_t base; /* in the stream */
    uint64_t size; /* from there */
};

/* A lane as the trace tells it. */
struct trace_label {
    struct trace_label *next;
    char *base; /* what the lane calls itself */
    char *name; /* what we call it */
    char *word; /* the same as lines begin with it */
    const struct platen_lane *lane;
    struct trace_thread *_Atomic owner;
    uint32_t row; /* of the timeline, from 1 */
};

struct trace_frame {
    struct platen_call *call;
    bool bottom; /* no frame of this thread is below */
    struct trace_label *label;
    struct {
        uint64_t value;
        uint32_t number;
        uint8_t kind;
    } names[TRACE_HANDLES];
    unsigned name_count;
    const struct trace_stream *stream; /* what WritePort's data is a slice of, or NULL */
    uint64_t offset;
    struct {
        const void *bytes;
        size_t length;
        uint64_t offset;
    } blobs[2]; /* data of this call that is in @blobs */
    unsigned blob_count;
};

struct trace_thread {
    struct trace_thread *next;
    uint64_t id;
    struct trace_label *cached[TRACE_CACHE];
    unsigned cache_turn;
    struct trace_names_found found;
    char *line;
    size_t room;
    struct {
        const struct trace_stream *stream; /* NULL: no document that we know */
        struct trace_job job;
        HANDLE port;
        uint64_t at; /* what was accepted of it */
    } document;
    struct trace_frame frames[TRACE_DEEP];
    atomic_uint depth; /* may pass TRACE_DEEP */
};

struct platen_trace {
    struct platen_observer observer;
    uint64_t serial; /* no other trace of the process has it */
    uint64_t origin; /* of at= */
    bool traced;
    bool pictured; /* there is a timeline */
    bool brief;
    bool outside;
    bool keeps; /* it has a folder, and streams */
    char *folder;
    struct trace_sink out;
    struct trace_sink timeline;
    struct trace_slot slots[PLATEN_SLOT_COUNT];
    struct trace_names names;
    _Atomic uint32_t error; /* the first of those that no sink has */

    platen_os_mutex lock;
    struct trace_thread *_Atomic threads;
    struct trace_label *labels;

    platen_os_mutex document_lock;
    struct trace_stream *streams;
    uint32_t stream_count;
    struct trace_job *jobs; /* by spooler and id */
    uint32_t job_room;
    uint32_t job_count;
    struct trace_stream blobs;
    platen_os_file blob_file;
    _Atomic uint64_t blob_size;

    platen_os_mutex hash_lock;
    platen_os_cond hash_wanted;
    platen_os_thread *hasher;
    bool hash_ending;
    _Atomic uint64_t hash_until; /* PLATEN_FOREVER while there is time */

    struct {
        struct trace_thread *self;
        struct trace_thread *thread; /* whose calls are written */
        unsigned left;               /* of its calls */
        bool trying;                 /* set: the whole line made us fault */
        unsigned step;
        char line[4 * TRACE_LINE];
    } last;
};

/* trace.c: what could not be done is told at the end. */
void trace_fail(struct platen_trace *trace, uint32_t error);
/* One line of a verb, in the trace. */
void trace_put_line(struct platen_trace *trace, const struct trace_text *text);
/* The same of words: `format` has %q for what is quoted, from the arguments in turn, and a name=
 * before it that goes with it if it is NULL. */
void trace_put_verb(struct platen_trace *trace, const char *format, ...);
/* malloc'ed; NULL for NULL. */
char *trace_absolute(struct platen_trace *trace, const char *path);

/* threads.c: the calling thread's, made if need be; NULL when memory is out. */
struct trace_thread *trace_thread_here(struct platen_trace *trace);
/* The same, if there is one; safe in a signal handler. */
struct trace_thread *trace_thread_known(struct platen_trace *trace);
struct trace_label *trace_label_of(struct platen_trace *trace, struct trace_thread *thread,
                                   const struct platen_lane *lane);
void trace_threads_free(struct platen_trace *trace);

/* watch.c: the observer; and a line for a call, as long as it would be. */
void trace_watch_init(struct platen_trace *trace);
size_t trace_print(struct platen_trace *trace, struct trace_frame *frame, bool entering, char *to,
                   size_t size);

/* documents.c */
bool trace_documents_init(struct platen_trace *trace);
void trace_documents_close(struct platen_trace *trace);
/* What the job is made of; NULL if that is not known. */
const struct trace_stream *trace_job_find(struct platen_trace *trace, const platen_spooler *spooler,
                                          uint32_t id, struct trace_job *job);
void trace_job_add(struct platen_trace *trace, const struct trace_job *job);
/* Puts bytes into @blobs; false if that is not possible. */
bool trace_blob_add(struct platen_trace *trace, const void *bytes, size_t length, uint64_t *offset);
/* The path of a file in the folder, which is made if need be; malloc'ed, NULL after a failure,
 * which the trace tells at its end. */
uint32_t trace_in_folder(struct platen_trace *trace, const char *name, char **path);

/* hash.c */
bool trace_hash_init(struct platen_trace *trace);
/* The job has ended: now is the time. */
void trace_hash_want(struct platen_trace *trace, const struct trace_stream *stream);
void trace_hash_close(struct platen_trace *trace);

/* timeline.c */
bool trace_timeline_holds(const char *begin, size_t length);
void trace_timeline_begin(struct platen_trace *trace);
void trace_timeline_label(struct platen_trace *trace, const struct trace_label *label);
void trace_timeline_call(struct platen_trace *trace, const struct trace_label *label,
                         const struct platen_call *call);
void trace_timeline_entered(struct trace_text *text, uint64_t origin,
                            const struct trace_frame *frame);
extern const char trace_timeline_end[];

#endif
