#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""platen as its users meet it. Run by ctest, one class at a time."""
import contextlib
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from case import OPTIONS, Case, main, native

class Usage(Case):
    def test_help_names_every_command_and_its_options(self):
        for word in ("print", "ports", "show", "bench", "explain", "list"):
            self.assertIn(word, self.platen("--help"))
            self.assertIn("--help", self.platen(word, "--help"))

    def test_wrong_words_are_2_and_named(self):
        for words, what in ((["prnt"], "prnt"), (["print", "--prot", "x"], "--prot"),
                            (["print", "--port"], "NAME"), (["print", "--verbose=1"], "verbose"),
                            (["print", "--port", "NUL:"], "FILE"), (["print", "x"], "--port"),
                            (["print", "--port", "NUL:", "--to", "null:", "x"], "--to"),
                            (["print", "--port", "NUL:", "--chunk", "zero", "x"], "--chunk"),
                            (["ports", "remove", "x"], "remove"), (["ports", "add"], "add"),
                            (["explain", "R121"], "R121"), (["list", "nothing"], "rules"),
                            (["bench", "slow"], "slow"), (["show"], "FILE"),
                            (["print", "--port", "FILE:", "x"], "--output")):
            self.platen(*words, status=2)
            self.assertIn(what, self.err)
        self.platen(status=2)

    @native
    def test_monitors_are_installed_on_windows_alone(self):
        for word in ("install", "uninstall"):
            self.platen(word, "--dry-run", status=5)
            self.assertIn("only Windows", self.err)
            self.platen(word, "platen.dll", status=2)
        self.platen("install", "--output", "traces", status=2)

    def test_what_it_knows(self):
        self.assertEqual(len(self.platen("list", "rules").splitlines()), 120)
        self.assertIn("file", self.platen("list", "backends"))
        self.assertIn("ERROR_UNKNOWN_PORT", self.platen("list", "errors"))
        self.assertIn("cbBuf", self.platen("explain", "R12", "r11"))

    def test_output_that_cannot_be_written_is_5(self):
        with open("/dev/full", "w") as full:
            command = [w for w in OPTIONS.wine.split(";") if w] + [OPTIONS.platen, "list", "rules"]
            done = subprocess.run(command, stdout=full, stderr=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 5)


