// Runs a study document and compares what comes out with numbers that theory gives.
//
// A comparison says whether |z| < 4.9 (one right program in a million is called wrong) with a
// standard error that is computed from theory, never from the output.
#pragma once

#include "support/statistical.hpp"
#include <npcsim/comparison/summary.hpp>
#include <npcsim/run/compiled_study.hpp>
#include <npcsim/run/runner.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim::testing {

inline constexpr double month = 30.4375;  ///< days

/// Compiles a document; a problem in it fails the test.
std::unique_ptr<CompiledStudy> compiled(const std::string& text,
                                        const std::string& name = "document.yaml");

/// The text of tests/verification/documents/<name>.yaml.
std::string document(const std::string& name);

/// Replaces the first `from` in a text; throws if there is none.
std::string with(std::string text, const std::string& from, const std::string& to);

struct Moments {
  double mean = 0;
  double sd = 0;
};

/// Of min(T, horizon) for a survival function with at most finitely many jumps of slope at `breaks`
/// (increasing).
Moments restricted(const std::function<double(double)>& survival, double horizon,
                   const std::vector<double>& breaks = {});

/// Integral of a function with breaks inside the range; fails the test if it does not converge.
double integral(const std::function<double(double)>& f, double from, double to,
                const std::vector<double>& breaks = {});
double integral_to_infinity(const std::function<double(double)>& f, double from);

/// Outcomes of every patient, for what no summary says.
struct Lives {
  OutcomeShape shape;
  std::size_t patients = 0;
  std::vector<std::vector<double>> months;          ///< [strategy x endpoint][patient]
  std::vector<std::vector<int>> codes;              ///< the same
  std::vector<std::vector<std::int32_t>> measures;  ///< [strategy x measure][patient]
  const std::vector<double>& time(const std::string& strategy, const std::string& endpoint) const;
  const std::vector<int>& code(const std::string& strategy, const std::string& endpoint) const;
  const std::vector<std::int32_t>& measure(const std::string& strategy,
                                           const std::string& measure) const;
};

/// A study that has been run.
class Simulated {
 public:
  explicit Simulated(const std::string& name)
      : Simulated(compiled(document(name), name + ".yaml")) {}
  explicit Simulated(std::unique_ptr<CompiledStudy> study);
  static Simulated of_text(const std::string& text) { return Simulated(compiled(text)); }

  const CompiledStudy& study() const { return *study_; }
  const Process& process(const std::string& name) const;
  /// From the hazard room, on the process's own clock, in months.
  double cumulative(const std::string& process, double months) const;
  double time_at(const std::string& process, double hazard) const;

  /// A figure of the summary. Survival and incidences are looked up at the landmark nearest to
  /// `at_months`.
  double figure(const std::string& strategy, const std::string& endpoint,
                const std::string& statistic, double at_months = -1) const;
  double patients(const std::string& strategy, const std::string& endpoint) const;
  Lives lives(std::uint32_t patients = 0) const;

  // Comparisons; the first strategy if none is named.
  using Answer = ::testing::AssertionResult;
  Answer survival(const std::string& endpoint, double months, double expected,
                  const std::string& strategy = "") const;
  Answer incidence(const std::string& endpoint_and_cause, double months, double expected,
                   const std::string& strategy = "") const;
  /// Of min(T, horizon of the study).
  Answer mean(const std::string& endpoint, Moments expected,
              const std::string& strategy = "") const;
  /// `density` is that of T at its median, per month.
  Answer median(const std::string& endpoint, double expected, double density,
                const std::string& strategy = "") const;
  Answer measure(const std::string& measure, Moments expected,
                 const std::string& strategy = "") const;
  Answer share(const std::string& measure, double expected, const std::string& strategy = "") const;
  /// Of min(T, months), from the tally.
  Answer restricted_mean(const std::string& endpoint, double months, Moments expected,
                         const std::string& strategy = "") const;

 private:
  std::string named(const std::string& strategy) const {
    return strategy.empty() ? study_->shape.strategies.front() : strategy;
  }
  std::size_t strategy_index(const std::string& strategy) const;
  std::size_t endpoint_index(const std::string& endpoint) const;

  std::unique_ptr<CompiledStudy> study_;
  std::unique_ptr<Tally> tally_;
  std::vector<SummaryRow> rows_;
};

/// |estimate - expected| < 4.9 se, or equal when se is 0.
::testing::AssertionResult agrees(double estimate, double expected, double se,
                                  const std::string& what);

}  // namespace npcsim::testing
