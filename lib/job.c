/* SPDX-License-Identifier: MIT */
#include <platen/errors.h>

#include "imports.h"
#include "job.h"

/* After these nothing of the job can be put right any more: it fails until its end, and the spooler
 * prints it again from byte 0. Others may pass (paper is put in), and a resend goes on where the
 * last write stopped. */
static const uint32_t fatal[] = {
    PLATEN_WRITE_PROTECT,        PLATEN_DEV_NOT_EXIST,      PLATEN_PRINT_CANCELLED,
    PLATEN_NETNAME_DELETED,      PLATEN_BROKEN_PIPE,        PLATEN_DISK_FULL,
    PLATEN_FILE_TOO_LARGE,       PLATEN_OPERATION_ABORTED,  PLATEN_IO_DEVICE,
    PLATEN_DEVICE_NOT_CONNECTED, PLATEN_CONNECTION_ABORTED,
};

static bool is_fatal(uint32_t error)
{
    for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
        if (fatal[i] == error)
            return true;
    return false;
}

uint32_t job_begin(struct job *job, const PLATEN_IMPORTS *imports, const char16_t *printer,
                   uint32_t id)
{
    *job = (struct job){.id = id};
    if (!printer || !*printer)
        return 0;
    uint32_t error = imports_open_printer(imports, printer, &job->printer);
    if (error == PLATEN_CALL_NOT_IMPLEMENTED)
        return 0;
    job->has_printer = !error;
    return error;
}

bool job_is_cancelled(struct job *job, const PLATEN_IMPORTS *imports)
{
    const uint32_t unwanted = JOB_STATUS_DELETING | JOB_STATUS_DELETED | JOB_STATUS_RESTART;
    uint32_t status;
    if (!job->has_printer || job->cancelled)
        return job->cancelled;
    uint32_t error = imports_job_status(imports, job->printer, job->id, &status);
    job->cancelled = error == PLATEN_INVALID_PARAMETER || (!error && (status & unwanted));
    return job->cancelled;
}

JOB_INFO_1W *job_owner(const struct job *job, const PLATEN_IMPORTS *imports)
{
    JOB_INFO_1W *info = NULL;
    if (job->has_printer)
        imports_job_info(imports, job->printer, job->id, &info);
    return info;
}

/* Bytes that moved are told with TRUE, because not every spooler looks at the count of a FALSE; the
 * error that stopped them is told to the next call, before anything else moves. So the caller
 * resends exactly what did not go out, whichever way it counts (R44, R41). */
uint32_t job_note_write(struct job *job, uint32_t error, uint32_t moved)
{
    job->error = error;
    job->unreported = error && moved && !job->cancelled;
    return job->unreported ? 0 : error;
}

uint32_t job_obstacle(struct job *job)
{
    if (!job->unreported)
        return is_fatal(job->error) ? job->error : 0;
    job->unreported = false;
    return job->error;
}

void job_complete(const struct job *job, const PLATEN_IMPORTS *imports)
{
    if (job->has_printer)
        imports_set_job(imports, job->printer, job->id, JOB_CONTROL_SENT_TO_PRINTER);
}

void job_release(struct job *job, const PLATEN_IMPORTS *imports)
{
    if (job->has_printer)
        imports_close_printer(imports, job->printer);
    *job = (struct job){0};
}
