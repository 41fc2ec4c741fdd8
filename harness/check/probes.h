/* SPDX-License-Identifier: MIT
 *
 * The functions of probes.def, for the files that have them.
 */
#ifndef CHECK_PROBES_H
#define CHECK_PROBES_H

#include "check/probe.h"

#define PLATEN_PROBE(function, group, rules, needs, flags, summary) probe_function function;
#include "check/probes.def"

#endif
