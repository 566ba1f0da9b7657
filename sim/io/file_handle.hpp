// An open file of the operating system that closes itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace npcsim {

/// Unbuffered; every failure is a FileError that names the file. Moves, does not copy.
class FileHandle {
 public:
  enum class Mode {
    read,
    create,    ///< write only, emptied if it exists
    append,    ///< read and write, created if it does not exist, not emptied
    in_place,  ///< write only, a pipe or a device that is there
    folder     ///< a folder, for sync() alone
  };

  static FileHandle open(const std::string& path, Mode mode);
  /// What this program has open already for writing, such as standard output; it stays open.
  static FileHandle again(int descriptor, const std::string& path);
  FileHandle(FileHandle&& other) noexcept;
  FileHandle& operator=(FileHandle&& other) noexcept;
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;
  ~FileHandle();

  /// Bytes read, 0 at the end of the file.
  std::size_t read(char* to, std::size_t room) const;
  /// Everything or an exception.
  void write(std::string_view bytes);
  /// Brings data (and size) to the disk; returns when they are there.
  void sync();
  /// Keeps other programs from locking the same file or folder while this one has it open. False if
  /// another has locked it; true, too, where the file system knows no locks.
  bool lock();
  /// Cuts the file and continues writing at its new end.
  void truncate(std::uint64_t size);
  /// Reports what a delayed write may still have to say; the destructor would be silent.
  void close();

  int descriptor() const { return descriptor_; }
  const std::string& path() const { return path_; }

 private:
  FileHandle(int descriptor, std::string path);
  int descriptor_ = -1;
  std::string path_;
};

/// "No space left on device" and so on.
std::string errno_in_words(int number);

}  // namespace npcsim
