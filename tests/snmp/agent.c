/* SPDX-License-Identifier: MIT */
#include "agent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_VARIABLES = 1000, TOO_BIG = 1, NO_SUCH_NAME = 2, GEN_ERR = 5 };

/* ---- the table ----------------------------------------------------------------------------- */

static size_t place_of(const struct agent *agent, const struct ber_oid *oid)
{
    size_t i = 0;
    while (i < agent->count && ber_compare(&agent->rows[i].oid, oid) < 0)
        i++;
    return i;
}

static void read_hex(const char *text, struct agent_row *row)
{
    row->bytes = calloc(1, strlen(text) / 2 + 1);
    for (; text[0] && text[1]; text += 2) {
        const char pair[3] = {text[0], text[1], 0};
        row->bytes[row->size++] = (unsigned char)strtoul(pair, NULL, 16);
    }
}

static void read_row(const char *line, struct agent_row *row)
{
    static const char kinds[] = "igcsxo";
    static const unsigned tags[] = {BER_INTEGER, BER_GAUGE, BER_COUNTER,
                                    BER_TEXT,    BER_TEXT,  BER_OID};
    const char *text = ber_read_oid(line, &row->oid);
    const char *kind = text[0] == ' ' ? strchr(kinds, text[1]) : NULL;
    if (!kind || text[2] != ' ')
        abort();
    row->tag = tags[kind - kinds];
    text += 3;
    if (*kind == 's') {
        row->bytes = (unsigned char *)strdup(text);
        row->size = strlen(text);
    } else if (*kind == 'x') {
        read_hex(text, row);
    } else if (*kind == 'o') {
        ber_read_oid(text, &row->value);
    } else {
        row->number = strtoll(text, NULL, 10);
    }
}

static void insert(struct agent *agent, const char *line)
{
    struct agent_row row = {.size = 0};
    size_t at;
    read_row(line, &row);
    at = place_of(agent, &row.oid);
    if (at < agent->count && ber_compare(&agent->rows[at].oid, &row.oid) == 0) {
        free(agent->rows[at].bytes);
        agent->rows[at] = row;
        return;
    }
    agent->rows = realloc(agent->rows, (agent->count + 1) * sizeof row);
    memmove(agent->rows + at + 1, agent->rows + at, (agent->count - at) * sizeof row);
    agent->rows[at] = row;
    agent->count++;
}

void agent_set(struct agent *agent, const char *line)
{
    platen_os_mutex_lock(&agent->mutex);
    insert(agent, line);
    platen_os_mutex_unlock(&agent->mutex);
}

static bool is_below(const struct ber_oid *oid, const struct ber_oid *above)
{
    return oid->count >= above->count &&
           memcmp(oid->arcs, above->arcs, above->count * sizeof oid->arcs[0]) == 0;
}

void agent_drop(struct agent *agent, const char *text)
{
    struct ber_oid above;
    size_t kept = 0;
    ber_read_oid(text, &above);
    platen_os_mutex_lock(&agent->mutex);
    for (size_t i = 0; i < agent->count; i++)
        if (is_below(&agent->rows[i].oid, &above))
            free(agent->rows[i].bytes);
        else
            agent->rows[kept++] = agent->rows[i];
    agent->count = kept;
    platen_os_mutex_unlock(&agent->mutex);
}

static void read_table(struct agent *agent, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[2000];
    if (!file)
        abort();
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        if (line[0] == '.')
            insert(agent, line);
    }
    fclose(file);
}

/* ---- questions and answers ----------------------------------------------------------------- */

struct variable {
    struct ber_oid oid;
    const struct agent_row *row; /* NULL: `exception` */
    unsigned exception;
};

struct exchange {
    int64_t version, id, first, second; /* non-repeaters and repetitions, or status and index */
    unsigned command;
    struct variable variables[MOST_VARIABLES];
    size_t count;
    int64_t status, at;
};

