# SPDX-License-Identifier: MIT
# <windows.h> is most of the time that a source takes to compile for Windows, so it is compiled once.
#
#   platen_precompile_windows(RESULT COMPILER OPTION...)
#     Compiles it with these options, and gives those with which other sources find it.
#
# It stands before all else in every C source then; the preset mingw32 compiles without it, so that
# none comes to need that.
option(PLATEN_PRECOMPILED "compile <windows.h> once" ON)

function(platen_precompile_windows result compiler)
  set(${result} "" PARENT_SCOPE)
  if(NOT PLATEN_PRECOMPILED OR MSVC)
    return()
  endif()
  string(SHA1 number "${compiler};${ARGN}")
  string(SUBSTRING ${number} 0 8 number)
  set(header ${PROJECT_BINARY_DIR}/windows/${number}/windows_first.h)
  if(NOT EXISTS ${header}.gch)
    file(WRITE ${header} "#include <windows.h>\n")
    execute_process(COMMAND ${compiler} ${ARGN} -x c-header -o ${header}.gch ${header}
      COMMAND_ERROR_IS_FATAL ANY)
  endif()
  set(${result} -include ${header} -Winvalid-pch PARENT_SCOPE)
endfunction()
