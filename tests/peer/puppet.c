/* SPDX-License-Identifier: MIT
 *
 * The program that command ports run in tests: puppet VERB [ARGUMENT...]. It needs nothing but the
 * C library, so that it starts quickly.
 *
 *   keep FILE           standard input goes to that file
 *   report FILE WORD... tells there what it was started with, then reads to the end
 *   exit STATUS BYTES   reads so many bytes, or to the end (all), then ends with that status
 *   say STATUS TEXT...  prints the texts, one by one to either stream, reads to the end, ends so
 *   flood KIB           prints so much before it reads anything
 *   crash               ends itself, not by exiting
 *   hang FILE           starts another one that hangs, and never ends; each adds a line to the file
 *   linger FILE         keeps standard input in the file once it has printed and waited a moment
 */
#include "puppet.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char block[65536];
static char variable[131072];

/* Up to so many bytes; 0 at the end. */
static size_t take(size_t most)
{
    return fread(block, 1, most < sizeof block ? most : sizeof block, stdin);
}

static int read_all(void)
{
    while (take(sizeof block) > 0)
        ;
    return 0;
}

static int keep(int count, char **words)
{
    size_t size;
    FILE *file = count == 1 ? fopen(words[0], "wb") : NULL;
    if (!file)
        return 2;
    while ((size = take(sizeof block)) > 0)
        if (fwrite(block, 1, size, file) != size)
            return 3;
    return fclose(file) ? 3 : 0;
}

/* As C writes it, so that a line is a line. */
static void put_text(FILE *file, const char *name, const char *text)
{
    fprintf(file, "%s=", name);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < ' ' || c > '~' || c == '\\')
            fprintf(file, "\\x%02x", c);
        else
            fputc(c, file);
    }
    fputc('\n', file);
}

static int report(int count, char **words)
{
    int handles = puppet_handles();
    FILE *file = count > 0 ? fopen(words[0], "wb") : NULL;
    if (!file)
        return 2;
    for (int i = 1; i < count; i++)
        put_text(file, "word", words[i]);
    for (size_t i = 0; puppet_variable(i, variable, sizeof variable); i++)
        if (strncmp(variable, "REDMON_", 7) == 0)
            put_text(file, "variable", variable);
    fprintf(file, "handles=%d\n", handles);
    puppet_place(block, sizeof block);
    put_text(file, "folder", block);
    return fclose(file) ? 3 : read_all();
}

static int leave(int count, char **words)
{
    if (count != 2)
        return 2;
    size_t left = strcmp(words[1], "all") == 0 ? (size_t)-1 : (size_t)strtoul(words[1], NULL, 10);
    setvbuf(stdin, NULL, _IONBF, 0); /* not a byte more */
    for (size_t size; left > 0 && (size = take(left)) > 0;)
        left -= size;
    return atoi(words[0]);
}

static int say(int count, char **words)
{
    for (int i = 1; i < count; i++) {
        fprintf(i % 2 ? stdout : stderr, "%s\n", words[i]);
        fflush(stdout);
    }
    read_all();
    return count > 0 ? atoi(words[0]) : 2;
}

static int flood(int count, char **words)
{
    long lines = count == 1 ? strtol(words[0], NULL, 10) * 16 : 0;
    for (long i = 0; i < lines; i++)
        printf("%063ld\n", i);
    fflush(stdout);
    return read_all();
}

static int crash(int count, char **words)
{
    (void)count, (void)words;
    puppet_crash();
    return 0;
}

static void note(const char *path)
{
    FILE *file = fopen(path, "ab");
    if (file) {
        fprintf(file, "%ld\n", puppet_id());
        fclose(file);
    }
}

static char *own_path;

static int hang(int count, char **words)
{
    char line[4096];
    if (count < 1)
        return 2;
    note(words[0]);
    if (count == 1) {
        snprintf(line, sizeof line, "%s hang %s alone", own_path, words[0]);
        return system(line); /* a shell, and one more of us: a family of three */
    }
    for (;;)
        puppet_pause(1000);
}

static int linger(int count, char **words)
{
    puts("lingering");
    fflush(stdout);
    puppet_pause(200);
    return keep(count, words);
}

static const struct {
    const char *name;
    int (*run)(int count, char **words);
} verbs[] = {
    {"keep", keep},   {"report", report}, {"exit", leave}, {"say", say},
    {"flood", flood}, {"crash", crash},   {"hang", hang},  {"linger", linger},
};

int main(int argc, char **argv)
{
    puppet_begin();
    own_path = argv[0];
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].name, argv[1]) == 0)
            return verbs[i].run(argc - 2, argv + 2);
    return 2;
}
