/* SPDX-License-Identifier: MIT
 *
 * Monitors in a process of their own. To the spooler such a monitor is one like others: its table
 * is made of functions that carry the call to the host and wait for the answer, on the same thread,
 * serving what the monitor calls back meanwhile.
 *
 *   spooler -> platen_call_WritePort -> proxy -> frame -> platen-host: the monitor's own function
 *   monitor -> MONITORREG, winspool there -> frame -> here, observed, on the thread that waits
 *
 * A monitor that crashes, ends its process, or does not come back is one finding, which names the
 * call; from then on every call to it fails at once with PROCESS_ABORTED (1067), and the spooler
 * goes on. Loading it again starts another host.
 */
#ifndef HOSTED_HOSTED_H
#define HOSTED_HOSTED_H

#include <platen/spooler.h>

struct platen_hosted_options {
    bool language;       /* as platen_spooler_load_language */
    uint64_t timeout;    /* nanoseconds for one call; 0: 60 s; PLATEN_FOREVER: no limit */
    const char *program; /* the host's program; NULL: the one beside this program, by the module */
    /* The host is stopped before the module is loaded, and this is called with its process id;
     * calls have no limit then. NULL: it is not. */
    void (*stopped)(void *context, uint64_t process);
    void *context;
    /* For a DLL that runs under Wine: a file that is imported into Wine's registry first, and a
     * folder with DLLs that it needs. Told what takes long. All may be NULL. */
    const char *wine_registry;
    const char *dll_folder;
    void (*say)(void *context, const char *text);
    /* The folder that the host works in; HOME and TMPDIR lead there, too (not under Wine). It must
     * be there as long as the host is. NULL: as for this process. */
    const char *work;
    /* The monitor's MONITORINIT is overwritten as soon as its initialisation has returned: no
     * spooler does that (R84), but none may have to do without (R8). */
    bool forget_init;
    /* Called with the host's process id before the module is loaded; NULL: nobody wants to know. */
    void (*started)(void *context, uint64_t process);
    void *started_context;
};

/* As platen_spooler_load, in a host. options NULL: all defaults. Besides what that returns:
 * PROCESS_ABORTED, it crashed or did not come back; FILE_NOT_FOUND, also where there is no host for
 * such a module: the complaint says so; NOT_READY, its host needs Wine, or a Wine for 32 bits, and
 * it is not there or does not work. */
uint32_t platen_hosted_load(platen_spooler *spooler, const char *name, const char *path,
                            const struct platen_hosted_options *options, char **complaint);

/* One more instance of the monitor, initialised in the host that the same file has for `other`: the
 * spooler of a cluster lives in the process of the node's. `other` is to outlive it. Besides what
 * platen_hosted_load returns: UNKNOWN_PRINT_MONITOR, there is no such host; BUSY, it has four. */
uint32_t platen_hosted_load_beside(platen_spooler *spooler, const char *name, const char *path,
                                   bool language, const platen_spooler *other, char **complaint);

/* How many hosts of this process have ended before they were told to, so far. */
unsigned platen_hosted_deaths(void);

/* The path of the host's program for that module, malloc'ed; NULL: there is none, and *what names
 * what was looked for (static). */
char *platen_hosted_program(const char *module, const char **what);

#endif
