/* SPDX-License-Identifier: MIT
 *
 * GetPrinterDataFromPort and SetPortTimeOuts: R56 to R59.
 */
#include "check/inside.h"
#include "check/probes.h"

#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "check/steps.h"

#define DEVICE_ID      0x0016000Cu /* IOCTL_PAR_QUERY_DEVICE_ID */
#define DEVICE_ID_SIZE 0x00160010u
#define RAW_DEVICE_ID  0x00160030u
#define USB_DEVICE_ID  0x00220034u
#define ROOM           4096u

/* ---- R56 ------------------------------------------------------------------------------------- */

static void ask_by_name(struct probe *p, const char *name, bool known)
{
    probe_run(p, 56,
              "GetPrinterDataFromPort hPort=$h ControlID=0 pValueName=%s cbOutBuffer=64 "
              "-> any",
              name);
    if (probe_is_over(p) || (known && step_said_true(p))) {
        return;
    }
    if (probe_is_language(p)) {
        probe_judge(p, 56, !step_said_true(p) && step_error(p) != 0,
                    "FALSE with a last-error other than 0", "%s", step_said(p));
    } else {
        probe_judge(p, 56, !step_said_true(p) && step_error(p) == PLATEN_INVALID_PARAMETER,
                    "FALSE with last-error 87: names are a language monitor's business", "%s",
                    step_said(p));
    }
}

void data_by_name(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    ask_by_name(p, "\"Installed Memory\"", probe_is_language(p));
    ask_by_name(p, "\"no such value\"", false);
    ask_by_name(p, "NULL", false);
    step_close(p);
}

/* ---- R57 ------------------------------------------------------------------------------------- */

/* Of the last call. True: it answered. */
static bool judge_room(struct probe *p, unsigned size)
{
    if (probe_is_over(p)) {
        return false;
    }
    uint64_t count = step_number(p, "lpcbReturned");
    const struct platen_facts *facts = probe_facts(p);
    step_has_reason(p, 57);
    if (step_said_true(p)) {
        probe_judge(p, 57, count <= size, "after TRUE *lpcbReturned is at most cbOutBuffer",
                    "%llu of %u", (unsigned long long)count, size);
    }
    if (facts != NULL) {
        probe_judge(p, 57, facts->damaged_count == 0, "nothing is written beside the buffer",
                    "memory beside %s was written to",
                    facts->damaged_count == 0 ? "" : facts->damaged[0]);
    }
    return step_said_true(p);
}

static bool ask(struct probe *p, int rule, unsigned code, unsigned size)
{
    probe_run(p, rule,
              "GetPrinterDataFromPort hPort=$h ControlID=0x%08x lpOutBuffer=!guard!painted "
              "cbOutBuffer=%u -> any",
              code, size);
    return judge_room(p, size);
}

static void sweep(struct probe *p, unsigned code)
{
    if (!ask(p, 57, code, ROOM)) {
        return;
    }
    uint64_t needed = step_number(p, "lpcbReturned");
    for (unsigned size = 0; size < needed && !probe_is_over(p);
         size += needed < 12 || size < 4 || size + 4 > needed ? 1 : (unsigned)needed / 8 + 1) {
        ask(p, 57, code, size);
        probe_judge_should(p, 57, !step_said_true(p) && step_error(p) == PLATEN_INSUFFICIENT_BUFFER,
                           "FALSE with last-error 122: the buffer is too small", "%s",
                           step_said(p));
    }
    if (needed > 0 && needed < ROOM) {
        ask(p, 57, code, (unsigned)needed - 1);
        ask(p, 57, code, (unsigned)needed);
    }
}

void data_room(struct probe *p)
{
    static const unsigned codes[] = {DEVICE_ID, DEVICE_ID_SIZE, RAW_DEVICE_ID, USB_DEVICE_ID};
    static const unsigned unknown[] = {0x00123450, 0xFFFFFFFF, 1};
    if (!step_open(p)) {
        return;
    }
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        sweep(p, codes[i]);
    }
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        bool said = ask(p, 57, unknown[i], 64);
        probe_judge(p, 57, !said, "FALSE: there is no such request", "TRUE");
    }
    step_close(p);
}

/* A value that the language monitor knows by its name, into less room than it needs. */
static void sweep_value(struct probe *p, const char *name)
{
    if (!probe_ask(p,
                   "GetPrinterDataFromPort hPort=$h ControlID=0 pValueName=%s cbOutBuffer=%u "
                   "-> TRUE lpcbReturned=1..",
                   name, ROOM)) {
        return;
    }
    uint64_t needed = step_number(p, "lpcbReturned");
    const uint64_t sizes[] = {0, 1, needed / 2, needed - 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes && !probe_is_over(p); i++) {
        if (needed > ROOM || sizes[i] >= needed) {
            continue;
        }
        probe_run(p, 57,
                  "GetPrinterDataFromPort hPort=$h ControlID=0 pValueName=%s "
                  "lpOutBuffer=!guard!painted cbOutBuffer=%u -> any",
                  name, (unsigned)sizes[i]);
        judge_room(p, (unsigned)sizes[i]);
    }
}

