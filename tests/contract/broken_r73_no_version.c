/* SPDX-License-Identifier: MIT
 *
 * Breaks R73: the response has no version, and a program that looks at it throws the answer
 * away.
 */
#include "style.h"

static DWORD WINAPI wrong_send_recv_bidi(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                         PBIDI_REQUEST_CONTAINER pReqData,
                                         PBIDI_RESPONSE_CONTAINER *ppResData)
{
    DWORD error =
        good.pfnSendRecvBidiDataFromPort(hPort, dwAccessBit, pAction, pReqData, ppResData);

    if (*ppResData)
        (*ppResData)->Version = 0;
    return error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnSendRecvBidiDataFromPort = wrong_send_recv_bidi;
}
