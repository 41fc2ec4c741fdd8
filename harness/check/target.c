/* SPDX-License-Identifier: MIT
 *
 * What a probe prints to, and what has arrived there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/inside.h"
#include "os/clock.h"
#include "os/file.h"

#define LARGEST  (256u << 20)
#define PATIENCE (10 * CHECK_SECOND)
#define SETTLE   (3 * CHECK_SECOND) /* for what jobs have sent that were reported as printed */
#define TICK     (CHECK_SECOND / 100)

/* ---- reading --------------------------------------------------------------------------------- */

static void append(void **to, size_t *size, const char *data, size_t more)
{
    char *room = realloc(*to, *size + more + 1);
    if (room != NULL) {
        memcpy(room + *size, data, more);
        *to = room;
        *size += more;
    }
}

static bool load_file(struct probe *probe, void **to, size_t *size)
{
    char *path = bench_path(probe->bench, probe->check->survey.target.path);
    char *data = NULL;
    size_t length = 0;
    bool there = path != NULL && platen_os_file_load(path, LARGEST, &data, &length) == 0;
    if (there) {
        append(to, size, data, length);
    }
    free(data);
    free(path);
    return there;
}

/* The jobs that the device has kept since, one behind the other: job-0001.prn if it is whole,
 * .part if it is not, .receiving as long as it comes in. */
static bool load_job(struct probe *probe, unsigned number, void **to, size_t *size)
{
    static const char *const suffixes[] = {".receiving", ".prn", ".part"};
    char name[64];
    for (int i = 0; i < 3; i++) {
        char *data = NULL;
        size_t length = 0;
        snprintf(name, sizeof name, "${tmp}/device/job-%04u%s", number, suffixes[i]);
        char *path = bench_path(probe->bench, name);
        bool there = path != NULL && platen_os_file_load(path, LARGEST, &data, &length) == 0;
        free(path);
        if (there) {
            append(to, size, data, length);
        }
        free(data);
        if (there) {
            return true;
        }
    }
    return false;
}

static void load_jobs(struct probe *probe, void **to, size_t *size)
{
    unsigned number = probe->bench->seen_jobs + 1;
    while (load_job(probe, number, to, size)) {
        number++;
    }
}

static void load_sim(struct probe *probe, void **to, size_t *size)
{
    (void)probe;
    (void)to;
    (void)size;
}

static void load(struct probe *probe, void **to, size_t *size)
{
    *to = NULL;
    *size = 0;
    switch (probe->check->survey.target.kind) {
    case TARGET_FILE:
        load_file(probe, to, size);
        break;
    case TARGET_DEVICE:
        load_jobs(probe, to, size);
        break;
    case TARGET_SIM:
        load_sim(probe, to, size);
        break;
    default:
        break;
    }
}

/* Behind what stood there before, if jobs are put one behind the other. */
static size_t begin_of_new(const struct probe *probe, const void *data, size_t size)
{
    bool behind = size >= probe->before_size && probe->before_size > 0 &&
                  probe->check->survey.target.appends &&
                  memcmp(data, probe->before, probe->before_size) == 0;
    return behind ? probe->before_size : 0;
}

static void wait_a_moment(void)
{
    uint32_t word = 0;
    platen_os_wait(&word, 0, platen_os_now() + TICK);
}

bool probe_output(struct probe *probe, size_t expected, const void **bytes, size_t *size)
{
    uint64_t until = platen_os_now() + PATIENCE;
    *bytes = NULL;
    *size = 0;
    if (!probe_has(probe, PLATEN_NEED_TARGET) || probe->bench == NULL) {
        return false;
    }
    for (;;) {
        free(probe->output);
        load(probe, &probe->output, &probe->output_size);
        size_t begin = begin_of_new(probe, probe->output, probe->output_size);
        *size = probe->output_size - begin;
        *bytes = probe->output == NULL ? "" : (const char *)probe->output + begin;
        if (*size >= expected || platen_os_now() >= until) {
            return true;
        }
        wait_a_moment();
    }
}

/* ---- forgetting ------------------------------------------------------------------------------ */

static void forget_file(struct probe *probe)
{
    free(probe->before);
    probe->before = NULL;
    probe->before_size = 0;
    if (probe->check->survey.target.appends) {
        load_file(probe, &probe->before, &probe->before_size);
        return;
    }
    char *path = bench_path(probe->bench, probe->check->survey.target.path);
    if (path != NULL) {
        platen_os_remove_file(path);
    }
    free(path);
}

