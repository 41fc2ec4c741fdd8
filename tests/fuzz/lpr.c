/* SPDX-License-Identifier: MIT
 *
 * What an LPR server answers, and how its connection behaves: the input decides, a byte for each
 * time that something is asked of the socket. What we say is a dialog of RFC 1179 whatever happens,
 * nothing is said before its turn, and a job is printed only if the server has all of it and has
 * said so. Time passes only where the input lets a wait come to its end.
 *
 * The input: four bytes (how the port is, how large the job is, how it is written, how long its
 * title is), the title, and what happens.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/backend.h>

#include "fuzz.h"
#include "os/clock.h"
#include "os/socket.h"

#define SECOND UINT64_C(1000000000)
#define SOCKET 7777 /* nothing is asked of the system */

extern const struct platen_backend platen_backend_lpr;

enum {
    STREAM = 1,
    DATA_FIRST = 2,
    BANNER = 4,
    PLAIN = 8,
    UNCOUNTED = 16,
    ABANDON = 32,
    CANCEL = 64
};
enum { LOST = 0xFF, NOTHING = 0xFE, ENDED = 0xFD };
enum { TURNS = 5, MOST = 5000, MOST_SAID = 16384, MOST_LINE = 300 };

static struct {
    const uint8_t *at, *end; /* what happens */
    uint64_t now;
    bool connected;
    unsigned connections;
    bool closed; /* our side */

    /* On this connection. */
    uint8_t said[MOST_SAID];
    size_t size;
    unsigned yes;      /* answers that were 0 */
    bool refused;      /* another one came before the last turn */
    bool acknowledged; /* the other system has all, the end included */
} wire;

static uint8_t job[MOST];

/* What happens next; `quiet` at the end of the input. */
static uint8_t next(uint8_t quiet)
{
    return wire.at < wire.end ? *wire.at++ : quiet;
}

/* ---- the seam's functions -------------------------------------------------------------------- */

uint64_t __wrap_platen_os_now(void);
uint64_t __wrap_platen_os_now(void)
{
    return wire.now;
}

uint32_t __wrap_platen_os_socket_connect(const struct platen_os_address *to, platen_os_bell bell,
                                         uint64_t until, platen_os_socket *socket);
uint32_t __wrap_platen_os_socket_connect(const struct platen_os_address *to, platen_os_bell bell,
                                         uint64_t until, platen_os_socket *socket)
{
    bool refused = next(0) == LOST;
    FUZZ_ASSERT(!wire.connected && to->size > 0 && bell != PLATEN_OS_NO_BELL && until > 0);
    *socket = refused ? PLATEN_OS_NO_SOCKET : SOCKET;
    wire.connected = !refused;
    wire.connections += !refused;
    wire.closed = false;
    wire.refused = wire.acknowledged = false;
    wire.size = wire.yes = 0;
    return refused ? PLATEN_CONNECTION_REFUSED : 0;
}

void __wrap_platen_os_socket_close(platen_os_socket socket, bool reset);
void __wrap_platen_os_socket_close(platen_os_socket socket, bool reset)
{
    (void)reset;
    FUZZ_ASSERT(socket == SOCKET && wire.connected);
    wire.connected = false;
}

uint32_t __wrap_platen_os_socket_send(platen_os_socket socket, const void *data, uint32_t size,
                                      uint32_t *moved);
uint32_t __wrap_platen_os_socket_send(platen_os_socket socket, const void *data, uint32_t size,
                                      uint32_t *moved)
{
    uint8_t what = next(0);
    FUZZ_ASSERT(socket == SOCKET && wire.connected && !wire.closed && size > 0);
    *moved = 0;
    if (what == LOST) {
        return PLATEN_NETNAME_DELETED;
    }
    if (what != NOTHING) {
        *moved = what == 0 || what > size ? size : what;
    }
    FUZZ_ASSERT(*moved <= sizeof wire.said - wire.size);
    memcpy(wire.said + wire.size, data, *moved);
    wire.size += *moved;
    return 0;
}

uint32_t __wrap_platen_os_socket_receive(platen_os_socket socket, void *data, uint32_t size,
                                         uint32_t *moved);
