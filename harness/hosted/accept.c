/* SPDX-License-Identifier: MIT
 *
 * Connections from the host: each says hello with the token first, and for which lane it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/words.h"
#include "hosted/inside.h"
#include "os/clock.h"
#include "os/process.h"

#define HELLO HOSTED_SECOND /* so long it may take */

/* ---- hello ----------------------------------------------------------------------------------- */

/* In as many steps wherever they differ. */
static bool is_token(const struct hosted *hosted, const struct platen_word *word)
{
    unsigned difference = 0;
    if (word == NULL || word->kind != PLATEN_WORD_TEXT ||
        word->length != sizeof hosted->token - 1) {
        return false;
    }
    for (size_t i = 0; i < word->length; i++) {
        difference |= (unsigned char)word->at[i] ^ (unsigned char)hosted->token[i];
    }
    return difference == 0;
}

struct hello {
    bool own; /* of a thread of the monitor's */
    uint64_t lane;
    uint64_t word;
    uint64_t process;
};

static bool read_hello(const struct hosted *hosted, struct platen_words *words,
                       const struct platen_frame *frame, struct hello *hello)
{
    struct platen_line line;
    if (frame->kind != PLATEN_FRAME_HELLO || frame->body_size > 512 ||
        !platen_words_read(words, frame->body, frame->body_size, 1, &line, NULL) ||
        !is_token(hosted, platen_word_named(line.left, "token"))) {
        return false;
    }
    const struct platen_word *lane = platen_word_named(line.left, "lane");
    const struct platen_word *word = platen_word_named(line.left, "word");
    const struct platen_word *process = platen_word_named(line.left, "pid");
    hello->own = lane != NULL && platen_word_is(lane, "t");
    return lane != NULL && word != NULL && process != NULL &&
           (hello->own || platen_word_number(lane, &hello->lane)) &&
           platen_word_number(word, &hello->word) && (hello->word == 4 || hello->word == 8) &&
           platen_word_number(process, &hello->process);
}

/* Somebody waits for the lanes of ours, by their number. */
static void hand_over(struct hosted *hosted, const struct hello *hello,
                      struct platen_channel *channel)
{
    struct platen_channel **place = NULL;
    platen_os_mutex_lock(&hosted->lock);
    if (hello->lane == 0 && hosted->control == NULL) {
        hosted->word = (unsigned)hello->word;
        hosted->process = hello->process;
        place = &hosted->control;
    } else if (hello->lane != 0 && hello->lane == hosted->wanted && hosted->arrived == NULL) {
        place = &hosted->arrived;
    }
    if (place != NULL) {
        *place = channel;
        platen_os_cond_broadcast(&hosted->changed);
    }
    platen_os_mutex_unlock(&hosted->lock);
    if (place == NULL) {
        platen_channel_free(channel);
    }
}

static void welcome(struct hosted *hosted, struct platen_words *words, platen_os_socket socket)
{
    struct platen_frame frame;
    struct hello hello = {.own = false};
    struct platen_channel *channel = platen_channel_new(socket);
    if (channel == NULL) {
        return;
    }
    if (platen_channel_receive(channel, platen_os_now() + HELLO, &frame) != 0 ||
        !read_hello(hosted, words, &frame, &hello) || platen_os_socket_block(socket) != 0) {
        platen_channel_free(channel);
    } else if (hello.own) {
        hosted_serve(hosted, channel);
    } else {
        hand_over(hosted, &hello, channel);
    }
}

/* ---- the thread ------------------------------------------------------------------------------ */

static void accept_all(void *argument)
{
    struct hosted *hosted = argument;
    struct platen_words *words = platen_words_new();
    platen_os_socket socket;
    while (words != NULL && platen_os_socket_accept(hosted->listener, hosted->bell,
                                                    PLATEN_OS_FOREVER, &socket) == 0) {
        welcome(hosted, words, socket);
    }
    platen_words_free(words);
}

static uint32_t make_token(struct hosted *hosted)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[16];
    uint32_t error = platen_os_random(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        hosted->token[2 * i] = digits[bytes[i] >> 4];
        hosted->token[2 * i + 1] = digits[bytes[i] & 15];
    }
    return error;
}

uint32_t hosted_accept_start(struct hosted *hosted)
{
    uint32_t error = make_token(hosted);
    if (error == 0) {
        error = platen_os_bell_create(&hosted->bell);
    }
    if (error == 0) {
        error = platen_os_socket_listen(&hosted->listener, &hosted->port);
    }
    if (error == 0) {
        error = platen_os_thread_start(&hosted->acceptor, "host's door", 0, accept_all, hosted);
    }
    return error;
}

void hosted_accept_stop(struct hosted *hosted)
{
    if (hosted->acceptor != NULL) {
        platen_os_bell_ring(hosted->bell);
        platen_os_thread_join(hosted->acceptor);
        hosted->acceptor = NULL;
    }
    if (hosted->listener != PLATEN_OS_NO_SOCKET) {
        platen_os_socket_close(hosted->listener, false);
    }
    if (hosted->bell != PLATEN_OS_NO_BELL) {
        platen_os_bell_destroy(hosted->bell);
    }
    hosted->listener = PLATEN_OS_NO_SOCKET;
    hosted->bell = PLATEN_OS_NO_BELL;
}

/* ---- waiting --------------------------------------------------------------------------------- */

/* With the lock held: until the place is filled, the host has ended, or the time is over. */
static uint32_t wait_for(struct hosted *hosted, struct platen_channel *const *place)
{
    uint64_t until = platen_os_now() + HOSTED_START;
    while (*place == NULL && !hosted->exited) {
        if (!platen_os_cond_wait_until(&hosted->changed, &hosted->lock, until)) {
            return *place != NULL ? 0 : PLATEN_TIMEOUT;
        }
    }
    return *place != NULL ? 0 : PLATEN_PROCESS_ABORTED;
}

uint32_t hosted_accept_first(struct hosted *hosted)
{
    platen_os_mutex_lock(&hosted->lock);
    uint32_t error = wait_for(hosted, &hosted->control);
    platen_os_mutex_unlock(&hosted->lock);
    return error;
}

struct platen_channel *hosted_accept_lane(struct hosted *hosted, uint32_t number)
{
    char text[16];
    snprintf(text, sizeof text, "%lu", (unsigned long)number);
    platen_os_mutex_lock(&hosted->lock);
    while (hosted->wanted != 0) { /* one at a time */
        platen_os_cond_wait(&hosted->changed, &hosted->lock);
    }
    hosted->wanted = number;
    uint32_t error = hosted->exited ? PLATEN_PROCESS_ABORTED
                                    : platen_channel_say(hosted->control, PLATEN_FRAME_LANE, text);
    if (error == 0) {
        (void)wait_for(hosted, &hosted->arrived);
    }
    struct platen_channel *channel = hosted->arrived;
    hosted->arrived = NULL;
    hosted->wanted = 0;
    platen_os_cond_broadcast(&hosted->changed);
    platen_os_mutex_unlock(&hosted->lock);
    return channel;
}
