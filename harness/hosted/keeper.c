/* SPDX-License-Identifier: MIT
 *
 * The keeper: the thread that starts the host and outlives it. A host ends with the thread that
 * started it, where the system sees to that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "hosted/inside.h"
#include "hosted/wine.h"
#include "os/clock.h"
#include "os/error.h"
#include "spooler/carry.h"

#define TOLD        (64u << 10) /* bytes of what it prints that are told */
#define DRAIN       200u        /* milliseconds for what it printed last */
#define MILLISECOND UINT64_C(1000000)
#define SETTLED     16u /* variables of the host's environment */

struct keeper;

struct output {
    struct keeper *keeper;
    uv_pipe_t pipe;
    char line[480];
    size_t used;
    char room[4096];
};

struct keeper {
    struct hosted *hosted;
    const struct hosted_launch *launch; /* while it starts */
    platen_os_thread *thread;
    uv_loop_t loop;
    uv_process_t process;
    struct output outputs[2];
    unsigned open; /* outputs that have not ended */
    uv_async_t wake;
    uv_timer_t watch;
    atomic_bool kill;
    bool stop;    /* under the host's lock: who sees it is woken no more, and may close the loop */
    bool started; /* with failed, under the host's lock */
    int failed;   /* why it was not */
    size_t told;
};

/* ---- what it prints -------------------------------------------------------------------------- */

static void tell_line(struct output *output)
{
    struct keeper *keeper = output->keeper;
    struct hosted *hosted = keeper->hosted;
    char text[sizeof output->line + 100];
    size_t length = output->used;
    output->used = 0;
    while (length > 0 && output->line[length - 1] == '\r') {
        length--;
    }
    bool was_told = keeper->told < TOLD;
    keeper->told += length + 1;
    if (was_told) {
        snprintf(text, sizeof text, "the monitor '%s' prints: %.*s", hosted->name, (int)length,
                 output->line);
        platen_spooler_tell(hosted->spooler, PLATEN_EVENT_LOG, text);
    }
    if (was_told && keeper->told >= TOLD) {
        hosted_find(hosted, "the monitor '%s' prints more than %u bytes; the rest is not shown",
                    hosted->name, TOLD);
    }
}

static void take(struct output *output, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n') {
            tell_line(output);
            continue;
        }
        output->line[output->used++] = bytes[i];
        if (output->used == sizeof output->line) {
            tell_line(output);
        }
    }
}

static void give_room(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct output *output = handle->data;
    (void)wanted;
    *buffer = uv_buf_init(output->room, sizeof output->room);
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct output *output = stream->data;
    if (size > 0) {
        take(output, buffer->base, (size_t)size);
    } else if (size < 0) {
        uv_read_stop(stream);
        output->keeper->open--;
        if (output->used > 0) {
            tell_line(output);
        }
        uv_async_send(&output->keeper->wake);
    }
}

/* ---- the end --------------------------------------------------------------------------------- */

/* With its family, where there are such; what is gone already is not hurt. */
static void kill_all(const struct keeper *keeper)
{
    uv_kill(-(int)keeper->process.pid, SIGKILL);
}

static void on_exit_(uv_process_t *process, int64_t status, int signal)
{
    struct keeper *keeper = process->data;
    struct hosted *hosted = keeper->hosted;
    kill_all(keeper);
    platen_os_mutex_lock(&hosted->lock);
    hosted->exited = true;
    hosted->status = status;
    hosted->signal = signal;
    hosted_lanes_break(hosted);
    platen_os_cond_broadcast(&hosted->changed);
    platen_os_mutex_unlock(&hosted->lock);
    hosted_gone(hosted);
    uv_async_send(&keeper->wake);
}

static void close_one(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle)) {
        uv_close(handle, NULL);
    }
}

static void finish(struct keeper *keeper)
{
    uv_walk(&keeper->loop, close_one, NULL);
}

static void on_drained(uv_timer_t *timer)
{
    finish(timer->data);
}

static void on_wake(uv_async_t *wake)
{
    struct keeper *keeper = wake->data;
    platen_os_mutex_lock(&keeper->hosted->lock);
    bool exited = keeper->hosted->exited;
    bool stop = keeper->stop;
    platen_os_mutex_unlock(&keeper->hosted->lock);
    if (atomic_load(&keeper->kill) && !exited) {
        kill_all(keeper);
        uv_process_kill(&keeper->process, SIGKILL);
    }
    if (!stop || !exited) {
        return;
    }
    if (keeper->open == 0) {
        finish(keeper);
    } else {
        uv_timer_start(&keeper->watch, on_drained, DRAIN, 0);
    }
}

/* ---- the watch ------------------------------------------------------------------------------- */

/* The lane whose call has taken too long, or NULL and when to look again. With the lock held. */
static const struct hosted_lane *find_late(const struct hosted *hosted, uint64_t now,
                                           uint64_t *next)
{
    *next = now + hosted->timeout; /* no call that begins from here on can be late before */
    for (struct hosted_lane *lane = hosted->lanes; lane != NULL; lane = lane->next) {
        uint64_t deadline = atomic_load_explicit(&lane->deadline, memory_order_acquire);
        if (deadline != 0 && deadline <= now) {
            return lane;
        }
        if (deadline != 0 && deadline < *next) {
            *next = deadline;
        }
    }
    return NULL;
}

