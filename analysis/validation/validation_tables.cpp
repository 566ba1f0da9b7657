#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/validation/validation_tables.hpp>

#include <cmath>
#include <limits>
#include <map>

namespace npcsim {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

std::string reading_word(const Figure& figure) {
  if (!figure.published) return "not yet";
  switch (figure.reading) {
    case FigureReading::exact:
      return "value";
    case FigureReading::above:
      return "above";
    case FigureReading::below:
      return "below";
    case FigureReading::within:
      return "range";
  }
  return {};
}

std::string use_of(const Figure& figure, bool compared, const SeenFigures& seen) {
  const std::string why = why_not_simulated(figure, compared);
  if (!why.empty()) return "not simulated: " + why;
  if (!figure.published) return "predicted";
  if (!figure.left_out.empty()) return "left out: " + figure.left_out;
  if (seen.misses(figure)) return "not seen by the posterior";
  return figure.fitted() ? "fitted" : "shown: no number of patients is known";
}

PrintedFigure natural(const LogRatio& ratio) {
  const double half = ratio.se > 0 ? z_95 * ratio.se : undefined;
  return {std::exp(ratio.value), std::exp(ratio.value - half), std::exp(ratio.value + half), 0.95};
}

// Columns are filled row by row and put into the table at the end.
class Rows {
 public:
  void text(const std::string& column, std::string value) {
    texts_[index(column)].push_back(std::move(value));
  }
  void number(const std::string& column, double value) { numbers_[index(column)].push_back(value); }
  Table table(std::string name) {
    Table out;
    out.name = std::move(name);
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (const auto found = texts_.find(i); found != texts_.end()) {
        out.add_texts(order_[i]).cells = std::move(found->second);
      } else {
        out.add_numbers(order_[i], "").cells = std::move(numbers_[i]);
      }
    }
    return out;
  }

 private:
  std::size_t index(const std::string& column) {
    const auto [at, added] = known_.emplace(column, order_.size());
    if (added) order_.push_back(column);
    return at->second;
  }
  std::vector<std::string> order_;
  std::map<std::string, std::size_t> known_;
  std::map<std::size_t, std::vector<std::string>> texts_;
  std::map<std::size_t, std::vector<double>> numbers_;
};

void add_published(const Figure& figure, const ComparedFigure* row, Rows& rows) {
  rows.text("printed_as", reading_word(figure));
  rows.number("published", figure.printed.value);
  rows.number("published_low", figure.printed.low);
  rows.number("published_high", figure.printed.high);
  rows.number("n", figure.n > 0 ? figure.n : undefined);
  rows.number("predicted", row == nullptr ? undefined : row->predicted);
  rows.number("predicted_lo95", row == nullptr ? undefined : row->predicted_low95);
  rows.number("predicted_hi95", row == nullptr ? undefined : row->predicted_high95);
  rows.number("predicted_lo50", row == nullptr ? undefined : row->predicted_low50);
  rows.number("predicted_hi50", row == nullptr ? undefined : row->predicted_high50);
  rows.number("undefined_share", row == nullptr ? undefined : row->undefined_share);
  rows.number("z", row == nullptr ? undefined : row->z);
  const bool judged = row != nullptr && figure.published;
  rows.text("inside95", judged ? (row->inside95 ? "yes" : "no") : "");
  rows.text("inside50", judged ? (row->inside50 ? "yes" : "no") : "");
}

}  // namespace

std::string unit_of(const Figure& figure) {
  if (figure.statistic == Statistic::median) return "months";
  if (figure.statistic == Statistic::hazard_ratio) return "ratio";
  if (figure.statistic == Statistic::difference)
    return figure.of_fractions || figure.at_months > 0 ? "difference of fractions"
                                                       : "difference in months";
  return "fraction";
}

std::string why_not_simulated(const Figure& figure, bool compared) {
  if (!figure.not_simulated.empty() || compared) return figure.not_simulated;
  return "no simulated study shows it: nobody is in its groups, or nobody has the event";
}

std::string doubt_about(const Evidence& evidence, const EmulatedStudy& study,
                        const Figure& figure) {
  if (const Target* target = find(evidence.targets, figure.id)) return target->doubt;
  const RunningTrial* trial = find(evidence.trials, study.document().trial.text);
  return trial == nullptr ? std::string() : trial->doubt;
}

Table figures_table(const EmulationSet& set, const Evidence& evidence,
                    const std::vector<ComparedFigure>& rows, const Footings& footings,
                    const SeenFigures& seen) {
  std::map<std::size_t, const ComparedFigure*> by_figure;
  for (const ComparedFigure& row : rows) by_figure[row.figure] = &row;
  Rows out;
  for (std::size_t s = 0; s < set.studies().size(); ++s) {
    const EmulatedStudy& study = set.studies()[s];
    for (std::size_t f = 0; f < study.figures(); ++f) {
      const Figure& figure = study.figure(f);
      const auto found = by_figure.find(set.first_figure(s) + f);
      out.text("study", study.document().name);
      out.text("design", study.design());
      out.text("figure", figure.id);
      out.text("of", figure.of);
      out.text("against", figure.against);
      out.text("endpoint", figure.endpoint);
      out.text("statistic", std::string(word(figure.statistic)));
      out.number("at_months", figure.at_months > 0 ? figure.at_months : undefined);
      out.text("unit", unit_of(figure));
      add_published(figure, found == by_figure.end() ? nullptr : found->second, out);
      out.text("use", use_of(figure, found != by_figure.end(), seen));
      const std::size_t at = set.first_figure(s) + f;
      out.text("rests_on_prior_only", names_of(footings, at, Footing::prior_only));
      out.text("rests_on_weak", names_of(footings, at, Footing::weak));
      out.text("doubt", doubt_about(evidence, study, figure));
    }
  }
  return out.table("figures");
}

