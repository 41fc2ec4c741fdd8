/* SPDX-License-Identifier: MIT
 *
 * The texts that the steps of install and uninstall are about.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/install.h"
#include "os/text.h"

bool install_put(struct install *install, enum install_text which, const char *a, const char *b)
{
    size_t size = strlen(a) + strlen(b == NULL ? "" : b) + 1;
    char *text = malloc(size);
    if (text == NULL) {
        return false;
    }
    snprintf(text, size, "%s%s", a, b == NULL ? "" : b);
    free(install->texts[which]);
    install->texts[which] = text;
    return true;
}

void install_forget_text(struct install *install, enum install_text which)
{
    free(install->texts[which]);
    install->texts[which] = NULL;
}

void install_end(struct install *install)
{
    for (int i = 0; i < INSTALL_TEXTS; i++) {
        install_forget_text(install, (enum install_text)i);
    }
}

bool install_put_path(struct install *install)
{
    char *folder = install_system_folder();
    bool put = folder != NULL && install_put(install, INSTALL_PATH, folder, "\\");
    char *begin = install->texts[INSTALL_PATH];
    install->texts[INSTALL_PATH] = NULL; /* its first part stays while the whole is made */
    put = put && install_put(install, INSTALL_PATH, begin, install->texts[INSTALL_FILE]);
    free(begin);
    free(folder);
    return put;
}

struct sharing {
    const struct install *install;
    const char *file;
    bool shared;
};

static bool is_used_by_other(void *context, const char *monitor)
{
    static const char *const values[] = {INSTALL_DRIVER, INSTALL_RECORD_DRIVER};
    struct sharing *sharing = context;
    if (platen_text_equal_folded8(monitor, sharing->install->texts[INSTALL_NAME])) {
        return true;
    }
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char *file = install_system_get(monitor, values[i]);
        sharing->shared |= file != NULL && platen_text_equal_folded8(file, sharing->file);
        free(file);
    }
    return !sharing->shared;
}

bool install_is_shared(const struct install *install, const char *file)
{
    struct sharing sharing = {install, file, false};
    install_system_monitors(is_used_by_other, &sharing);
    return sharing.shared;
}
