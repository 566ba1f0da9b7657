# Warnings are errors for our own targets; users of the installed package do not inherit them.
function(npcsim_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                                           -Wold-style-cast -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees overlapping copies in "text" + std::string(...) where there are none (GCC bug 105651).
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-maybe-uninitialized)
  elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # A request to vectorise that is not met (as under a sanitizer) costs time, not correctness.
    target_compile_options(${target} PRIVATE -Wno-pass-failed)
  endif()
endfunction()
