/* SPDX-License-Identifier: MIT
 *
 * Xcv: input that lies, outputs that are missing (R67, R68).
 */
#include <string.h>

#include "break.h"
#include "os/memory.h"

#define ADMIN SERVER_ACCESS_ADMINISTER
#define BIG   (64u << 20)

static bool is(const WCHAR *command, const WCHAR *name)
{
    return command != NULL && probe_equal(command, name);
}

/* ---- R67 ---------------------------------------------------------------------------------------
 */

static const WCHAR *const commands[] = {
    TEXT("AddPort"),
    TEXT("DeletePort"),
    TEXT("PortExists"),
    TEXT("PortIsValid"),
    TEXT("MonitorUI"),
    TEXT("ConfigPort"),
    TEXT("GetConfigInfo"),
    TEXT("GetTransmissionRetryTimeout"),
    TEXT("ConfigureLPTPortCommandOK"),
    TEXT("GetDefaultCommConfig"),
    TEXT("SetDefaultCommConfig"),
    TEXT("HostAddress"),
    TEXT("NoSuchThing"),
};
#define COMMANDS (sizeof commands / sizeof *commands)

/* The text goes on behind what the caller says that there is: who reads on finds a whole name. */
static bool size_is_minded(struct trial *t, HANDLE xcv, DWORD size)
{
    static const WCHAR over[] = TEXT("SIM:over");
    static const WCHAR there[] = TEXT("SIM:there");
    unsigned set = t->calls_back[PLATEN_SLOT_SetValue];
    DWORD exists = 7;
    DWORD add = probe_data(t, xcv, TEXT("AddPort"), over, size, NULL, 0).code;
    DWORD gone = probe_data(t, xcv, TEXT("DeletePort"), there, size, NULL, 0).code;
    DWORD valid = probe_data(t, xcv, TEXT("PortIsValid"), over, size, NULL, 0).code;
    DWORD known = probe_data(t, xcv, TEXT("PortExists"), there, size, &exists, sizeof exists).code;
    return KEPT(t, add != 0 && gone != 0, "%u bytes without an end: AddPort %u, DeletePort %u",
                (unsigned)size, (unsigned)add, (unsigned)gone) &&
           KEPT(t, trial_lists(t, there) && set == t->calls_back[PLATEN_SLOT_SetValue],
                "%u bytes without an end have an effect", (unsigned)size) &&
           KEPT(t, valid != 0 && (known != 0 || exists == 0),
                "%u bytes without an end: PortIsValid %u, PortExists %u", (unsigned)size,
                (unsigned)valid, (unsigned)known);
}

static bool lying_sizes(struct trial *t, HANDLE xcv)
{
    DWORD code = trial_xcv(t, TEXT("AddPort"), TEXT("SIM:there"), ADMIN);
    for (DWORD size = 0; code == 0 && size < 18; size++) {
        if (!size_is_minded(t, xcv, size)) {
            return false;
        }
    }
    return KEPT(t, code == 0, "AddPort failed");
}

/* One input to every command; the byte behind it is a fault. Whatever comes back, nothing breaks.
 */
static void feed(struct trial *t, HANDLE xcv, const void *input, DWORD size)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        unsigned char *room = probe_canary(16);
        DWORD code = probe_data(t, xcv, commands[i], input, size, room, 16).code;
        KEPT(t, probe_intact(), "command %u writes beyond its output", (unsigned)i);
        KEPT(t, input != NULL || code != 0 || i > 1, "command %u takes NULL", (unsigned)i);
    }
}

static void no_input(struct trial *t, HANDLE xcv)
{
    static const DWORD sizes[] = {0, 1, 2, 3, 24, 132, 236, 964, 1068, 0x7fffffff, 0xffffffff};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        feed(t, xcv, NULL, sizes[i]);
    }
}

/* Without any NUL, in sizes that mean something somewhere, and full of NULs. */
static void guarded_input(struct trial *t, HANDLE xcv)
{
    static const DWORD sizes[] = {1, 2, 3, 4, 15, 16, 52, 132, 236, 494, 496, 498, 964, 1068, 4097};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *input = trial_guarded(t, sizes[i]);
        memset(input, 0xff, sizes[i]);
        feed(t, xcv, input, sizes[i]);
        memset(input, 'A', sizes[i]);
        feed(t, xcv, input, sizes[i]);
        memset(input, 0, sizes[i]);
        feed(t, xcv, input, sizes[i]);
    }
}

