# SPDX-License-Identifier: MIT
"""`platen ports configure`, and registry files that Windows machines exported."""
import json
import socket
import threading

import case

EXPORT = r"""Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Print\Monitors\Standard TCP/IP Port]
"Driver"="tcpmon.dll"

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Print\Monitors\Standard TCP/IP Port\Ports]
"StatusUpdateInterval"=dword:0000000a
"StatusUpdateEnabled"=dword:00000001
"LprAckTimeout"=dword:000000b4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Print\Monitors\Standard TCP/IP Port\Ports\IP_127.0.0.1]
"Protocol"=dword:00000001
"Version"=dword:00000001
"HostName"=""
"IPAddress"="127.0.0.1"
"HWAddress"=""
"PortNumber"=dword:%08x
"SNMP Community"="s3cret"
"SNMP Enabled"=dword:00000001
"SNMP Index"=dword:00000002
"PortMonMibPortIndex"=dword:00000000

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Print\Monitors\Standard TCP/IP Port\Ports\Second floor, left]
"Protocol"=dword:00000001
"Version"=dword:00000002
"HostName"="left.example"
"IPAddress"=""
"HWAddress"="00206B123456"
"PortNumber"=dword:0000238d
"SNMP Community"="public"
"SNMP Enabled"=dword:00000000
"SNMP Index"=dword:00000001
"""
WINDOWS = ["--name", "Standard TCP/IP Port", "--registry", "export.reg"]
HERE = ["--registry", "r.reg"]


