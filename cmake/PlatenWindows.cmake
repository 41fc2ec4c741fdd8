# SPDX-License-Identifier: MIT
# Windows programs beside those of this system: the host of DLLs under Wine, and DLLs to test it
# with. They are compiled by mingw's compiler, where there is one, with the same sources, options and
# warnings as in the presets for Windows.
#
#   platen_add_windows(NAME n.exe|n.dll SOURCES ... [INCLUDES ...] [DEFINITIONS ...] [LIBRARIES ...]
#                      [EXPORTS ...] [DLLS ...] [FOLDER d] [NARROW])
#     A target of that name, and the file in bin/ (or FOLDER below the build folder). A DLL exports
#     the names of EXPORTS. DLLS are other such files that it needs. NARROW: for 32 bits; there is
#     no such target where platen_windows32 is OFF.
#
# platen_windows is OFF in a build for Windows itself, and without such a compiler. By default builds
# with sanitizers or another compiler than gcc do without: their tests would run the same programs.
find_program(PLATEN_WINDOWS_CC x86_64-w64-mingw32-gcc)
find_program(PLATEN_WINDOWS_CC32 i686-w64-mingw32-gcc)
set(platen_windows OFF)
if(PLATEN_WINDOWS_CC AND CMAKE_C_COMPILER_ID STREQUAL GNU AND NOT PLATEN_SANITIZE)
  set(platen_windows ON)
endif()
option(PLATEN_WINDOWS "build the host of Windows DLLs, where mingw's compiler is" ${platen_windows})
if(NOT PLATEN_WINDOWS_CC OR WIN32)
  set(platen_windows OFF)
else()
  set(platen_windows ${PLATEN_WINDOWS})
endif()
set(platen_windows32 OFF)
if(platen_windows AND PLATEN_WINDOWS_CC32)
  set(platen_windows32 ON)
endif()

set(_platen_windows_options
  -std=c11 -O2 -g -fvisibility=hidden -Wall -Wextra -Wshadow -Wpointer-arith -Wundef -Wvla
  -Wwrite-strings -Wcast-qual -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes
  -Werror=implicit-function-declaration -DUNICODE -D_UNICODE -DWIN32_LEAN_AND_MEAN
  -D__USE_MINGW_ANSI_STDIO=1 -D_WIN32_WINNT=0x0602 -DNTDDI_VERSION=0x06020000)
if(platen_windows)
  platen_precompile_windows(_platen_windows_first ${PLATEN_WINDOWS_CC} ${_platen_windows_options})
endif()

# The object of a source; it is made again when one of its headers changes.
function(_platen_windows_object target source result)
  cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  string(SHA1 number ${source})
  string(SUBSTRING ${number} 0 8 number)
  cmake_path(GET source STEM stem)
  set(object ${PROJECT_BINARY_DIR}/windows/${target}/${stem}-${number}.obj)
  set(more ${_platen_windows_first})
  if(W_NARROW)
    set(more)
  endif()
  if(PLATEN_WERROR)
    list(APPEND more -Werror)
  endif()
  add_custom_command(OUTPUT ${object}
    COMMAND ${W_COMPILER} ${_platen_windows_options} ${more} ${ARGN}
            -MD -MT ${object} -MF ${object}.d -c -o ${object} ${source}
    DEPENDS ${source} DEPFILE ${object}.d
    COMMENT "Compiling ${stem}.c for Windows" VERBATIM)
  set(${result} ${object} PARENT_SCOPE)
endfunction()

function(platen_add_windows)
  cmake_parse_arguments(PARSE_ARGV 0 W "NARROW" "NAME;FOLDER"
    "SOURCES;INCLUDES;DEFINITIONS;LIBRARIES;EXPORTS;DLLS")
  if(W_UNPARSED_ARGUMENTS OR NOT W_NAME OR NOT W_SOURCES)
    message(FATAL_ERROR "platen_add_windows(${W_NAME}): ${W_UNPARSED_ARGUMENTS} not understood")
  endif()
  set(W_COMPILER ${PLATEN_WINDOWS_CC})
  if(W_NARROW)
    set(W_COMPILER ${PLATEN_WINDOWS_CC32})
  endif()
  if(NOT W_FOLDER)
    set(W_FOLDER bin)
  endif()
  list(TRANSFORM W_INCLUDES PREPEND -I)
  list(TRANSFORM W_DEFINITIONS PREPEND -D)
  list(TRANSFORM W_LIBRARIES PREPEND -l)
  set(folder ${PROJECT_BINARY_DIR}/windows/${W_NAME})
  file(MAKE_DIRECTORY ${folder} ${PROJECT_BINARY_DIR}/${W_FOLDER})
  set(objects)
  foreach(source IN LISTS W_SOURCES)
    _platen_windows_object(${W_NAME} ${source} object
      -I${PROJECT_SOURCE_DIR}/include ${W_INCLUDES} ${W_DEFINITIONS})
    list(APPEND objects ${object})
  endforeach()

  set(linked)
  if(W_NAME MATCHES "[.]dll$")
    list(JOIN W_EXPORTS "\n    " names)
    file(CONFIGURE OUTPUT ${folder}/exports.def CONTENT "EXPORTS\n    @names@\n" @ONLY)
    set(linked -shared ${folder}/exports.def)
  endif()
  set(file ${PROJECT_BINARY_DIR}/${W_FOLDER}/${W_NAME})
  add_custom_command(OUTPUT ${file}
    COMMAND ${W_COMPILER} -static-libgcc -o ${file} ${objects} ${linked} ${W_DLLS}
            ${W_LIBRARIES}
    DEPENDS ${objects} ${W_DLLS} COMMENT "Linking ${W_NAME}" VERBATIM)
  add_custom_target(${W_NAME} ALL DEPENDS ${file})
  set_target_properties(${W_NAME} PROPERTIES PLATEN_FILE ${file})
endfunction()
