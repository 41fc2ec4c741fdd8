/* SPDX-License-Identifier: MIT
 *
 * Open tests: what was told of them is kept until they end.
 */
#include <stdlib.h>
#include <string.h>

#include "report/format.h"

/* The texts of an event and of a finding, so that copying them is one loop. */
static const size_t event_texts[] = {
    offsetof(struct platen_report_event, name),
    offsetof(struct platen_report_event, place.file),
    offsetof(struct platen_report_event, expected),
    offsetof(struct platen_report_event, got),
    offsetof(struct platen_report_event, text),
    offsetof(struct platen_report_event, repeat),
};
static const size_t finding_texts[] = {
    offsetof(struct platen_report_finding, rule),
    offsetof(struct platen_report_finding, severity),
    offsetof(struct platen_report_finding, title),
    offsetof(struct platen_report_finding, clause),
    offsetof(struct platen_report_finding, effect),
    offsetof(struct platen_report_finding, change),
    offsetof(struct platen_report_finding, trace),
    offsetof(struct platen_report_finding, says),
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char **text_at(void *structure, size_t offset)
{
    return (const char **)(void *)((char *)structure + offset);
}

static size_t room_for(void *structure, const size_t *offsets, size_t count)
{
    size_t room = 0;
    for (size_t i = 0; i < count; i++) {
        const char *text = *text_at(structure, offsets[i]);
        room += text == NULL ? 0 : strlen(text) + 1;
    }
    return room;
}

/* Lets the texts point to copies at `to`; returns what is behind them. */
static char *move_texts(void *structure, const size_t *offsets, size_t count, char *to)
{
    for (size_t i = 0; i < count; i++) {
        const char **text = text_at(structure, offsets[i]);
        if (*text != NULL) {
            size_t size = strlen(*text) + 1;
            memcpy(to, *text, size);
            *text = to;
            to += size;
        }
    }
    return to;
}

struct held *held_copy(const struct platen_report_event *event)
{
    struct platen_report_event copy = *event;
    struct platen_report_finding finding = {0};
    if (event->finding != NULL) {
        finding = *event->finding;
    }
    size_t room = room_for(&copy, event_texts, COUNT(event_texts)) +
                  room_for(&finding, finding_texts, COUNT(finding_texts));
    struct held *held = malloc(sizeof *held + room);
    if (held == NULL) {
        return NULL;
    }
    char *to = move_texts(&copy, event_texts, COUNT(event_texts), (char *)(held + 1));
    move_texts(&finding, finding_texts, COUNT(finding_texts), to);
    copy.job = NULL;
    copy.finding = event->finding == NULL ? NULL : &held->finding;
    *held = (struct held){.event = copy, .finding = finding};
    return held;
}

struct test *test_new(const struct platen_report_event *begin)
{
    struct test *test = calloc(1, sizeof *test);
    if (test == NULL) {
        return NULL;
    }
    test->begin = held_copy(begin);
    if (test->begin == NULL) {
        free(test);
        return NULL;
    }
    return test;
}

bool test_take(struct test *test, const struct platen_report_event *event)
{
    static const uint64_t room[2] = {HELD_FAILURES, HELD_OTHERS};
    bool check = event->kind == PLATEN_REPORT_CHECK || event->kind == PLATEN_REPORT_FINDING;
    bool failed = check && report_failed(event->verdict);
    test->checks += check;
    test->failures += failed;
    test->warnings += check && event->verdict == PLATEN_REPORT_WARN;
    uint64_t *kept = &test->kept[!failed];
    if (*kept == room[!failed]) {
        return true;
    }
    struct held *held = held_copy(event);
    if (held == NULL) {
        return false;
    }
    ++*kept;
    *(test->last == NULL ? &test->first : &test->last->next) = held;
    test->last = held;
    return true;
}

void test_free(struct test *test)
{
    while (test->first != NULL) {
        struct held *held = test->first;
        test->first = held->next;
        free(held);
    }
    free(test->begin);
    free(test);
}
