/* SPDX-License-Identifier: MIT
 *
 * Bidi requests, from applications, over a source whose names and values come from the device: both
 * are made of the input. The first bytes say which action it is, with which access, and whether
 * there is another source below; then come the names that the source lists, and the entries.
 */
#include "bidi/bidi.h"

#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "fuzz.h"

enum { MOST_NAMES = 8, MOST_ENTRIES = 64, NAME_ROOM = 600 };

/* The input, read from its beginning to its end; behind that there are zeros. */
static struct {
    const uint8_t *at;
    size_t left;
} input;

static uint8_t next_byte(void)
{
    if (input.left == 0) {
        return 0;
    }
    input.left--;
    return *input.at++;
}

/* A piece of the input whose length stands before it. */
static size_t next_piece(const uint8_t **piece)
{
    size_t length = next_byte();
    if (length == 255) { /* a long one */
        length = 255 + (size_t)next_byte() * 64;
    }
    length = length < input.left ? length : input.left;
    *piece = input.at;
    input.at += length;
    input.left -= length;
    return length;
}

/* ---- the Router ------------------------------------------------------------------------------ */

static long alive;

static LPVOID WINAPI new_memory(size_t size)
{
    alive++;
    return malloc(size);
}

static VOID WINAPI free_memory(LPVOID memory)
{
    alive -= memory != NULL;
    free(memory);
}

static PBIDI_RESPONSE_CONTAINER WINAPI new_container(DWORD count)
{
    alive++;
    return malloc(sizeof(BIDI_RESPONSE_CONTAINER) + count * sizeof(BIDI_RESPONSE_DATA));
}

static DWORD WINAPI free_container(PBIDI_RESPONSE_CONTAINER container)
{
    for (DWORD i = 0; i < container->Count; i++) {
        const BIDI_DATA *data = &container->aData[i].data;
        free_memory(container->aData[i].pSchema);
        if (data->dwBidiType >= BIDI_STRING && data->dwBidiType <= BIDI_ENUM) {
            free_memory(data->u.sData);
        } else {
            FUZZ_ASSERT(data->dwBidiType <= BIDI_BOOL);
        }
    }
    alive--;
    free(container);
    return 0;
}

static const struct bidi_memory memory = {new_container, new_memory, free_container, free_memory};

/* ---- the source ------------------------------------------------------------------------------ */

static char names[MOST_NAMES][NAME_ROOM];
static size_t name_count;
static char text[256];

static uint32_t get(void *context, const char *schema, const char *argument, char *value,
                    size_t size)
{
    size_t letter = strlen(schema) + (argument != NULL ? strlen(argument) : 0);
    (void)context;
    FUZZ_ASSERT(schema[0] == '\\');
    if (letter % 5 == 0) {
        return letter % 2 ? PLATEN_BIDI_SCHEMA_NOT_SUPPORTED : PLATEN_BIDI_DEVICE_OFFLINE;
    }
    FUZZ_ASSERT(strlen(text) < size);
    strcpy(value, text);
    return 0;
}

static uint32_t set(void *context, const char *schema, const char *value)
{
    (void)context;
    FUZZ_ASSERT(schema[0] == '\\' && strlen(value) < BIDI_VALUE_BYTES);
    return strlen(value) % 3 ? 0 : PLATEN_BIDI_SCHEMA_READ_ONLY;
}

static uint32_t list(void *context, void *to, bidi_add add)
{
    (void)context;
    for (size_t i = 0; i < name_count; i++) {
        add(to, names[i]);
    }
    return 0;
}

static uint32_t ask_below(void *context, uint32_t access, const char16_t *action,
                          PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *answer)
{
    struct bidi_source source = {.get = get, .set = set, .list = list};
    struct bidi_call call = {access, action, request};
    (void)context;
    return bidi_run(&source, &memory, &call, answer);
}

static void read_names(void)
{
    const uint8_t *piece;
    name_count = next_byte() % (MOST_NAMES + 1);
    for (size_t i = 0; i < name_count; i++) {
        size_t length = next_piece(&piece);
        length = length < NAME_ROOM ? length : NAME_ROOM - 1;
        memcpy(names[i], piece, length);
        names[i][length] = '\0';
    }
    size_t length = next_piece(&piece);
    length = length < sizeof text ? length : sizeof text - 1;
    memcpy(text, piece, length);
    text[length] = '\0';
}

