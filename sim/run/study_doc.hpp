// A comparison study as its document says it.
#pragma once

#include <npcsim/base/binder.hpp>
#include <npcsim/model/condition_doc.hpp>
#include <npcsim/run/draws_doc.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace npcsim {

struct StudyDoc {
  std::string name;
  std::string title;
  std::string description;
  std::string kind = "comparison";
  std::vector<Name> strategies;  ///< names in order; the documents are inlined before this is read
  Name reference;                ///< default: the first strategy
  std::int64_t patients = 0;
  std::int64_t seed = 0;
  std::int64_t replicate = 0;
  double horizon_days = 0;
  std::optional<double> diagnosed_on;  ///< calendar time of diagnosis of everybody, decimal year
  std::vector<double> landmark_days;
  std::vector<Name> endpoints;     ///< reported; empty: all of the model
  std::vector<Name> subgroups;     ///< attributes with levels
  std::string output = "summary";  ///< summary, patients, journal
  double sample = 1;               ///< share of the patients in per-patient output
  DrawsDoc draws;
  SourcePlace place;
};

void bind(Binder& binder, StudyDoc& out);

/// The key `diagnosed_on`, which other kinds of studies have, too.
void bind_diagnosed_on(Binder& binder, std::optional<double>& out);

}  // namespace npcsim
