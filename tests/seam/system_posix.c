/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* By its own name: /proc/self/exe is the tool where a tool runs us. */
static void become(const char *const arguments[], int output)
{
    char program[4096] = "";
    const char *all[8] = {program};

    if (readlink("/proc/self/exe", program, sizeof program - 1) < 0)
        _exit(126);
    for (size_t i = 0; i < 6 && arguments[i]; i++)
        all[i + 1] = arguments[i];
    dup2(output, STDOUT_FILENO);
    execv(all[0], (char *const *)(uintptr_t)all);
    _exit(127);
}

int system_run_self(const char *const arguments[], char *output, size_t size)
{
    int ends[2], status;
    size_t used = 0;
    ssize_t got;
    pid_t child;

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        become(arguments, ends[1]);
    close(ends[1]);
    while (used + 1 < size && (got = read(ends[0], output + used, size - 1 - used)) > 0)
        used += (size_t)got;
    output[used] = 0;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void system_set_variable(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

/* The kernel says EFAULT where we would get a signal. */
bool system_can_read(const void *address)
{
    int ends[2];
    bool can;

    assert_int_equal(pipe(ends), 0);
    can = write(ends[1], address, 1) == 1;
    close(ends[0]);
    close(ends[1]);
    return can;
}

bool system_can_write(void *address)
{
    int ends[2];
    bool can;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    can = read(ends[0], address, 1) == 1;
    close(ends[0]);
    close(ends[1]);
    return can;
}

bool system_is_inherited(platen_os_file file)
{
    return !(fcntl((int)file, F_GETFD) & FD_CLOEXEC);
}

void system_pipe(platen_os_file ends[2])
{
    int made[2];
    assert_int_equal(pipe(made), 0);
    ends[0] = made[0];
    ends[1] = made[1];
}

size_t system_count_entries(const char *folder)
{
    DIR *entries = opendir(folder);
    size_t count = 0;

    assert_non_null(entries);
    while (readdir(entries))
        count++;
    closedir(entries);
    return count - 2;
}

void system_link(const char *target, const char *path)
{
    assert_int_equal(symlink(target, path), 0);
}

void system_forget_links(void)
{
}

void system_hard_link(const char *target, const char *path)
{
    assert_int_equal(link(target, path), 0);
}
