#include <npcsim/survival/detail/score_residuals.hpp>

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace npcsim::detail {

namespace {

// Per event group: the integral of mean(t) dH(t) over the group for those at risk, the part of it
// that its events are spared, and the mean that its events are compared with.
class MeanIntegrals {
 public:
  explicit MeanIntegrals(const PartialLikelihood& likelihood)
      : likelihood_(likelihood), first_(likelihood.count(), 0.0), tied_(likelihood.count(), 0.0) {
    const std::vector<double> zeros(likelihood.groups().size(), 0.0);
    integral.assign(likelihood.count(), zeros);
    spared.assign(likelihood.count(), zeros);
    mean.assign(likelihood.count(), zeros);
  }

  void clear() {
    total_ = 0;
    std::fill(first_.begin(), first_.end(), 0.0);
  }
  void add(std::size_t position) { change(position, likelihood_.risk()[position]); }
  void remove(std::size_t position) { change(position, -likelihood_.risk()[position]); }
  void at(std::size_t g, std::size_t) {
    const EventGroup group = likelihood_.groups()[g];
    double weight = 0;
    double tied_risk = 0;
    std::fill(tied_.begin(), tied_.end(), 0.0);
    for (std::size_t i = group.first; i < group.first + group.events; ++i) {
      weight += likelihood_.weight(i);
      tied_risk += likelihood_.risk()[i];
      for (std::size_t j = 0; j < tied_.size(); ++j) {
        tied_[j] += likelihood_.risk()[i] * likelihood_.column(j)[i];
      }
    }
    const double d = static_cast<double>(group.events);
    const TieSums sums =
        tie_sums(total_, tied_risk, group.events, weight / d, likelihood_.ties(), nullptr);
    for (std::size_t j = 0; j < first_.size(); ++j) {
      integral[j][g] = sums.square * first_[j] - sums.square_tied * tied_[j];
      spared[j][g] = sums.square_tied * first_[j] - sums.square_tied2 * tied_[j];
      mean[j][g] = (sums.hazard * first_[j] - sums.hazard_tied * tied_[j]) / weight;
    }
  }

  std::vector<std::vector<double>> integral, spared, mean;  // [coefficient][group]

 private:
  void change(std::size_t position, double risk) {
    total_ += risk;
    for (std::size_t j = 0; j < first_.size(); ++j) {
      first_[j] += risk * likelihood_.column(j)[position];
    }
  }

  const PartialLikelihood& likelihood_;
  std::vector<double> first_, tied_;
  double total_ = 0;
};

}  // namespace

std::vector<std::vector<double>> score_residuals(const PartialLikelihood& likelihood) {
  MeanIntegrals means(likelihood);
  likelihood.visit_risk_sets(means);
  const std::size_t p = likelihood.count();
  for (std::size_t s = 0; s < likelihood.sorted().strata(); ++s) {
    for (std::size_t g = likelihood.group_begin(s) + 1; g < likelihood.group_begin(s + 1); ++g) {
      for (std::size_t j = 0; j < p; ++j) means.integral[j][g] += means.integral[j][g - 1];
    }
  }
  std::vector<std::vector<double>> residuals(p, std::vector<double>(likelihood.size(), 0.0));
  for (std::size_t i = 0; i < likelihood.size(); ++i) {
    const std::uint32_t end = likelihood.end_group(i);
    if (end == 0) continue;
    const std::uint32_t entry = likelihood.entry_group(i);
    const bool event = likelihood.is_event(i);
    const double relative = likelihood.risk()[i] / likelihood.weight(i);
    const double exposure = likelihood.exposure(i);
    for (std::size_t j = 0; j < p; ++j) {
      double integral = means.integral[j][end - 1];
      if (entry != 0) integral -= means.integral[j][entry - 1];
      if (event) integral -= means.spared[j][end - 1];
      const double x = likelihood.column(j)[i];
      residuals[j][i] = relative * (integral - x * exposure);
      if (event) residuals[j][i] += x - means.mean[j][end - 1];
    }
  }
  return residuals;
}

std::vector<std::vector<double>> cluster_sums(const PartialLikelihood& likelihood,
                                              const std::vector<std::vector<double>>& residuals) {
  const std::size_t n = likelihood.size();
  const auto cluster = likelihood.sorted().cluster();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!cluster.empty()) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return cluster[a] < cluster[b]; });
  }
  std::vector<std::vector<double>> sums(residuals.size());
  for (std::size_t j = 0; j < residuals.size(); ++j) {
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t i = order[k];
      const bool begins = cluster.empty() || k == 0 || cluster[i] != cluster[order[k - 1]];
      if (begins) sums[j].push_back(0);
      sums[j].back() += residuals[j][i] * likelihood.weight(i);
    }
  }
  return sums;
}

}  // namespace npcsim::detail
