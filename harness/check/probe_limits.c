/* SPDX-License-Identifier: MIT
 *
 * Input and stores that are hostile: R67 and R9.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/probes.h"
#include "os/file.h"

/* ---- R67 ------------------------------------------------------------------------------------- */

static const char *const names[] = {
    "AddPort",
    "DeletePort",
    "ConfigPort",
    "PortExists",
    "PortIsValid",
    "MonitorUI",
    "GetConfigInfo",
    "ConfigureLPTPortCommandOK",
    "GetDefaultCommConfig",
    "SetDefaultCommConfig",
    "GetTransmissionRetryTimeout",
    "NoSuchThing",
};

/* Data that ends right before a page without access; what cannot be written out is made by a
 * stream. */
static const char *const inputs[] = {
    "pInputData=\"\"!guard cbInputData=0",
    "pInputData=\"A\"!guard",
    "pInputData=\"A\\x00B\"!guard",
    "pInputData=\"A\\x00B\\x00C\\x00D\\x00\"!guard",
    "pInputData=\"\\x00\\x00\\x00\\x00\"!guard",
    "pInputData=\"A\\x00\\x00\\x00B\\x00\\x00\\x00\"!guard",
    "pInputData=\"A\\x00\\x00\\x00\"!guard cbInputData=2",
    "pInputData=@lies[0+52]!guard",
    "pInputData=@lies[0+132]!guard",
    "pInputData=@lies[0+236]!guard",
    "pInputData=@lies[0+963]!guard",
    "pInputData=@lies[0+964]!guard",
    "pInputData=@lies[0+1068]!guard",
    "pInputData=@full[0+236]!guard",
    "pInputData=@full[0+964]!guard",
    "pInputData=@full[0+1068]!guard",
};

static void send(struct probe *p, const char *name, const char *input)
{
    probe_run(p, 67,
              "XcvDataPort hXcv=$hostile pszDataName=\"%s\" %s pOutputData=!guard "
              "cbOutputData=16 -> any",
              name, input);
}

void xcv_hostile(struct probe *p)
{
    if (!probe_set(p, "stream @lies random size=1068 seed=67\nstream @full zeros size=1068\n"
                      "XcvOpenPort pszObject=\"${object}\" GrantedAccess=1 -> TRUE "
                      "phXcv=$hostile")) {
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (size_t j = 0; j < sizeof inputs / sizeof *inputs && !probe_is_over(p); j++) {
            send(p, names[i], inputs[j]);
        }
    }
    probe_run(p, 67, "XcvClosePort hXcv=$hostile -> TRUE");
}

/* All of it characters without an end. */
void xcv_huge(struct probe *p)
{
    if (!probe_set(p, "stream @huge random size=67108864 seed=67\n"
                      "XcvOpenPort pszObject=\"${object}\" GrantedAccess=1 -> TRUE "
                      "phXcv=$hostile")) {
        return;
    }
    send(p, "AddPort", "pInputData=@huge!guard");
    send(p, "PortExists", "pInputData=@huge!guard");
    probe_run(p, 67, "XcvClosePort hXcv=$hostile -> TRUE");
}

/* Windows' own monitors read what is not there. */
void xcv_nothing(struct probe *p)
{
    if (!probe_set(p, "XcvOpenPort pszObject=\"${object}\" GrantedAccess=1 -> TRUE "
                      "phXcv=$hostile")) {
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names && !probe_is_over(p); i++) {
        send(p, names[i], "pInputData=NULL cbInputData=0");
        send(p, names[i], "pInputData=NULL cbInputData=8");
    }
    probe_tidy(p, "XcvClosePort hXcv=$hostile");
}
