/* SPDX-License-Identifier: MIT
 *
 * R109 to R112, R115: the channel for configuration.
 */
#include "break.h"

#include <string.h>

/* ---- R109: names -------------------------------------------------------------------------------
 */

static void play_names(struct stage *s)
{
    static const struct {
        const char *object;
        const char16_t *bare;
    } names[] = {
        {",XcvMonitor Verify", u"Verify"},
        {",XcvPort V1:", u"V1:"},
        {",XcvPort v1:", u"v1:"},
        {"\\\\localhost\\,XcvMonitor Verify", u"Verify"},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        s->v.wants_object = names[i].bare;
        platen_xcv *xcv = stage_xcv(s, names[i].object);
        platen_xcv_close(xcv);
    }
}

XCV_OPEN_BREAK(with_prefix)
{
    object = u",XcvMonitor Verify";
    return REAL_XCV_OPEN();
}
WRAP(break_prefix, pfnXcvOpenPort, with_prefix)

XCV_OPEN_BREAK(with_half_a_prefix)
{
    object = u"XcvPort V1:";
    return REAL_XCV_OPEN();
}
WRAP(break_half, pfnXcvOpenPort, with_half_a_prefix)

XCV_OPEN_BREAK(with_server)
{
    object = u"\\\\localhost\\V1:";
    return REAL_XCV_OPEN();
}
WRAP(break_server, pfnXcvOpenPort, with_server)

XCV_OPEN_BREAK(without_name)
{
    object = NULL;
    return REAL_XCV_OPEN();
}
WRAP(break_null, pfnXcvOpenPort, without_name)

XCV_OPEN_BREAK(without_end)
{
    static char16_t endless[40000];

    for (size_t i = 0; i < sizeof endless / sizeof *endless; i++)
        endless[i] = u'V';
    object = endless;
    return REAL_XCV_OPEN();
}
WRAP(break_end, pfnXcvOpenPort, without_end)

XCV_OPEN_BREAK(without_place)
{
    *xcv = NULL;
    return stage_real()->pfnXcvOpenPort(h, object, access, NULL);
}
WRAP(break_place, pfnXcvOpenPort, without_place)

XCV_OPEN_BREAK(always_the_monitor)
{
    object = u"Verify";
    return REAL_XCV_OPEN();
}
WRAP(break_name, pfnXcvOpenPort, always_the_monitor)

/* ---- R110: access ------------------------------------------------------------------------------
 */

static void play_granted(struct stage *s)
{
    static const uint32_t granted[] = {SERVER_ACCESS_ENUMERATE, SERVER_ACCESS_ADMINISTER,
                                       SERVER_ALL_ACCESS, 0};

    s->v.wants_access = true;
    for (size_t i = 0; i < sizeof granted / sizeof *granted; i++) {
        platen_xcv *xcv = NULL;
        s->v.access = granted[i];
        uint32_t error = s->door.xcv_open(s->spooler, ",XcvMonitor Verify", granted[i], &xcv);
        KEPT(s, error == 0, "with %#x the handle is refused: %u", (unsigned)granted[i],
             (unsigned)error);
        platen_xcv_close(xcv);
    }
}

/* What is asked for in general is made exact. */
static void play_asked(struct stage *s)
{
    static const uint32_t asked[] = {
        MAXIMUM_ALLOWED, GENERIC_ALL, GENERIC_READ, GENERIC_WRITE, SERVER_ACCESS_ADMINISTER, 0};

    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        PRINTER_DEFAULTSW defaults = {.DesiredAccess = asked[i]};
        HANDLE handle;
        BOOL fine = s->imports.OpenPrinterW(text_of(u",XcvMonitor Verify"), &handle, &defaults);
        if (KEPT(s, fine, "asked for %#x OpenPrinter says %u", (unsigned)asked[i],
                 (unsigned)stage_spl->GetLastError()))
            s->imports.ClosePrinter(handle);
    }
}

