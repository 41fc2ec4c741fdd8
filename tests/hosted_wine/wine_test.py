#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Windows DLLs from the Linux command line, as users meet them. Run by ctest, one class at a time."""
import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "command"))
from case import OPTIONS, Case, main  # noqa: E402

FRIENDS = Path("..") / "friends"


def cache():
    for name, below in (("PLATEN_CACHE", ""), ("XDG_CACHE_HOME", "platen"), ("HOME", ".cache/platen")):
        if os.environ.get(name):
            return Path(os.environ[name]) / below / "wine"
    raise KeyError("HOME")


def prefixes():
    return {path for path in cache().glob("hosted.*") if path.is_dir()}


def processes_of(prefix):
    """Of a copy of the prefix, by the environment that they were started with."""
    wanted = b"WINEPREFIX=" + bytes(prefix)
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted in path.read_bytes().split(b"\0"):
                found.append(path)
        except OSError:
            pass
    return found


class WineCase(Case):
    def dll(self, name):
        return Path(OPTIONS.monitors) / f"{name}.dll"

    def printed(self, name, *more, port, document=b"a page\n", status=0, env=None):
        self.file("in", document)
        return self.platen("print", "--monitor", self.dll(name), "--port", port, *more, "in",
                           status=status, env=env)

    def seed(self, key, values):
        """A registry file for Wine."""
        lines = ["Windows Registry Editor Version 5.00", "", f"[HKEY_LOCAL_MACHINE\\{key}]"]
        lines += ['"{}"="{}"'.format(name, value.replace("\\", "\\\\")) for name, value in values.items()]
        return self.file("seed.reg", "\r\n".join(lines + ["", ""]).encode())

    def older_to(self, name):
        path = "Z:" + str(self.folder / name).replace("/", "\\")
        return "--wine-reg", self.seed(
            "System\\CurrentControlSet\\Control\\Print\\Monitors\\older", {"File": path})


