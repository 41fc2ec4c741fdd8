/* SPDX-License-Identifier: MIT */
/*
 * The Windows print monitor interface, for every system: what a port monitor or language monitor
 * implements, what a spooler hands to it, and the calls it makes back.
 *
 * Three ways to include it:
 *
 *   off Windows        every type below is defined here, with Windows' sizes and offsets, so that a
 *                      monitor, a spooler and a trace agree byte for byte with their Windows twins.
 *   on Windows         the system's <windows.h>, <winspool.h> and <winsplp.h> are included and only
 *                      what they lack is added. Where the system's MONITOR2 ends before
 *                      pfnPowerEvent (mingw-w64), the full one takes its name.
 *   PLATEN_NO_TYPES    the includer has types of his own (Wine's, ReactOS's, WinPR's): nothing of
 *                      Windows is declared here, what is there is only measured (see the end).
 *
 * What holds everywhere:
 *
 *   text       WCHAR is 16 bits of UTF-16, little-endian in memory on all machines that matter; off
 *              Windows it is char16_t. In C, u"..." and TEXT("...") are WCHAR text on both sides;
 *              in C++ use TEXT. A string may hold lone surrogates: it is a row of 16-bit units.
 *   counts     cb... counts bytes, c... and cch... count things or characters. The exceptions, in
 *              MONITORREG, are marked where they stand.
 *   results    "FALSE with E" means: the function returns FALSE and GetLastError() on the same
 *              thread then answers E. XcvDataPort, SendRecvBidiDataFromPort, the Notify functions
 *              and all of MONITORREG return the code itself and do not use last-error.
 *   ownership  What a pointer argument leads to belongs to the caller and is gone after the return,
 *              unless it is said otherwise. A handle is opaque: NULL and odd values are legal.
 *   names      WINAPI is __stdcall on 32-bit x86. Do not name functions of your own OpenPort,
 *              WritePort, XcvDataPort ...: on Windows the system's headers declare those.
 *
 * The tags in the comments say where a statement comes from: [R38] is a rule of `platen explain`,
 * [2.7] a section of doc/contract.md, (D1) a place where the sources disagree, with the reading
 * taken. Every layout below is checked by the compiler wherever this file is included.
 */
#ifndef PLATEN_WINSPLP_H
#define PLATEN_WINSPLP_H

/* clang-format off */

#include <stddef.h>
#include <stdint.h>

/* ---------------------------------------------------------------------------------------------
 * Export
 *
 * PLATEN_EXPORT before a definition makes it visible in the module's export table. Off Windows the
 * prototypes of the entry points (InitializePrintMonitor2, DllMain ...) below carry it already: a
 * plain definition is exported, also with -fvisibility=hidden. On Windows a .def file must name
 * them, or the 32-bit name is decorated and no spooler finds it [R1]; platen_add_monitor() in CMake
 * writes that file.
 * ------------------------------------------------------------------------------------------ */
#ifndef PLATEN_EXPORT
#  if defined(_WIN32)
#    define PLATEN_EXPORT __declspec(dllexport)
#  elif defined(__GNUC__)
#    define PLATEN_EXPORT __attribute__((__visibility__("default")))
#  else
#    define PLATEN_EXPORT
#  endif
#endif

/* Which of the three ways this is; PLATEN_OWN_MONITOR2 says that MONITOR2 is defined below. */
#if defined(PLATEN_NO_TYPES)
#  define PLATEN_OWN_TYPES 0
#  define PLATEN_OWN_MONITOR2 0
#elif defined(_WIN32)
#  define PLATEN_OWN_TYPES 0
#else
#  define PLATEN_OWN_TYPES 1
#  define PLATEN_OWN_MONITOR2 1
#endif

#if PLATEN_OWN_TYPES
/* =============================================================================================
 * Off Windows: the types
 * ========================================================================================== */

#include <stdlib.h> /* malloc, calloc, free: the allocators of an unfilled import table */
#ifndef __cplusplus
#  include <uchar.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__i386__) && defined(__GNUC__)
#  define WINAPI __attribute__((__stdcall__))
#else
#  define WINAPI
#endif
#define CALLBACK WINAPI
#define APIENTRY WINAPI
#define CONST const

/* Widths are Windows' on every machine: LONG is never a 64-bit C long. */
#define VOID void
typedef int BOOL, *PBOOL, *LPBOOL;                /* 0 is FALSE, anything else TRUE */
typedef char CHAR, *PCHAR, *LPSTR, *PSTR;
typedef const char *LPCSTR, *PCSTR;
typedef uint8_t BYTE, *PBYTE, *LPBYTE, UCHAR, *PUCHAR, BOOLEAN, *PBOOLEAN;
typedef int16_t SHORT, *PSHORT;
typedef uint16_t WORD, *PWORD, *LPWORD, USHORT, *PUSHORT;
typedef int32_t INT, *PINT, *LPINT, LONG, *PLONG, *LPLONG;
typedef uint32_t UINT, *PUINT, DWORD, *PDWORD, *LPDWORD, ULONG, *PULONG;
typedef int64_t LONGLONG, LONG64;
typedef uint64_t ULONGLONG, ULONG64, DWORD64;
typedef float FLOAT, *PFLOAT;
typedef size_t SIZE_T;
typedef uintptr_t ULONG_PTR, UINT_PTR, DWORD_PTR;
typedef intptr_t LONG_PTR, INT_PTR;
typedef void *PVOID, *LPVOID;
typedef const void *LPCVOID;
typedef char16_t WCHAR, TCHAR, *PWCHAR, *PWSTR, *LPWSTR, *LPTSTR;
typedef const char16_t *PCWSTR, *LPCWSTR, *LPCTSTR;

/* Opaque values. A HKEY of MONITORINIT goes to MONITORREG only. */
typedef void *HANDLE, **PHANDLE, **LPHANDLE;
typedef HANDLE HKEY, *PHKEY, HWND, HINSTANCE, HMODULE, HLOCAL;
typedef PVOID PSECURITY_DESCRIPTOR;
typedef uint32_t ACCESS_MASK, *PACCESS_MASK, REGSAM;

#define TRUE 1
#define FALSE 0
#define MAXDWORD 0xFFFFFFFFu
#define MAX_PATH 260
#define INVALID_HANDLE_VALUE ((HANDLE)(intptr_t)-1)
#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))

#define PLATEN_TEXT_(text) u##text
#define TEXT(text) PLATEN_TEXT_(text)

/* Time in units of 100 ns since 1601-01-01 00:00 UTC, as two halves. */
typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

/* A calendar date and time, UTC in all printing structures; wDayOfWeek 0 is Sunday. */
typedef struct _SYSTEMTIME {
    WORD wYear;
    WORD wMonth;
    WORD wDayOfWeek;
    WORD wDay;
    WORD wHour;
    WORD wMinute;
    WORD wSecond;
    WORD wMilliseconds;
} SYSTEMTIME, *PSYSTEMTIME, *LPSYSTEMTIME;

