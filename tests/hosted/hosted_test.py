#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""platen with monitors in hosts. Run by ctest, one class at a time."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "command"))
from case import OPTIONS, Case, main  # noqa: E402


def library():
    return Path(OPTIONS.platen).resolve().parent.parent / "lib" / "libplaten.so"


def state_of(process):
    """The letter of /proc: None for one that is gone, or as good as gone."""
    try:
        letter = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return None
    return None if letter == "Z" else letter


def wait_until(what):
    until = time.monotonic() + 60
    while not what():
        if time.monotonic() > until:
            raise AssertionError("it does not come about")
        time.sleep(0.01)


def children_of(process):
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True,
                            text=True).stdout
    return [int(word) for word in listed.split()]


class Crashes(Case):
    def ill(self, wish, *words, status):
        return self.platen(*words, status=status, env={**os.environ, "ILL": wish})

    def test_a_crash_is_4_and_names_the_call(self):
        self.file("a")
        self.file("b")
        self.ill("WritePort:crash", "print", "--monitor", self.monitor("trial_ill"), "--port",
                 "ILL:", "a", "b", status=4)
        self.assertEqual(len(re.findall("finding", self.err)), 1, self.err)
        self.assertRegex(self.err, r"finding: the monitor 'trial_ill' crashed .* in WritePort on the lane ILL:")
        self.assertRegex(self.err, r"a: failed .*1067")
        self.assertRegex(self.err, r"b: failed .*1067")

    def test_while_it_is_loaded(self):
        for deed, words in (("crash", "crashed"), ("exit", "ended the process"), ("abort", "crashed")):
            self.ill(f"InitializePrintMonitor2:{deed}", "ports", "--monitor",
                     self.monitor("trial_ill"), status=4)
            self.assertIn(words, self.err)
            self.assertIn("InitializePrintMonitor2", self.err)

    def test_a_job_that_is_called_off_ends_a_host_that_hangs(self):
        self.file("a")
        self.ill("WritePort:hang", "print", "--timeout", "3", "--monitor", self.monitor("trial_ill"),
                 "--port", "ILL:", "a", status=4)
        self.assertRegex(self.err, "did not come back within 18 s in WritePort")

    def test_in_process_is_the_old_way(self):
        self.file("a")
        self.platen("print", "--in-process", "--monitor", self.monitor("trial_ill"), "--port",
                    "ILL:", "a")
        self.ill("StartDocPort:_exit", "print", "--in-process", "--monitor",
                 self.monitor("trial_ill"), "--port", "ILL:", "a", status=3)


class Inspect(Case):
    def told(self, *words, status=0, **more):
        self.platen("inspect", "--load", "--json", "report", *words, status=status, **more)
        lines = (self.folder / "report").read_text().splitlines()
        return json.loads(lines[-1])

    def test_what_a_monitor_has(self):
        told = self.told(self.monitor("trial_ill"))
        self.assertEqual((told["event"], told["table"], told["error"]), ("loaded", "MONITOR2", None))
        self.assertEqual((told["cbSize"], told["beyond"], told["language"]), (184, [], False))
        self.assertEqual((told["instance"], told["ports"]), (None, ["ILL:"]))
        self.assertIn("PowerEvent", told["members"])
        self.assertIn("AddPort", told["null"])
        self.assertGreaterEqual(told["seconds"], told["init_seconds"])
        for words in ("MONITOR2 of 184 bytes, as Windows 8 and later have it", "instance  NULL",
                      "ports     1: ILL:", "initialised in"):
            self.assertIn(words, self.out)

    def test_of_32_bits(self):
        narrow = self.monitor("trial_ill32")
        if not Path(narrow).exists():
            self.skipTest("no host for 32 bits")
        told = self.told(narrow)
        self.assertEqual((told["cbSize"], told["ports"]), (92, ["ILL:"]))

    def test_a_language_monitor(self):
        told = self.told(self.monitor("trial_lingua"))
        self.assertEqual((told["language"], told["error"]), (True, None))
        self.assertIn("OpenPortEx", told["members"])

    def test_what_crashes_hangs_up_or_refuses(self):
        for wish, words in (("InitializePrintMonitor2:crash", "SIGSEGV"),
                            ("EnumPorts:exit", "status 0 in EnumPorts")):
            self.told(self.monitor("trial_ill"), status=4, env={**os.environ, "ILL": wish})
            self.assertEqual(len(re.findall("finding", self.err)), 1, self.err)
            self.assertIn(words, self.err)

    def test_what_is_no_monitor(self):
        told = self.told(self.made(), status=3)
        self.assertIsNotNone(told["error"])
        self.assertIn("InitializePrintMonitor2 (R1)", told["complaint"])

    def made(self):
        """A shared object that is no monitor."""
        for compiler in ("cc", "gcc", "clang"):
            if shutil.which(compiler):
                self.file("own.c", b"int here;\n")
                subprocess.run([compiler, "-shared", "own.c", "-o", "own.so"], cwd=self.folder, check=True)
                return "own.so"
        return self.skipTest("no compiler")


