/* SPDX-License-Identifier: MIT
 *
 * `platen install`: a monitor for Windows' spooler, or a recorder in front of one of its own.
 */
#include "command/install.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include <platen/errors.h>

#include "inspect/inspect.h"
#include "os/file.h"
#include "os/text.h"

enum { LARGEST_DLL = 1 << 30, LONGEST_NAME = 200 };

/* ---- the DLL --------------------------------------------------------------------------------- */

/* The file that was named, or the one beside this program. */
static bool find_source(struct install *install, const char *given, const char *name)
{
    char here[4096];
    size_t size = sizeof here;
    char *whole = NULL;
    bool found;
    if (given == NULL) {
        if (uv_exepath(here, &size) != 0) {
            return false;
        }
        here[platen_os_path_name(here) - here] = '\0';
        return install_put(install, INSTALL_SOURCE, here, name) &&
               install_put(install, INSTALL_FILE, name, NULL);
    }
    found = platen_os_absolute_path(given, &whole) == 0 &&
            install_put(install, INSTALL_SOURCE, whole, NULL) &&
            install_put(install, INSTALL_FILE, platen_os_path_name(whole), NULL);
    free(whole);
    return found;
}

static bool is_monitor(const struct platen_image *image)
{
    return image->format == PLATEN_IMAGE_PE && image->library &&
           image->bits == 8 * sizeof(void *) &&
           (platen_image_find(image, "InitializePrintMonitor2") != NULL ||
            platen_image_find(image, "InitializePrintMonitor") != NULL);
}

static int check_source(const struct install *install)
{
    const char *source = install->texts[INSTALL_SOURCE];
    struct platen_image *image;
    uint32_t error = platen_image_read(source, &image, NULL);
    if (error != 0) {
        complain("install: %s: %s", printable(source), describe_error(error));
        return error == PLATEN_BAD_EXE_FORMAT ? EXIT_MONITOR : EXIT_USAGE;
    }
    bool good = is_monitor(image);
    if (!good) {
        complain("install: %s is no monitor for this system: see platen inspect",
                 printable(source));
    }
    platen_image_destroy(image);
    return good ? EXIT_OK : EXIT_MONITOR;
}

static bool are_equal(const char *a, const char *b)
{
    char *data[2] = {NULL, NULL};
    size_t sizes[2] = {0, 0};
    bool equal = platen_os_file_load(a, LARGEST_DLL, &data[0], &sizes[0]) == 0 &&
                 platen_os_file_load(b, LARGEST_DLL, &data[1], &sizes[1]) == 0 &&
                 sizes[0] == sizes[1] && memcmp(data[0], data[1], sizes[0]) == 0;
    free(data[0]);
    free(data[1]);
    return equal;
}

/* What lies in the system folder is never overwritten; if it is the same it is not copied. */
static int check_target(struct install *install)
{
    platen_os_file file;
    if (!install_put_path(install)) {
        return EXIT_ENVIRONMENT;
    }
    if (platen_os_file_open_read(install->texts[INSTALL_PATH], &file) != 0) {
        return EXIT_OK;
    }
    platen_os_file_close(file);
    if (!are_equal(install->texts[INSTALL_SOURCE], install->texts[INSTALL_PATH])) {
        complain("install: there is another %s, which stays",
                 printable(install->texts[INSTALL_PATH]));
        return EXIT_FAILED;
    }
    install_forget_text(install, INSTALL_SOURCE);
    return EXIT_OK;
}

static int find_dll(struct install *install, const char *given, const char *name)
{
    if (!find_source(install, given, name)) {
        complain("install: %s cannot be found", printable(given == NULL ? name : given));
        return EXIT_ENVIRONMENT;
    }
    int status = check_source(install);
    return status == EXIT_OK ? check_target(install) : status;
}

/* ---- a monitor ------------------------------------------------------------------------------- */

/* The name is a key's, and stands in ",XcvMonitor NAME". */
static bool is_name(const char *name)
{
    return *name != '\0' && strlen(name) <= LONGEST_NAME && strpbrk(name, "\\,/") == NULL &&
           platen_text_is_utf8(name, strlen(name));
}

static bool put_name(struct install *install, const struct arguments *arguments)
{
    char stem[LONGEST_NAME + 2];
    const char *dll = arguments->values[OPTION_dll];
    const char *name = arguments->values[OPTION_name];
    if (dll != NULL) {
        platen_os_path_stem(dll, stem, sizeof stem);
    }
    name = name != NULL ? name : dll != NULL ? stem : INSTALL_DEFAULT_NAME;
    if (!is_name(name)) {
        complain("install: this is no name for a monitor: %s", printable(name));
        return false;
    }
    return install_put(install, INSTALL_NAME, name, NULL);
}

