#include "layout/checker.hpp"

#include "layout/rooms.hpp"
#include "layout/source_text.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>

namespace npcsim::layout {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_file = 600;

// Rooms whose numbers are the same on every machine and in the browser.
const std::set<std::string> portable_rooms{"base",       "random", "hazard",     "model",
                                           "population", "engine", "strategies", "survival"};

// Where headers of other libraries may be included.
struct Confinement {
  std::string_view prefix;
  std::set<std::string> rooms;
};
const std::array<Confinement, 13> confinements{{
    {"yaml-cpp/", {"io"}},
    {"H5", {"io"}},
    {"hdf5", {"io"}},
    {"libdeflate", {"io"}},
    {"tbb/", {"run", "emulation", "calibration"}},
    {"oneapi/", {"run"}},
    {"mpi", {"run"}},
    {"dlfcn.h", {"strategies"}},
    {"boost/program_options", {"cli"}},
    {"boost/math", {"fitting"}},
    {"boost/", {"fitting", "cli"}},
    {"Random123/", {}},
    {"Eigen/", {"fitting", "calibration"}},
}};

// Functions of the C library whose last digit depends on the processor.
const std::array<std::string_view, 32> library_functions{
    "log",  "log2", "log10", "log1p", "logb",  "exp",    "exp2",         "expm1",
    "pow",  "cbrt", "hypot", "erf",   "erfc",  "lgamma", "tgamma",       "beta",
    "sin",  "cos",  "tan",   "asin",  "acos",  "atan",   "atan2",        "sinh",
    "cosh", "tanh", "asinh", "acosh", "atanh", "fma",    "riemann_zeta", "expint"};

// The same that nobody would use as a name of something else, so that a call without std:: shows.
const std::array<std::string_view, 14> unmistakable_functions{
    "log2", "log10",  "log1p",  "exp", "expm1", "pow", "erf",
    "erfc", "lgamma", "tgamma", "sin", "cos",   "tan", "atan"};

struct Forbidden {
  std::string_view rule;
  std::string_view word;
  std::string_view why;
};

// In the rooms that also compile for the browser.
const std::array<Forbidden, 5> forbidden_in_portable_rooms{{
    {"portable language", "std::ranges::", "absent from the browser's standard library"},
    {"portable language", "bit_cast", "absent from the browser's standard library"},
    {"portable language", "source_location", "absent from the browser's standard library"},
    {"portable language", "jthread", "absent from the browser's standard library"},
    {"portable language", "std::pmr", "absent from the browser's standard library"},
}};

// In every room.
const std::array<Forbidden, 9> forbidden_in_rooms{{
    {"language", "std::format", "GCC 12 does not have it"},
    {"language", "std::expected", "GCC 12 does not have it"},
    {"language", "std::views", "clang 14 cannot compile view pipelines"},
    {"parallel sum", "parallel_reduce",
     "last digits change from run to run; merge blocks in order"},
    {"parallel sum", "std::execution", "last digits change from run to run; merge blocks in order"},
    {"distribution", "std::random_device", "draws are functions of seed, patient and name"},
    {"distribution", "std::mt19937", "draws are functions of seed, patient and name"},
    {"distribution", "std::mt19937_64", "draws are functions of seed, patient and name"},
    {"distribution", "std::rand", "draws are functions of seed, patient and name"},
}};

// In every room but the command line.
const std::array<Forbidden, 12> forbidden_below_cli{{
    {"output", "std::cout", "libraries never print"},
    {"output", "std::cerr", "libraries never print"},
    {"output", "std::clog", "libraries never print"},
    {"output", "printf", "libraries never print"},
    {"output", "fprintf", "libraries never print"},
    {"output", "puts", "libraries never print"},
    {"process end", "std::exit", "libraries never end the process"},
    {"process end", "std::_Exit", "libraries never end the process"},
    {"process end", "std::quick_exit", "libraries never end the process"},
    {"process end", "std::abort", "libraries never end the process"},
    {"environment", "getenv", "the environment is read by the command line alone"},
    {"environment", "setenv", "the environment is read by the command line alone"},
}};

// Written in two halves, so that this file does not contain what it looks for.
const std::array<std::pair<std::string_view, std::string_view>, 6> private_notes{{
    {"../sha", "red"},
    {"snip", "pets/"},
    {"S0", "00"},
    {"S0", "01"},
    {"S0", "04"},
    {"see", "ds/"},
}};
const std::array<std::pair<std::string_view, std::string_view>, 4> registry_hosts{
    {{"registry.", "npmjs"},
     {"registry.", "yarnpkg"},
     {"py", "pi.org"},
     {"files.python", "hosted"}}};

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool is_cpp(const fs::path& file) {
  return file.extension() == ".hpp" || file.extension() == ".cpp" || file.extension() == ".h";
}

// Written by us and read by people: the rules on size and tabs hold.
bool is_source(const fs::path& file) {
  static constexpr std::array<std::string_view, 9> extensions{
      ".ts", ".mjs", ".js", ".css", ".py", ".sh", ".cmake", ".yaml", ".html"};
  return is_cpp(file) || file.filename() == "CMakeLists.txt" ||
         std::find(extensions.begin(), extensions.end(), file.extension().string()) !=
             extensions.end();
}

bool is_left_out(const fs::path& relative) {
  const std::string path = relative.generic_string();
  const std::string name = relative.filename().string();
  return name == ".git" || name == "node_modules" || name == "__pycache__" || name == ".cache" ||
         path == "outputs/runs" || path == "build" || starts_with(path, "build-");
}

std::vector<fs::path> files_below(const fs::path& root) {
  std::vector<fs::path> files;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::recursive_directory_iterator();
       ++it) {
    if (is_left_out(fs::relative(it->path(), root))) {
      if (it->is_directory() && !it->is_symlink()) {
        it.disable_recursion_pending();
      }
    } else if (it->is_regular_file() && !it->is_symlink()) {
      files.push_back(it->path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

// True where a name without std:: or portable:: may mean our own function.
bool names_portable_functions(std::string_view code) {
  return code.find("namespace portable") != std::string_view::npos ||
         code.find("namespace npcsim::portable") != std::string_view::npos ||
         code.find("using portable::") != std::string_view::npos;
}

// True for `= exp(x)`, false for `a.exp(x)`, `our::exp(x)` and the declaration `double
// exp(double)`.
bool is_plain_call(std::string_view code, std::size_t begin, std::size_t end) {
  const char before = previous_visible(code, begin);
  if (end >= code.size() || code[end] != '(' || before == ':' || before == '.' || before == '>') {
    return false;
  }
  const std::size_t last = code.find_last_not_of(" \n", begin - 1);
  const bool after_word = last != std::string_view::npos && is_name_character(code[last]);
  return !after_word || ends_with(code.substr(0, last + 1), "return");
}

class Checker {
 public:
  explicit Checker(const fs::path& root) : root_(root), rooms_(find_rooms(root)) {}

  std::vector<Violation> run() {
    for (const Room& room : rooms_) {
      check_floors(room);
    }
    for (const fs::path& file : files_below(root_)) {
      check_file(file);
    }
    return std::move(found_);
  }

 private:
  void add(std::string_view rule, const fs::path& file, std::size_t line, std::string problem) {
    found_.push_back({std::string(rule), fs::relative(file, root_), line, std::move(problem)});
  }

  void check_floors(const Room& room) {
    if (room.floor < 0) {
      add("floor", room.listing, 0, "room '" + room.name + "' has no floor");
    }
    for (const std::string& used : room.uses) {
      const Room* below = find_room(rooms_, used);
      if (below == nullptr) {
        add("floor", room.listing, 0, "uses '" + used + "', which is no room");
      } else if (below->floor >= room.floor) {
        add("floor", room.listing, 0, "uses '" + used + "', which does not stand lower");
      }
      if (room.name == "engine" && used == "strategies") {
        add("floor", room.listing, 0, "the engine does not know that strategies exist");
      }
    }
  }

  const Room* room_of(const fs::path& file) const {
    for (const Room& room : rooms_) {
      const std::string folder = room.folder.generic_string() + "/";
      if (starts_with(file.generic_string(), folder)) {
        return &room;
      }
    }
    return nullptr;
  }

  void check_file(const fs::path& file) {
    const std::string text = testing::read_text(file);
    if (text.find('\0') != std::string::npos) {
      return;  // not a text
    }
    check_notes(file, text);
    if (is_source(file)) {
      check_size_and_tabs(file, text);
    }
    if (file.extension() == ".hpp" && text.find("#pragma once") == std::string::npos) {
      add("pragma once", file, 0, "a header without #pragma once");
    }
    const Room* room = room_of(file);
    if (is_cpp(file)) {
      check_includes(file, room, text);
      if (room != nullptr) {
        check_words(file, *room, text);
      }
    }
  }

  void check_notes(const fs::path& file, std::string_view text) {
    // The path of the workplace, as a whole first folder.
    const std::string workplace = std::string("/wo") + "rk/";
    for (std::size_t at = text.find(workplace); at != std::string_view::npos;
         at = text.find(workplace, at + 1)) {
      const bool is_root =
          at == 0 || std::string_view(" \t\n\"'`=(:<").find(text[at - 1]) != std::string_view::npos;
      if (is_root) {
        add("private notes", file, line_number(text, at), "names a folder of one machine");
      }
    }
    for (const auto& [head, tail] : private_notes) {
      const std::string word = std::string(head) + std::string(tail);
      for (const std::size_t at : find_word(text, word)) {
        add("private notes", file, line_number(text, at), "mentions '" + word + "'");
      }
    }
    for (const auto& [head, tail] : registry_hosts) {
      const std::string host = std::string(head) + std::string(tail);
      const std::size_t at = text.find(host);
      if (at != std::string_view::npos) {
        add("registry host", file, line_number(text, at), "names '" + host + "'");
      }
    }
  }

  void check_size_and_tabs(const fs::path& file, std::string_view text) {
    const std::size_t lines = lines_of(text).size();
    if (lines > longest_file && file.extension() != ".yaml") {
      add("file size", file, 0,
          std::to_string(lines) + " lines; split files above " + std::to_string(longest_file));
    }
    const std::size_t tab = text.find('\t');
    if (tab != std::string_view::npos) {
      add("tab", file, line_number(text, tab), "indent with spaces");
    }
  }

  void check_includes(const fs::path& file, const Room* room, std::string_view text) {
    for (const Include& include : includes_of(text)) {
      if (include.quoted && room != nullptr) {
        const bool ours = include.path.find("..") != std::string::npos ||
                          fs::exists(file.parent_path() / include.path);
        if (ours) {
          add("relative include", file, include.line,
              "write <npcsim/room/file.hpp>, not \"" + include.path + "\"");
        }
      }
      if (starts_with(include.path, "npcsim/")) {
        check_own_include(file, room, include);
      } else if (room != nullptr) {
        check_outside_include(file, *room, include);
      }
    }
  }

  void check_own_include(const fs::path& file, const Room* room, const Include& include) {
    const std::string rest = include.path.substr(std::string_view("npcsim/").size());
    const std::string target = rest.substr(0, rest.find('/'));
    const std::string from = room == nullptr ? "" : room->name;
    if (room != nullptr && target != from &&
        std::find(room->uses.begin(), room->uses.end(), target) == room->uses.end()) {
      add("uses", file, include.line,
          "room '" + from + "' includes '" + target + "' and does not list it under USES");
    }
    // A room's own tests, in tests/<room> or tests/<room>_<part>, may look at its details.
    const std::string path = fs::relative(file, root_).generic_string();
    const bool own_test =
        starts_with(path, "tests/" + target + "/") || starts_with(path, "tests/" + target + "_");
    if (rest.find("/detail/") != std::string::npos && target != from && !own_test) {
      add("detail", file, include.line, "'" + include.path + "' belongs to room '" + target + "'");
    }
  }

  void check_outside_include(const fs::path& file, const Room& room, const Include& include) {
    for (const Confinement& confinement : confinements) {
      if (starts_with(include.path, confinement.prefix)) {
        if (confinement.rooms.count(room.name) == 0) {
          add("third party", file, include.line,
              "<" + include.path + "> does not belong into room '" + room.name + "'");
        }
        return;
      }
    }
  }

  void check_words(const fs::path& file, const Room& room, std::string_view text) {
    const std::string code = without_comments(text, Literals::blank);
    forbid(file, code, forbidden_in_rooms);
    if (room.name != "cli") {
      forbid(file, code, forbidden_below_cli);
    }
    check_standard_distributions(file, code);
    if (portable_rooms.count(room.name) != 0) {
      forbid(file, code, forbidden_in_portable_rooms);
      if (!starts_with(file.filename().string(), "portable_math")) {
        check_mathematics(file, code);
      }
    }
  }

  template <std::size_t Size>
  void forbid(const fs::path& file, std::string_view code,
              const std::array<Forbidden, Size>& list) {
    for (const Forbidden& forbidden : list) {
      for (const std::size_t at : find_word(code, forbidden.word)) {
        add(forbidden.rule, file, line_number(code, at),
            std::string(forbidden.word) + ": " + std::string(forbidden.why));
      }
    }
  }

  // std::..._distribution gives different numbers with different standard libraries.
  void check_standard_distributions(const fs::path& file, std::string_view code) {
    constexpr std::string_view name = "_distribution";
    for (std::size_t at = code.find(name); at != std::string_view::npos;
         at = code.find(name, at + 1)) {
      const std::size_t start = code.find_last_not_of("abcdefghijklmnopqrstuvwxyz_", at);
      if (start != std::string_view::npos && ends_with(code.substr(0, start + 1), "std::")) {
        add("distribution", file, line_number(code, at),
            "std::*_distribution differs between libraries; use a named draw");
      }
    }
  }

  void check_mathematics(const fs::path& file, std::string_view code) {
    const auto report = [&](std::size_t at, std::string_view name) {
      add("portable mathematics", file, line_number(code, at),
          std::string(name) + " of the C library; use npcsim::portable::" + std::string(name));
    };
    for (const std::string_view function : library_functions) {
      for (const std::size_t at : find_word(code, function)) {
        const bool standard = ends_with(code.substr(0, at), "std::");
        const bool global = ends_with(code.substr(0, at), "::") && at > 2 &&
                            (code[at - 3] == ' ' || code[at - 3] == '(' || code[at - 3] == '\n');
        if (standard || global) {
          report(at, function);
        }
      }
    }
    if (!names_portable_functions(code)) {
      for (const std::string_view function : unmistakable_functions) {
        for (const std::size_t at : find_word(code, function)) {
          if (is_plain_call(code, at, at + function.size())) {
            report(at, function);
          }
        }
      }
    }
    for (const std::string_view builtin : {"__builtin_log", "__builtin_exp", "__builtin_pow"}) {
      for (const std::size_t at : find_word(code, builtin)) {
        report(at, builtin.substr(std::string_view("__builtin_").size()));
      }
    }
  }

  fs::path root_;
  std::vector<Room> rooms_;
  std::vector<Violation> found_;
};

}  // namespace

std::vector<Violation> check_tree(const fs::path& root) { return Checker(root).run(); }

std::string to_text(const std::vector<Violation>& violations) {
  std::string text;
  for (const Violation& violation : violations) {
    text += violation.file.generic_string();
    if (violation.line > 0) {
      text += ":" + std::to_string(violation.line);
    }
    text += ": " + violation.rule + ": " + violation.problem + "\n";
  }
  return text;
}

}  // namespace npcsim::layout
