/* SPDX-License-Identifier: MIT
 *
 * COMMTIMEOUTS, as Windows' drivers understand them:
 *   - an interval of 0 bounds nothing; it is counted from a byte to the next, never before the
 *     first;
 *   - a total of 0 (multiplier and constant) bounds nothing;
 *   - the greatest interval with a total of 0: what is there now, even if that is nothing;
 *   - the greatest interval and multiplier: the first that comes, within the constant.
 */
#include "serial_port.h"

#define MILLISECOND UINT64_C(1000000)
#define GREATEST    UINT32_MAX

bool serial_timeouts_are_valid(const struct serial_timeouts *timeouts)
{
    return timeouts->read_interval != GREATEST || timeouts->read_multiplier != GREATEST ||
           timeouts->read_constant != GREATEST;
}

/* In 64 bits, the product of the greatest numbers would not fit in nanoseconds. */
static uint64_t total(uint32_t multiplier, uint32_t constant, uint32_t size)
{
    uint64_t milliseconds = (uint64_t)multiplier * size + constant;
    if (!multiplier && !constant)
        return PLATEN_FOREVER;
    return milliseconds > UINT64_MAX / MILLISECOND / 2 ? PLATEN_FOREVER
                                                       : milliseconds * MILLISECOND;
}

struct serial_pace serial_read_pace(const struct serial_timeouts *timeouts, uint32_t size)
{
    const bool greatest = timeouts->read_interval == GREATEST;
    const uint32_t multiplier = timeouts->read_multiplier, constant = timeouts->read_constant;

    if (greatest && !multiplier && !constant)
        return (struct serial_pace){.total = 0, .interval = PLATEN_FOREVER, .at_once = true};
    if (greatest && multiplier == GREATEST)
        return (struct serial_pace){
            .total = constant * MILLISECOND, .interval = PLATEN_FOREVER, .at_once = true};
    return (struct serial_pace){
        .total = total(multiplier, constant, size),
        .interval =
            timeouts->read_interval ? timeouts->read_interval * MILLISECOND : PLATEN_FOREVER,
    };
}

uint64_t serial_write_time(const struct serial_timeouts *timeouts, uint32_t size)
{
    return total(timeouts->write_multiplier, timeouts->write_constant, size);
}

static uint64_t after(uint64_t moment, uint64_t time)
{
    return time > PLATEN_FOREVER - moment ? PLATEN_FOREVER : moment + time;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

bool serial_read_is_over(const struct serial_pace *pace, const struct serial_reading *reading,
                         uint64_t now, uint64_t deadline, uint64_t *until)
{
    *until = earlier(deadline, after(reading->begun, pace->total));
    if (reading->got)
        *until = earlier(*until, after(reading->last, pace->interval));
    return reading->got == reading->size || (reading->got && pace->at_once) || now >= *until;
}
