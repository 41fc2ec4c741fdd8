/* SPDX-License-Identifier: MIT
 *
 * The heap of sleepers against the plainest model: an array that is searched.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "clock/heap.h"

#define NODES  200
#define ROUNDS 20000

static struct clock_node nodes[NODES];
static bool is_in[NODES];
static struct clock_node *heap;
static uint64_t seed = 1, order;

static uint32_t dice(uint32_t sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % sides;
}

static const struct clock_node *first_of_all(void)
{
    const struct clock_node *first = NULL;
    for (size_t i = 0; i < NODES; i++) {
        const struct clock_node *at = &nodes[i];
        if (is_in[i] && (first == NULL || at->until < first->until ||
                         (at->until == first->until && at->order < first->order)))
            first = at;
    }
    return first;
}

static void turn_over(size_t i)
{
    if (is_in[i]) {
        clock_heap_remove(&heap, &nodes[i]);
    } else {
        nodes[i] = (struct clock_node){.until = dice(20), .order = order++};
        clock_heap_add(&heap, &nodes[i]);
    }
    is_in[i] = !is_in[i];
}

static void the_first_is_first(void **state)
{
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        turn_over(dice(NODES));
        assert_ptr_equal(heap, first_of_all());
        if (dice(3) == 0 && heap != NULL)
            turn_over((size_t)(heap - nodes));
        assert_ptr_equal(heap, first_of_all());
    }
}

static void all_come_out_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < NODES; i++)
        if (!is_in[i])
            turn_over(i);
    for (size_t i = 0; i < NODES; i++) {
        assert_ptr_equal(heap, first_of_all());
        turn_over((size_t)(heap - nodes));
    }
    assert_null(heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_is_first),
        cmocka_unit_test(all_come_out_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