bool probe_port_is_path(struct probe *probe)
{
    static const char there[] = "${there}";
    const struct check_target *target = &probe->check->survey.target;
    return target->kind == TARGET_FILE && target->port != NULL &&
           strncmp(target->port, there, sizeof there - 1) == 0;
}

const char *probe_output_path(struct probe *probe)
{
    const struct check_target *target = &probe->check->survey.target;
    if (!check_is_ours(target) || probe->bench == NULL) {
        return NULL;
    }
    if (strncmp(target->path, "${tmp}", 6) == 0) {
        return target->path;
    }
    char *path = bench_path(probe->bench, target->path);
    const char *kept = path == NULL ? NULL : probe_format(probe, "%s", path);
    free(path);
    return kept;
}

bool check_is_ours(const struct check_target *target)
{
    return target->kind == TARGET_FILE && target->path != NULL &&
           (strncmp(target->path, "${tmp}", 6) == 0 || strncmp(target->path, "${host}", 7) == 0);
}

bool probe_block_output(struct probe *probe)
{
    const struct check_target *target = &probe->check->survey.target;
    char *path = target->kind == TARGET_FILE && target->output == NULL && probe->bench != NULL
                     ? bench_path(probe->bench, target->path)
                     : NULL;
    bool is_file = path != NULL;
    if (is_file) {
        platen_os_remove_file(path);
    }
    free(path);
    return is_file && probe_set(probe, "folder \"%s\"", target->path);
}

/* A call that a lane made stands behind the lane's name, as calls in blocks do. */
static bool is_line_of(const struct platen_session_line *line, const char *slot)
{
    size_t length = strlen(slot);
    const char *at = strstr(line->text, slot);
    return at != NULL && (at == line->text || at[-1] == ' ') && at[length] == ' ';
}

/* What is counted of the jobs of a bench. */
struct taking {
    struct check_texts texts;
    bool open;    /* there is a job */
    bool counts;  /* it began after the last time, and prints to the device */
    uint64_t job; /* what was taken from it */
    uint64_t all; /* and from those that were reported as printed */
};

static void count_line(struct taking *taking, const struct platen_session_line *line)
{
    bool call = line->kind == PLATEN_SESSION_CALL || line->kind == PLATEN_SESSION_INNER;
    if (call && is_line_of(line, "WritePort")) {
        const char *number = check_came(&taking->texts, line->text, "pcbWritten");
        taking->job += number == NULL || !taking->counts ? 0 : strtoull(number, NULL, 0);
    } else if (call && is_line_of(line, "StartDocPort")) {
        bool elsewhere = strstr(line->text, "pOutputFile=\"") != NULL;
        taking->counts = !elsewhere && (taking->counts || !taking->open);
        taking->job = taking->open ? taking->job : 0;
        taking->open = true;
    } else if (call && (is_line_of(line, "EndDocPort") || is_line_of(line, "ClosePort"))) {
        taking->open = false; /* what it reported stands behind it */
    } else if (line->kind == PLATEN_SESSION_BACK && is_line_of(line, "SetJobW") &&
               strstr(line->text, "Command=6 ") != NULL) {
        taking->all += taking->job;
        taking->job = 0;
    }
}

/* What was taken since the last time from the jobs that were reported as printed; of others nobody
 * knows what is still to come. */
static uint64_t taken_since(struct probe *probe)
{
    struct bench *bench = probe->bench;
    struct taking taking = {.open = bench->in_job};
    size_t end = platen_session_mark(bench->session);
    for (size_t i = bench->forgotten; i < end; i++) {
        const struct platen_session_line *line = platen_session_line(bench->session, i);
        if (line != NULL) {
            count_line(&taking, line);
        }
    }
    bench->forgotten = end;
    bench->in_job = taking.open;
    check_texts_free(&taking.texts);
    return taking.all;
}

/* What they have sent may still be on the way: it is no output of the next job. */
static void await_jobs(struct probe *probe)
{
    uint64_t until = platen_os_now() + SETTLE;
    uint64_t taken = taken_since(probe);
    size_t size = 0;
    while (taken > 0) {
        void *data = NULL;
        load(probe, &data, &size);
        free(data);
        if (size >= taken || platen_os_now() >= until) {
            return;
        }
        wait_a_moment();
    }
}

static void forget_jobs(struct probe *probe)
{
    await_jobs(probe);
    void *data = NULL;
    size_t size = 0;
    while (load_job(probe, probe->bench->seen_jobs + 1, &data, &size)) {
        probe->bench->seen_jobs++;
    }
    free(data);
}

void probe_forget_output(struct probe *probe)
{
    if (probe->bench == NULL) {
        return;
    }
    if (probe->check->survey.target.kind == TARGET_FILE) {
        forget_file(probe);
    } else if (probe->check->survey.target.kind == TARGET_DEVICE) {
        forget_jobs(probe);
    }
}

