/* SPDX-License-Identifier: MIT
 *
 * `platen install` and `platen uninstall`: a table of steps for each thing that they do, and what
 * Windows is asked for. Texts are UTF-8, results Win32 codes.
 */
#ifndef COMMAND_INSTALL_H
#define COMMAND_INSTALL_H

#include "command/command.h"

#define INSTALL_DEFAULT_NAME "Platen Port"

/* Values of the monitor's entry, the key of its name below Control\Print\Monitors. The last three
 * are the recorder's. */
#define INSTALL_DRIVER        "Driver"
#define INSTALL_OWNED         "InstalledFile" /* the DLL that install has copied, or "" */
#define INSTALL_RECORD_DRIVER "RecordDriver"
#define INSTALL_RECORD_FOLDER "RecordFolder"
#define INSTALL_RECORD_NAME   "RecordName"

/* ---- steps ----------------------------------------------------------------------------------- */

/* What steps are about. */
enum install_text {
    INSTALL_NOTHING, /* always NULL */
    INSTALL_NAME,    /* the monitor's in the spooler */
    INSTALL_SOURCE,  /* the file to be copied; NULL: it is there already */
    INSTALL_FILE,    /* its name in the system folder */
    INSTALL_PATH,    /* and its path there; NULL: it stays */
    INSTALL_REAL,    /* the DLL behind the recorder */
    INSTALL_FOLDER,  /* of the traces */
    INSTALL_MARK,    /* what INSTALL_OWNED is set to */
    INSTALL_TEXTS
};

struct install {
    const char *command;        /* "install", "uninstall" */
    char *texts[INSTALL_TEXTS]; /* malloc'ed */
};

/* Replaces a text by "ab" (b: NULL for ""); false: out of memory. */
bool install_put(struct install *install, enum install_text which, const char *a, const char *b);
void install_forget_text(struct install *install, enum install_text which);
void install_end(struct install *install);

/* The path of INSTALL_FILE in the spooler's folder becomes INSTALL_PATH. */
bool install_put_path(struct install *install);
/* Does another monitor's entry name that DLL? */
bool install_is_shared(const struct install *install, const char *file);

struct install_step {
    enum install_text needs; /* no step where this is NULL; NOTHING: always one */
    void (*tell)(const struct install *install, const struct install_step *step);
    uint32_t (*run)(const struct install *install, const struct install_step *step);
    uint32_t (*undo)(const struct install *install, const struct install_step *step);
    const char *value; /* of the monitor's entry, for steps that change one */
    enum install_text to;
    enum install_text from;
};

struct install_plan {
    const struct install_step *steps;
    size_t count;
    bool goes_on; /* after its first step it can only go on, past what fails */
};

extern const struct install_plan install_plan_add, install_plan_record, install_plan_remove,
    install_plan_restore;

/* Tells all steps, asks whether they may be taken, and takes them; an exit status. */
int install_carry_out(const struct install *install, const struct install_plan *plan, bool dry_run);

/* ---- Windows --------------------------------------------------------------------------------- */

/* Has this system a spooler for monitors of this program's kind? NOT_SUPPORTED; BAD_EXE_FORMAT for
 * a program that is narrower than the system. */
uint32_t install_system_exists(void);
/* May this user change the spooler's monitors? ACCESS_DENIED. */
uint32_t install_system_allows(void);

/* The folder from which the spooler loads monitors, malloc'ed; NULL. */
char *install_system_folder(void);
/* FILE_EXISTS. */
uint32_t install_system_copy(const char *from, const char *to);
/* *later: somebody has it open, and it goes when Windows starts next. */
uint32_t install_system_remove(const char *path, bool *later);

uint32_t install_system_add(const char *monitor, const char *file);
uint32_t install_system_delete(const char *monitor);
/* What DeleteMonitor may have left of the entry; fine where nothing is. */
uint32_t install_system_forget(const char *monitor);

/* A text value of a monitor's entry, malloc'ed; NULL: there is none. */
char *install_system_get(const char *monitor, const char *value);
/* NULL deletes the value. */
uint32_t install_system_set(const char *monitor, const char *value, const char *text);

/* Calls `each` until it returns false. Printers come with their ports, divided by commas. */
typedef bool install_each(void *context, const char *name);
void install_system_monitors(install_each *each, void *context);
void install_system_ports(const char *monitor, install_each *each, void *context);
void install_system_printers(install_each *each, void *context);

#endif
