/* SPDX-License-Identifier: MIT */
#include "command/ports_configure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/tcpxcv.h>

#include "os/text.h"
#include "xcv/shape.h"

#define RETRY "retry="

struct work {
    struct session *session;
    struct report *report;
    const char *port;
    const char *const *words;
    size_t count;
    json_t *told; /* what was printed */
};

/* ---- calls ----------------------------------------------------------------------------------- */

struct call {
    const char *name;
    const void *input;
    uint32_t input_size;
    void *output;
    uint32_t output_size;
};

/* On the port, or (NULL) on the monitor. Who only asks needs no rights, and sees no secrets. */
static uint32_t run(const struct work *work, const char *port, uint32_t access,
                    const struct call *call)
{
    char object[1200];
    platen_xcv *xcv;
    uint32_t status = 0;

    snprintf(object, sizeof object, ",Xcv%s %s", port == NULL ? "Monitor" : "Port",
             port == NULL ? work->session->monitor : port);
    uint32_t error = platen_xcv_open(work->session->spooler, object, access, &xcv);
    if (error == 0) {
        error = platen_xcv_data(xcv, call->name, call->input, call->input_size, call->output,
                                call->output_size, NULL, &status);
        platen_xcv_close(xcv);
    }
    return error != 0 ? error : status;
}

