# SPDX-License-Identifier: MIT
set(CMAKE_SYSTEM_PROCESSOR i686)
include(${CMAKE_CURRENT_LIST_DIR}/mingw.cmake)
# Debian's Wine runs 32-bit programs only with packages of the i386 architecture, which a 64-bit
# machine does not have; so what this toolchain makes is built and not run.
