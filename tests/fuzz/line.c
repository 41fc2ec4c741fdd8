/* SPDX-License-Identifier: MIT
 *
 * One line as words, as a call, and as text again: what could be built and is printed is read and
 * built to the same text.
 */
#include <string.h>

#include "call/build.h"
#include "call/match.h"
#include "call/print.h"
#include "fuzz.h"

#define LONGEST 65536

static struct platen_words *words;
static struct platen_built *built;

static bool build(const char *text, size_t length, struct platen_call *call)
{
    struct platen_line line;
    struct platen_statement statement;
    struct platen_text_error error = {.line = 0};
    if (!platen_words_read(words, text, length, 7, &line, &error)) {
        FUZZ_ASSERT(error.line == 7 && error.what[0] != '\0');
        return false;
    }
    platen_statement_find(&line, NULL, &statement);
    if (statement.slot == PLATEN_SLOT_COUNT) {
        return false;
    }
    if (line.right != NULL) {
        (void)platen_match_check(statement.slot, line.right, &error);
    }
    return platen_build(built, statement.slot, statement.arguments, NULL, call, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char once[LONGEST], twice[LONGEST];
    struct platen_call call;
    if (words == NULL) {
        words = platen_words_new();
        built = platen_built_new();
    }
    if (!build((const char *)data, size, &call)) {
        return 0;
    }
    const struct platen_call_form form = {.inline_bytes = SIZE_MAX, .entering = true};
    size_t length = platen_call_print(&call, &form, once, sizeof once);
    FUZZ_ASSERT(memchr(once, '\n', strlen(once)) == NULL);
    if (length >= sizeof once) {
        return 0;
    }
    FUZZ_ASSERT(build(once, length, &call));
    FUZZ_ASSERT(platen_call_print(&call, &form, twice, sizeof twice) == length);
    FUZZ_ASSERT(strcmp(once, twice) == 0);
    return 0;
}
