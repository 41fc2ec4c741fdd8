/* SPDX-License-Identifier: MIT
 *
 * What a host claims that a call brought back, applied to memory that ends at pages without access.
 * The input is a line; what stands before the arrow is the call that was made.
 */
#include <stdlib.h>
#include <string.h>

#include "call/apply.h"
#include "fuzz.h"

static struct platen_words *words;
static struct platen_built *built;
static struct platen_built *aside;

static LPVOID WINAPI alloc_mem(size_t size)
{
    return calloc(1, size + 1);
}

static PBIDI_RESPONSE_CONTAINER WINAPI alloc_container(DWORD count)
{
    return calloc(1, sizeof(BIDI_RESPONSE_CONTAINER) + count * sizeof(BIDI_RESPONSE_DATA));
}

static DWORD WINAPI free_container(PBIDI_RESPONSE_CONTAINER tree)
{
    for (DWORD i = 0; tree != NULL && i < tree->Count; i++) {
        BIDI_DATA *data = &tree->aData[i].data;
        free(tree->aData[i].pSchema);
        if (data->dwBidiType == BIDI_STRING || data->dwBidiType == BIDI_TEXT ||
            data->dwBidiType == BIDI_ENUM) {
            free(data->u.sData);
        } else if (data->dwBidiType == BIDI_BLOB) {
            free(data->u.biData.pData);
        }
    }
    free(tree);
    return 0;
}

static const PLATEN_IMPORTS imports = {
    .cbSize = sizeof imports,
    .RouterAllocBidiMem = alloc_mem,
    .RouterAllocBidiResponseContainer = alloc_container,
    .RouterFreeBidiResponseContainer = free_container,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct platen_line line;
    struct platen_statement statement;
    struct platen_text_error error;
    struct platen_call call;
    if (words == NULL) {
        words = platen_words_new();
        built = platen_built_new();
        aside = platen_built_new();
    }
    if (!platen_words_read(words, (const char *)data, size, 1, &line, &error)) {
        return 0;
    }
    platen_statement_find(&line, NULL, &statement);
    if (statement.slot == PLATEN_SLOT_COUNT || line.right == NULL ||
        !platen_build(built, statement.slot, statement.arguments, NULL, &call, &error)) {
        return 0;
    }
    const struct platen_apply_form form = {
        .built = aside, .imports = &imports, .word = size % 2 == 0 ? 0 : 4};
    (void)platen_call_apply(&call, line.right, &form, &error);
    FUZZ_ASSERT(platen_built_after(built, NULL) == 0);
    if (call.slot == PLATEN_SLOT_SendRecvBidiDataFromPort &&
        call.args.SendRecvBidiDataFromPort.ppResData != NULL) {
        free_container(*call.args.SendRecvBidiDataFromPort.ppResData);
    }
    return 0;
}
