# npcsim_room(<name> FLOOR <n> [USES <room>...] [PRIVATE <library>...] SOURCES <file>...)
#
# A room is a folder, a static library and a floor. It may use only rooms on lower floors; a link upwards stops
# configure. Every room exports an include root that holds nothing but npcsim/<name>, so that a room which is not
# linked cannot be included. PRIVATE names outside libraries; they must not appear in public headers.
function(npcsim_room name)
  cmake_parse_arguments(ROOM "" "FLOOR" "USES;PRIVATE;SOURCES" ${ARGN})
  if(ROOM_UNPARSED_ARGUMENTS OR NOT DEFINED ROOM_FLOOR OR NOT ROOM_SOURCES)
    message(FATAL_ERROR "npcsim_room(${name}) needs FLOOR and SOURCES, and knows no '${ROOM_UNPARSED_ARGUMENTS}'")
  endif()
  add_library(npcsim_${name} STATIC ${ROOM_SOURCES})
  add_library(npcsim::${name} ALIAS npcsim_${name})
  set_target_properties(npcsim_${name} PROPERTIES NPCSIM_FLOOR "${ROOM_FLOOR}" NPCSIM_USES "${ROOM_USES}"
                                                  NPCSIM_PRIVATE "${ROOM_PRIVATE}"
                                                  NPCSIM_FOLDER "${CMAKE_CURRENT_SOURCE_DIR}"
                                                  POSITION_INDEPENDENT_CODE ON)
  foreach(used IN LISTS ROOM_USES)
    if(NOT TARGET npcsim_${used})
      message(FATAL_ERROR "room '${name}' uses '${used}', which does not exist (yet): rooms are added in floor order")
    endif()
    get_target_property(below npcsim_${used} NPCSIM_FLOOR)
    if(NOT below LESS ROOM_FLOOR)
      message(FATAL_ERROR "room '${name}' (floor ${ROOM_FLOOR}) may not use "
                          "'${used}' (floor ${below}): arrows point down")
    endif()
  endforeach()
  set(root "${PROJECT_BINARY_DIR}/include/${name}")
  file(MAKE_DIRECTORY "${root}/npcsim")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${root}/npcsim/${name}" SYMBOLIC)
  target_include_directories(npcsim_${name} PUBLIC "$<BUILD_INTERFACE:${root}>")
  target_compile_features(npcsim_${name} PUBLIC cxx_std_20)
  npcsim_numerics(npcsim_${name} PUBLIC)
  npcsim_warnings(npcsim_${name})
  # Position-independent code may else not inline its own functions: another library could replace them. None does.
  target_compile_options(npcsim_${name} PRIVATE -fno-semantic-interposition)
  if(NPCSIM_CONTRACTS)
    target_compile_definitions(npcsim_${name} PUBLIC NPCSIM_CONTRACTS=1)
  endif()
  list(TRANSFORM ROOM_USES PREPEND npcsim:: OUTPUT_VARIABLE uses)
  target_link_libraries(npcsim_${name} PUBLIC ${uses} PRIVATE ${ROOM_PRIVATE})
  set_property(GLOBAL APPEND PROPERTY NPCSIM_ROOMS ${name})
endfunction()
