#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Scripts and traces as their writers meet them: platen run. Run by ctest, one class at a time."""
import json
import os
import re
import shlex
import signal
import subprocess
import xml.etree.ElementTree
from pathlib import Path

import case
from case import Case, main, native
from wrong import WRONG

SIM = 'monitor builtin\nsim printer\nport "P" to "sim:printer"\n'


class Scripts(Case):
    def script(self, text, name="s.spool"):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return name

    def run_text(self, text, *words, status=0):
        return self.platen("run", self.script(text), *words, status=status)


class Wrong(Scripts):
    def test_every_error_has_its_place(self):
        for number, (text, expected) in enumerate(WRONG):
            with self.subTest(text):
                self.run_text(text, status=2)
                self.assertEqual(self.err, "".join(f"platen: s.spool:{line}\n" for line in expected))
                self.assertEqual(self.out, "")

    def test_nothing_runs_if_anything_is_wrong(self):
        good = self.script('file "made" data "x"\nexpect file "made" size=1\n', "good.spool")
        bad = self.script("jub\n", "bad.spool")
        self.platen("run", good, bad, status=2)
        self.assertFalse((self.folder / "made").exists())
        self.platen("run", good)
        self.assertTrue((self.folder / "made").exists())

    def test_a_dry_run_runs_nothing(self):
        self.run_text('file "made" data "x"\nexpect file "made" size=1\n', "--dry-run")
        self.assertFalse((self.folder / "made").exists())
        self.run_text("jub\n", "--dry-run", status=2)

    def test_only_so_many_errors_are_told(self):
        self.run_text("jub\n" * 1000, status=2)
        self.assertEqual(len(self.err.splitlines()), 20)

    def test_files_that_are_none(self):
        self.platen("run", status=2)
        self.platen("run", "nosuch.spool", status=2)
        self.assertEqual(self.err, "platen: nosuch.spool: not found\n")
        (self.folder / "empty").mkdir()
        self.platen("run", "empty", status=2)
        self.assertIn("no .spool file", self.err)

    def test_errors_in_included_files_have_their_own_place(self):
        self.script("\njub\n", "parts/a.spool")
        self.run_text('include "parts/a.spool"\n', status=2)
        self.assertEqual(self.err, "platen: parts/a.spool:2:1: there is no slot or verb jub; job?\n")

    def test_files_that_include_each_other(self):
        self.script('include "b.spool"\n', "a.spool")
        self.script('include "a.spool"\n', "b.spool")
        self.platen("run", "a.spool", status=2)
        self.assertEqual(self.err, "platen: b.spool:1:1: a.spool: this file includes itself\n")
        for depth in range(20):
            self.script(f'include "d{depth + 1}.spool"\n', f"d{depth}.spool")
        self.platen("run", "d0.spool", status=2)
        self.assertIn("too many files include each other", self.err)
        for depth in range(12):
            self.script(f'include "w{depth + 1}.spool"\n' * 8, f"w{depth}.spool")
        self.script("expect time seconds=0..60\n", "w12.spool")
        self.platen("run", "w0.spool", status=2)
        self.assertIn("too many files are included", self.err)


