# cmake -DBUILD=... -DPROJECT=... -DWORK=... -DCOMPILER=... -DGENERATOR=... -DFLAGS=... -P install_and_use.cmake
# Installs a finished build into an empty folder, then configures, builds and runs a project that uses it from there.
function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${what} failed:\n${text}")
  endif()
  set(text "${text}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${WORK}")
set(prefix "${WORK}/prefix")
run("installing" "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")
run("configuring" "${CMAKE_COMMAND}" -S "${PROJECT}" -B "${WORK}/build" -G "${GENERATOR}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CXX_FLAGS=${FLAGS}" "-DCMAKE_PREFIX_PATH=${prefix}")
if(NOT text MATCHES "npcsim documents: ${prefix}/share/npcsim")
  message(FATAL_ERROR "the package does not say where its documents are:\n${text}")
endif()
run("building" "${CMAKE_COMMAND}" --build "${WORK}/build")
run("running" "${WORK}/build/median_survival")
# Weibull, H(t) = (t / 20)^1.5 = log 2: t = 20 (log 2)^(2/3) = 15.66439... months.
if(NOT text MATCHES "^median 15\\.66 months")
  message(FATAL_ERROR "unexpected output: ${text}")
endif()

# What is installed beside the library.
foreach(file include/npcsim/base/units.hpp include/npcsim/hazard/baseline.hpp
             share/npcsim/configs share/doc/npcsim/copyright)
  if(NOT EXISTS "${prefix}/${file}")
    message(FATAL_ERROR "not installed: ${file}")
  endif()
endforeach()
# A room's own headers stay at home, but for the one that a public header includes.
file(GLOB_RECURSE inner RELATIVE "${prefix}/include/npcsim" "${prefix}/include/npcsim/*/detail/*")
if(NOT inner STREQUAL "random/detail/quantile_cell.hpp")
  message(FATAL_ERROR "installed of the rooms' own headers: ${inner}")
endif()
if(EXISTS "${BUILD}/bin/npcsim" AND NOT EXISTS "${prefix}/bin/npcsim")
  message(FATAL_ERROR "the program is not installed")
endif()
# Nothing that is installed may point back to the source or the build folder.
file(GLOB_RECURSE package_files "${prefix}/lib*/cmake/npcsim/*.cmake")
foreach(file IN LISTS package_files)
  file(READ "${file}" content)
  string(FIND "${content}" "${BUILD}/include" found)
  if(NOT found EQUAL -1)
    message(FATAL_ERROR "${file} names the build folder")
  endif()
endforeach()
file(REMOVE_RECURSE "${WORK}")