std::optional<PrintedFigure> published_ratio(const EmulationSet& set, std::size_t study,
                                             const ContrastAnalyses& contrast) {
  const EmulatedStudy& emulated = set.studies()[study];
  for (std::size_t f = 0; f < emulated.figures(); ++f) {
    const Figure& figure = emulated.figure(f);
    if (figure.statistic != Statistic::hazard_ratio ||
        emulated.model_endpoint(f) != contrast.endpoint)
      continue;
    const PrintedFigure& printed = figure.printed;
    if (figure.of == contrast.of && figure.against == contrast.against) return printed;
    if (figure.of == contrast.against && figure.against == contrast.of)
      return PrintedFigure{1 / printed.value, 1 / printed.high, 1 / printed.low, printed.level};
  }
  return std::nullopt;
}

Table analyses_table(const EmulationSet& set, const std::vector<StudyAnalyses>& studies) {
  Rows out;
  for (const StudyAnalyses& study : studies) {
    for (const ContrastAnalyses& contrast : study.contrasts) {
      const auto add = [&](const char* analysis, const PrintedFigure& ratio) {
        out.text("study", set.studies()[study.study].document().name);
        out.text("of", contrast.of);
        out.text("against", contrast.against);
        out.text("endpoint", contrast.endpoint);
        out.text("analysis", analysis);
        out.number("hazard_ratio", ratio.value);
        out.number("lo95", ratio.low);
        out.number("hi95", ratio.high);
        out.number("landmark_months", contrast.landmark_months);
        out.number("patients", static_cast<double>(contrast.patients));
        out.number("share_of", contrast.share_of);
      };
      if (const auto published = published_ratio(set, study.study, contrast))
        add("published", *published);
      add("as published, simulated", natural(contrast.as_published));
      add("landmark", natural(contrast.landmark));
      add("landmark, weighted", natural(contrast.weighted));
      add("time-dependent", natural(contrast.time_dependent));
      add("truth", natural(contrast.truth));
    }
  }
  return out.table("analyses");
}

Table taken_apart_table(const EmulationSet& set, const std::vector<TakenApart>& rows) {
  Rows out;
  for (const TakenApart& row : rows) {
    const Figure& figure = set.figure(row.figure);
    const auto add = [&](const char* analysis, double ratio) {
      out.text("study", set.studies()[row.study].document().name);
      out.text("figure", figure.id);
      out.text("of", figure.of);
      out.text("against", figure.against);
      out.text("endpoint", figure.endpoint);
      out.text("analysis", analysis);
      out.number("hazard_ratio", ratio);
    };
    if (figure.published) add("published", figure.printed.value);
    add("as published, simulated", std::exp(row.as_is));
    add("not chosen by prognosis", std::exp(row.by_chance));
    add("chosen, no effect", std::exp(row.no_effect));
    add("neither", std::exp(row.neither));
  }
  return out.table("taken_apart");
}

Table cycles_table(const std::vector<CyclesFinding>& findings) {
  Rows out;
  for (const CyclesFinding& finding : findings) {
    const auto add = [&](const char* analysis, const LogRatio& log_ratio) {
      const PrintedFigure ratio = natural(log_ratio);
      out.text("question", finding.question);
      out.text("analysis", analysis);
      out.number("hazard_ratio", ratio.value);
      out.number("lo95", ratio.low);
      out.number("hi95", ratio.high);
    };
    add("as if known at diagnosis", finding.associational);
    add("landmark", finding.landmark);
    add("planned for the same patients", finding.causal);
    add("as if known, no effect at all", finding.without_effect);
  }
  return out.table("cycles");
}

Table coverage_table(const EmulationSet& set, const std::vector<StudyFreePrediction>& predictions) {
  Rows out;
  if (predictions.empty()) return out.table("coverage");
  for (const bool randomised : {false, true}) {
    const Coverage one = coverage(set, predictions, randomised);
    out.text("of", randomised ? "randomised" : "all designs");
    out.number("studies", static_cast<double>(one.studies));
    out.number("figures", static_cast<double>(one.figures));
    out.number("inside95", one.inside95);
    out.number("inside50", one.inside50);
    out.number("width_ratio", one.width_ratio);
    out.number("interval_score", one.interval_score);
    out.number("baseline_interval_score", one.baseline_interval_score);
  }
  return out.table("coverage");
}

}  // namespace npcsim
