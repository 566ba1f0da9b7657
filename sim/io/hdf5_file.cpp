#include <npcsim/io/file_handle.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/hdf5_driver.hpp>
#include <npcsim/io/hdf5_file.hpp>

#include <H5Cpp.h>
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <type_traits>
#include <utility>

namespace npcsim {
namespace {

// While it lives, the library prints nothing and the reason of the first failure is kept: it is
// gone as soon as anything else is called, a destructor for instance. Whoever else uses the library
// in this process keeps his setting.
class ReasonKeeper {
 public:
  ReasonKeeper() {
    H5Eget_auto2(H5E_DEFAULT, &old_function_, &old_data_);
    H5Eset_auto2(H5E_DEFAULT, &ReasonKeeper::take, this);
  }
  ~ReasonKeeper() { H5Eset_auto2(H5E_DEFAULT, old_function_, old_data_); }
  ReasonKeeper(const ReasonKeeper&) = delete;
  ReasonKeeper& operator=(const ReasonKeeper&) = delete;

  /// In the system's words where it has any.
  std::string reason() const {
    const std::string_view mark = "error message = '";
    const auto at = reason_.find(mark);
    if (at != std::string::npos) {
      const auto from = at + mark.size();
      return reason_.substr(from, reason_.find('\'', from) - from);
    }
    return reason_.empty() ? "the HDF5 library failed" : reason_;
  }

 private:
  static herr_t take(hid_t stack, void* keeper) {
    return H5Ewalk2(stack, H5E_WALK_UPWARD, &ReasonKeeper::take_one, keeper);
  }
  static herr_t take_one(unsigned, const H5E_error2_t* error, void* keeper) {
    auto& reason = static_cast<ReasonKeeper*>(keeper)->reason_;
    if (reason.empty() && error->desc != nullptr) reason = error->desc;
    return 0;
  }

  std::string reason_;
  H5E_auto2_t old_function_ = nullptr;
  void* old_data_ = nullptr;
};

template <class Function>
auto guarded(FileError::Kind kind, const char* action, const std::string& path, Function function) {
  const ReasonKeeper keeper;
  try {
    return function();
  } catch (const H5::Exception&) {
    throw FileError(kind, action, path, keeper.reason());
  }
}

void check(herr_t status) {
  if (status < 0) throw H5::FileIException();
}

hid_t checked(hid_t id) {
  if (id < 0) throw H5::FileIException();
  return id;
}

H5::StrType utf8_of_any_length() {
  H5::StrType type(H5::PredType::C_S1, H5T_VARIABLE);
  type.setCset(H5T_CSET_UTF8);
  return type;
}

H5::DataType file_type(Hdf5Type type) {
  switch (type) {
    case Hdf5Type::int8:
      return H5::PredType::STD_I8LE;
    case Hdf5Type::uint8:
      return H5::PredType::STD_U8LE;
    case Hdf5Type::int32:
      return H5::PredType::STD_I32LE;
    case Hdf5Type::uint32:
      return H5::PredType::STD_U32LE;
    case Hdf5Type::int64:
      return H5::PredType::STD_I64LE;
    case Hdf5Type::float64:
      return H5::PredType::IEEE_F64LE;
    case Hdf5Type::text:
    case Hdf5Type::other:
      break;
  }
  return utf8_of_any_length();
}

Hdf5Type type_of(const H5::DataType& type) {
  if (type.getClass() == H5T_STRING) return Hdf5Type::text;
  for (const Hdf5Type known : {Hdf5Type::int8, Hdf5Type::uint8, Hdf5Type::int32, Hdf5Type::uint32,
                               Hdf5Type::int64, Hdf5Type::float64}) {
    if (type == file_type(known)) return known;
  }
  return Hdf5Type::other;
}

template <class T>
struct MemoryType;
template <>
struct MemoryType<std::int8_t> {
  static constexpr Hdf5Type kind = Hdf5Type::int8;
  static const H5::PredType& type() { return H5::PredType::NATIVE_INT8; }
};
template <>
struct MemoryType<std::uint8_t> {
  static constexpr Hdf5Type kind = Hdf5Type::uint8;
  static const H5::PredType& type() { return H5::PredType::NATIVE_UINT8; }
};
template <>
struct MemoryType<std::int32_t> {
  static constexpr Hdf5Type kind = Hdf5Type::int32;
  static const H5::PredType& type() { return H5::PredType::NATIVE_INT32; }
};
template <>
struct MemoryType<std::uint32_t> {
  static constexpr Hdf5Type kind = Hdf5Type::uint32;
  static const H5::PredType& type() { return H5::PredType::NATIVE_UINT32; }
};
template <>
struct MemoryType<std::int64_t> {
  static constexpr Hdf5Type kind = Hdf5Type::int64;
  static const H5::PredType& type() { return H5::PredType::NATIVE_INT64; }
};
template <>
struct MemoryType<double> {
  static constexpr Hdf5Type kind = Hdf5Type::float64;
  static const H5::PredType& type() { return H5::PredType::NATIVE_DOUBLE; }
};
template <>
struct MemoryType<std::string> {
  static constexpr Hdf5Type kind = Hdf5Type::text;
};

// A handle of the library without its destructor, which would print what goes wrong and try again.
template <class Handle>
class ClosedByHand {
 public:
  explicit ClosedByHand(const Handle& handle) : handle_(handle) {}
  ~ClosedByHand() {}
  ClosedByHand(const ClosedByHand&) = delete;
  ClosedByHand& operator=(const ClosedByHand&) = delete;
  Handle& operator*() { return handle_; }
  const Handle& operator*() const { return handle_; }
  Handle* operator->() { return &handle_; }
  const Handle* operator->() const { return &handle_; }

