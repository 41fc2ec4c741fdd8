/* SPDX-License-Identifier: MIT
 *
 * Time-outs: lines that are being run, and who ends them.
 */
#ifndef SCRIPT_WATCH_H
#define SCRIPT_WATCH_H

#include <stdint.h>

struct script_lane;
struct script_node;
struct script_test;

/* A line that is being run. */
struct script_busy {
    struct script_busy *next; /* one that began before */
    const struct script_node *node;
    const char *lane;
};

/* Between these two the line is told, should it not come back. */
void script_busy_begin(struct script_lane *lane, struct script_busy *busy);
void script_busy_end(struct script_lane *lane, struct script_busy *busy);
/* ", in line 12 (lane a): WritePort ..." of the one that began last; nothing if there is none. */
#define SCRIPT_WHERE 300
void script_where(struct script_test *test, char to[SCRIPT_WHERE]);
struct script_watch *script_watch_begin(struct script_test *test, uint64_t timeout);
void script_watch_end(struct script_watch *watch);

#endif
