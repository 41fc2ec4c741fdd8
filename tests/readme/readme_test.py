#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs what the README and doc/hosts.md tell people to type.

Every `sh` block is run, line by line, in one folder per document that has include/ and examples/ as the
project's has, with the command on the path; but for the two commands of the project themselves, which
scripts/test runs as stages of their own. What speaks of DLLs is run where the build has a host for them."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ELSEWHERE = re.compile(r"^scripts/(demo|test)\b")
WINDOWS = re.compile(r"\.dll\b|mingw32|minimal\.trace")
DOCUMENTS = {"README.md": 10, "doc/hosts.md": 3}


def lines(text):
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            command = line.split("  #")[0].strip()
            if command and not ELSEWHERE.match(command):
                yield command


def run(document, root, command, windows):
    """How many commands of the document failed."""
    commands = list(lines((root / document).read_text()))
    if len(commands) < DOCUMENTS[document]:
        sys.exit(f"only {len(commands)} commands found in {document}")
    failed = 0
    env = dict(os.environ, PATH=f"{command.parent}:{os.environ['PATH']}")
    with tempfile.TemporaryDirectory(prefix="platen-readme-") as name:
        folder = Path(name)
        for link in ("include", "examples"):
            os.symlink(root / link, folder / link)
        for line in commands:
            if not windows and WINDOWS.search(line):
                print(f"-  {line}")
                continue
            done = subprocess.run(["bash", "-c", line], cwd=folder, env=env, capture_output=True,
                                  text=True, stdin=subprocess.DEVNULL)
            print(f"{done.returncode}  {line}")
            if done.returncode != 0:
                failed += 1
                print(done.stdout + done.stderr)
    return failed


def main():
    root, command = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    windows = sys.argv[3] == "ON"
    sys.exit(1 if sum(run(document, root, command, windows) for document in DOCUMENTS) else 0)


if __name__ == "__main__":
    main()
