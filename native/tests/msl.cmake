# Tests of native/msl: programs that clang compiles with the headers as a kernel would be compiled.
find_program(KLAB_CLANGXX NAMES clang++-22 clang++-21 clang++-20 clang++-19 clang++-18 clang++-17 clang++-16)
file(GLOB msl_tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/msl/*.cpp)
file(GLOB msl_headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/msl/*.h ${CMAKE_CURRENT_LIST_DIR}/*.h ${CMAKE_CURRENT_LIST_DIR}/msl/*.h)

if(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  set(msl_cpu -mcpu=native)
else()
  set(msl_cpu -march=native)
endif()
set(msl_flags -std=c++20 -O2 -Wall -Wextra -Werror -fsigned-char -fno-math-errno ${msl_cpu} -fno-fast-math
    -Xclang -ffloat16-excess-precision=none -Xclang -fconvergent-functions
    -fno-omit-frame-pointer -DKLAB_FRAME_POINTERS=1 -mllvm -enable-tail-merge=0 -I${CMAKE_CURRENT_SOURCE_DIR} -I${CMAKE_CURRENT_SOURCE_DIR}/include
    -I${CMAKE_CURRENT_LIST_DIR})

if(KLAB_CLANGXX MATCHES "-1[678]$")
  list(APPEND msl_flags -mllvm -simplifycfg-sink-common=0 -mllvm -simplifycfg-hoist-common=0)
endif()

set(msl_programs)
foreach(source IN LISTS msl_tests)
  get_filename_component(name ${source} NAME_WE)
  if(NOT KLAB_CLANGXX)
    add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -E echo "skipped: no clang 16 or newer (apt-get install clang-22)")
    set_tests_properties(${name} PROPERTIES SKIP_REGULAR_EXPRESSION "skipped:")
    continue()
  endif()
  set(program ${CMAKE_CURRENT_BINARY_DIR}/test_${name})
  add_custom_command(OUTPUT ${program}
    COMMAND ${KLAB_CLANGXX} ${msl_flags} ${source} $<TARGET_FILE:klab_internal> -o ${program} -pthread -ldl -lm
    DEPENDS ${source} ${msl_headers} klab_internal VERBATIM)
  list(APPEND msl_programs ${program})
  add_test(NAME ${name} COMMAND ${program})
endforeach()
add_custom_target(msl_tests ALL DEPENDS ${msl_programs})
