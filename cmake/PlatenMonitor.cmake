# SPDX-License-Identifier: MIT
# How a monitor is built from its sources, here and in every project that uses the package.
#
#   platen_add_monitor(NAME n SOURCES ... [EXPORTS ...])
#     A loadable module: n.so, which links nothing but the C library (the loader fills the import
#     table of <platen/winsplp.h>), or n.dll, which imports winspool and spoolss, needs no run-time
#     library of the compiler, and exports its entry points undecorated (R1). The target is named n:
#     add to it what else it needs.
#     EXPORTS names the entry points of the DLL; by default those of the three that the sources
#     define, found by reading them.

set(_platen_entry_points
  InitializePrintMonitor2 InitializePrintMonitor InitializePrintMonitorUI)

# The entry points that `sources` define: the name, "(", and no ";" on that line.
function(_platen_find_entry_points result)
  set(found)
  foreach(source IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    if(NOT EXISTS ${source})
      continue() # generated
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    foreach(name IN LISTS _platen_entry_points)
      file(STRINGS ${source} lines REGEX "^([A-Za-z_][^;/]*[ *])?${name}[ ]*\\([^;]*$")
      if(lines)
        list(APPEND found ${name})
      endif()
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES found)
  set(${result} ${found} PARENT_SCOPE)
endfunction()

function(_platen_link_dll target)
  if(NOT ARGN)
    message(FATAL_ERROR "platen_add_monitor(${target}): no source defines an entry point; "
      "name it with EXPORTS")
  endif()
  list(JOIN ARGN "\n    " names)
  set(def ${CMAKE_CURRENT_BINARY_DIR}/${target}.def)
  file(CONFIGURE OUTPUT ${def} CONTENT "EXPORTS\n    @names@\n" @ONLY)
  target_sources(${target} PRIVATE ${def})
  # mingw's spoolss offers spoolss.dll's own DllMain: that of mingwex has to be found before it.
  target_link_libraries(${target} PRIVATE winspool $<$<BOOL:${MINGW}>:mingwex> spoolss)
  if(MINGW)
    target_link_options(${target} PRIVATE -static-libgcc $<$<LINK_LANGUAGE:CXX>:-static-libstdc++>)
    if(CMAKE_SIZEOF_VOID_P EQUAL 4) # finds _Name@8 for Name, and exports it as Name alone
      target_link_options(${target} PRIVATE -Wl,--enable-stdcall-fixup -Wl,--kill-at)
    endif()
  endif()
endfunction()

function(platen_add_monitor)
  cmake_parse_arguments(PARSE_ARGV 0 M "" "NAME" "SOURCES;EXPORTS")
  if(M_UNPARSED_ARGUMENTS OR NOT M_NAME OR NOT M_SOURCES)
    message(FATAL_ERROR "platen_add_monitor(${M_NAME}): ${M_UNPARSED_ARGUMENTS} not understood")
  endif()

  add_library(${M_NAME} MODULE ${M_SOURCES})
  set_target_properties(${M_NAME} PROPERTIES
    PREFIX "" C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden)
  target_link_libraries(${M_NAME} PRIVATE platen::headers)
  if(TARGET platen_compile) # our own: with our warnings
    target_link_libraries(${M_NAME} PRIVATE platen_compile)
  endif()
  if(WIN32)
    if(NOT M_EXPORTS)
      _platen_find_entry_points(M_EXPORTS ${M_SOURCES})
    endif()
    _platen_link_dll(${M_NAME} ${M_EXPORTS})
  endif()
endfunction()