static bool read_variables(struct ber_in *list, struct exchange *exchange)
{
    exchange->count = 0;
    while (list->at < list->end && exchange->count < MOST_VARIABLES) {
        struct ber_in pair;
        unsigned tag;
        if (!ber_take(list, &tag, &pair) ||
            !ber_take_oid(&pair, &exchange->variables[exchange->count++].oid))
            return false;
    }
    return true;
}

static bool read_question(const struct agent *agent, const void *bytes, size_t size,
                          struct exchange *exchange)
{
    struct ber_in in = {bytes, (const unsigned char *)bytes + size}, message, community, pdu, list;
    unsigned tag;
    if (!ber_take(&in, &tag, &message) || !ber_take_number(&message, &exchange->version) ||
        !ber_take(&message, &tag, &community) || !ber_take(&message, &exchange->command, &pdu) ||
        !ber_take_number(&pdu, &exchange->id) || !ber_take_number(&pdu, &exchange->first) ||
        !ber_take_number(&pdu, &exchange->second) || !ber_take(&pdu, &tag, &list))
        return false;
    return (size_t)(community.end - community.at) == strlen(agent->community) &&
           memcmp(community.at, agent->community, strlen(agent->community)) == 0 &&
           (agent->only_version < 0 || exchange->version == agent->only_version) &&
           read_variables(&list, exchange);
}

/* Exactly that value, or the one behind it. */
static void look_up(const struct agent *agent, struct variable *variable, bool next)
{
    size_t at = place_of(agent, &variable->oid);
    bool same = at < agent->count && ber_compare(&agent->rows[at].oid, &variable->oid) == 0;
    variable->row = NULL;
    variable->exception = next ? BER_END_OF_MIB : BER_NO_SUCH_OBJECT;
    if (agent->manner == AGENT_ENDLESS && next && at > 0 && (same || at < agent->count)) {
        variable->row = &agent->rows[same ? at : at - 1];
        variable->oid.arcs[variable->oid.count - 1]++;
        return;
    }
    if (next && same)
        at++;
    if (next && agent->manner == AGENT_CIRCLES && at > 0)
        at = place_of(agent, &variable->oid);
    if (at >= agent->count || (!next && !same))
        return;
    variable->row = &agent->rows[at];
    variable->oid = agent->rows[at].oid;
}

static void repeat(const struct agent *agent, struct exchange *exchange)
{
    size_t width = exchange->count;
    for (size_t i = 0; i < width; i++)
        look_up(agent, &exchange->variables[i], true);
    while (--exchange->second > 0 && width > 0 && exchange->count + width <= MOST_VARIABLES)
        for (size_t i = 0; i < width; i++) {
            struct variable *variable = &exchange->variables[exchange->count++];
            *variable = variable[-(ptrdiff_t)width];
            look_up(agent, variable, true);
        }
}

static void answer(const struct agent *agent, struct exchange *exchange)
{
    bool next = exchange->command != BER_GET;
    exchange->status = exchange->at = 0;
    if (exchange->command == BER_GET_BULK) {
        repeat(agent, exchange);
        return;
    }
    for (size_t i = 0; i < exchange->count; i++) {
        look_up(agent, &exchange->variables[i], next);
        if (exchange->version > 0 || exchange->variables[i].row || exchange->status)
            continue;
        exchange->status = NO_SUCH_NAME; /* SNMPv1 knows no exceptions */
        exchange->at = (int64_t)i + 1;
    }
}

static void write_value(struct ber_out *out, const struct variable *variable)
{
    const struct agent_row *row = variable->row;
    if (!row)
        ber_head(out, variable->exception, out->begin);
    else if (row->tag == BER_TEXT)
        ber_text(out, row->bytes, row->size);
    else if (row->tag == BER_OID)
        ber_oid(out, &row->value);
    else
        ber_number(out, row->tag, row->number);
}

