// Individual records: what a reconstruction gives and what is read off it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace npcsim {

/// One patient: followed to `time`, with an event there or censored.
struct PatientRecord {
  double time = 0;
  bool event = false;

  friend bool operator==(const PatientRecord&, const PatientRecord&) = default;
};

/// The Kaplan-Meier curve of records at any time.
class RecordCurve {
 public:
  explicit RecordCurve(std::vector<PatientRecord> records);

  /// Survival just after the events at `time`.
  double survival(double time) const;
  /// Survival just before the events at `time`.
  double survival_before(double time) const;
  /// Patients followed to `time` at least.
  std::int32_t at_risk(double time) const;
  /// First time at which survival is 1/2 or below; R's middle of the flat part if it is 1/2.
  std::optional<double> median() const;
  std::int32_t events() const { return events_; }
  /// Times of events with the survival after them, in order.
  struct Drop {
    double time;
    double survival;
  };
  const std::vector<Drop>& drops() const { return drops_; }

 private:
  std::vector<double> times_;  // all, sorted
  std::vector<Drop> drops_;
  std::int32_t events_ = 0;
};

/// log of Cox's hazard ratio (Efron's ties) of `treated` over `control` and its standard error;
/// empty without a finite estimate.
struct LogHazardRatio {
  double value = 0;
  double se = 0;
};
std::optional<LogHazardRatio> log_hazard_ratio(const std::vector<PatientRecord>& treated,
                                               const std::vector<PatientRecord>& control);

}  // namespace npcsim
