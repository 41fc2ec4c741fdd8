/* SPDX-License-Identifier: MIT
 *
 * What was learned: names of values with their texts.
 */
#ifndef PLATEN_SNMP_FACTS_H
#define PLATEN_SNMP_FACTS_H

#include <stdbool.h>
#include <stddef.h>

struct fact {
    char *schema;
    char *value;
};

struct facts {
    struct fact *list;
    size_t count;
    size_t room;
    bool incomplete; /* memory was lacking */
};

/* The value, then the name as printf has it. Copies. */
void facts_add(struct facts *facts, const char *value, const char *schema, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;
/* NULL if there is none. */
const char *facts_find(const struct facts *facts, const char *schema);
void facts_clear(struct facts *facts);

#endif
