#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What other programs get of Platen: the names that its libraries show, and the installed tree, in
which nothing is left that needs the source or the build. Run by ctest, one class at a time."""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

OPTIONS = None
HERE = Path(__file__).resolve().parent
PAGE = b"a page\n"

# For each library its list and the headers whose functions are in it.
LIBRARIES = {
    "platen": ("lib/platen.symbols", ("monitor.h", "backend.h", "sim.h")),
    "platen-spooler": ("harness/platen-spooler.symbols", ("spooler.h",)),
}
# Only where net-snmp is.
SNMP = "platen-snmp", ("providers/snmp/platen-snmp.symbols", ("snmp.h",))


def run(words, status=0, **more):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True,
                          errors="replace", timeout=280, check=False, **more)
    if done.returncode != status:
        raise AssertionError(f"{shlex.join(map(str, words))}: {done.returncode}, not {status}\n"
                             f"{done.stdout}{done.stderr}")
    return done.stdout


def tool(name):
    return OPTIONS.tools + name


def is_windows():
    return bool(OPTIONS.windows)


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="platen-install-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)


# --- names


def listed(library):
    """The list: (exported by the shared library, kept in the archive, all that are ours)."""
    exported, kept = set(), set()
    for line in (OPTIONS.source / LIBRARIES[library][0]).read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        where, name = re.fullmatch(r"(elf |program |)(\w+)(?:@\d+)?", line).groups()
        if where and is_windows():
            continue
        kept.add(name)
        if where != "program ":
            exported.add(name)
    return exported, kept


def undecorated(symbol):
    """The C name; a 32-bit Windows compiler writes _name, and _name@8 for a __stdcall function."""
    if OPTIONS.windows == "i686":
        symbol = re.sub(r"^_|@\d+$", "", symbol)
    return symbol


def archive(library):
    return OPTIONS.build / "lib" / f"lib{library}.a"


class Symbols(Case):
    def names(self, *words):
        found = {undecorated(line.split()[-1]) for line in run([tool("nm"), *words]).splitlines()
                 if re.search(r" [A-Za-z] \S+$", line)}
        return {name for name in found if not name.startswith("__")} # those are the compiler's

    def exports(self, library):
        if not is_windows():
            return self.names("-D", "--defined-only", OPTIONS.build / "lib" / f"lib{library}.so")
        text = run([tool("objdump"), "-p", OPTIONS.build / "bin" / f"{library}.dll"])
        table = text.partition("[Ordinal/Name Pointer] Table")[2].partition("\n\n")[0]
        return set(re.findall(r"^\s*\[ *\d+\] (\S+)$", table, re.MULTILINE))

    def test_the_shared_libraries_export_their_lists(self):
        for library in LIBRARIES:
            with self.subTest(library):
                self.assertEqual(self.exports(library), listed(library)[0])

    def test_the_archives_have_no_other_names(self):
        for library in LIBRARIES:
            with self.subTest(library):
                self.assertEqual(self.names("-g", "--defined-only", archive(library)),
                                 listed(library)[1])

    def test_nothing_in_an_archive_goes_by_its_name_in_a_program(self):
        """One object, without groups of sections of which a linker takes the first."""
        for library in LIBRARIES:
            with self.subTest(library):
                self.assertEqual(len(run([tool("ar"), "t", archive(library)]).split()), 1)
                self.assertNotRegex(run([tool("objdump"), "-h", archive(library)]),
                                    "LINK_ONCE|GROUP")

    def test_the_lists_are_what_the_headers_declare(self):
        declaration = re.compile(r"^[A-Za-z][\w \t\n*]*?\b(platen_\w+)\(", re.MULTILINE)
        for library, (_, headers) in LIBRARIES.items():
            with self.subTest(library):
                declared = set()
                for header in headers:
                    text = (OPTIONS.source / "include/platen" / header).read_text()
                    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
                    text = re.sub(r"^typedef[^;{]*;", "", text, flags=re.MULTILINE)
                    declared |= set(declaration.findall(text))
                ours = {name for name in listed(library)[1]
                        if not re.search("^platen_(imports|module_)|^Init", name)}
                self.assertEqual(ours, declared, LIBRARIES[library][0])


# --- the installed tree


class Installed(Case):
    """A case with an installation that has been moved since."""

    def setUp(self):
        super().setUp()
        first = self.folder / "first place"
        run([OPTIONS.cmake, "--install", OPTIONS.build, "--prefix", first])
        self.prefix = self.folder / "prefix"
        first.rename(self.prefix)
        self.libraries = self.prefix / OPTIONS.libdir

    def environment(self):
        if is_windows():
            return {**os.environ, "WINEPATH": windows_path(self.prefix / "bin")}
        return {**os.environ, "LD_LIBRARY_PATH": str(self.libraries)}

    def program(self, path, *words, status=0):
        """Runs it, or looks whether it is there where nothing of its kind runs."""
        path = path.with_name(path.name + (".exe" if is_windows() else ""))
        self.assertTrue(path.is_file(), path)
        if OPTIONS.build_only:
            return ""
        return run([*OPTIONS.wine, path, *words], status=status, env=self.environment())

    def prints(self, path, *more):
        """A consumer, given a folder to print into."""
        into = self.folder / f"{path.name}.printed"
        into.mkdir()
        self.program(path, into.as_posix(), *more)

    def platen_prints(self, monitor):
        page = self.folder / "page"
        page.write_bytes(PAGE)
        self.program(self.prefix / "bin/platen", "print", "--monitor", monitor,
                     "--port", "MINIMAL:", page)


def windows_path(path):
    return "Z:" + str(path).replace("/", "\\")


class Tree(Installed):
    def installed(self):
        return {str(path.relative_to(self.prefix)) for path in self.prefix.rglob("*")
                if path.is_file()}

    def test_everything_is_there_and_nothing_else(self):
        lib, suffix = OPTIONS.libdir, ".exe" if is_windows() else ""
        headers = {f"include/platen/{path.name}"
                   for path in (OPTIONS.source / "include/platen").iterdir()}
        package = {path for path in self.installed() if path.startswith(f"{lib}/cmake/platen/")}
        expected = headers | package | {f"bin/platen{suffix}", "share/doc/platen/LICENSE"}
        expected.add(f"libexec/platen/platen-host{suffix}")
        optional = {"libexec/platen/platen-host32", "libexec/platen/platen-host.exe",
                    "libexec/platen/platen-host32.exe"}
        expected |= optional & self.installed()  # where there is a compiler for them
        if not is_windows():
            expected.add("share/bash-completion/completions/platen")
            expected.add("share/man/man1/platen.1")
        expected.add("bin/platen-pjl.dll" if is_windows() else f"{lib}/libplaten-pjl.so")
        expected.add("bin/platen-record.dll" if is_windows() else f"{lib}/libplaten-record.so")
        for name in LIBRARIES:
            shared = {f"{lib}/lib{name}.so{end}" for end in ("", ".0", f".{OPTIONS.version}")}
            if is_windows():
                shared = {f"bin/{name}.dll", f"{lib}/lib{name}.dll.a"}
            expected |= shared | {f"{lib}/lib{name}.a", f"{lib}/pkgconfig/{name}.pc"}
        self.assertEqual(self.installed(), expected)

    def test_no_file_speaks_of_the_source_or_the_build(self):
        for path in [*self.libraries.rglob("*.cmake"), *self.libraries.rglob("*.pc"),
                     *self.prefix.glob("include/platen/*")]:
            text = path.read_text(errors="replace")
            for place in (OPTIONS.source, OPTIONS.build, self.folder / "first place"):
                self.assertNotIn(str(place), text, path)

    def test_each_header_compiles_alone(self):
        for header in sorted(self.prefix.glob("include/platen/*.h")):
            for compiler, standard, suffix in ((OPTIONS.cc, "c11", "c"),
                                               (OPTIONS.cxx, "c++17", "cpp")):
                source = self.folder / f"alone.{suffix}"
                source.write_text(f"#include <platen/{header.name}>\n")
                run([compiler, *OPTIONS.flags, f"-std={standard}", "-Wall", "-Wextra", "-pedantic",
                     "-Werror", "-fsyntax-only", "-I", self.prefix / "include", source])

    def test_the_shared_libraries_go_by_their_sonames(self):
        for name in LIBRARIES if not is_windows() else ():
            header = run([tool("objdump"), "-p", self.libraries / f"lib{name}.so"])
            self.assertRegex(header, rf"SONAME +lib{name}\.so\.0\n")
            self.assertNotRegex(header, "RPATH|RUNPATH")


class Package(Installed):
    """find_package(platen)."""

    def libuv(self):
        """A toolchain file for Windows looks for libraries in the compiler's own folders alone."""
        if not OPTIONS.dependencies:
            return []
        return [f"-DPLATEN_UV_LIBRARY={OPTIONS.dependencies}/lib/libuv.a"]

    def test_consumers_build_and_run(self):
        build = self.folder / "build"
        toolchain = [f"-DCMAKE_TOOLCHAIN_FILE={OPTIONS.toolchain}"] if OPTIONS.toolchain else []
        flags = shlex.join(OPTIONS.flags)
        run([OPTIONS.cmake, "-G", "Ninja", "-S", HERE / "consumers", "-B", build, *toolchain,
             f"-DCMAKE_C_COMPILER={OPTIONS.cc}", f"-DCMAKE_CXX_COMPILER={OPTIONS.cxx}",
             f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags}",
             f"-Dplaten_DIR={self.libraries}/cmake/platen", "-DCMAKE_BUILD_TYPE=Release",
             f"-DMINIMAL={OPTIONS.source}/examples/monitors/minimal.c", *self.libuv()])
        run([OPTIONS.cmake, "--build", build])
        self.prints(build / "emulator-static", "shared")
        self.prints(build / "emulator-shared", "own")
        self.prints(build / "queue-static")
        self.prints(build / "queue-shared")
        if SNMP[0] in LIBRARIES:
            self.program(build / "asker-static")
            self.program(build / "asker-shared")
        self.platen_prints(build / f"minimal{OPTIONS.suffix}")


