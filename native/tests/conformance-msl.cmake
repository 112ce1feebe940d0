# The MSL conformance triples, through klab.h, on every device and tier of it that can compute. A tier that the device
# does not have is skipped.
file(GLOB msl_conformance_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/conformance-msl/runner/*.cpp)
add_executable(test_conformance_msl ${msl_conformance_sources})
target_include_directories(test_conformance_msl PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/include)
target_link_libraries(test_conformance_msl PRIVATE klab)

if(KLAB_CPU)
  foreach(tier auto fiber leader vector)
    set(name conformance_msl_cpu_${tier})
    add_test(NAME ${name} COMMAND test_conformance_msl ${CMAKE_CURRENT_LIST_DIR}/conformance-msl/triples cpu
             --tier ${tier} --cache ${CMAKE_BINARY_DIR}/conformance-msl-cache)
    set_tests_properties(${name} PROPERTIES TIMEOUT 600 SKIP_RETURN_CODE 77)
  endforeach()
endif()
