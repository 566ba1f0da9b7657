#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/table.hpp>
#include <npcsim/cli/commands/emulation_text.hpp>
#include <npcsim/cli/commands/text_layout.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace npcsim {
namespace {

// Parameters without firm data, those that move most figures; the page has all.
constexpr std::size_t most_named = 10;

std::string number(double value) { return std::isnan(value) ? "" : rounded(value, 3); }

// What is predicted of a figure: only a median can be "not reached".
std::string predicted_number(const Figure& figure, double value) {
  if (!std::isinf(value)) return number(value);
  if (figure.statistic == Statistic::median) return "not reached";
  if (figure.statistic == Statistic::difference) return value > 0 ? "above any" : "below any";
  return "infinite";
}

// A printed number to its last digit; a share that was printed as a count has too many.
std::string as_printed(double value) {
  const std::string text = shortest(value);
  return text.size() > 8 ? number(value) : text;
}

std::string mark(const ComparedFigure& row, const Footings& footings) {
  std::string out = row.inside95 ? "" : "outside";
  if (!names_of(footings, row.figure, Footing::prior_only).empty()) {
    out += " *";
  } else if (!names_of(footings, row.figure, Footing::weak).empty()) {
    out += " +";
  }
  return out;
}

std::string figures_text(const EmulationSet& set, const std::vector<ComparedFigure>& rows,
                         const Footings& footings) {
  std::vector<std::vector<std::string>> lines{
      {"figure", "published", "95 % interval", "predicted", "95 % interval", "z", ""}};
  for (const ComparedFigure& row : rows) {
    const Figure& figure = set.figure(row.figure);
    const auto text = [&](double value) { return predicted_number(figure, value); };
    lines.push_back({figure.id, published_text(figure), interval_text(figure), text(row.predicted),
                     text(row.predicted_low95) + " to " + text(row.predicted_high95), number(row.z),
                     mark(row, footings)});
  }
  return aligned(lines);
}

// Figures without a row in the table, with the reason.
std::string missing_text(const EmulationSet& set, const std::vector<ComparedFigure>& rows) {
  const std::set<std::string> simulated = compared_ids(set, rows);
  std::string out;
  for (std::size_t f = 0; f < set.figures(); ++f) {
    // Another emulation of the publication may simulate it.
    if (simulated.contains(set.figure(f).id)) continue;
    const std::string why = why_not_simulated(set.figure(f), false);
    if (!why.empty()) out += wrapped(set.figure(f).id + ": " + why, 2, 100);
  }
  return out.empty() ? out : "not simulated:\n" + out;
}

// What is unclear about running trials; doubts about published figures are on the page.
std::string doubts_text(const EmulationSet& set, const Evidence& evidence) {
  std::string out;
  for (const EmulatedStudy& study : set.studies()) {
    const RunningTrial* trial = find(evidence.trials, study.document().trial.text);
    if (trial != nullptr && !trial->doubt.empty())
      out += wrapped(study.document().name + ": " + trial->doubt, 2, 100);
  }
  return out.empty() ? out : "in doubt:\n" + out;
}

// Figures that some of the simulated studies do not have; the others alone are compared.
std::string undefined_text(const EmulationSet& set, const std::vector<ComparedFigure>& rows) {
  std::string out;
  for (const ComparedFigure& row : rows) {
    if (row.undefined_share > 0)
      out += (out.empty() ? "" : ", ") + set.figure(row.figure).id + " (" +
             rounded(100 * row.undefined_share, 3) + " %)";
  }
  return out.empty()
             ? out
             : wrapped("without a value in some simulated studies, which are left out: " + out, 0,
                       100);
}

// How many of some published figures lie inside their intervals.
struct Inside {
  std::size_t figures = 0;
  std::size_t in95 = 0;
  std::size_t in50 = 0;

