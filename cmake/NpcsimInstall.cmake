# npcsim_install()
#
# What an outside project gets: one static library npcsim::npcsim made of all rooms but the command line, headers as
# <npcsim/room/file.hpp>, the program, and the documents (models, populations, studies, strategies, life tables)
# under share/npcsim. Call it after the last room.
include(CMakePackageConfigHelpers)

function(npcsim_install)
  get_property(rooms GLOBAL PROPERTY NPCSIM_ROOMS)
  list(REMOVE_ITEM rooms cli)
  if(NOT rooms)
    return()
  endif()

  add_library(npcsim_library STATIC)
  add_library(npcsim::npcsim ALIAS npcsim_library)
  set_target_properties(npcsim_library PROPERTIES EXPORT_NAME npcsim OUTPUT_NAME npcsim LINKER_LANGUAGE CXX)
  target_compile_features(npcsim_library PUBLIC cxx_std_20)
  npcsim_numerics(npcsim_library PUBLIC)
  if(NPCSIM_CONTRACTS)
    target_compile_definitions(npcsim_library PUBLIC NPCSIM_CONTRACTS=1)
  endif()
  target_include_directories(npcsim_library INTERFACE "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
  foreach(room IN LISTS rooms)
    target_sources(npcsim_library PRIVATE $<TARGET_OBJECTS:npcsim_${room}>)
    target_include_directories(npcsim_library INTERFACE "$<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include/${room}>")
    get_target_property(outside npcsim_${room} NPCSIM_PRIVATE)
    if(outside)
      target_link_libraries(npcsim_library PRIVATE ${outside})
    endif()

    get_target_property(folder npcsim_${room} NPCSIM_FOLDER)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${folder}" "${folder}/*.hpp" "${folder}/*.h")
    list(FILTER headers EXCLUDE REGEX "node_modules/")
    # What lies in detail/ is a room's own, but for what its public headers include.
    list(FILTER headers EXCLUDE REGEX "detail/")
    set(inner "")
    foreach(header IN LISTS headers)
      file(STRINGS "${folder}/${header}" lines REGEX "^#include <npcsim/${room}/detail/.*>$")
      list(TRANSFORM lines REPLACE "^#include <npcsim/${room}/(.*)>$" "\\1")
      list(APPEND inner ${lines})
    endforeach()
    list(REMOVE_DUPLICATES inner)
    list(APPEND headers ${inner})
    foreach(header IN LISTS headers)
      get_filename_component(below "${header}" DIRECTORY)
      install(FILES "${folder}/${header}" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/npcsim/${room}/${below}")
    endforeach()
  endforeach()

  set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/npcsim")
  install(TARGETS npcsim_library EXPORT npcsimTargets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(EXPORT npcsimTargets NAMESPACE npcsim:: DESTINATION "${package_folder}")
  configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/npcsimConfig.cmake.in"
                                "${PROJECT_BINARY_DIR}/npcsimConfig.cmake" INSTALL_DESTINATION "${package_folder}"
                                PATH_VARS CMAKE_INSTALL_DATADIR)
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/npcsimConfigVersion.cmake"
                                   COMPATIBILITY SameMinorVersion)
  install(FILES "${PROJECT_BINARY_DIR}/npcsimConfig.cmake" "${PROJECT_BINARY_DIR}/npcsimConfigVersion.cmake"
          DESTINATION "${package_folder}")

  if(TARGET npcsim)
    install(TARGETS npcsim RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  endif()
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/configs" DESTINATION "${CMAKE_INSTALL_DATADIR}/npcsim")
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/strategies/" DESTINATION "${CMAKE_INSTALL_DATADIR}/npcsim/strategies"
          FILES_MATCHING PATTERN "*.yaml" PATTERN "examples" EXCLUDE PATTERN "detail" EXCLUDE)
  # Their sources too: who installs npcsim builds plugins from them.
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/strategies/examples" DESTINATION "${CMAKE_INSTALL_DATADIR}/npcsim/strategies"
          PATTERN "build" EXCLUDE PATTERN "outputs" EXCLUDE)
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" RENAME copyright)

  set(CPACK_GENERATOR TGZ DEB)
  set(CPACK_PACKAGE_CONTACT "the npcsim authors")
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
  set(CPACK_DEBIAN_PACKAGE_SECTION science)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # reads the real dependencies off the program (needs dpkg-dev)
  set(CPACK_STRIP_FILES ON)
  include(CPack)
endfunction()
