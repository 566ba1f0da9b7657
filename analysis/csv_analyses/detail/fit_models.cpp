// Fits, bootstrap samples and draws of npcsim fit.
#include <npcsim/csv_analyses/detail/fit_run.hpp>
#include <npcsim/fitting/gamma_frailty.hpp>
#include <npcsim/fitting/model_average.hpp>
#include <npcsim/fitting/parameter_draws.hpp>
#include <npcsim/fitting/stretched_time.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cmath>
#include <exception>
#include <functional>
#include <string_view>
#include <system_error>
#include <thread>

namespace npcsim::detail {
namespace {

// Calls work(0) ... work(count - 1), each once, on as many threads as there are processors. Work
// that throws (memory) throws here.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
  const std::size_t threads =
      std::min<std::size_t>(count, std::max(1U, std::thread::hardware_concurrency()));
  std::atomic<std::size_t> next{0};
  std::vector<std::exception_ptr> failures(threads);
  const auto run = [&](std::size_t thread) {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      failures[thread] = std::current_exception();
      next = count;
    }
  };
  std::vector<std::thread> others;
  try {
    for (std::size_t thread = 1; thread < threads; ++thread) others.emplace_back(run, thread);
  } catch (const std::system_error&) {
    // No more threads to be had: those that run do the work.
  }
  if (threads > 0) run(0);
  for (std::thread& other : others) other.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

FitSpecification specification_of(const ModelRequest& request,
                                  const std::vector<CovariateEffect>& effects) {
  FitSpecification out;
  out.family = request.family;
  out.cure = request.cure;
  out.inner_knots = request.inner_knots;
  out.knots = request.change_times;
  // An effect on a parameter that this family lacks would be another model: fit() says so.
  out.effects = effects;
  return out;
}

// Change times at equally spaced quantiles of the event times, as many as have the smallest BIC.
FitResult fit_with_chosen_changes(FitSpecification specification, const FitData& data) {
  std::vector<double> events;
  for (std::size_t i = 0; i < data.records.rows(); ++i) {
    if (data.records.event[i] != 0) events.push_back(data.records.time[i]);
  }
  std::sort(events.begin(), events.end());
  FitResult best;
  constexpr std::size_t most_changes = 5;
  for (std::size_t changes = 0; changes <= most_changes; ++changes) {
    specification.knots.clear();
    for (std::size_t k = 1; k <= changes && !events.empty(); ++k) {
      const double time = events[(events.size() - 1) * k / (changes + 1)];
      const double before = specification.knots.empty() ? 0.0 : specification.knots.back();
      if (time > before) specification.knots.push_back(time);
    }
    FitResult one;
    if (specification.knots.empty()) {
      // One piece is the exponential model; it stands for itself unless more pieces are better.
      FitSpecification constant = specification;
      constant.family = Family::exponential;
      for (CovariateEffect& effect : constant.effects) effect.parameter.clear();
      one = fit(constant, data);
    } else if (specification.knots.size() == changes) {
      one = fit(specification, data);
    } else {
      continue;
    }
    if (changes == 0 || (one.converged && (!best.converged || one.bic < best.bic))) {
      best = std::move(one);
    }
  }
  if (best.family == Family::exponential) {
    best.warnings.push_back("no change of the hazard improves the BIC: the constant hazard stands");
  }
  return best;
}

FitResult fit_one(const ModelRequest& request, const std::vector<CovariateEffect>& effects,
                  const FitData& data) {
  const FitSpecification specification = specification_of(request, effects);
  return request.choose_changes ? fit_with_chosen_changes(specification, data)
                                : fit(specification, data);
}

void fit_into(FittedModel& model, const FitRun& run) {
  const FitData& data = run.records[model.records].data;
  if (!run.request.subject.empty()) {
    const FitSpecification specification = specification_of(model.request, run.effects);
    model.fit = fit_stretched_time(specification, data);
    return;
  }
  if (run.request.frailty.empty()) {
    model.fit = fit_one(model.request, run.effects, data);
    return;
  }
  FitSpecification specification = specification_of(model.request, run.effects);
  if (model.request.choose_changes) {
    const FitResult chosen = fit_with_chosen_changes(specification, data);
    specification.family = chosen.family;
    specification.knots = chosen.knots;
  }
  FrailtyFit found = fit_gamma_frailty(specification, data);
  model.fit = std::move(found.fit);
  model.frailty = FrailtyEstimate{found.variance, std::move(found.covariance), found.clusters};
}

// A fit counts its records from 1 ("record 3: ..."); a user looks for a line of the file.
std::string placed(const std::string& problem, const FitRecords& records, const DataFile& file) {
  constexpr std::string_view head = "record ";
  if (problem.substr(0, head.size()) != head) return problem;
  std::size_t number = 0;
  const char* const end = problem.data() + problem.size();
  const auto read = std::from_chars(problem.data() + head.size(), end, number);
  const bool known = read.ec == std::errc{} && read.ptr != end && *read.ptr == ':' && number > 0 &&
                     number <= records.file_rows.size();
  if (!known) return problem;
  return file.name() + ":" + std::to_string(file.line(records.file_rows[number - 1])) +
         std::string(read.ptr, end);
}

std::vector<FitResult> fits_of(const FitRun& run, std::size_t set) {
  const std::size_t count = run.request.models.size();
  std::vector<FitResult> fits;
  for (std::size_t m = 0; m < count; ++m) fits.push_back(run.models[set * count + m].fit);
  return fits;
}

}  // namespace

