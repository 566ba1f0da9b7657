// What a run has finished so far, on the disk, so that a killed run goes on where it stopped.
//
// Format: a header (magic, digest of the run, digest of these two), then records (magic, block
// number, length of the payload, digest of number and payload, payload); all numbers are 64 bits,
// lowest byte first. A record counts only if all of it is there: after a crash at any moment the
// log holds the blocks whose append() had returned, perhaps one more, and never half of one.
#pragma once

#include <npcsim/io/file_handle.hpp>
#include <npcsim/io/files.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npcsim {

/// What a look through a log found.
struct BlockLogState {
  bool has_header = false;       ///< false if the run was killed while it created the log
  std::uint64_t run_digest = 0;  ///< which run the blocks belong to
  std::uint64_t blocks = 0;
  std::uint64_t sound_bytes = 0;  ///< size up to the end of the last sound record
  std::uint64_t total_bytes = 0;  ///< more than sound_bytes: a torn tail, which resume() cuts off
};

/// Gets every sound record in the order of the log; the payload lives until the call returns.
using BlockVisitor = std::function<void(std::uint64_t block, std::string_view payload)>;

/// Reads up to the first record that is not sound. Throws FileError (cannot_read), also for a file
/// that is no log.
BlockLogState read_blocks(const std::string& path, const BlockVisitor& visit);

/// Which run a log belongs to, by its header; nothing if the run was killed while it created the
/// log. Throws FileError (cannot_read), also for a file that is no log.
std::optional<std::uint64_t> log_digest(const std::string& path);

/// Where the payload of a sound record lies.
struct BlockPlace {
  std::uint64_t block = 0;
  std::uint64_t offset = 0;  ///< of the payload in the file
  std::uint64_t size = 0;
};

/// Places of all sound records in the order of the log, so that they can be read one by one in
/// another order. Throws FileError (cannot_read).
std::vector<BlockPlace> block_places(const std::string& path);

/// The payload at a place that block_places() found. Throws FileError (cannot_read).
std::string read_block(const std::string& path, const BlockPlace& place);

/// Appends blocks in any order, one writer at a time.
class BlockLog {
 public:
  /// A new log; an existing one is emptied. Throws FileError.
  static BlockLog create(const std::string& path, std::uint64_t run_digest);

  /// Continues a log behind its last sound record and shows what is in it; creates it if it is not
  /// there. Throws FileError, also if the log belongs to another run.
  static BlockLog resume(const std::string& path, std::uint64_t run_digest,
                         const BlockVisitor& visit);

  /// Returns when the record is on the disk. If that fails, cuts off what was written of it and
  /// throws FileError.
  void append(std::uint64_t block, std::string_view payload);

  const std::string& path() const { return file_.path(); }

 private:
  BlockLog(FileHandle file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

  FileHandle file_;
  std::uint64_t size_;
};

/// One state of a run, replaced as a whole.
struct Snapshot {
  std::uint64_t run_digest = 0;
  std::string payload;
};

/// After a crash at any moment either the old or the new snapshot is there. The payload is asked
/// for twice, first for its digest, and must be the same. Throws FileError.
void write_snapshot(const std::string& path, std::uint64_t run_digest, const ByteSource& payload);

/// Nothing if there is no snapshot. Throws FileError (cannot_read) if it is damaged.
std::optional<Snapshot> read_snapshot(const std::string& path);

}  // namespace npcsim
