# SPDX-License-Identifier: MIT
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(PLATEN_TRIPLET i686-w64-mingw32)
set(CMAKE_C_COMPILER ${PLATEN_TRIPLET}-gcc)
set(CMAKE_CXX_COMPILER ${PLATEN_TRIPLET}-g++)
set(CMAKE_RC_COMPILER ${PLATEN_TRIPLET}-windres)
set(CMAKE_FIND_ROOT_PATH /usr/${PLATEN_TRIPLET})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Programs find no DLL of the compiler's where they run.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static-libgcc -static-libstdc++")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-static-libgcc -static-libstdc++")
set(CMAKE_MODULE_LINKER_FLAGS_INIT "-static-libgcc -static-libstdc++")

# Debian's Wine runs 32-bit programs only with packages of the i386 architecture, which a 64-bit
# machine does not have; so what this toolchain makes is built and not run.
