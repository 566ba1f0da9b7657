// Files as a whole: read one, write one so that it is there completely or not at all.
#pragma once

#include <npcsim/io/file_handle.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace npcsim {

/// The world refused: what was tried, on which file, and why.
class FileError : public std::runtime_error {
 public:
  /// Decides the exit code: 66, 73 and 74.
  enum class Kind { cannot_read, cannot_create, cannot_write };

  /// `action` completes "cannot ...", e.g. "read", "create the folder".
  FileError(Kind kind, std::string action, std::string path, std::string reason);

  Kind kind() const { return kind_; }
  const std::string& action() const { return action_; }
  const std::string& path() const { return path_; }
  const std::string& reason() const { return reason_; }

 private:
  Kind kind_;
  std::string action_;
  std::string path_;
  std::string reason_;
};

/// All bytes of a file. Throws FileError (cannot_read).
std::string read_file(const std::string& path);

/// Size of a regular file in bytes. Throws FileError (cannot_read).
std::uintmax_t file_size(const std::string& path);

bool file_exists(const std::string& path);

/// Writes a new file beside `path`, brings it to the disk and renames it over `path`: after a crash
/// or on a full disk the old file is still there, unharmed. No fragment is left, unless the program
/// is killed; remove_fragments() finds those. A link stays: the file that it leads to is written
/// so. Into a pipe or a device (also /dev/stdout) the bytes are written as they come. Throws
/// FileError (cannot_create, cannot_write).
void write_file_atomically(const std::string& path, std::string_view bytes);

/// Bytes piece by piece, for what is too large to be put together in memory: calls its argument
/// with each piece.
using ByteSource = std::function<void(const std::function<void(std::string_view)>&)>;
void write_file_atomically(const std::string& path, const ByteSource& bytes);

/// Whether write_file_atomically() does not replace what the path leads to: pipes and devices.
bool is_written_in_place(const std::string& path);

/// Creates a folder and its parents; no effect if it exists. Throws FileError (cannot_create).
void make_folders(const std::string& path);

/// Renames a file or folder and brings the change to the disk. A folder is not renamed onto one
/// that holds something. Throws FileError (cannot_create).
void rename_path(const std::string& from, const std::string& to);

/// A folder that another one has replaced. As long as this lives it is locked, so that no program
/// takes it for its own while it is removed.
struct OldFolder {
  std::string path;
  std::optional<FileHandle> handle;  ///< nothing if it could not be opened
};

/// Puts a folder in the place of another; the old one, if there was one, is the caller's to remove.
/// After a crash at any moment the new one is whole, under one of the two names. Throws FileError;
/// both are then where they were.
std::optional<OldFolder> replace_folder(const std::string& from, const std::string& to);

/// Whether the name is that of a fragment: what a program that was killed has left of a file, or of
/// a folder that it replaced.
bool is_fragment(const std::string& name);

/// Removes a file or a whole folder; no effect if it does not exist. Throws FileError
/// (cannot_write).
void remove_path(const std::string& path);

/// Removes what programs that were killed have left of files in this folder. Throws FileError
/// (cannot_write).
void remove_fragments(const std::string& folder);

/// Brings a folder's list of names to the disk (after creating or renaming in it). Throws FileError
/// (cannot_write).
void sync_folder(const std::string& folder);

/// The folder that holds `path`; "." if there is none in the text.
std::string folder_of(const std::string& path);

/// `folder`/`name`, or `name` alone if it is absolute or `folder` is ".".
std::string beside(const std::string& folder, const std::string& name);

}  // namespace npcsim