class Language(Scripts):
    def test_a_failure_says_where_what_and_how_to_see_it_again(self):
        out = self.run_text('test "it\'s one" {\n' + SIM +
                            'job "P" data "abc" -> printed bytes=4\n}\n', status=1)
        self.assertIn("s.spool:5:31: job", out)
        self.assertRegex(out, r"expected: printed bytes=4\n\s+got: +printed bytes=3\n")
        self.assertIn("platen run s.spool --only 'it'\\''s one'", out)
        self.platen("run", "s.spool", "--only", "it's one", status=1)

    def test_the_line_that_runs_it_again_does(self):
        names = ("it's", "a\\\\b", "*?[a-z]", "\\x1b[31m\\n[PASS]", "\\u{202e}\\u{d800}\u00e4", "", "x*" * 200)
        for name in names:
            with self.subTest(name):
                out = self.run_text(f'test "{name}" {{\nexpect time seconds=1000\n}}\n'
                                    'test "other" {\nexpect time seconds=1000\n}\n',
                                    "--seed", "7", "--timeout", "50", status=1)
                line = shlex.split(re.search("again: platen (.*)", out)[1])
                self.assertEqual(line[4:], ["--seed", "7", "--timeout", "50"])
                self.platen(*line, status=1)
                self.assertIn("1 test in", self.out)

    def test_a_line_that_has_no_room_is_none(self):
        folder = "/".join("d" * 70 for _ in range(13))
        (self.folder / folder).mkdir(parents=True)
        for length in range(40, 70):
            path = f"{folder}/{'f' * length}.spool"
            self.script('test "a b" {\n}\n', path)
            again = re.search("again: platen (.*)", self.platen("run", path, status=1))
            if again:
                self.assertEqual(shlex.split(again[1])[1:], [path, "--only", "a b"])

    def test_a_script_that_expects_nothing_fails(self):
        self.assertIn("nothing was checked", self.run_text(SIM, status=1))

    def test_a_failing_expectation_ends_nothing(self):
        out = self.run_text(SIM + 'job "P" data "a" -> failed\njob "P" data "b" -> failed\n', status=1)
        self.assertEqual(out.count("expected:"), 2)

    def test_a_failing_setup_ends_the_test(self):
        out = self.run_text('test "one" {\nmonitor builtin\nprinter "X" on "nosuch"\nlog "never"\n}\n'
                            'test "two" {\n' + SIM + 'job "P" data "a" -> printed\n}\n',
                            "--verbose", status=1)
        self.assertIn("ERROR_UNKNOWN_PORT", out)
        self.assertNotIn("never", out)
        self.assertRegex(out, r"two +\[PASS\]")

    def test_a_monitor_that_does_not_load_is_3(self):
        self.run_text('monitor "nosuch.so"\nEnumPorts -> TRUE\n', status=3)
        self.run_text('monitor "nosuch.so" -> ERROR_FILE_NOT_FOUND|ERROR_MOD_NOT_FOUND\n')

    def test_skipping_everything_is_77(self):
        self.assertIn("for a reason", self.run_text('skip "for a reason"\n', status=77))
        self.run_text('test "a" {\nskip "x"\n}\ntest "b" {\nexpect time seconds=0..60\n}\n')
        self.run_text('expect time seconds=1000\nskip "too late"\n', status=1)

    def test_xfail(self):
        self.run_text('xfail "known"\nexpect time seconds=1000\n')
        out = self.run_text('xfail "known"\nexpect time seconds=0..60\n', status=1)
        self.assertIn("[XPASS]", out)

    def test_xfail_does_not_cover_what_could_not_be_tried(self):
        for lines in ('port "P" to "bad:x"', 'ClosePort hPort=$nobody -> TRUE', 'monitor "nosuch.so"'):
            out = self.run_text(f'xfail "x"\nmonitor builtin\n{lines}\nEnumPorts -> FALSE any\n',
                                status=3 if "nosuch" in lines else 1)
            self.assertIn("[ERROR]", out)

    def test_tests_are_listed(self):
        self.script('include "b.spool"\ntest "one" {\n}\n', "a.spool")
        self.script('test "two" {\n}\n', "b.spool")
        self.script("monitor builtin\n", "c.spool")
        out = self.platen("run", "--list", "a.spool", "c.spool")
        self.assertEqual(out, "b.spool:1: two\na.spool:2: one\nc.spool\n")
        self.assertEqual(self.platen("run", "--list", "a.spool", "--only", "t*"), "b.spool:1: two\n")
        self.platen("run", "--list", "a.spool", "--only", "x", status=2)

    def test_every_test_begins_with_the_registry_that_is_named(self):
        text = ('test "{}" {{\nmonitor builtin\nEnumPorts -> any\nregistry expect "HKLM\\\\Software\\\\P" "A" -> present value="kept"\n'
                'registry set "HKLM\\\\Software\\\\P" "A" "other"\n'
                'registry expect "HKLM\\\\Software\\\\P" "A" -> present value="other"\n}}\n')
        self.script(text.format("a") + text.format("b"))
        before = ('Windows Registry Editor Version 5.00\r\n\r\n'
                  '[HKEY_LOCAL_MACHINE\\Software\\P]\r\n"A"="kept"\r\n\r\n').encode()
        self.file("r.reg", before)
        self.platen("run", "s.spool", "--registry", "r.reg", "--trace", "t")
        self.assertEqual((self.folder / "r.reg").read_bytes(), before)
        self.platen("run", "t")
        self.platen("run", "s.spool", status=1)
        self.platen("run", "s.spool", "--registry", "missing.reg", status=2)
        self.assertIn("--registry missing.reg: ", self.err)

    def test_only(self):
        text = "".join(f'test "{name}" {{\nexpect time seconds=0..60\n}}\n' for name in ("a1", "a2", "b"))
        self.assertEqual(self.run_text(text).count("[PASS]"), 3)
        self.assertEqual(self.run_text(text, "--only", "a*").count("[PASS]"), 2)
        self.assertEqual(self.run_text(text, "--only", "[!a]").count("[PASS]"), 1)
        self.run_text(text, "--only", "c", status=2)

    def test_folders(self):
        for name in ("z", "a", "m"):
            self.script("expect time seconds=0..60\n", f"all/{name}.spool")
        self.script("jub\n", "all/notes.txt")
        out = self.platen("run", "all")
        self.assertEqual(re.findall(r"all/(.)\.spool:", out), ["a", "m", "z"])

    def test_seeds(self):
        text = 'stream @r random size=8 seed=$seed\nfile "out" @r\nexpect file "out" size=8\n'
        seen = set()
        for seed in ("1", "2", "1"):
            self.run_text(text, "--seed", seed)
            seen.add((self.folder / "out").read_bytes())
        self.assertEqual(len(seen), 2)

    def test_the_folder_of_a_test_is_fresh_and_goes(self):
        out = self.run_text('test "a" {\nlog "${tmp}"\nfile "${tmp}/x" data "1"\nexpect file "${tmp}/x" size=1\n}\n'
                            'test "b" {\nlog "${tmp}"\nexpect file "${tmp}/x" absent\n}\n', "--verbose")
        folders = set(re.findall(r"\S*platen-\w+", out))
        self.assertEqual(len(folders), 2, out)
        for folder in folders:
            self.assertFalse(Path(folder).exists())

    def test_what_hangs_is_ended(self):
        out = self.run_text('test "hangs" {\n' + SIM + 'fault EndDocPort hang\njob "P" data "a" -> printed\n}\n'
                            'test "goes on" {\n' + SIM + 'job "P" data "a" -> printed\n}\n',
                            "--timeout", "1", status=1)
        self.assertIn("longer than 1 second", out)
        self.assertRegex(out, r"goes on +\[PASS\]")

    def test_lanes_that_wait_are_ended(self):
        out = self.run_text(SIM + 'sim printer "stall"\nparallel {\nlane a {\njob "P" data "x" -> printed\nbarrier b\n}\n'
                            'lane b {\nbarrier b\n}\n}\n', "--timeout", "1", status=1)
        self.assertIn("longer than 1 second", out)

    def test_virtual_time_is_quick(self):
        self.run_text('clock virtual\n' + SIM + 'sleep 180\nexpect time seconds=180\n', "--timeout", "20")

    def test_devices_beside_a_virtual_clock_are_refused_when_it_runs(self):
        out = self.run_text('clock virtual\nmonitor builtin\nset $uri "file:/x"\nport "P" to $uri\n'
                            'EnumPorts -> TRUE\n', status=1)
        self.assertIn("virtual clock", out)

    def test_findings_fail_a_test(self):
        text = SIM + 'fault WritePort error 0\njob "P" data "a" -> failed any\n'
        self.assertIn("no finding", self.run_text(text, status=1))
        self.run_text(text + "expect event finding\n")

    def test_sweeps(self):
        sweep = ('sweep n {\nspooler "s" chunk=1\n' + SIM + 'fault WritePort nth=$n error 29\n'
                 'job "P" data "abc" -> any\n}\n')
        self.assertEqual(self.run_text(sweep, "--verbose").count("on P: failed"), 3)
        never = sweep.replace("fault WritePort", "fault ReadPort")
        self.assertIn("never reached", self.run_text(never, status=1))
        endless = sweep.replace("sweep n", "sweep n limit=2")
        self.assertIn("still reached in turn 2", self.run_text(endless, status=1))

    def test_a_fault_that_was_ended_is_still_known(self):
        strikes = 'fault WritePort error 29 as $f\njob "P" data "a" -> failed any\n'
        other = 'fault WritePort nth=9 error 29 as $g\njob "P" data "a" -> printed\n'
        for end in "end fault $f", "end fault", "end fault $f\nend fault $f\nend fault":
            self.run_text(SIM + strikes + end + "\nexpect fault $f hits=1 held=0\n" + other +
                          "expect fault $g hits=0 seen=1..8\nend fault $f\nexpect fault $f hits=1 seen=1..8\n"
                          "expect fault $g hits=0\n")
        self.run_text('sweep n {\nspooler "s" chunk=1\n' + SIM + 'fault WritePort nth=$n error 29 as $f\n'
                      'job "P" data "abc" -> any\nend fault $f\nend fault\nexpect fault $f hits=0..1\n}\n')
        self.run_text(SIM + 'sweep n {\nfault WritePort nth=$n error 29 as $f\njob "P" data "abc" -> any\n}\n'
                      'expect fault $f hits=0\nend fault $f\nend fault\n')

    def test_names_that_stand_for_nothing(self):
        for line in ('job "P" data $x', 'log "${x}"', "wait $x", "set $y $x", 'WritePort pBuffer=$x -> any'):
            out = self.run_text(SIM + 'expect time seconds=0..60\n' + line + "\n", status=1)
            self.assertIn("s.spool:5", out, line)

    def test_what_was_left_open_is_closed(self):
        self.platen("run", self.script(SIM + 'OpenPort pName="P" -> TRUE\nStartDocPort -> TRUE\n'
                                       'WritePort pBuffer="x" -> TRUE\n'), "--trace", "t")
        trace = (self.folder / "t").read_text()
        self.assertEqual(re.findall(r"(EndDocPort|ClosePort|Shutdown) h", trace),
                         ["EndDocPort", "ClosePort", "Shutdown"])

    @native
    def test_an_interrupt_ends_the_run(self):
        self.script('expect time seconds=0..60\nsleep 60\n')
        running = subprocess.Popen([case.OPTIONS.platen, "run", "s.spool"], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(running.stdout.readline(), "s.spool:\n")
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=30)
        self.assertIn("interrupted", out)
        self.assertEqual(running.returncode, 1)

    def test_reports(self):
        self.run_text('test "good" {\nexpect time seconds=0..60\n}\ntest "bad <&>" {\nexpect time seconds=99\n}\n',
                      "--tap", "t.tap", "--junit", "t.xml", "--json", "t.json", status=1)
        tap = (self.folder / "t.tap").read_text()
        self.assertIn("TAP version 14", tap)
        self.assertRegex(tap, r"not ok 2 - bad")
        suites = xml.etree.ElementTree.parse(self.folder / "t.xml").getroot()
        self.assertEqual(len(suites.findall(".//testcase")), 2)
        self.assertEqual(len(suites.findall(".//failure")), 1)
        for line in (self.folder / "t.json").read_text().splitlines():
            json.loads(line)

    def test_a_report_on_standard_output_is_alone_there(self):
        out = self.run_text('expect time seconds=0..60\n', "--tap", "-")
        self.assertTrue(out.startswith("TAP version 14\n"), out)
        self.run_text('expect time seconds=0..60\n', "--json", "no/such/folder", status=5)


