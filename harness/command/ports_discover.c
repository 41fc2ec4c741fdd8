/* SPDX-License-Identifier: MIT
 *
 * Devices in the lines with which CUPS's backends tell theirs: how a device is reached, its URI,
 * its make and model, a description, and its device id, where it has one.
 */
#include "command/ports_discover.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/backend.h>

#include "command/report.h"
#include "os/text.h"

struct discovery {
    struct platen_discovery to; /* first: backends get a pointer to it */
    struct report report;
};

/* As printable, but of any length, and in quotes. */
static void put_quoted(const char *text)
{
    size_t size = platen_text_printable(text, strlen(text), NULL, 0) + 1;
    char *room = malloc(size);
    if (room != NULL) {
        platen_text_printable(text, strlen(text), room, size);
    }
    fputs(" \"", stdout);
    for (const char *at = room; at != NULL && *at != 0; at++) {
        printf(*at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
    }
    putchar('"');
    free(room);
}

static json_t *usb_number(uint16_t vendor, uint16_t number)
{
    char text[8];
    snprintf(text, sizeof text, "%04x", (unsigned)number);
    return vendor == 0 ? json_null() : json_string(text);
}

static void tell(struct platen_discovery *to, const struct platen_found *found)
{
    struct discovery *discovery = (struct discovery *)(void *)to;
    printf("%s %s", found->way, printable(found->uri));
    put_quoted(found->make_and_model[0] != 0 ? found->make_and_model : "Unknown");
    put_quoted(found->info);
    if (found->device_id[0] != 0) {
        put_quoted(found->device_id);
    }
    putchar('\n');
    report_write(
        &discovery->report,
        json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "event", "device", "way",
                  found->way, "uri", report_text(found->uri), "port", report_text(found->port_name),
                  "make_and_model", report_text(found->make_and_model), "info",
                  report_text(found->info), "device_id", report_text(found->device_id), "serial",
                  report_text(found->serial), "vendor", usb_number(found->vendor, found->vendor),
                  "product", usb_number(found->vendor, found->product)));
}

static bool has_discover(const struct platen_backend *backend)
{
    return backend->size >= offsetof(struct platen_backend, discover) + sizeof backend->discover &&
           backend->discover != NULL;
}

int ports_discover(const struct arguments *arguments)
{
    struct discovery discovery = {.to.add = tell};
    if (arguments->rest_count != 0 || arguments->values[OPTION_to] != NULL) {
        complain("ports: --discover takes nothing else");
        return EXIT_USAGE;
    }
    int status = report_open(&discovery.report, arguments);
    if (status != EXIT_OK) {
        return status;
    }
    for (const struct platen_backend *const *one = platen_backends(); *one != NULL; one++) {
        if (has_discover(*one)) {
            (*one)->discover(&discovery.to);
        }
    }
    return report_close(&discovery.report, EXIT_OK);
}
