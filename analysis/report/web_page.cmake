# Bundling of TypeScript pages and embedding of files, shared by the rooms that make pages.
set(NPCSIM_WEB_ROOT "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "Folder of the shared page code")
set(NPCSIM_WEB_MODULES "${PROJECT_BINARY_DIR}/web"
    CACHE INTERNAL "Folder of the installed packages")

# npcsim_embed(<out.cpp> HEADER <header> NAMESPACE <namespace> FILES <function>=<file>...)
# Writes a source file with one function per file that returns its bytes; a file "-" stands for
# no bytes.
function(npcsim_embed out)
  cmake_parse_arguments(EMBED "" "HEADER;NAMESPACE" "FILES" ${ARGN})
  set(files "")
  foreach(pair IN LISTS EMBED_FILES)
    string(REGEX REPLACE "^[^=]*=" "" file "${pair}")
    if(NOT file STREQUAL "-")
      list(APPEND files "${file}")
    endif()
  endforeach()
  add_custom_command(
    OUTPUT "${out}"
    COMMAND "${CMAKE_COMMAND}" "-DOUT=${out}" "-DHEADER=${EMBED_HEADER}"
            "-DNAMESPACE=${EMBED_NAMESPACE}" "-DFILES=${EMBED_FILES}" -P "${NPCSIM_WEB_ROOT}/embed.cmake"
    DEPENDS ${files} "${NPCSIM_WEB_ROOT}/embed.cmake"
    COMMENT "Embedding ${EMBED_HEADER}" VERBATIM)
endfunction()

# The packages of the lock file, installed in the build folder; again only when the lock changes.
function(npcsim_web_packages)
  find_program(NPCSIM_NODE NAMES node nodejs)
  find_program(NPCSIM_NPM NAMES npm)
  if(NOT NPCSIM_NODE OR NOT NPCSIM_NPM)
    message(FATAL_ERROR "The report page needs node (18 or newer) and npm. Install them, "
                        "or configure with -DNPCSIM_REPORT=OFF for plain tables.")
  endif()
  set(listing package.json package-lock.json .npmrc)
  list(TRANSFORM listing PREPEND "${NPCSIM_WEB_ROOT}/" OUTPUT_VARIABLE sources)
  add_custom_command(
    OUTPUT "${NPCSIM_WEB_MODULES}/installed"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${NPCSIM_WEB_MODULES}"
    COMMAND "${CMAKE_COMMAND}" -E copy ${sources} "${NPCSIM_WEB_MODULES}"
    COMMAND "${CMAKE_COMMAND}" -E chdir "${NPCSIM_WEB_MODULES}"
            "${NPCSIM_NPM}" ci --ignore-scripts --no-audit --no-fund --loglevel=error
    COMMAND "${CMAKE_COMMAND}" -E touch "${NPCSIM_WEB_MODULES}/installed"
    DEPENDS ${sources}
    COMMENT "Installing the packages of the report page" VERBATIM)
  add_custom_target(npcsim_web_packages DEPENDS "${NPCSIM_WEB_MODULES}/installed")
endfunction()

# npcsim_bundle(<out.js> ENTRY <file.ts> SOURCES <file>...)
# Bundles a page; beside it <out.js>.sha256 holds the digest for its content security policy.
function(npcsim_bundle out)
  cmake_parse_arguments(BUNDLE "" "ENTRY" "SOURCES" ${ARGN})
  add_custom_command(
    OUTPUT "${out}" "${out}.sha256"
    COMMAND "${CMAKE_COMMAND}" -E chdir "${NPCSIM_WEB_MODULES}"
            "${NPCSIM_NODE}" "${NPCSIM_WEB_ROOT}/bundle.mjs" "${BUNDLE_ENTRY}" "${out}"
    DEPENDS "${NPCSIM_WEB_MODULES}/installed" npcsim_web_packages
            "${NPCSIM_WEB_ROOT}/bundle.mjs" "${BUNDLE_ENTRY}" ${BUNDLE_SOURCES}
    COMMENT "Bundling ${BUNDLE_ENTRY}" VERBATIM)
endfunction()