static void write_answer(const struct agent *agent, const struct exchange *exchange,
                         unsigned command, struct ber_out *out)
{
    size_t end = out->begin = BER_MOST_BYTES;
    for (size_t i = exchange->count; i-- > 0;) {
        size_t pair = out->begin;
        if (exchange->status)
            ber_head(out, BER_NULL, out->begin);
        else
            write_value(out, &exchange->variables[i]);
        ber_oid(out, &exchange->variables[i].oid);
        ber_head(out, BER_SEQUENCE, pair);
    }
    ber_head(out, BER_SEQUENCE, end);
    ber_number(out, BER_INTEGER, exchange->at);
    ber_number(out, BER_INTEGER, exchange->status);
    ber_number(out, BER_INTEGER, exchange->id);
    ber_head(out, command, end);
    ber_text(out, agent->community, strlen(agent->community));
    ber_number(out, BER_INTEGER, exchange->version);
    ber_head(out, BER_SEQUENCE, end);
}

/* What does not fit is left away where the protocol allows that. */
static void fit(const struct agent *agent, struct exchange *exchange, struct ber_out *out)
{
    write_answer(agent, exchange, BER_RESPONSE, out);
    while (BER_MOST_BYTES - out->begin > agent->most_bytes && !exchange->status) {
        if (exchange->command == BER_GET_BULK && exchange->count > 1)
            exchange->count--;
        else
            exchange->status = TOO_BIG;
        write_answer(agent, exchange, BER_RESPONSE, out);
    }
}

/* ---- manners ------------------------------------------------------------------------------- */

static uint32_t next_random(struct agent *agent)
{
    agent->seed = agent->seed * 1664525 + 1013904223;
    return agent->seed >> 8;
}

static void send_out(const struct ber_out *out, bare_socket from, uint16_t to)
{
    bare_send_to(from, out->bytes + out->begin, BER_MOST_BYTES - out->begin, to);
}

static void send_damaged(struct agent *agent, const struct ber_out *out, uint16_t to)
{
    struct ber_out damaged = *out;
    size_t size = BER_MOST_BYTES - out->begin;
    for (unsigned i = next_random(agent) % 4 + 1; i > 0; i--)
        damaged.bytes[out->begin + next_random(agent) % size] = (unsigned char)next_random(agent);
    if (agent->manner == AGENT_GARBAGE) /* no version of SNMP: nothing of it is to be believed */
        damaged.bytes[out->begin + (size < 0x80 + 2 ? 4 : 6)] = 0x41;
    send_out(&damaged, agent->socket, to);
}

static void send_cut(struct agent *agent, const struct ber_out *out, uint16_t to)
{
    size_t size = BER_MOST_BYTES - out->begin;
    for (size_t i = 0; i < size; i += size / 40 + 1)
        bare_send_to(agent->socket, out->bytes + out->begin, i, to);
}

/* A false answer says nothing but that there is nothing. */
static void send_false(struct agent *agent, struct exchange *exchange, unsigned command,
                       int64_t other, bare_socket from, uint16_t to)
{
    static struct ber_out out; /* of the agent's only thread, and of one agent at a time */
    struct exchange *lie = malloc(sizeof *lie);
    *lie = *exchange;
    lie->id += other;
    lie->status = GEN_ERR;
    write_answer(agent, lie, command, &out);
    send_out(&out, from, to);
    free(lie);
}

static void send_noise(struct agent *agent, struct exchange *exchange, uint16_t to)
{
    while (!atomic_load(&agent->over) && !bare_wait(agent->socket, 1))
        send_false(agent, exchange, BER_RESPONSE, 1000, agent->socket, to);
}

