/* SPDX-License-Identifier: MIT
 *
 * Handles: what a spooler holds of us. A handle is a kind, a slot number and a generation, never a
 * pointer, so that a value that is stale, invented or of another kind is recognised and answered
 * with INVALID_HANDLE instead of being followed (D4).
 *
 * There is one table per module, the only thing that instances share: a handle arrives without its
 * instance, so the table must be found without knowing whose it is.
 *
 * An object is counted while in use. The open handle is one use, each call under way another; the
 * last one to leave destroys the object. So nobody waits in ClosePort for a call on another thread,
 * which may itself wait for the spooler that is calling ClosePort.
 */
#ifndef PLATEN_LIB_HANDLE_H
#define PLATEN_LIB_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

enum handle_kind { HANDLE_INSTANCE = 1, HANDLE_PORT = 2, HANDLE_XCV = 3 };

/* Makes a handle for `object`, never 0 and never all ones. From now on `destroy(object)` is called
 * when the last use ends. NOT_ENOUGH_MEMORY, TOO_MANY_OPEN_FILES: the object is still the caller's.
 */
uint32_t handle_issue(enum handle_kind kind, void *object, void (*destroy)(void *object),
                      uintptr_t *handle);

/* The object, with one use more; NULL if the handle leads to no such object. Takes no lock. */
void *handle_acquire(uintptr_t handle, enum handle_kind kind);

/* From now on nobody acquires it. The caller gets the object and the use that the open handle was,
 * to be released; NULL if it was no such handle or somebody else was faster. */
void *handle_retire(uintptr_t handle, enum handle_kind kind);

/* One use more of an object whose handle may have been retired, but whose slot the caller knows to
 * be not yet reused. NULL when it is already being destroyed. */
void *handle_hold(uintptr_t handle);

/* Ends a use; the last one destroys the object, on this thread. */
void handle_release(uintptr_t handle);

/* Waits, after handle_retire, until the caller's use is the only one left, or until that moment of
 * platen_os_now(): false then. */
bool handle_wait_alone(uintptr_t handle, uint64_t until);

/* How many handles are in use, of all kinds and instances; for tests. */
uint32_t handle_count(void);

#endif
