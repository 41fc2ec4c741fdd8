/* SPDX-License-Identifier: MIT
 *
 * The explorer: which of its words does the monitor know as names of Xcv data? Those that it
 * answers otherwise than a name that nobody knows, whatever it is given.
 */
#include <string.h>

#include "check/explore.h"

#define OWN_MOST 16

/* What every probe of Xcv tries anyway. */
static bool is_usual(const char *word)
{
    static const char *const usual[] = {"AddPort", "DeletePort", "ConfigPort", "PortIsValid",
                                        "MonitorUI"};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        if (strcmp(word, usual[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* What is given to it: nothing, a number, the name of a port, and more than most ask for. */
#define INPUTS 4

static bool ask(struct explorer *explorer, const char *word, unsigned input, uint64_t *code)
{
    static const char *const inputs[INPUTS] = {
        "pInputData=NULL cbInputData=0 pOutputData=NULL cbOutputData=0",
        "pInputData=\"1\\x00\\x00\\x00\" cbOutputData=4096",
        NULL,
        "pInputData=@zeros cbOutputData=4096",
    };
    const struct check_survey *survey = &explorer->check->survey;
    const char *given = inputs[input];
    if (given == NULL) {
        const char *units =
            survey->port_count == 0 ? NULL : check_units(&explorer->texts, survey->ports[0]);
        given = check_print(&explorer->texts, "pInputData=%s cbOutputData=4096",
                            units == NULL ? "NULL" : units);
    }
    char *line = check_print(&explorer->texts,
                             "XcvDataPort hXcv=$asks pszDataName=\"%s\" %s -> any", word, given);
    bool came = line != NULL && explore_go_on(explorer, line);
    const struct platen_session_call *call =
        came ? platen_session_last(explorer->bench->session) : NULL;
    *code = call == NULL ? 0 : call->result;
    return call != NULL;
}

static bool begin(struct explorer *explorer, uint64_t *unknown)
{
    bool asks = explore_renew(explorer) &&
                explore_ask(explorer, "stream @zeros zeros size=2048\n"
                                      "XcvOpenPort pszObject=\"${object}\" GrantedAccess=1 -> TRUE "
                                      "phXcv=$asks");
    for (unsigned i = 0; i < INPUTS && asks; i++) {
        asks = ask(explorer, "NoSuchThing", i, &unknown[i]);
    }
    return asks;
}

/* Who dies of it knows it, too. */
static bool knows(struct explorer *explorer, const char *word, const uint64_t *unknown)
{
    uint64_t code;
    for (unsigned i = 0; i < INPUTS; i++) {
        if (!ask(explorer, word, i, &code) || code != unknown[i]) {
            return true;
        }
    }
    return false;
}

void explore_words(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    uint64_t unknown[INPUTS];
    if ((survey->needs & PLATEN_NEED_XCV) == 0 || survey->word_count == 0) {
        return;
    }
    bool asks = begin(explorer, unknown);
    for (size_t i = 0; i < survey->word_count && asks && survey->own_count < OWN_MOST; i++) {
        const char *word = survey->words[i];
        if (!is_usual(word) && knows(explorer, word, unknown)) {
            survey->own[survey->own_count++] = word;
        }
        if (explorer->ended) {
            asks = begin(explorer, unknown);
        }
    }
    explore_start_again(explorer);
}