std::vector<FittedParameter> FittedModel::parameters() const {
  std::vector<FittedParameter> all = fit.parameters;
  if (frailty) all.push_back(frailty->variance);
  return all;
}

const std::vector<double>& FittedModel::covariance() const {
  return frailty ? frailty->covariance : fit.covariance;
}

double natural(Transform transform, double value) {
  switch (transform) {
    case Transform::identity:
      return value;
    case Transform::log:
      return std::exp(value);
    case Transform::logit:
      return 1.0 / (1.0 + std::exp(-value));
  }
  return value;
}

std::string_view transform_name(Transform transform) {
  return transform == Transform::log ? "log" : transform == Transform::logit ? "logit" : "identity";
}

std::size_t rows_of(const FitRun& run, const FittedModel& model) {
  return model.refused() ? run.records[model.records].rows() : model.fit.rows;
}

std::size_t events_of(const FitRun& run, const FittedModel& model) {
  return model.refused() ? run.records[model.records].events()
                         : model.fit.events + model.fit.interval_rows;
}

std::string full_name(const FitRun& run, const FittedModel& model) {
  const std::string& transition = run.records[model.records].transition;
  return (transition.empty() ? "" : transition + ", ") + model.request.text;
}

void fit_models(FitRun& run) {
  run.models.resize(run.records.size() * run.request.models.size());
  in_parallel(run.models.size(), [&run](std::size_t i) {
    FittedModel& model = run.models[i];
    model.records = i / run.request.models.size();
    model.request = run.request.models[i % run.request.models.size()];
    fit_into(model, run);
    if (model.fit.converged) model.predictions = predictions(model.fit, run.request, run.rows);
  });
  for (FittedModel& model : run.models) {
    const std::string name = full_name(run, model);
    if (!model.fit.converged) {
      run.failed = true;
      model.problem = placed(model.fit.problem, run.records[model.records], run.file);
      const std::string what = model.refused() ? ": not fitted: " : ": not converged: ";
      add_warnings(run.warnings, {name + what + model.problem});
    }
    for (const std::string& text : model.fit.warnings) {
      add_warnings(run.warnings, {name + ": " + text});
    }
    const bool not_found = std::any_of(
        model.predictions.begin(), model.predictions.end(), [](const PredictionRow& one) {
          const bool integral =
              one.kind == PredictionKind::rmst || one.kind == PredictionKind::mean;
          return integral && std::isnan(one.value);
        });
    if (not_found) {
      add_warnings(run.warnings, {name + ": a predicted mean has no value: its integral over the "
                                         "survival curve was not found"});
    }
  }
  const std::size_t count = run.request.models.size();
  for (std::size_t set = 0; set < run.records.size(); ++set) {
    const std::vector<FitResult> fits = fits_of(run, set);
    const auto aic = model_weights(fits, InformationCriterion::aic);
    const auto bic = model_weights(fits, InformationCriterion::bic);
    for (std::size_t m = 0; m < count; ++m) {
      run.models[set * count + m].aic_weight = aic[m];
      run.models[set * count + m].bic_weight = bic[m];
    }
  }
}

void bootstrap_models(FitRun& run) {
  for (FittedModel& model : run.models) {
    if (!model.fit.converged) continue;
    ModelRequest request = model.request;
    // Knots and change times stay where they are, so that coefficients can be compared.
    FitSpecification specification = specification_of(request, run.effects);
    specification.family = model.fit.family;
    specification.knots = model.fit.knots;
    model.bootstrap.asked = run.request.bootstrap;
    std::vector<std::vector<double>> samples(run.request.bootstrap);
    const FitData& data = run.records[model.records].data;
    in_parallel(samples.size(), [&](std::size_t sample) {
      const FitResult one = bootstrap_fit(specification, data, DrawKey{run.request.seed, 0},
                                          static_cast<std::uint32_t>(sample));
      if (one.converged) samples[sample] = one.transformed();
    });
    for (auto& sample : samples) {
      if (!sample.empty()) model.bootstrap.transformed.push_back(std::move(sample));
    }
    const std::size_t lost = model.bootstrap.asked - model.bootstrap.transformed.size();
    if (lost > 0) {
      add_warnings(run.warnings, {full_name(run, model) + ": " + std::to_string(lost) + " of " +
                                  std::to_string(model.bootstrap.asked) +
                                  " bootstrap samples did not converge and are left out"});
    }
  }
}

std::vector<std::vector<double>> coefficient_draws(const FittedModel& model, std::size_t count,
                                                   std::uint64_t seed) {
  FitResult all = model.fit;
  all.parameters = model.parameters();
  all.covariance = model.covariance();
  std::vector<std::vector<double>> draws;
  for (std::size_t draw = 0; draw < count; ++draw) {
    draws.push_back(draw_coefficients(all, DrawKey{seed, 0}, static_cast<std::uint32_t>(draw)));
  }
  return draws;
}

std::vector<PredictionRow> averaged_predictions(const FitRun& run, std::size_t set) {
  const std::vector<FitResult> fits = fits_of(run, set);
  const std::vector<double> weights = model_weights(fits, InformationCriterion::aic);
  if (std::none_of(weights.begin(), weights.end(), [](double w) { return w > 0.0; })) return {};
  return average_predictions(fits, weights, run.request, run.rows);
}

}  // namespace npcsim::detail
