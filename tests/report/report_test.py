#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reports as other programs get them. Run by ctest, one class at a time."""
import argparse
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

import jsonschema

OPTIONS = None
FORMATS = ("human", "tap", "junit", "json", "sarif", "html", "annotations")


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="platen-report-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_program(self, *words, status=0, **more):
        done = subprocess.run(list(map(str, words)), cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=100, check=False, **more)
        self.err = done.stderr.decode(errors="replace")
        self.assertEqual(done.returncode, status, f"{words}\n{self.err}")
        return done.stdout

    def sample(self, *words, **more):
        return self.run_program(OPTIONS.sample, *words, **more)


class Sample(Case):
    """The same run in all formats."""

    def setUp(self):
        super().setUp()
        self.sample(*(f"{name}={name}" for name in FORMATS))

    def lines(self):
        return [json.loads(line) for line in (self.folder / "json").read_bytes().splitlines()]

    def test_every_format_counts_the_same(self):
        end = self.lines()[-1]
        suites = xml.etree.ElementTree.parse(self.folder / "junit").getroot()
        tap = (self.folder / "tap").read_text().splitlines()
        human = (self.folder / "human").read_text().splitlines()[-1]
        tests = end["tests"]
        self.assertGreater(tests, 40)
        self.assertEqual(int(suites.get("tests")), tests)
        self.assertEqual(len(suites.findall("./testsuite/testcase")), tests)
        self.assertTrue(human.startswith(f"{tests} tests in "), human)
        files = sum(line.startswith("# Subtest: ") for line in tap)
        points = sum(bool(re.match(r"(    )?(not )?ok ", line)) for line in tap)
        self.assertEqual(points - files, tests)
        self.assertEqual(int(suites.get("failures")), end["fail"] + end["xpass"])
        self.assertEqual(int(suites.get("errors")), end["error"])
        self.assertEqual(int(suites.get("skipped")), end["skip"] + end["xfail"])

    def test_suites_add_up(self):
        suites = xml.etree.ElementTree.parse(self.folder / "junit").getroot()
        for key in ("tests", "failures", "errors", "skipped"):
            self.assertEqual(sum(int(suite.get(key)) for suite in suites), int(suites.get(key)))
            for suite in suites:
                element = {"failures": "failure", "errors": "error"}.get(key, key)
                found = suite.findall("testcase" if key == "tests" else f"testcase/{element}")
                self.assertEqual(len(found), int(suite.get(key)))

    def test_standard_output_is_as_a_file(self):
        for name in FORMATS:
            written = (self.folder / name).read_bytes().removeprefix(b"# platen report\n")
            self.assertEqual(self.sample(f"{name}=-"), written)

    def test_what_was_printed_before_stands_before(self):
        written = (self.folder / "tap").read_bytes()
        self.assertEqual(self.sample("say=before\n", "tap=-"), b"before\n" + written)

    def test_it_stands_there_the_second_time(self):
        before = {name: (self.folder / name).read_bytes() for name in FORMATS}
        self.sample(*(f"{name}={name}" for name in FORMATS))
        self.assertEqual(before, {name: (self.folder / name).read_bytes() for name in FORMATS})


