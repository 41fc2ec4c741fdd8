/* SPDX-License-Identifier: MIT
 *
 * Verbs of jobs: job, submit, wait, expect job, and what is done to a job.
 */
#include <stdio.h>
#include <string.h>

#include "os/error.h"
#include "script/inside.h"

/* ---- the document ---------------------------------------------------------------------------- */

static uint32_t read_stream(void *context, uint64_t offset, void *to, uint32_t size,
                            uint32_t *moved)
{
    return script_stream_read(context, offset, to, size, moved);
}

static bool take_stream(struct script_lane *lane, const struct script_words *words,
                        struct platen_document *document)
{
    const void *bytes = NULL;
    size_t size = 0;
    struct script_stream *stream;

    if (script_word(words, "data") != NULL) {
        if (!script_bytes(lane, script_word(words, "BYTES"), &bytes, &size)) {
            return false;
        }
        stream = script_stream_keep(lane->test, bytes, size);
    } else if (script_word(words, "STREAM") != NULL) {
        stream = script_stream_of(lane, script_word(words, "STREAM"));
    } else {
        return script_fail(lane, NULL, "what is printed? file PATH, data BYTES or @STREAM");
    }
    document->read_at = read_stream;
    document->read_context = stream;
    document->lasting = true;
    return stream != NULL;
}

static bool take_document(struct script_lane *lane, const struct script_words *words,
                          struct platen_document *document)
{
    *document = (struct platen_document){.size = sizeof *document};
    if (!script_text(lane, script_word(words, "title"), &document->title) ||
        !script_path_of(lane, script_word(words, "output"), &document->output_file) ||
        !script_text(lane, script_word(words, "datatype"), &document->datatype) ||
        !script_seconds(lane, script_word(words, "timeout"), &document->timeout)) {
        return false;
    }
    if (script_word(words, "file") != NULL) {
        return script_path_of(lane, script_word(words, "PATH"), &document->path);
    }
    return take_stream(lane, words, document);
}

/* A queue that is no printer's name is a port's; then it gets a printer. */
static uint32_t submit(struct script_lane *lane, const char *queue,
                       const struct platen_document *document, uint32_t *id)
{
    struct platen_trace *trace = lane->test->run->options->trace;
    platen_spooler *spooler = lane->spooler->spooler;
    char printer[300];
    uint32_t hash = 2166136261u;
    uint32_t error = platen_trace_submit(trace, spooler, queue, document, id);

    if (error != PLATEN_INVALID_PRINTER_NAME) {
        return error;
    }
    for (const char *at = queue; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    }
    if (strpbrk(queue, ",\\") == NULL && strlen(queue) < sizeof printer) {
        snprintf(printer, sizeof printer, "%s", queue);
    } else {
        snprintf(printer, sizeof printer, "queue-%08x", (unsigned)hash);
    }
    const struct platen_printer_options options = {.size = sizeof options,
                                                   .ports = &queue,
                                                   .port_count = 1,
                                                   .language = script_default_language(lane),
                                                   .bidi = true};
    error = platen_printer_create(spooler, printer, &options);
    if (error != 0 && error != PLATEN_ALREADY_EXISTS) {
        return error;
    }
    return platen_trace_submit(trace, spooler, printer, document, id);
}

static bool keep_job(struct script_lane *lane, const struct script_words *words, uint32_t id)
{
    struct script_name *name = script_new_name(lane, script_word(words, "NAME"), SCRIPT_JOB);
    char raw[16];
    if (name == NULL) {
        return true;
    }
    snprintf(raw, sizeof raw, "%u", (unsigned)id);
    name->is.job.spooler = lane->spooler;
    name->is.job.id = id;
    return script_name_set(name, raw, strlen(raw)) || script_fail(lane, NULL, "memory is out");
}

static bool begin_job(struct script_lane *lane, const struct script_words *words, uint32_t *id,
                      struct script_outcome *outcome)
{
    struct platen_document document;
    const char *queue = "";

    *id = 0;
    if (!script_text(lane, script_word(words, "QUEUE"), &queue) ||
        !take_document(lane, words, &document)) {
        return false;
    }
    if (script_spooler_of(lane) == NULL) {
        return true;
    }
    outcome->error = submit(lane, queue, &document, id);
    return outcome->error != 0 || keep_job(lane, words, *id);
}

/* ---- what came of it ------------------------------------------------------------------------- */

