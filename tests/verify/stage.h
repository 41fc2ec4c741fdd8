/* SPDX-License-Identifier: MIT
 *
 * A stage: a spooler, the verifying monitor under it, and between the two, if the spooler is to be
 * a broken one, a layer that breaks one rule.
 *
 * A case is a scene for one rule and one or more breaks. It is played with our spooler, and nothing
 * may be found; then with each break, and the first finding must name the rule. A scene in which
 * nothing is found with a broken spooler is itself broken.
 */
#ifndef TESTS_VERIFY_STAGE_H
#define TESTS_VERIFY_STAGE_H

#include <platen/spooler.h>

#include "os/clock.h"
#include "verify.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND      UINT64_C(1000000000)

/* ---- time ------------------------------------------------------------------------------------ */

/* Passes only when somebody says so; or, `jumps`, when somebody waits until a moment. */
struct stage_clock {
    struct platen_clock clock;
    bool jumps;
    platen_os_mutex lock;
    uint64_t now;
    struct stage_sleeper *sleepers;
};

void stage_clock_prepare(struct stage_clock *clock);
/* Lets time pass, and wakes whose moment has come. */
void stage_clock_pass(struct stage_clock *clock, uint64_t nanoseconds);
/* From now on it jumps, and two days have passed. */
void stage_clock_run(struct stage_clock *clock);
/* Waits until at least so many threads sleep on it. */
void stage_clock_until_asleep(struct stage_clock *clock, unsigned sleepers);

/* ---- breaks ---------------------------------------------------------------------------------- */

struct stage;

/* What the callers of the spooler go through. */
struct stage_door {
    uint32_t (*bidi)(struct stage *s, HANDLE port, const MONITOR2 *table);
    uint32_t (*xcv_data)(platen_xcv *xcv, const char *name, const void *input, uint32_t input_size,
                         void *output, uint32_t output_size, uint32_t *needed, uint32_t *status);
    uint32_t (*xcv_open)(platen_spooler *spooler, const char *object, uint32_t granted,
                         platen_xcv **xcv);
};

/* One broken spooler. All members but `how` may be NULL. */
struct stage_break {
    const char *how;               /* one line; NULL ends the list */
    void (*wrap)(MONITOR2 *table); /* changes the table that the spooler gets */
    void (*over)(MONITOR2 *table); /* the same of the language monitor */
    void (*init)(MONITORINIT *init, MONITORREG *store);     /* changes what the monitor gets */
    void (*returned)(MONITORINIT *init, MONITORREG *store); /* after init has returned */
    LPMONITOR2(WINAPI *entry)(PMONITORINIT init, PHANDLE monitor); /* instead of the layer's */
    void (*imports)(PLATEN_IMPORTS *imports); /* changes what the monitor calls back */
    void (*door)(struct stage_door *door);    /* changes what the caller of the spooler calls */
    /* While a call is under way, on its thread. */
    void (*meanwhile)(struct verify *v, enum verify_slot at, struct verify_port *port);
    void (*start)(struct stage *s); /* once, before the monitor is attached */
};

/* For breaks: what stands behind what they changed. */
struct stage *stage_now(void);
const MONITOR2 *stage_real(void);
const MONITOR2 *stage_real_over(void);
HANDLE stage_instance(void);
#define stage_spl (platen_spooler_imports())
/* MONITORREG as the spooler has it, and the spooler's MONITORINIT. */
const MONITORREG *stage_store(void);
LPMONITOR2 WINAPI stage_layer(PMONITORINIT init, PHANDLE monitor);
/* True the first time that a break asks for it in a performance. */
bool stage_once(void);

/* ---- scenes ---------------------------------------------------------------------------------- */

struct stage_case {
    unsigned rule;                    /* 0 ends a list */
    const char *about;                /* which part of it */
    void (*prepare)(struct stage *s); /* gives orders before anything is attached; may be NULL */
    void (*play)(struct stage *s);
    struct stage_break breaks[10];
};

struct stage {
    const struct stage_case *scene;
    const struct stage_break *broken; /* NULL: ours */
    struct verify v;                  /* the port monitor, "Verify" */
    struct verify over;               /* the language monitor, "Over", if `language` */
    struct stage_clock clock;
    struct stage_door door;
    PLATEN_IMPORTS imports;
    platen_registry *registry;
    platen_spooler *spooler;
    /* What a scene may change in `prepare`. */
    struct platen_spooler_options options;
    bool language;     /* attach "Over" too, and the printer has it */
    bool no_bidi;      /* with bidi switched off */
    bool forgets_bidi; /* a broken spooler's: the switch is on whatever it is set to */
    unsigned pool;     /* the printer has so many ports, V1: to Vn: */
    bool forgets_over; /* a broken spooler's: the printer has none */
    bool by_hand;      /* `play` attaches */
    bool no_printer;   /* no printer "Printer" on "V1:" */
    /* What came of attaching. */
    uint32_t attached;
    uint32_t attached_over;
    atomic_uint once;
    atomic_uint number; /* for the scene, and for the break: what they like */
    atomic_uint mark;
    void *own;
};

extern const struct stage_case stage_init_cases[];
extern const struct stage_case stage_store_cases[];
extern const struct stage_case stage_table_cases[];
extern const struct stage_case stage_list_cases[];
extern const struct stage_case stage_open_cases[];
extern const struct stage_case stage_job_cases[];
extern const struct stage_case stage_write_cases[];
extern const struct stage_case stage_trouble_cases[];
extern const struct stage_case stage_lane_cases[];
extern const struct stage_case stage_back_cases[];
extern const struct stage_case stage_steer_cases[];
extern const struct stage_case stage_xcv_cases[];
extern const struct stage_case stage_ports_cases[];
extern const struct stage_case stage_data_cases[];
extern const struct stage_case stage_language_cases[];
extern const struct stage_case stage_end_cases[];
extern const struct stage_case stage_module_cases[];

void stage_open(struct stage *s, const struct stage_case *scene, const struct stage_break *broken);
void stage_close(struct stage *s);

/* Notes what the caller of the spooler sees. */
#define stage_breach(s, ...) verify_breach(&(s)->v, (s)->scene->rule, __VA_ARGS__)
/* Notes a breach unless `kept`; returns `kept`. */
#define KEPT(s, kept, ...) stage_verdict((kept) || (stage_breach(s, __VA_ARGS__), false))
static inline bool stage_verdict(bool kept)
{
    return kept;
}

/* Attaches "Verify" through the layer. */
uint32_t stage_attach(struct stage *s, struct verify *v, const char *name);
/* Queues the document `seed` of that size; 0 with a finding. */
uint32_t stage_submit(struct stage *s, const char *printer, uint32_t seed, uint32_t size);
/* Waits until so many threads have nothing to do, and tells what has become of the job. */
enum platen_job_state stage_state_at_rest(struct stage *s, uint32_t job, unsigned sleepers);
/* Waits for its end. */
struct platen_job_info stage_wait(struct stage *s, uint32_t job);
/* Both, on "Printer"; a finding unless it is printed. */
struct platen_job_info stage_print(struct stage *s, uint32_t seed, uint32_t size);
/* An Xcv handle for the object, with all rights; NULL with a finding. */
platen_xcv *stage_xcv(struct stage *s, const char *object);
/* AddPort, DeletePort: what the monitor answered; *error what the call said. */
uint32_t stage_port_command(struct stage *s, platen_xcv *xcv, const char *command,
                            const char16_t *port, uint32_t *error);

#endif
