/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <platen/errors.h>

#include "notify.h"

/* As many names are told one by one; a spooler may have a hundred thousand ports. */
enum { TOLD_MOST = 100 };

static void tell(struct instance *instance, PCWSTR name, bool used)
{
    char room[NAME_BYTES];
    if (name)
        instance_log(instance, PLATEN_LOG_INFO, "port %s: %s",
                     name_to8((const char16_t *)name, room),
                     used ? "a queue uses it" : "no queue uses it any more");
}

uint32_t notify_ports(struct instance *instance, uint32_t count, const PCWSTR *names, bool used)
{
    if (count && !names)
        return PLATEN_INVALID_PARAMETER;
    for (uint32_t i = 0; i < count && i < TOLD_MOST; i++) {
        PCWSTR name;
        memcpy(&name, (const char *)names + i * sizeof(name), sizeof(name));
        tell(instance, name, used);
    }
    if (count > TOLD_MOST)
        instance_log(instance, PLATEN_LOG_INFO, "and %u more ports: %s",
                     (unsigned)(count - TOLD_MOST), used ? "in use" : "in use no more");
    return 0;
}

uint32_t notify_power(struct instance *instance, uint32_t event)
{
    static const struct {
        uint32_t event;
        const char *means;
    } events[] = {
        {0x04, "the machine goes to sleep"},        {0x07, "the machine wakes, a user did it"},
        {0x0A, "the source of power has changed"},  {0x12, "the machine wakes"},
        {0x8013, "a setting of power has changed"},
    };
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
        if (events[i].event == event) {
            instance_log(instance, PLATEN_LOG_INFO, "power: %s", events[i].means);
            return 0;
        }
    instance_log(instance, PLATEN_LOG_INFO, "power: event %u", (unsigned)event);
    return 0;
}
