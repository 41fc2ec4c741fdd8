/* SPDX-License-Identifier: MIT */
#include "tap.h"

#include <stdarg.h>
#include <stdio.h>

static char name[200];
static unsigned tried, failed;
static bool fine_so_far;

void tap_begin(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    fine_so_far = true;
}

bool tap_expect(bool fine, const char *format, ...)
{
    va_list arguments;
    if (fine)
        return true;
    fine_so_far = false;
    va_start(arguments, format);
    printf("# %s: ", name);
    vprintf(format, arguments);
    printf("\n");
    va_end(arguments);
    return false;
}

void tap_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    printf("# ");
    vprintf(format, arguments);
    printf("\n");
    va_end(arguments);
    fflush(stdout);
}

void tap_end(void)
{
    failed += !fine_so_far;
    printf("%s %u - %s\n", fine_so_far ? "ok" : "not ok", ++tried, name);
    fflush(stdout);
}

int tap_finish(void)
{
    printf("1..%u\n", tried);
    fflush(stdout);
    return failed || !tried;
}
