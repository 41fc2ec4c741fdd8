/* SPDX-License-Identifier: MIT
 *
 * A check as somebody would read it, made of the table of rules and a few findings by hand.
 */
#include <stdio.h>
#include <string.h>

#include "rules.h"
#include "sample.h"

#define MONITOR "build/ports/acme mon.dll"
#define LAST    82 /* rules that bind monitors */

struct sample {
    int rule;
    enum platen_report_verdict verdict; /* of the test */
    const char *why;
    const char *called; /* NULL: no finding */
    const char *expected;
    const char *got;
    const char *effect;
    const char *trace;
};

static const struct sample samples[] = {
    {10, PLATEN_REPORT_SKIP, "needs a file that can be looked at", NULL, NULL, NULL, NULL, NULL},
    {12, PLATEN_REPORT_FAIL, NULL, "EnumPorts Level=1 pPorts=$p cbBuf=41 !guard",
     "FALSE pcbNeeded=42 ERROR_INSUFFICIENT_BUFFER, nothing written behind the buffer",
     "a byte behind the buffer was written: pPorts[41]",
     "EnumPorts writes past the end of the buffer that the spooler gave it. The bytes behind it "
     "belong to something else: the spooler crashes later, in a place that has nothing to do with "
     "this monitor, and every printer of the server is gone until it is started again.",
     "load $monitor\nEnumPorts Level=1 pPorts=NULL cbBuf=0 -> FALSE pcbNeeded=$n "
     "ERROR_INSUFFICIENT_BUFFER\nEnumPorts Level=1 pPorts=$p cbBuf=41 !guard -> FALSE "
     "ERROR_INSUFFICIENT_BUFFER"},
    {15, PLATEN_REPORT_XFAIL, "the strings stand at the front; known since 2019",
     "EnumPorts Level=2 cbBuf=4096", "the highest string ends at 4096", "it ends at 338",
     "Windows copies such an answer wrongly and shows port names that end in garbage.", NULL},
    {17, PLATEN_REPORT_WARN, NULL,
     "EnumPorts Level=3 pPorts=NULL cbBuf=0 -> FALSE ERROR_INVALID_LEVEL",
     "FALSE ERROR_INVALID_LEVEL", "TRUE pcbNeeded=0 pcReturned=0",
     "A caller that asks for a level that does not exist believes that there are no ports.",
     "load $monitor\nEnumPorts Level=3 pPorts=NULL cbBuf=0 -> FALSE ERROR_INVALID_LEVEL"},
    {32, PLATEN_REPORT_SKIP, "no port takes its target from the job", NULL, NULL, NULL, NULL, NULL},
    {40, PLATEN_REPORT_ERROR, "the monitor's host ended: SIGSEGV at address 0x18", "WritePort",
     NULL, NULL, NULL, NULL},
    {51, PLATEN_REPORT_XPASS, "it was expected to fail: closes twice", NULL, NULL, NULL, NULL,
     NULL},
};

static const struct sample *find(int rule)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        if (samples[i].rule == rule) {
            return &samples[i];
        }
    }
    return NULL;
}

static void tell_rule(struct platen_report *report, const struct platen_rule *rule)
{
    const struct sample *sample = find(rule->number);
    char name[160];
    char repeat[80];
    struct platen_report_finding finding = {
        .rule = rule->id,
        .severity = platen_rule_severity_name(rule->severity),
        .title = rule->title,
        .clause = rule->sources,
        .effect = sample == NULL ? NULL : sample->effect,
        .says = rule->text,
    };
    struct platen_report_event event = {
        .kind = PLATEN_REPORT_TEST_BEGIN,
        .name = name,
        .finding = &finding,
    };
    snprintf(name, sizeof name, "%s %s", rule->id, rule->title);
    snprintf(repeat, sizeof repeat, "platen check \"" MONITOR "\" %s", rule->id);
    platen_report_tell(report, &event);
    if (sample != NULL && sample->called != NULL) {
        event.kind = PLATEN_REPORT_FINDING;
        event.verdict =
            sample->verdict == PLATEN_REPORT_XFAIL ? PLATEN_REPORT_FAIL : sample->verdict;
        event.name = sample->called;
        event.expected = sample->expected;
        event.got = sample->got;
        event.repeat = repeat;
        finding.trace = sample->trace;
        platen_report_tell(report, &event);
    }
    event = (struct platen_report_event){
        .kind = PLATEN_REPORT_TEST_END,
        .verdict = sample == NULL ? PLATEN_REPORT_PASS : sample->verdict,
        .text = sample == NULL ? NULL : sample->why,
        .repeat = repeat,
        .duration = 2000000,
    };
    platen_report_tell(report, &event);
}

static void tell_group(struct platen_report *report, int group)
{
    platen_report_tell(report, &(struct platen_report_event){
                                   .kind = PLATEN_REPORT_FILE_BEGIN,
                                   .name = platen_rule_groups[group].name,
                                   .text = platen_rule_groups[group].text,
                               });
    for (int i = 0; i < LAST; i++) {
        if ((int)platen_rules[i].group == group) {
            tell_rule(report, &platen_rules[i]);
        }
    }
    platen_report_tell(report, &(struct platen_report_event){.kind = PLATEN_REPORT_FILE_END});
}

void sample_check(struct platen_report *report)
{
    platen_report_tell(
        report, &(struct platen_report_event){
                    .kind = PLATEN_REPORT_RUN_BEGIN,
                    .name = "platen check",
                    .repeat = "platen check \"" MONITOR "\" --xfail known.txt --html report.html",
                    .place = {.file = MONITOR},
                });
    platen_report_tell(report, &(struct platen_report_event){
                                   .kind = PLATEN_REPORT_LOG,
                                   .level = PLATEN_REPORT_WARNING,
                                   .text = "the import comdlg32!ChooseFontW is only a stub here",
                               });
    for (int group = 0; group < PLATEN_RULE_GROUPS; group++) {
        if (group != PLATEN_RULE_GROUP_SPOOLER) {
            tell_group(report, group);
        }
    }
    platen_report_tell(report, &(struct platen_report_event){
                                   .kind = PLATEN_REPORT_RUN_END,
                                   .duration = 3400000000,
                               });
}