static uint32_t run_with_text(const struct work *work, uint32_t access, const char *text,
                              struct call *call)
{
    char16_t *wide = platen_text_new16(text, SIZE_MAX);
    if (wide == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    call->input = wide;
    call->input_size = (uint32_t)((platen_text_length16(wide, SIZE_MAX) + 1) * sizeof *wide);
    uint32_t error = run(work, NULL, access, call);
    free(wide);
    return error;
}

/* ---- the kinds of settings --------------------------------------------------------------------
 */

union settings {
    PORT_DATA_1 one;
    PORT_DATA_2 two;
    COMMCONFIG line;
};

static uint32_t get_tcp(const struct work *work, uint32_t access, uint32_t version, void *to,
                        uint32_t size)
{
    CONFIG_INFO_DATA_1 question = {.dwVersion = version};
    struct call call = {"GetConfigInfo", &question, sizeof question, to, size};
    return run(work, work->port, access, &call);
}

static uint32_t get_tcp_1(const struct work *work, uint32_t access, union settings *settings)
{
    return get_tcp(work, access, 1, &settings->one, sizeof settings->one);
}

static uint32_t get_tcp_2(const struct work *work, uint32_t access, union settings *settings)
{
    return get_tcp(work, access, 2, &settings->two, sizeof settings->two);
}

/* The name goes without its colon (contract 4.2). */
static uint32_t get_line(const struct work *work, uint32_t access, union settings *settings)
{
    char name[1200];
    struct call call = {"GetDefaultCommConfig", NULL, 0, &settings->line, sizeof settings->line};
    size_t length = (size_t)snprintf(name, sizeof name, "%s", work->port);
    if (length > 0 && length < sizeof name && name[length - 1] == ':') {
        name[length - 1] = '\0';
    }
    return run_with_text(work, access, name, &call);
}

/* The first whose `get` is answered is the port's. */
static const struct kind {
    uint32_t (*get)(const struct work *work, uint32_t access, union settings *settings);
    enum platen_shape shape;
    uint32_t size;
    const char *set;
} kinds[] = {
    {get_tcp_2, PLATEN_SHAPE_PORT_DATA_2, sizeof(PORT_DATA_2), "ConfigPort"},
    {get_tcp_1, PLATEN_SHAPE_PORT_DATA_1, sizeof(PORT_DATA_1), "ConfigPort"},
    {get_line, PLATEN_SHAPE_COMMCONFIG, sizeof(COMMCONFIG), "SetDefaultCommConfig"},
};

static const struct kind *find_kind(const struct work *work, uint32_t access,
                                    union settings *settings)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        memset(settings, 0, sizeof *settings);
        if (kinds[i].get(work, access, settings) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* Is this word, or line, about the structure and not about the port? */
static bool is_inner(const char *word)
{
    static const char *const inner[] = {"name=", "version=", "size=", "dcb_size=", "subtype="};
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
        if (strncmp(word, inner[i], strlen(inner[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_retry(const char *word)
{
    return strncmp(word, RETRY, strlen(RETRY)) == 0;
}

/* ---- telling ----------------------------------------------------------------------------------
 */

static void tell_line(struct work *work, char *line)
{
    char *value = strchr(line, '=');
    if (value == NULL || is_inner(line)) {
        return;
    }
    printf("%s\n", line);
    *value = '\0';
    json_object_set_new(work->told, line, report_text(value + 1));
}

static void tell_lines(struct work *work, char *text)
{
    for (char *line = text, *next; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        tell_line(work, line);
    }
}

/* One value of the monitor's for all its ports that are no TCP/IP ports. */
static uint32_t tell_retry(struct work *work)
{
    uint32_t seconds = 0;
    char line[40];
    struct call call = {"GetTransmissionRetryTimeout", NULL, 0, &seconds, sizeof seconds};
    uint32_t error = run(work, NULL, 0, &call);
    if (error == 0) {
        snprintf(line, sizeof line, RETRY "%u", (unsigned)seconds);
        tell_line(work, line);
    }
    return error;
}

static int tell(struct work *work)
{
    union settings settings;
    const struct kind *kind = find_kind(work, 0, &settings);
    bool tcp = kind != NULL && kind->shape != PLATEN_SHAPE_COMMCONFIG;
    char *text = kind == NULL ? NULL : platen_shape_text(kind->shape, &settings, kind->size);
    if (text != NULL) {
        tell_lines(work, text);
    }
    free(text);
    uint32_t error = tcp ? 0 : tell_retry(work);
    if (kind == NULL && error != 0) {
        complain("%s: has no settings that can be asked for: %s", printable(work->port),
                 describe_error(error));
        return EXIT_FAILED;
    }
    report_write(work->report, json_pack("{s:s, s:o, s:o, s:O}", "event", "settings", "monitor",
                                         report_text(work->session->monitor), "name",
                                         report_text(work->port), "settings", work->told));
    return EXIT_OK;
}

/* ---- changing ---------------------------------------------------------------------------------
 */

static int told(struct work *work, uint32_t error)
{
    report_write(work->report, json_pack("{s:s, s:o, s:o, s:o}", "event", "ConfigurePort",
                                         "monitor", report_text(work->session->monitor), "name",
                                         report_text(work->port), "error", report_error(error)));
    if (error != 0) {
        complain("%s: not configured: %s", printable(work->port), describe_error(error));
        return EXIT_FAILED;
    }
    printf("%s: configured\n", printable(work->port));
    return EXIT_OK;
}

/* The words that are for the kind's structure; false after having complained. */
static bool change_fields(const struct work *work, const struct kind *kind,
                          union settings *settings, size_t *changed)
{
    struct platen_shape_complaint complaint;
    *changed = 0;
    for (size_t i = 0; i < work->count; i++) {
        if (is_retry(work->words[i])) {
            continue;
        }
        ++*changed;
        if (kind == NULL) {
            complain("%s: has no setting \"%s\"", printable(work->port), printable(work->words[i]));
            return false;
        }
        if (platen_shape_change(kind->shape, &work->words[i], 1, settings, &complaint) != 0) {
            complain("%s: %s", printable(work->port), complaint.text);
            return false;
        }
    }
    return true;
}

static uint32_t set_retry(const struct work *work)
{
    uint32_t error = 0;
    for (size_t i = 0; i < work->count && error == 0; i++) {
        if (is_retry(work->words[i])) {
            struct call call = {.name = "ConfigureLPTPortCommandOK"};
            error = run_with_text(work, SERVER_ACCESS_ADMINISTER, work->words[i] + strlen(RETRY),
                                  &call);
        }
    }
    return error;
}

static int change(struct work *work)
{
    union settings settings;
    size_t changed;
    uint32_t error = 0;
    const struct kind *kind = find_kind(work, SERVER_ACCESS_ADMINISTER, &settings);
    if (!change_fields(work, kind, &settings, &changed)) {
        return EXIT_USAGE;
    }
    if (changed > 0) {
        struct call call = {.name = kind->set, .input = &settings, .input_size = kind->size};
        error = run(work, work->port, SERVER_ACCESS_ADMINISTER, &call);
    }
    if (error == 0) {
        error = set_retry(work);
    }
    return told(work, error);
}

/* ---- the command ------------------------------------------------------------------------------
 */

static bool is_number(const char *text)
{
    return *text != '\0' && strspn(text, "0123456789") == strlen(text);
}

static bool is_setting(const char *word)
{
    if (is_retry(word)) {
        return is_number(word + strlen(RETRY));
    }
    return platen_shape_is_field(word) && !is_inner(word);
}

bool ports_configure_check(const struct arguments *arguments)
{
    for (int i = 2; i < arguments->rest_count; i++) {
        if (!is_setting(arguments->rest[i])) {
            complain("ports: \"%s\" is no setting; platen ports configure NAME tells what there is",
                     printable(arguments->rest[i]));
            return false;
        }
    }
    return true;
}

static bool is_port(const struct work *work)
{
    struct platen_port *ports;
    size_t count;
    bool found = false;
    if (platen_spooler_ports(work->session->spooler, NULL, &ports, &count) != 0) {
        return true; /* who cannot be listed may still be configured */
    }
    for (size_t i = 0; i < count && !found; i++) {
        found = platen_text_equal_folded8(ports[i].name, work->port);
    }
    platen_free(ports);
    return found;
}

int ports_configure(struct session *session, struct report *report,
                    const struct arguments *arguments)
{
    struct work work = {
        .session = session,
        .report = report,
        .port = arguments->rest[1],
        .words = (const char *const *)arguments->rest + 2,
        .count = (size_t)arguments->rest_count - 2,
        .told = json_object(),
    };
    int status = EXIT_USAGE;
    if (!is_port(&work)) {
        complain("%s: there is no such port", printable(work.port));
    } else {
        status = work.count == 0 ? tell(&work) : change(&work);
    }
    json_decref(work.told);
    return status;
}
