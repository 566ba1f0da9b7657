// Documents that a command takes by path or by name.
#pragma once

#include <npcsim/run/library.hpp>

#include <string>

namespace npcsim {

/// The path of a document that is given by its path or, as `npcsim list` shows it, by its name: the
/// first study, strategy, model, population, calibration, emulation, trial or evidence that is
/// called so. A path is given back as it is, whether or not a file is there. Throws FileError.
std::string path_of_document(const Library& library, const std::string& name);

}  // namespace npcsim
