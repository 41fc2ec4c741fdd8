#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The recorder as its users meet it: before monitors of all kinds, and its traces, run again. Run by
ctest, one class at a time."""
import re
import shutil
from pathlib import Path

import case
from case import Case, main

KEY = r"HKEY_LOCAL_MACHINE\System\CurrentControlSet\Control\Print\Monitors"
JOBS = """
monitor $monitor name="Recorded"
EnumPorts Level=1 cbBuf=0 -> any
EnumPorts Level=2 -> TRUE
OpenPort pName="nosuch" -> FALSE any
OpenPort pName="{port}" -> TRUE pHandle=$port
StartDocPort hPort=$port -> TRUE
WritePort hPort=$port pBuffer="a page" -> TRUE pcbWritten=6
WritePort hPort=$port pBuffer="\\x00\\xff" -> TRUE pcbWritten=2
EndDocPort hPort=$port -> TRUE
ClosePort hPort=$port -> TRUE
stream @long random size=70000
job "{port}" @long -> printed bytes=70000
"""


class Recorded(Case):
    def setUp(self):
        super().setUp()
        self.monitors = {}
        self.traces = self.folder / "traces"

    def record(self, real, name="Recorded", folder=None):
        """The file of a registry in which the recorder stands before that monitor."""
        folder = folder or self.traces
        values = {"RecordDriver": real, "RecordFolder": folder, "RecordName": name}
        self.monitors[name] = "".join(f'"{key}"="{value}"\n' for key, value in values.items())
        text = "".join(f"[{KEY}\\{name}]\n{values}\n" for name, values in self.monitors.items())
        (self.folder / "recorded.reg").write_text("Windows Registry Editor Version 5.00\n\n" + text)
        return "--registry", "recorded.reg", "--monitor", case.OPTIONS.record

    def script(self, text):
        (self.folder / "s.spool").write_text(text)
        return "s.spool"

    def told(self, name):
        """The calls of each lane with what came of them, in their order."""
        lanes = {}
        for line in (self.folder / name).read_text().splitlines():
            call = re.fullmatch(r"(\S+|\"[^\"]*\") (\w+ \w+=.* -> .*?) at=\S+ took=\S+", line)
            if call:
                lanes.setdefault(call[1], []).append(call[2])
        self.assertTrue(lanes)
        return lanes

    def assertRunsAgain(self, real, calls):
        traces = sorted(self.traces.glob("*.trace"))
        self.assertTrue(traces)
        for trace in traces:
            self.assertTrue(trace.read_text().startswith("platen-trace 1 outside\n"))
        out = self.platen("run", *traces, "--monitor", real)
        self.assertIn(f"{len(traces)} passed", out)
        self.assertGreaterEqual(sum(trace.read_text().count("\ns") for trace in traces), calls)


class Monitors(Recorded):
    """What the spooler sees is the same with the recorder and without."""

    def check(self, real, port):
        script = self.script(JOBS.format(port=port))
        self.platen("run", script, "--monitor", real, "--trace", "without")
        self.platen("run", script, *self.record(real), "--trace", "with")
        self.assertEqual(self.told("with"), self.told("without"))
        self.assertRunsAgain(real, 12)

    def test_our_own(self):
        self.check(case.OPTIONS.library, "NUL:")

    def test_with_odd_handles(self):
        self.check(self.monitor("good_odd_handles"), "two")

    def test_with_ports_of_its_own(self):
        self.check(self.monitor("good_static"), "STATIC1:")

    def test_a_language_monitor(self):
        options = self.record(case.OPTIONS.library, "Below")
        self.record(self.monitor("good_language"), "Above")
        self.platen("run", self.script(
            'monitor $monitor name="Below"\nlanguage $monitor name="Above"\n'
            'printer "Q" on "NUL:" language="Above"\n'
            'job "Q" data "page" -> printed\n'), *options)
        above = next(self.traces.glob("Above-*.trace")).read_text()
        self.assertIn("\nlanguage ", above)
        self.assertRegex(above, r"\ns\d OpenPortEx .* -> TRUE pHandle=\$port1 ")
        below = next(self.traces.glob("Below-*.trace")).read_text()
        self.assertRegex(below, r"\ns\d WritePort .* pBuffer=\"@PJL JOB")


class Printing(Recorded):
    def test_a_document(self):
        self.file("page.prn", bytes(range(256)) * 300)
        self.file("file")
        for folder in (self.traces, self.folder / "file" / "below"):
            options = self.record(case.OPTIONS.library, "libplaten-record", folder=folder)
            self.platen("print", *options, "--port", "NUL:", "page.prn")
        self.assertRunsAgain(case.OPTIONS.library, 6)
        self.assertRunsAgain("builtin", 6)

    def test_a_trace_that_tells_what_is_not_so(self):
        options = self.record(case.OPTIONS.library)
        self.platen("run", self.script(JOBS.format(port="NUL:")), *options)
        trace = next(self.traces.glob("*.trace"))
        text = trace.read_text()
        trace.write_text(text.replace("pcbWritten=6", "pcbWritten=5"))
        self.platen("run", trace, status=1)
        self.assertIn("pcbWritten: expected 5, got 6", self.out)
        trace.write_text(text.replace("ERROR_UNKNOWN_PORT", "ERROR_INVALID_NAME"))
        self.platen("run", trace, status=1)


class Scripts(Recorded):
    """What our scripts expect of libplaten, they find behind the recorder."""

    def test_shipped(self):
        options = self.record(case.OPTIONS.library, "Platen Port")
        names = ("enum-ports end-doc names open-port read-port start-doc write-port "
                 "wrong-on-purpose xcv-buffers xcv-ports").split()
        folder = Path(case.OPTIONS.include) / "examples" / "spool"
        self.platen("run", *(folder / f"{name}.spool" for name in names), *options)

    def test_check(self):
        """Without a trace, whose names of handles would be told as memory that is not given back."""
        options = self.record(case.OPTIONS.library, "libplaten-record", folder=self.folder / "file")
        self.file("file")
        self.platen("check", *options[:2], case.OPTIONS.record, "load", "open", "shutdown")


class Recorded(Case):
    """More than a thousand calls that platen.dll got in Wine's spooler: tests/wine/record_test.c."""

    def check(self, monitor):
        shutil.unpack_archive(Path(case.OPTIONS.include) / "tests/record/wine.tar.gz", self.folder)
        out = self.platen("run", "wine.trace", "--monitor", monitor)
        self.assertIn(" 1 passed", out)
        calls = re.findall(r"\ns\d+ [A-Z]", (self.folder / "wine.trace").read_text())
        self.assertGreater(len(calls), 1000)


class Wine(Recorded):
    def test_on_our_own(self):
        self.check("builtin")

    def test_on_a_portable_build(self):
        self.check(case.OPTIONS.library)


class Dll(Recorded):
    def test_on_the_same_dll(self):
        self.check(case.OPTIONS.dll)


if __name__ == "__main__":
    main(__name__)
