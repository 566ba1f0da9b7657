// Lives without treatment changes, column by column: the same numbers as Life, many patients at
// once.
//
// Where every hazard multiplier is fixed from diagnosis (no dosing, no assessments, no waning), a
// life is a walk through an acyclic graph of states. Then whole columns of patients take each step
// together in vector code. Every value is computed by the same expressions as in Life, so the bytes
// are equal; a test compares the two.
#pragma once

#include <npcsim/engine/life.hpp>
#include <npcsim/model/program.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace npcsim {

class FlatLives {
 public:
  /// A strategy that only gives agents for good at diagnosis: those agents. Otherwise it has no
  /// flat form.
  using GivenAtStart = std::vector<std::int32_t>;

  /// Nothing if the program or one of the strategies needs the event loop.
  static std::unique_ptr<FlatLives> make(const Program& program,
                                         const std::vector<GivenAtStart>& strategies);

  /// Outcomes of n patients under one strategy. base and thresholds are [process][patient] with
  /// stride n. tick and code are columns of one endpoint, [endpoint] pointers each.
  void run(std::size_t strategy, std::size_t n, const double* columns, const double* base,
           const double* thresholds, const std::vector<std::int32_t>& endpoints,
           std::int32_t* const* ticks, std::int8_t* const* codes);

  /// Call before the first strategy of each group of patients: forgets the times that strategies
  /// share.
  void begin(std::size_t n);

 private:
  explicit FlatLives(const Program& program) : program_(program) {}
  const double* waiting_times(std::size_t strategy, std::size_t process, std::size_t n,
                              const double* base, const double* thresholds);

  const Program& program_;
  std::vector<std::int32_t> state_order_;  ///< so that every process leads forward
  std::vector<std::vector<std::int32_t>>
      leaving_;                              ///< [state] processes in order of precedence at ties
  std::vector<std::vector<double>> factor_;  ///< [strategy][process]
  std::vector<std::vector<std::int32_t>>
      shared_;  ///< [strategy][process] index of the shared column
  std::size_t shared_count_ = 0;
  std::vector<double> waiting_;       ///< [shared][patient]
  std::vector<std::uint8_t> filled_;  ///< [shared]
  std::vector<double> entered_;       ///< [state][patient]
  std::vector<double> fired_;         ///< [process][patient]
  std::vector<double> scratch_;
};

}  // namespace npcsim
