# SPDX-License-Identifier: MIT
# How everything in the house is compiled.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

option(PLATEN_FUZZ "build fuzzers of the parsers, with clang" OFF)
option(PLATEN_WERROR "treat warnings as errors" ON)
set(PLATEN_SANITIZE "" CACHE STRING "sanitizers to build with, as -fsanitize= takes them")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "build type" FORCE)
endif()

# Everything that is compiled for us links this interface; consumers never do.
add_library(platen_compile INTERFACE)
if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
  target_compile_options(platen_compile INTERFACE
    -Wall -Wextra -Wshadow -Wpointer-arith -Wundef -Wvla -Wwrite-strings -Wcast-qual
    -Wformat=2 -Wformat-security -Werror=format-security
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes -Werror=implicit-function-declaration>
    $<$<BOOL:${PLATEN_WERROR}>:-Werror>)
  if(PLATEN_SANITIZE)
    target_compile_options(platen_compile INTERFACE
      -fsanitize=${PLATEN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(platen_compile INTERFACE -fsanitize=${PLATEN_SANITIZE})
  endif()
  # clang puts its runtime into programs; libraries and what loads them shall find one and the same.
  if(PLATEN_SANITIZE MATCHES "address" AND CMAKE_C_COMPILER_ID STREQUAL "Clang" AND NOT PLATEN_FUZZ)
    execute_process(COMMAND ${CMAKE_C_COMPILER} -print-runtime-dir OUTPUT_VARIABLE runtime
      OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    target_link_options(platen_compile INTERFACE -shared-libasan -Wl,-rpath,${runtime})
  endif()
endif()
if(MSVC) # not proven here
  target_compile_options(platen_compile INTERFACE /W3 /utf-8
    $<$<COMPILE_LANGUAGE:C>:/experimental:c11atomics>)
  target_compile_definitions(platen_compile INTERFACE _CRT_SECURE_NO_WARNINGS)
endif()
if(PLATEN_FUZZ) # what libFuzzer steers by
  if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "PLATEN_FUZZ wants clang: -DCMAKE_C_COMPILER=clang")
  endif()
  target_compile_options(platen_compile INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(WIN32)
  set(definitions UNICODE _UNICODE WIN32_LEAN_AND_MEAN __USE_MINGW_ANSI_STDIO=1
    _WIN32_WINNT=0x0602 NTDDI_VERSION=0x06020000)
  target_compile_definitions(platen_compile INTERFACE ${definitions})
  list(TRANSFORM definitions PREPEND -D)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  separate_arguments(flags UNIX_COMMAND "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${type}}")
  platen_precompile_windows(first ${CMAKE_C_COMPILER} ${flags} -std=c11 -fvisibility=hidden
    ${definitions})
  list(JOIN first " " first)
  target_compile_options(platen_compile INTERFACE $<$<COMPILE_LANGUAGE:C>:SHELL:${first}>)
  if(CMAKE_SIZEOF_VOID_P EQUAL 4 AND NOT PLATEN_PRECOMPILED) # a fifth of a DLL, that nobody reads
    target_compile_options(platen_compile INTERFACE
      $<$<COMPILE_LANGUAGE:C>:-fno-asynchronous-unwind-tables>)
  endif()
else()
  target_compile_definitions(platen_compile INTERFACE _GNU_SOURCE _FILE_OFFSET_BITS=64)
endif()
