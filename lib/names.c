/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <platen/errors.h>

#include "names.h"

enum { FIRST_BUCKETS = 16 };

static struct name **bucket_of(const struct names *names, uint64_t hash)
{
    return &names->buckets[hash & (names->bucket_count - 1)];
}

struct name *names_find(const struct names *names, const char16_t *text)
{
    if (names->count == 0)
        return NULL;
    uint64_t hash = platen_text_hash_folded(text);
    for (struct name *at = *bucket_of(names, hash); at; at = at->next)
        if (at->hash == hash && platen_text_equal_folded(at->text, text))
            return at;
    return NULL;
}

static void rehash(struct names *names, struct name **old, size_t old_count)
{
    for (size_t i = 0; i < old_count; i++) {
        for (struct name *at = old[i], *next; at; at = next) {
            struct name **bucket = bucket_of(names, at->hash);
            next = at->next;
            at->next = *bucket;
            *bucket = at;
        }
    }
}

/* Without memory for more buckets the old ones still do. */
static bool make_room(struct names *names)
{
    if (names->count < names->bucket_count)
        return true;
    size_t old_count = names->bucket_count;
    size_t count = old_count ? old_count * 2 : FIRST_BUCKETS;
    struct name **old = names->buckets;
    struct name **buckets = calloc(count, sizeof(struct name *));
    if (!buckets)
        return old != NULL;
    names->buckets = buckets;
    names->bucket_count = count;
    rehash(names, old, old_count);
    free(old);
    return true;
}

bool names_add(struct names *names, struct name *member)
{
    if (!make_room(names))
        return false;
    member->hash = platen_text_hash_folded(member->text);
    struct name **bucket = bucket_of(names, member->hash);
    member->next = *bucket;
    *bucket = member;
    names->count++;
    return true;
}

void names_remove(struct names *names, struct name *member)
{
    struct name **at = bucket_of(names, member->hash);
    while (*at != member)
        at = &(*at)->next;
    *at = member->next;
    names->count--;
}

void names_clear(struct names *names)
{
    free(names->buckets);
    *names = (struct names){0};
}

static bool is_control(char16_t unit)
{
    return unit < 0x20 || (unit >= 0x7F && unit < 0xA0);
}

uint32_t name_check(const char16_t *text)
{
    size_t length = platen_text_length16(text, NAME_LIMIT + 1);
    if (length == 0 || length > NAME_LIMIT)
        return PLATEN_INVALID_NAME;
    for (size_t i = 0; i < length; i++)
        if (is_control(text[i]))
            return PLATEN_INVALID_NAME;
    return 0;
}

const char *name_to8(const char16_t *text, char room[NAME_BYTES])
{
    platen_text_to8(text, SIZE_MAX, room, NAME_BYTES);
    return room;
}