class Configure(case.Case):
    def settings(self, *words):
        return dict(line.split("=", 1) for line in self.platen("ports", "configure", *words).splitlines())

    def registry(self, name="r.reg"):
        return (self.folder / name).read_bytes().decode("utf-16")

    def export(self, port):
        # as regedit writes it
        self.file("export.reg", b"\xff\xfe" + (EXPORT % port).replace("\n", "\r\n").encode("utf-16-le"))

    def listen(self):
        """A printer for one job: its port, and what comes is in self.printed after self.join()."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        self.printed = b""

        def take():
            connection, _ = listener.accept()
            with connection:
                while piece := connection.recv(65536):
                    self.printed += piece
        thread = threading.Thread(target=take)
        thread.start()
        self.join = thread.join
        return listener.getsockname()[1]

    def test_ports_that_windows_exported(self):
        self.export(self.listen())
        listed = self.platen("ports", *WINDOWS)
        self.assertRegex(listed, r"(?m)^IP_127\.0\.0\.1 .* TCP/IP printer at 127\.0\.0\.1:\d+\r?$")
        self.assertRegex(listed, r"(?m)^Second floor, left .* TCP/IP printer at left\.example:9101\r?$")
        document = self.random_file("in", 100000).read_bytes()
        self.platen("print", "--port", "IP_127.0.0.1", *WINDOWS, "in")
        self.join()
        self.assertEqual(self.printed, document)
        for known, value in (("port", "9101"), ("host", "left.example"), ("snmp", "0")):
            self.assertEqual(self.settings("second FLOOR, left", *WINDOWS)[known], value)

    def test_exported_ports_are_changed_and_nothing_else_is(self):
        self.export(9100)
        self.platen("ports", *WINDOWS)
        self.platen("ports", "configure", "Second floor, left", "port=9102", *WINDOWS)
        text = self.registry("export.reg")
        self.assertIn('"PortNumber"=dword:0000238e', text)
        for kept in ('"StatusUpdateInterval"=dword:0000000a', '"HWAddress"="00206B123456"',
                     '"SNMP Community"="s3cret"', '"Driver"="tcpmon.dll"', '"HostName"="left.example"'):
            self.assertIn(kept, text)
        self.platen("ports", "delete", "IP_127.0.0.1", *WINDOWS, status=1)  # that is not its language
        self.platen("xcv", "DeletePort", "name=IP_127.0.0.1", *WINDOWS)
        self.assertNotIn("IP_127", self.registry("export.reg"))

    def test_tcp_ports(self):
        self.platen("ports", "add", "office", "--to", "socket://old.example", *HERE)
        self.assertEqual(self.settings("office", *HERE),
                         {"protocol": "raw", "host": "old.example", "port": "9100", "queue": "",
                          "double": "0", "snmp": "0", "community": "", "index": "1", "mib": "0"})
        self.platen("ports", "configure", "Office", "host=new.example", "port=9101", "snmp=1",
                    "community=s3cret", "index=4", *HERE)
        told = self.settings("office", *HERE)
        self.assertEqual((told["host"], told["port"], told["snmp"], told["index"]),
                         ("new.example", "9101", "1", "4"))
        self.assertEqual(told["community"], "")  # a secret, even to who set it
        self.assertIn('"SNMP Community"="s3cret"', self.registry())
        self.assertIn("new.example:9101", self.platen("ports", *HERE))
        self.platen("ports", "configure", "office", "port=9103", *HERE)
        self.assertIn('"SNMP Community"="s3cret"', self.registry())

    def test_serial_ports(self):
        self.platen("ports", "add", "COM7:", *HERE)
        told = self.settings("com7:", *HERE)
        self.assertEqual((told["baud"], told["bits"], told["parity"], told["stop"], told["xon"], told["rts"]),
                         ("9600", "8", "none", "1", "off", "on"))
        self.platen("ports", "configure", "COM7:", "baud=19200", "parity=even", "stop=1.5", "xon=on", *HERE)
        self.assertIn('"COM7:"="19200,e,8,1.5,x"', self.registry())
        self.platen("ports", "configure", "COM7:", "rts=toggle", *HERE)
        self.assertIn("rts=tg", self.registry())
        told = self.settings("COM7:", *HERE)
        self.assertEqual((told["baud"], told["parity"], told["stop"], told["xon"], told["rts"]),
                         ("19200", "even", "1.5", "on", "toggle"))

    def test_serial_settings_from_elsewhere(self):
        self.file("r.reg", b"REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Print\\"
                  b"Monitors\\Platen Port\\Ports]\n\"COM1:\"=\"baud=12 parity=o data=7 octs=on\"\n"
                  b"\"COM2:\"=\"921600,8,n,1.5,x\"\n")
        told = self.settings("COM1:", *HERE)
        self.assertEqual((told["baud"], told["parity"], told["bits"], told["cts"]), ("1200", "odd", "7", "on"))
        self.assertEqual(self.settings("COM2:", *HERE)["baud"], "9600")

    def test_the_retry_time_of_all_ports(self):
        self.assertEqual(self.settings("NUL:")["retry"], "45")
        self.platen("ports", "configure", "NUL:", "retry=77", *HERE)
        self.assertIn('"TransmissionRetryTimeout"="77"', self.registry())
        self.assertEqual(self.settings("FILE:", *HERE), {"retry": "77"})
        self.assertEqual(self.platen("xcv", "GetTransmissionRetryTimeout", *HERE), "77\n")

    def test_json(self):
        self.platen("ports", "configure", "NUL:", "--json", "one")
        self.platen("ports", "configure", "NUL:", "retry=5", "--json", "two", *HERE)
        self.assertEqual(json.loads((self.folder / "one").read_text()),
                         {"event": "settings", "monitor": "Platen Port", "name": "NUL:",
                          "settings": {"retry": "45"}})
        self.assertEqual(json.loads((self.folder / "two").read_text()),
                         {"event": "ConfigurePort", "monitor": "Platen Port", "name": "NUL:", "error": None})

    def test_what_is_wrong_is_told_and_changes_nothing(self):
        self.platen("ports", "add", "COM7:", *HERE)
        self.platen("ports", "add", "office", "--to", "socket://old.example", *HERE)
        before = self.registry()
        for words, status, said in (
                (["nope"], 2, "nope"), (["nope", "port=1"], 2, "nope"),
                (["COM7:", "speed=3"], 2, "speed=3"), (["COM7:", "port=1"], 2, "port=1"),
                (["COM7:", "baud"], 2, "baud"), (["COM7:", "baud=x"], 2, "baud"),
                (["COM7:", "parity=some"], 2, "none, odd, even"), (["COM7:", "size=3"], 2, "size=3"),
                (["COM7:", "baud=0"], 1, "INVALID_PARAMETER"), (["COM7:", "bits=9"], 1, "INVALID_PARAMETER"),
                (["NUL:", "baud=9600"], 2, "baud"), (["NUL:", "retry=soon"], 2, "retry"),
                (["office", "host="], 1, "INVALID_PARAMETER"), (["office", "host=a b"], 1, "INVALID_PARAMETER"),
                (["office", "port=65536"], 1, "INVALID_PARAMETER"),
                (["office", "host=" + "h" * 128], 2, "127"), (["office", "name=x"], 2, "name=x")):
            self.platen("ports", "configure", *words, *HERE, status=status)
            self.assertIn(said, self.err)
            self.assertEqual(self.registry(), before)
        self.platen("ports", "configure", status=2)


if __name__ == "__main__":
    case.main(__name__)
