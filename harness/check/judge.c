/* SPDX-License-Identifier: MIT
 *
 * The verdict: what all probes came upon, rule by rule, in the order of the rules whatever the
 * order of work was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/inside.h"
#include "os/file.h"

#define MOST_TOLD 4 /* findings of one rule; the first ones say it all */

/* A rule that is being judged. */
struct judged {
    struct check *check;
    const struct check_expected *expected;
    const struct platen_rule *rule;
    const char *broken; /* nothing could be run, and why */
    bool tried;
    const char *skipped; /* why it was not; NULL: no probe said anything */
    bool wrong;
    unsigned must;    /* findings */
    unsigned should;  /* that are no more than that */
    unsigned excused; /* of both */
    unsigned told;
    const char *crashed; /* the rule where its crash is told; NULL */
    const char *because; /* and what that is: a crash, or a list that cannot be read */
    const char *xreason;
    bool xfail; /* something is expected of it */
    char repeat[600];
};

static bool is_should(const struct judged *judged, const struct check_finding *finding)
{
    if (finding->crash && !finding->hostile) {
        return false; /* no rule of a SHOULD allows it */
    }
    return finding->should || judged->rule->severity == PLATEN_RULE_SHOULD;
}

/* ---- one crash is one finding ---------------------------------------------------------------- */

/* Where nothing was being tried that was asked for, what was asked for stands in. */
static int home_of(const struct check *check, size_t index, int rule)
{
    bool told = check_wants(check, rule) && check_rule_binds(check, rule);
    if (told || index >= check_probe_count) {
        return rule;
    }
    for (const int *at = check_probes[index].rules; *at != 0; at++) {
        if (check_wants(check, *at) && check_rule_binds(check, *at)) {
            return *at;
        }
    }
    return rule;
}

/* Does it look as if something was read that stood in an earlier call? Arguments end at a page that
 * nobody may touch, and poisoned ones are such pages themselves. */
static bool ran_into_page(const char *got)
{
    static const char words[] = "it touched 0x";
    const char *at = strstr(got, words);
    size_t digits = at == NULL ? 0 : strspn(at + sizeof words - 1, "0123456789abcdefABCDEF");
    return digits > 3 && strncmp(at + sizeof words - 1 + digits - 3, "000", 3) == 0;
}

/* A crash that many probes come upon is nobody's in particular: which rule names its cause?
 * `stale`: one of them ran into such a page; `copied`: the probe of R35, whose calls give nothing
 * else to run into, did. */
static int cause_of(const struct check_finding *finding, bool stale, bool copied)
{
    struct check_texts texts = {.first = NULL};
    const char *slot = crash_slot(&texts, finding->got == NULL ? "" : finding->got);
    bool later = strcmp(slot, "WritePort") == 0 || strcmp(slot, "EndDocPort") == 0 ||
                 strcmp(slot, "ClosePort") == 0;
    bool late = strncmp(finding->key, "late", 4) == 0;
    int rule = late && strcmp(slot, "WritePort") == 0    ? 40
               : late && strcmp(slot, "ReadPort") == 0   ? 47
               : later && stale && copied                ? 35
               : stale && strcmp(slot, "WritePort") == 0 ? 45
                                                         : crash_rule(slot);
    check_texts_free(&texts);
    return rule;
}

/* A cause, where there is one, counts for more than that something was being tried: what crashes
 * everywhere crashes in lines that only set up as well. */
static bool is_better(const struct check_finding *a, const struct check_finding *b, int cause)
{
    bool names = a->rule == cause;
    if (b == NULL || names != (b->rule == cause)) {
        return b == NULL || names;
    }
    return b->weak && !a->weak;
}

#define MANY 3u /* probes of different rules */

/* What is known of the crashes with one key. */
struct crash_sort {
    unsigned rules;
    bool stale;
    bool copied;
};

/* The best of those with its key, one of the rule `cause` before others; and what they are. */
static struct check_finding *best_of(struct check *check, const struct check_finding *crash,
                                     int cause, struct crash_sort *sort)
{
    struct check_finding *best = NULL;
    int last = 0;
    *sort = (struct crash_sort){.rules = 0};
    for (size_t i = 0; i < check_probe_count; i++) {
        for (struct check_finding *at = check->outcomes[i].findings; at != NULL; at = at->next) {
            if (at->crash && strcmp(at->key, crash->key) == 0) {
                sort->rules += at->rule != last;
                sort->stale = sort->stale || (at->got != NULL && ran_into_page(at->got));
                sort->copied = sort->copied || (at->rule == 35 && !at->weak);
                last = at->rule;
                best = is_better(at, best, cause) ? at : best;
            }
        }
    }
    return best;
}

