/* SPDX-License-Identifier: MIT
 *
 * Laws about what a backend says of itself and of names.
 */
#include <stdlib.h>
#include <string.h>

#include "laws.h"
#include "os/memory.h"
#include "os/text.h"

static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
static const char word_bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
static const char key_bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789-_"; /* as CUPS has them */

static bool is_word(const char *text)
{
    return text && *text && strspn(text, letters) > 0 && text[strspn(text, word_bytes)] == 0;
}

static bool is_key(const char *text)
{
    return text && *text && strspn(text, letters) > 0 && text[strspn(text, key_bytes)] == 0;
}

static bool is_line(const char *text)
{
    return text && *text && !strpbrk(text, "\r\n\t") && strlen(text) <= 100;
}

static bool has_members(const struct platen_backend *b)
{
    return b->claims && b->open && b->start_doc && b->write && b->end_doc && b->close;
}

void law_facts(struct trial *trial)
{
    const struct platen_backend *b = &trial->backend;
    const unsigned known = PLATEN_CAN_READ | PLATEN_PER_JOB | PLATEN_PRIVATE_OPENS |
                           PLATEN_TOUCHES_FILES | PLATEN_LINE_SETTINGS | PLATEN_WANTS_OWNER |
                           PLATEN_SENDS_AT_END | PLATEN_RUNS_PROGRAMS | PLATEN_PLUGGED;
    struct port port;

    trial_expect(trial, b->size >= offsetof(struct platen_backend, cancel), "size is too small");
    trial_expect(trial, is_word(b->name), "the name is no scheme: %s", b->name ? b->name : "NULL");
    trial_expect(trial, is_line(b->summary), "the summary is not one short line");
    trial_expect(trial, has_members(b), "a mandatory operation is missing");
    trial_expect(trial, (b->capabilities & ~known) == 0, "unknown capabilities");
    trial_expect(trial, !(b->capabilities & PLATEN_CAN_READ) == !b->read,
                 "PLATEN_CAN_READ and read do not agree");
    trial_expect(trial, b->drain || !(b->capabilities & PLATEN_SENDS_AT_END),
                 "PLATEN_SENDS_AT_END without drain");
    trial_expect(trial, trial->example && *trial->example, "there is no example");
    if (trial->complaint[0])
        return;
    port_make(trial, &port, NULL);
    trial_expect(trial, !port.output[0] || (b->capabilities & PLATEN_PER_JOB),
                 "{output} in the example of a backend without PLATEN_PER_JOB");
    port_dispose(&port);
}

static bool is_number_between(const char *text, int64_t minimum, int64_t maximum)
{
    char *end;
    long long number = strtoll(text, &end, 10);
    return end != text && *end == 0 && number >= minimum && number <= maximum;
}

static bool is_bool(const char *text)
{
    static const char *const words[] = {"0", "1", "no", "yes", "false", "true", "off", "on"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], text) == 0)
            return true;
    return false;
}

static bool is_of_type(const struct platen_setting *setting)
{
    switch (setting->type) {
    case PLATEN_SETTING_TEXT:
        return true;
    case PLATEN_SETTING_NUMBER:
        return setting->minimum <= setting->maximum &&
               is_number_between(setting->default_value, setting->minimum, setting->maximum);
    case PLATEN_SETTING_BOOL:
        return is_bool(setting->default_value);
    }
    return false;
}

void law_settings(struct trial *trial)
{
    const struct platen_setting *settings = trial->backend.settings;
    for (size_t i = 0; settings && settings[i].key; i++) {
        const char *key = settings[i].key;
        trial_expect(trial, is_key(key), "no key for a URI: %s", key);
        trial_expect(trial, is_line(settings[i].help), "%s has no help of one short line", key);
        trial_expect(trial, settings[i].default_value && is_of_type(&settings[i]),
                     "the default of %s is not of its type and range", key);
        for (size_t other = 0; other < i; other++)
            trial_expect(trial, strcmp(settings[other].key, key) != 0, "%s stands twice", key);
    }
}

/* Asks twice about a text that ends where readable memory ends and that nobody can write to. */
static unsigned claim(struct trial *trial, const char *name)
{
    size_t page = platen_os_page_size(), length = strlen(name) + 1;
    size_t size = (length + page - 1) / page * page;
    char *pages = platen_os_pages_alloc(size + page);
    unsigned first, second;

    if (!trial_expect(trial, pages != NULL, "no memory"))
        return 0;
    memcpy(pages + size - length, name, length);
    platen_os_pages_protect(pages, size, PLATEN_OS_READ_ONLY);
    platen_os_pages_protect(pages + size, page, PLATEN_OS_NO_ACCESS);
    first = trial->backend.claims(pages + size - length);
    second = trial->backend.claims(pages + size - length);
    platen_os_pages_free(pages, size + page);
    trial_expect(trial, first == second, "claims says %u and then %u of %.60s", first, second,
                 name);
    trial_expect(trial, first <= 3, "claims says %u of %.60s", first, name);
    return first;
}