uint32_t __wrap_platen_os_socket_receive(platen_os_socket socket, void *data, uint32_t size,
                                         uint32_t *moved)
{
    uint8_t what = next(ENDED);
    FUZZ_ASSERT(socket == SOCKET && wire.connected && size > 0);
    *moved = 0;
    if (what == LOST) {
        return PLATEN_NETNAME_DELETED;
    }
    if (what == ENDED) {
        return PLATEN_HANDLE_EOF;
    }
    if (what != NOTHING) {
        *(uint8_t *)data = what;
        *moved = 1;
        wire.yes += what == 0;
        wire.refused = wire.refused || (what != 0 && wire.yes < TURNS);
    }
    return 0;
}

/* A wait that comes to nothing takes its time. */
uint32_t __wrap_platen_os_socket_wait(platen_os_socket socket, enum platen_os_readiness readiness,
                                      platen_os_bell bell, uint64_t until);
uint32_t __wrap_platen_os_socket_wait(platen_os_socket socket, enum platen_os_readiness readiness,
                                      platen_os_bell bell, uint64_t until)
{
    bool over = next(1) == 0;
    FUZZ_ASSERT((socket == SOCKET && wire.connected) || socket == PLATEN_OS_NO_SOCKET);
    FUZZ_ASSERT(readiness != 0 && bell != PLATEN_OS_NO_BELL && until != PLATEN_OS_FOREVER);
    over = over || socket == PLATEN_OS_NO_SOCKET;
    if (over && wire.now < until) {
        wire.now = until;
    }
    wire.now++;
    return over ? PLATEN_TIMEOUT : 0;
}

uint32_t __wrap_platen_os_socket_half_close(platen_os_socket socket);
uint32_t __wrap_platen_os_socket_half_close(platen_os_socket socket)
{
    FUZZ_ASSERT(socket == SOCKET && wire.connected && !wire.closed);
    wire.closed = true;
    return next(0) == LOST ? PLATEN_BROKEN_PIPE : 0;
}

uint32_t __wrap_platen_os_socket_unacknowledged(platen_os_socket socket,
                                                const struct platen_os_address *peer,
                                                uint32_t *bytes);
uint32_t __wrap_platen_os_socket_unacknowledged(platen_os_socket socket,
                                                const struct platen_os_address *peer,
                                                uint32_t *bytes)
{
    uint8_t what = next(0);
    FUZZ_ASSERT(socket == SOCKET && wire.connected && wire.closed && peer->size > 0);
    *bytes = what == LOST ? 0 : what;
    wire.acknowledged = what == 0;
    return what == LOST ? PLATEN_NETNAME_DELETED : 0;
}

/* ---- what was said --------------------------------------------------------------------------- */

struct dialog {
    const uint8_t *at, *end;
    unsigned turns; /* that were said whole */
    bool job_whole;
};

/* A line that begins so, up to its end; false if it is not there yet. */
static bool take_line(struct dialog *said, char first, char line[MOST_LINE])
{
    const uint8_t *end = memchr(said->at, '\n', (size_t)(said->end - said->at));
    size_t length;
    FUZZ_ASSERT(said->at == said->end || *said->at == (uint8_t)first);
    if (end == NULL) {
        return false;
    }
    length = (size_t)(end - said->at);
    FUZZ_ASSERT(length > 1 && length < MOST_LINE);
    memcpy(line, said->at, length);
    line[length] = '\0';
    FUZZ_ASSERT(strlen(line) == length); /* no zeros */
    said->at = end + 1;
    said->turns++;
    return true;
}

/* Every line is a letter and a text that says nothing to a terminal, and of each letter but those
 * of the file there is one. */
static void check_control(const uint8_t *text, size_t size)
{
    char seen[32] = "";
    for (size_t i = 0; i < size; i++) {
        char letter[2] = {(char)text[i], '\0'};
        FUZZ_ASSERT(strchr("HPJCLlUN", text[i]) != NULL && strstr(seen, letter) == NULL);
        strcat(seen, letter);
        for (i++; i < size && text[i] != '\n'; i++) {
            FUZZ_ASSERT(text[i] >= 0x20 && text[i] != 0x7F);
        }
        FUZZ_ASSERT(i < size);
    }
    FUZZ_ASSERT(strchr(seen, 'H') != NULL && strchr(seen, 'l') != NULL &&
                strchr(seen, 'U') != NULL);
}

