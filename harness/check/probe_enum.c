/* SPDX-License-Identifier: MIT
 *
 * EnumPorts: R11 to R21.
 */
#include <stdlib.h>
#include <string.h>

#include "check/inside.h"
#include "check/probes.h"
#include "os/text.h"

#define PAINTED 0xA5A5A5A5u /* a number that `!painted` filled */

static const char *const level_lines[] = {"Level=1", "Level=2"};

/* Level 2 is tried where it is answered. */
static unsigned levels(struct probe *p)
{
    return probe_has(p, PLATEN_NEED_LEVEL_2) ? 2 : 1;
}

/* How much a level needs, by a question that is nobody's finding; 0: it does not say. */
static uint64_t needed_for(struct probe *p, unsigned level)
{
    const char *name = probe_format(p, "needed%u", level);
    if (!probe_has_name(p, name)) {
        probe_ask(p, "EnumPorts Level=%u pPorts=NULL cbBuf=0 -> any pcbNeeded=$%s", level, name);
    }
    uint64_t needed = probe_number(p, name);
    return needed < (1u << 24) ? needed : 0;
}

/* Rows that lead out of the buffer are R14's business: nothing else can be said of such an answer.
 */
static bool leads_out(struct probe *p, const char *level, uint64_t needed)
{
    return needed > 0 && probe_ask(p, "EnumPorts %s cbBuf=%llu -> FALSE ERROR_INVALID_DATA", level,
                                   (unsigned long long)needed);
}

/* ---- R11, R13 -------------------------------------------------------------------------------- */

/* On success, too, the size is told; whether the buffer is larger makes no difference to it. */
static void told_size(struct probe *p, const char *level, unsigned long long size)
{
    for (unsigned more = 0; more <= 64; more += 64) {
        const char *told = probe_format(p, "told_%c%u", level[strlen(level) - 1], more);
        if (!probe_run(p, 13, "EnumPorts %s cbBuf=%llu pcbNeeded=!painted -> TRUE pcbNeeded=$%s",
                       level, size + more, told)) {
            return;
        }
        if (probe_judge(p, 13, probe_number(p, told) != PAINTED, "*pcbNeeded is set",
                        "it is what it was before the call")) {
            probe_should(p, 13, "EnumPorts %s cbBuf=%llu -> TRUE pcbNeeded=%llu", level,
                         size + more, size);
        }
    }
}

void enum_size_query(struct probe *p)
{
    for (unsigned i = 0; i < levels(p); i++) {
        const char *level = level_lines[i];
        probe_run(p, 11,
                  "EnumPorts %s pPorts=NULL cbBuf=0 -> FALSE pcbNeeded=1.. "
                  "ERROR_INSUFFICIENT_BUFFER",
                  level);
        uint64_t needed = needed_for(p, i + 1);
        if (needed == 0 || leads_out(p, level, needed)) {
            continue;
        }
        const unsigned long long size = needed;
        probe_run(p, 13, "EnumPorts %s cbBuf=%llu pcReturned=!painted -> TRUE pcReturned=%zu",
                  level, size, probe_ports(p));
        told_size(p, level, size);
        probe_run(p, 13,
                  "EnumPorts %s cbBuf=%llu -> FALSE pcbNeeded=%llu "
                  "ERROR_INSUFFICIENT_BUFFER",
                  level, size - 1, size);
        probe_run(p, 20, "EnumPorts %s cbBuf=%llu pcReturned=!painted -> any pcReturned=0", level,
                  size - 1);
    }
}

/* ---- R12, R13 -------------------------------------------------------------------------------- */

/* With a page without access behind the buffer, a byte too far is a crash; in front of it, it is a
 * damaged byte that the facts tell. */
