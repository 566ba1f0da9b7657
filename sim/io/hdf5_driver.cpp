#include <npcsim/io/hdf5_driver.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <hdf5.h>
#include <iterator>
#include <new>
#include <type_traits>
#include <unistd.h>
#include <utility>
#include <vector>
#if __has_include(<H5FDdevelop.h>)  // since 1.13 drivers have a header of their own
#include <H5FDdevelop.h>
#endif

#include <npcsim/io/file_handle.hpp>

namespace npcsim {
namespace {

constexpr haddr_t highest_address = (static_cast<haddr_t>(1) << 62) - 1;

// The library sees the first member, which it fills itself.
struct CarefulFile {
  H5FD_t base;
  int descriptor = -1;
  bool written = false;  // opened for writing
  haddr_t allocated = 0;
  haddr_t end = 0;
  int error = 0;  // of the first write that the disk refused
  struct Piece {
    haddr_t at;
    std::string bytes;
  };
  std::vector<Piece> refused;  // in the order of writing
};

static_assert(std::is_standard_layout_v<CarefulFile>, "the casts below need it");

// Of the last file that this thread closed: by then nobody can ask the file itself.
thread_local int error_at_close = 0;

CarefulFile& of(H5FD_t* file) { return *reinterpret_cast<CarefulFile*>(file); }
const CarefulFile& of(const H5FD_t* file) { return *reinterpret_cast<const CarefulFile*>(file); }

H5FD_t* open_file(const char* name, unsigned flags, hid_t, haddr_t) {
  int mode = (flags & H5F_ACC_RDWR) != 0 ? O_RDWR : O_RDONLY;
  if ((flags & H5F_ACC_TRUNC) != 0) mode |= O_TRUNC;
  if ((flags & H5F_ACC_CREAT) != 0) mode |= O_CREAT;
  const int descriptor = ::open(name, mode | O_CLOEXEC, 0666);
  if (descriptor < 0) return nullptr;
  auto* file = new (std::nothrow) CarefulFile{};
  if (file == nullptr) {
    ::close(descriptor);
    return nullptr;
  }
  file->descriptor = descriptor;
  file->written = (flags & H5F_ACC_RDWR) != 0;
  const off_t size = ::lseek(descriptor, 0, SEEK_END);
  file->end = size < 0 ? 0 : static_cast<haddr_t>(size);
  return &file->base;
}

// Never fails for the library: it would keep its name of a file that is gone, and crash at the end.
herr_t close_file(H5FD_t* base) {
  CarefulFile* file = &of(base);
  const auto note = [file](int result) {
    if (result != 0 && file->error == 0) file->error = errno;
  };
  // Some file systems say only now that there is no room.
  if (file->written && file->error == 0) note(::fsync(file->descriptor));
  note(::close(file->descriptor));
  error_at_close = file->written ? file->error : 0;
  delete file;
  return 0;
}

herr_t query(const H5FD_t*, unsigned long* flags) {
  if (flags != nullptr) {
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  }
  return 0;
}

haddr_t get_allocated(const H5FD_t* file, H5FD_mem_t) { return of(file).allocated; }

herr_t set_allocated(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  of(file).allocated = address;
  return 0;
}

haddr_t get_end(const H5FD_t* file, H5FD_mem_t) { return of(file).end; }

herr_t get_handle(H5FD_t* file, hid_t, void** handle) {
  *handle = file;
  return 0;
}

herr_t read_bytes(H5FD_t* base, H5FD_mem_t, hid_t, haddr_t at, size_t size, void* buffer) {
  const CarefulFile& file = of(base);
  auto* to = static_cast<char*>(buffer);
  size_t done = 0;
  while (done < size) {
    const ssize_t got =
        ::pread(file.descriptor, to + done, size - done, static_cast<off_t>(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  std::memset(to + done, 0, size - done);  // behind the end there are zeros
  for (const CarefulFile::Piece& piece : file.refused) {
    const haddr_t from = std::max(at, piece.at);
    const haddr_t until = std::min<haddr_t>(at + size, piece.at + piece.bytes.size());
    if (from >= until) continue;
    std::memcpy(to + (from - at), piece.bytes.data() + (from - piece.at), until - from);
  }
  return 0;
}

herr_t write_bytes(H5FD_t* base, H5FD_mem_t, hid_t, haddr_t at, size_t size, const void* buffer) {
  CarefulFile& file = of(base);
  const auto* from = static_cast<const char*>(buffer);
  size_t done = 0;
  while (done < size && file.error == 0) {
    const ssize_t put =
        ::pwrite(file.descriptor, from + done, size - done, static_cast<off_t>(at + done));
    if (put >= 0) {
      done += static_cast<size_t>(put);
    } else if (errno != EINTR) {
      file.error = errno;
    }
  }
  if (done < size) {
    try {
      file.refused.push_back({at + done, std::string(from + done, size - done)});
    } catch (const std::bad_alloc&) {
      return -1;
    }
  }
  file.end = std::max<haddr_t>(file.end, at + size);
  return 0;
}

herr_t truncate(H5FD_t* base, hid_t, hbool_t) {
  CarefulFile& file = of(base);
  if (file.end == file.allocated) return 0;
  if (file.error == 0 && ::ftruncate(file.descriptor, static_cast<off_t>(file.allocated)) != 0) {
    file.error = errno;
  }
  file.end = file.allocated;
  return 0;
}

// The library's name for the driver; negative if it refuses it.
hid_t register_driver() {
  H5FD_class_t driver{};
#if H5_VERSION_GE(1, 13, 0)
  driver.version = H5FD_CLASS_VERSION;
  driver.value = 600;  // any number from 512 on is free for drivers without a registration
#endif
  driver.name = "careful";
  driver.maxaddr = highest_address;
  driver.fc_degree = H5F_CLOSE_WEAK;
  driver.open = &open_file;
  driver.close = &close_file;
  driver.query = &query;
  driver.get_eoa = &get_allocated;
  driver.set_eoa = &set_allocated;
  driver.get_eof = &get_end;
  driver.get_handle = &get_handle;
  driver.read = &read_bytes;
  driver.write = &write_bytes;
  driver.truncate = &truncate;
  const H5FD_mem_t map[H5FD_MEM_NTYPES] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(map), std::end(map), std::begin(driver.fl_map));
  return H5FDregister(&driver);
}

}  // namespace

bool set_careful_driver(std::int64_t access_properties) {
  // Registered for as long as the program runs: closing the last file of a driver that is not
  // frees the driver first and calls its `close` then (HDF5 1.10).
  static const hid_t driver = register_driver();
  return driver >= 0 && H5Pset_driver(access_properties, driver, nullptr) >= 0;
}

std::string refused_at_close() {
  const int error = std::exchange(error_at_close, 0);
  return error == 0 ? std::string() : errno_in_words(error);
}

std::string refused_by_disk(std::int64_t file) {
  void* handle = nullptr;
  if (H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0) return {};
  const int error = static_cast<const CarefulFile*>(handle)->error;
  return error == 0 ? std::string() : errno_in_words(error);
}

}  // namespace npcsim
