/* SPDX-License-Identifier: MIT
 *
 * R116, R117: values and bidi. Our spooler asks for them when a program does; what a spooler could
 * do otherwise stands here as the stage's own caller, and so do the Router's allocators.
 */
#include "break.h"

#include <string.h>

#include "call/call.h"

/* ---- R116 --------------------------------------------------------------------------------------
 */

static void prepare_language(struct stage *s)
{
    s->language = true;
    s->over.completes = JOB_CONTROL_LAST_PAGE_EJECTED;
}

/* A program asks, and asks again when nobody answers. */
static void play_jobs(struct stage *s)
{
    static const uint32_t expected[] = {PLATEN_FILE_NOT_FOUND, 0};
    uint8_t data[32];
    uint32_t size = sizeof data;
    uint32_t type;

    stage_print(s, 1, 200);
    uint32_t error = platen_printer_data(s->spooler, "Printer", "Memory", &type, data, &size);
    KEPT(s, error == expected[s->language], "a value that is asked for: %u", (unsigned)error);
    if (!s->language)
        return;
    KEPT(s, size == sizeof verify_value && memcmp(data, verify_value, size) == 0,
         "a value is not what the monitor said");
    platen_printer_set_bidi(s->spooler, "Printer", false);
    size = sizeof data;
    error = platen_printer_data(s->spooler, "Printer", "Memory", &type, data, &size);
    KEPT(s, error == 0 && size == sizeof verify_value, "a value was not stored: %u",
         (unsigned)error);
}

static DWORD asked(HANDLE port, const MONITOR2 *table, LPWSTR value, DWORD room, LPDWORD returned)
{
    char16_t text[8];

    return (DWORD)table->pfnGetPrinterDataFromPort(port, 0, value, NULL, 0, room != 0 ? text : NULL,
                                                   room, returned);
}

static BOOL WINAPI end_and_ask_nothing(HANDLE port)
{
    DWORD returned;
    BOOL fine = stage_real_over()->pfnEndDocPort(port);

    asked(port, stage_real_over(), NULL, 16, &returned);
    return fine;
}
WRAP(break_value, pfnEndDocPort, end_and_ask_nothing)

static BOOL WINAPI end_and_ask_nowhere(HANDLE port)
{
    BOOL fine = stage_real_over()->pfnEndDocPort(port);

    asked(port, stage_real_over(), text_of(u"Memory"), 16, NULL);
    return fine;
}
WRAP(break_returned, pfnEndDocPort, end_and_ask_nowhere)

static BOOL WINAPI end_and_ask_without_room(HANDLE port)
{
    DWORD returned;
    BOOL fine = stage_real_over()->pfnEndDocPort(port);

    stage_real_over()->pfnGetPrinterDataFromPort(port, 0, text_of(u"Memory"), NULL, 0, NULL, 16,
                                                 &returned);
    return fine;
}
WRAP(break_room, pfnEndDocPort, end_and_ask_without_room)

/* Without a language monitor it asks the port monitor. */
END_BREAK(ask_the_port)
{
    DWORD returned;
    BOOL fine = REAL_END();

    asked(port, stage_real(), text_of(u"Memory"), 16, &returned);
    return fine;
}
WRAP(break_port, pfnEndDocPort, ask_the_port)

/* ---- R117 --------------------------------------------------------------------------------------
 */

#define ACCESS BIDI_ACCESS_USER

static uint32_t answer_code(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    static const uint32_t codes[] = {0, PLATEN_BIDI_STATUS_WARNING, PLATEN_NOT_SUPPORTED};

    (void)port;
    return at == VERIFY_BIDI ? codes[(atomic_load(&v->calls[VERIFY_BIDI]) - 1) % 3] : 0;
}

static DWORD WINAPI free_tree(PBIDI_RESPONSE_CONTAINER tree)
{
    if (!verify_freed(&stage_now()->v, tree))
        return 0;
    return stage_spl->RouterFreeBidiResponseContainer(tree);
}

struct request {
    BIDI_REQUEST_CONTAINER container;
    BIDI_REQUEST_DATA second;
};

