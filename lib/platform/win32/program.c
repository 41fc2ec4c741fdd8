/* SPDX-License-Identifier: MIT
 *
 * The program's streams are named pipes without a buffer of the system's, whose names nobody can
 * guess: a write ends when the program has read all of it, and what is on its way lies in a buffer
 * of ours until then. Of our handles the program gets its ends of these two and no other.
 */
#include <windows.h>

#include "os/program.h"

#include <ntsecapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "os/clock.h"
#include "os/error.h"
#include "os/text.h"
#include "path.h"
#include "program.h"

#define MILLISECOND UINT64_C(1000000)

enum {
    IN_ROOM = 65536,
    OUT_ROOM = 4096,
    LAST_WAIT = 1000 /* milliseconds */
};

struct platen_os_program {
    HANDLE process;
    HANDLE job;
    HANDLE bell;
    HANDLE input; /* we write here; NULL: closed */
    HANDLE output;
    OVERLAPPED write;
    OVERLAPPED read;
    bool writing;
    bool reading;
    bool broken;       /* the program does not read any more, and there was more */
    bool output_ended; /* and there is nothing in the buffer */
    uint32_t out_begin;
    uint32_t out_end;
    char in[IN_ROOM];
    char out[OUT_ROOM];
};

/* ---- pipes --------------------------------------------------------------------------------- */

struct ends {
    HANDLE ours;
    HANDLE theirs;
};

static bool make_name(WCHAR name[64])
{
    uint32_t random[4];
    if (!RtlGenRandom(random, sizeof random))
        return false;
    swprintf(name, 64, L"\\\\.\\pipe\\platen-%08x%08x%08x%08x", random[0], random[1], random[2],
             random[3]);
    return true;
}

/* There is one instance, and it has its two ends before anybody could look for it. */
static uint32_t make_pipe(struct ends *ends, bool reading)
{
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
    const DWORD ours = reading ? PIPE_ACCESS_INBOUND : PIPE_ACCESS_OUTBOUND;
    const DWORD theirs =
        reading ? GENERIC_WRITE | FILE_READ_ATTRIBUTES : GENERIC_READ | FILE_WRITE_ATTRIBUTES;
    WCHAR name[64];

    if (!make_name(name))
        return PLATEN_GEN_FAILURE;
    ends->ours = CreateNamedPipeW(name, ours | FILE_FLAG_FIRST_PIPE_INSTANCE | FILE_FLAG_OVERLAPPED,
                                  PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT |
                                      PIPE_REJECT_REMOTE_CLIENTS,
                                  1, reading ? OUT_ROOM : 0, reading ? OUT_ROOM : 0, 0, NULL);
    if (ends->ours == INVALID_HANDLE_VALUE) {
        ends->ours = NULL;
        return platen_os_last_error();
    }
    ends->theirs = CreateFileW(name, theirs, 0, &inherited, OPEN_EXISTING, 0, NULL);
    if (ends->theirs != INVALID_HANDLE_VALUE)
        return 0;
    ends->theirs = NULL;
    return platen_os_last_error();
}

static void close_handle(HANDLE *handle)
{
    if (*handle)
        CloseHandle(*handle);
    *handle = NULL;
}

/* ---- start --------------------------------------------------------------------------------- */

/* What ends otherwise goes to cmd.exe, which would read names of jobs as commands. */
static bool is_program_name(const char *path)
{
    size_t length = strlen(path);
    return length > 4 && (platen_text_equal_folded8(path + length - 4, ".exe") ||
                          platen_text_equal_folded8(path + length - 4, ".com"));
}

uint32_t platen_os_program_check(const char *path)
{
    WCHAR *wide;
    uint32_t error = platen_os_wide_path(path, &wide);
    if (error)
        return error;
    DWORD attributes = GetFileAttributesW(wide);
    error = attributes == INVALID_FILE_ATTRIBUTES ? platen_os_last_error() : 0;
    free(wide);
    if (error)
        return error;
    if (attributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_DEVICE))
        return PLATEN_BAD_DEV_TYPE;
    return is_program_name(path) ? 0 : PLATEN_BAD_EXE_FORMAT;
}

