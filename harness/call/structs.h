/* SPDX-License-Identifier: MIT
 *
 * Inside of the call's text: the structures that arguments point at, as tables of fields that
 * printer, builder and matcher walk.
 */
#ifndef CALL_STRUCTS_H
#define CALL_STRUCTS_H

#include "call/call.h"

enum call_field_form {
    CALL_FIELD_NUMBER,
    CALL_FIELD_FLAGS,
    CALL_FIELD_TEXT,     /* a pointer to a terminated text */
    CALL_FIELD_HANDLE,   /* of `kind` */
    CALL_FIELD_POINTER,  /* bits, never followed */
    CALL_FIELD_DATE,     /* a SYSTEMTIME: "2026-01-31T23:59:59.999" */
    CALL_FIELD_REGISTRY, /* a pointer to a MONITORREG */
    CALL_FIELD_ENTRIES,  /* an array of structures of `kind` at the end, as many as Count says */
    CALL_FIELD_VALUE,    /* a BIDI_DATA: dwBidiType and bData, iData, sData, fData or biData */
    CALL_FIELD_GUID,     /* "01234567-89ab-cdef-0123-456789abcdef" */
    CALL_FIELD_DATA      /* bytes at the end, as many as the DWORD before them says */
};

struct call_field {
    const char *name;
    enum call_field_form form;
    enum platen_kind kind; /* HANDLE, ENTRIES */
    uint16_t offset;
};

struct call_struct {
    enum platen_kind kind;
    uint32_t level; /* the level that means it; 0: there are no levels */
    uint16_t size;
    uint16_t count;
    const struct call_field *fields;
};

/* The structure that an argument of that kind is at that level; NULL if there is none. */
const struct call_struct *call_struct_at(enum platen_kind kind, uint32_t level);
/* The smallest of that kind that has all fields for which `has` is true; else the largest.
 * NULL if the kind is no structure of this table. */
const struct call_struct *call_struct_next(enum platen_kind kind, const struct call_struct *after);
/* What an entry of bidi containers is. */
const struct call_struct *call_struct_entry(enum platen_kind container);

/* Which of MONITOR2's functions stands where: for the tables of OpenPortEx and MONITORREG. */
struct call_member {
    const char *name; /* "ReadPort", as the slot is called */
    uint16_t offset;
};
/* The members of the tables' own slots; cbSize comes before them. */
const struct call_member *call_table_members(enum platen_table table, size_t *count);

/* Which member of a BIDI_DATA's union counts. */
struct call_bidi_member {
    const char *name;
    enum { CALL_BIDI_BOOL, CALL_BIDI_INT, CALL_BIDI_TEXT, CALL_BIDI_FLOAT, CALL_BIDI_BLOB } form;
};
/* NULL for a type without a value. */
const struct call_bidi_member *call_bidi_member(uint32_t type);

/* The level that the call's arguments name; 0 without one. */
uint32_t call_level(const struct platen_call *call);

#endif