static void make_request(struct request *request)
{
    static const char16_t schema[] = u"\\Printer.Status.Summary:State";

    *request = (struct request){.container = {.Version = 1, .Count = 2}};
    request->container.aData[0] = (BIDI_REQUEST_DATA){.dwReqNumber = 1, .pSchema = text_of(schema)};
    request->second = (BIDI_REQUEST_DATA){.dwReqNumber = 2, .pSchema = text_of(schema)};
}

static uint32_t send_request(const MONITOR2 *table, HANDLE port, DWORD access,
                             struct request *request, PBIDI_RESPONSE_CONTAINER *answer)
{
    return platen_call_SendRecvBidiDataFromPort(platen_lane_here(), table, port, access, u"Get",
                                                &request->container, answer);
}

/* As it should be. */
static uint32_t ask(struct stage *s, HANDLE port, const MONITOR2 *table)
{
    struct request request;
    PBIDI_RESPONSE_CONTAINER answer = NULL;

    make_request(&request);
    uint32_t code = send_request(table, port, ACCESS, &request, &answer);
    if (answer != NULL)
        s->imports.RouterFreeBidiResponseContainer(answer);
    return code;
}

static void prepare_bidi(struct stage *s)
{
    prepare_language(s);
    s->over.inside = answer_code;
    s->v.inside = answer_code;
    s->imports.RouterFreeBidiResponseContainer = free_tree;
    s->over.wants_count = s->v.wants_count = 2;
    s->over.wants_bidi_access = s->v.wants_bidi_access = ACCESS;
    s->over.book = &s->v;
    s->door.bidi = ask;
}

/* On the port monitor's own handle, where the ledger of answers is. */
static void prepare_bidi_port(struct stage *s)
{
    prepare_bidi(s);
    s->language = false;
}

/* Through the spooler: its own answer is 0, the monitor's first. */
static void ask_as_a_program(struct stage *s)
{
    struct request request;
    PBIDI_RESPONSE_CONTAINER answer;

    make_request(&request);
    uint32_t error =
        platen_printer_bidi(s->spooler, "Printer", ACCESS, "Get", &request.container, &answer);
    KEPT(s, error == 0 && answer != NULL, "a program's bidi request: %u", (unsigned)error);
    if (answer != NULL)
        s->imports.RouterFreeBidiResponseContainer(answer);
}

static void play_bidi(struct stage *s)
{
    const MONITOR2 *table;
    HANDLE instance;

    stage_print(s, 2, 100);
    if (platen_spooler_monitor(s->spooler, "Verify", &instance, &table) != 0)
        return;
    for (unsigned i = 0; i < 3; i++)
        s->door.bidi(s, s->v.ports[0].handle, table);
    ask_as_a_program(s);
}

static uint32_t ask_otherwise(struct stage *s, HANDLE port, const MONITOR2 *table, DWORD access,
                              void (*change)(struct request *request))
{
    struct request request;
    PBIDI_RESPONSE_CONTAINER answer = NULL;

    make_request(&request);
    if (change != NULL)
        change(&request);
    uint32_t code = send_request(table, port, access, &request, &answer);
    if (answer != NULL)
        s->imports.RouterFreeBidiResponseContainer(answer);
    return code;
}

static void version_2(struct request *request)
{
    request->container.Version = 2;
}

static void with_flags(struct request *request)
{
    request->container.Flags = 1;
}

static void one_of_two(struct request *request)
{
    request->container.Count = 1;
}

static uint32_t ask_version(struct stage *s, HANDLE port, const MONITOR2 *table)
{
    return ask_otherwise(s, port, table, ACCESS, version_2);
}

static uint32_t ask_flags(struct stage *s, HANDLE port, const MONITOR2 *table)
{
    return ask_otherwise(s, port, table, ACCESS, with_flags);
}

static uint32_t ask_count(struct stage *s, HANDLE port, const MONITOR2 *table)
{
    return ask_otherwise(s, port, table, ACCESS, one_of_two);
}

static uint32_t ask_as_administrator(struct stage *s, HANDLE port, const MONITOR2 *table)
{
    return ask_otherwise(s, port, table, BIDI_ACCESS_ADMINISTRATOR, NULL);
}

