#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds monitors in a project of their own and looks at what they export and need.
#   add_monitor.sh CMAKE PLATEN BUILD native|x86_64|i686
set -eu
cmake=$1 platen=$2 build=$3 machine=$4
here=$(cd "$(dirname "$0")" && pwd)

fail()
{
    echo "$*" >&2
    exit 1
}

# Name of the file, then the exports that it must have and no others.
expect()
{
    file=$1
    shift
    want=$(printf '%s\n' "$@" | sort)
    got=$(exports "$build/$file" | sort)
    [ "$want" = "$got" ] || fail "$file exports: $got; expected: $want"
}

rm -rf "$build"
if [ "$machine" = native ]; then
    set --
    exports() { nm -D --defined-only "$1" | sed 's/.* //'; }
else
    tools=$machine-w64-mingw32
    command -v "$tools-gcc" >/dev/null || { echo "$tools-gcc is missing"; exit 77; }
    set -- -DCMAKE_SYSTEM_NAME=Windows -DCMAKE_C_COMPILER="$tools-gcc"
    exports() { "$tools-objdump" -p "$1" |
        sed -n '/Ordinal\/Name Pointer/,/^$/s/^[[:space:]]*\[ *[0-9]*\] //p'; }
fi
"$cmake" -S "$here/project" -B "$build" -DPLATEN_SOURCE="$platen" \
    -DCMAKE_C_FLAGS="-Wall -Wextra -Werror" "$@" >"$build.log" 2>&1 || fail "$(cat "$build.log")"
"$cmake" --build "$build" >"$build.log" 2>&1 || fail "$(cat "$build.log")"
! grep -i warning "$build.log" || fail "the linker warns"

if [ "$machine" = native ]; then
    expect minimal.so InitializePrintMonitor2 platen_imports
    expect both.so InitializePrintMonitor InitializePrintMonitorUI platen_imports
    needed=$(objdump -p "$build/minimal.so" | sed -n 's/ *NEEDED *//p' | grep -v '^libc\.\|^ld-' || :)
    [ -z "$needed" ] || fail "minimal.so needs $needed"
else
    expect minimal.dll InitializePrintMonitor2
    expect both.dll InitializePrintMonitor InitializePrintMonitorUI
    for dll in minimal both; do
        ! "$tools-objdump" -p "$build/$dll.dll" | grep 'DLL Name: lib\|DllMain' ||
            fail "$dll.dll imports what it should not"
    done
fi
