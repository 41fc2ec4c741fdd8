/* SPDX-License-Identifier: MIT
 *
 * R9: initialisation on stores whose content makes no sense. What the monitor stores for a port is
 * looked up in a world where one was added, and then damaged; below its key "Ports", where most
 * monitors keep theirs, stands something of each sort in any case.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/probes.h"
#include "os/file.h"

#define ROOM     65536u
#define MONITORS "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Print\\Monitors\\"

/* What stands behind "name"= in a .reg file. */
static const struct {
    const char *data;
    const char *what;
} damages[] = {
    {"hex(1):41,00,42", "text of an odd length"},
    {"hex(1):", "text without a byte"},
    {"hex(1):41,00,42,00", "text without its end"},
    {"dword:00000007", "a number instead of a text"},
    {"hex(7):41,00,00,00,42,00,00,00,00,00", "a list of texts"},
    {"hex:00,ff,00,ff,7f", "bytes"},
};

/* ---- what it stores -------------------------------------------------------------------------- */

/* A .reg file is UTF-16 or UTF-8; here the ASCII in it will do. */
static char *ascii_of(const char *data, size_t size)
{
    char *text = malloc(size + 1);
    size_t used = 0;
    for (size_t i = 0; text != NULL && i < size; i++) {
        unsigned char byte = (unsigned char)data[i];
        if (byte != 0 && byte != '\r' && byte < 0x80) {
            text[used++] = (char)byte;
        }
    }
    if (text != NULL) {
        text[used] = '\0';
    }
    return text;
}

/* The registry of a world where a port was added; malloc'ed, NULL: it cannot be known. */
static char *stored(struct probe *p)
{
    const char *name = probe_new_port(p);
    const char *folder = probe_text(p, "tmp");
    char *data = NULL;
    char *text = NULL;
    size_t size = 0;

    if (name == NULL || folder == NULL || !probe_ask(p, "%s", probe_add_line(p, name)) ||
        !probe_ask(p, "registry save \"${tmp}/stored.reg\" -> ERROR_SUCCESS")) {
        return NULL;
    }
    if (platen_os_file_load(probe_format(p, "%s/stored.reg", folder), ROOM * 16, &data, &size) ==
        0) {
        text = ascii_of(data, size);
    }
    free(data);
    return text;
}

/* ---- what is put there ----------------------------------------------------------------------- */

struct file {
    char *text; /* ROOM bytes */
    size_t used;
};

static void put(struct file *file, const char *text, size_t length)
{
    if (length < ROOM - file->used) {
        memcpy(file->text + file->used, text, length);
        file->used += length;
        file->text[file->used] = '\0';
    }
}

static void put_text(struct file *file, const char *text)
{
    put(file, text, strlen(text));
}

/* Where the name in quotes at the begin of the line ends; NULL: there is none. */
static const char *end_of_name(const char *line)
{
    const char *at = line + 1;
    if (*line != '"') {
        return NULL;
    }
    while (*at != '\0' && *at != '"' && *at != '\n') {
        at += *at == '\\' && at[1] != '\0' ? 2 : 1;
    }
    return *at == '"' ? at + 1 : NULL;
}

/* A name that is longer than people think of, below the key that was written last. */
static void put_long(struct file *file, size_t length, const char *damage)
{
    char name[300];
    memset(name, 'n', sizeof name);
    name[length < sizeof name ? length : sizeof name - 1] = '\0';
    put_text(file, "\"");
    put_text(file, name);
    put_text(file, "\"=");
    put_text(file, damage);
    put_text(file, "\n");
}

/* What was stored, with each value damaged, and names of all lengths beside them. */
static void put_damaged(struct file *file, const char *stored_text, const char *damage)
{
    for (const char *line = stored_text; line != NULL && *line != '\0';) {
        const char *end = strchr(line, '\n');
        const char *name_end = end_of_name(line);
        if (*line == '[' && end != NULL) {
            put(file, line, (size_t)(end - line) + 1);
            put_long(file, 64, damage);
            put_long(file, 131, damage);
            put_long(file, 257, damage);
        } else if (name_end != NULL) {
            put(file, line, (size_t)(name_end - line));
            put_text(file, "=");
            put_text(file, damage);
            put_text(file, "\n");
        }
        line = end == NULL ? NULL : end + 1;
    }
}

static void put_any(struct file *file, const char *monitor, const char *damage)
{
    char longest[600];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    put_text(file, "\n[" MONITORS);
    put_text(file, monitor);
    put_text(file, "\\Ports]\n\"DAMAGED1:\"=");
    put_text(file, damage);
    put_text(file, "\n\"damaged1:\\\\x\"=");
    put_text(file, damage);
    put_text(file, "\n@=");
    put_text(file, damage);
    put_text(file, "\n\"");
    put_text(file, longest);
    put_text(file, "\"=");
    put_text(file, damage);
    put_text(file, "\n\n[" MONITORS);
    put_text(file, monitor);
    put_text(file, "\\Ports\\DAMAGED2]\n\n");
}

static void try_damage(struct probe *p, unsigned number, const char *stored_text, struct file *file)
{
    const char *line;

    file->used = 0;
    put_text(file, "Windows Registry Editor Version 5.00\n\n");
    put_damaged(file, stored_text, damages[number].data);
    put_any(file, probe_monitor_name(p), damages[number].data);
    line = probe_format(p, "spooler \"damaged%u\"\nfile \"${tmp}/damaged%u.reg\" data ", number,
                        number);
    if (!probe_set(p, "%s%s\nregistry load \"${tmp}/damaged%u.reg\"", line,
                   probe_quote(p, file->text), number)) {
        return;
    }
    probe_about(p, probe_format(p, "the monitor is loaded on a store in which every value is %s",
                                damages[number].what));
    probe_run(p, 9, "%s $monitor -> ERROR_SUCCESS", probe_is_language(p) ? "language" : "monitor");
    if (!probe_is_language(p)) {
        probe_run(p, 9, "EnumPorts Level=1 -> TRUE");
    }
    probe_about(p, NULL);
}

void store_damaged(struct probe *p)
{
    struct file file = {.text = malloc(ROOM)};
    char *text = stored(p);
    for (unsigned i = 0; file.text != NULL && i < sizeof damages / sizeof *damages; i++) {
        if (!probe_is_over(p)) {
            try_damage(p, i, text == NULL ? "" : text, &file);
        }
    }
    free(text);
    free(file.text);
}
