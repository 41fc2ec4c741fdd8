/* SPDX-License-Identifier: MIT
 *
 * Writes platen(1) to standard output, from the tables that help and dispatch read. Run while
 * Platen is built.
 */
#include <stdio.h>
#include <string.h>

#include "command/command.h"

static const struct {
    const char *name;
    const char *arguments;
    const unsigned char *options;
    const char *summary;
    const char *details;
} commands[] = {
#define PLATEN_COMMAND(name, arguments, options, summary, details)                                 \
    {#name, arguments, OPTION_SET(options), summary, details},
#include "command/commands.def"
#undef PLATEN_COMMAND
};

#define COMMANDS (sizeof commands / sizeof *commands)

static const struct {
    const char *name; /* with '_' for '-' */
    const char *argument;
    const char *help;
} options[OPTION_COUNT] = {
#define PLATEN_OPTION(name, argument, help) [OPTION_##name] = {#name, argument, help},
#include "command/options.def"
#undef PLATEN_OPTION
};

/* One line or more of plain text; an empty line begins a paragraph, a first blank keeps a line. */
static void put_text(const char *text)
{
    bool begins = true;
    for (; *text != '\0'; text++) {
        if (begins && *text == '\n') {
            printf(".PP\n");
            continue;
        }
        if (begins && *text == ' ') {
            printf(".br\n\\&");
        } else if (begins && (*text == '.' || *text == '\'')) {
            printf("\\&");
        }
        begins = *text == '\n';
        switch (*text) {
        case '\\':
            printf("\\e");
            break;
        case '-':
            printf("\\-");
            break;
        case '`':
            printf("\\(ga");
            break;
        case '~':
            printf("\\(ti");
            break;
        case '^':
            printf("\\(ha");
            break;
        default:
            putchar(*text);
        }
    }
    if (!begins) {
        putchar('\n');
    }
}

/* The option's name; also what is no command's own to spell. */
static void put_name(const char *name)
{
    printf("\\-\\-");
    for (; *name != '\0'; name++) {
        if (*name == '_') {
            printf("\\-");
        } else {
            putchar(*name);
        }
    }
}

static void put_options_of(const unsigned char *taken)
{
    const char *before = "";
    printf(".PP\nOptions:\n");
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (takes_option(taken, i)) {
            printf("%s\\fB", before);
            put_name(options[i].name);
            printf("\\fR");
            before = ",\n";
        }
    }
    printf(".\n");
}

static void put_commands(void)
{
    printf(".SH COMMANDS\n");
    for (size_t i = 0; i < COMMANDS; i++) {
        printf(".SS platen %s \\fR[\\fIOPTION\\fR...] \\fR", commands[i].name);
        put_text(commands[i].arguments);
        printf("\\fI");
        put_text(commands[i].summary);
        printf("\\fR\n.PP\n");
        put_text(commands[i].details);
        put_options_of(commands[i].options);
    }
}

static void put_options(void)
{
    printf(".SH OPTIONS\nAn option may be written \\fB\\-\\-name VALUE\\fR or "
           "\\fB\\-\\-name=VALUE\\fR. Which command takes\nwhich stands with the command.\n");
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        printf(".TP\n\\fB");
        put_name(options[i].name);
        printf("\\fR");
        if (options[i].argument != NULL) {
            printf(" \\fI%s\\fR", options[i].argument);
        }
        printf("\n");
        put_text(options[i].help);
    }
}

static void put_exits(void)
{
    printf(".SH EXIT STATUS\n");
#define PLATEN_EXIT(name, status, text)                                                            \
    printf(".TP\n\\fB%d\\fR\n", status);                                                           \
    put_text(text);
#include "command/exits.def"
#undef PLATEN_EXIT
}

static const char rest[] =
    ".SH HOSTS\n"
    "A monitor that is a file runs in a process of its own:\n"
    "\\fBplaten\\-host\\fR for 64 bits, \\fBplaten\\-host32\\fR for 32 bits, and under Wine\n"
    "\\fBplaten\\-host.exe\\fR and \\fBplaten\\-host32.exe\\fR. The file decides which.\n"
    "They are started by platen, and are of no use without it.\n"
    "They lie beside platen, or in \\fI../libexec/platen\\fR seen from there.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n\\fBNO_COLOR\\fR\nNo colours, unless \\fB\\-\\-color\\fR says otherwise.\n"
    ".TP\n\\fBPLATEN_CACHE\\fR, \\fBXDG_CACHE_HOME\\fR, \\fBHOME\\fR\n"
    "Where Wine's prefix for DLLs is kept: the first of them that is set, with \\fI/platen\\fR\n"
    "and \\fI/.cache/platen\\fR behind the other two.\n"
    ".SH SEE ALSO\n"
    "\\fBwine\\fR(1), \\fBlp\\fR(1)\n";

int main(void)
{
    printf(
        ".\\\" SPDX-License-Identifier: MIT\n"
        ".\\\" Made from the tables of commands and options: do not edit.\n"
        ".TH PLATEN 1 \"\" \"Platen %s\" \"User commands\"\n"
        ".SH NAME\nplaten \\- Windows port monitors, driven and judged by a spooler of its own\n"
        ".SH SYNOPSIS\n\\fBplaten\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n"
        ".br\n\\fBplaten\\fR \\fICOMMAND\\fR \\fB\\-\\-help\\fR\n"
        ".br\n\\fBplaten \\-\\-version\\fR\n"
        ".SH DESCRIPTION\n"
        "Plays the print spooler of Windows to a port monitor, Platen's own or any other: a\n"
        "shared object of this system, or a Windows DLL under Wine.\n",
        PLATEN_VERSION);
    put_commands();
    put_options();
    put_exits();
    fputs(rest, stdout);
    return ferror(stdout) != 0;
}
