# SPDX-License-Identifier: MIT
# What Platen takes from outside. The library (lib and backends) needs the operating system alone;
# the harness needs libuv, jansson and libxml2, the tests cmocka, libplaten-snmp net-snmp.
#
# Targets: platen_dep::system (threads, dl), platen_dep::uv, platen_dep::jansson, platen_dep::xml2,
# platen_dep::cmocka, platen_dep::netsnmp.

option(PLATEN_HARNESS "build the spooler, the host and the command" ON)
option(PLATEN_TESTS "build the tests" ${PROJECT_IS_TOP_LEVEL})
if(PLATEN_TESTS AND NOT PLATEN_HARNESS)
  message(FATAL_ERROR "The tests drive the library through the harness: "
    "with -DPLATEN_HARNESS=OFF goes -DPLATEN_TESTS=OFF.")
endif()

# The same rule as in scripts/common.sh: where things are kept that outlive a build folder.
if(NOT "$ENV{PLATEN_CACHE}" STREQUAL "")
  set(platen_cache $ENV{PLATEN_CACHE})
elseif(NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(platen_cache $ENV{XDG_CACHE_HOME}/platen)
else()
  set(platen_cache $ENV{HOME}/.cache/platen)
endif()

add_library(platen_dep::system INTERFACE IMPORTED GLOBAL)
if(NOT WIN32) # there the system's threads are meant, not winpthreads
  set(THREADS_PREFER_PTHREAD_FLAG ON)
  find_package(Threads REQUIRED)
  target_link_libraries(platen_dep::system INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
else() # the seam's own; what else it uses is always linked
  target_link_libraries(platen_dep::system INTERFACE ntdll ws2_32 iphlpapi)
endif()

# Ends with what is missing; scripts/packages tells which group brings the package.
function(_platen_missing what package)
  if(CMAKE_CROSSCOMPILING)
    message(FATAL_ERROR "${what} for ${PLATEN_TRIPLET} is not in ${PLATEN_PREFIX}.\n"
      "  scripts/setup mingw\nbuilds it from Debian's source package.")
  endif()
  file(STRINGS ${PROJECT_SOURCE_DIR}/scripts/packages line REGEX "^[a-z]+ +${package} ")
  string(REGEX MATCH "^[a-z]+" group "${line}")
  message(FATAL_ERROR "${what} is missing: Debian's package ${package}.\n"
    "  scripts/setup ${group}\ninstalls it. The library alone needs none of this: "
    "-DPLATEN_HARNESS=OFF -DPLATEN_TESTS=OFF.")
endfunction()

# One dependency: NAME is our target's, MODULE pkg-config's name of it, LIBRARY and HEADER what
# scripts/setup puts into the prefix for a Windows build.
function(_platen_find name what package module library header)
  add_library(platen_dep::${name} INTERFACE IMPORTED GLOBAL)
  if(CMAKE_CROSSCOMPILING)
    find_library(PLATEN_${name}_LIBRARY ${library}
      PATHS ${PLATEN_PREFIX}/lib NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
    find_path(PLATEN_${name}_INCLUDE ${header}
      PATHS ${PLATEN_PREFIX}/include NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
    if(NOT PLATEN_${name}_LIBRARY OR NOT PLATEN_${name}_INCLUDE)
      _platen_missing(${what} ${package})
    endif()
    target_link_libraries(platen_dep::${name} INTERFACE ${PLATEN_${name}_LIBRARY})
    target_include_directories(platen_dep::${name} INTERFACE ${PLATEN_${name}_INCLUDE})
    return()
  endif()
  find_package(PkgConfig QUIET)
  if(NOT PKG_CONFIG_FOUND)
    _platen_missing(pkg-config pkg-config)
  endif()
  pkg_check_modules(PLATEN_${name} QUIET IMPORTED_TARGET GLOBAL ${module})
  if(NOT PLATEN_${name}_FOUND)
    _platen_missing(${what} ${package})
  endif()
  target_link_libraries(platen_dep::${name} INTERFACE PkgConfig::PLATEN_${name})
endfunction()

if(CMAKE_CROSSCOMPILING)
  set(PLATEN_PREFIX ${platen_cache}/mingw/${PLATEN_TRIPLET} CACHE PATH
    "where libuv, jansson, libxml2 and cmocka for the target are installed")
endif()
if(PLATEN_HARNESS)
  _platen_find(uv libuv libuv1-dev libuv uv uv.h)
  _platen_find(jansson jansson libjansson-dev jansson jansson jansson.h)
  _platen_find(xml2 libxml2 libxml2-dev libxml-2.0 xml2 libxml/xmlwriter.h)
  if(WIN32)
    target_link_libraries(platen_dep::uv INTERFACE
      psapi user32 advapi32 iphlpapi userenv ws2_32 ole32 shell32)
    # Its headers mean a DLL unless told.
    target_compile_definitions(platen_dep::xml2 INTERFACE LIBXML_STATIC)
  endif()
endif()
if(PLATEN_TESTS)
  _platen_find(cmocka cmocka libcmocka-dev cmocka cmocka cmocka.h)
endif()

# libplaten-snmp need not be there: AUTO builds it where net-snmp is.
set(PLATEN_SNMP AUTO CACHE STRING "build libplaten-snmp, which needs net-snmp: ON, OFF or AUTO")
set_property(CACHE PLATEN_SNMP PROPERTY STRINGS AUTO ON OFF)
set(platen_with_snmp ${PLATEN_SNMP})
if(CMAKE_CROSSCOMPILING OR WIN32)
  if(PLATEN_SNMP STREQUAL "ON")
    message(FATAL_ERROR "libplaten-snmp is not built for Windows: without -DPLATEN_SNMP=ON.")
  endif()
  set(platen_with_snmp OFF)
elseif(PLATEN_SNMP STREQUAL "AUTO")
  find_package(PkgConfig QUIET)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(PLATEN_snmp_there QUIET netsnmp)
  endif()
  set(platen_with_snmp ${PLATEN_snmp_there_FOUND})
  if(NOT platen_with_snmp)
    message(STATUS "libplaten-snmp is not built: net-snmp is missing (Debian's libsnmp-dev)")
  endif()
endif()
if(platen_with_snmp)
  _platen_find(netsnmp net-snmp libsnmp-dev netsnmp netsnmp net-snmp/net-snmp-config.h)
endif()
