#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Jobs for servers and devices that others wrote: CUPS's cups-lpd, LPRng's lpd, p910nd and socat. What
arrives there are the bytes of the job. Run by ctest, one class at a time."""
import argparse
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

OPTIONS = None
PATIENCE = 60
TITLES = ("$(touch pwned)", "`touch pwned`;touch pwned|touch pwned&", "\"'\\\"'", "a\nN/etc/passwd\nUx",
          "%n%s%n%d", "\x1b]0;x\x07\x1b%-12345X@PJL", "../../../x", "-o raw", "x" * 250)


def find(name):
    found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if found is None:
        print(f"{name} is missing: scripts/setup test")
        sys.exit(77)
    return found


def data_of(size, seed=1):
    return random.Random(seed).randbytes(size)


class Door:
    """Listens on a port that is free, so that no server needs one of its own, and hands each connection
    over."""

    def __init__(self, case, serve):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.serve = serve
        case.addCleanup(self.listener.close)
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()


def pump(source, sink):
    try:
        while part := source.recv(65536):
            sink.sendall(part)
    except OSError:
        pass
    try:
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Case(unittest.TestCase):
    def setUp(self):
        # Short and without letters that anything in it could mind: it stands in paths of others.
        self.folder = Path(tempfile.mkdtemp(prefix="p", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def start(self, *words, **more):
        with open(self.folder / "said", "ab") as said:
            child = subprocess.Popen([str(word) for word in words], cwd=self.folder, stderr=said,
                                     start_new_session=True, stdin=subprocess.DEVNULL,
                                     stdout=subprocess.DEVNULL, **more)
        self.addCleanup(self.end, child)
        return child

    def copy(self, program, name, place, mine):
        """A copy of the program for this test, with a path of ours where it has one for the whole
        system that no option changes."""
        content, path = Path(program).read_bytes(), str(self.folder / mine).encode()
        self.assertEqual(content.count(place), 1)
        self.assertLessEqual(len(path), len(place))
        (self.folder / name).write_bytes(content.replace(place, path.ljust(len(place), b"\0")))
        (self.folder / name).chmod(0o755)

    def end(self, child):
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()

    def wait_for(self, condition, what):
        until = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), until, what)
            time.sleep(0.02)

    def arrives(self, path, data):
        def whole():
            return path.exists() and path.stat().st_size >= len(data)
        self.wait_for(whole, f"{len(data)} bytes have not arrived")
        self.assertEqual(path.read_bytes(), data)

    def print(self, uri, data, title="job", status=0):
        document = self.folder / title.replace("/", "_")[:200]
        document.write_bytes(data)
        done = subprocess.run([OPTIONS.platen, "print", "--to", uri, "--", str(document)], text=True,
                              cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True,
                              errors="replace", timeout=PATIENCE)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        document.unlink()


class Cups(Case):
    """cups-lpd, which is run for each connection, in front of a scheduler of the test's own."""

    def setUp(self):
        super().setUp()
        cupsd, self.lpd = find("cupsd"), "/usr/lib/cups/daemon/cups-lpd"
        if not os.path.exists(self.lpd):
            print("cups-lpd is missing: scripts/setup test")
            sys.exit(77)
        here = self.folder
        self.socket, self.printed = here / "own/s", []
        printer = Door(self, self.be_printer).port
        here.chmod(0o711)  # started by root, the scheduler works as another user
        for name, mode in (("own", 0o700), ("spool", 0o711), ("spool/tmp", 0o700)):
            (here / name).mkdir(mode=mode)
        (here / "cupsd.conf").write_text(
            f"Listen {self.socket}\nBrowsing No\nBrowseLocalProtocols none\nWebInterface No\n"
            "DefaultAuthType None\nDefaultEncryption Never\n<Location />\nOrder allow,deny\n"
            "Allow all\n</Location>\n<Policy default>\n<Limit All>\nOrder allow,deny\nAllow all\n"
            "</Limit>\n</Policy>\n")
        (here / "files.conf").write_text(
            f"ServerRoot {here}\nRequestRoot {here}/spool\nCacheDir {here}/cache\n"
            f"StateDir {here}/state\nTempDir {here}/spool/tmp\nServerKeychain {here}/ssl\n"
            f"CreateSelfSignedCerts No\nErrorLog {here}/errors\nAccessLog {here}/accesses\n"
            f"PageLog {here}/pages\nPrintcap {here}/printcap\n")
        (here / "printers.conf").write_text(
            f"<Printer raw>\nDeviceURI socket://127.0.0.1:{printer}\nState Idle\nAccepting Yes\nShared Yes\n</Printer>\n"
            f"<Printer shut>\nDeviceURI socket://127.0.0.1:{printer}\nState Idle\nAccepting No\nShared Yes\n</Printer>\n")
        self.start(cupsd, "-f", "-c", here / "cupsd.conf", "-s", here / "files.conf")
        self.wait_for(self.socket.exists, "the scheduler does not listen")
        self.port = Door(self, self.serve).port

    def serve(self, connection):
        with connection:
            subprocess.run([self.lpd, "-o", "document-format=application/octet-stream"], stdin=connection,
                           stdout=connection, stderr=subprocess.DEVNULL, cwd=self.folder,
                           env=dict(os.environ, CUPS_SERVER=str(self.socket)), timeout=PATIENCE)

    def be_printer(self, connection):
        with connection:
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
        self.printed.append(b"".join(parts))

    def comes_out(self, data):
        self.wait_for(lambda: self.printed, "nothing has been printed")
        self.assertEqual(self.printed.pop(), data)

    def test_jobs(self):
        for number, options in enumerate(("", "?order=data,control", "?sanitize_title=yes")):
            data = data_of(1000003 + number, number)
            self.print(f"lpd://127.0.0.1:{self.port}/raw{options}", data)
            self.comes_out(data)

    def test_what_it_refuses_is_not_printed(self):
        for queue in ("none", "shut"):
            self.print(f"lpd://127.0.0.1:{self.port}/{queue}", b"x" * 5000, status=1)

    def test_a_streamed_job_is_never_lost_without_a_word(self):
        self.print(f"lpd://127.0.0.1:{self.port}/raw?mode=stream", b"x" * 5000, status=1)

    def test_titles_are_data(self):
        for title in TITLES:
            self.print(f"lpd://127.0.0.1:{self.port}/raw", title.encode() + b"\n", title)
            self.comes_out(title.encode() + b"\n")
        self.assertEqual(list(self.folder.rglob("pwned*")), [])


