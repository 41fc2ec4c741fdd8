/* SPDX-License-Identifier: MIT
 *
 * Breaks R75: EnumSchema is known in one spelling only.
 */
#include "style.h"

static DWORD WINAPI wrong_send_recv_bidi(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                         PBIDI_REQUEST_CONTAINER pReqData,
                                         PBIDI_RESPONSE_CONTAINER *ppResData)
{
    if (lstrcmpiW(pAction, BIDI_ACTION_ENUM_SCHEMA) == 0 &&
        lstrcmpW(pAction, BIDI_ACTION_ENUM_SCHEMA) != 0) {
        *ppResData = NULL;
        return ERROR_NOT_SUPPORTED;
    }
    return good.pfnSendRecvBidiDataFromPort(hPort, dwAccessBit, pAction, pReqData, ppResData);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnSendRecvBidiDataFromPort = wrong_send_recv_bidi;
}
