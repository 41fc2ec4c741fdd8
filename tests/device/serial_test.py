#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""serial_test.py PLATEN: `platen device serial`, by hand and with the command printing to it."""

import errno
import json
import os
import random
import select
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PLATEN = sys.argv.pop(1)
PATIENCE = 100


class Serial(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="platen-serial-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def start(self, *words):
        self.device = subprocess.Popen([PLATEN, "device", "serial", *words], cwd=self.folder, text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE)
        self.addCleanup(self.stop)
        line = self.device.stdout.readline()
        self.assertTrue(line.startswith("listening on /dev/"), line)
        self.path = line.split()[-1]

    def stop(self):
        if self.device.poll() is None:
            self.device.kill()
        self.device.communicate()

    def heard(self, beginning):
        """The next line of the device begins so."""
        line = self.device.stdout.readline()
        self.assertTrue(line.startswith(beginning), line)
        return line

    def ends(self, status=0):
        out = self.device.stdout.read()  # communicate alone loses what readline had read ahead
        err = self.device.communicate(timeout=PATIENCE)[1]
        self.assertEqual(self.device.returncode, status, out + err)
        return out

    def document(self, size, name="in"):
        data = random.Random(size).randbytes(size)
        # What would be a question in the midst of it is none of this test's.
        data = data.replace(b"\x10", b"\x11").replace(b"\x1d", b"\x1e")
        (self.folder / name).write_bytes(data)
        return data

    def platen(self, *words, status=0):
        run = subprocess.run([PLATEN, "print", "--to", f"serial:{self.path}", *words], cwd=self.folder,
                             text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, timeout=PATIENCE)
        self.assertEqual(run.returncode, status, run.stdout)
        return run.stdout

    def open(self):
        line = os.open(self.path, os.O_RDWR | os.O_NOCTTY)
        os.set_blocking(line, False)
        return line

    def hears(self, line, size=1):
        data = b""
        while len(data) < size:
            self.assertTrue(select.select([line], [], [], PATIENCE)[0], "no answer")
            data += os.read(line, size - len(data))
        return list(data)

    def asks(self, line):
        """The four answers to DLE EOT n."""
        answers = []
        for n in (1, 2, 3, 4):
            os.write(line, bytes([0x10, 0x04, n]))
            answers += self.hears(line)
        return answers

    def test_jobs_arrive_and_are_kept(self):
        self.start("--jobs", "3", "--keep", "kept", "--json", "events.json")
        for number, size in enumerate((1, 5000, 300000), 1):
            data = self.document(size)
            self.assertIn("printed", self.platen("in"))
            self.heard(f"job {number}: {size} bytes from {self.path}")
            self.assertEqual((self.folder / f"kept/job-{number:04}.prn").read_bytes(), data)
            note = json.loads((self.folder / f"kept/job-{number:04}.json").read_text())
            self.assertTrue(note["whole"])
        self.assertIn("3 jobs, 3 whole, 305001 bytes", self.ends())
        events = [json.loads(line)["event"]
                  for line in (self.folder / "events.json").read_text().splitlines()]
        self.assertEqual(events, ["listening", "job", "job", "job", "end"])

    def test_paper_out_in_mid_job(self):
        self.start("--jobs", "1", "--keep", "kept", "--life", "until byte 1000; paper-out; wait 0.3; ready")
        data = self.document(200000)
        self.platen("in")
        self.heard("state: NO PAPER")
        self.heard("state: READY")
        self.ends()
        self.assertEqual((self.folder / "kept/job-0001.prn").read_bytes(), data)

    def test_one_state_for_every_question(self):
        for life, display, answers in (
                ("ready", None, [0x12, 0x12, 0x12, 0x12]),
                ("offline", "OFF LINE", [0x1A, 0x12, 0x12, 0x12]),
                ("paper-low", "PAPER LOW", [0x12, 0x12, 0x12, 0x1E]),
                ("paper-out", "NO PAPER", [0x1A, 0x32, 0x12, 0x7E]),
                ("cover-open", "COVER OPEN", [0x1A, 0x16, 0x12, 0x12]),
                ("jam", "CUTTER JAM", [0x1A, 0x52, 0x1A, 0x12]),
                ("error; jam", "ERROR", [0x1A, 0x52, 0x3A, 0x12])):
            with self.subTest(life=life):
                self.start("--life", life)
                if display:
                    self.heard(f"state: {display}")
                line = self.open()
                self.assertEqual(self.asks(line), answers)
                os.close(line)
                self.stop()

    def test_a_recovery_is_obeyed_and_paper_is_told_in_its_turn(self):
        self.start("--life", "jam; paper-low")
        self.heard("state: CUTTER JAM")
        line = self.open()
        os.write(line, b"\x1dr\x01")  # waits behind the jam
        os.write(line, b"\x10\x04\x03")
        self.assertEqual(self.hears(line), [0x1A])
        os.write(line, b"\x10\x05\x01")
        self.heard("state: PAPER LOW")
        self.assertEqual(self.hears(line), [0x03])
        os.close(line)

    def test_what_is_not_ready_takes_no_more_than_its_buffer(self):
        self.start("--life", "-", "--jobs", "1", "--keep", "kept")
        print("offline", file=self.device.stdin, flush=True)
        self.heard("state: OFF LINE")
        line = self.open()
        taken, quiet = 0, 0
        while quiet < 20:  # a fifth of a second without a byte
            try:
                taken += os.write(line, b"x" * 512)
                quiet = 0
            except OSError as error:
                self.assertEqual(error.errno, errno.EAGAIN)
                quiet += 1
                time.sleep(0.01)
            self.assertLess(taken, 1 << 20)
        self.assertGreaterEqual(taken, 4096)
        print("ready", file=self.device.stdin, flush=True)
        self.heard("state: READY")
        os.close(line)
        self.ends()
        self.assertEqual((self.folder / "kept/job-0001.prn").read_bytes(), b"x" * taken)

    def test_what_is_wrong_is_said(self):
        for words, said in ((["--life", "no such step"], "no step"), (["--port", "1"], "--port is not for"),
                            (["--life", "wait"], "1:5")):
            run = subprocess.run([PLATEN, "device", "serial", *words], cwd=self.folder, text=True,
                                 stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
            self.assertEqual(run.returncode, 2)
            self.assertIn(said, run.stderr)


unittest.main()
