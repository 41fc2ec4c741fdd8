/* SPDX-License-Identifier: MIT
 *
 * Breaks R72: a call that is not supported leaves the pointer to the response as it was, and
 * the spooler frees what it finds there.
 */
#include "style.h"

static DWORD WINAPI wrong_send_recv_bidi(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                         PBIDI_REQUEST_CONTAINER pReqData,
                                         PBIDI_RESPONSE_CONTAINER *ppResData)
{
    PBIDI_RESPONSE_CONTAINER before = *ppResData;
    DWORD error =
        good.pfnSendRecvBidiDataFromPort(hPort, dwAccessBit, pAction, pReqData, ppResData);

    if (error == ERROR_NOT_SUPPORTED)
        *ppResData = before;
    return error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnSendRecvBidiDataFromPort = wrong_send_recv_bidi;
}