class Processes(Case):
    def start(self, *words, **more):
        child = subprocess.Popen([OPTIONS.platen, *map(str, words)], cwd=self.folder,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, **more)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.stderr.close)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        return child

    def test_the_host_dies_with_us(self):
        self.file("a")
        for wish in ("WritePort:hang", "StartDocPort:spawn"):
            more = {**os.environ, "ILL": wish}
            child = self.start("print", "--monitor", self.monitor("trial_ill"), "--port", "ILL:",
                               "a" if "hang" in wish else "-", env=more)
            wait_until(lambda: children_of(child.pid) or child.poll() is not None)
            hosts = children_of(child.pid)
            family = hosts + [one for host in hosts for one in children_of(host)]
            child.send_signal(signal.SIGKILL)
            child.wait()
            try:
                wait_until(lambda: not any(state_of(one) for one in family))
            except AssertionError:
                left = ",".join(str(one) for one in family if state_of(one))
                table = subprocess.run(["ps", "-o", "pid,ppid,pgid,stat,wchan:32,args", "-p", left],
                                       capture_output=True, text=True).stdout
                self.fail(f"{wish}: they are still there:\n{table}")

    def test_debug_stops_the_host_before_the_module_is_there(self):
        child = self.start("ports", "--debug", "--monitor", self.monitor("trial_ill"))
        line = child.stderr.readline().decode()
        host = int(re.search(r"process (\d+)", line)[1])
        wait_until(lambda: state_of(host) == "T")
        self.assertNotIn("trial_ill", Path(f"/proc/{host}/maps").read_text())
        os.kill(host, signal.SIGCONT)
        out, err = child.communicate(timeout=100)
        self.assertEqual(child.returncode, 0, err)
        self.assertIn(b"ILL:", out)

    def test_an_installed_program_finds_its_host(self):
        binaries = Path(OPTIONS.platen).resolve().parent
        for name in ("bin", "libexec/platen"):
            (self.folder / name).mkdir(parents=True)
        shutil.copy(binaries / "platen", self.folder / "bin")
        command = [self.folder / "bin" / "platen", "ports", "--monitor", self.monitor("trial_ill")]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(done.returncode, 3)
        self.assertIn("platen-host", done.stderr)
        shutil.copy(binaries / "platen-host", self.folder / "libexec" / "platen")
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_host_alone_says_what_it_is_for(self):
        host = Path(OPTIONS.platen).resolve().parent / "platen-host"
        done = subprocess.run([host], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("platen", done.stderr)


class Same(Case):
    """libplaten.so in a host and in this process."""

    def both(self, *words, status=0):
        """The output, which must be the same; each way has a registry of its own."""
        seen = []
        for way in ([], ["--in-process"]):
            name = "in-process" if way else "hosted"
            given = [str(word).replace("WAY", name) for word in words]
            self.platen(*given, "--monitor", library(), "--registry", f"{name}.reg", *way,
                        status=status)
            seen.append([re.sub(r" in [0-9.]+ s$", "", text.replace("hosted", "in-process"), flags=re.M)
                         for text in (self.out, self.err)])
        self.assertEqual(*seen)
        read = [(self.folder / f"{name}.reg") for name in ("hosted", "in-process")]
        self.assertEqual(read[0].exists(), read[1].exists())
        if read[0].exists():
            self.assertSame("hosted.reg", "in-process.reg")
        return seen[0][0]

    def test_ports_are_added_listed_and_deleted(self):
        for name in ("One:", "Two:"):
            self.both("ports", "add", name, "--to", "socket://127.0.0.1:9")
        self.assertIn("Two:", self.both("ports", "list"))
        self.both("ports", "delete", "One:")
        self.assertNotIn("One:", self.both("ports", "list"))
        self.both("ports", "delete", "One:", status=2)

    def test_xcv(self):
        self.both("xcv", "AddPort", "name=IP_1", "host=10.0.0.9")
        self.both("xcv", "GetConfigInfo", "--object", ",XcvPort IP_1")
        self.assertIn("IP_1", self.both("ports", "list"))
        self.both("xcv", "MonitorUI")
        self.both("xcv", "Nonsense", "x", status=1)

    def test_documents_arrive_identical(self):
        text = "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\System\\CurrentControlSet" \
               "\\Control\\Print\\Monitors\\libplaten]\n\"FileRoot\"=\"%s\"\n" % self.folder
        for name in ("hosted", "in-process"):
            self.file(f"{name}.reg", text.encode())
        for size in (0, 1, 255, 256, 257, 65535, 65537, 3 << 20):
            self.random_file("in", size)
            for chunk in (257, 65536, 1 << 20):
                if size / chunk < 500:
                    self.both("print", "--chunk", chunk, "--port", "FILE:", "--output", "WAY.out", "in")
                    self.assertSame("in", "hosted.out")

    def test_a_trace_of_a_host_is_a_trace_without(self):
        self.random_file("in", 200000)
        lines = []
        for way in ([], ["--in-process"]):
            self.platen("print", "--monitor", library(), "--port", "NUL:", "--trace", "t", "in", *way)
            text = (self.folder / "t").read_text()
            text = re.sub(r" (at|took|Time)=[0-9.]+| Submitted=\S+| pftLastWriteTime=\w+| hModule=\S+", "", text)
            lines.append(sorted(text.splitlines())) # lanes go on side by side
        self.assertEqual(*lines)
        self.assertIn("WritePort", "".join(lines[0]))

    def test_a_trace_of_a_host_runs_again(self):
        self.random_file("in", 200000)
        self.platen("print", "--monitor", library(), "--port", "NUL:", "--trace", "t", "in")
        self.platen("run", "t")
        self.platen("run", "--in-process", "t")


class Beside(Case):
    """Two instances of a monitor in one host, as a cluster has them (R7)."""

    BOTH = """spooler "node"
monitor $monitor name="M"
spooler "cluster" cluster=on
monitor $monitor name="M" beside="node"
xcv ",XcvMonitor M" AddPort "theirs:" -> any
EnumPorts Level=1 -> TRUE
spooler "node"
"""
    AFTER = """unload "M"
spooler "cluster"
OpenPort pName="NUL:" -> TRUE pHandle=$h
StartDocPort hPort=$h -> TRUE
WritePort hPort=$h pBuffer="page" -> TRUE pcbWritten=4
EndDocPort hPort=$h -> TRUE
ClosePort hPort=$h -> TRUE
unload "M" -> ERROR_SUCCESS
"""

    def run_script(self, text, *words, status=0):
        self.file("two.spool", text.encode())
        return self.platen("run", "two.spool", "--monitor", library(), *words, status=status)

    def test_one_goes_on_when_the_other_has_ended(self):
        self.run_script(self.BOTH + self.AFTER)
        self.run_script(self.BOTH + self.AFTER, "--in-process")

    def test_a_crash_takes_both(self):
        self.file("ill.spool", b"""spooler "node"
monitor $monitor
spooler "cluster" cluster=on
monitor $monitor beside="node"
spooler "node"
OpenPort pName="ILL:" -> TRUE pHandle=$h
StartDocPort hPort=$h -> TRUE
WritePort hPort=$h pBuffer="page" -> FALSE 1067
spooler "cluster"
EnumPorts Level=1 -> FALSE 1067
""")
        self.platen("run", "ill.spool", "--monitor", self.monitor("trial_ill"), status=1,
                    env={**os.environ, "ILL": "WritePort:crash"})
        self.assertEqual(len(re.findall("warning: finding", self.out)), 1, self.out)
        self.assertEqual(re.findall("expected: *(.*)", self.out), ["no finding"], self.out)

    def test_its_trace_runs_again(self):
        self.run_script(self.BOTH + self.AFTER, "--trace", "t")
        text = (self.folder / "t").read_text()
        self.assertRegex(text, r'(?m)^monitor .* beside="node"$')
        self.platen("run", "t")

    def test_who_is_not_there_is_named(self):
        self.run_script('monitor $monitor beside="nobody"\n', status=1)
        self.assertIn("there is no such spooler", self.out + self.err)
        self.run_script('spooler "a"\nspooler "b"\nmonitor $monitor beside="a"\n', status=3)
        self.assertIn("there is no host", self.out + self.err)


if __name__ == "__main__":
    main(__name__)