class Foreign(Scripts):
    """Monitors that are modules of their own."""

    def test_a_language_monitor_over_the_builtin_one(self):
        self.run_text(f'monitor builtin\nlanguage "{self.monitor("script_frame")}" name="Frame"\n'
                      'sim printer\nport "P" to "sim:printer"\nprinter "Copier" on "P" language="Frame"\n'
                      'job "Copier" data "page" -> printed bytes=4 completions=1..2\n'
                      'expect sim printer data="<page>"\nexpect calls OpenPortEx count=1\n'
                      'bidi "Copier" off\njob "Copier" data "page" -> printed\n'
                      'expect sim printer data="<page>page"\n')

    def test_one_at_call_level(self):
        self.run_text(f'monitor builtin\nlanguage "{self.monitor("script_frame")}"\n'
                      'sim printer\nport "P" to "sim:printer"\n'
                      'OpenPortEx pPortName="P" pPrinterName="Copier" -> TRUE pHandle=$lm\n'
                      'StartDocPort hPort=$lm -> TRUE\nWritePort hPort=$lm pBuffer="page" -> TRUE\n'
                      'EndDocPort hPort=$lm -> TRUE\nClosePort hPort=$lm -> TRUE\n'
                      'expect sim printer data="<page>"\n')

    def test_what_a_port_says_of_itself(self):
        self.run_text(f'monitor "{self.monitor("trial_jobs")}"\n'
                      'job "STATUS:" data "page" -> any\n'
                      'expect event port-status port="STATUS:" severity=1..3\n'
                      'job "REFUSE:" data "page" -> failed ERROR_NOT_READY slot=StartDocPort\n'
                      'job "SHORT:" data "0123456789" -> printed writes=2\n')

    def test_what_is_the_builtin_monitors_alone_is_skipped(self):
        module = self.monitor("trial_jobs")
        for lines, why in (('sim d\nmonitor $monitor', "simulated devices"),
                           ('monitor $monitor\nsim d "stall"', "simulated devices"),
                           ('clock virtual\nmonitor $monitor', "virtual clock"),
                           ('monitor $monitor\nport "P" to "null:" -> ERROR_BUSY', "null: ports"),
                           ('monitor $monitor\nexpect sim d bytes=0', "simulated devices")):
            with self.subTest(lines):
                out = self.run_text(lines + '\nEnumPorts -> any\n', "--monitor", module, status=77)
                self.assertIn(why, out)
        self.run_text('monitor $monitor\nmonitor builtin\nsim d\nexpect sim d bytes=0\n',
                      "--monitor", module)

    def test_the_monitor_of_the_command_line(self):
        text = 'monitor $monitor\nEnumPorts -> any\n'
        self.run_text(text)
        self.run_text(text, "--monitor", self.monitor("script_frame"), status=3)

    def test_a_module_that_has_no_such_function(self):
        out = self.run_text('monitor builtin\nAddPort -> any\n', status=1)
        self.assertIn("the monitor has no AddPort", out)