/* ---- the request ----------------------------------------------------------------------------- */

/* UTF-16 in memory of just its size: ASCII letters as they stand, others as pairs of bytes. */
static char16_t *read_text(void)
{
    const uint8_t *piece;
    size_t length = next_piece(&piece), units = 0;
    char16_t *made = malloc((length + 1) * sizeof *made);
    FUZZ_ASSERT(made != NULL);
    for (size_t i = 0; i < length; i++) {
        made[units] = piece[i];
        if (piece[i] >= 0x80 && i + 1 < length) {
            made[units] = (char16_t)(piece[i] << 8 | piece[i + 1]);
            i++;
        }
        units++;
    }
    made[units] = 0;
    return made;
}

static void read_entry(BIDI_REQUEST_DATA *entry, uint32_t number)
{
    uint8_t flags = next_byte();
    memset(entry, 0, sizeof *entry);
    entry->dwReqNumber = flags & 0x80 ? 7 : number;
    entry->pSchema = flags & 0x40 ? NULL : (LPWSTR)read_text();
    entry->data.dwBidiType = flags & 0x0F;
    if (entry->data.dwBidiType >= BIDI_STRING && entry->data.dwBidiType <= BIDI_ENUM) {
        entry->data.u.sData = flags & 0x20 ? NULL : (LPWSTR)read_text();
    } else {
        entry->data.u.iData = (LONG)(next_byte() * 0x01010101u);
    }
}

static void free_entry(const BIDI_REQUEST_DATA *entry)
{
    free(entry->pSchema);
    if (entry->data.dwBidiType >= BIDI_STRING && entry->data.dwBidiType <= BIDI_ENUM) {
        free(entry->data.u.sData);
    }
}

/* Every entry has an answer under its number (R74). */
static void check_answer(const BIDI_REQUEST_DATA *entries, uint32_t count,
                         PBIDI_RESPONSE_CONTAINER answer)
{
    FUZZ_ASSERT(answer->Version == 1 && answer->Flags == 0);
    for (uint32_t i = 0; i < count; i++) {
        DWORD row = 0;
        while (row < answer->Count && answer->aData[row].dwReqNumber != entries[i].dwReqNumber) {
            row++;
        }
        FUZZ_ASSERT(row < answer->Count);
    }
}

static void run(const char16_t *action, uint8_t how, const BIDI_REQUEST_DATA *entries,
                uint32_t count)
{
    const size_t head = offsetof(BIDI_REQUEST_CONTAINER, aData);
    struct bidi_source source = {.get = get, .set = set, .list = list};
    size_t odd = how & 1;
    char *room = calloc(1, odd + head + count * sizeof *entries);
    PBIDI_RESPONSE_CONTAINER answer;
    FUZZ_ASSERT(room != NULL);
    memcpy(room + odd + offsetof(BIDI_REQUEST_CONTAINER, Count), &count, sizeof count);
    memcpy(room + odd + head, entries, count * sizeof *entries);
    struct bidi_call call = {how >> 4, action, (const void *)(room + odd)};
    source.next = how & 2 ? ask_below : NULL;
    uint32_t code = bidi_run(&source, &memory, &call, &answer);
    FUZZ_ASSERT((answer != NULL) == (code == 0 || code == PLATEN_BIDI_STATUS_WARNING));
    if (answer != NULL) {
        check_answer(entries, count, answer);
        free_container(answer);
    }
    FUZZ_ASSERT(alive == 0);
    free(room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char16_t *const actions[] = {u"Get", u"GETALL",          u"enumschema",
                                              u"Set", u"GetWithArgument", u"Fetch"};
    BIDI_REQUEST_DATA entries[MOST_ENTRIES];
    input.at = data;
    input.left = size;
    const char16_t *action = actions[next_byte() % 6];
    uint8_t how = next_byte();
    read_names();
    uint32_t count = 0;
    while (count < MOST_ENTRIES && input.left > 0) {
        read_entry(&entries[count], count);
        count++;
    }
    run(action, how, entries, count);
    for (uint32_t i = 0; i < count; i++) {
        free_entry(&entries[i]);
    }
    return 0;
}
