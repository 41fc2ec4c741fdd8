/* SPDX-License-Identifier: MIT
 *
 * How the module that stands for the verifying monitor's file finds its way into the program that
 * has it: the registry value "Door" of its key holds the address of one of these.
 */
#ifndef TESTS_VERIFY_DOOR_H
#define TESTS_VERIFY_DOOR_H

#include <platen/winsplp.h>

struct verify_door {
    LPMONITOR2(WINAPI *entry)(PMONITORINIT init, PHANDLE monitor);
    void (*gone)(void); /* DllMain is told that the module goes */
    /* The module's own, from its initialisation on. */
    BOOL(WINAPI *dll_main)(HINSTANCE module, DWORD reason, LPVOID reserved);
};

#endif
