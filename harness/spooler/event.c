/* SPDX-License-Identifier: MIT
 *
 * What the spooler tells its owner. Nothing is made if nobody listens.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "os/error.h"
#include "os/lasterror.h"
#include "spooler/carry.h"
#include "spooler/inside.h"

#define TEXT_SIZE 512

/* A handler's own work must not show in the last-error of the thread it is called on. */
static void deliver(platen_spooler *spooler, const struct platen_event *event)
{
    uint32_t kept = platen_os_get_last_error();

    spooler->options.on_event(spooler->options.event_context, event);
    platen_os_set_last_error(kept);
}

void spool_say(platen_spooler *spooler, enum platen_event_kind kind, const char *port, uint32_t job,
               const char *format, ...)
{
    char raw[TEXT_SIZE];
    char text[2 * TEXT_SIZE];
    va_list args;

    if (spooler->options.on_event == NULL)
        return;
    va_start(args, format);
    vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    platen_text_printable(raw, strlen(raw), text, sizeof text);
    struct platen_event event = {.kind = kind, .job_id = job, .port = port, .text = text};
    deliver(spooler, &event);
}

void platen_spooler_tell(platen_spooler *spooler, enum platen_event_kind kind, const char *text)
{
    spool_say(spooler, kind, NULL, 0, "%s", text);
}

void platen_spooler_tell_end(platen_spooler *spooler, const char *text)
{
    char printable[8 * TEXT_SIZE];

    if (spooler->options.on_event == NULL)
        return;
    platen_text_printable(text, strlen(text), printable, sizeof printable);
    struct platen_event event = {
        .kind = PLATEN_EVENT_FINDING, .text = printable, .error = PLATEN_PROCESS_ABORTED};
    deliver(spooler, &event);
}

void spool_tell_job(platen_spooler *spooler, enum platen_event_kind kind, const struct job *job,
                    const char *port, const char *slot, uint32_t error)
{
    if (spooler->options.on_event == NULL)
        return;
    struct platen_event event = {
        .kind = kind,
        .job_id = job->id,
        .printer = job->printer->name,
        .port = port,
        .document = job->text->title8,
        .state = spool_job_state(job),
        .bytes = atomic_load_explicit(&job->bytes, memory_order_relaxed),
        .size = job->size,
        .error = error,
        .slot = slot,
    };
    deliver(spooler, &event);
}

void spool_tell_port(platen_spooler *spooler, const char16_t *port, const PORT_INFO_3W *info)
{
    char name[TEXT_SIZE];
    char raw[TEXT_SIZE] = "";
    char text[2 * TEXT_SIZE];

    if (spooler->options.on_event == NULL)
        return;
    platen_text_to8(port, SIZE_MAX, name, sizeof name);
    if (info->pszStatus != NULL)
        platen_text_to8(info->pszStatus, SIZE_MAX, raw, sizeof raw);
    platen_text_printable(raw, strlen(raw), text, sizeof text);
    struct platen_event event = {.kind = PLATEN_EVENT_PORT_STATUS,
                                 .port = name,
                                 .status = info->dwStatus,
                                 .severity = info->dwSeverity,
                                 .text = info->pszStatus != NULL ? text : NULL};
    deliver(spooler, &event);
}

struct error_words spool_words_of(uint32_t error)
{
    struct error_words words;
    const char *meaning = platen_error_text(error);

    if (meaning != NULL)
        snprintf(words.text, sizeof words.text, "%u (%s)", (unsigned)error, meaning);
    else
        snprintf(words.text, sizeof words.text, "%u", (unsigned)error);
    return words;
}

bool spool_carrier_is_gone(void)
{
    return platen_os_get_last_error() == PLATEN_PROCESS_ABORTED;
}

uint32_t spool_reason_of(platen_spooler *spooler, const char *monitor, const char *slot,
                         const char *port)
{
    uint32_t error = platen_os_get_last_error();

    if (error != 0)
        return error;
    spool_say(spooler, PLATEN_EVENT_FINDING, port, 0, "%s of '%s' said FALSE without a last-error",
              slot, monitor);
    return PLATEN_GEN_FAILURE;
}
