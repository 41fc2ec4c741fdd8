/* SPDX-License-Identifier: MIT
 *
 * What is told of a test, and to whom else than the report.
 */
#ifndef SCRIPT_LISTENER_H
#define SCRIPT_LISTENER_H

#include "call/call.h"
#include "report/report.h"

struct platen_event;
struct script_lane;
struct script_node;

struct script_told {
    enum platen_report_verdict verdict;
    uint32_t column;
    const char *expected;
    size_t expected_length;
    const char *got;
    const char *text;
};

/* Who is told of what happens in a test, in the report's place: a session. On any thread. */
struct script_listener {
    void *context;
    void (*check)(void *context, struct script_lane *lane, const struct script_told *told);
    void (*event)(void *context, const struct platen_event *event);
    /* A line that is no call begins. */
    void (*verb)(void *context, const struct script_node *node);
    /* A call of the script's begins: what is to be looked at, and the number of its line; it has
     * come back, its memory as it left it; and what it gave has its names. */
    size_t (*entering)(void *context, struct script_lane *lane, struct platen_call *call);
    void (*ran)(void *context, struct script_lane *lane, const struct platen_call *call);
    void (*compared)(void *context, struct script_lane *lane, const struct platen_call *call,
                     size_t number);
    /* Any other call has come back. */
    void (*other)(void *context, const struct platen_call *call);
};

#endif
