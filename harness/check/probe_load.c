/* SPDX-License-Identifier: MIT
 *
 * The module and its table: R1, R2, R3, R10.
 */
#include <string.h>

#include "check/probes.h"
#include "inspect/inspect.h"

/* ---- R1 -------------------------------------------------------------------------------------- */

static const char entry[] = "InitializePrintMonitor2";

static bool exports(const struct platen_image *image, const char *name)
{
    for (size_t i = 0; i < image->export_count; i++) {
        if (strcmp(image->exports[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* What is there instead. */
static const char *nearest(const struct platen_image *image)
{
    for (size_t i = 0; i < image->export_count; i++) {
        if (strstr(image->exports[i].name, "InitializePrintMonitor") != NULL) {
            return image->exports[i].name;
        }
    }
    return NULL;
}

static bool is_older(struct probe *p)
{
    const struct platen_image *image = probe_image(p);
    return image != NULL && !exports(image, entry) && exports(image, "InitializePrintMonitor");
}

void load_export(struct probe *p)
{
    const struct platen_image *image = probe_image(p);
    if (image == NULL) {
        probe_skip(p, 1, "the file cannot be read");
        return;
    }
    if (is_older(p)) {
        probe_skip(p, 1, "it is a monitor of the older kind, with InitializePrintMonitor");
        return;
    }
    const char *like = nearest(image);
    probe_judge(p, 1, exports(image, entry), "the module exports InitializePrintMonitor2", "%s%s",
                like == NULL ? "it exports no such name" : "it exports ", like == NULL ? "" : like);
}

/* ---- R2, R3 ---------------------------------------------------------------------------------- */

static bool is_size(uint32_t size, bool narrow)
{
    static const uint32_t wide[] = {160, 176, 184};
    static const uint32_t slim[] = {76, 80, 88, 92};
    bool found = false;
    for (size_t i = 0; i < (narrow ? 4u : 3u); i++) {
        found = found || size == (narrow ? slim : wide)[i];
    }
    return found;
}

/* A MONITOREX, whose MONITOR is that of Windows 2000 or an older one, which ends before that. */
static void judge_older(struct probe *p, uint32_t size, bool narrow)
{
    uint32_t pointer = narrow ? 4 : 8;
    probe_judge(
        p, 2, size <= 17 * pointer && size % pointer == 0,
        "dwMonitorSize is the size of the MONITOR inside of MONITOREX, and not of all of it",
        "%u, where MONITOR has %u bytes", size, 17 * pointer);
}

static void judge_table(struct probe *p, const struct platen_facts_table *table)
{
    static const char sizes[] = "cbSize is one that a MONITOR2 can have";
    bool narrow = probe_is_narrow(p);
    uint32_t strange = table->members & ~table->executable;
    probe_judge(p, 2, table->aligned, "the table is aligned for pointers", "it is not");
    if (is_older(p)) {
        judge_older(p, table->inner, narrow);
    } else if (table->size == 152 && !narrow) {
        probe_judge_should(p, 2, false, sizes,
                           "152, which ends after pfnShutdown: no Windows of 64 bits was as old");
    } else if (table->size == 148 && !narrow) {
        probe_judge_should(p, 2, false, sizes,
                           "148, the value of an old macro: it ends in the middle of pfnShutdown");
    } else {
        probe_judge(p, 2, is_size(table->size, narrow), sizes, "%u", table->size);
    }
    probe_judge(p, 3, strange == 0, "every member is NULL or a function",
                "%s leads to memory that is no code", probe_member(p, strange));
}

static bool look(struct probe *p, struct platen_facts_table *table)
{
    const struct platen_facts *facts = probe_facts(p);
    *table = (struct platen_facts_table){0};
    if (facts != NULL && facts->table.known) {
        *table = facts->table;
    }
    return table->known && !table->null;
}

/* A function that is obsolete does no harm, but nobody calls it. */
static void judge_obsolete(struct probe *p)
{
    static const char *const names[] = {"AddPort", "AddPortEx", "ConfigurePort", "DeletePort"};
    for (size_t i = 0; i < sizeof names / sizeof *names && !probe_strict(p); i++) {
        probe_judge_should(p, 3, !probe_has_slot(p, names[i]),
                           "obsolete functions are NULL: the Xcv functions do their work",
                           "pfn%s is there", names[i]);
    }
}

/* A port is opened, and a job begins and ends. */
static void use(struct probe *p)
{
    if (probe_has_name(p, "port") && probe_ask(p, "%s", probe_open_line(p, "h"))) {
        probe_tidy(p, "StartDocPort hPort=$h %s -> any", probe_document(p, "table"));
        probe_tidy(p, "EndDocPort hPort=$h -> any");
        probe_tidy(p, "ClosePort hPort=$h -> any");
    }
}

void load_table(struct probe *p)
{
    struct platen_facts_table first;
    struct platen_facts_table last;
    probe_want(p, PLATEN_FACTS_TABLE);
    if (probe_is_language(p)) {
        use(p);
    } else {
        probe_ask(p, "EnumPorts Level=1 -> any");
    }
    if (!look(p, &first)) {
        probe_skip(p, 2, "the table cannot be looked at");
        probe_skip(p, 3, "the table cannot be looked at");
        return;
    }
    if (!probe_judge(p, 2, first.readable, "cbSize bytes of the table can be read",
                     "they cannot all be read")) {
        return;
    }
    judge_table(p, &first);
    judge_obsolete(p);
    use(p);
    if (look(p, &last)) {
        probe_judge(p, 2, first.hash == last.hash,
                    "the table is what it was before a port was opened", "it is another");
    }
}

/* ---- R10 ------------------------------------------------------------------------------------- */

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_dialog(const char *name)
{
    static const char *const names[] = {
        "MessageBoxA",   "MessageBoxW",   "MessageBoxEx",       "MessageBoxIndirect",
        "DialogBoxPar",  "DialogBoxInd",  "CreateDialog",       "TaskDialog",
        "ChooseFont",    "GetOpenFileNa", "GetSaveFileN",       "PrintDlg",
        "PropertySheet", "gtk_dialog",    "gtk_message_dialog", "XCreateWindow",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (begins(name, names[i])) {
            return true;
        }
    }
    return false;
}

void load_dialogs(struct probe *p)
{
    const struct platen_image *image = probe_image(p);
    if (image == NULL) {
        probe_skip(p, 10, "the file cannot be read");
        return;
    }
    if (exports(image, "InitializePrintMonitorUI")) {
        probe_skip(p, 10, "one file is server DLL and UI DLL, which may show dialogs");
        return;
    }
    probe_tried(p, 10);
    for (size_t i = 0; i < image->import_count; i++) {
        const char *name = image->imports[i].name;
        if (name != NULL && is_dialog(name)) {
            probe_judge(p, 10, false, "the server side needs no function that shows a dialog",
                        "it needs %s", name);
            return;
        }
    }
}
