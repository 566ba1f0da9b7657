# npcsim_test(<name> [LABEL <label>] [PROGRAM] [LINK <target>...] SOURCES <file>...)
#
# One GoogleTest program; every test in it carries the label (default unit). Helpers are included as
# "support/statistical.hpp" and so on. <npcsim_places.hpp> defines NPCSIM_SOURCE_DIR, the project's folder, and
# NPCSIM_PROGRAM, the path of the npcsim program; with PROGRAM it is built first. They are in a file and not among the
# flags, so that a compiler cache serves other checkouts for all tests that do not ask.
function(npcsim_test name)
  cmake_parse_arguments(TEST "PROGRAM" "LABEL" "LINK;SOURCES" ${ARGN})
  if(NOT TEST_LABEL)
    set(TEST_LABEL unit)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  npcsim_warnings(${name})
  npcsim_numerics(${name} PRIVATE)
  target_link_libraries(${name} PRIVATE ${TEST_LINK} npcsim_test_support GTest::gtest GTest::gtest_main)
  if(TEST_PROGRAM)
    add_dependencies(${name} npcsim)
  endif()
  # Memory that is freed is overwritten, in libraries too, which the sanitizers do not watch: who uses it afterwards
  # fails.
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS ${TEST_LABEL} TIMEOUT 1500 ENVIRONMENT MALLOC_PERTURB_=165)
  set_property(GLOBAL APPEND PROPERTY NPCSIM_TESTS_${TEST_LABEL} ${name})
endfunction()

# npcsim_must_not_compile(<name> SOURCE <file> EXPECT <regex> [LINK <target>...])
#
# A promise of the type system as a test (label nocompile): the file must compile as it stands, and must not compile
# with NPCSIM_WRONG defined, where the compiler's message has to match EXPECT. Both halves are checked, so a case
# cannot pass because of a missing header.
function(npcsim_must_not_compile name)
  cmake_parse_arguments(CASE "" "SOURCE;EXPECT" "LINK" ${ARGN})
  get_filename_component(source "${CASE_SOURCE}" ABSOLUTE)
  # The object library is never built: it is there to let CMake work out flags and include folders.
  add_library(${name} OBJECT EXCLUDE_FROM_ALL "${source}")
  target_link_libraries(${name} PRIVATE ${CASE_LINK})
  set(folders "$<TARGET_PROPERTY:${name},INCLUDE_DIRECTORIES>")
  set(options "$<TARGET_PROPERTY:${name},COMPILE_OPTIONS>")
  set(definitions "$<TARGET_PROPERTY:${name},COMPILE_DEFINITIONS>")
  set(response "${CMAKE_CURRENT_BINARY_DIR}/${name}.rsp")
  file(GENERATE OUTPUT "${response}" CONTENT
       "-std=c++20\n$<$<BOOL:${folders}>:-I$<JOIN:${folders},\n-I>>\n$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},\n-D>>\n$<JOIN:${options},\n>\n")
  add_test(NAME ${name}
           COMMAND ${CMAKE_COMMAND} "-DCOMPILER=${CMAKE_CXX_COMPILER}" "-DRESPONSE=${response}" "-DSOURCE=${source}"
                   "-DEXPECT=${CASE_EXPECT}" -P "${PROJECT_SOURCE_DIR}/tests/support/must_not_compile.cmake")
  set_tests_properties(${name} PROPERTIES LABELS nocompile TIMEOUT 120)
endfunction()