typedef struct _SECURITY_ATTRIBUTES {
    DWORD nLength; /* bytes of this structure */
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

typedef struct _GUID {
    DWORD Data1;
    WORD Data2;
    WORD Data3;
    BYTE Data4[8];
} GUID;

/* What pfnPowerEvent may be given: which setting changed, and its new value. */
typedef struct {
    GUID PowerSetting;
    DWORD DataLength; /* bytes in Data */
    UCHAR Data[1];
} POWERBROADCAST_SETTING, *PPOWERBROADCAST_SETTING;

/* Printer settings; passed along, never looked into by a monitor. */
typedef struct _devicemodeW DEVMODEW, *PDEVMODEW, *LPDEVMODEW;

/* ---------------------------------------------------------------------------------------------
 * Error codes [1.13]
 *
 * Plain numbers of type int; on Windows the same values may have type long. <platen/errors.h> has
 * the words.
 * ------------------------------------------------------------------------------------------ */
#define ERROR_SUCCESS 0
#define NO_ERROR 0
#define ERROR_INVALID_FUNCTION 1
#define ERROR_FILE_NOT_FOUND 2
#define ERROR_PATH_NOT_FOUND 3
#define ERROR_TOO_MANY_OPEN_FILES 4
#define ERROR_ACCESS_DENIED 5
#define ERROR_INVALID_HANDLE 6
#define ERROR_NOT_ENOUGH_MEMORY 8
#define ERROR_INVALID_DATA 13
#define ERROR_OUTOFMEMORY 14
#define ERROR_WRITE_PROTECT 19
#define ERROR_NOT_READY 21
#define ERROR_CRC 23
#define ERROR_OUT_OF_PAPER 28
#define ERROR_WRITE_FAULT 29
#define ERROR_READ_FAULT 30
#define ERROR_GEN_FAILURE 31
#define ERROR_SHARING_VIOLATION 32
#define ERROR_HANDLE_EOF 38
#define ERROR_HANDLE_DISK_FULL 39
#define ERROR_NOT_SUPPORTED 50
#define ERROR_BAD_NETPATH 53
#define ERROR_NETWORK_BUSY 54
#define ERROR_DEV_NOT_EXIST 55
#define ERROR_UNEXP_NET_ERR 59
#define ERROR_PRINTQ_FULL 61
#define ERROR_PRINT_CANCELLED 63
#define ERROR_NETNAME_DELETED 64
#define ERROR_BAD_DEV_TYPE 66
#define ERROR_FILE_EXISTS 80
#define ERROR_INVALID_PARAMETER 87
#define ERROR_BROKEN_PIPE 109
#define ERROR_OPEN_FAILED 110
#define ERROR_DISK_FULL 112
#define ERROR_CALL_NOT_IMPLEMENTED 120
#define ERROR_SEM_TIMEOUT 121
#define ERROR_INSUFFICIENT_BUFFER 122
#define ERROR_INVALID_NAME 123
#define ERROR_INVALID_LEVEL 124
#define ERROR_MOD_NOT_FOUND 126
#define ERROR_PROC_NOT_FOUND 127
#define ERROR_BAD_ARGUMENTS 160
#define ERROR_BUSY 170
#define ERROR_ALREADY_EXISTS 183
#define ERROR_BAD_EXE_FORMAT 193
#define ERROR_FILENAME_EXCED_RANGE 206
#define ERROR_FILE_TOO_LARGE 223
#define ERROR_PIPE_BUSY 231
#define ERROR_NO_DATA 232
#define ERROR_MORE_DATA 234
#define WAIT_TIMEOUT 258
#define ERROR_NO_MORE_ITEMS 259
#define ERROR_DIRECTORY 267
#define ERROR_ARITHMETIC_OVERFLOW 534
#define ERROR_STOPPED_ON_SYMLINK 681
#define ERROR_OPERATION_ABORTED 995
#define ERROR_IO_INCOMPLETE 996
#define ERROR_IO_PENDING 997
#define ERROR_NOACCESS 998
#define ERROR_CAN_NOT_COMPLETE 1003
#define ERROR_BADDB 1009
#define ERROR_BADKEY 1010
#define ERROR_KEY_DELETED 1018
#define ERROR_KEY_HAS_CHILDREN 1020
#define ERROR_PROCESS_ABORTED 1067
#define ERROR_NO_UNICODE_TRANSLATION 1113
#define ERROR_DLL_INIT_FAILED 1114
#define ERROR_IO_DEVICE 1117
#define ERROR_TOO_MANY_LINKS 1142
#define ERROR_DEVICE_NOT_CONNECTED 1167
#define ERROR_NOT_FOUND 1168
#define ERROR_CANCELLED 1223
#define ERROR_CONNECTION_REFUSED 1225
#define ERROR_GRACEFUL_DISCONNECT 1226
#define ERROR_NETWORK_UNREACHABLE 1231
#define ERROR_HOST_UNREACHABLE 1232
#define ERROR_PORT_UNREACHABLE 1234
#define ERROR_CONNECTION_ABORTED 1236
#define ERROR_PRIVILEGE_NOT_HELD 1314
#define ERROR_DISK_CORRUPT 1393
#define ERROR_TIMEOUT 1460
#define ERROR_INVALID_HANDLE_STATE 1609
#define ERROR_UNKNOWN_PORT 1796
#define ERROR_INVALID_PRINTER_NAME 1801
#define ERROR_INVALID_PRINTER_COMMAND 1803
#define ERROR_INVALID_DATATYPE 1804
#define ERROR_INVALID_PRINTER_STATE 1906
#define ERROR_CANT_ACCESS_FILE 1920
#define ERROR_DEVICE_IN_USE 2404
#define ERROR_UNKNOWN_PRINT_MONITOR 3000
#define ERROR_SPL_NO_STARTDOC 3003
#define ERROR_SPL_NO_ADDJOB 3004
#define ERROR_PRINT_MONITOR_ALREADY_INSTALLED 3006
#define ERROR_INVALID_PRINT_MONITOR 3007
#define ERROR_PRINT_MONITOR_IN_USE 3008
#define ERROR_PRINTER_NOT_FOUND 3012
#define ERROR_DEVICE_NOT_AVAILABLE 4319

/* Answers of SendRecvBidiDataFromPort and of its single entries [6]. */
#define ERROR_BIDI_STATUS_OK 0
#define ERROR_BIDI_NOT_SUPPORTED ERROR_NOT_SUPPORTED       /* the call as a whole [R72] */
#define ERROR_BIDI_ERROR_BASE 13000
#define ERROR_BIDI_STATUS_WARNING 13001                    /* done, but some entries failed */
#define ERROR_BIDI_SCHEMA_READ_ONLY 13002
#define ERROR_BIDI_SERVER_OFFLINE 13003
#define ERROR_BIDI_DEVICE_OFFLINE 13004
#define ERROR_BIDI_SCHEMA_NOT_SUPPORTED 13005              /* this entry is not known */

/* ---------------------------------------------------------------------------------------------
 * Access rights
 * ------------------------------------------------------------------------------------------ */
#define DELETE 0x00010000u
#define READ_CONTROL 0x00020000u
#define WRITE_DAC 0x00040000u
#define WRITE_OWNER 0x00080000u
#define SYNCHRONIZE 0x00100000u
#define STANDARD_RIGHTS_REQUIRED 0x000F0000u
#define STANDARD_RIGHTS_READ READ_CONTROL
#define STANDARD_RIGHTS_WRITE READ_CONTROL
#define STANDARD_RIGHTS_EXECUTE READ_CONTROL
#define MAXIMUM_ALLOWED 0x02000000u
#define GENERIC_ALL 0x10000000u
#define GENERIC_EXECUTE 0x20000000u
#define GENERIC_WRITE 0x40000000u
#define GENERIC_READ 0x80000000u

/* An Xcv command that changes anything needs SERVER_ACCESS_ADMINISTER in GrantedAccess [R63]. */
#define SERVER_ACCESS_ADMINISTER 0x00000001u
#define SERVER_ACCESS_ENUMERATE 0x00000002u
#define PRINTER_ACCESS_ADMINISTER 0x00000004u
#define PRINTER_ACCESS_USE 0x00000008u
#define JOB_ACCESS_ADMINISTER 0x00000010u
#define JOB_ACCESS_READ 0x00000020u
#define SERVER_ALL_ACCESS \
    (STANDARD_RIGHTS_REQUIRED | SERVER_ACCESS_ADMINISTER | SERVER_ACCESS_ENUMERATE)
#define SERVER_READ (STANDARD_RIGHTS_READ | SERVER_ACCESS_ENUMERATE)
#define SERVER_WRITE \
    (STANDARD_RIGHTS_WRITE | SERVER_ACCESS_ADMINISTER | SERVER_ACCESS_ENUMERATE)
#define SERVER_EXECUTE (STANDARD_RIGHTS_EXECUTE | SERVER_ACCESS_ENUMERATE)
#define PRINTER_ALL_ACCESS \
    (STANDARD_RIGHTS_REQUIRED | PRINTER_ACCESS_ADMINISTER | PRINTER_ACCESS_USE)
#define PRINTER_READ (STANDARD_RIGHTS_READ | PRINTER_ACCESS_USE)
#define PRINTER_WRITE (STANDARD_RIGHTS_WRITE | PRINTER_ACCESS_USE)
#define PRINTER_EXECUTE (STANDARD_RIGHTS_EXECUTE | PRINTER_ACCESS_USE)
#define JOB_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | JOB_ACCESS_ADMINISTER | JOB_ACCESS_READ)
#define JOB_READ (STANDARD_RIGHTS_READ | JOB_ACCESS_READ)
#define JOB_WRITE (STANDARD_RIGHTS_WRITE | JOB_ACCESS_ADMINISTER)
#define JOB_EXECUTE (STANDARD_RIGHTS_EXECUTE | JOB_ACCESS_ADMINISTER)

/* ---------------------------------------------------------------------------------------------
 * Registry: what the ten callbacks of MONITORREG take and give [1.5]
 * ------------------------------------------------------------------------------------------ */
#define KEY_QUERY_VALUE 0x0001u
#define KEY_SET_VALUE 0x0002u
#define KEY_CREATE_SUB_KEY 0x0004u
#define KEY_ENUMERATE_SUB_KEYS 0x0008u
#define KEY_NOTIFY 0x0010u
#define KEY_CREATE_LINK 0x0020u
#define KEY_READ 0x00020019u
#define KEY_WRITE 0x00020006u
#define KEY_EXECUTE 0x00020019u
#define KEY_ALL_ACCESS 0x000F003Fu

#define REG_OPTION_NON_VOLATILE 0u
#define REG_OPTION_VOLATILE 1u

/* *pdwDisposition of fpCreateKey */
#define REG_CREATED_NEW_KEY 1u
#define REG_OPENED_EXISTING_KEY 2u

/* Types of values. Text read back need not end in a NUL: terminate it yourself [R9]. */
#define REG_NONE 0u
#define REG_SZ 1u
#define REG_EXPAND_SZ 2u
#define REG_BINARY 3u
#define REG_DWORD 4u
#define REG_DWORD_LITTLE_ENDIAN 4u
#define REG_DWORD_BIG_ENDIAN 5u
#define REG_LINK 6u
#define REG_MULTI_SZ 7u
#define REG_QWORD 11u

/* ---------------------------------------------------------------------------------------------
 * Ports [1.7]
 * ------------------------------------------------------------------------------------------ */

/* EnumPorts level 1, which every port monitor answers. */
typedef struct _PORT_INFO_1W {
    LPWSTR pName; /* "LPT1:", "FILE:", "IP_10.0.0.7"; never empty; unique without regard to case */
} PORT_INFO_1W, *PPORT_INFO_1W, *LPPORT_INFO_1W;

/* EnumPorts level 2. */
typedef struct _PORT_INFO_2W {
    LPWSTR pPortName;
    LPWSTR pMonitorName; /* for people: "Local Port"; may be translated */
    LPWSTR pDescription; /* for people: "Printer Port"; may be translated */
    DWORD fPortType;     /* PORT_TYPE_ bits; no Windows of the NT line reads them */
    DWORD Reserved;      /* 0 [R16] */
} PORT_INFO_2W, *PPORT_INFO_2W, *LPPORT_INFO_2W;

#define PORT_TYPE_WRITE 0x0001u
#define PORT_TYPE_READ 0x0002u
#define PORT_TYPE_REDIRECTED 0x0004u
#define PORT_TYPE_NET_ATTACHED 0x0008u

/* SetPort level 3: what stops, or slows, a port. Status 0 with severity 0 clears it. */
typedef struct _PORT_INFO_3W {
    DWORD dwStatus;    /* one PORT_STATUS_ code; looked at only if pszStatus is NULL (D24) */
    LPWSTR pszStatus;  /* text of the monitor's own, or NULL */
    DWORD dwSeverity;  /* one PORT_STATUS_TYPE_ code */
} PORT_INFO_3W, *PPORT_INFO_3W, *LPPORT_INFO_3W;

/* Codes, not bits: a port has one status at a time. */
#define PORT_STATUS_OFFLINE 1
#define PORT_STATUS_PAPER_JAM 2
#define PORT_STATUS_PAPER_OUT 3
#define PORT_STATUS_OUTPUT_BIN_FULL 4
#define PORT_STATUS_PAPER_PROBLEM 5
#define PORT_STATUS_NO_TONER 6
#define PORT_STATUS_DOOR_OPEN 7
#define PORT_STATUS_USER_INTERVENTION 8
#define PORT_STATUS_OUT_OF_MEMORY 9
#define PORT_STATUS_TONER_LOW 10
#define PORT_STATUS_WARMING_UP 11
#define PORT_STATUS_POWER_SAVE 12

#define PORT_STATUS_TYPE_ERROR 1   /* no job is sent to the port until it is cleared [R108] */
#define PORT_STATUS_TYPE_WARNING 2 /* informs */
#define PORT_STATUS_TYPE_INFO 3    /* informs */

/* ---------------------------------------------------------------------------------------------
 * Documents and jobs [1.8]
 * ------------------------------------------------------------------------------------------ */

/* StartDocPort level 1, the one that a spooler sends (D21). */
typedef struct _DOC_INFO_1W {
    LPWSTR pDocName;    /* the document's title */
    LPWSTR pOutputFile; /* target of a "FILE:" port; NULL or ignored elsewhere [R32] */
    LPWSTR pDatatype;   /* "RAW" ...; may be NULL */
} DOC_INFO_1W, *PDOC_INFO_1W, *LPDOC_INFO_1W;

/* StartDocPort level 2; its beginning is level 1. */
typedef struct _DOC_INFO_2W {
    LPWSTR pDocName;
    LPWSTR pOutputFile;
    LPWSTR pDatatype;
    DWORD dwMode; /* 0, DI_CHANNEL or DI_READ_SPOOL_JOB */
    DWORD JobId;
} DOC_INFO_2W, *PDOC_INFO_2W, *LPDOC_INFO_2W;

/* For StartDocPrinter; it never reaches a monitor. */
typedef struct _DOC_INFO_3W {
    LPWSTR pDocName;
    LPWSTR pOutputFile;
    LPWSTR pDatatype;
    DWORD dwFlags; /* DI_MEMORYMAP_WRITE */
} DOC_INFO_3W, *PDOC_INFO_3W, *LPDOC_INFO_3W;

#define DI_CHANNEL 1
#define DI_READ_SPOOL_JOB 3
#define DI_MEMORYMAP_WRITE 0x00000001u

/* GetJob level 1. Strings lie in the caller's buffer and may be NULL. */
typedef struct _JOB_INFO_1W {
    DWORD JobId;
    LPWSTR pPrinterName;
    LPWSTR pMachineName;
    LPWSTR pUserName;
    LPWSTR pDocument;
    LPWSTR pDatatype;
    LPWSTR pStatus; /* if not NULL, text that stands for Status */
    DWORD Status;   /* JOB_STATUS_ bits */
    DWORD Priority; /* 1 lowest ... 99 */
    DWORD Position; /* in the queue, from 1 */
    DWORD TotalPages;
    DWORD PagesPrinted;
    SYSTEMTIME Submitted;
} JOB_INFO_1W, *PJOB_INFO_1W, *LPJOB_INFO_1W;

/* GetJob level 2. */
typedef struct _JOB_INFO_2W {
    DWORD JobId;
    LPWSTR pPrinterName;
    LPWSTR pMachineName;
    LPWSTR pUserName;
    LPWSTR pDocument;
    LPWSTR pNotifyName;
    LPWSTR pDatatype;
    LPWSTR pPrintProcessor;
    LPWSTR pParameters;
    LPWSTR pDriverName;
    LPDEVMODEW pDevMode;
    LPWSTR pStatus;
    PSECURITY_DESCRIPTOR pSecurityDescriptor;
    DWORD Status;
    DWORD Priority;
    DWORD Position;
    DWORD StartTime; /* minutes after midnight UTC; 0 with UntilTime 0: at any time */
    DWORD UntilTime; /* minutes after midnight UTC */
    DWORD TotalPages;
    DWORD Size;      /* bytes */
    SYSTEMTIME Submitted;
    DWORD Time;      /* milliseconds since the job began to print */
    DWORD PagesPrinted;
} JOB_INFO_2W, *PJOB_INFO_2W, *LPJOB_INFO_2W;

/* SetJob and GetJob level 3: jobs in a chain. */
typedef struct _JOB_INFO_3 {
    DWORD JobId;
    DWORD NextJobId;
    DWORD Reserved;
} JOB_INFO_3, *PJOB_INFO_3, *LPJOB_INFO_3;

/* Command of SetJob: one of these, not a mask. */
#define JOB_CONTROL_PAUSE 1
#define JOB_CONTROL_RESUME 2
#define JOB_CONTROL_CANCEL 3
#define JOB_CONTROL_RESTART 4
#define JOB_CONTROL_DELETE 5
#define JOB_CONTROL_SENT_TO_PRINTER 6   /* a port monitor, when the device has it all [R52] */
#define JOB_CONTROL_LAST_PAGE_EJECTED 7 /* a language monitor, when the printer says so [R82] */
#define JOB_CONTROL_RETAIN 8
#define JOB_CONTROL_RELEASE 9

/* Status of a job: bits. A monitor that waits polls for DELETING and RESTART [R55]. */
#define JOB_STATUS_PAUSED 0x00000001u
#define JOB_STATUS_ERROR 0x00000002u
#define JOB_STATUS_DELETING 0x00000004u
#define JOB_STATUS_SPOOLING 0x00000008u
#define JOB_STATUS_PRINTING 0x00000010u
#define JOB_STATUS_OFFLINE 0x00000020u
#define JOB_STATUS_PAPEROUT 0x00000040u
#define JOB_STATUS_PRINTED 0x00000080u
#define JOB_STATUS_DELETED 0x00000100u
#define JOB_STATUS_BLOCKED_DEVQ 0x00000200u
#define JOB_STATUS_USER_INTERVENTION 0x00000400u
#define JOB_STATUS_RESTART 0x00000800u
#define JOB_STATUS_COMPLETE 0x00001000u

/* OpenPrinter's third argument; NULL asks for what everybody may do. */
typedef struct _PRINTER_DEFAULTSW {
    LPWSTR pDatatype;
    LPDEVMODEW pDevMode;
    ACCESS_MASK DesiredAccess;
} PRINTER_DEFAULTSW, *PPRINTER_DEFAULTSW, *LPPRINTER_DEFAULTSW;

/* AddMonitor and EnumMonitors [1.12]. */
typedef struct _MONITOR_INFO_2W {
    LPWSTR pName;        /* "Local Port" */
    LPWSTR pEnvironment; /* "Windows x64"; NULL: this machine's */
    LPWSTR pDLLName;     /* file name of the server DLL */
} MONITOR_INFO_2W, *PMONITOR_INFO_2W, *LPMONITOR_INFO_2W;

/* AddPrinterDriver and GetPrinterDriver. */
typedef struct _DRIVER_INFO_3W {
    DWORD cVersion;
    LPWSTR pName;
    LPWSTR pEnvironment;
    LPWSTR pDriverPath;
    LPWSTR pDataFile;
    LPWSTR pConfigFile;
    LPWSTR pHelpFile;
    LPWSTR pDependentFiles; /* strings one after the other, ended by an empty one */
    LPWSTR pMonitorName;    /* the language monitor; NULL: none */
    LPWSTR pDefaultDataType;
} DRIVER_INFO_3W, *PDRIVER_INFO_3W, *LPDRIVER_INFO_3W;

/* ---------------------------------------------------------------------------------------------
 * Bidirectional communication [1.9] [6]
 *
 * A request belongs to the caller. A response tree is made with RouterAllocBidiResponseContainer,
 * all text and blobs in it with RouterAllocBidiMem; once handed over through *ppResData the caller
 * frees it whole with RouterFreeBidiResponseContainer [R73].
 * ------------------------------------------------------------------------------------------ */

/* dwBidiType of BIDI_DATA, and the member of u that counts. */
typedef enum {
    BIDI_NULL = 0,   /* none */
    BIDI_INT = 1,    /* iData */
    BIDI_FLOAT = 2,  /* fData */
    BIDI_BOOL = 3,   /* bData */
    BIDI_STRING = 4, /* sData */
    BIDI_TEXT = 5,   /* sData, never translated */
    BIDI_ENUM = 6,   /* sData */
    BIDI_BLOB = 7    /* biData */
} BIDI_TYPE;

typedef struct _BINARY_CONTAINER {
    DWORD cbBuf;
    LPBYTE pData;
} BINARY_CONTAINER, *PBINARY_CONTAINER;

typedef struct _BIDI_DATA {
    DWORD dwBidiType;
    union {
        BOOL bData;
        LONG iData;
        LPWSTR sData;
        FLOAT fData;
        BINARY_CONTAINER biData;
    } u;
} BIDI_DATA, *PBIDI_DATA, *LPBIDI_DATA;

typedef struct _BIDI_REQUEST_DATA {
    DWORD dwReqNumber; /* the caller's number; each answer to this entry repeats it [R74] */
    LPWSTR pSchema;    /* "\Printer.Status.Summary:State"; may be NULL for EnumSchema */
    BIDI_DATA data;    /* the value of Set and GetWithArgument, else BIDI_NULL */
} BIDI_REQUEST_DATA, *PBIDI_REQUEST_DATA, *LPBIDI_REQUEST_DATA;

typedef struct _BIDI_REQUEST_CONTAINER {
    DWORD Version; /* 1 */
    DWORD Flags;   /* 0 */
    DWORD Count;   /* entries of aData; 0 is legal for EnumSchema only */
    BIDI_REQUEST_DATA aData[1];
} BIDI_REQUEST_CONTAINER, *PBIDI_REQUEST_CONTAINER, *LPBIDI_REQUEST_CONTAINER;

typedef struct _BIDI_RESPONSE_DATA {
    DWORD dwResult;    /* code of this entry */
    DWORD dwReqNumber;
    LPWSTR pSchema;    /* full name; NULL for EnumSchema, whose answer is text in data */
    BIDI_DATA data;
} BIDI_RESPONSE_DATA, *PBIDI_RESPONSE_DATA, *LPBIDI_RESPONSE_DATA;

typedef struct _BIDI_RESPONSE_CONTAINER {
    DWORD Version; /* 1: the monitor writes it */
    DWORD Flags;   /* 0: the monitor writes it */
    DWORD Count;   /* entries of aData */
    BIDI_RESPONSE_DATA aData[1];
} BIDI_RESPONSE_CONTAINER, *PBIDI_RESPONSE_CONTAINER, *LPBIDI_RESPONSE_CONTAINER;

/* pAction; compared without regard to case [R75]. */
#define BIDI_ACTION_ENUM_SCHEMA TEXT("EnumSchema")
#define BIDI_ACTION_GET TEXT("Get")
#define BIDI_ACTION_SET TEXT("Set")
#define BIDI_ACTION_GET_ALL TEXT("GetAll")
#define BIDI_ACTION_GET_WITH_ARGUMENT TEXT("GetWithArgument")

/* dwAccessBit, as the caller's BindDevice had it. */
#define BIDI_ACCESS_ADMINISTRATOR 0x1
#define BIDI_ACCESS_USER 0x2

/* ---------------------------------------------------------------------------------------------
 * Serial lines [1.10]
 * ------------------------------------------------------------------------------------------ */

/* All in milliseconds. */
typedef struct _COMMTIMEOUTS {
    DWORD ReadIntervalTimeout; /* between two bytes; MAXDWORD with the other two 0: do not wait */
    DWORD ReadTotalTimeoutMultiplier;  /* per byte asked for */
    DWORD ReadTotalTimeoutConstant;    /* per call */
    DWORD WriteTotalTimeoutMultiplier; /* per byte */
    DWORD WriteTotalTimeoutConstant;   /* per call; 0 with multiplier 0: wait for ever */
} COMMTIMEOUTS, *LPCOMMTIMEOUTS;

typedef struct _DCB {
    DWORD DCBlength; /* bytes of this structure */
    DWORD BaudRate;
    DWORD fBinary : 1;
    DWORD fParity : 1;
    DWORD fOutxCtsFlow : 1;
    DWORD fOutxDsrFlow : 1;
    DWORD fDtrControl : 2;
    DWORD fDsrSensitivity : 1;
    DWORD fTXContinueOnXoff : 1;
    DWORD fOutX : 1;
    DWORD fInX : 1;
    DWORD fErrorChar : 1;
    DWORD fNull : 1;
    DWORD fRtsControl : 2;
    DWORD fAbortOnError : 1;
    DWORD fDummy2 : 17;
    WORD wReserved;
    WORD XonLim;
    WORD XoffLim;
    BYTE ByteSize; /* data bits, 4 to 8 */
    BYTE Parity;   /* NOPARITY ... SPACEPARITY */
    BYTE StopBits; /* ONESTOPBIT ... TWOSTOPBITS */
    char XonChar;
    char XoffChar;
    char ErrorChar;
    char EofChar;
    char EvtChar;
    WORD wReserved1;
} DCB, *LPDCB;

#define NOPARITY 0
#define ODDPARITY 1
#define EVENPARITY 2
#define MARKPARITY 3
#define SPACEPARITY 4
#define ONESTOPBIT 0
#define ONE5STOPBITS 1
#define TWOSTOPBITS 2
#define DTR_CONTROL_DISABLE 0
#define DTR_CONTROL_ENABLE 1
#define DTR_CONTROL_HANDSHAKE 2
#define RTS_CONTROL_DISABLE 0
#define RTS_CONTROL_ENABLE 1
#define RTS_CONTROL_HANDSHAKE 2
#define RTS_CONTROL_TOGGLE 3

/* Settings of a COM port as Xcv carries them; longer than this if a driver added its own. */
typedef struct _COMMCONFIG {
    DWORD dwSize;    /* bytes of the whole */
    WORD wVersion;   /* 1 */
    WORD wReserved;
    DCB dcb;
    DWORD dwProviderSubType; /* PST_RS232 */
    DWORD dwProviderOffset;  /* of the driver's own data, from the start; 0: none */
    DWORD dwProviderSize;    /* bytes of the driver's own data */
    WCHAR wcProviderData[1];
} COMMCONFIG, *LPCOMMCONFIG;

#define PST_UNSPECIFIED 0u
#define PST_RS232 1u

/* Names without a suffix are the wide ones, as in a Windows program built with UNICODE. */
typedef PORT_INFO_1W PORT_INFO_1, *PPORT_INFO_1, *LPPORT_INFO_1;
typedef PORT_INFO_2W PORT_INFO_2, *PPORT_INFO_2, *LPPORT_INFO_2;
typedef PORT_INFO_3W PORT_INFO_3, *PPORT_INFO_3, *LPPORT_INFO_3;
typedef DOC_INFO_1W DOC_INFO_1, *PDOC_INFO_1, *LPDOC_INFO_1;
typedef DOC_INFO_2W DOC_INFO_2, *PDOC_INFO_2, *LPDOC_INFO_2;
typedef DOC_INFO_3W DOC_INFO_3, *PDOC_INFO_3, *LPDOC_INFO_3;
typedef JOB_INFO_1W JOB_INFO_1, *PJOB_INFO_1, *LPJOB_INFO_1;
typedef JOB_INFO_2W JOB_INFO_2, *PJOB_INFO_2, *LPJOB_INFO_2;
typedef PRINTER_DEFAULTSW PRINTER_DEFAULTS, *PPRINTER_DEFAULTS, *LPPRINTER_DEFAULTS;
typedef MONITOR_INFO_2W MONITOR_INFO_2, *PMONITOR_INFO_2, *LPMONITOR_INFO_2;
typedef DRIVER_INFO_3W DRIVER_INFO_3, *PDRIVER_INFO_3, *LPDRIVER_INFO_3;
typedef DEVMODEW DEVMODE, *PDEVMODE, *LPDEVMODE;

/* ---------------------------------------------------------------------------------------------
 * The spooler's half: MONITORREG and MONITORINIT
 * ------------------------------------------------------------------------------------------ */

/*
 * The registry as a monitor sees it [1.5]. All its settings go through these [R5], so that a
 * cluster can keep one tree for each spooler. They work as the ClusterReg functions of the same
 * names, with hSpooler of MONITORINIT as last argument; any thread may call them.
 *
 * All return a Win32 code, 0 for success: 259 ends an enumeration, 234 says that a buffer is too
 * short and gives the needed size, 2 that a key or value does not exist. Some spoolers answer 120
 * to everything (Wine, ReactOS). Output pointers may be NULL where the comment says so.
 */
typedef struct _MONITORREG {
    DWORD cbSize; /* 88 (64 bits) or 44 (32 bits) */

    /* Opens or creates; a path may have several parts. pSecurityAttributes and pdwDisposition may
       be NULL. The key goes back through fpCloseKey, exactly once [R6]. */
    LONG (WINAPI *fpCreateKey)(HANDLE hcKey, LPCWSTR pszSubKey, DWORD dwOptions, REGSAM samDesired,
                               PSECURITY_ATTRIBUTES pSecurityAttributes, PHANDLE phckResult,
                               PDWORD pdwDisposition, HANDLE hSpooler);

    /* Opens what exists; 2 if it does not. */
    LONG (WINAPI *fpOpenKey)(HANDLE hcKey, LPCWSTR pszSubKey, REGSAM samDesired, PHANDLE phkResult,
                             HANDLE hSpooler);

    /* For keys of the two functions above; never for hckRegistryRoot. */
    LONG (WINAPI *fpCloseKey)(HANDLE hcKey, HANDLE hSpooler);

    /* Deletes a key with its values; keys below it must be gone. */
    LONG (WINAPI *fpDeleteKey)(HANDLE hcKey, LPCWSTR pszSubKey, HANDLE hSpooler);

    /* Name of subkey dwIndex. *pcchName is in characters: in, room with the NUL; out, length
       without it. pftLastWriteTime may be NULL. */
    LONG (WINAPI *fpEnumKey)(HANDLE hcKey, DWORD dwIndex, LPWSTR pszName, PDWORD pcchName,
                             PFILETIME pftLastWriteTime, HANDLE hSpooler);

    /* Each pointer may be NULL. *pcbKey and *pcbValue are, whatever they are called, the longest
       names in characters without the NUL (D16); *pcbData is in bytes. */
    LONG (WINAPI *fpQueryInfoKey)(HANDLE hcKey, PDWORD pcSubKeys, PDWORD pcbKey, PDWORD pcValues,
                                  PDWORD pcbValue, PDWORD pcbData, PDWORD pcbSecurityDescriptor,
                                  PFILETIME pftLastWriteTime, HANDLE hSpooler);

    /* cbData counts the NUL of text. */
    LONG (WINAPI *fpSetValue)(HANDLE hcKey, LPCWSTR pszValue, DWORD dwType, const BYTE *pData,
                              DWORD cbData, HANDLE hSpooler);

    LONG (WINAPI *fpDeleteValue)(HANDLE hcKey, LPCWSTR pszValue, HANDLE hSpooler);

    /* Value dwIndex. *pcbValue counts characters: in, room with the NUL; out, length without it
       (D16). pType, and pData with pcbData, may be NULL. */
    LONG (WINAPI *fpEnumValue)(HANDLE hcKey, DWORD dwIndex, LPWSTR pszValue, PDWORD pcbValue,
                               PDWORD pType, PBYTE pData, PDWORD pcbData, HANDLE hSpooler);

    /* *pcbData is in bytes: in, room; out, size. A NULL pData asks for the size. */
    LONG (WINAPI *fpQueryValue)(HANDLE hcKey, LPCWSTR pszValue, PDWORD pType, PBYTE pData,
                                PDWORD pcbData, HANDLE hSpooler);
} MONITORREG, *PMONITORREG;

/*
 * What InitializePrintMonitor2 is given [1.4]. Copy it: spoolers exist whose structure, and whose
 * pszServerName, are gone after the call; hSpooler, the root key and the table stay [R8].
 */
typedef struct _MONITORINIT {
    DWORD cbSize;            /* 48 or 24 */
    HANDLE hSpooler;         /* names this spooler, node or cluster; last argument of MONITORREG */
    HANDLE hckRegistryRoot;  /* the monitor's own key; for MONITORREG only; never closed */
    PMONITORREG pMonitorReg;
    BOOL bLocal;             /* TRUE: the node's spooler; FALSE: a cluster's */
    LPCWSTR pszServerName;   /* may be NULL */
} MONITORINIT, *PMONITORINIT;

/* The UI DLL's table, answered by InitializePrintMonitorUI [1.6]. It runs in the client's process;
   FALSE with 1223 means that the user cancelled, or that there is nothing to show. */
typedef struct _MONITORUI {
    DWORD dwMonitorUISize; /* 32 or 16 */
    /* Adds a port; *ppszPortNameOut (may be NULL) receives its name, allocated with GlobalAlloc. */
    BOOL (WINAPI *pfnAddPortUI)(PCWSTR pszServer, HWND hWnd, PCWSTR pszMonitorNameIn,
                                PWSTR *ppszPortNameOut);
    BOOL (WINAPI *pfnConfigurePortUI)(PCWSTR pszServer, HWND hWnd, PCWSTR pszPortName);
    BOOL (WINAPI *pfnDeletePortUI)(PCWSTR pszServer, HWND hWnd, PCWSTR pszPortName);
} MONITORUI, *PMONITORUI;

/*
 * The table of monitors before Windows 2000's clusters [1.2]: MONITOR2 without instances. The
 * members mean what they mean in MONITOR2; those that take hMonitor there lack it here.
 */
typedef struct _MONITOR {
    BOOL (WINAPI *pfnEnumPorts)(LPWSTR pName, DWORD Level, LPBYTE pPorts, DWORD cbBuf,
                                LPDWORD pcbNeeded, LPDWORD pcReturned);
    BOOL (WINAPI *pfnOpenPort)(LPWSTR pName, PHANDLE pHandle);
    BOOL (WINAPI *pfnOpenPortEx)(LPWSTR pPortName, LPWSTR pPrinterName, PHANDLE pHandle,
                                 struct _MONITOR *pMonitor);
    BOOL (WINAPI *pfnStartDocPort)(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                   LPBYTE pDocInfo);
    BOOL (WINAPI *pfnWritePort)(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten);
    BOOL (WINAPI *pfnReadPort)(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead);
    BOOL (WINAPI *pfnEndDocPort)(HANDLE hPort);
    BOOL (WINAPI *pfnClosePort)(HANDLE hPort);
    BOOL (WINAPI *pfnAddPort)(LPWSTR pName, HWND hWnd, LPWSTR pMonitorName);
    BOOL (WINAPI *pfnAddPortEx)(LPWSTR pName, DWORD Level, LPBYTE lpBuffer, LPWSTR lpMonitorName);
    BOOL (WINAPI *pfnConfigurePort)(LPWSTR pName, HWND hWnd, LPWSTR pPortName);
    BOOL (WINAPI *pfnDeletePort)(LPWSTR pName, HWND hWnd, LPWSTR pPortName);
    BOOL (WINAPI *pfnGetPrinterDataFromPort)(HANDLE hPort, DWORD ControlID, LPWSTR pValueName,
                                             LPWSTR lpInBuffer, DWORD cbInBuffer,
                                             LPWSTR lpOutBuffer, DWORD cbOutBuffer,
                                             LPDWORD lpcbReturned);
    BOOL (WINAPI *pfnSetPortTimeOuts)(HANDLE hPort, LPCOMMTIMEOUTS lpCTO, DWORD reserved);
    BOOL (WINAPI *pfnXcvOpenPort)(LPCWSTR pszObject, ACCESS_MASK GrantedAccess, PHANDLE phXcv);
    DWORD (WINAPI *pfnXcvDataPort)(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                   DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                   PDWORD pcbOutputNeeded);
    BOOL (WINAPI *pfnXcvClosePort)(HANDLE hXcv);
} MONITOR, *LPMONITOR;

typedef struct _MONITOREX {
    DWORD dwMonitorSize; /* bytes of Monitor, not of MONITOREX: 136 or 68 */
    MONITOR Monitor;
} MONITOREX, *LPMONITOREX;

#ifdef __cplusplus
} /* extern "C" */
#endif

