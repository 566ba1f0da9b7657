#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/vectorise.hpp>
#include <npcsim/fitting/detail/combine.hpp>
#include <npcsim/fitting/detail/likelihood.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace npcsim::detail {
namespace {

/// Sums keep one part per lane, so that they vectorise and do not depend on the vector width.
constexpr std::size_t lanes = 8;

NPCSIM_VECTOR_CLONES double sum_of(std::size_t n, const double* a) {
  double part[lanes] = {};
  for (std::size_t i = 0; i < n; i += lanes) {
    for (std::size_t k = 0; k < lanes; ++k) part[k] += a[i + k];
  }
  return ((part[0] + part[4]) + (part[1] + part[5])) + ((part[2] + part[6]) + (part[3] + part[7]));
}

NPCSIM_VECTOR_CLONES double dot(std::size_t n, const double* a, const double* b) {
  double part[lanes] = {};
  for (std::size_t i = 0; i < n; i += lanes) {
    for (std::size_t k = 0; k < lanes; ++k) part[k] += a[i + k] * b[i + k];
  }
  return ((part[0] + part[4]) + (part[1] + part[5])) + ((part[2] + part[6]) + (part[3] + part[7]));
}

NPCSIM_VECTOR_CLONES void multiply(std::size_t n, const double* a, const double* b, double* out) {
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] * b[i];
}

NPCSIM_VECTOR_CLONES void add_multiple(std::size_t n, double factor, const double* a, double* out) {
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < n; ++i) out[i] += factor * a[i];
}

NPCSIM_VECTOR_CLONES void take_logs(std::size_t n, const double* a, double* out) {
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < n; ++i) out[i] = portable::log(a[i]);
}

NPCSIM_VECTOR_CLONES void load_in_order(std::size_t n, const double* from, double centre,
                                        double scale, double* out) {
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < n; ++i) out[i] = (from[i] - centre) * scale;
}

NPCSIM_VECTOR_CLONES void load_listed(std::size_t n, const std::uint32_t* rows, const double* from,
                                      double centre, double scale, double* out) {
  NPCSIM_INDEPENDENT_ITERATIONS
  for (std::size_t i = 0; i < n; ++i) out[i] = (from[rows[i]] - centre) * scale;
}

void load(const RowGroup& group, std::size_t first, std::size_t count, const double* from,
          double centre, double scale, double* out) {
  if (group.all) {
    load_in_order(count, from + first, centre, scale, out);
  } else {
    load_listed(count, group.rows.data() + first, from, centre, scale, out);
  }
}

/// From derivatives by a predictor to those by its linear combination.
void apply_unit(std::size_t rows, double unit, std::size_t j, Block& terms) {
  for (std::size_t i = 0; i < rows; ++i) terms.gradient(j)[i] *= unit;
  for (std::size_t k = 0; k < terms.predictors(); ++k) {
    double* const h = terms.hessian(std::min(j, k), std::max(j, k));
    const double factor = k == j ? unit * unit : unit;
    for (std::size_t i = 0; i < rows; ++i) h[i] *= factor;
  }
}

std::size_t padded(std::size_t count) { return (count + lanes - 1) / lanes * lanes; }

/// Rows that fill up the last vector repeat the first one.
void pad(double* column, std::size_t count) {
  for (std::size_t i = count; i < padded(count); ++i) column[i] = column[0];
}

}  // namespace

bool LikelihoodPoint::finite() const {
  if (!std::isfinite(loglik)) return false;
  for (const double g : gradient) {
    if (!std::isfinite(g)) return false;
  }
  for (const double h : hessian) {
    if (!std::isfinite(h)) return false;
  }
  return true;
}

