/* SPDX-License-Identifier: MIT
 *
 * Breaks R76: a value that does not exist is answered with a general error instead of 13005.
 */
#include "style.h"

static DWORD WINAPI wrong_send_recv_bidi(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                         PBIDI_REQUEST_CONTAINER pReqData,
                                         PBIDI_RESPONSE_CONTAINER *ppResData)
{
    DWORD error =
        good.pfnSendRecvBidiDataFromPort(hPort, dwAccessBit, pAction, pReqData, ppResData);

    for (DWORD i = 0; *ppResData && i < (*ppResData)->Count; i++)
        if ((*ppResData)->aData[i].dwResult == ERROR_BIDI_SCHEMA_NOT_SUPPORTED)
            (*ppResData)->aData[i].dwResult = ERROR_GEN_FAILURE;
    return error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnSendRecvBidiDataFromPort = wrong_send_recv_bidi;
}
