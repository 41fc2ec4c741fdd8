/* SPDX-License-Identifier: MIT
 *
 * The reading end of the input stays open on our side: so a write to a program that is gone raises
 * no SIGPIPE, and what it left unread can be counted.
 */
#include "os/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/error.h"
#include "path.h"

#define MILLISECOND UINT64_C(1000000)
#define LAST_LOOK   (20 * MILLISECOND) /* between two looks where the system tells nobody */
#define LAST_WAIT   (1000 * MILLISECOND)

extern char **environ;

struct platen_os_program {
    pid_t id;
    int input; /* we write here; -1: closed */
    int kept;  /* its other end, from which the program reads */
    int output;
    int life; /* becomes readable when the program ends; -1: the system has no such thing */
    int bell;
    bool ended; /* seen; it is still to be waited for */
};

/* ---- start --------------------------------------------------------------------------------- */

uint32_t platen_os_program_check(const char *path)
{
    struct stat about;
    if (stat(path, &about))
        return platen_os_path_error(path);
    if (!S_ISREG(about.st_mode))
        return PLATEN_BAD_DEV_TYPE;
    return access(path, X_OK) ? platen_os_last_error() : 0;
}

static bool is_hidden(const char *variable, const char *hidden)
{
    return hidden && strncmp(variable, hidden, strlen(hidden)) == 0;
}

static size_t count_texts(const char *const *texts)
{
    size_t count = 0;
    while (texts && texts[count])
        count++;
    return count;
}

/* Borrows all texts. */
static char **make_environment(const struct platen_os_program_setup *setup)
{
    size_t more = count_texts(setup->environment), used = 0;
    size_t ours = count_texts((const char *const *)(uintptr_t)environ);
    char **made = calloc(ours + more + 1, sizeof *made);

    for (size_t i = 0; made && i < ours; i++)
        if (!is_hidden(environ[i], setup->hidden))
            made[used++] = environ[i];
    for (size_t i = 0; made && i < more; i++)
        made[used++] = (char *)(uintptr_t)setup->environment[i];
    return made;
}

static char **make_arguments(const struct platen_os_program_setup *setup)
{
    size_t count = count_texts(setup->arguments);
    char **made = calloc(count + 2, sizeof *made);

    if (!made)
        return NULL;
    made[0] = (char *)(uintptr_t)setup->path;
    for (size_t i = 0; i < count; i++)
        made[i + 1] = (char *)(uintptr_t)setup->arguments[i];
    return made;
}

/* Above the three streams, where the program's ends do not come into each other's way. */
static int lift(int fd)
{
    int lifted = fd;
    if (fd >= 0 && fd <= STDERR_FILENO) {
        lifted = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        close(fd);
    }
    return lifted;
}

struct ends {
    int ours;
    int theirs;
};

static bool make_pipe(struct ends *ends, bool reading)
{
    int both[2];
    if (pipe2(both, O_CLOEXEC))
        return false;
    ends->ours = lift(both[reading ? 0 : 1]);
    ends->theirs = lift(both[reading ? 1 : 0]);
    return ends->ours >= 0 && ends->theirs >= 0 && fcntl(ends->ours, F_SETFL, O_NONBLOCK) == 0;
}

static int arrange_files(posix_spawn_file_actions_t *files, const char *folder, int input,
                         int output)
{
    int code = posix_spawn_file_actions_adddup2(files, input, STDIN_FILENO);
    if (!code)
        code = posix_spawn_file_actions_adddup2(files, output, STDOUT_FILENO);
    if (!code)
        code = posix_spawn_file_actions_adddup2(files, output, STDERR_FILENO);
    if (!code)
        code = posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
    if (!code && folder)
        code = posix_spawn_file_actions_addchdir_np(files, folder);
    return code;
}

/* A family of its own, and signals as a program expects them, whatever this process does with its
 * own. */
static int arrange_signals(posix_spawnattr_t *attributes)
{
    const short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    int code = posix_spawnattr_setpgroup(attributes, 0);
    if (!code)
        code = posix_spawnattr_setsigmask(attributes, &none);
    if (!code)
        code = posix_spawnattr_setsigdefault(attributes, &all);
    return code ? code : posix_spawnattr_setflags(attributes, flags);
}

