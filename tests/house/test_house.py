# SPDX-License-Identifier: MIT
"""Each check of house.py finds what it looks for, and is content without it."""
import json
import pathlib
import subprocess
import tempfile
import unittest

import house


def long_function(lines):
    return "int f(void)\n{\n" + "    g();\n" * (lines - 3) + "}\n"


SHORT_FUNCTIONS = "".join(f"int f{n}(void)\n{{\n    return {n};\n}}\n" for n in range(30))


class Checks(unittest.TestCase):
    def found(self, check, files):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            return list(house.CHECKS[check](root, sorted(files), root / "build"))

    def assert_finds(self, check, files, *words):
        found = self.found(check, files)
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])

    def assert_content(self, check, files):
        self.assertEqual(self.found(check, files), [])

    def test_file_too_long(self):
        self.assert_finds("size", {"lib/a.c": SHORT_FUNCTIONS, "lib/b.c": "\n" * 501}, "501")
        self.assert_content("size", {"lib/a.c": SHORT_FUNCTIONS, "lib/b.c": "\n" * 500,
                                     "include/platen/b.h": "\n" * 900, "lib/t.def": "\n" * 900,
                                     "lib/g.c": "/* Generated. */\n" + "\n" * 900})

    def test_function_too_long(self):
        self.assert_finds("size", {"lib/a.c": SHORT_FUNCTIONS, "lib/b.c": long_function(81)}, "81")
        self.assert_content("size", {"lib/a.c": SHORT_FUNCTIONS, "lib/b.c": long_function(80)})

    def test_functions_too_long_on_the_whole(self):
        long = "".join(long_function(45).replace("f(", f"f{n}(") for n in range(10))
        self.assert_finds("size", {"lib/a.c": long}, "nine of ten")

    def test_layers(self):
        files = {"lib/port.h": "#include <stddef.h>\n", "include/platen/backend.h": "",
                 "include/platen/spooler.h": "", "lib/platform/include/os/file.h": ""}
        self.assert_finds("layers", files | {"harness/a.c": '#include "port.h"'}, "lib/port.h")
        self.assert_finds("layers", files | {"harness/a.c": '#include "../lib/port.h"'}, "lib/port")
        self.assert_finds("layers", files | {"backends/a.c": "#include <platen/spooler.h>"}, "spooler")
        self.assert_finds("layers", files | {"lib/platform/a.c": "#include <platen/backend.h>"}, "")
        self.assert_finds("layers", files | {"lib/a.c": "#include <uv.h>"}, "uv")
        self.assert_finds("layers", files | {"harness/call/a.c": "#include <uv.h>"}, "uv")
        self.assert_content("layers", files | {
            "lib/a.c": '#include "port.h"\n#include <os/file.h>\n#include <platen/spooler.h>\n',
            "backends/a.c": "#include <platen/backend.h>\n#include <os/file.h>\n",
            "harness/a.c": "#include <uv.h>\n", "tests/unit/a.c": '#include "port.h"\n'})

    def paths(self, name, include):
        command = {"directory": "/", "command": "cc " + include, "file": name}
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            command["directory"] = folder
            command["command"] = command["command"].replace("ROOT", folder)
            (root / "build").mkdir()
            (root / "build/compile_commands.json").write_text(json.dumps([command]))
            return list(house.check_paths(root, [], root / "build"))

    def test_paths(self):
        self.assertEqual(len(self.paths("harness/a.c", "-IROOT/lib")), 1)
        self.assertEqual(len(self.paths("harness/a.c", "-isystem ROOT/lib")), 1)
        self.assertEqual(len(self.paths("backends/a.c", "-IROOT/lib -IROOT/lib/platform/include")), 1)
        self.assertEqual(self.paths("backends/a.c", "-IROOT/include -IROOT/lib/platform/include"), [])
        self.assertEqual(len(self.paths("harness/call/a.c", "-IROOT/harness/spooler")), 1)
        self.assertEqual(self.paths("harness/call/a.c", "-IROOT/harness -IROOT/harness/call"), [])
        self.assertEqual(self.paths("lib/a.c", "-IROOT/lib -I/usr/include -IROOT/build/x"), [])

    def test_systems(self):
        for line in "#ifdef _WIN32", "# if defined(_WIN32)", "#elif __linux__", "#ifndef _WIN64":
            self.assert_finds("systems", {"lib/a.c": line}, "lib/a.c:1")
        self.assert_content("systems", {
            "lib/platform/a.c": "#if _WIN32", "backends/usb_win32.c": "#if _WIN32",
            "include/platen/winsplp.h": "#ifdef _WIN32", "lib/a.c": "/* not _WIN32 */"})

    def test_text(self):
        licence = "/* SPDX-License-Identifier: MIT */\n"
        self.assert_finds("text", {"lib/a.c": "int a;\n"}, "SPDX")
        self.assert_finds("text", {"scripts/a": "#!/bin/sh\n"}, "SPDX")
        self.assert_finds("text", {"lib/a.c": licence + "/* " + "TO" + "DO: more */\n"}, "a.c:2")
        self.assert_finds("text", {"doc/a.md": "see /ho" + "me/me/x\n"}, "a.md:1")
        self.assert_content("text", {"lib/a.c": licence, "doc/a.md": "/homework/x\n",
                                     "scripts/a": "#!/bin/sh\n# SPDX-License-Identifier: MIT\n"})

    def symbols(self, sources):
        with tempfile.TemporaryDirectory() as folder:
            build = pathlib.Path(folder)
            for name, text in sources.items():
                obj = build / (name + ".o")
                obj.parent.mkdir(parents=True, exist_ok=True)
                subprocess.run(["cc", "-x", "c", "-c", "-", "-o", obj], input=text, text=True,
                               check=True)
            return list(house.check_symbols(None, [], build))

    def test_symbols(self):
        one, two = "lib/CMakeFiles/a.dir/one.c", "harness/call/CMakeFiles/b.dir/one.c"
        twice = self.symbols({one: "int f(void) { return 1; }", two: "int f(void) { return 2; }"})
        self.assertEqual(twice, ["f is defined in harness/call/one.c and in lib/one.c"])
        self.assertEqual(self.symbols({one: "int f(void) { return 1; }",
                                       "lib/CMakeFiles/shared.dir/one.c": "int f(void) { return 1; }",
                                       two: "static int f(void) { return 2; } int (*g)(void) = f;"}), [])

    def test_packages(self):
        packages = "# list\nbuild  cmake  configures all\n"
        table = "| group | package | what for |\n|---|---|---|\n| build | `cmake` | configures all |\n"
        shown = "# P\n\n<!-- packages -->\n\n" + table + "\n<!-- end of packages -->\n"
        self.assert_content("packages", {"scripts/packages": packages, "README.md": shown})
        self.assert_finds("packages", {"scripts/packages": packages + "test  git  lists\n",
                                       "README.md": shown}, "| test | `git` | lists |")

    def test_recording(self):
        folder = "examples/recording/"
        whole = {"harness/spooler/reactions.def":
                     'PLATEN_REACTION(wine, OPEN_REFUSED, FAIL, OBSERVED, "Wine")\n'
                     'PLATEN_REACTION(wine, END_REFUSED, FAIL, SHOULD, "R1")\n',
                 folder + "open-refused.spool": ""}
        whole |= {f"{folder}point-{n:02}-x.spool": "" for n in range(1, 17)}
        self.assert_content("recording", whole)
        for gone in folder + "open-refused.spool", folder + "point-07-x.spool":
            self.assert_finds("recording", {n: t for n, t in whole.items() if n != gone}, "no script")

    def test_workflows(self):
        begin = "jobs:\n  a:\n    strategy:\n      matrix:\n        stage: [dev, lint]\n    steps:\n"
        whole = begin + "    - run: scripts/test --only ${{ matrix.stage }}\n"
        for wrong, words in (("", ()), (whole.replace("lint", "mint"), ("lint", "mint")),
                             (whole + "    - run: make\n", ("make",)),
                             (whole + "    - run: scripts/gone\n", ("scripts/gone",))):
            with tempfile.TemporaryDirectory() as folder:
                root = pathlib.Path(folder)
                (root / "scripts").mkdir()
                (root / "scripts/test").write_text("#!/bin/sh\necho dev; echo lint\n")
                (root / "scripts/test").chmod(0o755)
                (root / ".github/workflows").mkdir(parents=True)
                (root / ".github/workflows/a.yml").write_text(wrong or whole)
                found = "\n".join(house.check_workflows(root, [".github/workflows/a.yml"], None))
            self.assertEqual(found == "", wrong == "", found)
            for word in words:
                self.assertIn(word, found)


if __name__ == "__main__":
    unittest.main()