static void big_input(struct trial *t, HANDLE xcv)
{
    unsigned char *input = platen_os_pages_alloc(BIG);
    if (KEPT(t, input != NULL, "no memory")) {
        memset(input, 'A', BIG);
        feed(t, xcv, input, BIG);
        feed(t, xcv, input, BIG - 1);
        platen_os_pages_free(input, BIG);
    }
}

static uint32_t random_state;

static uint32_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

/* Names with NULs and garbage in them; what was taken for a port is a port that can be deleted. */
static void fuzz(struct trial *t, HANDLE xcv)
{
    unsigned char *end = (unsigned char *)trial_guarded(t, 64) + 64;
    random_state = 20240229;
    for (unsigned round = 0; round < 3000 && t->breach[0] == '\0'; round++) {
        DWORD size = next_random() % 64;
        unsigned char *input = end - size;
        for (DWORD i = 0; i < size; i++) {
            uint32_t dice = next_random();
            input[i] = dice % 3 == 0 ? 0 : (unsigned char)(dice >> 8);
        }
        if (size > 10 && next_random() % 2 == 0) {
            memcpy(input, TEXT("SIM:"), 8);
        }
        feed(t, xcv, input, size);
        KEPT(t, strlen(probe_names(t)) < 60000, "the list grows");
    }
}

static void hostile_input(struct trial *t)
{
    HANDLE xcv = probe_xcv_open(t, ADMIN);
    if (lying_sizes(t, xcv)) {
        no_input(t, xcv);
        guarded_input(t, xcv);
        big_input(t, xcv);
        fuzz(t, xcv);
    }
    t->m.pfnXcvClosePort(xcv);
}

/* Believes in the NUL and not in the size, for one command. */
static DWORD unbounded(HANDLE xcv, LPCWSTR command, PBYTE input, DWORD input_size, PBYTE output,
                       DWORD output_size, PDWORD needed, const WCHAR *which)
{
    if (is(command, which) && input != NULL && input_size < 18) {
        input_size = probe_bytes((const WCHAR *)(void *)input);
    }
    return REAL_XCV();
}

XCV_BREAK(add_reads_on)
{
    return unbounded(xcv, command, input, input_size, output, output_size, needed, TEXT("AddPort"));
}

XCV_BREAK(delete_reads_on)
{
    return unbounded(xcv, command, input, input_size, output, output_size, needed,
                     TEXT("DeletePort"));
}

XCV_BREAK(exists_reads_on)
{
    return unbounded(xcv, command, input, input_size, output, output_size, needed,
                     TEXT("PortExists"));
}

XCV_BREAK(valid_reads_on)
{
    return unbounded(xcv, command, input, input_size, output, output_size, needed,
                     TEXT("PortIsValid"));
}

/* Takes what there is for the name and puts the NUL there itself. */
XCV_BREAK(ends_it_itself)
{
    WCHAR name[16] = {0};
    if (is(command, TEXT("AddPort")) && input != NULL && input_size >= 10 && input_size < 18) {
        memcpy(name, input, input_size & ~1u);
        input = (PBYTE)name;
        input_size = probe_bytes(name);
    }
    return REAL_XCV();
}

WRAP(wrap_add_on, pfnXcvDataPort, add_reads_on)
WRAP(wrap_delete_on, pfnXcvDataPort, delete_reads_on)
WRAP(wrap_exists_on, pfnXcvDataPort, exists_reads_on)
WRAP(wrap_valid_on, pfnXcvDataPort, valid_reads_on)
WRAP(wrap_ends_it, pfnXcvDataPort, ends_it_itself)

/* ---- R68 ---------------------------------------------------------------------------------------
 */

/* Either refused without effect, or done as ever. */
static bool without_count(struct trial *t, HANDLE xcv, const WCHAR *command, bool listed_then)
{
    static const WCHAR name[] = TEXT("SIM:count");
    bool before = trial_lists(t, name);
    DWORD code =
        t->m.pfnXcvDataPort(xcv, command, (PBYTE)text_of(name), sizeof name, NULL, 0, NULL);
    bool expected = code == 0 ? listed_then : before;
    return KEPT(t, code == 0 || code == PLATEN_INVALID_PARAMETER, "%u for a NULL count",
                (unsigned)code) &&
           KEPT(t, trial_lists(t, name) == expected, "%u for a NULL count, and the list is not so",
                (unsigned)code);
}

