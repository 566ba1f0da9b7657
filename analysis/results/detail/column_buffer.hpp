// Columns of an HDF5 file that are filled row by row and written chunk by chunk.
#pragma once

#include <npcsim/io/hdf5_file.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace npcsim::detail {

template <class T>
constexpr Hdf5Type hdf5_type();
template <>
constexpr Hdf5Type hdf5_type<std::int8_t>() {
  return Hdf5Type::int8;
}
template <>
constexpr Hdf5Type hdf5_type<std::int32_t>() {
  return Hdf5Type::int32;
}
template <>
constexpr Hdf5Type hdf5_type<std::int64_t>() {
  return Hdf5Type::int64;
}
template <>
constexpr Hdf5Type hdf5_type<double>() {
  return Hdf5Type::float64;
}

/// The last chunk is written by flush(), which the owner must call: a destructor could not report
/// that the disk is full.
template <class T>
class ColumnBuffer {
 public:
  ColumnBuffer(Hdf5File& file, std::string path, std::string_view unit, std::string_view meaning,
               std::int64_t position)
      : file_(&file), path_(std::move(path)) {
    file.add_column(path_, hdf5_type<T>());
    file.set_attribute(path_, "unit", unit);
    file.set_attribute(path_, "meaning", meaning);
    file.set_attribute(path_, "position", position);
    rows_.reserve(Hdf5File::chunk_rows);
  }
  void add(T value) {
    rows_.push_back(value);
    if (rows_.size() == Hdf5File::chunk_rows) flush();
  }
  void flush() {
    file_->append(path_, rows_);
    file_->close_column(path_);  // or the library keeps the chunk of each column
    rows_.clear();
  }
  const std::string& path() const { return path_; }

 private:
  Hdf5File* file_;
  std::string path_;
  std::vector<T> rows_;
};

/// Names of codes 0, 1, ... as one text, a name per line.
inline std::string lines_of(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) out += (i == 0 ? "" : "\n") + names[i];
  return out;
}

}  // namespace npcsim::detail
