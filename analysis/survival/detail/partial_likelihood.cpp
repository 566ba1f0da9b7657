#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/vectorise.hpp>
#include <npcsim/survival/detail/partial_likelihood.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace npcsim::detail {

namespace {

constexpr std::size_t block = 1024;  // rows whose scratch stays in the fastest cache

NPCSIM_VECTOR_CLONES void add_multiple(double factor, const double* column, double* sum,
                                       std::size_t n) {
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < n; ++i) sum[i] += factor * column[i];
}

NPCSIM_VECTOR_CLONES void multiply(const double* a, const double* b, double* out, std::size_t n) {
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] * b[i];
}

NPCSIM_VECTOR_CLONES void exponentiate(double shift, double* eta, std::size_t n) {
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < n; ++i) eta[i] = portable::exp(eta[i] - shift);
}

// Eight partial sums in a fixed order: the same bits for every vector width.
NPCSIM_VECTOR_CLONES double dot(const double* a, const double* b, std::size_t n) {
  constexpr std::size_t lanes = 8;
  std::array<double, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    for (std::size_t l = 0; l < lanes; ++l) sums[l] += a[i + l] * b[i + l];
  }
  double tail = 0;
  for (; i < n; ++i) tail += a[i] * b[i];
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7])) +
         tail;
}

}  // namespace

void LogProduct::add(double factor) {
  if (factor > 1e100 || factor < 1e-100) {
    sum_ += portable::log(factor);
    return;
  }
  product_ *= factor;
  if (product_ > 1e200 || product_ < 1e-200) {
    sum_ += portable::log(product_);
    product_ = 1;
  }
}

double LogProduct::value() const { return sum_ + portable::log(product_); }

TieSums tie_sums(double risk, double risk_of_events, std::uint32_t events, double mean_weight,
                 Ties ties, LogProduct* log_product) {
  TieSums sums;
  const double d = static_cast<double>(events);
  if (events == 1 || ties == Ties::breslow) {
    const double reciprocal = 1 / risk;
    sums.hazard = d * mean_weight * reciprocal;
    sums.square = sums.hazard * reciprocal;
    if (mean_weight == 1 && log_product != nullptr && events == 1) {
      log_product->add(risk);
    } else {
      sums.log_sum = d * mean_weight * portable::log(risk);
    }
    return sums;
  }
  LogProduct product;
  for (std::uint32_t l = 0; l < events; ++l) {
    const double share = static_cast<double>(l) / d;
    const double left = risk - share * risk_of_events;
    const double reciprocal = 1 / left;
    const double squared = reciprocal * reciprocal;
    sums.hazard += reciprocal;
    sums.hazard_tied += share * reciprocal;
    sums.square += squared;
    sums.square_tied += share * squared;
    sums.square_tied2 += share * share * squared;
    product.add(left);
  }
  sums.hazard *= mean_weight;
  sums.hazard_tied *= mean_weight;
  sums.square *= mean_weight;
  sums.square_tied *= mean_weight;
  sums.square_tied2 *= mean_weight;
  sums.log_sum = mean_weight * product.value();
  return sums;
}

PartialLikelihood::PartialLikelihood(const TimeToEvent& records, const Covariates& covariates,
                                     const CoxOptions& options)
    : ties_(options.ties) {
  // Other causes are censorings; copied only if there are any.
  TimeToEvent of_cause = records;
  std::vector<std::int32_t> event;
  const bool plain = options.cause == 1 && std::all_of(records.event.begin(), records.event.end(),
                                                       [](std::int32_t e) { return e <= 1; });
  if (!plain) {
    event.resize(records.event.size());
    for (std::size_t i = 0; i < event.size(); ++i) event[i] = records.event[i] == options.cause;
    of_cause.event = event;
  }
  sorted_ = SortedRecords(of_cause);
  find_groups();
  standardised_ = StandardisedColumns(covariates, sorted_.row());
  if (!options.offset.empty()) {
    offset_.resize(size());
    for (std::size_t i = 0; i < size(); ++i) offset_[i] = options.offset[sorted_.row()[i]];
  }
  shift_.assign(sorted_.strata(), 0.0);
  risk_.resize(size());
  cumulative_.resize(groups_.size());
  if (tied_) spared_.assign(groups_.size(), 0.0);
}

