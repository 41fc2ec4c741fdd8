/* SPDX-License-Identifier: MIT
 *
 * <platen/ioctl.h>: the control codes that GetPrinterDataFromPort carries as its ControlID, for
 * monitors (<platen/winsplp.h> includes this) and for backends, which answer them
 * (<platen/backend.h> includes it too, and knows nothing else of Windows).
 *
 * The values are Windows' own. If you need the driver headers themselves (<ntddpar.h>,
 * <usbprint.h>, <ntddser.h>), include them first.
 */
#ifndef PLATEN_IOCTL_H
#define PLATEN_IOCTL_H

#include <stdint.h>

/* What goes in -> what comes out, sizes in bytes; "-" is nothing. Numbers are little-endian. */
#ifndef IOCTL_PAR_QUERY_INFORMATION
#    define IOCTL_PAR_QUERY_INFORMATION    0x00160004u /* - -> 1: PARALLEL_ bits */
#    define IOCTL_PAR_SET_INFORMATION      0x00160008u /* 1: PARALLEL_INIT -> - */
#    define IOCTL_PAR_QUERY_DEVICE_ID      0x0016000Cu /* - -> text, NUL; no length in front */
#    define IOCTL_PAR_QUERY_DEVICE_ID_SIZE 0x00160010u /* - -> 4: bytes of that, with NUL */
#    define IOCTL_IEEE1284_GET_MODE        0x00160014u /* - -> 4: read modes, write modes */
#    define IOCTL_IEEE1284_NEGOTIATE       0x00160018u /* 4 -> 4 */
#    define IOCTL_PAR_SET_WRITE_ADDRESS    0x0016001Cu /* 1 -> - */
#    define IOCTL_PAR_SET_READ_ADDRESS     0x00160020u /* 1 -> - */
#    define IOCTL_PAR_GET_DEVICE_CAPS      0x00160024u /* 2: modes to avoid -> 2: modes */
#    define IOCTL_PAR_GET_DEFAULT_MODES    0x00160028u /* - -> 4 */
#    define IOCTL_PAR_QUERY_RAW_DEVICE_ID  0x00160030u /* - -> 2 bytes of length, text, NUL */
#    define IOCTL_PAR_IS_PORT_FREE         0x00160054u /* - -> 1 */
#    define IOCTL_PAR_QUERY_LOCATION       0x00160058u /* - -> "LPT1" or "LPT1.0", 8-bit text, NUL */
#endif
#ifndef PARALLEL_INIT
#    define PARALLEL_INIT          0x01
#    define PARALLEL_AUTOFEED      0x02
#    define PARALLEL_PAPER_EMPTY   0x04
#    define PARALLEL_OFF_LINE      0x08
#    define PARALLEL_POWER_OFF     0x10
#    define PARALLEL_NOT_CONNECTED 0x20
#    define PARALLEL_BUSY          0x40
#    define PARALLEL_SELECTED      0x80
#endif
#ifndef IOCTL_USBPRINT_GET_LPT_STATUS
#    define IOCTL_USBPRINT_GET_LPT_STATUS     0x00220030u /* - -> 4: port status byte */
#    define IOCTL_USBPRINT_GET_1284_ID        0x00220034u /* - -> 2 bytes of length, text, NUL */
#    define IOCTL_USBPRINT_VENDOR_SET_COMMAND 0x00220038u /* request, value (2), data -> - */
#    define IOCTL_USBPRINT_VENDOR_GET_COMMAND 0x0022003Cu /* request, value (2) -> data */
#    define IOCTL_USBPRINT_SOFT_RESET         0x00220040u /* - -> - */
#endif
#ifndef IOCTL_SERIAL_SET_BAUD_RATE
#    define IOCTL_SERIAL_SET_BAUD_RATE    0x001B0004u /* 4 -> - */
#    define IOCTL_SERIAL_SET_QUEUE_SIZE   0x001B0008u /* 8 -> - */
#    define IOCTL_SERIAL_SET_LINE_CONTROL 0x001B000Cu /* 3: stop bits, parity, data bits -> - */
#    define IOCTL_SERIAL_IMMEDIATE_CHAR   0x001B0018u /* 1 -> - */
#    define IOCTL_SERIAL_SET_TIMEOUTS     0x001B001Cu /* 20 -> - */
#    define IOCTL_SERIAL_GET_TIMEOUTS     0x001B0020u /* - -> 20 */
#    define IOCTL_SERIAL_SET_DTR          0x001B0024u /* - -> - */
#    define IOCTL_SERIAL_CLR_DTR          0x001B0028u /* - -> - */
#    define IOCTL_SERIAL_RESET_DEVICE     0x001B002Cu /* - -> - */
#    define IOCTL_SERIAL_SET_RTS          0x001B0030u /* - -> - */
#    define IOCTL_SERIAL_CLR_RTS          0x001B0034u /* - -> - */
#    define IOCTL_SERIAL_PURGE            0x001B004Cu /* 4: flags -> - */
#    define IOCTL_SERIAL_GET_BAUD_RATE    0x001B0050u /* - -> 4 */
#    define IOCTL_SERIAL_GET_LINE_CONTROL 0x001B0054u /* - -> 3 */
#    define IOCTL_SERIAL_GET_HANDFLOW     0x001B0060u /* - -> 16 */
#    define IOCTL_SERIAL_SET_HANDFLOW     0x001B0064u /* 16 -> - */
#    define IOCTL_SERIAL_GET_MODEMSTATUS  0x001B0068u /* - -> 4 */
#    define IOCTL_SERIAL_GET_COMMSTATUS   0x001B006Cu /* - -> 20 */
#    define IOCTL_SERIAL_GET_PROPERTIES   0x001B0074u /* - -> 64 and more */
#endif

#endif
