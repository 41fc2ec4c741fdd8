#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""leftovers.py: whatever way a program in a clone of Wine's prefix ends, no process and no file of it
is left behind."""

import os
import pathlib
import subprocess
import time
import unittest
import uuid

IN_CLONE = pathlib.Path(__file__).resolve().parent / "in-clone"
PATIENCE = 120


def settings_of(process):
    try:
        text = (process / "environ").read_bytes()
    except OSError:  # it has ended, or is another user's
        return {}
    words = (word.partition(b"=") for word in text.split(b"\0"))
    return {os.fsdecode(name): os.fsdecode(value) for name, _, value in words}


class Leftovers(unittest.TestCase):
    def setUp(self):
        """cmd.exe, which waits for what we have to say. All that is started with it has our mark."""
        self.mark = uuid.uuid4().hex
        self.run = subprocess.Popen([IN_CLONE, "cmd", "/k"], stdin=subprocess.PIPE,
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                    env=os.environ | {"PLATEN_MARK": self.mark})
        self.addCleanup(self.run.stdout.close)
        self.addCleanup(self.run.stdin.close)
        self.run.stdin.write(b"echo it %OS% runs\n")
        self.run.stdin.flush()
        while b"it Windows_NT runs" not in (line := self.run.stdout.readline()):
            self.assertNotEqual(line, b"", "cmd.exe does not run")
        self.clone = next(found for settings in self.ours() if "clone." in
                          (found := settings.get("WINEPREFIX", "")))

    def ours(self):
        return [settings for process in pathlib.Path("/proc").glob("[0-9]*")
                if (settings := settings_of(process)).get("PLATEN_MARK") == self.mark]

    def assert_nothing_is_left(self):
        until = time.monotonic() + PATIENCE
        while self.ours() and time.monotonic() < until:  # what was ended ends a moment later
            time.sleep(0.02)
        self.assertEqual(self.ours(), [])
        folder, name = os.path.split(self.clone)
        self.assertEqual([left for left in os.listdir(folder) if left.startswith(name)], [])

    def test_of_a_program_that_fails(self):
        self.assertTrue(os.path.isdir(self.clone))
        self.run.stdin.write(b"exit 3\n")
        self.run.stdin.flush()
        self.assertEqual(self.run.wait(PATIENCE), 3)
        self.assert_nothing_is_left()

    def test_of_a_run_that_is_ended(self):
        self.run.terminate()
        self.assertNotEqual(self.run.wait(PATIENCE), 0)
        self.assert_nothing_is_left()


unittest.main()
