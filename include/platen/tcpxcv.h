/* SPDX-License-Identifier: MIT */
/*
 * What travels in the Xcv commands of the Standard TCP/IP Port monitor (TCPMON) [1.11] [4.3]:
 *
 *   AddPort         PORT_DATA_1 or PORT_DATA_2 in
 *   ConfigPort      PORT_DATA_1 or PORT_DATA_2 in
 *   DeletePort      DELETE_PORT_DATA_1 in
 *   GetConfigInfo   CONFIG_INFO_DATA_1 in, PORT_DATA_1 or PORT_DATA_2 out
 *
 * The layouts are the same on 32 and 64 bits: there is no pointer in them. All text is WCHAR and
 * ends with a NUL inside its array, if the sender is honest: the bytes come from a client, so check
 * the size of the input before the version, the version before anything else, and look for each NUL
 * within its array [R67]. Both versions are accepted everywhere (D8); what is reserved is written
 * as zeros and not judged when read.
 *
 * The version stands at byte 128 of PORT_DATA_1 and PORT_DATA_2 alike.
 *
 * mingw-w64 packages lack this header and the Windows SDK has it: if the system's was included
 * before, this one adds nothing.
 */
#ifndef PLATEN_TCPXCV_H
#define PLATEN_TCPXCV_H

#include <platen/winsplp.h>

/* clang-format off */

#ifndef MAX_PORTNAME_LEN

/* Lengths of the arrays below, in characters, the NUL counted. */
#define MAX_PORTNAME_LEN 64
#define MAX_NETWORKNAME_LEN 49
#define MAX_NETWORKNAME2_LEN 128
#define MAX_SNMP_COMMUNITY_STR_LEN 33
#define MAX_QUEUENAME_LEN 33
#define MAX_IPADDR_STR_LEN 16

/* dwProtocol */
#define PROTOCOL_UNKNOWN_TYPE 0
#define PROTOCOL_RAWTCP_TYPE 1 /* usually port 9100 */
#define PROTOCOL_LPR_TYPE 2    /* usually port 515; sztQueue names the queue */

