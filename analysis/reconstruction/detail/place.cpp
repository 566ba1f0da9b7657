#include <npcsim/reconstruction/detail/place.hpp>

#include <algorithm>

namespace npcsim::reconstruction {
namespace {

// Where the k-th of `count` lies in 0..1, strictly inside.
class Positions {
 public:
  Positions(const std::optional<PatientDraws>& draws, StreamName stream)
      : draws_(draws), stream_(stream) {}
  double operator()(std::int32_t k, std::int32_t count) {
    if (draws_) return draws_->uniform(stream_, used_++);
    return (k + 0.5) / count;
  }

 private:
  const std::optional<PatientDraws>& draws_;
  StreamName stream_;
  std::uint32_t used_ = 0;
};

}  // namespace

std::vector<PatientRecord> place(const std::vector<Step>& steps, const Path& path,
                                 const PublishedCurve& curve, double end,
                                 const std::optional<PatientDraws>& draws) {
  Positions event_position(draws, StreamName("reconstruction event time"));
  Positions censor_position(draws, StreamName("reconstruction censoring time"));
  std::vector<PatientRecord> records;
  std::int32_t left = path.start;
  double before = 1;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const Step& step = steps[k];
    const double gap = step.end - step.start;
    std::vector<double> marks;
    for (const double tick : curve.ticks) {
      if (tick >= step.start && tick < step.end) marks.push_back(tick);
    }
    for (std::int32_t j = 0; j < path.censored[k]; ++j) {
      const double time = static_cast<std::size_t>(j) < marks.size()
                              ? marks[static_cast<std::size_t>(j)]
                              : step.start + gap * censor_position(j, path.censored[k]);
      records.push_back({time, false});
    }
    // The drop that passes one half is where the median was printed.
    const bool at_median = curve.median && before > 0.5 && path.survival[k] <= 0.5 &&
                           curve.median->value > step.start && curve.median->value <= step.end;
    for (std::int32_t j = 0; j < path.events[k]; ++j) {
      double time =
          step.events_at_end ? step.end : step.start + gap * event_position(j, path.events[k]);
      if (at_median && !step.events_at_end) time = curve.median->value;
      records.push_back({time, true});
    }
    left -= path.events[k] + path.censored[k];
    before = path.survival[k];
  }
  for (; left > 0; --left) records.push_back({end, false});
  std::sort(records.begin(), records.end(), [](const PatientRecord& a, const PatientRecord& b) {
    return a.time != b.time ? a.time < b.time : a.event > b.event;
  });
  return records;
}

}  // namespace npcsim::reconstruction
