#include <npcsim/io/file_handle.hpp>
#include <npcsim/io/files.hpp>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace npcsim {
namespace fs = std::filesystem;

namespace {

constexpr const char* fragment_mark = ".part-";  // between the name of a file and a process

// Where the bytes of a path go.
struct Destination {
  std::string path;          // no link: what is replaced, or opened
  bool in_place = false;     // a pipe or a device, which nothing may replace
  int open_descriptor = -1;  // in place: what the program has open already, such as /dev/stdout
};

// Follows the links of a path, also to a file that is not there yet.
Destination destination_of(const std::string& path) {
  constexpr int most_links = 40;  // as many as Linux follows
  std::error_code none;
  const fs::path opened = fs::canonical("/proc/self/fd", none);
  Destination out{path};
  for (int links = 0; links < most_links && fs::is_symlink(out.path, none); ++links) {
    const fs::path folder = folder_of(out.path);
    // Opened again, a file would be written from its beginning, over what is there.
    if (fs::canonical(folder, none) == opened && !none) {
      out.open_descriptor = std::atoi(fs::path(out.path).filename().c_str());
      out.in_place = true;
      return out;
    }
    out.path = (folder / fs::read_symlink(out.path, none)).string();
  }
  out.in_place = fs::is_other(out.path, none);
  return out;
}

void write_in_place(const Destination& to, const ByteSource& bytes) {
  FileHandle file = to.open_descriptor >= 0 ? FileHandle::again(to.open_descriptor, to.path)
                                            : FileHandle::open(to.path, FileHandle::Mode::in_place);
  bytes([&](std::string_view piece) { file.write(piece); });
  file.sync();
  file.close();
}

}  // namespace

FileError::FileError(Kind kind, std::string action, std::string path, std::string reason)
    : std::runtime_error("cannot " + action + " '" + path + "': " + reason),
      kind_(kind),
      action_(std::move(action)),
      path_(std::move(path)),
      reason_(std::move(reason)) {}

std::uintmax_t file_size(const std::string& path) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (!code && fs::is_directory(status)) code = std::make_error_code(std::errc::is_a_directory);
  const std::uintmax_t size = code ? 0 : fs::file_size(path, code);
  if (code) throw FileError(FileError::Kind::cannot_read, "read", path, code.message());
  return size;
}

std::string read_file(const std::string& path) {
  const FileHandle file = FileHandle::open(path, FileHandle::Mode::read);
  std::string bytes;
  struct stat status {};
  if (::fstat(file.descriptor(), &status) == 0 && S_ISREG(status.st_mode)) {
    bytes.resize(static_cast<std::size_t>(status.st_size));
  }
  // The size is only a first guess: pipes have none, and a file may grow while it is read.
  std::size_t used = 0;
  while (true) {
    if (used == bytes.size()) bytes.resize(used + 65'536);
    const std::size_t got = file.read(bytes.data() + used, bytes.size() - used);
    if (got == 0) break;
    used += got;
  }
  bytes.resize(used);
  return bytes;
}

bool file_exists(const std::string& path) {
  std::error_code code;
  return fs::exists(path, code);
}

std::string folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

std::string beside(const std::string& folder, const std::string& name) {
  if (folder == "." || fs::path(name).is_absolute()) return name;
  return (fs::path(folder) / name).string();
}

void sync_folder(const std::string& folder) {
  const FileHandle handle = FileHandle::open(folder, FileHandle::Mode::folder);
  // Some file systems cannot sync a folder and say so; there is nothing more to do on them.
  if (::fsync(handle.descriptor()) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS) {
    throw FileError(FileError::Kind::cannot_write, "write", folder, errno_in_words(errno));
  }
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
  write_file_atomically(path, [&](const auto& put) { put(bytes); });
}

void write_file_atomically(const std::string& path, const ByteSource& bytes) {
  const Destination to = destination_of(path);
  const std::string part =
      to.in_place ? std::string() : to.path + fragment_mark + std::to_string(::getpid());
  try {
    if (to.in_place) return write_in_place(to, bytes);
    FileHandle file = FileHandle::open(part, FileHandle::Mode::create);
    bytes([&](std::string_view piece) { file.write(piece); });
    file.sync();
    file.close();
    if (std::rename(part.c_str(), to.path.c_str()) != 0) {
      throw FileError(FileError::Kind::cannot_create, "create", path, errno_in_words(errno));
    }
  } catch (const FileError& error) {
    if (!part.empty()) ::unlink(part.c_str());
    // The reader knows the name of the file, not that of its fragment.
    throw FileError(error.kind(), error.action(), path, error.reason());
  } catch (...) {
    if (!part.empty()) ::unlink(part.c_str());
    throw;
  }
  sync_folder(folder_of(to.path));
}

bool is_written_in_place(const std::string& path) { return destination_of(path).in_place; }

void make_folders(const std::string& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (!code && !fs::is_directory(path, code)) {
    code = std::make_error_code(std::errc::not_a_directory);
  }
  if (code) {
    throw FileError(FileError::Kind::cannot_create, "create the folder", path, code.message());
  }
}

void rename_path(const std::string& from, const std::string& to) {
  std::error_code code;
  fs::rename(from, to, code);
  if (code) {
    throw FileError(FileError::Kind::cannot_create, "rename '" + from + "' to", to, code.message());
  }
  sync_folder(folder_of(to));
}

namespace {

// Another program looks at the lock for a moment only. Whoever holds it for longer is none of ours.
std::optional<FileHandle> locked(const std::string& folder) {
  try {
    FileHandle handle = FileHandle::open(folder, FileHandle::Mode::folder);
    for (int tries = 0; tries < 100 && !handle.lock(); ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return handle;
  } catch (const FileError&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<OldFolder> replace_folder(const std::string& from, const std::string& to) {
  std::error_code code;
  if (!fs::exists(to, code)) {
    rename_path(from, to);
    return std::nullopt;
  }
  OldFolder old{from, locked(to)};
  // Both at once, where the file system can do that; `from` is then the old one.
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) != 0) {
    old.path = to + fragment_mark + std::to_string(::getpid());
    rename_path(to, old.path);
    fs::rename(from, to, code);
    if (code) {
      std::error_code back;
      fs::rename(old.path, to, back);
      throw FileError(FileError::Kind::cannot_create, "rename '" + from + "' to", to,
                      code.message() + (back ? "; what was there is now '" + old.path + "'" : ""));
    }
  }
  sync_folder(folder_of(to));
  return old;
}

bool is_fragment(const std::string& name) {
  const auto at = name.rfind(fragment_mark);
  if (at == std::string::npos) return false;
  const std::string process = name.substr(at + std::strlen(fragment_mark));
  return !process.empty() && process.find_first_not_of("0123456789") == std::string::npos;
}

void remove_fragments(const std::string& folder) {
  std::error_code code;
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, code)) {
    if (is_fragment(entry.path().filename().string())) found.push_back(entry.path());
  }
  for (const fs::path& path : found) remove_path(path.string());
}

void remove_path(const std::string& path) {
  std::error_code code;
  fs::remove_all(path, code);
  // Where a parent is no folder there is nothing to remove.
  if (code && code != std::errc::not_a_directory) {
    throw FileError(FileError::Kind::cannot_write, "remove", path, code.message());
  }
}

}  // namespace npcsim