static bool send_first(struct agent *agent, struct exchange *exchange, const struct ber_out *out,
                       uint16_t to)
{
    switch (agent->manner) {
    case AGENT_SILENT:
        return false;
    case AGENT_LOSES_FIRST:
        return agent->lost++ % 2 == 1;
    case AGENT_TWICE:
        send_out(out, agent->socket, to);
        return true;
    case AGENT_LATE:
        if (agent->late.begin)
            send_out(&agent->late, agent->socket, to);
        agent->late = *out;
        return true;
    case AGENT_OTHER_ID:
        send_false(agent, exchange, BER_RESPONSE, 1, agent->socket, to);
        return true;
    case AGENT_SPOOFED:
        send_false(agent, exchange, BER_RESPONSE, 0, agent->other, to);
        return true;
    case AGENT_REPORTS:
        send_false(agent, exchange, BER_REPORT, 0, agent->socket, to);
        send_false(agent, exchange, BER_GET, 0, agent->socket, to);
        return true;
    case AGENT_GARBAGE:
    case AGENT_BAD:
        for (int i = 0; i < 20; i++)
            send_damaged(agent, out, to);
        return agent->manner == AGENT_GARBAGE;
    case AGENT_CUT:
        send_cut(agent, out, to);
        return true;
    case AGENT_NOISE:
        send_noise(agent, exchange, to);
        return false;
    default:
        return true;
    }
}

static void serve(struct agent *agent, const void *bytes, size_t size, uint16_t from)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    struct ber_out *out = calloc(1, sizeof *out);
    if (read_question(agent, bytes, size, exchange)) {
        answer(agent, exchange);
        if (agent->manner == AGENT_FAILS)
            exchange->status = GEN_ERR;
        if (agent->manner == AGENT_EMPTY)
            exchange->count = 0;
        fit(agent, exchange, out);
        if (send_first(agent, exchange, out, from))
            send_out(out, agent->socket, from);
    }
    free(out);
    free(exchange);
}

static void run(void *context)
{
    struct agent *agent = context;
    unsigned char bytes[4096];
    uint16_t from;
    while (!atomic_load(&agent->over)) {
        long size = bare_receive_from(agent->socket, bytes, sizeof bytes, &from);
        if (size <= 0 || atomic_load(&agent->over))
            continue;
        atomic_fetch_add(&agent->asked, 1);
        platen_os_mutex_lock(&agent->mutex);
        serve(agent, bytes, (size_t)size, from);
        platen_os_mutex_unlock(&agent->mutex);
    }
}

/* ---- the agent ----------------------------------------------------------------------------- */

void agent_start(struct agent *agent, const char *table_file)
{
    uint16_t port;
    memset(agent, 0, sizeof *agent);
    platen_os_mutex_init(&agent->mutex);
    agent->community = "public";
    agent->most_bytes = 1400;
    agent->only_version = -1;
    agent->seed = 1;
    read_table(agent, table_file);
    agent->socket = bare_datagrams(&agent->port);
    agent->other = bare_datagrams(&port);
    if (platen_os_thread_start(&agent->thread, "agent", 0, run, agent))
        abort();
}

void agent_behave(struct agent *agent, enum manner manner)
{
    platen_os_mutex_lock(&agent->mutex);
    agent->manner = manner;
    platen_os_mutex_unlock(&agent->mutex);
}

void agent_limit(struct agent *agent, int only_version, size_t most_bytes)
{
    platen_os_mutex_lock(&agent->mutex);
    agent->only_version = only_version;
    agent->most_bytes = most_bytes;
    platen_os_mutex_unlock(&agent->mutex);
}

void agent_let_in(struct agent *agent, const char *community)
{
    platen_os_mutex_lock(&agent->mutex);
    agent->community = community;
    platen_os_mutex_unlock(&agent->mutex);
}

void agent_seed(struct agent *agent, uint32_t seed)
{
    platen_os_mutex_lock(&agent->mutex);
    agent->seed = seed;
    platen_os_mutex_unlock(&agent->mutex);
}

void agent_stop(struct agent *agent)
{
    atomic_store(&agent->over, true);
    bare_send_to(agent->other, "end", 3, agent->port);
    platen_os_thread_join(agent->thread);
    bare_close(agent->socket);
    bare_close(agent->other);
    agent_drop(agent, "");
    free(agent->rows);
    platen_os_mutex_destroy(&agent->mutex);
}