/* So many bytes of a file and a zero. */
static bool take_file(struct dialog *said, size_t size, const uint8_t **bytes)
{
    *bytes = said->at;
    if ((size_t)(said->end - said->at) < size + 1) {
        return false;
    }
    FUZZ_ASSERT(said->at[size] == 0);
    said->at += size + 1;
    said->turns++;
    return true;
}

static bool take_control(struct dialog *said)
{
    char line[MOST_LINE];
    const uint8_t *bytes;
    size_t size;
    if (!take_line(said, 2, line)) {
        return false;
    }
    size = strtoul(line + 1, NULL, 10);
    FUZZ_ASSERT(size > 0 && size < 1024 && strstr(line, " cfA") != NULL);
    if (!take_file(said, size, &bytes)) {
        return false;
    }
    check_control(bytes, size);
    return true;
}

static bool take_job(struct dialog *said, size_t size, bool stream)
{
    char line[MOST_LINE];
    const uint8_t *bytes;
    size_t left;
    if (!take_line(said, 3, line)) {
        return false;
    }
    FUZZ_ASSERT(strstr(line, " dfA") != NULL);
    FUZZ_ASSERT(stream || strtoul(line + 1, NULL, 10) == size);
    left = (size_t)(said->end - said->at);
    FUZZ_ASSERT(left <= size || !stream);
    FUZZ_ASSERT(memcmp(said->at, job, left < size ? left : size) == 0);
    said->job_whole = left >= size;
    if (stream) {
        said->at = said->end;
        return false;
    }
    return take_file(said, size, &bytes);
}

/* Is what was said a beginning of a job? Did nothing of it come before its turn? */
static struct dialog read_dialog(size_t size, unsigned manner)
{
    struct dialog said = {.at = wire.said, .end = wire.said + wire.size};
    bool stream = manner & STREAM, more;
    char line[MOST_LINE];
    more = take_line(&said, 2, line);
    FUZZ_ASSERT(!more || strcmp(line + 1, "queue") == 0);
    if (more && (manner & DATA_FIRST)) {
        more = take_job(&said, size, stream) && take_control(&said);
    } else if (more) {
        more = take_control(&said) && take_job(&said, size, stream);
    }
    FUZZ_ASSERT(!more || said.at == said.end);
    /* The turn that is under way has begun when all before it were answered. */
    FUZZ_ASSERT(said.turns + (said.at < said.end) <= wire.yes + 1);
    return said;
}

/* ---- a job ----------------------------------------------------------------------------------- */

static uint64_t now(struct platen_clock *clock)
{
    (void)clock;
    return wire.now;
}

static void wait_for(struct platen_clock *clock, const uint32_t *word, uint32_t seen,
                     uint64_t until)
{
    (void)clock;
    (void)word;
    (void)seen;
    wire.now = wire.now < until ? until : wire.now;
}

static void wake(struct platen_clock *clock, const uint32_t *word)
{
    (void)clock;
    (void)word;
}

static void say(void *context, enum platen_log_level level, const char *text)
{
    (void)context;
    (void)level;
    FUZZ_ASSERT(strlen(text) < 400);
}

static uint32_t write_all(void *port, size_t size, size_t piece, unsigned manner)
{
    const struct platen_backend *lpr = &platen_backend_lpr;
    uint32_t error = 0, moved;
    for (size_t done = 0; !error && done < size; done += moved) {
        size_t left = size - done;
        if ((manner & CANCEL) && done >= size / 2) {
            lpr->cancel(port);
        }
        error = lpr->write(port, job + done, (uint32_t)(piece < left ? piece : left),
                           wire.now + SECOND, &moved);
        FUZZ_ASSERT(moved <= piece && moved <= left && (moved > 0 || error != 0));
        FUZZ_ASSERT(!(manner & CANCEL) || done < size / 2 || error == PLATEN_OPERATION_ABORTED);
    }
    return error;
}