XCV_OPEN_BREAK(what_was_asked)
{
    access |= SERVER_ACCESS_ADMINISTER;
    return REAL_XCV_OPEN();
}
WRAP(break_asked, pfnXcvOpenPort, what_was_asked)

XCV_OPEN_BREAK(the_maximum)
{
    access = MAXIMUM_ALLOWED;
    return REAL_XCV_OPEN();
}
WRAP(break_maximum, pfnXcvOpenPort, the_maximum)

XCV_OPEN_BREAK(generic)
{
    access |= GENERIC_READ;
    return REAL_XCV_OPEN();
}
WRAP(break_generic, pfnXcvOpenPort, generic)

/* ---- R111: what goes in ------------------------------------------------------------------------
 */

static const char sent[13] = "\0odd\xFF"
                             "bytes\r\n";

static void play_input(struct stage *s)
{
    static const struct {
        uint32_t input, output;
    } sizes[] = {{sizeof sent, 17}, {sizeof sent, 0}, {0, 17}, {0, 0}, {1, 1}};
    BYTE output[17];
    platen_xcv *xcv = stage_xcv(s, ",XcvMonitor Verify");

    if (xcv == NULL)
        return;
    s->v.wants_input = sent;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint32_t needed = 99, status;
        s->v.wants_input_size = sizes[i].input;
        s->v.wants_output_size = sizes[i].output;
        s->door.xcv_data(xcv, "Echo", sizes[i].input != 0 ? sent : NULL, sizes[i].input,
                         sizes[i].output != 0 ? output : NULL, sizes[i].output, &needed, &status);
    }
    platen_xcv_close(xcv);
}

XCV_BREAK(no_input_size)
{
    input_size = 0;
    return REAL_XCV();
}
WRAP(break_input_size, pfnXcvDataPort, no_input_size)

XCV_BREAK(as_text)
{
    BYTE copy[64] = {0};

    if (input_size != 0)
        memcpy(copy, input, strnlen((const char *)input, input_size));
    input = copy;
    return REAL_XCV();
}
WRAP(break_input, pfnXcvDataPort, as_text)

XCV_BREAK(no_name)
{
    command = NULL;
    return REAL_XCV();
}
WRAP(break_command, pfnXcvDataPort, no_name)

XCV_BREAK(no_output)
{
    output = NULL;
    return REAL_XCV();
}
WRAP(break_output, pfnXcvDataPort, no_output)

XCV_BREAK(no_needed)
{
    *needed = 0;
    return stage_real()->pfnXcvDataPort(xcv, command, input, input_size, output, output_size, NULL);
}
WRAP(break_needed, pfnXcvDataPort, no_needed)

XCV_BREAK(needed_is_room)
{
    *needed = output_size;
    return REAL_XCV();
}
WRAP(break_preset, pfnXcvDataPort, needed_is_room)

XCV_BREAK(less_room)
{
    output_size /= 2;
    return REAL_XCV();
}
WRAP(break_room, pfnXcvDataPort, less_room)

/* ---- R112: what comes out ----------------------------------------------------------------------
 */

static DWORD answer_number(struct verify *v, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                           DWORD out_size, PDWORD needed)
{
    DWORD code = atomic_load(&stage_now()->number);

    (void)v;
    (void)name;
    (void)in;
    (void)in_size;
    *needed = 600;
    if (code == 0 && out_size >= 4)
        memcpy(out, "done", 4);
    return code;
}

static void prepare_codes(struct stage *s)
{
    s->v.command = answer_number;
}

