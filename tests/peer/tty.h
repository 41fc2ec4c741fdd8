/* SPDX-License-Identifier: MIT
 *
 * A printer at a serial line: the other side of a pseudo terminal. It keeps what comes, says what
 * it is told to say, and can stop listening or vanish.
 */
#ifndef PEER_TTY_H
#define PEER_TTY_H

#include <stdbool.h>
#include <stddef.h>

typedef struct tty_peer tty_peer;

/* NULL where there is none to be had: no system for it, no memory, no thread. */
tty_peer *tty_create(void);
/* What a program opens. */
const char *tty_path(const tty_peer *one);
/* Waits until all that was written to the line has come. Nobody else may write meanwhile, and the
 * peer has to be listening. */
void tty_settle(tty_peer *one);
/* What came until now counts no more. */
void tty_forget(tty_peer *one);
/* Are these the bytes that came? *count: how many they are. */
bool tty_has(tty_peer *one, const void *data, size_t size, size_t *count);
/* Waits (ten seconds) until at least so many bytes have come. */
bool tty_await(tty_peer *one, size_t size);
/* Says something back. */
bool tty_say(tty_peer *one, const void *data, size_t size);
/* Waits (ten seconds) until so many bytes of what was said have come as far as the line. */
bool tty_await_said(tty_peer *one, size_t size);
/* Listens, or does not. */
void tty_listen(tty_peer *one, bool on);
/* The device is pulled out: who has it open is hung up. */
void tty_unplug(tty_peer *one);
void tty_destroy(tty_peer *one);

#endif
