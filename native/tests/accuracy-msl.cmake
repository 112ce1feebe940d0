# The math functions' accuracy, through klab.h. The reference needs a long double with more digits than double.
set(accuracy_folder ${CMAKE_CURRENT_LIST_DIR}/accuracy-msl)
if(KLAB_CPU)
  add_executable(test_accuracy_msl ${accuracy_folder}/accuracy.cpp ${accuracy_folder}/functions.cpp ${accuracy_folder}/judge.cpp)
  target_include_directories(test_accuracy_msl PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/include)
  target_link_libraries(test_accuracy_msl PRIVATE klab)
  foreach(tier auto vector)
    add_test(NAME accuracy_msl_cpu_${tier} COMMAND test_accuracy_msl ${accuracy_folder}/table.txt cpu --tier ${tier}
             --cache ${CMAKE_BINARY_DIR}/conformance-msl-cache)
    set_tests_properties(accuracy_msl_cpu_${tier} PROPERTIES TIMEOUT 600 SKIP_RETURN_CODE 77)
  endforeach()
endif()
