#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""platen --trace and --timeline as their users meet them. Run by ctest, one class at a time."""
import argparse
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

OPTIONS = None
SLICE = re.compile(r"pBuffer=@(\w+)\[(\d+)\+(\d+)\]")


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="platen-trace-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_platen(self, *words, stdin=subprocess.DEVNULL, **more):
        done = subprocess.run([OPTIONS.platen, *map(str, words)], cwd=self.folder, stdin=stdin,
                              capture_output=True, timeout=100, **more)
        self.out, self.err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        return done.returncode

    def platen(self, *words, status=0, **more):
        self.assertEqual(self.run_platen(*words, **more), status, f"{words}\n{self.out}{self.err}")
        return self.out

    def file(self, name, content):
        (self.folder / name).write_bytes(content)
        return content

    def random_file(self, name, size):
        return self.file(name, random.Random(size).randbytes(size))

    def trace(self, name="t"):
        text = (self.folder / name).read_bytes().decode("utf-8")
        self.assertTrue(text.endswith("\n"))
        lines = text.split("\n")[:-1]
        for line in lines:
            self.assertTrue(line.isprintable(), repr(line))
        self.assertRegex(lines[0], r"^platen-trace 1( brief)?$")
        return lines

    def line(self, pattern, lines=None):
        found = [line for line in lines or self.trace() if re.search(pattern, line)]
        self.assertTrue(found, pattern)
        return found[0]

    def printed_as_slices(self, content, lines):
        """The bytes that WritePort lines speak of are the document's."""
        streams = {}
        for line in lines:
            if found := re.match(r'stream @(\w+) (file|blob) "(.*)" size=(\d+)$', line):
                folder = self.folder if found[2] == "file" else self.folder / "t.data"
                streams[found[1]] = (folder / found[3]).read_bytes()
                self.assertEqual(len(streams[found[1]]), int(found[4]))
        slices = [SLICE.search(line) for line in lines if " WritePort " in line]
        data = b"".join(streams[s[1]][int(s[2]):int(s[2]) + int(s[3])] for s in slices)
        self.assertEqual(data, content)