static uint32_t end(void *port, unsigned manner, bool failed)
{
    const struct platen_backend *lpr = &platen_backend_lpr;
    bool abandoned = failed || (manner & ABANDON);
    uint32_t error = abandoned ? 0 : PLATEN_IO_PENDING, ended;
    while (error == PLATEN_IO_PENDING) {
        error = lpr->drain(port, wire.now + SECOND);
    }
    ended = lpr->end_doc(port, abandoned || error != 0, wire.now + SECOND);
    return error != 0 ? error : ended;
}

static void print(void *port, const struct platen_doc *doc, size_t size, size_t piece,
                  unsigned manner)
{
    uint32_t error = platen_backend_lpr.start_doc(port, doc, wire.now + SECOND);
    if (error == 0) {
        error = write_all(port, size, piece, manner);
        uint32_t ended = end(port, manner, error != 0);
        error = error != 0 ? error : ended;
    }
    FUZZ_ASSERT(!wire.connected);
    struct dialog said = read_dialog(size, manner);
    if (error != 0 || (manner & ABANDON)) {
        return;
    }
    if (manner & STREAM) {
        FUZZ_ASSERT(said.job_whole && wire.acknowledged && wire.yes >= TURNS - 1);
    } else if (size > 0) {
        FUZZ_ASSERT(said.turns == TURNS && wire.yes >= TURNS && !wire.refused);
    }
}

static const char *value(const struct platen_setting *setting, unsigned manner)
{
    static const struct {
        unsigned bit;
        const char *key;
        const char *value;
    } others[] = {
        {STREAM, "mode", "stream"}, {DATA_FIRST, "order", "data,control"},
        {BANNER, "banner", "1"},    {PLAIN, "sanitize_title", "1"},
        {UNCOUNTED, "count", "0"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if ((manner & others[i].bit) && strcmp(setting->key, others[i].key) == 0) {
            return others[i].value;
        }
    }
    if (setting->type == PLATEN_SETTING_BOOL) {
        return "0";
    }
    return setting->default_value;
}

/* What the server does in the first job may still be going on in the second. */
static void print_twice(const struct platen_port_setup *setup, const char *title,
                        const uint8_t *how)
{
    struct platen_doc doc = {.size = sizeof doc,
                             .job_id = how[1],
                             .printer = "P",
                             .name = title,
                             .user = title,
                             .machine = title};
    size_t size = (size_t)how[1] * how[1] % MOST, piece = 1 + (size_t)how[2] * 16;
    void *port = calloc(1, platen_backend_lpr.state_size);
    FUZZ_ASSERT(port != NULL && platen_backend_lpr.open(port, setup) == 0);
    print(port, &doc, size, piece, how[0]);
    print(port, &doc, size, piece, how[0] & ~(unsigned)CANCEL);
    platen_backend_lpr.close(port);
    free(port);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct platen_clock clock = {now, wait_for, wake};
    const char *values[16];
    struct platen_port_setup setup = {.size = sizeof setup,
                                      .port_name = "P",
                                      .target = "//127.0.0.1:515/queue",
                                      .values = values,
                                      .clock = &clock,
                                      .log = say};
    char title[256];
    size_t length;
    if (size < 4 || ((data[0] & STREAM) && (data[0] & DATA_FIRST))) { /* no such port */
        return 0;
    }
    length = data[3] < size - 4 ? data[3] : size - 4;
    memcpy(title, data + 4, length);
    title[length] = '\0';
    for (size_t i = 0; platen_backend_lpr.settings[i].key != NULL; i++) {
        values[i] = value(&platen_backend_lpr.settings[i], data[0]);
    }
    for (size_t i = 0; i < sizeof job; i++) {
        job[i] = (uint8_t)(i * 7 + i / 251);
    }
    wire.at = data + 4 + length;
    wire.end = data + size;
    wire.now = SECOND;
    wire.connected = false;
    wire.size = wire.yes = 0;
    print_twice(&setup, title, data);
    return 0;
}
