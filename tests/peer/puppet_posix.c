/* SPDX-License-Identifier: MIT */
#include "puppet.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

void puppet_begin(void)
{
}

bool puppet_variable(size_t number, char *text, size_t size)
{
    for (size_t i = 0; i <= number; i++)
        if (!environ[i])
            return false;
    snprintf(text, size, "%s", environ[number]);
    return true;
}

/* Without the one that looks. */
int puppet_handles(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;
    if (!folder)
        return -1;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count - 1;
}

void puppet_place(char *folder, size_t size)
{
    if (!getcwd(folder, size))
        folder[0] = '\0';
}

long puppet_id(void)
{
    return (long)getpid();
}

void puppet_pause(unsigned milliseconds)
{
    struct timespec time = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    nanosleep(&time, NULL);
}

void puppet_crash(void)
{
    raise(SIGKILL);
}