 private:
  union {
    Handle handle_;
  };
};

// A damaged file may claim any number of rows; deflate makes no more than 1,032 bytes of one.
void check_rows(const H5::DataSet& set, hsize_t rows, const std::string& path) {
  constexpr hsize_t most_bytes_of_one = 1100;
  const hsize_t size = set.getDataType().getSize();
  if (rows / most_bytes_of_one <= set.getStorageSize() / std::max<hsize_t>(size, 1)) return;
  throw FileError(
      FileError::Kind::cannot_read, "read", path,
      "the file is damaged: it has no room for the " + std::to_string(rows) + " rows of a column");
}

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos || slash == 0 ? "/" : path.substr(0, slash);
}

std::string absolute(const std::string& path) {
  return path.substr(0, 1) == "/" ? path : "/" + path;
}

H5::DSetCreatPropList column_properties(Hdf5Type type) {
  H5::DSetCreatPropList properties;
  // Texts lie outside of their chunks, which hold references of 16 bytes only.
  const hsize_t chunk = type == Hdf5Type::text ? 1'024 : Hdf5File::chunk_rows;
  properties.setChunk(1, &chunk);
  properties.setShuffle();
  properties.setDeflate(1);
  check(H5Pset_obj_track_times(properties.getId(), 0));
  return properties;
}

}  // namespace

struct Hdf5File::Inside {
  std::string path;
  ClosedByHand<H5::H5File> file;
  bool writes = false;
  bool open = true;
  std::map<std::string, ClosedByHand<H5::DataSet>> columns = {};  // that were appended to

  std::string broken = {};  // why a write failed

  /// All writing goes through here. After a first failure the file has a hole: everyone gets the
  /// same error.
  template <class Function>
  void write(Function function) {
    if (broken.empty()) {
      guarded(FileError::Kind::cannot_write, "write", path, function);
      broken = refused_by_disk(file->getId());
    }
    if (!broken.empty()) throw FileError(FileError::Kind::cannot_write, "write", path, broken);
  }

  void flush() {
    write([&] { file->flush(H5F_SCOPE_GLOBAL); });
  }

  /// Reports what goes wrong; whatever happens, nothing is open afterwards.
  void close() {
    if (!open) return;
    open = false;
    const ReasonKeeper keeper;
    bool fine = true;
    for (auto& entry : columns) fine = H5Dclose(entry.second->getId()) >= 0 && fine;
    columns.clear();
    fine = (!writes || H5Fflush(file->getId(), H5F_SCOPE_GLOBAL) >= 0) && fine;
    if (writes && broken.empty()) broken = refused_by_disk(file->getId());
    fine = H5Fclose(file->getId()) >= 0 && fine;
    // Closing writes and syncs, too; its refusal is taken even if there is an earlier one.
    const std::string last = writes ? refused_at_close() : std::string();
    if (broken.empty()) broken = last;
    if (!fine && broken.empty()) broken = keeper.reason();
    if (!broken.empty()) throw FileError(FileError::Kind::cannot_write, "write", path, broken);
  }

