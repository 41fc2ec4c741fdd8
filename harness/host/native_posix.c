/* SPDX-License-Identifier: MIT */
#include "host/native.h"

void host_native_prepare(const char *path)
{
    (void)path;
}

void host_native_loaded(void *module)
{
    (void)module;
}

void host_native_root(const char *path, const char *key)
{
    (void)path;
    (void)key;
}

void host_native_client(void)
{
}

void *host_native_revert(void)
{
    return NULL;
}

bool host_native_impersonate(void *token)
{
    (void)token;
    return false;
}

size_t host_native_tell(char *to, size_t size)
{
    if (size > 0) {
        to[0] = '\0';
    }
    return 0;
}
