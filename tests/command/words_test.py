#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The commands that answer questions: xcv, list, completion. Run by ctest, one class at a time."""
import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from case import OPTIONS, Case, main, native


class Xcv(Case):
    def test_answers_as_text(self):
        self.assertEqual(self.platen("xcv", "MonitorUI"), "localui.dll\n")
        self.assertEqual(self.platen("xcv", "PortExists", "nul:"), "1\n")
        self.assertEqual(self.platen("xcv", "PortExists", "LPT77:"), "0\n")
        self.assertEqual(self.platen("xcv", "PortIsValid", "SIM:7"), "")
        self.assertEqual(self.platen("xcv", "MonitorUI", "--object", ",XcvPort NUL:"), "localui.dll\n")

    def test_output_in_the_shape_that_is_asked_for(self):
        out = self.platen("xcv", "MonitorUI", "--out", "bytes").splitlines()
        self.assertEqual(out, ["6c 00 6f 00 63 00 61 00 6c 00 75 00 69 00 2e 00", "64 00 6c 00 6c 00 00 00"])

    def test_json(self):
        self.platen("xcv", "MonitorUI", "--json", "report")
        self.assertEqual(json.loads((self.folder / "report").read_text()),
                         {"event": "xcv", "name": "MonitorUI", "error": None, "bytes": 24,
                          "output": "localui.dll"})

    def test_structures_from_fields(self):
        self.platen("xcv", "AddPort", "name=IP_1", "host=10.0.0.9", "port=9101", "--registry", "r.reg")
        self.assertIn("IP_1", self.platen("ports", "--registry", "r.reg"))
        self.assertIn("dword:0000238d", (self.folder / "r.reg").read_text("utf-16"))
        self.platen("xcv", "DeletePort", "name=IP_1", "--registry", "r.reg")
        self.assertNotIn("IP_1", self.platen("ports", "--registry", "r.reg"))

    def test_settings_of_a_line_are_words(self):
        self.platen("ports", "add", "COM7:", "--registry", "r.reg")
        self.platen("xcv", "SetDefaultCommConfig", "baud=19200", "parity=even", "stop=1.5", "xon=on",
                    "dtr=handshake", "--object", ",XcvPort COM7:", "--registry", "r.reg")
        told = self.platen("xcv", "GetDefaultCommConfig", "COM7", "--registry", "r.reg").splitlines()
        for line in ("size=52", "baud=19200", "bits=8", "parity=even", "stop=1.5", "xon=on", "cts=off",
                     "dtr=handshake", "rts=on"):
            self.assertIn(line, told)

    def test_input_of_any_kind(self):
        name = "NUL:".encode("utf-16-le") + b"\0\0"
        self.assertEqual(self.platen("xcv", "PortExists", name.hex(), "--in", "bytes"), "1\n")
        self.file("name", name)
        self.assertEqual(self.platen("xcv", "PortExists", "name", "--in", "file"), "1\n")

    def test_what_the_monitor_refuses_is_1_and_named(self):
        for words, error in ((["Nope"], "ERROR_INVALID_PARAMETER"),
                             (["AddPort", "NUL:"], "ERROR_ALREADY_EXISTS"),
                             (["AddPort", "SIM:9", "--access", "0"], "ERROR_ACCESS_DENIED"),
                             (["DeletePort", "none such"], "ERROR_FILE_NOT_FOUND")):
            self.platen("xcv", *words, status=1)
            self.assertIn(error, self.err)

    def test_wrong_words_are_2_and_named(self):
        for words, what in (([], "NAME"), (["PortExists"], "one word"),
                            (["AddPort", "nam=x", "host=y"], "nam=x"),
                            (["AddPort", "name=x", "port=4294967296"], "port"),
                            (["AddPort", "name=" + 64 * "x", "host=h"], "63 characters"),
                            (["AddPort", "name=x", "protocol=ipp"], "lpr"),
                            (["MonitorUI", "--out", "foo"], "COMMCONFIG"),
                            (["PortExists", "xyz", "--in", "bytes"], "hexadecimal"),
                            (["PortExists", "missing", "--in", "file"], "missing"),
                            (["MonitorUI", "--object", ",XcvMonitor Nix"], "Nix"),
                            (["MonitorUI", "--object", "LPT1:"], "LPT1:"),
                            (["MonitorUI", "--access", "no"], "--access")):
            self.platen("xcv", *words, status=2)
            self.assertIn(what, self.err)


