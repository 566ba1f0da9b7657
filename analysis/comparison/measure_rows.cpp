#include <npcsim/comparison/detail/rows.hpp>

#include <cmath>

namespace npcsim::detail {

namespace {

struct Reading {
  const char* statistic;
  const char* difference;
  const char* unit;
  double scale;
};

Reading reading_of(MeasureKind kind) {
  switch (kind) {
    case MeasureKind::flag:
      return {"share", "difference_share", "share", 1};
    case MeasureKind::count:
      return {"mean", "difference_mean", "count", 1};
    case MeasureKind::portion:
      return {"mean", "difference_mean", "share", 1e-6};
    case MeasureKind::duration:
      break;
  }
  return {"mean", "difference_mean", "months", months_per_tick};
}

void set_mean(SummaryRow& row, const ExactMoments& moments, double scale, Limits limits) {
  if (moments.count == 0) return;
  const double se = std::sqrt(moments.variance() / static_cast<double>(moments.count));
  set(row, moments.mean() * scale, moments.count > 1 ? std::optional(se * scale) : std::nullopt,
      limits);
}

}  // namespace

void add_measure_rows(const Tally& tally, std::size_t strategy, std::vector<SummaryRow>& rows) {
  const OutcomeShape& shape = tally.shape();
  for (std::size_t m = 0; m < shape.measures.size(); ++m) {
    const MeasureShape& measure = shape.measures[m];
    const Reading reading = reading_of(measure.kind);
    SummaryRow row =
        row_of(shape.strategies[strategy], measure.name, reading.statistic, reading.unit);
    set_mean(row, tally.measure(strategy, m).moments, reading.scale,
             measure.kind == MeasureKind::flag ? Limits::log_log : Limits::normal);
    rows.push_back(row);
  }
}

void add_measure_contrast_rows(const Tally& tally, std::size_t strategy,
                               std::vector<SummaryRow>& rows) {
  const OutcomeShape& shape = tally.shape();
  for (std::size_t m = 0; m < shape.measures.size(); ++m) {
    const MeasureShape& measure = shape.measures[m];
    const Reading reading = reading_of(measure.kind);
    SummaryRow row =
        row_of(shape.strategies[strategy], measure.name, reading.difference, reading.unit);
    row.versus = shape.strategies[static_cast<std::size_t>(shape.reference)];
    set_mean(row, tally.measure(strategy, m).paired, reading.scale, Limits::normal);
    rows.push_back(row);
  }
}

}  // namespace npcsim::detail
