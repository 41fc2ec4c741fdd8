/* SPDX-License-Identifier: MIT
 *
 * The settings of ports that are there, read and changed: those of TCP/IP ports, and those of the
 * serial lines behind ports whose backend has PLATEN_LINE_SETTINGS; and what is set for all ports.
 * They count from the next OpenPort or StartDocPort on. What fails changes nothing (R64).
 */
#ifndef PLATEN_LIB_CONFIGURE_H
#define PLATEN_LIB_CONFIGURE_H

#include "instance.h"
#include "line.h"

/* FILE_NOT_FOUND: no TCP/IP port has the name. */
uint32_t configure_get_tcp(struct instance *instance, const char16_t *name,
                           struct tcp_settings *settings);
/* What the version of `settings` does not carry stays as it was. FILE_NOT_FOUND; NOT_SUPPORTED for
 * a port that is kept as a URI; BUSY; INVALID_PARAMETER and others as manage_add_tcp. */
uint32_t configure_set_tcp(struct instance *instance, const char16_t *name,
                           const struct tcp_settings *settings);

/* By the port's name, or that without its colon. FILE_NOT_FOUND; INVALID_PARAMETER where there is
 * no line behind the port, or its backend does not take the settings; BUSY; what the store said. */
uint32_t configure_get_line(struct instance *instance, const char16_t *name,
                            struct platen_line *line);
uint32_t configure_set_line(struct instance *instance, const char16_t *name,
                            const struct platen_line *line);

/* A stored text as the settings of the line behind the port: the URI for them, malloc'ed. *uri is
 * NULL with 0 if the text is none, or is not for this kind of port. */
uint32_t configure_line_text(struct instance *instance, const struct kind *kind, const char *name,
                             const char *text, char **uri);
/* At initialisation: what is stored for a port that is simply there. */
uint32_t configure_builtin(struct instance *instance, const struct port_facts *facts);

/* Windows' TransmissionRetryTimeout, in seconds: how long WritePort waits for a device that takes
 * nothing; 0 for ever. The text is stored as it is, and what does not begin with digits is the
 * default; it counts from the next WritePort on. */
uint32_t configure_load_retry(struct instance *instance);
uint32_t configure_set_retry(struct instance *instance, const char16_t *text);
uint32_t configure_get_retry(const struct instance *instance);

/* Whether printers are asked how they are while nothing is printed: kept for clients that set it.
 */
uint32_t configure_load_polling(struct instance *instance);
uint32_t configure_set_polling(struct instance *instance, bool on);
bool configure_get_polling(const struct instance *instance);

#endif
