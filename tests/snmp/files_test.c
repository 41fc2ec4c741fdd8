/* SPDX-License-Identifier: MIT
 *
 * net-snmp's configuration is nobody's business: nothing at home is opened, read or made.
 */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

static char home[] = "/tmp/platen-snmp-XXXXXX";
static char folder[64], file[80];

/* What net-snmp would read, and what would mislead it. */
static void make_home(void)
{
    FILE *made;
    assert_non_null(mkdtemp(home));
    snprintf(folder, sizeof folder, "%s/.snmp", home);
    snprintf(file, sizeof file, "%s/snmp.conf", folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    made = fopen(file, "w");
    assert_non_null(made);
    fputs("defVersion 3\ndefCommunity wrong\nclientaddr 192.0.2.1\ndumpPacket yes\n", made);
    fclose(made);
    setenv("HOME", home, 1);
    setenv("SNMPCONFPATH", folder, 1);
    setenv("SNMP_PERSISTENT_DIR", folder, 1);
    setenv("MIBDIRS", folder, 1);
    setenv("MIBS", "ALL", 1);
}

static int watch(const char *path)
{
    int watcher = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    assert_true(watcher >= 0);
    assert_true(inotify_add_watch(watcher, path, IN_OPEN | IN_CREATE | IN_MODIFY | IN_DELETE) >= 0);
    return watcher;
}

static bool has_seen(int watcher)
{
    char events[4096];
    return read(watcher, events, sizeof events) > 0;
}

static void nothing_is_read_or_written(void **state)
{
    static struct trial trial;
    int at_home, below;
    FILE *opened;
    (void)state;
    make_home();
    at_home = watch(home);
    below = watch(folder);
    trial_begin(&trial);
    trial_expect(&trial, "\\Printer.Consumables.BlackToner:Level", "50");
    free(trial_all(&trial));
    trial_end(&trial);
    assert_false(has_seen(at_home));
    assert_false(has_seen(below));
    opened = fopen(file, "r"); /* which would have been seen */
    assert_non_null(opened);
    fclose(opened);
    assert_true(has_seen(below));
    close(at_home);
    close(below);
    assert_int_equal(remove(file), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing else is in it */
    assert_int_equal(rmdir(home), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_read_or_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
