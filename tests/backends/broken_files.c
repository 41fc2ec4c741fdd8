/* SPDX-License-Identifier: MIT
 *
 * The file backend, broken in one way each.
 */
#include <string.h>

#include "broken.h"
#include "os/file.h"
#include "os/thread.h"

static const struct platen_backend *file;

/* What the members remember: one test at a time runs. */
static const char *kept_text;
static const void *kept_data;
static const char *kept_folder;
static uint32_t kept_size;
static unsigned calls;

static platen_os_file leaked[100];
static size_t leaked_count;

static void leak(void)
{
    if (leaked_count < 100 && platen_os_file_temporary(&leaked[leaked_count]) == 0)
        leaked_count++;
}

static uint32_t write_one_more(void *state, const void *data, uint32_t size, uint64_t deadline,
                               uint32_t *moved)
{
    uint32_t error = file->write(state, data, size, deadline, moved);
    ++*moved;
    return error;
}

static uint32_t write_drops_last(void *state, const void *data, uint32_t size, uint64_t deadline,
                                 uint32_t *moved)
{
    uint32_t error = size > 1 ? file->write(state, data, size - 1, deadline, moved) : 0;
    *moved = size;
    return error;
}

static uint32_t write_twice(void *state, const void *data, uint32_t size, uint64_t deadline,
                            uint32_t *moved)
{
    uint32_t error = file->write(state, data, size, deadline, moved);
    return error ? error : file->write(state, data, size, deadline, moved);
}

static uint32_t write_nothing(void *state, const void *data, uint32_t size, uint64_t deadline,
                              uint32_t *moved)
{
    (void)state, (void)data, (void)size, (void)deadline;
    *moved = 0;
    return 0;
}

static uint32_t write_unset(void *state, const void *data, uint32_t size, uint64_t deadline,
                            uint32_t *moved)
{
    uint32_t done;
    uint32_t error = file->write(state, data, size, deadline, &done);
    if (!error)
        *moved = done;
    return error;
}

static uint32_t write_turns_bytes(void *state, const void *data, uint32_t size, uint64_t deadline,
                                  uint32_t *moved)
{
    char bytes[512], *end;
    if (size > sizeof bytes)
        size = sizeof bytes;
    memcpy(bytes, data, size);
    while ((end = memchr(bytes, '\n', size)) != NULL)
        *end = '\r';
    return file->write(state, bytes, size, deadline, moved);
}

/* Sends the piece before: what was lent for the last call. */
static uint32_t write_later(void *state, const void *data, uint32_t size, uint64_t deadline,
                            uint32_t *moved)
{
    uint32_t error = 0;
    if (kept_data)
        error = file->write(state, kept_data, kept_size, deadline, moved);
    kept_data = data;
    kept_size = size;
    *moved = size;
    return error;
}

static uint32_t end_with_kept(void *state, bool abandoned, uint64_t deadline)
{
    uint32_t moved;
    if (kept_data)
        file->write(state, kept_data, kept_size, deadline, &moved);
    kept_data = NULL;
    return file->end_doc(state, abandoned, deadline);
}

static uint32_t write_slowly(void *state, const void *data, uint32_t size, uint64_t deadline,
                             uint32_t *moved)
{
    if (size == 4 && deadline == 0)
        broken_dawdle();
    return file->write(state, data, size, deadline, moved);
}

static uint32_t open_leaks(void *state, const struct platen_port_setup *setup)
{
    leak();
    return file->open(state, setup);
}

static uint32_t open_opens_file(void *state, const struct platen_port_setup *setup)
{
    platen_os_root *root;
    platen_os_file target;
    const char *below;
    uint32_t error = file->open(state, setup);

    if (error || platen_os_path_below(setup->file_root, setup->target, &below) ||
        platen_os_root_open(setup->file_root, &root))
        return error;
    if (platen_os_root_create(root, below, &target) == 0)
        platen_os_file_close(target);
    platen_os_root_close(root);
    return 0;
}

static uint32_t check_creates(const struct platen_port_setup *setup)
{
    uint32_t error = file->check(setup);
    platen_os_file made;
    if (!error && platen_os_file_open_write(setup->target, &made) == 0)
        platen_os_file_close(made);
    return error;
}

static uint32_t open_keeps_text(void *state, const struct platen_port_setup *setup)
{
    kept_text = setup->target;
    kept_folder = setup->file_root;
    return file->open(state, setup);
}