static void on_watch(uv_timer_t *timer)
{
    struct keeper *keeper = timer->data;
    struct hosted *hosted = keeper->hosted;
    uint64_t now = platen_os_now();
    uint64_t next;
    platen_os_mutex_lock(&hosted->lock);
    const struct hosted_lane *late = hosted->exited ? NULL : find_late(hosted, now, &next);
    bool over = hosted->exited || late != NULL;
    hosted->late = late != NULL ? late : hosted->late;
    platen_os_mutex_unlock(&hosted->lock);
    if (late != NULL) {
        atomic_store(&keeper->kill, true);
        uv_async_send(&keeper->wake);
    }
    if (!over) {
        uv_timer_start(timer, on_watch, (next - now) / MILLISECOND + 1, 0);
    }
}

/* ---- the start ------------------------------------------------------------------------------- */

/* Does the list of "NAME=value" and "NAME" say something of that variable? */
static bool is_settled(char *const *list, const char *name)
{
    size_t length = strlen(name);
    for (; *list != NULL; list++) {
        if (strcspn(*list, "=") == length && strncmp(*list, name, length) == 0) {
            return true;
        }
    }
    return false;
}

static char *join_variable(const uv_env_item_t *item)
{
    size_t size = strlen(item->name) + strlen(item->value) + 2;
    char *text = malloc(size);
    if (text != NULL) {
        snprintf(text, size, "%s=%s", item->name, item->value);
    }
    return text;
}

/* The environment of this process with what `settled` says of it: "NAME=value", or "NAME" for a
 * variable that is to be missing. The first *count are the block's own. */
static char **make_environment(char *const *settled, int *count)
{
    uv_env_item_t *items = NULL;
    int all = 0;
    size_t more = 0;
    *count = 0;
    if (uv_os_environ(&items, &all) != 0) {
        return NULL;
    }
    while (settled[more] != NULL) {
        more++;
    }
    char **list = calloc((size_t)all + more + 1, sizeof *list);
    for (int i = 0; list != NULL && i < all; i++) {
        char *text = is_settled(settled, items[i].name) ? NULL : join_variable(&items[i]);
        if (text != NULL) {
            list[(*count)++] = text;
        }
    }
    for (size_t i = 0, at = (size_t)*count; list != NULL && i < more; i++) {
        if (strchr(settled[i], '=') != NULL) {
            list[at++] = settled[i];
        }
    }
    uv_os_free_environ(items, all);
    return list;
}

static void free_environment(char **list, int count)
{
    for (int i = 0; list != NULL && i < count; i++) {
        free(list[i]);
    }
    free(list);
}

/* "NAME=folder" in `room`, for a host that works in a folder of its own; NULL otherwise. */
static char *lead_there(char *room, size_t size, const char *name, const char *folder)
{
    int length = folder == NULL ? 0 : snprintf(room, size, "%s=%s", name, folder);
    return length > 0 && (size_t)length < size ? room : NULL;
}

/* Behind what is there: what the launch and Wine want. A host with a folder of its own is one that
 * judges: there memory that was freed, or never written, holds nothing that somebody could use by
 * mistake (glibc's own variable; other systems do not know it). */
static void settle(char **settled, const struct hosted_launch *launch, const struct hosted *hosted)
{
    static char forgets[] = "PLATEN_HOST_FORGETS=1";
    static char disturbs[] = "MALLOC_PERTURB_=165";
    char **wine = launch->under_wine ? platen_wine_environment() : NULL;
    size_t used = 0;
    while (settled[used] != NULL) {
        used++;
    }
    if (hosted->forget_init) {
        settled[used++] = forgets;
    }
    if (hosted->work != NULL && !launch->under_wine) {
        settled[used++] = disturbs;
    }
    if (launch->folders != NULL) {
        settled[used++] = launch->folders;
    }
    for (; wine != NULL && *wine != NULL && used + 1 < SETTLED; wine++) {
        settled[used++] = *wine;
    }
}

