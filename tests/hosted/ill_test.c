/* SPDX-License-Identifier: MIT
 *
 * A monitor that crashes, hangs, ends its process, scribbles, floods, forks, closes descriptors or
 * changes handlers, in each of its functions in turn: one finding that names the function,
 * everybody gets an answer, nothing of it is left running, and the next one is well.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hosted/hosted.h"
#include "os/clock.h"
#include "os/thread.h"

#define SECOND    UINT64_C(1000000000)
#define PROCESSES 8

/* A sanitizer in the host has an allocator of its own, and ends the process with its own status. */
#ifdef SANITIZED
#    define EXITED(status) "ended the process"
static const bool is_sanitized = true;
#else
#    define EXITED(status) "ended the process with status " #    status
static const bool is_sanitized = false;
#endif

static const char *const functions[] = {
    "loading",      "DllMain",           "InitializePrintMonitor2",
    "EnumPorts",    "OpenPort",          "StartDocPort",
    "WritePort",    "ReadPort",          "EndDocPort",
    "ClosePort",    "XcvOpenPort",       "XcvDataPort",
    "XcvClosePort", "SetPortTimeOuts",   "GetPrinterDataFromPort",
    "Shutdown",     "NotifyUsedPorts",   "SendRecvBidiDataFromPort",
    "PowerEvent",   "NotifyUnusedPorts", "unloading",
};
#define FUNCTIONS (sizeof functions / sizeof *functions)

/* For deeds that are the same wherever they are done, and where everything takes its time. */
static const char *const some_functions[] = {
    "loading", "InitializePrintMonitor2", "WritePort", "Shutdown", "unloading",
};
#define SOME (sizeof some_functions / sizeof *some_functions)

static bool is_slow(void)
{
    return is_sanitized || getenv("PLATEN_SLOW") != NULL;
}

/* ---- one life of a spooler ------------------------------------------------------------------- */

static struct {
    platen_os_mutex lock;
    unsigned findings;
    unsigned lines; /* that the monitor printed */
    char finding[4096];
    long processes[PROCESSES];
    unsigned process_count;
} seen;

static void on_event(void *context, const struct platen_event *event)
{
    (void)context;
    platen_os_mutex_lock(&seen.lock);
    if (event->kind == PLATEN_EVENT_FINDING) {
        seen.findings++;
        snprintf(seen.finding, sizeof seen.finding, "%s", event->text);
    } else if (event->kind == PLATEN_EVENT_LOG) {
        const char *at = strstr(event->text, "prints: pid ");
        seen.lines++;
        if (at != NULL && seen.process_count < PROCESSES) {
            seen.processes[seen.process_count++] = strtol(at + 12, NULL, 10);
        }
    }
    platen_os_mutex_unlock(&seen.lock);
}

/* Everything that the monitor has is called; what it answers does not matter. */
static void call_all(platen_spooler *spooler)
{
    char16_t name[] = u"ILL:";
    unsigned char bytes[64];
    DWORD moved = 0;
    COMMTIMEOUTS timeouts = {0};
    BIDI_REQUEST_CONTAINER request = {.Version = 1};
    PBIDI_RESPONSE_CONTAINER response = NULL;
    PCWSTR names[] = {name};
    const MONITOR2 *table;
    HANDLE instance;
    HANDLE port = NULL;
    if (platen_spooler_monitor(spooler, "ill", &instance, &table) != 0) {
        return;
    }
    table->pfnOpenPort(instance, name, &port);
    table->pfnReadPort(port, bytes, sizeof bytes, &moved);
    table->pfnSetPortTimeOuts(port, &timeouts, 0);
    table->pfnGetPrinterDataFromPort(port, 0, name, NULL, 0, NULL, 0, &moved);
    table->pfnSendRecvBidiDataFromPort(port, 0, name, &request, &response);
    table->pfnNotifyUsedPorts(instance, 1, names);
    table->pfnNotifyUnusedPorts(instance, 1, names);
    table->pfnPowerEvent(instance, 0, NULL);
    table->pfnClosePort(port);
}