void data_values(struct probe *p)
{
    const struct check_survey *survey = &p->check->survey;
    if (!step_open(p)) {
        return;
    }
    for (size_t i = 0; i < survey->value_count && !probe_is_over(p); i++) {
        sweep_value(p, probe_quote(p, survey->values[i]));
    }
    probe_tried(p, 57);
    step_close(p);
}

/* ---- R58 ------------------------------------------------------------------------------------- */

/* What came, as a literal of a line has it; NULL: it was refused. */
static const char *form(struct probe *p, unsigned code, uint64_t *count)
{
    *count = 0;
    if (!ask(p, 58, code, ROOM)) {
        return NULL;
    }
    *count = step_number(p, "lpcbReturned");
    return probe_came(p, "lpOutBuffer");
}

/* The bytes of a literal; how many, at most `most`. */
static size_t bytes_of(struct probe *p, unsigned code, const char *literal, unsigned char *to,
                       size_t most)
{
    const char *name = probe_format(p, "form%x", code);
    return literal != NULL && probe_ask(p, "stream @%s data %s", name, literal)
               ? step_copy(p, name, to, most)
               : 0;
}

static void judge_plain(struct probe *p, const unsigned char *id, size_t size)
{
    bool ends = size > 0 && id[size - 1] == 0;
    bool ascii = true;
    for (size_t i = 0; i + 1 < size; i++) {
        ascii = ascii && id[i] >= 0x20 && id[i] < 0x7f;
    }
    probe_judge(p, 58, ends, "the id ends with a NUL, and it is counted", "%s",
                size == 0 ? "nothing" : "its last byte is another one");
    probe_judge(p, 58, ascii, "the bare id: ASCII, without a length before it",
                "its first bytes are 0x%02x 0x%02x", size > 0 ? id[0] : 0, size > 1 ? id[1] : 0);
}

static void judge_raw(struct probe *p, unsigned code, const unsigned char *id, size_t size)
{
    unsigned char raw[ROOM];
    uint64_t count;
    const char *came = form(p, code, &count);
    if (came == NULL) {
        return;
    }
    size_t length = bytes_of(p, code, came, raw, sizeof raw);
    size_t bare = size > 0 && id[size - 1] == 0 ? size - 1 : size;
    bool fine = length >= bare + 2 && memcmp(raw + 2, id, bare) == 0 && length <= bare + 3;
    probe_judge(p, 58, fine, "2 bytes of length and then the same id", "%llu bytes that are not",
                (unsigned long long)count);
}

void data_id(struct probe *p)
{
    unsigned char id[ROOM];
    uint64_t count;
    uint64_t told;
    if (!step_open(p)) {
        return;
    }
    const char *plain = form(p, DEVICE_ID, &count);
    size_t size = bytes_of(p, DEVICE_ID, plain, id, sizeof id);
    if (plain != NULL && !probe_is_over(p)) {
        judge_plain(p, id, size);
        const char *number = form(p, DEVICE_ID_SIZE, &told);
        unsigned char four[4] = {0};
        if (number != NULL && bytes_of(p, DEVICE_ID_SIZE, number, four, 4) == 4) {
            unsigned value = four[0] | (unsigned)four[1] << 8 | (unsigned)four[2] << 16 |
                             (unsigned)four[3] << 24;
            probe_judge(p, 58, value == count && told == 4,
                        probe_format(p, "a DWORD: %llu", (unsigned long long)count),
                        "%llu bytes: %u", (unsigned long long)told, value);
        }
        judge_raw(p, RAW_DEVICE_ID, id, size);
        judge_raw(p, USB_DEVICE_ID, id, size);
    }
    step_close(p);
}

/* ---- R59 ------------------------------------------------------------------------------------- */

#define TIMES                                                                                      \
    "{ReadIntervalTimeout=200 ReadTotalTimeoutConstant=1000 WriteTotalTimeoutConstant=2000}"

void data_time_outs(struct probe *p)
{
    if (!step_open(p)) {
        return;
    }
    probe_run(p, 59,
              "SetPortTimeOuts hPort=$h lpCTO=" TIMES " reserved=1 -> FALSE "
              "ERROR_INVALID_PARAMETER");
    probe_run(p, 59, "SetPortTimeOuts hPort=$h lpCTO=NULL -> FALSE ERROR_INVALID_PARAMETER");
    probe_run(p, 59, "SetPortTimeOuts hPort=$h lpCTO=" TIMES " -> any");
    if (probe_is_over(p)) {
        return;
    }
    bool kept = step_said_true(p);
    probe_judge(p, 59, kept || step_error(p) == PLATEN_INVALID_PARAMETER,
                "TRUE, or on a port without time-outs FALSE with last-error 87", "%s",
                step_said(p));
    if (kept && step_start(p, 5901) && probe_ask(p, "ReadPort hPort=$h cbBuffer=64 -> TRUE")) {
        double seconds = step_seconds(p);
        probe_judge(p, 59, seconds >= 0.5 && seconds <= 3.5,
                    "ReadPort waits about the second that was set: not less than 0.5, nor 3.5",
                    "%.2f seconds", seconds);
    }
    step_close(p);
}
