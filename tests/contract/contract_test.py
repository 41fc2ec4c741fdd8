#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""contract_test.py [OPTION...] good|broken|GROUP...: is `platen check` sharp, and is it fair?

good     checks every good monitor wholly: nothing is found, and what is skipped is in skipped.txt
broken   checks every broken monitor: its rule is found, of its severity, and no other rule
GROUP    the same for the broken monitors of that group of rules: enum, job ...

--platen FILE    the program
--folder DIR     where the monitors are
--suffix .dll    what their names end in
--styles         all of them: the other styles too, and other names
--whole          checks broken monitors wholly, not just the group of their rule
--only TEXT      only monitors with this text in their names
--at-once N      so many checks side by side (default: four for each processor)
--write          writes skipped.txt anew
--tell           tells what was found in each
"""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
RULES = HERE.parent.parent / "harness" / "rules" / "rules.def"
SKIPPED = HERE / "skipped.txt"
HOSTILE = {"r60_null_object", "r68_null_needed"}  # only tried where the user allows it
WINDOWS = {10}  # rules that only a DLL can break
POSIX = {"r41_no_room_is_fine"}  # wants a device that only such systems have
# What is found on monitors that are good all the same: (monitor, rule, severity).
TOLERATED = {("good_keeps_init", 8, "SHOULD")}
HERE_ALONE = {41}  # some monitors can only be tried for it where there is /dev/full
SHORT = {40}  # rules broken by calls that never come back: each is waited for
PATIENCE = 900


def read_groups():
    """{rule: group} of rules.def."""
    rows = re.findall(r"^PLATEN_RULE\((\d+), \w+, \w+, (\w+),", RULES.read_text(), re.MULTILINE)
    return {int(number): group.lower() for number, group in rows}


def read_broken():
    """(name, rule, severity, styles, also) of each row of broken.def."""
    row = re.compile(r"^PLATEN_BROKEN\((\w+),\s*(\d+),\s*(\w+),\s*([A-Z_| ]+?),\s*ALSO\(([\d, ]*)\)\)",
                     re.MULTILINE)
    for name, rule, severity, styles, also in row.findall((HERE / "broken.def").read_text()):
        yield (name, int(rule), severity, [word.strip().lower() for word in styles.split("|")],
               {int(number) for number in also.split(",") if number.strip()})


def files(options):
    """(file, rule, severity, also, group) of each monitor to be checked."""
    groups = read_groups()
    windows = options.suffix == ".dll"
    for name, rule, severity, styles, also in read_broken():
        if (rule in WINDOWS and not windows) or (name in POSIX and windows):
            continue
        endings = [""] + ["-" + style for style in styles[1:]]
        for ending in endings if options.styles else endings[:1]:
            yield f"broken_{name}{ending}", rule, severity, also, groups[rule]


class Checked:
    """What `platen check` said: findings as {(rule, severity)}, skipped as {rule: why}."""

    def __init__(self, options, name, words):
        path = Path(options.folder, name + options.suffix)
        command = [options.platen, "check", str(path), *words, "--json", "-", "--jobs", "1"]
        if options.timeout:
            command += ["--timeout", options.timeout]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE,
                                  errors="replace", check=False)
        except subprocess.TimeoutExpired:
            done = subprocess.CompletedProcess(command, -1, "", "it does not come to an end")
        self.status = done.returncode
        self.complaint = done.stderr.strip()
        self.findings = {}
        self.skipped = {}
        for line in done.stdout.splitlines():
            event = json.loads(line)
            if event["event"] == "finding":
                told = f"{event.get('name', '')}: expected {event.get('expected')}, got {event.get('got')}"
                self.findings.setdefault((int(event["rule"][1:]), event["severity"]), told)
            elif event["event"] == "test-end" and event.get("verdict") == "skip":
                self.skipped[int(re.match(r"R(\d+)", event["test"])[1])] = event.get("text", "")

    def told(self):
        return "".join(f"\n    R{rule} {severity}: {text}"
                       for (rule, severity), text in sorted(self.findings.items()))


# The good monitors of the ordinary run; the others are for `scripts/test --long`.
ORDINARY = {"good_full", "good_language", "good_static"}


def check_broken(options, row):
    """What is wrong with what was said about a broken monitor."""
    name, rule, severity, also, group = row
    words = [] if options.whole else [f"R{rule}"]
    is_hostile = name.removeprefix("broken_").partition("-")[0] in HOSTILE
    words += ["--hostile"] * is_hostile + (["--timeout", "8"] if rule in SHORT else [])
    checked = Checked(options, name, words)
    wrong = []
    if (rule, severity) not in checked.findings:
        why = checked.skipped.get(rule) or f"status {checked.status} {checked.complaint}"
        wrong.append(f"R{rule} {severity} is not found ({why})")
    for found, of in sorted(checked.findings):
        if found != rule and found not in also:
            wrong.append(f"R{found} {of} has nothing to do with it")
    if severity == "MUST" and checked.status not in (1, 3, 4) and not wrong:
        wrong.append(f"a MUST is broken, but the exit status is {checked.status}")
    if severity == "SHOULD" and not wrong and checked.status != 0 and not also:
        wrong.append(f"no more than a SHOULD is broken, but the exit status is {checked.status}")
    if wrong or options.tell:
        print(f"{name}: {'; '.join(wrong) or 'fine'}{checked.told()}", flush=True)
    return wrong


def check_good(options, name):
    checked = Checked(options, name, ["--hostile"])
    wrong = [f"R{rule} {severity} is found" for rule, severity in sorted(checked.findings)
             if (name.removesuffix("-renamed"), rule, severity) not in TOLERATED]
    if checked.status != 0 and not wrong:
        wrong.append(f"the exit status is {checked.status} {checked.complaint}")
    return name, wrong, checked


def read_skipped():
    rows = {}
    for line in SKIPPED.read_text().splitlines() if SKIPPED.exists() else []:
        if line and not line.startswith("#"):
            name, rule, why = line.split(None, 2)
            rows.setdefault(name, {})[int(rule[1:])] = why
    return rows


def write_skipped(rows):
    lines = ["# SPDX-License-Identifier: MIT",
             "# The rules that `platen check` skips on each good monitor: monitor, rule, and what is",
             "# missing. Made by contract_test.py --write good."]
    for name, skipped in sorted(rows.items()):
        lines += [f"{name} R{rule} {why}" for rule, why in sorted(skipped.items())]
    SKIPPED.write_text("\n".join(lines) + "\n")


def compare_skipped(name, now, before):
    for rule in sorted(set(now) | set(before)):
        if rule not in before:
            yield f"R{rule} is skipped: {now[rule]}"
        elif rule not in now:
            yield f"R{rule} is not skipped any more; it was: {before[rule]}"
        elif now[rule] != before[rule]:
            yield f"R{rule} is skipped because {now[rule]}, not because {before[rule]}"


def run_good(options, pool):
    names = sorted(path.stem for path in HERE.glob("good_*.c"))
    if options.styles:
        names += [name + "-renamed" for name in names]
    elif not options.write:
        names = [name for name in names if name in ORDINARY]
    names = [name for name in names if options.only in name]
    before, after, failed = read_skipped(), {}, 0
    for name, wrong, checked in pool.map(lambda one: check_good(options, one), names):
        plain = name.removesuffix("-renamed")
        if name == plain or checked.skipped != after.get(plain, {}):
            after[name] = checked.skipped
        if not options.write:
            theirs = dict(before.get(name, before.get(plain, {})))
            if options.suffix == ".dll":
                theirs |= {rule: why for rule, why in checked.skipped.items() if rule in HERE_ALONE}
            wrong += compare_skipped(name, checked.skipped, theirs)
        if wrong or options.tell:
            print(f"{name}: {'; '.join(wrong) or 'fine'}{checked.told()}", flush=True)
        failed += bool(wrong)
    if options.write:
        write_skipped({**before, **after})
    return len(names), failed


def run_broken(options, pool):
    rows = [row for row in files(options)
            if options.what in ("broken", row[4]) and options.only in row[0]]
    wrong = list(pool.map(lambda row: check_broken(options, row), rows))
    return len(rows), sum(map(bool, wrong))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("what")
    parser.add_argument("--platen", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--suffix", default=".so")
    parser.add_argument("--only", default="")
    parser.add_argument("--timeout", default="")
    parser.add_argument("--at-once", type=int, default=4 * (os.cpu_count() or 1))
    for word in ("--styles", "--whole", "--write", "--tell"):
        parser.add_argument(word, action="store_true")
    options = parser.parse_args()
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        run = run_good if options.what == "good" else run_broken
        count, failed = run(options, pool)
    print(f"{count} monitors, {failed} of them not as they should be")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
