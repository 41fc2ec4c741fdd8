/* SPDX-License-Identifier: MIT
 *
 * Breaks R75: EnumSchema names a value that Get does not know.
 */
#include "style.h"

static DWORD WINAPI wrong_send_recv_bidi(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                         PBIDI_REQUEST_CONTAINER pReqData,
                                         PBIDI_RESPONSE_CONTAINER *ppResData)
{
    DWORD error =
        good.pfnSendRecvBidiDataFromPort(hPort, dwAccessBit, pAction, pReqData, ppResData);

    if (*ppResData && (*ppResData)->Count && lstrcmpiW(pAction, BIDI_ACTION_ENUM_SCHEMA) == 0 &&
        (*ppResData)->aData[0].data.u.sData)
        (*ppResData)->aData[0].data.u.sData[1] = 'Q';
    return error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnSendRecvBidiDataFromPort = wrong_send_recv_bidi;
}
