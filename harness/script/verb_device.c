/* SPDX-License-Identifier: MIT
 *
 * Verbs of devices that listen on TCP.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/inside.h"

#define PATIENCE (10 * SECOND)

struct script_device {
    struct script_device *next;
    platen_device *device; /* NULL: it was stopped */
};

/* ---- manners --------------------------------------------------------------------------------- */

static bool take_after(struct script_lane *lane, const struct script_words *words, const char *name,
                       bool *does, uint64_t *after)
{
    *does = script_word(words, name) != NULL;
    return script_size(lane, script_word(words, name), after);
}

static bool take_manner(struct script_lane *lane, const struct script_words *words,
                        struct platen_device_manner *manner)
{
    uint64_t jobs = 0;

    *manner = (struct platen_device_manner){.size = sizeof *manner};
    if (!script_size(lane, script_word(words, "slow"), &manner->rate) ||
        !take_after(lane, words, "stall-after", &manner->stall, &manner->stall_after) ||
        !script_seconds(lane, script_word(words, "stall-for"), &manner->stall_for) ||
        !take_after(lane, words, "reset-after", &manner->reset, &manner->reset_after) ||
        !take_after(lane, words, "close-after", &manner->close, &manner->close_after) ||
        !script_seconds(lane, script_word(words, "close-late"), &manner->close_late) ||
        !script_text(lane, script_word(words, "answers"), &manner->answers) ||
        !script_number(lane, script_word(words, "trouble"), &jobs)) {
        return false;
    }
    manner->jobs = (uint32_t)jobs;
    return true;
}

/* ---- device ---------------------------------------------------------------------------------- */

static bool take_options(struct script_lane *lane, const struct script_words *words,
                         struct platen_device_options *options)
{
    uint64_t jobs = 0;
    uint64_t window = 0;

    options->pjl = platen_word_is(script_word(words, "raw|pjl"), "pjl");
    if (!script_text(lane, script_word(words, "life"), &options->life) ||
        !script_switch(lane, script_word(words, "refuse"), &options->refuse) ||
        !script_switch(lane, script_word(words, "deaf"), &options->deaf) ||
        !script_number(lane, script_word(words, "jobs"), &jobs) ||
        !script_size(lane, script_word(words, "window"), &window) ||
        !script_size(lane, script_word(words, "largest"), &options->largest) ||
        !script_path_of(lane, script_word(words, "keep"), &options->keep)) {
        return false;
    }
    options->jobs = (uint32_t)jobs;
    options->window = (uint32_t)window;
    return true;
}

/* "d.uri", "d.address", "d.port" */
static void set_names(struct script_lane *lane, const char *name, const platen_device *device)
{
    char part[160];
    char text[160];
    unsigned port = platen_device_port(device);

    snprintf(text, sizeof text, "%s", platen_device_address(device));
    snprintf(part, sizeof part, "%.128s.address", name);
    script_set_text(lane->test, part, text);
    snprintf(part, sizeof part, "%.128s.port", name);
    script_set_number(lane->test, part, port);
    snprintf(part, sizeof part, "%.128s.uri", name);
    snprintf(text, sizeof text, "socket://%s:%u", platen_device_address(device), port);
    script_set_text(lane->test, part, text);
}

bool script_verb_device(struct script_lane *lane, const struct script_words *words,
                        struct script_outcome *outcome)
{
    struct platen_device_manner manner;
    struct platen_device_options options = {.size = sizeof options, .manner = &manner};
    struct script_device *device;

    if (lane->test->clock != NULL) {
        return script_fail(lane, NULL, "with a virtual clock there are only sim devices");
    }
    if (!take_manner(lane, words, &manner) || !take_options(lane, words, &options)) {
        return false;
    }
    device = calloc(1, sizeof *device);
    if (device == NULL) {
        return script_fail(lane, NULL, "memory is out");
    }
    outcome->error = platen_device_start(&options, &device->device);
    if (outcome->error != 0) {
        free(device);
        return true;
    }
    platen_os_mutex_lock(&lane->test->lock);
    device->next = lane->test->devices;
    lane->test->devices = device;
    platen_os_mutex_unlock(&lane->test->lock);
    struct script_name *name = script_new_name(lane, script_word(words, "NAME"), SCRIPT_DEVICE);
    if (name != NULL) {
        name->is.device = device;
        set_names(lane, name->name, device->device);
    }
    return true;
}

static struct script_device *device_of(struct script_lane *lane, const struct script_words *words)
{
    const struct platen_word *word = script_word(words, "DEVICE");
    const struct script_name *name = script_named(lane, word, SCRIPT_DEVICE, "device");
    if (name == NULL) {
        return NULL;
    }
    if (name->is.device->device == NULL) {
        script_fail(lane, word, "this device was stopped");
        return NULL;
    }
    return name->is.device;
}

bool script_verb_behave(struct script_lane *lane, const struct script_words *words,
                        struct script_outcome *outcome)
{
    struct platen_device_manner manner;
    struct script_device *device = device_of(lane, words);
    if (device == NULL || !take_manner(lane, words, &manner)) {
        return false;
    }
    outcome->error = platen_device_behave(device->device, &manner);
    return true;
}