static void use_xcv(platen_spooler *spooler)
{
    platen_xcv *xcv;
    uint32_t status;
    if (platen_xcv_open(spooler, ",XcvMonitor ill", 1, &xcv) == 0) {
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
    if (platen_printer_add(spooler, "P", "ILL:") == 0 &&
        platen_job_submit(spooler, "P", &document, &job) == 0) {
        assert_int_equal(platen_job_wait(spooler, job, platen_os_now() + 60 * SECOND, &info), 0);
    }
    return info.state;
}

/* ILL=wish through everything. */
static enum platen_job_state live(const char *wish, uint64_t timeout)
{
    platen_spooler *spooler;
    const struct platen_spooler_options options = {.size = sizeof options, .on_event = on_event};
    const struct platen_hosted_options how = {.timeout = timeout, .program = HOST_FILE};
    enum platen_job_state state = PLATEN_JOB_FAILED;
    char *complaint = NULL;
    memset(&seen.findings, 0, sizeof seen - offsetof(__typeof__(seen), findings));
    setenv("ILL", wish, 1);
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    uint32_t error = platen_hosted_load(spooler, "ill", MODULE_FILE, &how, &complaint);
    assert_true((error == 0) == (complaint == NULL));
    if (error == 0) {
        state = print(spooler);
        use_xcv(spooler);
        call_all(spooler);
    } else {
        assert_int_equal(error, PLATEN_PROCESS_ABORTED);
    }
    platen_free(complaint);
    platen_spooler_destroy(spooler);
    return state;
}

/* One that has ended and whose new parent has not looked yet is as good as gone. */
static bool is_running(long process)
{
    char path[64];
    char text[256] = "";
    snprintf(path, sizeof path, "/proc/%ld/stat", process);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return kill((pid_t)process, 0) == 0;
    }
    bool fine = fgets(text, sizeof text, file) != NULL;
    fclose(file);
    const char *state = strrchr(text, ')');
    return fine && (state == NULL || state[2] != 'Z');
}

/* What was killed may need a moment until it is gone. */
static void nobody_is_left(void)
{
    static const uint32_t word;
    for (unsigned i = 0; i < seen.process_count; i++) {
        uint64_t until = platen_os_now() + 20 * SECOND;
        while (is_running(seen.processes[i]) && platen_os_now() < until) {
            platen_os_wait(&word, 0, platen_os_now() + 1000000);
        }
        assert_false(is_running(seen.processes[i]));
    }
}

/* ---- the deeds ------------------------------------------------------------------------------- */

static bool is_told(const char *function, const char *words)
{
    return seen.findings == 1 && strstr(seen.finding, function) != NULL &&
           strstr(seen.finding, words) != NULL;
}

static void check(const char *function, const char *deed, const char *words)
{
    if (!is_told(function, words)) {
        fail_msg("%s:%s: %u findings, the last: %s", function, deed, seen.findings, seen.finding);
    }
    assert_true(seen.process_count > 0);
    nobody_is_left();
}

/* The process ends by it; `words` are part of the finding. */
static void one(const char *function, const char *deed, const char *words)
{
    char wish[64];
    snprintf(wish, sizeof wish, "%s:%s", function, deed);
    live(wish, 0);
    check(function, deed, words);
}

static void being_well(void)
{
    assert_int_equal(live("", 0), PLATEN_JOB_PRINTED);
    assert_int_equal(seen.findings, 0);
    nobody_is_left();
}

static void in_some(const char *deed, const char *words)
{
    for (size_t i = 0; i < SOME; i++) {
        one(some_functions[i], deed, words);
    }
    being_well();
}

static void in_each(const char *deed, const char *words)
{
    for (size_t i = 0; i < FUNCTIONS && !is_slow(); i++) {
        one(functions[i], deed, words);
    }
    in_some(deed, words);
}

/* The monitor goes on, and the job with it. */
static void one_goes_on(const char *function, const char *deed, const char *words)
{
    char wish[64];
    bool in_no_call = strstr(function, "loading") != NULL; /* nor is unloading one */
    snprintf(wish, sizeof wish, "%s:%s", function, deed);
    enum platen_job_state state = live(wish, 0);
    if (in_no_call) {
        assert_true(seen.findings <= 1);
        nobody_is_left();
    } else {
        assert_int_equal(state, PLATEN_JOB_PRINTED);
        check(strcmp(deed, "flood") == 0 ? "" : function, deed, words);
    }
}

