/* SPDX-License-Identifier: MIT */
#include "command/bench.h"

#include <stddef.h>

static const char *missing(void)
{
    return "it is a row of the program for Windows (scripts/wine-run platen.exe bench spooler)";
}

const struct bench_row bench_spooler = {
    .name = "spooler",
    .what = "one job of 100 MiB through Windows' spooler and platen.dll to a file",
    .bare_what = "the same through a monitor that only writes a file",
    .unit = "CPU ms per job",
    .missing = missing,
};
