#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/hdf5_file.hpp>

#include <algorithm>
#include <bit>
#include <iterator>

namespace npcsim {
namespace {

// What differs between equal runs, and what rests on documents that are no part of a study.
constexpr std::string_view left_out[] = {"/provenance/", "/risk_classes/"};

std::string_view type_name(Hdf5Type type) {
  switch (type) {
    case Hdf5Type::int8:
      return "int8";
    case Hdf5Type::uint8:
      return "uint8";
    case Hdf5Type::int32:
      return "int32";
    case Hdf5Type::uint32:
      return "uint32";
    case Hdf5Type::int64:
      return "int64";
    case Hdf5Type::float64:
      return "float64";
    case Hdf5Type::text:
      return "text";
    case Hdf5Type::other:
      break;
  }
  return "other";
}

// Values as bytes of a fixed order, whatever the machine.
template <class T>
void add_values(const Hdf5File& file, const Hdf5Dataset& set, Digest& digest) {
  for (std::uint64_t row = 0; row < set.rows; row += Hdf5File::chunk_rows) {
    for (const T& value : file.read<T>(set.path, row, Hdf5File::chunk_rows)) {
      if constexpr (std::is_same_v<T, std::string>) {
        digest.add_text(value);
      } else if constexpr (std::is_same_v<T, double>) {
        digest.add(std::bit_cast<std::uint64_t>(value));
      } else {
        digest.add(static_cast<std::uint64_t>(value));
      }
    }
  }
}

}  // namespace

std::uint64_t hdf5_digest(const std::string& path) {
  const Hdf5File file = Hdf5File::open(path);
  Digest digest;
  for (const Hdf5Dataset& set : file.datasets()) {
    const bool counts =
        std::none_of(std::begin(left_out), std::end(left_out),
                     [&](std::string_view group) { return set.path.starts_with(group); });
    if (!counts) continue;
    digest.add_text(set.path);
    digest.add_text(type_name(set.type));
    digest.add(set.rows);
    switch (set.type) {
      case Hdf5Type::int8:
        add_values<std::int8_t>(file, set, digest);
        break;
      case Hdf5Type::uint8:
        add_values<std::uint8_t>(file, set, digest);
        break;
      case Hdf5Type::int32:
        add_values<std::int32_t>(file, set, digest);
        break;
      case Hdf5Type::uint32:
        add_values<std::uint32_t>(file, set, digest);
        break;
      case Hdf5Type::int64:
        add_values<std::int64_t>(file, set, digest);
        break;
      case Hdf5Type::float64:
        add_values<double>(file, set, digest);
        break;
      case Hdf5Type::text:
        add_values<std::string>(file, set, digest);
        break;
      case Hdf5Type::other:
        throw FileError(FileError::Kind::cannot_read, "digest", path,
                        "the dataset " + set.path + " has a type that this program does not write");
    }
  }
  return digest.value();
}

}  // namespace npcsim
