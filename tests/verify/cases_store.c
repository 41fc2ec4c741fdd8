/* SPDX-License-Identifier: MIT
 *
 * R85: the store works, at initialisation and on other threads.
 */
#include "break.h"

#include "call/call.h"

static void look_again(void *argument)
{
    verify_store(argument);
}

static void play(struct stage *s)
{
    verify_on_thread(look_again, &s->v);
    stage_print(s, 1, 100);
}

/* Answers 120 to everything, as Wine and ReactOS do. */
static LONG WINAPI no_create(HANDLE key, LPCWSTR sub, DWORD options, REGSAM access,
                             PSECURITY_ATTRIBUTES security, PHANDLE made, PDWORD disposition,
                             HANDLE spooler)
{
    (void)key;
    (void)sub;
    (void)options;
    (void)access;
    (void)security;
    (void)made;
    (void)disposition;
    (void)spooler;
    return PLATEN_CALL_NOT_IMPLEMENTED;
}

static LONG WINAPI needs_disposition(HANDLE key, LPCWSTR sub, DWORD options, REGSAM access,
                                     PSECURITY_ATTRIBUTES security, PHANDLE made,
                                     PDWORD disposition, HANDLE spooler)
{
    if (disposition == NULL)
        return PLATEN_INVALID_PARAMETER;
    return stage_store()->fpCreateKey(key, sub, options, access, security, made, disposition,
                                      spooler);
}

static LONG WINAPI counts_bytes(HANDLE key, DWORD index, LPWSTR name, PDWORD units, PDWORD type,
                                PBYTE data, PDWORD size, HANDLE spooler)
{
    LONG code = stage_store()->fpEnumValue(key, index, name, units, type, data, size, spooler);

    *units *= 2;
    return code;
}

static LONG WINAPI ends_with_2(HANDLE key, DWORD index, LPWSTR name, PDWORD units, PFILETIME time,
                               HANDLE spooler)
{
    LONG code = stage_store()->fpEnumKey(key, index, name, units, time, spooler);

    return code == PLATEN_NO_MORE_ITEMS ? PLATEN_FILE_NOT_FOUND : code;
}

static LONG WINAPI cuts(HANDLE key, LPCWSTR value, PDWORD type, PBYTE data, PDWORD size,
                        HANDLE spooler)
{
    LONG code = stage_store()->fpQueryValue(key, value, type, data, size, spooler);

    return code == PLATEN_MORE_DATA ? 0 : code;
}

/* As the registry's own functions of programs: FALSE or TRUE. */
static LONG WINAPI answers_false(HANDLE key, LPCWSTR value, PDWORD type, PBYTE data, PDWORD size,
                                 HANDLE spooler)
{
    LONG code = stage_store()->fpQueryValue(key, value, type, data, size, spooler);

    if (code == PLATEN_FILE_NOT_FOUND)
        stage_spl->SetLastError((DWORD)code);
    return code == PLATEN_FILE_NOT_FOUND ? 1 : code;
}

static LONG WINAPI adds_a_nul(HANDLE key, LPCWSTR value, DWORD type, const BYTE *data, DWORD size,
                              HANDLE spooler)
{
    BYTE longer[64] = {0};

    for (DWORD i = 0; i < size && i < sizeof longer - 2; i++)
        longer[i] = data[i];
    return stage_store()->fpSetValue(key, value, type, longer, type == REG_SZ ? size + 2 : size,
                                     spooler);
}

static LONG WINAPI deletes_nothing(HANDLE key, LPCWSTR value, HANDLE spooler)
{
    (void)key;
    (void)value;
    (void)spooler;
    return 0;
}

static LONG WINAPI counts_keys_alone(HANDLE key, PDWORD keys, PDWORD key_length, PDWORD values,
                                     PDWORD value_length, PDWORD data, PDWORD security,
                                     PFILETIME time, HANDLE spooler)
{
    LONG code = stage_store()->fpQueryInfoKey(key, keys, key_length, values, value_length, data,
                                              security, time, spooler);

    if (value_length != NULL)
        *value_length = (*value_length + 1) * 2;
    return code;
}

/* Works on the thread that initialises alone. */
static LONG WINAPI of_one_thread(HANDLE key, LPCWSTR sub, REGSAM access, PHANDLE opened,
                                 HANDLE spooler)
{
    if (platen_lane_here() == NULL)
        return PLATEN_CALL_NOT_IMPLEMENTED;
    return stage_store()->fpOpenKey(key, sub, access, opened, spooler);
}

#define BREAK(name, member, function)                                                              \
    static void name(MONITORINIT *init, MONITORREG *store)                                         \
    {                                                                                              \
        (void)init;                                                                                \
        store->member = function;                                                                  \
    }
BREAK(break_create, fpCreateKey, no_create)
BREAK(break_optional, fpCreateKey, needs_disposition)
BREAK(break_names, fpEnumValue, counts_bytes)
BREAK(break_lengths, fpQueryInfoKey, counts_keys_alone)
BREAK(break_end, fpEnumKey, ends_with_2)
BREAK(break_short, fpQueryValue, cuts)
BREAK(break_codes, fpQueryValue, answers_false)
BREAK(break_data, fpSetValue, adds_a_nul)
BREAK(break_delete, fpDeleteValue, deletes_nothing)
BREAK(break_threads, fpOpenKey, of_one_thread)

const struct stage_case stage_store_cases[] = {
    {85,
     "what goes in comes out",
     NULL,
     play,
     {{.how = "answers 120", .init = break_create},
      {.how = "wants every output", .init = break_optional},
      {.how = "cuts what does not fit", .init = break_short},
      {.how = "returns FALSE", .init = break_codes},
      {.how = "terminates texts", .init = break_data},
      {.how = "does not delete", .init = break_delete}}},
    {85,
     "names are counted in characters, and enumerations end",
     NULL,
     play,
     {{.how = "counts bytes", .init = break_names},
      {.how = "tells the longest name in bytes", .init = break_lengths},
      {.how = "ends an enumeration with 2", .init = break_end}}},
    {85,
     "other threads have it too",
     NULL,
     play,
     {{.how = "serves its own threads alone", .init = break_threads}}},
    {.rule = 0},
};