class Monitors(WineCase):
    def test_ports_are_listed(self):
        self.assertIn("MINIMAL:", self.platen("ports", "--monitor", self.dll("minimal")))
        self.assertEqual(len(self.platen("ports", "--monitor", self.dll("jobs")).splitlines()), 8)

    def test_what_they_show_when_they_are_loaded(self):
        self.platen("inspect", "--load", self.dll("sick"))
        self.assertRegex(self.out, r"table     MONITOR2 of 184 bytes.*\n  has       EnumPorts .*\n  NULL ")
        self.assertRegex(self.out, r"instance  0x.*\n  ports     1: SICK:")
        self.platen("inspect", "--load", self.dll("older"))
        self.assertRegex(self.out, r"table     MONITOREX.*\n  has       EnumPorts [^\n]*\n  NULL ")
        self.platen("inspect", "--load", self.dll("sick"), status=4,
                    env={**os.environ, "SICK": "InitializePrintMonitor2:crash"})
        self.assertIn("EXCEPTION_ACCESS_VIOLATION", self.err)

    def test_documents_are_printed_and_jobs_reported(self):
        self.printed("minimal", port="MINIMAL:")
        self.printed("jobs", "--trace", "t", port="GOOD:")
        trace = (self.folder / "t").read_text()
        self.assertRegex(trace, r"SetJobW .*Command=.* -> TRUE")
        self.printed("jobs", port="STATUS:")
        self.assertRegex(self.err, r"STATUS:.*status 3")
        self.printed("jobs", port="FAIL:", document=bytes(1000), status=1)
        self.assertIn("WritePort", self.err)

    def test_byte_for_byte_by_the_registry_of_the_spooler(self):
        """Our own library as a DLL: what it may write to is a value behind MONITORREG."""
        if not self.dll("platen").exists():
            self.fail("platen.dll was not built")
        key = "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Print\\Monitors\\platen"
        root = "Z:" + str(self.folder).replace("/", "\\")
        self.file("r.reg", "Windows Registry Editor Version 5.00\n\n[{}]\n\"FileRoot\"=\"{}\"\n".format(
            key, root.replace("\\", "\\\\")).encode())
        (self.folder / "out").mkdir()
        names = [self.random_file(f"in{size}", size).name for size in (0, 1, 4095, 4097, 1 << 20)]
        self.platen("print", "--monitor", self.dll("platen"), "--registry", "r.reg", "--port",
                    "FILE:", "--output", "out/", *names)
        for name in names:
            self.assertSame(name, f"out/{name}")

    def test_ports_of_a_dll_last_in_the_spoolers_registry(self):
        for words in (["ports", "add", "KEPT_1", "--to", "socket://127.0.0.1:9100"], ["ports"]):
            self.platen(*words, "--monitor", self.dll("platen"), "--registry", "r.reg")
        self.assertIn("KEPT_1", self.out)
        self.assertIn("Ports\\KEPT_1]", (self.folder / "r.reg").read_bytes().decode("utf-16"))

    def test_what_the_host_answers_is_not_missing(self):
        self.platen("inspect", self.dll("caller"), "--dll-dir", self.dll("x").parent / FRIENDS,
                    "--json", "out.json")
        functions = [f for line in (self.folder / "out.json").read_text().splitlines()
                     for f in json.loads(line).get("imports", [])
                     if f["library"].lower() in ("winspool.drv", "spoolss.dll")]
        self.assertGreater(len(functions), 8)
        self.assertEqual({f["state"] for f in functions}, {"served"})

    def test_xcv(self):
        out = self.platen("xcv", "MonitorUI", "--monitor", self.dll("platen"))
        self.assertIn("localui.dll", out)
        self.platen("xcv", "NoSuchThing", "--monitor", self.dll("minimal"), status=1)
        out = self.platen("xcv", "NeverToldSize", "--out", "text", "--monitor", self.dll("caller"),
                          "--dll-dir", self.dll("x").parent / FRIENDS)
        self.assertEqual(out, "after all\n")

    def test_an_export_that_leads_to_another_dll(self):
        self.assertIn("MINIMAL:", self.platen("ports", "--monitor", self.dll("elsewhere")))

    def test_language_monitors(self):
        self.file("in", b"a page")
        words = ("print", "--port", "FILE:", "--output", "out", "in", "--language")
        self.platen(*words, self.dll("passing"))
        self.assertEqual((self.folder / "out").read_bytes(), b"@PJL JOB\r\na page@PJL EOJ\r\n")
        self.platen(*words, self.dll("older"))
        self.assertEqual((self.folder / "out").read_bytes(), b"<job>a page")

    def test_the_older_kind(self):
        data = self.random_file("in", 300001).read_bytes()
        self.printed("older", *self.older_to("out"), port="OLDER:", document=data)
        self.assertSame("in", "out")
        self.printed("older", *self.older_to("out"), "--language", self.dll("passing"), port="OLDER:")
        self.assertEqual((self.folder / "out").read_bytes(), b"@PJL JOB\r\na page\n@PJL EOJ\r\n")

    def test_the_kind_that_had_no_xcv_yet(self):
        self.printed("older", *self.older_to("out"), port="OLDER:", env={**os.environ, "OLDER_NT4": "1"})
        self.assertEqual((self.folder / "out").read_bytes(), b"a page\n")
        self.platen("xcv", "MonitorUI", "--monitor", self.dll("older"), status=1,
                    env={**os.environ, "OLDER_NT4": "1"})
        self.assertIn("ERROR_NOT_SUPPORTED", self.err)

    def test_the_same_lines_as_on_linux(self):
        """A trace of the DLL and one of the .so differ in times, names and places alone."""
        traces = []
        for monitor in (self.dll("minimal"), Path(OPTIONS.minimal)):
            self.random_file("in", 100000)
            self.platen("print", "--monitor", monitor, "--port", "MINIMAL:", "--trace", "t", "in")
            lines = (self.folder / "t").read_text().splitlines()
            lines = [line.split(" at=")[0].split(" size=")[0] for line in lines if " -> " in line]
            traces.append([line for line in lines if "DllMain" not in line])
        self.assertEqual(traces[0], traces[1])


class Imports(WineCase):
    def test_what_windows_offers(self):
        self.printed("caller", "--dll-dir", self.dll("x").parent / FRIENDS, "--verbose", "--trace", "t",
                     port="CALLER:")
        said = [line.split("prints: ")[1] for line in self.err.splitlines() if "prints: " in line]
        self.assertEqual([line for line in said if ": yes" not in line], [])
        self.assertEqual(len(said), 25)
        trace = (self.folder / "t").read_text()
        self.assertIn('pDocument="half a title"', trace)
        self.assertIn('pszStatus="toner l\u00f6w"', trace)

    def test_what_is_not_modelled_is_named_once(self):
        self.printed("caller", "--dll-dir", self.dll("x").parent / FRIENDS, "--verbose", port="CALLER:")
        for name in ("GetPrinterW", "GetPrinterDataW", "DeviceCapabilitiesW", "GetPrinterDriverDirectoryW"):
            self.assertEqual(self.err.count(f"called {name},"), 1)

    def test_keys_of_the_spooler_are_findings_elsewhere(self):
        self.printed("caller", "--dll-dir", self.dll("x").parent / FRIENDS, port="CALLER:")
        for name in ("RegOpenKeyExW", "RegSetValueExW", "RegCloseKey"):
            self.assertRegex(self.err, f"finding: .*{name}.*R6")

    def test_wine_reg(self):
        seed = self.seed("Software\\Platen Seed", {"Word": "planted"})
        words = ("--dll-dir", self.dll("x").parent / FRIENDS, "--verbose")
        self.printed("caller", *words, "--wine-reg", seed, port="CALLER:")
        self.assertIn("prints: seed: planted", self.err)
        self.printed("caller", *words, port="CALLER:")
        self.assertNotIn("prints: seed", self.err)
        self.printed("caller", *words, "--wine-reg", "missing.reg", port="CALLER:", status=3)
        self.assertIn("missing.reg", self.err)


