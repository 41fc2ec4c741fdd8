/* SPDX-License-Identifier: MIT
 *
 * The file backend: jobs become files, below a root that whoever made the monitor has chosen.
 *
 *   FILE:                    each job names its file (DOC_INFO's pOutputFile); jobs run in parallel
 *   file:/path, file:name,   one file, written anew by each job; a job's pOutputFile is ignored
 *   or a path as port name
 *
 * A port's name is stored and used again later, with other rights, after others have moved folders
 * about (CVE-2020-1048, CVE-2020-1337). So no answer is kept: the folder is opened once, at
 * OpenPort, and at each job the target is judged again and opened below that very folder, following
 * no link. Nothing is ever deleted (CVE-2022-21997): what a cancelled job has written stays.
 *
 * There is no `cancel` and no deadline is looked at: writing to a file does not wait.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/backend.h>

#include "os/file.h"
#include "os/text.h"
#include "uri_path.h"

struct file_state {
    platen_os_root *root;
    char *folder; /* the root's text, which absolute paths must begin with */
    char *path;   /* NULL: the job names the file */
    platen_os_file file;
};

static bool is_per_job(const char *target)
{
    return platen_text_equal_folded8(target, "FILE:");
}

/* A name that ends in ':' is a device's ("LPT1:"), and a ':' without a folder is more likely a
 * misspelt URI or a stream of a file than a file's name. */
static unsigned claims(const char *port_name)
{
    size_t length = strlen(port_name);
    if (is_per_job(port_name))
        return 3;
    if (length == 0 || port_name[length - 1] == ':')
        return 0;
    if (strpbrk(port_name, "/\\"))
        return 2;
    return strchr(port_name, ':') ? 0 : 1;
}

static uint32_t check(const struct platen_port_setup *setup)
{
    platen_os_root *root;
    const char *below = NULL;
    uint32_t error;

    if (!setup->file_root)
        return PLATEN_ACCESS_DENIED;
    if (!is_per_job(setup->target)) {
        error = platen_os_path_below(setup->file_root, uri_path(setup->target), &below);
        if (error)
            return error;
    }
    error = platen_os_root_open(setup->file_root, &root);
    if (error)
        return error;
    if (below)
        error = platen_os_root_check(root, below);
    platen_os_root_close(root);
    return error;
}

static void enumerate(struct platen_enumeration *to)
{
    to->add(to, "FILE:", "Print to a file");
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

static void close_port(void *state)
{
    struct file_state *port = state;
    platen_os_root_close(port->root);
    free(port->folder);
    free(port->path);
}

/* The target itself is judged at start_doc, but one that can never be opened is refused here. */
static uint32_t open_port(void *state, const struct platen_port_setup *setup)
{
    struct file_state *port = state;
    bool per_job = is_per_job(setup->target);
    const char *path = uri_path(setup->target);
    const char *below;
    uint32_t error;

    if (!setup->file_root)
        return PLATEN_ACCESS_DENIED;
    error = per_job ? 0 : platen_os_path_below(setup->file_root, path, &below);
    if (error)
        return error;
    error = platen_os_root_open(setup->file_root, &port->root);
    if (error)
        return error;
    port->file = PLATEN_OS_NO_FILE;
    port->folder = copy_text(setup->file_root);
    port->path = per_job ? NULL : copy_text(path);
    if (port->folder && (port->path || per_job))
        return 0;
    close_port(port);
    return PLATEN_OUTOFMEMORY;
}

static uint32_t start_doc(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    struct file_state *port = state;
    const char *path = port->path ? port->path : doc->output_file;
    const char *below;
    uint32_t error;

    (void)deadline;
    if (port->file != PLATEN_OS_NO_FILE)
        return PLATEN_BUSY;
    if (!path || !*path) /* R32 */
        return PLATEN_INVALID_PARAMETER;
    error = platen_os_path_below(port->folder, path, &below);
    return error ? error : platen_os_root_create(port->root, below, &port->file);
}

static uint32_t file_write(void *state, const void *data, uint32_t size, uint64_t deadline,
                           uint32_t *moved)
{
    struct file_state *port = state;
    size_t done;
    uint32_t error;

    (void)deadline;
    *moved = 0;
    if (port->file == PLATEN_OS_NO_FILE)
        return PLATEN_INVALID_HANDLE;
    error = platen_os_file_write(port->file, data, size, &done);
    *moved = (uint32_t)done;
    return error || done ? error : PLATEN_WRITE_FAULT;
}

/* What the system kept to itself until now (a quota, a server) fails the job. */
static uint32_t end_doc(void *state, bool abandoned, uint64_t deadline)
{
    struct file_state *port = state;
    uint32_t flushed, closed;

    (void)deadline;
    if (port->file == PLATEN_OS_NO_FILE)
        return 0;
    flushed = abandoned ? 0 : platen_os_file_flush(port->file);
    closed = platen_os_file_close(port->file);
    port->file = PLATEN_OS_NO_FILE;
    if (abandoned)
        return 0;
    return flushed ? flushed : closed;
}

const struct platen_backend platen_backend_file = {
    .size = sizeof(struct platen_backend),
    .name = "file",
    .summary = "writes each job to a file (FILE: asks the job which)",
    .state_size = sizeof(struct file_state),
    .capabilities = PLATEN_PER_JOB | PLATEN_PRIVATE_OPENS | PLATEN_TOUCHES_FILES,
    .example = "file:{file} FILE:{output}",
    .claims = claims,
    .check = check,
    .enumerate = enumerate,
    .open = open_port,
    .start_doc = start_doc,
    .write = file_write,
    .end_doc = end_doc,
    .close = close_port,
};
