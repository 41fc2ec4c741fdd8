/* SPDX-License-Identifier: MIT
 *
 * What the spoolers of a test told: kept for `expect event`, passed on to the report.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/inside.h"

#define KEPT_EVENTS 4096 /* of one test; later ones are only counted */

const char *const script_event_names[PLATEN_EVENT_KINDS] = {
    [PLATEN_EVENT_JOB_QUEUED] = "queued",       [PLATEN_EVENT_JOB_STARTED] = "started",
    [PLATEN_EVENT_JOB_PROGRESS] = "progress",   [PLATEN_EVENT_JOB_TROUBLE] = "trouble",
    [PLATEN_EVENT_JOB_ENDED] = "ended",         [PLATEN_EVENT_PORT_STATUS] = "port-status",
    [PLATEN_EVENT_FINDING] = "finding",         [PLATEN_EVENT_LOG] = "log",
    [PLATEN_EVENT_JOB_PAUSED] = "paused",       [PLATEN_EVENT_JOB_RESUMED] = "resumed",
    [PLATEN_EVENT_JOB_RESTARTED] = "restarted",
};

const char *platen_script_event(size_t index)
{
    return index < PLATEN_EVENT_KINDS ? script_event_names[index] : NULL;
}

const char *const script_job_states[] = {
    [PLATEN_JOB_QUEUED] = "queued",       [PLATEN_JOB_PRINTING] = "printing",
    [PLATEN_JOB_PRINTED] = "printed",     [PLATEN_JOB_FAILED] = "failed",
    [PLATEN_JOB_CANCELLED] = "cancelled", [PLATEN_JOB_PAUSED] = "paused",
};

static const char *keep_text(char **at, const char *text)
{
    if (text == NULL) {
        return NULL;
    }
    char *kept = *at;
    strcpy(kept, text);
    *at += strlen(text) + 1;
    return kept;
}

static size_t length_of(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

static struct script_event *copy(struct script_spooler *spooler, const struct platen_event *event)
{
    size_t size = length_of(event->printer) + length_of(event->port) + length_of(event->document) +
                  length_of(event->text);
    struct script_event *made = malloc(sizeof *made + size);
    if (made == NULL) {
        return NULL;
    }
    char *texts = (char *)(made + 1);
    made->next = NULL;
    made->spooler = spooler;
    made->event = *event;
    made->event.printer = keep_text(&texts, event->printer);
    made->event.port = keep_text(&texts, event->port);
    made->event.document = keep_text(&texts, event->document);
    made->event.text = keep_text(&texts, event->text);
    return made;
}

static void tell_job(struct script_test *test, const struct platen_event *event)
{
    struct platen_report_job job = {
        .document = event->document,
        .port = event->port,
        .id = event->job_id,
        .state = script_job_states[event->state],
        .bytes = event->bytes,
        .call = event->slot,
        .error = event->error,
    };
    platen_report_tell(test->run->report,
                       &(struct platen_report_event){.kind = PLATEN_REPORT_JOB, .job = &job});
}

static void tell(struct script_test *test, const struct platen_event *event)
{
    char text[1024];
    if (test->run->listener != NULL) {
        test->run->listener->event(test->run->listener->context, event);
    } else if (event->kind == PLATEN_EVENT_JOB_ENDED) {
        tell_job(test, event);
    } else if (event->kind == PLATEN_EVENT_FINDING) {
        snprintf(text, sizeof text, "finding: %s", event->text);
        script_tell_log(test, NULL, PLATEN_REPORT_WARNING, text);
    } else if (event->kind == PLATEN_EVENT_LOG) {
        script_tell_log(test, NULL, PLATEN_REPORT_INFO, event->text);
    }
}

void script_on_event(void *spooler, const struct platen_event *event)
{
    struct script_test *test = ((struct script_spooler *)spooler)->test;
    struct script_event *kept;

    platen_trace_event(test->run->options->trace, event);
    if (event->kind == PLATEN_EVENT_JOB_PROGRESS) {
        return;
    }
    if (event->kind == PLATEN_EVENT_FINDING && event->error == PLATEN_PROCESS_ABORTED) {
        atomic_store(&test->dead, true);
    }
    kept = copy(spooler, event);
    platen_os_mutex_lock(&test->lock);
    test->event_counts[event->kind]++;
    if (kept != NULL && test->kept_events < KEPT_EVENTS) {
        *test->last_event = kept;
        test->last_event = &kept->next;
        test->kept_events++;
        kept = NULL;
    }
    platen_os_cond_broadcast(&test->changed);
    platen_os_mutex_unlock(&test->lock);
    free(kept);
    tell(test, event);
}

void script_events_free(struct script_test *test)
{
    while (test->events != NULL) {
        struct script_event *event = test->events;
        test->events = event->next;
        free(event);
    }
    test->last_event = &test->events;
    test->kept_events = 0;
    memset(test->event_counts, 0, sizeof test->event_counts);
}
