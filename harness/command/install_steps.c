/* SPDX-License-Identifier: MIT
 *
 * The steps of install and uninstall: each tells what it changes, does it, and takes it back.
 */
#include <stdio.h>

#include <platen/errors.h>

#include "command/install.h"

static const char *text(const struct install *install, enum install_text which)
{
    return install->texts[which];
}

/* ---- the DLL in the system folder ------------------------------------------------------------ */

static void tell_copy(const struct install *install, const struct install_step *step)
{
    (void)step;
    printf("copy %s to %s\n", printable(text(install, INSTALL_SOURCE)),
           printable(text(install, INSTALL_PATH)));
}

static uint32_t copy(const struct install *install, const struct install_step *step)
{
    (void)step;
    return install_system_copy(text(install, INSTALL_SOURCE), text(install, INSTALL_PATH));
}

static void tell_remove(const struct install *install, const struct install_step *step)
{
    (void)step;
    printf("delete %s\n", printable(text(install, INSTALL_PATH)));
}

static uint32_t remove_file(const struct install *install, const struct install_step *step)
{
    bool later = false;
    uint32_t error = install_system_remove(text(install, INSTALL_PATH), &later);
    (void)step;
    if (later) {
        printf("%s is in use: it goes when Windows starts next\n",
               printable(text(install, INSTALL_PATH)));
    }
    return error;
}

/* ---- the monitor ----------------------------------------------------------------------------- */

static void tell_add(const struct install *install, const struct install_step *step)
{
    (void)step;
    printf("AddMonitor \"%s\" with %s, which the spooler loads and keeps in its registry\n",
           printable(text(install, INSTALL_NAME)), printable(text(install, INSTALL_FILE)));
}

static uint32_t add(const struct install *install, const struct install_step *step)
{
    (void)step;
    return install_system_add(text(install, INSTALL_NAME), text(install, INSTALL_FILE));
}

static void tell_delete(const struct install *install, const struct install_step *step)
{
    (void)step;
    printf("DeleteMonitor \"%s\", with its ports and all else in its entry in the registry\n",
           printable(text(install, INSTALL_NAME)));
}

static uint32_t delete (const struct install *install, const struct install_step *step)
{
    (void)step;
    return install_system_delete(text(install, INSTALL_NAME));
}

static uint32_t forget(const struct install *install, const struct install_step *step)
{
    (void)step;
    return install_system_forget(text(install, INSTALL_NAME));
}

/* ---- values of its entry --------------------------------------------------------------------- */

static void tell_value(const struct install *install, const struct install_step *step)
{
    const char *to = text(install, step->to);
    printf("%s the value %s", to == NULL ? "delete" : "set", step->value);
    if (to != NULL) {
        printf(" to \"%s\"", printable(to));
    }
    printf(" in HKLM\\System\\CurrentControlSet\\Control\\Print\\Monitors\\%s\n",
           printable(text(install, INSTALL_NAME)));
}

static uint32_t set_value(const struct install *install, const struct install_step *step)
{
    return install_system_set(text(install, INSTALL_NAME), step->value, text(install, step->to));
}

static uint32_t set_back(const struct install *install, const struct install_step *step)
{
    return install_system_set(text(install, INSTALL_NAME), step->value, text(install, step->from));
}

/* ---- the plans ------------------------------------------------------------------------------- */

#define STEP(needs, tell, run, undo)                                                               \
    {                                                                                              \
        needs, tell, run, undo, NULL, INSTALL_NOTHING, INSTALL_NOTHING                             \
    }
#define VALUE(value, to, from)                                                                     \
    {                                                                                              \
        INSTALL_NOTHING, tell_value, set_value, set_back, value, to, from                          \
    }

static const struct install_step adding[] = {
    STEP(INSTALL_SOURCE, tell_copy, copy, remove_file),
    STEP(INSTALL_NOTHING, tell_add, add, delete),
    VALUE(INSTALL_OWNED, INSTALL_MARK, INSTALL_NOTHING),
};

