#include <npcsim/strategies/detail/library_file.hpp>

#if __has_include(<elf.h>)
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <elf.h>
#include <fstream>
#include <limits>
#include <type_traits>
#endif

namespace npcsim {

#if __has_include(<elf.h>)
namespace {

constexpr bool is_64_bit = sizeof(void*) == 8;
using Header = std::conditional_t<is_64_bit, Elf64_Ehdr, Elf32_Ehdr>;
using Segment = std::conditional_t<is_64_bit, Elf64_Phdr, Elf32_Phdr>;
constexpr int own_class = is_64_bit ? ELFCLASS64 : ELFCLASS32;
constexpr int own_order = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

// Where a part of the file ends; the largest number if its header is so wrong that it overflows.
std::uint64_t end_of(std::uint64_t begin, std::uint64_t bytes) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  return bytes > most - begin ? most : begin + bytes;
}

template <class Part>
bool read_at(std::ifstream& in, std::uint64_t at, Part& out) {
  if (at > static_cast<std::uint64_t>(std::numeric_limits<std::streamoff>::max())) return false;
  in.clear();
  in.seekg(static_cast<std::streamoff>(at));
  in.read(reinterpret_cast<char*>(&out), sizeof out);
  return in.gcount() == static_cast<std::streamsize>(sizeof out);
}

LibraryFault cut_off(std::uint64_t size, std::uint64_t promised) {
  const bool possible =
      promised <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return {"its end is missing",
          "it has " + std::to_string(size) + " bytes and says that it has " +
              (possible ? std::to_string(promised) : "more than a file can have") +
              "; copy or build it again"};
}

}  // namespace

LibraryFault fault_of_library(const std::string& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const auto end = static_cast<std::streamoff>(in.tellg());
  Header header;
  if (!in || end < 0 || !read_at(in, 0, header) ||
      std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    return {};
  }
  if (header.e_ident[EI_CLASS] != own_class || header.e_ident[EI_DATA] != own_order)
    return {"it is built for another kind of machine", "build it on this machine"};
  const auto size = static_cast<std::uint64_t>(end);
  std::uint64_t promised =
      end_of(header.e_phoff, std::uint64_t{header.e_phnum} * header.e_phentsize);
  // The section headers are not mapped, but they stand at the end of what a linker writes.
  promised = std::max(promised,
                      end_of(header.e_shoff, std::uint64_t{header.e_shnum} * header.e_shentsize));
  if (promised > size) return cut_off(size, promised);
  // Another size of an entry is refused by the loader.
  if (header.e_phentsize != sizeof(Segment)) return {};
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    Segment segment;
    if (!read_at(in, header.e_phoff + i * sizeof segment, segment)) return cut_off(size, promised);
    promised = std::max(promised, end_of(segment.p_offset, segment.p_filesz));
  }
  return promised > size ? cut_off(size, promised) : LibraryFault{};
}

#else

LibraryFault fault_of_library(const std::string&) { return {}; }

#endif

}  // namespace npcsim
