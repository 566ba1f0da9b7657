// How the HDF5 library reaches the disk when it writes for us: a driver under which a write never
// seems to fail.
//
// The library (1.10 to 1.14) does not survive a failed write: closing the file then fails halfway,
// and the program crashes when it ends. This driver keeps what the disk refuses in memory,
// remembers the reason, and lets the library finish; whoever owns the file asks for the reason and
// throws the file away.
#pragma once

#include <cstdint>
#include <string>

namespace npcsim {

/// Sets the driver in a file access property list (both are HDF5 identifiers). False if the library
/// refuses.
bool set_careful_driver(std::int64_t access_properties);

/// Why the disk refused a write of this open file, in the system's words; "" if it did not.
std::string refused_by_disk(std::int64_t file);

/// The same of the last file that this thread closed, with what closing itself wrote and brought to
/// the disk. Says it once.
std::string refused_at_close();

}  // namespace npcsim
