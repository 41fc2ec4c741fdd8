# SPDX-License-Identifier: MIT
# How a test is made and registered.
#
#   platen_add_test(NAME n SOURCES ... [LIBS ...] [ARGS ...] [LABELS ...] [TIMEOUT s]
#                   [NO_WINE] [NO_VALGRIND])
#     A cmocka program. Under mingw it runs through scripts/wine-run, except NO_WINE. Without LABELS
#     it is a `unit` test; with PLATEN_VALGRIND every unit test is registered a second time as
#     valgrind.<n> with the label `memcheck`, except NO_VALGRIND. There PLATEN_SLOW=1 stands in the
#     environment: a test that repeats something many times then repeats it less often.
#
#   platen_add_script_test(NAME n COMMAND ... [LABELS ...] [TIMEOUT s] [WORKING_DIRECTORY d])
#     A command whose exit status is the verdict. Not registered when cross compiling.
#
# A test that cannot run here exits with 77 (or calls cmocka's skip()); scripts/test then looks for
# it in tests/skips.txt, and a skip that is not listed there with its reason is a failure.

option(PLATEN_VALGRIND "register the unit tests a second time, under valgrind" OFF)

# Tests that take many seconds are started before others, so that nobody waits for them at the end.
set(platen_early contract.job contract.read pjl.check rules contract.language script.Long hosted.ill hosted.Crashes hosted_wine.sick hosted_wine.Monitors
  hosted_wine.CleaningUp hosted_wine.Imports wine.devices wine.spooler command.Huge report.Schema report.json
  report.tap backends.laws script.Traces readme)
# What takes valgrind more than four seconds is left to `scripts/test --long`; the sanitizers have it
# in every run.
set(platen_long_under_valgrind report.json report.tap report.junit report.stream report.human
  registry.regfile_write registry.regfile_bad registry.names rules backends.conformance
  spooler.many hosted.ill check.checks snmp.manners script.session monitor.configure_store
  backends.laws spooler.sweep pjl.job backends.usb hosted.hostile snmp.port script.facts
  backends.serial_times snmp.values call.frame roads.swap backends.tcp_trouble device.pjl
  bidi.hostile seam.root_posix monitor.threads hosted.same device.manners backends.parallel
  backends.lpr fuzz.script fuzz.lpr fuzz.snmp fuzz.host fuzz.parent device.clients)

function(_platen_start_early name)
  list(FIND platen_early "${name}" place)
  if(place GREATER_EQUAL 0)
    math(EXPR cost "100 - ${place}")
    set_tests_properties(${name} PROPERTIES COST ${cost})
  endif()
endfunction()

# Nothing here runs 32-bit Windows programs: they are built, and their layouts asserted.
set(platen_tests_run ON)
if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  set(platen_tests_run OFF)
endif()

if(PLATEN_VALGRIND)
  find_program(PLATEN_VALGRIND_COMMAND valgrind)
  if(NOT PLATEN_VALGRIND_COMMAND)
    message(FATAL_ERROR "valgrind is missing: scripts/setup test")
  endif()
endif()

function(_platen_register_memcheck name target label timeout)
  math(EXPR patience "${timeout} * 5")
  add_test(NAME valgrind.${name}
    COMMAND ${PLATEN_VALGRIND_COMMAND} -q --fair-sched=yes --error-exitcode=70 --leak-check=full
            --show-leak-kinds=definite,indirect,possible
            --errors-for-leak-kinds=definite,indirect,possible $<TARGET_FILE:${target}> ${ARGN})
  set_tests_properties(valgrind.${name} PROPERTIES
    LABELS ${label} TIMEOUT ${patience} SKIP_RETURN_CODE 77 ENVIRONMENT PLATEN_SLOW=1)
endfunction()

function(platen_add_test)
  cmake_parse_arguments(PARSE_ARGV 0 T "NO_WINE;NO_VALGRIND" "NAME;TIMEOUT" "SOURCES;LIBS;ARGS;LABELS")
  if(T_UNPARSED_ARGUMENTS OR NOT T_NAME OR NOT T_SOURCES)
    message(FATAL_ERROR "platen_add_test(${T_NAME}): ${T_UNPARSED_ARGUMENTS} not understood")
  endif()
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 400)
  endif()
  if(NOT T_LABELS)
    set(T_LABELS unit)
  endif()

  set(target test-${T_NAME})
  add_executable(${target} ${T_SOURCES})
  target_link_libraries(${target} PRIVATE
    platen_compile platen_headers ${T_LIBS} platen_dep::cmocka platen_dep::system)
  set_target_properties(${target} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/tests)

  if(NOT platen_tests_run OR (T_NO_WINE AND CMAKE_CROSSCOMPILING))
    return()
  endif()
  add_test(NAME ${T_NAME} COMMAND ${target} ${T_ARGS})
  set_tests_properties(${T_NAME} PROPERTIES
    LABELS "${T_LABELS}" TIMEOUT ${T_TIMEOUT} SKIP_RETURN_CODE 77)
  _platen_start_early(${T_NAME})
  if(PLATEN_VALGRIND AND "unit" IN_LIST T_LABELS AND NOT T_NO_VALGRIND)
    set(label memcheck)
    if(T_NAME IN_LIST platen_long_under_valgrind)
      set(label long)
    endif()
    _platen_register_memcheck(${T_NAME} ${target} ${label} ${T_TIMEOUT} ${T_ARGS})
  endif()
endfunction()

function(platen_add_script_test)
  cmake_parse_arguments(PARSE_ARGV 0 T "" "NAME;TIMEOUT;WORKING_DIRECTORY" "COMMAND;LABELS")
  if(T_UNPARSED_ARGUMENTS OR NOT T_NAME OR NOT T_COMMAND)
    message(FATAL_ERROR "platen_add_script_test(${T_NAME}): ${T_UNPARSED_ARGUMENTS} not understood")
  endif()
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 400)
  endif()
  if(NOT T_LABELS)
    set(T_LABELS script)
  endif()
  if(NOT T_WORKING_DIRECTORY)
    set(T_WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  endif()
  if(CMAKE_CROSSCOMPILING OR NOT PLATEN_TESTS)
    return()
  endif()
  add_test(NAME ${T_NAME} COMMAND ${T_COMMAND} WORKING_DIRECTORY ${T_WORKING_DIRECTORY})
  set_tests_properties(${T_NAME} PROPERTIES
    LABELS "${T_LABELS}" TIMEOUT ${T_TIMEOUT} SKIP_RETURN_CODE 77)
  _platen_start_early(${T_NAME})
endfunction()