void PartialLikelihood::find_groups() {
  const auto times = sorted_.time();
  const auto starts = sorted_.stratum_begin();
  end_group_.resize(size());
  group_begin_.assign(sorted_.strata() + 1, 0);
  for (std::size_t s = 0; s < sorted_.strata(); ++s) {
    const std::size_t begin = groups_.size();
    group_begin_[s] = begin;
    for (std::size_t i = starts[s]; i < starts[s + 1]; ++i) {
      if (is_event(i)) {
        ++events_;
        if (groups_.size() > begin && times[groups_.back().first] == times[i]) {
          ++groups_.back().events;
          tied_ = tied_ || ties_ == Ties::efron;
        } else {
          groups_.push_back({static_cast<std::uint32_t>(i), 1});
        }
      }
      end_group_[i] = static_cast<std::uint32_t>(groups_.size() > begin ? groups_.size() : 0);
    }
    group_begin_[s + 1] = groups_.size();
    if (!truncated()) continue;
    entry_group_.resize(size());
    std::size_t g = begin;
    for (std::size_t k = starts[s]; k < starts[s + 1]; ++k) {
      const std::uint32_t i = sorted_.by_entry()[k];
      while (g < groups_.size() && times[groups_[g].first] <= sorted_.entry()[i]) ++g;
      entry_group_[i] = static_cast<std::uint32_t>(g > begin ? g : 0);
    }
  }
  groups_.shrink_to_fit();
}

double PartialLikelihood::set_risks(std::span<const double> beta) {
  const auto starts = sorted_.stratum_begin();
  double event_sum = 0;
  for (std::size_t s = 0; s < sorted_.strata(); ++s) {
    const std::size_t begin = starts[s];
    const std::size_t end = starts[s + 1];
    double highest = -std::numeric_limits<double>::infinity();
    for (std::size_t from = begin; from < end; from += block) {
      const std::size_t rows = std::min(block, end - from);
      double* eta = risk_.data() + from;
      if (offset_.empty()) {
        std::fill(eta, eta + rows, 0.0);
      } else {
        std::copy_n(offset_.data() + from, rows, eta);
      }
      for (std::size_t j = 0; j < count(); ++j) {
        if (beta[j] != 0) add_multiple(beta[j], column(j).data() + from, eta, rows);
      }
      for (std::size_t i = 0; i < rows; ++i) highest = eta[i] > highest ? eta[i] : highest;
    }
    shift_[s] = begin < end ? highest : 0;
    for (std::size_t from = begin; from < end; from += block) {
      const std::size_t rows = std::min(block, end - from);
      double* eta = risk_.data() + from;
      double sum = 0;
      for (std::size_t i = 0; i < rows; ++i) {
        if (is_event(from + i)) sum += weight(from + i) * (eta[i] - shift_[s]);
      }
      event_sum += sum;
      exponentiate(shift_[s], eta, rows);
      if (!sorted_.weight().empty()) multiply(eta, sorted_.weight().data() + from, eta, rows);
    }
  }
  return event_sum;
}

namespace {

// Sums over the risk set of risk and of risk * column, with those over the events of the group.
class MeanSums {
 public:
  MeanSums(const PartialLikelihood& likelihood, Derivatives& out, std::vector<double>& hazard,
           std::vector<double>& spared)
      : likelihood_(likelihood),
        out_(out),
        hazard_(hazard),
        spared_(spared),
        first_(likelihood.count(), 0.0),
        tied_(likelihood.count(), 0.0) {
    for (std::size_t j = 0; j < likelihood.count(); ++j) {
      columns_.push_back(likelihood.column(j).data());
    }
    risk_ = likelihood.risk().data();
  }

