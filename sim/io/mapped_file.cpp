#include <npcsim/io/file_handle.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/mapped_file.hpp>

#include <cerrno>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace npcsim {

MappedFile::MappedFile(const std::string& path) {
  const FileHandle file = FileHandle::open(path, FileHandle::Mode::read);
  struct stat status {};
  if (::fstat(file.descriptor(), &status) != 0) {
    throw FileError(FileError::Kind::cannot_read, "read", path, errno_in_words(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    throw FileError(FileError::Kind::cannot_read, "read", path, errno_in_words(EISDIR));
  }
  if (S_ISREG(status.st_mode) && status.st_size > 0) {
    const auto size = static_cast<std::size_t>(status.st_size);
    void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
    if (memory != MAP_FAILED) {
      ::madvise(memory, size, MADV_SEQUENTIAL);
      data_ = static_cast<const char*>(memory);
      size_ = size;
      mapped_ = true;
      return;
    }
  }
  constexpr std::size_t piece = 1U << 16;
  for (std::size_t n = 1; n > 0;) {
    const std::size_t before = copy_.size();
    copy_.resize(before + piece);
    n = file.read(copy_.data() + before, piece);
    copy_.resize(before + n);
  }
  data_ = copy_.data();
  size_ = copy_.size();
}

MappedFile MappedFile::of_bytes(std::string bytes) {
  MappedFile out;
  out.copy_ = std::move(bytes);
  out.data_ = out.copy_.data();
  out.size_ = out.copy_.size();
  return out;
}

MappedFile::MappedFile(MappedFile&& other) noexcept { *this = std::move(other); }

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  if (this == &other) return *this;
  unmap();
  copy_ = std::move(other.copy_);
  mapped_ = std::exchange(other.mapped_, false);
  data_ = mapped_ ? other.data_ : copy_.data();  // a short copy moves with its object
  size_ = std::exchange(other.size_, 0);
  other.data_ = nullptr;
  other.copy_.clear();
  return *this;
}

MappedFile::~MappedFile() { unmap(); }

void MappedFile::unmap() {
  // munmap takes what mmap gave, which was not const.
  if (mapped_) ::munmap(const_cast<char*>(data_), size_);
  mapped_ = false;
}

void MappedFile::release_front(std::size_t n) const {
  if (!mapped_) return;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t whole = (n < size_ ? n : size_) / page * page;
  if (whole > 0) ::madvise(const_cast<char*>(data_), whole, MADV_DONTNEED);
}

}  // namespace npcsim