class Recording(Case):
    def test_a_document_is_told_in_slices(self):
        data = self.random_file("in", 200000)
        self.platen("print", "--to", "file:out", "--trace", "t", "in")
        lines = self.trace()
        self.printed_as_slices(data, lines)
        self.line(rf'^stream @doc1 sha256="{hashlib.sha256(data).hexdigest()}"$')
        self.assertFalse((self.folder / "t.data").exists())
        self.assertLess(lines.index(self.line("^stream @doc1 file")), lines.index(self.line(r"@doc1\[")))

    def test_set_up_lines(self):
        self.random_file("in", 10)
        self.platen("print", "--to", "file:out", "--trace", "t", "in")
        lines = self.trace()
        self.assertEqual(lines[1], f'monitor builtin name="Platen Port" file-root="{self.folder}"')
        self.line('^port "file:out" to "file:out"$')
        self.platen("ports", "--monitor", OPTIONS.monitor, "--trace", "t")
        self.assertEqual(self.trace()[1], f'monitor "{OPTIONS.monitor}" name="trial_crash"')
        self.line("EnumPorts .*GOOD:")

    def test_the_registry_is_kept_as_it_was(self):
        self.platen("ports", "add", "SIM:one", "--registry", "r.reg", "--trace", "t")
        self.assertFalse(any(line.startswith("registry") for line in self.trace()))
        before = (self.folder / "r.reg").read_bytes()
        self.platen("ports", "add", "SIM:two", "--registry", "r.reg", "--trace", "t")
        self.assertEqual(self.trace()[1], f'registry load "{self.folder}/t.data/registry.reg"')
        self.assertEqual((self.folder / "t.data/registry.reg").read_bytes(), before)
        self.line("SetValue .*SIM:two")
        self.platen("ports", "--registry", "r.reg", "--trace", "-")
        self.assertIn(f'registry load "{self.folder}/r.reg"', self.out)

    def test_standard_input_is_kept(self):
        data = self.random_file("in", 200000)
        with subprocess.Popen(["cat", self.folder / "in"], stdout=subprocess.PIPE) as cat:
            self.platen("print", "--to", "file:out", "--trace", "t", "-", stdin=cat.stdout)
        self.assertEqual((self.folder / "out").read_bytes(), data)
        self.assertEqual((self.folder / "t.data/doc1.bin").read_bytes(), data)
        self.printed_as_slices(data, self.trace())
        self.line('pDocName="document"')
        with open(self.folder / "in", "rb") as file:
            self.platen("print", "--to", "file:out2", "--trace", "t", "-", stdin=file)
        self.assertEqual((self.folder / "out2").read_bytes(), data)

    def test_what_is_no_regular_file_is_kept(self):
        self.platen("print", "--to", "file:out", "--trace", "t", "/proc/version")
        data = Path("/proc/version").read_bytes()
        self.assertEqual((self.folder / "out").read_bytes(), data)
        self.assertEqual((self.folder / "t.data/doc1.bin").read_bytes(), data)
        self.line('pDocName="version"')
        os.mkfifo(self.folder / "pipe")
        with subprocess.Popen(f"echo page > {self.folder}/pipe", shell=True):
            self.platen("print", "--to", "file:out", "--trace", "t", "pipe")
        self.assertEqual((self.folder / "out").read_bytes(), b"page\n")
        self.file("empty", b"")
        self.platen("print", "--to", "file:out", "--trace", "t", "empty")
        self.line('^stream @doc1 file ".*/empty" size=0$')

    def test_everything_in_line(self):
        self.random_file("in", 100000)
        self.platen("print", "--to", "file:out", "--trace", "-", "in")
        lines = self.out.split("\n")
        self.assertEqual(lines[0], "platen-trace 1")
        write = self.line(" WritePort ", lines)
        self.assertGreater(len(write), 65536)
        self.assertNotIn("stream", self.out)
        self.assertEqual(sorted(os.listdir(self.folder)), ["in", "out"])

    def test_brief(self):
        self.random_file("in", 1000)
        self.platen("print", "--to", "file:out", "--trace", "t", "--trace-brief", "in")
        self.assertEqual(self.trace()[0], "platen-trace 1 brief")
        self.line("pBuffer=<1000 bytes>")
        self.assertFalse((self.folder / "t.data").exists())

    def test_names_cannot_break_a_line(self):
        name = "evil\x1b[31m\n\u202e\x07 \"\\.ps"
        self.file(name, b"page\n" * 100)
        self.platen("print", "--to", "file:out", "--trace", "t", name)
        self.line(r'^stream @doc1 file ".*evil\\x1b\[31m\\x0a\\u\{202e\}\\x07 \\"\\\\.ps" size=500$')
        self.line(r'pDocName="evil\\x1b')

    def test_a_trace_is_written_over(self):
        self.random_file("in", 1000)
        for _ in range(2):
            self.platen("print", "--to", "file:out", "--trace", "t", "--timeline", "l.json", "in")
            self.assertEqual(len([l for l in self.trace() if " StartDocPort " in l]), 1)
            json.loads((self.folder / "l.json").read_text())

    def test_a_failing_job_is_told_too(self):
        self.random_file("in", 1000)
        self.platen("print", "--to", "sim:x?script=take 100; error 28", "--trace", "t", "in", status=1)
        self.line("WritePort .*cbBuf=900 -> FALSE pcbWritten=0 ERROR_OUT_OF_PAPER")
        self.line("Shutdown .* -> done")

    def test_the_timeline_nests(self):
        self.random_file("in", 300000)
        self.platen("print", "--to", "file:out", "--timeline", "l.json", "in", "in")
        events = json.loads((self.folder / "l.json").read_text())
        rows = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
        self.assertEqual(set(rows.values()), {"caller", "file:out"})
        calls = [e for e in events if e["ph"] == "X"]
        outer = next(e for e in calls if e["name"] == "InitializePrintMonitor2")
        inner = next(e for e in calls if e["name"] == "OpenKey")
        self.assertLessEqual(outer["ts"], inner["ts"])
        self.assertLessEqual(inner["ts"] + inner["dur"], outer["ts"] + outer["dur"])
        self.assertEqual(len([e for e in calls if e["name"] == "WritePort"]), 10)
        self.assertFalse((self.folder / "t").exists())


