/* SPDX-License-Identifier: MIT
 *
 * A DLL that crashes, hangs, ends its process, scribbles, floods or starts others, in each of its
 * functions in turn: one finding that names the function, everybody gets an answer, the next one is
 * well, and at the end nothing of it is left, nor of the prefix.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hosted/hosted.h"
#include "hosted/wine.h"
#include "os/clock.h"
#include "os/thread.h"

#define SECOND UINT64_C(1000000000)

static const char *const functions[] = {
    "loading",      "InitializePrintMonitor2",
    "EnumPorts",    "OpenPort",
    "StartDocPort", "WritePort",
    "EndDocPort",   "ClosePort",
    "XcvDataPort",  "Shutdown",
};
#define FUNCTIONS (sizeof functions / sizeof *functions)

/* ---- one life of a spooler ------------------------------------------------------------------- */

static struct {
    platen_os_mutex lock;
    unsigned findings;
    unsigned lines;     /* that the monitor printed */
    char finding[4096]; /* all of them */
} seen;

static void on_event(void *context, const struct platen_event *event)
{
    (void)context;
    platen_os_mutex_lock(&seen.lock);
    if (event->kind == PLATEN_EVENT_FINDING) {
        seen.findings++;
        size_t used = strlen(seen.finding);
        snprintf(seen.finding + used, sizeof seen.finding - used, "%s%s", used == 0 ? "" : "; ",
                 event->text);
    }
    seen.lines += event->kind == PLATEN_EVENT_LOG;
    platen_os_mutex_unlock(&seen.lock);
}

static void use_xcv(platen_spooler *spooler)
{
    platen_xcv *xcv;
    uint32_t status;
    if (platen_xcv_open(spooler, ",XcvMonitor sick", 1, &xcv) == 0) {
        platen_xcv_data(xcv, "Anything", NULL, 0, NULL, 0, NULL, &status);
        platen_xcv_close(xcv);
    }
}

/* Returns the state of the job; FAILED where there was none. */
static enum platen_job_state print(platen_spooler *spooler)
{
    static const char text[] = "%!PS";
    const struct platen_document document = {
        .size = sizeof document, .data = text, .data_size = sizeof text - 1};
    struct platen_job_info info = {.state = PLATEN_JOB_FAILED};
    uint32_t job;
    if (platen_printer_add(spooler, "P", "SICK:") == 0 &&
        platen_job_submit(spooler, "P", &document, &job) == 0) {
        assert_int_equal(platen_job_wait(spooler, job, platen_os_now() + 60 * SECOND, &info), 0);
    }
    return info.state;
}

/* SICK=wish through everything. */
static enum platen_job_state live(const char *wish, uint64_t timeout)
{
    platen_spooler *spooler;
    const struct platen_spooler_options options = {.size = sizeof options, .on_event = on_event};
    const struct platen_hosted_options how = {.timeout = timeout, .program = HOST_FILE};
    enum platen_job_state state = PLATEN_JOB_FAILED;
    char *complaint = NULL;
    seen.findings = seen.lines = 0;
    seen.finding[0] = '\0';
    setenv("SICK", wish, 1);
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    uint32_t error = platen_hosted_load(spooler, "sick", MODULE_FILE, &how, &complaint);
    if (error == 0) {
        state = print(spooler);
        use_xcv(spooler);
    } else if (error != PLATEN_PROCESS_ABORTED) {
        fail_msg("%s: %u %s", wish, (unsigned)error, complaint);
    }
    platen_free(complaint);
    platen_spooler_destroy(spooler);
    return state;
}

/* ---- the deeds ------------------------------------------------------------------------------- */

static bool is_told(const char *function, const char *words)
{
    return seen.findings == 1 && strstr(seen.finding, function) != NULL &&
           strstr(seen.finding, words) != NULL;
}

static void check(const char *wish, const char *function, const char *words)
{
    if (!is_told(function, words)) {
        fail_msg("%s: %u findings: %s", wish, seen.findings, seen.finding);
    }
}

static void one(const char *function, const char *deed, const char *words, uint64_t timeout)
{
    char wish[64];
    snprintf(wish, sizeof wish, "%s:%s", function, deed);
    live(wish, timeout);
    check(wish, function, words);
}

/* On a busy machine what is well may take as long as that: then it has more time. */
static void hang_in(const char *function, const char *deed)
{
    char wish[64];
    char words[64];
    snprintf(wish, sizeof wish, "%s:%s", function, deed);
    for (unsigned seconds = 2; seconds < 60; seconds *= 3) {
        live(wish, seconds * SECOND);
        snprintf(words, sizeof words, "did not come back within %u s", seconds);
        if (is_told(function, words)) {
            break;
        }
    }
    check(wish, function, words);
}

static void being_well(void **state)
{
    (void)state;
    assert_int_equal(live("", 0), PLATEN_JOB_PRINTED);
    assert_int_equal(seen.findings, 0);
}