/* All that the program is to be told, as the system wants it. */
struct orders {
    WCHAR *path;
    WCHAR *line;
    WCHAR *environment;
    WCHAR *folder; /* NULL: this process's */
};

static uint32_t make_orders(const struct platen_os_program_setup *setup, struct orders *orders)
{
    uint32_t error = platen_os_full_path(setup->path, &orders->path);
    if (!error)
        error = platen_win32_command_line(setup, &orders->line);
    if (!error)
        error = platen_win32_environment(setup, &orders->environment);
    if (!error && setup->folder) {
        error = platen_os_full_path(setup->folder, &orders->folder);
        if (!error && !platen_os_is_folder(orders->folder))
            error = PLATEN_PATH_NOT_FOUND;
    }
    return error;
}

static void free_orders(struct orders *orders)
{
    free(orders->path);
    free(orders->line);
    free(orders->environment);
    free(orders->folder);
}

static uint32_t make_job(HANDLE *job)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation.LimitFlags =
                                                       JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE |
                                                       JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION};
    *job = CreateJobObjectW(NULL, NULL);
    if (!*job ||
        !SetInformationJobObject(*job, JobObjectExtendedLimitInformation, &limits, sizeof limits))
        return platen_os_last_error();
    return 0;
}

static uint32_t create(const struct orders *orders, LPPROC_THREAD_ATTRIBUTE_LIST list,
                       HANDLE streams[2], PROCESS_INFORMATION *made)
{
    const DWORD flags = CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP |
                        CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT;
    STARTUPINFOEXW startup = {.StartupInfo = {.cb = sizeof startup,
                                              .dwFlags = STARTF_USESTDHANDLES,
                                              .hStdInput = streams[0],
                                              .hStdOutput = streams[1],
                                              .hStdError = streams[1]},
                              .lpAttributeList = list};
    if (!UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, streams,
                                   2 * sizeof *streams, NULL, NULL))
        return platen_os_last_error();
    return CreateProcessW(orders->path, orders->line, NULL, NULL, TRUE, flags, orders->environment,
                          orders->folder, &startup.StartupInfo, made)
               ? 0
               : platen_os_last_error();
}

static uint32_t create_with_list(const struct orders *orders, HANDLE streams[2],
                                 PROCESS_INFORMATION *made)
{
    SIZE_T size = 0;
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    LPPROC_THREAD_ATTRIBUTE_LIST list = malloc(size);
    if (!list)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error =
        InitializeProcThreadAttributeList(list, 1, 0, &size) ? 0 : platen_os_last_error();
    if (!error) {
        error = create(orders, list, streams, made);
        DeleteProcThreadAttributeList(list);
    }
    free(list);
    return error;
}

/* It runs no code before it is in its job. */
static uint32_t let_run(platen_os_program *program, PROCESS_INFORMATION *made)
{
    uint32_t error = 0;
    if (!AssignProcessToJobObject(program->job, made->hProcess) ||
        ResumeThread(made->hThread) == (DWORD)-1) {
        error = platen_os_last_error();
        TerminateProcess(made->hProcess, 1);
        CloseHandle(made->hProcess);
    } else {
        program->process = made->hProcess;
    }
    CloseHandle(made->hThread);
    return error;
}

static uint32_t run(const struct platen_os_program_setup *setup, platen_os_program *program,
                    HANDLE streams[2])
{
    struct orders orders = {0};
    PROCESS_INFORMATION made = {0};
    uint32_t error = make_orders(setup, &orders);
    if (!error)
        error = make_job(&program->job);
    if (!error)
        error = create_with_list(&orders, streams, &made);
    if (!error)
        error = let_run(program, &made);
    free_orders(&orders);
    return error;
}

static void read_on(platen_os_program *program)
{
    program->reading = ReadFile(program->output, program->out, OUT_ROOM, NULL, &program->read) ||
                       GetLastError() == ERROR_IO_PENDING;
    program->output_ended = !program->reading;
}

