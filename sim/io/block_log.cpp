#include <npcsim/io/block_log.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>

#include <array>
#include <cstddef>
#include <fstream>
#include <utility>

namespace npcsim {
namespace {

// Eight readable letters each, as they appear in the file.
constexpr std::string_view log_magic = "NPCBLKS1";
constexpr std::string_view record_magic = "NPCBLOCK";
constexpr std::string_view snapshot_magic = "NPCSNAP2";
constexpr std::size_t log_header_size = 24;
constexpr std::size_t record_header_size = 32;
constexpr std::size_t snapshot_header_size = 32;

std::string number_bytes(std::uint64_t number) {
  std::string out(8, '\0');
  for (char& byte : out) {
    byte = static_cast<char>(static_cast<unsigned char>(number & 0xFF));
    number >>= 8;
  }
  return out;
}

std::uint64_t number_at(std::string_view bytes, std::size_t at) {
  std::uint64_t out = 0;
  for (std::size_t i = 8; i-- > 0;) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
  return out;
}

std::string log_header(std::uint64_t run_digest) {
  std::string out(log_magic);
  out += number_bytes(run_digest);
  out += number_bytes(digest_of(out));
  return out;
}

std::uint64_t payload_digest(std::uint64_t number, std::string_view payload) {
  Digest digest;
  digest.add(number);
  digest.add_text(payload);
  return digest.value();
}

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw FileError(FileError::Kind::cannot_read, "read", path, reason);
}

// Up to `size` bytes; fewer at the end of the file.
std::size_t read_fully(const FileHandle& file, char* to, std::size_t size) {
  std::size_t used = 0;
  while (used < size) {
    const std::size_t got = file.read(to + used, size - used);
    if (got == 0) break;
    used += got;
  }
  return used;
}

// The digest of the run; nothing if less than a header was written.
std::optional<std::uint64_t> read_header(const FileHandle& file, const std::string& path) {
  std::array<char, log_header_size> buffer{};
  const std::size_t got = read_fully(file, buffer.data(), buffer.size());
  const std::string_view header(buffer.data(), got);
  if (header.substr(0, 8) != log_magic.substr(0, got)) refuse(path, "this is not a block log");
  if (got < buffer.size()) return std::nullopt;
  const std::uint64_t run_digest = number_at(header, 8);
  if (header != log_header(run_digest)) refuse(path, "the header of this block log is damaged");
  return run_digest;
}

}  // namespace

BlockLogState read_blocks(const std::string& path, const BlockVisitor& visit) {
  BlockLogState state;
  state.total_bytes = file_size(path);
  const FileHandle file = FileHandle::open(path, FileHandle::Mode::read);
  const auto run_digest = read_header(file, path);
  if (!run_digest) return state;
  state.run_digest = *run_digest;
  state.has_header = true;
  state.sound_bytes = log_header_size;

  std::array<char, record_header_size> buffer{};
  std::string payload;
  while (read_fully(file, buffer.data(), record_header_size) == record_header_size) {
    const std::string_view record(buffer.data(), record_header_size);
    const std::uint64_t block = number_at(record, 8);
    const std::uint64_t length = number_at(record, 16);
    // A damaged length must not become an allocation.
    if (record.substr(0, 8) != record_magic || length > state.total_bytes) break;
    payload.resize(static_cast<std::size_t>(length));
    if (read_fully(file, payload.data(), payload.size()) != payload.size()) break;
    if (payload_digest(block, payload) != number_at(record, 24)) break;
    visit(block, payload);
    ++state.blocks;
    state.sound_bytes += record_header_size + length;
  }
  return state;
}

std::optional<std::uint64_t> log_digest(const std::string& path) {
  return read_header(FileHandle::open(path, FileHandle::Mode::read), path);
}

std::vector<BlockPlace> block_places(const std::string& path) {
  std::vector<BlockPlace> out;
  std::uint64_t at = log_header_size;
  read_blocks(path, [&](std::uint64_t block, std::string_view payload) {
    at += record_header_size;
    out.push_back({block, at, payload.size()});
    at += payload.size();
  });
  return out;
}

std::string read_block(const std::string& path, const BlockPlace& place) {
  std::ifstream file(path, std::ios::binary);
  std::string out(place.size, '\0');
  file.seekg(static_cast<std::streamoff>(place.offset));
  file.read(out.data(), static_cast<std::streamsize>(place.size));
  if (!file) refuse(path, "a block that was there cannot be read");
  return out;
}

BlockLog BlockLog::create(const std::string& path, std::uint64_t run_digest) {
  FileHandle file = FileHandle::open(path, FileHandle::Mode::create);
  file.write(log_header(run_digest));
  file.sync();
  sync_folder(folder_of(path));
  return {std::move(file), log_header_size};
}

BlockLog BlockLog::resume(const std::string& path, std::uint64_t run_digest,
                          const BlockVisitor& visit) {
  if (!file_exists(path)) return create(path, run_digest);
  // Blocks of another run must not reach the visitor, so the header is looked at first.
  if (const auto found = log_digest(path); found && *found != run_digest)
    refuse(path, "it belongs to another run");
  const BlockLogState state = read_blocks(path, visit);
  if (!state.has_header) return create(path, run_digest);
  FileHandle file = FileHandle::open(path, FileHandle::Mode::append);
  file.truncate(state.sound_bytes);
  file.sync();
  return {std::move(file), state.sound_bytes};
}

void BlockLog::append(std::uint64_t block, std::string_view payload) {
  std::string header(record_magic);
  header += number_bytes(block);
  header += number_bytes(payload.size());
  header += number_bytes(payload_digest(block, payload));
  try {
    file_.write(header);
    file_.write(payload);
    file_.sync();
  } catch (const FileError&) {
    file_.truncate(size_);
    throw;
  }
  size_ += header.size() + payload.size();
}

void write_snapshot(const std::string& path, std::uint64_t run_digest, const ByteSource& payload) {
  Digest digest;
  std::uint64_t size = 0;
  digest.add(run_digest);
  payload([&](std::string_view piece) {
    digest.add(piece);
    size += piece.size();
  });
  std::string header(snapshot_magic);
  header += number_bytes(run_digest);
  header += number_bytes(size);
  header += number_bytes(digest.value());
  write_file_atomically(path, [&](const auto& put) {
    put(header);
    payload(put);
  });
}

std::optional<Snapshot> read_snapshot(const std::string& path) {
  if (!file_exists(path)) return std::nullopt;
  std::string bytes = read_file(path);
  const std::string_view view = bytes;
  if (view.substr(0, 8) != snapshot_magic || view.size() < snapshot_header_size) {
    refuse(path, "this is not a snapshot");
  }
  Snapshot out;
  out.run_digest = number_at(view, 8);
  const std::string_view payload = view.substr(snapshot_header_size);
  Digest digest;
  digest.add(out.run_digest);
  digest.add(payload);
  if (number_at(view, 16) != payload.size() || number_at(view, 24) != digest.value()) {
    refuse(path, "this snapshot is damaged");
  }
  bytes.erase(0, snapshot_header_size);  // in place: snapshots may be large
  out.payload = std::move(bytes);
  return out;
}

}  // namespace npcsim
