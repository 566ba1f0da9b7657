// A small study that has a bit of everything, run end to end into a folder.
#pragma once

#include "support/temp_folder.hpp"
#include <npcsim/results/results.hpp>

#include <memory>
#include <string>

namespace npcsim::testing {

/// Three states, observation at visits, an agent in cycles with a toxicity and a stop, a subgroup,
/// a number, a latent column, a parameter and an assumed literal.
std::unique_ptr<CompiledStudy> small_study(int patients = 3000);
/// The text of it, and of it with one part replaced by another.
std::string small_text(int patients = 3000);
std::string small_text(const std::string& part, const std::string& other, int patients = 300);
/// Compiles a study text; throws std::runtime_error with the messages if it cannot be.
std::unique_ptr<CompiledStudy> compile_text(const std::string& name, const std::string& yaml);

struct SmallRun {
  int threads = 1;
  std::uint32_t block = 0;
  WriteOptions::Keep keep = WriteOptions::Keep::summary;
  double sample = 1;
  bool report = false;
  Evidence evidence = {};
};

/// Runs a study text; the page of the run, and the data that it is made of.
std::string page_of(const std::string& yaml);
std::string page_data_of(const std::string& yaml);

/// Runs it and writes everything.
std::vector<SummaryRow> run_into(const CompiledStudy& study, const std::string& folder,
                                 const SmallRun& how);

}  // namespace npcsim::testing
