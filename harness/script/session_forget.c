/* SPDX-License-Identifier: MIT
 *
 * Names that a session's user wants to be free again.
 */
#include <stdlib.h>

#include "script/session_inside.h"

static void free_name(struct script_name *name)
{
    platen_words_free(name->words);
    free(name->raw);
    free(name);
}

void platen_session_forget_names(platen_session *session,
                                 bool (*keeps)(void *context, const char *name), void *context)
{
    struct script_test *test = &session->test;
    if (session->stuck) {
        return;
    }
    platen_os_mutex_lock(&test->lock);
    for (unsigned row = 0; row < SCRIPT_NAME_ROWS; row++) {
        struct script_name **at = &test->names[row];
        while (*at != NULL) {
            struct script_name *name = *at;
            if (keeps(context, name->name)) {
                at = &name->next;
                continue;
            }
            *at = name->next;
            free_name(name);
        }
    }
    platen_os_mutex_unlock(&test->lock);
    script_streams_forget(test, keeps, context);
}
