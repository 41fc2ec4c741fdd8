/* SPDX-License-Identifier: MIT
 *
 * A job as a line of JSON. Nothing in it comes from the client but numbers, so that nothing needs
 * to be escaped.
 */
#include "device/device.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const end_names[] = {
    [PLATEN_DEVICE_CLOSED] = "closed",
    [PLATEN_DEVICE_RESET] = "reset",
    [PLATEN_DEVICE_CUT] = "cut",
    [PLATEN_DEVICE_STALLED] = "stalled",
    [PLATEN_DEVICE_TIMED_OUT] = "timed-out",
    [PLATEN_DEVICE_TOO_LARGE] = "too-large",
    [PLATEN_DEVICE_STOPPED] = "stopped",
};

const char *platen_device_end_name(enum platen_device_end end)
{
    bool known = (unsigned)end < sizeof end_names / sizeof *end_names;
    return known ? end_names[end] : "unknown";
}

/* A day of the proleptic Gregorian calendar, counted from 1970-01-01, as year, month and day. The
 * years of the reckoning begin in March, so that the leap day is their last. */
static void civil(uint64_t day, unsigned *year, unsigned *month, unsigned *of_month)
{
    uint64_t shifted = day + 719468; /* days since 0000-03-01 */
    uint64_t era = shifted / 146097;
    unsigned in_era = (unsigned)(shifted % 146097);
    unsigned in_era_year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    unsigned in_year = in_era - (365 * in_era_year + in_era_year / 4 - in_era_year / 100);
    unsigned from_march = (5 * in_year + 2) / 153;
    *of_month = in_year - (153 * from_march + 2) / 5 + 1;
    *month = from_march < 10 ? from_march + 3 : from_march - 9;
    *year = (unsigned)(era * 400) + in_era_year + (*month <= 2);
}

static void write_time(uint64_t moment, char text[40])
{
    uint64_t seconds = moment / 1000000000u;
    unsigned in_day = (unsigned)(seconds % 86400);
    unsigned year;
    unsigned month;
    unsigned day;
    civil(seconds / 86400, &year, &month, &day);
    snprintf(text, 40, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ", year, month, day, in_day / 3600,
             in_day / 60 % 60, in_day % 60, (unsigned)(moment % 1000000000u / 1000));
}

/* The client's word, as JSON has it. */
static void write_queue(const struct platen_device_job *job, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, ", \"queue\": \"");
    for (const char *at = job->queue; *at != '\0' && used + 8 < size; at++) {
        bool plain = (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x7F;
        used += (size_t)snprintf(text + used, size - used, "%s%c",
                                 *at == '"' || *at == '\\' ? "\\" : "", plain ? *at : '?');
    }
    snprintf(text + used, size - used, "\"");
}

/* What a printer that knows PJL adds, or an LPR server. */
static void write_parts(const struct platen_device_job *job, char *text, size_t size)
{
    if (job->pjl) {
        snprintf(text, size,
                 ", \"payload\": %" PRIu64 ", \"payload_sha256\": \"%s\", \"framing\": %" PRIu64
                 ", \"printed\": %" PRIu32 ", \"pages\": %" PRIu64,
                 job->payload, job->payload_sha256, job->framing, job->printed, job->pages);
    } else if (job->queue[0] != '\0') {
        write_queue(job, text, size);
    }
}

size_t platen_device_note(const struct platen_device_job *job, char *to, size_t size)
{
    char begun[40];
    char file[48] = "null";
    char parts[256] = "";
    write_time(job->begun, begun);
    write_parts(job, parts, sizeof parts);
    if (job->file[0] != '\0') {
        snprintf(file, sizeof file, "\"%s\"", job->file);
    }
    int needed = snprintf(
        to, size,
        "{\"job\": %" PRIu32 ", \"file\": %s, \"whole\": %s, \"end\": \"%s\", \"bytes\": %" PRIu64
        ", \"sha256\": \"%s\", \"answered\": %" PRIu64 ", \"client\": \"%s\", \"begun\": \"%s\""
        ", \"first_byte\": %.6f, \"last_byte\": %.6f, \"seconds\": %.6f%s, \"error\": %" PRIu32 "}",
        job->number, file, job->whole ? "true" : "false", platen_device_end_name(job->end),
        job->bytes, job->sha256, job->answered, job->client, begun, (double)job->first / 1e9,
        (double)job->last / 1e9, (double)job->ended / 1e9, parts, job->error);
    return needed < 0 ? 0 : (size_t)needed;
}
