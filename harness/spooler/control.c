/* SPDX-License-Identifier: MIT
 *
 * Orders to jobs: pause, resume, cancel, restart, delete.
 */
#include "spooler/inside.h"

uint32_t platen_job_control(platen_spooler *spooler, uint32_t job_id,
                            enum platen_job_command command)
{
    if (command == PLATEN_JOB_CANCEL || command == PLATEN_JOB_DELETE)
        return platen_job_cancel(spooler, job_id);
    return PLATEN_NOT_SUPPORTED;
}
