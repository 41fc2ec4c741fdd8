#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""module.py OBJDUMP STRIP DLL: what a spooler loads is small, needs the system's DLLs alone, and
exports the name that a spooler looks for, without decoration."""

import os
import re
import subprocess
import sys
import tempfile
import unittest

OBJDUMP, STRIP, DLL = sys.argv[1:4]
LARGEST = 300_000
SYSTEM = {"advapi32.dll", "iphlpapi.dll", "kernel32.dll", "msvcrt.dll", "ntdll.dll", "setupapi.dll",
          "shell32.dll", "spoolss.dll", "winspool.drv", "ws2_32.dll"}


class Module(unittest.TestCase):
    def setUp(self):
        self.text = subprocess.check_output([OBJDUMP, "-p", DLL], text=True)

    def test_it_is_small(self):
        with tempfile.TemporaryDirectory() as folder:
            stripped = os.path.join(folder, "stripped.dll")
            subprocess.check_call([STRIP, "-o", stripped, DLL])
            self.assertLess(os.path.getsize(stripped), LARGEST)

    def test_it_needs_the_system_alone(self):
        needed = {name.lower() for name in re.findall(r"DLL Name: (\S+)", self.text)}
        self.assertIn("kernel32.dll", needed)
        self.assertEqual(needed - SYSTEM, set())

    def test_a_spooler_finds_it(self):
        names = re.findall(r"^\s*\[ *\d+\] (\S+)$",
                           self.text.partition("[Ordinal/Name Pointer] Table")[2], re.MULTILINE)
        self.assertIn("InitializePrintMonitor2", names)
        self.assertEqual([name for name in names if re.search(r"^_|@", name)], [])


unittest.main(argv=sys.argv[:1])
