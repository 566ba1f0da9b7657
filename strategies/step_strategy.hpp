// The one class that interprets step documents.
#pragma once

#include <npcsim/engine/strategy.hpp>
#include <npcsim/model/program.hpp>
#include <npcsim/strategies/step_doc.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace npcsim {

/// A compiled step: what to ask the engine for, and when.
struct Step {
  enum class Kind : std::uint8_t { give, assess, stop };
  Kind kind = Kind::give;
  std::string name;
  Action action;
  std::int32_t condition = -1;
  std::int32_t after = -1;  ///< index of the step that must be over, -1: none
  double at_days = -1;      ///< since diagnosis, -1: not given
  double delay_days = 0;
  bool too_late = false;  ///< its delay is longer than `within` allows
  double probability = 1;
  std::uint32_t stream = 0;
};

class StepStrategy final : public Strategy {
 public:
  StepStrategy(std::vector<Step> steps, std::vector<Step> second_line,
               std::vector<Step> third_line);
  void decide(const StrategyView& view, StrategyMemory& memory,
              Decision& decision) const noexcept override;

  /// Every agent that it may give.
  std::vector<std::int32_t> agents() const;
  /// True if it does nothing but give agents without condition when treatment begins.
  bool only_gives_at_start() const;
  const std::vector<Step>& steps() const { return steps_; }
  const std::vector<Step>& second_line() const { return second_line_; }
  const std::vector<Step>& third_line() const { return third_line_; }

  /// At most this many steps, so that one decision holds whatever they ask for at the start.
  static constexpr std::size_t most_steps = most_actions;

 private:
  struct Marks;
  void advance(const StrategyView& view, Marks& marks, Decision& decision) const noexcept;
  bool begin(std::size_t step, const StrategyView& view, Decision& decision) const noexcept;

  std::vector<Step> steps_;
  std::vector<Step> second_line_;
  std::vector<Step> third_line_;
};

/// Compiles a strategy against a program (which receives its conditions). Problems go to
/// `diagnostics`.
std::unique_ptr<StepStrategy> compile_strategy(const StrategyDoc& doc, Program& program,
                                               const std::vector<double>& parameters,
                                               Diagnostics& diagnostics);

}  // namespace npcsim