class Schema(Case):
    """Every line that anybody writes for --json is in the schema."""

    def setUp(self):
        super().setUp()
        schema = json.loads(Path(OPTIONS.schema).read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        self.validator = jsonschema.Draft202012Validator(schema)
        self.shapes = {one["$ref"].rpartition("/")[2]: jsonschema.Draft202012Validator(
            {"$defs": schema["$defs"], "$ref": one["$ref"]}) for one in schema["oneOf"]}

    def shape(self, line):
        """Which of the shapes of the schema the line has: exactly one."""
        found = [name for name, one in self.shapes.items() if one.is_valid(line)]
        self.assertEqual(len(found), 1, f"{found}: {line}")
        self.assertTrue(self.validator.is_valid(line))
        return found[0]

    def assertShapes(self, path, *expected):
        lines = [json.loads(line) for line in (self.folder / path).read_bytes().splitlines()]
        self.assertEqual({self.shape(line) for line in lines}, set(expected))
        return lines

    def platen(self, *words, status=0):
        self.run_program(OPTIONS.platen, *words, "--json", "lines", status=status)

    def test_runs(self):
        self.sample("json=lines")
        lines = self.assertShapes("lines", "run-begin", "run-end", "file-begin", "file-end", "test-begin",
                                  "test-end", "check", "finding", "log", "job")
        self.assertTrue(any("test_hex" in line for line in lines))

    def test_checks(self):
        self.sample("check", "json=lines")
        lines = self.assertShapes("lines", "run-begin", "run-end", "file-begin", "file-end", "test-begin",
                                  "test-end", "finding", "log")
        self.assertEqual({line["file"] for line in lines if "rule" in line}, {lines[0]["file"]})
        self.assertEqual(sum("rule" in line for line in lines if line["event"] == "test-begin"),
                         lines[-1]["tests"])

    def test_print(self):
        (self.folder / "page").write_bytes(b"a page\n")
        self.platen("print", "--port", "NUL:", "page", "missing", status=1)
        self.assertShapes("lines", "job", "unreadable")
        (self.folder / "lines").unlink()
        self.platen("print", "--to", "sim:x?script=error 21", "page", status=1)
        self.assertShapes("lines", "job")

    def test_ports(self):
        self.platen("ports", "add", "SIM:one", "--registry", "store.reg")
        self.assertShapes("lines", "port-change")
        self.platen("ports", "--registry", "store.reg")
        self.assertShapes("lines", "port")
        self.platen("ports", "delete", "nothing", status=2)
        self.assertShapes("lines", "port-change")

    def test_run(self):
        (self.folder / "a.spool").write_text('test "one" {\n    skip "no printer"\n}\n')
        self.platen("run", "a.spool", status=77)
        self.assertShapes("lines", "run-begin", "file-begin", "test-begin", "test-end", "file-end",
                          "run-end")

    def test_xcv(self):
        self.platen("xcv", "MonitorUI")
        self.assertShapes("lines", "xcv")
        self.platen("xcv", "NoSuchName", status=1)
        self.assertShapes("lines", "xcv")

    def test_show(self):
        (self.folder / "text").write_bytes(b"a page\n")
        (self.folder / "empty").write_bytes(b"")
        (self.folder / "odd").write_bytes(bytes(range(256)))
        self.platen("show", "text", "empty", "odd")
        self.assertShapes("lines", "document")

    def test_inspect(self):
        self.platen("inspect", OPTIONS.platen, status=3)
        self.assertShapes("lines", "module")

    def test_bench(self):
        self.platen("bench", "--pairs", "1", "call")
        lines = self.assertShapes("lines", "bench")
        self.assertEqual(self.shape({"event": "bench", "row": "call", "skipped": "why"}), "bench-skipped")
        self.assertEqual(len(lines), 1)

    def test_device(self):
        device = subprocess.Popen([OPTIONS.platen, "device", "raw", "--jobs", "2", "--show",
                                   "--json", "lines"], cwd=self.folder, stdout=subprocess.PIPE,
                                  text=True)
        self.addCleanup(device.kill)
        where = device.stdout.readline().split()[-1]
        for size in (0, 10):
            (self.folder / "page").write_bytes(b"p" * size)
            self.run_program(OPTIONS.platen, "print", "--to", f"socket://{where}", "page")
        device.stdout.read()
        device.stdout.close()
        self.assertEqual(device.wait(), 0)
        self.assertShapes("lines", "listening", "received", "document", "end")

    def test_it_finds_what_is_wrong(self):
        self.sample("json=lines")
        tried = set()
        for text in (self.folder / "lines").read_bytes().splitlines():
            line = json.loads(text)
            if line["event"] in tried:
                continue
            tried.add(line["event"])
            self.assertFalse(self.validator.is_valid({**line, "more": 1}))
            self.assertFalse(self.validator.is_valid({**line, "event": "nothing"}))
            required = self.shapes[self.shape(line)].schema["$defs"][self.shape(line)]["required"]
            for key in [*required, "event"]:
                less = {name: value for name, value in line.items() if name != key}
                self.assertFalse(self.validator.is_valid(less), f"{line['event']} without {key}")
                self.assertFalse(self.validator.is_valid({**line, key: [3]}))
        self.assertGreater(len(tried), 8)


def unescape(text):
    return re.sub("%([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), text)


class Annotations(Case):
    """As GitHub's runner reads them: one line each, properties before the second ::."""

    def annotations(self, *words):
        found = []
        for line in self.sample(*words, "annotations=-").decode().split("\n")[:-1]:
            self.assertRegex(line, r"^::(error|warning) [^:]+::")
            self.assertNotRegex(line, r"[\x00-\x1f\x7f]")
            level, properties, message = re.match(r"::(\w+) ([^:]+)::(.*)$", line).groups()
            properties = dict(part.split("=", 1) for part in properties.split(","))
            found.append((level, {name: unescape(value) for name, value in properties.items()},
                          unescape(message)))
        return found

    def test_what_a_check_found(self):
        found = self.annotations("check")
        self.assertEqual([level for level, _, _ in found], ["error", "warning", "error", "error"])
        level, properties, message = found[0]
        self.assertEqual(properties, {"file": "build/ports/acme mon.dll",
                                      "title": "R12 (MUST): Nothing is written outside the buffer"})
        self.assertIn("\ngot: a byte behind the buffer was written: pPorts[41]\n", message)
        self.assertIn("\nagain: platen check ", message)

    def test_nothing_in_a_text_is_a_command(self):
        found = self.annotations()
        self.assertGreater(len(found), 40)
        for level, properties, message in found:
            self.assertLessEqual(set(properties), {"file", "line", "col", "title"})
            self.assertTrue(message)
        texts = {properties["title"] for _, properties, _ in found}
        self.assertTrue(any("100%0A::warning::c, d: e" in text for text in texts), texts)


class Sarif(Case):
    """By the part of SARIF's schema that is used here, and what a schema cannot say."""

    def setUp(self):
        super().setUp()
        schema = json.loads(Path(OPTIONS.sarif).read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        self.validator = jsonschema.Draft202012Validator(schema)

    def run_of(self, *words):
        self.sample(*words, "sarif=report", "json=lines")
        whole = json.loads((self.folder / "report").read_bytes())
        for error in self.validator.iter_errors(whole):
            self.fail(f"{error.json_path}: {error.message}")
        self.lines = [json.loads(line) for line in (self.folder / "lines").read_bytes().splitlines()]
        run = whole["runs"][0]
        self.assertIndices(run)
        return run

    def assertIndices(self, run):
        rules = run["tool"]["driver"]["rules"]
        self.assertEqual(len({rule["id"] for rule in rules}), len(rules))
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
        for place in self.places(run):
            self.assertEqual(run["artifacts"][place["index"]]["location"]["uri"], place["uri"])
        prints = [result["partialFingerprints"]["platen/v1"] for result in run["results"]]
        self.assertEqual(len(set(prints)), len(prints))

    def places(self, inside):
        if isinstance(inside, dict):
            if "uri" in inside and "index" in inside:
                yield inside
            inside = list(inside.values())
        for one in inside if isinstance(inside, list) else []:
            yield from self.places(one)

    def test_a_check(self):
        run = self.run_of("check")
        results = {result["ruleId"]: result for result in run["results"]}
        self.assertEqual({name: result["level"] for name, result in results.items()},
                         {"R12": "error", "R15": "error", "R17": "warning", "R40": "error",
                          "R51": "error"})
        self.assertEqual({name for name, result in results.items() if result["suppressions"]}, {"R15"})
        self.assertEqual(results["R15"]["suppressions"][0]["justification"],
                         "the strings stand at the front; known since 2019")
        self.assertEqual(run["artifacts"], [{"location": {"uri": "build/ports/acme%20mon.dll"}}])
        steps = results["R12"]["codeFlows"][0]["threadFlows"][0]["locations"]
        self.assertEqual(len(steps), 3)
        rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
        self.assertEqual(set(rules), {f"R{number}" for number in range(1, 83)})
        self.assertEqual(rules["R17"]["defaultConfiguration"]["level"], "warning")
        self.assertIn("No byte beyond cbBuf is written", rules["R12"]["help"]["text"])
        notices = run["invocations"][0]["toolExecutionNotifications"]
        skipped = [one for one in notices if one["level"] == "note"]
        self.assertEqual({one["associatedRule"]["id"] for one in skipped}, {"R10", "R32"})

    def test_every_result_is_there_and_says_why(self):
        run = self.run_of()
        untold = {"pass", "skip"}
        tests = {line["test"]: line["verdict"] for line in self.lines if line["event"] == "test-end"}
        expected = sum(line["event"] in ("check", "finding") and line["verdict"] not in untold
                       and tests[line["test"]] not in untold for line in self.lines)
        self.assertGreater(expected, 30)
        self.assertEqual(len(run["results"]), expected)

    def test_places_are_references(self):
        run = self.run_of()
        uris = {place["uri"] for place in self.places(run)}
        self.assertIn("a%3Ab%5Cc%20d%3Fe%23f%2541%20%C3%A9.dll", uris)

    def test_it_finds_what_is_wrong(self):
        self.run_of("check")
        text = (self.folder / "report").read_text()
        for right, wrong in (('"2.1.0"', '"2.0.0"'), ('"error"', '"bad"'), ('"ruleId"', '"rule"'),
                             ('"R12"', "12"), ("acme%20mon", "acme mon"), ('"startLine": 1', '"startLine": 0')):
            self.assertIn(right, text)
            broken = json.loads(text.replace(right, wrong))
            self.assertFalse(self.validator.is_valid(broken), wrong)


class Trouble(Case):
    """What cannot be written comes to light."""

    def test_a_full_disk_is_5_and_names_the_report(self):
        for name in FORMATS:
            self.sample(f"{name}=/dev/full", status=5)
            self.assertIn("/dev/full: ERROR_DISK_FULL", self.err)

    def test_standard_output_that_is_full(self):
        with open("/dev/full", "wb") as full:
            for name in FORMATS:
                done = subprocess.run([OPTIONS.sample, f"{name}=-"], stdout=full,
                                      stderr=subprocess.DEVNULL, check=False)
                self.assertEqual(done.returncode, 5)

    def test_the_others_are_written_all_the_same(self):
        self.sample("tap=/dev/full", "json=json", "junit=junit", status=5)
        xml.etree.ElementTree.parse(self.folder / "junit")
        self.assertEqual(json.loads((self.folder / "json").read_bytes().splitlines()[-1])["event"],
                         "run-end")

    def test_what_stands_there_at_once_is_whole_or_empty(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        for name in ("junit", "sarif", "html"):
            self.sample(f"{name}=report", status=5, preexec_fn=limit, restore_signals=False)
            self.assertEqual((self.folder / "report").read_bytes(), b"")
            self.assertEqual(os.listdir(self.folder), ["report"])

    def test_named_pipes(self):
        for name in FORMATS:
            self.sample(f"{name}=file")
            os.mkfifo(self.folder / "pipe")
            with subprocess.Popen(["cat", "pipe"], cwd=self.folder,
                                  stdout=subprocess.PIPE) as reader:
                done = subprocess.Popen([OPTIONS.sample, f"{name}=pipe"], cwd=self.folder)
                self.assertEqual(reader.stdout.read(), (self.folder / "file").read_bytes())
                self.assertEqual(done.wait(), 0)
            (self.folder / "pipe").unlink()
            (self.folder / "file").unlink()

    def test_pipes_by_number(self):
        for name in FORMATS:
            self.sample(f"{name}=file")
            reader, writer = os.pipe()
            done = subprocess.Popen([OPTIONS.sample, f"{name}=/dev/fd/{writer}"],
                                    pass_fds=[writer])
            os.close(writer)
            with open(reader, "rb") as pipe:
                self.assertEqual(pipe.read(), (self.folder / "file").read_bytes())
            self.assertEqual(done.wait(), 0)
            (self.folder / "file").unlink()

    def test_devices_may_be_shared(self):
        self.sample(*(f"{name}=/dev/null" for name in FORMATS))

    def test_two_on_standard_output_are_refused(self):
        self.sample("tap=-", "json=-", status=2)
        self.assertIn("ERROR_SHARING_VIOLATION", self.err)

    def test_annotations_stand_in_the_log_for_people(self):
        for words in (("human=-", "annotations=-"), ("annotations=-", "human=-")):
            both = self.sample(*words).split(b"\n")
            apart = [self.sample(word).split(b"\n") for word in words]
            self.assertEqual(sorted(both), sorted(apart[0] + apart[1])[1:])
        self.sample("annotations=-", "json=-", status=2)

    def test_links_are_followed(self):
        (self.folder / "folder").mkdir()
        (self.folder / "folder/old").write_bytes(b"")
        for name in FORMATS:
            (self.folder / name).symlink_to("folder/old")
            self.sample(f"{name}={name}")
            self.assertTrue((self.folder / name).is_symlink())
            self.assertGreater((self.folder / "folder/old").stat().st_size, 1000)
            (self.folder / "folder/old").write_bytes(b"")


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    for name in ("platen", "sample", "schema", "sarif"):
        parser.add_argument(f"--{name}", required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
