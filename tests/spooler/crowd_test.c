/* SPDX-License-Identifier: MIT
 *
 * A thousand printers that take a byte at a time, ten thousand jobs of twenty bytes: all are
 * printed, in each printer's order, in little memory, and one printer that hangs holds nobody up.
 *
 * With the argument "pace" each byte takes a tenth of a second, twice, without and with a printer
 * that hangs: the others keep their pace.
 */
#include "stub.h"

#include <stdio.h>
#include <stdlib.h>

#define MOST    1000u
#define JOBS    10u
#define SIZE    20u
#define LARGEST (300u << 10) /* KiB of memory, with a thousand printers */
#define PACE    UINT64_C(100000000)
#define SECOND  UINT64_C(1000000000)

#if defined(__has_feature)
#    if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#        define SANITIZED 1
#    endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#    define SANITIZED 1
#endif

struct crowd_port {
    char16_t name[16];
    uint8_t data[JOBS * SIZE];
    uint32_t size;
    uint32_t last_job;
    bool in_doc;
    const char *wrong;
};

static struct {
    struct crowd_port ports[MOST];
    uint32_t count;
    uint64_t pace;  /* for a byte; 0: none */
    uint32_t hangs; /* index + 1; 0: none */
    struct gate gate;
} crowd;

/* ---- the monitor ----------------------------------------------------------------------------- */

static BOOL WINAPI enum_ports(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                              LPDWORD needed, LPDWORD returned)
{
    PORT_INFO_1W info;

    (void)monitor;
    (void)server;
    *returned = 0;
    *needed = crowd.count * (DWORD)(sizeof info + sizeof crowd.ports[0].name);
    if (level != 1)
        SPL->SetLastError(PLATEN_INVALID_LEVEL);
    else if (size < *needed)
        SPL->SetLastError(PLATEN_INSUFFICIENT_BUFFER);
    if (level != 1 || size < *needed)
        return FALSE;
    for (uint32_t i = 0; i < crowd.count; i++) {
        LPBYTE text = to + size / 2 * 2 - (i + 1) * sizeof crowd.ports[0].name;
        memcpy(text, crowd.ports[i].name, sizeof crowd.ports[0].name);
        info.pName = (LPWSTR)(void *)text;
        memcpy(to + i * sizeof info, &info, sizeof info);
    }
    *returned = crowd.count;
    return TRUE;
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE handle)
{
    (void)monitor;
    for (uint32_t i = 0; i < crowd.count; i++)
        if (platen_text_equal_folded(crowd.ports[i].name, name)) {
            *handle = &crowd.ports[i];
            return TRUE;
        }
    SPL->SetLastError(PLATEN_UNKNOWN_PORT);
    return FALSE;
}

static BOOL WINAPI start_doc_port(HANDLE handle, LPWSTR printer, DWORD job, DWORD level,
                                  LPBYTE info)
{
    struct crowd_port *port = handle;

    (void)printer;
    (void)level;
    (void)info;
    if (port->in_doc || job <= port->last_job)
        port->wrong = "a job came before an older one had ended";
    port->in_doc = true;
    port->last_job = job;
    return TRUE;
}

static BOOL WINAPI write_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    struct crowd_port *port = handle;
    static const uint32_t never;

    *written = 1;
    if (crowd.hangs == (uint32_t)(port - crowd.ports) + 1)
        gate_pass(&crowd.gate);
    if (crowd.pace != 0)
        platen_os_wait(&never, 0, platen_os_now() + crowd.pace);
    if (port->size == JOBS * SIZE || size > SIZE)
        port->wrong = "too many bytes";
    else
        port->data[port->size++] = *data;
    return TRUE;
}

static BOOL WINAPI read_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD moved)
{
    (void)handle;
    (void)data;
    (void)size;
    *moved = 0;
    return FALSE;
}

static BOOL WINAPI end_doc_port(HANDLE handle)
{
    ((struct crowd_port *)handle)->in_doc = false;
    return TRUE;
}

static BOOL WINAPI close_port(HANDLE handle)
{
    (void)handle;
    return TRUE;
}

static BOOL WINAPI xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE handle)
{
    (void)monitor;
    (void)object;
    (void)access;
    *handle = NULL;
    return FALSE;
}

static DWORD WINAPI xcv_data(HANDLE handle, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    (void)handle;
    (void)name;
    (void)in;
    (void)in_size;
    (void)out;
    (void)out_size;
    *needed = 0;
    return PLATEN_INVALID_PARAMETER;
}

static BOOL WINAPI xcv_close(HANDLE handle)
{
    (void)handle;
    return TRUE;
}

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    static MONITOR2 table = {.cbSize = sizeof table,
                             .pfnEnumPorts = enum_ports,
                             .pfnOpenPort = open_port,
                             .pfnStartDocPort = start_doc_port,
                             .pfnWritePort = write_port,
                             .pfnReadPort = read_port,
                             .pfnEndDocPort = end_doc_port,
                             .pfnClosePort = close_port,
                             .pfnXcvOpenPort = xcv_open,
                             .pfnXcvDataPort = xcv_data,
                             .pfnXcvClosePort = xcv_close};

    (void)init;
    *monitor = &crowd;
    return &table;
}

