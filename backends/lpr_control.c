/* SPDX-License-Identifier: MIT
 *
 * The control file: what RFC 1179 tells a server of a job. Every line is a letter and a text, so a
 * text must not end its line: names from a job would otherwise become orders to the server, which
 * may be to print any file that it can read, or to send mail. Nor may they say anything to a
 * terminal on which somebody lists the queue.
 */
#include <stdio.h>
#include <string.h>

#include "lpr_port.h"
#include "os/socket.h"

/* Bytes of the character that begins here; 0: none does. */
static size_t length_of(const unsigned char *text)
{
    size_t length = 1;
    if (*text < 0x80)
        return 1;
    if (*text < 0xC2 || *text > 0xF4)
        return 0;
    length += 1 + (*text >= 0xE0) + (*text >= 0xF0);
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    return *text == 0xED && text[1] >= 0xA0 ? 0 : length; /* half a surrogate pair */
}

static bool controls(const unsigned char *text, size_t length)
{
    return (length == 1 && (*text < 0x20 || *text == 0x7F)) ||
           (length == 2 && *text == 0xC2 && text[1] < 0xA0);
}

static bool is_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
}

/* The character, or what stands for it. */
static const char *tame(const unsigned char *text, size_t *length, bool plain)
{
    static const char blank[] = " ", unknown[] = "_";
    size_t own = *length;
    bool passes = own && !controls(text, own);
    if (passes && (!plain || (own == 1 && (is_plain(*text) || *text == ' '))))
        return (const char *)text;
    *length = 1;
    return own && !passes ? blank : unknown;
}

/* At most so many bytes, and whole characters. */
static void put_name(char *to, size_t most, const char *from, bool plain)
{
    const unsigned char *text = (const unsigned char *)from;
    size_t used = 0;
    while (*text) {
        size_t whole = length_of(text), length = whole;
        const char *what = tame(text, &length, plain);
        if (used + length > most)
            break;
        memcpy(to + used, what, length);
        used += length;
        text += whole ? whole : 1;
    }
    to[used] = '\0';
}

static void put_line(struct lpr_names *names, char letter, const char *text, size_t most,
                     bool plain)
{
    char name[LPR_SOURCE + 1];
    put_name(name, most, text ? text : "", plain);
    if (*name)
        names->size +=
            (uint32_t)snprintf(names->control + names->size, sizeof names->control - names->size,
                               "%c%s\n", letter, name);
}

/* Servers make file names of it. */
static void put_host(char host[LPR_HOST + 1], const struct platen_doc *doc)
{
    const char *machine = doc->machine ? doc->machine : "";
    size_t used = 0;
    machine += strspn(machine, "\\");
    for (; *machine && used < LPR_HOST; machine++)
        if (is_plain((unsigned char)*machine) && (used || (*machine != '.' && *machine != '-')))
            host[used++] = *machine;
    host[used] = '\0';
    if (!used)
        platen_os_host_name(host, LPR_HOST + 1);
}

void lpr_make_names(struct lpr_names *names, const struct lpr_manner *manner,
                    const struct platen_doc *doc)
{
    const char *user = doc->user && *doc->user ? doc->user : "anonymous";
    char host[LPR_HOST + 1];

    put_host(host, doc);
    names->size = 0;
    snprintf(names->file, sizeof names->file, "dfA%03u%s", (unsigned)(doc->job_id % 1000), host);
    put_line(names, 'H', host, LPR_HOST, true);
    put_line(names, 'P', user, LPR_HOST, manner->plain);
    put_line(names, 'J', doc->name, LPR_TITLE, manner->plain);
    if (manner->banner) {
        put_line(names, 'C', host, LPR_HOST, true);
        put_line(names, 'L', user, LPR_HOST, manner->plain);
    }
    put_line(names, manner->format, names->file, sizeof names->file, false);
    put_line(names, 'U', names->file, sizeof names->file, false);
    put_line(names, 'N', doc->name, LPR_SOURCE, manner->plain);
}
