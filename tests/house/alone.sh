#!/bin/sh
# SPDX-License-Identifier: MIT
# alone.sh CMAKE SOURCE BUILD: the library can be built where nothing else is installed.
set -e
rm -rf "$3"
trap 'rm -rf "$3"' EXIT
"$1" -S "$2" -B "$3" -G Ninja -DPLATEN_HARNESS=OFF -DPLATEN_TESTS=OFF \
    -DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON
"$1" --build "$3"
ls "$3"/lib/libplaten.so "$3"/lib/libplaten.a
