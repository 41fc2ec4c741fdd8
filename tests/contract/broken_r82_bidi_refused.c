/* SPDX-License-Identifier: MIT
 *
 * Breaks R82: a bidi request that the language monitor does not know is refused instead of
 * being handed down.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static DWORD WINAPI wrong_send_recv_bidi(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                         PBIDI_REQUEST_CONTAINER pReqData,
                                         PBIDI_RESPONSE_CONTAINER *ppResData)
{
    (void)hPort, (void)dwAccessBit, (void)pAction, (void)pReqData;
    *ppResData = NULL;
    return ERROR_NOT_SUPPORTED;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnSendRecvBidiDataFromPort = wrong_send_recv_bidi;
}