#ifdef __cplusplus
extern "C" {
#endif

/* A port, version 1: 964 bytes. */
typedef struct _PORT_DATA_1 {
    WCHAR sztPortName[MAX_PORTNAME_LEN]; /* a label; says nothing about the address */
    DWORD dwVersion;                     /* 1 */
    DWORD dwProtocol;
    DWORD cbSize;                        /* bytes of this structure */
    DWORD dwReserved;                    /* 0 */
    WCHAR sztHostAddress[MAX_NETWORKNAME_LEN]; /* host name or address */
    WCHAR sztSNMPCommunity[MAX_SNMP_COMMUNITY_STR_LEN];
    DWORD dwDoubleSpool;                 /* LPR: count the bytes before sending; 0 or 1 */
    WCHAR sztQueue[MAX_QUEUENAME_LEN];
    WCHAR sztIPAddress[MAX_IPADDR_STR_LEN]; /* set by the monitor */
    BYTE Reserved[540];
    DWORD dwPortNumber;                  /* TCP */
    DWORD dwSNMPEnabled;                 /* 0 or 1 */
    DWORD dwSNMPDevIndex;                /* which device of the host, from 1 */
} PORT_DATA_1, *PPORT_DATA_1;

/* A port, version 2: 1068 bytes; longer host names, and IPv6. */
typedef struct _PORT_DATA_2 {
    WCHAR sztPortName[MAX_PORTNAME_LEN];
    DWORD dwVersion;                     /* 2 */
    DWORD dwProtocol;
    DWORD cbSize;
    DWORD dwReserved;
    WCHAR sztHostAddress[MAX_NETWORKNAME2_LEN];
    WCHAR sztSNMPCommunity[MAX_SNMP_COMMUNITY_STR_LEN];
    DWORD dwDoubleSpool;
    WCHAR sztQueue[MAX_QUEUENAME_LEN];
    BYTE Reserved[514];
    DWORD dwPortNumber;
    DWORD dwSNMPEnabled;
    DWORD dwSNMPDevIndex;
    DWORD dwPortMonitorMibIndex;         /* which port in the printer's Port Monitor MIB */
} PORT_DATA_2, *PPORT_DATA_2;

/* Ports of version 2 in a row; no documented command carries it. */
typedef struct _PORT_DATA_LIST_1 {
    DWORD dwVersion;          /* 1 */
    DWORD cPortData;          /* entries */
    PORT_DATA_2 pPortData[1];
} PORT_DATA_LIST_1, *PPORT_DATA_LIST_1;

/* 236 bytes. */
typedef struct _DELETE_PORT_DATA_1 {
    WCHAR psztPortName[MAX_PORTNAME_LEN];
    BYTE Reserved[98];                   /* some senders put a server name here */
    DWORD dwVersion;                     /* 1 */
    DWORD dwReserved;
} DELETE_PORT_DATA_1, *PDELETE_PORT_DATA_1;

/* 132 bytes. */
typedef struct _CONFIG_INFO_DATA_1 {
    BYTE Reserved[128];                  /* zeros; if not, the name of the port asked for (D8) */
    DWORD dwVersion;                     /* version of the answer, 1 or 2 */
} CONFIG_INFO_DATA_1, *PCONFIG_INFO_DATA_1;

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* MAX_PORTNAME_LEN */

/* The same everywhere [1.11]. */
PLATEN_LAYOUT_SIZE(PORT_DATA_1, 964, 964);
PLATEN_LAYOUT_AT(PORT_DATA_1, dwVersion, 128, 128);
PLATEN_LAYOUT_AT(PORT_DATA_1, dwProtocol, 132, 132);
PLATEN_LAYOUT_AT(PORT_DATA_1, cbSize, 136, 136);
PLATEN_LAYOUT_AT(PORT_DATA_1, dwReserved, 140, 140);
PLATEN_LAYOUT_AT(PORT_DATA_1, sztHostAddress, 144, 144);
PLATEN_LAYOUT_AT(PORT_DATA_1, sztSNMPCommunity, 242, 242);
PLATEN_LAYOUT_AT(PORT_DATA_1, dwDoubleSpool, 308, 308);
PLATEN_LAYOUT_AT(PORT_DATA_1, sztQueue, 312, 312);
PLATEN_LAYOUT_AT(PORT_DATA_1, sztIPAddress, 378, 378);
PLATEN_LAYOUT_AT(PORT_DATA_1, Reserved, 410, 410);
PLATEN_LAYOUT_AT(PORT_DATA_1, dwPortNumber, 952, 952);
PLATEN_LAYOUT_AT(PORT_DATA_1, dwSNMPEnabled, 956, 956);
PLATEN_LAYOUT_AT(PORT_DATA_1, dwSNMPDevIndex, 960, 960);
PLATEN_LAYOUT_SIZE(PORT_DATA_2, 1068, 1068);
PLATEN_LAYOUT_AT(PORT_DATA_2, dwVersion, 128, 128);
PLATEN_LAYOUT_AT(PORT_DATA_2, dwProtocol, 132, 132);
PLATEN_LAYOUT_AT(PORT_DATA_2, cbSize, 136, 136);
PLATEN_LAYOUT_AT(PORT_DATA_2, dwReserved, 140, 140);
PLATEN_LAYOUT_AT(PORT_DATA_2, sztHostAddress, 144, 144);
PLATEN_LAYOUT_AT(PORT_DATA_2, sztSNMPCommunity, 400, 400);
PLATEN_LAYOUT_AT(PORT_DATA_2, dwDoubleSpool, 468, 468);
PLATEN_LAYOUT_AT(PORT_DATA_2, sztQueue, 472, 472);
PLATEN_LAYOUT_AT(PORT_DATA_2, Reserved, 538, 538);
PLATEN_LAYOUT_AT(PORT_DATA_2, dwPortNumber, 1052, 1052);
PLATEN_LAYOUT_AT(PORT_DATA_2, dwSNMPEnabled, 1056, 1056);
PLATEN_LAYOUT_AT(PORT_DATA_2, dwSNMPDevIndex, 1060, 1060);
PLATEN_LAYOUT_AT(PORT_DATA_2, dwPortMonitorMibIndex, 1064, 1064);
PLATEN_LAYOUT_AT(PORT_DATA_LIST_1, cPortData, 4, 4);
PLATEN_LAYOUT_AT(PORT_DATA_LIST_1, pPortData, 8, 8);
PLATEN_LAYOUT_SIZE(DELETE_PORT_DATA_1, 236, 236);
PLATEN_LAYOUT_AT(DELETE_PORT_DATA_1, Reserved, 128, 128);
PLATEN_LAYOUT_AT(DELETE_PORT_DATA_1, dwVersion, 228, 228);
PLATEN_LAYOUT_AT(DELETE_PORT_DATA_1, dwReserved, 232, 232);
PLATEN_LAYOUT_SIZE(CONFIG_INFO_DATA_1, 132, 132);
PLATEN_LAYOUT_AT(CONFIG_INFO_DATA_1, dwVersion, 128, 128);

/* clang-format on */
#endif