class PkgConfig(Installed):
    """The same programs by a compiler and pkg-config alone."""

    def ask(self, *words):
        environment = {**os.environ, "PKG_CONFIG_PATH": str(self.libraries / "pkgconfig")}
        if OPTIONS.dependencies: # what is installed for this machine is not meant
            environment["PKG_CONFIG_LIBDIR"] = str(OPTIONS.dependencies / "lib/pkgconfig")
        return shlex.split(run(["pkg-config", *words], env=environment))

    def build(self, compiler, source, packages, shared):
        """With the archives and the shared libraries in one folder, the linker is told which."""
        program = self.folder / f"{Path(source).stem}-{'shared' if shared else 'static'}"
        output = program.with_suffix(".exe") if is_windows() else program
        link = self.ask("--libs", *([] if shared else ["--static"]), *packages)
        if not shared:
            link = [re.sub(r"^-l(platen[\w-]*)$", r"-l:lib\1.a", word) for word in link]
        if is_windows():
            link += ["-static-libgcc", "-static-libstdc++", f"-L{OPTIONS.dependencies}/lib"]
        run([*compiler, *OPTIONS.flags, "-Wall", "-Wextra", "-Werror",
             *self.ask("--cflags", *packages), HERE / "consumers" / source, "-o", output, *link])
        return program

    def test_the_emulator(self):
        compiler = [OPTIONS.cc, "-std=c11"]
        self.prints(self.build(compiler, "emulator.c", ["platen"], shared=False), "shared")
        self.prints(self.build(compiler, "emulator.c", ["platen"], shared=True), "own")

    def test_the_queue(self):
        compiler, packages = [OPTIONS.cxx, "-std=c++17"], ["platen-spooler", "platen"]
        self.prints(self.build(compiler, "queue.cpp", packages, shared=False))
        self.prints(self.build(compiler, "queue.cpp", packages, shared=True))

    def test_the_asker(self):
        if SNMP[0] not in LIBRARIES:
            return
        compiler, packages = [OPTIONS.cc, "-std=c11"], ["platen-snmp", "platen"]
        self.program(self.build(compiler, "asker.c", packages, shared=False))
        self.program(self.build(compiler, "asker.c", packages, shared=True))

    def test_a_monitor(self):
        if is_windows(): # there platen_add_monitor() makes the .def file
            return
        monitor = self.folder / "minimal.so"
        run([OPTIONS.cc, "-std=c11", *OPTIONS.flags, "-shared", "-fPIC",
             *self.ask("--cflags", "platen"),
             OPTIONS.source / "examples/monitors/minimal.c", "-o", monitor])
        self.platen_prints(monitor)

    def test_the_version(self):
        for name in LIBRARIES:
            self.assertEqual(self.ask("--modversion", name), [OPTIONS.version])