/* ---- the crowd ------------------------------------------------------------------------------- */

/* What the jobs of a printer consist of: A twenty times, B twenty times ... */
static uint8_t documents[JOBS][SIZE];

static platen_spooler *assemble(uint32_t printers)
{
    platen_spooler *spooler = new_spooler(NULL);
    char name[16];

    memset(crowd.ports, 0, sizeof crowd.ports);
    gate_prepare(&crowd.gate);
    crowd.count = printers;
    for (uint32_t i = 0; i < printers; i++) {
        snprintf(name, sizeof name, "Q%u:", (unsigned)i);
        platen_text_to16(name, SIZE_MAX, crowd.ports[i].name, 16);
    }
    assert_int_equal(platen_spooler_attach(spooler, "Crowd", entry, NULL), 0);
    for (uint32_t i = 0; i < printers; i++) {
        snprintf(name, sizeof name, "Q%u:", (unsigned)i);
        assert_int_equal(platen_printer_add(spooler, name, name), 0);
    }
    return spooler;
}

static void submit_all(platen_spooler *spooler)
{
    char name[16];

    for (uint32_t k = 0; k < JOBS; k++)
        for (uint32_t i = 0; i < crowd.count; i++) {
            snprintf(name, sizeof name, "Q%u:", (unsigned)i);
            submit_bytes(spooler, name, documents[k], SIZE);
        }
}

static void check(const struct crowd_port *port)
{
    assert_null(port->wrong);
    assert_int_equal(port->size, JOBS * SIZE);
    for (uint32_t k = 0; k < JOBS; k++)
        assert_memory_equal(port->data + (size_t)k * SIZE, documents[k], SIZE);
}

/* All jobs but those of the printer that hangs; then these too, once it goes on. */
static void wait_for_all(platen_spooler *spooler)
{
    for (uint32_t id = 1; id <= crowd.count * JOBS; id++)
        if ((id - 1) % crowd.count + 1 != crowd.hangs)
            assert_int_equal(platen_job_wait(spooler, id, PLATEN_FOREVER, NULL), 0);
}

/* The most memory that this process has had so far, in KiB; 0: nobody knows. */
static unsigned most_memory(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[128];
    unsigned most = 0;

    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "VmHWM: %u", &most) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return most;
}

static void a_thousand_printers(void **state)
{
    uint32_t printers = getenv("PLATEN_SLOW") != NULL ? 50 : MOST;
    struct platen_job_info info;

    (void)state;
    crowd.pace = 0;
    crowd.hangs = 7;
    platen_spooler *spooler = assemble(printers);
    submit_all(spooler);
    wait_for_all(spooler);
    gate_wait(&crowd.gate);
    assert_int_equal(platen_job_query(spooler, 7, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_PRINTING);
    gate_open(&crowd.gate);
    assert_int_equal(platen_job_wait(spooler, 0, PLATEN_FOREVER, NULL), 0);
#ifndef SANITIZED
    printf("[     INFO ] %u MiB at the most\n", most_memory() >> 10);
    assert_true(printers < MOST || most_memory() < LARGEST);
#else
    (void)most_memory;
#endif
    platen_spooler_destroy(spooler);
    for (uint32_t i = 0; i < printers; i++)
        check(&crowd.ports[i]);
}

/* ---- at their own pace ----------------------------------------------------------------------- */

static double time_of(uint32_t hangs)
{
    crowd.pace = PACE;
    crowd.hangs = hangs;
    platen_spooler *spooler = assemble(MOST);
    uint64_t begin = platen_os_now();
    submit_all(spooler);
    wait_for_all(spooler);
    double time = (double)(platen_os_now() - begin) / (double)SECOND;
    gate_open(&crowd.gate);
    assert_int_equal(platen_job_wait(spooler, 0, PLATEN_FOREVER, NULL), 0);
    platen_spooler_destroy(spooler);
    for (uint32_t i = 0; i < MOST; i++)
        check(&crowd.ports[i]);
    return time;
}

static void one_that_hangs_holds_nobody_up(void **state)
{
    double alone = time_of(0);
    double beside = time_of(7);

    (void)state;
    printf("[     INFO ] %.1f s, beside one that hangs %.1f s, %u MiB at the most\n", alone, beside,
           most_memory() >> 10);
    assert_true(beside * 0.9 <= alone);
    assert_true(most_memory() < LARGEST);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest all[] = {cmocka_unit_test(a_thousand_printers)};
    const struct CMUnitTest paced[] = {cmocka_unit_test(one_that_hangs_holds_nobody_up)};

    for (uint32_t k = 0; k < JOBS; k++)
        memset(documents[k], (int)('A' + k), SIZE);
    if (argc > 1 && strcmp(argv[1], "pace") == 0)
        return cmocka_run_group_tests(paced, NULL, NULL);
    return cmocka_run_group_tests(all, NULL, NULL);
}
