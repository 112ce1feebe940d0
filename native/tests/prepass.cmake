# The pre-pass's fuzzer lends its inputs and its body to an ordinary test.
set(fuzz_folder ${CMAKE_CURRENT_SOURCE_DIR}/fuzz)
target_sources(test_prepass_inputs PRIVATE ${fuzz_folder}/exercise_prepass.cpp ${fuzz_folder}/grammar/mutate.cpp ${fuzz_folder}/grammar/kernel.cpp
  ${fuzz_folder}/grammar/expressions.cpp ${fuzz_folder}/grammar/statements.cpp ${fuzz_folder}/grammar/meeting_statements.cpp)
target_compile_definitions(test_prepass_inputs PRIVATE KLAB_FUZZ_DIR="${fuzz_folder}")