/* ---- judging --------------------------------------------------------------------------------- */

static size_t first_difference(const void *a, const void *b, size_t size)
{
    const unsigned char *left = a;
    const unsigned char *right = b;
    size_t at = 0;
    while (at < size && left[at] == right[at]) {
        at++;
    }
    return at;
}

/* The same bytes in another order break R39, whatever was being tried. */
static bool is_shuffled(const void *a, const void *b, size_t size)
{
    size_t counts[256] = {0};
    for (size_t i = 0; i < size; i++) {
        counts[((const unsigned char *)a)[i]]++;
        counts[((const unsigned char *)b)[i]]--;
    }
    bool same = true;
    for (size_t i = 0; i < 256; i++) {
        same = same && counts[i] == 0;
    }
    return same;
}

bool probe_arrived(struct probe *probe, int rule, const void *bytes, size_t size)
{
    const void *got;
    size_t got_size;
    if (probe->over || !probe_output(probe, size, &got, &got_size)) {
        return true;
    }
    size_t both = got_size < size ? got_size : size;
    size_t at = first_difference(bytes, got, both);
    const char *expected =
        probe_format(probe, "the device has the %zu bytes that were accepted, as they were", size);
    if (got_size == size && at == size) {
        return probe_judge(probe, rule, true, expected, " ");
    }
    if (at < both) {
        rule = got_size == size && is_shuffled(got, bytes, size) ? 39 : rule;
        return probe_judge(probe, rule, false, expected,
                           "%zu bytes; at byte %zu there is 0x%02x "
                           "and not 0x%02x",
                           got_size, at, ((const unsigned char *)got)[at],
                           ((const unsigned char *)bytes)[at]);
    }
    return probe_judge(probe, rule, false, expected, "%zu bytes, %s", got_size,
                       got_size < size ? "the rest is missing" : "there is more behind them");
}

/* ---- what it is ------------------------------------------------------------------------------ */

const char *probe_open_line(struct probe *probe, const char *name)
{
    return probe_format(probe,
                        probe->check->survey.language
                            ? "OpenPortEx pPortName=$port pPrinterName=\"Printer\" -> TRUE "
                              "pHandle=$%s"
                            : "OpenPort pName=$port -> TRUE pHandle=$%s",
                        name);
}

const char *probe_document(struct probe *probe, const char *title)
{
    const char *quoted = probe_quote(probe, title);
    if (probe->check->survey.target.output == NULL) {
        return probe_format(probe, "pDocInfo={pDocName=%s pDatatype=\"RAW\"}", quoted);
    }
    return probe_format(probe, "pDocInfo={pDocName=%s pDatatype=\"RAW\" pOutputFile=\"${jobout}\"}",
                        quoted);
}

const char *probe_new_port(struct probe *probe)
{
    const struct check_survey *survey = &probe->check->survey;
    if (survey->adding == ADD_NONE) {
        return NULL;
    }
    unsigned number = atomic_fetch_add(&probe->check->serial, 1);
    return probe_format(probe, "%splaten%u%s", survey->add_folder, number, survey->add_suffix);
}

const char *probe_add_line(struct probe *probe, const char *name)
{
    if (probe->check->survey.adding == ADD_DATA) {
        return probe_format(probe,
                            "xcv \",XcvMonitor ${object}\" AddPort name=%s host=127.0.0.1 "
                            "port=9 -> ERROR_SUCCESS",
                            probe_quote(probe, name));
    }
    return probe_format(probe, "xcv \",XcvMonitor ${object}\" AddPort %s -> ERROR_SUCCESS",
                        probe_quote(probe, name));
}

const char *probe_delete_line(struct probe *probe, const char *name)
{
    if (probe->check->survey.adding == ADD_DATA) {
        return probe_format(probe,
                            "xcv \",XcvMonitor ${object}\" DeletePort name=%s -> ERROR_SUCCESS",
                            probe_quote(probe, name));
    }
    return probe_format(probe, "xcv \",XcvMonitor ${object}\" DeletePort %s -> ERROR_SUCCESS",
                        probe_quote(probe, name));
}

bool probe_behave(struct probe *probe, const char *manner)
{
    return probe_set(probe, "behave $device %s", manner);
}

void target_begin(struct probe *probe)
{
    probe_forget_output(probe);
}

void target_end(struct probe *probe)
{
    if (probe->check->survey.target.stalls && !probe->over) {
        probe_tidy(probe, "behave $device");
    }
    free(probe->output);
    free(probe->before);
    free(probe->ports);
}