static void in_some_going_on(const char *deed, const char *words)
{
    for (size_t i = 0; i < SOME; i++) {
        one_goes_on(some_functions[i], deed, words);
    }
}

static void in_each_going_on(const char *deed, const char *words)
{
    for (size_t i = 0; i < FUNCTIONS && !is_slow(); i++) {
        one_goes_on(functions[i], deed, words);
    }
    in_some_going_on(deed, words);
}

/* On a busy machine what is well may take as long as that: then it has more time. */
static void hang_in(const char *function)
{
    char wish[64];
    char words[64];
    uint64_t tenths = is_slow() ? 6 : 2;
    snprintf(wish, sizeof wish, "%s:hang", function);
    for (unsigned tries = 0; tries < 4; tries++, tenths *= 3) {
        live(wish, tenths * SECOND / 10);
        snprintf(words, sizeof words, "did not come back within %g s", (double)tenths / 10);
        if (is_told(function, words)) {
            break;
        }
        nobody_is_left();
    }
    check(function, "hang", words);
}

static void crashing(void **state)
{
    (void)state;
    in_each("crash", "SIGSEGV");
}

/* Everything that is known of it. */
static void telling_of_a_crash(void **state)
{
    static const char *const words[] = {
        "trial_ill",
        "SIGSEGV",
        "in WritePort on the lane ILL:",
        "it touched 0x10;",
        "; stack: ",
        "ill.so+0x",
        "; the call: ",
        " cbBuf=4 -> ?; before it: OpenPort -> TRUE, StartDocPort -> TRUE",
        "WritePort hPort=",
    };
    (void)state;
    one("WritePort", "crash", "crashed");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strstr(seen.finding, words[i]) == NULL) {
            fail_msg("no '%s' in: %s", words[i], seen.finding);
        }
    }
    one("WritePort", "exit", "ended the process");
    assert_non_null(strstr(seen.finding, " exit"));
}

static void aborting(void **state)
{
    (void)state;
    in_some("abort", "SIGABRT");
}

static void hanging(void **state)
{
    (void)state;
    for (size_t i = 0; i < (is_slow() ? SOME : FUNCTIONS); i++) {
        hang_in(is_slow() ? some_functions[i] : functions[i]);
    }
    being_well();
}

static void exiting(void **state)
{
    (void)state;
    in_each("exit", EXITED(0));
}

static void exiting_at_once(void **state)
{
    (void)state;
    in_some("_exit", EXITED(3));
}

static void scribbling(void **state)
{
    (void)state;
    if (!is_sanitized) {
        in_each("scribble", "crashed with signal");
    }
}

static void breaking_the_heap(void **state)
{
    (void)state;
    if (!is_sanitized) {
        in_some("free-twice", "crashed with signal 6 (SIGABRT)");
    }
}

static void filling_the_stack(void **state)
{
    (void)state;
    in_some("overflow", "SIGSEGV");
}

static void breaking_a_pipe(void **state)
{
    (void)state;
    in_some("pipe", "signal 13 (SIGPIPE)");
}

static void closing_descriptors(void **state)
{
    (void)state;
    in_some("close", "broke its host's connections");
}

static void flooding(void **state)
{
    (void)state;
    in_each_going_on("flood", "prints more than");
}

static void forking(void **state)
{
    (void)state;
    in_each_going_on("copy", "fork");
}

static void spawning(void **state)
{
    (void)state;
    in_some_going_on("spawn", "fork");
}

static void changing_handlers(void **state)
{
    (void)state;
    in_some_going_on("signals", "signals");
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
        cmocka_unit_test(crashing),
        cmocka_unit_test(telling_of_a_crash),
        cmocka_unit_test(aborting),
        cmocka_unit_test(hanging),
        cmocka_unit_test(exiting),
        cmocka_unit_test(exiting_at_once),
        cmocka_unit_test(scribbling),
        cmocka_unit_test(breaking_the_heap),
        cmocka_unit_test(filling_the_stack),
        cmocka_unit_test(breaking_a_pipe),
        cmocka_unit_test(closing_descriptors),
        cmocka_unit_test(flooding),
        cmocka_unit_test(forking),
        cmocka_unit_test(spawning),
        cmocka_unit_test(changing_handlers),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
