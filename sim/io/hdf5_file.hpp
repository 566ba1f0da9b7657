// HDF5 files as this program uses them: groups, columns and attributes. The only user of the HDF5
// library.
//
// A column is a one-dimensional dataset that grows by blocks. Numbers lie in chunks of 65,536 rows,
// byte-shuffled and deflated at level 1 (texts in chunks of 1,024); no time stamps are stored, so
// equal content gives equal decoded datasets.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace npcsim {

enum class Hdf5Type : std::uint8_t { int8, uint8, int32, uint32, int64, float64, text, other };

struct Hdf5Dataset {
  std::string path;  ///< "/patients/os"
  Hdf5Type type = Hdf5Type::other;
  std::uint64_t rows = 0;
};

/// One thread at a time per file, and files of different threads must not be used at the same time
/// either (the library has one lock at best). Every failure is a FileError. T is one of
/// std::int8_t, uint8_t, int32_t, uint32_t, int64_t, double, std::string (UTF-8).
class Hdf5File {
 public:
  static constexpr std::uint64_t chunk_rows = 65'536;

  /// A new file; an existing one is emptied.
  static Hdf5File create(const std::string& path);
  /// An existing file, to read.
  static Hdf5File open(const std::string& path);
  Hdf5File(Hdf5File&&) noexcept;
  Hdf5File& operator=(Hdf5File&&) noexcept;
  ~Hdf5File();

  /// Creates a group and the groups above it; no effect if it exists.
  void make_group(const std::string& group);
  /// Creates an empty column and the groups above it.
  void add_column(const std::string& path, Hdf5Type type);
  /// Adds values behind the last row; creates the column if it is not there. Blocks of whole chunks
  /// are fastest.
  template <class T>
  void append(const std::string& path, std::span<const T> values);
  template <class T>
  void append(const std::string& path, const std::vector<T>& values) {
    append(path, std::span<const T>(values));
  }
  /// Says that nothing will be appended for now: what is kept in memory of a column that was
  /// appended to (up to two chunks) is written and given back.
  void close_column(const std::string& path);

  /// Sets or replaces an attribute of a group or column. Texts are UTF-8 of any length.
  void set_attribute(const std::string& path, const std::string& name, std::string_view text);
  void set_attribute(const std::string& path, const std::string& name, double number);
  void set_attribute(const std::string& path, const std::string& name, std::int64_t number);
  bool has_attribute(const std::string& path, const std::string& name) const;
  std::string text_attribute(const std::string& path, const std::string& name) const;
  double number_attribute(const std::string& path, const std::string& name) const;
  std::int64_t integer_attribute(const std::string& path, const std::string& name) const;

  /// Of the file itself.
  const std::string& path() const;
  bool exists(const std::string& path) const;
  /// Names in a group, sorted.
  std::vector<std::string> names(const std::string& group) const;
  Hdf5Dataset describe(const std::string& path) const;
  /// All datasets below the root, sorted by path.
  std::vector<Hdf5Dataset> datasets() const;

  /// All rows of a column.
  template <class T>
  std::vector<T> read(const std::string& path) const;
  /// Rows first to first + count - 1; fewer at the end of the column.
  template <class T>
  std::vector<T> read(const std::string& path, std::uint64_t first, std::uint64_t count) const;

  /// Hands all data to the operating system: after this, a killed program leaves a file that opens.
  void flush();
  /// Ends the file and reports what goes wrong with it; the destructor would be silent.
  void close();

 private:
  struct Inside;
  explicit Hdf5File(std::unique_ptr<Inside> inside);
  Hdf5Dataset describe_inside(const std::string& path) const;
  std::unique_ptr<Inside> inside_;
};

}  // namespace npcsim