static struct check_finding *first_crash(struct check *check, const struct check_finding *crash)
{
    struct crash_sort sort;
    struct crash_sort again;
    struct check_finding *best = best_of(check, crash, 0, &sort);
    bool late = strncmp(crash->key, "late", 4) == 0;
    return sort.rules < MANY && !late
               ? best
               : best_of(check, crash, cause_of(crash, sort.stale, sort.copied), &again);
}

static void merge_crashes(struct check *check)
{
    for (size_t i = 0; i < check_probe_count; i++) {
        struct check_finding *at = check->outcomes[i].findings;
        for (; at != NULL; at = at->next) {
            if (at->crash) {
                bool lists = strcmp(at->key, "late in EnumPorts") == 0;
                at->rule = home_of(check, i, lists ? 22 : at->rule);
            }
        }
    }
    for (size_t i = 0; i < check_probe_count; i++) {
        struct check_finding *at = check->outcomes[i].findings;
        for (; at != NULL; at = at->next) {
            struct check_finding *first = at->crash ? first_crash(check, at) : at;
            if (first != at) {
                at->merged = first;
                first->times += at->times;
            }
        }
    }
}

/* ---- a list that cannot be read -------------------------------------------------------------- */

static struct check_finding *first_about(struct check_outcome *outcome, int rule)
{
    struct check_finding *at = outcome->findings;
    while (at != NULL && (at->rule != rule || at->should || at->crash)) {
        at = at->next;
    }
    return at;
}

/* What is looked for in a list whose texts lie elsewhere is never there, whatever the rule. */
static void merge_into(struct check *check, struct check_finding *list)
{
    for (size_t i = 0; i < check_probe_count; i++) {
        struct check_finding *at = check->outcomes[i].findings;
        for (; at != NULL; at = at->next) {
            bool of_lists = at->rule >= 11 && at->rule <= 20 && at->rule != 13;
            if (!at->crash && !of_lists && strncmp(at->line, "EnumPorts ", 10) == 0) {
                at->merged = list;
            }
        }
    }
}

static void merge_lists(struct check *check)
{
    for (size_t i = 0; i < check_probe_count; i++) {
        struct check_outcome *outcome = &check->outcomes[i];
        struct check_finding *list = outcome->unreadable ? first_about(outcome, 14) : NULL;
        if (list != NULL) {
            merge_into(check, list);
            return;
        }
    }
}

/* ---- what is expected ------------------------------------------------------------------------ */

static bool is_excused(const struct judged *judged, const struct check_finding *finding)
{
    const struct check_expected *expected = judged->expected;
    for (size_t i = 0; i < expected->count; i++) {
        if (expected->list[i].rule == judged->rule->number &&
            (!expected->list[i].should || is_should(judged, finding))) {
            return true;
        }
    }
    return false;
}

static void look_up_expected(struct judged *judged)
{
    const struct check_expected *expected = judged->expected;
    for (size_t i = 0; i < expected->count; i++) {
        if (expected->list[i].rule == judged->rule->number) {
            judged->xfail = true;
            judged->xreason = expected->list[i].reason;
        }
    }
}

/* ---- findings -------------------------------------------------------------------------------- */

static enum platen_report_verdict verdict_of(const struct judged *judged,
                                             const struct check_finding *finding)
{
    if (is_excused(judged, finding)) {
        return PLATEN_REPORT_XFAIL;
    }
    return is_should(judged, finding) && !judged->check->options->strict ? PLATEN_REPORT_WARN
                                                                         : PLATEN_REPORT_FAIL;
}

static void keep_trace(const struct judged *judged, const struct check_finding *finding)
{
    const char *folder = judged->check->options->keep;
    char path[1024];
    if (folder == NULL || finding->trace == NULL) {
        return;
    }
    struct check_texts texts = {NULL};
    snprintf(path, sizeof path, "%s/%s-%u.spool", folder, judged->rule->id, judged->told);
    const char *text = check_print(&texts, "# %s %s\n# %s\n%s\n", judged->rule->id,
                                   judged->rule->title, judged->repeat, finding->trace);
    uint32_t error = platen_os_make_folder(folder);
    if (error == 0 && text != NULL) {
        error = platen_os_file_replace(path, text, strlen(text));
    }
    if (error != 0) {
        check_complain(judged->check, "%s cannot be written", path);
    }
    check_texts_free(&texts);
}

