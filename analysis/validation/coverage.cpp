#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/validation/coverage.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace npcsim {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

// Score of the 95 % interval: its width, and 2 / 0.05 times how far the value lies outside.
double interval_score(double low, double high, double value) {
  return (high - low) + 40 * std::max({low - value, value - high, 0.0});
}

struct Judged {
  std::size_t study = 0;
  std::size_t publication = 0;  // first study that emulates the same one
  const Figure* figure = nullptr;
  const StudyFreePrediction* prediction = nullptr;
};

bool same_kind(const Figure& a, const Figure& b) {
  return a.statistic == b.statistic && a.endpoint == b.endpoint &&
         std::fabs(a.at_months - b.at_months) < 0.5;
}

bool baseline(const std::vector<Judged>& all, const Judged& one, double& low, double& high) {
  std::map<std::size_t, std::vector<double>> by_study;
  for (const Judged& other : all) {
    if (other.publication != one.publication && same_kind(*other.figure, *one.figure))
      by_study[other.publication].push_back(other.figure->value);
  }
  if (by_study.size() < 3) return false;
  std::vector<double> values;
  for (const auto& [study, mine] : by_study) values.insert(values.end(), mine.begin(), mine.end());
  double mean = 0;
  for (const double x : values) mean += x / static_cast<double>(values.size());
  double square = 0;
  for (const double x : values) square += (x - mean) * (x - mean);
  const double sd = std::sqrt(square / (static_cast<double>(values.size()) - 1));
  low = mean - z_95 * sd;
  high = mean + z_95 * sd;
  return true;
}

double median_of(std::vector<double> values) {
  if (values.empty()) return undefined;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

// Mean over studies of the means over their figures.
class StudyMeans {
 public:
  void add(std::size_t study, double x) {
    sums_[study].first += x;
    sums_[study].second += 1;
  }
  double mean() const {
    double sum = 0;
    for (const auto& [study, one] : sums_) sum += one.first / one.second;
    return sums_.empty() ? undefined : sum / static_cast<double>(sums_.size());
  }
  std::size_t studies() const { return sums_.size(); }

 private:
  std::map<std::size_t, std::pair<double, double>> sums_;
};

// Two emulations of one publication are of the same patients, who have one vote.
std::size_t publication_of(const EmulationSet& set, std::size_t study) {
  const std::string& name = set.studies()[study].document().publication.text;
  for (std::size_t s = 0; !name.empty() && s < study; ++s) {
    if (set.studies()[s].document().publication.text == name) return s;
  }
  return study;
}

}  // namespace

Coverage coverage(const EmulationSet& set, const std::vector<StudyFreePrediction>& predictions,
                  bool randomised) {
  std::map<std::string, const StudyFreePrediction*> by_figure;
  for (const StudyFreePrediction& row : predictions) by_figure[row.figure] = &row;
  std::vector<Judged> judged;
  for (std::size_t s = 0; s < set.studies().size(); ++s) {
    const EmulatedStudy& study = set.studies()[s];
    for (std::size_t f = 0; f < study.figures(); ++f) {
      const Figure& figure = study.figure(f);
      const auto found = by_figure.find(figure.id);
      if (found == by_figure.end() || !figure.fitted() || figure.derived || figure.conflicting ||
          figure.reading != FigureReading::exact)
        continue;
      judged.push_back({s, publication_of(set, s), &figure, found->second});
    }
  }
  Coverage out;
  StudyMeans inside95, inside50, score, base_score;
  std::vector<double> ratios;
  for (const Judged& one : judged) {
    if (randomised && set.studies()[one.study].design() != "randomised") continue;
    const Figure& figure = *one.figure;
    const auto scaled = [&](double x) { return to_scale(figure.scale, x); };
    const double low = scaled(one.prediction->low95);
    const double high = scaled(one.prediction->high95);
    ++out.figures;
    inside95.add(one.publication, figure.value >= low && figure.value <= high ? 1.0 : 0.0);
    inside50.add(one.publication, figure.value >= scaled(one.prediction->low50) &&
                                          figure.value <= scaled(one.prediction->high50)
                                      ? 1.0
                                      : 0.0);
    if (one.prediction->sampling_width > 0)
      ratios.push_back(one.prediction->width / one.prediction->sampling_width);
    double base_low = 0;
    double base_high = 0;
    if (!baseline(judged, one, base_low, base_high)) continue;
    ++out.scored_figures;
    score.add(one.publication, interval_score(low, high, figure.value));
    base_score.add(one.publication, interval_score(base_low, base_high, figure.value));
  }
  out.studies = inside95.studies();
  out.inside95 = inside95.mean();
  out.inside50 = inside50.mean();
  out.width_ratio = median_of(ratios);
  out.interval_score = score.mean();
  out.baseline_interval_score = base_score.mean();
  return out;
}

}  // namespace npcsim