/* The spooler reads Driver alone: until the last step it finds the monitor as it was. */
static const struct install_step recording[] = {
    STEP(INSTALL_SOURCE, tell_copy, copy, remove_file),
    VALUE(INSTALL_RECORD_DRIVER, INSTALL_REAL, INSTALL_NOTHING),
    VALUE(INSTALL_RECORD_FOLDER, INSTALL_FOLDER, INSTALL_NOTHING),
    VALUE(INSTALL_RECORD_NAME, INSTALL_NAME, INSTALL_NOTHING),
    VALUE(INSTALL_DRIVER, INSTALL_FILE, INSTALL_REAL),
};

static const struct install_step removing[] = {
    STEP(INSTALL_NOTHING, tell_delete, delete, NULL),
    STEP(INSTALL_NOTHING, NULL, forget, NULL),
    STEP(INSTALL_PATH, tell_remove, remove_file, NULL),
};

static const struct install_step restoring[] = {
    VALUE(INSTALL_DRIVER, INSTALL_REAL, INSTALL_FILE),
    VALUE(INSTALL_RECORD_DRIVER, INSTALL_NOTHING, INSTALL_REAL),
    VALUE(INSTALL_RECORD_FOLDER, INSTALL_NOTHING, INSTALL_FOLDER),
    VALUE(INSTALL_RECORD_NAME, INSTALL_NOTHING, INSTALL_NAME),
    STEP(INSTALL_PATH, tell_remove, remove_file, NULL),
};

#define PLAN(steps, goes_on)                                                                       \
    {                                                                                              \
        steps, sizeof steps / sizeof *steps, goes_on                                               \
    }

const struct install_plan install_plan_add = PLAN(adding, false);
const struct install_plan install_plan_record = PLAN(recording, false);
const struct install_plan install_plan_remove = PLAN(removing, true);
const struct install_plan install_plan_restore = PLAN(restoring, true);

/* ---- carrying them out ----------------------------------------------------------------------- */

static bool is_wanted(const struct install *install, const struct install_step *step)
{
    return step->needs == INSTALL_NOTHING || text(install, step->needs) != NULL;
}

static void tell_all(const struct install *install, const struct install_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->steps[i].tell != NULL && is_wanted(install, &plan->steps[i])) {
            printf("  ");
            plan->steps[i].tell(install, &plan->steps[i]);
        }
    }
}

/* The steps below `count`, the last one first. */
static void take_back(const struct install *install, const struct install_plan *plan, size_t count)
{
    while (count-- > 0) {
        const struct install_step *step = &plan->steps[count];
        uint32_t error = is_wanted(install, step) ? step->undo(install, step) : 0;
        if (error != 0) {
            complain("%s: step %u could not be taken back: %s", install->command,
                     (unsigned)count + 1, describe_error(error));
        }
    }
}

static int take(const struct install *install, const struct install_plan *plan)
{
    int status = EXIT_OK;
    for (size_t i = 0; i < plan->count; i++) {
        const struct install_step *step = &plan->steps[i];
        uint32_t error = is_wanted(install, step) ? step->run(install, step) : 0;
        if (error == 0) {
            continue;
        }
        complain("%s: step %u failed: %s", install->command, (unsigned)i + 1,
                 describe_error(error));
        status = EXIT_FAILED;
        if (i == 0 || !plan->goes_on) {
            take_back(install, plan, i);
            complain("%s: nothing is changed", install->command);
            return status;
        }
    }
    return status;
}

int install_carry_out(const struct install *install, const struct install_plan *plan, bool dry_run)
{
    printf("%s \"%s\":\n", install->command, printable(text(install, INSTALL_NAME)));
    tell_all(install, plan);
    fflush(stdout); /* before anything is changed */
    uint32_t error = install_system_allows();
    if (error != 0) {
        complain("%s: this user may not change the spooler's monitors, an administrator may: %s",
                 install->command, describe_error(error));
        return EXIT_FAILED;
    }
    if (dry_run) {
        printf("nothing is changed (--dry-run)\n");
        return EXIT_OK;
    }
    int status = take(install, plan);
    if (status == EXIT_OK) {
        printf("done\n");
    }
    return status;
}