class Trouble(WineCase):
    def test_a_missing_friend_is_named(self):
        self.platen("ports", "--monitor", self.dll("caller"), status=3)
        self.assertIn("friend.dll", self.err)

    def test_the_current_folder_is_not_searched(self):
        friend = (self.dll("x").parent / FRIENDS / "friend.dll").read_bytes()
        self.file("friend.dll", friend)
        self.platen("ports", "--monitor", self.dll("caller"), status=3)

    def test_without_wine(self):
        self.platen("ports", "--monitor", self.dll("minimal"), status=5, env={**os.environ, "PATH": ""})
        self.assertIn("Wine is missing", self.err)

    def test_without_a_place_for_the_prefix(self):
        self.file("not a folder")
        self.platen("ports", "--monitor", self.dll("minimal"), status=5,
                    env={**os.environ, "PLATEN_CACHE": str(self.folder / "not a folder/x"),
                         "PLATEN_WINEPREFIX": ""})
        self.assertIn("cannot be written", self.err)

    def test_not_in_this_process(self):
        self.platen("ports", "--in-process", "--monitor", self.dll("minimal"), status=3)
        self.assertIn("--in-process", self.err)

    def test_without_the_host(self):
        platen = self.folder / "platen"
        platen.write_bytes(Path(OPTIONS.platen).read_bytes())
        platen.chmod(0o755)
        done = subprocess.run([platen, "ports", "--monitor", self.dll("minimal")], capture_output=True)
        self.assertEqual(done.returncode, 5)
        self.assertIn(b"platen-host.exe", done.stderr)

    def test_what_is_no_monitor(self):
        self.file("x.dll", b"MZ, and nothing more")
        self.platen("ports", "--monitor", "x.dll", status=3)
        self.assertNotIn("%1", self.err)
        dialogs = self.dll("minimal").read_bytes().replace(
            b"InitializePrintMonitor2\0", b"InitializePrintMonitorUI")
        self.file("ui.dll", dialogs)
        self.platen("ports", "--monitor", "ui.dll", status=3)
        self.assertIn("dialogs", self.err)
        dll = bytearray(self.dll("minimal").read_bytes())
        at = int.from_bytes(dll[60:64], "little") + 4
        dll[at:at + 2] = b"\x64\xaa"
        self.file("arm.dll", dll)
        self.platen("ports", "--monitor", "arm.dll", status=3)
        self.assertIn("aarch64", self.err)


class CleaningUp(WineCase):
    def base_sums(self):
        base = Path(os.environ.get("PLATEN_WINEPREFIX", cache() / "prefix")) / "drive_c/windows"
        names = ("system32/localspl.dll", "system32/locale.nls", "win.ini")
        return [hashlib.sha256((base / name).read_bytes()).hexdigest() for name in names]

    def test_what_is_overwritten_in_place_is_not_the_bases(self):
        self.platen("ports", "--monitor", self.dll("minimal"))
        before = self.base_sums()
        self.file("in")
        self.platen("print", "--monitor", self.dll("sick"), "--port", "SICK:", "--verbose", "in",
                    env={**os.environ, "SICK": "WritePort:overwrite"})
        self.assertEqual(self.err.count("overwrote 4096 bytes"), 3)
        self.assertEqual(self.base_sums(), before)

    def hang(self, how):
        """While a call hangs, the signal comes; afterwards nothing of Wine is left."""
        self.file("in")
        before = prefixes()
        running = subprocess.Popen(
            [OPTIONS.platen, "print", "--monitor", self.dll("sick"), "--port", "SICK:", "--verbose", "in"],
            cwd=self.folder, env={**os.environ, "SICK": "WritePort:tell-and-hang"},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for line in running.stderr:
            if b"hangs" in line:
                break
        mine = [path for path in prefixes() - before
                if any(self.is_below(process, running.pid) for process in processes_of(path))]
        self.assertEqual(len(mine), 1)
        while running.poll() is None:  # the first one asks, the next one insists
            running.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(timeout=1)
        end = time.monotonic() + 60
        while (mine[0].exists() or processes_of(mine[0])) and time.monotonic() < end:
            time.sleep(0.02)
        self.assertFalse(mine[0].exists())
        self.assertEqual(processes_of(mine[0]), [])

    @staticmethod
    def is_below(process, parent):
        try:  # another test's may have ended by now
            text = (process.parent / "stat").read_text()
        except OSError:
            return False
        return int(text.rsplit(")", 1)[1].split()[1]) == parent

    def test_after_an_interrupt(self):
        self.hang(signal.SIGINT)

    def test_after_being_told_to_end(self):
        self.hang(signal.SIGTERM)

    def test_after_being_killed(self):
        self.hang(signal.SIGKILL)


if __name__ == "__main__":
    main(__name__)
