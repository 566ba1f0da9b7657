// A whole file as memory, read from the disk only where it is looked at.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace npcsim {

/// Read only; the bytes stay valid until the object goes. Pipes and other files that cannot be
/// mapped are read into memory instead. Moves, does not copy.
///
/// A file that another program shortens meanwhile ends this one with a bus error, as with every
/// memory map: data are not edited while they are analysed.
class MappedFile {
 public:
  /// Throws FileError (cannot_read).
  explicit MappedFile(const std::string& path);
  /// Bytes that are in memory already.
  static MappedFile of_bytes(std::string bytes);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::string_view bytes() const { return {data_, size_}; }

  /// The first `n` bytes are not needed for now: their memory may go back to the system. They are
  /// read again from the disk when they are looked at.
  void release_front(std::size_t n) const;

 private:
  MappedFile() = default;
  void unmap();

  const char* data_ = nullptr;
  std::size_t size_ = 0;
  bool mapped_ = false;
  std::string copy_;  // of what cannot be mapped
};

}  // namespace npcsim
