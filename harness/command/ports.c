/* SPDX-License-Identifier: MIT
 *
 * `platen ports`: what EnumPorts says, and ports added, configured (ports_configure.c) and deleted
 * through Xcv. A port that is added by its name is a Local port; with --to it is a TCP/IP port.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/ports_configure.h"
#include "command/ports_discover.h"
#include "command/report.h"
#include "command/session.h"
#include "command/tcp_port.h"
#include "os/text.h"

struct work {
    const struct arguments *arguments;
    struct session session;
    struct report report;
    struct tcp_port tcp; /* what --to makes of the ports that are added */
};

static void on_event(void *context, const struct platen_event *event)
{
    const struct work *work = context;
    tell_event(event, work->arguments->values[OPTION_verbose] != NULL);
}

static int column_width(const struct platen_port *ports, size_t count)
{
    size_t width = 4;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(printable(ports[i].name));
        width = length > width ? length : width;
    }
    return width > 40 ? 40 : (int)width;
}

static const char *type_text(uint32_t type)
{
    static const char *const texts[] = {"-", "write", "read", "read/write"};
    return texts[type & (PORT_TYPE_WRITE | PORT_TYPE_READ)];
}

static int list_ports(struct work *work)
{
    struct platen_port *ports;
    size_t count;
    uint32_t error = platen_spooler_ports(work->session.spooler, NULL, &ports, &count);
    if (error != 0) {
        complain("ports: EnumPorts: %s", describe_error(error));
        return EXIT_FAILED;
    }
    int width = column_width(ports, count);
    for (size_t i = 0; i < count; i++) {
        printf("%-*s  %-10s  %s\n", width, printable(ports[i].name), type_text(ports[i].type),
               printable(ports[i].description));
        report_write(&work->report,
                     json_pack("{s:s, s:o, s:o, s:o, s:I}", "event", "port", "name",
                               report_text(ports[i].name), "monitor", report_text(ports[i].monitor),
                               "description", report_text(ports[i].description), "type",
                               (json_int_t)ports[i].type));
    }
    platen_free(ports);
    return EXIT_OK;
}

/* One Xcv command. */
static uint32_t tell_monitor(struct work *work, const char *command, const void *input,
                             uint32_t size, uint32_t *answer)
{
    char object[320];
    platen_xcv *xcv;

    *answer = PLATEN_NOT_ENOUGH_MEMORY;
    snprintf(object, sizeof object, ",XcvMonitor %s", work->session.monitor);
    uint32_t error = platen_xcv_open(work->session.spooler, object, SERVER_ACCESS_ADMINISTER, &xcv);
    if (error == 0) {
        error = platen_xcv_data(xcv, command, input, size, NULL, 0, NULL, answer);
        platen_xcv_close(xcv);
    }
    return error;
}

