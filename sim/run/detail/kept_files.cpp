#include <npcsim/io/files.hpp>
#include <npcsim/run/detail/kept_files.hpp>

#include <filesystem>
#include <utility>

namespace npcsim::detail {

void KeptFiles::read(const Name& file) {
  if (tables.count(file.text) > 0) return;
  if (const auto table = read_cells(file)) tables.emplace(file.text, table->table());
}

std::optional<CsvTable> KeptFiles::read_cells(const Name& file) {
  const std::string& document = diagnostics_.source_name(file.place.file);
  // What the command line names lies where the user is.
  const std::string folder = on_command_line(file.place, diagnostics_) ? "." : folder_of(document);
  const auto path = find_data(library_, file.text, folder);
  if (!path) {
    diagnostics_.error(file.place, "cannot find the file '" + file.text + "'",
                       "it is looked for beside this document, then in configs/");
    return std::nullopt;
  }
  std::string bytes = read_file(*path);
  auto table = read_csv_text(*path, bytes, diagnostics_);
  if (!table) return std::nullopt;
  std::string name = std::filesystem::path(*path).filename().string();
  while (files.count(name) > 0) name = "_" + name;
  renamed.emplace(file.text, "inputs/" + name);
  files.emplace(std::move(name), std::move(bytes));
  return table;
}

std::string KeptFiles::keep_plugin(const std::string& path) {
  std::string bytes = read_file(path);
  std::string name = std::filesystem::path(path).filename().string();
  const auto is_another = [&](const std::string& known) {
    const auto found = files.find(known);
    return found != files.end() && found->second != bytes;
  };
  while (is_another(name)) name = "_" + name;
  files.emplace(name, std::move(bytes));
  return "inputs/" + name;
}

const std::string& KeptFiles::bytes_of(const std::string& file) const {
  return files.at(renamed.at(file).substr(std::string("inputs/").size()));
}

void rename_files(Tree& tree, const std::map<std::string, std::string>& renamed) {
  for (std::size_t i = 0; i < tree.size(); ++i) {
    Tree& item = tree.items()[i];
    if (tree.is_map() && item.is_scalar()) {
      const std::string& key = tree.keys()[i].text;
      const auto found = renamed.find(item.text());
      if ((key == "life_table" || key == "resample") && found != renamed.end()) {
        item = Tree::scalar(found->second, item.place());
      }
    } else {
      rename_files(item, renamed);
    }
  }
}

void rename_plugins(Tree& study, const std::map<std::size_t, std::string>& renamed) {
  for (const auto& [strategy, file] : renamed) {
    Tree& tree = study.find("strategies")->items()[strategy];
    tree.set("plugin", Tree::scalar(file, tree.find("plugin")->place()));
  }
}

}  // namespace npcsim::detail
