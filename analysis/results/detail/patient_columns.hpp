// Per-patient output: /patients, /outcomes and /journal of results.h5.
//
// Rows are in the order of patient numbers whatever the blocks of the run were, and memory holds
// one chunk of rows. Writing may take minutes: all of it throws Stopped.
#pragma once

#include <npcsim/io/hdf5_file.hpp>
#include <npcsim/results/results.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace npcsim::detail {

/// Whether a patient belongs to a share of all patients; by the draw "output sample".
bool in_sample(const CompiledStudy& study, std::uint32_t patient, double share);

/// Columns that may be shown: all but latent ones.
std::vector<std::int32_t> visible_columns(const Program& program);

/// /patients: one row per patient, drawn again.
void write_patient_columns(Hdf5File& file, const CompiledStudy& study, double share,
                           const StopSign& stop);
/// /outcomes: one row per patient and strategy, from the block log in the run's folder.
void write_outcome_columns(Hdf5File& file, const CompiledStudy& study, const std::string& folder,
                           double share, const StopSign& stop);
/// /journal and /names: every event of every life, lived again.
void write_journal_columns(Hdf5File& file, const CompiledStudy& study, double share,
                           const StopSign& stop);

}  // namespace npcsim::detail
