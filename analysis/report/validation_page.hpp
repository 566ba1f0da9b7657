// The page of published figures beside what the model predicts for studies of their size, of the
// biases that published analyses carry, and of structural scenarios.
#pragma once

#include <npcsim/report/page_head.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace npcsim {

/// What a number is, and with it the axis it is drawn on: ratios on a logarithmic one, shares in
/// per cent.
enum class PageMeasure : std::uint8_t {
  months,      ///< a time
  share,       ///< 0 to 1
  ratio,       ///< > 0; 1 is no difference
  difference,  ///< 0 is no difference; in the unit of the row, "share" for per cent points
};

/// How the published number bounds the truth.
enum class PageReading : std::uint8_t {
  exact,
  above,   ///< more than `published.value`, e.g. a median that was not reached
  below,   ///< less than `published.value`
  within,  ///< from `published.low` to `published.high`
};

/// What calibration does with a published figure.
enum class PageUse : std::uint8_t {
  fitted,
  not_seen,       ///< predicted by a posterior that does not know it
  left_out,       ///< predicted, but not fitted: the row says why
  shown_only,     ///< predicted; nothing could be fitted, e.g. no precision is known
  not_yet,        ///< predicted; nothing is published, as of a running trial
  not_simulated,  ///< the model has no such quantity: the row says why
};

/// The predictive distribution of a figure: the same statistic in studies of the same size. An end
/// may be infinite: a median that is not reached, a ratio without events in one arm.
struct PagePrediction {
  PageEstimate estimate;        ///< median and 95 % interval
  std::optional<double> low50;  ///< ends of the 50 % interval
  std::optional<double> high50;
};

/// One published figure. Numbers are in natural units: months, shares from 0 to 1, ratios.
struct PageFigure {
  std::string id;      ///< unique; used in the table and in downloads
  std::string study;   ///< heading above the figures of one study
  std::string group;   ///< one forest plot each; groups keep the order in which they occur
  std::string design;  ///< randomised, retrospective, ...
  std::string statistic;
  std::string endpoint;
  std::optional<double> at_months;
  std::string of;  ///< arm ("GP") or contrast ("GP + PD-1 v GP")
  PageMeasure measure = PageMeasure::months;
  std::string unit;  ///< of a difference; else ignored
  PageReading reading = PageReading::exact;
  PageEstimate published;
  PagePrediction predicted;  ///< empty if not simulated
  std::optional<double> z;   ///< (published - mean) / sd of the prediction, on a near normal scale
  bool inside95 = false;     ///< the published value, or what its bound allows, lies inside
  bool inside50 = false;
  PageUse use = PageUse::fitted;
  std::string reason;  ///< of left_out and not_simulated
  std::string doubt;   ///< what is wrong with the published number; may be empty
  /// Parameters that move the prediction and that no data, or only weak data, inform: names
  /// separated by spaces.
  std::string rests_on_prior_only;
  std::string rests_on_weak;
};

/// A parameter without firm data on which predictions rest.
struct PageFooting {
  std::string parameter;
  std::string meaning;
  bool prior_only = false;         ///< no data inform it; else weak ones do
  std::optional<double> sd_ratio;  ///< posterior / prior standard deviation; empty: not fitted
  std::string identified;          ///< by what, in the words of the model
  std::size_t figures = 0;         ///< how many rest on it
};

/// One published comparison, analysed in the model as its authors did and in better ways, beside
/// what treatment does to the same virtual patients. Hazard ratios.
struct PageBiasRow {
  std::string study;
  std::string contrast;
  std::string endpoint;
  PageEstimate published;
  PageEstimate as_published;    ///< the authors' analysis of simulated patients
  PageEstimate landmark;        ///< of those who live at a landmark
  PageEstimate time_dependent;  ///< treatment as a covariate that begins when it is given
  PageEstimate weighted;        ///< weighted by the chance of treatment
  PageEstimate truth;           ///< the treated patients, with treatment and without
};

struct PageBiasGroup {
  std::string title;
  std::string sentence;  ///< plain words: what the group shows
  std::vector<PageBiasRow> rows;
};

/// What "patients who received more cycles lived longer" says, and what it says in a model in which
/// cycles do nothing. Hazard ratios of more against fewer.
struct PageCyclesFinding {
  std::string question;
  PageEstimate associational;
  PageEstimate landmark;
  PageEstimate causal;                        ///< more cycles given to the same patients
  PageEstimate associational_without_effect;  ///< the same analysis where cycles have no effect
};

/// A published hazard ratio of treatment that was chosen, analysed as published in four worlds.
struct PageTakenApart {
  std::string study;
  std::string contrast;
  std::string endpoint;
  PageEstimate published;
  PageEstimate as_published;
  PageEstimate by_chance;  ///< treatment works, and is given without a look at the patient
  PageEstimate no_effect;  ///< it is chosen as it was, and does nothing
  PageEstimate neither;    ///< what is left: immortal time, groups made of later events
};

/// How often predictions made from the other studies alone hold the published number. One vote a
/// study.
struct PageCoverage {
  std::string of;  ///< which studies
  std::size_t studies = 0;
  std::size_t figures = 0;
  std::optional<double> inside95;  ///< share
  std::optional<double> inside50;
  std::optional<double> width_ratio;  ///< width of the interval / width from the study's size alone
  std::optional<double> interval_score;           ///< mean; less is better
  std::optional<double> baseline_interval_score;  ///< of the mean of other studies' same figures
};

/// A result under another structure of the model.
struct PageScenario {
  std::string scenario;
  std::string statistic;  ///< one figure each, e.g. "OS difference of LRRT at 60 months"
  std::string unit;       ///< "share" for per cent points
  std::optional<double> value;
  std::optional<double> base;  ///< the same for all rows of a statistic
};

/// All other counts on the page (figures, simulated, fitted, inside, by group) are taken from
/// `figures`.
struct ValidationPageData {
  PageHead head;  ///< facts name the model and "base case values" or the posterior used
  std::vector<PageFigure> figures;
  std::vector<PageCoverage> without_study;
  std::vector<PageFooting> footings;
  std::vector<PageBiasGroup> bias;
  std::vector<PageCyclesFinding> cycles;
  std::vector<PageTakenApart> taken_apart;
  std::vector<PageScenario> scenarios;
};

/// The complete page; a part that is empty leaves its section out. \throws std::invalid_argument
/// without a title.
[[nodiscard]] std::string validation_page(const ValidationPageData& data);

/// The data of that page as described in DATA.md.
[[nodiscard]] std::string validation_page_json(const ValidationPageData& data);

}  // namespace npcsim
