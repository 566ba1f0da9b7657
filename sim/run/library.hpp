// Finds and reads documents by name or path, and puts everything that a study names into one tree.
#pragma once

#include <npcsim/base/tree.hpp>

#include <optional>
#include <string>
#include <vector>

namespace npcsim {

enum class DocumentKind {
  model,
  population,
  strategy,
  study,
  evidence,
  emulation,
  running_trial,  ///< an emulation of a trial that has not read out
  calibration
};

/// Where documents are looked for: beside the one that names them, then in these roots, each of
/// which may hold configs/models, configs/populations, configs/studies, configs/evidence,
/// configs/emulations with trials/ in it, configs/calibrations and strategies.
struct Library {
  std::vector<std::string> roots;
};

/// Whether a part of a document stands on the command line ("--set seed=x"), not in a file.
bool on_command_line(const SourcePlace& place, const Diagnostics& diagnostics);

/// The path without "." and "..", where that is the same file: the parent of a folder that is a
/// symbolic link is not the folder that the link lies in.
std::string tidy_path(const std::string& path);

/// Path of a document, or nothing. `name` is a bare name or a path.
std::optional<std::string> find_document(const Library& library, DocumentKind kind,
                                         const std::string& name, const std::string& folder);

/// Path of a data file: beside the document that names it, then in configs/ of the roots.
std::optional<std::string> find_data(const Library& library, const std::string& name,
                                     const std::string& folder);

/// What a calibration has left beside the models of the roots, as a data file: `what` is "" for the
/// draws of its posterior, "_gates" for its checks, and so on. Empty if there is none.
std::string calibrated_file(const Library& library, const std::string& model,
                            const std::string& what);

/// Names of the documents of a kind in the roots, sorted.
std::vector<std::string> document_names(const Library& library, DocumentKind kind);

/// Reads a document with what it includes. Problems with its text go to `diagnostics`; throws
/// FileError.
std::optional<Tree> read_document(const Library& library, const std::string& path,
                                  Diagnostics& diagnostics);

/// Reads a study and puts the model, the population and the strategies that it names into its tree.
std::optional<Tree> read_study(const Library& library, const std::string& path,
                               Diagnostics& diagnostics);

/// Puts in the model and the population that a study names, as they are written: what they include,
/// and what study and population say of the model, is still apart.
void inline_names(const Library& library, Tree& study, Diagnostics& diagnostics);

/// Does all of read_study() to a study that is a tree already.
void inline_documents(const Library& library, Tree& study, Diagnostics& diagnostics);

/// Other values for parameters of a model: `values` is a map of a name to a number, or to a map
/// that replaces single keys of the parameter. Unknown names and numbers in a unit that is not that
/// of the parameter's value go to `diagnostics`.
void set_parameters(Tree& model, const Tree& values, Diagnostics& diagnostics);

}  // namespace npcsim
