// Draws the attributes of many patients at once: a pure function of seed, replicate and patient
// number.
#pragma once

#include <npcsim/model/program.hpp>
#include <npcsim/random/draws.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace npcsim {

/// Fills columns for ranges of patients. Immutable after construction; threads share one sampler.
class PatientSampler {
 public:
  /// Builds quantile tables for the distributions of the program, which must outlive the sampler.
  /// `needed` has one entry per rule; rules that are not needed leave their columns unfilled.
  PatientSampler(const Program& program, std::vector<bool> needed);
  ~PatientSampler();
  PatientSampler(const PatientSampler&) = delete;
  PatientSampler& operator=(const PatientSampler&) = delete;

  /// Scratch memory of one worker.
  struct Workspace {
    std::vector<double> draws;
    std::vector<double> locations;
    std::vector<double> conditions;
    std::vector<double> flags;
    std::vector<double> candidates;
    std::vector<std::uint32_t> patients;
    std::vector<std::uint32_t> waiting;
  };

  /// columns[c * n + i] = column c of patient first + i. Patients who are not eligible are drawn
  /// again with the next occurrence until they are. Returns how many candidates were drawn, 0 when
  /// some patient was refused `most_candidates` times.
  std::uint64_t draw(DrawKey key, std::uint32_t first, std::size_t n, double* columns,
                     Workspace& work) const;

  static constexpr std::uint32_t most_candidates = 20000;

 private:
  struct Prepared;
  template <class Source>
  void fill(const Source& source, std::size_t n, double* columns, std::size_t stride,
            Workspace& work) const;
  const Program& program_;
  std::vector<bool> needed_;
  std::unique_ptr<Prepared> prepared_;
};

}  // namespace npcsim
