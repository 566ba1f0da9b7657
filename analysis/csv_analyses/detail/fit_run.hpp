// One run of npcsim fit: records, fitted models, and what is written of them.
#pragma once

#include <npcsim/csv_analyses/data_input.hpp>
#include <npcsim/csv_analyses/detail/fit_prediction.hpp>
#include <npcsim/csv_analyses/fit_analysis.hpp>
#include <npcsim/fitting/parametric_fit.hpp>
#include <npcsim/hazard/life_table.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace npcsim::detail {

/// The life table behind relative survival, and where each row stands in it.
struct BackgroundPopulation {
  LifeTable table;
  std::vector<double> age_days;      ///< [row] at time 0
  std::vector<std::size_t> stratum;  ///< [row]
  double days_per_unit = 1;

  /// Hazard per unit of time, and survival since time 0.
  double hazard(std::size_t row, double time) const;
  double survival(std::size_t row, double time) const;
};

/// Rows that one set of models is fitted to: all, or those at risk of one transition.
struct FitRecords {
  FitRecords() = default;
  FitRecords(FitRecords&&) noexcept = default;
  FitRecords& operator=(FitRecords&&) noexcept = default;
  FitRecords(const FitRecords&) = delete;
  FitRecords& operator=(const FitRecords&) = delete;
  ~FitRecords() = default;

  std::string transition;                ///< "1 -> 2"; empty without --transition
  FitData data;                          ///< views of the frame or of `own`
  std::vector<std::uint32_t> file_rows;  ///< [row] of the file
  std::vector<std::vector<double>> own;
  std::vector<std::vector<std::int32_t>> own_codes;
  std::vector<double> background;

  std::size_t rows() const { return data.records.rows(); }
  std::size_t events() const;  ///< exact or in an interval
};

/// The variance of a frailty, beside the coefficients of the conditional hazard.
struct FrailtyEstimate {
  FittedParameter variance;
  std::vector<double> covariance;  ///< of all coefficients, the frailty's last
  std::size_t clusters = 0;
};

/// Samples with replacement: coefficients on the transformed scale, those that converged only.
struct BootstrapSamples {
  std::size_t asked = 0;
  std::vector<std::vector<double>> transformed;  ///< [sample][coefficient]
};

struct FittedModel {
  ModelRequest request;
  std::size_t records = 0;  ///< which of the sets
  FitResult fit;
  /// Why there are no numbers, with the place in the file if it is one record; empty if there are.
  std::string problem;
  std::optional<FrailtyEstimate> frailty;
  std::vector<PredictionRow> predictions;
  BootstrapSamples bootstrap;
  double aic_weight = 0;
  double bic_weight = 0;

  /// Coefficients and their covariance with the frailty's, if there is one.
  std::vector<FittedParameter> parameters() const;
  const std::vector<double>& covariance() const;
  /// The data were refused before a maximum was looked for.
  bool refused() const { return !fit.converged && fit.covariance.empty(); }
};

struct FitRun {
  const FitRequest& request;
  const DataFile& file;
  std::vector<std::string> covariate_names;
  std::vector<CovariateEffect> effects;
  PredictionRows rows;
  std::optional<BackgroundPopulation> background;
  std::vector<FitRecords> records;
  std::vector<FittedModel> models;  ///< by records, then as asked
  std::vector<std::string> warnings;
  bool failed = false;
};

/// The rows of the data in sets. Nothing, and errors, if a life table lacks a patient or another
/// input is wrong. \pre the frame outlives the records.
std::optional<std::vector<FitRecords>> fit_records(const FitRequest& request, const StudyData& data,
                                                   const ModelFrame& frame,
                                                   const BackgroundPopulation* background,
                                                   const DataFile& file, Diagnostics& diagnostics);

/// Reads the life table and finds every row in it.
std::optional<BackgroundPopulation> background_population(const FitRequest& request,
                                                          const StudyData& data,
                                                          const ModelFrame& frame,
                                                          const DataFile& file,
                                                          Diagnostics& diagnostics);

/// Fits every model to every set, on as many threads as there are processors.
void fit_models(FitRun& run);
void bootstrap_models(FitRun& run);
/// [draw][coefficient] from the normal approximation, transformed scale.
std::vector<std::vector<double>> coefficient_draws(const FittedModel& model, std::size_t count,
                                                   std::uint64_t seed);
/// Models of one set of records, averaged by AIC weight; empty if none converged.
std::vector<PredictionRow> averaged_predictions(const FitRun& run, std::size_t set);

void write_fit_json(AnalysisJson& json, const FitRun& run);
std::string fit_text(const FitRun& run);
std::string draws_csv(const FitRun& run);
std::string bootstrap_csv(const FitRun& run);

/// Natural scale of a coefficient.
double natural(Transform transform, double value);
std::string_view transform_name(Transform transform);
/// Rows and events of the fit; where the data were refused, those of the data.
std::size_t rows_of(const FitRun& run, const FittedModel& model);
std::size_t events_of(const FitRun& run, const FittedModel& model);
/// "weibull", with its transition in front if there are any.
std::string full_name(const FitRun& run, const FittedModel& model);

}  // namespace npcsim::detail