/* Whoever copied the DLL takes it away; where two monitors are made of it, the last one. */
static bool put_mark(struct install *install)
{
    const char *file = install->texts[INSTALL_FILE];
    bool ours = install->texts[INSTALL_SOURCE] != NULL || install_is_shared(install, file);
    return install_put(install, INSTALL_MARK, ours ? file : "", NULL);
}

static int add(struct install *install, const struct arguments *arguments)
{
    if (!put_name(install, arguments)) {
        return EXIT_USAGE;
    }
    char *driver = install_system_get(install->texts[INSTALL_NAME], INSTALL_DRIVER);
    if (driver != NULL) {
        complain("install: \"%s\": %s", printable(install->texts[INSTALL_NAME]),
                 describe_error(PLATEN_PRINT_MONITOR_ALREADY_INSTALLED));
        free(driver);
        return EXIT_FAILED;
    }
    int status = find_dll(install, arguments->values[OPTION_dll], "platen.dll");
    if (status == EXIT_OK && !put_mark(install)) {
        status = EXIT_ENVIRONMENT;
    }
    return status == EXIT_OK ? install_carry_out(install, &install_plan_add,
                                                 arguments->values[OPTION_dry_run] != NULL)
                             : status;
}

/* ---- a recorder ------------------------------------------------------------------------------ */

/* The monitor's DLL becomes INSTALL_REAL; it must not have a recorder yet. */
static int find_real(struct install *install)
{
    const char *name = install->texts[INSTALL_NAME];
    char *real = install_system_get(name, INSTALL_DRIVER);
    char *recorded = install_system_get(name, INSTALL_RECORD_DRIVER);
    int status = EXIT_OK;
    if (real == NULL) {
        complain("install: the spooler has no monitor \"%s\"", printable(name));
        status = EXIT_USAGE;
    } else if (recorded != NULL) {
        complain("install: \"%s\" is recorded already", printable(name));
        status = EXIT_FAILED;
    } else if (!install_put(install, INSTALL_REAL, real, NULL)) {
        status = EXIT_ENVIRONMENT;
    }
    free(real);
    free(recorded);
    return status;
}

static int record(struct install *install, const struct arguments *arguments)
{
    char *folder = NULL;
    const char *output = arguments->values[OPTION_output];
    if (output == NULL || arguments->values[OPTION_name] != NULL) {
        complain("install: --record wants --output, the folder for its traces, and no --name");
        return EXIT_USAGE;
    }
    bool put = install_put(install, INSTALL_NAME, arguments->values[OPTION_record], NULL) &&
               platen_os_absolute_path(output, &folder) == 0 &&
               install_put(install, INSTALL_FOLDER, folder, NULL);
    free(folder);
    int status = put ? find_real(install) : EXIT_USAGE;
    if (status == EXIT_OK) {
        status = find_dll(install, arguments->values[OPTION_dll], "platen-record.dll");
    }
    if (status == EXIT_OK) {
        bool dry_run = arguments->values[OPTION_dry_run] != NULL;
        status = install_carry_out(install, &install_plan_record, dry_run);
        if (status == EXIT_OK && !dry_run) {
            printf("it records from the spooler's next start: net stop spooler, net start "
                   "spooler\n");
        }
    }
    return status;
}

int command_install(const struct arguments *arguments)
{
    struct install install = {.command = "install"};
    uint32_t error = install_system_exists();
    if (arguments->rest_count != 0) {
        complain("install: it takes options alone: %s", printable(arguments->rest[0]));
        return EXIT_USAGE;
    }
    if (arguments->values[OPTION_record] == NULL && arguments->values[OPTION_output] != NULL) {
        complain("install: --output goes with --record");
        return EXIT_USAGE;
    }
    if (error != 0) {
        complain("install: %s", error == PLATEN_NOT_SUPPORTED
                                    ? "only Windows has a spooler that loads monitors"
                                    : "this program is a 32-bit one, the spooler is not");
        return EXIT_ENVIRONMENT;
    }
    int status = arguments->values[OPTION_record] != NULL ? record(&install, arguments)
                                                          : add(&install, arguments);
    install_end(&install);
    return status;
}