  void clear() {
    total_ = 0;
    std::fill(first_.begin(), first_.end(), 0.0);
  }
  void add(std::size_t position) {
    const double risk = risk_[position];
    total_ += risk;
    for (std::size_t j = 0; j < first_.size(); ++j) first_[j] += risk * columns_[j][position];
  }
  void remove(std::size_t position) {
    const double risk = risk_[position];
    total_ -= risk;
    for (std::size_t j = 0; j < first_.size(); ++j) first_[j] -= risk * columns_[j][position];
  }
  void at(std::size_t g, std::size_t) {
    const EventGroup group = likelihood_.groups()[g];
    const std::size_t p = first_.size();
    double weight = likelihood_.weight(group.first);
    double tied_risk = 0;
    const bool efron = likelihood_.ties() == Ties::efron && group.events > 1;
    if (group.events > 1) {
      std::fill(tied_.begin(), tied_.end(), 0.0);
      weight = 0;
      for (std::uint32_t e = 0; e < group.events; ++e) {
        const std::size_t i = group.first + e;
        weight += likelihood_.weight(i);
        tied_risk += risk_[i];
        for (std::size_t j = 0; efron && j < p; ++j) tied_[j] += risk_[i] * columns_[j][i];
      }
      weight /= static_cast<double>(group.events);
    }
    const TieSums sums =
        tie_sums(total_, tied_risk, group.events, weight, likelihood_.ties(), &log_product_);
    out_.log_likelihood -= sums.log_sum;
    hazard_[g] = sums.hazard;
    if (!efron) {
      for (std::size_t j = 0; j < p; ++j) {
        const double factor = sums.square * first_[j];
        double* row = out_.information.data() + j * p;
        for (std::size_t k = 0; k <= j; ++k) row[k] -= factor * first_[k];
      }
      return;
    }
    spared_[g] = sums.hazard_tied;
    for (std::size_t j = 0; j < p; ++j) {
      const double a = sums.square * first_[j] - sums.square_tied * tied_[j];
      const double b = sums.square_tied2 * tied_[j] - sums.square_tied * first_[j];
      double* row = out_.information.data() + j * p;
      for (std::size_t k = 0; k <= j; ++k) row[k] -= a * first_[k] + b * tied_[k];
    }
  }
  double log_sum() const { return log_product_.value(); }

 private:
  const PartialLikelihood& likelihood_;
  Derivatives& out_;
  std::vector<double>& hazard_;
  std::vector<double>& spared_;
  std::vector<double> first_;
  std::vector<double> tied_;
  std::vector<const double*> columns_;
  const double* risk_ = nullptr;
  double total_ = 0;
  LogProduct log_product_;
};

}  // namespace

void PartialLikelihood::subtract_means(Derivatives& out) {
  MeanSums sums(*this, out, cumulative_, spared_);
  visit_risk_sets(sums);
  out.log_likelihood -= sums.log_sum();
  for (std::size_t s = 0; s < sorted_.strata(); ++s) {
    for (std::size_t g = group_begin_[s] + 1; g < group_begin_[s + 1]; ++g) {
      cumulative_[g] += cumulative_[g - 1];
    }
  }
}

double PartialLikelihood::exposure(std::size_t position) const {
  const std::uint32_t end = end_group_[position];
  if (end == 0) return 0;
  double hazard = cumulative_[end - 1];
  const std::uint32_t entry = entry_group(position);
  if (entry != 0) hazard -= cumulative_[entry - 1];
  if (tied_ && is_event(position)) hazard -= spared_[end - 1];
  return hazard;
}

// With M the row's events minus its expected events, the gradient is the sum of column * M; the
// information is the sum of expected * column * column' less the outer products of the means.
void PartialLikelihood::add_rows(Derivatives& out) const {
  const std::size_t p = count();
  std::array<double, block> expected;
  std::array<double, block> residual;
  std::array<double, block> product;
  for (std::size_t from = 0; from < size(); from += block) {
    const std::size_t rows = std::min(block, size() - from);
    for (std::size_t i = 0; i < rows; ++i) {
      const std::size_t at = from + i;
      expected[i] = risk_[at] * exposure(at);
      residual[i] = (is_event(at) ? weight(at) : 0.0) - expected[i];
    }
    for (std::size_t j = 0; j < p; ++j) {
      const double* values = column(j).data() + from;
      out.gradient[j] += dot(residual.data(), values, rows);
      multiply(expected.data(), values, product.data(), rows);
      for (std::size_t k = 0; k <= j; ++k) {
        const double sum = dot(product.data(), column(k).data() + from, rows);
        out.information[j * p + k] += sum;
        if (k == j) out.second_moment[j] += sum;
      }
    }
  }
}

void PartialLikelihood::evaluate(std::span<const double> beta, Derivatives& out) {
  const std::size_t p = count();
  out.gradient.assign(p, 0.0);
  out.information.assign(p * p, 0.0);
  out.second_moment.assign(p, 0.0);
  out.log_likelihood = set_risks(beta);
  subtract_means(out);
  add_rows(out);
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t k = 0; k < j; ++k) out.information[k * p + j] = out.information[j * p + k];
  }
  out.finite = std::isfinite(out.log_likelihood);
  for (const double x : out.information) out.finite = out.finite && std::isfinite(x);
}

double PartialLikelihood::spread(std::span<const double> step) const {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (std::size_t i = 0; i < size(); ++i) {
    double change = 0;
    for (std::size_t j = 0; j < count(); ++j) change += step[j] * column(j)[i];
    low = std::min(low, change);
    high = std::max(high, change);
  }
  return size() == 0 ? 0 : high - low;
}

}  // namespace npcsim::detail