static bool sweep_size(struct probe *p, const char *level, uint64_t size, uint64_t needed)
{
    const unsigned long long bytes = size;
    const struct platen_facts *facts;
    bool fits = size >= needed;
    /* A spooler's buffer begins where pointers may stand (R88): it ends at a page only if its size
     * is that of pointers. */
    const char *guard = size % 8 == 0 ? "!guard" : "";
    if (!probe_run(p, 12, "EnumPorts %s pPorts=%s!painted cbBuf=%llu -> any", level, guard,
                   bytes)) {
        return !probe_is_over(p);
    }
    facts = probe_facts(p);
    if (facts != NULL && !fits && facts->touched_count > 0 && facts->touched[0].any) {
        probe_judge_should(p, 12, false,
                           "the buffer is as it was, because the answer says that it is too small",
                           "bytes %llu to %llu of %llu were written to",
                           (unsigned long long)facts->touched[0].from,
                           (unsigned long long)facts->touched[0].to, bytes);
        return false;
    }
    if (facts != NULL) {
        probe_judge(p, 12, facts->damaged_count == 0, "nothing is written beside the buffer",
                    "memory beside %s was written to",
                    facts->damaged_count == 0 ? "" : facts->damaged[0]);
    }
    return probe_run(p, 13, "EnumPorts %s cbBuf=%llu -> %s", level, bytes,
                     fits ? "TRUE" : "FALSE ERROR_INSUFFICIENT_BUFFER");
}

void enum_sweep(struct probe *p)
{
    for (unsigned i = 0; i < levels(p); i++) {
        uint64_t needed = needed_for(p, i + 1);
        uint64_t size = 0;
        if (leads_out(p, level_lines[i], needed)) {
            continue;
        }
        while (needed > 0 && size <= needed + 64 && !probe_is_over(p)) {
            if (!sweep_size(p, level_lines[i], size, needed)) {
                break;
            }
            /* Every size near the borders, and some between. */
            bool edge = size < 8 || size + 8 >= needed;
            uint64_t step = edge ? 1 : (needed - size) / 4 + 1;
            size = !edge && size + step + 8 > needed ? needed - 8 : size + step;
        }
    }
}

/* ---- R14, R15, R16 --------------------------------------------------------------------------- */

/* No spooler gives a buffer of an odd size, and hardly a monitor reckons with one. */
static void judge_odd_size(struct probe *p, int rule, const struct platen_facts_laid *laid)
{
    probe_judge_should(p, rule, laid->odd == 0,
                       "every string begins at an even address, also in an odd buffer",
                       "%u begin at odd ones", laid->odd);
}

static void judge_layout(struct probe *p, int rule, const struct platen_facts_laid *laid)
{
    probe_judge(p, rule, laid->outside == 0,
                "every string begins behind the array and before the end of the buffer",
                "%u strings begin elsewhere", laid->outside);
    probe_judge(p, rule, laid->endless == 0, "every string ends inside the buffer",
                "%u have no NUL before its end", laid->endless);
    p->outcome->unreadable = p->outcome->unreadable || laid->outside + laid->endless > 0;
    probe_judge(p, rule, laid->empty == 0 && laid->null == 0, "every port has a name",
                "%u names are empty and %u are NULL", laid->empty, laid->null);
    if (laid->size % 2 != 0) {
        judge_odd_size(p, rule, laid);
        return;
    }
    probe_judge(p, rule, laid->odd == 0, "every string begins at an even address",
                "%u begin at odd ones", laid->odd);
    if (laid->any && laid->outside == 0 && laid->endless == 0) {
        probe_judge(
            p, 15, laid->high == laid->size, "the highest string ends where the buffer does",
            "it ends %lld bytes before that", (long long)laid->size - (long long)laid->high);
    }
}

static void try_layout(struct probe *p, unsigned level, uint64_t needed)
{
    static const unsigned more[] = {0, 1, 2, 64, 4096};
    for (size_t i = 0; i < sizeof more / sizeof *more && !probe_is_over(p); i++) {
        /* Painted: a NUL that was not written is not there by chance (R14). */
        probe_ask(p, "EnumPorts Level=%u pPorts=!painted cbBuf=%llu -> any", level,
                  (unsigned long long)needed + more[i]);
        const struct platen_facts *facts = probe_facts(p);
        if (facts != NULL && facts->laid.known) {
            const struct platen_facts_laid laid = facts->laid;
            judge_layout(p, 14, &laid);
        }
    }
}

