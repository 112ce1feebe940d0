add_test(NAME aarch64 COMMAND ${CMAKE_CURRENT_LIST_DIR}/aarch64.sh)
set_tests_properties(aarch64 PROPERTIES SKIP_RETURN_CODE 77)
