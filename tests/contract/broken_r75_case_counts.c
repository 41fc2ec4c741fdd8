/* SPDX-License-Identifier: MIT
 *
 * Breaks R75: actions are compared with case, and "get" is not supported.
 */
#include "style.h"

static DWORD WINAPI wrong_send_recv_bidi(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                         PBIDI_REQUEST_CONTAINER pReqData,
                                         PBIDI_RESPONSE_CONTAINER *ppResData)
{
    if (lstrcmpW(pAction, BIDI_ACTION_GET) != 0 && lstrcmpiW(pAction, BIDI_ACTION_GET) == 0) {
        *ppResData = NULL;
        return ERROR_NOT_SUPPORTED;
    }
    return good.pfnSendRecvBidiDataFromPort(hPort, dwAccessBit, pAction, pReqData, ppResData);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnSendRecvBidiDataFromPort = wrong_send_recv_bidi;
}
