/* SPDX-License-Identifier: MIT
 *
 * Who watches the calls of a test: faults first, so that the others see what the caller gets; then
 * the test itself, which counts; the trace last.
 */
#include "script/inside.h"
#include "script/trace.h"

static struct script_test *test_of(struct platen_observer *observer)
{
    return (struct script_test *)(void *)((char *)observer - offsetof(struct script_test, watch));
}

/* A call of the script's own was built from a line; one that comes back from a host was built, too.
 */
static bool is_own(const struct platen_call *call)
{
    enum platen_table table = platen_slot_info(call->slot).table;
    return call->built != NULL && call->depth == 0 && table != PLATEN_TABLE_REGISTRY &&
           table != PLATEN_TABLE_WINSPOOL;
}

static void count(struct platen_observer *observer, struct platen_call *call)
{
    struct script_test *test = test_of(observer);
    const struct script_listener *listener = test->run->listener;
    atomic_fetch_add_explicit(&test->calls[call->slot], 1, memory_order_relaxed);
    if (listener != NULL && !is_own(call)) {
        listener->other(listener->context, call);
    }
    if (test->replay != NULL) {
        script_replay_saw(test->replay, call);
    }
}

/* What went into numbers that go both ways would be lost. */
static void keep(struct platen_observer *observer, struct platen_call *call)
{
    if (test_of(observer)->replay != NULL) {
        platen_call_keep_given(call);
        script_replay_sees(test_of(observer)->replay, call);
    }
}

bool script_observe(struct script_test *test)
{
    if (test->observers != NULL) {
        return true;
    }
    test->faults = platen_faults_create(test->clock);
    if (test->faults == NULL) {
        return false;
    }
    test->watch.before = keep;
    test->watch.after = count;
    test->watch.next = platen_trace_observer(test->run->options->trace);
    test->observers = platen_faults_observer(test->faults);
    test->observers->next = &test->watch;
    return true;
}
