# SPDX-License-Identifier: MIT
"""house.py CHECK ROOT [BUILD]: does the project keep its own habits?

size      files and functions stay within the budget
layers    who includes whom, as written in the source
paths     who may include whom, by the include paths of the compile commands in BUILD
systems   the conditions on the operating system stand only where they may
text      licence lines, nothing of one machine, nothing left to do
symbols   no two sources of the house, compiled in BUILD, define the same external name
packages  the README shows the packages of scripts/packages
recording what was only observed, and what documents do not say, has its script in examples/recording
workflows what continuous integration runs are the project's scripts, and every stage of scripts/test
"""
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

import yaml

FILE_LINES = 500
FUNCTION_LINES = 80
NINE_OF_TEN = 40

# The layers, the longest path first; what each may include of the project, and which libraries.
# A layer may always include itself.
LAYERS = {
    "lib/platform": ({"include/platen/errors.h", "include/platen/errors.def"}, set()),
    "include": (set(), set()),
    "backends": ({"include/platen/backend.h", "include/platen/errors.h", "include/platen/ioctl.h",
                  "include/platen/sim.h", "lib/platform/include"}, set()),
    "lib": ({"include", "lib/platform/include"}, set()),
    "providers": ({"include", "lib/platform/include"}, {"net-snmp"}),
    "harness/call": ({"include", "lib/platform/include"}, set()),
    "harness/host": ({"include", "lib/platform/include", "harness/call"}, set()),
    "harness/command": ({"include", "lib/platform/include", "harness"}, {"uv", "jansson"}),
    "harness": ({"include", "lib/platform/include"}, {"uv", "jansson", "libxml2"}),
    "examples": ({"include"}, set()),
    "tests": ({""}, {"uv", "jansson", "libxml2", "cmocka"}),
}
LIBRARIES = {"uv.h": "uv", "jansson.h": "jansson", "cmocka.h": "cmocka",
             "net-snmp/net-snmp-includes.h": "net-snmp", "libxml/xmlreader.h": "libxml2", "libxml/xmlwriter.h": "libxml2"}
# A file of the public headers that may be included wants their folder in the include path.
DIRECTORIES = {"backends": {"include"}, "lib/platform": {"include"}, "harness/call": {"harness"},
               "harness/host": {"harness"}}

SYSTEM_TEST = re.compile(
    r"^\s*#\s*(?:el)?if.*\b(_WIN32|_WIN64|WIN32|__MINGW32__|__linux__|__unix__|__APPLE__)\b")
SYSTEM_TEST_ALLOWED = re.compile(
    r"^(lib/platform/|backends/\w+_(posix|win32)\.c$|include/platen/winsplp\.h$)")

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
SOURCE = {".c", ".h", ".cpp", ".def"}
LICENSED = SOURCE | {".cmake", ".py", ".sh", ".spool", ""}
UNLICENSED = {"LICENSE"}
# One machine's folders, and what says that something is not finished. Put together here so that
# this file does not find itself.
FORBIDDEN = re.compile("|".join([
    r"(?<![\w.])/(?:work|home|root)/", r"/tmp/" + "build", r"\b(?:TO" + "DO|FIX" + r"ME|XX" + r"X)\b"]))


