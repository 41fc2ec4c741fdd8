/* SPDX-License-Identifier: MIT
 *
 * A strict reader of TAP 14: what is not in the specification is an error, not "unknown". Of YAML
 * it knows what a diagnostics block here may hold: numbers, double-quoted text, one list of such
 * maps.
 *
 * A document becomes
 *
 *     { "plan": 2, "plan_skip": "why", "bail": "why", "comments": ["..."],
 *       "points": [ { "ok": true, "number": 1, "description": "...", "directive": "SKIP",
 *                     "reason": "...", "yaml": {...}, "subtest": { a document } } ] }
 *
 * with what does not occur left out.
 */
#ifndef REPORT_TAP_READER_H
#define REPORT_TAP_READER_H

#include <jansson.h>
#include <stddef.h>

/* The document, or NULL and what is wrong with which line. */
json_t *tap_read(const char *text, size_t size, char *wrong, size_t wrong_size);

#endif