static uint32_t start_uses_kept(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    if (strncmp(kept_text, kept_folder, strlen(kept_folder)) != 0 || *kept_text == '!')
        return PLATEN_INVALID_NAME;
    return file->start_doc(state, doc, deadline);
}

static uint32_t start_makes_output(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    platen_os_file made;
    if (doc->output_file && platen_os_file_open_write(doc->output_file, &made) == 0)
        platen_os_file_close(made);
    return file->start_doc(state, doc, deadline);
}

static uint32_t start_needs_name(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    return doc->name ? file->start_doc(state, doc, deadline) : PLATEN_INVALID_PARAMETER;
}

static uint32_t start_leaks(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    leak();
    return file->start_doc(state, doc, deadline);
}

static uint32_t end_forgets_abandoned(void *state, bool abandoned, uint64_t deadline)
{
    return abandoned ? 0 : file->end_doc(state, abandoned, deadline);
}

/* Appends instead of writing anew: the first job's bytes stay where they were. */
static uint32_t start_not_anew(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    if (kept_size++)
        return 0;
    return file->start_doc(state, doc, deadline);
}

static uint32_t end_later(void *state, bool abandoned, uint64_t deadline)
{
    (void)state, (void)abandoned, (void)deadline;
    return 0;
}

/* One file for all ports: the second one writes into the first one's. */
static void *first_state;

static uint32_t open_shared(void *state, const struct platen_port_setup *setup)
{
    if (!first_state)
        first_state = state;
    return file->open(state, setup);
}

static uint32_t write_shared(void *state, const void *data, uint32_t size, uint64_t deadline,
                             uint32_t *moved)
{
    (void)state;
    return file->write(first_state, data, size, deadline, moved);
}

static unsigned claims_in_turns(const char *name)
{
    (void)name;
    return calls++ % 2 + 1;
}

static unsigned claims_much(const char *name)
{
    return *name && strcmp(name, ":") != 0 ? 7 : 0;
}

static unsigned claims_all(const char *name)
{
    (void)name;
    return 1;
}

static unsigned claims_loosely(const char *name)
{
    return *name && strcmp(name, ":") != 0 ? 1 : 0;
}

static void lists_twice(struct platen_enumeration *to)
{
    to->add(to, "FILE:", "a file");
    to->add(to, "file:", "the same");
}

static void lists_nameless(struct platen_enumeration *to)
{
    to->add(to, "", "nothing");
}

static void lists_closed(struct platen_enumeration *to)
{
    to->add(to, "../x", "outside");
}

static uint32_t control_takes_all(void *state, uint32_t code, const void *in, uint32_t in_size,
                                  void *out, uint32_t out_size, uint32_t *returned)
{
    (void)state, (void)code, (void)in, (void)in_size, (void)out, (void)out_size;
    *returned = 0;
    return 0;
}

static uint32_t control_overruns(void *state, uint32_t code, const void *in, uint32_t in_size,
                                 void *out, uint32_t out_size, uint32_t *returned)
{
    (void)state, (void)code, (void)in, (void)in_size;
    memset(out, 0, out_size + 1);
    *returned = 0;
    return PLATEN_INVALID_PARAMETER;
}

static uint32_t bidi_answers_all(void *state, const char *schema, char *value, size_t size)
{
    (void)state, (void)schema, (void)size;
    *value = 0;
    return 0;
}

static const struct platen_setting default_out_of_range[] = {
    {"speed", PLATEN_SETTING_NUMBER, "10", 0, 9, "bytes a second"}, {0}};
static const struct platen_setting key_twice[] = {{"x", PLATEN_SETTING_TEXT, "", 0, 0, "a text"},
                                                  {"x", PLATEN_SETTING_TEXT, "", 0, 0, "a text"},
                                                  {0}};
static const struct platen_setting no_help[] = {{"x", PLATEN_SETTING_BOOL, "no", 0, 0, ""}, {0}};
static const struct platen_setting not_bool[] = {{"x", PLATEN_SETTING_BOOL, "maybe", 0, 0, "?"},
                                                 {0}};