class Languages(Case):
    """A language monitor over the port monitor: examples/monitors/passing.c."""

    @native
    def test_what_it_adds_is_printed_around_the_job(self):
        self.file("in", b"a page")
        self.platen("print", "--language", self.monitor("passing"), "--port", "FILE:", "--output", "out", "in")
        self.assertEqual((self.folder / "out").read_bytes(), b"@PJL JOB\r\na page@PJL EOJ\r\n")

    @native
    def test_what_fails_below_is_told(self):
        self.file("in", b"a page")
        self.platen("print", "--language", self.monitor("passing"), "--to", "file:/dev/full", "in", status=1)
        self.assertIn("ERROR_DISK_FULL", self.err)

    @native
    def test_a_trace_shows_openportex_and_runs_again(self):
        self.file("in", b"a page")
        self.platen("print", "--language", self.monitor("passing"), "--port", "FILE:", "--output", "out", "in",
                    "--trace", "t")
        self.assertIn(" OpenPortEx ", (self.folder / "t").read_text())
        (self.folder / "out").unlink()
        self.platen("run", "t")
        self.assertEqual((self.folder / "out").read_bytes(), b"@PJL JOB\r\na page@PJL EOJ\r\n")

    @native
    def test_over_the_monitors_of_a_script(self):
        self.file("s.spool", b'monitor builtin\nsim x\nport "P" to "sim:x"\njob "P" data "a" -> printed\n'
                             b'expect sim x data="@PJL JOB\\r\\na@PJL EOJ\\r\\n"\n')
        self.platen("run", "s.spool", "--language", self.monitor("passing"))
        self.platen("run", "s.spool", status=1)
        self.platen("run", "s.spool", "--language", self.monitor("trial_jobs"), status=3)

    def test_a_port_monitor_is_none(self):
        self.file("in", b"a page")
        self.platen("print", "--language", self.monitor("trial_jobs"), "--port", "NUL:", "in", status=3)
        self.assertIn("OpenPortEx", self.err)

    def test_profiles(self):
        self.file("in", b"a page")
        self.platen("print", "--profile", "wine", "--port", "NUL:", "in")
        self.platen("print", "--profile", "vista", "--port", "NUL:", "in", status=2)
        self.assertIn("vista", self.err)


class Inspect(Case):
    def test_a_monitor_has_a_way_in_and_needs_nothing_that_is_missing(self):
        self.platen("inspect", self.monitor("trial_jobs"), "--json", "report")
        self.assertIn("InitializePrintMonitor2: a monitor with MONITOR2", self.out)
        self.assertIn("nothing speaks against", self.out)
        told = json.loads((self.folder / "report").read_text())
        self.assertEqual((told["event"], told["library"], told["problems"]), ("module", True, []))
        self.assertIn("InitializePrintMonitor2", told["exports"])

    @native
    def test_programs_are_no_monitors(self):
        self.platen("inspect", "/bin/true", status=3)
        self.assertIn("InitializePrintMonitor2", self.out)

    @native
    def test_a_module_that_needs_what_is_not_there(self):
        if not OPTIONS.cc:
            self.skipTest("no compiler")
        self.file("own.c", b"int nowhere(void); int InitializePrintMonitor2(void) { return nowhere(); }\n")
        self.file("friend.c", b"int here;\n")
        for words in (["friend.c", "-o", "libfriend.so"],
                      ["own.c", "-o", "own.so", "-Wl,--no-as-needed", "-L.", "-lfriend", "-Wl,-rpath,$ORIGIN"]):
            subprocess.run([OPTIONS.cc, "-shared", "-fPIC", *words], cwd=self.folder, check=True)
        self.platen("inspect", "own.so", status=3)
        self.assertIn("missing: nowhere", self.out)
        (self.folder / "libfriend.so").unlink()
        self.platen("inspect", "own.so", status=3)
        self.assertIn("libfriend.so, which it needs, is not found", self.out)

    def test_what_is_no_module_is_3_and_what_is_not_there_2(self):
        self.file("text", b"text\n")
        self.platen("inspect", "text", status=3)
        self.assertIn("neither", self.err)
        self.platen("inspect", "none", status=2)
        self.platen("inspect", status=2)