  bool exists(const std::string& at) const {
    if (at == "/") return true;
    for (std::size_t end = at.find('/', 1);; end = at.find('/', end + 1)) {
      // The library wants every step on the way to exist before it answers.
      if (!file->nameExists(at.substr(0, end))) return false;
      if (end == std::string::npos) return true;
    }
  }

  void make_group(const std::string& group) {
    if (exists(group)) return;
    make_group(parent_of(group));
    const hid_t properties = checked(H5Pcreate(H5P_GROUP_CREATE));
    H5Pset_obj_track_times(properties, 0);
    const hid_t id = H5Gcreate2(file->getId(), group.c_str(), H5P_DEFAULT, properties, H5P_DEFAULT);
    H5Pclose(properties);
    check(H5Gclose(checked(id)));
  }

  H5::DataSet& column(const std::string& at, Hdf5Type type) {
    const auto known = columns.find(at);
    if (known != columns.end()) return *known->second;
    if (exists(at)) return *columns.try_emplace(at, file->openDataSet(at)).first->second;
    make_group(parent_of(at));
    const hsize_t none = 0;
    const hsize_t unlimited = H5S_UNLIMITED;
    const H5::DataSpace space(1, &none, &unlimited);
    const H5::DataSet set =
        file->createDataSet(at, file_type(type), space, column_properties(type));
    return *columns.try_emplace(at, set).first->second;
  }

  // Calls `use` with the object as a base for attributes.
  template <class Use>
  auto with_object(const std::string& at, Use use) const {
    if (at != "/" && file->childObjType(at) == H5O_TYPE_DATASET) {
      const H5::DataSet set = file->openDataSet(at);
      return use(static_cast<const H5::H5Object&>(set));
    }
    const H5::Group group = file->openGroup(at);
    return use(static_cast<const H5::H5Object&>(group));
  }

  void set_attribute(const std::string& at, const std::string& name, const H5::DataType& stored,
                     const H5::DataType& given, const void* value) {
    write([&] {
      with_object(absolute(at), [&](const H5::H5Object& object) {
        if (object.attrExists(name)) object.removeAttr(name);
        H5::Attribute attribute = object.createAttribute(name, stored, H5::DataSpace(H5S_SCALAR));
        attribute.write(given, value);
      });
    });
  }

  template <class Read>
  auto attribute(const std::string& at, const std::string& name, Read read) const {
    return guarded(FileError::Kind::cannot_read, "read", path, [&] {
      return with_object(absolute(at), [&](const H5::H5Object& object) {
        return read(object.openAttribute(name));
      });
    });
  }

  void list(const std::string& group, std::vector<std::string>& out) const {
    const H5::Group folder = file->openGroup(group);
    for (hsize_t i = 0; i < folder.getNumObjs(); ++i) {
      const std::string at = (group == "/" ? group : group + "/") + folder.getObjnameByIdx(i);
      const H5O_type_t type = file->childObjType(at);
      if (type == H5O_TYPE_GROUP) list(at, out);
      if (type == H5O_TYPE_DATASET) out.push_back(at);
    }
  }
};

