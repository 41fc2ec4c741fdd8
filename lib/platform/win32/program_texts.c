/* SPDX-License-Identifier: MIT
 *
 * What a program is told, as Windows wants it: one command line, and a block of variables.
 */
#include <windows.h>

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "os/error.h"
#include "os/text.h"
#include "program.h"

enum { LONGEST_TEXT = 32766 }; /* units of a command line and of a variable, without the NUL */

/* ---- command line -------------------------------------------------------------------------- */

/* Grows; `failed` is looked at in the end. */
struct builder {
    WCHAR *text;
    size_t used;
    size_t room;
    bool failed;
};

static void put(struct builder *builder, const WCHAR *text, size_t length)
{
    if (builder->used + length > builder->room) {
        size_t room = 2 * (builder->used + length);
        WCHAR *grown = realloc(builder->text, room * sizeof *grown);
        builder->failed = builder->failed || !grown;
        if (!grown)
            return;
        builder->text = grown;
        builder->room = room;
    }
    if (!builder->failed)
        wmemcpy(builder->text + builder->used, text, length);
    builder->used += length;
}

static void put_backslashes(struct builder *builder, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put(builder, L"\\", 1);
}

/* As the C library of Windows takes a command line apart: a backslash means itself, unless a quote
 * comes behind it. */
static void put_quoted(struct builder *builder, const WCHAR *word)
{
    put(builder, L"\"", 1);
    while (*word) {
        size_t slashes = wcsspn(word, L"\\");
        word += slashes;
        put_backslashes(builder, *word == L'"' || !*word ? 2 * slashes + (*word != 0) : slashes);
        if (*word)
            put(builder, word++, 1);
    }
    put(builder, L"\"", 1);
}

static void put_word(struct builder *builder, const char *word)
{
    WCHAR *wide = platen_text_new16(word, SIZE_MAX);
    builder->failed = builder->failed || !wide;
    if (wide)
        put_quoted(builder, wide);
    free(wide);
}

static WCHAR *finish(struct builder *builder)
{
    put(builder, L"", 1);
    if (!builder->failed)
        return builder->text;
    free(builder->text);
    return NULL;
}

uint32_t platen_win32_command_line(const struct platen_os_program_setup *setup, WCHAR **line)
{
    struct builder builder = {0};
    put_word(&builder, setup->path);
    for (size_t i = 0; setup->arguments && setup->arguments[i]; i++) {
        put(&builder, L" ", 1);
        put_word(&builder, setup->arguments[i]);
    }
    *line = finish(&builder);
    if (!*line)
        return PLATEN_NOT_ENOUGH_MEMORY;
    if (wcslen(*line) <= LONGEST_TEXT)
        return 0;
    free(*line);
    *line = NULL;
    return PLATEN_BAD_ARGUMENTS;
}

/* ---- environment --------------------------------------------------------------------------- */

/* The system wants them in the order of their names; a name may begin with '='. */
static int compare_variables(const void *left, const void *right)
{
    const WCHAR *a = *(const WCHAR *const *)left, *b = *(const WCHAR *const *)right;
    for (size_t i = 0;; i++) {
        bool a_ends = !a[i] || (i && a[i] == L'='), b_ends = !b[i] || (i && b[i] == L'=');
        if (a_ends || b_ends)
            return (int)b_ends - (int)a_ends;
        int difference =
            (int)platen_text_fold((char16_t)a[i]) - (int)platen_text_fold((char16_t)b[i]);
        if (difference)
            return difference;
    }
}

static bool is_hidden(const WCHAR *variable, const char *hidden)
{
    size_t i = 0;
    while (hidden && hidden[i] &&
           platen_text_fold((char16_t)variable[i]) ==
               platen_text_fold((char16_t)(unsigned char)hidden[i]))
        i++;
    return hidden && !hidden[i];
}

struct variables {
    const WCHAR **rows;
    size_t count;
};

static bool add_ours(struct variables *variables, const WCHAR *block, const char *hidden)
{
    for (const WCHAR *at = block; *at; at += wcslen(at) + 1) {
        const WCHAR **grown =
            realloc(variables->rows, (variables->count + 1) * sizeof *variables->rows);
        if (!grown)
            return false;
        variables->rows = grown;
        if (!is_hidden(at, hidden))
            variables->rows[variables->count++] = at;
    }
    return true;
}

static WCHAR *pack_variables(const struct variables *variables)
{
    struct builder builder = {0};
    for (size_t i = 0; i < variables->count; i++)
        put(&builder, variables->rows[i], wcslen(variables->rows[i]) + 1);
    if (!variables->count)
        put(&builder, L"", 1);
    return finish(&builder);
}

/* `more` are to be added: those that are too long for a variable are refused. */
static uint32_t merge(const WCHAR *block, const char *hidden, WCHAR *const *more, size_t count,
                      WCHAR **made)
{
    struct variables variables = {calloc(count + 1, sizeof(WCHAR *)), 0};
    uint32_t error = 0;

    for (size_t i = 0; variables.rows && i < count; i++) {
        variables.rows[variables.count++] = more[i];
        if (wcslen(more[i]) > LONGEST_TEXT)
            error = PLATEN_BAD_ARGUMENTS;
    }
    if (!error && (!variables.rows || !add_ours(&variables, block, hidden)))
        error = PLATEN_NOT_ENOUGH_MEMORY;
    if (!error) {
        qsort(variables.rows, variables.count, sizeof *variables.rows, compare_variables);
        *made = pack_variables(&variables);
        error = *made ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
    }
    free(variables.rows);
    return error;
}

uint32_t platen_win32_environment(const struct platen_os_program_setup *setup, WCHAR **made)
{
    WCHAR *block = GetEnvironmentStringsW();
    size_t count = 0, done = 0;
    uint32_t error = PLATEN_NOT_ENOUGH_MEMORY;

    *made = NULL;
    while (setup->environment && setup->environment[count])
        count++;
    WCHAR **more = calloc(count + 1, sizeof *more);
    while (more && done < count &&
           (more[done] = platen_text_new16(setup->environment[done], SIZE_MAX)))
        done++;
    if (block && more && done == count)
        error = merge(block, setup->hidden, more, count, made);
    for (size_t i = 0; i < done; i++)
        free(more[i]);
    free(more);
    if (block)
        FreeEnvironmentStringsW(block);
    return error;
}
