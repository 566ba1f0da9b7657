#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/calibration/chain_diagnostics.hpp>
#include <npcsim/calibration/detail/identification.hpp>
#include <npcsim/calibration/detail/mode_search.hpp>
#include <npcsim/calibration/detail/predictive.hpp>
#include <npcsim/calibration/detail/waves.hpp>
#include <npcsim/random/batch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim {
namespace {

using detail::EmulatorPosterior;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Patient sets: 0 for the search of the mode, then ranges that do not meet.
constexpr std::uint32_t start_stream = 1'000'000;
constexpr std::uint32_t mode_stream = 2'000'000;
constexpr std::uint32_t first_wave_stream = 3'000'000;
constexpr std::uint32_t second_wave_stream = 4'000'000;
constexpr std::uint32_t second_centre_stream = 5'000'000;
constexpr std::uint32_t check_stream = 6'000'000;

// The first region is the mode's ellipsoid, whose size is uncertain; the second is that of draws.
constexpr double first_inflation = 1.3;
constexpr double second_inflation = 1.1;

// The shape of the tail of a few weights is noise where all of them are about the same (assumed: a
// coefficient of variation of a third).
constexpr double alike = 0.9;

class Calibration {
 public:
  Calibration(const TargetModel& model, const CalibrationOptions& options)
      : model_(model), options_(options), evaluator_(model, options), problem_(model, options) {
    if (problem_.parameters() == 0 || problem_.fitted() == 0)
      throw std::invalid_argument("a calibration needs a parameter and a figure to fit");
    for (const CalibrationParameter& parameter : model.parameters())
      result_.names.push_back(parameter.name);
    for (Index h = 0; h < problem_.between(); ++h)
      result_.between_names.push_back(options.between[static_cast<std::size_t>(h)].name);
  }

  CalibrationResult run() {
    const detail::ModeSearch mode = find_mode();
    const detail::Wave first = first_wave(mode);
    const detail::Chains rough = sample(first, options_.warmup, options_.draws / 4);
    const detail::Wave second = second_wave(first, rough);
    const detail::Chains chains = sample(second, options_.warmup, options_.draws);
    const detail::FittedPosterior fitted(problem_, second.region, *second.emulator, chains);
    keep_draws(fitted);
    detail::identify(model_, options_, fitted, chains, result_);
    result_.check = detail::check_predictions(model_, options_, fitted);
    if (options_.leave_one_out) {
      detail::LeftOut left_out = detail::leave_studies_out(model_, options_, fitted);
      result_.influence = std::move(left_out.influence);
      result_.left_out = std::move(left_out.predictions);
    }
    result_.left_out_points = second.left_out_points;
    gate("gain of another step of the mode search", mode.predicted_gain, 0.1);
    gate("distance of the mode from the posterior mean in posterior sds",
         distance(mode.scores, fitted), 1);
    gate("difference between starts in log posterior", spread_of_starts(), 3);
    if (result_.start_log_posteriors.size() < 2)
      result_.gates.back().untested = "there is one start";
    gate("left-out error of the emulator in sampling errors", second.left_out_error, 0.3);
    const auto silent = static_cast<double>(second.left_out_points);
    gate("share of design runs without figures",
         silent / (silent + static_cast<double>(runs_.scores.rows())), 0.05);
    check_runs(fitted, second.offset);
    check_chains();
    gate("p of all residuals", result_.check.overall);
    gate("p of time-varying effects", result_.check.time_varying);
    result_.evaluations = evaluator_.evaluations();
    return std::move(result_);
  }

 private:
  void gate(std::string name, double value, double limit, bool at_least = false) {
    result_.gates.push_back({std::move(name), value, limit, at_least});
  }

  void gate(std::string name, const ResidualTest& test) {
    gate(std::move(name), test.p, 0.01, true);
    if (!test.tested) result_.gates.back().untested = "nothing to test";
  }

  VectorXd start(std::size_t index) const {
    VectorXd scores = VectorXd::Zero(problem_.parameters());
    if (index > 0)
      fill_normal({options_.seed, 0}, 0, static_cast<std::size_t>(scores.size()),
                  "calibration start"_stream, static_cast<std::uint32_t>(index), scores.data());
    return scores;
  }

  MatrixXd one_point(const VectorXd& scores) const { return scores.transpose(); }

  std::size_t all_replicates() const { return options_.replicates * options_.replicate_points; }

