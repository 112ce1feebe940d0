# The MSL conformance triples, through klab.h, on every device and tier of it that can compute. A tier must take as many
# of them as it does: N of "tier N" is raised with the triples, and lowered only with a reason.
file(GLOB msl_conformance_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/conformance-msl/runner/*.cpp)
add_executable(test_conformance_msl ${msl_conformance_sources})
target_include_directories(test_conformance_msl PRIVATE ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/include)
target_link_libraries(test_conformance_msl PRIVATE klab)

if(KLAB_CPU)
  foreach(promise "auto 230" "fiber 230" "leader 17" "vector 227")
    string(REPLACE " " ";" promise ${promise})
    list(GET promise 0 tier)
    list(GET promise 1 at_least)
    set(name conformance_msl_cpu_${tier})
    if(tier STREQUAL "vector" AND NOT TARGET klab_vector)
      add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -E echo "skipped: no vector tier (apt-get install llvm-22-dev)")
      set_tests_properties(${name} PROPERTIES SKIP_REGULAR_EXPRESSION "skipped:")
      continue()
    endif()
    add_test(NAME ${name} COMMAND test_conformance_msl ${CMAKE_CURRENT_LIST_DIR}/conformance-msl/triples cpu
             --tier ${tier} --at-least ${at_least} --cache ${CMAKE_BINARY_DIR}/conformance-msl-cache)
    set_tests_properties(${name} PROPERTIES TIMEOUT 600 SKIP_RETURN_CODE 77)
  endforeach()
endif()
