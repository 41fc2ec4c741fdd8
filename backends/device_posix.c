/* SPDX-License-Identifier: MIT */
#include "device_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/error.h"

#define MILLISECOND UINT64_C(1000000)
#define SLICE       (20 * MILLISECOND) /* how often somebody looks whether the job is cancelled */
#define GRACE       (50 * MILLISECOND) /* for what takes no time, unless something is wrong */

enum { MAJOR_LP = 6, MAJOR_USB = 180, USB_PRINTERS = 16 };

/* ---- which node ---------------------------------------------------------------------------- */

/* One line of the kernel's list: "serial /dev/ttyS 4 64-95 serial". */
static bool is_line_of(const char *text, dev_t device)
{
    char type[32];
    unsigned number, first, last;
    int fields = sscanf(text, "%*s %*s %u %u-%u %31s", &number, &first, &last, type);
    if (fields == 2) {
        last = first;
        fields = 2 + sscanf(text, "%*s %*s %*u %*u %31s", type) + 1;
    }
    if (fields != 4 || number != major(device) || minor(device) < first || minor(device) > last)
        return false;
    return strcmp(type, "serial") == 0 || strcmp(type, "pty:slave") == 0;
}

/* Where the kernel shows no list, whatever opens has to be a terminal, which is seen later. */
static bool is_line(dev_t device)
{
    FILE *list = fopen("/proc/tty/drivers", "re");
    char text[256];
    bool found = !list;
    while (!found && fgets(text, sizeof text, list))
        found = is_line_of(text, device);
    if (list)
        fclose(list);
    return found;
}

/* Other USB devices have the same number; where the kernel gives numbers freely, /sys knows. */
static bool is_usb_printer(dev_t device)
{
    char link[64], target[512];
    ssize_t length;
    const char *name;
    if (major(device) != MAJOR_USB)
        return false;
    snprintf(link, sizeof link, "/sys/dev/char/%u:%u", major(device), minor(device));
    length = readlink(link, target, sizeof target - 1);
    if (length < 0)
        return minor(device) < USB_PRINTERS;
    target[length] = 0;
    name = strrchr(target, '/');
    return name && strncmp(name, "/lp", 3) == 0;
}

static uint32_t judge(const struct stat *there, unsigned kinds)
{
    bool fine = S_ISCHR(there->st_mode) &&
                (((kinds & NODE_PRINTER) && major(there->st_rdev) == MAJOR_LP) ||
                 ((kinds & NODE_USB_PRINTER) && is_usb_printer(there->st_rdev)) ||
                 ((kinds & NODE_LINE) && is_line(there->st_rdev)));
    return fine ? 0 : PLATEN_BAD_DEV_TYPE;
}

/* ---- open, on the helper's thread ---------------------------------------------------------- */

/* A node without a device behind it opens with an error, or not at all. */
static uint32_t explain_open(int code)
{
    bool nothing =
        code == ENOENT || code == ENOTDIR || code == ENXIO || code == ENODEV || code == EIO;
    return nothing ? PLATEN_PRINTER_NOT_FOUND : platen_os_error_from(code);
}

/* What was opened is what was judged, or nothing. */
static uint32_t take(const struct node *node)
{
    struct stat there;
    if (fstat(node->fd, &there))
        return platen_os_last_error();
    if (!S_ISCHR(there.st_mode) || there.st_rdev != node->device)
        return PLATEN_BAD_DEV_TYPE;
    if (flock(node->fd, LOCK_EX | LOCK_NB))
        return errno == EWOULDBLOCK ? PLATEN_BUSY : platen_os_last_error();
    return 0;
}