class Printing(Case):
    def test_documents_arrive_identical(self):
        for size in (0, 1, 65535, 65536, 65537, 1 << 20):
            self.random_file("in", size)
            self.platen("print", "--port", "FILE:", "--output", "out", "in")
            self.assertSame("in", "out")

    def test_any_block_size(self):
        self.random_file("in", 300001)
        for chunk in (1000, 4096, 65536, 1 << 20):
            self.platen("print", "--to", "file:out", "--chunk", chunk, "in")
            self.assertSame("in", "out")

    def test_several_documents_into_a_folder(self):
        (self.folder / "printed").mkdir()
        names = [self.random_file(f"doc{i}", i * 1000).name for i in range(4)]
        self.platen("print", "--port", "FILE:", "--output", "printed/", *names)
        for name in names:
            self.assertSame(name, f"printed/{name}")
        self.platen("print", "--port", "FILE:", "--output", "one", *names, status=2)

    def test_a_long_print_then_a_short_one(self):
        self.random_file("long", 5000)
        self.random_file("short", 10)
        self.platen("print", "--to", "file:out", "long", "short")
        self.assertSame("short", "out")

    def test_standard_input(self):
        data = self.random_file("in", 200000)
        with open(data, "rb") as file:
            self.platen("print", "--to", "file:out1", "-", stdin=file)
        self.assertSame("in", "out1")
        reader, writer = os.pipe()
        feeder = subprocess.Popen(["cat", data], stdout=writer)
        os.close(writer)
        self.platen("print", "--to", "file:out2", "-", stdin=reader)
        os.close(reader)
        self.assertEqual(feeder.wait(), 0)
        self.assertSame("in", "out2")

    def test_ports_ignore_case(self):
        self.file("in")
        self.platen("print", "--port", "nul:", "in")

    def test_a_document_that_is_missing_does_not_stop_the_next(self):
        self.file("in")
        self.platen("print", "--to", "file:out", "missing", "in", status=1)
        self.assertIn("missing", self.err)
        self.assertSame("in", "out")

    @native
    def test_names_cannot_disturb_a_terminal(self):
        name = "evil\x1b[31m\n\u202e\x07.ps"
        self.file(name)
        out = self.platen("print", "--port", "NUL:", name) + self.err
        for forbidden in ("\x1b", "\x07", "\u202e"):
            self.assertNotIn(forbidden, out)
        self.assertEqual(len(out.splitlines()), 1)

    @native
    def test_progress_only_on_a_terminal_and_only_when_slow(self):
        self.random_file("in", 3000)
        self.platen("print", "--to", "sim:slow?script=rate 2000", "--chunk", "100", "in")
        self.assertNotIn("MiB/s", self.err)
        seen = self.on_terminal("print", "--to", "sim:slow?script=rate 2000", "--chunk", "100", "in")
        self.assertIn("MiB/s", seen)
        self.assertNotIn("MiB/s", self.on_terminal("print", "--port", "NUL:", "in"))

    def on_terminal(self, *words):
        leader, follower = pty.openpty()
        child = subprocess.Popen([OPTIONS.platen, *words], cwd=self.folder, stderr=follower,
                                 stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        os.close(follower)
        seen = b""
        with contextlib.suppress(OSError):
            while part := os.read(leader, 4096):
                seen += part
        os.close(leader)
        self.assertEqual(child.wait(), 0)
        return seen.decode()


class Trouble(Case):
    def setUp(self):
        super().setUp()
        self.random_file("in", 200000)

    def test_unknown_port_is_2_and_names_those_there_are(self):
        self.platen("print", "--port", "LPT9:", "in", status=2)
        self.assertIn("NUL:", self.err)

    def test_malformed_uris_are_2(self):
        for uri in ("nosuch:x", "sim:x?script=jump", "sim:x?speed=9", "file:", "null:?a"):
            self.platen("print", "--to", uri, "in", status=2)

    @native
    def test_disk_full(self):
        self.platen("print", "--to", "file:/dev/full", "in", status=1)
        self.assertIn("disk is full", self.err)
        self.platen("print", "--port", "NUL:", "in")

    def test_targets_that_cannot_be(self):
        (self.folder / "folder").mkdir()
        for target, word in (("missing/out", "folder does not exist"), ("folder", "folder")):
            self.platen("print", "--port", "FILE:", "--output", target, "in", status=1)
            self.assertIn(word, self.err)
            self.platen("print", "--port", "FILE:", "--output", "out", "in")
        self.assertSame("in", "out")

    @native
    def test_a_target_that_is_a_link_is_not_followed(self):
        self.file("canary", b"canary")
        os.symlink("canary", self.folder / "out")
        self.platen("print", "--port", "FILE:", "--output", "out", "in", status=1)
        self.assertEqual((self.folder / "canary").read_bytes(), b"canary")

    @native
    def test_a_folder_that_may_not_be_written(self):
        if os.getuid() != 0:
            self.skipTest("needs a user to give up rights to")
        os.chmod(self.folder, 0o755)
        # Who has no rights may not be able to reach the folder in which the program was built.
        program = self.folder / "platen"
        shutil.copy(OPTIONS.platen, program)
        done = subprocess.run([program, "print", "--port", "FILE:", "--output", "out", "in"],
                              cwd=self.folder, capture_output=True, user=65534, group=65534,
                              extra_groups=[])
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(b"access denied", done.stderr)

    def test_the_device_fails_and_the_next_job_is_fine(self):
        for script, word in (("take 100; error 28", "out of paper"), ("refuse 21", "not ready"),
                             ("end 1117", "device"), ("disconnect", "not connected")):
            self.platen("print", "--to", f"sim:x?script={script}", "in", status=1)
            self.assertIn(word, self.err)
        self.platen("print", "--to", "sim:x?script=take 100; error 28", "in", "in", status=1)
        self.assertEqual(len(self.out.splitlines()), 1, self.out)

    def test_a_job_that_takes_too_long_is_cancelled(self):
        self.platen("print", "--to", "sim:x?script=take 10; stall", "--timeout", "1", "in", status=1)
        self.assertIn("cancelled", self.err)

    def test_a_document_is_not_printed_onto_itself(self):
        before = (self.folder / "in").read_bytes()
        self.platen("print", "--to", "file:in", "in", status=1)
        self.platen("print", "--port", "FILE:", "--output", "./", "in", status=1)
        self.platen("print", "--to", "file:%69n", "./in", status=1)
        self.assertIn("onto itself", self.err)
        self.assertEqual((self.folder / "in").read_bytes(), before)

    def test_two_documents_of_one_name_do_not_become_one_file(self):
        for name in ("a", "b", "out"):
            (self.folder / name).mkdir()
        self.file("a/doc", b"1")
        self.file("b/doc", b"2")
        self.platen("print", "--port", "FILE:", "--output", "out/", "a/doc", "b/doc", status=2)
        self.assertEqual(os.listdir(self.folder / "out"), [])

    @native
    def test_standard_input_that_never_ends(self):
        reader, writer = os.pipe()
        self.platen("print", "--port", "NUL:", "--timeout", "1", "-", stdin=reader, status=1)
        self.assertIn("--timeout", self.err)
        os.close(reader)
        os.close(writer)

    @native
    def test_files_whose_size_is_a_lie(self):
        self.platen("print", "--to", "file:out", "/proc/version")
        self.assertEqual((self.folder / "out").read_bytes(), Path("/proc/version").read_bytes())

    @native
    def test_an_interrupt_cancels(self):
        child = subprocess.Popen([OPTIONS.platen, "print", "--to", "sim:x?script=stall",
                                  "--verbose", "in"], cwd=self.folder, stderr=subprocess.PIPE)
        os.set_blocking(child.stderr.fileno(), True)
        said = b""
        while b"a queue uses it" not in said:
            said = child.stderr.readline()
            self.assertTrue(said, "it ended by itself")
        with self.assertRaises(subprocess.TimeoutExpired):
            child.wait(0.5)
        child.send_signal(signal.SIGINT)
        err = child.communicate(timeout=60)[1].decode()
        self.assertEqual(child.returncode, 1, err)
        self.assertIn("cancelled", err)


class Ports(Case):
    def test_the_ports_that_are_there(self):
        out = self.platen("ports")
        self.assertEqual(out, self.platen("ports", "list"))
        self.assertRegex(out, r"(?m)^NUL: ")
        self.assertRegex(out, r"(?m)^FILE: ")

    def test_devices_are_discovered(self):
        out = self.platen("ports", "--discover", "--json", "report")
        lines = out.splitlines()
        for line in lines:
            self.assertRegex(line, r'^(direct|serial) (usb|parallel|serial):\S+ "[^"]+" "[^"]+"( ".+")?$')
        found = [json.loads(line) for line in (self.folder / "report").read_text().splitlines()]
        self.assertEqual([f"{one['way']} {one['uri']}" for one in found],
                         [" ".join(line.split()[:2]) for line in lines])
        self.platen("ports", "list", "--discover", status=2)
        self.platen("ports", "--discover", "--to", "socket://10.0.0.9", status=2)

    def test_added_ports_stay_in_the_registry_file(self):
        port = str(self.folder / "label.prn")
        self.random_file("in", 1000)
        self.platen("ports", "add", port, "--registry", "r.reg")
        self.assertIn("label.prn", self.platen("ports", "--registry", "r.reg"))
        self.assertNotIn("label.prn", self.platen("ports"))
        self.platen("print", "--port", port, "--registry", "r.reg", "in")
        self.assertSame("in", "label.prn")
        self.platen("ports", "add", port, "--registry", "r.reg", status=1)
        self.assertIn("exists", self.err)
        self.platen("ports", "delete", port, "--registry", "r.reg")
        self.assertNotIn("label.prn", self.platen("ports", "--registry", "r.reg"))
        self.platen("ports", "delete", port, "--registry", "r.reg", status=2)

    def test_changes_at_the_same_time_all_count(self):
        children = [subprocess.Popen([w for w in OPTIONS.wine.split(";") if w] +
                                     [OPTIONS.platen, "ports", "add", f"SIM:{i}", "--registry",
                                      "r.reg"], cwd=self.folder, stdout=subprocess.DEVNULL)
                    for i in range(8)]
        self.assertEqual([child.wait() for child in children], [0] * 8)
        listed = self.platen("ports", "--registry", "r.reg")
        self.assertEqual(len(re.findall(r"(?m)^SIM:", listed)), 8)
        self.assertEqual(os.listdir(self.folder), ["r.reg"])

    def test_the_registry_file_is_regedits(self):
        self.platen("ports", "add", "SIM:one", "--registry", "r.reg")
        text = (self.folder / "r.reg").read_bytes()
        self.assertTrue(text.startswith(b"\xff\xfe"))
        self.assertTrue(text.decode("utf-16").startswith("Windows Registry Editor Version 5.00\r\n"))

    def test_a_damaged_registry_file_is_named_and_left_alone(self):
        bad = self.file("r.reg", b"Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\X]\n\"a\"=?\n")
        before = bad.read_bytes()
        self.platen("ports", "add", "SIM:one", "--registry", "r.reg", status=2)
        self.assertIn("r.reg:4", self.err)
        self.assertEqual(bad.read_bytes(), before)

    def test_names_that_cannot_be(self):
        for name in ("x" * 300, "a\nb"):
            self.platen("ports", "add", name, "--registry", "r.reg", status=1)

    def test_tcp_ports(self):
        self.platen("ports", "add", "office", "--to", "socket://printer.example", "--registry", "r.reg")
        self.platen("ports", "add", "six", "seven", "--to", "socket://[fe80::1%25eth0]:9101/",
                    "--registry", "r.reg")
        out = self.platen("ports", "--registry", "r.reg")
        self.assertRegex(out, r"(?m)^office .* TCP/IP printer at printer\.example:9100\r?$")
        self.assertRegex(out, r"(?m)^six .* TCP/IP printer at \[fe80::1%eth0\]:9101\r?$")
        self.assertRegex(out, r"(?m)^seven .* TCP/IP printer at \[fe80::1%eth0\]:9101\r?$")
        text = (self.folder / "r.reg").read_bytes().decode("utf-16")
        self.assertIn("\\Ports\\office]", text)
        self.assertIn('"HostName"="fe80::1%eth0"', text)
        self.assertIn('"PortNumber"=dword:0000238d', text)
        self.platen("ports", "add", "OFFICE", "--to", "socket://a", "--registry", "r.reg", status=1)
        self.platen("ports", "add", "OFFICE", "--registry", "r.reg", status=1)
        self.platen("ports", "delete", "Office", "six", "--registry", "r.reg")
        text = (self.folder / "r.reg").read_bytes().decode("utf-16")
        self.assertNotIn("office", text)
        self.assertIn("seven", self.platen("ports", "--registry", "r.reg"))

    def test_the_longest_host_of_a_tcp_port(self):
        for length, version in ((48, 1), (127, 2)):
            self.platen("ports", "add", "p%d" % length, "--to", "socket://" + "h" * length,
                        "--registry", "r.reg")
            text = (self.folder / "r.reg").read_bytes().decode("utf-16")
            self.assertRegex(text, r'Ports\\p%d\]\s+"Protocol"=dword:0*1\s+"Version"=dword:0*%d\s+'
                             r'"HostName"="h{%d}"' % (length, version, length))
        self.platen("ports", "add", "p", "--to", "socket://" + "h" * 128, status=2)
        self.assertIn("127", self.err)

    def test_what_no_tcp_port_can_be(self):
        for to in ("socket://", "socket://a:0", "socket://a:65536", "socket://a:1x", "socket://a/b",
                   "socket://u@a", "socket://[::1", "socket://[::g]", "socket://a?contimeout=1",
                   "null:", ""):
            self.platen("ports", "add", "p", "--to", to, "--registry", "r.reg", status=2)
            self.assertIn("--to", self.err)
        self.platen("ports", "add", "n" * 64, "--to", "socket://a", "--registry", "r.reg", status=2)
        self.assertIn("63", self.err)
        self.platen("ports", "delete", "p", "--to", "socket://a", status=2)
        self.platen("ports", "list", "--to", "socket://a", status=2)
        self.assertFalse((self.folder / "r.reg").exists())

    @native
    def test_a_port_whose_target_became_a_link(self):
        port = str(self.folder / "out")
        self.file("in")
        self.file("canary", b"canary")
        self.platen("ports", "add", port, "--registry", "r.reg")
        os.symlink("canary", port)
        self.platen("print", "--port", port, "--registry", "r.reg", "in", status=1)
        self.assertEqual((self.folder / "canary").read_bytes(), b"canary")


class Monitors(Case):
    def setUp(self):
        super().setUp()
        self.random_file("in", 1000)

    def on(self, port, status=0):
        self.platen("print", "--monitor", self.monitor("trial_jobs"), "--port", port, "--json",
                    "j.json", "in", status=status)
        line = (self.folder / "j.json").read_text().splitlines()[-1]
        return json.loads(line)

    def test_a_foreign_monitor_prints_and_its_setjob_is_seen(self):
        self.assertEqual(self.on("GOOD:")["completions"], 1)
        self.assertEqual(self.on("SILENT:")["completions"], 0)

    def test_a_level_1_monitor_lists_its_ports(self):
        out = self.platen("ports", "--monitor", self.monitor("trial_jobs"))
        self.assertEqual(len(out.splitlines()), 8)

    def test_short_writes(self):
        job = self.on("SHORT:")
        self.assertEqual(job["bytes"], 1000)
        self.assertEqual(job["writes"], 143)

    def test_failures_name_call_and_code(self):
        for port, call, code in (("REFUSE:", "StartDocPort", 21), ("FAIL:", "WritePort", 29),
                                 ("NOTDONE:", "EndDocPort", 31)):
            job = self.on(port, status=1)
            self.assertEqual((job["call"], job["error"]["code"]), (call, code))
            self.assertIn(call, self.err)

    def test_failing_without_a_reason_is_a_finding(self):
        self.on("WORDLESS:", status=1)
        self.assertIn("finding", self.err)

    def test_port_status_is_told(self):
        self.on("STATUS:")
        self.assertRegex(self.err, r"STATUS:.*status 3")

    def test_our_own_library_is_a_monitor_like_others(self):
        library = Path(OPTIONS.platen).parent.parent / "lib" / "libplaten.so"
        if not library.exists():
            library = next(Path(OPTIONS.platen).parent.parent.glob("*/platen.dll"))
        self.platen("print", "--monitor", library, "--port", "NUL:", "in")
        # Files are off in a loadable module until the registry says where they may be.
        self.platen("print", "--monitor", library, "--port", "FILE:", "--output", "out", "in", status=1)
        self.assertIn("access denied", self.err)
        root = str(self.folder) if not OPTIONS.wine else "Z:" + str(self.folder).replace("/", "\\")
        key = f"HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Print\\Monitors\\{library.stem}"
        escaped = root.replace("\\", "\\\\")
        self.file("r.reg", f'Windows Registry Editor Version 5.00\n\n[{key}]\n"FileRoot"="{escaped}"\n'.encode())
        self.platen("print", "--monitor", library, "--registry", "r.reg", "--port", "FILE:",
                    "--output", "out", "in")
        self.assertSame("in", "out")

    @native
    def test_programs_are_off_in_a_module_until_the_registry_says_where_they_are(self):
        library = Path(OPTIONS.platen).parent.parent / "lib" / "libplaten.so"
        program = self.file("keep.sh", b"#!/bin/sh\nexec cat >kept\n")
        program.chmod(0o755)
        key = f"HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Print\\Monitors\\{library.stem}"
        port = f'[{key}\\Ports]\n"KEEP:"="exec:{program}?folder={self.folder}"\n'
        words = ("print", "--monitor", library, "--registry", "r.reg", "--port", "KEEP:", "in")
        self.file("r.reg", f"Windows Registry Editor Version 5.00\n\n{port}".encode())
        self.platen(*words, status=1)
        self.assertIn("access denied", self.err)
        self.assertFalse((self.folder / "kept").exists())
        for root, status in (("/usr/bin", 1), (self.folder, 0)):
            self.file("r.reg", f'Windows Registry Editor Version 5.00\n\n[{key}]\n"ProgramRoot"="{root}"\n\n'
                      f"{port}".encode())
            self.platen(*words, status=status)
        self.assertSame("in", "kept")

    def test_what_is_no_monitor_is_3(self):
        self.file("text.so", b"not a module")
        for path in ("missing.so", "./text.so"):
            self.platen("ports", "--monitor", path, status=3)
            self.assertIn(path.lstrip("./"), self.err)

    def build(self, name, source):
        self.file(name + ".c", source.encode())
        flags = [f for f in OPTIONS.cc.split(";") if f]
        subprocess.run([*flags, "-shared", "-fPIC", "-I", OPTIONS.include, "-o",
                        self.folder / (name + OPTIONS.suffix), self.folder / (name + ".c")],
                       check=True, capture_output=True)
        return "./" + name + OPTIONS.suffix

    @native
    def test_a_monitor_that_ends_the_process_is_4(self):
        ends = self.build("ends", "#include <platen/winsplp.h>\n#include <stdlib.h>\n"
                          "PLATEN_EXPORT LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT i, "
                          "PHANDLE m) { (void)i; (void)m; exit(0); }")
        self.platen("ports", "--monitor", ends, status=4)
        self.assertIn("ended the process", self.err)

    @native
    def test_monitors_that_must_be_refused_say_why(self):
        head = '#include <platen/winsplp.h>\nstatic MONITOR2 t;\n' \
               'PLATEN_EXPORT LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT i, PHANDLE m)\n'
        lacks = self.build("lacks", head + "{ (void)i; *m = 0; t.cbSize = sizeof t; return &t; }")
        self.platen("ports", "--monitor", lacks, status=3)
        self.assertIn("EnumPorts", self.err)
        self.assertIn("WritePort", self.err)
        null = self.build("null", head + "{ (void)i; (void)m; SetLastError(1167); return 0; }")
        self.platen("ports", "--monitor", null, status=3)
        self.assertIn("1167", self.err)
        nothing = self.build("nothing", "int x;")
        self.platen("ports", "--monitor", nothing, status=3)
        self.assertIn("InitializePrintMonitor2", self.err)


class Json(Case):
    def test_one_object_per_job(self):
        self.random_file("in", 1234)
        for line in self.platen("print", "--port", "NUL:", "--json", "-", "in", "in").splitlines():
            if line.startswith("{"):
                job = json.loads(line)
                self.assertEqual((job["state"], job["bytes"], job["error"]), ("printed", 1234, None))
        self.platen("print", "--port", "NUL:", "--json", "j", "in", "missing", "in", status=1)
        lines = [json.loads(line) for line in (self.folder / "j").read_text().splitlines()]
        self.assertEqual([job["state"] for job in lines], ["printed", "unreadable", "printed"])
        self.assertEqual(lines[1]["error"]["name"], "ERROR_FILE_NOT_FOUND")

    def test_a_document_is_never_taken_for_the_report(self):
        self.file("page.ps", b"%!PS\n")
        self.platen("print", "--port", "NUL:", "--json", "page.ps", "page.ps", status=2)
        self.assertEqual((self.folder / "page.ps").read_bytes(), b"%!PS\n")

    def test_ports_and_documents(self):
        self.file("page.ps", b"%!PS-Adobe-3.0\n%%Pages: 1\nshowpage\n")
        self.platen("ports", "--json", "p")
        names = [json.loads(line)["name"] for line in (self.folder / "p").read_text().splitlines()]
        self.assertEqual(sorted(names), ["FILE:", "NUL:"])
        self.platen("show", "--json", "s", "page.ps")
        shown = json.loads((self.folder / "s").read_text())
        self.assertEqual(shown["language"], "postscript")


class SystemCalls(Case):
    def test_exactly_one_write_per_writeport(self):
        if OPTIONS.sanitized:
            self.skipTest("strace sees Linux programs alone")
        self.random_file("in", 40 * 4096)
        done = subprocess.run(["strace", "-f", "-e", "trace=write", "-o", self.folder / "calls",
                               OPTIONS.platen, "print", "--to", "file:out", "--chunk", "4096",
                               "in"], cwd=self.folder, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        calls = re.findall(r"write\(\d+, .*, 4096\)\s+= 4096", (self.folder / "calls").read_text())
        self.assertEqual(len(calls), 40)
        self.assertSame("in", "out")


class Huge(Case):
    SIZE = (4 << 30) + 1

    def print_huge(self, *where):
        with open(self.folder / "in", "wb") as file:
            for at in range(0, self.SIZE - 64, 1 << 28):
                file.seek(at)
                file.write(b"%d" % at)
            file.truncate(self.SIZE)
        child = subprocess.Popen([OPTIONS.platen, "print", *where, "--json", "j", "in"],
                                 cwd=self.folder)
        peak = self.watch(child)
        self.assertEqual(child.returncode, 0)
        self.assertEqual(json.loads((self.folder / "j").read_text())["bytes"], self.SIZE)
        self.assertGreater(peak, 0)
        if not OPTIONS.sanitized:
            self.assertLess(peak, 16 << 10)

    @staticmethod
    def watch(child):
        """The most memory (KiB) it was ever seen to have had, until it ends."""
        peak = 0
        while child.poll() is None:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                status = Path(f"/proc/{child.pid}/status").read_text()
                if found := re.search(r"VmHWM:\s+(\d+)", status):
                    peak = max(peak, int(found[1]))
                child.wait(0.05)
        return peak

    def test_four_gibibytes_and_a_byte_in_16_mebibytes(self):
        self.print_huge("--port", "NUL:")


class HugeFile(Huge):
    def test_they_arrive_identical(self):
        self.print_huge("--to", "file:out")
        self.assertSame("in", "out")


if __name__ == "__main__":
    main(__name__)