class Lprng(Case):
    """LPRng's lpd, unpacked beside, because its package and CUPS's exclude each other."""

    def setUp(self):
        super().setUp()
        here = self.folder
        lpd = subprocess.check_output([OPTIONS.lprng], text=True).strip()
        self.copy(lpd, "lpd", b"/etc/lprng/lpd.conf", "c")
        self.out, self.socket = here / "out", here / "s"
        user = subprocess.check_output(["id", "-un"], text=True).strip()
        group = subprocess.check_output(["id", "-gn"], text=True).strip()
        (here / "c").write_text(
            f"printcap_path={here}/printcap\nlpd_printcap_path={here}/none\nlpd_listen_port=off\n"
            f"lockfile={here}/lock\nperms_path={here}/perms\nserver_user={user}\nuser={user}\n"
            f"server_group={group}\ngroup={group}\nunix_socket_path={self.socket}\nlpd_path={here}/lpd\n")
        (here / "perms").write_text("DEFAULT ACCEPT\n")
        (here / "printcap").write_text(f"raw:\n :sd={here}/spool/raw\n :lp={self.out}\n :mx=0\n :sh\n :sf\n"
                                       " :server\n")
        (here / "spool/raw").mkdir(parents=True, mode=0o700)
        self.out.touch()
        self.start(here / "lpd", "-F")
        self.wait_for(self.socket.exists, "lpd does not listen")
        self.port = Door(self, self.serve).port

    def serve(self, connection):
        beyond = socket.socket(socket.AF_UNIX)
        beyond.connect(str(self.socket))
        there = threading.Thread(target=pump, args=(connection, beyond), daemon=True)
        there.start()
        pump(beyond, connection)
        there.join()
        connection.close()
        beyond.close()

    def arrives_next(self, data):
        self.arrives(self.out, self.printed + data)
        self.printed += data

    def test_jobs(self):
        self.printed = b""
        for number, options in enumerate(("", "?order=data,control", "?mode=stream&count=0")):
            data = data_of(1000003 + number, number)
            self.print(f"lpd://127.0.0.1:{self.port}/raw{options}", data)
            self.arrives_next(data)
        self.print(f"lpd://127.0.0.1:{self.port}/raw", b"")
        self.print(f"lpd://127.0.0.1:{self.port}/raw", b"the end\n")
        self.arrives_next(b"the end\n")

    def test_what_it_refuses_is_not_printed(self):
        self.print(f"lpd://127.0.0.1:{self.port}/none", b"x" * 5000, status=1)

    def test_titles_are_data(self):
        self.printed = b""
        for title in TITLES:
            self.print(f"lpd://127.0.0.1:{self.port}/raw", title.encode() + b"\n", title)
            self.arrives_next(title.encode() + b"\n")
        self.assertEqual(list(self.folder.rglob("pwned*")), [])


class P910nd(Case):
    """Raw TCP, as inetd runs it: for each connection."""

    def setUp(self):
        super().setUp()
        self.copy(find("p910nd"), "p910nd", b"/var/lock/p910nd/p910%cd", "l%c")
        self.port = Door(self, self.serve).port

    def serve(self, connection):
        with connection:
            subprocess.run([self.folder / "p910nd", "-f", str(self.folder / "out"), "0"], stdin=connection,
                           stdout=connection, stderr=subprocess.DEVNULL, cwd=self.folder, timeout=PATIENCE)

    def test_jobs(self):
        out = self.folder / "out"
        for size in (1, 65537, 3000001):
            out.write_bytes(b"")
            data = data_of(size, size)
            self.print(f"socket://127.0.0.1:{self.port}", data)
            self.arrives(out, data)


class Socat(Case):
    """A serial line, the other end of which socat holds."""

    def test_jobs(self):
        line, out = self.folder / "line", self.folder / "out"
        self.start(find("socat"), "-u", f"PTY,link={line},rawer", f"CREATE:{out}")
        self.wait_for(line.exists, "socat makes no line")
        printed = b""
        for size in (1, 4097, 100003):
            data = data_of(size, size)
            self.print(f"serial:{line}?baud=115200", data)
            printed += data
            self.arrives(out, printed)


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    parser.add_argument("--platen", required=True)
    parser.add_argument("--lprng", help="prints where LPRng's lpd is")
    OPTIONS, rest = parser.parse_known_args()
    OPTIONS.platen = os.path.abspath(OPTIONS.platen)
    unittest.main(argv=[sys.argv[0]] + rest)


if __name__ == "__main__":
    main()
