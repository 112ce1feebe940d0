# Random kernels through the whole device. The fixed seeds run with the tests; a longer run:
#   build/native/fuzz_kernels --seed 1000 --seconds 3600 --save FOLDER
if(KLAB_CPU)
  file(GLOB grammar_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/grammar/*.cpp)
  add_executable(fuzz_kernels ${CMAKE_CURRENT_LIST_DIR}/fuzz_kernels.cpp ${grammar_sources})
  target_include_directories(fuzz_kernels PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/include)
  target_link_libraries(fuzz_kernels PRIVATE klab)
  add_test(NAME fuzz_kernels COMMAND fuzz_kernels --seed 1 --count 12 --mutants 2)
  # Lanes on fibers met in the order of code that the compiler had put elsewhere.
  add_test(NAME fuzz_kernels_order COMMAND fuzz_kernels --seed 30013 --count 1 --tiers analyse,vector --mutants 0)
  set_tests_properties(fuzz_kernels fuzz_kernels_order PROPERTIES TIMEOUT 600)
endif()
