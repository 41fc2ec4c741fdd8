#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs what the README tells people to type.

Every `sh` block is run, line by line, in one folder that has include/ and examples/ as the project's
has, with the command on the path; but for the two commands of the project themselves, which
scripts/test runs as stages of their own."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ELSEWHERE = re.compile(r"^scripts/(demo|test)\b")


def lines(readme):
    for block in re.findall(r"^```sh\n(.*?)^```", readme, re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            command = line.split("  #")[0].strip()
            if command and not ELSEWHERE.match(command):
                yield command


def main():
    root, command = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory(prefix="platen-readme-") as name:
        folder = Path(name)
        for link in ("include", "examples"):
            os.symlink(root / link, folder / link)
        env = dict(os.environ, PATH=f"{command.parent}:{os.environ['PATH']}")
        commands = list(lines((root / "README.md").read_text()))
        if len(commands) < 10:
            sys.exit(f"only {len(commands)} commands found in the README")
        failed = 0
        for line in commands:
            done = subprocess.run(["bash", "-c", line], cwd=folder, env=env, capture_output=True,
                                  text=True, stdin=subprocess.DEVNULL)
            print(f"{done.returncode}  {line}")
            if done.returncode != 0:
                failed += 1
                print(done.stdout + done.stderr)
        sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