// clang-format off
static struct broken rows[] = {
    {"no write at all",            "facts",           "size is too small",               NULL, {.size = offsetof(struct platen_backend, write)}},
    {"no write and the full size",  "facts",           "mandatory",              NULL, {.write = broken_no_write}},
    {"a name with capitals",       "facts",           "no scheme",               NULL, {.name = "File"}},
    {"a summary of two lines",     "facts",           "summary",                 NULL, {.summary = "one\ntwo"}},
    {"a word that nobody knows",   "facts",           "{drawer}",                "file:{drawer}", {0}},
    {"no word for no reader",      "facts",           "CAN_READ",                NULL, {.capabilities = PLATEN_CAN_READ}},
    {"an unknown capability",      "facts",           "unknown cap",             NULL, {.capabilities = 0x80000000}},
    {"a default out of range",     "settings",        "default of speed",        NULL, {.settings = default_out_of_range}},
    {"a key twice",                "settings",        "stands twice",            NULL, {.settings = key_twice}},
    {"a setting without help",     "settings",        "no help",                 NULL, {.settings = no_help}},
    {"a switch that may be",       "settings",        "default of x",            NULL, {.settings = not_bool}},
    {"claims that change",         "claims",          "and then",                NULL, {.claims = claims_in_turns}},
    {"claims of 7",                "claims",          "claims says 7",           NULL, {.claims = claims_much}},
    {"a claim on no name",         "claims",          "empty name",              NULL, {.claims = claims_all}},
    {"a port listed twice",        "enumerate",       "enumerated twice",        NULL, {.enumerate = lists_twice}},
    {"a port without a name",      "enumerate",       "without a name",          NULL, {.enumerate = lists_nameless}},
    {"a port that does not open",  "enumerate",       "does not open",           NULL, {.enumerate = lists_closed}},
    {"a port not surely claimed",  "enumerate",       "not claimed",             NULL, {.claims = claims_loosely}},
    {"check creates the file",     "check",           "check of",                "file:{file}", {.check = check_creates}},
    {"open creates the file",      "hostile_names",   "open of",                 "file:{file}", {.open = open_opens_file}},
    {"open leaks a handle",        "open_close",      "leaks handles",           NULL, {.open = open_leaks}},
    {"one byte too many",          "jobs",            "were moved",              NULL, {.write = write_one_more}},
    {"the last byte dropped",      "jobs",            "arrived",                 NULL, {.write = write_drops_last}},
    {"every piece twice",          "jobs",            "arrived",                 NULL, {.write = write_twice}},
    {"nothing, and no error",      "jobs",            "moved nothing",           NULL, {.write = write_nothing}},
    {"line ends made nicer",       "jobs",            "other bytes",             NULL, {.write = write_turns_bytes}},
    {"a title demanded",           "anonymous_jobs",  "start_doc: error 87",     "file:{file}", {.start_doc = start_needs_name}},
    {"setup's text kept",          "nothing_is_kept", "start_doc: error 123",    "file:{file}", {.open = open_keeps_text, .start_doc = start_uses_kept}},
    {"the buffer kept",            "nothing_is_kept", "arrived",                 NULL, {.write = write_later, .end_doc = end_with_kept}},
    {"moved not set on error",     "outside_jobs",    "were moved",              NULL, {.write = write_unset}},
    {"a job that is never closed", "end_releases",    "start_doc",               NULL, {.end_doc = end_forgets_abandoned}},
    {"the file not written anew",  "restart",         "arrived",                 NULL, {.start_doc = start_not_anew, .end_doc = end_later}},
    {"a job leaks a handle",       "job_handles",     "jobs leak",               NULL, {.start_doc = start_leaks}},
    {"one file for all ports",     "independence",    "arrived",                 NULL, {.open = open_shared, .write = write_shared}},
    {"the job chooses a file",     "output_file",     "output file was made",    "file:{file}", {.start_doc = start_makes_output}},
    {"a deadline not looked at",   "past_deadlines",  "write does not return",   NULL, {.write = write_slowly}},
    {"control takes every code",   "extras",          "not 87",                  NULL, {.control = control_takes_all}},
    {"control writes too far",     "extras",          "beyond its buffer",       NULL, {.control = control_overruns}},
    {"bidi answers everything",    "extras",          "bidi schema",             NULL, {.bidi = bidi_answers_all}},
};
// clang-format on

static void forget(void)
{
    kept_text = kept_folder = NULL;
    kept_data = NULL;
    kept_size = calls = 0;
    first_state = NULL;
    while (leaked_count)
        platen_os_file_close(leaked[--leaked_count]);
}

const struct broken_set broken_files = {
    .of = "file",
    .example = "FILE:{output}",
    .rows = rows,
    .count = sizeof rows / sizeof *rows,
    .good = &file,
    .forget = forget,
};