def git_files(root):
    """The files of the project; without git, all that a build did not make."""
    command = ["git", "-c", "safe.directory=*", "-C", root, "ls-files",
               "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, capture_output=True, text=True, check=False)
    if listing.returncode == 0:
        names = listing.stdout.splitlines()
    else:
        names = [str(path.relative_to(root)) for path in pathlib.Path(root).rglob("*")]
    return sorted(name for name in set(names)
                  if (root / name).is_file() and not name.startswith(("build/", ".git/")))


def read(path):
    return path.read_text(encoding="utf-8", errors="replace")


def is_generated(lines):
    return any(re.search(r"\bgenerated\b", line, re.IGNORECASE) for line in lines[:5])


# --- size


def functions(root, names):
    """(file, name, lines) of every function, as ctags sees it."""
    command = ["ctags", "--fields=+ne", "-o", "-", "--languages=C", "--langmap=C:.c.h",
               "--kinds-C=f", "-L", "-"]
    listing = subprocess.run(command, cwd=root, input="\n".join(names), capture_output=True,
                             text=True, check=True).stdout
    for line in listing.splitlines():
        fields = line.split("\t")
        extra = dict(field.split(":", 1) for field in fields[3:] if ":" in field)
        if not line.startswith("!") and "end" in extra:
            yield fields[1], fields[0], int(extra["end"]) - int(extra["line"]) + 1


def check_size(root, names, _build):
    sources = [name for name in names if pathlib.Path(name).suffix in {".c", ".h", ".cpp"}]
    small = [name for name in sources if not is_generated(read(root / name).splitlines())]
    for name in small:
        lines = len(read(root / name).splitlines())
        if lines > FILE_LINES and not name.startswith("include/"):
            yield f"{name}: {lines} lines, more than {FILE_LINES}"
    measured = list(functions(root, small))
    for name, function, lines in measured:
        if lines > FUNCTION_LINES:
            yield f"{name}: {function} has {lines} lines, more than {FUNCTION_LINES}"
    if len(measured) < 10:
        yield f"ctags found only {len(measured)} functions"
        return
    tenth = statistics.quantiles((lines for _, _, lines in measured), n=10)[8]
    median = statistics.median(lines for _, _, lines in measured)
    print(f"{len(sources)} files, {len(measured)} functions: median {median:g} lines, "
          f"nine of ten under {tenth:g}")
    if tenth > NINE_OF_TEN:
        yield f"nine of ten functions should be under {NINE_OF_TEN} lines"


# --- layers


def layer_of(name):
    return next((layer for layer in LAYERS if name.startswith(layer + "/")), None)


def allows(layer, name):
    """May a file of this layer include the project's file of this name?"""
    may = LAYERS[layer][0] | {layer}
    return any(where == "" or name == where or name.startswith(where + "/") for where in may)


def candidates(name, including, names):
    """The project's files that an #include may mean: the one beside it, else any that fits."""
    beside = os.path.normpath(os.path.join(os.path.dirname(including), name))
    if beside in names:
        return [beside]
    return [known for known in names if known.endswith("/" + name)]


def check_include(layer, name, line, number, names):
    found = INCLUDE.match(line)
    if not found:
        return None
    wanted = found.group(2)
    library = LIBRARIES.get(wanted)
    if library and library not in LAYERS[layer][1]:
        return f"{name}:{number}: {layer} does not use {library}"
    beside = [] if library else candidates(wanted, name, names)
    if beside and not any(allows(layer, known) for known in beside):
        return f"{name}:{number}: {layer} does not see {beside[0]}"
    return None


def check_layers(root, names, _build):
    known = set(names)
    checked = 0
    for name in names:
        layer = layer_of(name)
        if not layer or pathlib.Path(name).suffix not in SOURCE:
            continue
        for number, line in enumerate(read(root / name).splitlines(), 1):
            wrong = check_include(layer, name, line, number, known)
            checked += line.lstrip().startswith("#include")
            if wrong:
                yield wrong
    print(f"{checked} includes")
    if not checked:
        yield "no include was found"


# --- paths


def include_paths(entry):
    command = entry["command"].split()
    for at, word in enumerate(command):
        if word.startswith("-I") and len(word) > 2:
            yield word[2:]
        elif word in ("-I", "-isystem", "-iquote"):
            yield command[at + 1]


def check_path(layer, name, path, root, build):
    inside = os.path.relpath(path, root)
    if inside.startswith("..") or os.path.relpath(path, build).split("/")[0] != "..":
        return None # the system's, or generated
    if allows(layer, inside) or inside in DIRECTORIES.get(layer, ()):
        return None
    return f"{name}: {layer} is compiled with {inside} in its include path"


def check_paths(root, _names, build):
    commands = json.loads(read(build / "compile_commands.json"))
    checked = 0
    for entry in commands:
        name = os.path.relpath(os.path.join(entry["directory"], entry["file"]), root)
        layer = layer_of(name)
        for path in include_paths(entry) if layer else ():
            checked += 1
            wrong = check_path(layer, name, path, root, build)
            if wrong:
                yield wrong
    print(f"{len(commands)} compile commands, {checked} include paths")
    if not checked:
        yield "no include path was found"


# --- systems


def check_systems(root, names, _build):
    for name in names:
        if pathlib.Path(name).suffix not in SOURCE or SYSTEM_TEST_ALLOWED.match(name):
            continue
        for number, line in enumerate(read(root / name).splitlines(), 1):
            if SYSTEM_TEST.match(line):
                yield f"{name}:{number}: a condition on the system: {line.strip()}"


# --- text


def check_licence(name, lines):
    suffix = pathlib.Path(name).suffix
    if suffix not in LICENSED and not name.endswith("CMakeLists.txt"):
        return None
    if name in UNLICENSED or "/corpus/" in name or os.path.basename(name).startswith("."):
        return None
    first = lines[1:2] if lines and lines[0].startswith("#!") else lines[:1]
    if first and "SPDX-License-Identifier: MIT" in first[0]:
        return None
    return f"{name}:1: no line SPDX-License-Identifier: MIT"


def check_text(root, names, _build):
    for name in names:
        try:
            text = (root / name).read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue # a picture or a document
        if "\0" in text:
            continue
        lines = text.split("\n")
        wrong = check_licence(name, lines)
        if wrong:
            yield wrong
        for number, line in enumerate(lines, 1):
            if FORBIDDEN.search(line):
                yield f"{name}:{number}: {line.strip()}"


# --- symbols


# What monitors get is made in two ways, for two programs: it is served, or it is shipped.
SERVED_TWICE = {"harness/call/served.c", "harness/host/back.c"}
# What the recorder has from who loads it, and what it does without.
RECORDERS = {"harness/record/loader_posix.c", "harness/record/without.c"}
# Every module that is a monitor has its own.
ENTRY_POINT = "InitializePrintMonitor2"


def source_of(obj, build):
    """lib/CMakeFiles/x.dir/port.c.o is lib/port.c, whatever target it was compiled for."""
    folder, _, inside = os.path.relpath(obj, build).partition("CMakeFiles/")
    inside = inside.partition("/")[2].removesuffix(".o").replace("__/", "../") # as CMake writes it
    return os.path.normpath(folder + inside)


def check_symbols(_root, _names, build):
    objects = [str(path) for side in ("lib", "backends", "harness")
               for path in sorted((build / side).rglob("*.o"))]
    if not objects:
        yield "nothing is compiled"
        return
    listing = subprocess.run(["nm", "-A", "-g", "--defined-only", *objects], capture_output=True,
                             text=True, check=True).stdout
    where = {}
    for line in listing.splitlines():
        obj, _, rest = line.partition(":")
        _, kind, symbol = rest.split()
        if kind in "TDBR" and symbol != "main" and not symbol.startswith("__x86."): # of the compiler
            where.setdefault(symbol, set()).add(source_of(obj, build))
    print(f"{len(objects)} objects, {len(where)} external names")
    for symbol, sources in sorted(where.items()):
        sources -= RECORDERS
        if len(sources) > 1 and sources != SERVED_TWICE and symbol != ENTRY_POINT:
            yield f"{symbol} is defined in {' and in '.join(sorted(sources))}"


# --- packages


def package_table(root):
    """The table that the README shows between its two marks."""
    rows = ["| group | package | what for |", "|---|---|---|"]
    for line in read(root / "scripts/packages").splitlines():
        if line.strip() and not line.startswith("#"):
            group, package, purpose = line.split(None, 2)
            rows.append(f"| {group} | `{package}` | {purpose} |")
    return "\n".join(rows)


def check_packages(root, _names, _build):
    shown = re.search(r"<!-- packages -->\n+(.*?)\n+<!-- end of packages -->",
                      read(root / "README.md"), re.DOTALL)
    table = package_table(root)
    if not shown or shown.group(1) != table:
        yield ("README.md: between <!-- packages --> and <!-- end of packages --> should stand\n\n"
               + table)


# --- workflows


# Before there is a checkout there are no scripts.
BEFORE_CHECKOUT = re.compile(r"apt-get update && apt-get install [-a-z ]+")
MATRIX = re.compile(r"\$\{\{ matrix\.(\w+) \}\}")


def commands_of(job):
    """What a job runs, once for each value of its matrix."""
    matrix = job.get("strategy", {}).get("matrix", {})
    for command in (step["run"] for step in job["steps"] if "run" in step):
        variable = MATRIX.search(command)
        for value in matrix[variable.group(1)] if variable else [None]:
            yield MATRIX.sub(str(value), command)


def check_command(root, name, command, stages):
    if BEFORE_CHECKOUT.fullmatch(command):
        return None
    words = command.split()
    if not words[0].startswith("scripts/") or "\n" in command.strip():
        return f"{name}: is no script of the project: {command}"
    if not os.access(root / words[0], os.X_OK):
        return f"{name}: there is no {words[0]}"
    if words[1:2] == ["--only"]:
        unknown = set(words[2:]) - stages
        stages -= set(words[2:])
        return f"{name}: scripts/test has no stage {unknown.pop()}" if unknown else None
    return None


def check_workflows(root, names, _build):
    listing = subprocess.run([root / "scripts/test", "--stages"], capture_output=True, text=True,
                             check=True)
    stages = set(listing.stdout.split()) # left are those that no workflow runs
    files = [name for name in names if name.startswith(".github/workflows/")]
    commands = 0
    for name in files:
        for job in yaml.safe_load(read(root / name))["jobs"].values():
            for command in commands_of(job):
                commands += 1
                wrong = check_command(root, name, command, stages)
                if wrong:
                    yield wrong
    print(f"{len(files)} workflows, {commands} commands")
    for stage in sorted(stages):
        yield f".github/workflows: nobody runs the stage {stage}"


# --- recording


SILENT_POINTS = 16 # of contract 10.2


def check_recording(root, names, _build):
    folder = "examples/recording/"
    scripts = {name.removeprefix(folder).removesuffix(".spool") for name in names
               if name.startswith(folder) and name.endswith(".spool")}
    observed = {name.lower().replace("_", "-") for name in re.findall(
        r"^PLATEN_REACTION\(\w+,\s*(\w+),\s*\w+,\s*OBSERVED",
        read(root / "harness/spooler/reactions.def"), re.MULTILINE)}
    points = {int(name[6:8]) for name in scripts if name.startswith("point-")}
    print(f"{len(observed)} reactions that were observed, {len(points)} points")
    for name in sorted(observed - scripts):
        yield f"{folder}: there is no script for the reaction {name}"
    for point in sorted(set(range(1, SILENT_POINTS + 1)) - points):
        yield f"{folder}: there is no script for point {point} of contract 10.2"
    if not observed:
        yield "harness/spooler/reactions.def: no reaction was found"


CHECKS = {"size": check_size, "layers": check_layers, "paths": check_paths,
          "systems": check_systems, "text": check_text,
          "symbols": check_symbols, "packages": check_packages,
          "workflows": check_workflows, "recording": check_recording}


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in CHECKS:
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[2]).resolve()
    build = pathlib.Path(sys.argv[3]).resolve() if len(sys.argv) > 3 else None
    wrong = list(CHECKS[sys.argv[1]](root, git_files(root), build))
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