class Traces(Scripts):
    def record(self, *words, name="t"):
        self.platen(*words, "--trace", name)
        return (self.folder / name).read_text()

    def replay(self, text, name="edited", status=0):
        (self.folder / name).write_text(text)
        return self.platen("run", name, status=status)

    def test_a_job_runs_again(self):
        self.file("doc.txt")
        self.record("print", "--to", f"file:{self.folder}/out", "doc.txt")
        (self.folder / "out").unlink()
        self.assertIn("[PASS]", self.platen("run", "t"))
        self.assertSame("out", "doc.txt")

    def test_several_large_jobs_run_again(self):
        for number in range(3):
            self.random_file(f"{number}.bin", 300000 + number)
        self.record("print", "--to", f"file:{self.folder}/out", "0.bin", "1.bin", "2.bin")
        (self.folder / "out").unlink()
        self.platen("run", "t")
        self.assertSame("out", "2.bin")

    def test_an_edited_line_fails_with_its_place(self):
        self.file("doc.txt")
        text = self.record("print", "--to", "null:", "doc.txt")
        lines = text.splitlines()
        number = next(i for i, line in enumerate(lines, 1) if "WritePort" in line)
        out = self.replay(text.replace("pcbWritten=7", "pcbWritten=8"), status=1)
        self.assertIn(f"edited:{number}:", out)
        self.assertIn("pcbWritten: expected 8, got 7", out)

    def test_an_edited_call_back_fails_with_its_place(self):
        self.file("doc.txt")
        text = self.record("print", "--to", "null:", "doc.txt")
        number = next(i for i, line in enumerate(text.splitlines(), 1) if "SetJobW" in line)
        self.assertIn(f"edited:{number}:", self.replay(text.replace("Command=6", "Command=7"), status=1))
        missing = "".join(l for l in text.splitlines(True) if "SetJobW" not in l)
        self.assertIn("SetJobW", self.replay(missing, status=1))
        line = next(l for l in text.splitlines(True) if "SetJobW" in l)
        self.replay(text.replace(line, line + line), status=1)

    def test_a_result_that_was_different_then(self):
        self.file("doc.txt")
        text = self.record("print", "--to", "null:", "doc.txt")
        out = self.replay(text.replace('pName="null:" -> TRUE pHandle=$port1',
                                       'pName="nosuch" -> TRUE pHandle=$port1'), status=1)
        self.assertIn("ERROR_UNKNOWN_PORT", out)

    def test_changes_of_ports_run_again(self):
        self.platen("ports", "add", "SIM:a", "--registry", "r.reg")
        text = self.record("ports", "delete", "SIM:a", "--registry", "r.reg")
        self.assertIn("registry load", text)
        self.platen("run", "t")

    def test_a_failed_job_runs_again(self):
        self.file("doc.txt", b"x" * 100)
        script = self.script('monitor builtin file-root="${tmp}"\nport "P" to "null:"\n'
                             'OpenPort pName="P" -> TRUE\nOpenPort pName="nosuch" -> FALSE any\n'
                             'WritePort pBuffer="abc" -> any\nStartDocPort -> TRUE\nStartDocPort Level=7 pDocInfo=NULL -> any\n'
                             'EndDocPort -> TRUE\nXcvOpenPort pszObject="" GrantedAccess=1 -> TRUE\n'
                             'XcvDataPort pszDataName="MonitorUI" cbOutputData=100 -> 0\n'
                             'XcvDataPort pszDataName="NoSuch" -> 87\n')
        self.record("run", script)
        self.platen("run", "t")

    def test_several_lanes_run_again(self):
        script = self.script('monitor builtin\nport "A" to "null:"\nport "B" to "null:"\nparallel {\n' + "".join(
            f'lane {name} {{\nOpenPort pName="{name}" -> TRUE pHandle=${name}h\nrepeat 50 {{\n'
            f'StartDocPort hPort=${name}h -> TRUE\nWritePort hPort=${name}h pBuffer="x" -> TRUE\n'
            f'EndDocPort hPort=${name}h -> TRUE\n}}\nClosePort hPort=${name}h -> TRUE\n}}\n' for name in "AB") + "}\n")
        text = self.record("run", script)
        self.assertGreater(text.count("WritePort"), 99)
        for _ in range(5):
            self.platen("run", "t")

    def test_a_language_monitor_runs_again(self):
        script = self.script(f'monitor builtin\nlanguage "{self.monitor("script_frame")}" name="Frame"\n'
                             'port "P" to "null:"\nprinter "C" on "P" language="Frame"\n'
                             'job "C" data "page" -> printed\n')
        self.record("run", script)
        self.platen("run", "t")

    def test_worlds_one_after_the_other_run_again(self):
        script = self.script("".join(f'test "{n}" {{\nmonitor builtin\nport "P" to "null:"\njob "P" data "{n}" -> printed\n}}\n'
                                     for n in range(3)))
        self.record("run", script)
        self.platen("run", "t")

    def test_shipped_scripts_run_again_as_traces(self):
        """But those whose devices, times or folders are not there any more; sims/ has their like with
        simulated devices, which are."""
        count = 0
        root = Path(case.OPTIONS.include)
        for path in sorted((root / "examples/spool").glob("*.spool")) + \
                sorted((root / "tests/script/sims").glob("*.spool")):
            text = path.read_text(encoding="utf-8")
            if re.search(r"clock virtual|device \$|\$\{(tmp|there)\}|parts/", text) and "sims" not in path.parts:
                continue
            with self.subTest(path.name):
                count += 1
                trace = f"{path.parent.name}-{path.stem}"
                self.platen("run", path, "--trace", trace)
                self.platen("run", trace)
        self.assertGreater(count, 25)

    def test_what_cannot_be_run_says_so(self):
        self.file("doc.txt")
        self.record("print", "--to", "null:", "doc.txt", "--trace-brief")
        self.platen("run", "t", status=2)
        self.assertEqual(self.err, "platen: t:1:1: a brief trace cannot be run: what was printed is not "
                                   "recorded in it\n")
        self.replay("platen-trace 2\n", status=2)
        self.assertIn("edited:1:1: traces of this form are not known", self.err)
        self.replay("platen-trace 1\nmain WritePrt hPort=$p -> TRUE\n", status=2)
        self.assertIn("edited:2:6: there is no slot or verb WritePrt; WritePort?", self.err)
        self.replay('platen-trace 1\njob "P" data "x"\n', status=2)
        self.assertIn("edited:2:1: this verb does not stand in a trace", self.err)

    def test_a_document_that_has_changed_is_told(self):
        self.random_file("doc.bin", 5000)
        self.record("print", "--to", "null:", "doc.bin")
        self.random_file("doc.bin", 4999)
        self.assertIn("not the size", self.platen("run", "t", status=1))

    def test_an_empty_trace_checks_nothing(self):
        self.replay("platen-trace 1\n", status=1)


