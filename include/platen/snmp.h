/* SPDX-License-Identifier: MIT
 *
 * <platen/snmp.h>: libplaten-snmp, a library beside libplaten that answers bidi requests about
 * TCP/IP ports from the printer's SNMP agent. It needs net-snmp; the port monitor does not.
 *
 *     options.providers = platen_snmp_providers();
 *
 * Ports whose settings enable SNMP then have the values of \Printer.DeviceInfo, .Configuration,
 * .Status, .Consumables, .Layout.InputBins and .Finishing.OutputBins that the printer's
 * Printer-MIB, Host-Resources-MIB, SNMPv2-MIB and the PWG's port monitor MIB have. SNMPv2c is
 * spoken, and SNMPv1 with devices that know no other; nothing is ever set.
 *
 * Threads: different ports may be asked at the same time. net-snmp keeps state for the whole
 * process which its usual builds do not lock: this library locks its own use of it. A program that
 * uses net-snmp itself, in other threads, has to arrange that.
 *
 * Nothing of net-snmp's configuration, MIB files or persistent state is read or written.
 */
#ifndef PLATEN_SNMP_H
#define PLATEN_SNMP_H

#include <platen/monitor.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#    pragma GCC visibility push(default) /* libplaten-snmp.so exports what is declared here */
#endif

/* The provider, and a list of it alone. Static. */
const struct platen_provider *platen_snmp_provider(void);
const struct platen_provider *const *platen_snmp_providers(void);

#if defined(__GNUC__)
#    pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
