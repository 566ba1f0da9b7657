#include <npcsim/io/files.hpp>
#include <npcsim/io/hdf5_file.hpp>
#include <npcsim/io/table_io.hpp>

#include <algorithm>
#include <utility>

namespace npcsim {

void write_table_csv(const std::string& path, const Table& table) {
  write_file_atomically(path, to_csv(table));
}

void write_table_hdf5(Hdf5File& file, const std::string& group, const Table& table) {
  file.make_group(group);
  file.set_attribute(group, "name", std::string_view(table.name));
  std::int64_t position = 0;
  for (const Column& column : table.columns) {
    const std::string path = group + "/" + column.name;
    std::visit([&](const auto& cells) { file.append(path, cells); }, column.cells);
    file.set_attribute(path, "unit", std::string_view(column.unit));
    file.set_attribute(path, "meaning", std::string_view(column.meaning));
    file.set_attribute(path, "position", position++);
    file.close_column(path);  // tables have hundreds of columns
  }
}

Table read_table_hdf5(const Hdf5File& file, const std::string& group) {
  Table table;
  table.name = file.text_attribute(group, "name");
  std::vector<std::pair<std::int64_t, std::string>> order;
  for (const std::string& name : file.names(group)) {
    order.emplace_back(file.integer_attribute(group + "/" + name, "position"), name);
  }
  std::sort(order.begin(), order.end());
  std::vector<Hdf5Dataset> stored;
  for (const auto& [position, name] : order) stored.push_back(file.describe(group + "/" + name));
  // Whoever reads the table goes through all columns by the row.
  for (const Hdf5Dataset& column : stored) {
    if (column.rows == stored.front().rows) continue;
    throw FileError(FileError::Kind::cannot_read, "read", file.path(),
                    "the file is damaged: the columns of '" + group + "' differ in length");
  }
  for (std::size_t c = 0; c < stored.size(); ++c) {
    const std::string& path = stored[c].path;
    Column column{order[c].second,
                  file.text_attribute(path, "unit"),
                  file.text_attribute(path, "meaning"),
                  {}};
    switch (stored[c].type) {
      case Hdf5Type::float64:
        column.cells = file.read<double>(path);
        break;
      case Hdf5Type::text:
        column.cells = file.read<std::string>(path);
        break;
      default:
        column.cells = file.read<std::int64_t>(path);
    }
    table.columns.push_back(std::move(column));
  }
  return table;
}

}  // namespace npcsim
