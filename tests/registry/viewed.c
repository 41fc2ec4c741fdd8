/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "viewed.h"

platen_registry *registry;
platen_registry_view *view;
const MONITORREG *reg;
HANDLE root, spooler;

int setup(void **state)
{
    (void)state;
    reg = platen_registry_table();
    if (platen_registry_create(&registry) != 0 ||
        platen_registry_view_create(registry, ROOT, &view) != 0) {
        return -1;
    }
    root = platen_registry_view_root(view);
    spooler = platen_registry_view_spooler(view);
    return 0;
}

int teardown(void **state)
{
    (void)state;
    platen_registry_view_destroy(view);
    platen_registry_destroy(registry);
    return 0;
}

HANDLE create(HANDLE parent, LPCWSTR name)
{
    HANDLE key = NULL;
    assert_int_equal(reg->fpCreateKey(parent, name, 0, KEY_ALL_ACCESS, NULL, &key, NULL, spooler),
                     0);
    assert_non_null(key);
    return key;
}

LONG put(HANDLE key, LPCWSTR name, const char *text)
{
    return reg->fpSetValue(key, name, REG_BINARY, (const BYTE *)text, (DWORD)strlen(text), spooler);
}

LONG close_key(HANDLE key)
{
    return reg->fpCloseKey(key, spooler);
}