static void null_count(struct trial *t)
{
    static const WCHAR name[] = TEXT("SIM:count");
    HANDLE xcv = probe_xcv_open(t, ADMIN);
    PBYTE room = probe_canary(64);
    DWORD code = t->m.pfnXcvDataPort(xcv, TEXT("MonitorUI"), NULL, 0, room, 64, NULL);
    KEPT(t, code == PLATEN_INVALID_PARAMETER || (code == 0 && !probe_untouched()),
         "MonitorUI: %u for a NULL count", (unsigned)code);
    code = t->m.pfnXcvDataPort(xcv, TEXT("MonitorUI"), NULL, 0, NULL, 0, NULL);
    KEPT(t, code == PLATEN_INVALID_PARAMETER || code == PLATEN_INSUFFICIENT_BUFFER,
         "MonitorUI: %u for nothing at all", (unsigned)code);
    if (without_count(t, xcv, TEXT("AddPort"), true) &&
        without_count(t, xcv, TEXT("DeletePort"), false)) {
        struct probe_xcv add = probe_data(t, xcv, TEXT("AddPort"), name, sizeof name, NULL, 0);
        struct probe_xcv valid =
            probe_data(t, xcv, TEXT("PortIsValid"), name, sizeof name, NULL, 0);
        struct probe_xcv gone = probe_data(t, xcv, TEXT("DeletePort"), name, sizeof name, NULL, 0);
        struct probe_xcv bad = probe_data(t, xcv, TEXT("AddPort"), name, 1, NULL, 0);
        KEPT(t, add.needed == 0 && valid.needed == 0 && gone.needed == 0 && bad.needed == 0,
             "counts without output: %u, %u, %u, %u", (unsigned)add.needed, (unsigned)valid.needed,
             (unsigned)gone.needed, (unsigned)bad.needed);
    }
    t->m.pfnXcvClosePort(xcv);
}

XCV_BREAK(null_count_is_6)
{
    return needed == NULL ? PLATEN_INVALID_HANDLE : REAL_XCV();
}

XCV_BREAK(null_count_is_found_too_late)
{
    DWORD code = REAL_XCV();
    return needed == NULL ? PLATEN_INVALID_PARAMETER : code;
}

XCV_BREAK(count_is_left_alone)
{
    DWORD before = needed == NULL ? 0 : *needed;
    DWORD code = REAL_XCV();
    if (needed != NULL && *needed == 0) {
        *needed = before;
    }
    return code;
}

XCV_BREAK(count_is_that_of_the_input)
{
    DWORD code = REAL_XCV();
    if (needed != NULL && is(command, TEXT("AddPort")) && code == 0) {
        *needed = input_size;
    }
    return code;
}

WRAP(wrap_null_6, pfnXcvDataPort, null_count_is_6)
WRAP(wrap_null_late, pfnXcvDataPort, null_count_is_found_too_late)
WRAP(wrap_count_left, pfnXcvDataPort, count_is_left_alone)
WRAP(wrap_count_input, pfnXcvDataPort, count_is_that_of_the_input)

const struct trial_case trial_hostile_cases[] = {
    {.rule = "R67",
     .about = "input that lies",
     .probe = hostile_input,
     .breaks = {{.how = "AddPort ignores the size", .wrap = wrap_add_on},
                {.how = "DeletePort ignores the size", .wrap = wrap_delete_on},
                {.how = "PortExists ignores the size", .wrap = wrap_exists_on},
                {.how = "PortIsValid ignores the size", .wrap = wrap_valid_on},
                {.how = "AddPort ends the name itself", .wrap = wrap_ends_it}}},
    {.rule = "R68",
     .about = "a NULL count, and counts without output",
     .probe = null_count,
     .breaks = {{.how = "6 for a NULL count", .wrap = wrap_null_6},
                {.how = "finds it NULL when all is done", .wrap = wrap_null_late},
                {.how = "leaves the count alone", .wrap = wrap_count_left},
                {.how = "counts the input", .wrap = wrap_count_input}}},
    {.rule = NULL},
};
