/* SPDX-License-Identifier: MIT
 *
 * A C++17 program with a queue of its own: it attaches the monitor to a spooler and prints a job.
 *   queue FOLDER     prints into FOLDER/out.prn
 */
#include <platen/monitor.h>
#include <platen/sim.h>
#include <platen/spooler.h>
#include <platen/tcpxcv.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "own_names.h"

namespace
{

const std::string page = "one page\n";
std::string folder;

struct failure {
    std::string what;
    uint32_t error;
};

void must(const std::string &what, uint32_t error)
{
    if (error != 0)
        throw failure{what, error};
}

/* The way in that the spooler calls: our monitor, with the spooler's functions and a file root. */
LPMONITOR2 WINAPI make_monitor(PMONITORINIT init, PHANDLE handle)
{
    platen_monitor_options options{};
    options.size = sizeof options;
    options.imports = platen_spooler_imports();
    options.file_root = folder.c_str();
    return platen_monitor_create(init, &options, handle);
}

LPMONITOR2 WINAPI refuse(PMONITORINIT, PHANDLE handle)
{
    *handle = nullptr;
    platen_spooler_imports()->SetLastError(ERROR_BUSY);
    return nullptr;
}

struct destroy {
    void operator()(platen_spooler *spooler) const
    {
        platen_spooler_destroy(spooler);
    }
};

using spooler_pointer = std::unique_ptr<platen_spooler, destroy>;

spooler_pointer make_spooler()
{
    platen_spooler_options options{};
    options.size = sizeof options;
    platen_spooler *spooler = nullptr;
    must("platen_spooler_create", platen_spooler_create(&options, &spooler));
    return spooler_pointer(spooler);
}

void attach(platen_spooler *spooler)
{
    HANDLE instance = nullptr;
    const MONITOR2 *table = nullptr;
    must("attach", platen_spooler_attach(spooler, "Ours", make_monitor, nullptr));
    must("monitor", platen_spooler_monitor(spooler, "Ours", &instance, &table));
    must("port",
         platen_monitor_add_port(instance, "OUT:", ("file:" + folder + "/out.prn").c_str()));
}

/* What the monitor sets is what the spooler reads, in whichever library each of them lies. */
void attach_what_refuses(platen_spooler *spooler)
{
    char *complaint = nullptr;
    uint32_t error = platen_spooler_attach(spooler, "Another", refuse, &complaint);
    bool said = complaint != nullptr;
    platen_free(complaint);
    if (error != ERROR_BUSY || !said)
        throw failure{"a monitor that refuses", error};
}

void print(platen_spooler *spooler)
{
    platen_document document{};
    document.size = sizeof document;
    document.title = "a page";
    document.data = page.data();
    document.data_size = page.size();
    uint32_t job = 0;
    platen_job_info info{};
    must("printer", platen_printer_add(spooler, "Queue", "OUT:"));
    must("submit", platen_job_submit(spooler, "Queue", &document, &job));
    must("wait", platen_job_wait(spooler, job, PLATEN_FOREVER, &info));
    must("job", info.error);
    if (info.state != PLATEN_JOB_PRINTED || info.bytes != page.size())
        throw failure{"the job's state", static_cast<uint32_t>(info.state)};
}

void compare()
{
    std::ifstream file(folder + "/out.prn", std::ios::binary);
    std::string got{std::istreambuf_iterator<char>(file), {}};
    if (got != page)
        throw failure{"what was printed: " + got, 0};
}

} // namespace

int main(int count, char **words)
{
    if (count != 2)
        return 2;
    folder = words[1];
    try {
        spooler_pointer spooler = make_spooler();
        attach(spooler.get());
        attach_what_refuses(spooler.get());
        print(spooler.get());
        compare();
    } catch (const failure &it) {
        std::cerr << "queue: " << it.what << ": " << it.error << "\n";
        return 1;
    }
    return 0;
}
