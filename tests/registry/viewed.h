/* SPDX-License-Identifier: MIT
 *
 * A registry and one monitor's view of it, made and ended around each test.
 */
#ifndef REGISTRY_VIEWED_H
#define REGISTRY_VIEWED_H

#include "registry/registry.h"

#define ROOT "HKEY_LOCAL_MACHINE\\System\\Monitors\\m"

/* WCHAR is char16_t off Windows and wchar_t on it. */
#define W(text) ((LPCWSTR)(const void *)u##text)

extern platen_registry *registry;
extern platen_registry_view *view;
extern const MONITORREG *reg;
extern HANDLE root, spooler;

int setup(void **state);
int teardown(void **state);

/* What the monitor would do, with the view's spooler. */
HANDLE create(HANDLE parent, LPCWSTR name);
LONG put(HANDLE key, LPCWSTR name, const char *text);
LONG close_key(HANDLE key);

#endif
