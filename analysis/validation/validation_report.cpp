#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/validation/validation_report.hpp>

#include <cmath>
#include <map>

namespace npcsim {
namespace {

PageEstimate ratio(const LogRatio& log_ratio) {
  PageEstimate out;
  if (std::isnan(log_ratio.value)) return out;
  out.value = std::exp(log_ratio.value);
  if (log_ratio.se > 0) {
    out.low = std::exp(log_ratio.value - z_95 * log_ratio.se);
    out.high = std::exp(log_ratio.value + z_95 * log_ratio.se);
  }
  return out;
}

std::optional<double> known(double number) {
  return std::isnan(number) ? std::nullopt : std::optional<double>(number);
}

PageEstimate as_printed(const PrintedFigure& printed) {
  return {known(printed.value), known(printed.low), known(printed.high)};
}

PageMeasure measure_of(const Figure& figure) {
  if (figure.statistic == Statistic::median) return PageMeasure::months;
  if (figure.statistic == Statistic::hazard_ratio) return PageMeasure::ratio;
  if (figure.statistic == Statistic::difference) return PageMeasure::difference;
  return PageMeasure::share;
}

PageReading reading_of(const Figure& figure) {
  switch (figure.reading) {
    case FigureReading::above:
      return PageReading::above;
    case FigureReading::below:
      return PageReading::below;
    case FigureReading::within:
      return PageReading::within;
    case FigureReading::exact:
      break;
  }
  return PageReading::exact;
}

std::string group_of(const EmulatedStudy& study, const Figure& figure) {
  if (!figure.published) return "Running trials";
  if (figure.kind == EvidenceKind::cohort_description) return "Who was in the studies";
  if (figure.statistic == Statistic::response_rate || figure.statistic == Statistic::toxicity_rate)
    return "Response and toxicity";
  if (study.design() == "randomised") return "Randomised trials";
  if (study.design() == "single_arm") return "Single-arm studies";
  return figure.confounded ? "Retrospective comparisons" : "Retrospective cohorts and classes";
}

PageUse use_of(const Figure& figure, bool compared, const SeenFigures& seen, std::string& reason) {
  reason = why_not_simulated(figure, compared);
  if (!reason.empty()) return PageUse::not_simulated;
  if (!figure.published) return PageUse::not_yet;
  if (!figure.left_out.empty()) {
    reason = figure.left_out;
    return PageUse::left_out;
  }
  if (seen.misses(figure)) return PageUse::not_seen;
  return figure.fitted() ? PageUse::fitted : PageUse::shown_only;
}

// Of a share of patients the endpoint says nothing and the id all: "study_share_liver".
std::string endpoint_of(const Figure& figure) {
  if (figure.endpoint != "prevalence") return figure.endpoint;
  static const std::string mark = "_share_";
  const auto at = figure.id.find(mark);
  return at == std::string::npos ? figure.endpoint : figure.id.substr(at + mark.size());
}

PageFigure page_figure(const EmulatedStudy& study, const Figure& figure, const Evidence& evidence,
                       const ComparedFigure* row, const ValidationResults& results,
                       std::size_t at) {
  PageFigure out;
  out.id = figure.id;
  out.study = study.document().title;
  out.group = group_of(study, figure);
  out.design = study.design();
  out.statistic = std::string(word(figure.statistic));
  out.endpoint = endpoint_of(figure);
  if (figure.at_months > 0) out.at_months = figure.at_months;
  out.of = figure.against.empty() ? figure.of : figure.of + " v " + figure.against;
  out.measure = measure_of(figure);
  if (out.measure == PageMeasure::difference) out.unit = figure.at_months > 0 ? "share" : "months";
  out.reading = reading_of(figure);
  out.published = as_printed(figure.printed);
  if (row != nullptr) {
    out.predicted.estimate = {row->predicted, row->predicted_low95, row->predicted_high95};
    out.predicted.low50 = row->predicted_low50;
    out.predicted.high50 = row->predicted_high50;
    if (!std::isnan(row->z)) out.z = row->z;
    out.inside95 = row->inside95;
    out.inside50 = row->inside50;
  }
  out.use = use_of(figure, row != nullptr, results.seen, out.reason);
  out.doubt = doubt_about(evidence, study, figure);
  out.rests_on_prior_only = names_of(results.footings, at, Footing::prior_only);
  out.rests_on_weak = names_of(results.footings, at, Footing::weak);
  return out;
}

PageBiasRow bias_row(const EmulationSet& set, std::size_t study, const ContrastAnalyses& contrast) {
  PageBiasRow out;
  out.study = set.studies()[study].document().title;
  out.contrast = contrast.of + " v " + contrast.against;
  out.endpoint = contrast.endpoint;
  if (const auto published = published_ratio(set, study, contrast))
    out.published = as_printed(*published);
  out.as_published = ratio(contrast.as_published);
  out.landmark = ratio(contrast.landmark);
  out.time_dependent = ratio(contrast.time_dependent);
  out.weighted = ratio(contrast.weighted);
  out.truth = ratio(contrast.truth);
  return out;
}

PageTakenApart apart_row(const EmulationSet& set, const TakenApart& row) {
  const Figure& figure = set.figure(row.figure);
  PageTakenApart out;
  out.study = set.studies()[row.study].document().title;
  out.contrast = figure.of + " v " + figure.against;
  out.endpoint = figure.endpoint;
  out.published = as_printed(figure.printed);
  out.as_published = ratio({row.as_is, 0});
  out.by_chance = ratio({row.by_chance, 0});
  out.no_effect = ratio({row.no_effect, 0});
  out.neither = ratio({row.neither, 0});
  return out;
}

PageCoverage page_coverage(const char* of, const Coverage& coverage) {
  return {of,
          coverage.studies,
          coverage.figures,
          known(coverage.inside95),
          known(coverage.inside50),
          known(coverage.width_ratio),
          known(coverage.interval_score),
          known(coverage.baseline_interval_score)};
}

}  // namespace

ValidationPageData validation_page_data(const EmulationSet& set, const Evidence& evidence,
                                        const ValidationResults& results) {
  ValidationPageData out;
  std::map<std::size_t, const ComparedFigure*> rows;
  for (const ComparedFigure& row : results.figures) rows[row.figure] = &row;
  const std::set<std::string> simulated = compared_ids(set, results.figures);
  for (std::size_t f = 0; f < set.figures(); ++f) {
    // What another emulation of the publication simulates has its row there.
    if (rows.find(f) == rows.end() && simulated.contains(set.figure(f).id)) continue;
    std::size_t s = 0;
    while (s + 1 < set.studies().size() && set.first_figure(s + 1) <= f) ++s;
    const auto found = rows.find(f);
    out.figures.push_back(page_figure(set.studies()[s], set.figure(f), evidence,
                                      found == rows.end() ? nullptr : found->second, results, f));
  }
  if (!results.without_study.empty()) {
    out.without_study = {page_coverage("all designs", coverage(set, results.without_study, false)),
                         page_coverage("randomised", coverage(set, results.without_study, true))};
  }
  for (const UninformedParameter& row : results.footings.parameters) {
    out.footings.push_back({row.name, row.meaning, row.footing == Footing::prior_only, row.sd_ratio,
                            row.identified, row.figures});
  }
  out.scenarios = results.scenarios;
  PageBiasGroup group;
  group.title = "Treatment that was chosen";
  group.sentence =
      "Each study is simulated with treatment chosen as physicians chose it. The first analysis "
      "repeats the paper's: whoever was ever treated against whoever was never, from diagnosis. "
      "The last is the effect itself in the treated: the same virtual patients with treatment and "
      "without.";
  for (const StudyAnalyses& study : results.analyses) {
    for (const ContrastAnalyses& contrast : study.contrasts)
      group.rows.push_back(bias_row(set, study.study, contrast));
  }
  if (!group.rows.empty()) out.bias.push_back(std::move(group));
  for (const TakenApart& row : results.taken_apart) out.taken_apart.push_back(apart_row(set, row));
  for (const CyclesFinding& finding : results.cycles) {
    out.cycles.push_back({finding.question, ratio(finding.associational), ratio(finding.landmark),
                          ratio(finding.causal), ratio(finding.without_effect)});
  }
  return out;
}

}  // namespace npcsim