void law_claims(struct trial *trial)
{
    struct port port;
    size_t handles = system_open_handles();

    port_make(trial, &port, NULL);
    if (strcmp(port.name, port.target) == 0)
        trial_expect(trial, claim(trial, port.name) > 0, "the example %s is not claimed",
                     port.name);
    trial_expect(trial, claim(trial, "") == 0, "the empty name is claimed");
    trial_expect(trial, claim(trial, ":") == 0, "the name ':' is claimed");
    trial_expect(trial, handles_come_down_to(handles), "claims leaves a handle open");
    port_dispose(&port);
}

struct listing {
    struct platen_enumeration to; /* first: the backend gets its address */
    struct trial *trial;
    size_t count;
    char names[64][300];
};

static void list_port(struct platen_enumeration *to, const char *name, const char *description)
{
    struct listing *list = (struct listing *)(void *)to;
    bool fine = name && *name && strlen(name) < sizeof *list->names;

    trial_expect(list->trial, fine, "a port without a name, or with an endless one, is enumerated");
    trial_expect(list->trial, description != NULL, "an enumerated port has no description");
    trial_expect(list->trial, list->count < 64, "too many ports are enumerated");
    if (!fine || list->count == 64)
        return;
    for (size_t i = 0; i < list->count; i++)
        trial_expect(list->trial, !platen_text_equal_folded8(list->names[i], name),
                     "%s is enumerated twice", name);
    memcpy(list->names[list->count++], name, strlen(name) + 1);
}

void law_enumerate(struct trial *trial)
{
    struct listing *list = calloc(1, sizeof *list);
    struct port port;

    if (!list || !trial->backend.enumerate) {
        free(list);
        return;
    }
    list->to.add = list_port;
    list->trial = trial;
    trial->backend.enumerate(&list->to);
    port_make(trial, &port, NULL);
    for (size_t i = 0; i < list->count; i++) {
        uint32_t error = port_open(trial, &port, list->names[i]);
        trial_expect(trial, !error, "%s is enumerated and does not open: %u", list->names[i],
                     (unsigned)error);
        if (!error)
            port_close(trial, &port);
        trial_expect(trial, claim(trial, list->names[i]) == 3, "%s is enumerated and not claimed",
                     list->names[i]);
    }
    port_dispose(&port);
    free(list);
}

static void expect_empty(struct trial *trial, const char *who, const char *name)
{
    trial_expect(trial, count_entries(trial->folder) == 0, "%s of %.60s created a file", who, name);
}

void law_check(struct trial *trial)
{
    struct port port;
    uint32_t error;

    port_make(trial, &port, NULL);
    error = port_check(trial, &port, NULL);
    trial_expect(trial, !error, "check refuses the example: %u", (unsigned)error);
    expect_empty(trial, "check", port.name);
    port_dispose(&port);
}

static const char *const hostile_names[] = {
    "/etc/cron.d/x",
    "C:\\Windows\\System32\\x.dll",
    "..",
    "../x",
    "a/../../x",
    "..\\x",
    ".",
    "/",
    "\\",
    "//host/share/x",
    "\\\\host\\share\\x",
    "\\\\?\\C:\\x",
    "\\\\.\\pipe\\x",
    "CON",
    "LPT1",
    "LPT1:",
    "COM1:",
    "nul.txt",
    "x:y",
    "x.",
    "x ",
    " ",
    "%n%s%n%s",
    "$(touch x)",
    "`touch x`",
    "x;touch y",
    "a\nb",
    "a\x1b[2Jb",
    "\xE2\x80\xAEtxt.exe",
    "\xED\xA0\x80",
    "\xFF\xFE",
    "\xC0\xAF",
    "-rf",
    "sim:",
    "SIM:",
    "FILE:",
    "file:",
    "null:",
    "://",
    "socket://[::1]:9100",
    "a,XcvPort b",
    "\"",
};

static void try_name(struct trial *trial, struct port *port, const char *name)
{
    claim(trial, name);
    port_check(trial, port, name);
    expect_empty(trial, "check", name);
    if (port_open(trial, port, name) == 0)
        port_close(trial, port);
    expect_empty(trial, "open", name);
}

static void try_length(struct trial *trial, struct port *port, size_t length)
{
    char *name = malloc(length + 1);
    if (!name)
        return;
    memset(name, 'x', length);
    name[length] = 0;
    try_name(trial, port, name);
    for (size_t i = 0; i < length; i += 2)
        name[i] = '/';
    try_name(trial, port, name);
    free(name);
}

void law_hostile_names(struct trial *trial)
{
    static const size_t lengths[] = {0, 1, 255, 256, 4096, 32767, 32767 * 3};
    size_t handles = system_open_handles();
    struct port port;

    port_make(trial, &port, NULL);
    for (size_t i = 0; i < sizeof hostile_names / sizeof *hostile_names; i++)
        try_name(trial, &port, hostile_names[i]);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        try_length(trial, &port, lengths[i]);
    trial_expect(trial, handles_come_down_to(handles), "a refused name left a handle open");
    port_dispose(&port);
}