  // Searches from every start with the sampling errors of the prior mean, and once more from the
  // best with those of its own neighbourhood and the figures of data sets instead of large samples.
  detail::ModeSearch find_mode() {
    const VectorXd centre = start(0);
    problem_.set_sampling(detail::run_data_sets(model_, evaluator_, one_point(centre),
                                                all_replicates() / 2, start_stream)
                              .sampled);
    problem_.set_response(run_centre(evaluator_, centre, 1, start_stream).response);
    const VectorXd none = VectorXd::Zero(problem_.targets());
    detail::ModeSearch best;
    for (std::size_t s = 0; s < options_.starts; ++s) {
      try {
        detail::ModeSearch found =
            search_mode(problem_, evaluator_, start(s), none, options_.steps);
        result_.start_log_posteriors.push_back(found.log_posterior);
        if (s == 0 || found.log_posterior > best.log_posterior) best = std::move(found);
      } catch (const NoFigures&) {
        // Somewhere in the prior the model may say nothing; where all begins it has to.
        if (s == 0) throw;
      }
    }
    const detail::SampledFigures sampled =
        detail::run_data_sets(model_, evaluator_, one_point(best.scores), all_replicates() / 2,
                              mode_stream)
            .sampled;
    const auto runs = run_centre(evaluator_, best.scores, options_.shift_streams, mode_stream);
    problem_.set_sampling(sampled);
    problem_.set_response(runs.response);
    VectorXd offset = sampled.mean.row(0).transpose() - best.figures;
    for (double& value : offset) {
      if (!std::isfinite(value)) value = 0;
    }
    best = search_mode(problem_, evaluator_, best.scores, offset, options_.steps);
    for (Index j = 0; j < problem_.parameters(); ++j) {
      const CalibrationParameter& parameter = model_.parameters()[static_cast<std::size_t>(j)];
      result_.mode.push_back(parameter.mean + parameter.sd * best.scores[j]);
    }
    result_.mode_log_posterior = best.log_posterior;
    return best;
  }

  detail::Wave first_wave(const detail::ModeSearch& mode) {
    const Index p = problem_.parameters();
    const MatrixXd covariance =
        Eigen::LLT<MatrixXd>(mode.information).solve(MatrixXd::Identity(p, p));
    const detail::Region region{
        mode.scores, first_inflation * MatrixXd(Eigen::LLT<MatrixXd>(covariance).matrixL())};
    runs_ = run_design(evaluator_, region, wave_points(1.25), options_.seed, first_wave_stream);
    const auto centre =
        run_centre(evaluator_, mode.scores, options_.shift_streams, first_wave_stream);
    const auto data_sets = detail::run_data_sets(model_, evaluator_, one_point(mode.scores),
                                                 all_replicates(), first_wave_stream);
    return build_wave(problem_, region, runs_, centre, data_sets, detail::EmulatorEffort::rough);
  }

  detail::Wave second_wave(const detail::Wave& first, const detail::Chains& rough) {
    const detail::FittedPosterior fitted(problem_, first.region, *first.emulator, rough);
    const Index p = problem_.parameters();
    const MatrixXd centred = (fitted.scores.rowwise() - fitted.mean_scores.transpose()).leftCols(p);
    const MatrixXd covariance =
        centred.transpose() * centred / (static_cast<double>(centred.rows()) - 1);
    const detail::Region region{
        fitted.mean_scores.head(p),
        second_inflation * MatrixXd(Eigen::LLT<MatrixXd>(covariance).matrixL())};
    const detail::DesignRuns more =
        run_design(evaluator_, region, wave_points(2), options_.seed, second_wave_stream);
    runs_ = joined(runs_, more);
    const auto centre =
        run_centre(evaluator_, region.centre, options_.shift_streams, second_centre_stream);
    MatrixXd points(static_cast<Index>(options_.replicate_points), p);
    Index row = 0;
    for (const Index draw : fitted.thinned(options_.replicate_points))
      points.row(row++) = fitted.scores.row(draw).head(p);
    const auto data_sets = detail::run_data_sets(model_, evaluator_, points.topRows(row),
                                                 options_.replicates, second_centre_stream);
    return build_wave(problem_, region, runs_, centre, data_sets, detail::EmulatorEffort::full);
  }

  std::size_t wave_points(double times) const {
    if (options_.wave_points > 0) return options_.wave_points;
    const auto coefficients =
        static_cast<double>(detail::Emulator::coefficients(problem_.parameters()));
    // With few parameters that would be too few to see through the noise of the patients.
    const auto least = 20 + 10 * static_cast<double>(problem_.parameters());
    return 2 * static_cast<std::size_t>(std::ceil(0.5 * std::max(times * coefficients, least)));
  }

  detail::Chains sample(const detail::Wave& wave, std::size_t warmup, std::size_t draws) const {
    const EmulatorPosterior density(problem_, wave.region, *wave.emulator,
                                    detail::Extent::near_the_runs);
    const auto log_density = [&](const VectorXd& at, VectorXd& gradient) {
      go_on_unless(options_.stop);
      return density.log_density(at, gradient);
    };
    detail::ChainOptions chains;
    chains.seed = options_.seed;
    chains.chains = options_.chains;
    chains.warmup = warmup;
    chains.draws = draws;
    return sample_chains(log_density, VectorXd::Zero(density.dimensions()), chains);
  }

