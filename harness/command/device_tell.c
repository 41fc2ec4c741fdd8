/* SPDX-License-Identifier: MIT */
#include "command/device_tell.h"

#include <inttypes.h>
#include <stdio.h>

static void print_job(const struct platen_device_job *job)
{
    static const char *const reasons[] = {
        [PLATEN_DEVICE_CLOSED] = "whole",
        [PLATEN_DEVICE_RESET] = "not whole: the client reset the connection",
        [PLATEN_DEVICE_CUT] = "not whole: cut off as asked",
        [PLATEN_DEVICE_STALLED] = "not whole: stalled as asked",
        [PLATEN_DEVICE_TIMED_OUT] = "not whole: it took too long",
        [PLATEN_DEVICE_TOO_LARGE] = "not whole: it was too large",
        [PLATEN_DEVICE_STOPPED] = "not whole: interrupted",
    };
    printf("job %" PRIu32 ": %" PRIu64 " bytes from %s in %.3f s, %s%s%s\n", job->number,
           job->bytes, job->client, (double)job->ended / 1e9, reasons[job->end],
           job->file[0] == '\0' ? "" : ", kept as ", job->file);
    fflush(stdout);
}

void device_tell_job(struct report *report, const struct platen_device_job *job)
{
    char note[1024];
    print_job(job);
    platen_device_note(job, note, sizeof note);
    json_t *object = json_loads(note, 0, NULL);
    if (object != NULL) {
        json_object_set_new(object, "event", json_string("job"));
    }
    report_write(report, object == NULL ? json_null() : object);
}

void device_tell_state(struct report *report, const struct platen_device_state *state)
{
    printf("state %" PRIu32 ": %s\n", state->code, state->display);
    fflush(stdout);
    report_write(report, json_pack("{s:s, s:I, s:s, s:b, s:b}", "event", "state", "code",
                                   (json_int_t)state->code, "display", state->display, "online",
                                   (int)state->online, "takes", (int)state->takes));
}