Hdf5File::Hdf5File(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Hdf5File::Hdf5File(Hdf5File&&) noexcept = default;
Hdf5File& Hdf5File::operator=(Hdf5File&&) noexcept = default;
Hdf5File::~Hdf5File() {
  if (inside_ == nullptr) return;
  try {
    inside_->close();
  } catch (const FileError&) {  // close() is there for who wants to know
  }
}

Hdf5File Hdf5File::create(const std::string& path) {
  FileHandle::open(path, FileHandle::Mode::create);  // says why it cannot be created
  return guarded(FileError::Kind::cannot_create, "create", path, [&] {
    H5::FileCreatPropList properties;
    check(H5Pset_obj_track_times(properties.getId(), 0));
    const H5::FileAccPropList access;
    if (!set_careful_driver(access.getId())) throw H5::PropListIException();
    const H5::H5File file(path, H5F_ACC_TRUNC, properties, access);
    return Hdf5File(std::unique_ptr<Inside>(new Inside{path, ClosedByHand(file), true}));
  });
}

Hdf5File Hdf5File::open(const std::string& path) {
  return guarded(FileError::Kind::cannot_read, "read", path, [&] {
    return Hdf5File(std::unique_ptr<Inside>(
        new Inside{path, ClosedByHand(H5::H5File(path, H5F_ACC_RDONLY)), false}));
  });
}

void Hdf5File::make_group(const std::string& group) {
  inside_->write([&] { inside_->make_group(absolute(group)); });
}

void Hdf5File::add_column(const std::string& path, Hdf5Type type) {
  inside_->write([&] { inside_->column(absolute(path), type); });
}

template <class T>
void Hdf5File::append(const std::string& path, std::span<const T> values) {
  inside_->write([&] {
    H5::DataSet& set = inside_->column(absolute(path), MemoryType<T>::kind);
    if (values.empty()) return;
    hsize_t rows = 0;
    set.getSpace().getSimpleExtentDims(&rows);
    const hsize_t more = values.size();
    const hsize_t total = rows + more;
    set.extend(&total);
    const H5::DataSpace memory(1, &more);
    const H5::DataSpace space = set.getSpace();
    space.selectHyperslab(H5S_SELECT_SET, &more, &rows);
    if constexpr (std::is_same_v<T, std::string>) {
      std::vector<const char*> texts;
      for (const std::string& text : values) texts.push_back(text.c_str());
      set.write(texts.data(), utf8_of_any_length(), memory, space);
    } else {
      set.write(values.data(), MemoryType<T>::type(), memory, space);
    }
  });
}

void Hdf5File::close_column(const std::string& path) {
  inside_->write([&] {
    const auto found = inside_->columns.find(absolute(path));
    if (found == inside_->columns.end()) return;
    const hid_t id = found->second->getId();
    inside_->columns.erase(found);
    check(H5Dclose(id));
  });
}

void Hdf5File::set_attribute(const std::string& path, const std::string& name,
                             std::string_view text) {
  const std::string copy(text);  // with a closing zero
  const char* const characters = copy.c_str();
  // Of any length: readers such as h5py give texts of a fixed length as bytes.
  const H5::StrType type = utf8_of_any_length();
  inside_->set_attribute(path, name, type, type, &characters);
}

void Hdf5File::set_attribute(const std::string& path, const std::string& name, double number) {
  inside_->set_attribute(path, name, H5::PredType::IEEE_F64LE, H5::PredType::NATIVE_DOUBLE,
                         &number);
}

void Hdf5File::set_attribute(const std::string& path, const std::string& name,
                             std::int64_t number) {
  inside_->set_attribute(path, name, H5::PredType::STD_I64LE, H5::PredType::NATIVE_INT64, &number);
}

bool Hdf5File::has_attribute(const std::string& path, const std::string& name) const {
  return guarded(FileError::Kind::cannot_read, "read", inside_->path, [&] {
    return inside_->with_object(
        absolute(path), [&](const H5::H5Object& object) { return object.attrExists(name); });
  });
}

std::string Hdf5File::text_attribute(const std::string& path, const std::string& name) const {
  return inside_->attribute(path, name, [](const H5::Attribute& attribute) {
    std::string text;
    attribute.read(attribute.getStrType(), text);
    return text;
  });
}

double Hdf5File::number_attribute(const std::string& path, const std::string& name) const {
  return inside_->attribute(path, name, [](const H5::Attribute& attribute) {
    double number = 0;
    attribute.read(H5::PredType::NATIVE_DOUBLE, &number);
    return number;
  });
}

std::int64_t Hdf5File::integer_attribute(const std::string& path, const std::string& name) const {
  return inside_->attribute(path, name, [](const H5::Attribute& attribute) {
    std::int64_t number = 0;
    attribute.read(H5::PredType::NATIVE_INT64, &number);
    return number;
  });
}

bool Hdf5File::exists(const std::string& path) const {
  return guarded(FileError::Kind::cannot_read, "read", inside_->path,
                 [&] { return inside_->exists(absolute(path)); });
}

std::vector<std::string> Hdf5File::names(const std::string& group) const {
  return guarded(FileError::Kind::cannot_read, "read", inside_->path, [&] {
    const H5::Group open = inside_->file->openGroup(absolute(group));
    std::vector<std::string> out;
    for (hsize_t i = 0; i < open.getNumObjs(); ++i) out.push_back(open.getObjnameByIdx(i));
    std::sort(out.begin(), out.end());
    return out;
  });
}

Hdf5Dataset Hdf5File::describe_inside(const std::string& path) const {
  const H5::DataSet set = inside_->file->openDataSet(path);
  Hdf5Dataset out;
  out.path = path;
  out.type = type_of(set.getDataType());
  out.rows = static_cast<std::uint64_t>(set.getSpace().getSimpleExtentNpoints());
  return out;
}

Hdf5Dataset Hdf5File::describe(const std::string& path) const {
  return guarded(FileError::Kind::cannot_read, "read", inside_->path,
                 [&] { return describe_inside(absolute(path)); });
}

std::vector<Hdf5Dataset> Hdf5File::datasets() const {
  return guarded(FileError::Kind::cannot_read, "read", inside_->path, [&] {
    std::vector<std::string> paths;
    inside_->list("/", paths);
    std::sort(paths.begin(), paths.end());
    std::vector<Hdf5Dataset> out;
    for (const std::string& path : paths) out.push_back(describe_inside(path));
    return out;
  });
}

const std::string& Hdf5File::path() const { return inside_->path; }

template <class T>
std::vector<T> Hdf5File::read(const std::string& path, std::uint64_t first,
                              std::uint64_t count) const {
  return guarded(FileError::Kind::cannot_read, "read", inside_->path, [&] {
    const H5::DataSet set = inside_->file->openDataSet(absolute(path));
    const H5::DataSpace space = set.getSpace();
    hsize_t rows = 0;
    if (space.getSimpleExtentNdims() != 1) throw H5::DataSetIException();
    space.getSimpleExtentDims(&rows);
    const hsize_t from = std::min<hsize_t>(first, rows);
    const hsize_t wanted = std::min<hsize_t>(count, rows - from);
    check_rows(set, rows, inside_->path);
    std::vector<T> out(static_cast<std::size_t>(wanted));
    if (wanted == 0) return out;
    const H5::DataSpace memory(1, &wanted);
    space.selectHyperslab(H5S_SELECT_SET, &wanted, &from);
    if constexpr (std::is_same_v<T, std::string>) {
      const H5::StrType type = utf8_of_any_length();
      std::vector<char*> texts(out.size(), nullptr);
      set.read(texts.data(), type, memory, space);
      for (std::size_t i = 0; i < out.size(); ++i) {
        if (texts[i] != nullptr) out[i] = texts[i];
      }
      check(H5Dvlen_reclaim(type.getId(), memory.getId(), H5P_DEFAULT, texts.data()));
    } else {
      set.read(out.data(), MemoryType<T>::type(), memory, space);
    }
    return out;
  });
}

template <class T>
std::vector<T> Hdf5File::read(const std::string& path) const {
  return read<T>(path, 0, std::numeric_limits<std::uint64_t>::max());
}

void Hdf5File::flush() { inside_->flush(); }

void Hdf5File::close() { inside_->close(); }

#define NPCSIM_HDF5_TYPE(T)                                                  \
  template void Hdf5File::append<T>(const std::string&, std::span<const T>); \
  template std::vector<T> Hdf5File::read<T>(const std::string&) const;       \
  template std::vector<T> Hdf5File::read<T>(const std::string&, std::uint64_t, std::uint64_t) const;
NPCSIM_HDF5_TYPE(std::int8_t)
NPCSIM_HDF5_TYPE(std::uint8_t)
NPCSIM_HDF5_TYPE(std::int32_t)
NPCSIM_HDF5_TYPE(std::uint32_t)
NPCSIM_HDF5_TYPE(std::int64_t)
NPCSIM_HDF5_TYPE(double)
NPCSIM_HDF5_TYPE(std::string)
#undef NPCSIM_HDF5_TYPE

}  // namespace npcsim