static void play_codes(struct stage *s)
{
    static const uint32_t codes[] = {0, PLATEN_ACCESS_DENIED, PLATEN_INSUFFICIENT_BUFFER,
                                     PLATEN_ALREADY_EXISTS, 0x12345678};
    platen_xcv *xcv = stage_xcv(s, ",XcvMonitor Verify");

    for (size_t i = 0; xcv != NULL && i < sizeof codes / sizeof *codes; i++) {
        char output[8] = "";
        uint32_t needed = 0, status = 1;
        atomic_store(&s->number, codes[i]);
        uint32_t error =
            s->door.xcv_data(xcv, "Answer", NULL, 0, output, sizeof output, &needed, &status);
        KEPT(s, error == 0, "XcvData says FALSE with %u to the code %#x", (unsigned)error,
             (unsigned)codes[i]);
        KEPT(s, status == codes[i], "the code %#x becomes %#x", (unsigned)codes[i],
             (unsigned)status);
        KEPT(s, needed == 600, "the size that is needed becomes %u", (unsigned)needed);
        KEPT(s, codes[i] != 0 || memcmp(output, "done", 4) == 0, "the output is lost");
    }
    platen_xcv_close(xcv);
}

XCV_BREAK(one_code_for_all)
{
    DWORD code = REAL_XCV();

    return code != 0 ? PLATEN_GEN_FAILURE : 0;
}
WRAP(break_code, pfnXcvDataPort, one_code_for_all)

XCV_BREAK(sixteen_bits)
{
    return REAL_XCV() & 0xFFFF;
}
WRAP(break_bits, pfnXcvDataPort, sixteen_bits)

XCV_BREAK(loses_size)
{
    DWORD code = REAL_XCV();

    if (code != 0)
        *needed = 0;
    return code;
}
WRAP(break_size, pfnXcvDataPort, loses_size)

static uint32_t code_is_verdict(platen_xcv *xcv, const char *name, const void *input,
                                uint32_t input_size, void *output, uint32_t output_size,
                                uint32_t *needed, uint32_t *status)
{
    uint32_t error =
        platen_xcv_data(xcv, name, input, input_size, output, output_size, needed, status);

    return error != 0 ? error : *status;
}

static void break_verdict(struct stage_door *door)
{
    door->xcv_data = code_is_verdict;
}

/* ---- R115: handles -----------------------------------------------------------------------------
 */

static void play_handles(struct stage *s)
{
    uint32_t error;
    platen_xcv *first = stage_xcv(s, ",XcvMonitor Verify");
    platen_xcv *second = stage_xcv(s, ",XcvPort V1:");

    if (first == NULL || second == NULL)
        return;
    stage_port_command(s, first, "AddPort", u"V8:", &error);
    stage_port_command(s, second, "DeletePort", u"V8:", &error);
    platen_xcv_close(first);
    stage_port_command(s, second, "AddPort", u"V9:", &error);
    platen_xcv_close(second);
}

static HANDLE last_xcv;

XCV_OPEN_BREAK(remembers)
{
    BOOL fine = REAL_XCV_OPEN();

    last_xcv = *xcv;
    return fine;
}

/* The handle is closed with the port, and again at the end (D4). */
XCV_BREAK(closes_with_the_port)
{
    DWORD status = REAL_XCV();

    if (command[0] == 'D')
        stage_real()->pfnXcvClosePort(xcv);
    return status;
}
WRAP(break_double, pfnXcvDataPort, closes_with_the_port)

XCV_CLOSE_BREAK(closes_never)
{
    (void)xcv;
    return TRUE;
}

SHUTDOWN_BREAK(shuts_down_quietly)
{
    struct verify *v = &stage_now()->v;

    (void)h;
    atomic_store(&v->state, VERIFY_ENDED); /* as if the module were gone */
}

static void break_never(MONITOR2 *table)
{
    table->pfnXcvClosePort = closes_never;
    table->pfnShutdown = shuts_down_quietly;
}

XCV_CLOSE_BREAK(one_more_question)
{
    DWORD needed = 0;
    BOOL fine = REAL_XCV_CLOSE();

    stage_real()->pfnXcvDataPort(xcv, u"MonitorUI", NULL, 0, NULL, 0, &needed);
    return fine;
}
WRAP(break_after, pfnXcvClosePort, one_more_question)

static void close_there(void *argument)
{
    stage_real()->pfnXcvClosePort(argument);
}

