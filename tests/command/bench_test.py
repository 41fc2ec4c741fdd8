#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""platen bench: what it takes, and that its rows come to an end and say something. How fast anything is
is no test's business. Run by ctest."""
import json
import os
import re

from case import Case, main


class Bench(Case):
    def rows(self, *words, status=0):
        """What a small run says of each row."""
        self.platen("bench", "--pairs", 1, "--size", "64K", "--json", "report", *words, status=status,
                    env=dict(os.environ, TMPDIR=str(self.folder)))
        lines = (self.folder / "report").read_text().splitlines()
        self.assertEqual([path.name for path in self.folder.iterdir()], ["report"])
        return {row["row"]: row for row in map(json.loads, lines)}

    def test_wrong_words_are_2_and_named(self):
        for words, what in ((["slow"], "slow"), (["--against", "lp"], "lp"), (["--against"], "WHAT"),
                            (["--against", "lp", "call"], "cups"), (["cups-jobs"], "--against"),
                            (["cups-socket", "call"], "--against"), (["call", "slow"], "slow"),
                            (["--pairs", "0"], "--pairs"), (["--pairs", "100"], "--pairs"),
                            (["--pairs", "few"], "--pairs"), (["--size", "1"], "--size"),
                            (["--size", "1X"], "--size"), (["--port", "NUL:"], "--port")):
            self.platen("bench", *words, status=2)
            self.assertIn(what, self.err)

    def test_help_names_rows_that_there_are(self):
        text = self.platen("bench", "--help")
        names = set(re.findall(r"\b[a-z]+(?:-[a-z0-9]+)*\b", text[text.index("Rows:"):text.index(" skipped")]))
        names -= {"with", "against", "also", "cups"}
        self.assertGreater(len(names), 20)
        for name in names:
            self.platen("bench", name, "--pairs", 0, "--against", "cups", status=2)
            self.assertIn("--pairs", self.err, name)

    def test_bytes(self):
        for name, row in self.rows("file", "file-4k", "tcp", "tcp-4k").items():
            self.assertEqual(row["unit"], "CPU s per GiB", name)
            self.assertGreater(row["platen"], 0, name)
            self.assertGreater(row["cost_ratio"], 0, name)

    def test_memory(self):
        row = self.rows("idle-port")["idle-port"]
        self.assertEqual(row["bare"], 1024)
        self.assertGreater(row["platen"], 10)

    def test_delays(self):
        rows = self.rows("deadline-write", "cancel-end")
        self.assertEqual(list(rows), ["deadline-write", "cancel-end"])
        for row in rows.values():
            self.assertEqual(row["pairs"], 5)
            self.assertGreaterEqual(row["worst"], row["platen"])

    def test_a_report_that_cannot_be_written_is_5(self):
        self.platen("bench", "call", "--json", "no/such/folder", status=5)


if __name__ == "__main__":
    main(__name__)