#elif defined(_WIN32) && !defined(PLATEN_NO_TYPES)
/* =============================================================================================
 * On Windows: the system's headers
 * ========================================================================================== */

#ifndef UNICODE
#  define UNICODE
#endif
#ifndef _UNICODE
#  define _UNICODE
#endif
#include <windows.h>
#include <winspool.h>

/*
 * The Windows SDK has pfnPowerEvent since Windows 8; mingw-w64 has not. While the system's header
 * is read its MONITOR2, and the one prototype that speaks of it, go by other names. If it was read
 * before, its names are taken already and ours hide them behind macros.
 */
#if !defined(__MINGW32__) && defined(NTDDI_VERSION) && NTDDI_VERSION >= 0x06020000
#  include <winsplp.h>
#  define PLATEN_OWN_MONITOR2 0
#else
#  define PLATEN_OWN_MONITOR2 1
#  if defined(ROUTER_STOP_ROUTING)
#    define _MONITOR2 _PLATEN_MONITOR2
#    define MONITOR2 PLATEN_MONITOR2
#    define PMONITOR2 PPLATEN_MONITOR2
#    define LPMONITOR2 LPPLATEN_MONITOR2
#    define InitializePrintMonitor2 PlatenInitializePrintMonitor2
#    if defined(__GNUC__) && defined(__i386__)
#      define PLATEN_INIT2_SYMBOL __asm__("_InitializePrintMonitor2@8")
#    elif defined(__GNUC__)
#      define PLATEN_INIT2_SYMBOL __asm__("InitializePrintMonitor2")
#    else
#      error "include <platen/winsplp.h> before <winsplp.h>, or set NTDDI_VERSION to Windows 8"
#    endif
#  else
#    define _MONITOR2 _PLATEN_SYSTEM_MONITOR2
#    define MONITOR2 PLATEN_SYSTEM_MONITOR2
#    define PMONITOR2 PPLATEN_SYSTEM_MONITOR2
#    define LPMONITOR2 LPPLATEN_SYSTEM_MONITOR2
#    define InitializePrintMonitor2 PlatenSystemInitializePrintMonitor2
#    include <winsplp.h>
#    undef _MONITOR2
#    undef MONITOR2
#    undef PMONITOR2
#    undef LPMONITOR2
#    undef InitializePrintMonitor2
#  endif
#endif