  void add(const ComparedFigure& row) {
    ++figures;
    if (row.inside95) ++in95;
    if (row.inside50) ++in50;
  }
  std::string words() const {
    const auto share = [&](std::size_t count) {
      return std::to_string(count) + " (" +
             rounded(100.0 * static_cast<double>(count) / static_cast<double>(figures), 3) + " %)";
    };
    return share(in95) + " lie inside the 95 % interval, " + share(in50) +
           " inside the 50 % interval\n";
  }
};

std::string counts_text(const EmulationSet& set, const std::vector<ComparedFigure>& rows,
                        const SeenFigures& seen) {
  Inside published;
  Inside unseen;
  std::size_t shown = 0;  // without a number of patients, or told by another figure
  for (const ComparedFigure& row : rows) {
    const Figure& figure = set.figure(row.figure);
    if (!figure.published) continue;
    if (figure.fitted()) {
      (seen.misses(figure) ? unseen : published).add(row);
    } else {
      ++shown;
    }
  }
  const std::string not_counted =
      shown == 0 ? ""
                 : std::to_string(shown) + (shown == 1 ? " is" : " are") +
                       " shown but not counted: see the column 'use' of figures.csv\n";
  // Two emulations of one publication share its figures out.
  std::set<std::string> all;
  bool any_published = false;
  for (std::size_t f = 0; f < set.figures(); ++f) {
    all.insert(set.figure(f).id);
    any_published = any_published || set.figure(f).published;
  }
  const std::string of_all = std::to_string(rows.size()) + " of " + std::to_string(all.size());
  if (published.figures + unseen.figures == 0)
    return any_published ? of_all + " figures simulated\n" + not_counted
                         : std::to_string(rows.size()) + " predictions\n";
  std::string out = of_all + " figures simulated";
  if (published.figures > 0)
    out += "; of " + std::to_string(published.figures) + " published ones " + published.words();
  if (unseen.figures > 0)
    out += (published.figures > 0 ? "of " : "; of ") + std::to_string(unseen.figures) +
           " that the posterior has not seen " + unseen.words();
  return out + not_counted;
}

std::string coverage_text(const Coverage& all, const Coverage& randomised) {
  const auto score = [](double value) { return std::isnan(value) ? "-" : rounded(value, 3); };
  const auto percent = [&](double share) {
    return std::isnan(share) ? "-" : score(100 * share) + " %";
  };
  std::vector<std::vector<std::string>> lines{
      {"predicted without the study itself, one vote a study", "all", "randomised"},
      {"studies", std::to_string(all.studies), std::to_string(randomised.studies)},
      {"figures", std::to_string(all.figures), std::to_string(randomised.figures)},
      {"inside the 95 % interval", percent(all.inside95), percent(randomised.inside95)},
      {"inside the 50 % interval", percent(all.inside50), percent(randomised.inside50)},
      {"median width / width from sampling alone", score(all.width_ratio),
       score(randomised.width_ratio)},
      {"mean interval score", score(all.interval_score), score(randomised.interval_score)},
      {"the same of the mean of other studies", score(all.baseline_interval_score),
       score(randomised.baseline_interval_score)}};
  return aligned(lines);
}

// "* rests on parameters that no data inform: l_share (12 figures), ..."
std::string footing_line(const Footings& footings, Footing footing, const std::string& words) {
  std::vector<const UninformedParameter*> list;
  for (const UninformedParameter& row : footings.parameters) {
    if (row.footing == footing) list.push_back(&row);
  }
  if (list.empty()) return {};
  std::stable_sort(list.begin(), list.end(),
                   [](const auto* a, const auto* b) { return a->figures > b->figures; });
  std::string out = words;
  const std::size_t named = std::min(list.size(), most_named);
  for (std::size_t i = 0; i < named; ++i) {
    out += i == 0 ? " " : ", ";
    out += list[i]->name + " (" + std::to_string(list[i]->figures) + ")";
  }
  if (named < list.size()) out += " and " + std::to_string(list.size() - named) + " others";
  return wrapped(out, 0, 100);
}

std::string footings_text(const Footings& footings) {
  return footing_line(footings, Footing::prior_only,
                      "* moved by a parameter that no data inform (figures it moves):") +
         footing_line(footings, Footing::weak,
                      "+ moved by a parameter that data inform weakly (also those with *):");
}

std::string cycles_text(const std::vector<CyclesFinding>& findings) {
  std::vector<std::vector<std::string>> lines{{"hazard ratio of death", "as if known at diagnosis",
                                               "landmark", "planned for the same patients",
                                               "as if known, no effect at all"}};
  const auto ratio = [](const LogRatio& one) { return number(std::exp(one.value)); };
  for (const CyclesFinding& finding : findings)
    lines.push_back({finding.question, ratio(finding.associational), ratio(finding.landmark),
                     ratio(finding.causal), ratio(finding.without_effect)});
  return aligned(lines);
}

std::string taken_apart_text(const EmulationSet& set, const std::vector<TakenApart>& rows) {
  std::vector<std::vector<std::string>> lines{{"hazard ratio, taken apart", "published",
                                               "simulated", "not chosen by prognosis",
                                               "chosen, no effect", "neither"}};
  const auto ratio = [](double value) { return number(std::exp(value)); };
  for (const TakenApart& row : rows) {
    const Figure& figure = set.figure(row.figure);
    lines.push_back({figure.id, figure.published ? as_printed(figure.printed.value) : "",
                     ratio(row.as_is), ratio(row.by_chance), ratio(row.no_effect),
                     ratio(row.neither)});
  }
  return aligned(lines);
}

}  // namespace

std::string published_text(const Figure& figure) {
  const PrintedFigure& printed = figure.printed;
  if (!figure.published) return "not yet";
  switch (figure.reading) {
    case FigureReading::above:
      return "> " + as_printed(printed.value);
    case FigureReading::below:
      return "< " + as_printed(printed.value);
    case FigureReading::within:
      return as_printed(printed.low) + " to " + as_printed(printed.high);
    case FigureReading::exact:
      break;
  }
  return as_printed(printed.value);
}

// "0.33 to 0.78", and the level where it is another than the heading's.
std::string interval_text(const Figure& figure) {
  const PrintedFigure& printed = figure.printed;
  if (figure.reading == FigureReading::within || !is_printed(printed.low)) return {};
  const std::string out = as_printed(printed.low) + " to " + as_printed(printed.high);
  return !is_printed(printed.level) || printed.level == 0.95
             ? out
             : out + " (" + shortest(std::round(1000 * printed.level) / 10) + " %)";
}

std::string emulation_text(const EmulationSet& set, const Evidence& evidence,
                           const ValidationResults& results) {
  std::string out = figures_text(set, results.figures, results.footings) + "\n" +
                    counts_text(set, results.figures, results.seen) +
                    undefined_text(set, results.figures) + missing_text(set, results.figures) +
                    doubts_text(set, evidence) + footings_text(results.footings);
  if (!results.without_study.empty())
    out += "\n" + coverage_text(coverage(set, results.without_study, false),
                                coverage(set, results.without_study, true));
  if (!results.taken_apart.empty()) out += "\n" + taken_apart_text(set, results.taken_apart);
  if (!results.cycles.empty()) out += "\n" + cycles_text(results.cycles);
  return out;
}

}  // namespace npcsim
