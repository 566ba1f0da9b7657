#include <npcsim/cli/context.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace npcsim {

Library library_near(const Context& context, const std::string& near) {
  Library library;
  const auto add = [&library](const std::filesystem::path& root) {
    std::error_code none;
    if (!std::filesystem::is_directory(root / "configs", none)) return;
    const std::string text = tidy_path(root.string());
    if (std::find(library.roots.begin(), library.roots.end(), text) == library.roots.end()) {
      library.roots.push_back(text);
    }
  };
  const auto climb = [&add](std::filesystem::path folder) {
    for (int level = 0; level < 12 && !folder.empty(); ++level) {
      add(folder);
      if (folder == folder.parent_path()) break;
      folder = folder.parent_path();
    }
  };
  std::error_code none;
  if (!near.empty()) {
    climb(std::filesystem::absolute(near, none).parent_path());
    // A document that is reached by a symbolic link belongs to where it really lies.
    climb(std::filesystem::weakly_canonical(near, none).parent_path());
  }
  climb(std::filesystem::current_path(none));
  const std::filesystem::path self = std::filesystem::canonical(context.program, none);
  if (!self.empty()) {
    add(self.parent_path().parent_path() / "share" / "npcsim");
    climb(self.parent_path());
  }
  return library;
}

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void print_error(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); }

std::vector<std::string> warning_lines(const Diagnostics& diagnostics) {
  std::vector<std::string> out;
  for (const Diagnostic& item : diagnostics.items()) {
    if (item.severity != Severity::warning) continue;
    std::string line = diagnostics.source_name(item.place.file);
    if (!line.empty() && item.place.line > 0)
      line += ":" + std::to_string(item.place.line) + ":" + std::to_string(item.place.column);
    line += (line.empty() ? "" : ": ") + item.message;
    if (std::find(out.begin(), out.end(), line) == out.end()) out.push_back(std::move(line));
  }
  return out;
}

std::vector<std::string> warning_messages(const Diagnostics& diagnostics) {
  std::vector<std::string> out;
  for (const Diagnostic& item : diagnostics.items()) {
    if (item.severity != Severity::warning) continue;
    std::string line = (item.path.empty() ? "" : item.path + ": ") + item.message;
    if (std::find(out.begin(), out.end(), line) == out.end()) out.push_back(std::move(line));
  }
  return out;
}

ExitCode report(const Context& context, const Diagnostics& diagnostics,
                const std::string& last_words) {
  if (!diagnostics.items().empty())
    print_error(diagnostics.text(last_words, context.colour_errors));
  if (!diagnostics.has_errors()) return ExitCode::done;
  bool only_between = true;
  for (const Diagnostic& item : diagnostics.items()) {
    if (item.severity == Severity::warning) continue;
    // A wrong value of an option may make documents look wrong that are right.
    if (on_command_line(item.place, diagnostics)) return ExitCode::usage;
    only_between = only_between && item.contradiction;
  }
  return only_between ? ExitCode::contradiction : ExitCode::bad_document;
}

}  // namespace npcsim
