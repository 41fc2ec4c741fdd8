/* SPDX-License-Identifier: MIT */
#include "check/explore.h"

#include <stdio.h>
#include <string.h>

void explore_targets(struct explorer *explorer)
{
    struct check_survey *survey = &explorer->check->survey;
    survey->add_folder = survey->add_suffix = "";
    survey->target_lacks = "nothing to print to was found whose output can be read";
    survey->lacks[PLATEN_RULE_NEED_INDEX_TARGET] = survey->target_lacks;
    if (survey->builtin) {
        survey->target = (struct check_target){
            .kind = TARGET_DEVICE,
            .setup = "folder \"${tmp}/device\"\ndevice $device raw keep=\"${tmp}/device\"\n"
                     "port \"Platen\" to \"${device.uri}\"\nport \"Other\" to \"null:\"",
            .port = "Platen",
            .port2 = "Other",
            .stalls = true,
        };
        survey->needs |= PLATEN_NEED_TARGET | PLATEN_NEED_STALLING_DEVICE | PLATEN_NEED_PORTS;
    } else if (survey->port_count > 0) {
        survey->target = (struct check_target){.port = survey->ports[0]};
        if (survey->port_count > 1) {
            survey->target.port2 = survey->ports[1];
        }
    }
}