static struct platen_report_finding about_rule(struct check_texts *texts,
                                               const struct platen_rule *rule)
{
    return (struct platen_report_finding){
        .rule = rule->id,
        .severity = platen_rule_severity_name(rule->severity),
        .title = rule->title,
        .clause = check_clause(texts, rule),
        .effect = platen_check_effect(rule->number),
        .change = platen_check_remedy(rule->number),
        .says = rule->text,
    };
}

static void tell_finding(struct judged *judged, const struct check_finding *finding)
{
    struct check_texts texts = {NULL};
    const char *often = "";
    const char *legend = judged->told > 0 ? "" : check_legend(&texts, finding->trace);
    if (finding->times > 1) {
        often = check_print(&texts, "%s%u times alike", finding->why == NULL ? "" : "; ",
                            finding->times);
    }
    bool more = *legend != '\0' && (finding->why != NULL || finding->times > 1);
    struct platen_report_finding about = about_rule(&texts, judged->rule);
    about.severity = is_should(judged, finding) ? "SHOULD" : "MUST";
    about.trace = finding->trace;
    const struct platen_report_event event = {
        .kind = PLATEN_REPORT_FINDING,
        .verdict = verdict_of(judged, finding),
        .test = (uint64_t)judged->rule->number,
        .name = finding->line,
        .expected = finding->expected,
        .got = finding->got,
        .text = check_print(&texts, "%s%s%s%s", finding->why == NULL ? "" : finding->why, often,
                            more ? "; " : "", legend),
        .repeat = judged->repeat,
        .finding = &about,
    };
    if (judged->told++ < MOST_TOLD) {
        platen_report_tell(judged->check->report, &event);
        keep_trace(judged, finding);
    }
    check_texts_free(&texts);
}

static void take_finding(struct judged *judged, const struct check_finding *finding)
{
    if (finding->merged != NULL) {
        judged->crashed = platen_rules[finding->merged->rule - 1].id;
        judged->because = finding->crash ? "the monitor crashed or hung in it"
                                         : "lists of ports cannot be read here";
        return;
    }
    judged->must += !is_should(judged, finding);
    judged->should += is_should(judged, finding);
    judged->excused += is_excused(judged, finding);
    tell_finding(judged, finding);
}

/* ---- a rule ---------------------------------------------------------------------------------- */

/* Did a probe before it come upon the same? What closing a world comes upon is told if no probe
 * came upon anything. */
static const struct check_finding *same_before(const struct check *check, size_t index,
                                               const struct check_finding *finding)
{
    for (size_t i = 0; i < index; i++) {
        const struct check_finding *at = check->outcomes[i].findings;
        for (; at != NULL; at = at->next) {
            bool same =
                at->key != NULL && finding->key != NULL && strcmp(at->key, finding->key) == 0;
            if (at->rule == finding->rule && at->merged == NULL &&
                (same || index == check_probe_count)) {
                return at;
            }
        }
    }
    return NULL;
}

static void gather(struct judged *judged)
{
    struct check *check = judged->check;
    int rule = judged->rule->number;
    uint32_t missing = check_missing(check, judged->rule->needs);
    for (size_t i = 0; i <= check_probe_count; i++) {
        const struct check_outcome *outcome = &check->outcomes[i];
        const struct check_finding *at = outcome->findings;
        bool binds = i < check_probe_count && check_probe_binds(&check_probes[i], rule);
        judged->tried |= outcome->tried[rule] && missing == 0;
        if (binds && outcome->wrong) {
            judged->wrong = true;
            judged->skipped = outcome->over;
        }
        if (judged->skipped == NULL) {
            judged->skipped = outcome->skipped[rule];
        }
        for (; at != NULL; at = at->next) {
            if (at->rule == rule && same_before(check, i, at) == NULL) {
                take_finding(judged, at);
            }
        }
    }
}

static const char *why_skipped(const struct judged *judged)
{
    uint32_t missing = check_missing(judged->check, judged->rule->needs);
    if (judged->broken != NULL) {
        return judged->broken;
    }
    if (missing != 0) {
        return check_lack_text(judged->check, missing);
    }
    if (judged->skipped != NULL) {
        return judged->skipped;
    }
    return atomic_load(&judged->check->interrupted) ? "interrupted" : "nothing here can try it";
}

