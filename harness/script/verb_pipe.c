/* SPDX-License-Identifier: MIT
 *
 * Verbs of named pipes: files that a monitor prints to and that nobody reads.
 */
#include <stdlib.h>

#include "os/clock.h"
#include "os/pipe.h"
#include "script/inside.h"

#define DRAIN_TIME (10 * SECOND)
#define TICK       (SECOND / 200)

struct script_pipe {
    struct script_pipe *next;
    platen_os_file file;
};

bool script_verb_pipe(struct script_lane *lane, const struct script_words *words,
                      struct script_outcome *outcome)
{
    const char *path;
    if (!script_path_of(lane, script_word(words, "PATH"), &path)) {
        return false;
    }
    struct script_pipe *pipe = calloc(1, sizeof *pipe);
    if (pipe == NULL) {
        return script_fail(lane, NULL, "memory is out");
    }
    outcome->error = platen_os_pipe_make(path, &pipe->file);
    if (outcome->error != 0) {
        free(pipe);
        return true;
    }
    platen_os_mutex_lock(&lane->test->lock);
    pipe->next = lane->test->pipes;
    lane->test->pipes = pipe;
    platen_os_mutex_unlock(&lane->test->lock);
    struct script_name *name = script_new_name(lane, script_word(words, "NAME"), SCRIPT_PIPE);
    if (name != NULL) {
        name->is.pipe = pipe;
    }
    return true;
}

/* Until nobody has it open for writing any more. */
bool script_verb_drain(struct script_lane *lane, const struct script_words *words,
                       struct script_outcome *outcome)
{
    const struct script_name *name =
        script_named(lane, script_word(words, "PIPE"), SCRIPT_PIPE, "pipe");
    uint64_t patience = DRAIN_TIME;
    uint64_t all = 0;
    uint64_t bytes = 0;
    bool ended = false;
    if (name == NULL || (script_word(words, "within") != NULL &&
                         !script_seconds(lane, script_word(words, "within"), &patience))) {
        return false;
    }
    uint64_t until = platen_os_now() + patience;
    do {
        outcome->error = platen_os_pipe_drain(name->is.pipe->file, &bytes, &ended);
        all += bytes;
        if (bytes == 0 && !ended) {
            uint32_t word = 0;
            platen_os_wait(&word, 0, platen_os_now() + TICK);
        }
    } while (outcome->error == 0 && !ended && platen_os_now() < until);
    script_field_number(outcome, "bytes", all);
    return true;
}

void script_pipes_end(struct script_test *test)
{
    while (test->pipes != NULL) {
        struct script_pipe *pipe = test->pipes;
        test->pipes = pipe->next;
        (void)platen_os_file_close(pipe->file);
        free(pipe);
    }
}
