/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "laws.h"

const struct law laws[] = {
#define LAW(symbol, demand) {#symbol, demand, law_##symbol},
#include "laws.def"
#undef LAW
};

const size_t law_count = sizeof laws / sizeof *laws;

void judge(const struct law *law, const struct platen_backend *backend, const char *example,
           char *complaint, size_t size)
{
    struct trial trial;
    trial_begin(&trial, backend, example);
    if (!trial.complaint[0])
        law_facts(&trial);
    if (!trial.complaint[0])
        law->judge(&trial);
    snprintf(complaint, size, "%s", trial.complaint);
    trial_end(&trial);
}
