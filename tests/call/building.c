/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "building.h"

#include <stdio.h>
#include <string.h>

#include "os/text.h"

static struct platen_words *words;
static struct platen_words *variable_words;
static struct platen_line variable;
struct platen_built *built;
struct platen_call call;
struct platen_text_error error;

int building_setup(void **state)
{
    (void)state;
    words = platen_words_new();
    built = platen_built_new();
    variable_words = platen_words_new();
    return words == NULL || built == NULL || variable_words == NULL ||
           !platen_words_read(variable_words, "42", 2, 1, &variable, &error);
}

int building_teardown(void **state)
{
    (void)state;
    platen_words_free(words);
    platen_words_free(variable_words);
    platen_built_free(built);
    return 0;
}

/* ---- names ----------------------------------------------------------------------------------- */

MONITOR2 table = {.cbSize = sizeof table};

static bool handle_of(void *context, enum platen_kind kind, const char *name, size_t length,
                      uint64_t *bits)
{
    (void)context;
    *bits = 0x500u + kind;
    return length == 5 && memcmp(name, "known", 5) == 0;
}

static bool newest(void *context, enum platen_slot slot, const struct platen_arg_info *arg,
                   enum platen_kind kind, uint64_t *bits)
{
    (void)context;
    assert_true(slot < PLATEN_SLOT_COUNT);
    assert_int_equal(arg->kind, kind);
    *bits = 0x900u + kind;
    return kind != PLATEN_KIND_SPOOLER;
}

static bool stream_of(void *context, const char *name, size_t length, uint64_t offset,
                      uint64_t *count, const void **bytes)
{
    static const char data[] = "0123456789";
    (void)context;
    if (length != 4 || memcmp(name, "doc1", 4) != 0 || offset > 10) {
        return false;
    }
    *count = *count < 10 - offset ? *count : 10 - offset;
    *bytes = data + offset;
    return true;
}

static const MONITOR2 *table_of(void *context, uint64_t monitor)
{
    (void)context;
    return monitor == 0 ? NULL : &table;
}

static const struct platen_word *variable_of(void *context, const char *name, size_t length)
{
    (void)context;
    return length == 1 && *name == 'v' ? variable.left : NULL;
}

const struct platen_names building_names = {.handle = handle_of,
                                            .newest = newest,
                                            .stream = stream_of,
                                            .table = table_of,
                                            .variable = variable_of};

bool try_build(const char *text, const struct platen_names *with)
{
    struct platen_line line;
    struct platen_statement statement;
    error = (struct platen_text_error){.line = 0};
    if (!platen_words_read(words, text, strlen(text), 3, &line, &error)) {
        fail_msg("%s: %u: %s", text, error.column, error.what);
    }
    platen_statement_find(&line, NULL, &statement);
    assert_int_not_equal(statement.slot, PLATEN_SLOT_COUNT);
    return platen_build(built, statement.slot, statement.arguments, with, &call, &error);
}

void builds(const char *text)
{
    if (!try_build(text, &building_names)) {
        fail_msg("%s: %u: %s", text, error.column, error.what);
    }
    assert_ptr_equal(call.built, built);
    assert_int_equal(platen_built_after(built, NULL), 0);
}

void fails(const char *text, uint32_t column, const char *what)
{
    if (try_build(text, &building_names)) {
        fail_msg("%s: built, but it is wrong", text);
    }
    assert_int_equal(error.line, 3);
    if (error.column != column || strstr(error.what, what) == NULL) {
        fail_msg("%s: %u: %s; expected %u: %s", text, error.column, error.what, column, what);
    }
}

void text_is(const void *text, const char16_t *expected)
{
    size_t length = platen_text_length16(expected, SIZE_MAX);
    assert_non_null(text);
    assert_memory_equal(text, expected, (length + 1) * sizeof *expected);
}

uintptr_t bits(const void *pointer)
{
    return (uintptr_t)pointer;
}