/* Level 2 has the ports of level 1, in their order. */
static void compare_levels(struct probe *p)
{
    size_t count = probe_ports(p);
    const char *rows = "";
    for (size_t i = 0; i < count && i < 64; i++) {
        rows = probe_format(p, "%s%s{pPortName=%s Reserved=0}", rows, i == 0 ? "" : " ",
                            probe_quote(p, probe_port(p, i)));
    }
    if (count == 0) {
        return;
    }
    probe_run(p, 16, "EnumPorts Level=2 pPorts=!painted -> TRUE pPorts=[%s%s] pcReturned=%zu", rows,
              count > 64 ? " ..." : "", count);
    const char *all = probe_came(p, "pPorts");
    bool named = all == NULL || (strstr(all, "pMonitorName=NULL") == NULL &&
                                 strstr(all, "pDescription=NULL") == NULL);
    probe_judge_should(p, 16, named, "each port has the name of its monitor and a description",
                       "%s", all == NULL ? "nothing" : all);
}

void enum_layout(struct probe *p)
{
    for (unsigned i = 0; i < levels(p); i++) {
        uint64_t needed = needed_for(p, i + 1);
        if (needed > 0) {
            try_layout(p, i + 1, needed);
        }
    }
    if (levels(p) == 2 && !leads_out(p, "Level=2", needed_for(p, 2))) {
        compare_levels(p);
    }
}

/* ---- R17, R20 -------------------------------------------------------------------------------- */

void enum_levels(struct probe *p)
{
    static const char *const none[] = {"0", "3", "4", "0xFFFFFFFF"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        probe_run(p, 17, "EnumPorts Level=%s pPorts=NULL cbBuf=0 -> FALSE ERROR_INVALID_LEVEL",
                  none[i]);
        probe_run(p, 17, "EnumPorts Level=%s cbBuf=4096 -> FALSE ERROR_INVALID_LEVEL", none[i]);
        probe_run(p, 20, "EnumPorts Level=%s cbBuf=4096 pcReturned=!painted -> any pcReturned=0",
                  none[i]);
    }
    if (!probe_has(p, PLATEN_NEED_LEVEL_2)) {
        probe_run(p, 17, "EnumPorts Level=2 cbBuf=65536 -> FALSE ERROR_INVALID_LEVEL");
    }
}

/* ---- R18, R19, R21 --------------------------------------------------------------------------- */

void enum_server(struct probe *p)
{
    if (!probe_set(p, "EnumPorts pName=NULL Level=1 -> any pcReturned=$count")) {
        return;
    }
    const char *ports = probe_came(p, "pPorts");
    const char *rows = ports == NULL ? "" : probe_format(p, "pPorts=%s ", ports);
    probe_run(p, 18, "EnumPorts pName=\"\" Level=1 -> any %spcReturned=$count", rows);
    probe_run(p, 18, "EnumPorts pName=\"\\\\nosuch\" Level=1 -> any %spcReturned=$count", rows);
}

void enum_empty(struct probe *p)
{
    probe_run(p, 19, "EnumPorts Level=1 pPorts=NULL cbBuf=0 -> TRUE pcbNeeded=0 pcReturned=0");
    probe_run(p, 19, "EnumPorts Level=1 cbBuf=4096 -> TRUE pcbNeeded=0 pcReturned=0");
}

void enum_set(struct probe *p)
{
    for (size_t i = 0; i < probe_ports(p); i++) {
        for (size_t k = 0; k < i; k++) {
            if (platen_text_equal_folded8(probe_port(p, i), probe_port(p, k))) {
                probe_judge(p, 21, false, "no two ports have one name", "two are called \"%s\"",
                            probe_port(p, i));
                return;
            }
        }
    }
    probe_tried(p, 21);
    if (!probe_has_name(p, "port") ||
        !probe_ask(p, "EnumPorts Level=1 -> TRUE pcReturned=$count")) {
        return;
    }
    const char *rows = probe_came(p, "pPorts");
    const char *again = probe_format(p, "EnumPorts Level=1 -> TRUE pPorts=%s pcReturned=$count",
                                     rows == NULL ? "any" : rows);
    if (probe_ask(p, "OpenPort pName=$port -> TRUE pHandle=$h")) {
        probe_run(p, 21, "%s", again);
        bool prints = probe_ask(p, "StartDocPort hPort=$h %s -> TRUE", probe_document(p, "list"));
        probe_run(p, 21, "%s", again);
        if (prints) {
            probe_tidy(p, "EndDocPort hPort=$h");
        }
        probe_tidy(p, "ClosePort hPort=$h");
    }
    probe_run(p, 21, "%s", again);
}