static void close_meanwhile(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    (void)port;
    if (at == VERIFY_XCV_DATA && stage_once())
        verify_on_thread(close_there, last_xcv);
}

static void break_during(MONITOR2 *table)
{
    table->pfnXcvOpenPort = remembers;
}

/* A FALSE is no handle. */
static uint32_t refuse_xcv(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    (void)port;
    return at == VERIFY_XCV_OPEN ? PLATEN_ACCESS_DENIED : 0;
}

static void prepare_refusal(struct stage *s)
{
    s->v.inside = refuse_xcv;
}

static void play_refusal(struct stage *s)
{
    platen_xcv *xcv = NULL;
    uint32_t error = s->door.xcv_open(s->spooler, ",XcvMonitor Verify", 1, &xcv);

    KEPT(s, error == PLATEN_ACCESS_DENIED && xcv == NULL,
         "XcvOpenPort failed with 5, and the spooler says %u", (unsigned)error);
    platen_xcv_close(xcv);
}

XCV_OPEN_BREAK(takes_false)
{
    REAL_XCV_OPEN();
    return TRUE;
}
WRAP(break_false, pfnXcvOpenPort, takes_false)

XCV_OPEN_BREAK(tidies_up)
{
    BOOL fine = REAL_XCV_OPEN();
    DWORD code = stage_spl->GetLastError();

    if (!fine)
        stage_real()->pfnXcvClosePort(*xcv);
    return fine ? fine : fails_with(code);
}
WRAP(break_tidy, pfnXcvOpenPort, tidies_up)

const struct stage_case stage_xcv_cases[] = {
    {109,
     "the bare name, and a place for the handle",
     NULL,
     play_names,
     {{.how = "the whole name", .wrap = break_prefix},
      {.how = "the keyword too", .wrap = break_half},
      {.how = "the server too", .wrap = break_server},
      {.how = "no name", .wrap = break_null},
      {.how = "a name without end", .wrap = break_end},
      {.how = "no place for the handle", .wrap = break_place},
      {.how = "the monitor's name for all", .wrap = break_name}}},
    {110,
     "what was granted",
     NULL,
     play_granted,
     {{.how = "everybody administers", .wrap = break_asked},
      {.how = "MAXIMUM_ALLOWED", .wrap = break_maximum}}},
    {110,
     "what is asked for in general is resolved",
     NULL,
     play_asked,
     {{.how = "passes MAXIMUM_ALLOWED", .wrap = break_maximum},
      {.how = "passes generic bits", .wrap = break_generic}}},
    {111,
     "XcvDataPort's arguments are usable",
     NULL,
     play_input,
     {{.how = "cbInputData is 0", .wrap = break_input_size},
      {.how = "input is text", .wrap = break_input},
      {.how = "no data name", .wrap = break_command},
      {.how = "a size, and no output", .wrap = break_output},
      {.how = "no place for the size", .wrap = break_needed},
      {.how = "the place for the size holds the room", .wrap = break_preset},
      {.how = "less room than there is", .wrap = break_room}}},
    {112,
     "the monitor's code reaches the client",
     prepare_codes,
     play_codes,
     {{.how = "one code for all", .wrap = break_code},
      {.how = "sixteen bits of it", .wrap = break_bits},
      {.how = "the size is lost", .wrap = break_size},
      {.how = "the code is the verdict", .door = break_verdict}}},
    {115,
     "each is closed once, after all else",
     NULL,
     play_handles,
     {{.how = "closed with the port, and again", .wrap = break_double},
      {.how = "never closed", .wrap = break_never},
      {.how = "asked after it was closed", .wrap = break_after},
      {.how = "closed while it is asked", .wrap = break_during, .meanwhile = close_meanwhile}}},
    {115,
     "what was refused is not closed",
     prepare_refusal,
     play_refusal,
     {{.how = "takes FALSE for TRUE", .wrap = break_false},
      {.how = "closes what was not opened", .wrap = break_tidy}}},
    {.rule = 0},
};