class Refusing(Case):
    def setUp(self):
        super().setUp()
        self.random_file("in", 1000)

    def test_what_is_no_trace_is_left_alone(self):
        for option, word in (("--trace", "no trace"), ("--timeline", "no JSON")):
            self.file("letter", b"Dear all")
            self.platen("print", "--to", "file:out", option, "letter", "in", status=2)
            self.assertIn(word, self.err)
            self.assertEqual((self.folder / "letter").read_bytes(), b"Dear all")
        self.platen("print", "--to", "file:out", "--trace", "t", "--timeline", "letter", "in", status=2)
        self.assertFalse((self.folder / "t").exists() and (self.folder / "t").stat().st_size)

    def test_what_is_printed_is_not_written_over(self):
        self.platen("print", "--to", "file:out", "--trace", "t", "in")
        before = (self.folder / "t").read_bytes()
        self.platen("print", "--to", "file:out", "--trace", "t", "./t", status=2)
        self.assertEqual((self.folder / "t").read_bytes(), before)

    def test_options_that_do_not_go_together(self):
        self.platen("print", "--to", "file:out", "--trace-brief", "in", status=2)
        self.platen("print", "--to", "file:out", "--trace", "-", "--timeline", "-", "in", status=2)
        self.platen("print", "--to", "file:out", "--trace", "x", "--timeline", "x", "in", status=2)
        self.platen("list", "--trace", "x", status=2)

    def test_disk_full_is_5(self):
        for option in ("--trace", "--timeline"):
            self.platen("print", "--to", "file:out", option, "/dev/full", "in", status=5)
            self.assertIn("disk is full", self.err)
            self.assertEqual((self.folder / "out").read_bytes(), (self.folder / "in").read_bytes())
        with open("/dev/full", "wb") as full:
            done = subprocess.run([OPTIONS.platen, "ports", "--trace", "-"], stdout=full,
                                  stderr=subprocess.PIPE, cwd=self.folder, check=False)
        self.assertEqual(done.returncode, 5, done.stderr)

    def test_places_that_are_not_there_are_5(self):
        for option in ("--trace", "--timeline"):
            self.platen("print", "--to", "file:out", option, "missing/t", "in", status=5)
            self.assertIn("missing/t", self.err)
            self.platen("print", "--to", "file:out", option, self.folder, "in", status=5)
        self.assertFalse((self.folder / "out").exists())

    def test_a_folder_that_cannot_be_made_is_5(self):
        self.file("t.data", b"a file")
        with open(self.folder / "in", "rb") as file:
            self.platen("print", "--to", "file:out", "--trace", "t", "-", stdin=file, status=5)
        self.assertEqual((self.folder / "t.data").read_bytes(), b"a file")


class Crashing(Case):
    """A monitor that runs in our process ends it in WritePort: the trace is whole, and says where.
    Sanitizers have exit statuses of their own for that."""

    def crash(self, port):
        self.random_file("in", 1000)
        status = self.run_platen("print", "--in-process", "--monitor", OPTIONS.monitor, "--port", port,
                                 "--trace", "t", "--timeline", "l.json", "in")
        self.assertNotEqual(status, 0)
        lines = self.trace()
        self.line("StartDocPort .* -> TRUE", lines)
        events = json.loads((self.folder / "l.json").read_text())
        self.assertEqual([e["name"] for e in events if e["ph"] == "B"][0], "WritePort")
        self.assertNotIn("E", {e["ph"] for e in events})
        return status, lines

    def ends_in_write(self, port):
        status, lines = self.crash(port)
        self.assertRegex(lines[-1], rf"^{port} WritePort hPort=\$port1 pBuffer=@doc1\[0\+1000\] "
                                    r"cbBuf=1000 -> \?$")
        return status

    def test_abort(self):
        self.assertIn(self.ends_in_write("ABORT:"), (-6, 1, 66))

    def test_a_fault(self):
        self.assertIn(self.ends_in_write("FAULT:"), (-11, 1, 66))

    def test_a_full_stack(self):
        self.ends_in_write("STACK:")

    def test_exit(self):
        self.assertEqual(self.ends_in_write("EXIT:"), 4)

    def test_text_that_is_not_there(self):
        _, lines = self.crash("WILD:")
        self.assertRegex(lines[-2], r'^"?WILD:"?   OpenPrinterW.* -> \?$')
        self.assertRegex(lines[-1], r"^WILD: WritePort hPort=\$port1 .* -> \?$")

    def test_killed_while_it_waits(self):
        """What was told a moment ago is in the file, whatever happens."""
        self.random_file("in", 1000)
        child = subprocess.Popen([OPTIONS.platen, "print", "--to", "sim:x?script=stall", "--trace",
                                  "t", "in"], cwd=self.folder, stderr=subprocess.DEVNULL)
        try:
            path = self.folder / "t"
            while not path.exists() or b"StartDocPort" not in path.read_bytes():
                self.assertIsNone(child.poll())
        finally:
            child.kill()
            child.wait()
        self.trace()


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    parser.add_argument("--platen", required=True)
    parser.add_argument("--monitor", required=True)
    parser.add_argument("--sanitize", default="")
    parser.add_argument("classes", nargs="*")
    OPTIONS = parser.parse_args()
    if "thread" in OPTIONS.sanitize:
        # There a handler cannot fault: the sanitizer blocks all signals in it.
        del Crashing.test_text_that_is_not_there
    unittest.main(argv=[sys.argv[0], *OPTIONS.classes], verbosity=2)


if __name__ == "__main__":
    main()
