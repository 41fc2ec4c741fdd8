/* SPDX-License-Identifier: MIT
 *
 * Breaks R74: the name in an answer is that of the request itself, which is gone when the
 * answer is read.
 */
#include "style.h"

static DWORD WINAPI wrong_send_recv_bidi(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                         PBIDI_REQUEST_CONTAINER pReqData,
                                         PBIDI_RESPONSE_CONTAINER *ppResData)
{
    DWORD error =
        good.pfnSendRecvBidiDataFromPort(hPort, dwAccessBit, pAction, pReqData, ppResData);

    for (DWORD i = 0; *ppResData && i < (*ppResData)->Count; i++) {
        BIDI_RESPONSE_DATA *entry = &(*ppResData)->aData[i];
        for (DWORD j = 0; entry->pSchema && j < pReqData->Count; j++) {
            if (pReqData->aData[j].dwReqNumber == entry->dwReqNumber) {
                RouterFreeBidiMem(entry->pSchema);
                entry->pSchema = pReqData->aData[j].pSchema;
                break;
            }
        }
    }
    return error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnSendRecvBidiDataFromPort = wrong_send_recv_bidi;
}
