/* SPDX-License-Identifier: MIT
 *
 * Laws about ports and jobs, one thread at a time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "laws.h"
#include "os/file.h"

static void print_bytes(struct trial *trial, struct port *port, size_t size)
{
    unsigned char *data = make_bytes(size, (uint32_t)size);
    if (data)
        port_print(trial, port, data, size);
    free(data);
}

void law_open_close(struct trial *trial)
{
    size_t handles = 0;
    struct port port;

    port_make(trial, &port, NULL);
    for (int i = 0; i < 1010; i++) {
        uint32_t error = port_open(trial, &port, NULL);
        if (!trial_expect(trial, !error, "open number %d: error %u", i, (unsigned)error))
            break;
        port_close(trial, &port);
        if (i == 10) /* what a system keeps after its first use of something is not a leak */
            handles = system_open_handles();
    }
    trial_expect(trial, handles_come_down_to(handles), "opening and closing leaks handles");
    port_dispose(&port);
}

void law_jobs(struct trial *trial)
{
    static const size_t sizes[] = {0, 1, 4097, 65537, (size_t)1 << 20, 5};
    struct port port;

    if (!port_open_new(trial, &port, NULL))
        return;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        print_bytes(trial, &port, sizes[i]);
    port_finish(trial, &port);
}

void law_anonymous_jobs(struct trial *trial)
{
    struct port port;
    struct platen_doc doc = {.size = sizeof doc, .printer = ""};
    uint32_t error;

    if (!port_open_new(trial, &port, NULL))
        return;
    error = port_start(trial, &port, &doc, soon());
    if (port.output[0]) /* R32 */
        trial_expect(trial, error == PLATEN_INVALID_PARAMETER,
                     "a job without an output file: %u, not 87", (unsigned)error);
    else
        trial_expect(trial, !error, "start_doc: error %u", (unsigned)error);
    if (!error)
        port_end(trial, &port, false);
    print_bytes(trial, &port, 10);
    port_finish(trial, &port);
}

void law_nothing_is_kept(struct trial *trial)
{
    law_jobs(trial);
    if (trial->complaint[0])
        return;
    trial->strict = true; /* now what is still used ends the program */
    law_jobs(trial);
}

static void write_outside(struct trial *trial, struct port *port)
{
    uint32_t moved;
    port_write(trial, port, "stray", 5, soon(), &moved);
}

void law_outside_jobs(struct trial *trial)
{
    unsigned char *data = make_bytes(3000, 1);
    struct port port;

    if (data && port_open_new(trial, &port, NULL)) {
        write_outside(trial, &port);
        port_print(trial, &port, data, 3000);
        write_outside(trial, &port);
        port_expect_arrived(trial, &port, data, 3000);
        port_finish(trial, &port);
    }
    free(data);
}

/* Starts a job, writes a little and ends it in the way that is asked for. */
static void spoil_job(struct trial *trial, struct port *port, bool abandoned, bool cancelled)
{
    struct platen_doc doc = port_document(port);
    uint32_t error = port_start(trial, port, &doc, soon());
    uint32_t moved;

    if (!trial_expect(trial, !error, "start_doc: error %u", (unsigned)error))
        return;
    port_write(trial, port, "spoilt", 6, soon(), &moved);
    if (cancelled && trial->backend.cancel)
        trial->backend.cancel(port->state);
    port_end(trial, port, abandoned);
}

/* Another port on the same target must get in as soon as end_doc has returned. */
void law_end_releases(struct trial *trial)
{
    struct port port, next;

    if (!port_open_new(trial, &port, NULL))
        return;
    if (port_open_new(trial, &next, &port)) {
        for (unsigned way = 0; way < 4; way++) {
            spoil_job(trial, &port, way & 1, way & 2);
            print_bytes(trial, &next, 100 + way);
        }
        port_finish(trial, &next);
    }
    port_finish(trial, &port);
}

void law_restart(struct trial *trial)
{
    struct port port;

    if (!port_open_new(trial, &port, NULL))
        return;
    print_bytes(trial, &port, 70000);
    spoil_job(trial, &port, true, false);
    print_bytes(trial, &port, 300);
    spoil_job(trial, &port, false, true);
    print_bytes(trial, &port, 3);
    port_finish(trial, &port);
}

void law_job_handles(struct trial *trial)
{
    struct platen_doc nowhere = {.size = sizeof nowhere, .printer = "", .output_file = "no/such/x"};
    size_t handles = 0;
    uint64_t since = platen_os_now();
    struct port port;

    if (!port_open_new(trial, &port, NULL))
        return;
    for (int i = 0; i < 60 && (i < 20 || !was_long(since)); i++) {
        print_bytes(trial, &port, 100);
        spoil_job(trial, &port, true, true);
        spoil_job(trial, &port, false, false);
        if (port_start(trial, &port, &nowhere, soon()) == 0)
            port_end(trial, &port, false);
        if (i == 10)
            handles = system_open_handles();
    }
    trial_expect(trial, handles_come_down_to(handles), "jobs leak handles");
    port_finish(trial, &port);
}

static void write_in_turns(struct trial *trial, struct port *a, const unsigned char *for_a,
                           struct port *b, const unsigned char *for_b, size_t size)
{
    for (size_t at = 0; at + 100 <= size; at += 100) {
        port_write_all(trial, a, for_a + at, 100);
        if (b)
            port_write_all(trial, b, for_b + at, 100);
    }
}

/* Two ports with their own words in the name have nothing in common. Without such words they are
 * the same device, which may refuse the second job, but not spoil the first. */
void law_independence(struct trial *trial)
{
    enum { SIZE = 20000 };
    unsigned char *data = make_bytes(2 * SIZE, 3);
    struct platen_doc doc;
    struct port a, b;
    bool second;

    if (!data || !port_open_new(trial, &a, NULL)) {
        free(data);
        return;
    }
    if (port_open_new(trial, &b, NULL)) {
        doc = port_document(&a);
        trial_expect(trial, port_start(trial, &a, &doc, soon()) == 0, "start_doc fails");
        doc = port_document(&b);
        second = port_start(trial, &b, &doc, soon()) == 0;
        trial_expect(trial, second || !b.arrives[0], "a second port is refused its own target");
        write_in_turns(trial, &a, data, second ? &b : NULL, data + SIZE, SIZE);
        if (second) {
            port_end(trial, &b, false);
            port_expect_arrived(trial, &b, data + SIZE, SIZE);
        }
        port_finish(trial, &b);
        trial_expect(trial, port_end(trial, &a, false) == 0, "closing a port ended another's job");
        port_expect_arrived(trial, &a, data, SIZE);
    }
    port_finish(trial, &a);
    free(data);
}

/* CVE-2010-2729: whoever may print may not therefore choose a file. */
void law_output_file(struct trial *trial)
{
    char folder[600], stolen[700];
    struct platen_doc doc;
    struct port port;
    uint32_t moved;

    snprintf(folder, sizeof folder, "%s/elsewhere", trial->folder);
    snprintf(stolen, sizeof stolen, "%s/stolen", folder);
    trial_expect(trial, platen_os_make_folder(folder) == 0, "no folder");
    if (!port_open_new(trial, &port, NULL))
        return;
    doc = port_document(&port);
    doc.output_file = stolen;
    if (!port.output[0] && port_start(trial, &port, &doc, soon()) == 0) {
        port_write(trial, &port, "bytes", 5, soon(), &moved);
        port_end(trial, &port, false);
        trial_expect(trial, count_entries(folder) == 0, "the job's output file was made");
    }
    port_finish(trial, &port);
}
