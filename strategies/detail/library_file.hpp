// Looks at a shared library before the system's loader maps it.
#pragma once

#include <string>

namespace npcsim {

/// Why the loader must not be given this file; both texts are empty if nothing speaks against it.
struct LibraryFault {
  std::string problem;
  std::string hint;
};

/// Reads the headers of an ELF file. The loader maps the parts that they promise without a look at
/// the size of the file, and the process dies when it touches one that is not there. Files that are
/// no ELF files, or too short for a header, are left to the loader, which says so.
///
/// Source: System V Application Binary Interface, chapters 4 and 5 (object files, program header).
LibraryFault fault_of_library(const std::string& file);

}  // namespace npcsim
