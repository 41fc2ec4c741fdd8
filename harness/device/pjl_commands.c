/* SPDX-License-Identifier: MIT
 *
 * What a simulated PJL printer does when it is told or asked something. Nothing of it reaches
 * anything outside of this process: there is no file system behind it, and what is set is gone.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "device/pjl.h"

#define MEMORY  16777216u
#define LARGEST 12582912u

static bool equal(const char *one, const char *other)
{
    while (*one != '\0' && toupper((unsigned char)*one) == toupper((unsigned char)*other)) {
        one++;
        other++;
    }
    return toupper((unsigned char)*one) == toupper((unsigned char)*other);
}

/* Cuts the next word off; "" at the end. */
static char *next_word(char **rest)
{
    char *word = *rest + strspn(*rest, " \t");
    char *end = word + strcspn(word, " \t");
    *rest = end + (*end != '\0');
    *end = '\0';
    return word;
}

/* ---- INFO --------------------------------------------------------------------------------- */

size_t pjl_write_state(const struct pjl_printer *printer, char *to, size_t size)
{
    const struct pjl_state *state = &printer->shown;
    int needed = snprintf(to, size, "CODE=%" PRIu32 "\r\nDISPLAY=\"%s\"\r\nONLINE=%s\r\n",
                          state->code, state->display, state->online ? "TRUE" : "FALSE");
    return needed < 0 ? 0 : (size_t)needed;
}

static void write_id(const struct device_connection *connection, char *to, size_t size)
{
    (void)connection;
    snprintf(to, size, "\"PLATEN LASER\"\r\n");
}

static void write_status(const struct device_connection *connection, char *to, size_t size)
{
    struct pjl_printer *printer = connection->device->pjl;
    printer->queries++;
    pjl_write_state(printer, to, size);
}

static void write_memory(const struct device_connection *connection, char *to, size_t size)
{
    (void)connection;
    snprintf(to, size, "TOTAL=%u\r\nLARGEST=%u\r\n", MEMORY, LARGEST);
}

static void write_page_count(const struct device_connection *connection, char *to, size_t size)
{
    snprintf(to, size, "PAGECOUNT=%" PRIu64 "\r\n", connection->device->pjl->all_pages);
}

static void write_config(const struct device_connection *connection, char *to, size_t size)
{
    (void)connection;
    snprintf(to, size,
             "IN TRAYS [2 ENUMERATED]\r\n\tINTRAY1 MP\r\n\tINTRAY2 PC\r\n"
             "DUPLEX\r\nOUT TRAYS [1 ENUMERATED]\r\n\tNORMAL FACEDOWN\r\nMEMORY=%u\r\n"
             "LANGUAGES [2 ENUMERATED]\r\n\tPCL\r\n\tPOSTSCRIPT\r\n",
             MEMORY);
}

static void write_product(const struct device_connection *connection, char *to, size_t size)
{
    (void)connection;
    snprintf(to, size,
             "ProductName = PLATEN LASER\r\nProductSerialNumber = PL0001\r\n"
             "FirmwareDateCode = 20240229\r\nTotalMemory = %u\r\n",
             MEMORY);
}

/* The cartridge is as full as the printer's state says. */
static void write_supplies(const struct device_connection *connection, char *to, size_t size)
{
    const struct pjl_printer *printer = connection->device->pjl;
    unsigned level = printer->is[PJL_NO_TONER] ? 0 : printer->is[PJL_TONER_LOW] ? 5 : 80;
    snprintf(to, size, "Type = HP\r\nReorderPN = PL-80\r\nPercentRemaining = %u\r\n", level);
}

static void write_variables(const struct device_connection *connection, char *to, size_t size)
{
    static const char all[] =
#define PJL_VARIABLE(name, value, kind, possible) name "=" value " [" kind "]\r\n" possible
#include "device/pjl_variables.def"
        ;
    (void)connection;
    snprintf(to, size, "%s", all);
}

static void write_ustatus(const struct device_connection *connection, char *to, size_t size)
{
    static const char *const devices[] = {"OFF", "ON", "VERBOSE"};
    const struct pjl_talker *talker = connection->talker;
    snprintf(to, size,
             "DEVICE=%s [3 ENUMERATED]\r\n\tOFF\r\n\tON\r\n\tVERBOSE\r\n"
             "JOB=%s [2 ENUMERATED]\r\n\tOFF\r\n\tON\r\nPAGE=%s [2 ENUMERATED]\r\n\tOFF\r\n\tON\r\n"
             "TIMED=%" PRIu64 " [2 RANGE]\r\n\t1\r\n\t300\r\n",
             devices[talker->device], talker->job ? "ON" : "OFF", talker->page ? "ON" : "OFF",
             talker->timed);
}

