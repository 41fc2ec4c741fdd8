/* SPDX-License-Identifier: MIT
 *
 * The pieces of the page that html.c puts together.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/format.h"
#include "report/markup.h"

/* How a verdict is said: in a cell, in a sentence. */
struct page_verdict {
    const char *tag;     /* "fail" */
    const char *counted; /* "failed" */
};
const struct page_verdict *page_verdict(enum platen_report_verdict verdict);

/* What the page says of the whole. */
struct page_words {
    const char *noun; /* "rule" or "test" */
    const struct platen_report_event *end;
    const struct surroundings *around;
};

/* Text of anybody's, shortened if it is very long. */
void page_put_words(struct markup *to, const char *text);
/* A paragraph: its lead in bold, and then words as page_put_words has them; NULL: none. */
void page_lead(struct markup *to, const char *class, const char *lead, const char *words);
void page_attribute(struct markup *to, const char *name, const char *text);
/* Begins an element; the class may be NULL. */
void page_open(struct markup *to, const char *element, const char *class_name);
/* A whole element with a text in it. */
void page_words(struct markup *to, const char *element, const char *class_name, const char *text);
/* The href of an element within the page. */
void page_link(struct markup *to, const char *id);
void page_badge(struct markup *to, enum platen_report_verdict verdict);
/* A term and its text in a list of them, in an element if one is named; nothing for NULL or "". */
void page_fact(struct markup *to, const char *term, const char *element, const char *text);

/* The rule that a test is about: as was told when it began, or of the first finding; NULL. */
const struct platen_report_finding *page_rule_of(const struct test *test);
/* 12 of "R12"; 0 of what is no such name. */
#define PAGE_RULE_IDS 1000
unsigned page_rule_number(const char *rule);

/* From the first byte to the open <main>. */
void page_begin(struct markup *page, const struct page_words *words);
/* A section with a heading around what has gathered. */
void page_section(struct markup *page, const char *id, const char *title, struct markup *inside);
/* The same of list items. */
void page_list(struct markup *page, const char *id, const char *title, struct markup *inside);
/* All tests in a table of what has gathered as its rows. */
void page_table(struct markup *page, const struct page_words *words, struct markup *rows);
void page_end(struct markup *page);

#endif
