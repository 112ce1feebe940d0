add_test(NAME exec_aarch64 COMMAND ${CMAKE_CURRENT_LIST_DIR}/exec_aarch64.sh)
set_tests_properties(exec_aarch64 PROPERTIES SKIP_RETURN_CODE 77)
