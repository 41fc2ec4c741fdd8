/* SPDX-License-Identifier: MIT
 *
 * Breaks R74: a text is called a number. Whoever reads the number reads half an address.
 */
#include "style.h"

static DWORD WINAPI wrong_send_recv_bidi(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                         PBIDI_REQUEST_CONTAINER pReqData,
                                         PBIDI_RESPONSE_CONTAINER *ppResData)
{
    DWORD error =
        good.pfnSendRecvBidiDataFromPort(hPort, dwAccessBit, pAction, pReqData, ppResData);

    for (DWORD i = 0; *ppResData && i < (*ppResData)->Count; i++)
        if ((*ppResData)->aData[i].data.dwBidiType == BIDI_STRING)
            (*ppResData)->aData[i].data.dwBidiType = BIDI_NULL;
    return error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnSendRecvBidiDataFromPort = wrong_send_recv_bidi;
}