static int spawn(struct keeper *keeper)
{
    const struct hosted_launch *launch = keeper->launch;
    const char *work = launch->under_wine ? NULL : keeper->hosted->work;
    char back[80]; /* the way back to us */
    char home[1024];
    char temporary[1024];
    char *settled[SETTLED] = {back, lead_there(home, sizeof home, "HOME", work),
                              lead_there(temporary, sizeof temporary, "TMPDIR", work)};
    int count;
    char *wine = launch->under_wine ? (char *)(uintptr_t)platen_wine_program() : NULL;
    char *arguments[] = {wine != NULL ? wine : launch->program,
                         wine != NULL ? launch->program : NULL, NULL};
    uv_stdio_container_t streams[] = {
        {.flags = UV_IGNORE},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = (uv_stream_t *)&keeper->outputs[0].pipe},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = (uv_stream_t *)&keeper->outputs[1].pipe},
    };
    snprintf(back, sizeof back, "PLATEN_HOST=%u %s", (unsigned)keeper->hosted->port,
             keeper->hosted->token);
    settle(settled, launch, keeper->hosted);
    char **environment = make_environment(settled, &count);
    uv_process_options_t options = {
        .exit_cb = on_exit_,
        .file = arguments[0],
        .args = arguments,
        .env = environment,
        .cwd = keeper->hosted->work != NULL ? keeper->hosted->work
               : wine != NULL               ? platen_wine_folder()
                                            : NULL,
        .flags = UV_PROCESS_DETACHED | UV_PROCESS_WINDOWS_HIDE,
        .stdio_count = 3,
        .stdio = streams,
    };
    keeper->process.data = keeper;
    int failed =
        environment == NULL ? UV_ENOMEM : uv_spawn(&keeper->loop, &keeper->process, &options);
    free_environment(environment, count);
    return failed;
}

static void begin(struct keeper *keeper)
{
    uv_async_init(&keeper->loop, &keeper->wake, on_wake);
    keeper->wake.data = keeper;
    uv_timer_init(&keeper->loop, &keeper->watch);
    keeper->watch.data = keeper;
    for (unsigned i = 0; i < 2; i++) {
        uv_pipe_init(&keeper->loop, &keeper->outputs[i].pipe, 0);
        keeper->outputs[i].keeper = keeper;
        keeper->outputs[i].pipe.data = &keeper->outputs[i];
    }
    keeper->failed = spawn(keeper);
    for (unsigned i = 0; keeper->failed == 0 && i < 2; i++) {
        uv_stream_t *stream = (uv_stream_t *)&keeper->outputs[i].pipe;
        keeper->open += uv_read_start(stream, give_room, on_read) == 0;
    }
    if (keeper->failed == 0 && keeper->hosted->timeout != PLATEN_FOREVER) {
        on_watch(&keeper->watch);
    }
}

static void run(void *argument)
{
    struct keeper *keeper = argument;
    struct hosted *hosted = keeper->hosted;
    bool looping = uv_loop_init(&keeper->loop) == 0;
    if (looping) {
        begin(keeper);
    } else {
        keeper->failed = UV_ENOMEM;
    }
    platen_os_mutex_lock(&hosted->lock);
    keeper->started = true;
    hosted->exited = keeper->failed != 0;
    platen_os_cond_broadcast(&hosted->changed);
    platen_os_mutex_unlock(&hosted->lock);
    if (looping && keeper->failed != 0) {
        finish(keeper);
    }
    if (looping) {
        uv_run(&keeper->loop, UV_RUN_DEFAULT);
        uv_loop_close(&keeper->loop);
    }
}

uint32_t hosted_keeper_start(struct hosted *hosted, const struct hosted_launch *launch,
                             char **complaint)
{
    struct keeper *keeper = calloc(1, sizeof *keeper);
    uint32_t error = keeper == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;
    if (error == 0) {
        keeper->hosted = hosted;
        keeper->launch = launch;
        error = platen_os_thread_start(&keeper->thread, "host's keeper", 0, run, keeper);
    }
    if (error != 0) {
        free(keeper);
        return error;
    }
    hosted->keeper = keeper;
    platen_os_mutex_lock(&hosted->lock);
    while (!keeper->started) {
        platen_os_cond_wait(&hosted->changed, &hosted->lock);
    }
    platen_os_mutex_unlock(&hosted->lock);
    if (keeper->failed == 0) {
        return 0;
    }
    *complaint = hosted_complain("the host '%s' cannot be started: %s", launch->program,
                                 uv_strerror(keeper->failed));
    return keeper->failed == UV_ENOENT ? PLATEN_FILE_NOT_FOUND : PLATEN_GEN_FAILURE;
}

/* ---- from other threads ---------------------------------------------------------------------- */

void hosted_keeper_kill(struct hosted *hosted)
{
    atomic_store(&hosted->keeper->kill, true);
    platen_os_mutex_lock(&hosted->lock);
    if (!hosted->exited) {
        uv_async_send(&hosted->keeper->wake);
    }
    platen_os_mutex_unlock(&hosted->lock);
}

bool hosted_keeper_wait(struct hosted *hosted, uint64_t until)
{
    bool waiting = true;
    platen_os_mutex_lock(&hosted->lock);
    while (!hosted->exited && waiting) {
        waiting = platen_os_cond_wait_until(&hosted->changed, &hosted->lock, until);
    }
    bool exited = hosted->exited;
    platen_os_mutex_unlock(&hosted->lock);
    return exited;
}

void hosted_keeper_stop(struct hosted *hosted)
{
    struct keeper *keeper = hosted->keeper;
    if (keeper == NULL) {
        return;
    }
    platen_os_mutex_lock(&hosted->lock);
    keeper->stop = true;
    if (keeper->failed == 0) {
        uv_async_send(&keeper->wake);
    }
    platen_os_mutex_unlock(&hosted->lock);
    platen_os_thread_join(keeper->thread);
    free(keeper);
    hosted->keeper = NULL;
}