class Interrupted(Case):
    def start(self, *words):
        environment = {**os.environ, "TMPDIR": str(self.folder)}
        child = subprocess.Popen([OPTIONS.platen, *words], cwd=self.folder, env=environment,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE)
        self.addCleanup(child.stderr.close)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        return child

    def wait_until(self, what):
        until = time.monotonic() + 60
        while not what():
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)

    def end(self, child):
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=60)
        return child.returncode

    @native
    def test_show_leaves_nothing_behind(self):
        if not shutil.which("gs"):
            self.skipTest("no Ghostscript")
        self.file("endless.ps", b"%!PS\n{} loop\n")
        child = self.start("show", "--sheet", "sheet.png", "endless.ps")
        listed = lambda: subprocess.run(["ps", "-o", "pid=", "--ppid", str(child.pid)],  # noqa: E731
                                        capture_output=True).stdout.split()
        self.wait_until(listed)
        self.assertEqual(self.end(child), 1)
        self.assertEqual([one.name for one in self.folder.iterdir()], ["endless.ps"])

    @native
    def test_a_report_that_nobody_reads_is_waited_for_until_then(self):
        os.mkfifo(self.folder / "pipe")
        self.file("in")
        for words in (["ports"], ["print", "--port", "NUL:", "in"], ["show", "in"]):
            child = self.start(*words, "--json", "pipe")
            stat = Path(f"/proc/{child.pid}/stat")
            self.wait_until(lambda: stat.read_text().rpartition(")")[2].split()[0] == "S")
            self.assertNotEqual(self.end(child), 0, words)


class Lists(Case):
    def test_each_list_is_there_and_named_when_asked_wrongly(self):
        self.platen("list", status=2)
        lists = [line.split()[0] for line in self.err.splitlines() if line.startswith("  ")]
        self.assertIn("slots", lists)
        for name in lists:
            self.assertTrue(self.platen("list", name), name)
        self.platen("list", "reactions", "--profile", "nosuch", status=2)
        self.assertIn("no such profile", self.err)

    def test_tables(self):
        self.assertIn("WritePort(hPort, pBuffer, cbBuf, pcbWritten)", self.platen("list", "slots"))
        self.assertIn("PORT_DATA_1", self.platen("list", "xcv"))


class Completion(Case):
    @native
    def test_bash_completes_commands_options_lists_and_files(self):
        if shutil.which("bash") is None:
            self.skipTest("no bash")
        script = self.file("completion", self.platen("completion", "bash").encode())
        self.file("a page.ps")
        for words, expected in ((["li"], ["list"]), (["list", "slo"], ["slots"]),
                                (["print", "--titl"], ["--title"]), (["show", "a"], ["a page.ps"]),
                                (["explain", "--port"], []), (["print", "--to", "so"], ["socket://"]),
                                (["run", "--color", "n"], ["never"]), (["print", "--profile", "w"], ["windows", "wine"])):
            quoted = " ".join(f"'{word}'" for word in ["platen"] + words)
            done = subprocess.run(
                ["bash", "-c", f"source '{script}'; COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; "
                 "_platen; printf '%s\\n' \"${COMPREPLY[@]}\""],
                cwd=self.folder, capture_output=True, text=True, check=True)
            self.assertEqual([line for line in done.stdout.splitlines() if line and line != "completion"],
                             expected, words)

    def test_other_shells_are_2(self):
        self.platen("completion", "tcsh", status=2)
        self.assertIn("bash", self.err)


class Manual(Case):
    def test_every_command_and_option_stands_in_the_page(self):
        page = Path(OPTIONS.man).read_text(encoding="utf-8")
        known = set()
        commands = re.findall(r"^  (\w+) +\S", self.platen("--help").split("Exit status")[0], re.MULTILINE)
        self.assertGreater(len(commands), 10)
        for command in commands:
            part = re.search(rf"^\.SS platen {command} (.*?)^\.S[SH]", page, re.DOTALL | re.MULTILINE)[1]
            for option in re.findall(r"^  --([\w-]+)", self.platen(command, "--help"), re.MULTILINE):
                known.add(option)
                self.assertIn("\\-\\-" + option.replace("-", "\\-") + "\\fR", part)
        self.assertGreater(len(known), 50)
        described = re.findall(r"^\.TP\n\\fB((?:\\-|\w)+)\\fR", page.split(".SH OPTIONS")[1], re.MULTILINE)
        self.assertLessEqual(known, {name.replace("\\-", "-").lstrip("-") for name in described})

    def test_groff_has_nothing_to_say(self):
        done = subprocess.run(["groff", "-ww", "-man", "-Tutf8", "-z", OPTIONS.man], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))


if __name__ == "__main__":
    main(__name__)
