/* SPDX-License-Identifier: MIT
 *
 * errno as Win32 codes.
 */
#include "os/error.h"

#include <errno.h>
#include <stddef.h>

// clang-format off
static const uint16_t codes[] = {
    [EPERM]           = PLATEN_ACCESS_DENIED,
    [ENOENT]          = PLATEN_FILE_NOT_FOUND,
    [EINTR]           = PLATEN_OPERATION_ABORTED,
    [EIO]             = PLATEN_IO_DEVICE,
    [ENXIO]           = PLATEN_DEV_NOT_EXIST,
    [E2BIG]           = PLATEN_BAD_ARGUMENTS,
    [ENOEXEC]         = PLATEN_BAD_EXE_FORMAT,
    [EBADF]           = PLATEN_INVALID_HANDLE,
    [EAGAIN]          = PLATEN_NOT_READY,
    [ENOMEM]          = PLATEN_NOT_ENOUGH_MEMORY,
    [EACCES]          = PLATEN_ACCESS_DENIED,
    [EFAULT]          = PLATEN_NOACCESS,
    [EBUSY]           = PLATEN_BUSY,
    [EEXIST]          = PLATEN_FILE_EXISTS,
    [ENODEV]          = PLATEN_DEV_NOT_EXIST,
    [ENOTDIR]         = PLATEN_DIRECTORY,
    [EISDIR]          = PLATEN_DIRECTORY,
    [EINVAL]          = PLATEN_INVALID_PARAMETER,
    [ENFILE]          = PLATEN_TOO_MANY_OPEN_FILES,
    [EMFILE]          = PLATEN_TOO_MANY_OPEN_FILES,
    [ENOTTY]          = PLATEN_INVALID_FUNCTION,
    [ETXTBSY]         = PLATEN_SHARING_VIOLATION,
    [EFBIG]           = PLATEN_FILE_TOO_LARGE,
    [ENOSPC]          = PLATEN_DISK_FULL,
    [ESPIPE]          = PLATEN_INVALID_FUNCTION,
    [EROFS]           = PLATEN_WRITE_PROTECT,
    [EMLINK]          = PLATEN_TOO_MANY_LINKS,
    [EPIPE]           = PLATEN_BROKEN_PIPE,
    [ENAMETOOLONG]    = PLATEN_FILENAME_EXCED_RANGE,
    [ENOSYS]          = PLATEN_CALL_NOT_IMPLEMENTED,
    [ELOOP]           = PLATEN_STOPPED_ON_SYMLINK,
    [EOVERFLOW]       = PLATEN_FILE_TOO_LARGE,
    [EILSEQ]          = PLATEN_INVALID_DATA,
    [ENODATA]         = PLATEN_NO_DATA,
    [EPROTO]          = PLATEN_IO_DEVICE,
    [ECANCELED]       = PLATEN_OPERATION_ABORTED,
    [EOPNOTSUPP]      = PLATEN_NOT_SUPPORTED,
    [EAFNOSUPPORT]    = PLATEN_NOT_SUPPORTED,
    [EPROTONOSUPPORT] = PLATEN_NOT_SUPPORTED,
    [ENOBUFS]         = PLATEN_NOT_ENOUGH_MEMORY,
    [EADDRINUSE]      = PLATEN_DEVICE_IN_USE,
    [EADDRNOTAVAIL]   = PLATEN_NETWORK_UNREACHABLE,
    [ENETDOWN]        = PLATEN_NETWORK_UNREACHABLE,
    [ENETUNREACH]     = PLATEN_NETWORK_UNREACHABLE,
    [ENETRESET]       = PLATEN_NETNAME_DELETED,
    [ECONNABORTED]    = PLATEN_CONNECTION_ABORTED,
    [ECONNRESET]      = PLATEN_NETNAME_DELETED,
    [ENOTCONN]        = PLATEN_DEVICE_NOT_CONNECTED,
    [ESHUTDOWN]       = PLATEN_BROKEN_PIPE,
    [ETIMEDOUT]       = PLATEN_SEM_TIMEOUT,
    [ECONNREFUSED]    = PLATEN_CONNECTION_REFUSED,
    [EHOSTDOWN]       = PLATEN_HOST_UNREACHABLE,
    [EHOSTUNREACH]    = PLATEN_HOST_UNREACHABLE,
    [ESTALE]          = PLATEN_INVALID_HANDLE,
    [EDQUOT]          = PLATEN_DISK_FULL,
};
// clang-format on

uint32_t platen_os_error_from(int code)
{
    if (code == 0)
        return 0;
    if (code < 0 || (size_t)code >= sizeof codes / sizeof *codes || codes[code] == 0)
        return PLATEN_GEN_FAILURE;
    return codes[code];
}

uint32_t platen_os_last_error(void)
{
    return errno ? platen_os_error_from(errno) : PLATEN_GEN_FAILURE;
}
