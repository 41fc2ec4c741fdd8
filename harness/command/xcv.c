/* SPDX-License-Identifier: MIT
 *
 * `platen xcv`: one XcvData call, its input from words, its output as text.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/report.h"
#include "command/session.h"
#include "os/file.h"
#include "xcv/shape.h"

#define LARGEST  (16u << 20)
#define UNTOLD   1024
#define ATTEMPTS 8 /* the size that is needed may grow between two calls */

struct work {
    const struct arguments *arguments;
    struct session session;
    struct report report;
    const char *name;
    enum platen_shape in;
    enum platen_shape out;
    bool from_file;
    uint64_t access;
    void *input;
    uint32_t input_size;
    void *output;
    uint32_t output_size;
};

static void on_event(void *context, const struct platen_event *event)
{
    const struct work *work = context;
    tell_event(event, work->arguments->values[OPTION_verbose] != NULL);
}

/* ---- what is asked for ----------------------------------------------------------------------- */

static bool take_shape(const struct arguments *arguments, enum option option, const char *spelled,
                       enum platen_shape *shape)
{
    const char *name = arguments->values[option];
    char known[160] = "";
    size_t used = 0;
    if (name == NULL || platen_shape_find(name, shape)) {
        return true;
    }
    for (unsigned i = 0; i < PLATEN_SHAPES && used < sizeof known; i++) {
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i == 0 ? "" : ", ",
                                 platen_shape_name((enum platen_shape)i));
    }
    complain("xcv: %s %s: not one of %s", spelled, printable(name), known);
    return false;
}

/* What the table says of the name, unless the options say otherwise. */
static bool choose_shapes(struct work *work)
{
    const struct arguments *arguments = work->arguments;
    bool fields = arguments->rest_count > 2 ||
                  (arguments->rest_count == 2 && platen_shape_is_field(arguments->rest[1]));
    const struct platen_xcv_name *known = platen_xcv_name_find(work->name, fields);
    const char *in = arguments->values[OPTION_in];

    work->out = known == NULL ? PLATEN_SHAPE_BYTES : known->output;
    work->in = known != NULL                ? known->input
               : arguments->rest_count == 1 ? PLATEN_SHAPE_NOTHING
                                            : PLATEN_SHAPE_TEXT;
    work->from_file = in != NULL && strcmp(in, "file") == 0;
    return (work->from_file || take_shape(arguments, OPTION_in, "--in", &work->in)) &&
           take_shape(arguments, OPTION_out, "--out", &work->out);
}

static bool read_input_file(struct work *work, const char *path)
{
    platen_os_file file;
    size_t used = 0;
    size_t moved = 0;
    uint8_t *bytes = malloc(LARGEST + 1);
    uint32_t error =
        bytes == NULL ? PLATEN_NOT_ENOUGH_MEMORY : platen_os_file_open_read(path, &file);
    if (error == 0) {
        do {
            error = platen_os_file_read(file, bytes + used, LARGEST + 1 - used, &moved);
            used += error == 0 ? moved : 0;
        } while (error == 0 && moved > 0 && used <= LARGEST);
        platen_os_file_close(file);
    }
    if (error == 0 && used > LARGEST) {
        error = PLATEN_FILE_TOO_LARGE;
    }
    if (error != 0) {
        complain("xcv: %s: %s", printable(path), describe_error(error));
        free(bytes);
        return false;
    }
    work->input = bytes;
    work->input_size = (uint32_t)used;
    return true;
}

static bool take_input(struct work *work)
{
    const struct arguments *arguments = work->arguments;
    const char *const *words = (const char *const *)arguments->rest + 1;
    size_t count = (size_t)arguments->rest_count - 1;
    struct platen_shape_complaint complaint;

    if (work->from_file) {
        if (count != 1) {
            complain("xcv: --in file wants the name of one file");
            return false;
        }
        return read_input_file(work, words[0]);
    }
    uint32_t error =
        platen_shape_pack(work->in, words, count, &work->input, &work->input_size, &complaint);
    if (error != 0) {
        complain("xcv: %s: %s", printable(work->name),
                 complaint.text[0] == '\0' ? describe_error(error) : complaint.text);
    }
    return error == 0;
}

