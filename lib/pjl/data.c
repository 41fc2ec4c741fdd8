/* SPDX-License-Identifier: MIT
 *
 * GetPrinterDataFromPort with ControlID 0: the printer is asked where that is possible, which is
 * between jobs on a port that carries something then. Otherwise what it told with the last job is
 * the answer; nobody waits for a job to end.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "os/clock.h"
#include "os/text.h"
#include "port.h"

/* A question of INFO, and what the answer is about. */
struct question {
    const char *word;
    enum pjl_about about;
};

static const struct row {
    const char16_t *name;
    enum pjl_fact fact;
    struct question question;
    bool is_text; /* otherwise a DWORD; memory in bytes, as the printer tells it */
} rows[] = {
    {u"Installed Memory", PJL_FACT_INSTALLED, {"CONFIG", PJL_ABOUT_CONFIG}, false},
    {u"Available Memory", PJL_FACT_AVAILABLE, {"MEMORY", PJL_ABOUT_MEMORY}, false},
    {u"Page Count", PJL_FACT_PAGES, {"PAGECOUNT", PJL_ABOUT_PAGES}, false},
    {u"Model", PJL_FACT_MODEL, {"ID", PJL_ABOUT_ID}, true},
};

static const struct row *row_of(const char16_t *name)
{
    for (size_t i = 0; name && i < sizeof(rows) / sizeof(rows[0]); i++)
        if (platen_text_equal_folded(name, rows[i].name))
            return &rows[i];
    return NULL;
}

/* ---- asking -------------------------------------------------------------------------------- */

/* The turn, between jobs and where there is somebody to ask. Who has it then is soon done, as with
 * the greeting, or begins a job. */
static bool may_ask(struct pjl_port *port)
{
    uint64_t until = platen_os_now() + PJL_ANSWER;
    platen_os_mutex_lock(&port->lock);
    while (port->turn && !port->job && !port->starting && !port->closing)
        if (!platen_os_cond_wait_until(&port->changed, &port->lock, until))
            break;
    bool may = port->between == PJL_WORKS && !port->job && !port->turn && !port->queued &&
               !port->closing && !port->deaf;
    if (may)
        port->turn = true;
    platen_os_mutex_unlock(&port->lock);
    return may;
}

/* How often these have been answered in all; the lock is held. */
static uint32_t answers(const struct pjl_port *port, const struct question *questions, size_t count)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += port->learned.answers[questions[i].about];
    return sum;
}

static void await(struct pjl_port *port, const struct question *questions, size_t count,
                  uint32_t before)
{
    uint64_t until = platen_os_now() + PJL_ANSWER;
    platen_os_mutex_lock(&port->lock);
    while (answers(port, questions, count) - before < count && !port->deaf && !port->closing)
        if (!platen_os_cond_wait_until(&port->changed, &port->lock, until))
            break;
    platen_os_mutex_unlock(&port->lock);
}

enum { MOST_QUESTIONS = 4 };

static void ask(struct pjl_port *port, const struct question *questions, size_t count)
{
    const char *words[MOST_QUESTIONS];
    struct pjl_say say;
    if (!count || !may_ask(port))
        return;
    for (size_t i = 0; i < count; i++)
        words[i] = questions[i].word;
    platen_os_mutex_lock(&port->lock);
    uint32_t before = answers(port, questions, count);
    platen_os_mutex_unlock(&port->lock);
    pjl_say_info(&say, words, count);
    if (!pjl_port_say(port, &say, 0, false) && say.sent == say.size)
        await(port, questions, count, before);
    pjl_turn_leave(port);
}

/* Who does not know a question is not asked it again. */
void pjl_data_refresh(struct pjl_port *port)
{
    static const struct question changing[] = {{"CONFIG", PJL_ABOUT_CONFIG},
                                               {"VARIABLES", PJL_ABOUT_VARIABLES},
                                               {"SUPPLIES", PJL_ABOUT_SUPPLIES}};
    struct question questions[MOST_QUESTIONS];
    size_t count = 0;
    uint64_t now = platen_os_now();
    platen_os_mutex_lock(&port->lock);
    bool due = now >= port->asked + PJL_STALE && !port->job;
    for (size_t i = 0; due && i < sizeof(changing) / sizeof(changing[0]); i++)
        if (pjl_values_any(&port->learned.values, changing[i].about))
            questions[count++] = changing[i];
    if (due)
        port->asked = now;
    platen_os_mutex_unlock(&port->lock);
    ask(port, questions, count);
}

/* ---- answering ----------------------------------------------------------------------------- */

static uint32_t known(struct pjl_port *port, const struct row *row, char *text)
{
    platen_os_mutex_lock(&port->lock);
    memcpy(text, port->learned.facts[row->fact], PJL_FACT_BYTES);
    bool mute = port->speech == PJL_FOREIGN || port->speech == PJL_SILENT;
    platen_os_mutex_unlock(&port->lock);
    if (*text)
        return 0;
    return mute ? PLATEN_NOT_SUPPORTED : PLATEN_NOT_READY;
}

/* More than a DWORD holds is its largest. */
static uint32_t number_of(const char *text)
{
    unsigned long long number = strtoull(text, NULL, 10);
    return number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

static uint32_t give(const void *value, uint32_t bytes, void *to, uint32_t size, uint32_t *returned)
{
    *returned = bytes;
    if (size < bytes || !to)
        return PLATEN_INSUFFICIENT_BUFFER;
    memcpy(to, value, bytes);
    return 0;
}

uint32_t pjl_data_get(struct pjl_port *port, const char16_t *name, void *to, uint32_t size,
                      uint32_t *returned)
{
    char text[PJL_FACT_BYTES];
    char16_t wide[PJL_FACT_BYTES];
    *returned = 0;
    const struct row *row = row_of(name);
    if (!row)
        return PLATEN_INVALID_PARAMETER; /* R56 */
    ask(port, &row->question, 1);
    uint32_t error = known(port, row, text);
    if (error)
        return error;
    uint32_t number = number_of(text);
    if (!row->is_text)
        return give(&number, sizeof(number), to, size, returned);
    size_t units = platen_text_to16(text, SIZE_MAX, wide, PJL_FACT_BYTES);
    return give(wide, (uint32_t)((units + 1) * sizeof(char16_t)), to, size, returned);
}