static uint32_t ask_with_old_answer(struct stage *s, HANDLE port, const MONITOR2 *table)
{
    static BIDI_RESPONSE_CONTAINER old;
    struct request request;
    PBIDI_RESPONSE_CONTAINER answer = &old;

    (void)s;
    make_request(&request);
    return send_request(table, port, ACCESS, &request, &answer);
}

static uint32_t ask_for_nothing(struct stage *s, HANDLE port, const MONITOR2 *table)
{
    struct request request;

    (void)s;
    make_request(&request);
    return send_request(table, port, ACCESS, &request, NULL);
}

/* What is made of the answer: times 0, 1 or 2 on success; once or not beside an error. */
static uint32_t ask_and_free(struct stage *s, HANDLE port, const MONITOR2 *table, unsigned times,
                             bool after_warning, bool of_null)
{
    struct request request;
    PBIDI_RESPONSE_CONTAINER answer = NULL;

    make_request(&request);
    uint32_t code = send_request(table, port, ACCESS, &request, &answer);
    bool warned = code == PLATEN_BIDI_STATUS_WARNING && !after_warning;
    for (unsigned i = 0; answer != NULL && !warned && i < times; i++)
        s->imports.RouterFreeBidiResponseContainer(answer);
    if (answer == NULL && of_null)
        s->imports.RouterFreeBidiResponseContainer(answer);
    /* so that nothing leaks in earnest */
    if (answer != NULL && (times == 0 || warned))
        stage_spl->RouterFreeBidiResponseContainer(answer);
    return code;
}

static uint32_t ask_and_keep(struct stage *s, HANDLE port, const MONITOR2 *table)
{
    return ask_and_free(s, port, table, 0, true, false);
}

static uint32_t ask_and_free_twice(struct stage *s, HANDLE port, const MONITOR2 *table)
{
    return ask_and_free(s, port, table, 2, true, false);
}

static uint32_t ask_and_free_success(struct stage *s, HANDLE port, const MONITOR2 *table)
{
    return ask_and_free(s, port, table, 1, false, false);
}

static uint32_t ask_and_free_null(struct stage *s, HANDLE port, const MONITOR2 *table)
{
    return ask_and_free(s, port, table, 1, true, true);
}

#define DOOR(name, function)                                                                       \
    static void name(struct stage_door *door)                                                      \
    {                                                                                              \
        door->bidi = function;                                                                     \
    }
DOOR(break_version, ask_version)
DOOR(break_flags, ask_flags)
DOOR(break_count, ask_count)
DOOR(break_access, ask_as_administrator)
DOOR(break_old, ask_with_old_answer)
DOOR(break_place, ask_for_nothing)
DOOR(break_keep, ask_and_keep)
DOOR(break_twice, ask_and_free_twice)
DOOR(break_warning, ask_and_free_success)
DOOR(break_null, ask_and_free_null)

const struct stage_case stage_data_cases[] = {
    {116,
     "values are a language monitor's, and properly asked for",
     prepare_language,
     play_jobs,
     {{.how = "no value name", .over = break_value},
      {.how = "no place for the size", .over = break_returned},
      {.how = "a size, and no room", .over = break_room}}},
    {116,
     "a port monitor is not asked for values",
     NULL,
     play_jobs,
     {{.how = "asks whoever there is", .wrap = break_port}}},
    {117,
     "requests are proper",
     prepare_bidi_port,
     play_bidi,
     {{.how = "version 2", .door = break_version},
      {.how = "flags", .door = break_flags},
      {.how = "another number of entries", .door = break_count},
      {.how = "another access", .door = break_access},
      {.how = "ppResData points to something", .door = break_old},
      {.how = "ppResData is NULL", .door = break_place}}},
    {117,
     "answers are freed once",
     prepare_bidi_port,
     play_bidi,
     {{.how = "never", .door = break_keep},
      {.how = "twice", .door = break_twice},
      {.how = "not after 13001", .door = break_warning},
      {.how = "NULL too", .door = break_null}}},
    {.rule = 0},
};