#endif /* types */

#ifndef PLATEN_INIT2_SYMBOL
#  define PLATEN_INIT2_SYMBOL
#endif

/* ---------------------------------------------------------------------------------------------
 * What some headers lack: newer constants, and control codes that live in driver headers. If you
 * need the driver headers themselves (<ntddpar.h>, <usbprint.h>, <ntddser.h>), include them first.
 * ------------------------------------------------------------------------------------------ */
#if defined(_WIN32) && !defined(BIDI_ACTION_GET_WITH_ARGUMENT)
#  define BIDI_ACTION_GET_WITH_ARGUMENT L"GetWithArgument"
#endif
#ifndef JOB_CONTROL_RETAIN
#  define JOB_CONTROL_RETAIN 8
#endif
#ifndef JOB_CONTROL_RELEASE
#  define JOB_CONTROL_RELEASE 9
#endif
#ifndef JOB_STATUS_RETAINED
#  define JOB_STATUS_RETAINED 0x00002000u
#endif
#ifndef JOB_STATUS_RENDERING_LOCALLY
#  define JOB_STATUS_RENDERING_LOCALLY 0x00004000u
#endif
#ifndef ERROR_STOPPED_ON_SYMLINK
#  define ERROR_STOPPED_ON_SYMLINK 681
#endif
#ifndef ERROR_PRINTER_NOT_FOUND
#  define ERROR_PRINTER_NOT_FOUND 3012
#endif
#ifndef DLL_PROCESS_ATTACH
#  define DLL_PROCESS_DETACH 0
#  define DLL_PROCESS_ATTACH 1
#  define DLL_THREAD_ATTACH 2
#  define DLL_THREAD_DETACH 3
#endif

