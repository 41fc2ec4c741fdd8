/* SPDX-License-Identifier: MIT
 *
 * Lines of a printer's replies turned into values of bidi requests, by the table values.def. Pure.
 *
 * A reply is a draft until its end has come: half of one changes nothing.
 */
#ifndef PLATEN_PJL_VALUES_H
#define PLATEN_PJL_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a message is about. */
enum pjl_about {
    PJL_ABOUT_OTHER,
    PJL_ABOUT_STATE, /* USTATUS DEVICE, USTATUS TIMED, INFO STATUS */
    PJL_ABOUT_JOB,   /* USTATUS JOB */
    PJL_ABOUT_ID,
    PJL_ABOUT_CONFIG,
    PJL_ABOUT_MEMORY,
    PJL_ABOUT_PAGES,
    PJL_ABOUT_PRODUCT,   /* INFO PRODINFO */
    PJL_ABOUT_VARIABLES, /* INFO VARIABLES */
    PJL_ABOUT_SUPPLIES,
    PJL_ABOUTS
};

/* What is more than that is left out. */
enum { PJL_VALUES = 96, PJL_DRAFT = 64, PJL_PART = 20, PJL_TEXT = 64, PJL_SCHEMA = 96 };

struct pjl_value {
    uint32_t row;        /* of the table */
    char part[PJL_PART]; /* instead of the `*` in its schema */
    char text[PJL_TEXT];
};

struct pjl_values {
    uint32_t count;
    struct pjl_value list[PJL_VALUES];
};

/* A reply that is coming; all zero before its first line. */
struct pjl_draft {
    char list[PJL_PART * 2]; /* the list whose entries come: "IN TRAYS" */
    uint32_t entries;        /* so many of them */
    uint32_t number;         /* of the part that is told */
    uint32_t count;
    struct pjl_value values[PJL_DRAFT];
};

/* One line, without blanks around it. */
void pjl_values_read(struct pjl_draft *draft, enum pjl_about about, const char *line);
/* The reply is whole: of what is known from the last one of its kind nothing is left; only of a
 * printer's state, which tells of supplies if it wants to, the old values stay. */
void pjl_values_learn(struct pjl_values *values, enum pjl_about about, struct pjl_draft *draft);

/* "\Printer.Layout.InputBins.Tray2:MediaSize"; `name` has room for PJL_SCHEMA. */
void pjl_value_name(const struct pjl_value *value, char *name);
/* The first value of that name, whose case does not count; NULL: there is none. */
const char *pjl_values_find(const struct pjl_values *values, const char *name);
bool pjl_values_any(const struct pjl_values *values, enum pjl_about about);

#endif
