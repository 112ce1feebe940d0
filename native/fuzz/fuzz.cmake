# The fuzzer of the pre-pass. It needs clang and is no part of the ordinary build:
#   cmake -S native -B build/fuzz -G Ninja -DKLAB_FUZZ=ON -DCMAKE_C_COMPILER=clang-22 -DCMAKE_CXX_COMPILER=clang++-22
#   cmake --build build/fuzz --target fuzz_prepass
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "KLAB_FUZZ needs clang: add -DCMAKE_CXX_COMPILER=clang++-22 (Debian: clang-22, libclang-rt-22-dev)")
endif()

file(GLOB prepass_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/cpu/frontend/*.cpp)
set(fuzz_flags -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -O1)
add_executable(fuzz_prepass EXCLUDE_FROM_ALL
  ${CMAKE_CURRENT_LIST_DIR}/fuzz_prepass.cpp ${CMAKE_CURRENT_LIST_DIR}/exercise_prepass.cpp
  ${CMAKE_CURRENT_SOURCE_DIR}/cpu/compile/diagnostics.cpp ${prepass_sources})
target_include_directories(fuzz_prepass PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/include)
target_compile_options(fuzz_prepass PRIVATE ${fuzz_flags})
target_link_options(fuzz_prepass PRIVATE ${fuzz_flags})
