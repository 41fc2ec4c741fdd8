/* SPDX-License-Identifier: MIT
 *
 * The port list of an instance: what EnumPorts shows and OpenPort finds. Entries keep the order in
 * which they came; finding one, counting all and the size of an EnumPorts answer take constant
 * time.
 *
 * One mutex guards it, held for memory work only: never across a backend, the store, the spooler or
 * the log. What must not change while such a call is under way is reserved by the entry's state.
 */
#ifndef PLATEN_LIB_PORTS_H
#define PLATEN_LIB_PORTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kinds.h"
#include "names.h"
#include "os/thread.h"

struct port;
struct tcp_settings;

enum port_state {
    PORT_ARRIVING, /* being added: the name is taken, nobody else sees it yet */
    PORT_LISTED,
    PORT_CHANGING, /* gets other settings: as before, but that nobody else changes or deletes it */
    PORT_LEAVING   /* being deleted: still listed, can no longer be opened */
};

/* How the store keeps a port: not, as its URI or nothing, as the settings of its line, of which its
 * URI is made, or, a TCP/IP port, as TCPMON's settings (D20). */
enum port_kept { PORT_NOT_KEPT, PORT_KEPT_AS_TEXT, PORT_KEPT_AS_LINE, PORT_KEPT_AS_SETTINGS };

struct port_entry {
    struct name name; /* first, so that a name found is the entry */
    struct port_entry *previous;
    struct port_entry *next;
    const struct kind *kind;     /* this and what follows may change while the port is listed */
    const char *uri;             /* where the bytes go; NULL: the name says it */
    const char16_t *description; /* the kind's, or the entry's own */
    const struct tcp_settings *settings; /* NULL: it has none */
    void *changed;                       /* the block that these are in, if they changed */
    _Atomic uint32_t changes;            /* how often they did */
    uint32_t name_bytes;                 /* with the NUL; so the next one */
    uint32_t description_bytes;
    uint32_t opens; /* handles that are open on it */
    enum port_state state;
    enum port_kept kept;
    bool builtin;               /* simply there; cannot be deleted */
    _Atomic(struct port *) job; /* the handle that has a job on it, unless opens are private */
};

struct ports {
    platen_os_mutex mutex;
    struct names names;
    struct port_entry *first;
    struct port_entry *last;
    uint32_t count; /* of entries that are listed; so the next two */
    size_t name_bytes;
    size_t description_bytes;
};

void ports_init(struct ports *ports);
/* Frees all entries. */
void ports_destroy(struct ports *ports);

/* What is known of a new entry; borrowed. */
struct port_facts {
    const char16_t *name; /* has passed name_check */
    const struct kind *kind;
    const char *uri;                     /* NULL: none */
    const char16_t *description;         /* NULL: the kind's */
    const struct tcp_settings *settings; /* NULL: none */
    enum port_kept kept;
    bool builtin;
};

/* Takes the name: ALREADY_EXISTS, NOT_ENOUGH_MEMORY. Then commit shows the entry, or drop. */
uint32_t ports_reserve(struct ports *ports, const struct port_facts *facts,
                       struct port_entry **entry);
void ports_commit(struct ports *ports, struct port_entry *entry);

/* Begins a deletion: FILE_NOT_FOUND, NOT_SUPPORTED (built in), BUSY (open, or leaving already).
 * Then drop removes the entry, or restore keeps it. */
uint32_t ports_leave(struct ports *ports, const char16_t *name, struct port_entry **entry);
void ports_restore(struct ports *ports, struct port_entry *entry);

/* Begins a change of settings: FILE_NOT_FOUND, BUSY (another change, or leaving). Then apply gives
 * the entry everything of `facts` but the name, for whoever opens it or begins a job on it from now
 * on, or restore. The
 * room for it (NULL: none is left) is made beforehand, so that it cannot fail; apply takes it. */
uint32_t ports_change(struct ports *ports, const char16_t *name, struct port_entry **entry);
void *ports_room(const struct port_facts *facts);
void ports_apply(struct ports *ports, struct port_entry *entry, const struct port_facts *facts,
                 void *room);

/* Removes and frees an entry that is arriving or leaving. */
void ports_drop(struct ports *ports, struct port_entry *entry);

/* An entry to be opened; it stays until it is given back. UNKNOWN_PORT, BUSY (leaving). */
uint32_t ports_take(struct ports *ports, const char16_t *name, struct port_entry **entry);
void ports_give(struct ports *ports, struct port_entry *entry);

bool ports_has(struct ports *ports, const char16_t *name);
/* The kind of a port; NULL if there is none of that name. */
const struct kind *ports_kind(struct ports *ports, const char16_t *name);

/* What a port is set to, taken at one moment: a copy, but for the kind. */
struct port_setting {
    const struct kind *kind;
    char *uri; /* NULL: none */
    enum port_kept kept;
    bool builtin;
    struct tcp_settings *settings; /* NULL: none */
    uint32_t changes;              /* the entry's, at that moment */
};
/* NOT_ENOUGH_MEMORY. Of an entry that was taken or is being changed. */
uint32_t ports_setting(struct ports *ports, const struct port_entry *entry,
                       struct port_setting *setting);
/* The same by a name; FILE_NOT_FOUND. */
uint32_t ports_find_setting(struct ports *ports, const char16_t *name,
                            struct port_setting *setting);
void ports_free_setting(struct port_setting *setting);

/* What EnumPorts answers. INVALID_LEVEL, INSUFFICIENT_BUFFER, INVALID_PARAMETER (no buffer where
 * there should be one); *needed is set unless the level is wrong, *returned is 0 unless it is 0. */
uint32_t ports_pack(struct ports *ports, uint32_t level, void *buffer, uint32_t size,
                    uint32_t *needed, uint32_t *returned);
/* *needed alone, as level 1 has it. */
size_t ports_size(struct ports *ports);

#endif
