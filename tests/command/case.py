# SPDX-License-Identifier: MIT
"""What the tests of the program share: how it is run, and how a test program is."""
import argparse
import filecmp
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

OPTIONS = argparse.Namespace()


def native(test):
    """Of Linux alone: not there, rather than skipped, where the program is a Windows one. Links under
    Wine are Unix links, which Windows programs cannot see; tests/seam has those that Windows has."""
    test.native = True
    return test


def cases_below(case):
    for below in case.__subclasses__():
        yield below
        yield from cases_below(below)


def leave_out_native_tests():
    for case in cases_below(Case):
        for name in [name for name, test in vars(case).items() if getattr(test, "native", False)]:
            delattr(case, name)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="platen-command-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def platen(self, *words, status=0, stdin=subprocess.DEVNULL, **more):
        command = [w for w in OPTIONS.wine.split(";") if w] + [OPTIONS.platen, *map(str, words)]
        done = subprocess.run(command, cwd=self.folder, stdin=stdin, capture_output=True,
                              timeout=250, **more)
        self.out, self.err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        self.assertEqual(done.returncode, status, f"{words}\n{self.out}{self.err}")
        return self.out

    def file(self, name, content=b"a page\n"):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def random_file(self, name, size):
        return self.file(name, random.Random(size).randbytes(size))

    def assertSame(self, a, b):
        self.assertTrue(filecmp.cmp(self.folder / a, self.folder / b, shallow=False), f"{a} {b}")

    def monitor(self, name):
        return str(Path(OPTIONS.monitors) / (name + OPTIONS.suffix))


def main(module):
    parser = argparse.ArgumentParser()
    for name in ("man", "platen", "monitors", "suffix", "wine", "cc", "dll", "include", "library",
                 "minimal", "record"):
        parser.add_argument("--" + name, default="")
    parser.add_argument("--sanitized", action="store_true")
    parser.add_argument("classes", nargs="+")
    parser.parse_args(namespace=OPTIONS)
    if OPTIONS.wine:
        leave_out_native_tests()
    tests = unittest.defaultTestLoader.loadTestsFromNames(OPTIONS.classes, sys.modules[module])
    result = unittest.TextTestRunner(verbosity=2).run(tests)
    ran = result.testsRun - len(result.skipped)
    sys.exit(1 if not result.wasSuccessful() else 0 if ran else 77)
