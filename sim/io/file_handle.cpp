#include <npcsim/io/file_handle.hpp>
#include <npcsim/io/files.hpp>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace npcsim {
namespace {

[[noreturn]] void fail(FileError::Kind kind, const char* action, const std::string& path) {
  const int number = errno;
  throw FileError(kind, action, path, errno_in_words(number));
}

}  // namespace

std::string errno_in_words(int number) { return std::generic_category().message(number); }

FileHandle::FileHandle(int descriptor, std::string path)
    : descriptor_(descriptor), path_(std::move(path)) {}

FileHandle FileHandle::open(const std::string& path, Mode mode) {
  int flags = O_RDONLY | O_CLOEXEC;
  if (mode == Mode::create) flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  if (mode == Mode::append) flags = O_RDWR | O_CREAT | O_CLOEXEC;
  if (mode == Mode::in_place) flags = O_WRONLY | O_CLOEXEC;
  if (mode == Mode::folder) flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  int descriptor = -1;
  do {
    descriptor = ::open(path.c_str(), flags, 0666);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) {
    const bool reads = mode == Mode::read || mode == Mode::folder;
    fail(reads ? FileError::Kind::cannot_read : FileError::Kind::cannot_create,
         reads ? "read" : "create", path);
  }
  return {descriptor, path};
}

FileHandle FileHandle::again(int descriptor, const std::string& path) {
  const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) fail(FileError::Kind::cannot_create, "create", path);
  return {copy, path};
}

FileHandle::FileHandle(FileHandle&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

FileHandle::~FileHandle() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::size_t FileHandle::read(char* to, std::size_t room) const {
  while (true) {
    const ssize_t got = ::read(descriptor_, to, room);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) fail(FileError::Kind::cannot_read, "read", path_);
  }
}

void FileHandle::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(descriptor_, bytes.data(), bytes.size());
    if (done >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(done));
    } else if (errno != EINTR) {
      fail(FileError::Kind::cannot_write, "write", path_);
    }
  }
}

void FileHandle::sync() {
#if defined(__linux__)
  const int result = ::fdatasync(descriptor_);
#else
  const int result = ::fsync(descriptor_);
#endif
  // Pipes and devices have nothing to sync.
  if (result != 0 && errno != EINVAL && errno != ENOTSUP) {
    fail(FileError::Kind::cannot_write, "write", path_);
  }
}

bool FileHandle::lock() {
  return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

void FileHandle::truncate(std::uint64_t size) {
  const auto end = static_cast<off_t>(size);
  if (::ftruncate(descriptor_, end) != 0 || ::lseek(descriptor_, end, SEEK_SET) != end) {
    fail(FileError::Kind::cannot_write, "write", path_);
  }
}

void FileHandle::close() {
  const int descriptor = std::exchange(descriptor_, -1);
  if (descriptor >= 0 && ::close(descriptor) != 0 && errno != EINTR) {
    fail(FileError::Kind::cannot_write, "write", path_);
  }
}

}  // namespace npcsim
