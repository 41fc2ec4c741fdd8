# SPDX-License-Identifier: MIT
"""test_tally.py TALLY: the sum at the end of scripts/test, for results made up here."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

TALLY = sys.argv.pop()


def case(name, status="run", inside="", output=""):
    return (f'<testcase name="{name}" status="{status}" time="0.5">{inside}'
            f"<system-out>{output}</system-out></testcase>")


class Tally(unittest.TestCase):
    def tally(self, cases, skips="", stage="dev", steps="dev\tbuild\tpass\t2.0\n", labels=None,
              stages=None, again=()):
        """Exit status and output for one stage with these test cases."""
        with tempfile.TemporaryDirectory() as folder:
            results = pathlib.Path(folder)
            (results / "stages").write_text(stages or stage)
            (results / "steps.tsv").write_text(steps.replace("dev", stage))
            suite = "<testsuite>" + "".join(cases) + "</testsuite>"
            (results / f"{stage}.xml").write_text(suite)
            if again:
                suite = "<testsuite>" + "".join(again) + "</testsuite>"
                (results / f"{stage}.again.xml").write_text(suite)
            tests = [{"name": name, "properties": [{"name": "LABELS", "value": [label]}]}
                     for name, label in (labels or {}).items()]
            (results / f"{stage}.json").write_text(json.dumps({"tests": tests}))
            (results / "skips.txt").write_text(skips)
            done = subprocess.run([sys.executable, TALLY, folder, results / "skips.txt", "7"],
                                  capture_output=True, text=True, check=False)
            return done.returncode, done.stdout + done.stderr

    def again(self, *cases):
        """Exit status and output of the question which tests deserve a second try."""
        with tempfile.TemporaryDirectory() as folder:
            results = pathlib.Path(folder, "dev.xml")
            results.write_text("<testsuite>" + "".join(cases) + "</testsuite>")
            done = subprocess.run([sys.executable, TALLY, "--again", results], capture_output=True,
                                  text=True, check=False)
            return done.returncode, done.stdout.strip()

    def assert_ends(self, done, status, line):
        self.assertEqual((done[0], done[1].splitlines()[-1]), (status, line), done[1])

    def test_all_passed(self):
        done = self.tally([case("a"), case("b")])
        self.assert_ends(done, 0, "100% tests passed, 0 tests failed out of 3")

    def test_failed(self):
        done = self.tally([case("a"), case("b", "fail", '<failure message="Timeout"/>')])
        self.assert_ends(done, 1, "66% tests passed, 1 tests failed out of 3")
        self.assertIn("dev: b (Timeout)", done[1])

    def test_step_failed(self):
        done = self.tally([], steps="dev\tbuild\tfail\t2.0\n")
        self.assert_ends(done, 1, "0% tests passed, 1 tests failed out of 1")

    def test_stage_without_results(self):
        done = self.tally([case("a")], stages="dev asan")
        self.assert_ends(done, 1, "66% tests passed, 1 tests failed out of 3")

    def test_a_hundred_percent_is_said_only_of_all(self):
        done = self.tally([case(f"t{n}") for n in range(999)] + [case("b", "fail")])
        self.assert_ends(done, 1, "99% tests passed, 1 tests failed out of 1001")

    def test_skipped(self):
        skipped = [case("a", "notrun", '<skipped message="SKIP_RETURN_CODE=77"/>')]
        self.assert_ends(self.tally(skipped), 1, "50% tests passed, 1 tests failed out of 2")
        self.assert_ends(self.tally(skipped, "dev a no such device here\n"), 0,
                         "100% tests passed, 0 tests failed out of 2")
        self.assertEqual(self.tally(skipped, "asan a no such device here\n")[0], 1)
        self.assertEqual(self.tally(skipped, "dev a\n")[0], 1, "no reason")

    def test_part_skipped(self):
        part = [case("a", output="[ RUN      ] one\n[  SKIPPED ] one\n[       OK ] two\n")]
        self.assertEqual(self.tally(part)[0], 1)
        self.assertEqual(self.tally(part, "* a/one no such device here\n")[0], 0)
        self.assertEqual(self.tally(part, "* a/two no such device here\n")[0], 1)

    def test_part_of_a_python_test_skipped(self):
        part = [case("a", output="test_one (__main__.A.test_one) ... skipped 'no device'\n"
                                 "test_two (__main__.A.test_two) ... ok\n")]
        self.assertEqual(self.tally(part)[0], 1)
        self.assertEqual(self.tally(part, "* a/test_one no such device here\n")[0], 0)

    def test_never_skipped(self):
        skipped = [case("a", "notrun")]
        self.assertEqual(self.tally(skipped, "* a reason\n", stage="mingw")[0], 1)
        self.assertEqual(self.tally(skipped, "* a reason\n", labels={"a": "system"})[0], 1)
        self.assertEqual(self.tally(skipped, "* a reason\n", labels={"a": "unit"})[0], 0)

    def test_what_passes_alone_is_unsteady(self):
        cases = [case("a"), case("b", "fail")]
        done = self.tally(cases, again=[case("b")])
        self.assert_ends(done, 0, "100% tests passed, 0 tests failed out of 3")
        self.assertRegex(done[1], r"Unsteady:.*\n\t  3 - dev: b ")
        self.assertEqual(self.tally(cases, again=[case("b", "fail")])[0], 1)
        self.assertEqual(self.tally(cases, again=[case("b", "notrun")])[0], 1)
        self.assertEqual(self.tally(cases, again=[case("a")])[0], 1)

    def test_a_second_try(self):
        self.assertEqual(self.again(case("a"), case("b.c", "fail"), case("d", "fail")),
                         (0, r"^(b\.c|d)$"))
        self.assertEqual(self.again(case("a"))[0], 1, "nothing failed")
        self.assertEqual(self.again(*[case(f"t{n}", "fail") for n in range(5)])[0], 1, "too many")

    def test_no_second_try_for_what_a_sanitizer_reports(self):
        for report in ("WARNING: ThreadSanitizer: data race (pid=7)",
                       "ERROR: AddressSanitizer: heap-use-after-free",
                       "ERROR: LeakSanitizer: detected memory leaks",
                       "x.c:3:5: runtime error: signed integer overflow",
                       "[  PASSED  ] 5 test(s).\n==7== 1,024 bytes in 1 blocks are definitely lost"):
            self.assertEqual(self.again(case("a", "fail"), case("b", "fail", output=report))[0], 1,
                             report)
        self.assertEqual(self.again(case("a", "fail", output="a == b"))[0], 0)


if __name__ == "__main__":
    unittest.main()
