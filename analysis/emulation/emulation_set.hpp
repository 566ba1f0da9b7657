// Many emulated studies that share simulated patients: one evaluation gives the figures of all.
#pragma once

#include <npcsim/base/stopped.hpp>
#include <npcsim/emulation/emulated_study.hpp>
#include <npcsim/run/library.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace npcsim {

struct EmulationOptions {
  std::uint64_t seed = 1;
  std::uint32_t patients = 4096;  ///< of each pool
  StopSign stop;                  ///< simulate() and sampled() throw Stopped when it says so
};

/// Emulations in order, and the pools that their patients come from. Two studies with the same
/// model, population, parameters, observation, horizon and diagnosed_on share a pool.
class EmulationSet {
 public:
  /// Reads the documents at these paths. Problems go to `diagnostics`; the set is usable only if
  /// there are none. Throws FileError.
  EmulationSet(const Library& library, const std::vector<std::string>& paths,
               const Evidence& evidence, const EmulationOptions& options, Diagnostics& diagnostics);

  const std::vector<EmulatedStudy>& studies() const { return studies_; }
  std::size_t pools() const { return pools_.size(); }
  /// Whether all documents could be compiled.
  bool sound() const { return sound_; }
  /// Whether the documents of the pool could be compiled; if not, `diagnostics` said why.
  bool has_pool(std::size_t index) const { return pools_[index] != nullptr; }
  const PatientPool& pool(std::size_t index) const { return *pools_[index]; }
  std::size_t pool_of(std::size_t study) const { return pool_of_[study]; }
  /// Lives in one evaluation: patients x strategies, over all pools.
  std::uint64_t lives() const;

  /// Figures of all studies, study by study.
  std::size_t figures() const { return where_.size(); }
  const Figure& figure(std::size_t index) const;
  /// Position of a study's first figure among those of all.
  std::size_t first_figure(std::size_t study) const { return first_[study]; }

  /// Tells this set from any whose figures would be others: documents, models, patients, seed, and
  /// what was published.
  std::uint64_t digest() const;

  /// Twins of every pool.
  std::vector<Twins> simulate(const NamedValues& values, HazardShift shift,
                              std::uint32_t stream) const;
  /// Patients behind each figure, settled once before any fit from the documents' own values.
  void settle_effective_n(const Evidence& evidence, Diagnostics& diagnostics);

  /// Large-sample expectations, see EmulatedStudy::expected. [figure]
  std::vector<double> expected(const std::vector<Twins>& others, const std::vector<Twins>& treated,
                               const NamedValues& values) const;
  /// Data sets of the studies' sizes. [data set * figures() + figure]
  std::vector<double> sampled(const std::vector<Twins>& twins, const NamedValues& values,
                              std::size_t count, std::uint32_t first) const;

 private:
  EmulationOptions options_;
  std::string documents_;  ///< as read
  bool sound_ = false;
  std::vector<std::unique_ptr<PatientPool>> pools_;
  std::vector<std::size_t> pool_of_;  ///< [study]
  std::vector<EmulatedStudy> studies_;
  std::vector<std::pair<std::size_t, std::size_t>> where_;  ///< [figure] study, place in it
  std::vector<std::size_t> first_;                          ///< [study]
};

/// Whether a document says `kind: emulation`.
bool is_emulation(const Tree& document);

/// Whether a document looks like an emulation and does not say that it is one: that is an error,
/// and everything else in it would only be told as mistakes of another kind of document.
bool lacks_kind(const Tree& document, Diagnostics& diagnostics);

/// Runs `work` so that its parallel loops use at most so many threads; 0: all cores.
void with_threads(int threads, const std::function<void()>& work);

}  // namespace npcsim
