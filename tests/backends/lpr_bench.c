/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "lpr_bench.h"

#include <stdio.h>
#include <stdlib.h>

static void drop(bare_socket client)
{
    char line[400];
    bare_receive(client, line, sizeof line);
    bare_send(client, "", 1);
    bare_close(client);
}

static void serve(void *argument)
{
    struct lpr_bench *bench = argument;
    for (unsigned i = 0; i < bench->connections; i++) {
        bare_socket client = bare_accept(bench->listener);
        if (i < bench->drops) {
            drop(client);
            continue;
        }
        bench->from = bare_peer_port(client);
        lpr_listen(client, &bench->habit, bench->room, LPR_ROOM, &bench->said);
        bare_close(client);
    }
}

static void await_over(void *argument)
{
    struct lpr_bench *bench = argument;
    while (!atomic_load(&bench->over))
        platen_os_wait((const uint32_t *)(uintptr_t)&bench->over, 0, soon());
}

static void be_over(struct lpr_bench *bench)
{
    atomic_store(&bench->over, 1);
    platen_os_wake((const uint32_t *)(uintptr_t)&bench->over);
}

void lpr_begin(struct lpr_bench *bench, const char *behind, unsigned connections)
{
    *bench = (struct lpr_bench){.connections = connections, .room = malloc(LPR_ROOM)};
    assert_non_null(bench->room);
    bench->listener = bare_listen(4, 5, 0, &bench->number);
    bench->habit.stall = await_over;
    bench->habit.of = bench;
    bench->habit.refusal = 1;
    snprintf(bench->uri, sizeof bench->uri, "lpd://127.0.0.1:%u%s", (unsigned)bench->number,
             behind);
    trial_begin(&bench->trial, &platen_backend_lpr, bench->uri);
    assert_true(port_open_new(&bench->trial, &bench->port, NULL));
}

void lpr_start_server(struct lpr_bench *bench)
{
    assert_int_equal(platen_os_thread_start(&bench->thread, "lpr", 0, serve, bench), 0);
}

void lpr_join_server(struct lpr_bench *bench)
{
    be_over(bench);
    if (bench->thread)
        platen_os_thread_join(bench->thread);
    bench->thread = NULL;
}

void lpr_end(struct lpr_bench *bench)
{
    lpr_join_server(bench);
    port_finish(&bench->trial, &bench->port);
    assert_string_equal(bench->trial.complaint, "");
    trial_end(&bench->trial);
    bare_close(bench->listener);
    free(bench->room);
}

/* A job by the server's thread; what came of it. */
uint32_t lpr_print(struct lpr_bench *bench, const struct platen_doc *doc, const void *data,
                   size_t size)
{
    lpr_start_server(bench);
    uint32_t error = port_start(&bench->trial, &bench->port, doc, soon());
    if (!error)
        error = port_write_all(&bench->trial, &bench->port, data, size);
    if (!error)
        error = port_end(&bench->trial, &bench->port, false);
    else
        port_end(&bench->trial, &bench->port, true);
    lpr_join_server(bench);
    return error;
}

struct platen_doc lpr_document(void)
{
    return (struct platen_doc){
        .size = sizeof(struct platen_doc),
        .job_id = 4007,
        .printer = "p",
        .name = "A title",
        .user = "ann",
        .machine = "\\\\DESK-1",
    };
}

void lpr_assert_printed(const struct lpr_bench *bench, const void *data, size_t size)
{
    assert_true(bench->said.whole);
    assert_false(bench->said.malformed);
    assert_int_equal(bench->said.size, size);
    assert_int_equal(bench->said.count, size);
    assert_memory_equal(bench->room, data, size);
}