std::vector<RowGroup> group_rows(const FitData& data, std::size_t step) {
  const TimeToEvent& records = data.records;
  std::vector<RowGroup> groups;
  for (const Contribution kind :
       {Contribution::density, Contribution::excess_density, Contribution::survival,
        Contribution::entry, Contribution::left, Contribution::interval}) {
    const auto belongs = [&](std::size_t i) {
      if (kind == Contribution::entry) return !records.entry.empty() && records.entry[i] > 0.0;
      const double t = records.time[i];
      const bool event = records.event.empty() || records.event[i] != 0;
      const double upper = data.upper.empty() || !event ? t : data.upper[i];
      Contribution found = Contribution::survival;
      if (event && !(upper > t)) {
        const bool excess = !data.background.empty() && data.background[i] > 0.0;
        found = excess ? Contribution::excess_density : Contribution::density;
      } else if (event && upper < portable::infinity) {
        found = t > 0.0 ? Contribution::interval : Contribution::left;
      }
      return found == kind && (kind != Contribution::survival || t > 0.0);
    };
    RowGroup group;
    group.contribution = kind;
    for (std::size_t i = 0; i < records.rows(); i += step) group.count += belongs(i) ? 1U : 0U;
    if (group.count == 0) continue;
    group.all = group.count == records.rows();
    if (!group.all) {
      group.rows.reserve(group.count);
      for (std::size_t i = 0; i < records.rows(); i += step) {
        if (belongs(i)) group.rows.push_back(static_cast<std::uint32_t>(i));
      }
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

struct Likelihood::Workspace {
  Workspace(std::size_t predictors, std::size_t inner, std::size_t columns, bool cured)
      : first(inner),
        second(inner),
        cured_first(cured ? predictors : 0),
        cured_second(cured ? predictors : 0),
        covariates(columns * chunk_rows),
        eta(predictors * chunk_rows) {}

  Block first;  // of the family without its cured fraction
  Block second;
  Block cured_first;
  Block cured_second;
  std::vector<double> covariates;
  std::vector<double> eta;
  std::vector<const double*> inner_eta;
  Chunk chunk;
  alignas(64) double time[chunk_rows];
  alignas(64) double log_time[chunk_rows];
  alignas(64) double weight[chunk_rows];
  alignas(64) double product[chunk_rows];
};

Likelihood::Likelihood(const LikelihoodPlan& plan, const std::vector<RowGroup>& groups)
    : plan_(plan), groups_(groups), kernel_(make_kernel(plan.family, plan.knots, plan.basis)) {
  const std::size_t predictors = plan.predictors.size();
  const bool cured = plan.cure != Cure::none;
  work_ =
      std::make_unique<Workspace>(predictors, kernel_->predictors(), plan.columns.size(), cured);
  for (std::size_t p = cured ? 1 : 0; p < predictors; ++p) {
    work_->inner_eta.push_back(work_->eta.data() + p * chunk_rows);
  }
  work_->chunk.time = work_->time;
  work_->chunk.log_time = work_->log_time;
  work_->chunk.predictor = work_->inner_eta.data();
}

Likelihood::~Likelihood() = default;

LikelihoodPoint Likelihood::evaluate(std::span<const double> coefficients) {
  const std::size_t p = plan_.coefficients;
  LikelihoodPoint sum{0.0, std::vector<double>(p, 0.0), std::vector<double>(p * p, 0.0)};
  for (const RowGroup& group : groups_) {
    for (std::size_t first = 0; first < group.count; first += chunk_rows) {
      const std::size_t count = std::min(chunk_rows, group.count - first);
      work_chunk(group, first, count, coefficients, sum);
      if (!std::isfinite(sum.loglik)) return sum;
    }
  }
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j < i; ++j) sum.hessian[i * p + j] = sum.hessian[j * p + i];
  }
  return sum;
}

void Likelihood::load_covariates(const RowGroup& group, std::size_t first, std::size_t count,
                                 std::span<const double> coefficients) {
  const std::size_t rows = padded(count);
  work_->chunk.rows = rows;
  for (std::size_t c = 0; c < plan_.columns.size(); ++c) {
    double* const column = work_->covariates.data() + c * chunk_rows;
    const ScaledColumn& source = plan_.columns[c];
    load(group, first, count, source.values.data(), source.centre, source.scale, column);
    pad(column, count);
  }
  for (std::size_t k = 0; k < plan_.predictors.size(); ++k) {
    const Predictor& predictor = plan_.predictors[k];
    double* const eta = work_->eta.data() + k * chunk_rows;
    const double start = predictor.intercept ? coefficients[*predictor.intercept] : 0.0;
    for (std::size_t i = 0; i < rows; ++i) eta[i] = start;
    for (const Predictor::Slope& slope : predictor.slopes) {
      add_multiple(rows, coefficients[slope.coefficient],
                   work_->covariates.data() + slope.column * chunk_rows, eta);
    }
    if (predictor.unit != 1.0) {
      for (std::size_t i = 0; i < rows; ++i) eta[i] *= predictor.unit;
    }
  }
}

void Likelihood::set_time(std::span<const double> column, const RowGroup& group, std::size_t first,
                          std::size_t count) {
  load(group, first, count, column.data(), 0.0, 1.0, work_->time);
  pad(work_->time, count);
  take_logs(padded(count), work_->time, work_->log_time);
}

Block& Likelihood::log_survival() {
  kernel_->log_survival(work_->chunk, work_->second);
  if (plan_.cure == Cure::none) return work_->second;
  cured_log_survival(plan_.cure, work_->chunk.rows, work_->eta.data(), work_->second,
                     work_->cured_second);
  return work_->cured_second;
}

Block& Likelihood::log_density() {
  kernel_->log_density(work_->chunk, work_->first);
  if (plan_.cure == Cure::none) return work_->first;
  if (plan_.cure == Cure::non_mixture) kernel_->log_survival(work_->chunk, work_->second);
  cured_log_density(plan_.cure, work_->chunk.rows, work_->eta.data(), work_->first, work_->second,
                    work_->cured_first);
  return work_->cured_first;
}

void Likelihood::work_chunk(const RowGroup& group, std::size_t first, std::size_t count,
                            std::span<const double> coefficients, LikelihoodPoint& sum) {
  const TimeToEvent& records = plan_.data.records;
  load_covariates(group, first, count, coefficients);
  const std::size_t rows = work_->chunk.rows;
  switch (group.contribution) {
    case Contribution::density:
      set_time(records.time, group, first, count);
      return add(log_density(), 1.0, group, first, count, sum);
    case Contribution::survival:
      set_time(records.time, group, first, count);
      return add(log_survival(), 1.0, group, first, count, sum);
    case Contribution::entry:
      set_time(records.entry, group, first, count);
      return add(log_survival(), -1.0, group, first, count, sum);
    case Contribution::left: {
      set_time(plan_.data.upper, group, first, count);
      Block& late = log_survival();
      left_log_probability(rows, late);
      return add(late, 1.0, group, first, count, sum);
    }
    case Contribution::interval: {
      // The early block is moved aside: the late one takes its place.
      set_time(records.time, group, first, count);
      Block& early = plan_.cure == Cure::none ? work_->first : work_->cured_first;
      {
        Block& found = log_survival();
        std::memcpy(early.value(), found.value(), found.columns() * chunk_rows * sizeof(double));
      }
      set_time(plan_.data.upper, group, first, count);
      interval_log_probability(rows, early, log_survival());
      return add(early, 1.0, group, first, count, sum);
    }
    case Contribution::excess_density: {
      set_time(records.time, group, first, count);
      load(group, first, count, plan_.data.background.data(), 0.0, 1.0, work_->product);
      pad(work_->product, count);
      Block& density = log_density();
      add_background(rows, work_->product, density, log_survival());
      return add(density, 1.0, group, first, count, sum);
    }
  }
}

void Likelihood::add(Block& terms, double sign, const RowGroup& group, std::size_t first,
                     std::size_t count, LikelihoodPoint& sum) {
  const std::size_t rows = work_->chunk.rows;
  const std::size_t p = plan_.coefficients;
  const std::span<const double> case_weight = plan_.data.records.weight;
  if (case_weight.empty()) {
    for (std::size_t i = 0; i < count; ++i) work_->weight[i] = sign;
  } else {
    load(group, first, count, case_weight.data(), 0.0, sign, work_->weight);
  }
  for (std::size_t i = count; i < rows; ++i) work_->weight[i] = 0.0;

  sum.loglik += dot(rows, terms.value(), work_->weight);
  for (std::size_t j = 0; j < plan_.predictors.size(); ++j) {
    const double unit = plan_.predictors[j].unit;
    if (unit != 1.0) apply_unit(rows, unit, j, terms);
  }
  const auto covariate = [&](const Predictor::Slope& slope) {
    return work_->covariates.data() + slope.column * chunk_rows;
  };
  for (std::size_t j = 0; j < plan_.predictors.size(); ++j) {
    const Predictor& row = plan_.predictors[j];
    double* const g = terms.gradient(j);
    multiply(rows, g, work_->weight, g);
    if (row.intercept) sum.gradient[*row.intercept] += sum_of(rows, g);
    for (const Predictor::Slope& a : row.slopes) {
      sum.gradient[a.coefficient] += dot(rows, g, covariate(a));
    }
    for (std::size_t k = j; k < plan_.predictors.size(); ++k) {
      const Predictor& column = plan_.predictors[k];
      double* const h = terms.hessian(j, k);
      multiply(rows, h, work_->weight, h);
      // Coefficients of a later predictor, or later ones of the same: the upper triangle, once.
      const auto accumulate = [&](std::size_t a, std::size_t b, double value) {
        sum.hessian[a < b ? a * p + b : b * p + a] += value;
      };
      if (row.intercept) {
        if (column.intercept) accumulate(*row.intercept, *column.intercept, sum_of(rows, h));
        for (const Predictor::Slope& b : column.slopes) {
          accumulate(*row.intercept, b.coefficient, dot(rows, h, covariate(b)));
        }
      }
      for (std::size_t s = 0; s < row.slopes.size(); ++s) {
        const Predictor::Slope& a = row.slopes[s];
        multiply(rows, h, covariate(a), work_->product);
        if (k != j && column.intercept) {
          accumulate(a.coefficient, *column.intercept, sum_of(rows, work_->product));
        }
        for (std::size_t q = k == j ? s : 0; q < column.slopes.size(); ++q) {
          accumulate(a.coefficient, column.slopes[q].coefficient,
                     dot(rows, work_->product, covariate(column.slopes[q])));
        }
      }
    }
  }
}

}  // namespace npcsim::detail