class Long(Scripts):
    def test_a_hundred_thousand_calls(self):
        self.file("doc.txt")
        self.platen("print", "--to", "null:", "doc.txt", "--trace", "t")
        head, tail = (self.folder / "t").read_text().split("null: WritePort", 1)
        line, tail = ("null: WritePort" + tail).split("\n", 1)
        line = re.sub(r" at=.*", "", line)
        begin = float(re.findall(r"at=([\d.]+)", head)[-1])
        with open(self.folder / "long", "w", encoding="utf-8") as file:
            file.write(head)
            for number in range(100000):
                file.write(f"{line} at={begin + 1e-6 * number:.9f} took=0.000000500\n")
            file.write(re.sub(r" at=0", " at=9", tail))
        self.assertIn("[PASS]", self.platen("run", "long"))


class Hanging(Scripts):
    @native
    def test_what_never_comes_back_is_told_with_its_line(self):
        self.script('test "hangs" {\nmonitor $monitor\nOpenPort pName="ILL:" -> TRUE pHandle=$p\n'
                    'StartDocPort hPort=$p -> TRUE\nWritePort hPort=$p pBuffer="x" -> TRUE\n}\n')
        self.platen("run", "s.spool", "--in-process", "--monitor", self.monitor("trial_ill"),
                    "--timeout", "1", "--junit", "j.xml", status=4,
                    env={**os.environ, "ILL": "WritePort:hang"})
        junit = (self.folder / "j.xml").read_text(encoding="utf-8")
        for text in (self.out, self.err, junit):
            self.assertIn("hangs", text)
            self.assertIn("in line 5: WritePort", text)
        self.assertIn('<error message="the monitor hangs', junit)


