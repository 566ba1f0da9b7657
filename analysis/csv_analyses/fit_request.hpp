// What npcsim fit was asked.
#pragma once

#include <npcsim/dataset/model_frame.hpp>
#include <npcsim/hazard/baseline.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npcsim {

/// A model as a user writes it: "weibull", "piecewise:12:24", "cure_mixture_spline_hazard:2".
struct ModelRequest {
  std::string text;  ///< as written; key "model" of the results
  Family family = Family::weibull;
  Cure cure = Cure::none;
  std::vector<double> change_times;  ///< piecewise
  /// Piecewise without times: their number (0 to 5, at quantiles of the event times) is chosen by
  /// the smallest BIC.
  bool choose_changes = false;
  int inner_knots = 0;  ///< splines
};

/// Reads one model. Nothing, and an explanation, if there is no such model or its numbers are
/// wrong.
std::optional<ModelRequest> parse_model(const std::string& text, std::string& problem);

/// Whether both are the same model, under whatever names.
bool same_model(const ModelRequest& one, const ModelRequest& other);

/// Whether terms can be put on the parameter: a name of its family ("rate_0" and further numbers
/// where it repeats), or theta, if some are cured.
bool has_parameter(const ModelRequest& model, std::string_view name);

/// The models that "all" stands for.
std::vector<std::string> usual_models();

/// What can be predicted.
enum class PredictionKind : std::uint8_t {
  survival,  ///< S(at)
  hazard,    ///< h(at) per unit of time
  cumhaz,    ///< H(at)
  quantile,  ///< the time by which the share `at` has had the event
  median,    ///< of the time to the event; no `at`
  mean,      ///< no `at`; infinite if some never have the event
  rmst       ///< mean of min(time, at)
};
std::optional<PredictionKind> find_prediction(std::string_view name);
std::string_view prediction_name(PredictionKind kind);
/// Whether it is a number for each time of --at.
bool needs_at(PredictionKind kind);

/// Clock of multi-state models: time since the beginning, or since the state was entered.
enum class FitClock : std::uint8_t { forward, reset };

struct FitRequest {
  DataRoles roles;
  std::vector<ModelRequest> models;
  /// Terms on other parameters than the location: {"shape", "group"}.
  std::vector<std::pair<std::string, std::string>> on;

  std::vector<PredictionKind> predict;
  std::vector<double> at;
  bool average = false;  ///< model-averaged predictions, by AIC weights

  /// Relative survival: a column with the hazard of the background population at the end of
  /// follow-up, per unit of time, ...
  std::string background;
  /// ... or a life table with columns for its look-up; age in years at time 0.
  std::string life_table_path;
  std::string age;
  std::string sex;
  std::string year;

  std::string frailty;  ///< column of clusters that share a gamma frailty
  std::string subject;  ///< column of subjects whose start-stop rows follow each other
  std::vector<std::string> transition;  ///< columns from, to of multi-state data
  FitClock clock = FitClock::forward;

  std::size_t bootstrap = 0;
  std::size_t draws = 0;
  std::uint64_t seed = 1;
  std::string time_unit;  ///< days, months or years; needed for hazard blocks and life tables
  bool hazard_block = false;
  std::string process = "event";  ///< name of the process that a hazard block belongs to
  std::string source;             ///< citation for the hazard block
  bool page = false;
  double horizon = 0;  ///< of the page; 0: twice the follow-up
};

}  // namespace npcsim
