#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""print_serial.py PLATEN: the command prints to serial lines, which are pseudo terminals."""

import os
import subprocess
import sys
import tempfile
import threading
import tty
import unittest

PLATEN = sys.argv.pop(1)


class Printer:
    """Keeps what comes; with `most`, only until so many bytes have come."""

    def __init__(self, most=None):
        self.master, self.line = os.openpty()
        tty.setraw(self.line)
        self.path = os.ttyname(self.line)
        self.bytes = b""
        self.most = most
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        while self.most is None or len(self.bytes) < self.most:
            try:
                self.bytes += os.read(self.master, 4096)
            except OSError:  # the line is closed
                return
        os.close(self.line)
        os.close(self.master)

    def pages(self):
        os.close(self.line)
        self.thread.join()
        os.close(self.master)
        return self.bytes


class Print(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.document = os.path.join(folder.name, "page.prn")
        self.content = bytes(range(256)) * 1000
        with open(self.document, "wb") as file:
            file.write(self.content)

    def platen(self, *arguments, status=0):
        run = subprocess.run([PLATEN, "print", *arguments, self.document], text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=150)
        self.assertEqual(run.returncode, status, run.stdout)
        return run.stdout

    def test_every_byte_arrives(self):
        for options in ("", "?baud=9600", "?baud=123456&parity=mark&bits=7&flow=soft"):
            printer = Printer()
            self.platen("--to", f"serial:{printer.path}{options}")
            self.assertEqual(printer.pages(), self.content)

    def test_as_a_parallel_printer(self):
        printer = Printer()
        self.platen("--to", f"parallel:{printer.path}")
        self.assertEqual(printer.pages(), self.content)

    def test_a_printer_that_is_pulled_out(self):
        printer = Printer(most=10000)
        said = self.platen("--to", f"serial:{printer.path}", "--profile", "strict", status=1)
        printer.thread.join()
        self.assertIn("ERROR_DEVICE_NOT_CONNECTED", said)
        self.assertEqual(printer.bytes, self.content[:len(printer.bytes)])

    def test_what_is_no_line(self):
        self.assertIn("3012", self.platen("--to", "serial:/dev/no-such-line", status=1))
        self.assertIn("66", self.platen("--to", "serial:/dev/null", status=1))
        self.platen("--to", "serial:somewhere", status=2)

    def test_settings_that_are_none(self):
        for option in ("parity=often", "bits=9", "baud=0", "stop=3", "flow=x", "xon=maybe", "a=b"):
            printer = Printer()
            self.platen("--to", f"serial:{printer.path}?{option}", status=2)
            self.assertEqual(printer.pages(), b"")


unittest.main()
