/* SPDX-License-Identifier: MIT
 *
 * GetJob: JOB_INFO_1 and _2 with their strings, packed into the monitor's buffer.
 */
#include <string.h>

#include "os/clock.h"
#include "spooler/inside.h"

static WCHAR empty[] = u"";
static WCHAR processor[] = u"winprint";

/* ---- time ------------------------------------------------------------------------------------ */

/* Days since 1970-01-01 as a date: the year is taken to begin in March, so that leap days come
 * last. */
static void set_date(SYSTEMTIME *time, uint64_t days)
{
    uint64_t shifted = days + 719468;
    uint64_t era = shifted / 146097;
    uint64_t day_of_era = shifted % 146097;
    uint64_t year =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint64_t day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    uint64_t month = (5 * day_of_year + 2) / 153;

    time->wDay = (WORD)(day_of_year - (153 * month + 2) / 5 + 1);
    time->wMonth = (WORD)(month < 10 ? month + 3 : month - 9);
    time->wYear = (WORD)(year + era * 400 + (time->wMonth <= 2));
    time->wDayOfWeek = (WORD)((days + 4) % 7);
}

static SYSTEMTIME date_of(uint64_t wall)
{
    SYSTEMTIME time = {.wYear = 0};
    uint64_t seconds = wall / SECOND;

    set_date(&time, seconds / 86400);
    time.wHour = (WORD)(seconds / 3600 % 24);
    time.wMinute = (WORD)(seconds / 60 % 60);
    time.wSecond = (WORD)(seconds % 60);
    time.wMilliseconds = (WORD)(wall / MILLISECOND % 1000);
    return time;
}

static uint64_t age(const struct job *job, uint64_t since)
{
    const platen_spooler *spooler = job->printer->spooler;

    return since != 0 ? spooler->clock->now(spooler->clock) - since : 0;
}

static SYSTEMTIME submitted(const struct job *job)
{
    return date_of(platen_os_wall_time() - age(job, job->queued_at));
}

/* ---- the structures, with pointers to our own strings ---------------------------------------- */

static DWORD position(const struct job *job)
{
    DWORD count = job->printer->printing;

    if (job->state != PLATEN_JOB_QUEUED)
        return 1;
    for (const struct job *at = job->printer->first; at != NULL; at = at->next) {
        count++;
        if (at == job)
            break;
    }
    return count;
}

static void fill_1(const struct job *job, JOB_INFO_1W *info)
{
    *info = (JOB_INFO_1W){
        .JobId = job->id,
        .pPrinterName = job->printer->name16,
        .pMachineName = job->printer->spooler->machine,
        .pUserName = job->printer->spooler->user,
        .pDocument = job->text->title,
        .pDatatype = writable(job->text->datatype),
        .Status = spool_job_status(job),
        .Priority = 1,
        .Position = position(job),
        .Submitted = submitted(job),
    };
}

static void fill_2(const struct job *job, JOB_INFO_2W *info)
{
    *info = (JOB_INFO_2W){
        .JobId = job->id,
        .pPrinterName = job->printer->name16,
        .pMachineName = job->printer->spooler->machine,
        .pUserName = job->printer->spooler->user,
        .pDocument = job->text->title,
        .pNotifyName = job->printer->spooler->user,
        .pDatatype = writable(job->text->datatype),
        .pPrintProcessor = processor,
        .pParameters = empty,
        .pDriverName = empty,
        .Status = spool_job_status(job),
        .Priority = 1,
        .Position = position(job),
        .Size = job->size > MAXDWORD ? MAXDWORD : (DWORD)job->size,
        .Submitted = submitted(job),
        .Time = (DWORD)(age(job, job->started_at) / MILLISECOND),
    };
}

/* ---- packing --------------------------------------------------------------------------------- */

/* The string members of each level. */
static const size_t texts_1[] = {
    offsetof(JOB_INFO_1W, pPrinterName), offsetof(JOB_INFO_1W, pMachineName),
    offsetof(JOB_INFO_1W, pUserName),    offsetof(JOB_INFO_1W, pDocument),
    offsetof(JOB_INFO_1W, pDatatype),
};
static const size_t texts_2[] = {
    offsetof(JOB_INFO_2W, pPrinterName),    offsetof(JOB_INFO_2W, pMachineName),
    offsetof(JOB_INFO_2W, pUserName),       offsetof(JOB_INFO_2W, pDocument),
    offsetof(JOB_INFO_2W, pNotifyName),     offsetof(JOB_INFO_2W, pDatatype),
    offsetof(JOB_INFO_2W, pPrintProcessor), offsetof(JOB_INFO_2W, pParameters),
    offsetof(JOB_INFO_2W, pDriverName),
};

struct form {
    const size_t *texts;
    size_t count;
    size_t size; /* of the structure */
};

static const struct form forms[] = {
    [1] = {texts_1, sizeof texts_1 / sizeof *texts_1, sizeof(JOB_INFO_1W)},
    [2] = {texts_2, sizeof texts_2 / sizeof *texts_2, sizeof(JOB_INFO_2W)},
};

static const char16_t *text_at(const void *info, size_t offset)
{
    const char16_t *text;

    memcpy(&text, (const char *)info + offset, sizeof text);
    return text;
}

static size_t text_bytes(const char16_t *text)
{
    return (platen_text_length16(text, SIZE_MAX) + 1) * sizeof *text;
}

static size_t size_of(const struct form *form, const void *info)
{
    size_t size = form->size;

    for (size_t i = 0; i < form->count; i++)
        size += text_bytes(text_at(info, form->texts[i]));
    return size;
}

/* Strings against the end, the structure at the beginning; its pointers lead to the copies. The
 * buffer may lie at any address. */
static void pack(const struct form *form, void *info, LPBYTE to, DWORD room)
{
    LPBYTE end = to + (room & ~(DWORD)1);

    for (size_t i = 0; i < form->count; i++) {
        const char16_t *text = text_at(info, form->texts[i]);
        end -= text_bytes(text);
        memcpy(end, text, text_bytes(text));
        memcpy((char *)info + form->texts[i], &end, sizeof end);
    }
    memcpy(to, info, form->size);
}

static uint32_t tell(const struct job *job, DWORD level, LPBYTE to, DWORD room, LPDWORD needed)
{
    union {
        JOB_INFO_1W one;
        JOB_INFO_2W two;
    } info;

    if (level == 1)
        fill_1(job, &info.one);
    else
        fill_2(job, &info.two);
    size_t size = size_of(&forms[level], &info);
    *needed = (DWORD)size;
    if (room < size)
        return PLATEN_INSUFFICIENT_BUFFER;
    pack(&forms[level], &info, to, room);
    return 0;
}

uint32_t spool_jobinfo_get(const struct opened *where, uint32_t id, DWORD level, LPBYTE to,
                           DWORD size, LPDWORD needed)
{
    uint32_t error = PLATEN_INVALID_PARAMETER;

    if (needed == NULL || (to == NULL && size != 0))
        return error;
    *needed = 0;
    if (level != 1 && level != 2)
        return PLATEN_INVALID_LEVEL;
    lock(where->spooler);
    const struct job *job = spool_job_on(where, id);
    if (job != NULL)
        error = tell(job, level, to, size, needed);
    unlock(where->spooler);
    return error;
}
