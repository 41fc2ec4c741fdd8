/* SPDX-License-Identifier: MIT
 *
 * An agent and the provider that asks it.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <platen/snmp.h>

#include "agent.h"

#define SECOND      UINT64_C(1000000000)
#define MILLISECOND UINT64_C(1000000)

struct trial {
    struct agent agent;
    void *state; /* the provider's */
    char log[2000];
};

/* The provider asks the agent at `agent_port`: of the last trial that began, if there are several.
 */
void trial_begin(struct trial *trial);
void trial_end(struct trial *trial);

/* Opens the provider anew, with what it knows forgotten. */
void trial_reopen(struct trial *trial, const char *host, const char *community, uint32_t device);

uint32_t trial_get(struct trial *trial, const char *schema, char *value, size_t size,
                   uint64_t patience);
/* The value, which must be there. */
void trial_expect(struct trial *trial, const char *schema, const char *value);
/* All that is listed, one per line, "schema=value". free() it. */
char *trial_all(struct trial *trial);

uint64_t trial_now(void);

#endif