static void info(struct device_connection *connection, char *rest)
{
    static const struct {
        const char *word;
        void (*write)(const struct device_connection *connection, char *to, size_t size);
    } rows[] = {{"ID", write_id},
                {"STATUS", write_status},
                {"MEMORY", write_memory},
                {"PAGECOUNT", write_page_count},
                {"CONFIG", write_config},
                {"VARIABLES", write_variables},
                {"USTATUS", write_ustatus},
                {"PRODINFO", write_product},
                {"SUPPLIES", write_supplies}};
    const char *word = next_word(&rest);
    char body[PJL_REPLY] = "\"?\"\r\n";
    char text[PJL_REPLY + 128];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (equal(word, rows[i].word)) {
            rows[i].write(connection, body, sizeof body);
        }
    }
    snprintf(text, sizeof text, "@PJL INFO %.64s\r\n%s\f", word, body);
    device_say(connection, text, strlen(text));
    pjl_live(connection->device->pjl);
}

/* ---- the others --------------------------------------------------------------------------- */

static void ignore(struct device_connection *connection, char *rest)
{
    (void)connection;
    (void)rest;
}

static void echo(struct device_connection *connection, char *rest)
{
    char text[PJL_LINE + 32];
    snprintf(text, sizeof text, "@PJL ECHO %s\r\n\f", rest);
    device_say(connection, text, strlen(text));
}

static void inquire(struct device_connection *connection, char *rest)
{
    static const struct {
        const char *name;
        const char *value;
    } variables[] = {
#define PJL_VARIABLE(name, value, kind, possible) {name, value},
#include "device/pjl_variables.def"
    };
    char text[256];
    const char *value = "\"?\"";
    const char *name = rest + strspn(rest, " \t");
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        if (equal(name, variables[i].name)) {
            value = variables[i].value;
        }
    }
    snprintf(text, sizeof text, "@PJL INQUIRE %.128s\r\n%s\r\n\f", name, value);
    device_say(connection, text, strlen(text));
}

static void set(struct device_connection *connection, char *rest)
{
    ignore(connection, rest);
}

/* What follows the line is data, even if it looks like a command. */
static void enter(struct device_connection *connection, char *rest)
{
    (void)rest;
    connection->talker->framing.place = PJL_IN_DATA;
}

static void reset(struct device_connection *connection, char *rest)
{
    ignore(connection, rest);
}

static void ustatus(struct device_connection *connection, char *rest)
{
    pjl_ustatus(connection, rest);
}

static void ustatus_off(struct device_connection *connection, char *rest)
{
    (void)rest;
    pjl_ustatus_off(connection);
}

/* ---- jobs --------------------------------------------------------------------------------- */

/* JOB NAME="..." among other things. */
static void take_name(struct pjl_talker *talker, const char *rest)
{
    const char *at = strstr(rest, "NAME");
    size_t length = 0;
    talker->name[0] = '\0';
    if (at == NULL) {
        return;
    }
    at += 4;
    at += strspn(at, " \t");
    if (*at++ != '=') {
        return;
    }
    at += strspn(at, " \t");
    if (*at++ != '"') {
        return;
    }
    for (; *at != '\0' && *at != '"' && length < PJL_NAME; at++) {
        talker->name[length++] = *at;
    }
    talker->name[length] = '\0';
}

/* A JOB inside of another is part of it. */
static void job(struct device_connection *connection, char *rest)
{
    struct pjl_talker *talker = connection->talker;
    if (talker->depth++ == 0) {
        take_name(talker, rest);
        talker->wants = true;
    }
}

static void eoj(struct device_connection *connection, char *rest)
{
    struct pjl_talker *talker = connection->talker;
    (void)rest;
    if (talker->depth > 0 && --talker->depth == 0) {
        pjl_end(connection, false);
    }
}

void pjl_command(struct device_connection *connection, char *line)
{
    static const struct {
        const char *word;
        void (*run)(struct device_connection *connection, char *rest);
    } rows[] = {
#define PJL_COMMAND(word, function) {word, function},
#include "device/pjl_commands.def"
    };
    char *rest = line;
    const char *word = next_word(&rest);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (equal(word, rows[i].word)) {
            rows[i].run(connection, rest);
            return;
        }
    }
}
