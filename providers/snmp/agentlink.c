/* SPDX-License-Identifier: MIT */
#include "agentlink.h"

#include <net-snmp/library/large_fd_set.h>
#include <platen/errors.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/thread.h"

#define MILLISECOND UINT64_C(1000000)

/* After so long a request is sent again, and net-snmp thinks a little less of it, so that it agrees
 * whenever it is asked. The deadline ends that, never their number. */
#define AGAIN_AFTER  (700 * MILLISECOND)
#define THEIR_MICROS 650000L
enum { MANY = 1000000 };

/* ---- the lock ------------------------------------------------------------------------------ */

static atomic_flag busy = ATOMIC_FLAG_INIT;

/* Held for one message at the most. */
static void lock_library(void)
{
    static bool quiet;
    while (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire))
        platen_os_thread_yield();
    if (quiet)
        return;
    /* Where nobody asked for its log, net-snmp writes what it thinks of bad messages to standard
     * error, which is not ours. */
    netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
    quiet = true;
}

static void unlock_library(void)
{
    atomic_flag_clear_explicit(&busy, memory_order_release);
}

/* ---- net-snmp's transport ------------------------------------------------------------------ */

static int take(netsnmp_transport *transport, void *data, int size, void **from, int *from_size)
{
    struct link *link = *(struct link **)transport->data;
    uint32_t moved;
    uint32_t error = platen_os_socket_receive(link->socket, data, (uint32_t)size, &moved);
    *from = NULL;
    *from_size = 0;
    if (error == PLATEN_HANDLE_EOF) /* an empty datagram: garbage as any other */
        return 0;
    if (error)
        link->error = error;
    return error || moved == 0 ? -1 : (int)moved;
}

/* What was not sent is as good as lost on its way: it is sent again. */
static int give(netsnmp_transport *transport, const void *data, int size, void **to, int *to_size)
{
    struct link *link = *(struct link **)transport->data;
    uint32_t moved;
    uint32_t error = platen_os_socket_send(link->socket, data, (uint32_t)size, &moved);
    (void)to;
    (void)to_size;
    if (error)
        link->error = error;
    return size;
}

static int hang_up(netsnmp_transport *transport)
{
    struct link *link = *(struct link **)transport->data;
    platen_os_socket_close(link->socket, false);
    link->socket = PLATEN_OS_NO_SOCKET;
    transport->sock = -1;
    return 0;
}

/* net-snmp frees it, and what it points to, with free. */
static netsnmp_transport *make_transport(struct link *link)
{
    static const oid udp[] = {1, 3, 6, 1, 6, 1, 1};
    netsnmp_transport *transport = calloc(1, sizeof *transport);
    struct link **back = malloc(sizeof *back);

    if (!transport || !back) {
        free(transport);
        free(back);
        return NULL;
    }
    *back = link;
    transport->domain = udp;
    transport->domain_length = sizeof udp / sizeof *udp;
    transport->sock = (int)link->socket;
    transport->flags = NETSNMP_TRANSPORT_FLAG_OPENED;
    transport->data = back;
    transport->data_length = sizeof *back;
    transport->msgMaxSize = SNMP_MAX_PACKET_LEN;
    transport->f_recv = take;
    transport->f_send = give;
    transport->f_close = hang_up;
    return transport;
}

/* ---- open and close ------------------------------------------------------------------------ */

static void *make_session(netsnmp_transport *transport, const char *community, long version)
{
    netsnmp_session wanted;
    void *session;

    lock_library();
    snmp_sess_init(&wanted);
    wanted.version = version;
    wanted.community = (u_char *)(uintptr_t)community; /* copied */
    wanted.community_len = strlen(community);
    wanted.timeout = THEIR_MICROS;
    wanted.retries = MANY;
    session = snmp_sess_add(&wanted, transport, NULL, NULL); /* hangs up if it fails */
    unlock_library();
    return session;
}

uint32_t link_open(struct link *link, const struct platen_os_address *to, const char *community,
                   long version)
{
    netsnmp_transport *transport;
    uint32_t error;

    *link = (struct link){.version = version};
    error = platen_os_socket_datagram(to, &link->socket);
    if (error)
        return error;
    transport = make_transport(link);
    if (!transport) {
        platen_os_socket_close(link->socket, false);
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    link->session = make_session(transport, community, version);
    return link->session ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
}

static void forget_answer(struct link *link)
{
    snmp_free_varbind(link->variables);
    link->variables = NULL;
    link->answered = false;
}

void link_close(struct link *link)
{
    lock_library();
    snmp_sess_close(link->session);
    unlock_library();
    forget_answer(link);
    link->session = NULL;
}

/* ---- asking -------------------------------------------------------------------------------- */

/* What net-snmp has to say of a request. 1: it is done with. */
static int hear(int operation, netsnmp_session *session, int number, netsnmp_pdu *answer,
                void *context)
{
    struct link *link = context;
    (void)session;
    (void)number;
    if (operation != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE)
        return 1;
    if (answer->command != SNMP_MSG_RESPONSE)
        return 0;
    link->variables = answer->variables; /* taken over */
    answer->variables = NULL;
    link->status = answer->errstat;
    link->at = answer->errindex;
    link->answered = true;
    return 1;
}

static uint32_t send_question(struct link *link, const struct link_question *question)
{
    netsnmp_pdu *pdu = snmp_pdu_create(question->command);
    if (!pdu)
        return PLATEN_NOT_ENOUGH_MEMORY;
    if (question->command == SNMP_MSG_GETBULK) {
        pdu->non_repeaters = 0;
        pdu->max_repetitions = question->repetitions;
    }
    for (size_t i = 0; i < question->count; i++)
        snmp_add_null_var(pdu, question->names[i].arcs, question->names[i].length);
    if (snmp_sess_async_send(link->session, pdu, hear, link))
        return 0;
    snmp_free_pdu(pdu);
    return PLATEN_GEN_FAILURE;
}

static void read_once(struct link *link)
{
    netsnmp_large_fd_set set;
    netsnmp_large_fd_set_init(&set, FD_SETSIZE);
    NETSNMP_LARGE_FD_SET((int)link->socket, &set);
    snmp_sess_read2(link->session, &set);
    netsnmp_large_fd_set_cleanup(&set);
}

/* One wait and what came of it. */
static uint32_t listen_once(struct link *link, uint64_t until)
{
    uint64_t now = platen_os_now(), pause = now + AGAIN_AFTER;
    uint32_t error;

    if (now >= until) /* somebody who never stops talking is as good as silent */
        return PLATEN_TIMEOUT;
    error = platen_os_socket_wait(link->socket, PLATEN_OS_READABLE, PLATEN_OS_NO_BELL,
                                  pause < until ? pause : until);
    if (error && error != PLATEN_TIMEOUT)
        return error;
    lock_library();
    if (!error)
        read_once(link);
    snmp_sess_timeout(link->session);
    unlock_library();
    return link->answered ? 0 : link->error;
}

uint32_t link_ask(struct link *link, const struct link_question *question, uint64_t until)
{
    uint32_t error;

    forget_answer(link);
    link->error = 0;
    lock_library();
    error = send_question(link, question);
    unlock_library();
    while (!error && !link->answered)
        error = listen_once(link, until);
    return error;
}
