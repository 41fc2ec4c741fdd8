/* SPDX-License-Identifier: MIT
 *
 * Memory that is lent for one call and then taken away.
 */
#include <stdlib.h>
#include <string.h>

#include "os/memory.h"
#include "trial.h"

/* The pages in use: valgrind's time is proportional to them. */
void loan_lock(struct loan *loan, enum platen_os_access access)
{
    size_t page = platen_os_page_size();
    platen_os_pages_protect(loan->pages, (loan->used + page - 1) / page * page, access);
    loan->locked = access != PLATEN_OS_READ_WRITE;
}

void loan_begin(struct loan *loan, size_t size)
{
    if (!loan->pages) {
        loan->pages = platen_os_pages_alloc(size);
        loan->size = size;
    }
    if (!loan->pages)
        abort();
    if (loan->locked)
        loan_lock(loan, PLATEN_OS_READ_WRITE);
    loan->used = 0;
}

/* Aligned for structures too. */
void *loan_room(struct loan *loan, size_t size)
{
    char *room = loan->pages + loan->used;
    if (size > loan->size - loan->used)
        abort();
    loan->used += (size + 15) / 16 * 16;
    if (loan->used > loan->size)
        loan->used = loan->size;
    return room;
}

char *loan_text(struct loan *loan, const char *text)
{
    size_t size = text ? strlen(text) + 1 : 0;
    return text ? memcpy(loan_room(loan, size), text, size) : NULL;
}

void loan_call_in(struct trial *trial, struct loan *loan)
{
    if (loan->locked)
        loan_lock(loan, PLATEN_OS_READ_WRITE);
    memset(loan->pages, '!', loan->used);
    if (loan->used)
        loan->pages[loan->used - 1] = 0;
    if (trial->strict)
        loan_lock(loan, PLATEN_OS_NO_ACCESS);
}

void loan_end(struct loan *loan)
{
    if (loan->pages)
        platen_os_pages_free(loan->pages, loan->size);
    loan->pages = NULL;
}