/* ControlID of GetPrinterDataFromPort [5], and the bits of a printer's status. */
#include <platen/ioctl.h>

#ifdef __cplusplus
extern "C" {
#endif

#if PLATEN_OWN_MONITOR2
/* =============================================================================================
 * MONITOR2: the table of a monitor [1.1]
 * ========================================================================================== */

/*
 * Every member is filled: what a monitor does not provide is NULL [R3]. cbSize says how far the
 * table reaches; nobody looks beyond it. The table stays where it is and as it is until Shutdown.
 *
 * A port monitor needs EnumPorts, OpenPort, StartDocPort, WritePort, ReadPort, EndDocPort,
 * ClosePort and the three Xcv functions; a language monitor OpenPortEx, StartDocPort, WritePort,
 * ReadPort, EndDocPort and ClosePort. The rest is optional; Shutdown is needed on clusters.
 *
 * Threads [2.0]: the calls of one job come one after the other. EnumPorts, the Xcv functions and
 * everything on other ports come at any time from other threads; ReadPort also comes on the same
 * handle while another function runs [R49]. Hold no lock during I/O. Every call ends in bounded
 * time [R40]; none shows a window [R10]. A call may run as the client: RevertToPrinterSelf helps.
 */
typedef struct _MONITOR2 {
    DWORD cbSize; /* sizeof(MONITOR2): 184 or 92; older generations see PLATEN_MONITOR2_... below */

    /* Lists all ports [2.3]. Level 1 (PORT_INFO_1) or 2 (PORT_INFO_2), others FALSE with 124; pName
       is ignored. pPorts receives the array and, packed against its end, the strings [R15].
       *pcbNeeded is always set, *pcReturned is the number of entries. Too small: FALSE with 122,
       nothing written. pPorts may be NULL if cbBuf is 0. Any thread, at any time. */
    BOOL (WINAPI *pfnEnumPorts)(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned);

    /* Opens a port by a name that EnumPorts gave, in any case [2.4]. The handle serves any number
       of jobs until ClosePort. Unknown: FALSE with 1796. */
    BOOL (WINAPI *pfnOpenPort)(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle);

    /* Language monitors, in place of OpenPort [2.5]. hMonitorPort is the port monitor's instance
       and pMonitor2 its table: copy at most its cbSize bytes [R79]. A function that is needed and
       NULL: FALSE with 3007 [R78]. */
    BOOL (WINAPI *pfnOpenPortEx)(HANDLE hMonitor, HANDLE hMonitorPort, LPWSTR pPortName,
                                 LPWSTR pPrinterName, PHANDLE pHandle,
                                 struct _MONITOR2 *pMonitor2);

    /* Begins a job [2.6]. pPrinterName opens with OpenPrinter, JobId then goes to SetJob and
       GetJob. Level 1 or 2 says what pDocInfo is, others FALSE with 124. Copy everything [R35].
       After FALSE nothing is held and no EndDocPort follows [R33]. */
    BOOL (WINAPI *pfnStartDocPort)(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                   LPBYTE pDocInfo);

    /* Takes bytes [2.7]; pBuffer is read only. *pcbWritten is set on every return and counts the
       caller's bytes [R38]; the caller sends the rest again. TRUE with 0 is no error. FALSE always
       comes with a reason [R41]: 1460 if the device did not take any in time. */
    BOOL (WINAPI *pfnWritePort)(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten);

    /* Fetches bytes from the device [2.8]; for language monitors. Nothing there: TRUE with 0. No
       back channel: FALSE with 6. Any thread, also while WritePort runs [R49]. */
    BOOL (WINAPI *pfnReadPort)(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead);

    /* Ends the job [2.9], also one that was cancelled or failed: flush, tell
       JOB_CONTROL_SENT_TO_PRINTER (a language monitor: LAST_PAGE_EJECTED), release what
       StartDocPort took. Without a job TRUE and no effect [R51]. */
    BOOL (WINAPI *pfnEndDocPort)(HANDLE hPort);

    /* The handle is dead afterwards [2.10]. A job that is still open ends with it [R29]. */
    BOOL (WINAPI *pfnClosePort)(HANDLE hPort);

    /* Obsolete, each NULL in a new monitor (D3) [2.18]: the UI DLL and Xcv do their work. */
    BOOL (WINAPI *pfnAddPort)(HANDLE hMonitor, LPWSTR pName, HWND hWnd, LPWSTR pMonitorName);
    BOOL (WINAPI *pfnAddPortEx)(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE lpBuffer,
                                LPWSTR lpMonitorName);
    BOOL (WINAPI *pfnConfigurePort)(HANDLE hMonitor, LPWSTR pName, HWND hWnd, LPWSTR pPortName);
    BOOL (WINAPI *pfnDeletePort)(HANDLE hMonitor, LPWSTR pName, HWND hWnd, LPWSTR pPortName);

    /* ControlID 0: the value pValueName, from a language monitor. Otherwise a control code (IOCTL_
       above) for the device [5]. The buffers hold bytes, whatever their type says, and the counts
       are bytes. Not known: FALSE with 87. Too small: FALSE with 122. */
    BOOL (WINAPI *pfnGetPrinterDataFromPort)(HANDLE hPort, DWORD ControlID, LPWSTR pValueName,
                                             LPWSTR lpInBuffer, DWORD cbInBuffer,
                                             LPWSTR lpOutBuffer, DWORD cbOutBuffer,
                                             LPDWORD lpcbReturned);

    /* From language monitors [2.16]. reserved is 0. No time-outs here, or a bad argument: FALSE
       with 87. */
    BOOL (WINAPI *pfnSetPortTimeOuts)(HANDLE hPort, LPCOMMTIMEOUTS lpCTO, DWORD reserved);

    /* Opens a channel for configuration [2.11]. pszObject is the monitor's or a port's name, or "",
       and may be NULL. GrantedAccess is kept, not judged [R60]. Any thread. */
    BOOL (WINAPI *pfnXcvOpenPort)(HANDLE hMonitor, LPCWSTR pszObject, ACCESS_MASK GrantedAccess,
                                  PHANDLE phXcv);

    /* One command [2.12]: "AddPort", "DeletePort", "MonitorUI" or the monitor's own; case counts.
       Returns the code: 87 unknown, 5 not allowed, 122 with *pcbOutputNeeded if the output is
       larger. The input may come from an attacker: trust no length and no terminator [R67]. */
    DWORD (WINAPI *pfnXcvDataPort)(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                   DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                   PDWORD pcbOutputNeeded);

    /* [2.13] */
    BOOL (WINAPI *pfnXcvClosePort)(HANDLE hXcv);

    /* Ends the instance: the last call, made once, after all handles are closed [2.17] [R77]. */
    VOID (WINAPI *pfnShutdown)(HANDLE hMonitor);

    /* Windows XP and later [6]. Returns the code; *ppResData is NULL or a whole tree [R72]. */
    DWORD (WINAPI *pfnSendRecvBidiDataFromPort)(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                                PBIDI_REQUEST_CONTAINER pReqData,
                                                PBIDI_RESPONSE_CONTAINER *ppResData);

    /* Windows 7 and later [2.19]: these ports are (no longer) used by a queue. The names are
       borrowed. Returns a code that changes nothing. */
    DWORD (WINAPI *pfnNotifyUsedPorts)(HANDLE hMonitor, DWORD cPorts, PCWSTR *ppszPorts);
    DWORD (WINAPI *pfnNotifyUnusedPorts)(HANDLE hMonitor, DWORD cPorts, PCWSTR *ppszPorts);

    /* Windows 8 and later [2.19]: event is the wParam of WM_POWERBROADCAST; pSettings may be
       NULL. */
    DWORD (WINAPI *pfnPowerEvent)(HANDLE hMonitor, DWORD event, POWERBROADCAST_SETTING *pSettings);
} MONITOR2, *PMONITOR2, *LPMONITOR2;

/*
 * The monitor's entry point [2.2], exported undecorated [R1]. Called on loading, once for each
 * spooler in the process: every call makes an independent instance, whose value *phMonitor comes
 * back as hMonitor [R7]. Returns the table, or NULL with last-error set and nothing left behind
 * [R4]. Copy what you need of pMonitorInit [R8].
 */
#if defined(_WIN32)
LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit,
                                          PHANDLE phMonitor) PLATEN_INIT2_SYMBOL;
#else
PLATEN_EXPORT LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit,
                                                        PHANDLE phMonitor);
#endif
#endif /* PLATEN_OWN_MONITOR2 */

#if PLATEN_OWN_TYPES
/* The entry point of a monitor without instances. pRegistryRoot is a path below
   HKEY_LOCAL_MACHINE; NULL or empty: NULL with 87. */
PLATEN_EXPORT LPMONITOREX WINAPI InitializePrintMonitor(LPWSTR pRegistryRoot);

/* The entry point of a UI DLL. */
PLATEN_EXPORT PMONITORUI WINAPI InitializePrintMonitorUI(VOID);

/* Called after loading and before unloading, if the module exports it [2.1]; other events do not
   occur off Windows. FALSE on DLL_PROCESS_ATTACH refuses. Touch no device and no registry here.
   On Windows it is not declared: <process.h> has a declaration of its own. */
PLATEN_EXPORT BOOL WINAPI DllMain(HINSTANCE hInstance, DWORD fdwReason, LPVOID lpvReserved);
#endif

#ifndef PLATEN_NO_TYPES
/* cbSize by generation: how far a table of that age reaches. MONITOR2_SIZE_WIN2K of the system's
   header is 148 on 64 bits and cuts pfnShutdown in half (D15): use these. */
#define PLATEN_MONITOR2_WIN2K offsetof(MONITOR2, pfnSendRecvBidiDataFromPort)
#define PLATEN_MONITOR2_WINXP offsetof(MONITOR2, pfnNotifyUsedPorts)
#define PLATEN_MONITOR2_WIN7 offsetof(MONITOR2, pfnPowerEvent)
#define PLATEN_MONITOR2_WIN8 sizeof(MONITOR2)
#endif

/* =============================================================================================
 * The import table
 *
 * On Windows a monitor finds SetLastError, OpenPrinterW and the others in the system's libraries.
 * Elsewhere there are none, and a module that is to be loaded by anybody has no link line. So every
 * module carries one table, `platen_imports`. Its loader calls
 *
 *     PLATEN_IMPORTS *table = dlsym(module, "platen_imports");
 *
 * after dlopen and before anything else, makes sure (dladdr) that the answer lies in that module
 * and not in a library it depends on, and copies its own functions over all members but cbSize, as
 * many bytes as min(cbSize of the module, sizeof(PLATEN_IMPORTS) of the loader). The functions
 * below then lead there. A member that stays NULL has the behaviour that its function describes.
 *
 * A module is one shared object, or one program; all C and C++ files of it share one table and see
 * nobody else's, whatever the program exports and however the module was loaded. The table is
 * written before the module's code runs and only read afterwards.
 * ========================================================================================== */
struct _BIDI_RESPONSE_CONTAINER;

