# SPDX-License-Identifier: MIT
# What the two toolchains for Windows share; the processor is theirs to say.
set(CMAKE_SYSTEM_NAME Windows)
set(PLATEN_TRIPLET ${CMAKE_SYSTEM_PROCESSOR}-w64-mingw32)
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
