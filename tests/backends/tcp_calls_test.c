/* SPDX-License-Identifier: MIT
 *
 * What the tcp backend asks of the system, counted: the linker puts these functions in between.
 */
#include "tcp_bench.h"

#include <poll.h>
#include <sys/socket.h>

static unsigned sends, polls;

ssize_t __real_send(int fd, const void *data, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *data, size_t size, int flags);
int __real_poll(struct pollfd *watched, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *watched, nfds_t count, int timeout);

ssize_t __wrap_send(int fd, const void *data, size_t size, int flags)
{
    sends++;
    return __real_send(fd, data, size, flags);
}

int __wrap_poll(struct pollfd *watched, nfds_t count, int timeout)
{
    polls++;
    return __real_poll(watched, count, timeout);
}

static void one_send_per_write(void **state)
{
    struct bench bench;
    (void)state;
    bench_open(&bench, "");
    bench_connect(&bench);
    sends = polls = 0;
    for (int i = 0; i < 1000; i++) {
        bench_write_text(&bench, "a write to a printer that keeps up");
        bench_expect(&bench, "a write to a printer that keeps up");
    }
    assert_int_equal(sends, 1000);
    assert_int_equal(polls, 0);
    bench_end(&bench, true, 0);
    bench_close(&bench);
}

/* A wait that ends with the deadline is one poll, not many. */
static void a_wait_does_not_spin(void **state)
{
    struct bench bench;
    uint32_t moved;
    (void)state;
    bench_open_narrow(&bench, "");
    bench_connect(&bench);
    bench_fill(&bench);
    sends = polls = 0;
    assert_int_equal(bench_write(&bench, "x", 1, in(SECOND / 5), &moved), PLATEN_TIMEOUT);
    assert_in_range(polls, 1, 2);
    assert_true(sends <= 1);
    bench_end(&bench, true, 0);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_send_per_write),
        cmocka_unit_test(a_wait_does_not_spin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