typedef struct PLATEN_IMPORTS {
    DWORD cbSize; /* sizeof(PLATEN_IMPORTS) as the module knows it; new members come at the end */
    DWORD (WINAPI *GetLastError)(void);
    VOID (WINAPI *SetLastError)(DWORD dwError);
    BOOL (WINAPI *OpenPrinterW)(LPWSTR pPrinterName, PHANDLE phPrinter,
                                LPVOID pDefault /* LPPRINTER_DEFAULTSW */);
    BOOL (WINAPI *ClosePrinter)(HANDLE hPrinter);
    BOOL (WINAPI *SetJobW)(HANDLE hPrinter, DWORD JobId, DWORD Level, LPBYTE pJob, DWORD Command);
    BOOL (WINAPI *GetJobW)(HANDLE hPrinter, DWORD JobId, DWORD Level, LPBYTE pJob, DWORD cbBuf,
                           LPDWORD pcbNeeded);
    BOOL (WINAPI *SetPortW)(LPWSTR pName, LPWSTR pPortName, DWORD dwLevel, LPBYTE pPortInfo);
    BOOL (WINAPI *EnumPortsW)(LPWSTR pName, DWORD Level, LPBYTE pPorts, DWORD cbBuf,
                              LPDWORD pcbNeeded, LPDWORD pcReturned);
    BOOL (WINAPI *ImpersonatePrinterClient)(HANDLE hToken);
    HANDLE (WINAPI *RevertToPrinterSelf)(VOID);
    struct _BIDI_RESPONSE_CONTAINER *(WINAPI *RouterAllocBidiResponseContainer)(DWORD Count);
    LPVOID (WINAPI *RouterAllocBidiMem)(size_t NumBytes);
    DWORD (WINAPI *RouterFreeBidiResponseContainer)(struct _BIDI_RESPONSE_CONTAINER *pData);
    VOID (WINAPI *RouterFreeBidiMem)(LPVOID pMemPointer);
} PLATEN_IMPORTS;

#if PLATEN_OWN_TYPES

/*
 * How the table is one per module. The object is weak and hidden: the linker keeps one for all
 * files of the module, and the code reaches it without asking the dynamic linker, so that no other
 * module's table can take its place. The name that dlsym finds is an alias which no code here
 * refers to; a program that fills its own table writes to platen_module_imports.
 * Protected visibility would say this in one word, but for data it is not kept by all linkers once
 * the program exports the same name.
 */
extern __attribute__((__weak__, __visibility__("hidden"))) PLATEN_IMPORTS platen_module_imports;
extern __attribute__((__weak__, __visibility__("hidden"))) __thread DWORD platen_module_error;

/* All members, so that C++ takes it too: cbSize, and 14 functions. */
PLATEN_IMPORTS platen_module_imports = {sizeof(PLATEN_IMPORTS), NULL, NULL, NULL, NULL,
                                        NULL, NULL, NULL, NULL, NULL,
                                        NULL, NULL, NULL, NULL, NULL};
__thread DWORD platen_module_error = 0;

extern __attribute__((__weak__, __visibility__("default"), __alias__("platen_module_imports")))
PLATEN_IMPORTS platen_imports;

/* The calling thread's last error. Without an import, a variable of the module's own. */
static inline DWORD WINAPI GetLastError(void)
{
    if (platen_module_imports.GetLastError)
        return platen_module_imports.GetLastError();
    return platen_module_error;
}

static inline VOID WINAPI SetLastError(DWORD dwError)
{
    if (platen_module_imports.SetLastError)
        platen_module_imports.SetLastError(dwError);
    else
        platen_module_error = dwError;
}

static inline BOOL platen_not_imported(void)
{
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
    return FALSE;
}

/* Opens a queue, for SetJob and GetJob. A monitor passes StartDocPort's pPrinterName, and NULL for
   pDefault. May be called from any function and any thread [R106]. Without an import 120. */
static inline BOOL WINAPI OpenPrinterW(LPWSTR pPrinterName, PHANDLE phPrinter,
                                       LPPRINTER_DEFAULTSW pDefault)
{
    if (platen_module_imports.OpenPrinterW)
        return platen_module_imports.OpenPrinterW(pPrinterName, phPrinter, pDefault);
    return platen_not_imported();
}

static inline BOOL WINAPI ClosePrinter(HANDLE hPrinter)
{
    if (platen_module_imports.ClosePrinter)
        return platen_module_imports.ClosePrinter(hPrinter);
    return platen_not_imported();
}

/* Monitors send a command: Level 0, pJob NULL, one JOB_CONTROL_ code. Without an import 120. */
static inline BOOL WINAPI SetJobW(HANDLE hPrinter, DWORD JobId, DWORD Level, LPBYTE pJob,
                                  DWORD Command)
{
    if (platen_module_imports.SetJobW)
        return platen_module_imports.SetJobW(hPrinter, JobId, Level, pJob, Command);
    return platen_not_imported();
}

/* JOB_INFO_n and its strings in pJob; too small is FALSE with 122 and *pcbNeeded bytes. A job that
   is gone is FALSE with 87 [R107]. Without an import 120, *pcbNeeded untouched. */
static inline BOOL WINAPI GetJobW(HANDLE hPrinter, DWORD JobId, DWORD Level, LPBYTE pJob,
                                  DWORD cbBuf, LPDWORD pcbNeeded)
{
    if (platen_module_imports.GetJobW)
        return platen_module_imports.GetJobW(hPrinter, JobId, Level, pJob, cbBuf, pcbNeeded);
    return platen_not_imported();
}

/* Tells the state of a port: pName NULL, level 3, PORT_INFO_3. Without an import 120. */
static inline BOOL WINAPI SetPortW(LPWSTR pName, LPWSTR pPortName, DWORD dwLevel, LPBYTE pPortInfo)
{
    if (platen_module_imports.SetPortW)
        return platen_module_imports.SetPortW(pName, pPortName, dwLevel, pPortInfo);
    return platen_not_imported();
}

/* The ports of all monitors. The spooler may ask this very monitor while it answers, so hold no
   lock. Without an import 120. */
static inline BOOL WINAPI EnumPortsW(LPWSTR pName, DWORD Level, LPBYTE pPorts, DWORD cbBuf,
                                     LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    if (platen_module_imports.EnumPortsW)
        return platen_module_imports.EnumPortsW(pName, Level, pPorts, cbBuf, pcbNeeded,
                                                pcReturned);
    return platen_not_imported();
}

/* Takes up again what RevertToPrinterSelf put down. Without an import 120. */
static inline BOOL WINAPI ImpersonatePrinterClient(HANDLE hToken)
{
    if (platen_module_imports.ImpersonatePrinterClient)
        return platen_module_imports.ImpersonatePrinterClient(hToken);
    return platen_not_imported();
}

/* The thread acts as the spooler itself. Returns the client's token, or NULL if it did so already
   (D9): then there is nothing to take up again. Without an import NULL. */
static inline HANDLE WINAPI RevertToPrinterSelf(VOID)
{
    if (platen_module_imports.RevertToPrinterSelf)
        return platen_module_imports.RevertToPrinterSelf();
    return NULL;
}

/* Memory for text and blobs of a response, zeroed or not; NULL when there is none left. Without an
   import malloc. A loader fills all four allocators or none. */
static inline LPVOID WINAPI RouterAllocBidiMem(size_t NumBytes)
{
    if (platen_module_imports.RouterAllocBidiMem)
        return platen_module_imports.RouterAllocBidiMem(NumBytes);
    return malloc(NumBytes ? NumBytes : 1);
}

static inline VOID WINAPI RouterFreeBidiMem(LPVOID pMemPointer)
{
    if (platen_module_imports.RouterFreeBidiMem)
        platen_module_imports.RouterFreeBidiMem(pMemPointer);
    else
        free(pMemPointer);
}

/* A response with room for Count entries, all zero: the monitor writes Version 1 and Count [R73].
   NULL when there is no memory left. Without an import calloc. */
static inline PBIDI_RESPONSE_CONTAINER WINAPI RouterAllocBidiResponseContainer(DWORD Count)
{
    const size_t head = offsetof(BIDI_RESPONSE_CONTAINER, aData);
    size_t room = (size_t)Count + 1; /* one to spare: the type itself has one */

    if (platen_module_imports.RouterAllocBidiResponseContainer)
        return platen_module_imports.RouterAllocBidiResponseContainer(Count);
    if (room == 0 || room > (SIZE_MAX - head) / sizeof(BIDI_RESPONSE_DATA))
        return NULL;
    return (PBIDI_RESPONSE_CONTAINER)calloc(1, head + room * sizeof(BIDI_RESPONSE_DATA));
}

static inline VOID platen_free_bidi_data(const BIDI_DATA *data)
{
    if (data->dwBidiType == BIDI_STRING || data->dwBidiType == BIDI_TEXT ||
        data->dwBidiType == BIDI_ENUM)
        RouterFreeBidiMem(data->u.sData);
    else if (data->dwBidiType == BIDI_BLOB)
        RouterFreeBidiMem(data->u.biData.pData);
}

/* Frees the whole tree, also for a monitor that gives up half-way; NULL is fine. Returns 0. */
static inline DWORD WINAPI RouterFreeBidiResponseContainer(PBIDI_RESPONSE_CONTAINER pData)
{
    if (platen_module_imports.RouterFreeBidiResponseContainer)
        return platen_module_imports.RouterFreeBidiResponseContainer(pData);
    for (DWORD i = 0; pData && i < pData->Count; i++) {
        RouterFreeBidiMem(pData->aData[i].pSchema);
        platen_free_bidi_data(&pData->aData[i].data);
    }
    free(pData);
    return ERROR_SUCCESS;
}

/* ---------------------------------------------------------------------------------------------
 * Strings: the few functions of Windows that every monitor uses. NULL counts as empty.
 * ------------------------------------------------------------------------------------------ */
static inline int WINAPI lstrlenW(LPCWSTR lpString)
{
    int length = 0;

    while (lpString && lpString[length])
        length++;
    return length;
}

/* The first 256 characters of Unicode fold (a-z, and the letters of Latin 1 that have both cases);
   all others are compared as they are. Windows asks the user's language instead. */
static inline WCHAR platen_fold_case(WCHAR unit)
{
    int small = (unit >= 0x61 && unit <= 0x7A) || (unit >= 0xE0 && unit <= 0xFE && unit != 0xF7);

    return (WCHAR)(small ? unit - 0x20 : unit);
}

/* By the numbers of the units, less than, equal to or greater than 0. Windows sorts as a dictionary
   does: rely on equality only. */
static inline int WINAPI lstrcmpW(LPCWSTR lpString1, LPCWSTR lpString2)
{
    static const WCHAR none[1] = {0};
    LPCWSTR a = lpString1 ? lpString1 : none;
    LPCWSTR b = lpString2 ? lpString2 : none;

    for (; *a && *a == *b; a++)
        b++;
    return (int)*a - (int)*b;
}

/* The same without regard to case, as port names are compared. */
static inline int WINAPI lstrcmpiW(LPCWSTR lpString1, LPCWSTR lpString2)
{
    static const WCHAR none[1] = {0};
    LPCWSTR a = lpString1 ? lpString1 : none;
    LPCWSTR b = lpString2 ? lpString2 : none;

    for (; *a && platen_fold_case(*a) == platen_fold_case(*b); a++)
        b++;
    return (int)platen_fold_case(*a) - (int)platen_fold_case(*b);
}

/* Copies at most iMaxLength - 1 units and always ends them with a NUL. NULL if lpString1 is NULL or
   has no room. */
static inline LPWSTR WINAPI lstrcpynW(LPWSTR lpString1, LPCWSTR lpString2, int iMaxLength)
{
    int i = 0;

    if (!lpString1 || iMaxLength <= 0)
        return NULL;
    for (; lpString2 && lpString2[i] && i < iMaxLength - 1; i++)
        lpString1[i] = lpString2[i];
    lpString1[i] = 0;
    return lpString1;
}

#define OpenPrinter OpenPrinterW
#define SetJob SetJobW
#define GetJob GetJobW
#define SetPort SetPortW
#define EnumPorts EnumPortsW
#define lstrlen lstrlenW
#define lstrcmp lstrcmpW
#define lstrcmpi lstrcmpiW
#define lstrcpyn lstrcpynW

#endif /* PLATEN_OWN_TYPES */

#ifdef __cplusplus
} /* extern "C" */
#endif