/* ---- the call -------------------------------------------------------------------------------- */

/* Asks for the size first, as clients do (contract 2.12). Some monitors do not tell it, but say
 * that it is too small (R62). */
static uint32_t ask(struct work *work, platen_xcv *xcv, uint32_t *status)
{
    uint32_t needed = 0;
    for (unsigned i = 0; i < ATTEMPTS; i++) {
        uint32_t error = platen_xcv_data(xcv, work->name, work->input, work->input_size,
                                         work->output, work->output_size, &needed, status);
        if (i == 0 && error == 0 && *status == PLATEN_INSUFFICIENT_BUFFER && needed == 0) {
            needed = UNTOLD;
        }
        if (error != 0 || *status != PLATEN_INSUFFICIENT_BUFFER || needed <= work->output_size ||
            needed > LARGEST) {
            work->output_size = needed < work->output_size ? needed : work->output_size;
            return error;
        }
        free(work->output);
        work->output = calloc(1, needed);
        work->output_size = work->output == NULL ? 0 : needed;
        if (work->output == NULL) {
            return PLATEN_NOT_ENOUGH_MEMORY;
        }
    }
    return 0;
}

static void tell(struct work *work, uint32_t status)
{
    char *text = status == 0 && work->output_size > 0
                     ? platen_shape_text(work->out, work->output, work->output_size)
                     : NULL;
    if (status != 0) {
        complain("xcv: %s: %s", printable(work->name), describe_error(status));
    } else if (text != NULL) {
        printf("%s\n", text);
    }
    report_write(&work->report,
                 json_pack("{s:s, s:o, s:o, s:I, s:o}", "event", "xcv", "name",
                           report_text(work->name), "error", report_error(status), "bytes",
                           (json_int_t)(status == 0 ? work->output_size : 0), "output",
                           report_text(text)));
    free(text);
}

static int call(struct work *work)
{
    char object[320];
    uint32_t status = 0;
    platen_xcv *xcv;
    const char *named = work->arguments->values[OPTION_object];

    snprintf(object, sizeof object, ",XcvMonitor %s", work->session.monitor);
    named = named == NULL ? object : named;
    uint32_t error = platen_xcv_open(work->session.spooler, named, (uint32_t)work->access, &xcv);
    if (error != 0) {
        complain("xcv: %s: %s", printable(named), describe_error(error));
        bool wrong = error == PLATEN_INVALID_PRINTER_NAME || error == PLATEN_UNKNOWN_PORT ||
                     error == PLATEN_UNKNOWN_PRINT_MONITOR;
        return wrong ? EXIT_USAGE : EXIT_FAILED;
    }
    error = ask(work, xcv, &status);
    platen_xcv_close(xcv);
    tell(work, error != 0 ? error : status);
    return error == 0 && status == 0 ? EXIT_OK : EXIT_FAILED;
}

static int in_session(struct work *work)
{
    int status = report_open(&work->report, work->arguments);
    if (status != EXIT_OK) {
        return status;
    }
    struct session_setup setup = {
        .arguments = work->arguments, .on_event = on_event, .context = work};
    status = session_open(&work->session, &setup);
    if (status == EXIT_OK) {
        status = session_close(&work->session, call(work));
    }
    return report_close(&work->report, status);
}

int command_xcv(const struct arguments *arguments)
{
    struct work work = {.arguments = arguments};
    int status = EXIT_USAGE;

    if (arguments->rest_count == 0) {
        complain("xcv: which NAME? (platen list xcv lists those that are known)");
        return EXIT_USAGE;
    }
    work.name = arguments->rest[0];
    if (option_number(arguments, OPTION_access, 0, UINT32_MAX, SERVER_ACCESS_ADMINISTER,
                      &work.access) &&
        choose_shapes(&work) && take_input(&work)) {
        status = in_session(&work);
    }
    free(work.input);
    free(work.output);
    return status;
}