static enum platen_report_verdict judge_rule(const struct judged *judged, const char **text)
{
    unsigned found = judged->must + judged->should;
    *text = NULL;
    if (judged->wrong) {
        *text = judged->skipped;
        return PLATEN_REPORT_ERROR;
    }
    if (found > 0 && judged->excused == found) {
        *text = judged->xreason == NULL ? "it is expected" : judged->xreason;
        return PLATEN_REPORT_XFAIL;
    }
    if (found > 0) {
        bool fails = judged->must > 0 || judged->check->options->strict;
        return fails ? PLATEN_REPORT_FAIL : PLATEN_REPORT_WARN;
    }
    if (judged->crashed != NULL) {
        *text = judged->crashed;
        return PLATEN_REPORT_SKIP;
    }
    if (!judged->tried) {
        *text = why_skipped(judged);
        return PLATEN_REPORT_SKIP;
    }
    if (judged->xfail) {
        *text = "this was expected to be broken, and is not";
        return PLATEN_REPORT_XPASS;
    }
    return PLATEN_REPORT_PASS;
}

static void count(struct check_counts *counts, enum platen_report_verdict verdict)
{
    counts->failed += verdict == PLATEN_REPORT_FAIL || verdict == PLATEN_REPORT_XPASS;
    counts->excused += verdict == PLATEN_REPORT_XFAIL;
    counts->warned += verdict == PLATEN_REPORT_WARN;
    counts->passed += verdict == PLATEN_REPORT_PASS;
    counts->skipped += verdict == PLATEN_REPORT_SKIP;
    counts->wrong += verdict == PLATEN_REPORT_ERROR;
}

static void tell_rule(struct judged *judged, struct check_counts *counts)
{
    const char *program = judged->check->options->repeat;
    const char *text;
    char name[300];
    char crash[120];
    snprintf(name, sizeof name, "%s %s", judged->rule->id, judged->rule->title);
    snprintf(judged->repeat, sizeof judged->repeat, "%s %s",
             program == NULL ? "platen check" : program, judged->rule->id);
    struct check_texts texts = {NULL};
    const struct platen_report_finding about = about_rule(&texts, judged->rule);
    struct platen_report_event event = {
        .kind = PLATEN_REPORT_TEST_BEGIN,
        .test = (uint64_t)judged->rule->number,
        .name = name,
        .finding = &about,
    };
    platen_report_tell(judged->check->report, &event);
    check_texts_free(&texts);
    look_up_expected(judged);
    gather(judged);
    event.kind = PLATEN_REPORT_TEST_END;
    event.finding = NULL;
    event.verdict = judge_rule(judged, &text);
    if (text != NULL && text == judged->crashed) {
        snprintf(crash, sizeof crash, "%s, as it is told at %s", judged->because, judged->crashed);
        text = crash;
    }
    event.text = text;
    event.repeat = judged->repeat;
    platen_report_tell(judged->check->report, &event);
    count(counts, event.verdict);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static bool is_in(const struct check *check, const struct platen_rule *rule, unsigned group)
{
    return rule->number <= PLATEN_CHECK_RULES && (unsigned)rule->group == group &&
           check_wants(check, rule->number) && check_rule_binds(check, rule->number);
}

void judge(struct check *check, const struct check_expected *expected, const char *broken,
           struct check_counts *counts)
{
    merge_crashes(check);
    merge_lists(check);
    for (unsigned group = 0; group < PLATEN_RULE_GROUPS; group++) {
        bool any = false;
        for (int i = 0; i < PLATEN_CHECK_RULES; i++) {
            const struct platen_rule *rule = &platen_rules[i];
            struct platen_report_event file = {.kind = PLATEN_REPORT_FILE_BEGIN,
                                               .name = platen_rule_groups[group].name,
                                               .text = platen_rule_groups[group].text};
            if (!is_in(check, rule, group)) {
                continue;
            }
            if (!any) {
                platen_report_tell(check->report, &file);
            }
            any = true;
            struct judged judged = {
                .check = check, .expected = expected, .rule = rule, .broken = broken};
            tell_rule(&judged, counts);
        }
        if (any) {
            const struct platen_report_event end = {.kind = PLATEN_REPORT_FILE_END};
            platen_report_tell(check->report, &end);
        }
    }
}
