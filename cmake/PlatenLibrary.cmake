# SPDX-License-Identifier: MIT
# How a library for other programs is made: an archive and a shared library from the same objects,
# both with no other names than those of one list.
#
#   platen_add_library(NAME n SYMBOLS file PARTS objects... [LIBRARIES ...])
#     PARTS are object libraries; the targets are n_static and n_shared. LIBRARIES is what a program
#     links besides when it takes the archive; the shared library links it itself.
#
#   The list has a name per line, with "#" before comments:
#     NAME          exported, and in the archive
#     NAME@8        the same; a __stdcall function with so many bytes of arguments
#     elf NAME      the same where modules are ELF, and unknown to Windows
#     program NAME  ELF too, in the archive alone: all that is linked into one program shares it,
#                   and no shared library shows it
#
# The archive is one object, made by a partial link, in which every other name is local: programs
# that link both libraries, and have a port_write() of their own, are as free as with the shared ones.

include(CheckLinkerFlag)

# What the seam needs of the system, and so every library of ours; by name, for those who link.
get_target_property(platen_system_libraries platen_dep::system INTERFACE_LINK_LIBRARIES)
if(WIN32)
  list(APPEND platen_system_libraries advapi32 shell32)
endif()

# Reads the list. What stands before NAME goes first: "", "elf" or "program"; SUFFIX gets "@8".
function(_platen_read_symbols file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(STRINGS ${file} lines REGEX "^[^#]")
  set(exported)
  set(kept)
  foreach(line IN LISTS lines)
    if(NOT line MATCHES "^(elf |program |)([A-Za-z_][A-Za-z0-9_]*)(@[0-9]+|)$")
      message(FATAL_ERROR "${file}: not understood: ${line}")
    endif()
    set(where ${CMAKE_MATCH_1})
    set(name ${CMAKE_MATCH_2})
    set(bytes ${CMAKE_MATCH_3})
    if(WIN32 AND where)
      continue()
    endif()
    if(NOT where STREQUAL "program ")
      list(APPEND exported ${name})
    endif()
    if(WIN32 AND CMAKE_SIZEOF_VOID_P EQUAL 4) # how a 32-bit Windows compiler writes the name
      list(APPEND kept _${name}${bytes})
    else()
      list(APPEND kept ${name})
    endif()
  endforeach()
  set(exported ${exported} PARENT_SCOPE)
  set(kept ${kept} PARENT_SCOPE)
endfunction()

# What a partial link has to know of the compiler's flags: the machine, and the linker.
function(_platen_partial_link_flags result)
  separate_arguments(flags NATIVE_COMMAND "${CMAKE_C_COMPILER_ARG1} ${CMAKE_C_FLAGS}")
  list(FILTER flags INCLUDE REGEX "^(-m|-B|--target=|--sysroot=|--gcc-toolchain=|-fuse-ld=)")
  if(CMAKE_C_COMPILER_TARGET)
    list(APPEND flags ${CMAKE_C_COMPILE_OPTIONS_TARGET}${CMAKE_C_COMPILER_TARGET})
  endif()
  list(APPEND flags -r -nostdlib)
  if(CMAKE_C_COMPILER_ID STREQUAL GNU) # with -flto too the object is code, or no name is local
    list(APPEND flags -flinker-output=nolto-rel)
  endif()
  # A group of sections that every object file brings goes by its name, which is local now: two
  # archives' groups of one name are two.
  check_linker_flag(C -Wl,--force-group-allocation PLATEN_CAN_DISSOLVE_GROUPS)
  if(PLATEN_CAN_DISSOLVE_GROUPS)
    list(APPEND flags -Wl,--force-group-allocation)
  endif()
  set(${result} ${flags} PARENT_SCOPE)
endfunction()

# One object of all objects, in which only the names of `kept` are global.
function(_platen_one_object name result)
  if(NOT CMAKE_OBJCOPY)
    message(FATAL_ERROR "objcopy is missing: it belongs to the compiler's binutils.")
  endif()
  _platen_partial_link_flags(flags)
  set(folder ${PROJECT_BINARY_DIR}/whole)
  set(keep ${folder}/${name}.keep)
  list(JOIN kept "\n" lines)
  # clang's address sanitizer registers a program once by a flag that its objects have in common.
  file(CONFIGURE OUTPUT ${keep} CONTENT "@lines@\n___asan_globals_registered\n" @ONLY)
  set(whole ${folder}/${name}${CMAKE_C_OUTPUT_EXTENSION})
  set(objects ${ARGN})
  list(TRANSFORM objects REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>")
  # COFF has such groups as well: mingw reaches data through pointers named after it.
  add_custom_command(OUTPUT ${whole}
    COMMAND ${CMAKE_C_COMPILER} ${flags} -o ${whole}.partial ${objects}
    COMMAND ${CMAKE_OBJCOPY} --keep-global-symbols=${keep}
            "$<$<BOOL:${WIN32}>:--set-section-flags=.rdata$.refptr.*=alloc,load,readonly,data,contents>"
            ${whole}.partial ${whole}
    COMMAND ${CMAKE_COMMAND} -E rm ${whole}.partial
    DEPENDS ${objects} ${keep}
    COMMENT "Making lib${name} one object" COMMAND_EXPAND_LISTS VERBATIM)
  set(${result} ${whole} PARENT_SCOPE)
endfunction()

# The same list as a version script or as a .def file.
function(_platen_export target name)
  if(WIN32)
    set(def ${PROJECT_BINARY_DIR}/whole/${name}.def)
    list(JOIN exported "\n    " lines)
    file(CONFIGURE OUTPUT ${def} CONTENT "EXPORTS\n    @lines@\n" @ONLY)
    target_sources(${target} PRIVATE ${def})
    # Nobody has parts of the seam that only the harness uses loaded for a spooler.
    target_link_options(${target} PRIVATE -static-libgcc -Wl,--gc-sections)
    if(CMAKE_SIZEOF_VOID_P EQUAL 4) # finds _Name@8 for Name, and exports it as Name alone (R1)
      target_link_options(${target} PRIVATE -Wl,--enable-stdcall-fixup -Wl,--kill-at)
    endif()
    set_target_properties(${target} PROPERTIES PREFIX "") # platen.dll: its name for a spooler
    return()
  endif()
  set(map ${PROJECT_BINARY_DIR}/whole/${name}.map)
  list(JOIN exported ";\n        " lines)
  file(CONFIGURE OUTPUT ${map} CONTENT
    "{\n    global:\n        @lines@;\n    local:\n        *;\n};\n" @ONLY)
  target_link_options(${target} PRIVATE -Wl,--version-script=${map})
  if(NOT PLATEN_SANITIZE) # whose functions may be those of the program
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
  set_target_properties(${target} PROPERTIES
    LINK_DEPENDS ${map} VERSION ${PROJECT_VERSION} SOVERSION 0)
endfunction()

function(platen_add_library)
  cmake_parse_arguments(PARSE_ARGV 0 L "" "NAME;OUTPUT_NAME;SYMBOLS" "PARTS;LIBRARIES")
  if(L_UNPARSED_ARGUMENTS OR NOT L_NAME OR NOT L_OUTPUT_NAME OR NOT L_SYMBOLS OR NOT L_PARTS)
    message(FATAL_ERROR "platen_add_library(${L_NAME}): ${L_UNPARSED_ARGUMENTS} not understood")
  endif()
  cmake_path(ABSOLUTE_PATH L_SYMBOLS BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  _platen_read_symbols(${L_SYMBOLS})

  _platen_one_object(${L_OUTPUT_NAME} whole ${L_PARTS})
  add_library(${L_NAME}_static STATIC ${whole})
  add_dependencies(${L_NAME}_static ${L_PARTS})
  set_target_properties(${L_NAME}_static PROPERTIES
    OUTPUT_NAME ${L_OUTPUT_NAME} LINKER_LANGUAGE C)
  set(libraries ${L_LIBRARIES}) # libuv goes by another name in the package
  list(TRANSFORM libraries REPLACE "^platen_dep::(.+)$"
    "$<BUILD_INTERFACE:platen_dep::\\1>;$<INSTALL_INTERFACE:platen::\\1>")
  target_link_libraries(${L_NAME}_static PUBLIC platen_headers ${libraries})

  set(objects ${L_PARTS})
  list(TRANSFORM objects REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>")
  add_library(${L_NAME}_shared SHARED ${objects})
  set_target_properties(${L_NAME}_shared PROPERTIES OUTPUT_NAME ${L_OUTPUT_NAME})
  target_link_libraries(${L_NAME}_shared PUBLIC platen_headers PRIVATE platen_compile ${L_LIBRARIES})
  _platen_export(${L_NAME}_shared ${L_OUTPUT_NAME})
endfunction()
