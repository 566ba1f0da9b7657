# cmake -DCOMPILER=... -DRESPONSE=... -DSOURCE=... -DEXPECT=... -P must_not_compile.cmake
# Passes if the source compiles as it stands and is refused, for the expected reason, with NPCSIM_WRONG defined.
function(compile wrong status_name text_name)
  # LC_ALL: a translated message could not match.
  execute_process(COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C "${COMPILER}" "@${RESPONSE}" ${wrong} -fsyntax-only "${SOURCE}"
                  RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
  set(${status_name} "${status}" PARENT_SCOPE)
  set(${text_name} "${text}" PARENT_SCOPE)
endfunction()

compile("" status text)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "the right variant does not compile: ${SOURCE}\n${text}")
endif()
compile("-DNPCSIM_WRONG" status text)
if(status EQUAL 0)
  message(FATAL_ERROR "the wrong variant compiles: ${SOURCE}")
endif()
if(NOT text MATCHES "${EXPECT}")
  message(FATAL_ERROR "the wrong variant fails for another reason: ${SOURCE}\nexpected: ${EXPECT}\n${text}")
endif()
