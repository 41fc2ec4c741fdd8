/* SPDX-License-Identifier: MIT
 *
 * What is known of a crash: the function, and the rule that it is told under.
 */
#include <string.h>

#include "check/inside.h"

int crash_rule(const char *slot)
{
    static const struct {
        const char *slot;
        int rule;
    } list[] = {
        {"EnumPorts", 12},       {"OpenPort", 23},       {"ClosePort", 27},  {"StartDocPort", 30},
        {"WritePort", 38},       {"ReadPort", 46},       {"EndDocPort", 50}, {"XcvOpenPort", 60},
        {"XcvDataPort", 62},     {"XcvClosePort", 69},   {"Shutdown", 77},   {"SendRecvBidi", 72},
        {"SetPortTimeOuts", 59}, {"GetPrinterData", 57}, {"Initialize", 9},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        if (strncmp(slot, list[i].slot, strlen(list[i].slot)) == 0) {
            return list[i].rule;
        }
    }
    return 0;
}

/* From "the monitor 'x' crashed with signal 11 (SIGSEGV) in WritePort at ...". */
const char *crash_slot(struct check_texts *texts, const char *why)
{
    const char *at = strstr(why, "' ");
    at = at == NULL ? NULL : strstr(at, " in ");
    if (at == NULL && strstr(why, "in line ") != NULL) {
        at = strstr(strstr(why, "in line "), ": "); /* "it took longer than 3 s, in line 1: ..." */
        return at == NULL ? "" : check_print(texts, "%.*s", (int)strcspn(at + 2, " "), at + 2);
    }
    if (at == NULL || strncmp(at, " in a thread", 12) == 0) {
        return "";
    }
    return check_print(texts, "%.*s", (int)strcspn(at + 4, " ,:;\n"), at + 4);
}