static int spawn(const struct platen_os_program_setup *setup, char **arguments, char **environment,
                 const struct ends pipes[2], pid_t *id)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int code = posix_spawn_file_actions_init(&files);

    if (code)
        return code;
    code = posix_spawnattr_init(&attributes);
    if (!code) {
        code = arrange_files(&files, setup->folder, pipes[0].theirs, pipes[1].theirs);
        if (!code)
            code = arrange_signals(&attributes);
        if (!code)
            code = posix_spawn(id, setup->path, &files, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    return code;
}

/* The folder, where it is that which is missing: spawn's one number is about the program or it. */
static uint32_t explain_start(const struct platen_os_program_setup *setup, int code)
{
    struct stat about;
    if (setup->folder && (stat(setup->folder, &about) || !S_ISDIR(about.st_mode)))
        return PLATEN_PATH_NOT_FOUND;
    return platen_os_error_from(code);
}

static uint32_t start(const struct platen_os_program_setup *setup, const struct ends pipes[2],
                      pid_t *id)
{
    char **arguments = make_arguments(setup);
    char **environment = make_environment(setup);
    uint32_t error = PLATEN_NOT_ENOUGH_MEMORY;

    if (arguments && environment) {
        int code = spawn(setup, arguments, environment, pipes, id);
        error = code ? explain_start(setup, code) : 0;
    }
    free(arguments);
    free(environment);
    return error;
}

static void close_file(int fd)
{
    if (fd >= 0)
        close(fd);
}

/* After this the pipes' ends belong to the program. */
static void take_up(platen_os_program *program, struct ends pipes[2])
{
    program->input = pipes[0].ours;
    program->kept = pipes[0].theirs;
    program->output = pipes[1].ours;
    program->life = (int)syscall(SYS_pidfd_open, program->id, 0);
    pipes[0] = (struct ends){-1, -1};
    pipes[1].ours = -1;
}

static uint32_t make(const struct platen_os_program_setup *setup, platen_os_program *program)
{
    struct ends pipes[2] = {{-1, -1}, {-1, -1}};
    uint32_t error = 0;

    program->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (program->bell < 0 || !make_pipe(&pipes[0], false) || !make_pipe(&pipes[1], true))
        error = platen_os_last_error();
    if (!error)
        error = start(setup, pipes, &program->id);
    if (!error)
        take_up(program, pipes);
    else
        close_file(program->bell);
    for (int i = 0; i < 2; i++) {
        close_file(pipes[i].ours);
        close_file(pipes[i].theirs);
    }
    return error;
}

/* ---- those that could not be ended ----------------------------------------------------------- */

enum { STRAYS = 64 };

static _Atomic pid_t strays[STRAYS];
static atomic_flag gathering = ATOMIC_FLAG_INIT;

/* Waits for those that have ended since. */
static void gather_strays(void)
{
    if (atomic_flag_test_and_set(&gathering))
        return;
    for (size_t i = 0; i < STRAYS; i++) {
        pid_t id = atomic_load(&strays[i]);
        if (id && waitpid(id, NULL, WNOHANG) != 0)
            atomic_store(&strays[i], 0);
    }
    atomic_flag_clear(&gathering);
}

static void add_stray(pid_t id)
{
    for (size_t i = 0; i < STRAYS; i++) {
        pid_t nobody = 0;
        if (atomic_compare_exchange_strong(&strays[i], &nobody, id))
            return;
    }
}

uint32_t platen_os_program_start(const struct platen_os_program_setup *setup,
                                 platen_os_program **program)
{
    uint32_t error = platen_os_program_check(setup->path);

    *program = NULL;
    if (error)
        return error;
    gather_strays();
    platen_os_program *made = calloc(1, sizeof *made);
    if (!made)
        return PLATEN_NOT_ENOUGH_MEMORY;
    error = make(setup, made);
    if (error) {
        free(made);
        return error;
    }
    *program = made;
    return 0;
}

/* ---- input and output ------------------------------------------------------------------------ */

uint32_t platen_os_program_write(platen_os_program *program, const void *data, uint32_t size,
                                 uint32_t *moved)
{
    ssize_t count;
    *moved = 0;
    do
        count = write(program->input, data, size);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return errno == EAGAIN ? 0 : platen_os_last_error();
    *moved = (uint32_t)count;
    return 0;
}

uint32_t platen_os_program_read(platen_os_program *program, void *data, uint32_t size,
                                uint32_t *moved)
{
    ssize_t count;
    *moved = 0;
    do
        count = program->output < 0 ? 0 : read(program->output, data, size);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return errno == EAGAIN ? 0 : platen_os_last_error();
    if (count == 0) {
        close_file(program->output);
        program->output = -1;
        return PLATEN_HANDLE_EOF;
    }
    *moved = (uint32_t)count;
    return 0;
}

uint32_t platen_os_program_close_input(platen_os_program *program)
{
    close_file(program->input);
    program->input = -1;
    return 0;
}

/* ---- waiting --------------------------------------------------------------------------------- */

/* If somebody else has waited for it (a host that takes all its children), nobody knows how it
 * ended. */
static uint32_t look(platen_os_program *program, siginfo_t *about)
{
    int code;
    *about = (siginfo_t){0};
    do
        code = waitid(P_PID, (id_t)program->id, about, WEXITED | WNOHANG | WNOWAIT);
    while (code && errno == EINTR);
    program->ended = program->ended || code || about->si_pid == program->id;
    return code ? platen_os_last_error() : 0;
}

static bool has_ended(platen_os_program *program)
{
    siginfo_t about;
    if (!program->ended)
        look(program, &about);
    return program->ended;
}

/* Rounded up: a moment too early would make callers spin. */
static int milliseconds_until(uint64_t until)
{
    const uint64_t most = 1000000;
    uint64_t now = platen_os_now();
    if (until == PLATEN_OS_FOREVER)
        return (int)most;
    if (now >= until)
        return 0;
    now = (until - now - 1) / MILLISECOND + 1;
    return (int)(now < most ? now : most);
}

enum { BELL, INPUT, OUTPUT, LIFE, WATCHED };

static unsigned news_of(platen_os_program *program, const struct pollfd watched[WATCHED],
                        unsigned wanted)
{
    unsigned news = 0;
    if (watched[INPUT].revents)
        news |= PLATEN_OS_TAKES_INPUT;
    if (watched[OUTPUT].revents)
        news |= PLATEN_OS_HAS_OUTPUT;
    if ((wanted & PLATEN_OS_HAS_ENDED) && has_ended(program))
        news |= PLATEN_OS_HAS_ENDED;
    return news;
}

/* One look, which may last until the moment. */
static uint32_t watch(platen_os_program *program, unsigned wanted, uint64_t until, unsigned *news)
{
    struct pollfd watched[WATCHED] = {
        [BELL] = {program->bell, POLLIN, 0},
        [INPUT] = {wanted & PLATEN_OS_TAKES_INPUT ? program->input : -1, POLLOUT, 0},
        [OUTPUT] = {wanted & PLATEN_OS_HAS_OUTPUT ? program->output : -1, POLLIN, 0},
        [LIFE] = {wanted & PLATEN_OS_HAS_ENDED ? program->life : -1, POLLIN, 0},
    };
    if (poll(watched, WATCHED, milliseconds_until(until)) < 0 && errno != EINTR)
        return platen_os_last_error();
    if (watched[BELL].revents)
        return PLATEN_OPERATION_ABORTED;
    *news = news_of(program, watched, wanted);
    return 0;
}

uint32_t platen_os_program_wait(platen_os_program *program, unsigned wanted, uint64_t until,
                                unsigned *news)
{
    const bool untold = (wanted & PLATEN_OS_HAS_ENDED) && program->life < 0;
    *news = 0;
    for (;;) {
        uint64_t now = platen_os_now(), stop = until;
        if (program->ended && (wanted & PLATEN_OS_HAS_ENDED))
            stop = now;
        else if (untold && until > now + LAST_LOOK)
            stop = now + LAST_LOOK;
        uint32_t error = watch(program, wanted, stop, news);
        if (error || *news)
            return error;
        if (now >= until)
            return PLATEN_TIMEOUT;
    }
}

void platen_os_program_interrupt(platen_os_program *program)
{
    int before = errno;
    eventfd_write(program->bell, 1);
    errno = before;
}

/* ---- the end --------------------------------------------------------------------------------- */

uint32_t platen_os_program_result(platen_os_program *program, struct platen_os_program_end *end)
{
    siginfo_t about;
    int unread = 0;
    uint32_t error = look(program, &about);

    *end = (struct platen_os_program_end){0};
    if (!program->ended)
        return PLATEN_IO_INCOMPLETE;
    end->exited = !error && about.si_code == CLD_EXITED;
    end->status = error ? 0 : (uint32_t)about.si_status;
    end->left_input = ioctl(program->kept, FIONREAD, &unread) == 0 && unread > 0;
    return 0;
}

/* The group cannot be another one: until it is waited for, the program keeps its number. */
static void end_family(platen_os_program *program)
{
    uint64_t until = platen_os_now() + LAST_WAIT;
    unsigned news;
    kill(-program->id, SIGKILL);
    eventfd_t count;
    eventfd_read(program->bell, &count); /* nobody interrupts this */
    platen_os_program_wait(program, PLATEN_OS_HAS_ENDED, until, &news);
}

void platen_os_program_release(platen_os_program *program, bool end)
{
    if (end)
        end_family(program);
    if (waitpid(program->id, NULL, WNOHANG) == 0)
        add_stray(program->id);
    close_file(program->input);
    close_file(program->kept);
    close_file(program->output);
    close_file(program->life);
    close_file(program->bell);
    free(program);
}
