// The page of a validation, filled from its results.
#pragma once

#include <npcsim/report/validation_page.hpp>
#include <npcsim/validation/coverage.hpp>
#include <npcsim/validation/cycles.hpp>
#include <npcsim/validation/footing.hpp>
#include <npcsim/validation/taken_apart.hpp>
#include <npcsim/validation/validation_tables.hpp>

#include <vector>

namespace npcsim {

struct ValidationResults {
  std::vector<ComparedFigure> figures;
  std::vector<StudyAnalyses> analyses;
  std::vector<CyclesFinding> cycles;
  std::vector<TakenApart> taken_apart;
  std::vector<StudyFreePrediction> without_study;  ///< empty: not known
  Footings footings;
  SeenFigures seen;  ///< by the posterior
  std::vector<PageScenario> scenarios;
};

/// Everything of the page but its head.
ValidationPageData validation_page_data(const EmulationSet& set, const Evidence& evidence,
                                        const ValidationResults& results);

}  // namespace npcsim
