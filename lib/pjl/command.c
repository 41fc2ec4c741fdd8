/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "command.h"

/* The universal exit. After it a printer listens to PJL, whatever it was in the middle of. */
#define UEL "\033%-12345X"

/* VERBOSE, for ON keeps what only informs (toner is low, the engine warms up) to itself. */
#define TELL                                                                                       \
    "@PJL USTATUS DEVICE = VERBOSE\r\n"                                                            \
    "@PJL USTATUS JOB = ON\r\n"                                                                    \
    "@PJL INFO STATUS\r\n"
#define TELL_SUPPLIES TELL "@PJL INFO SUPPLIES\r\n"
/* What a printer does not know of these it answers with a question mark. */
#define TELL_ALL                                                                                   \
    TELL "@PJL INFO ID\r\n"                                                                        \
         "@PJL INFO CONFIG\r\n"                                                                    \
         "@PJL INFO MEMORY\r\n"                                                                    \
         "@PJL INFO PAGECOUNT\r\n"                                                                 \
         "@PJL INFO PRODINFO\r\n"                                                                  \
         "@PJL INFO VARIABLES\r\n"                                                                 \
         "@PJL INFO SUPPLIES\r\n"

static const char *const tell[] = {
    [PJL_STATE_ALONE] = TELL,
    [PJL_STATE_AND_SUPPLIES] = TELL_SUPPLIES,
    [PJL_EVERYTHING] = TELL_ALL,
};

/* ---- names --------------------------------------------------------------------------------- */

/* A document's name must not end the quotes, the line or PJL itself. */
static char plain(char16_t unit)
{
    bool fine = unit >= 0x20 && unit < 0x7F && unit != '"';
    return fine ? (char)unit : '_';
}

void pjl_name(char *name, const char16_t *document, uint32_t job, uint32_t serial)
{
    char behind[32];
    size_t length = 0;
    int size = snprintf(behind, sizeof(behind), " [%u.%u]", (unsigned)job, (unsigned)serial);
    size_t room = PJL_NAME - (size_t)size;
    while (document && document[length] && length < room) {
        name[length] = plain(document[length]);
        length++;
    }
    memcpy(name + length, behind, (size_t)size + 1);
}

bool pjl_is_name(const char *ours, const char *reported)
{
    return *reported && strncmp(ours, reported, strlen(reported)) == 0;
}

/* ---- texts --------------------------------------------------------------------------------- */

static void add(struct pjl_say *say, const char *text)
{
    size_t length = strlen(text);
    if (length >= sizeof(say->text) - say->size)
        length = sizeof(say->text) - say->size - 1;
    memcpy(say->text + say->size, text, length);
    say->size += (uint32_t)length;
    say->text[say->size] = '\0';
}

static void begin(struct pjl_say *say)
{
    say->size = say->sent = 0;
    add(say, UEL);
}

void pjl_say_question(struct pjl_say *say)
{
    static const char *const word = "ID";
    pjl_say_info(say, &word, 1);
}

void pjl_say_hello(struct pjl_say *say, enum pjl_extent extent)
{
    begin(say);
    add(say, tell[extent]);
    add(say, UEL);
}

void pjl_say_job(struct pjl_say *say, enum pjl_extent extent, const char *name)
{
    begin(say);
    add(say, tell[extent]);
    add(say, "@PJL JOB NAME = \"");
    add(say, name);
    add(say, "\"\r\n");
}

void pjl_say_end_of_job(struct pjl_say *say, const char *name)
{
    begin(say);
    add(say, "@PJL EOJ NAME = \"");
    add(say, name);
    add(say, "\"\r\n" UEL);
}

void pjl_say_info(struct pjl_say *say, const char *const *words, size_t count)
{
    begin(say);
    for (size_t i = 0; i < count; i++) {
        add(say, "@PJL INFO ");
        add(say, words[i]);
        add(say, "\r\n");
    }
    add(say, UEL);
}

void pjl_say_goodbye(struct pjl_say *say)
{
    begin(say);
    add(say, "@PJL USTATUSOFF\r\n" UEL);
}
