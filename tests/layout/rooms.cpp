#include "layout/rooms.hpp"

#include "layout/source_text.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>

namespace npcsim::layout {
namespace {

namespace fs = std::filesystem;

// The words of the first npcsim_room(...) call, or none. Comments are dropped.
std::vector<std::string> room_call(const fs::path& listing) {
  std::string text;
  for (const std::string& line : lines_of(testing::read_text(listing))) {
    text += line.substr(0, line.find('#')) + "\n";
  }
  const std::string_view call = "npcsim_room(";
  const std::size_t start = text.find(call);
  if (start == std::string::npos) {
    return {};
  }
  const std::size_t end = std::min(text.find(')', start), text.size());
  std::istringstream words(text.substr(start + call.size(), end - start - call.size()));
  std::vector<std::string> result;
  for (std::string word; words >> word;) {
    result.push_back(word);
  }
  return result;
}

Room parse_room(const fs::path& folder, const std::vector<std::string>& words) {
  Room room;
  room.folder = folder;
  room.listing = folder / "CMakeLists.txt";
  room.name = words.front();
  std::string keyword;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "FLOOR" || word == "USES" || word == "PRIVATE" || word == "SOURCES") {
      keyword = word;
    } else if (keyword == "FLOOR") {
      room.floor = std::stoi(word);
    } else if (keyword == "USES") {
      room.uses.push_back(word);
    }
  }
  return room;
}

}  // namespace

std::vector<Room> find_rooms(const fs::path& root) {
  std::vector<fs::path> folders{root / "strategies"};
  for (const char* parent : {"sim", "analysis"}) {
    if (fs::is_directory(root / parent)) {
      for (const fs::directory_entry& entry : fs::directory_iterator(root / parent)) {
        folders.push_back(entry.path());
      }
    }
  }
  std::vector<Room> rooms;
  for (const fs::path& folder : folders) {
    if (!fs::exists(folder / "CMakeLists.txt")) {
      continue;
    }
    const std::vector<std::string> words = room_call(folder / "CMakeLists.txt");
    if (!words.empty()) {
      rooms.push_back(parse_room(folder, words));
    }
  }
  std::sort(rooms.begin(), rooms.end(),
            [](const Room& a, const Room& b) { return a.name < b.name; });
  return rooms;
}

const Room* find_room(const std::vector<Room>& rooms, const std::string& name) {
  for (const Room& room : rooms) {
    if (room.name == name) {
      return &room;
    }
  }
  return nullptr;
}

}  // namespace npcsim::layout