/* What happens in DllMain the system's loader catches, and says so. */
static void crashing_while_loaded(void **state)
{
    platen_spooler *spooler;
    const struct platen_spooler_options options = {.size = sizeof options, .on_event = on_event};
    const struct platen_hosted_options how = {.program = HOST_FILE};
    char *complaint = NULL;
    seen.findings = 0;
    setenv("SICK", "loading:crash", 1);
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    assert_int_equal(platen_hosted_load(spooler, "sick", MODULE_FILE, &how, &complaint),
                     ERROR_NOACCESS);
    assert_non_null(strstr(complaint, "sick.dll' cannot be loaded: 998"));
    assert_int_equal(seen.findings, 0);
    platen_free(complaint);
    platen_spooler_destroy(spooler);
    being_well(state);
}

static void crashing(void **state)
{
    (void)state;
    for (size_t i = 1; i < FUNCTIONS; i++) {
        one(functions[i], "crash", "crashed with 0xc0000005 (EXCEPTION_ACCESS_VIOLATION)", 0);
        assert_non_null(strstr(seen.finding, "it touched 0x10; stack: sick.dll+0x"));
    }
    being_well(state);
}

static void aborting(void **state)
{
    (void)state;
    one("loading", "abort", "crashed with abort()", 0);
    one("WritePort", "abort", "crashed with abort()", 0);
    one("Shutdown", "abort", "crashed with abort()", 0);
}

static void exiting(void **state)
{
    (void)state;
    for (size_t i = 0; i < FUNCTIONS; i++) {
        one(functions[i], "exit", "ended the process with status 0", 0);
    }
}

static void exiting_by_the_system(void **state)
{
    (void)state;
    one("WritePort", "ExitProcess", "ended the process with status 3", 0);
    one("OpenPort", "terminate", "ended the process with status 4", 0);
}

static void breaking_the_stack(void **state)
{
    (void)state;
    one("WritePort", "overflow", "crashed with 0xc00000fd (EXCEPTION_STACK_OVERFLOW)", 0);
}

static void scribbling(void **state)
{
    (void)state;
    one("EndDocPort", "scribble", "crashed with 0xc0000005", 0);
    one("WritePort", "crash", "; the call: WritePort hPort=", 0);
    assert_non_null(strstr(seen.finding, "; before it: OpenPort -> TRUE, StartDocPort -> TRUE"));
}

static void hanging(void **state)
{
    (void)state;
    hang_in("WritePort", "hang");
    hang_in("EndDocPort", "spin");
    hang_in("InitializePrintMonitor2", "hang");
    being_well(state);
}

static void flooding(void **state)
{
    (void)state;
    assert_int_equal(live("WritePort:flood", 0), PLATEN_JOB_PRINTED);
    check("flood", "", "prints more than");
}

static void starting_others(void **state)
{
    (void)state;
    assert_int_equal(live("WritePort:spawn", 0), PLATEN_JOB_PRINTED);
    assert_int_equal(seen.findings, 0);
}

/* ---- nothing is left ------------------------------------------------------------------------- */

/* How many processes have that in their environment. */
static unsigned count_processes(const char *variable)
{
    static char room[1 << 20];
    unsigned count = 0;
    DIR *list = opendir("/proc");
    for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        char path[300];
        snprintf(path, sizeof path, "/proc/%s/environ", entry->d_name);
        FILE *file =
            strspn(entry->d_name, "0123456789") == strlen(entry->d_name) ? fopen(path, "r") : NULL;
        size_t size = file == NULL ? 0 : fread(room, 1, sizeof room - 1, file);
        room[size] = '\0';
        for (size_t at = 0; at < size; at += strlen(room + at) + 1) {
            count += strcmp(room + at, variable) == 0;
        }
        if (file != NULL) {
            fclose(file);
        }
    }
    closedir(list);
    return count;
}

static void nothing_is_left(void **state)
{
    static const uint32_t word;
    char prefix[4096];
    char variable[4200];
    (void)state;
    assert_non_null(platen_wine_folder());
    snprintf(prefix, sizeof prefix, "%s", platen_wine_folder());
    *strrchr(prefix, '/') = '\0';
    snprintf(variable, sizeof variable, "WINEPREFIX=%s", prefix);
    assert_int_equal(access(prefix, F_OK), 0);
    assert_true(count_processes(variable) > 1);
    platen_wine_end();
    assert_int_not_equal(access(prefix, F_OK), 0);
    uint64_t until = platen_os_now() + 20 * SECOND; /* what was killed may need a moment */
    while (count_processes(variable) != 0 && platen_os_now() < until) {
        platen_os_wait(&word, 0, platen_os_now() + SECOND / 100);
    }
    assert_int_equal(count_processes(variable), 0);
}

static int begin(void **state)
{
    (void)state;
    platen_os_mutex_init(&seen.lock);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(being_well),
        cmocka_unit_test(crashing_while_loaded),
        cmocka_unit_test(crashing),
        cmocka_unit_test(aborting),
        cmocka_unit_test(exiting),
        cmocka_unit_test(exiting_by_the_system),
        cmocka_unit_test(breaking_the_stack),
        cmocka_unit_test(scribbling),
        cmocka_unit_test(hanging),
        cmocka_unit_test(flooding),
        cmocka_unit_test(starting_others),
        cmocka_unit_test(nothing_is_left),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
