/* SPDX-License-Identifier: MIT
 *
 * The lanes of a trace: who runs what, and when.
 */
#include <stdlib.h>
#include <string.h>

#include "script/trace.h"

#define MOST_BYTES (256u * 1024) /* of lines that wait on one lane */

static _Thread_local struct trace_lane *here;

struct trace_lane *trace_lane_here(void)
{
    return here;
}

void trace_lane_enter(struct trace_lane *lane)
{
    here = lane;
}

void trace_lines_free(struct trace_line *lines)
{
    while (lines != NULL) {
        struct trace_line *line = lines;
        lines = line->next;
        free(line);
    }
}

static void free_unit(struct trace_unit *unit)
{
    trace_lines_free(unit->call);
    trace_lines_free(unit->backs);
    free(unit);
}

/* With the lock. */
static void wait_moved(struct script_replay *replay)
{
    replay->waiting++;
    platen_os_cond_wait(&replay->moved, &replay->lock);
    replay->waiting--;
}

static void tell_moved(struct script_replay *replay)
{
    if (replay->waiting > 0) {
        platen_os_cond_broadcast(&replay->moved);
    }
}

/* With the lock: is there a call that had ended when this one began, and that is not done yet? On
 * each lane the first is the one that ends first. */
static bool must_wait(const struct trace_lane *lane, const struct trace_unit *unit)
{
    for (const struct trace_lane *at = lane->replay->lanes; at != NULL; at = at->next) {
        if (at != lane && at->first != NULL && at->first->end <= unit->at) {
            return true;
        }
    }
    return false;
}

/* With the lock: the call that comes next, when its time has come; NULL: there is none any more. */
static struct trace_unit *next_unit(struct trace_lane *lane)
{
    struct script_replay *replay = lane->replay;

    while (lane->first == NULL && !replay->closing) {
        platen_os_cond_wait(&lane->handed, &replay->lock);
    }
    while (lane->first != NULL && must_wait(lane, lane->first) && !script_is_over(replay->test)) {
        wait_moved(replay);
    }
    return lane->first;
}

/* With the lock. */
static void unit_done(struct trace_lane *lane, struct trace_unit *unit)
{
    lane->first = unit->next;
    lane->last = lane->first == NULL ? &lane->first : lane->last;
    lane->bytes -= unit->bytes;
    if (lane->bytes < MOST_BYTES / 2) {
        platen_os_cond_signal(&lane->room);
    }
    tell_moved(lane->replay);
}

static void run_lane(void *argument)
{
    struct trace_lane *lane = argument;
    struct script_replay *replay = lane->replay;
    struct trace_unit *unit;

    trace_lane_enter(lane);
    platen_lane_enter(&lane->lane->lane);
    platen_os_mutex_lock(&replay->lock);
    while ((unit = next_unit(lane)) != NULL) {
        platen_os_mutex_unlock(&replay->lock);
        trace_run_unit(lane, unit);
        platen_os_mutex_lock(&replay->lock);
        unit_done(lane, unit);
        platen_os_mutex_unlock(&replay->lock);
        free_unit(unit);
        platen_os_mutex_lock(&replay->lock);
    }
    platen_os_mutex_unlock(&replay->lock);
    platen_lane_enter(NULL);
    trace_lane_enter(NULL);
}

/* ---- lanes ----------------------------------------------------------------------------------- */

static void free_lane(struct trace_lane *lane)
{
    platen_words_free(lane->words);
    platen_matcher_free(lane->matcher);
    script_lane_free(lane->lane);
    trace_lines_free(lane->backs);
    platen_os_cond_destroy(&lane->handed);
    platen_os_cond_destroy(&lane->room);
    free(lane);
}

static bool furnish(struct trace_lane *lane, const char *name)
{
    struct script_replay *replay = lane->replay;

    lane->last = &lane->first;
    lane->last_back = &lane->backs;
    lane->lane = script_lane_new(replay->test, name);
    lane->words = platen_words_new();
    lane->matcher = platen_matcher_new();
    if (lane->lane == NULL || lane->words == NULL || lane->matcher == NULL) {
        return false;
    }
    lane->node.file = &replay->file;
    lane->node.text = "";
    lane->lane->node = &lane->node;
    lane->lane->working = true;
    return script_spooler_of(lane->lane) != NULL &&
           platen_os_thread_start(&lane->thread, name, 0, run_lane, lane) == 0;
}

struct trace_lane *trace_lane_named(struct script_replay *replay, const char *name)
{
    struct trace_lane *lane = replay->lanes;

    while (lane != NULL && strcmp(lane->lane->name, name) != 0) {
        lane = lane->next;
    }
    if (lane != NULL) {
        return lane;
    }
    lane = calloc(1, sizeof *lane);
    if (lane == NULL) {
        return NULL;
    }
    lane->replay = replay;
    platen_os_cond_init(&lane->handed);
    platen_os_cond_init(&lane->room);
    if (!furnish(lane, name)) {
        free_lane(lane);
        return NULL;
    }
    platen_os_mutex_lock(&replay->lock);
    lane->next = replay->lanes;
    replay->lanes = lane;
    platen_os_mutex_unlock(&replay->lock);
    return lane;
}

void trace_hand(struct trace_lane *lane, struct trace_unit *unit)
{
    struct script_replay *replay = lane->replay;

    platen_os_mutex_lock(&replay->lock);
    while (lane->bytes > MOST_BYTES) {
        platen_os_cond_wait(&lane->room, &replay->lock);
    }
    if (lane->first == NULL) {
        platen_os_cond_signal(&lane->handed);
    }
    unit->next = NULL;
    *lane->last = unit;
    lane->last = &unit->next;
    lane->bytes += unit->bytes;
    platen_os_mutex_unlock(&replay->lock);
}

static bool is_busy(const struct script_replay *replay)
{
    for (const struct trace_lane *at = replay->lanes; at != NULL; at = at->next) {
        if (at->first != NULL) {
            return true;
        }
    }
    return false;
}

void trace_drain(struct script_replay *replay)
{
    platen_os_mutex_lock(&replay->lock);
    while (is_busy(replay)) {
        wait_moved(replay);
    }
    platen_os_mutex_unlock(&replay->lock);
}

void trace_lanes_end(struct script_replay *replay)
{
    platen_os_mutex_lock(&replay->lock);
    replay->closing = true;
    platen_os_cond_broadcast(&replay->moved);
    for (struct trace_lane *lane = replay->lanes; lane != NULL; lane = lane->next) {
        platen_os_cond_signal(&lane->handed);
    }
    platen_os_mutex_unlock(&replay->lock);
    for (struct trace_lane *lane = replay->lanes; lane != NULL; lane = lane->next) {
        platen_os_thread_join(lane->thread);
    }
    while (replay->lanes != NULL) {
        struct trace_lane *lane = replay->lanes;
        replay->lanes = lane->next;
        free_lane(lane);
    }
}