class Documented(Scripts):
    def test_every_verb_stands_in_the_document(self):
        root = Path(case.OPTIONS.include)
        page = (root / "doc/script.md").read_text(encoding="utf-8")
        table = (root / "harness/script/verbs.def").read_text(encoding="utf-8")
        rows = re.findall(r'PLATEN_VERB\("([^"]+)", \w+, [^,]+,\s*((?:"[^"]*"\s*)+),', table)
        self.assertGreater(len(rows), 50)
        for verb, usage in rows:
            text = " ".join((verb + " " + "".join(re.findall(r'"([^"]*)"', usage))).split())
            self.assertIn(f"\n- `{text}`", page)

    def test_every_example_of_the_document_is_a_script(self):
        page = (Path(case.OPTIONS.include) / "doc/script.md").read_text(encoding="utf-8")
        blocks = re.findall(r"```spool\n(.*?)```", page, re.DOTALL)
        self.assertGreater(len(blocks), 5)
        for block in blocks:
            self.run_text(block)

    def test_every_shipped_script_names_a_rule(self):
        scripts = list((Path(case.OPTIONS.include) / "examples/spool").glob("*.spool"))
        self.assertGreaterEqual(len(scripts), 30)
        for path in scripts:
            head = re.match(r"(?:#.*\n)+", path.read_text(encoding="utf-8")).group()
            if path.stem != "language":
                self.assertRegex(head, r"\bR\d+\b|contract \d", path.name)


if __name__ == "__main__":
    main(__name__)
