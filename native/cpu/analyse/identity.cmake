# A source that holds the hash of what rewrites kernels: libraries that an earlier version of it made are not used again.
# As a script (cmake -DOUT=... -DFOLDER=... -P identity.cmake) it writes that source; included, it sees to it that this
# happens before each build that needs it.
set(instrumenter cpu/analyse/arithmetic.cpp cpu/analyse/arithmetic.h cpu/analyse/debug_info.cpp cpu/analyse/debug_info.h
    cpu/analyse/instrument.cpp cpu/analyse/instrument.h cpu/analyse/instrument_block.cpp cpu/analyse/instrument_block.h cpu/analyse/instrument_pointers.cpp
    cpu/analyse/ir_text.cpp cpu/analyse/ir_text.h cpu/analyse/sites.cpp cpu/analyse/sites.h cpu/compile/build_entry.cpp cpu/compile/compile_analysis.cpp)

if(CMAKE_SCRIPT_MODE_FILE)
  set(all "")
  foreach(file IN LISTS instrumenter)
    file(SHA256 ${FOLDER}/${file} hash)
    string(APPEND all "${file} ${hash}\n")
  endforeach()
  string(SHA256 hash "${all}")
  file(WRITE ${OUT} "#include \"cpu/analyse/instrument.h\"\n\nconst char* const klab::analyse::instrumenter_identity = \"${hash}\";\n")
  return()
endif()

list(TRANSFORM instrumenter PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE instrumenter_files)
set(instrumenter_source ${CMAKE_CURRENT_BINARY_DIR}/instrumenter_identity.cpp)
add_custom_command(OUTPUT ${instrumenter_source}
  COMMAND ${CMAKE_COMMAND} -DOUT=${instrumenter_source} -DFOLDER=${CMAKE_CURRENT_SOURCE_DIR} -P ${CMAKE_CURRENT_LIST_DIR}/identity.cmake
  DEPENDS ${instrumenter_files} ${CMAKE_CURRENT_LIST_DIR}/identity.cmake VERBATIM)
target_sources(klab_objects PRIVATE ${instrumenter_source})