  void keep_draws(const detail::FittedPosterior& fitted) {
    const Index p = problem_.parameters();
    for (Index i = 0; i < fitted.scores.rows(); ++i) {
      for (Index j = 0; j < p; ++j) {
        const CalibrationParameter& parameter = model_.parameters()[static_cast<std::size_t>(j)];
        result_.draws.push_back(parameter.mean + parameter.sd * fitted.scores(i, j));
      }
      for (Index h = 0; h < problem_.between(); ++h) {
        const BetweenPrior& prior = options_.between[static_cast<std::size_t>(h)];
        result_.between_draws.push_back(between_value(prior, fitted.scores(i, p + h)).value);
      }
    }
  }

  double spread_of_starts() const {
    const auto [low, high] = std::minmax_element(result_.start_log_posteriors.begin(),
                                                 result_.start_log_posteriors.end());
    return *high - *low;
  }

  // Root mean square over the parameters: was the first region about where the posterior is?
  double distance(const VectorXd& scores, const detail::FittedPosterior& fitted) const {
    const Index p = problem_.parameters();
    double squares = 0;
    for (Index j = 0; j < p; ++j) {
      const double off = (scores[j] - fitted.mean_scores[j]) /
                         result_.parameters[static_cast<std::size_t>(j)].sd_ratio;
      squares += off * off / static_cast<double>(p);
    }
    return std::sqrt(squares);
  }

  // The model itself at posterior draws, with fresh patients: how well does the emulator stand for
  // it, and would weighting the draws change much?
  void check_runs(const detail::FittedPosterior& fitted, const VectorXd& offset) {
    if (options_.check_points == 0) return;
    const Index p = problem_.parameters();
    const std::vector<Index> some = fitted.thinned(options_.check_points);
    std::vector<detail::Evaluation> list;
    for (std::size_t k = 0; k < some.size(); ++k) {
      for (std::size_t s = 0; s < options_.check_streams; ++s)
        list.push_back({fitted.scores.row(some[k]).head(p).transpose(),
                        {},
                        check_stream + static_cast<std::uint32_t>(k * options_.check_streams + s)});
    }
    const MatrixXd figures = evaluator_.predict("check", list);
    std::vector<double> log_weights;
    double squares = 0;
    double count = 0;
    double silent = 0;
    const auto streams = static_cast<Index>(options_.check_streams);
    for (std::size_t k = 0; k < some.size(); ++k) {
      const MatrixXd runs = figures.middleRows(static_cast<Index>(k) * streams, streams);
      const VectorXd mean = runs.colwise().mean().transpose();
      const VectorXd fresh = mean + offset;
      if (!fresh.allFinite()) {
        log_weights.push_back(-std::numeric_limits<double>::infinity());
        ++silent;
        continue;
      }
      const VectorXd emulated = fitted.density.figures(fitted.draws.row(some[k]).transpose());
      const VectorXd between = fitted.scores.row(some[k]).tail(problem_.between()).transpose();
      log_weights.push_back(problem_.log_likelihood(fresh, between, nullptr, nullptr) -
                            problem_.log_likelihood(emulated, between, nullptr, nullptr));
      // Less what the mean of a few patient sets scatters: that is no error of the emulator.
      VectorXd square = (fresh - emulated).cwiseAbs2();
      if (streams > 1)
        square -= (runs.rowwise() - mean.transpose()).colwise().squaredNorm().transpose() /
                  static_cast<double>(streams * (streams - 1));
      for (const detail::StudyFigures& study : problem_.studies()) {
        squares +=
            square.segment(study.first, study.size()).cwiseQuotient(study.size_variance).sum();
        count += static_cast<double>(study.size());
      }
    }
    const WeightDiagnostics weights = diagnose_weights(log_weights);
    gate("share of fresh runs without figures", silent / static_cast<double>(some.size()), 0.02);
    gate("error of the emulator in sampling errors",
         std::sqrt(std::max(squares, 0.0) / std::max(count, 1.0)), 0.15);
    gate("effective share of fresh runs", weights.effective_share, 0.2, true);
    gate("Pareto k of fresh runs", weights.pareto_k, 0.7);
    if (weights.effective_share >= alike) result_.gates.back().untested = "weights hardly differ";
  }

  void check_chains() {
    double worst_r_hat = 0;
    double least = 1e300;
    for (const auto* list : {&result_.parameters, &result_.between}) {
      for (const Identification& one : *list) {
        worst_r_hat = std::max(worst_r_hat, one.r_hat);
        least = std::min(least, one.effective_size);
      }
    }
    gate("largest split R-hat", worst_r_hat, 1.01);
    gate("smallest effective sample size", least, 1000, true);
  }

  const TargetModel& model_;
  const CalibrationOptions& options_;
  detail::Evaluator evaluator_;
  detail::Problem problem_;
  detail::DesignRuns runs_;
  CalibrationResult result_;
};

}  // namespace

CalibrationResult calibrate(const TargetModel& model, const CalibrationOptions& options) {
  return Calibration(model, options).run();
}

}  // namespace npcsim
