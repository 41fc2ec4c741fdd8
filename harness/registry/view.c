/* SPDX-License-Identifier: MIT */
#include "registry/view.h"

#include <stdatomic.h>
#include <stdlib.h>

#define FIRST_ROOM 16

/* A token is generation, view, slot and a tag, in as many bits as a pointer has: of the generation
 * 7 on 32 bits, all on 64. An odd number next to a multiple of 4 is no pointer to anything: g...g
 * vvvvvvv ssssssssssssssss 01 */
#define TAG              1u
#define SLOT_SHIFT       2
#define SLOT_BITS        16
#define VIEW_SHIFT       (SLOT_SHIFT + SLOT_BITS)
#define VIEW_BITS        7
#define GENERATION_SHIFT (VIEW_SHIFT + VIEW_BITS)
#define MAX_SLOTS        (1u << SLOT_BITS)
#define MAX_VIEWS        (1u << VIEW_BITS)

struct entry {
    struct reg_key *key; /* NULL: free */
    REGSAM access;
    uint32_t generation; /* counts the keys that were here before */
    uint32_t next_free;  /* 0: none, as the root's entry is never free */
};

struct platen_registry_view {
    struct platen_registry *registry;
    uint32_t id;
    struct entry *entries; /* entry 0 is the root */
    uint32_t entry_count;
    uint32_t room;
    uint32_t first_free; /* a queue: the longer a closed token stays wrong, the better */
    uint32_t last_free;
    size_t open;
    size_t misuses;
    size_t strangers; /* of them with an hSpooler that is not this view's */
};

/* Every view of the process by its number; the only thing that views share. */
static atomic_flag views_busy = ATOMIC_FLAG_INIT;
static platen_registry_view *views[MAX_VIEWS];

static void lock_views(void)
{
    while (atomic_flag_test_and_set_explicit(&views_busy, memory_order_acquire)) {
        platen_os_thread_yield();
    }
}

static void unlock_views(void)
{
    atomic_flag_clear_explicit(&views_busy, memory_order_release);
}

static HANDLE make_token(const platen_registry_view *view, uint32_t slot, uint32_t generation)
{
    uintptr_t bits = (uintptr_t)generation << GENERATION_SHIFT;
    bits |= (uintptr_t)view->id << VIEW_SHIFT | (uintptr_t)slot << SLOT_SHIFT | TAG;
    return (HANDLE)bits;
}

HANDLE platen_registry_view_root(platen_registry_view *view)
{
    return make_token(view, 0, view->entries[0].generation);
}

HANDLE platen_registry_view_spooler(platen_registry_view *view)
{
    return make_token(view, MAX_SLOTS - 1, 1);
}

/* A slot for one more key; UINT32_MAX when there is none. */
static uint32_t take_slot(platen_registry_view *view)
{
    uint32_t slot = view->first_free;
    if (slot != 0) {
        view->first_free = view->entries[slot].next_free;
        view->last_free = view->first_free == 0 ? 0 : view->last_free;
        return slot;
    }
    if (view->entry_count == view->room) {
        uint32_t room = view->room == 0 ? FIRST_ROOM : view->room * 2;
        struct entry *more = room >= MAX_SLOTS ? NULL : realloc(view->entries, room * sizeof *more);
        if (more == NULL) {
            return UINT32_MAX;
        }
        view->entries = more;
        view->room = room;
    }
    view->entries[view->entry_count] = (struct entry){.generation = 1};
    return view->entry_count++;
}

uint32_t view_give(struct view_use *use, struct reg_key *key, REGSAM access, HANDLE *token)
{
    uint32_t slot = take_slot(use->view);
    *token = NULL;
    if (slot == UINT32_MAX) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    struct entry *entry = &use->view->entries[slot];
    entry->key = key;
    entry->access = access;
    tree_hold(key);
    use->view->open++;
    *token = make_token(use->view, slot, entry->generation);
    return 0;
}

/* The view whose number a token carries; the list's lock is held. */
static platen_registry_view *view_of(HANDLE token)
{
    return views[(uintptr_t)token >> VIEW_SHIFT & (MAX_VIEWS - 1)];
}

/* The view that hSpooler means, with its tree's lock held; NULL if there is none, and then the view
 * that the key names, if any, counts a misuse. The number of the view is checked under the list's
 * lock, so a view that is being destroyed is never entered. */
static platen_registry_view *lock_view(HANDLE hcKey, HANDLE hSpooler)
{
    lock_views();
    platen_registry_view *view = view_of(hSpooler);
    bool found = view != NULL && platen_registry_view_spooler(view) == hSpooler;
    view = found ? view : view_of(hcKey);
    if (view != NULL) {
        platen_os_mutex_lock(&view->registry->lock);
    }
    unlock_views();
    if (!found && view != NULL) {
        view->misuses++;
        view->strangers++;
        platen_os_mutex_unlock(&view->registry->lock);
    }
    return found ? view : NULL;
}

static struct entry *entry_of(platen_registry_view *view, HANDLE hcKey)
{
    uint32_t slot = (uint32_t)((uintptr_t)hcKey >> SLOT_SHIFT) & (MAX_SLOTS - 1);
    struct entry *entry = slot < view->entry_count ? &view->entries[slot] : NULL;
    bool ours =
        entry != NULL && entry->key != NULL && make_token(view, slot, entry->generation) == hcKey;
    return ours ? entry : NULL;
}

