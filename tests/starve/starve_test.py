#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every script while something runs out: each allocation of the monitor fails in turn, or each call
to the registry, once and for good.

  starve_test.py allocations PLATEN MODULE STARVE SCRIPT...
  starve_test.py registry    PLATEN MODULE STARVE SCRIPT...
  starve_test.py --must-find allocations PLATEN MODULE STARVE SCRIPT...   a fault, or it is a failure

What the scripts expect may then not come; that is no fault. A fault is a crash, a call that does not
come back, what the spooler finds wrong with keys and handles, and memory that is left when the
monitor was unloaded.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PATIENCE = "12"  # seconds a test: more than two ReadPorts wait for a printer that has nothing to say
MOST = 400  # of what fails in one test; no script comes near
OUTCOMES = {0, 1, 3, 77}  # passed, failed, could not be loaded, all skipped
# A call that does not come back, not a wait for something that does not come. A job may wait for a
# port, and a call in it that hangs is a finding.
STUCK = re.compile(r"took longer than \d+ seconds, in line \d+: (?!expect|job|wait).*")
# Rules that hold whatever fails: memory and keys are given back, nothing is left behind.
ALWAYS = re.compile(r"\bR(2|4|6|12|13|14|38|46|57|62|67|73|74|77)\b")


class Trouble(Exception):
    pass


class Run:
    """One run of a script; what of it is a fault is an entry of `faults`."""

    def __init__(self, tools, script, environment):
        platen, module = tools
        with tempfile.TemporaryDirectory() as folder:
            log, events = pathlib.Path(folder, "log"), pathlib.Path(folder, "events")
            command = [platen, "run", "--monitor", module, "--timeout", PATIENCE,
                       "--json", str(events), str(script)]
            done = subprocess.run(command, env={**os.environ, **environment, "STARVE_LOG": str(log)},
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600,
                                  cwd=folder, text=True, errors="replace", check=False)
            told = log.read_text().split("\n") if log.exists() else []
            lines = events.read_text(errors="replace").splitlines() if events.exists() else []
        self.hit = "failed" in told
        self.output = done.stdout
        self.faults = [f"memory that was not freed: {line}" for line in told
                       if line.startswith("left")]
        if done.returncode not in OUTCOMES:
            self.faults.append(f"exit status {done.returncode}")
        self.faults += STUCK.findall(done.stdout)
        self.faults += [text for text in map(fault_of, lines) if text]


def fault_of(line):
    try:
        event = json.loads(line)
    except ValueError:
        return None
    if event.get("kind", event.get("event")) != "finding":
        return None
    text = json.dumps(event)
    return text if ALWAYS.search(text) or re.search("crash|hang|hung", text) else None


def starved(starve, module, nth, on):
    return {"LD_PRELOAD": starve, "STARVE_MODULE": os.path.basename(module),
            "STARVE_NTH": str(nth), "STARVE_ON": str(int(on))}


def sweep_allocations(tools, starve, script):
    """Yields (what failed, run) until nothing failed any more."""
    text = REPEAT.sub(few_times, script.read_text(encoding="utf-8"))
    for on in (False, True):
        for nth in range(1, MOST):
            with tempfile.TemporaryDirectory() as folder:
                run = Run(tools, copy_of(script, folder, text),
                          starved(starve, tools[1], nth, on))
            yield f"allocation {nth}{' and all after it' if on else ''}", run
            if not run.hit:
                break
        else:
            raise Trouble(f"{MOST} allocations were not all")


TEST = re.compile(r'^((?:ignored )?test "[^"]*"[^{\n]*\{)', re.MULTILINE)
REPEAT = re.compile(r"^( *repeat) +(\d+)", re.MULTILINE)
REGISTRY = re.compile(r"^ *\S+ +(CreateKey|OpenKey|CloseKey|DeleteKey|EnumKey|QueryInfoKey|SetValue|"
                      r"DeleteValue|EnumValue|QueryValue) ", re.MULTILINE)


def few_times(found):
    """What is repeated allocates the same again each time."""
    return f"{found[1]} {min(int(found[2]), 3)}"


def registry_calls(tools, script):
    """How many calls to the registry the busiest test of the script makes."""
    done = subprocess.run([tools[0], "run", "--monitor", tools[1], "--timeout", PATIENCE, "--trace", "-",
                           str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, errors="replace", timeout=600, check=False)
    return max(len(REGISTRY.findall(part)) for part in re.split(r"^spooler ", done.stdout,
                                                                flags=re.MULTILINE))


def with_fault(text, nth, on):
    """The script with a fault at the begin of every test."""
    return TEST.sub(rf"\1\n    fault registry nth={nth} {'always' if on else 'once'} error 14", text)


def copy_of(script, folder, text):
    """The script as changed, beside what the original includes."""
    copy = pathlib.Path(folder, script.name)
    copy.write_text(text, encoding="utf-8")
    if (script.parent / "parts").is_dir():
        os.symlink(script.parent / "parts", pathlib.Path(folder, "parts"))
    return copy


def sweep_registry(tools, starve, script):
    environment = starved(starve, tools[1], 0, False)
    count = registry_calls(tools, script)
    text = script.read_text(encoding="utf-8")
    for on in (False, True):
        for nth in range(1, count + 1):
            with tempfile.TemporaryDirectory() as folder:
                run = Run(tools, copy_of(script, folder, with_fault(text, nth, on)), environment)
            run.hit = True
            yield f"registry call {nth}{' and all after it' if on else ''}", run


def sweep(kind, tools, starve, script):
    """Returns (how much was tried, faults)."""
    faults, tried = [], 0
    try:
        for what, run in kind(tools, starve, script):
            tried += run.hit
            faults += [f"{script.name}: {what}: {fault}" for fault in run.faults]
    except Trouble as trouble:
        faults.append(f"{script.name}: {trouble}")
    print(f"{script.name}: {tried} failures made, {len(faults)} faults", flush=True)
    return tried, faults


def main(argv):
    must_find = argv[:1] == ["--must-find"]
    argv = argv[must_find:]
    kinds = {"allocations": sweep_allocations, "registry": sweep_registry}
    if len(argv) < 5 or argv[0] not in kinds:
        print(__doc__, file=sys.stderr)
        return 2
    kind, tools, starve = kinds[argv[0]], argv[1:3], argv[3]
    scripts = [pathlib.Path(script).resolve() for script in argv[4:]]
    with concurrent.futures.ThreadPoolExecutor(max_workers=4 * os.cpu_count()) as pool:
        results = list(pool.map(lambda script: sweep(kind, tools, starve, script), scripts))
    faults = [fault for _, found in results for fault in found]
    for fault in faults:
        print(fault)
    tried = sum(count for count, _ in results)
    print(f"{len(scripts)} scripts, {tried} failures made, {len(faults)} faults")
    return 0 if bool(faults) == must_find and tried else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
