# SPDX-License-Identifier: MIT
# Files as data in C.
#
#   platen_embed(OUTPUT file.c NAME symbol FILES file...)
#     Makes OUTPUT in the binary folder at build time, anew when a file changes:
#
#       const struct platen_embedded symbol[] = {{"name.css", "text", size}, ..., {0, 0, 0}};
#
#     The type is declared in embedded.h beside it. The names are those of the files without their
#     folders, in the order of the list; after each text stands a NUL that is not in its size.
#
# Run as a script (cmake -P) it is what makes the file.

if(CMAKE_SCRIPT_MODE_FILE)
  set(rows)
  set(texts)
  set(number 0)
  foreach(file IN LISTS FILES)
    get_filename_component(name ${file} NAME)
    file(READ ${file} bytes HEX)
    string(LENGTH "${bytes}" size)
    math(EXPR size "${size} / 2")
    string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND texts "static const unsigned char text_${number}[] = {\n${bytes}0x00};\n")
    string(APPEND rows "    {\"${name}\", (const char *)text_${number}, ${size}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  file(WRITE ${OUTPUT} "/* Made by cmake/PlatenEmbed.cmake. */\n#include \"embedded.h\"\n\n${texts}\n"
    "const struct platen_embedded ${NAME}[] = {\n${rows}    {0, 0, 0},\n};\n")
  return()
endif()

set(PLATEN_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(platen_embed)
  cmake_parse_arguments(PARSE_ARGV 0 E "" "OUTPUT;NAME" "FILES")
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${E_OUTPUT})
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/embedded.h @ONLY CONTENT
"/* Made by cmake/PlatenEmbed.cmake. */
#ifndef PLATEN_EMBEDDED_H
#define PLATEN_EMBEDDED_H
#include <stddef.h>
struct platen_embedded {
    const char *name; /* NULL: the end */
    const char *text;
    size_t size;
};
#endif
")
  add_custom_command(OUTPUT ${output} VERBATIM
    COMMAND ${CMAKE_COMMAND} "-DFILES=${E_FILES}" -DOUTPUT=${output} -DNAME=${E_NAME}
            -P ${PLATEN_EMBED_SCRIPT}
    DEPENDS ${E_FILES} ${PLATEN_EMBED_SCRIPT})
endfunction()