uint32_t view_enter(HANDLE hcKey, HANDLE hSpooler, REGSAM needed, struct view_use *use)
{
    platen_registry_view *view = lock_view(hcKey, hSpooler);
    uint32_t error = 0;
    if (view == NULL) {
        return PLATEN_INVALID_HANDLE;
    }
    struct entry *entry = entry_of(view, hcKey);
    if (entry == NULL) {
        view->misuses++;
        error = PLATEN_INVALID_HANDLE;
    } else if (entry->key->deleted) {
        error = PLATEN_KEY_DELETED;
    } else if ((entry->access & needed) != needed) {
        error = PLATEN_ACCESS_DENIED;
    }
    if (error != 0) {
        platen_os_mutex_unlock(&view->registry->lock);
        return error;
    }
    *use = (struct view_use){view, view->registry, entry->key};
    return 0;
}

void view_leave(struct view_use *use)
{
    platen_os_mutex_unlock(&use->registry->lock);
}

static void end_entry(platen_registry_view *view, struct entry *entry)
{
    tree_release(entry->key);
    entry->key = NULL;
    entry->generation++;
    entry->next_free = 0;
    uint32_t slot = (uint32_t)(entry - view->entries);
    if (view->last_free == 0) {
        view->first_free = slot;
    } else {
        view->entries[view->last_free].next_free = slot;
    }
    view->last_free = slot;
    view->open--;
}

uint32_t view_close(HANDLE hcKey, HANDLE hSpooler)
{
    platen_registry_view *view = lock_view(hcKey, hSpooler);
    uint32_t error = PLATEN_INVALID_HANDLE;
    if (view == NULL) {
        return error;
    }
    struct entry *entry = entry_of(view, hcKey);
    if (entry == NULL || entry == view->entries) {
        view->misuses++; /* never given out, closed before, or the root (R6) */
    } else {
        end_entry(view, entry);
        error = 0;
    }
    platen_os_mutex_unlock(&view->registry->lock);
    return error;
}

/* Numbers go round, so that the tokens of a view that is gone mean nobody for long. */
static bool enlist(platen_registry_view *view)
{
    static uint32_t last;
    lock_views();
    for (uint32_t i = 1; i < MAX_VIEWS && view->id == 0; i++) {
        uint32_t id = (last + i - 1) % (MAX_VIEWS - 1) + 1;
        if (views[id] == NULL) {
            views[id] = view;
            view->id = id;
        }
    }
    last = view->id != 0 ? view->id : last;
    unlock_views();
    return view->id != 0;
}

uint32_t platen_registry_view_create(platen_registry *registry, const char *root,
                                     platen_registry_view **result)
{
    platen_registry_view *view = calloc(1, sizeof *view);
    char16_t *path = platen_text_new16(root, SIZE_MAX);
    struct reg_key *key = NULL;
    uint32_t error = PLATEN_NOT_ENOUGH_MEMORY;

    *result = NULL;
    if (view != NULL && path != NULL) {
        view->registry = registry;
        platen_os_mutex_lock(&registry->lock);
        error = tree_make(registry, &registry->top, tree_path(path), &key, NULL);
        if (error == 0 && take_slot(view) == UINT32_MAX) {
            error = PLATEN_NOT_ENOUGH_MEMORY;
        }
        if (error == 0) {
            tree_hold(key);
            view->entries[0].key = key;
            view->entries[0].access = KEY_ALL_ACCESS;
        }
        platen_os_mutex_unlock(&registry->lock);
    }
    if (error == 0 && !enlist(view)) {
        error = PLATEN_TOO_MANY_OPEN_FILES;
    }
    free(path);
    if (error == 0) {
        *result = view;
    } else if (view != NULL) {
        platen_registry_view_destroy(view);
    }
    return error;
}

static void release_all(platen_registry_view *view)
{
    platen_os_mutex_lock(&view->registry->lock);
    for (uint32_t i = 0; i < view->entry_count; i++) {
        if (view->entries[i].key != NULL) {
            tree_release(view->entries[i].key);
        }
    }
    platen_os_mutex_unlock(&view->registry->lock);
}

void platen_registry_view_destroy(platen_registry_view *view)
{
    if (view == NULL) {
        return;
    }
    lock_views();
    views[view->id] = NULL; /* id 0 is nobody's */
    unlock_views();
    if (view->registry != NULL) {
        release_all(view);
    }
    free(view->entries);
    free(view);
}

size_t platen_registry_view_open_keys(platen_registry_view *view)
{
    platen_os_mutex_lock(&view->registry->lock);
    size_t open = view->open;
    platen_os_mutex_unlock(&view->registry->lock);
    return open;
}

size_t platen_registry_view_misuses(platen_registry_view *view)
{
    platen_os_mutex_lock(&view->registry->lock);
    size_t misuses = view->misuses;
    platen_os_mutex_unlock(&view->registry->lock);
    return misuses;
}

size_t platen_registry_view_strangers(platen_registry_view *view)
{
    platen_os_mutex_lock(&view->registry->lock);
    size_t strangers = view->strangers;
    platen_os_mutex_unlock(&view->registry->lock);
    return strangers;
}
