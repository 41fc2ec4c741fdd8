/* SPDX-License-Identifier: MIT
 *
 * What came to light in a test, for formats that tell that and not the way there.
 */
#include <string.h>

#include "report/format.h"

static bool is_result(const struct platen_report_event *event)
{
    return event->kind != PLATEN_REPORT_LOG && event->verdict != PLATEN_REPORT_PASS &&
           event->verdict != PLATEN_REPORT_SKIP;
}

const struct platen_report_event *report_result(const struct platen_report_event *end,
                                                const struct test *test,
                                                const struct platen_report_event *last)
{
    bool after = last == NULL;
    if (!is_result(end) || last == end) {
        return NULL;
    }
    for (const struct held *held = test->first; held != NULL; held = held->next) {
        if (after && is_result(&held->event)) {
            return &held->event;
        }
        after = after || &held->event == last;
    }
    return last == NULL ? end : NULL;
}

size_t report_called(const struct platen_report_event *event)
{
    static const char arrow[] = " -> ";
    size_t length = strlen(event->name);
    size_t expected = event->expected == NULL ? 0 : strlen(event->expected);
    size_t tail = expected + strlen(arrow);
    bool told = expected > 0 && length > tail &&
                memcmp(event->name + length - tail, arrow, strlen(arrow)) == 0 &&
                strcmp(event->name + length - expected, event->expected) == 0;
    return told ? length - tail : length;
}

const struct platen_report_finding *report_rule(const struct test *test,
                                                const struct platen_report_event *event)
{
    if (event != NULL && event->finding != NULL) {
        return event->finding;
    }
    return test == NULL ? NULL : test->begin->event.finding;
}
