// Tables to files and back.
#pragma once

#include <npcsim/base/table.hpp>

#include <string>

namespace npcsim {

class Hdf5File;

/// RFC 4180, names in the header, written atomically. Throws FileError.
void write_table_csv(const std::string& path, const Table& table);

/// One dataset per column in `group`, with the attributes unit, meaning and position; the group has
/// the attribute name. Throws FileError.
void write_table_hdf5(Hdf5File& file, const std::string& group, const Table& table);

/// What write_table_hdf5 wrote. Throws FileError.
Table read_table_hdf5(const Hdf5File& file, const std::string& group);

}  // namespace npcsim