/* A command with a port's name as its input. */
static uint32_t tell_name(struct work *work, const char *command, const char *port,
                          uint32_t *answer)
{
    char16_t *name = platen_text_new16(port, SIZE_MAX);
    *answer = PLATEN_NOT_ENOUGH_MEMORY;
    if (name == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    uint32_t size = (uint32_t)((platen_text_length16(name, SIZE_MAX) + 1) * sizeof *name);
    uint32_t error = tell_monitor(work, command, name, size, answer);
    free(name);
    return error;
}

static int change_one(struct work *work, const char *verb, const char *command, const char *port)
{
    uint32_t answer;
    bool tcp = work->tcp.size != 0;
    if (tcp && !tcp_port_take_name(&work->tcp, port)) {
        return EXIT_USAGE; /* take_target has seen to that */
    }
    uint32_t error = tcp ? tell_monitor(work, command, &work->tcp.data, work->tcp.size, &answer)
                         : tell_name(work, command, port, &answer);
    uint32_t outcome = error != 0 ? error : answer;
    report_write(&work->report, json_pack("{s:s, s:s, s:o, s:o}", "event", command, "monitor",
                                          work->session.monitor, "name", report_text(port), "error",
                                          report_error(outcome)));
    if (outcome == 0) {
        printf("%s: %s\n", printable(port), verb);
        return EXIT_OK;
    }
    complain("%s: not %s: %s", printable(port), verb, describe_error(outcome));
    bool unknown = strcmp(command, "DeletePort") == 0 && outcome == PLATEN_FILE_NOT_FOUND;
    return unknown ? EXIT_USAGE : EXIT_FAILED;
}

static void note_registry(const struct work *work)
{
    if (work->session.registry_path == NULL) {
        complain("note: without --registry the change ends with this command");
    }
}

static int change_ports(struct work *work, const char *verb, const char *command)
{
    int status = EXIT_OK;
    for (int i = 1; i < work->arguments->rest_count; i++) {
        status = worse_exit(status, change_one(work, verb, command, work->arguments->rest[i]));
    }
    note_registry(work);
    return status;
}

static int add_ports(struct work *work)
{
    return change_ports(work, "added", "AddPort");
}

static int delete_ports(struct work *work)
{
    return change_ports(work, "deleted", "DeletePort");
}

static int configure_port(struct work *work)
{
    int status = ports_configure(&work->session, &work->report, work->arguments);
    if (work->arguments->rest_count > 2 && status == EXIT_OK) {
        note_registry(work);
    }
    return status;
}

static const struct action {
    const char *name;
    bool names_wanted;
    int (*run)(struct work *work);
} actions[] = {
    {"list", false, list_ports},
    {"add", true, add_ports},
    {"configure", true, configure_port},
    {"delete", true, delete_ports},
};

static const struct action *find_action(const struct arguments *arguments)
{
    const char *name = arguments->rest_count == 0 ? "list" : arguments->rest[0];
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(actions[i].name, name) == 0) {
            if ((arguments->rest_count > 1) == actions[i].names_wanted) {
                return &actions[i];
            }
            complain("ports: %s takes %s", name,
                     actions[i].names_wanted ? "the names of ports" : "no names");
            return NULL;
        }
    }
    complain("ports: list, add, configure or delete, not \"%s\"", printable(name));
    return NULL;
}

/* Nothing is tried unless all of it can be told. */
static bool take_target(struct work *work, const struct action *action)
{
    const char *to = work->arguments->values[OPTION_to];
    if (to != NULL && action->run != add_ports) {
        complain("ports: --to is for ports that are added");
        return false;
    }
    if (action->run == configure_port) {
        return ports_configure_check(work->arguments);
    }
    bool good = to == NULL || tcp_port_take_uri(&work->tcp, to);
    for (int i = 1; to != NULL && good && i < work->arguments->rest_count; i++) {
        good = tcp_port_take_name(&work->tcp, work->arguments->rest[i]);
    }
    return good;
}

static bool is_below(const char *path, const char *root)
{
    size_t length = strlen(root);
    return strncmp(path, root, length) == 0 &&
           (root[length - 1] == '/' || path[length] == '/' || path[length] == '\\');
}

/* File ports are added below their own folder, as they are printed to; several below the folder
 * that they share. NULL: no port has a path. */
static char *common_root(const struct arguments *arguments)
{
    char *root = NULL;
    for (int i = 1; i < arguments->rest_count; i++) {
        const char *name = arguments->rest[i];
        if (strpbrk(name, "/\\") == NULL) {
            continue;
        }
        if (root == NULL) {
            root = root_of(name);
        }
        while (root != NULL && strlen(root) > 1 && !is_below(name, root)) {
            char *shorter = root_of(root);
            bool stuck = shorter == NULL || strlen(shorter) >= strlen(root);
            free(root);
            root = shorter;
            if (stuck) {
                break;
            }
        }
    }
    return root;
}

int command_ports(const struct arguments *arguments)
{
    struct work work = {.arguments = arguments};
    if (arguments->values[OPTION_discover] != NULL) {
        return ports_discover(arguments);
    }
    const struct action *action = find_action(arguments);
    if (action == NULL || !take_target(&work, action)) {
        return EXIT_USAGE;
    }
    int status = report_open(&work.report, arguments);
    if (status != EXIT_OK) {
        return status;
    }
    char *root = common_root(arguments);
    struct session_setup setup = {
        .arguments = arguments, .file_root = root, .on_event = on_event, .context = &work};
    status = session_open(&work.session, &setup);
    if (status == EXIT_OK) {
        status = session_close(&work.session, action->run(&work));
    }
    free(root);
    return report_close(&work.report, status);
}
