#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""guest.py BUILD CACHE PART [JOBS]: runs a part of the system test in a virtual machine; a part with
seeded jobs runs so many of them, with the seed of the environment (PLATEN_SEED), or another one each
time.

The machine has Debian's own kernel (scripts/guest-kernel) and is emulated, whatever the computer
offers. What the part says comes out here. The verdict is the part's: anything else than an odd
status of QEMU's together with the line DONE and the same number is a fault of the test, and fails it.
"""

import os
import pathlib
import re
import selectors
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
FAULT = 99
SECONDS = 600  # and one for each two jobs
SILENT = 200  # no part says nothing for so long

# A computer under load may lead the kernel to doubt its timers, or to measure the processor's clock
# wrongly; it is told not to.
KERNEL = ("console=ttyS2 earlyprintk=serial,0x3e8,115200 panic=-1 mitigations=off no_timer_check "
          "clocksource=hpet loglevel=5")


def libraries(programs):
    """The shared libraries that these programs need, and the loader."""
    run = subprocess.run(["ldd", *programs], check=True, capture_output=True, text=True)
    return sorted(set(re.findall(r"(/\S+) \(0x", run.stdout)))


class Image:
    """The file system that the guest starts with."""

    def __init__(self, folder):
        self.root = folder / "root"

    def put(self, source, target):
        target = self.root / target.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)

    def fill(self, build, kernel, part):
        programs = [build / "bin/platen", build / "bin/platen-host", *(build / "bin/guest").iterdir()]
        self.put(HERE / "init", "/init")
        self.put(pathlib.Path(shutil.which("busybox")), "/bin/busybox")
        self.put(kernel / "modules", "/modules")
        self.put(HERE / "parts" / part, f"/parts/{part}")
        self.put(HERE / "command", "/bin/command-test")
        self.put(HERE / "scripts", "/scripts")
        self.put(HERE.parents[1] / "examples/spool", "/examples")
        for program in programs:
            self.put(program, f"/bin/{program.name}")
        for library in libraries(programs):
            self.put(pathlib.Path(library), library)
        for name in ("dev", "proc", "sys", "tmp"):
            (self.root / name).mkdir(exist_ok=True)

    def pack(self, name):
        names = subprocess.run(["find", "."], cwd=self.root, check=True, capture_output=True)
        with open(name, "wb") as file:
            subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=self.root, check=True,
                           input=names.stdout, stdout=file)
        shutil.rmtree(self.root)


def command(kernel, part, jobs):
    """QEMU; ttyS0 says what happens, ttyS1 and the parallel port are the ones under test, ttyS2 is
    the kernel's."""
    seed = os.environ.get("PLATEN_SEED") or time.time_ns() // 1000 % 2**32
    return [
        "qemu-system-x86_64", "-accel", "tcg", "-machine", "pc", "-cpu", "Nehalem", "-m", "512",
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-kernel", str(kernel / "vmlinux"), "-initrd", "initrd",
        "-append", f"{KERNEL} part={part} jobs={jobs} seed={seed}",
        "-serial", "stdio",
        "-chardev", "socket,id=line,path=line", "-serial", "chardev:line",
        "-serial", "file:kernel",
        "-chardev", "parallel,id=port,path=port",
        "-device", "isa-parallel,chardev=port,iobase=0x378",
        "-chardev", "socket,id=channel,path=channel", "-device", "virtio-serial-pci",
        "-device", "virtserialport,chardev=channel,nr=1",
        "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
    ]


def listen(machine, seconds):
    """Shows what the machine says, until it ends or says nothing any more; all of it."""
    said, began = b"", time.monotonic()
    with selectors.DefaultSelector() as selector:
        selector.register(machine.stdout, selectors.EVENT_READ)
        while selector.select(min(SILENT, began + seconds - time.monotonic())):
            more = os.read(machine.stdout.fileno(), 65536)
            if not more:
                return said
            said += more
            sys.stdout.write(more.decode(errors="replace").replace("\r", ""))
            sys.stdout.flush()
    print("the guest does not answer any more")
    return said


def is_consistent(said, status):
    """As many lines as planned, and one that is not ok exactly if the part says so."""
    plans = re.findall(r"^1\.\.(\d+)$", said, re.MULTILINE)
    verdicts = re.findall(r"^(not ok|ok) \d+ - ", said, re.MULTILINE)
    failed = "not ok" in verdicts
    return plans == [str(len(verdicts))] and bool(verdicts) and failed == (status != 0)


def run(folder, build, kernel, part, jobs):
    (folder / "port").touch()
    environment = dict(os.environ, LD_PRELOAD=str(build / "lib/platen-outside.so"))
    machine = subprocess.Popen(command(kernel, part, jobs), cwd=folder, env=environment,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
    try:
        said = listen(machine, SECONDS + jobs // 2).decode(errors="replace").replace("\r", "")
        machine.kill() if machine.poll() is None and "\nDONE rc=" not in said else None
        status = machine.wait(timeout=30)
    finally:
        machine.kill()
        machine.wait()
    done = re.findall(r"^DONE rc=(\d+)$", said, re.MULTILINE)
    fine = len(done) == 1 and status == int(done[0]) << 1 | 1
    if not fine or not is_consistent(said, int(done[0])):
        print((folder / "kernel").read_text(errors="replace")[-8000:])
        print(f"the test itself is at fault: QEMU ended with {status}, the guest said {done}")
        return FAULT
    return int(done[0])


def judge(folder, build, cache, part, jobs):
    kernel = cache / "guest"
    image = Image(folder)
    image.fill(build, kernel, part)
    image.pack(folder / "initrd")
    return run(folder, build, kernel, part, jobs)


def main():
    build, cache, part = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    jobs = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    with tempfile.TemporaryDirectory() as folder:
        return judge(pathlib.Path(folder), build.resolve(), cache, part, jobs)


sys.exit(main())
