# SPDX-License-Identifier: MIT
# `cmake --install`: headers, libraries, the command, the CMake package and pkg-config's files. The
# folders are those of GNUInstallDirs; where they lie below the prefix the whole can be moved.
#
#   platen_install_library(NAME n EXPORT_NAME e PC file LIBRARIES ...)
#     Installs n_static as platen::e and n_shared as platen::e-shared, and a file for pkg-config.
#     LIBRARIES is what the archive needs: Threads::Threads, platen_dep::uv and names of libraries.
#   platen_install_package()
#     Installs the rest, after everything else.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
option(PLATEN_INSTALL "install rules for Platen" ${PROJECT_IS_TOP_LEVEL})

# What libuv needs of Windows.
set(platen_uv_libraries)
if(WIN32 AND TARGET platen_dep::uv)
  get_target_property(platen_uv_libraries platen_dep::uv INTERFACE_LINK_LIBRARIES)
  list(FILTER platen_uv_libraries EXCLUDE REGEX "/") # libuv itself
endif()

set(platen_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/platen)

# An installation folder as pkg-config's files name it: from the prefix on, unless it is elsewhere.
function(_platen_pc_folder folder result)
  if(IS_ABSOLUTE ${folder})
    set(${result} ${folder} PARENT_SCOPE)
  else()
    set(${result} \${prefix}/${folder} PARENT_SCOPE)
  endif()
endfunction()

# The prefix as seen from the file itself.
function(_platen_pc_prefix result)
  set(${result} ${CMAKE_INSTALL_PREFIX} PARENT_SCOPE)
  if(NOT IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
    cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX
      BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/pkgconfig OUTPUT_VARIABLE up)
    string(REGEX REPLACE "/$" "" up "${up}")
    set(${result} \${pcfiledir}/${up} PARENT_SCOPE)
  endif()
endfunction()

# What a static link needs, in pkg-config's words. On Windows nobody need have a file for libuv.
function(_platen_pc_private libraries requires)
  set(flags)
  set(packages)
  foreach(library IN LISTS ARGN)
    if(library STREQUAL platen_dep::uv AND WIN32)
      list(APPEND flags -luv)
      list(TRANSFORM platen_uv_libraries PREPEND -l OUTPUT_VARIABLE more)
      list(APPEND flags ${more})
    elseif(library STREQUAL platen_dep::uv)
      list(APPEND packages libuv)
    elseif(library STREQUAL platen_dep::netsnmp)
      list(APPEND packages netsnmp)
    elseif(library STREQUAL Threads::Threads)
      list(APPEND flags -pthread)
    else()
      list(APPEND flags -l${library})
    endif()
  endforeach()
  list(JOIN flags " " flags)
  list(JOIN packages ", " packages)
  set(${libraries} "${flags}" PARENT_SCOPE)
  set(${requires} "${packages}" PARENT_SCOPE)
endfunction()

function(_platen_install_pc file)
  _platen_pc_prefix(PC_PREFIX)
  _platen_pc_folder(${CMAKE_INSTALL_LIBDIR} PC_LIBDIR)
  _platen_pc_folder(${CMAKE_INSTALL_INCLUDEDIR} PC_INCLUDEDIR)
  _platen_pc_private(PC_LIBRARIES PC_REQUIRES ${ARGN})
  configure_file(${PROJECT_SOURCE_DIR}/${file}.in ${PROJECT_BINARY_DIR}/${file} @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${file} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()

function(platen_install_library)
  cmake_parse_arguments(PARSE_ARGV 0 L "" "NAME;EXPORT_NAME;PC" "LIBRARIES")
  set_target_properties(${L_NAME}_static PROPERTIES EXPORT_NAME ${L_EXPORT_NAME})
  set_target_properties(${L_NAME}_shared PROPERTIES EXPORT_NAME ${L_EXPORT_NAME}-shared)
  add_library(platen::${L_EXPORT_NAME} ALIAS ${L_NAME}_static)
  add_library(platen::${L_EXPORT_NAME}-shared ALIAS ${L_NAME}_shared)
  if(PLATEN_INSTALL)
    install(TARGETS ${L_NAME}_static ${L_NAME}_shared EXPORT platen)
    _platen_install_pc(${L_PC} ${L_LIBRARIES})
  endif()
endfunction()

function(platen_install_package)
  if(NOT PLATEN_INSTALL)
    return()
  endif()
  install(TARGETS platen_headers EXPORT platen)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/platen DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN *.h PATTERN *.def)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

  install(EXPORT platen NAMESPACE platen:: FILE platen-targets.cmake
    DESTINATION ${platen_package_folder})
  get_property(platen_needs_uv GLOBAL PROPERTY PLATEN_NEEDS_UV)
  configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/platen-config.cmake.in
    ${PROJECT_BINARY_DIR}/platen-config.cmake INSTALL_DESTINATION ${platen_package_folder}
    NO_SET_AND_CHECK_MACRO)
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/platen-config-version.cmake
    COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/platen-config.cmake
    ${PROJECT_BINARY_DIR}/platen-config-version.cmake
    ${PROJECT_SOURCE_DIR}/cmake/PlatenMonitor.cmake
    DESTINATION ${platen_package_folder})
endfunction()
