// From the arguments of a command to the study that it is about.
#pragma once

#include <npcsim/cli/command_line.hpp>
#include <npcsim/run/compiled_study.hpp>

#include <memory>
#include <optional>
#include <string>

namespace npcsim {

/// Reads a study document by its path or name, as it is written. Nothing if it is none; problems go
/// to `diagnostics`. Throws FileError.
std::optional<Tree> read_study_document(const Library& library, const std::string& study,
                                        Diagnostics& diagnostics);

/// The value of an option as a part of a document, with the option as its place.
Tree option_value(const std::string& option, const std::string& text, Diagnostics& diagnostics);

/// Puts the documents that a study names into its tree and makes the changes of --set and
/// --strategies, each as if it stood in the document. `key` is where the study lies in the
/// document; empty: it is the document.
void put_together(const Library& library, Tree& document, const std::string& key,
                  const SimulationOptions& options, Diagnostics& diagnostics);

/// Reads, changes as the options say, and compiles a comparison. Problems go to `diagnostics`.
/// Throws Stopped when a signal comes while many draws of parameters are checked.
std::unique_ptr<CompiledStudy> load_study(const Context& context, const SimulationOptions& options,
                                          Diagnostics& diagnostics);

}  // namespace npcsim
