# SPDX-License-Identifier: MIT
# platen-host.exe and platen-host32.exe, in a build for this system: the hosts of DLLs under Wine. The
# same sources, with the other twins.
if(NOT platen_windows)
  return()
endif()
set(sources ${platen_host_sources})
list(FILTER sources EXCLUDE REGEX "_posix[.]c$")
list(APPEND sources ansi_win32.c device_win32.c imports_win32.c native_win32.c print_win32.c
  rest_win32.c splmem_win32.c stack_win32.c system_win32.c token_win32.c)
get_target_property(seam platen_seam SOURCES)
list(TRANSFORM seam REPLACE "^posix/" "win32/")
# What a host does not use would bring shell32.dll along, which takes as long to load as all else.
list(REMOVE_ITEM seam win32/console.c)
get_property(alone GLOBAL PROPERTY platen_seam_win32_alone)
list(APPEND seam ${alone})
list(TRANSFORM seam PREPEND ${PROJECT_SOURCE_DIR}/lib/platform/)
function(_platen_add_host name)
  platen_add_windows(NAME ${name} SOURCES ${sources} ${seam} ${ARGN}
    INCLUDES ${CMAKE_CURRENT_SOURCE_DIR}/.. ${PROJECT_SOURCE_DIR}/lib/platform/include
    LIBRARIES ntdll ws2_32 iphlpapi advapi32)
  if(PLATEN_INSTALL)
    install(PROGRAMS ${PROJECT_BINARY_DIR}/bin/${name}
      DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/platen)
  endif()
endfunction()
_platen_add_host(platen-host.exe)
if(platen_windows32)
  _platen_add_host(platen-host32.exe NARROW)
endif()
