/* SPDX-License-Identifier: MIT
 *
 * <platen/sim.h>: the simulated devices behind ports of the `sim` backend (`sim:NAME`, or the port
 * name `SIM:NAME`). A device exists once per process under its name, as hardware would; make it
 * before a port is opened on it. Every behaviour that a printer can show a port is here on order:
 * slow, short, stalled, failing, vanished, and talking back.
 *
 * Threads: every function from any thread.
 */
#ifndef PLATEN_SIM_H
#define PLATEN_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#    pragma GCC visibility push(default) /* libplaten.so exports what is declared here */
#endif

typedef struct platen_sim platen_sim;

/* The device of that name (case does not count), made if there is none; counted: each create needs
 * one release, and a port that has it open counts too. NULL when memory is out or the name is
 * empty. A device without a script takes everything at once. */
platen_sim *platen_sim_create(const char *name);
void platen_sim_release(platen_sim *device);

/* Replaces what the device will do from now on. A script is steps divided by ';', worked through in
 * order as the port writes; after the last step the device takes everything.
 *   take N          take N more bytes, then go on to the next step
 *   short N         take at most N bytes per write from here on (0: as many as come)
 *   rate N          take at most N bytes a second from here on (0: as fast as they come)
 *   stall MS        take nothing for MS milliseconds after a port has met this step
 *   stall           take nothing until the script is replaced
 *   error CODE      the next write fails with that Win32 code, once
 *   fail CODE       every write fails with that code until the script is replaced
 *   refuse CODE     the next start of a job fails with that code
 *   lose N          take N bytes and lose them (a printer with a broken buffer)
 *   disconnect      as a device that was pulled out: 1167 until the script is replaced
 *   reply "TEXT"    put bytes into the back channel; escapes \r \n \e \" \\ \xHH
 *   drain MS        the next end of a job waits MS milliseconds for its last bytes
 *   drain           the same, until the script is replaced
 *   end CODE        the end of the job fails with that code, once
 *   id "TEXT"       its IEEE 1284 id is TEXT; "": it has none. Else "MFG:Platen;MDL:Simulated
 *                   Device;..."
 *   status N        its status is N, PARALLEL_ bits of <platen/ioctl.h>
 *   status          its status is what its state comes to: selected; busy while it stalls; out of
 *                   paper where it stands at an `error 28` or `fail 28`, off line at any other
 *   value "S=TEXT"  a value for bidi requests, "\\Printer.DeviceInfo:Location=here"; it can be
 *                   set to something else
 * Steps that need no bytes (short, rate, refuse, reply, drain, end, id, status, value) are done as
 * soon as the device comes to them; what the last three said stays when another script is given. A
 * device that is disconnected answers nothing; a soft reset drops what it has to say. Times are
 * measured on the ports' clock; all ports of one device have the same. 0, or 87 with the reason in
 * *complaint (static text, NULL on success; complaint may be NULL), and the device goes on with the
 * script that it has. Example: "take 100; stall 2000; error 28; take 50; reply \"@PJL
 * USTATUS\\r\\n\"". */
uint32_t platen_sim_script(platen_sim *device, const char *script, const char **complaint);

/* Bytes into the back channel. */
uint32_t platen_sim_reply(platen_sim *device, const void *data, size_t size);

/* How many bytes arrived in all, and a copy of those from `offset` on (at most `size`); returns the
 * number copied. `forget` drops what has arrived so far and counts from 0 again. A device keeps the
 * first 64 MiB and counts beyond that. */
uint64_t platen_sim_received(platen_sim *device);
size_t platen_sim_copy(platen_sim *device, uint64_t offset, void *to, size_t size);
void platen_sim_forget(platen_sim *device);

/* Counters: jobs started, jobs ended in good order, jobs abandoned or cancelled, ports that have it
 * open. A job whose end failed is in `started` alone. A device prints one job at a time: a second
 * one is refused with 170. */
struct platen_sim_tally {
    uint32_t started;
    uint32_t ended;
    uint32_t abandoned;
    uint32_t open;
};
struct platen_sim_tally platen_sim_counts(platen_sim *device);

#if defined(__GNUC__)
#    pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
