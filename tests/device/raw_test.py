#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`platen device raw` and `platen device pjl` as their users meet them. Run by ctest, one class at a time."""
import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

OPTIONS = None
PATIENCE = 100


class Printer:
    """A device that runs beside the test."""

    def __init__(self, case, *words, kind="raw", stdin=subprocess.DEVNULL):
        command = [w for w in OPTIONS.wine.split(";") if w] + [OPTIONS.platen, "device", kind]
        self.case = case
        self.child = subprocess.Popen(command + [str(w) for w in words], cwd=case.folder,
                                      env=dict(os.environ, TMPDIR=str(case.folder)),
                                      stdin=stdin, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True)
        case.addCleanup(self.kill)
        first = self.child.stdout.readline().strip()
        case.assertTrue(first.startswith("listening on "), first)
        self.where = first.removeprefix("listening on ")
        self.port = int(self.where.rpartition(":")[2])

    def kill(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.communicate()

    def ends(self, status=0):
        """What it said after its first line; communicate alone loses what readline had read ahead."""
        self.out = self.child.stdout.read()
        _, self.err = self.child.communicate(timeout=PATIENCE)
        self.case.assertEqual(self.child.returncode, status, self.out + self.err)
        return self.out

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def send(self, data):
        """A whole job; returns the answers."""
        answer = b""
        with self.connect() as line:
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
            while part := line.recv(4096):
                answer += part
        return answer

    def send_in_vain(self, data):
        with self.connect() as line:
            try:
                line.sendall(data)
                line.shutdown(socket.SHUT_WR)
                while line.recv(4096):
                    pass
            except OSError:
                pass


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="platen-device-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def refused(self, *words, status=2):
        """A run that ends before it listens; returns its complaint."""
        command = [w for w in OPTIONS.wine.split(";") if w] + [OPTIONS.platen, "device"]
        done = subprocess.run(command + [str(w) for w in words], cwd=self.folder, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertNotIn("listening", done.stdout)
        return done.stderr


class Jobs(Case):
    def test_a_job_is_told_of(self):
        printer = Printer(self, "--jobs", 2)
        self.assertEqual(printer.where, f"127.0.0.1:{printer.port}")
        printer.send(b"a page\n")
        printer.send(b"")
        lines = printer.ends().splitlines()
        self.assertIn("job 1: 7 bytes from 127.0.0.1:", lines[0])
        self.assertTrue(lines[0].endswith(", whole"), lines[0])
        self.assertIn("job 2: 0 bytes", lines[1])
        self.assertEqual(lines[2], "2 jobs, 2 whole, 7 bytes")

    def test_jobs_are_kept_as_sent(self):
        data = [random.Random(i).randbytes(i * 123457) for i in range(4)]
        printer = Printer(self, "--jobs", 4, "--keep", "new/kept")
        kept = self.folder / "new/kept"
        for number, content in enumerate(data, 1):
            printer.send(content)
            # Whoever has seen the end of the connection finds the job.
            self.assertEqual((kept / f"job-{number:04}.prn").read_bytes(), content)
            note = json.loads((kept / f"job-{number:04}.json").read_text())
            self.assertEqual(note["sha256"], hashlib.sha256(content).hexdigest())
            self.assertEqual((note["job"], note["bytes"], note["whole"], note["end"]),
                             (number, len(content), True, "closed"))
            self.assertLessEqual(note["first_byte"], note["last_byte"])
            self.assertLessEqual(note["last_byte"], note["seconds"])
        self.assertIn("kept as job-0004.prn", printer.ends())
        self.assertEqual(len(list(kept.iterdir())), 8)
        if not OPTIONS.wine:
            self.assertEqual((kept / "job-0001.prn").stat().st_mode & 0o777, 0o600)

    def test_many_at_once(self):
        printer = Printer(self, "--jobs", 40, "--keep", "kept", "--at-once", 7)
        contents = [random.Random(i).randbytes(50000 + i) for i in range(40)]
        threads = [threading.Thread(target=printer.send, args=(c,)) for c in contents]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertIn("40 jobs, 40 whole", printer.ends())
        kept = sorted(p.read_bytes() for p in (self.folder / "kept").glob("*.prn"))
        self.assertEqual(kept, sorted(contents))

    def test_json(self):
        printer = Printer(self, "--jobs", 1, "--json", "out.json")
        printer.send(b"abc")
        printer.ends()
        events = [json.loads(line) for line in (self.folder / "out.json").read_text().splitlines()]
        self.assertEqual([e["event"] for e in events], ["listening", "job", "end"])
        self.assertEqual(events[0]["port"], printer.port)
        self.assertEqual(events[1]["sha256"], hashlib.sha256(b"abc").hexdigest())
        self.assertEqual((events[2]["jobs"], events[2]["whole"], events[2]["bytes"]), (1, 1, 3))

    def test_show(self):
        printer = Printer(self, "--jobs", 2, "--show")
        printer.send(b"^XA^FO20,20^A0N,40^FDPlaten^FS^XZ\n")
        printer.send(b"just text\n")
        out = printer.ends()
        self.assertIn("ZPL", out)
        self.assertIn("text, 10 bytes, 1 page", out)
        if not OPTIONS.wine: # which has a folder of its own there
            self.assertEqual(list(self.folder.iterdir()), [])

    def test_answers(self):
        printer = Printer(self, "--jobs", 1, "--reply", 'on "STATUS" "READY\\r\\n"')
        self.assertEqual(printer.send(b"@PJL INFO STATUS\n"), b"READY\r\n")
        printer.ends()
        (self.folder / "script").write_text('at start "A"\nafter 2 "B" # comment\nat end "C"\n')
        printer = Printer(self, "--jobs", 1, "--reply", "script", "--json", "out.json")
        self.assertEqual(printer.send(b"xyz"), b"ABC")
        printer.ends()
        self.assertIn('"answered":3', (self.folder / "out.json").read_text())


class Trouble(Case):
    def test_resets_once(self):
        printer = Printer(self, "--jobs", 2, "--reset-after", 1000, "--trouble", 1, "--keep", "kept")
        printer.send_in_vain(b"x" * 5000)
        printer.send(b"y" * 5000)
        out = printer.ends()
        self.assertIn("job 1: 1000 bytes", out)
        self.assertIn("not whole: cut off as asked, kept as job-0001.part", out)
        self.assertIn("2 jobs, 1 whole, 6000 bytes", out)
        self.assertEqual((self.folder / "kept/job-0002.prn").read_bytes(), b"y" * 5000)
        self.assertFalse((self.folder / "kept/job-0001.prn").exists())

    def test_closes_early(self):
        printer = Printer(self, "--jobs", 1, "--close-early", "2K")
        with printer.connect() as line:
            line.sendall(b"x" * 2048)
            self.assertEqual(line.recv(1), b"")
        self.assertIn("job 1: 2048 bytes", printer.ends())

    def test_stalls_and_goes_on(self):
        printer = Printer(self, "--jobs", 1, "--stall-after", 10, "--stall-for", 1)
        printer.send(b"x" * 100)
        self.assertIn("whole", printer.ends())

    def test_slow(self):
        printer = Printer(self, "--jobs", 1, "--slow", 10000, "--json", "out.json")
        printer.send(b"x" * 4000)
        printer.ends()
        job = json.loads((self.folder / "out.json").read_text().splitlines()[1])
        self.assertGreaterEqual(job["last_byte"], 0.39)

    def test_refuses(self):
        printer = Printer(self, "--refuse")
        self.assertRaises(ConnectionRefusedError, printer.connect)
        if not OPTIONS.wine:
            printer.child.send_signal(signal.SIGINT)
            self.assertIn("0 jobs", printer.ends())

    def test_a_client_that_resets(self):
        printer = Printer(self, "--jobs", 1, "--reply", 'after 100 "!"')
        line = printer.connect()
        line.sendall(b"x" * 100)
        line.recv(1)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()
        self.assertIn("the client reset", printer.ends(status=1))

    def test_a_client_that_never_ends(self):
        printer = Printer(self, "--jobs", 1, "--timeout", 1)
        with printer.connect() as line:
            line.sendall(b"x")
            self.assertIn("too long", printer.ends(status=1))

    def test_what_is_too_large(self):
        printer = Printer(self, "--jobs", 1, "--largest", "1K")
        printer.send_in_vain(b"x" * 2000)
        self.assertIn("too large", printer.ends(status=1))


class Ends(Case):
    """Interrupts, which reach no Windows program from here."""

    def test_between_jobs(self):
        printer = Printer(self)
        printer.send(b"x")
        printer.child.stdout.readline()
        printer.child.send_signal(signal.SIGTERM)
        self.assertEqual(printer.ends(), "1 job, 1 whole, 1 bytes\n")

    def test_within_a_job(self):
        printer = Printer(self, "--keep", "kept", "--reply", 'after 5 "!"')
        with printer.connect() as line:
            line.sendall(b"hello")
            line.recv(1)
            printer.child.send_signal(signal.SIGINT)
            self.assertIn("job 1: 5 bytes", printer.ends(status=1))
        self.assertIn("interrupted", printer.out)
        self.assertEqual((self.folder / "kept/job-0001.part").read_bytes(), b"hello")

    def test_while_it_stalls(self):
        printer = Printer(self, "--stall-after", 5, "--reply", 'after 5 "!"')
        with printer.connect() as line:
            line.sendall(b"hello world")
            line.recv(1)
            printer.child.send_signal(signal.SIGINT)
            self.assertIn("stalled as asked", printer.ends())

    def test_too_few(self):
        printer = Printer(self, "--jobs", 2)
        printer.send(b"x")
        printer.child.stdout.readline()
        printer.child.send_signal(signal.SIGINT)
        printer.ends(status=1)
        self.assertIn("1 of 2 jobs", printer.err)


UEL = b"\x1b%-12345X"


class Pjl(Case):
    def test_data_and_framing_are_kept_apart(self):
        printer = Printer(self, "--jobs", 2, "--keep", "kept", kind="pjl")
        head = UEL + b'@PJL JOB NAME="x"\r\n@PJL ENTER LANGUAGE=PCL\r\n'
        tail = UEL + b"@PJL EOJ\r\n" + UEL
        data = random.Random(1).randbytes(100000)
        printer.send(head + data + tail)
        kept = self.folder / "kept"
        self.assertEqual((kept / "job-0001.prn").read_bytes(), head + data + tail)
        self.assertEqual((kept / "job-0001.payload").read_bytes(), data)
        self.assertEqual((kept / "job-0001.pjl").read_bytes(), head + tail)
        note = json.loads((kept / "job-0001.json").read_text())
        self.assertEqual(note["payload"], len(data))
        self.assertEqual(note["payload_sha256"], hashlib.sha256(data).hexdigest())
        self.assertEqual(note["framing"], len(head + tail))
        self.assertEqual(note["printed"], 1)
        self.assertIn(b'"PLATEN LASER"', printer.send(UEL + b"@PJL INFO ID\r\n"))
        self.assertFalse((kept / "job-0002.payload").exists())
        printer.ends()

    def test_a_life_of_words(self):
        printer = Printer(self, "--jobs", 1, "--json", "j", "--life",
                          "until byte 3; paper-out; wait 0.1; ready", kind="pjl")
        printer.send(b"hello")
        lines = printer.ends().splitlines()
        self.assertEqual([line for line in lines if line.startswith("state")],
                         ["state 10023: PROCESSING JOB", "state 41002: LOAD PAPER",
                          "state 10023: PROCESSING JOB", "state 10001: READY"])
        events = [json.loads(line) for line in (self.folder / "j").read_text().splitlines()]
        states = [event for event in events if event["event"] == "state"]
        self.assertEqual([event["takes"] for event in states], [True, False, True, True])
        self.assertEqual(states[1]["code"], 41002)

    def test_a_life_from_a_file(self):
        (self.folder / "life").write_text("# late\nwarm-up\nwait 0.1\nready\n")
        printer = Printer(self, "--jobs", 1, "--life", "life", kind="pjl")
        printer.send(b"hello")
        self.assertIn("state 10003: WARMING UP\n", printer.ends())

    def test_a_life_as_it_comes(self):
        printer = Printer(self, "--jobs", 2, "--life", "-", kind="pjl", stdin=subprocess.PIPE)

        def say(line, state):
            printer.child.stdin.write(line + "\n")
            printer.child.stdin.flush()
            self.assertEqual(printer.child.stdout.readline(), state + "\n")

        say("jam", "state 40022: PAPER JAM")
        self.assertIn(b"CODE=40022", printer.send(UEL + b"@PJL INFO STATUS\r\n"))
        self.assertIn("job 1", printer.child.stdout.readline())
        say("ready; until byte 4; offline", "state 10001: READY")
        say("now cover-open", "state 40021: PRINTER OPEN")
        printer.child.stdin.write("dance\n")
        say("ready", "state 10001: READY")
        printer.send(b"hello")
        self.assertNotIn("OFFLINE", printer.ends())
        self.assertIn("line 4: 1:1: no step", printer.err)

    def test_a_wrong_life_is_2(self):
        (self.folder / "life").write_text("ready\nreadier\n")
        self.assertIn("life:2:1: no step", self.refused("pjl", "--life", "life"))
        (self.folder / "life").write_bytes(b"ready\0")
        self.assertIn("no text", self.refused("pjl", "--life", "life"))
        self.assertIn("1:1: no step", self.refused("pjl", "--life", "jammed"))
        self.assertIn("--life is for pjl", self.refused("raw", "--life", "ready"))
        self.assertIn("raw pjl", self.refused("laser"))


CONTROL = b"Hhere\nPann\nldfA001here\n"


class Lpr(Case):
    def ask(self, line, data):
        """Sends something and returns the byte that is said to it; b"" at the end."""
        line.sendall(data)
        try:
            return line.recv(1)
        except OSError:
            return b""

    def print(self, printer, queue, data, control=CONTROL):
        """A job as a client sends it; what was said in turn, as far as it was."""
        turns = (b"\2" + queue + b"\n", b"\2%d cfA001here\n" % len(control), control + b"\0",
                 b"\3%d dfA001here\n" % len(data), data + b"\0")
        said = []
        with printer.connect() as line:
            for turn in turns:
                said.append(self.ask(line, turn))
                if said[-1] != b"\0":
                    break
        return said

    def test_a_job_is_what_its_data_file_is(self):
        data = random.Random(3).randbytes(300001)
        printer = Printer(self, "--jobs", 2, "--keep", "kept", kind="lpr")
        self.assertEqual(self.print(printer, b"raw", data), [b"\0"] * 5)
        self.assertEqual(self.print(printer, b"a \"b\"", b""), [b"\0"] * 5)
        self.assertIn("2 jobs, 2 whole, 300001 bytes", printer.ends())
        kept = self.folder / "kept"
        self.assertEqual((kept / "job-0001.prn").read_bytes(), data)
        self.assertEqual((kept / "job-0001.control").read_bytes(), CONTROL)
        self.assertEqual((kept / "job-0002.prn").read_bytes(), b"")
        self.assertEqual([json.loads((kept / f"job-000{n}.json").read_text())["queue"]
                          for n in (1, 2)], ["raw", 'a "b"'])

    def platen(self, *words, status=0):
        command = [w for w in OPTIONS.wine.split(";") if w] + [OPTIONS.platen]
        done = subprocess.run(command + [str(w) for w in words], cwd=self.folder, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_tcpmons_ports_print_here(self):
        printer = Printer(self, "--jobs", 3, "--keep", "kept", kind="lpr")
        registry = ("--registry", "ports.reg", "--name", "Standard TCP/IP Port")
        (self.folder / "page").write_bytes(b"a page\n")
        self.platen("ports", "add", "office", "--to", f"lpd://127.0.0.1:{printer.port}/raw", *registry)
        self.assertIn(f"LPR printer at 127.0.0.1:{printer.port}/raw\n", self.platen("ports", *registry))
        self.platen("print", "--port", "office", "page", *registry)
        # Without byte counting the job has another size than it is said to have, as RFC 1179 does not.
        self.platen("ports", "configure", "office", "double=0", *registry)
        self.platen("print", "--port", "office", "page", *registry)
        self.platen("ports", "configure", "office", "double=1", "queue=other", *registry)
        self.platen("print", "--port", "office", "page", *registry)
        printer.ends(status=1)
        notes = [json.loads((self.folder / f"kept/job-000{n}.json").read_text()) for n in (1, 2, 3)]
        self.assertEqual([note["whole"] for note in notes], [True, False, True])
        self.assertEqual([note["queue"] for note in notes], ["raw", "raw", "other"])
        self.assertEqual([note["bytes"] for note in notes], [7, 7, 7])

    def test_what_is_no_lpr_port_is_not_added(self):
        for uri in ("lpd://host/", "lpd://host/q?mode=stream", "lpd://host/" + "q" * 33, "lpr://host/q"):
            self.assertIn("--to", self.platen("ports", "add", "office", "--to", uri, status=2))

    def test_every_turn_can_go_wrong(self):
        turns = ("queue", "control-size", "control", "data-size", "data")
        life = "".join(f"refuse {turn} 7; drop {turn}; accept\n" for turn in turns)
        (self.folder / "life").write_text(life + "repeat")
        printer = Printer(self, "--jobs", 16, "--life", "life", kind="lpr")
        for number in range(1, 6):
            before = [b"\0"] * (number - 1)
            self.assertEqual(self.print(printer, b"q", b"x"), before + [b"\7"])
            self.assertEqual(self.print(printer, b"q", b"x"), before + [b""])
            self.assertEqual(self.print(printer, b"q", b"x"), [b"\0"] * 5)
        self.assertEqual(self.print(printer, b"q", b"x"), [b"\7"])
        self.assertIn("16 jobs, 5 whole", printer.ends())

    def test_queues_close_and_open(self):
        printer = Printer(self, "--jobs", 4, "--life", 'close "q"; accept 2; open "q"', kind="lpr")
        self.assertEqual(self.print(printer, b"q", b"x"), [b"\1"])
        self.assertEqual(self.print(printer, b"other", b"x"), [b"\0"] * 5)
        with printer.connect() as line:
            self.assertEqual(self.ask(line, b"\4q all\n"), b"q")
            self.assertEqual(line.recv(100), b": closed\n")
        self.assertEqual(self.print(printer, b"q", b"x"), [b"\0"] * 5)
        printer.ends()

    def test_silence(self):
        printer = Printer(self, "--jobs", 1, "--life", "stall data", kind="lpr")
        with printer.connect() as line:
            for turn in (b"\2q\n", b"\2%d cfA1\n" % len(CONTROL), CONTROL + b"\0", b"\3" b"1 dfA1\n"):
                self.assertEqual(self.ask(line, turn), b"\0")
            line.sendall(b"x\0")
            line.shutdown(socket.SHUT_WR)
            self.assertEqual(line.recv(1), b"")
        self.assertIn("not whole: stalled as asked", printer.ends())

    def test_a_life_as_it_comes(self):
        printer = Printer(self, "--life", "-", kind="lpr", stdin=subprocess.PIPE)
        printer.child.stdin.write("now refuse queue\n")
        printer.child.stdin.flush()
        while self.print(printer, b"q", b"x") != [b"\1"]:
            pass  # the line has not been read yet
        self.assertEqual(self.print(printer, b"q", b"x"), [b"\0"] * 5)

    def test_what_is_no_rfc_1179_is_refused(self):
        printer = Printer(self, "--jobs", 6, kind="lpr")
        for words in (b"x\n", b"\5q 1\n", b"y" * 2000):
            with printer.connect() as line:
                self.assertEqual(self.ask(line, words), b"\1")
        for words in (b"\2x cfA1\n", b"\2" b"5 xfA1\n", b"\3-1 dfA1\n"):
            with printer.connect() as line:
                self.assertEqual(self.ask(line, b"\2q\n"), b"\0")
                self.assertEqual(self.ask(line, words), b"\1")
        printer.ends()

    def test_a_client_that_leaves_early_has_no_whole_job(self):
        printer = Printer(self, "--jobs", 1, kind="lpr")
        with printer.connect() as line:
            self.ask(line, b"\2q\n")
            self.assertEqual(self.ask(line, b"\3" b"5 dfA1\n"), b"\0")
            line.sendall(b"abc")
        printer.ends(status=1)

    def test_a_life_that_is_wrong_is_named(self):
        for life, where in (("dance", ":1:1:"), ("accept; refuse x", ":1:16:"), ("refuse queue 256", ":1:14:"),
                            ("drop data now", ":1:11:"), ("close q", ":1:7:"), ('close "a\\0b"', ":1:7:")):
            (self.folder / "life").write_text(life)
            self.assertIn("life" + where, self.refused("lpr", "--life", "life"))


class Usage(Case):
    def test_wrong_words_are_2(self):
        for words, what in (([], "KIND"), (["laser"], "raw"), (["raw", "raw"], "KIND"),
                            (["raw", "--port", "70000"], "--port"), (["raw", "--jobs", "0"], "--jobs"),
                            (["raw", "--address", "localhost"], "localhost"),
                            (["raw", "--slow", "fast"], "--slow"),
                            (["raw", "--reply", "missing"], "missing"),
                            (["raw", "--reply", 'at once "x"'], "1:4:"),
                            (["raw", "--output", "x"], "--show")):
            self.assertIn(what, self.refused(*words))

    def test_a_script_that_is_wrong_is_named(self):
        (self.folder / "script").write_text('at start "x"\nafter "y"\n')
        self.assertIn("script:2:7:", self.refused("raw", "--reply", "script"))
        (self.folder / "script").write_bytes(b"at start \0")
        self.assertIn("no text", self.refused("raw", "--reply", "script"))

    def test_a_port_that_is_taken_is_5(self):
        printer = Printer(self)
        self.assertIn(str(printer.port), self.refused("raw", "--port", printer.port, status=5))

    def test_a_folder_that_cannot_be_is_5(self):
        (self.folder / "file").write_text("x")
        self.refused("raw", "--keep", "file", status=5)


def main():
    global OPTIONS
    parser = argparse.ArgumentParser()
    parser.add_argument("--platen", required=True)
    parser.add_argument("--wine", default="")
    OPTIONS, rest = parser.parse_known_args()
    OPTIONS.platen = str(Path(OPTIONS.platen).resolve())
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
