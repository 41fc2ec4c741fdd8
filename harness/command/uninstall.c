/* SPDX-License-Identifier: MIT
 *
 * `platen uninstall`: takes away what install has added, and nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "command/install.h"
#include "os/text.h"

/* ---- what goes with a monitor ---------------------------------------------------------------- */

struct ports {
    const struct install *install;
    const char *among; /* a printer's ports, divided by commas; NULL: all are told */
    unsigned count;
    unsigned used;
};

/* Is it one of "a,b,c"? */
static bool is_among(const char *port, const char *list)
{
    while (*list != '\0') {
        char one[256];
        size_t length = strcspn(list, ",");
        snprintf(one, sizeof one, "%.*s", (int)length, list);
        if (platen_text_equal_folded8(one + strspn(one, " "), port)) {
            return true;
        }
        list += length + (list[length] == ',');
    }
    return false;
}

static bool count_port(void *context, const char *port)
{
    struct ports *ports = context;
    ports->count++;
    if (ports->among == NULL) {
        printf("  port %s\n", printable(port));
    } else if (is_among(port, ports->among)) {
        complain("uninstall: a printer uses %s", printable(port));
        ports->used++;
    }
    return true;
}

static bool count_used(void *context, const char *printers_ports)
{
    struct ports *ports = context;
    ports->among = printers_ports;
    install_system_ports(ports->install->texts[INSTALL_NAME], count_port, ports);
    return true;
}

static int check_ports(const struct install *install, bool purge)
{
    struct ports in_use = {.install = install};
    struct ports all = {.install = install};
    install_system_printers(count_used, &in_use);
    if (in_use.used != 0) {
        complain("uninstall: %s", describe_error(PLATEN_PRINT_MONITOR_IN_USE));
        return EXIT_FAILED;
    }
    install_system_ports(install->texts[INSTALL_NAME], count_port, &all);
    if (all.count != 0 && !purge) {
        complain("uninstall: \"%s\" has %u ports, which go with it: --purge allows that",
                 printable(install->texts[INSTALL_NAME]), all.count);
        return EXIT_FAILED;
    }
    return EXIT_OK;
}

/* ---- two ways -------------------------------------------------------------------------------- */

/* The path of a DLL that goes; none where another monitor has it, or where it lies elsewhere. */
static bool put_file(struct install *install, const char *file)
{
    if (*file == '\0' || strpbrk(file, "\\/:") != NULL || install_is_shared(install, file)) {
        return true;
    }
    return install_put(install, INSTALL_FILE, file, NULL) && install_put_path(install);
}

static int take_recorder_away(struct install *install, const char *driver, const char *real,
                              bool dry_run)
{
    if (!put_file(install, driver) || !install_put(install, INSTALL_REAL, real, NULL)) {
        return EXIT_ENVIRONMENT;
    }
    int status = install_carry_out(install, &install_plan_restore, dry_run);
    if (status == EXIT_OK && !dry_run) {
        printf("the spooler loads the monitor itself from its next start on\n");
    }
    return status;
}

static int take_monitor_away(struct install *install, bool purge, bool dry_run)
{
    char *owned = install_system_get(install->texts[INSTALL_NAME], INSTALL_OWNED);
    int status = EXIT_FAILED;
    if (owned == NULL) {
        complain("uninstall: platen install has not added \"%s\"",
                 printable(install->texts[INSTALL_NAME]));
    } else if (!put_file(install, owned)) {
        status = EXIT_ENVIRONMENT;
    } else {
        status = check_ports(install, purge);
    }
    free(owned);
    return status == EXIT_OK ? install_carry_out(install, &install_plan_remove, dry_run) : status;
}

static int take_away(struct install *install, const struct arguments *arguments)
{
    const char *name = install->texts[INSTALL_NAME];
    bool purge = arguments->values[OPTION_purge] != NULL;
    bool dry_run = arguments->values[OPTION_dry_run] != NULL;
    char *driver = install_system_get(name, INSTALL_DRIVER);
    char *real = install_system_get(name, INSTALL_RECORD_DRIVER);
    int status = EXIT_USAGE;
    if (driver == NULL) {
        complain("uninstall: the spooler has no monitor \"%s\"", printable(name));
    } else if (real != NULL) {
        status = take_recorder_away(install, driver, real, dry_run);
    } else {
        status = take_monitor_away(install, purge, dry_run);
    }
    free(driver);
    free(real);
    return status;
}

int command_uninstall(const struct arguments *arguments)
{
    struct install install = {.command = "uninstall"};
    const char *name = arguments->values[OPTION_name];
    int status = EXIT_ENVIRONMENT;
    if (arguments->rest_count != 0) {
        complain("uninstall: it takes options alone: %s", printable(arguments->rest[0]));
        return EXIT_USAGE;
    }
    if (install_system_exists() != 0) {
        complain("uninstall: only Windows has a spooler that loads monitors");
    } else if (install_put(&install, INSTALL_NAME, name == NULL ? INSTALL_DEFAULT_NAME : name,
                           NULL)) {
        status = take_away(&install, arguments);
    }
    install_end(&install);
    return status;
}
