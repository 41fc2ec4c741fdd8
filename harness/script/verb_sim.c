/* SPDX-License-Identifier: MIT
 *
 * Verbs of simulated devices in the process.
 */
#include <stdlib.h>
#include <string.h>

#include "device/sha256.h"
#include "script/foreign.h"

#define KEPT (64u << 20) /* what a simulated device keeps */

struct script_sim {
    struct script_sim *next;
    char *name;
    void *device;
};

static struct script_sim *make_sim(struct script_lane *lane, const char *name)
{
    struct script_sim *sim = calloc(1, sizeof *sim + strlen(name) + 1);
    if (sim == NULL) {
        return NULL;
    }
    sim->name = (char *)(sim + 1);
    strcpy(sim->name, name);
    sim->device = lane->test->run->world->sim_create(name);
    if (sim->device == NULL) {
        free(sim);
        return NULL;
    }
    platen_os_mutex_lock(&lane->test->lock);
    sim->next = lane->test->sims;
    lane->test->sims = sim;
    platen_os_mutex_unlock(&lane->test->lock);
    return sim;
}

/* The device of that name; one that the test has not named yet is made. */
static void *sim_of(struct script_lane *lane, const struct script_words *words)
{
    const char *name = "";
    struct script_sim *sim;

    if (!script_foreign_sim(lane->test)) {
        return NULL;
    }
    if (lane->test->run->world->sim_create == NULL) {
        script_fail(lane, NULL, "there are no simulated devices here");
        return NULL;
    }
    if (!script_text(lane, script_word(words, "NAME"), &name)) {
        return NULL;
    }
    platen_os_mutex_lock(&lane->test->lock);
    for (sim = lane->test->sims; sim != NULL && strcmp(sim->name, name) != 0; sim = sim->next) {
    }
    platen_os_mutex_unlock(&lane->test->lock);
    sim = sim == NULL ? make_sim(lane, name) : sim;
    if (sim == NULL) {
        script_fail(lane, script_word(words, "NAME"), "this device cannot be made");
    }
    return sim == NULL ? NULL : sim->device;
}

void script_sims_end(struct script_test *test)
{
    while (test->sims != NULL) {
        struct script_sim *sim = test->sims;
        test->sims = sim->next;
        test->run->world->sim_release(sim->device);
        free(sim);
    }
}

bool script_verb_sim(struct script_lane *lane, const struct script_words *words,
                     struct script_outcome *outcome)
{
    const char *script = NULL;
    void *device = sim_of(lane, words);
    if (device == NULL || !script_text(lane, script_word(words, "SCRIPT"), &script)) {
        return false;
    }
    if (script != NULL) {
        outcome->error = lane->test->run->world->sim_script(device, script, &outcome->why);
    }
    return true;
}

bool script_verb_sim_reply(struct script_lane *lane, const struct script_words *words,
                           struct script_outcome *outcome)
{
    const void *bytes = NULL;
    size_t size = 0;
    void *device = sim_of(lane, words);
    if (device == NULL || !script_bytes(lane, script_word(words, "BYTES"), &bytes, &size)) {
        return false;
    }
    outcome->error = lane->test->run->world->sim_reply(device, bytes, size);
    return true;
}

bool script_verb_sim_forget(struct script_lane *lane, const struct script_words *words,
                            struct script_outcome *outcome)
{
    void *device = sim_of(lane, words);
    (void)outcome;
    if (device == NULL) {
        return false;
    }
    lane->test->run->world->sim_forget(device);
    return true;
}

/* ---- what it received ------------------------------------------------------------------------ */

/* Are the bytes the stream's first ones; all of them, if `whole`? */
static bool judge_stream(struct script_lane *lane, const struct script_words *words,
                         const char *name, bool whole, const void *bytes, uint64_t size,
                         struct script_outcome *outcome)
{
    const struct platen_word *word = script_expected(words, name);
    char here[65];
    char there[65];

    if (word == NULL) {
        return true;
    }
    struct script_stream *stream = script_stream_of(lane, word);
    if (stream == NULL) {
        return false;
    }
    uint64_t length = script_stream_size(stream);
    bool same = whole ? size == length : size <= length;
    if (same) {
        script_sha256(NULL, bytes, (size_t)size, here);
        same = script_stream_sha256(stream, size, there) == 0 && strcmp(here, there) == 0;
    }
    script_judge(outcome, word, same);
    script_field_text(outcome, name, same ? "it" : "other bytes");
    return true;
}

static bool put_bytes(struct script_lane *lane, const struct script_words *words, void *device,
                      struct script_outcome *outcome)
{
    const struct platen_script_world *world = lane->test->run->world;
    uint64_t received = world->sim_received(device);
    size_t size = received < KEPT ? (size_t)received : KEPT;
    char *hash = script_alloc(lane, 65);

    outcome->memory = malloc(size + 1);
    if (outcome->memory == NULL || hash == NULL) {
        return script_fail(lane, NULL, "memory is out");
    }
    size = world->sim_copy(device, 0, outcome->memory, size);
    script_field_bytes(outcome, "data", outcome->memory, size);
    script_sha256(NULL, outcome->memory, size, hash);
    script_field_text(outcome, "sha256", hash);
    return judge_stream(lane, words, "same-as", true, outcome->memory, received, outcome) &&
           judge_stream(lane, words, "prefix-of", false, outcome->memory, received, outcome);
}

bool script_verb_expect_sim(struct script_lane *lane, const struct script_words *words,
                            struct script_outcome *outcome)
{
    static const char *const names[] = {"started", "ended", "abandoned", "open"};
    uint32_t counts[4] = {0};
    void *device = sim_of(lane, words);

    if (device == NULL) {
        return false;
    }
    const struct platen_script_world *world = lane->test->run->world;
    script_field_number(outcome, "bytes", world->sim_received(device));
    world->sim_counts(device, counts);
    for (unsigned i = 0; i < 4; i++) {
        script_field_number(outcome, names[i], counts[i]);
    }
    return put_bytes(lane, words, device, outcome);
}
