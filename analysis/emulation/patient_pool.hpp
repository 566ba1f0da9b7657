// Simulated patients that several emulated studies take their members from: the same patients under
// every strategy that any of the studies gives.
#pragma once

#include <npcsim/engine/outcome.hpp>
#include <npcsim/run/compiled_study.hpp>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npcsim {

/// Added to the log hazards of all patients: of the processes that end in no final state, and of
/// those that do, life tables excepted. How a study's own level moves its figures.
struct HazardShift {
  double progression = 0;
  double death = 0;
};

/// Values of named parameters, in the inner unit of each.
using NamedValues = std::vector<std::pair<std::string, double>>;

/// Patients 0..count-1 under every strategy of the pool, uncensored up to the pool's horizon.
struct Twins {
  std::uint32_t patients = 0;
  OutcomeBlock outcomes;
};

/// Values at which there are no twins; what() says why.
class ImpossibleValues : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Values with which the model contradicts itself, such as limits in the wrong order.
class ContradictoryParameters : public ImpossibleValues {
 public:
  using ImpossibleValues::ImpossibleValues;
};

/// A population in which next to no candidate is eligible.
class NobodyEligible : public ImpossibleValues {
 public:
  NobodyEligible(const std::string& message, SourcePlace place)
      : ImpossibleValues(message), place_(place) {}
  SourcePlace place() const { return place_; }  ///< of the population in its document

 private:
  SourcePlace place_;
};

/// A plugin has failed: what it left undone must not count as treatment.
class StrategyFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class PatientPool {
 public:
  /// `base`: a compiled study that names every strategy; its seed is the pool's.
  explicit PatientPool(std::unique_ptr<CompiledStudy> base);

  const CompiledStudy& base() const { return *base_; }
  const Program& program() const { return *base_->program; }

  /// Place of an attribute among the kept columns of Twins; it is kept from now on. \pre `column`
  /// is one of the program.
  std::size_t keep(std::int32_t column);
  /// Place of a measure of outcomes; it is counted from now on.
  std::size_t measure(const Measure& measure);
  /// Endpoint and measure by name, or -1.
  std::int32_t find_endpoint(std::string_view name) const;
  std::int32_t find_measure(std::string_view name) const;
  std::int32_t find_strategy(std::string_view name) const;

  /// Parameters whose values the population or the studies fix, so that `simulate` leaves them.
  void fix(std::string parameter) { fixed_.push_back(std::move(parameter)); }
  bool is_fixed(std::string_view parameter) const;

  /// The same patients for equal `stream`: draws do not depend on the values. Blocks run on all
  /// threads of the calling arena; the result does not depend on them. Throws
  /// ContradictoryParameters and NobodyEligible. Names that the model does not have are
  /// passed over.
  Twins simulate(const NamedValues& values, HazardShift shift, std::uint32_t stream,
                 std::uint32_t patients) const;

 private:
  std::unique_ptr<CompiledStudy> at(const NamedValues& values, HazardShift shift,
                                    std::uint32_t stream) const;
  std::unique_ptr<CompiledStudy> base_;
  std::vector<std::int32_t> kept_;
  std::vector<std::string> fixed_;
};

}  // namespace npcsim
