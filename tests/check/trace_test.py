#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""trace_test.py PLATEN FOLDER: what a finding tells: the trace is a script that shows the same, and
has no more in it than matters; where the rule is written is said in words; what is skipped is told
by what is missing."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PLATEN, FOLDER = sys.argv[1], Path(sys.argv[2])


def check(name, *rules):
    """The findings, and {test: text} of what was skipped."""
    done = subprocess.run([PLATEN, "check", str(FOLDER / f"{name}.so"), *rules, "--json", "-"],
                          capture_output=True, text=True, timeout=300, check=False)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    skipped = {event["test"].split()[0]: event["text"] for event in events
               if event["event"] == "test-end" and event["verdict"] == "skip"}
    return [event for event in events if event["event"] == "finding"], skipped


class Traces(unittest.TestCase):
    def finding(self, name, rule):
        findings, _ = check(name, rule)
        self.assertTrue(findings)
        return findings[0]

    def run_again(self, name, trace):
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder, "again.spool")
            script.write_text(trace + "\n")
            return subprocess.run([PLATEN, "run", str(script), "--monitor",
                                   str(FOLDER / f"{name}.so")], capture_output=True, text=True,
                                  timeout=300, check=False)

    def test_a_trace_shows_it_again(self):
        for name, rule in (("broken_r11_no_size", "R11"), ("broken_r31_any_level", "R31"),
                           ("broken_r61_unknown_is_fine", "R61")):
            finding = self.finding(name, rule)
            done = self.run_again(name, finding["trace"])
            self.assertEqual(done.returncode, 1, finding["trace"] + done.stdout + done.stderr)
            self.assertIn(f"expected: {finding['expected']}", done.stdout)
            good = self.run_again("good_full", finding["trace"].replace(name, "good_full"))
            self.assertEqual(good.returncode, 0, finding["trace"] + good.stdout + good.stderr)

    def test_devices_and_ports_stand_in_it_where_they_matter(self):
        trace = self.finding("broken_r61_unknown_is_fine", "R61")["trace"]
        self.assertNotIn("device", trace)
        self.assertNotIn("AddPort", trace)
        trace = self.finding("broken_r31_any_level", "R31")["trace"]
        self.assertEqual(trace.count("AddPort"), 1, trace)
        self.assertEqual(trace.count("set $object"), 1, trace)

    def test_where_it_is_written_is_said_in_words(self):
        clause = self.finding("broken_r31_any_level", "R31")["clause"]
        self.assertTrue(clause.startswith("rule R31 of the contract, from: reference page"), clause)
        self.assertNotIn("[", clause)

    def test_what_is_skipped_names_what_is_missing(self):
        _, skipped = check("good_static", "R7", "R9", "R56", "R64")
        self.assertEqual(skipped, {"R9": "the monitor does not keep anything through MONITORREG",
                                   "R56": "the monitor has no GetPrinterDataFromPort",
                                   "R64": "no way was found to add a port through Xcv"})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