static uint32_t attempt(struct node *node)
{
    struct stat there;
    uint32_t error = stat(node->path, &there) ? explain_open(errno) : judge(&there, node->kinds);

    if (error)
        return error;
    node->device = there.st_rdev;
    node->fd = open(node->path, node->access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (node->fd < 0)
        return explain_open(errno);
    error = take(node);
    if (error) {
        close(node->fd);
        node->fd = -1;
    }
    return error;
}

static void open_task(void *argument)
{
    struct node *node = argument;
    node->error = attempt(node);
}

/* ---- nodes that are being closed ----------------------------------------------------------- */

static pthread_mutex_t leaving_lock = PTHREAD_MUTEX_INITIALIZER;
static struct node *leaving;
static unsigned departures;

static void join_leaving(struct node *node)
{
    pthread_mutex_lock(&leaving_lock);
    node->next = leaving;
    leaving = node;
    pthread_mutex_unlock(&leaving_lock);
}

static void quit_leaving(struct node *node)
{
    pthread_mutex_lock(&leaving_lock);
    struct node **link = &leaving;
    while (*link && *link != node)
        link = &(*link)->next;
    if (*link)
        *link = node->next;
    departures++;
    pthread_mutex_unlock(&leaving_lock);
}

/* Has one of ours the device, or had it one when it was asked for? `seen` is how many had left
 * before. */
static bool is_leaving(dev_t device, unsigned seen)
{
    pthread_mutex_lock(&leaving_lock);
    bool found = departures != seen;
    for (struct node *one = leaving; one && !found; one = one->next)
        found = atomic_load(&one->device) == device;
    pthread_mutex_unlock(&leaving_lock);
    return found;
}

static unsigned count_departures(void)
{
    pthread_mutex_lock(&leaving_lock);
    unsigned count = departures;
    pthread_mutex_unlock(&leaving_lock);
    return count;
}

/* The last who holds the node closes it. */
static void let_go(void *argument)
{
    struct node *node = argument;
    if (atomic_fetch_sub(&node->holders, 1) > 1)
        return;
    if (node->fd >= 0)
        close(node->fd);
    quit_leaving(node);
    if (node->bell != PLATEN_OS_NO_BELL)
        platen_os_bell_destroy(node->bell);
    free(node->owned);
    free(node);
}

/* ---- open and close ------------------------------------------------------------------------ */

static uint32_t make_node(struct node **node, const char *path)
{
    size_t size = strlen(path) + 1;
    struct node *made = calloc(1, sizeof *made + size);
    uint32_t error;

    *node = made;
    if (!made)
        return PLATEN_OUTOFMEMORY;
    memcpy(made->path, path, size);
    made->fd = -1;
    made->holders = 1;
    made->bell = PLATEN_OS_NO_BELL;
    error = platen_os_bell_create(&made->bell);
    return error ? error : platen_os_errand_create("device", &made->helper);
}

static uint32_t wait_for_open(const struct node *node, const struct device_port *port,
                              uint64_t until)
{
    uint32_t error;
    do {
        uint64_t slice = platen_os_now() + SLICE;
        if (atomic_load(&port->cancelled))
            return PLATEN_OPERATION_ABORTED;
        error =
            platen_os_errand_wait(node->helper, PLATEN_OS_NO_BELL, slice < until ? slice : until);
    } while (error == PLATEN_TIMEOUT && platen_os_now() < until);
    return error;
}

static uint32_t try_open(struct node *node, struct device_port *port, uint64_t until)
{
    bool lingers = false;
    for (;;) {
        unsigned seen = count_departures();
        uint32_t error = platen_os_errand_begin(node->helper, open_task, node);
        if (!error)
            error = wait_for_open(node, port, until);
        if (error) /* no time for another look: it is as it was */
            return lingers && error == PLATEN_TIMEOUT ? PLATEN_BUSY : error;
        lingers = node->error == PLATEN_BUSY && is_leaving(node->device, seen);
        atomic_store(&port->lingers, lingers);
        if (!lingers)
            return node->error;
        if (atomic_load(&port->cancelled))
            return PLATEN_OPERATION_ABORTED;
        if (node_pause(node, SLICE, until))
            return PLATEN_BUSY;
    }
}

uint32_t node_open(struct node **node, struct device_port *port, const char *path, unsigned kinds,
                   int access, uint64_t until)
{
    uint64_t least = platen_os_now() + GRACE;
    uint32_t error = make_node(node, path);

    if (!error) {
        (*node)->kinds = kinds;
        (*node)->access = access;
        error = try_open(*node, port, until > least ? until : least);
    }
    if (error && *node) {
        node_close(*node);
        *node = NULL;
    }
    return error;
}

static void do_nothing(void *argument)
{
    (void)argument;
}

static void dismiss(platen_os_errand *errand)
{
    if (errand)
        platen_os_errand_end(errand, do_nothing, NULL, platen_os_now() + GRACE);
}

void node_close(struct node *node)
{
    dismiss(atomic_exchange(&node->spare, NULL));
    join_leaving(node);
    platen_os_errand_end(node->helper, let_go, node, platen_os_now() + GRACE);
}

void node_ring(struct node *node, bool on)
{
    if (on)
        platen_os_bell_ring(node->bell);
    else
        platen_os_bell_hush(node->bell);
}

/* ---- waiting ------------------------------------------------------------------------------- */

uint32_t node_wait(const struct node *node, enum platen_os_readiness readiness, uint64_t until)
{
    return platen_os_socket_wait(node->fd, readiness, node->bell, until);
}

uint32_t node_pause(const struct node *node, uint64_t nanoseconds, uint64_t until)
{
    uint64_t now = platen_os_now();
    uint64_t end = until - now > nanoseconds ? now + nanoseconds : until;
    uint32_t error;
    if (now >= until)
        end = now;
    error = platen_os_socket_wait(PLATEN_OS_NO_SOCKET, PLATEN_OS_READABLE, node->bell, end);
    return error == PLATEN_TIMEOUT && end < until ? 0 : error;
}

uint32_t node_error(int code)
{
    bool gone = code == EIO || code == ENXIO || code == ENODEV || code == EPIPE;
    return gone ? PLATEN_DEVICE_NOT_CONNECTED : platen_os_error_from(code);
}

/* ---- calls that may be stuck --------------------------------------------------------------- */

struct stuck_call {
    struct node *node;
    node_caller call;
    int result;
    size_t size;
    char data[];
};

static void make_call(void *argument)
{
    struct stuck_call *call = argument;
    call->result = call->call(call->node->fd, call->data, call->size);
}

static void free_call(void *argument)
{
    struct stuck_call *call = argument;
    let_go(call->node);
    free(call);
}

static uint32_t get_errand(struct node *node, platen_os_errand **errand)
{
    *errand = atomic_exchange(&node->spare, NULL);
    return *errand ? 0 : platen_os_errand_create("device", errand);
}

/* One is kept for the next call. */
static void put_errand(struct node *node, platen_os_errand *errand)
{
    platen_os_errand *none = NULL;
    if (!atomic_compare_exchange_strong(&node->spare, &none, errand))
        dismiss(errand);
}

uint32_t node_call(struct node *node, node_caller call, void *data, size_t size, bool hears_bell,
                   uint64_t until, int *result)
{
    struct stuck_call *made = calloc(1, sizeof *made + size);
    platen_os_errand *errand;
    uint32_t error = made ? get_errand(node, &errand) : PLATEN_OUTOFMEMORY;

    *result = 0;
    if (error) {
        free(made);
        return error;
    }
    *made = (struct stuck_call){.node = node, .call = call, .size = size};
    memcpy(made->data, data, size);
    atomic_fetch_add(&node->holders, 1);
    error = platen_os_errand_begin(errand, make_call, made);
    if (!error)
        error = platen_os_errand_wait(errand, hears_bell ? node->bell : PLATEN_OS_NO_BELL, until);
    if (error) {
        platen_os_errand_end(errand, free_call, made, 0);
        return error;
    }
    *result = made->result;
    memcpy(data, made->data, size);
    free_call(made);
    put_errand(node, errand);
    return 0;
}