class Shared(Installed):
    def test_the_shared_library_is_a_monitor(self):
        """On Windows it asks the system's own spooler for printers, so none of its jobs is ours."""
        library = (self.prefix / "bin/platen.dll" if is_windows()
                   else self.libraries / "libplaten.so")
        command = self.prefix / "bin/platen"
        ports = self.program(command, "ports", "--monitor", library)
        self.assertIn("" if OPTIONS.build_only else "NUL:", ports)
        if not is_windows():
            page = self.folder / "page"
            page.write_bytes(PAGE)
            self.program(command, "print", "--monitor", library, "--port", "NUL:", page)


class Alone(Case):
    """The library without the harness, in the folders of a system with several architectures."""

    def test_elsewhere(self):
        build, prefix = self.folder / "build", self.folder / "prefix"
        run([OPTIONS.cmake, "-G", "Ninja", "-S", OPTIONS.source, "-B", build,
             "-DPLATEN_HARNESS=OFF", "-DPLATEN_TESTS=OFF", f"-DCMAKE_INSTALL_PREFIX={prefix}",
             f"-DCMAKE_C_COMPILER={OPTIONS.cc}", "-DCMAKE_INSTALL_LIBDIR=lib/some-arch",
             "-DCMAKE_INSTALL_INCLUDEDIR=include/some-arch"])
        run([OPTIONS.cmake, "--build", build])
        run([OPTIONS.cmake, "--install", build])
        shutil.rmtree(build)

        consumer = self.folder / "consumer"
        run([OPTIONS.cmake, "-G", "Ninja", "-S", HERE / "consumers", "-B", consumer,
             f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_LIBRARY_ARCHITECTURE=some-arch",
             "-DWANTED=emulator", f"-Dplaten_DIR={prefix}/lib/some-arch/cmake/platen"])
        run([OPTIONS.cmake, "--build", consumer])
        run([consumer / "emulator-static", self.folder, "shared"])

        environment = {**os.environ, "PKG_CONFIG_PATH": str(prefix / "lib/some-arch/pkgconfig")}
        flags = shlex.split(run(["pkg-config", "--cflags", "--libs", "platen"], env=environment))
        run([OPTIONS.cc, "-std=c11", HERE / "consumers/emulator.c", "-o", self.folder / "emulator",
             *flags, f"-Wl,-rpath,{prefix}/lib/some-arch"])
        run([self.folder / "emulator", self.folder, "own"])


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("source", "build"):
        parser.add_argument("--" + name, type=Path, required=True)
    for name in ("cmake", "cc", "cxx", "libdir", "version", "suffix"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--tools", default="", help="what stands before nm")
    parser.add_argument("--flags", default="", type=shlex.split, help="the compilers' flags")
    parser.add_argument("--windows", default="", help="the processor, if it is Windows")
    parser.add_argument("--wine", default="", type=lambda text: text.split(";") if text else [])
    parser.add_argument("--toolchain", default="")
    parser.add_argument("--dependencies", type=Path, help="where libuv for Windows is")
    parser.add_argument("--build-only", action="store_true")
    parser.add_argument("--snmp", action="store_true", help="libplaten-snmp is built too")
    parser.add_argument("case")
    OPTIONS = parser.parse_args()
    if OPTIONS.snmp:
        LIBRARIES[SNMP[0]] = SNMP[1]
    unittest.main(argv=[sys.argv[0], OPTIONS.case], verbosity=2)


if __name__ == "__main__":
    main()
