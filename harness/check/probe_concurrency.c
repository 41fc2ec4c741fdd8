/* SPDX-License-Identifier: MIT
 *
 * Calls at the same time: R22 and R71, beside a port that is stuck and beside ports that change.
 */
#include "check/inside.h"
#include "check/probes.h"
#include "check/steps.h"

#define BIG    16777216u /* more than the system keeps on the way */
#define PROMPT 2.0       /* seconds */

/* ---- beside a port that is stuck ------------------------------------------------------------- */

/* The bytes of the job that have gone; it has come to a stand when they stay the same. */
static bool stands_still(struct probe *p)
{
    uint64_t before = UINT64_MAX;
    unsigned same = 0;
    for (unsigned turn = 0; turn < 80 && same < 2; turn++) {
        const char *name = probe_format(p, "gone%u", turn);
        if (!probe_set(p, "sleep 0.25\nexpect job $jam bytes=$%s", name)) {
            return false;
        }
        same = probe_number(p, name) == before ? same + 1 : 0;
        before = probe_number(p, name);
    }
    return same == 2 && before < BIG;
}

/* What the port leads to takes no more than a little: a device, or a pipe where its file was. */
static bool block(struct probe *p)
{
    if (probe_has(p, PLATEN_NEED_STALLING_DEVICE)) {
        return probe_behave(p, "stall-after=1000");
    }
    const char *path = probe_output_path(p);
    p->blocks = path != NULL;
    return path != NULL && probe_set(p, "pipe $pipe \"%s\"", path);
}

/* A job that it takes a little of. It is one of the spooler's own, so that nobody waits for it
 * here. */
static bool jam(struct probe *p, int rule)
{
    const char *output = step_output(p);
    bool begun = probe_set(p, "stream @jam random size=%u", BIG) && block(p) &&
                 probe_set(p, "submit \"${port}\" @jam%s%s as $jam",
                           output == NULL ? "" : " output=", output == NULL ? "" : output) &&
                 probe_set(p, "expect calls WritePort within=20");
    bool stuck = begun && stands_still(p);
    if (begun && !stuck && !probe_is_over(p)) {
        probe_skip(p, rule, "the job did not come to a stand on what its port leads to");
    }
    return stuck;
}

static void unjam(struct probe *p)
{
    probe_tidy(p, "cancel $jam -> any");
    probe_tidy(p, "%s",
               probe_has(p, PLATEN_NEED_STALLING_DEVICE) ? "behave $device" : "drain $pipe");
    probe_tidy(p, "wait $jam within=60 -> any");
}

static void judge_prompt(struct probe *p, int rule)
{
    if (!probe_is_over(p)) {
        probe_judge(p, rule, step_seconds(p) < PROMPT, "an answer within 2 seconds", "%.1f seconds",
                    step_seconds(p));
    }
}

/* More than once: a monitor that holds a lock lets go of it between two WritePorts. */
#define TIMES 4

void list_beside_stuck(struct probe *p)
{
    bool stuck = jam(p, 22);
    for (unsigned i = 0; i < TIMES && stuck && !probe_is_over(p); i++) {
        probe_run(p, 22, "EnumPorts Level=1 -> TRUE");
        judge_prompt(p, 22);
        probe_set(p, "sleep 0.3");
    }
    unjam(p);
}

void xcv_beside_stuck(struct probe *p)
{
    bool stuck = jam(p, 71);
    for (unsigned i = 0; i < TIMES && stuck && !probe_is_over(p); i++) {
        probe_run(p, 71, "XcvOpenPort pszObject=\"${object}\" GrantedAccess=1 -> TRUE phXcv=$x%u",
                  i);
        judge_prompt(p, 71);
        probe_run(p, 71, "XcvDataPort hXcv=$x%u pszDataName=\"MonitorUI\" cbOutputData=512 -> any",
                  i);
        judge_prompt(p, 71);
        probe_run(p, 71, "XcvClosePort hXcv=$x%u -> any", i);
        judge_prompt(p, 71);
        probe_set(p, "sleep 0.3");
    }
    unjam(p);
}

/* ---- beside ports that come and go ----------------------------------------------------------- */

void list_beside_changes(struct probe *p)
{
    const char *name = probe_new_port(p);
    const char *other = probe_new_port(p);
    probe_run(p, 22,
              "parallel {\n"
              "lane adds {\nrepeat 40 {\n%s\n%s\n}\n}\n"
              "lane more {\nrepeat 40 {\n%s\n%s\n}\n}\n"
              "lane lists {\nrepeat 150 {\nEnumPorts Level=1 -> any\n}\n}\n"
              "}",
              probe_add_line(p, name), probe_delete_line(p, name), probe_add_line(p, other),
              probe_delete_line(p, other));
}
