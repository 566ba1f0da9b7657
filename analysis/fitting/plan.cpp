#include <npcsim/fitting/detail/plan.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <Eigen/Dense>

namespace npcsim {

std::string location_parameter(Family family, Cure cure) {
  if (cure != Cure::none) return "theta";
  switch (family) {
    case Family::weibull:
    case Family::weibull_ph:
    case Family::log_logistic:
      return "scale";
    case Family::log_normal:
      return "meanlog";
    case Family::generalised_gamma:
    case Family::generalised_f:
      return "mu";
    case Family::spline_hazard:
    case Family::spline_odds:
    case Family::spline_normal:
      return "gamma0";
    default:
      return "rate";
  }
}

std::vector<CovariateEffect> effects_on_location(const Covariates& covariates) {
  std::vector<CovariateEffect> effects(covariates.count());
  for (std::size_t c = 0; c < effects.size(); ++c) effects[c].column = c;
  return effects;
}

namespace detail {
namespace {

bool is_spline(Family family) {
  return family == Family::spline_hazard || family == Family::spline_odds ||
         family == Family::spline_normal;
}

/// flexsurv writes gamma0; rates of pieces keep the underscore that tells them from "rate".
std::string reported_name(const Baseline& baseline, int i) {
  std::string name = parameter_name(baseline, i);
  if (is_spline(baseline.family) && name.rfind("gamma_", 0) == 0) name.erase(5, 1);
  return name;
}

/// Index of a baseline parameter by name, -1 for all rates of a piecewise model, -2 if unknown.
int parameter_index(const Baseline& baseline, const std::string& name) {
  for (int i = 0; i < parameter_count(baseline); ++i) {
    if (name == reported_name(baseline, i) || name == parameter_name(baseline, i)) return i;
  }
  return baseline.family == Family::piecewise && name == "rate" ? -1 : -2;
}

double mean_time(const TimeToEvent& records) {
  double sum = 0.0;
  for (const double t : records.time) sum += t;
  return sum > 0.0 ? sum / static_cast<double>(records.rows()) : 1.0;
}

/// Combinations of the raw basis that are orthonormal over the span of the knots.
std::vector<double> orthonormal_basis(const std::vector<double>& knots) {
  const auto size = static_cast<Eigen::Index>(knots.size());
  const double first = knots.front();
  const double last = knots.back();
  constexpr Eigen::Index points = 201;
  Eigen::MatrixXd raw(points, size);
  for (Eigen::Index i = 0; i < points; ++i) {
    const double x = first + (last - first) * static_cast<double>(i) / (points - 1);
    raw(i, 0) = 1.0;
    raw(i, 1) = x;
    for (Eigen::Index j = 2; j < size; ++j) {
      const double knot = knots[static_cast<std::size_t>(j) - 1];
      const double share = (last - knot) / (last - first);
      const double a = x - first;
      const double b = std::max(0.0, x - knot);
      raw(i, j) = b * b * b - share * a * a * a;
    }
  }
  raw /= std::sqrt(static_cast<double>(points));
  // Columns are scaled first: their sizes differ by orders of magnitude.
  const Eigen::VectorXd sizes = raw.colwise().norm();
  raw.array().rowwise() /= sizes.transpose().array();
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(raw);
  const Eigen::MatrixXd r = qr.matrixQR().topRows(size).triangularView<Eigen::Upper>();
  const Eigen::MatrixXd inverse =
      r.triangularView<Eigen::Upper>().solve(Eigen::MatrixXd::Identity(size, size));
  std::vector<double> to_raw(knots.size() * knots.size());
  for (Eigen::Index j = 0; j < size; ++j) {
    for (Eigen::Index d = 0; d < size; ++d) {
      to_raw[static_cast<std::size_t>(j * size + d)] = inverse(j, d) / sizes[j];
    }
  }
  return to_raw;
}

ScaledColumn scaled(std::span<const double> values) {
  // Two passes: the mean first, so that the spread does not cancel.
  double sum = 0.0;
  for (const double x : values) sum += x;
  const double mean = sum / static_cast<double>(values.size());
  double squares = 0.0;
  for (const double x : values) squares += (x - mean) * (x - mean);
  const double sd = std::sqrt(squares / static_cast<double>(values.size()));
  return {values, mean, sd > 0.0 ? 1.0 / sd : 1.0};
}

}  // namespace

std::vector<double> place_knots(const FitData& data, int inner_knots) {
  const TimeToEvent& records = data.records;
  std::vector<double> times;
  const auto collect = [&](bool exact) {
    for (std::size_t i = 0; i < records.rows(); ++i) {
      if (!records.event.empty() && records.event[i] == 0) continue;
      const double upper = data.upper.empty() ? records.time[i] : data.upper[i];
      const bool interval = upper > records.time[i];
      if (exact && !interval && records.time[i] > 0.0) times.push_back(std::log(records.time[i]));
      // Without exact times the middle of the intervals has to serve.
      if (!exact && interval && std::isfinite(upper)) {
        times.push_back(std::log(0.5 * (records.time[i] + upper)));
      }
    }
  };
  collect(true);
  if (times.size() < 2) collect(false);
  if (times.empty()) return {};
  std::sort(times.begin(), times.end());
  std::vector<double> knots;
  const int last = inner_knots + 1;
  for (int k = 0; k <= last; ++k) {
    const double place =
        static_cast<double>(times.size() - 1) * static_cast<double>(k) / static_cast<double>(last);
    const auto below = static_cast<std::size_t>(std::floor(place + 4e-16 * place));
    const double part = std::max(0.0, place - static_cast<double>(below));
    const double next = below + 1 < times.size() ? times[below + 1] : times[below];
    knots.push_back(times[below] + part * (next - times[below]));
    if (k > 0 && !(knots.back() > knots[knots.size() - 2])) return {};
  }
  return knots;
}

Plan make_plan(const FitSpecification& specification, const FitData& data, bool covariates) {
  Plan plan;
  LikelihoodPlan& like = plan.likelihood;
  like.data = data;
  like.family = specification.family;
  like.cure = specification.cure;
  like.knots = specification.knots;
  const bool spline = is_spline(like.family);
  if (spline && like.knots.empty()) {
    if (specification.inner_knots < 0) {
      plan.problem = "the number of knots of a spline must not be negative";
      return plan;
    }
    like.knots = place_knots(data, specification.inner_knots);
    if (like.knots.empty()) {
      plan.problem = "there are too few different event times to place " +
                     std::to_string(specification.inner_knots) + " inner knots at their quantiles";
      return plan;
    }
  }
  if (!spline && like.family != Family::piecewise) like.knots.clear();
  const Baseline baseline{like.family, like.cure, like.knots.data(),
                          static_cast<int>(like.knots.size())};
  plan.problem = knot_problem(baseline);
  if (!plan.problem.empty()) return plan;

  const int count = parameter_count(baseline);
  const auto m = static_cast<std::size_t>(count);
  const std::size_t cured = like.cure == Cure::none ? 0 : 1;
  plan.baseline_count = m;
  for (int i = 0; i < count; ++i) {
    FittedParameter parameter;
    parameter.name = reported_name(baseline, i);
    parameter.parameter = parameter.name;
    parameter.transform = parameter_info(baseline, i).transform;
    plan.parameters.push_back(parameter);
    Predictor predictor;
    predictor.intercept = static_cast<std::size_t>(i);
    like.predictors.push_back(predictor);
  }
  if (like.family == Family::gompertz) {
    like.predictors[cured].unit = 1.0 / mean_time(data.records);
  }
  if (like.family == Family::piecewise) like.predictors.emplace_back();
  if (spline) {
    like.basis.knots = like.knots;
    like.basis.to_raw = orthonormal_basis(like.knots);
  }

  // Effects: those on the location first, then in the order of the parameters.
  struct Wanted {
    int parameter;
    std::size_t column;
  };
  std::vector<Wanted> wanted;
  const std::string location = location_parameter(like.family, like.cure);
  const int location_index = parameter_index(baseline, location);
  if (covariates) {
    for (const CovariateEffect& effect : specification.effects) {
      const std::string& name = effect.parameter.empty() ? location : effect.parameter;
      const int index = parameter_index(baseline, name);
      if (index == -2) {
        std::string choices;
        for (const FittedParameter& known : plan.parameters) {
          choices += (choices.empty() ? "" : ", ") + known.name;
        }
        plan.problem = "the model has no parameter '" + name + "'; it has " + choices;
        return plan;
      }
      if (effect.column >= data.covariates.count()) {
        plan.problem = "an effect names covariate " + std::to_string(effect.column + 1) +
                       ", but there are " + std::to_string(data.covariates.count());
        return plan;
      }
      for (const Wanted& other : wanted) {
        if (other.parameter == index && other.column == effect.column) {
          plan.problem =
              "covariate '" + data.covariates.names[effect.column] + "' appears twice on " + name;
          return plan;
        }
      }
      wanted.push_back({index, effect.column});
    }
  }
  const auto rank = [&](const Wanted& w) {
    return w.parameter == location_index ? -1 : w.parameter == -1 ? 0 : w.parameter + 1;
  };
  std::stable_sort(wanted.begin(), wanted.end(),
                   [&](const Wanted& a, const Wanted& b) { return rank(a) < rank(b); });

  const std::size_t total = m + wanted.size();
  like.coefficients = total;
  plan.to_output.assign(total * total, 0.0);
  const auto entry = [&](std::size_t output, std::size_t internal) -> double& {
    return plan.to_output[output * total + internal];
  };
  for (std::size_t i = 0; i < m; ++i) {
    if (spline && i >= cured) {
      for (std::size_t d = 0; d < m - cured; ++d) {
        entry(i, cured + d) = like.basis.to_raw[(i - cured) * (m - cured) + d];
      }
    } else {
      entry(i, i) = like.predictors[i].unit;
    }
  }
  std::vector<std::size_t> used;  // columns of the data, in the order of like.columns
  for (std::size_t w = 0; w < wanted.size(); ++w) {
    const auto [index, column] = wanted[w];
    const std::size_t coefficient = m + w;
    std::size_t place =
        static_cast<std::size_t>(std::find(used.begin(), used.end(), column) - used.begin());
    if (place == used.size()) {
      used.push_back(column);
      like.columns.push_back(scaled(data.covariates.columns[column]));
    }
    const ScaledColumn& source = like.columns[place];
    std::size_t predictor = 0;
    if (index < 0) {
      predictor = like.predictors.size() - 1;
    } else if (spline && index >= static_cast<int>(cured)) {
      const std::size_t raw = static_cast<std::size_t>(index) - cured;
      const auto found = std::find(like.basis.raw.begin(), like.basis.raw.end(), raw);
      const auto r = static_cast<std::size_t>(found - like.basis.raw.begin());
      if (found == like.basis.raw.end()) {
        like.basis.raw.push_back(raw);
        like.predictors.emplace_back();
      }
      predictor = m + r;
    } else {
      predictor = static_cast<std::size_t>(index);
    }
    like.predictors[predictor].slopes.push_back({place, coefficient});
    const double unit = like.predictors[predictor].unit;
    entry(coefficient, coefficient) = unit * source.scale;
    const double shift = -unit * source.scale * source.centre;
    if (index < 0) {
      for (std::size_t i = cured; i < m; ++i) entry(i, coefficient) = shift;
    } else {
      entry(static_cast<std::size_t>(index), coefficient) = shift;
    }
    FittedParameter parameter;
    const std::string& covariate = data.covariates.names[column];
    parameter.parameter =
        index < 0 ? "rate" : plan.parameters[static_cast<std::size_t>(index)].name;
    parameter.name =
        index == location_index ? covariate : parameter.parameter + "(" + covariate + ")";
    parameter.column = column;
    plan.parameters.push_back(parameter);
  }
  return plan;
}

namespace {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const RowMatrix> output_map(const Plan& plan) {
  const auto total = static_cast<Eigen::Index>(plan.likelihood.coefficients);
  return {plan.to_output.data(), total, total};
}

std::vector<double> to_vector(const Eigen::VectorXd& v) {
  return std::vector<double>(v.data(), v.data() + v.size());
}

}  // namespace

std::vector<double> to_internal(const Plan& plan, std::span<const double> reported) {
  const Eigen::Map<const Eigen::VectorXd> beta(reported.data(),
                                               static_cast<Eigen::Index>(reported.size()));
  return to_vector(output_map(plan).fullPivLu().solve(beta));
}

std::vector<double> to_reported(const Plan& plan, std::span<const double> internal) {
  const Eigen::Map<const Eigen::VectorXd> b(internal.data(),
                                            static_cast<Eigen::Index>(internal.size()));
  return to_vector(output_map(plan) * b);
}

std::vector<double> internal_start(const Plan& plan, std::span<const double> baseline) {
  // With centred covariates the baseline parameters hold at their means.
  const auto m = static_cast<Eigen::Index>(plan.baseline_count);
  const Eigen::MatrixXd block = output_map(plan).topLeftCorner(m, m);
  const Eigen::Map<const Eigen::VectorXd> eta(baseline.data(), m);
  std::vector<double> start = to_vector(block.fullPivLu().solve(eta));
  start.resize(plan.likelihood.coefficients, 0.0);
  return start;
}

std::string data_problem(const FitSpecification& specification, const FitData& data) {
  const TimeToEvent& r = data.records;
  const std::size_t n = r.rows();
  if (n == 0) return "there are no records";
  if (n > 0xfffffffeU) return "there are more than 2^32 - 2 records";
  const auto wrong_size = [n](std::size_t size) { return size != 0 && size != n; };
  if (wrong_size(r.event.size()) || wrong_size(r.entry.size()) || wrong_size(r.weight.size()) ||
      wrong_size(data.upper.size()) || wrong_size(data.background.size())) {
    return "columns differ in length";
  }
  const auto at = [](std::size_t i, const char* what, double value) {
    char text[160];
    std::snprintf(text, sizeof text, "record %zu: %s, found %.9g", i + 1, what, value);
    return std::string(text);
  };
  const bool zero_is_fine = specification.family == Family::exponential ||
                            specification.family == Family::gompertz ||
                            specification.family == Family::piecewise;
  for (std::size_t i = 0; i < n; ++i) {
    const double t = r.time[i];
    if (!(t >= 0.0) || !std::isfinite(t)) return at(i, "time must be finite and not negative", t);
    const bool event = r.event.empty() || r.event[i] != 0;
    const bool bounded = event && !data.upper.empty() && !std::isnan(data.upper[i]);
    if (bounded && data.upper[i] < t) {
      return at(i, "the upper bound must not be below the time", data.upper[i]);
    }
    const bool interval = bounded && data.upper[i] > t;
    if (event && !interval && !(t > 0.0) && !zero_is_fine) {
      return at(i,
                "an event at time 0 has no density under this model (give it a small positive "
                "time or an upper bound)",
                t);
    }
    if (!r.entry.empty()) {
      const double e = r.entry[i];
      if (!(e >= 0.0)) return at(i, "entry must not be negative", e);
      if (interval ? !(e <= t) : !(e < t)) return at(i, "entry must come before the time", e);
    }
    if (!r.weight.empty() && !(r.weight[i] > 0.0 && std::isfinite(r.weight[i]))) {
      return at(i, "weights must be above 0 and finite", r.weight[i]);
    }
    if (!data.background.empty() && !(data.background[i] >= 0.0)) {
      return at(i, "the background hazard must not be negative", data.background[i]);
    }
  }
  for (std::size_t c = 0; c < data.covariates.count(); ++c) {
    if (data.covariates.columns[c].size() != n || data.covariates.names.size() <= c) {
      return "covariate columns need a name and as many rows as there are records";
    }
  }
  for (const CovariateEffect& effect : specification.effects) {
    if (effect.column >= data.covariates.count()) continue;  // make_plan has words for it
    const std::span<const double> column = data.covariates.columns[effect.column];
    const std::string& name = data.covariates.names[effect.column];
    bool varies = false;
    for (std::size_t i = 0; i < n; ++i) {
      if (!std::isfinite(column[i])) {
        return at(i, ("covariate '" + name + "' must be finite").c_str(), column[i]);
      }
      varies = varies || column[i] != column[0];
    }
    if (!varies) return "covariate '" + name + "' has the same value in every record";
  }
  return {};
}

}  // namespace detail
}  // namespace npcsim