static uint32_t make(const struct platen_os_program_setup *setup, platen_os_program *program)
{
    struct ends pipes[2] = {{NULL, NULL}, {NULL, NULL}};
    uint32_t error = 0;

    program->bell = CreateEventW(NULL, TRUE, FALSE, NULL);
    program->write.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    program->read.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!program->bell || !program->write.hEvent || !program->read.hEvent)
        error = platen_os_last_error();
    if (!error)
        error = make_pipe(&pipes[0], false);
    if (!error)
        error = make_pipe(&pipes[1], true);
    program->input = pipes[0].ours;
    program->output = pipes[1].ours;
    if (!error)
        error = run(setup, program, (HANDLE[]){pipes[0].theirs, pipes[1].theirs});
    close_handle(&pipes[0].theirs);
    close_handle(&pipes[1].theirs);
    if (!error)
        read_on(program);
    return error;
}

static void dispose(platen_os_program *program)
{
    close_handle(&program->input);
    close_handle(&program->output);
    close_handle(&program->process);
    close_handle(&program->job);
    close_handle(&program->bell);
    close_handle(&program->write.hEvent);
    close_handle(&program->read.hEvent);
    free(program);
}

uint32_t platen_os_program_start(const struct platen_os_program_setup *setup,
                                 platen_os_program **program)
{
    uint32_t error = platen_os_program_check(setup->path);

    *program = NULL;
    if (error)
        return error;
    platen_os_program *made = calloc(1, sizeof *made);
    if (!made)
        return PLATEN_NOT_ENOUGH_MEMORY;
    error = make(setup, made);
    if (error) {
        dispose(made);
        return error;
    }
    *program = made;
    return 0;
}

/* ---- input and output ---------------------------------------------------------------------- */

/* Has what is on its way arrived? */
static bool is_free(platen_os_program *program)
{
    DWORD count;
    if (!program->writing)
        return true;
    if (!GetOverlappedResult(program->input, &program->write, &count, FALSE)) {
        if (GetLastError() == ERROR_IO_INCOMPLETE)
            return false;
        program->broken = true;
    }
    program->writing = false;
    return true;
}

uint32_t platen_os_program_write(platen_os_program *program, const void *data, uint32_t size,
                                 uint32_t *moved)
{
    *moved = 0;
    if (!is_free(program))
        return 0;
    if (program->broken)
        return PLATEN_BROKEN_PIPE;
    size = size < IN_ROOM ? size : IN_ROOM;
    memcpy(program->in, data, size);
    program->writing = true;
    if (!WriteFile(program->input, program->in, size, NULL, &program->write) &&
        GetLastError() != ERROR_IO_PENDING) {
        program->writing = false;
        program->broken = true;
        return PLATEN_BROKEN_PIPE;
    }
    *moved = size;
    return 0;
}

/* What has come into the buffer, if something has. */
static void take_output(platen_os_program *program)
{
    DWORD count = 0;
    if (!program->reading)
        return;
    bool done = GetOverlappedResult(program->output, &program->read, &count, FALSE);
    if (!done && GetLastError() == ERROR_IO_INCOMPLETE)
        return;
    program->reading = false;
    program->output_ended = !done;
    program->out_begin = 0;
    program->out_end = done ? count : 0;
}

uint32_t platen_os_program_read(platen_os_program *program, void *data, uint32_t size,
                                uint32_t *moved)
{
    *moved = 0;
    take_output(program);
    uint32_t there = program->out_end - program->out_begin;
    if (!there && program->output_ended)
        return PLATEN_HANDLE_EOF;
    *moved = there < size ? there : size;
    memcpy(data, program->out + program->out_begin, *moved);
    program->out_begin += *moved;
    if (!program->reading && program->out_begin == program->out_end)
        read_on(program);
    return 0;
}