/* =============================================================================================
 * The layouts, checked
 *
 * First 64 bits, then 32. With PLATEN_NO_TYPES the includer must have: BOOL, BYTE, WORD, DWORD,
 * LONG, WCHAR, VOID, HANDLE, HWND, PHANDLE, LPVOID, LPBYTE, PBYTE, LPDWORD, PDWORD, LPWSTR,
 * LPCWSTR, PCWSTR, ACCESS_MASK and WINAPI; MONITOR2, MONITORINIT, MONITORREG, PORT_INFO_1W,
 * PORT_INFO_2W, DOC_INFO_1W, DOC_INFO_2W and COMMTIMEOUTS. The structures of jobs, port states and
 * bidi are measured if he has them, which is to say if he has JOB_STATUS_PAUSED,
 * PORT_STATUS_TYPE_ERROR and BIDI_ACCESS_USER. His MONITOR2 may be that of any generation.
 * ========================================================================================== */
#ifdef __cplusplus
#  define PLATEN_LAYOUT_HOLDS(condition, text) static_assert(condition, text)
#else
#  define PLATEN_LAYOUT_HOLDS(condition, text) _Static_assert(condition, text)
#endif
#define PLATEN_BY_WORD(on64, on32) (sizeof(void *) == 8 ? (size_t)(on64) : (size_t)(on32))
#define PLATEN_LAYOUT_SIZE(type, on64, on32) \
    PLATEN_LAYOUT_HOLDS(sizeof(type) == PLATEN_BY_WORD(on64, on32), \
                        "the size of " #type " is not that of Windows")
#define PLATEN_LAYOUT_AT(type, member, on64, on32) \
    PLATEN_LAYOUT_HOLDS(offsetof(type, member) == PLATEN_BY_WORD(on64, on32), \
                        #type "." #member " is not where Windows has it")

PLATEN_LAYOUT_SIZE(BYTE, 1, 1);
PLATEN_LAYOUT_SIZE(WORD, 2, 2);
PLATEN_LAYOUT_SIZE(WCHAR, 2, 2);
PLATEN_LAYOUT_SIZE(BOOL, 4, 4);
PLATEN_LAYOUT_SIZE(LONG, 4, 4);
PLATEN_LAYOUT_SIZE(DWORD, 4, 4);
PLATEN_LAYOUT_SIZE(ACCESS_MASK, 4, 4);
PLATEN_LAYOUT_SIZE(HANDLE, 8, 4);
PLATEN_LAYOUT_SIZE(HWND, 8, 4);
PLATEN_LAYOUT_HOLDS((LONG)-1 < 0, "LONG is signed");
PLATEN_LAYOUT_HOLDS((DWORD)-1 > 0, "DWORD is unsigned");
PLATEN_LAYOUT_HOLDS((WCHAR)-1 > 0, "WCHAR is unsigned");

/* [1.1] */
PLATEN_LAYOUT_AT(MONITOR2, cbSize, 0, 0);
PLATEN_LAYOUT_AT(MONITOR2, pfnEnumPorts, 8, 4);
PLATEN_LAYOUT_AT(MONITOR2, pfnOpenPort, 16, 8);
PLATEN_LAYOUT_AT(MONITOR2, pfnOpenPortEx, 24, 12);
PLATEN_LAYOUT_AT(MONITOR2, pfnStartDocPort, 32, 16);
PLATEN_LAYOUT_AT(MONITOR2, pfnWritePort, 40, 20);
PLATEN_LAYOUT_AT(MONITOR2, pfnReadPort, 48, 24);
PLATEN_LAYOUT_AT(MONITOR2, pfnEndDocPort, 56, 28);
PLATEN_LAYOUT_AT(MONITOR2, pfnClosePort, 64, 32);
PLATEN_LAYOUT_AT(MONITOR2, pfnAddPort, 72, 36);
PLATEN_LAYOUT_AT(MONITOR2, pfnAddPortEx, 80, 40);
PLATEN_LAYOUT_AT(MONITOR2, pfnConfigurePort, 88, 44);
PLATEN_LAYOUT_AT(MONITOR2, pfnDeletePort, 96, 48);
PLATEN_LAYOUT_AT(MONITOR2, pfnGetPrinterDataFromPort, 104, 52);
PLATEN_LAYOUT_AT(MONITOR2, pfnSetPortTimeOuts, 112, 56);
PLATEN_LAYOUT_AT(MONITOR2, pfnXcvOpenPort, 120, 60);
PLATEN_LAYOUT_AT(MONITOR2, pfnXcvDataPort, 128, 64);
PLATEN_LAYOUT_AT(MONITOR2, pfnXcvClosePort, 136, 68);
PLATEN_LAYOUT_AT(MONITOR2, pfnShutdown, 144, 72);
#ifdef PLATEN_NO_TYPES
PLATEN_LAYOUT_HOLDS(sizeof(MONITOR2) == PLATEN_BY_WORD(152, 76) ||
                        sizeof(MONITOR2) == PLATEN_BY_WORD(160, 80) ||
                        sizeof(MONITOR2) == PLATEN_BY_WORD(176, 88) ||
                        sizeof(MONITOR2) == PLATEN_BY_WORD(184, 92),
                    "the size of MONITOR2 is of no generation");
#else
PLATEN_LAYOUT_AT(MONITOR2, pfnSendRecvBidiDataFromPort, 152, 76);
PLATEN_LAYOUT_AT(MONITOR2, pfnNotifyUsedPorts, 160, 80);
PLATEN_LAYOUT_AT(MONITOR2, pfnNotifyUnusedPorts, 168, 84);
PLATEN_LAYOUT_AT(MONITOR2, pfnPowerEvent, 176, 88);
PLATEN_LAYOUT_SIZE(MONITOR2, 184, 92);
#endif

/* [1.4] */
PLATEN_LAYOUT_AT(MONITORINIT, cbSize, 0, 0);
PLATEN_LAYOUT_AT(MONITORINIT, hSpooler, 8, 4);
PLATEN_LAYOUT_AT(MONITORINIT, hckRegistryRoot, 16, 8);
PLATEN_LAYOUT_AT(MONITORINIT, pMonitorReg, 24, 12);
PLATEN_LAYOUT_AT(MONITORINIT, bLocal, 32, 16);
PLATEN_LAYOUT_AT(MONITORINIT, pszServerName, 40, 20);
PLATEN_LAYOUT_SIZE(MONITORINIT, 48, 24);

/* [1.5] */
PLATEN_LAYOUT_AT(MONITORREG, cbSize, 0, 0);
PLATEN_LAYOUT_AT(MONITORREG, fpCreateKey, 8, 4);
PLATEN_LAYOUT_AT(MONITORREG, fpOpenKey, 16, 8);
PLATEN_LAYOUT_AT(MONITORREG, fpCloseKey, 24, 12);
PLATEN_LAYOUT_AT(MONITORREG, fpDeleteKey, 32, 16);
PLATEN_LAYOUT_AT(MONITORREG, fpEnumKey, 40, 20);
PLATEN_LAYOUT_AT(MONITORREG, fpQueryInfoKey, 48, 24);
PLATEN_LAYOUT_AT(MONITORREG, fpSetValue, 56, 28);
PLATEN_LAYOUT_AT(MONITORREG, fpDeleteValue, 64, 32);
PLATEN_LAYOUT_AT(MONITORREG, fpEnumValue, 72, 36);
PLATEN_LAYOUT_AT(MONITORREG, fpQueryValue, 80, 40);
PLATEN_LAYOUT_SIZE(MONITORREG, 88, 44);

/* [1.7] */
PLATEN_LAYOUT_AT(PORT_INFO_1W, pName, 0, 0);
PLATEN_LAYOUT_SIZE(PORT_INFO_1W, 8, 4);
PLATEN_LAYOUT_AT(PORT_INFO_2W, pPortName, 0, 0);
PLATEN_LAYOUT_AT(PORT_INFO_2W, pMonitorName, 8, 4);
PLATEN_LAYOUT_AT(PORT_INFO_2W, pDescription, 16, 8);
PLATEN_LAYOUT_AT(PORT_INFO_2W, fPortType, 24, 12);
PLATEN_LAYOUT_AT(PORT_INFO_2W, Reserved, 28, 16);
PLATEN_LAYOUT_SIZE(PORT_INFO_2W, 32, 20);
#ifdef PORT_STATUS_TYPE_ERROR
PLATEN_LAYOUT_AT(PORT_INFO_3W, dwStatus, 0, 0);
PLATEN_LAYOUT_AT(PORT_INFO_3W, pszStatus, 8, 4);
PLATEN_LAYOUT_AT(PORT_INFO_3W, dwSeverity, 16, 8);
PLATEN_LAYOUT_SIZE(PORT_INFO_3W, 24, 12);
#endif

/* [1.8] */
PLATEN_LAYOUT_AT(DOC_INFO_1W, pDocName, 0, 0);
PLATEN_LAYOUT_AT(DOC_INFO_1W, pOutputFile, 8, 4);
PLATEN_LAYOUT_AT(DOC_INFO_1W, pDatatype, 16, 8);
PLATEN_LAYOUT_SIZE(DOC_INFO_1W, 24, 12);
PLATEN_LAYOUT_AT(DOC_INFO_2W, pDocName, 0, 0);
PLATEN_LAYOUT_AT(DOC_INFO_2W, pOutputFile, 8, 4);
PLATEN_LAYOUT_AT(DOC_INFO_2W, pDatatype, 16, 8);
PLATEN_LAYOUT_AT(DOC_INFO_2W, dwMode, 24, 12);
PLATEN_LAYOUT_AT(DOC_INFO_2W, JobId, 28, 16);
PLATEN_LAYOUT_SIZE(DOC_INFO_2W, 32, 20);
#ifdef JOB_STATUS_PAUSED
PLATEN_LAYOUT_AT(JOB_INFO_1W, JobId, 0, 0);
PLATEN_LAYOUT_AT(JOB_INFO_1W, pPrinterName, 8, 4);
PLATEN_LAYOUT_AT(JOB_INFO_1W, pMachineName, 16, 8);
PLATEN_LAYOUT_AT(JOB_INFO_1W, pUserName, 24, 12);
PLATEN_LAYOUT_AT(JOB_INFO_1W, pDocument, 32, 16);
PLATEN_LAYOUT_AT(JOB_INFO_1W, pDatatype, 40, 20);
PLATEN_LAYOUT_AT(JOB_INFO_1W, pStatus, 48, 24);
PLATEN_LAYOUT_AT(JOB_INFO_1W, Status, 56, 28);
PLATEN_LAYOUT_AT(JOB_INFO_1W, Priority, 60, 32);
PLATEN_LAYOUT_AT(JOB_INFO_1W, Position, 64, 36);
PLATEN_LAYOUT_AT(JOB_INFO_1W, TotalPages, 68, 40);
PLATEN_LAYOUT_AT(JOB_INFO_1W, PagesPrinted, 72, 44);
PLATEN_LAYOUT_AT(JOB_INFO_1W, Submitted, 76, 48);
PLATEN_LAYOUT_SIZE(JOB_INFO_1W, 96, 64);
PLATEN_LAYOUT_AT(JOB_INFO_2W, JobId, 0, 0);
PLATEN_LAYOUT_AT(JOB_INFO_2W, pPrinterName, 8, 4);
PLATEN_LAYOUT_AT(JOB_INFO_2W, pMachineName, 16, 8);
PLATEN_LAYOUT_AT(JOB_INFO_2W, pUserName, 24, 12);
PLATEN_LAYOUT_AT(JOB_INFO_2W, pDocument, 32, 16);
PLATEN_LAYOUT_AT(JOB_INFO_2W, pNotifyName, 40, 20);
PLATEN_LAYOUT_AT(JOB_INFO_2W, pDatatype, 48, 24);
PLATEN_LAYOUT_AT(JOB_INFO_2W, pPrintProcessor, 56, 28);
PLATEN_LAYOUT_AT(JOB_INFO_2W, pParameters, 64, 32);
PLATEN_LAYOUT_AT(JOB_INFO_2W, pDriverName, 72, 36);
PLATEN_LAYOUT_AT(JOB_INFO_2W, pDevMode, 80, 40);
PLATEN_LAYOUT_AT(JOB_INFO_2W, pStatus, 88, 44);
PLATEN_LAYOUT_AT(JOB_INFO_2W, pSecurityDescriptor, 96, 48);
PLATEN_LAYOUT_AT(JOB_INFO_2W, Status, 104, 52);
PLATEN_LAYOUT_AT(JOB_INFO_2W, Priority, 108, 56);
PLATEN_LAYOUT_AT(JOB_INFO_2W, Position, 112, 60);
PLATEN_LAYOUT_AT(JOB_INFO_2W, StartTime, 116, 64);
PLATEN_LAYOUT_AT(JOB_INFO_2W, UntilTime, 120, 68);
PLATEN_LAYOUT_AT(JOB_INFO_2W, TotalPages, 124, 72);
PLATEN_LAYOUT_AT(JOB_INFO_2W, Size, 128, 76);
PLATEN_LAYOUT_AT(JOB_INFO_2W, Submitted, 132, 80);
PLATEN_LAYOUT_AT(JOB_INFO_2W, Time, 148, 96);
PLATEN_LAYOUT_AT(JOB_INFO_2W, PagesPrinted, 152, 100);
PLATEN_LAYOUT_SIZE(JOB_INFO_2W, 160, 104);
PLATEN_LAYOUT_SIZE(JOB_INFO_3, 12, 12);
PLATEN_LAYOUT_AT(JOB_INFO_3, NextJobId, 4, 4);
#endif

/* [1.9] */
#ifdef BIDI_ACCESS_USER
PLATEN_LAYOUT_AT(BINARY_CONTAINER, cbBuf, 0, 0);
PLATEN_LAYOUT_AT(BINARY_CONTAINER, pData, 8, 4);
PLATEN_LAYOUT_SIZE(BINARY_CONTAINER, 16, 8);
PLATEN_LAYOUT_AT(BIDI_DATA, dwBidiType, 0, 0);
PLATEN_LAYOUT_AT(BIDI_DATA, u, 8, 4);
PLATEN_LAYOUT_AT(BIDI_DATA, u.bData, 8, 4);
PLATEN_LAYOUT_AT(BIDI_DATA, u.iData, 8, 4);
PLATEN_LAYOUT_AT(BIDI_DATA, u.sData, 8, 4);
PLATEN_LAYOUT_AT(BIDI_DATA, u.fData, 8, 4);
PLATEN_LAYOUT_AT(BIDI_DATA, u.biData, 8, 4);
PLATEN_LAYOUT_SIZE(BIDI_DATA, 24, 12);
PLATEN_LAYOUT_AT(BIDI_REQUEST_DATA, dwReqNumber, 0, 0);
PLATEN_LAYOUT_AT(BIDI_REQUEST_DATA, pSchema, 8, 4);
PLATEN_LAYOUT_AT(BIDI_REQUEST_DATA, data, 16, 8);
PLATEN_LAYOUT_SIZE(BIDI_REQUEST_DATA, 40, 20);
PLATEN_LAYOUT_AT(BIDI_REQUEST_CONTAINER, Version, 0, 0);
PLATEN_LAYOUT_AT(BIDI_REQUEST_CONTAINER, Flags, 4, 4);
PLATEN_LAYOUT_AT(BIDI_REQUEST_CONTAINER, Count, 8, 8);
PLATEN_LAYOUT_AT(BIDI_REQUEST_CONTAINER, aData, 16, 12);
PLATEN_LAYOUT_SIZE(BIDI_REQUEST_CONTAINER, 56, 32);
PLATEN_LAYOUT_AT(BIDI_RESPONSE_DATA, dwResult, 0, 0);
PLATEN_LAYOUT_AT(BIDI_RESPONSE_DATA, dwReqNumber, 4, 4);
PLATEN_LAYOUT_AT(BIDI_RESPONSE_DATA, pSchema, 8, 8);
PLATEN_LAYOUT_AT(BIDI_RESPONSE_DATA, data, 16, 12);
PLATEN_LAYOUT_SIZE(BIDI_RESPONSE_DATA, 40, 24);
PLATEN_LAYOUT_AT(BIDI_RESPONSE_CONTAINER, Version, 0, 0);
PLATEN_LAYOUT_AT(BIDI_RESPONSE_CONTAINER, Flags, 4, 4);
PLATEN_LAYOUT_AT(BIDI_RESPONSE_CONTAINER, Count, 8, 8);
PLATEN_LAYOUT_AT(BIDI_RESPONSE_CONTAINER, aData, 16, 12);
PLATEN_LAYOUT_SIZE(BIDI_RESPONSE_CONTAINER, 56, 36);
#endif

/* [1.10] */
PLATEN_LAYOUT_AT(COMMTIMEOUTS, ReadIntervalTimeout, 0, 0);
PLATEN_LAYOUT_AT(COMMTIMEOUTS, ReadTotalTimeoutMultiplier, 4, 4);
PLATEN_LAYOUT_AT(COMMTIMEOUTS, ReadTotalTimeoutConstant, 8, 8);
PLATEN_LAYOUT_AT(COMMTIMEOUTS, WriteTotalTimeoutMultiplier, 12, 12);
PLATEN_LAYOUT_AT(COMMTIMEOUTS, WriteTotalTimeoutConstant, 16, 16);
PLATEN_LAYOUT_SIZE(COMMTIMEOUTS, 20, 20);

#ifndef PLATEN_NO_TYPES
PLATEN_LAYOUT_AT(DCB, DCBlength, 0, 0);
PLATEN_LAYOUT_AT(DCB, BaudRate, 4, 4);
PLATEN_LAYOUT_AT(DCB, wReserved, 12, 12);
PLATEN_LAYOUT_AT(DCB, XonLim, 14, 14);
PLATEN_LAYOUT_AT(DCB, XoffLim, 16, 16);
PLATEN_LAYOUT_AT(DCB, ByteSize, 18, 18);
PLATEN_LAYOUT_AT(DCB, Parity, 19, 19);
PLATEN_LAYOUT_AT(DCB, StopBits, 20, 20);
PLATEN_LAYOUT_AT(DCB, XonChar, 21, 21);
PLATEN_LAYOUT_AT(DCB, XoffChar, 22, 22);
PLATEN_LAYOUT_AT(DCB, ErrorChar, 23, 23);
PLATEN_LAYOUT_AT(DCB, EofChar, 24, 24);
PLATEN_LAYOUT_AT(DCB, EvtChar, 25, 25);
PLATEN_LAYOUT_AT(DCB, wReserved1, 26, 26);
PLATEN_LAYOUT_SIZE(DCB, 28, 28);
PLATEN_LAYOUT_AT(COMMCONFIG, dwSize, 0, 0);
PLATEN_LAYOUT_AT(COMMCONFIG, wVersion, 4, 4);
PLATEN_LAYOUT_AT(COMMCONFIG, wReserved, 6, 6);
PLATEN_LAYOUT_AT(COMMCONFIG, dcb, 8, 8);
PLATEN_LAYOUT_AT(COMMCONFIG, dwProviderSubType, 36, 36);
PLATEN_LAYOUT_AT(COMMCONFIG, dwProviderOffset, 40, 40);
PLATEN_LAYOUT_AT(COMMCONFIG, dwProviderSize, 44, 44);
PLATEN_LAYOUT_AT(COMMCONFIG, wcProviderData, 48, 48);
PLATEN_LAYOUT_SIZE(COMMCONFIG, 52, 52);

/* [1.2] MONITOR lacks MONITOR2's cbSize, so every member stands one pointer earlier. */
PLATEN_LAYOUT_AT(MONITOR, pfnEnumPorts, 0, 0);
PLATEN_LAYOUT_AT(MONITOR, pfnOpenPort, 8, 4);
PLATEN_LAYOUT_AT(MONITOR, pfnOpenPortEx, 16, 8);
PLATEN_LAYOUT_AT(MONITOR, pfnStartDocPort, 24, 12);
PLATEN_LAYOUT_AT(MONITOR, pfnWritePort, 32, 16);
PLATEN_LAYOUT_AT(MONITOR, pfnReadPort, 40, 20);
PLATEN_LAYOUT_AT(MONITOR, pfnEndDocPort, 48, 24);
PLATEN_LAYOUT_AT(MONITOR, pfnClosePort, 56, 28);
PLATEN_LAYOUT_AT(MONITOR, pfnAddPort, 64, 32);
PLATEN_LAYOUT_AT(MONITOR, pfnAddPortEx, 72, 36);
PLATEN_LAYOUT_AT(MONITOR, pfnConfigurePort, 80, 40);
PLATEN_LAYOUT_AT(MONITOR, pfnDeletePort, 88, 44);
PLATEN_LAYOUT_AT(MONITOR, pfnGetPrinterDataFromPort, 96, 48);
PLATEN_LAYOUT_AT(MONITOR, pfnSetPortTimeOuts, 104, 52);
PLATEN_LAYOUT_AT(MONITOR, pfnXcvOpenPort, 112, 56);
PLATEN_LAYOUT_AT(MONITOR, pfnXcvDataPort, 120, 60);
PLATEN_LAYOUT_AT(MONITOR, pfnXcvClosePort, 128, 64);
PLATEN_LAYOUT_SIZE(MONITOR, 136, 68);
PLATEN_LAYOUT_AT(MONITOREX, dwMonitorSize, 0, 0);
PLATEN_LAYOUT_AT(MONITOREX, Monitor, 8, 4);
PLATEN_LAYOUT_SIZE(MONITOREX, 144, 72);

/* [1.6] */
PLATEN_LAYOUT_AT(MONITORUI, dwMonitorUISize, 0, 0);
PLATEN_LAYOUT_AT(MONITORUI, pfnAddPortUI, 8, 4);
PLATEN_LAYOUT_AT(MONITORUI, pfnConfigurePortUI, 16, 8);
PLATEN_LAYOUT_AT(MONITORUI, pfnDeletePortUI, 24, 12);
PLATEN_LAYOUT_SIZE(MONITORUI, 32, 16);

/* [1.8] */
PLATEN_LAYOUT_AT(DOC_INFO_3W, dwFlags, 24, 12);
PLATEN_LAYOUT_SIZE(DOC_INFO_3W, 32, 16);

/* [1.12] */
PLATEN_LAYOUT_AT(MONITOR_INFO_2W, pName, 0, 0);
PLATEN_LAYOUT_AT(MONITOR_INFO_2W, pEnvironment, 8, 4);
PLATEN_LAYOUT_AT(MONITOR_INFO_2W, pDLLName, 16, 8);
PLATEN_LAYOUT_SIZE(MONITOR_INFO_2W, 24, 12);
PLATEN_LAYOUT_AT(PRINTER_DEFAULTSW, pDatatype, 0, 0);
PLATEN_LAYOUT_AT(PRINTER_DEFAULTSW, pDevMode, 8, 4);
PLATEN_LAYOUT_AT(PRINTER_DEFAULTSW, DesiredAccess, 16, 8);
PLATEN_LAYOUT_SIZE(PRINTER_DEFAULTSW, 24, 12);
PLATEN_LAYOUT_AT(DRIVER_INFO_3W, cVersion, 0, 0);
PLATEN_LAYOUT_AT(DRIVER_INFO_3W, pMonitorName, 64, 32);
PLATEN_LAYOUT_SIZE(DRIVER_INFO_3W, 80, 40);
PLATEN_LAYOUT_SIZE(SYSTEMTIME, 16, 16);
PLATEN_LAYOUT_SIZE(FILETIME, 8, 8);
#endif /* PLATEN_NO_TYPES */

/* Ours, and as fixed as the others: loaders and modules are not built together. */
PLATEN_LAYOUT_AT(PLATEN_IMPORTS, GetLastError, 8, 4);
PLATEN_LAYOUT_AT(PLATEN_IMPORTS, RouterFreeBidiMem, 112, 56);
PLATEN_LAYOUT_SIZE(PLATEN_IMPORTS, 120, 60);

/* clang-format on */
#endif
