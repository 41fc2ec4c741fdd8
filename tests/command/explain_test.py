#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`platen explain`: rules, and examples out of tests/contract. Run by ctest."""
import argparse
import re
import subprocess
import sys
import unittest
from pathlib import Path

OPTIONS = None
RULES = 120
MONITORS = 82  # the rules for monitors are R1 to R82


class Explain(unittest.TestCase):
    def setUp(self):
        text = self.explain(*(f"R{number}" for number in range(1, RULES + 1)))
        parts = re.split(r"^(?=R\d+ \()", text, flags=re.MULTILINE)[1:]
        self.rules = {int(part[1:part.index(" ")]): part for part in parts}
        self.assertEqual(list(self.rules), list(range(1, RULES + 1)))

    def explain(self, *rules, status=0):
        done = subprocess.run([OPTIONS.platen, "explain", *rules], capture_output=True, text=True,
                              check=False, timeout=60)
        self.assertEqual(done.returncode, status, done.stderr)
        self.err = done.stderr
        return done.stdout

    def parts(self, text):
        """The label of each part, and what stands there, examples as they are."""
        found = {}
        for label, body in re.findall(r"^  (\w+) +(.*?)(?=^  \w|\Z)", text, re.DOTALL | re.MULTILINE):
            found[label] = body
        return found

    def code(self, part):
        return [line[6:] for line in part.split("\n\n", 1)[1].splitlines()]

    def test_every_rule_of_monitors_is_explained(self):
        for number in range(1, MONITORS + 1):
            text = self.rules[number]
            parts = self.parts(text)
            self.assertRegex(text, rf"^R{number} \((MUST|SHOULD), (P|L|PL), \w+\): ")
            self.assertLessEqual({"rule", "effect", "test", "source", "right"} - set(parts),
                                 set() if self.broken(number) else {"right"}, f"R{number}")
            self.assertGreater(len(parts["effect"]), 40)

    def broken(self, number):
        return sorted(path.name for path in Path(OPTIONS.contract).glob(f"broken_r{number:02}_*.c"))

    def test_every_broken_monitor_is_told_of(self):
        for number in range(1, MONITORS + 1):
            text = self.rules[number]
            self.assertEqual(re.findall(r"\bbroken_r\d+_\w+\.c\b", text), self.broken(number))

    def test_the_examples_are_the_files(self):
        for number in range(1, MONITORS + 1):
            for label, part in self.parts(self.rules[number]).items():
                if label not in ("broken", "right"):
                    continue
                name = re.match(r"tests/contract/(\w+\.[ch])", part)[1]
                lines = set((Path(OPTIONS.contract) / name).read_text().splitlines())
                code = self.code(part)
                self.assertGreater(len(code), 3, f"R{number}: {label}")
                self.assertLessEqual(set(code), lines | {""}, f"R{number}: {label}")
                self.assertNotIn("style.h", part)

    def test_what_is_right_is_whole(self):
        for number in range(1, MONITORS + 1):
            parts = self.parts(self.rules[number])
            if "right" in parts:
                code = [line for line in self.code(parts["right"]) if line]
                self.assertRegex(code[0], r"^(static|LPMONITOR2) ")
                self.assertIn(code[-1], ("}", "};"))
                self.assertEqual("".join(code).count("{"), "".join(code).count("}"))

    def test_sources_are_spelled_out(self):
        self.assertIn("reference page of WritePort", self.explain("R39"))
        self.assertIn("what they assert holds on real Windows", self.explain("R11"))
        self.assertNotIn("reference page of MONITOREX", self.explain("R11"))

    def test_several_rules_in_the_order_asked(self):
        text = self.explain("r52", "R12", "7")
        self.assertEqual(re.findall(r"^(R\d+) \(", text, re.MULTILINE), ["R52", "R12", "R7"])

    def test_rules_of_spoolers_have_no_example(self):
        for number in range(MONITORS + 1, RULES + 1):
            self.assertNotIn("tests/contract", self.rules[number])

    def test_what_is_no_rule_is_told_with_the_nearest(self):
        self.assertEqual(self.explain("R12", "R121", status=2), "")
        self.assertRegex(self.err, r"no such rule: R121 \(R1\d+\? R1 to R120\)")
        self.explain("nothing", status=2)
        self.assertIn("(R1 to R120)", self.err)
        self.explain(status=2)

    def test_lines_are_short(self):
        for number in range(1, RULES + 1):
            for line in self.rules[number].splitlines():
                self.assertLessEqual(len(line), 106, line)


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    for name in ("platen", "contract"):
        parser.add_argument(f"--{name}", required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == "__main__":
    main()
