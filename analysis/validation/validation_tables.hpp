// The tables that validate and run write for emulated studies.
#pragma once

#include <npcsim/base/table.hpp>
#include <npcsim/validation/compared_figures.hpp>
#include <npcsim/validation/coverage.hpp>
#include <npcsim/validation/cycles.hpp>
#include <npcsim/validation/footing.hpp>
#include <npcsim/validation/seen_figures.hpp>
#include <npcsim/validation/taken_apart.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace npcsim {

/// Why there is no prediction of a figure; empty if there is one. `compared`: a row of
/// compare_figures is its.
std::string why_not_simulated(const Figure& figure, bool compared);

/// What the evidence says is wrong with a published figure, or unclear about the running trial that
/// a prediction is of; may be empty.
std::string doubt_about(const Evidence& evidence, const EmulatedStudy& study, const Figure& figure);

/// One row a figure, natural units, whether or not the model can say it, with the parameters
/// without firm data that it rests on and the doubt of the evidence. `seen`: by the posterior.
Table figures_table(const EmulationSet& set, const Evidence& evidence,
                    const std::vector<ComparedFigure>& rows, const Footings& footings,
                    const SeenFigures& seen);

/// Analyses of one study.
struct StudyAnalyses {
  std::size_t study = 0;
  std::vector<ContrastAnalyses> contrasts;
};

/// One row an analysis: what was published, what the same analysis of the model's patients shows,
/// three better analyses, and the truth.
Table analyses_table(const EmulationSet& set, const std::vector<StudyAnalyses>& studies);

/// One row an analysis of a ratio that is taken apart: published, and as published in four worlds.
Table taken_apart_table(const EmulationSet& set, const std::vector<TakenApart>& rows);

/// One row an analysis of the cycles that were received.
Table cycles_table(const std::vector<CyclesFinding>& findings);

/// Two rows: predictions without the study itself, of all designs and of randomised studies; none
/// if there are no predictions.
Table coverage_table(const EmulationSet& set, const std::vector<StudyFreePrediction>& predictions);

/// The published ratio that an analysis of this contrast repeats, the other way round where the
/// paper has it so; or nothing.
std::optional<PrintedFigure> published_ratio(const EmulationSet& set, std::size_t study,
                                             const ContrastAnalyses& contrast);

/// "months", "fraction", "ratio" or "difference".
std::string unit_of(const Figure& figure);

}  // namespace npcsim