uint32_t platen_os_program_close_input(platen_os_program *program)
{
    if (!program->input)
        return 0;
    if (!is_free(program))
        return PLATEN_NOT_READY;
    close_handle(&program->input);
    return 0;
}

/* ---- waiting ------------------------------------------------------------------------------- */

static DWORD milliseconds_until(uint64_t until)
{
    const uint64_t most = 1000000;
    uint64_t now = platen_os_now();
    if (until == PLATEN_OS_FOREVER)
        return (DWORD)most;
    if (now >= until)
        return 0;
    now = (until - now - 1) / MILLISECOND + 1;
    return (DWORD)(now < most ? now : most);
}

static unsigned news_of(platen_os_program *program, unsigned wanted)
{
    unsigned news = 0;
    take_output(program);
    if ((wanted & PLATEN_OS_TAKES_INPUT) && program->input && is_free(program))
        news |= PLATEN_OS_TAKES_INPUT;
    if ((wanted & PLATEN_OS_HAS_OUTPUT) && !program->reading)
        news |= PLATEN_OS_HAS_OUTPUT;
    if ((wanted & PLATEN_OS_HAS_ENDED) && WaitForSingleObject(program->process, 0) == WAIT_OBJECT_0)
        news |= PLATEN_OS_HAS_ENDED;
    return news;
}

static void sleep_on(platen_os_program *program, unsigned wanted, uint64_t until)
{
    HANDLE handles[4] = {program->bell};
    DWORD count = 1;
    if ((wanted & PLATEN_OS_TAKES_INPUT) && program->writing)
        handles[count++] = program->write.hEvent;
    if ((wanted & PLATEN_OS_HAS_OUTPUT) && program->reading)
        handles[count++] = program->read.hEvent;
    if (wanted & PLATEN_OS_HAS_ENDED)
        handles[count++] = program->process;
    WaitForMultipleObjects(count, handles, FALSE, milliseconds_until(until));
}

uint32_t platen_os_program_wait(platen_os_program *program, unsigned wanted, uint64_t until,
                                unsigned *news)
{
    *news = 0;
    for (;;) {
        uint64_t now = platen_os_now();
        if (WaitForSingleObject(program->bell, 0) == WAIT_OBJECT_0)
            return PLATEN_OPERATION_ABORTED;
        *news = news_of(program, wanted);
        if (*news)
            return 0;
        if (now >= until)
            return PLATEN_TIMEOUT;
        sleep_on(program, wanted, until);
    }
}

void platen_os_program_interrupt(platen_os_program *program)
{
    SetEvent(program->bell);
}

/* ---- the end ------------------------------------------------------------------------------- */

uint32_t platen_os_program_result(platen_os_program *program, struct platen_os_program_end *end)
{
    DWORD code;

    *end = (struct platen_os_program_end){0};
    if (WaitForSingleObject(program->process, 0) != WAIT_OBJECT_0)
        return PLATEN_IO_INCOMPLETE;
    if (!GetExitCodeProcess(program->process, &code))
        return platen_os_last_error();
    end->exited = code >> 28 != 0xC; /* an exception's code is what ended it */
    end->status = code;
    end->left_input = !is_free(program) || program->broken;
    return 0;
}

static void call_back(HANDLE file, OVERLAPPED *operation, bool *under_way)
{
    DWORD count;
    if (!*under_way)
        return;
    CancelIoEx(file, operation);
    GetOverlappedResult(file, operation, &count, TRUE);
    *under_way = false;
}

/* A job that is closed ends all that is in it, unless that is taken back. */
static void let_go(platen_os_program *program)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION none = {0};
    SetInformationJobObject(program->job, JobObjectExtendedLimitInformation, &none, sizeof none);
}

void platen_os_program_release(platen_os_program *program, bool end)
{
    if (end) {
        TerminateJobObject(program->job, 137);
        WaitForSingleObject(program->process, LAST_WAIT);
    } else {
        let_go(program);
    }
    call_back(program->input, &program->write, &program->writing);
    call_back(program->output, &program->read, &program->reading);
    dispose(program);
}
