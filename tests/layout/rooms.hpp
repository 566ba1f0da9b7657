// The floor table, as the build files state it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace npcsim::layout {

struct Room {
  std::string name;
  std::filesystem::path folder;   ///< Absolute.
  std::filesystem::path listing;  ///< Its CMakeLists.txt.
  int floor = -1;
  std::vector<std::string> uses;
};

/// The rooms below `root`: every sim/*, analysis/* and strategies folder whose CMakeLists.txt calls
/// npcsim_room. Sorted by name.
std::vector<Room> find_rooms(const std::filesystem::path& root);

/// The room of that name, or null.
const Room* find_room(const std::vector<Room>& rooms, const std::string& name);

}  // namespace npcsim::layout