bool script_verb_live(struct script_lane *lane, const struct script_words *words,
                      struct script_outcome *outcome)
{
    struct script_device *device = device_of(lane, words);
    const char *life = "";
    bool now = true;
    if (device == NULL || !script_text(lane, script_word(words, "LIFE"), &life) ||
        !script_switch(lane, script_word(words, "now"), &now)) {
        return false;
    }
    outcome->error = platen_device_live(device->device, life, now);
    return true;
}

bool script_verb_stop(struct script_lane *lane, const struct script_words *words,
                      struct script_outcome *outcome)
{
    struct script_device *device = device_of(lane, words);
    (void)outcome;
    if (device == NULL) {
        return false;
    }
    platen_device_stop(device->device);
    device->device = NULL;
    return true;
}

void script_devices_end(struct script_test *test)
{
    while (test->devices != NULL) {
        struct script_device *device = test->devices;
        test->devices = device->next;
        platen_device_stop(device->device);
        free(device);
    }
}

/* ---- what it received ------------------------------------------------------------------------ */

/* The job with that number; without one the last that has ended, of a printer that knows PJL the
 * last with data: others only asked for something. */
static bool find_job(platen_device *device, uint64_t number, struct platen_device_job *job)
{
    struct platen_device_job last = {.number = 0};
    uint64_t at = number != 0 ? number : platen_device_count(device, PLATEN_DEVICE_CONNECTIONS);
    for (; at > 0 && (number == 0 || at == number); at--) {
        bool known = platen_device_find_job(device, (uint32_t)at, job) == 0;
        if (known && (number != 0 || !job->pjl || job->payload > 0)) {
            return true;
        }
        last = known && last.number == 0 ? *job : last;
    }
    *job = last;
    return last.number != 0;
}

/* Of what it would print. */
static const char *digest_of(const struct platen_device_job *job)
{
    return job->pjl ? job->payload_sha256 : job->sha256;
}

static bool put_same(struct script_lane *lane, const struct script_words *words,
                     const struct platen_device_job *job, struct script_outcome *outcome)
{
    const struct platen_word *word = script_expected(words, "same-as");
    char text[65];
    if (word == NULL) {
        return true;
    }
    struct script_stream *stream = script_stream_of(lane, word);
    if (stream == NULL) {
        return false;
    }
    uint32_t error = script_stream_sha256(stream, script_stream_size(stream), text);
    bool same = job != NULL && error == 0 && strcmp(text, digest_of(job)) == 0;
    script_judge(outcome, word, same);
    script_field_text(outcome, "same-as", same ? "it" : "other bytes");
    return true;
}

/* The bytes are not there any more, their digest is. */
static bool put_data(struct script_lane *lane, const struct script_words *words,
                     const struct platen_device_job *job, struct script_outcome *outcome)
{
    const struct platen_word *word = script_expected(words, "data");
    struct platen_word alone;
    const void *bytes = NULL;
    size_t size = 0;
    char text[65];
    if (word == NULL) {
        return true;
    }
    alone = *word;
    alone.name = NULL;
    if (!script_bytes(lane, &alone, &bytes, &size)) {
        return false;
    }
    script_sha256(NULL, bytes, size, text);
    bool same = job != NULL && strcmp(text, digest_of(job)) == 0;
    script_judge(outcome, word, same);
    script_field_text(outcome, "data", same ? "it" : "other bytes");
    return true;
}

static bool put_copy(struct script_lane *lane, const char *name, const char *text,
                     struct script_outcome *outcome)
{
    size_t size = strlen(text) + 1;
    char *kept = script_alloc(lane, size);
    if (kept != NULL) {
        memcpy(kept, text, size);
        script_field_text(outcome, name, kept);
    }
    return kept != NULL;
}

static bool put_state(struct script_lane *lane, platen_device *device,
                      struct script_outcome *outcome)
{
    struct platen_device_state state;
    platen_device_query(device, &state);
    script_field_number(outcome, "code", state.code);
    return put_copy(lane, "display", state.display, outcome);
}

static bool put_job(struct script_lane *lane, const struct platen_device_job *job,
                    struct script_outcome *outcome)
{
    script_field_number(outcome, "bytes", job->bytes);
    script_field_text(outcome, "whole", job->whole ? "yes" : "no");
    script_field_text(outcome, "end", platen_device_end_name(job->end));
    if (job->pjl) {
        script_field_number(outcome, "payload", job->payload);
        script_field_number(outcome, "printed", job->printed);
        script_field_number(outcome, "pages", job->pages);
    }
    return put_copy(lane, "sha256", job->sha256, outcome) &&
           put_copy(lane, "commands", job->commands, outcome);
}

bool script_verb_expect_device(struct script_lane *lane, const struct script_words *words,
                               struct script_outcome *outcome)
{
    struct platen_device_job job;
    struct script_device *device = device_of(lane, words);
    uint64_t number = 0;

    if (device == NULL || !script_number(lane, script_word(words, "number"), &number)) {
        return false;
    }
    outcome->patience = PATIENCE;
    script_field_number(outcome, "count", platen_device_count(device->device, PLATEN_DEVICE_JOBS));
    script_field_number(outcome, "connections",
                        platen_device_count(device->device, PLATEN_DEVICE_CONNECTIONS));
    if (!put_state(lane, device->device, outcome)) {
        return false;
    }
    if (!find_job(device->device, number, &job)) {
        return put_same(lane, words, NULL, outcome) && put_data(lane, words, NULL, outcome);
    }
    return put_job(lane, &job, outcome) && put_same(lane, words, &job, outcome) &&
           put_data(lane, words, &job, outcome);
}
