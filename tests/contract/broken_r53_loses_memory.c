/* SPDX-License-Identifier: MIT
 *
 * Breaks R53: each job costs some memory.
 */
#include "style.h"

static void *volatile lost;

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    lost = calloc(1, 4096);
    return good.pfnEndDocPort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEndDocPort = wrong_end_doc_port;
}
