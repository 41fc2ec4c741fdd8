/* SPDX-License-Identifier: MIT
 *
 * On Windows: the control codes are those of the system's driver headers.
 */
#include <platen/winsplp.h>

#define CODES(X)                                                                                   \
    X(PAR_QUERY_DEVICE_ID)                                                                         \
    X(PAR_QUERY_LOCATION)                                                                          \
    X(PAR_IS_PORT_FREE)                                                                            \
    X(PAR_QUERY_RAW_DEVICE_ID)                                                                     \
    X(PAR_QUERY_INFORMATION)                                                                       \
    X(PAR_SET_INFORMATION)                                                                         \
    X(PAR_QUERY_DEVICE_ID_SIZE)                                                                    \
    X(PAR_GET_DEVICE_CAPS)                                                                         \
    X(PAR_GET_DEFAULT_MODES)                                                                       \
    X(PAR_SET_WRITE_ADDRESS)                                                                       \
    X(PAR_SET_READ_ADDRESS)                                                                        \
    X(IEEE1284_GET_MODE)                                                                           \
    X(IEEE1284_NEGOTIATE)                                                                          \
    X(USBPRINT_GET_LPT_STATUS)                                                                     \
    X(USBPRINT_GET_1284_ID)                                                                        \
    X(USBPRINT_VENDOR_SET_COMMAND)                                                                 \
    X(USBPRINT_VENDOR_GET_COMMAND)                                                                 \
    X(USBPRINT_SOFT_RESET)                                                                         \
    X(SERIAL_SET_BAUD_RATE)                                                                        \
    X(SERIAL_SET_QUEUE_SIZE)                                                                       \
    X(SERIAL_SET_LINE_CONTROL)                                                                     \
    X(SERIAL_IMMEDIATE_CHAR)                                                                       \
    X(SERIAL_SET_TIMEOUTS)                                                                         \
    X(SERIAL_GET_TIMEOUTS)                                                                         \
    X(SERIAL_SET_DTR)                                                                              \
    X(SERIAL_CLR_DTR)                                                                              \
    X(SERIAL_RESET_DEVICE)                                                                         \
    X(SERIAL_SET_RTS)                                                                              \
    X(SERIAL_CLR_RTS)                                                                              \
    X(SERIAL_PURGE)                                                                                \
    X(SERIAL_GET_BAUD_RATE)                                                                        \
    X(SERIAL_GET_LINE_CONTROL)                                                                     \
    X(SERIAL_GET_HANDFLOW)                                                                         \
    X(SERIAL_SET_HANDFLOW)                                                                         \
    X(SERIAL_GET_MODEMSTATUS)                                                                      \
    X(SERIAL_GET_COMMSTATUS)                                                                       \
    X(SERIAL_GET_PROPERTIES)

#define OURS(name) ours_##name = IOCTL_##name,
enum { CODES(OURS) };

typedef LARGE_INTEGER PHYSICAL_ADDRESS; /* <ntddser.h> expects a driver's types */
#include <winioctl.h>
#include <ntddpar.h>
#include <ntddser.h>
#include <usbprint.h>

#define SAME(name) _Static_assert(ours_##name == (int)IOCTL_##name, #name " has another code");
CODES(SAME)
