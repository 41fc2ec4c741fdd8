/* SPDX-License-Identifier: MIT
 *
 * What a simulated PJL printer says without being asked, to every connection that wanted to know.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/pjl.h"

#define SECOND      1000000000u
#define MOST_TIMED  300u
#define INFORMATION 30000u /* codes below only inform: said to who wants it verbose */

static void tell_those(struct pjl_printer *printer, const char *text,
                       bool (*wants)(const struct pjl_talker *talker, const void *what),
                       const void *what)
{
    struct device_connection *connection = printer->device->connections;
    for (; connection != NULL; connection = connection->next) {
        if (!connection->leaving && wants(connection->talker, what)) {
            device_say(connection, text, strlen(text));
        }
    }
}

static bool wants_device(const struct pjl_talker *talker, const void *important)
{
    return talker->device == PJL_TALK_VERBOSE ||
           (talker->device == PJL_TALK_ON && *(const bool *)important);
}

void pjl_tell_device(struct pjl_printer *printer, const struct pjl_state *before)
{
    bool important = printer->shown.code >= INFORMATION || before->code >= INFORMATION;
    char state[256];
    char text[300];
    pjl_write_state(printer, state, sizeof state);
    snprintf(text, sizeof text, "@PJL USTATUS DEVICE\r\n%s\f", state);
    tell_those(printer, text, wants_device, &important);
}

static bool wants_job(const struct pjl_talker *talker, const void *what)
{
    (void)what;
    return talker->job;
}

void pjl_tell_job(struct pjl_printer *printer, const char *what, bool pages)
{
    char count[48] = "";
    char text[256];
    if (pages) {
        snprintf(count, sizeof count, "PAGES=%" PRIu64 "\r\n", printer->pages);
    }
    snprintf(text, sizeof text, "@PJL USTATUS JOB\r\n%s\r\nNAME=\"%s\"\r\n%s\f", what,
             printer->name, count);
    tell_those(printer, text, wants_job, NULL);
}

static bool wants_page(const struct pjl_talker *talker, const void *what)
{
    (void)what;
    return talker->page;
}

void pjl_tell_page(struct pjl_printer *printer)
{
    char text[64];
    snprintf(text, sizeof text, "@PJL USTATUS PAGE\r\n%" PRIu64 "\r\n\f", printer->pages);
    tell_those(printer, text, wants_page, NULL);
}

/* ---- who wants what ----------------------------------------------------------------------- */

static void on_timed(uv_timer_t *timer)
{
    struct device_connection *connection = timer->data;
    char state[256];
    char text[300];
    pjl_write_state(connection->device->pjl, state, sizeof state);
    snprintf(text, sizeof text, "@PJL USTATUS TIMED\r\n%s\f", state);
    device_say(connection, text, strlen(text));
    device_set_timer(timer, on_timed, connection->talker->timed * SECOND);
}

static void set_device(struct device_connection *connection, const char *value)
{
    static const char *const words[] = {"OFF", "ON", "VERBOSE"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(value, words[i]) == 0) {
            connection->talker->device = (enum pjl_talk)i;
        }
    }
}

static void set_job(struct device_connection *connection, const char *value)
{
    connection->talker->job = strcmp(value, "ON") == 0;
}

static void set_page(struct device_connection *connection, const char *value)
{
    connection->talker->page = strcmp(value, "ON") == 0;
}

static void set_timed(struct device_connection *connection, const char *value)
{
    uint64_t seconds = strtoull(value, NULL, 10);
    connection->talker->timed = seconds < MOST_TIMED ? seconds : MOST_TIMED;
    uv_timer_stop(&connection->timed);
    if (seconds != 0) {
        device_set_timer(&connection->timed, on_timed, connection->talker->timed * SECOND);
    }
}

/* "DEVICE = ON" */
void pjl_ustatus(struct device_connection *connection, char *words)
{
    static const struct {
        const char *word;
        void (*set)(struct device_connection *connection, const char *value);
    } rows[] = {{"DEVICE", set_device}, {"JOB", set_job}, {"PAGE", set_page}, {"TIMED", set_timed}};
    char *to = words;
    for (const char *from = words; *from != '\0'; from++) {
        if (!isspace((unsigned char)*from)) {
            *to++ = (char)toupper((unsigned char)*from);
        }
    }
    *to = '\0';
    char *value = strchr(words, '=');
    if (value == NULL) {
        return;
    }
    *value++ = '\0';
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(words, rows[i].word) == 0) {
            rows[i].set(connection, value);
        }
    }
}

void pjl_ustatus_off(struct device_connection *connection)
{
    struct pjl_talker *talker = connection->talker;
    talker->device = PJL_TALK_OFF;
    talker->job = talker->page = false;
    set_timed(connection, "0");
}
