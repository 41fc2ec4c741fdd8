/* SPDX-License-Identifier: MIT
 *
 * The printing structures of a stand-in, made from its own basic types. STANDIN_HKEY and
 * STANDIN_GENERATION (7 or 8: the Windows whose MONITOR2 it knows) come from the includer.
 */
typedef struct _COMMTIMEOUTS {
    DWORD ReadIntervalTimeout, ReadTotalTimeoutMultiplier, ReadTotalTimeoutConstant;
    DWORD WriteTotalTimeoutMultiplier, WriteTotalTimeoutConstant;
} COMMTIMEOUTS, *LPCOMMTIMEOUTS;

typedef struct _PORT_INFO_1W {
    LPWSTR pName;
} PORT_INFO_1W;

typedef struct _PORT_INFO_2W {
    LPWSTR pPortName, pMonitorName, pDescription;
    DWORD fPortType, Reserved;
} PORT_INFO_2W;

typedef struct _DOC_INFO_1W {
    LPWSTR pDocName, pOutputFile, pDatatype;
} DOC_INFO_1W;

typedef struct _DOC_INFO_2W {
    LPWSTR pDocName, pOutputFile, pDatatype;
    DWORD dwMode, JobId;
} DOC_INFO_2W;

typedef struct _BIDI_REQUEST_CONTAINER *PBIDI_REQUEST_CONTAINER;
typedef struct _BIDI_RESPONSE_CONTAINER *PBIDI_RESPONSE_CONTAINER;

typedef struct _MONITORREG {
    DWORD cbSize;
    LONG(WINAPI *fpCreateKey)(HANDLE, LPCWSTR, DWORD, REGSAM, void *, PHANDLE, PDWORD, HANDLE);
    LONG(WINAPI *fpOpenKey)(HANDLE, LPCWSTR, REGSAM, PHANDLE, HANDLE);
    LONG(WINAPI *fpCloseKey)(HANDLE, HANDLE);
    LONG(WINAPI *fpDeleteKey)(HANDLE, LPCWSTR, HANDLE);
    LONG(WINAPI *fpEnumKey)(HANDLE, DWORD, LPWSTR, PDWORD, void *, HANDLE);
    LONG(WINAPI *fpQueryInfoKey)
    (HANDLE, PDWORD, PDWORD, PDWORD, PDWORD, PDWORD, PDWORD, void *, HANDLE);
    LONG(WINAPI *fpSetValue)(HANDLE, LPCWSTR, DWORD, const BYTE *, DWORD, HANDLE);
    LONG(WINAPI *fpDeleteValue)(HANDLE, LPCWSTR, HANDLE);
    LONG(WINAPI *fpEnumValue)(HANDLE, DWORD, LPWSTR, PDWORD, PDWORD, PBYTE, PDWORD, HANDLE);
    LONG(WINAPI *fpQueryValue)(HANDLE, LPCWSTR, PDWORD, PBYTE, PDWORD, HANDLE);
} MONITORREG, *PMONITORREG;

typedef struct _MONITORINIT {
    DWORD cbSize;
    HANDLE hSpooler;
    STANDIN_HKEY hckRegistryRoot;
    PMONITORREG pMonitorReg;
    BOOL bLocal;
    LPCWSTR pszServerName;
} MONITORINIT, *PMONITORINIT;

typedef struct _MONITOR2 {
    DWORD cbSize;
    BOOL(WINAPI *pfnEnumPorts)(HANDLE, LPWSTR, DWORD, LPBYTE, DWORD, LPDWORD, LPDWORD);
    BOOL(WINAPI *pfnOpenPort)(HANDLE, LPWSTR, PHANDLE);
    BOOL(WINAPI *pfnOpenPortEx)(HANDLE, HANDLE, LPWSTR, LPWSTR, PHANDLE, struct _MONITOR2 *);
    BOOL(WINAPI *pfnStartDocPort)(HANDLE, LPWSTR, DWORD, DWORD, LPBYTE);
    BOOL(WINAPI *pfnWritePort)(HANDLE, LPBYTE, DWORD, LPDWORD);
#ifdef STANDIN_EXTRA_MEMBER
    void *pfnExtra;
#endif
    BOOL(WINAPI *pfnReadPort)(HANDLE, LPBYTE, DWORD, LPDWORD);
    BOOL(WINAPI *pfnEndDocPort)(HANDLE);
    BOOL(WINAPI *pfnClosePort)(HANDLE);
    BOOL(WINAPI *pfnAddPort)(HANDLE, LPWSTR, HWND, LPWSTR);
    BOOL(WINAPI *pfnAddPortEx)(HANDLE, LPWSTR, DWORD, LPBYTE, LPWSTR);
    BOOL(WINAPI *pfnConfigurePort)(HANDLE, LPWSTR, HWND, LPWSTR);
    BOOL(WINAPI *pfnDeletePort)(HANDLE, LPWSTR, HWND, LPWSTR);
    BOOL(WINAPI *pfnGetPrinterDataFromPort)
    (HANDLE, DWORD, LPWSTR, LPWSTR, DWORD, LPWSTR, DWORD, LPDWORD);
    BOOL(WINAPI *pfnSetPortTimeOuts)(HANDLE, LPCOMMTIMEOUTS, DWORD);
    BOOL(WINAPI *pfnXcvOpenPort)(HANDLE, LPCWSTR, ACCESS_MASK, PHANDLE);
    DWORD(WINAPI *pfnXcvDataPort)(HANDLE, LPCWSTR, PBYTE, DWORD, PBYTE, DWORD, PDWORD);
    BOOL(WINAPI *pfnXcvClosePort)(HANDLE);
    VOID(WINAPI *pfnShutdown)(HANDLE);
    DWORD(WINAPI *pfnSendRecvBidiDataFromPort)
    (HANDLE, DWORD, LPCWSTR, PBIDI_REQUEST_CONTAINER, PBIDI_RESPONSE_CONTAINER *);
    DWORD(WINAPI *pfnNotifyUsedPorts)(HANDLE, DWORD, PCWSTR *);
    DWORD(WINAPI *pfnNotifyUnusedPorts)(HANDLE, DWORD, PCWSTR *);
#if STANDIN_GENERATION >= 8
    DWORD(WINAPI *pfnPowerEvent)(HANDLE, DWORD, void *);
#endif
} MONITOR2, *PMONITOR2, *LPMONITOR2;
