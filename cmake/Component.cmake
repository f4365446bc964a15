# A component is one folder of the tree. Its sources become a static library, the `*_test.cpp` beside them join
# one test program for a whole road (compiler, runtime, avro), and `*_fuzz.cpp` become one fuzz target each.
# Files are found by name, so adding one needs no edit here.

# Warnings are errors in our own code; headers of packages are SYSTEM and stay silent.
add_library(rulec_warnings INTERFACE)
target_compile_options(rulec_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual
  -Wno-missing-field-initializers)
target_include_directories(rulec_warnings INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)

set_property(GLOBAL PROPERTY RULEC_TEST_PROGRAMS "")

# rulec_component(<target> [TESTS <test program>] [DEPS <targets...>] [PACKAGES <imported targets...>])
function(rulec_component target)
  cmake_parse_arguments(ARG "" "TESTS" "DEPS;PACKAGES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  set(fuzzers ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz|main)\\.cpp$")
  if(sources)
    add_library(${target} STATIC ${sources})
    target_link_libraries(${target} PUBLIC ${ARG_DEPS} ${ARG_PACKAGES} PRIVATE rulec_warnings)
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${ARG_DEPS} ${ARG_PACKAGES})
    target_include_directories(${target} INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
  endif()
  if(tests AND ARG_TESTS)
    set_property(GLOBAL APPEND PROPERTY RULEC_TEST_PROGRAMS ${ARG_TESTS})
    set_property(GLOBAL APPEND PROPERTY RULEC_TESTS_${ARG_TESTS}_SOURCES ${tests})
    set_property(GLOBAL APPEND PROPERTY RULEC_TESTS_${ARG_TESTS}_TARGETS ${target})
  endif()
  if(RULEC_FUZZ)
    foreach(fuzzer ${fuzzers})
      get_filename_component(name ${fuzzer} NAME_WE)
      add_executable(${name} ${fuzzer})
      target_link_libraries(${name} PRIVATE ${target} rulec_warnings)
      target_link_options(${name} PRIVATE -fsanitize=fuzzer)
      set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
    endforeach()
  endif()
endfunction()

# Builds the test programs that the components named; called once, after all of them.
function(rulec_test_programs)
  get_property(programs GLOBAL PROPERTY RULEC_TEST_PROGRAMS)
  list(REMOVE_DUPLICATES programs)
  foreach(program ${programs})
    get_property(sources GLOBAL PROPERTY RULEC_TESTS_${program}_SOURCES)
    get_property(targets GLOBAL PROPERTY RULEC_TESTS_${program}_TARGETS)
    add_executable(${program} ${sources})
    target_link_libraries(${program} PRIVATE ${targets} rulec_warnings GTest::gmock GTest::gtest_main)
    target_compile_definitions(${program} PRIVATE
      RULEC_SOURCE_DIR="${CMAKE_SOURCE_DIR}" RULEC_BINARY_DIR="${CMAKE_BINARY_DIR}")
    gtest_discover_tests(${program} DISCOVERY_TIMEOUT 60 DISCOVERY_MODE PRE_TEST)
  endforeach()
endfunction()