static void put_info(const struct platen_job_info *info, struct script_outcome *outcome)
{
    script_field_number(outcome, "bytes", info->bytes);
    script_field_number(outcome, "writes", info->writes);
    script_field_number(outcome, "starts", info->starts);
    script_field_number(outcome, "completions", info->completions);
    script_field_number(outcome, "status", info->status);
    if (info->slot != NULL) {
        script_field_text(outcome, "slot", info->slot);
    }
}

static void wait_for(struct script_lane *lane, platen_spooler *spooler, uint32_t id, uint64_t until,
                     struct script_outcome *outcome)
{
    struct platen_job_info info;
    uint32_t error = platen_job_wait(spooler, id, until, &info);

    (void)lane;
    if (error != 0 && error != PLATEN_TIMEOUT) {
        outcome->error = error;
        return;
    }
    outcome->word = script_job_states[info.state];
    outcome->error = error == PLATEN_TIMEOUT ? error : info.error;
    put_info(&info, outcome);
}

bool script_verb_job(struct script_lane *lane, const struct script_words *words,
                     struct script_outcome *outcome)
{
    uint32_t id;
    if (!begin_job(lane, words, &id, outcome)) {
        return false;
    }
    if (id == 0) {
        outcome->word = "failed";
        return true;
    }
    wait_for(lane, lane->spooler->spooler, id, PLATEN_FOREVER, outcome);
    return true;
}

bool script_verb_submit(struct script_lane *lane, const struct script_words *words,
                        struct script_outcome *outcome)
{
    uint32_t id;
    return begin_job(lane, words, &id, outcome);
}

bool script_verb_wait(struct script_lane *lane, const struct script_words *words,
                      struct script_outcome *outcome)
{
    uint64_t within = PLATEN_FOREVER;
    const struct script_name *job =
        script_named(lane, script_word(words, "JOB"), SCRIPT_JOB, "job");
    if (job == NULL || !script_seconds(lane, script_word(words, "within"), &within)) {
        return false;
    }
    uint64_t until = within == PLATEN_FOREVER ? within : script_now(lane->test) + within;
    wait_for(lane, job->is.job.spooler->spooler, job->is.job.id, until, outcome);
    return true;
}

bool script_verb_expect_job(struct script_lane *lane, const struct script_words *words,
                            struct script_outcome *outcome)
{
    struct platen_job_info info;
    const struct script_name *job =
        script_named(lane, script_word(words, "JOB"), SCRIPT_JOB, "job");
    if (job == NULL) {
        return false;
    }
    outcome->error = platen_job_query(job->is.job.spooler->spooler, job->is.job.id, &info);
    if (outcome->error == 0) {
        const char *name = platen_error_name(info.error);
        script_field_text(outcome, "state", script_job_states[info.state]);
        script_field_text(outcome, "error", info.error == 0 ? "none" : name == NULL ? "" : name);
        put_info(&info, outcome);
    }
    return true;
}

/* ---- what is done to it ---------------------------------------------------------------------- */

static bool control(struct script_lane *lane, const struct script_words *words,
                    enum platen_job_command command, struct script_outcome *outcome)
{
    const struct script_name *job =
        script_named(lane, script_word(words, "JOB"), SCRIPT_JOB, "job");
    if (job == NULL) {
        return false;
    }
    outcome->error = platen_job_control(job->is.job.spooler->spooler, job->is.job.id, command);
    return true;
}

bool script_verb_cancel(struct script_lane *lane, const struct script_words *words,
                        struct script_outcome *outcome)
{
    return control(lane, words, PLATEN_JOB_CANCEL, outcome);
}

bool script_verb_pause(struct script_lane *lane, const struct script_words *words,
                       struct script_outcome *outcome)
{
    return control(lane, words, PLATEN_JOB_PAUSE, outcome);
}

bool script_verb_resume(struct script_lane *lane, const struct script_words *words,
                        struct script_outcome *outcome)
{
    return control(lane, words, PLATEN_JOB_RESUME, outcome);
}

bool script_verb_restart(struct script_lane *lane, const struct script_words *words,
                         struct script_outcome *outcome)
{
    return control(lane, words, PLATEN_JOB_RESTART, outcome);
}

bool script_verb_delete(struct script_lane *lane, const struct script_words *words,
                        struct script_outcome *outcome)
{
    return control(lane, words, PLATEN_JOB_DELETE, outcome);
}
